"""The command that judges recordings."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, SATISFIED, VIOLATED, is_broken
from wirecheck.cli.options import fail_on_option, format_option, output_option, spec_option
from wirecheck.cli.output import write
from wirecheck.cli.progress import steps
from wirecheck.model import Exchange, Report


@click.command(epilog=EXIT_CODES)
@spec_option
@click.option(
    "--base-path",
    metavar="PATH",
    help="Where the API is mounted, such as /v1 or /.  [default: the paths of the document's servers]",
)
@click.option("--no-laws", is_flag=True, help="Leave out law-kept, the check of the document's x-laws.")
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
    format_: str,
    output: Path | None,
    fail_on: str,
    recordings: tuple[Path, ...],
) -> int:
    """Judge recorded exchanges: HAR 1.2 (.har) or JSON Lines (.jsonl, .ndjson).

    \b
      wirecheck check traffic.har
      wirecheck check --spec openapi.yaml --base-path / --format json *.jsonl

    Whole recordings are never held in memory, so they may be large. Secrets are masked in
    all output. `wirecheck explain` lists what is checked.
    """
    from wirecheck.checks import Judge
    from wirecheck.reports import FORMATS
    from wirecheck.reports.collect import Collector
    from wirecheck.spec import load

    spec = load(spec_path, base_path)
    judge = Judge(spec, with_laws=not no_laws)
    with contextlib.closing(Collector(spec)) as collector:
        for exchange in _exchanges(recordings):
            collector.add(judge.judge(exchange))
        report = collector.report()
        write(FORMATS[format_](report), format_, output)
        return _check_code(report, fail_on, spec.prefixes)


def _exchanges(recordings: Sequence[Path]) -> Iterator[Exchange]:
    from wirecheck.recordings import read

    with steps(sum(_size(path) for path in recordings), "judging") as advance:
        for path in recordings:
            yield from read(path, advance)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will tell what is wrong


def _check_code(report: Report, fail_on: str, prefixes: Sequence[str]) -> int:
    broken = is_broken(report.severities, fail_on)
    if report.judged:
        return VIOLATED if broken else SATISFIED
    verdict = "" if broken else "could not tell: "
    mounted = " or ".join(prefix or "/" for prefix in prefixes)
    message = f"{verdict}none of the exchanges belongs to an operation below {mounted} (see --base-path)"
    click.echo(f"wirecheck: {message}", err=True)
    return VIOLATED if broken else INCONCLUSIVE
