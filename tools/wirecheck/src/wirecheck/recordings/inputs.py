"""The files that a person names: themselves, by their folder, by a pattern, or as standard input."""

import glob
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from wirecheck.model import RecordingError

STDIN = Path("-")
_COMPRESSED = frozenset({".gz", ".zst", ".zstd"})


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to be read; sources and errors call it by the ``name``.

    ``size`` is in bytes, 0 where it is unknown, as of standard input. ``is_named`` says whether a person
    named it, and not only its folder or a pattern.
    """

    path: Path
    name: str
    size: int
    is_named: bool = True


def inputs(paths: Iterable[Path]) -> list[InputFile]:
    """The files in the order of the paths, those of a folder or a pattern sorted.

    Raises RecordingError for a folder that cannot be listed, and for a pattern that matches nothing.
    """
    files = [each for path in paths for each in _inputs(path)]
    times = Counter(each.name for each in files)
    return [each if times[each.name] == 1 else replace(each, name=str(each.path)) for each in files]


def _inputs(path: Path) -> Iterator[InputFile]:
    if path == STDIN:
        yield InputFile(path, "stdin", 0)
    elif path.is_dir():
        files = list(_in_folder(path))
        if not files:
            raise RecordingError(str(path), "the folder contains no file")
        yield from files
    elif glob.has_magic(str(path)) and not path.exists():
        yield from _matching(str(path))
    else:
        yield InputFile(path, path.name, _size(path) or 0)


def _in_folder(folder: Path) -> Iterator[InputFile]:
    """The files below a folder but hidden ones, in each folder HAR first: it names other files as its bodies.

    Links to folders are not followed, as they may be loops.
    """
    for where, folders, names in os.walk(folder, onerror=_reject):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = Path(where)
        shown = folder.name / within.relative_to(folder)
        for name in sorted(names, key=har_first):
            path = within / name
            if not name.startswith(".") and (size := _size(path)) is not None:
                yield InputFile(path, (shown / name).as_posix(), size, is_named=False)


def _size(path: Path) -> int | None:
    """Bytes of a file; None where there is none, or something else that may be read only once."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def har_first(name: str) -> tuple[bool, str]:
    """A key to sort by: HAR may name other files as its bodies, which are no recordings then."""
    return uncompressed(name).suffix.lower() != ".har", name


def uncompressed(name: str) -> PurePath:
    """A name without the ending of a compressed file."""
    path = PurePath(name)
    return path.with_suffix("") if path.suffix.lower() in _COMPRESSED else path


def _matching(pattern: str) -> Iterator[InputFile]:
    """What a pattern matches, each once: links may be loops that end only with the length of a path."""
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
