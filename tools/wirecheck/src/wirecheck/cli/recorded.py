"""The recordings of a command line, and the options of how they are read."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wirecheck.cli.progress import steps
from wirecheck.cli.suggest import unknown
from wirecheck.model import Exchange, RecordingError
from wirecheck.redact import printable

if TYPE_CHECKING:
    from wirecheck.recordings import Bodies
    from wirecheck.spec import Spec

_SHOWN = 3  # files that are named


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """How recordings are read: ``format_`` by force, ``operation`` and ``status`` of bare bodies."""

    format_: str | None
    strict: bool
    operation: str | None
    status: int | None

    def exchanges(self, paths: Sequence[Path], spec: "Spec") -> Generator[Exchange]:
        """The exchanges of the recordings, with progress on a terminal. Raises RecordingError."""
        from wirecheck.recordings import Recordings

        recordings = Recordings(paths, self.format_, self._bodies(spec))
        with steps(recordings.size, "checking") as advance:
            for exchange in recordings.read(advance):
                if exchange.error and self.strict:
                    raise RecordingError(exchange.source, exchange.error)
                yield exchange
        _mention(recordings.passed_over)

    def _bodies(self, spec: "Spec") -> "Bodies":
        from wirecheck.recordings import Bodies

        operations = {operation.name: operation for operation in spec.operations}
        if self.operation and self.operation not in operations:
            raise unknown("operation", self.operation, operations)
        return Bodies(spec, operations.get(self.operation or ""), self.status)


def _mention(passed_over: Sequence[str]) -> None:
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


_OPTIONS = (
    click.option(
        "--from",
        "from_",
        metavar="FORMAT",
        callback=_format,
        help="Format of the recordings, such as har or jsonl.  [default: detected by their content]",
    ),
    click.option("--strict", is_flag=True, help="Exit with 2 if any entry of a recording cannot be read."),
    click.option(
        "--operation",
        metavar="NAME",
        help="Operation whose responses the files contain that are just bodies.  [default: their names, as in"
        " getPet.json or getPet.404.json]",
    ),
    click.option(
        "--status",
        type=click.IntRange(100, 599),
        metavar="CODE",
        help="Status of the responses whose files are just bodies.  [default: the first success that the"
        " operation documents]",
    ),
)


def recording_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of how recordings are read; the command gets ``reading``."""

    @wraps(command)
    def run(
        *args: Any,
        from_: str | None,
        strict: bool,
        operation: str | None,
        status: int | None,
        **given: Any,
    ) -> Any:
        return command(*args, reading=RecordingOptions(from_, strict, operation, status), **given)

    decorated: Callable[..., Any] = run
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
