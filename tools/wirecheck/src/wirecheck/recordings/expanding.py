"""Decompresses files, piece by piece and within bounds."""

import contextlib
import importlib
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from wirecheck.model import RecordingError
from wirecheck.recordings.coding import LONGEST, MAGIC, RATIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FREE = LONGEST
"""Bytes to which any file may expand; beyond that it expands to at most RATIO times its size."""

_PIECE = 1 << 9  # bytes of zstd that are decompressed at once: they expand to at most 16 MiB
_LONGEST_WINDOW = 1 << 27  # bytes that zstd needs in memory; its own program has the same limit


class Expansion:
    """Bounds what all that is compressed in a file expands to."""

    def __init__(self, name: str, compressed: Callable[[], int]) -> None:
        """``compressed`` gives the number of bytes of the file that were read."""
        self._name = name
        self._compressed = compressed
        self._expanded = 0

    def add(self, count: int) -> None:
        self._expanded += count
        if self._expanded > max(FREE, RATIO * self._compressed()):
            what = f"expands to more than {FREE:,} bytes, and to more than {RATIO} times its size"
            raise RecordingError(self._name, what)


class Expanded(io.RawIOBase):
    """Decompressed data within bounds; what precedes an error is read before it is raised."""

    def __init__(self, name: str, read1: Callable[[int], bytes], expansion: Expansion) -> None:
        self._name = name
        self._read1 = read1
        self._expansion = expansion
        self._error: RecordingError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view, count = memoryview(buffer), 0
        try:
            while self._error is None and count < len(view):
                with reporting(self._name, "the compressed data is damaged"):
                    piece = self._read1(len(view) - count)
                if not piece:
                    break
                self._expansion.add(len(piece))
                view[count : count + len(piece)] = piece
                count += len(piece)
        except RecordingError as error:
            self._error = error
        if self._error is not None and not count:
            raise self._error
        return count


@contextlib.contextmanager
def reporting(name: str, what: str) -> Iterator[None]:
    """Reports the errors of the libraries that decompress."""
    try:
        yield
    except RecordingError:
        raise
    except EOFError:
        raise RecordingError(name, "cut off: the compressed data has no end") from None
    except NotImplementedError:  # zipfile has no other error for what it cannot decompress
        raise RecordingError(name, "is compressed in a way that is not supported") from None
    except Exception:  # each library has errors of its own
        raise RecordingError(name, what) from None


def decompressor(start: bytes) -> "Callable[[str, io.BufferedReader], Any] | None":
    if start.startswith(MAGIC["gzip"]):
        from gzip import GzipFile

        return lambda _name, file: GzipFile(fileobj=file)
    return _Zstd if start.startswith(MAGIC["zstd"]) else None


class _Zstd:
    """The frames of a zstd file, one after the other (RFC 8878, 3.1)."""

    def __init__(self, name: str, file: io.BufferedReader) -> None:
        try:
            library: Any = importlib.import_module("zstandard")
        except ImportError:
            raise RecordingError(
                name, "is compressed with zstd: pip install 'wirecheck[recordings]'"
            ) from None
        self._frames = library.ZstdDecompressor(max_window_size=_LONGEST_WINDOW)
        self._file = file
        self._frame: Any = None
        self._expanded = b""

    def read1(self, size: int) -> bytes:
        while not self._expanded:
            data = (self._frame.unused_data if self._frame else b"") or self._file.read(_PIECE)
            if not data:
                if self._frame is not None and not self._frame.eof:
                    raise EOFError
                return b""
            if self._frame is None or self._frame.eof:
                self._frame = self._frames.decompressobj()
            self._expanded = self._frame.decompress(data)
        piece, self._expanded = self._expanded[:size], self._expanded[size:]
        return piece
