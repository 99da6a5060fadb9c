"""Recordings: files of exchanges, read one exchange at a time. A format is one module."""

import codecs
import contextlib
import math
import re
from collections.abc import Callable, Container, Generator, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from msgspec import Struct

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import foreign
from wirecheck.recordings.bodies import Bodies
from wirecheck.recordings.inputs import InputFile, Inputs, real, uncompressed
from wirecheck.recordings.opening import Opened, opened, opened_at
from wirecheck.recordings.tasks import Batch, FilePart, Task, cut, effort

__all__ = [
    "FORMATS",
    "Batch",
    "Bodies",
    "FilePart",
    "Format",
    "Inventory",
    "Reader",
    "Recordings",
    "Task",
    "read",
]

Reader = Callable[[str, BinaryIO], Iterator[Exchange]]
"""Yields the exchanges of an open file; sources and errors call it by the name."""


class Format(Struct, frozen=True):
    """A format of recordings; its ``module`` is imported at its first use.

    A file with one of the ``endings`` is read as this format where it begins like none. One that
    ``has_parts`` may be read in parts.
    """

    title: str
    module: str
    endings: tuple[str, ...] = ()
    has_parts: bool = False

    @property
    def read(self) -> Reader:
        reader: Reader = self._imported().read
        return reader

    def looks_like(self, start: bytes) -> bool:
        """Whether a file begins like one: with up to 4 MiB, perhaps cut off in the middle."""
        result: bool = self._imported().looks_like(start)
        return result

    def boundaries(self, file: BinaryIO, size: int, count: int) -> list[int]:
        """Offsets at which parts of a file begin, by guess, for its size and a number of parts."""
        offsets: list[int] = self._imported().boundaries(file, size, count)
        return offsets

    def read_part(self, name: str, file: BinaryIO, stop: int, first: int) -> Iterator[Exchange]:
        """The exchanges from the position of a file to an offset, from the number of the first one.

        Raises MisplacedError where no entry begins at that offset.
        """
        exchanges: Iterator[Exchange] = self._imported().read_part(name, file, stop, first)
        return exchanges

    def _imported(self) -> ModuleType:
        return import_module(f"wirecheck.recordings.{self.module}")


FORMATS: dict[str, Format] = {
    "vcr": Format("VCR cassette", "vcr"),
    "nock": Format("nock", "nock"),
    "postman": Format("Postman", "postman"),
    "mitmproxy": Format("flows of mitmproxy", "mitmproxy", (".flow", ".flows", ".mitm")),
    "burp": Format("items of Burp Suite", "burp"),
    "warc": Format("WARC", "warc", (".warc",)),
    "access-log": Format("access log", "access_log"),
    "har": Format("HAR", "har", (".har",), has_parts=True),
    "jsonl": Format("JSON Lines", "jsonl", (".jsonl", ".ndjson"), has_parts=True),
}
"""By the name for ``--from``; the first one that a file looks like is its format."""

_LOG = re.compile(rb"\s*\{\s*\"log\"\s*:\s*\{")
"""How a HAR begins, and nothing else: the modules of other formats need not be imported to look at it."""
_HAR = frozenset({".har"})  # the ending of nothing else: a file that has it was meant to be read


def _ignore(_count: int) -> None:
    pass


def read(path: Path, progress: Callable[[int], None] = _ignore) -> Iterator[Exchange]:
    """The exchanges of a recording, or of those in a folder; as ``Recordings`` reads them."""
    return Recordings([path]).read(progress)


class Inventory(Struct):
    """What became of files: those ``passed_over`` are no recordings; ``is_any`` is whether others are.

    ``attached`` are files to which recordings refer as the bodies of messages.
    """

    passed_over: list[str] = []
    attached: set[Path] = set()
    is_any: bool = False

    def merge(self, other: "Inventory") -> None:
        self.passed_over += other.passed_over
        self.attached |= other.attached
        self.is_any = self.is_any or other.is_any


class Recordings:
    """The recordings that a person names: files, folders, patterns, and ``-`` for standard input.

    ``format_`` is the name of the format of all that are read; by default it is detected. ``bodies`` tells
    which files of no format are bodies of responses. ``size`` is the number of bytes to be read, as far as it
    is known. The ``inventory`` is about the files that were read. Raises RecordingError where files cannot be
    listed.
    """

    def __init__(
        self, paths: Iterable[Path], format_: str | None = None, bodies: Bodies | None = None
    ) -> None:
        self._paths = list(paths)
        self._inputs = Inputs(self._paths)
        self._format = FORMATS[format_] if format_ else None
        self._bodies = bodies
        self.size = self._inputs.size
        self.inventory = Inventory()

    @property
    def passed_over(self) -> list[str]:
        """Files of folders, patterns and archives that are no recordings, once those were read."""
        return self.inventory.passed_over

    def read(self, progress: Callable[[int], None] = _ignore) -> Iterator[Exchange]:
        """The exchanges in the order of the recordings; no more than a few are in memory at a time.

        ``progress`` is called with the number of bytes read since its last call. Raises RecordingError,
        and nothing else, for a recording of which nothing can be read, and where there is none.
        """
        for source in self._inputs:
            yield from self._exchanges(source, progress)
        self.finish()

    def finish(self) -> None:
        """Raises RecordingError where there was no recording."""
        if not self.inventory.is_any:
            raise RecordingError(", ".join(map(str, self._paths)), "contains no recording")

    def _exchanges(self, source: InputFile, progress: Callable[[int], None]) -> Iterator[Exchange]:
        if self._is_attached(source):
            progress(source.size)
            return
        is_read, name = False, ""
        for name, file in opened(source, progress, self.inventory.attached):
            is_named = source.is_named and name == source.name
            reader = self._reader(name, file, is_named=is_named)
            exchange = None
            for exchange in reader(name, file) if reader else ():
                yield exchange
            if exchange is not None:
                is_read = True
            elif is_named:
                raise RecordingError(name, "contains no exchange")
            else:
                self.inventory.passed_over.append(name)
        if source.is_named and not is_read:
            raise RecordingError(source.name, "contains no recording")
        if not name:
            self.inventory.passed_over.append(source.name)
        self.inventory.is_any = self.inventory.is_any or is_read

    def _is_attached(self, source: InputFile) -> bool:
        attached = self.inventory.attached
        return bool(attached) and not source.is_named and real(source.path) in attached

    @property
    def effort(self) -> int:
        """How much there is to read: bytes, and what opening the files takes."""
        return effort(self._inputs.size, self._inputs.count)

    def tasks(self, size: int, whole: Container[int]) -> Iterator[Task]:
        """The tasks of reading all that is not attached to what was read until then.

        Each has an effort of about ``size``. No more parts are given of an input whose position is in
        ``whole``.
        """

        def parts(position: int, source: InputFile) -> Iterator[FilePart]:
            return self._parts(position, source, size)

        return cut(self._inputs, size, parts, self._is_attached, whole)

    def everything(self) -> Batch:
        """The one task of reading all."""
        return Batch(self._inputs)

    def is_outdated(self, task: Task) -> bool:
        """Whether a task contains what is attached to a recording that was read since it was cut."""
        if not self.inventory.attached:
            return False
        return any(map(self._is_attached, task.inputs if isinstance(task, Batch) else (task.input,)))

    def exchanges(
        self, task: Task, progress: Callable[[int], None] = _ignore, first: int = 0
    ) -> Generator[Exchange]:
        """The exchanges of a task, with an addition to the inventory; those of a part counted from ``first``.

        Raises RecordingError, and MisplacedError for a part that cannot be read by itself.
        """
        if isinstance(task, Batch):
            for source in task.inputs:
                yield from self._exchanges(source, progress)
            return
        source = task.input
        with opened_at(source, task.start, self.inventory.attached) as file:
            for exchange in FORMATS[task.format_].read_part(source.name, file, task.stop, first):
                self.inventory.is_any = True
                yield exchange

    def _parts(self, position: int, source: InputFile, size: int) -> Iterator[FilePart]:
        """The parts of a large input; none of one that is compressed, or of a format without parts."""
        name = self._format_with_parts(source)
        if name is None or not FORMATS[name].has_parts:
            return
        with contextlib.suppress(OSError), source.path.open("rb") as file:
            offsets = FORMATS[name].boundaries(file, source.size, math.ceil(source.size / size))
            for start, stop in zip([0, *offsets], [*offsets, -1], strict=True) if offsets else ():
                end = source.size if stop < 0 else stop
                yield FilePart(source, position, name, start, stop, end - start)

    def _format_with_parts(self, source: InputFile) -> str | None:
        try:
            with contextlib.closing(opened(source, _ignore, set())) as files:
                name, file = next(files)
                reader = self._reader(name, file, is_named=source.is_named) if file.is_plain else None
        except (RecordingError, StopIteration):  # it is read as a whole, with the same result
            return None
        formats = ((name, each) for name, each in FORMATS.items() if each.has_parts)
        return next((name for name, each in formats if each.read is reader), None)

    def _reader(self, name: str, file: Opened, *, is_named: bool) -> Reader | None:
        """The reader for a file; None for one that is no recording and was not named itself."""
        start = file.peek().removeprefix(codecs.BOM_UTF8)
        if self._format is not None:
            ending = uncompressed(name).suffix.lower()
            is_meant = is_named or ending in self._format.endings or self._format.looks_like(start)
            return self._format.read if is_meant else None
        likely = [FORMATS["har"]] if _LOG.match(start) else []
        detected = next((each for each in (*likely, *FORMATS.values()) if each.looks_like(start)), None)
        return detected.read if detected else self._undetected(name, start, is_named=is_named)

    def _undetected(self, name: str, start: bytes, *, is_named: bool) -> Reader | None:
        """The reader for a file that begins like no format."""
        ending = uncompressed(name).suffix.lower()
        by_ending = next((each.read for each in FORMATS.values() if ending in each.endings), None)
        if by_ending is None and self._bodies and self._bodies.claims(name, is_named=is_named):
            return self._bodies.read
        if not is_named and ending not in _HAR:
            return None
        if what := foreign.kind(name, start):
            raise RecordingError(name, what)
        if by_ending is None:
            raise RecordingError(name, self._unknown(start))
        return by_ending

    def _unknown(self, start: bytes) -> str:
        if not start.strip():
            return "the file is empty"
        titles = ", ".join(each.title for each in FORMATS.values())
        is_body = self._bodies is not None and start.lstrip().startswith((b"{", b"["))
        hint = "; if it is the body of a response, name its --operation" if is_body else ""
        return f"is not a recording of a known format ({titles}){hint}"
