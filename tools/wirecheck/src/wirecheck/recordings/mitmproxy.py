"""Flow files of mitmproxy, as ``mitmdump -w`` writes them: one tnetstring a flow (https://tnetstrings.info).

All versions since 0.11 are read: their names for members differ, and until 0.17 texts were bytes. Nothing
but what an exchange needs is decoded, so neither depth nor number of the other values matters.
"""

import math
import re
from collections.abc import Collection, Iterator
from itertools import count
from typing import BinaryIO, NamedTuple

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings.coding import uncoded
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.messages import text
from wirecheck.recordings.window import LONGEST

_DIGITS = 10
"""Longest number of digits of a length."""

_MOST_VALUES = 10_000
"""Values of one list or dictionary."""

_START = re.compile(rb"[0-9]{2,10}:(?P<length>[0-9]{1,2}):(?P<name>[a-z_0-9]+)[,;]")

_STATE = ("type", "request", "response")
_REQUEST = (
    *("method", "scheme", "host", "port", "path", "authority"),
    *("headers", "content", "body", "timestamp_start"),
)
_RESPONSE = ("status_code", "code", "headers", "content", "body", "timestamp_end")
_OTHER_TYPES = {"tcp": "tcp:", "udp": "udp:", "dns": "dns:", "websocket": "ws:"}
"""Flows that are no exchanges, by the URL that says so."""


class _Value(NamedTuple):
    """A value that is not decoded yet, with the character for its type."""

    type: bytes
    data: bytes


_NULL = _Value(b"~", b"")


def looks_like(start: bytes) -> bool:
    """Whether the file starts with the state of a flow: a dictionary whose first key is a name."""
    match = _START.match(start)
    return match is not None and int(match["length"]) == len(match["name"])


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The flows of a file; flows of TCP, UDP and DNS have a URL of that scheme and nothing else."""
    yield from exchanges(name, _flows(name, file), _exchange)


def _flows(name: str, file: BinaryIO) -> Iterator[_Value]:
    for entry in count():
        where = f"{name}#{entry}"
        prefix = b""
        while len(prefix) <= _DIGITS and not prefix.endswith(b":") and (character := file.read(1)):
            prefix += character
        if not prefix:
            return
        if not (length := prefix[:-1]).isdigit() or prefix[-1:] != b":":
            raise RecordingError(where, "not a flow of mitmproxy: its length is missing")
        if int(length) > LONGEST:
            raise RecordingError(where, f"a flow of more than {LONGEST:,} bytes is not read")
        data = file.read(int(length) + 1)
        if len(data) <= int(length):
            raise RecordingError(where, "cut off: the file ends within the flow")
        yield _Value(data[-1:], data[:-1])


def _exchange(source: str, entry: int, flow: _Value) -> Exchange:
    state = _members(source, "the flow", flow, _STATE)
    kind = _text(source, "type", state["type"]) or "http"
    if kind in _OTHER_TYPES:
        return Exchange(source=source, entry=entry, method="", url=_OTHER_TYPES[kind], status=0)
    if kind != "http":
        raise RecordingError(source, "a flow of unknown type")
    request = _members(source, "request", state["request"], _REQUEST)
    response = dict.fromkeys(_RESPONSE, _NULL)
    if state["response"] != _NULL:
        response = _members(source, "response", state["response"], _RESPONSE)
    status = response["status_code" if response["status_code"] != _NULL else "code"]
    request_headers = _headers(source, "request.headers", request["headers"])
    response_headers = _headers(source, "response.headers", response["headers"])
    return Exchange(
        source=source,
        entry=entry,
        method=_text(source, "request.method", request["method"]),
        url=_url(source, request, request_headers),
        status=_integer(source, "response.status_code", status) or 0,
        request_headers=request_headers,
        request_body=_body(source, request, request_headers),
        response_headers=response_headers,
        response_body=_body(source, response, response_headers),
        elapsed=_elapsed(request["timestamp_start"], response["timestamp_end"]),
    )


def _url(source: str, request: dict[str, _Value], headers: Headers) -> str:
    """The URL with the host that the client named, which a transparent proxy knows from the headers alone."""
    scheme = _text(source, "request.scheme", request["scheme"])
    path = _text(source, "request.path", request["path"])
    hosts = [value for name, value in headers if name == "host"]
    host = _text(source, "request.authority", request["authority"]) or next(iter(hosts), "")
    if not host:
        host = _text(source, "request.host", request["host"])
        port = _integer(source, "request.port", request["port"])
        host = f"[{host}]" if ":" in host else host
        host += f":{port}" if port and (scheme, port) not in (("http", 80), ("https", 443)) else ""
    return f"{scheme}://{host}{'' if path == '*' else path}" if scheme else f"connect://{host}"


def _body(source: str, message: dict[str, _Value], headers: Headers) -> bytes | None:
    content = message["content" if message["content"] != _NULL else "body"]
    if content.type not in b",;~":
        raise RecordingError(source, "the content of a message is not bytes")
    return None if content == _NULL else uncoded(content.data, headers)


def _headers(source: str, place: str, value: _Value) -> Headers:
    if value == _NULL:
        return ()
    headers = list[tuple[str, str]]()
    for pair in _items(source, place, value):
        texts = [_text(source, place, item) for item in _items(source, place, pair)]
        if len(texts) != 2:
            raise RecordingError(source, f"{place} has a field that is not a name and a value")
        headers.append((texts[0].lower(), texts[1]))
    return tuple(headers)


def _elapsed(start: _Value, end: _Value) -> float | None:
    """From the start of the request to the end of the response, in seconds."""
    try:
        seconds = float(end.data) - float(start.data)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


# tnetstrings


def _members(source: str, place: str, value: _Value, names: Collection[str]) -> dict[str, _Value]:
    """The members of a dictionary with one of the names, null where they are missing."""
    if value.type != b"}":
        raise RecordingError(source, f"{place} is not a dictionary")
    members = dict.fromkeys(names, _NULL)
    values = _values(source, place, value.data)
    for key in values:
        member = next(values, None)
        if member is None or key.type not in b",;":
            raise RecordingError(source, f"{place} has a key without a value")
        if (name := text(key.data[:99])) in members:
            members[name] = member
    return members


def _items(source: str, place: str, value: _Value) -> Iterator[_Value]:
    if value.type != b"]":
        raise RecordingError(source, f"{place} is not a list")
    return _values(source, place, value.data)


def _values(source: str, place: str, data: bytes) -> Iterator[_Value]:
    """The values that stand one after the other in the data of a list or a dictionary."""
    at = 0
    for _ in range(_MOST_VALUES):
        if at == len(data):
            return
        colon = data.find(b":", at, at + _DIGITS + 1)
        length = data[at:colon] if colon >= 0 else b""
        end = colon + 1 + int(length) if length.isdigit() else len(data)
        if end >= len(data):
            raise RecordingError(source, f"{place} is broken: a length in it is wrong")
        yield _Value(data[end : end + 1], data[colon + 1 : end])
        at = end + 1
    raise RecordingError(source, f"{place} has more than {_MOST_VALUES:,} values")


def _text(source: str, place: str, value: _Value) -> str:
    if value == _NULL:
        return ""
    if value.type not in b",;":
        raise RecordingError(source, f"{place} is not a text")
    return text(value.data)


def _integer(source: str, place: str, value: _Value) -> int | None:
    if value == _NULL:
        return None
    if value.type != b"#" or not value.data.isdigit() or len(value.data) > _DIGITS:
        raise RecordingError(source, f"{place} is not an integer")
    return int(value.data)
