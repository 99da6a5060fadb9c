"""Where reports go: standard output, or a file that is replaced once all is written."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click

from wirecheck.model import OutputError


def write(pieces: Iterable[str], format_: str, output: Path | None) -> None:
    """Writes to standard output, or replaces a file once all is written. JSON is UTF-8 everywhere."""
    if output is None:
        for piece in pieces:
            click.echo(piece if format_ == "text" else piece.encode(), nl=False)
        return
    try:
        with _replacing(output) as file:
            for piece in pieces:
                file.write(click.unstyle(piece))
    except OSError as error:
        raise OutputError(str(output), f"cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    if path.exists() and not path.is_file() and not path.is_dir():  # /dev/null, a pipe: no file to replace
        with path.open("w", encoding="utf-8") as file:
            yield file
        return
    path = Path(os.path.realpath(path))  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def require_writable(path: Path) -> None:
    """Raises OutputError for a file that cannot be written, before the work that it is for."""
    folder = path.parent
    if path.is_dir():
        raise OutputError(str(path), "cannot be written: it is a folder")
    if not folder.is_dir():
        raise OutputError(str(path), "cannot be written: there is no such folder")
    if not os.access(path if path.exists() and not path.is_file() else folder, os.W_OK):
        raise OutputError(str(path), "cannot be written: that is not permitted")
