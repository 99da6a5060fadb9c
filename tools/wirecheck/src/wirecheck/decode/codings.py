"""Content codings of recorded bodies, undone within the bounds of `inflate`."""

import importlib
import zlib
from collections.abc import Iterable
from typing import Any

from wirecheck import inflate
from wirecheck.decode.media_types import header_values

_MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
_WINDOWS = {"gzip": (zlib.MAX_WBITS | 16,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}
_LIBRARIES = {"br": ("brotli", "error"), "zstd": ("zstandard", "ZstdError")}


def without_codings(body: bytes, headers: Iterable[tuple[str, str]]) -> bytes | None:
    """A body without its content codings, None where they cannot be undone.

    Recordings keep the header of a body that they show decoded: such a body is left as it is.
    """
    names = ",".join(header_values(headers, "content-encoding")).split(",")
    for name in reversed([name.strip().lower().removeprefix("x-") for name in names]):
        if not body or name not in (*_WINDOWS, *_LIBRARIES):
            continue
        longest = min(inflate.LONGEST, max(inflate.FREE, inflate.RATIO * len(body)))
        undo = _inflated if name in _WINDOWS else _by_library
        decoded = undo(body, name, longest)
        if decoded is not None and len(decoded) <= longest:
            body = decoded
        elif not _is_plain(body, name):
            return None
    return body


def _is_plain(body: bytes, coding: str) -> bool:
    """Whether a body is a text already: it is UTF-8, and does not begin as the coding does."""
    if coding in _MAGIC and body.startswith(_MAGIC[coding]):
        return False
    try:
        return "\0" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _inflated(body: bytes, coding: str, longest: int) -> bytes | None:
    for window in _WINDOWS[coding]:  # some servers send deflate without its header
        stream = zlib.decompressobj(window)
        try:
            decoded = stream.decompress(body, longest + 1)
        except zlib.error:
            continue
        if stream.eof:
            return decoded
    return None


def _by_library(body: bytes, coding: str, longest: int) -> bytes | None:
    """A body decompressed by the library of its coding; None without that library, or an old one."""
    module, error = _LIBRARIES[coding]
    try:
        library: Any = importlib.import_module(module)
    except ImportError:
        return None
    try:
        if coding == "zstd":
            decoded: bytes = library.ZstdDecompressor().stream_reader(body).read(longest + 1)
        else:
            decoded = library.Decompressor().process(body, output_buffer_limit=longest + 1)
    except (getattr(library, error), TypeError):
        return None
    return decoded
