"""The body of a response, decompressed within bounds; copied into generated clients."""

from __future__ import annotations

import re
import zlib
from typing import NoReturn

import httpx

ACCEPTED = "gzip, deflate"
LONGEST = 256 * 2**20
"""Bytes of a body, decompressed or not compressed at all."""
RATIO, FREE = 100, 2**23
"""A compressed body expands to at most 100 times its length; this many bytes are always allowed."""

_ABSURD_COOKIE = re.compile(r"max-age *= *\"?[0-9]{19}", re.IGNORECASE)
_REJECTED = {"br", "compress", "zstd"}  # not in ACCEPTED; other names are not codings


def accepting(request: httpx.Request) -> httpx.Request:
    """The same request, for a response that can be read within the bounds."""
    request.headers["Accept-Encoding"] = ACCEPTED
    return request


def limit(response: httpx.Response) -> httpx.Response:
    """The same response, before its body is read: reading it raises DecodingError beyond the bounds.

    A body that is compressed more than once, or with a coding that is not accepted, is an error, too.
    Cookies that httpx cannot send back are left out, and those that would live absurdly long: the standard
    library prints a traceback for them.
    """
    headers = response.headers.raw
    usable = [pair for pair in headers if pair[0].lower() != b"set-cookie" or _is_usable(pair[1])]
    if len(usable) < len(headers):
        response.headers = httpx.Headers(usable)
    vars(response)["_decoder"] = Decoder(response.headers.get("Content-Encoding", ""))
    return response


def _is_usable(cookie: bytes) -> bool:
    text = cookie.decode("latin-1")
    return text.isascii() and text.isprintable() and not _ABSURD_COOKIE.search(text)


class Decoder:
    """Decompresses a body piece by piece, as httpx calls it."""

    def __init__(self, content_encoding: str) -> None:
        names = [name.strip().lower().removeprefix("x-") for name in content_encoding.split(",")]
        self._codings = [name for name in names if name in {"gzip", "deflate", *_REJECTED}]
        self._zlib: zlib._Decompress | None = None
        self._received = self._length = 0

    def decode(self, data: bytes) -> bytes:
        """The next piece, decompressed. Raises DecodingError."""
        if len(self._codings) > 1:
            _fail("the body is compressed more than once")
        if not _REJECTED.isdisjoint(self._codings):
            _fail(f"the body is compressed with {self._codings[0]}, but only {ACCEPTED} are accepted")
        self._received += len(data)
        longest = min(LONGEST, max(FREE, RATIO * self._received)) if self._codings else LONGEST
        decoded = self._decompressed(data, longest - self._length + 1) if self._codings else data
        self._length += len(decoded)
        if self._length > longest:
            _fail(f"the body has more than {longest:,} bytes, received as {self._received:,}")
        return decoded

    def flush(self) -> bytes:
        """What is left at the end of the body."""
        return b""

    def _decompressed(self, data: bytes, longest: int) -> bytes:
        is_first = self._zlib is None
        if self._zlib is None:
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by the header
        if self._zlib.eof:
            return b""
        try:
            return self._zlib.decompress(data, longest)
        except zlib.error as error:
            if not is_first or self._codings != ["deflate"]:
                _fail(str(error))
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers send deflate without a header
        return self._decompressed(data, longest)


def _fail(problem: str) -> NoReturn:
    raise httpx.DecodingError(problem)
