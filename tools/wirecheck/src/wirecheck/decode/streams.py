"""Bodies that are a sequence of items: event streams, lines of JSON, JSON texts behind separators."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from wirecheck.decode.media_types import EVENTS, text
from wirecheck.decode.texts import UndecodableError, json_value
from wirecheck.encode.media_types import JSON_LINES, is_json_sequence

_LINE_END = re.compile("\r\n|\n|\r")
_MEMBERS = ("data", "event", "id", "retry")


class Stream(Struct, frozen=True):
    """The items of a stream. ``error`` says what ends it, ``cut`` whether it ends within an item."""

    items: tuple[Any, ...]
    error: str = ""
    cut: bool = False


def is_stream(media_type: str) -> bool:
    """Whether a body of a media type is a sequence of items."""
    return media_type == EVENTS or media_type in JSON_LINES or is_json_sequence(media_type)


def stream(body: bytes, media_type: str, content_type: str) -> Stream:
    """The items in a body of a media type for which `is_stream` is true."""
    if media_type == EVENTS:
        return _event_stream(text(body, content_type))
    separator = b"\x1e" if is_json_sequence(media_type) else b"\n"
    return _json_texts(body.split(separator), is_complete=body.endswith(b"\n"))


def _json_texts(pieces: list[bytes], *, is_complete: bool) -> Stream:
    items: list[Any] = []
    nonblank = [piece for piece in pieces if piece.strip()]
    for number, piece in enumerate(nonblank, 1):
        try:
            items.append(json_value(piece))
        except UndecodableError as error:
            if number == len(nonblank) and not is_complete:
                return Stream(tuple(items), f"is cut short within item {number}", cut=True)
            return Stream(tuple(items), f"has an item {number} that {error}")
    return Stream(tuple(items))


def _event_stream(content: str) -> Stream:
    """The events, as a browser dispatches them: an object of data, event, id and retry each.

    Source: HTML Living Standard, 9.2.6; OpenAPI 3.2, "Sequential Media Types".
    """
    *lines, rest = _LINE_END.split(content)
    items: list[Any] = []
    event: dict[str, Any] = {}
    for line in lines:
        if line:
            event = _with_line(event, line)
            continue
        if "data" in event:
            items.append(event)
        event = {}
    if not event and not _with_line({}, rest):
        return Stream(tuple(items))
    return Stream(tuple(items), f"is cut short within event {len(items) + 1}", cut=True)


def _with_line(event: dict[str, Any], line: str) -> dict[str, Any]:
    name, _, value = line.partition(":")
    value = value.removeprefix(" ")
    if name not in _MEMBERS:  # a comment, or a field that is ignored
        return event
    if name == "data" and "data" in event:
        value = f"{event['data']}\n{value}"
    if name == "retry":
        return {**event, "retry": int(value)} if re.fullmatch("[0-9]{1,18}", value) else event
    return {**event, name: value}


def data_of(event: Mapping[str, Any]) -> Any:
    """The data of an event as JSON, None where they are not JSON."""
    try:
        return json_value(event["data"].encode("utf-8", "replace"))
    except UndecodableError:
        return None
