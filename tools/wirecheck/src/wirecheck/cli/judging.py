"""The command that judges recordings."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirecheck.cli.configuring import config_options
from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, SATISFIED, VIOLATED, is_violated
from wirecheck.cli.options import (
    NamedDocument,
    also_option,
    fail_on_option,
    output_option,
    report_format_option,
    spec_option,
)
from wirecheck.cli.output import write
from wirecheck.cli.progress import steps
from wirecheck.model import Exchange, LimitError
from wirecheck.redact import printable

if TYPE_CHECKING:
    from wirecheck.checks import Verdict
    from wirecheck.cli.base_path import BasePaths
    from wirecheck.config import Config
    from wirecheck.spec import Spec


@click.command(epilog=EXIT_CODES)
@config_options
@spec_option
@click.option(
    "--base-path",
    metavar="PATH",
    help="Path below which the API is served, such as /v1 or /.  [default: those of the document's servers]",
)
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Check the traffic with this host (name, or name:port) and with the document's servers alone."
    " Repeatable.  [default: the document's servers, the local host, and the host with most of the API's"
    " traffic]",
)
@click.option("--no-laws", is_flag=True, help="Skip law-kept, the check of x-laws and x-invariants.")
@also_option
@report_format_option
@output_option
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="In text, show the offending part of the body and a curl command that repeats the request, too.",
)
@fail_on_option
@click.option(
    "--allow-partial",
    is_flag=True,
    help="Do not exit with 2 because errors of the document kept exchanges from being fully checked.",
)
@click.argument(
    "recordings", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORDING..."
)
def check(
    config: "Config",
    document: NamedDocument,
    base_path: str | None,
    hosts: tuple[str, ...],
    no_laws: bool,
    also: tuple[str, ...],
    format_: str,
    output: Path | None,
    verbose: bool,
    fail_on: str,
    allow_partial: bool,
    recordings: tuple[Path, ...],
) -> int:
    """Check recorded HTTP traffic against an OpenAPI document.

    A RECORDING is a HAR 1.2 file (.har), as browsers and proxies save it, or JSON Lines (.jsonl,
    .ndjson). It may be larger than memory. For each exchange the checks cover

    \b
      the request        path, method, parameters, body, credentials
      the response       status, media type, headers, body
      what links them    rules (x-rule), laws (x-laws), invariants (x-invariants)

    An invalid request counts only where the server accepted it. Traffic with other hosts, parts of
    pages, preflights and the like are not checked, but counted. `wirecheck explain` lists all
    checks. Secrets are masked in all output. An exchange that takes more than 10 seconds or 1 GiB
    is named and not judged; the exit code is then 2, unless another one is violated.

    \b
    Examples:
      wirecheck check traffic.har
      wirecheck check --spec petstore.yaml monday.har tuesday.jsonl
      wirecheck check --base-path /api --format json local.har > report.json
    """
    from wirecheck.checks import Hosts, Judge
    from wirecheck.cli.base_path import BasePaths
    from wirecheck.lint.blame import document_errors
    from wirecheck.reports import FORMATS, WITH_EVIDENCE, to_text
    from wirecheck.reports.collect import Collector

    spec = document.load(base_path)
    unjudged = skipped = 0
    judged_hosts = Hosts(spec, hosts)
    with document_errors(spec), contextlib.closing(Collector(spec, judged_hosts)) as collector:
        judge = Judge(spec, with_laws=not no_laws, also=also, hosts=judged_hosts)
        if verbose or format_ in WITH_EVIDENCE:
            collector.collect_evidence(judge.redactor)
        base_paths = BasePaths(spec, judged_hosts, judge.redactor)
        for exchange in _exchanges(recordings):
            try:
                verdict = judge.judge(exchange)
            except LimitError as error:
                click.echo(f"wirecheck: {printable(str(error))}", err=True)
                unjudged += 1
                continue
            reported = _reported(verdict, config)
            skipped += len(verdict.findings) - len(reported.findings)
            collector.add(reported, exchange)
            if verdict.operation is None and verdict.skipped is None:
                base_paths.add(exchange)
        report = collector.report()
        in_detail = to_text(report, verbose=True) if verbose and format_ == "text" else None
        write(in_detail or FORMATS[format_](report), format_, output)
    _mention_skipped(skipped)
    violated = is_violated(report.severities, fail_on)
    if not report.judged:
        _mention_unmatched(spec, base_paths, violated=violated)
        return VIOLATED if violated else INCONCLUSIVE
    if violated:
        return VIOLATED
    return INCONCLUSIVE if unjudged or (report.partial and not allow_partial) else SATISFIED


def _mention_unmatched(spec: "Spec", base_paths: "BasePaths", *, violated: bool) -> None:
    prefixes = " or ".join(prefix or "/" for prefix in spec.prefixes)
    what = f"no exchange belongs to an operation below {prefixes}"
    what = f"{what} ({base_paths.suggestion() or 'see --base-path'})"
    click.echo(f"wirecheck: {what if violated else f'inconclusive: {what}'}", err=True)


def _mention_skipped(count: int) -> None:
    if count:
        findings = "1 finding is" if count == 1 else f"{count:,} findings are"
        click.echo(f"wirecheck: {findings} skipped by the configuration", err=True)


def _reported(verdict: "Verdict", config: "Config") -> "Verdict":
    """The verdict without the findings that the configuration skips."""
    if not config.skip:
        return verdict
    findings = (
        finding for finding in verdict.findings if not config.skips_finding(finding.check, finding.operation)
    )
    return replace(verdict, findings=tuple(findings))


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
