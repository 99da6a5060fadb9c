"""Recordings: files of exchanges, read one exchange at a time. A format is one module."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import foreign
from wirecheck.recordings.bodies import Bodies
from wirecheck.recordings.inputs import inputs, real, uncompressed
from wirecheck.recordings.opening import Opened, opened

__all__ = ["FORMATS", "Bodies", "Format", "Reader", "Recordings", "read"]

Reader = Callable[[str, BinaryIO], Iterator[Exchange]]
"""Yields the exchanges of an open file; sources and errors call it by the name."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of recordings; its ``module`` is imported at its first use.

    A file with one of the ``endings`` is read as this format where it begins like none.
    """

    title: str
    module: str
    endings: tuple[str, ...] = ()

    @property
    def read(self) -> Reader:
        reader: Reader = self._imported().read
        return reader

    def looks_like(self, start: bytes) -> bool:
        """Whether a file begins like one: with up to 4 MiB, perhaps cut off in the middle."""
        result: bool = self._imported().looks_like(start)
        return result

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
    "har": Format("HAR", "har", (".har",)),
    "jsonl": Format("JSON Lines", "jsonl", (".jsonl", ".ndjson")),
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


class Recordings:
    """The recordings that a person names: files, folders, patterns, and ``-`` for standard input.

    ``format_`` is the name of the format of all that are read; by default it is detected. ``bodies`` tells
    which files of no format are bodies of responses. ``size`` is the number of bytes to be read, as far as it
    is known. ``passed_over`` are files of folders, patterns and archives that are no recordings, once those
    were read. Raises RecordingError where files cannot be listed.
    """

    def __init__(
        self, paths: Iterable[Path], format_: str | None = None, bodies: Bodies | None = None
    ) -> None:
        self._paths = list(paths)
        self._inputs = inputs(self._paths)
        self._format = FORMATS[format_] if format_ else None
        self._bodies = bodies
        self._attached = set[Path]()
        self.size = sum(source.size for source in self._inputs)
        self.passed_over: list[str] = []

    def read(self, progress: Callable[[int], None] = _ignore) -> Iterator[Exchange]:
        """The exchanges in the order of the recordings; no more than a few are in memory at a time.

        ``progress`` is called with the number of bytes read since its last call. Raises RecordingError,
        and nothing else, for a recording of which nothing can be read, and where there is none.
        """
        is_any = False
        for source in self._inputs:
            if not source.is_named and real(source.path) in self._attached:
                progress(source.size)
                continue
            is_read, name = False, ""
            for name, file in opened(source, progress, self._attached):
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
                    self.passed_over.append(name)
            if source.is_named and not is_read:
                raise RecordingError(source.name, "contains no recording")
            if not name:
                self.passed_over.append(source.name)
            is_any = is_any or is_read
        if not is_any:
            raise RecordingError(", ".join(map(str, self._paths)), "contains no recording")

    def _reader(self, name: str, file: Opened, *, is_named: bool) -> Reader | None:
        """The reader for a file; None for one that is no recording and was not named itself."""
        start = file.peek().removeprefix(codecs.BOM_UTF8)
        ending = uncompressed(name).suffix.lower()
        if self._format is not None:
            is_meant = is_named or ending in self._format.endings or self._format.looks_like(start)
            return self._format.read if is_meant else None
        likely = [FORMATS["har"]] if _LOG.match(start) else []
        detected = next((each for each in (*likely, *FORMATS.values()) if each.looks_like(start)), None)
        return detected.read if detected else self._undetected(name, start, ending, is_named=is_named)

    def _undetected(self, name: str, start: bytes, ending: str, *, is_named: bool) -> Reader | None:
        """The reader for a file that begins like no format."""
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
