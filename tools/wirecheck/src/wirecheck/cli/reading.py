"""The recordings of a command line, and the options of how they are read."""

from collections.abc import Callable, Generator, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from wirecheck.cli.options import Command
from wirecheck.cli.progress import steps
from wirecheck.cli.suggest import unknown
from wirecheck.escapes import printable
from wirecheck.model import Exchange, RecordingError

if TYPE_CHECKING:
    from wirecheck.recordings import Bodies
    from wirecheck.spec import Spec

_SHOWN = 3  # files that are named


class ReadingOptions(Struct, frozen=True):
    """How recordings are read: ``format_`` by force; ``strict`` where each entry must be readable."""

    format_: str | None
    strict: bool

    def exchanges(self, paths: Sequence[Path], label: str) -> Generator[Exchange]:
        """The exchanges of recordings, with a labelled progress bar on a terminal. Raises RecordingError."""
        from wirecheck.recordings import Recordings

        recordings = Recordings(paths, self.format_)
        with steps(recordings.size, label) as advance:
            for exchange in recordings.read(advance):
                if exchange.error and self.strict:
                    raise RecordingError(exchange.source, exchange.error)
                yield exchange
        mention_passed_over(recordings.passed_over)


class BareBodies(Struct, frozen=True):
    """The operation and the status of files that are just the body of a response, where they are named."""

    operation: str | None
    status: int | None

    def of(self, spec: "Spec") -> "Bodies":
        """Raises BadParameter for an operation that the document does not have."""
        from wirecheck.recordings import Bodies

        operations = {operation.name: operation for operation in spec.operations}
        if self.operation and self.operation not in operations:
            raise unknown("operation", self.operation, operations)
        return Bodies(spec, operations.get(self.operation or ""), self.status)


def mention_passed_over(passed_over: Sequence[str]) -> None:
    """Says which files are no recordings."""
    if passed_over:
        count = len(passed_over)
        listed = ", ".join(passed_over[:_SHOWN]) + (f" and {count - _SHOWN:,} more" if count > _SHOWN else "")
        files = "1 file is no recording" if count == 1 else f"{count:,} files are no recordings"
        click.echo(f"wirecheck: {files}: {printable(listed)}", err=True)


def _format(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    if name is not None:
        from wirecheck.recordings import FORMATS

        if name not in FORMATS:
            raise unknown("format", name, FORMATS)
    return name


def reading_options(command: Command) -> Command:
    """The options --from and --strict; the command gets ``reading``."""

    @wraps(command)
    def run(*args: Any, from_: str | None, strict: bool, **given: Any) -> Any:
        return command(*args, reading=ReadingOptions(from_, strict), **given)

    return _options(
        run,
        click.option(
            "--from",
            "from_",
            metavar="FORMAT",
            callback=_format,
            help="Format of the recordings, such as har or jsonl.  [default: detected by their content]",
        ),
        click.option(
            "--strict", is_flag=True, help="Exit with 2 if any entry of a recording cannot be read."
        ),
    )


def body_options(command: Command) -> Command:
    """The options --operation and --status; the command gets ``bodies``."""

    @wraps(command)
    def run(*args: Any, operation: str | None, status: int | None, **given: Any) -> Any:
        return command(*args, bodies=BareBodies(operation, status), **given)

    return _options(
        run,
        click.option(
            "--operation",
            metavar="NAME",
            help="Operation whose responses the files contain that are just bodies.  [default: their names,"
            " as in getPet.json or getPet.404.json]",
        ),
        click.option(
            "--status",
            type=click.IntRange(100, 599),
            metavar="CODE",
            help="Status of the responses whose files are just bodies.  [default: the first success that the"
            " operation documents]",
        ),
    )


def _options(command: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
