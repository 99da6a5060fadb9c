"""The body of a response, decompressed within bounds; copied into generated clients."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

ACCEPTED = "gzip, deflate"
LONGEST = 256 * 2**20
"""Bytes of a body, decompressed or not compressed at all."""
RATIO, FREE = 100, 2**23
"""A compressed body expands to at most 100 times its length; this many bytes are always allowed."""

_PIECE = 2**20  # bytes
_ABSURD_COOKIE = re.compile(r"max-age *= *\"?[0-9]{19}", re.IGNORECASE)
_REJECTED = {"br", "compress", "zstd"}  # not in ACCEPTED; other names are not codings


class BodyError(ValueError):
    """A body beyond the bounds, or one that cannot be decompressed."""


def is_usable(cookie: bytes) -> bool:
    """Whether the value of a Set-Cookie header can be sent back.

    For a cookie that would live absurdly long the standard library prints a traceback.
    """
    text = cookie.decode("latin-1")
    return text.isascii() and text.isprintable() and not _ABSURD_COOKIE.search(text)


class Decoder:
    """Decompresses a body piece by piece.

    One that is ``streamed`` has no bounds, because nobody holds it as a whole.
    """

    def __init__(self, content_encoding: str, *, streamed: bool = False) -> None:
        names = [name.strip().lower().removeprefix("x-") for name in content_encoding.split(",")]
        self._codings = [name for name in names if name in {"gzip", "deflate", *_REJECTED}]
        self._streamed = streamed
        self._zlib: zlib._Decompress | None = None
        self._beginning = b""
        self._received = self._length = 0

    def decode(self, data: bytes) -> Iterator[bytes]:
        """What a piece decompresses to, in pieces of at most 1 MiB. Raises BodyError.

        A body that is compressed more than once, or with a coding that is not accepted, is an error, too.
        """
        if len(self._codings) > 1:
            raise BodyError("the body is compressed more than once")
        if not _REJECTED.isdisjoint(self._codings):
            raise BodyError(
                f"the body is compressed with {self._codings[0]}, but only {ACCEPTED} are accepted"
            )
        self._received += len(data)
        longest = min(LONGEST, max(FREE, RATIO * self._received)) if self._codings else LONGEST
        for piece in self._decompressed(data) if self._codings else [data]:
            self._length += len(piece)
            if self._length > longest and not self._streamed:
                raise BodyError(
                    f"the body has more than {longest:,} bytes, received as {self._received:,}"
                )
            yield piece

    def _decompressed(self, data: bytes) -> Iterator[bytes]:
        is_first = self._zlib is None
        if self._zlib is None:
            data = self._beginning + data
            if len(data) < 2:  # the header of zlib has two bytes
                self._beginning = data
                return
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by the header
        if self._zlib.eof:
            return
        try:
            piece = self._zlib.decompress(data, _PIECE)
        except zlib.error as error:
            if not is_first or self._codings != ["deflate"]:
                raise BodyError(str(error)) from None
            self._zlib = zlib.decompressobj(
                -zlib.MAX_WBITS
            )  # some servers send deflate without a header
            yield from self._decompressed(data)
            return
        while piece:
            yield piece
            piece = (
                b"" if self._zlib.eof else self._zlib.decompress(self._zlib.unconsumed_tail, _PIECE)
            )
