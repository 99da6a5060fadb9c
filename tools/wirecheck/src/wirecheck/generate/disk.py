"""The package on disk: what stands there, and putting another in its place."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from wirecheck.model import OutputError

MARK = "Made by wirecheck generate. Edits are lost: the next run replaces this folder whole.\n"


@contextlib.contextmanager
def trouble_as_output_error(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(str(target), error.strerror or str(error)) from error


def refuse_foreign(target: Path) -> None:
    if not os.path.lexists(target):
        return
    note = target / "GENERATED"
    if target.is_symlink() or not note.is_file() or not note.read_bytes().startswith(MARK.encode()):
        raise OutputError(str(target), "was not made by wirecheck generate, so it is left alone")


def put(target: Path, files: dict[str, bytes]) -> None:
    """Put the files in place of the folder: all of them, or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".wirecheck-", dir=target.parent) as stage:
        new, old = Path(stage, "new"), Path(stage, "old")
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            if target.exists():
                target.rename(old)
            new.rename(target)
        except BaseException:
            if old.exists() and not target.exists():
                old.rename(target)
            raise


def differences(files: dict[str, bytes], target: Path) -> Iterator[str]:
    found = set(_entries(target))
    folders = {parent.as_posix() for name in files for parent in PurePosixPath(name).parents}
    yield from (f"{name}: missing" for name in files.keys() - found)
    yield from (f"{name}: is stray" for name in found - files.keys() - folders)
    for name in found & files.keys():
        path = target / name
        if path.is_symlink() or not path.is_file() or path.read_bytes() != files[name]:
            yield f"{name}: differs"


def _entries(folder: Path) -> Iterator[str]:
    """Every file, link and empty folder below, __pycache__ aside."""
    for root, folders, names in os.walk(folder):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        links = [name for name in folders if Path(root, name).is_symlink()]
        for name in (*names, *links):
            yield Path(root, name).relative_to(folder).as_posix()
        if not folders and not names:
            yield Path(root).relative_to(folder).as_posix()
