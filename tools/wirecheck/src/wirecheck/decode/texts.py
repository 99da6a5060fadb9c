"""The scalars that texts are; and JSON, read strictly."""

import re
import sys
from typing import Any

import msgspec

from wirecheck.model import LimitError

_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_SCALARS = frozenset({"number", "boolean", "null"})
_STRING_OR_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]+|[\]}]+', re.DOTALL)
_STRING_OR_START = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{,]', re.DOTALL)
MAX_VALUES = 5_000_000  # of a JSON text, within each other
DEEPEST = 5000  # levels of a body; engines recurse, and their stacks overflow at about twice this depth
_LONE_SURROGATE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")


class UndecidedError(Exception):
    """Nothing says how to write a value, or what an XML document is as one, or it is no well-formed XML."""


class UndecodableError(ValueError):
    """A body does not fit its media type; the message completes "the body ..."."""


def readings(text: str, types: frozenset[str]) -> list[Any]:
    """The values that a text may represent, the likeliest first: a string wherever one is allowed."""
    typed = _scalar(text, types or _SCALARS)
    if typed == text and isinstance(typed, str):
        return [text]
    return [text, typed] if not types or "string" in types else [typed]


def _scalar(text: str, types: frozenset[str]) -> Any:
    """The text as a number, boolean or null, the first that the types allow and it spells; else itself."""
    if types & {"integer", "number"}:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text) and abs(number := float(text)) != float("inf"):
            return number
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if "null" in types and text in ("", "null"):
        return None
    return text


def json_value(body: bytes) -> Any:
    """The value of a JSON text (RFC 8259), read strictly: no NaN, no lone surrogates, no byte order mark.

    Raises UndecodableError, and LimitError for more than MAX_VALUES.
    """
    if has_many_values(body):
        raise LimitError("", f"a body has more than {MAX_VALUES:,} values")
    if body.startswith(b"\xef\xbb\xbf"):
        raise UndecodableError("begins with a byte order mark, which JSON must not have (RFC 8259, 8.1)")
    if not body.strip(b" \t\r\n"):
        raise UndecodableError("is empty")
    try:
        if _is_too_deep(body):
            raise RecursionError
        return msgspec.json.decode(body)
    except UnicodeDecodeError as error:
        raise UndecodableError(f"is not UTF-8: {error.reason} at byte {error.start} of a string") from None
    except RecursionError:
        raise UndecodableError("is nested too deeply to read") from None
    except msgspec.DecodeError as error:
        reason = (
            str(error)
            .removeprefix("JSON is malformed: ")
            .replace("Input data was truncated", "it ends too early")
        )
        if reason == "it ends too early" and _LONE_SURROGATE.search(body):
            reason = "a lone surrogate"
        if reason.startswith("Number out of range"):
            raise UndecodableError("contains a number too large to read (RFC 8259, 6)") from None
        raise UndecodableError(f"is not JSON: {reason}") from None


def has_many_values(text: bytes) -> bool:
    """Whether a JSON text has more than MAX_VALUES, as far as it is JSON."""
    if len(text) < MAX_VALUES or text.count(b",") + text.count(b"[") + text.count(b"{") < MAX_VALUES:
        return False
    starts = sum(token[0][:1] != b'"' for token in _STRING_OR_START.finditer(text))
    return starts >= MAX_VALUES


def json_or_none(text: str) -> Any:
    """The object or array that a text spells as JSON, None where it spells none."""
    if not text.lstrip(" \t\r\n").startswith(("{", "[")):
        return None
    try:
        return json_value(text.encode("utf-8", "replace"))
    except UndecodableError:
        return None


def _is_too_deep(body: bytes) -> bool:
    """Whether the brackets of a JSON text nest to more than DEEPEST levels that the decoder would follow."""
    if sys.version_info < (3, 12) and sys.getrecursionlimit() <= DEEPEST:
        return False  # the limit is that of the decoder, too
    if len(body) <= DEEPEST or body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for match in _STRING_OR_BRACKETS.finditer(body):
        first = match[0][:1]
        if first in b"[{":
            depth += len(match[0])
            if depth > DEEPEST:
                return True
        elif first in b"]}":
            depth -= len(match[0])
    return False
