"""Files as arguments, and bodies that stream them."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .media_types import BINARY
from .texts import EncodingError

CHUNK = 2**16
"""Bytes that are read of a file at once."""


class BinaryFile(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int, /) -> bytes: ...


FileSource = bytes | Path | BinaryFile


class Upload(NamedTuple):
    """A file: its content, and what is known of its name and media type."""

    content: FileSource
    name: str | None = None
    media_type: str | None = None

    @property
    def actual_type(self) -> str:
        """Its media type; the one that its name suggests where it was passed without one."""
        if self.media_type:
            return self.media_type
        import mimetypes

        guessed, coding = mimetypes.guess_type(self.name or "")
        return guessed if guessed and not coding else BINARY


def upload_of(value: Any) -> Upload | None:
    """The file that an argument is, None if it is none.

    A file is bytes, a path object, a file that is open for reading bytes, a tuple of a name and one of these
    or a text (and of a media type), or an object with the attributes ``payload``, ``file_name`` and
    ``mime_type``.
    """
    if isinstance(value, tuple):
        return _named(value[1], value[0], *value[2:]) if _is_named(value) else None
    if hasattr(value, "payload"):
        return _named(
            value.payload, getattr(value, "file_name", None), getattr(value, "mime_type", None)
        )
    if isinstance(value, bytes | bytearray | memoryview):
        return Upload(bytes(value))
    if isinstance(value, os.PathLike):
        path = Path(os.fsdecode(value))
        return Upload(path, path.name)
    if callable(getattr(value, "read", None)):
        if isinstance(value, io.TextIOBase):
            raise EncodingError(
                "file", "The file must be open for reading bytes, as by open(path, 'rb')."
            )
        name = getattr(value, "name", None)
        return Upload(value, Path(name).name if isinstance(name, str) else None)
    return None


def _is_named(value: tuple[Any, ...]) -> bool:
    """Whether a tuple is a name, a content and possibly a media type, not an array of texts."""
    if len(value) not in (2, 3) or not isinstance(value[0], str | None):
        return False
    return not isinstance(value[1], str | tuple) and upload_of(value[1]) is not None


def _named(content: Any, name: str | None, media_type: str | None = None) -> Upload:
    found = Upload(content.encode()) if isinstance(content, str) else upload_of(content)
    if found is None:
        raise EncodingError(
            "file", f"The content of a file cannot be of type {type(content).__name__}."
        )
    return Upload(found.content, name or found.name, media_type or found.media_type)


class Content:
    """A body that is read while it is sent, by a synchronous or an asynchronous client.

    ``length`` is in bytes, None if it is not known. If ``is_repeatable`` it can be iterated again, from
    where its files stood at first; otherwise that raises EncodingError.
    """

    __slots__ = ("_is_begun", "_pieces", "is_repeatable", "length")

    def __init__(self, sources: Sequence[FileSource]) -> None:
        self._pieces = [_piece(source) for source in sources]
        self._is_begun = False
        lengths = [piece.length for piece in self._pieces if piece.length is not None]
        self.length = sum(lengths) if len(lengths) == len(self._pieces) else None
        self.is_repeatable = all(piece.is_repeatable for piece in self._pieces)

    def __iter__(self) -> Iterator[bytes]:
        if self._is_begun and not self.is_repeatable:
            raise EncodingError("file", "A file that cannot be rewound was already read.")
        self._is_begun = True
        for piece in self._pieces:
            yield from _chunks(piece)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


class _Piece(NamedTuple):
    """``start`` is where a file stood when it was passed, None if it cannot be set back to it."""

    source: FileSource
    length: int | None
    is_repeatable: bool = True
    start: int | None = None


def _piece(source: FileSource) -> _Piece:
    if isinstance(source, bytes):
        return _Piece(source, len(source))
    if isinstance(source, Path):
        status = source.stat()
        if stat.S_ISDIR(status.st_mode):
            raise EncodingError("file", f"{source} is a folder.")
        is_regular = stat.S_ISREG(status.st_mode)
        return _Piece(source, status.st_size if is_regular else None, is_regular)
    file: Any = source
    if not callable(getattr(file, "seek", None)) or not getattr(file, "seekable", lambda: True)():
        return _Piece(source, None, is_repeatable=False)
    start = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(start)
    return _Piece(source, (file.tell() if end is None else end) - start, start=start)


def _chunks(piece: _Piece) -> Iterator[bytes]:
    if isinstance(piece.source, bytes):
        yield piece.source
    elif isinstance(piece.source, Path):
        with piece.source.open("rb") as opened:
            yield from _read(opened)
    else:
        file: Any = piece.source
        if piece.start is not None:
            file.seek(piece.start)
        yield from _read(file)


def _read(file: BinaryFile) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        if not isinstance(chunk, bytes):
            raise EncodingError(
                "file", f"The file gives {type(chunk).__name__} where bytes are expected."
            )
        yield chunk
