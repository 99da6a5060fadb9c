"""Recordings: files of exchanges, read one exchange at a time. A format is one module."""

import codecs
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import har, jsonl

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Reader = Callable[[str, BinaryIO], Iterator[Exchange]]
"""Yields the exchanges of an open file; sources and errors call it by the name."""

READERS: dict[str, Reader] = {".har": har.read, ".jsonl": jsonl.read, ".ndjson": jsonl.read}

BUFFER = 1 << 22
"""Bytes that are read at once, and that are examined to detect a format."""


def _ignore(_count: int) -> None:
    pass


def read(path: Path, progress: Callable[[int], None] = _ignore) -> Iterator[Exchange]:
    """The exchanges of a recording in its own order; no more than a few are in memory at a time.

    ``progress`` is called with the number of bytes read since its last call. Raises RecordingError,
    and nothing else, for a file that cannot be read to its end or that contains no exchange.
    """
    with _open(path) as file, io.BufferedReader(_Counted(path, file, progress), BUFFER) as buffered:
        reader = READERS.get(path.suffix.lower()) or _reader_for(buffered)
        entry = None
        for entry in reader(path.name, buffered):
            yield entry
        if entry is None:
            raise RecordingError(path.name, "contains no exchange")


def _reader_for(file: "io.BufferedReader[_Counted]") -> Reader:
    """The reader for a file with an unknown ending, by its first line that is not blank."""
    first_line = file.peek().removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
    return jsonl.read if jsonl.looks_like(first_line) else har.read


def _open(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> RecordingError:
    return RecordingError(str(path), error.strerror or "cannot be read")


class _Counted(io.RawIOBase):
    """The bytes of a file, counted as they are read."""

    def __init__(self, path: Path, file: io.BufferedReader, progress: Callable[[int], None]) -> None:
        self._path = path
        self._file = file
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        try:
            count = self._file.readinto(buffer)
        except OSError as error:
            raise _unreadable(self._path, error) from error
        self._progress(count)
        return count
