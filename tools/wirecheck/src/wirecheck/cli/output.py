"""Writes reports to standard output, or to a file that is replaced once the report is complete."""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import click

from wirecheck.escapes import printable
from wirecheck.model import OutputError

_LINES = 10
# What begins a command in the log of a job: ::error:: on GitHub, ##vso[...] and ##[...] on Azure.
_COMMAND = re.compile(r"^((?:[ \t]|\x1b\[[0-9;]*m)*+):(?=:)|#(?=#\w{0,20}\[)", re.MULTILINE)


def write(pieces: Iterable[str], format_: str, output: Path | None) -> None:
    """Writes pieces of text to standard output or into a file. What is not for people is UTF-8 everywhere.

    Nothing in a text becomes a command of the CI system that logs it.

    Raises OutputError where the file cannot be written; an existing one is then left as it was.
    """
    if format_ == "text":
        pieces = map(_inert, pieces)
    if output is None:
        for piece in pieces:
            click.echo(piece if format_ == "text" else piece.encode(), nl=False)
        return
    data = (click.unstyle(piece).encode() for piece in pieces)
    if is_job_summary(output):
        with _errors_of(output):
            appended = b"\n" + b"".join(data)
            with output.open("ab") as file:
                file.write(appended)
    else:
        write_bytes(data, output)


def _inert(text: str) -> str:
    """The text with the sign escaped that makes a command of a line."""
    return _COMMAND.sub(lambda match: "\\x23" if match[1] is None else f"{match[1]}\\x3a", text)


def write_bytes(pieces: Iterable[bytes], output: Path | None) -> None:
    """Writes pieces of a file to standard output or into a file, which is replaced at the end.

    Raises OutputError where the file cannot be written; an existing one is then left as it was.
    """
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    with _errors_of(output), _replacing(output) as file:
        for piece in pieces:
            file.write(piece)


def write_folder(files: Iterable[tuple[str, str]], folder: Path) -> None:
    """Writes files into a folder, which is made if need be; files with other names stay.

    Raises OutputError where one of them cannot be written.
    """
    with _errors_of(folder):
        folder.mkdir(exist_ok=True)
    for name, content in files:
        write([content], "", folder / name)


def is_job_summary(path: Path) -> bool:
    """Whether a file is the summary of the step of GitHub Actions that runs, to which commands append."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    return summary is not None and path == Path(summary)


@contextlib.contextmanager
def _errors_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(str(path), f"cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    if path.exists() and not path.is_file() and not path.is_dir():  # /dev/null, a pipe: cannot be replaced
        with path.open("wb") as file:
            yield file
        return
    path = Path(os.path.realpath(path))  # so that a link stays a link
    import tempfile

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def require_writable(path: Path) -> None:
    """Raises OutputError for a file that cannot be written, before any work is done for it."""
    folder = path.parent
    if path.is_dir():
        raise OutputError(str(path), "cannot be written: it is a folder")
    if not folder.is_dir():
        raise OutputError(str(path), "cannot be written: there is no such folder")
    if not os.access(path if path.exists() and not path.is_file() else folder, os.W_OK):
        raise OutputError(str(path), "cannot be written: permission denied")


def require_writable_folder(path: Path) -> None:
    """Raises OutputError for a folder that cannot be made or written to."""
    if path.exists() and not path.is_dir():
        raise OutputError(str(path), "cannot be written: it is no folder")
    if not path.is_dir() and not path.parent.is_dir():
        raise OutputError(str(path), "cannot be written: there is no such folder")
    if not os.access(path if path.is_dir() else path.parent, os.W_OK):
        raise OutputError(str(path), "cannot be written: permission denied")


def shortened(lines: Sequence[str], more: str) -> Iterator[str]:
    """The lines, printable; of many the first ones, and the command that says more."""
    yield from map(printable, lines[:_LINES])
    if lines[_LINES:]:
        yield f"... and {len(lines) - _LINES} more: wirecheck {more}"
