"""Bodies as recorders write them: base64, and content codings that were not undone (RFC 9110, 8.4)."""

import importlib
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from wirecheck.model import Headers

BODILESS = frozenset({204, 304})
"""Statuses whose responses never have a body (RFC 9110, section 6.4.1)."""

LONGEST = 256 * 2**20
"""Bytes of a body, decompressed."""
RATIO, FREE = 100, 2**23
"""A compressed body expands to at most 100 times its length; this many bytes are always allowed."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")


def from_base64(text: str) -> bytes | None:
    """The bytes of a text in base64, which may be wrapped, unpadded or URL-safe; None for any other text."""
    compact = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except ValueError:
        return None


def from_chunks(text: str) -> bytes | None:
    """The bytes of a JSON list of chunks in base64 or in hex, as some recorders write compressed bodies."""
    if not text.startswith('["'):
        return None
    try:
        chunks = json.loads(text)
    except ValueError:
        return None
    if not all(isinstance(chunk, str) for chunk in chunks):
        return None
    if all(_HEX.fullmatch(chunk) for chunk in chunks):
        return bytes.fromhex("".join(chunks))
    decoded = [from_base64(chunk) for chunk in chunks]
    return b"".join(chunk for chunk in decoded if chunk is not None) if None not in decoded else None


def uncoded(body: bytes | None, headers: Headers, longest: int = LONGEST) -> bytes | None:
    """The body without the content codings that its headers name; None where it cannot be known.

    Most recorders have undone them and left the header: a body that is not compressed stays as it is. One
    that is longer than ``longest`` after a coding was undone is not known.
    """
    if not body:
        return body
    for coding in reversed(codings(headers)):
        if not body:
            return body
        decoded = _decoded(coding, body, longest)
        if decoded is None:
            return body if _is_plain(coding, body) else None
        body = decoded
    return body


def codings(headers: Headers) -> list[str]:
    """The content codings that the headers of a message name, in the order in which they were applied."""
    values = [value for name, value in headers if name == "content-encoding"]
    if not values:
        return []
    names = [name.strip().lower().removeprefix("x-") for name in ",".join(values).split(",")]
    return [name for name in names if name in _DECODERS]


def _is_plain(coding: str, body: bytes) -> bool:
    """Whether a body that cannot be decompressed was not compressed."""
    if coding in MAGIC:
        return not body.startswith(MAGIC[coding])
    try:
        return not _CONTROL.search(body.decode())
    except UnicodeDecodeError:
        return False


def _decoded(coding: str, body: bytes, longest: int) -> bytes | None:
    """The decompressed body; None where it is not compressed so, cut off, too large, or lacks a library."""
    longest = min(longest, max(FREE, RATIO * len(body)))
    try:
        decoded = _DECODERS[coding](body, longest)
    except Exception:  # each library has errors of its own
        return None
    return decoded if len(decoded) <= longest else None


def _gunzipped(body: bytes, longest: int) -> bytes:
    """The members of a gzip file, one after the other (RFC 1952, 2.2)."""
    pieces, left = list[bytes](), longest + 1
    while body.startswith(MAGIC["gzip"]) and left > 0:
        piece, body = _inflated(body, zlib.MAX_WBITS | 16, left)
        pieces.append(piece)
        left -= len(piece)
    if not pieces:
        raise ValueError("not gzip")
    return b"".join(pieces)


def _deflated(body: bytes, longest: int) -> bytes:
    """What ``deflate`` stands for: zlib or, as some servers send it, without the header of zlib."""
    try:
        return _inflated(body, zlib.MAX_WBITS, longest + 1)[0]
    except zlib.error:
        return _inflated(body, -zlib.MAX_WBITS, longest + 1)[0]


def _inflated(body: bytes, window: int, longest: int) -> tuple[bytes, bytes]:
    """The decompressed data, and what stands behind it; raises ValueError where it is cut off."""
    decompressor = zlib.decompressobj(window)
    decoded = decompressor.decompress(body, longest)
    if not decompressor.eof and len(decoded) < longest:
        raise ValueError("cut off")
    return decoded, decompressor.unused_data


def _brotli(body: bytes, longest: int) -> bytes:
    """Needs a version of the library that bounds its output."""
    decompressor: Any = importlib.import_module("brotli").Decompressor()
    decoded: bytes = decompressor.process(body, output_buffer_limit=longest + 1)
    if not decompressor.is_finished() and len(decoded) <= longest:
        raise ValueError("cut off")
    return decoded


def _zstd(body: bytes, longest: int) -> bytes:
    library: Any = importlib.import_module("zstandard")
    decoded: bytes = library.ZstdDecompressor().stream_reader(body).read(longest + 1)
    return decoded


def _unknown(body: bytes, longest: int) -> bytes:
    raise ValueError("no library decodes it")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzipped,
    "deflate": _deflated,
    "br": _brotli,
    "zstd": _zstd,
    "compress": _unknown,
}
MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
