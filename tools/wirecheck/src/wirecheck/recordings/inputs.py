"""The files that a person names: themselves, by their folder, by a pattern, or as standard input."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from msgspec import Struct
from msgspec.structs import replace

from wirecheck.model import RecordingError

STDIN = Path("-")
_MAGIC = frozenset("*?[")  # signs of a pattern
_COMPRESSED = frozenset({".gz", ".zst", ".zstd"})


class InputFile(Struct, frozen=True):
    """A file to be read; sources and errors call it by the ``name``.

    ``size`` is in bytes, 0 where it is unknown, as of standard input. ``is_named`` says whether a person
    named it, and not only its folder or a pattern.
    """

    path: Path
    name: str
    size: int
    is_named: bool = True


class Inputs:
    """The files in the order of the paths, those of a folder or a pattern sorted; listed anew each time.

    ``size`` is their size in bytes, as far as it is known. Raises RecordingError for a folder that cannot be
    listed, and for a pattern that matches nothing.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = list(paths)
        self.size = self.count = 0
        names, ambiguous = set[str](), set[str]()
        for source in self._listed():
            self.size += source.size
            self.count += 1
            if len(self._paths) > 1 or not self._paths[0].is_dir():  # in one folder, names are unique
                (ambiguous if source.name in names else names).add(source.name)
        self._ambiguous = ambiguous

    def __iter__(self) -> Iterator[InputFile]:
        for source in self._listed():
            is_ambiguous = source.name in self._ambiguous
            yield replace(source, name=str(source.path)) if is_ambiguous else source

    def _listed(self) -> Iterator[InputFile]:
        for path in self._paths:
            yield from _inputs(path)


def _inputs(path: Path) -> Iterator[InputFile]:
    if path == STDIN:
        yield InputFile(path, "stdin", 0)
    elif path.is_dir():
        source: InputFile | None = None
        for source in _in_folder(path):
            yield source
        if source is None:
            raise RecordingError(str(path), "the folder contains no file")
    elif _MAGIC.isdisjoint(str(path)) or path.exists():
        yield InputFile(path, path.name, _size(path) or 0)
    else:
        yield from _matching(str(path))


def _in_folder(folder: Path) -> Iterator[InputFile]:
    """The files below a folder but hidden ones, in each folder HAR first: it names other files as its bodies.

    Links to folders are not followed, as they may be loops.
    """
    for where, folders, names in os.walk(folder, onerror=_reject):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = Path(where)
        shown = (folder.name / within.relative_to(folder)).as_posix()
        prefix = "" if shown == "." else f"{shown}/"
        for name in sorted(names, key=har_first):
            path = within / name
            if not name.startswith(".") and (size := _size(path)) is not None:
                yield InputFile(path, f"{prefix}{name}", size, is_named=False)


def _size(path: Path) -> int | None:
    """Bytes of a file; None where there is none, or something else that may be read only once."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def har_first(name: str) -> tuple[bool, str]:
    """A key to sort by: HAR may name other files as its bodies, which are no recordings then."""
    return ".har" not in name.lower() or uncompressed(name).suffix.lower() != ".har", name


def uncompressed(name: str) -> PurePath:
    """A name without the ending of a compressed file."""
    path = PurePath(name)
    return path.with_suffix("") if path.suffix.lower() in _COMPRESSED else path


def _matching(pattern: str) -> Iterator[InputFile]:
    """What a pattern matches, each once: links may be loops that end only with the length of a path."""
    import glob

    found = [Path(match) for match in glob.glob(pattern, recursive=True)]  # noqa: PTH207 - in any folder
    if not found:
        raise RecordingError(pattern, "no file matches this pattern")
    matches = {real(path): path for path in sorted(found, key=lambda path: -len(path.parts))}
    for path in sorted(matches.values()):
        if (size := _size(path)) is not None:
            yield InputFile(path, path.name, size, is_named=False)
        elif path.is_dir() and "**" not in pattern:
            yield from _in_folder(path)


def real(path: Path) -> Path:
    """The path without links; that of a loop of links as it is."""
    return Path(os.path.realpath(path))


def _reject(error: OSError) -> None:
    raise RecordingError(str(error.filename), error.strerror or "cannot be read")
