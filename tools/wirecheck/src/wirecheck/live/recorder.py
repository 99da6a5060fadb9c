"""Records exchanges one by one, so that whatever ends the process, those before it can be read."""

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from wirecheck.model import Exchange, OutputError
from wirecheck.recordings.writing import WRITERS, Writer

FORMATS = ("har", "jsonl")
"""The formats that can be read although their end is missing."""


class LiveRecord:
    """Writes a file in the format that its ending names; an exchange is in it once ``add`` returns.

    With ``is_private`` only its owner may read it. Raises OutputError for a file that there is already,
    unless ``overwrite``, and for one that cannot be written.
    """

    def __init__(self, path: Path, *, overwrite: bool = False, is_private: bool = False) -> None:
        writer = _writer(path)
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if overwrite else os.O_EXCL)
        try:
            self._file = os.open(path, flags, 0o600 if is_private else 0o666)
        except FileExistsError:
            raise OutputError(str(path), "exists already: name another file, or pass --overwrite") from None
        except OSError as error:
            raise OutputError(str(path), f"cannot be written: {error.strerror}") from None
        self.path = path
        self.written = 0
        self._waiting = deque[Exchange]()
        self._pieces = writer.write(self._exchanges())

    def _exchanges(self) -> Iterator[Exchange]:
        while self._waiting:
            yield self._waiting.popleft()

    def add(self, exchange: Exchange) -> None:
        """Writes an exchange. Raises OutputError where the disk is full, or the like."""
        self._waiting.append(exchange)
        while self._waiting:
            self._write(next(self._pieces))
        self.written += 1

    def close(self) -> None:
        """Ends the file."""
        for piece in self._pieces:
            self._write(piece)
        os.close(self._file)

    def _write(self, piece: bytes) -> None:
        try:
            left = memoryview(piece)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            self._pieces = iter(())
            raise OutputError(str(self.path), f"cannot be written: {error.strerror}") from None


def _writer(path: Path) -> Writer:
    for format_ in FORMATS:
        if path.name.lower().endswith(WRITERS[format_].endings):
            return WRITERS[format_]
    endings = ", ".join(ending for format_ in FORMATS for ending in WRITERS[format_].endings)
    raise OutputError(str(path), f"its name ends in none of {endings}")
