"""The names of the members in a JSON text; those that a document knows are recognised while it is decoded."""

import json
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

from wirecheck.masking.names import GRANT, Names
from wirecheck.masking.shapes import is_random
from wirecheck.redact.scanning import scanner

_DEEPEST = 8  # objects and arrays within one another; the type of what is deeper would take long to make
_WORTH = 1_500_000  # characters of texts that take as long to look through as what decodes them takes to make
_RANDOM = 16  # characters of a key that is a secret if it looks random
_ESCAPED = r'\\.[^"]*"[ \t\r\n]*:'  # what is behind the last escape in the name of a member


class _Name(StrEnum):
    __hash__ = str.__hash__  # that of enumerations takes much longer


class MemberNames:
    """Finds the names of members that may say something about what is secret.

    Of the ``known`` names, as ``known`` returns them, only those of secrets do.
    """

    def __init__(self, names: Names, known: Callable[[], Iterable[str]]) -> None:
        self._names = names
        self._known_names = known
        self._read = 0  # characters of texts

    def of(self, text: str) -> Iterable[str] | None:
        """The names of all members but for known ones that say nothing, None if the text is no JSON."""
        if self._are_known(text):
            return [name for name, may_be_in in self._secret.items() if may_be_in(text)]
        names = dict[str, Any]()
        try:
            json.loads(text, object_hook=names.update)
        except (ValueError, RecursionError):
            return None
        return names

    def _are_known(self, text: str) -> bool:
        """Whether a text is certainly JSON with known names alone, each written without escapes."""
        self._read += len(text)
        if self._read < _WORTH or not self._known:
            return False
        try:
            self._decode(text)
        except (ValueError, RecursionError):
            return False
        return not scanner(_ESCAPED)(text)

    @cached_property
    def _known(self) -> list[str]:
        return [name for name in self._known_names() if name not in GRANT and not is_random_key(name)]

    @cached_property
    def _secret(self) -> dict[str, Callable[[str], bool]]:
        """The known names of secrets, with what says whether they may be in a text."""
        secret = filter(self._names.with_codes.strength, self._known)
        return {name: scanner(f'"{re.escape(name)}"') for name in secret}

    @cached_property
    def _decode(self) -> Callable[[str], Any]:
        enumeration: Any = _Name  # which makes one with the members that it is called with
        name: Any = enumeration("_Known", {f"n{index}": name for index, name in enumerate(self._known)})
        value: Any = str | int | float | bool | None
        for _ in range(_DEEPEST):
            value = str | int | float | bool | None | list[value] | dict[name, value]
        return msgspec.json.Decoder(value).decode


def is_random_key(name: str) -> bool:
    """Whether the name of a member is a secret itself."""
    return len(name) >= _RANDOM and is_random(name)
