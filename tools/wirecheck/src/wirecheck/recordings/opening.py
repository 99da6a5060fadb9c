"""Opens files, and what is compressed in them: gzip, zstd, and the members of zip archives."""

import contextlib
import io
import posixpath
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from wirecheck.model import RecordingError
from wirecheck.recordings import foreign
from wirecheck.recordings.coding import LONGEST
from wirecheck.recordings.expanding import Expanded, Expansion, decompressor, reporting
from wirecheck.recordings.inputs import STDIN, InputFile, har_first, real

if TYPE_CHECKING:
    import zipfile

    from _typeshed import WriteableBuffer

BUFFER = 1 << 22
"""Bytes that are read at once, and that are examined to detect a format."""

_WINDOW = 1 << 20  # bytes that are read at once of a part of a file, which is not examined
_DEEPEST = 2  # one compression in another, such as a.har.gz in a zip archive
_LONGEST_DIRECTORY = 1 << 23  # bytes of the directory of a zip archive, which is held in memory
_LONGEST_MAGIC = 4  # bytes
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

Attached = Callable[[str], bytes | None]
"""Gives a file that a recording names as beside it; None where there is none."""


class Opened(io.BufferedReader):
    """A recording, decompressed; ``is_plain`` says whether it is in a file as it is."""

    attached: Attached
    is_plain = False


def opened(
    source: InputFile, progress: Callable[[int], None], used: set[Path]
) -> Generator[tuple[str, Opened]]:
    """The names and contents of a file, one after the other: one, or the members of an archive.

    None of an archive of another program, unless it was named itself.

    ``progress`` is called with the number of bytes read since its last call. ``used`` are files beside
    recordings to which those refer; they are added as they are read. Raises RecordingError.
    """
    beside = _Beside(source.path, used)
    with _open(source) as file, _Counted(source, file, progress) as counted:
        layers = _Layers(source, Expansion(source.name, lambda: counted.count))
        yield from layers.of(source.name, counted, beside.read if source.path != STDIN else nothing)
        counted.finish()


@contextlib.contextmanager
def opened_at(source: InputFile, offset: int, used: set[Path]) -> Iterator[Opened]:
    """A file that is not compressed, at an offset; ``used`` is as for ``opened``. Raises RecordingError."""
    with _open(source) as raw:
        file = Opened(_Counted(source, raw, lambda _count: None), _WINDOW)
        file.attached = _Beside(source.path, used).read
        file.seek(offset)
        yield file


def _open(source: InputFile) -> contextlib.AbstractContextManager[BinaryIO]:
    if source.path == STDIN:
        return contextlib.nullcontext(sys.stdin.buffer)
    try:
        return source.path.open("rb", buffering=0)
    except OSError as error:
        raise RecordingError(str(source.path), error.strerror or "cannot be read") from error


def nothing(_name: str) -> None:
    return None


class _Beside:
    """The files in the folder of a recording, and in those below it."""

    def __init__(self, path: Path, used: set[Path]) -> None:
        self._path = path
        self._used = used

    def read(self, name: str) -> bytes | None:
        try:
            folder = real(self._path.parent)
            path = real(folder / name)
            if not (path.is_relative_to(folder) and path.is_file() and path.stat().st_size <= LONGEST):
                return None
            self._used.add(path)
            return path.read_bytes()
        except (OSError, ValueError):  # such as a name with a null character
            return None


class _Counted(io.RawIOBase):
    """The bytes of a file, counted as they are read; what is read again is not counted again."""

    def __init__(self, source: InputFile, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self._where = source.name if source.path == STDIN else str(source.path)
        self._file = file
        self._progress = progress
        self._size = source.size
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._file.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        try:
            count: int = cast(io.BufferedReader, self._file).readinto(buffer)
        except OSError as error:
            raise RecordingError(self._where, error.strerror or "cannot be read") from error
        self._add(min(count, self._size - self.count) if self._size else count)
        return count

    def finish(self) -> None:
        """Counts what was left unread."""
        self._add(max(0, self._size - self.count))

    def _add(self, count: int) -> None:
        self.count += count
        self._progress(count)


class _Layers:
    """What is compressed in a file, at most twice."""

    def __init__(self, source: InputFile, expansion: Expansion) -> None:
        self._source = source
        self._expansion = expansion

    def of(
        self, name: str, raw: io.RawIOBase, attached: Attached, depth: int = 0
    ) -> Iterator[tuple[str, Opened]]:
        is_small = depth == 0 and 0 < self._source.size < BUFFER
        file = Opened(raw, self._source.size + 1 if is_small else BUFFER)
        file.attached = attached
        start = file.peek()[:_LONGEST_MAGIC]
        decompress = decompressor(start)
        if decompress is None and not start.startswith(_ZIP):
            file.is_plain = depth == 0
            yield name, file
        elif depth == _DEEPEST:
            raise RecordingError(name, "is compressed more than twice")
        elif decompress is not None:
            expanded = Expanded(name, decompress(name, file).read1, self._expansion)
            yield from self.of(name, expanded, attached, depth + 1)
        else:
            yield from self._members(name, file, depth)

    def _members(self, name: str, file: Opened, depth: int) -> Iterator[tuple[str, Opened]]:
        """The files in a zip archive but hidden ones, HAR first, as its bodies may be other members."""
        import zipfile

        with contextlib.ExitStack() as stack:
            seekable = file if file.seekable() else _copied(stack, file)
            with reporting(name, "the zip archive is damaged"):
                archive = stack.enter_context(zipfile.ZipFile(cast(BinaryIO, _Archive(name, seekable))))
            names = archive.namelist()
            if what := foreign.kind_of_archive(name, names):
                if self._source.is_named and name == self._source.name:
                    raise RecordingError(name, what)
                return
            used = set[str]()
            for member in sorted(set(names), key=har_first):
                if member in used or member.endswith("/") or _is_hidden(member):
                    continue

                def attached(beside: str, folder: str = posixpath.dirname(member)) -> bytes | None:
                    path = posixpath.join(folder, beside)
                    used.add(path)
                    return self._attached(archive, path)

                path = f"{name}/{member}"
                yield from self.of(path, self._member(path, archive, member), attached, depth + 1)

    def _member(self, path: str, archive: "zipfile.ZipFile", member: str) -> io.RawIOBase:
        if archive.getinfo(member).flag_bits & 1:
            raise RecordingError(path, "is encrypted")
        with reporting(path, "the zip archive is damaged"):
            return Expanded(path, cast("zipfile.ZipExtFile", archive.open(member)).read1, self._expansion)

    def _attached(self, archive: "zipfile.ZipFile", path: str) -> bytes | None:
        try:
            if archive.getinfo(path).file_size > LONGEST:
                return None
            body = archive.read(path)
        except Exception:  # missing, encrypted, damaged
            return None
        self._expansion.add(len(body))
        return body


def _is_hidden(member: str) -> bool:
    parts = [part for part in member.split("/") if part not in (".", "..")]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


class _Archive:
    """A zip archive as the library reads it, but for a directory of many members."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name = name
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable
        self._read = file.read

    def read(self, size: int = -1, /) -> bytes:
        if size > _LONGEST_DIRECTORY:
            raise RecordingError(self._name, "the zip archive has too many members")
        return self._read(size)


def _copied(stack: contextlib.ExitStack, file: Opened) -> BinaryIO:
    """A copy of a file that cannot be read at any place."""
    import shutil
    import tempfile

    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the stack closes it
    stack.enter_context(copy)
    shutil.copyfileobj(file, copy, BUFFER)
    copy.seek(0)
    return cast(BinaryIO, copy)
