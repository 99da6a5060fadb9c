"""Documents as they were read before, in a folder of the user; it may be deleted at any time."""

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from wirecheck.spec.document import Document, Place, SpecProblem
from wirecheck.spec.operations import Operation

if TYPE_CHECKING:
    from wirecheck.spec import Spec

_LEAST = 4_000  # bytes of a document: to read a smaller one takes no longer than to look for its entry
_MOST = 200_000_000  # bytes of all entries
_DIGEST = hashlib.sha256().digest_size


class _Entry(msgspec.Struct, array_like=True, gc=False):
    """What is stored of a document; ``is_original`` is whether it has the form in which it is written.

    ``marks`` and ``member_names`` are those of its Spec.
    """

    data: dict[str, Any]
    place: msgspec.Raw  # a Place, which is decoded when it is needed
    ambiguous: tuple[tuple[int, str], ...]
    misindented: tuple[int, ...]
    problems: tuple[SpecProblem, ...]
    operations: tuple[Operation, ...]
    marks: frozenset[str]
    member_names: frozenset[str]
    is_original: bool


class Facts:
    """What was found out about a document that is stored. A fact is whatever text tells it from others."""

    def __init__(self, entry: Path) -> None:
        self._entry = entry

    def has(self, fact: bytes) -> bool:
        return self._file(fact).exists()

    def add(self, fact: bytes) -> None:
        with suppress(OSError):
            self._file(fact).touch(0o600)

    def _file(self, fact: bytes) -> Path:
        return self._entry.with_suffix(f".{hashlib.sha256(fact).hexdigest()[:16]}")


class Stored(msgspec.Struct, frozen=True):
    document: Document
    operations: tuple[Operation, ...]
    marks: frozenset[str]
    member_names: frozenset[str]
    facts: Facts


def stored(raw: bytes, name: str) -> Stored | None:
    """The document of a file with this content and name; None where there is no entry that can be used."""
    file = _file(raw, name)
    if file is None:
        return None
    try:
        content = file.read_bytes()
        if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return None
        entry = msgspec.msgpack.decode(memoryview(content)[_DIGEST:], type=_Entry)
        os.utime(file)  # the oldest entries are deleted
    except (OSError, ValueError):
        return None
    document = Document(
        name,
        entry.data,
        partial(msgspec.msgpack.decode, entry.place.copy(), type=Place),
        ambiguous=entry.ambiguous,
        misindented=entry.misindented,
        problems=entry.problems,
        has_identifiers=False,
        is_normal=True,
        original=None if entry.is_original else partial(_original, raw, name),
    )
    return Stored(document, entry.operations, entry.marks, entry.member_names, Facts(file))


def store(raw: bytes, name: str, spec: "Spec") -> None:
    """Stores the document of a file in its normal form, where it is not small and that is possible."""
    file, document = _file(raw, name), spec.document
    if file is None:
        return
    try:
        entry = _Entry(
            document.data,
            msgspec.Raw(msgspec.msgpack.encode(document.place)),
            document.ambiguous,
            document.misindented,
            document.problems,
            spec.operations,
            spec.marks,
            spec.member_names,
            document.original is None,
        )
        content = msgspec.msgpack.encode(entry)
    except (OverflowError, ValueError):
        return  # a number of more than 64 bits, or the name of a file that is not UTF-8
    with suppress(OSError):
        _write(file, hashlib.sha256(content).digest() + content)
        _tidy(file.parent)


def _original(raw: bytes, name: str) -> Document:
    from wirecheck.spec.text import decoded, parse

    return parse(decoded(raw, name), name)


def _file(raw: bytes, name: str) -> Path | None:
    """The file of an entry; None where nothing is stored."""
    folder = _folder() if len(raw) >= _LEAST and _reader() else None
    if folder is None:
        return None
    key = hashlib.sha256(b"\0".join((_reader(), name.encode("utf-8", "surrogateescape"), raw)))
    return folder / key.hexdigest()


@cache
def _reader() -> bytes:
    """The source of what reads documents: another version has other entries. Empty if there is no source."""
    return source(Path(__file__).parent)


def source(*folders: Path) -> bytes:
    """The source of packages; empty if there is none."""
    return b"\0".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.py")))


def _folder() -> Path | None:
    """Where entries are; None where the user wants none, has no home, or others may write there."""
    if os.environ.get("WIRECHECK_CACHE", "").lower() in ("off", "0", "false", "no"):
        return None
    try:
        folder = _caches() / "wirecheck"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):
        return None
    if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return None
    return folder


def _caches() -> Path:
    """The user's folder of caches; raises RuntimeError where there is no home."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if configured.is_absolute():
        return configured
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _write(file: Path, content: bytes) -> None:
    """Writes a file at once or not at all; only the user may read it."""
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink()
        raise


def _tidy(folder: Path) -> None:
    """Deletes the oldest files, so that the others have no more than _MOST bytes."""
    files = [(file.stat().st_mtime_ns, file) for file in folder.iterdir() if file.is_file()]
    size = 0
    for _, file in sorted(files, reverse=True):
        size += file.stat().st_size
        if size > _MOST:
            file.unlink()
