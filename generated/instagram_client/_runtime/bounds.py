"""Responses whose bodies are read within bounds, or streamed."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2

from .inflate import ACCEPTED, BodyError, Decoder, is_usable


def accepting(request: httpx2.Request) -> httpx2.Request:
    """The same request, for a response that can be read within the bounds."""
    request.headers["Accept-Encoding"] = ACCEPTED
    return request


def bounded(response: httpx2.Response) -> httpx2.Response:
    """The same response, before its body is read: reading it raises DecodingError beyond the bounds.

    Cookies that the HTTP library cannot send back are left out.
    """
    headers = response.headers.raw
    usable = [pair for pair in headers if pair[0].lower() != b"set-cookie" or is_usable(pair[1])]
    if len(usable) < len(headers):
        response.headers = httpx2.Headers(usable)
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
