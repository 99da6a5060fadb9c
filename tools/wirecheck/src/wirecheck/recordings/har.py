"""HAR 1.2, the HTTP Archive: http://www.softwareishard.com/blog/har-12-spec/."""

import sys
from base64 import b64decode
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeGuard
from urllib.parse import urlencode

from msgspec import Struct

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings.shape import convert
from wirecheck.recordings.window import Window

BODILESS = frozenset({204, 304})
"""Statuses whose responses never have a body (RFC 9110, section 6.4.1)."""

PLACEHOLDERS = frozenset({"", "x-unknown"})
"""Values of the mandatory ``mimeType`` where there was none; browsers write x-unknown."""


class _Header(Struct):
    name: str
    value: str


class _Param(Struct):
    name: str
    value: str | None = None


class _PostData(Struct, rename="camel"):
    mime_type: str | None = None
    text: str | None = None
    params: list[_Param] | None = None


class _Content(Struct, rename="camel"):
    size: Any = None
    mime_type: str | None = None
    text: str | None = None
    encoding: str | None = None


class _Request(Struct, rename="camel"):
    method: str
    url: str
    headers: list[_Header] | None = None
    post_data: _PostData | None = None
    body_size: Any = None


class _Response(Struct, rename="camel"):
    status: int
    headers: list[_Header] | None = None
    content: _Content | None = None
    body_size: Any = None


class _Entry(Struct):
    request: _Request
    response: _Response
    time: Any = None


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a HAR file, in the order of its ``log.entries``."""
    window = Window(name, file)
    if not window.peek():
        raise RecordingError(name, "the file is empty")
    for entry, _ in enumerate(_entries(window)):
        window.where = f"{name}#{entry}"
        yield _exchange(window.where, entry, window.value())


def _entries(window: Window) -> Iterator[None]:
    """Stops before each entry; after the last one it reads the rest of the file."""
    for _ in _member(window, "the recording", "log", "log"):
        for _ in _member(window, "log", "entries", "log.entries"):
            yield from window.items("log.entries")
    window.end()


def _member(window: Window, owner: str, name: str, place: str) -> Iterator[None]:
    """Stops before the value of the member with a name, and skips all others."""
    is_present = False
    for member in window.members(owner):
        if member != name:
            window.skip()
        elif is_present:
            raise RecordingError(window.where, f"{place} is there twice")
        else:
            is_present = True
            yield
    if not is_present:
        raise RecordingError(window.where, f"{place} is missing")


def _exchange(source: str, entry: int, value: object) -> Exchange:
    parsed = convert(source, value, _Entry)
    request, response = parsed.request, parsed.response
    return Exchange(
        source=source,
        entry=entry,
        method=request.method,
        url=request.url,
        status=response.status,
        request_headers=_request_headers(request),
        request_body=_request_body(request),
        response_headers=_headers(response.headers) or _content_type(response.content),
        response_body=_response_body(source, response),
        elapsed=_seconds(parsed.time),
    )


def _request_headers(request: _Request) -> Headers:
    headers = _headers(request.headers)
    if any(name == "content-type" for name, _ in headers):
        return headers
    return headers + _content_type(request.post_data)


def _headers(headers: list[_Header] | None) -> Headers:
    return tuple((header.name.lower(), header.value) for header in headers or ())


def _content_type(body: _PostData | _Content | None) -> Headers:
    if body is None or body.mime_type is None or body.mime_type in PLACEHOLDERS:
        return ()
    return (("content-type", body.mime_type),)


def _request_body(request: _Request) -> bytes | None:
    data = request.post_data or _PostData()
    if data.text:
        return _encoded(data.text)
    if data.params:
        is_multipart = (data.mime_type or "").lower().startswith("multipart/")
        return None if is_multipart else _form(data.params)
    if _is_positive(request.body_size):
        return None
    return b"" if data.text == "" or request.body_size == 0 else None


def _form(params: list[_Param]) -> bytes:
    pairs = [(param.name, param.value or "") for param in params]
    return urlencode(pairs, encoding="utf-8", errors="surrogatepass").encode()


def _response_body(source: str, response: _Response) -> bytes | None:
    """The body, or None where the recording leaves it out.

    ``bodySize`` alone proves nothing: it is 0 for a response from a cache.
    """
    content = response.content or _Content()
    if content.text:
        is_base64 = content.encoding == "base64"
        return _decoded(source, content.text) if is_base64 else _encoded(content.text)
    if _is_positive(content.size):
        return None
    is_empty = content.text == "" or 0 in (content.size, response.body_size)
    return b"" if is_empty or response.status in BODILESS else None


def _decoded(source: str, text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise RecordingError(source, "response.content.text is not valid base64") from None


def _encoded(text: str) -> bytes:
    """The bytes of a body; a lone surrogate becomes invalid UTF-8, which is left to the judge."""
    return text.encode("utf-8", "surrogatepass")


def _is_positive(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _seconds(milliseconds: object) -> float | None:
    """The time in seconds; HAR requires a ``time``, so programs that did not measure it write 0 or -1."""
    if _is_positive(milliseconds) and milliseconds <= sys.float_info.max:
        return milliseconds / 1000
    return None
