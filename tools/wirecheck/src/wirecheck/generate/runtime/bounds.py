"""Responses whose bodies are read within bounds, or streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import httpx2

from .inflate import ACCEPTED, BodyError, Decoder, is_usable

R = TypeVar("R", bound=Any)

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_UNFIT = re.compile(rb"[\r\n\0]")


def accepting(request: httpx2.Request) -> httpx2.Request:
    """The same request, for a response that can be read within the bounds.

    Raises LocalProtocolError for a header that would end before its end, which not all transports notice.
    """
    request.headers["Accept-Encoding"] = ACCEPTED
    for name, value in request.headers.raw:
        if not _NAME.fullmatch(name) or _UNFIT.search(value):
            raise httpx2.LocalProtocolError(f"the header {name!r} cannot be sent", request=request)
    return request


def without_unusable_cookies(response: R) -> R:
    """The same response, of httpx2 or httpx, without cookies that these libraries cannot send back."""
    headers = response.headers.raw
    usable = [pair for pair in headers if pair[0].lower() != b"set-cookie" or is_usable(pair[1])]
    if len(usable) < len(headers):
        response.headers = type(response.headers)(usable)
    return response


def bounded(response: httpx2.Response) -> httpx2.Response:
    """The same response, before its body is read: reading it raises DecodingError beyond the bounds."""
    without_unusable_cookies(response)
    vars(response)["_decoder"] = _Decoder(response, streamed=False)
    return response


def streamed(response: httpx2.Response) -> httpx2.Response:
    """The same response, before its body is streamed: it may be of any length."""
    vars(response)["_decoder"] = _Decoder(response, streamed=True)
    return response


class _Decoder:
    """Decompresses a body piece by piece, as httpx2 calls it."""

    def __init__(self, response: httpx2.Response, *, streamed: bool) -> None:
        self._decoder = Decoder(response.headers.get("Content-Encoding", ""), streamed=streamed)

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            yield from self._decoder.decode(data)
        except BodyError as error:
            raise httpx2.DecodingError(str(error)) from None

    def flush(self) -> Iterator[bytes]:
        yield from ()
