"""The output on disk: what is there, whether wirecheck wrote it, and its replacement."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from wirecheck.model import OutputError

MARK = "Made by wirecheck generate. Edits are lost: the next run replaces this folder whole.\n"
"""The first line of the file ``GENERATED`` in each package."""


@contextlib.contextmanager
def os_errors_as_output_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(str(target), error.strerror or str(error)) from error


def require_own_package(target: Path) -> None:
    """Raises OutputError if the folder exists and was not written by wirecheck generate."""
    if not os.path.lexists(target):
        return
    note = target / "GENERATED"
    if target.is_symlink() or not note.is_file() or not note.read_bytes().startswith(MARK.encode()):
        raise OutputError(str(target), "was not made by wirecheck generate, so it is not replaced")


def has_own_mark(target: Path, mark: str) -> bool:
    """Whether there is no such file yet, or its first line contains the mark."""
    if not os.path.lexists(target):
        return True
    if target.is_symlink() or not target.is_file():
        return False
    with target.open("rb") as file:
        return mark.encode() in file.readline()


def replace(output: Path, files: Mapping[str, bytes]) -> None:
    """Replace each top-level entry of ``output`` that the files belong to: all of them, or none."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".wirecheck-", dir=output) as stage:
        new, old = Path(stage, "new"), Path(stage, "old")
        old.mkdir()
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        entries = sorted({PurePosixPath(name).parts[0] for name in files})
        try:
            for entry in entries:
                if os.path.lexists(output / entry):
                    (output / entry).rename(old / entry)
                (new / entry).rename(output / entry)
        except BaseException:
            for entry in entries:
                if not os.path.lexists(new / entry):
                    (output / entry).rename(new / entry)
                if os.path.lexists(old / entry):
                    (old / entry).rename(output / entry)
            raise


def differences(files: Mapping[str, bytes], output: Path, package: str) -> Iterator[str]:
    """How ``output`` differs from the files: those of the package are complete, others may lie beside it."""
    existing = {f"{package}/{name}" for name in _entries(output / package)}
    existing |= {name for name in files if "/" not in name and os.path.lexists(output / name)}
    folders = {parent.as_posix() for name in files for parent in PurePosixPath(name).parents}
    yield from (f"{name}: missing" for name in files.keys() - existing)
    yield from (f"{name}: is stray" for name in existing - files.keys() - folders)
    for name in existing & files.keys():
        path = output / name
        if path.is_symlink() or not path.is_file() or path.read_bytes() != files[name]:
            yield f"{name}: differs"


def _entries(folder: Path) -> Iterator[str]:
    """Every file, link and empty folder below, except ``__pycache__``."""
    for root, folders, names in os.walk(folder):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        links = [name for name in folders if Path(root, name).is_symlink()]
        for name in (*names, *links):
            yield Path(root, name).relative_to(folder).as_posix()
        if not folders and not names:
            yield Path(root).relative_to(folder).as_posix()
