"""Accepts JSON texts while they are decoded: schemas as types, which only ever say "certainly valid".

Nothing of a text is skipped, as a decoder skips members that it does not know: a skipped member may hide
what is no JSON. So structures forbid unknown members, and the names of those that schemas allow without
naming them are learnt from the texts that have them.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from wirecheck.spec import Document
from wirecheck.typed.checks import ValueCheck
from wirecheck.typed.translation import Translation, Validate

__all__ = ["Acceptor", "Validate"]

_LARGEST = 5_000_000  # bytes, which certainly do not have too many values
_MOST_NAMES = 32  # that are learnt before a schema is left to the engine
_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `.*)?", re.DOTALL)


class Acceptor:
    """Accepts texts by the schema at a pointer; ``validate`` decides what types do not say."""

    def __init__(self, document: Document, schema: str, validate: Validate) -> None:
        self._document = document
        self._schema = schema
        self._validate = validate
        self._names: frozenset[str] = frozenset()
        self._tier = self._compiled()

    def __call__(self, body: bytes) -> bool:
        """Whether bytes are certainly a JSON text that fits the schema; False says nothing."""
        if self._tier is None or len(body) > _LARGEST:
            return False
        decode, check = self._tier
        try:
            value = decode(body)
            return check is None or check(value)
        except msgspec.ValidationError as error:
            unknown = _UNKNOWN.fullmatch(str(error))
        except (ValueError, RecursionError):
            return False
        if unknown is None or unknown[1] in self._names or len(self._names) > _MOST_NAMES:
            return False
        self._names |= {unknown[1]}
        self._tier = self._compiled()
        return self(body)

    def _compiled(self) -> tuple[Callable[[bytes], Any], ValueCheck | None] | None:
        """What decodes a text, and what its value must fulfil; None where no value fits the schema."""
        translation = Translation(self._document, self._validate, self._names)
        roots = (self._schema,)
        typed = translation.of(roots) if len(self._names) <= _MOST_NAMES else translation.untyped(roots)
        return (msgspec.json.Decoder(typed.type).decode, typed.check) if typed else None
