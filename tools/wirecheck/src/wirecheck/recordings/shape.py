"""Converts a decoded value into the shape that a format requires, and bears those that do not fit."""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from wirecheck.model import Exchange, RecordingError

_T = TypeVar("_T")

_PLACE = re.compile(r" - at `\$\.?(?P<place>.*)`$")
_WRONG_KIND = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<actual>[^`]+)`")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")

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


def tolerant(name: str, results: Iterator[Exchange | RecordingError]) -> Iterator[Exchange]:
    """The exchanges of a recording; an entry that cannot be read costs itself.

    It becomes an exchange with an ``error``, as does an error that ``results`` raise, which ends them. Raises
    the first error where nothing can be read.
    """
    first: RecordingError | None = None
    is_readable = False
    entry = 0
    try:
        for entry, result in enumerate(results):
            if isinstance(result, RecordingError):
                first = first or result
                yield _unreadable(f"{name}#{entry}", entry, result)
            else:
                is_readable = True
                yield result
    except RecordingError as error:
        first = first or error
        if is_readable:
            yield _unreadable(error.where, entry, error)
    if first is not None and not is_readable:
        raise first


def _unreadable(source: str, entry: int, error: RecordingError) -> Exchange:
    what = str(error).removeprefix(f"{source}: ")
    return Exchange(source=source, entry=entry, method="", url="", status=0, error=what)


def misfit(error: msgspec.ValidationError) -> str:
    """An error of msgspec in words: ``response.status is a string, not an integer``.

    Safe to show: it names members of the shape, and never quotes the value.
    """
    message = str(error)
    place = ""
    if at := _PLACE.search(message):
        message, place = message[: at.start()], at["place"]
    if missing := _MISSING.fullmatch(message):
        return f"{place}.{missing['name']} is missing".lstrip(".")
    if wrong := _WRONG_KIND.fullmatch(message):
        expected = [_named(kind) for kind in wrong["expected"].split(" | ") if kind != "null"]
        message = f"is {_named(wrong['actual'])}, not {' or '.join(expected)}"
        return f"{place or 'the entry'} {message}"
    return f"{place or 'the entry'}: {message}"


def _named(kind: str) -> str:
    return _KINDS.get(kind, kind)
