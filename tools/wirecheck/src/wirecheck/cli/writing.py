"""The commands that write recordings: in another format, or without secrets."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirecheck.cli.exits import SATISFIED
from wirecheck.cli.options import NamedDocument, also_option, spec_option
from wirecheck.cli.output import require_writable, write_bytes
from wirecheck.cli.reading import ReadingOptions, reading_options
from wirecheck.escapes import printable
from wirecheck.model import Exchange, OutputError, RecordingError
from wirecheck.redact import Redactor
from wirecheck.words import counted

if TYPE_CHECKING:
    from wirecheck.recordings.writing import Writer

_EXIT_CODES = """\b
Exit codes:
  0  written
  2  unusable input, or nothing to write: OUT is as it was"""

_to_option = click.option(
    "--to",
    "format_",
    type=click.Choice(["har", "jsonl", "vcr"]),
    help="Format of OUT: HAR 1.2, JSON Lines, or a cassette of vcrpy.  [default: by the ending of OUT]",
)
_in_argument = click.argument(
    "recordings", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="IN..."
)
_out_argument = click.argument("output", type=click.Path(path_type=Path, allow_dash=True), metavar="OUT")


@click.command(epilog=_EXIT_CODES)
@reading_options
@_to_option
@_in_argument
@_out_argument
def convert(reading: ReadingOptions, format_: str | None, recordings: tuple[Path, ...], output: Path) -> int:
    """Write recordings in another format; several become one.

    \b
      wirecheck convert traffic.har traffic.jsonl
      wirecheck convert monday.har tuesday.har week.har.gz
      wirecheck convert --to vcr traffic.har -

    OUT is replaced at the end, and may be one of IN; - is standard output. If its name ends in .gz, it
    is compressed. Entries that cannot be read are left out and counted. Secrets are kept: `wirecheck
    redact` replaces them.
    """
    exchanges = reading.exchanges(recordings, "writing")
    _write(exchanges, output, format_, _Tally(), lambda exchange: exchange)
    click.echo("wirecheck: secrets are kept; `wirecheck redact` replaces them", err=True)
    return SATISFIED


@click.command(epilog=_EXIT_CODES)
@spec_option
@also_option
@reading_options
@_to_option
@_in_argument
@_out_argument
def redact(
    document: NamedDocument,
    also: tuple[str, ...],
    reading: ReadingOptions,
    format_: str | None,
    recordings: tuple[Path, ...],
    output: Path,
) -> int:
    """Write recordings without their secrets.

    \b
      wirecheck redact traffic.har shared.har
      wirecheck redact --spec openapi.yaml --also email traffic.har shared.har

    A secret becomes a pseudonym of the same length and kind, the same one wherever it appears, so that
    `wirecheck check` finds in OUT what it finds in IN. Bodies that are not text are left out, and so is
    an exchange in which a secret would remain; both are counted.

    Secrets are known by names and shapes, and where there is a document, by its security schemes and
    `format: password`. Names, addresses and other personal data stay, unless --also names them. OUT
    and the formats are those of `wirecheck convert`.
    """
    redactor, tally = _redactor(document, also), _Tally()

    def redacted(exchange: Exchange) -> Exchange | None:
        safe = redactor.redacted(exchange)
        if safe is None:
            tally.unsafe += 1
        else:
            tally.bodies += _bodies(exchange) - _bodies(safe)
        return safe

    _write(reading.exchanges(recordings, "writing"), output, format_, tally, redacted)
    return SATISFIED


def _redactor(document: NamedDocument, also: Sequence[str]) -> Redactor:
    """A redactor that knows the document that other commands would take, if there is one."""
    from wirecheck.spec import NAMES

    is_named = document.address or os.environ.get("WIRECHECK_SPEC")
    if is_named or any(Path(name).is_file() for name in NAMES):
        return Redactor.of(document.load(), also)
    return Redactor(also)


def _bodies(exchange: Exchange) -> int:
    return (exchange.request_body is not None) + (exchange.response_body is not None)


@dataclass(slots=True)
class _Tally:
    """What became of the entries of recordings: ``unreadable`` ones, the first of them, ``unsafe`` ones."""

    written: int = 0
    unreadable: int = 0
    first: str = ""
    unsafe: int = 0
    bodies: int = 0

    def lines(self, output: Path) -> Iterator[str]:
        place = "standard output" if _is_stdout(output) else str(output)
        yield f"{counted(self.written, 'exchange')} written to {place}"
        if self.unreadable:
            yield f"{counted(self.unreadable, 'entry', 'entries')} could not be read, first {self.first}"
        if self.unsafe:
            yield f"{counted(self.unsafe, 'exchange')} left out: a secret in it could not be replaced"
        if self.bodies:
            yield f"{counted(self.bodies, 'body', 'bodies')} left out: what is not text cannot be searched"


def _write(
    exchanges: Iterable[Exchange],
    output: Path,
    format_: str | None,
    tally: _Tally,
    change: Callable[[Exchange], Exchange | None],
) -> None:
    """Writes exchanges, each changed, or left out for None; then says what was written."""
    from wirecheck.recordings.writing import gzipped

    writer = _writer(output, format_)
    if not _is_stdout(output):
        require_writable(output)
    pieces = writer.write(_changed(exchanges, output, tally, change))
    if output.suffix.lower() == ".gz":
        pieces = gzipped(pieces)
    write_bytes(pieces, None if _is_stdout(output) else output)
    for line in tally.lines(output):
        click.echo(f"wirecheck: {printable(line)}", err=True)


def _writer(output: Path, format_: str | None) -> "Writer":
    from wirecheck.recordings.writing import WRITERS, writer_for

    writer = WRITERS[format_] if format_ else writer_for(output.name)
    if writer is None:
        endings = ", ".join(ending for writer in WRITERS.values() for ending in writer.endings)
        raise OutputError(str(output), f"its name ends in none of {endings}: name a format with --to")
    return writer


def _changed(
    exchanges: Iterable[Exchange],
    output: Path,
    tally: _Tally,
    change: Callable[[Exchange], Exchange | None],
) -> Iterator[Exchange]:
    for exchange in exchanges:
        if exchange.error:
            tally.unreadable += 1
            tally.first = tally.first or f"{exchange.source}: {exchange.error}"
        elif (changed := change(exchange)) is not None:
            tally.written += 1
            yield changed
    if not tally.written:
        *_, why = tally.lines(output)
        raise RecordingError(str(output), f"nothing is written: {why}")


def _is_stdout(output: Path) -> bool:
    return str(output) == "-"
