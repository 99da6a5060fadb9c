"""The command that judges recordings."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, SATISFIED, VIOLATED, is_violated
from wirecheck.cli.malformed import DocumentCommand
from wirecheck.cli.options import also_option, fail_on_option, format_option, output_option, spec_option
from wirecheck.cli.output import write
from wirecheck.cli.progress import steps
from wirecheck.model import Exchange, LimitError
from wirecheck.redact import printable


@click.command(cls=DocumentCommand, epilog=EXIT_CODES)
@spec_option
@click.option(
    "--base-path",
    metavar="PATH",
    help="Path below which the API is served, such as /v1 or /.  [default: those of the document's servers]",
)
@click.option("--no-laws", is_flag=True, help="Skip law-kept, the check of x-laws and x-invariants.")
@also_option
@format_option
@output_option
@fail_on_option
@click.argument(
    "recordings", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORDING..."
)
def check(
    spec_path: Path,
    base_path: str | None,
    no_laws: bool,
    also: tuple[str, ...],
    format_: str,
    output: Path | None,
    fail_on: str,
    recordings: tuple[Path, ...],
) -> int:
    """Check recorded HTTP traffic against an OpenAPI document.

    A RECORDING is a HAR 1.2 file (.har), as browsers and proxies save it, or JSON Lines (.jsonl,
    .ndjson). It may be larger than memory. For each exchange the checks cover

    \b
      the request        path, method, parameters, body, credentials
      the response       status, media type, headers, body
      what links them    rules (x-rule), laws (x-laws), invariants (x-invariants)

    An invalid request counts only where the server accepted it. `wirecheck explain` lists all
    checks. Secrets are masked in all output. An exchange that takes more than 10 seconds or 1 GiB
    is named and not judged; the exit code is then 2, unless another one is violated.

    \b
    Examples:
      wirecheck check traffic.har
      wirecheck check --spec petstore.yaml monday.har tuesday.jsonl
      wirecheck check --base-path /api --format json local.har > report.json
    """
    from wirecheck.checks import Judge
    from wirecheck.cli.base_path import BasePaths
    from wirecheck.reports import FORMATS
    from wirecheck.reports.collect import Collector
    from wirecheck.spec import load

    spec = load(spec_path, base_path)
    skipped = 0
    judge, base_paths = Judge(spec, with_laws=not no_laws, also=also), BasePaths(spec)
    with contextlib.closing(Collector(spec)) as collector:
        for exchange in _exchanges(recordings):
            try:
                verdict = judge.judge(exchange)
            except LimitError as error:
                click.echo(f"wirecheck: {printable(str(error))}", err=True)
                skipped += 1
                continue
            collector.add(verdict)
            if verdict.operation is None:
                base_paths.add(exchange)
        report = collector.report()
        write(FORMATS[format_](report), format_, output)
    violated = is_violated(report.severities, fail_on)
    if not report.judged:
        prefixes = " or ".join(prefix or "/" for prefix in spec.prefixes)
        what = f"no exchange belongs to an operation below {prefixes}"
        what = f"{what} ({base_paths.suggestion() or 'see --base-path'})"
        click.echo(f"wirecheck: {what if violated else f'inconclusive: {what}'}", err=True)
        return VIOLATED if violated else INCONCLUSIVE
    return VIOLATED if violated else INCONCLUSIVE if skipped else SATISFIED


def _exchanges(recordings: Sequence[Path]) -> Iterator[Exchange]:
    from wirecheck.recordings import read

    with steps(sum(_size(path) for path in recordings), "checking") as advance:
        for path in recordings:
            yield from read(path, advance)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading the file reports the error
