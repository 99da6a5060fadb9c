"""Bodies as recordings store them, so that readers give back the same bytes."""

import gzip
import importlib
import zlib
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from wirecheck.model import Headers
from wirecheck.recordings.coding import codings, uncoded


def as_text(body: bytes) -> str | None:
    """The body as a text; None for one that is not UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def as_base64(body: bytes) -> str:
    """The body in base64."""
    return b64encode(body).decode()


def coded(body: bytes, headers: Headers) -> bytes | None:
    """The body as it is, or compressed again if readers would take it for compressed, as the headers name it.

    None where a library is missing.
    """
    if uncoded(body, headers) == body:
        return body
    compressed = body
    for coding in codings(headers):
        try:
            compressed = _CODERS[coding](compressed)
        except (KeyError, ImportError):
            return None
    return compressed if uncoded(compressed, headers) == body else None


def _brotli(body: bytes) -> bytes:
    library: Any = importlib.import_module("brotli")
    compressed: bytes = library.compress(body)
    return compressed


def _zstd(body: bytes) -> bytes:
    library: Any = importlib.import_module("zstandard")
    compressed: bytes = library.compress(body)
    return compressed


# Stored rather than compressed: readers distrust what expands too much.
_CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, 0, mtime=0),
    "deflate": lambda body: zlib.compress(body, 0),
    "br": _brotli,
    "zstd": _zstd,
}
