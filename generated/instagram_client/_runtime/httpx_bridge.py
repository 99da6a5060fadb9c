"""Requests and responses of httpx, whose development httpx2 continues, for users who have clients of it.

httpx itself is never imported: where one of its objects is passed, it is loaded already.
"""

from __future__ import annotations

import sys
from typing import Any

import httpx2


def is_of_httpx(thing: object) -> bool:
    """Whether a client, transport or exception is one of httpx, or of a class derived from it."""
    return any(kind.__module__.partition(".")[0] == "httpx" for kind in type(thing).__mro__)


def request_of_httpx(request: httpx2.Request) -> Any:
    """The same request for httpx."""
    return sys.modules["httpx"].Request(
        request.method,
        str(request.url),
        headers=request.headers.raw,
        content=_content(request, httpx2.ByteStream),
        extensions=request.extensions,
    )


def request_of_httpx2(request: Any) -> httpx2.Request:
    """A request of httpx for httpx2."""
    return httpx2.Request(
        request.method,
        str(request.url),
        headers=request.headers.raw,
        content=_content(request, sys.modules["httpx"].ByteStream),
        extensions=request.extensions,
    )


def _content(request: Any, of_bytes: Any) -> Any:
    """The body: bytes, or a stream that yields them."""
    return b"".join(request.stream) if isinstance(request.stream, of_bytes) else request.stream


def response_of_httpx2(response: Any, stream: Any) -> httpx2.Response:
    """A response of httpx for httpx2; ``stream`` is its body, unless that has been read."""
    is_read = hasattr(response, "_content")
    converted = httpx2.Response(
        response.status_code,
        headers=response.headers.raw,
        stream=httpx2.ByteStream(response.content) if is_read else stream,
        extensions=response.extensions,
    )
    if is_read:
        vars(converted)["_content"] = response.content
    return converted


def error_of_httpx2(error: Exception) -> Exception:
    """The exception of httpx2 with the name of one of httpx; any other as it is."""
    for kind in type(error).__mro__:
        same = (
            getattr(httpx2, kind.__name__, None)
            if kind.__module__.partition(".")[0] == "httpx"
            else None
        )
        if same is not None and issubclass(same, httpx2.RequestError | httpx2.InvalidURL):
            converted: Exception = same(str(error))
            return converted
    return error


def timeout_of_httpx2(timeout: Any) -> Any:
    """A Timeout of httpx as one of httpx2; any other value as it is."""
    return httpx2.Timeout(**timeout.as_dict()) if is_of_httpx(timeout) else timeout
