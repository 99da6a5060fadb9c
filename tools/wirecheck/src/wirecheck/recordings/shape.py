"""Converts a decoded value into the shape that a format requires, or says in words why it does not fit."""

import re
from typing import TypeVar

import msgspec

from wirecheck.model import RecordingError

_T = TypeVar("_T")

_PLACE = r" - at `\$\.?(?P<place>.*)`$"
_WRONG_KIND = "Expected `(?P<expected>[^`]+)`, got `(?P<actual>[^`]+)`"
_MISSING = "Object missing required field `(?P<name>[^`]+)`"

_KINDS = {
    "array": "an array",
    "bool": "a boolean",
    "float": "a decimal number",
    "int": "an integer",
    "object": "an object",
    "str": "a string",
}


def convert(where: str, value: object, shape: type[_T]) -> _T:
    """The value as a ``shape``; raises RecordingError where it does not fit."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise RecordingError(where, misfit(error)) from None
    except UnicodeEncodeError:
        raise RecordingError(where, "lone surrogate in the name of a member") from None


def misfit(error: msgspec.ValidationError) -> str:
    """An error of msgspec in words: ``response.status is a string, not an integer``.

    Safe to show: it names members of the shape, and never quotes the value.
    """
    message = str(error)
    place = ""
    if at := re.search(_PLACE, message):
        message, place = message[: at.start()], at["place"]
    if missing := re.fullmatch(_MISSING, message):
        return f"{place}.{missing['name']} is missing".lstrip(".")
    if wrong := re.fullmatch(_WRONG_KIND, message):
        expected = [_named(kind) for kind in wrong["expected"].split(" | ") if kind != "null"]
        message = f"is {_named(wrong['actual'])}, not {' or '.join(expected)}"
        return f"{place or 'the entry'} {message}"
    return f"{place or 'the entry'}: {message}"


def _named(kind: str) -> str:
    return _KINDS.get(kind, kind)
