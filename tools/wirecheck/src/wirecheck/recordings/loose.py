"""What formats of recordings share that are written loosely: lists, headers, texts, JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

from wirecheck.model import Headers, RecordingError
from wirecheck.recordings.window import Window

_STATUS = re.compile(r"(?:[0-9]{3}|0)(?![0-9])")


def items(window: Window, name: str, place: str) -> Iterator[Any]:
    """The values of the next array in a JSON document, called ``place``; errors name the entry."""
    for entry, _ in enumerate(window.items(place)):
        window.where = f"{name}#{entry}"
        yield window.value()


def members(source: str, value: Any, place: str) -> dict[str, Any]:
    """The members of an object, by their names in lower case; raises RecordingError where it is no object."""
    if not isinstance(value, dict):
        what = "is missing" if value is None else "is not an object"
        raise RecordingError(source, f"{place} {what}")
    return {text(name).lower(): member for name, member in value.items()}


def required(source: str, value: Any, place: str) -> str:
    """The text of a value; raises RecordingError where there is none."""
    if not (content := text(value).strip()):
        raise RecordingError(source, f"{place} is missing")
    return content


def status(source: str, value: Any, place: str) -> int:
    """The status code with which the text of a value begins, 0 for no response.

    Raises RecordingError where there is none.
    """
    if not (match := _STATUS.match(text(value).strip())):
        raise RecordingError(source, f"{place} is no status code")
    return int(match.group())


def text(value: Any) -> str:
    """A value as a text: recorders write numbers, null and bytes where others have strings."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value) if isinstance(value, int | float) else ""


def headers(value: Any) -> Headers:
    """Headers from an object of names and values, or a list of objects, pairs or lines."""
    pairs = ((text(name).strip().lower(), values) for name, values in _pairs(value))
    return tuple(
        (name, text(single).strip())
        for name, values in pairs
        for single in (values if isinstance(values, list) else [values])
        if name and single is not None
    )


def _pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    match value:
        case dict():
            yield from value.items()
        case str():
            yield from _pairs(value.splitlines())
        case list():
            for member in value:
                match member:
                    case {"disabled": True}:
                        pass
                    case {"key": name, "value": content} | {"name": name, "value": content} | [name, content]:
                        yield name, content
                    case str():
                        name, _, content = member.partition(":")
                        yield name, content


def content_type(fields: Headers) -> str:
    """The media type of a message, in lower case and without parameters; empty where it is unknown."""
    value = next((value for name, value in fields if name == "content-type"), "")
    return value.partition(";")[0].strip().lower()


def is_json(fields: Headers) -> bool:
    """Whether a message has a media type of JSON."""
    return re.search(r"[/+]json$", content_type(fields)) is not None


def as_json(value: Any) -> bytes:
    """A value that a recorder decoded, as JSON again; lone surrogates can only have been escapes."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()
