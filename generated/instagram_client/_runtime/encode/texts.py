"""Scalars as texts, JSON, and the charsets of texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

_NONE: Mapping[str, str] = MappingProxyType({})
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


class EncodingError(ValueError):
    """A value cannot be written.

    ``argument`` is the argument or member that it was passed for, as far as that is known; ``rule`` is a name
    in kebab-case, ``message`` its sentence.
    """

    def __init__(self, rule: str, message: str, argument: str = "") -> None:
        super().__init__(rule, message, argument)
        self.rule = rule
        self.message = message
        self.argument = argument

    def __str__(self) -> str:
        return f"{self.argument}: {self.message}" if self.argument else self.message


@contextmanager
def named(argument: str, arguments: Mapping[str, str] = _NONE) -> Iterator[None]:
    """Errors within name the argument, or what they name already; that by its own argument if it has one."""
    try:
        yield
    except EncodingError as error:
        error.argument = arguments.get(error.argument, error.argument or argument)
        raise
    except UnicodeEncodeError as error:
        raise EncodingError(
            "text", f"A text has {_character(error)}, which UTF-8 lacks.", argument
        ) from None


def text_of(value: Any) -> str:
    """A scalar as a text; null is an empty one. Anything else is JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:
    """A value as JSON, in ASCII and without white space. Raises EncodingError for what JSON lacks."""
    return _json(value, in_ascii=True)


def json_bytes(value: Any) -> bytes:
    """A value as JSON in UTF-8, without white space. Raises EncodingError for what JSON lacks."""
    try:
        return _json(value, in_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise EncodingError("json", f"A text has {_character(error)}, which JSON lacks.") from None


def _json(value: Any, *, in_ascii: bool) -> str:
    try:
        return json.dumps(value, ensure_ascii=in_ascii, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise EncodingError("json", f"The value is not JSON: {error}.") from None


def encoded(text: str, media_type: str) -> bytes:
    """A text in the charset of its media type, UTF-8 where it names none.

    Raises EncodingError where that lacks a character.
    """
    match = _CHARSET.search(media_type)
    charset = match[1] if match else "utf-8"
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        raise EncodingError(
            "charset", f"The text has {_character(error)}, which {charset} lacks."
        ) from None
    except LookupError:
        raise EncodingError("charset", f"{charset} is not a charset.") from None


def _character(error: UnicodeEncodeError) -> str:
    return f"U+{ord(error.object[error.start]):04X}"
