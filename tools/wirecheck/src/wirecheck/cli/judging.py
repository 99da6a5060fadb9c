"""The command that judges recordings."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from wirecheck.cli.baselines import KnownFindings, baseline_options
from wirecheck.cli.configuring import config_options
from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, SATISFIED, VIOLATED, failing, is_violated
from wirecheck.cli.options import (
    NamedDocument,
    also_option,
    fail_on_option,
    jobs_option,
    output_option,
    report_format_option,
    spec_option,
)
from wirecheck.cli.reading import BareBodies, ReadingOptions, body_options, reading_options
from wirecheck.cli.reporting import Destination, destinations, report_option
from wirecheck.cli.selection import Selection, selection_options

if TYPE_CHECKING:
    from wirecheck.cli.base_path import BasePaths
    from wirecheck.config import Config
    from wirecheck.model import Report, Side
    from wirecheck.oracle import Oracle
    from wirecheck.spec import Spec


@click.command(epilog=EXIT_CODES)
@reading_options
@body_options
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
@selection_options
@click.option(
    "--engine",
    type=click.Choice(("fast", "jsonschema")),
    default="fast",
    show_default=True,
    help="What validates by schemas: jsonschema is that of Python, which is much slower, to compare verdicts."
    " Schemas about which it and the fast one disagree are named on stderr.",
)
@click.option("--no-laws", is_flag=True, help="Skip law-kept, the check of x-laws and x-invariants.")
@baseline_options
@report_format_option
@output_option
@report_option
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="In text, show the offending part of the body and a curl command that repeats the request, too.",
)
@also_option
@fail_on_option
@click.option(
    "--allow-partial",
    is_flag=True,
    help="Do not exit with 2 because errors of the document kept exchanges from being fully checked.",
)
@jobs_option
@config_options
@click.argument(
    "recordings", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORDING..."
)
def check(
    config: "Config",
    document: NamedDocument,
    base_path: str | None,
    hosts: tuple[str, ...],
    engine: str,
    no_laws: bool,
    checks: tuple[str, ...],
    skip: tuple[str, ...],
    exclude: tuple[str, ...],
    baseline: Path | None,
    update_baseline: bool,
    also: tuple[str, ...],
    format_: str,
    output: Path | None,
    reports: tuple[Destination, ...],
    verbose: bool,
    fail_on: str,
    allow_partial: bool,
    jobs: int,
    recordings: tuple[Path, ...],
    reading: ReadingOptions,
    bodies: BareBodies,
) -> int:
    """Check recorded HTTP traffic against an OpenAPI document.

    A RECORDING is a file of HTTP traffic, such as a HAR that a browser or a proxy saved, compressed or
    not; a folder of such files, a quoted pattern, or - for standard input. Its format is detected, and
    it may be larger than memory. For each exchange the checks cover

    \b
      the request        path, method, parameters, body, credentials
      the response       status, media type, headers, body
      what links them    rules (x-rule), laws (x-laws), invariants (x-invariants)

    An invalid request counts only where the server accepted it. Traffic with other hosts, parts of
    pages, preflights and the like are not checked, but counted. `wirecheck explain` lists all
    checks. Secrets are masked in all output. An exchange that takes more than 10 seconds or 1 GiB
    is named and not judged; the exit code is then 2, unless another one is violated. After
    Ctrl-C it is 2: the report is about what was checked until then.

    \b
    Examples:
      wirecheck check traffic.har
      wirecheck check --spec petstore.yaml monday.har tuesday.jsonl
      wirecheck check --base-path /api --format json local.har > report.json
      wirecheck check recordings/ 'tests/**/*.har.gz'
      wirecheck check --operation getPet pet.json
      wirecheck check --report report.xml --report findings.sarif my.har
    """
    from wirecheck.blame import document_errors
    from wirecheck.checks import CHECKS, Hosts, Judge
    from wirecheck.checks.law import law_kept
    from wirecheck.cli.base_path import BasePaths
    from wirecheck.cli.jobs import Run
    from wirecheck.recordings import Recordings
    from wirecheck.reports import WITH_EVIDENCE
    from wirecheck.reports.collect import Collector
    from wirecheck.spec import locate

    inputs = [*recordings, Path(document.address or locate()), *([baseline] if baseline else ())]
    written = destinations(reports, format_, output, inputs)
    spec = document.load(base_path)
    selection = Selection([spec], config, checks, (*skip, *[law_kept.id] * no_laws), exclude)
    known = KnownFindings(baseline, update=update_baseline)
    judged_hosts = Hosts(spec, hosts)
    with (
        document_errors(spec),
        contextlib.closing(Collector(spec, judged_hosts, known.fingerprints)) as collector,
    ):
        oracles = _oracles(spec) if engine == "jsonschema" else {}
        judge = Judge(
            spec,
            with_laws=not no_laws,
            also=also,
            hosts=judged_hosts,
            only=selection.only,
            validation=oracles,
        )
        if verbose or any(destination.format_ in WITH_EVIDENCE for destination in written):
            collector.collect_evidence(judge.redactor)
        named = Recordings(recordings, reading.format_, bodies.of(spec))
        base_paths = BasePaths(spec, judged_hosts, judge.redactor)
        run = Run(judge, selection, collector, base_paths, named, reading.strict, jobs)
        run.judge_all()
        report = replace(
            collector.report(),
            interrupted=run.interruption.requested,
            failing=failing(fail_on),
            not_run=selection.left_out(CHECKS),
        )
        report = known.compared(report, selection, is_complete=not run.unjudged)
        for destination in written:
            destination.write(report, verbose=verbose)
        severities = known.update(report)
    selection.mention()
    for schema in sorted({schema for oracle in oracles.values() for schema in oracle.disputed}):
        click.echo(
            f"wirecheck: jsonschema and the fast engine disagree about a value for #{schema}", err=True
        )
    is_complete = not run.unjudged and (allow_partial or not report.partial)
    return _exit_code(
        spec, run.base_paths, report, violated=is_violated(severities, fail_on), is_complete=is_complete
    )


def _oracles(spec: "Spec") -> "dict[Side, Oracle]":
    from wirecheck.engine import engines_of
    from wirecheck.oracle import Oracle

    return engines_of(spec, Oracle)


def _exit_code(
    spec: "Spec", base_paths: "BasePaths", report: "Report", *, violated: bool, is_complete: bool
) -> int:
    """The exit code, after a word on what traffic was not found where the document has it."""
    if report.interrupted:
        return INCONCLUSIVE
    if not report.judged:
        _mention_unmatched(spec, base_paths, violated=violated)
        return VIOLATED if violated else INCONCLUSIVE
    if suggestion := base_paths.suggestion(report.judged):  # the document may be served elsewhere
        below = " or ".join(prefix or "/" for prefix in spec.prefixes)
        click.echo(f"wirecheck: {suggestion}, in the place of {below}", err=True)
    if violated:
        return VIOLATED
    return SATISFIED if is_complete else INCONCLUSIVE


def _mention_unmatched(spec: "Spec", base_paths: "BasePaths", *, violated: bool) -> None:
    prefixes = " or ".join(prefix or "/" for prefix in spec.prefixes)
    what = f"no exchange belongs to an operation below {prefixes}"
    what = f"{what} ({base_paths.suggestion() or 'see --base-path'})"
    click.echo(f"wirecheck: {what if violated else f'inconclusive: {what}'}", err=True)
