"""The command that judges traffic as a reverse proxy."""

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from wirecheck.cli.baselines import KnownFindings
from wirecheck.cli.configuring import config_options
from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, SATISFIED, VIOLATED, failing, is_violated
from wirecheck.cli.options import NamedDocument, also_option, fail_on_option, specs_option
from wirecheck.cli.reporting import Destination, destinations, report_option
from wirecheck.cli.selection import Selection, selection_options
from wirecheck.escapes import printable

if TYPE_CHECKING:
    from wirecheck.config import Config
    from wirecheck.model import Report

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PORT = click.IntRange(0, 65535)


@click.command(epilog=EXIT_CODES)
@click.option(
    "--upstream",
    required=True,
    metavar="URL",
    help="The one server to which requests go; a path in URL comes before that of each request.",
)
@click.option(
    "--port", type=_PORT, default=8081, show_default=True, help="Port of the proxy; 0 is a free one."
)
@click.option(
    "--bind",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address of the proxy. Any but a loopback address lets other machines in.",
)
@specs_option
@click.option(
    "--base-path",
    metavar="PATH",
    help="Path below which the API is served, such as /v1 or /.  [default: those of the document's servers]",
)
@click.option(
    "--mode",
    type=click.Choice(["report", "warn", "enforce"]),
    default="report",
    show_default=True,
    help="report judges beside the path, warn adds a header with the count of violations, and enforce sends a"
    " problem document in the place of what violates the document.",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Record the traffic, as HAR or JSON Lines by the ending .har or .jsonl, without its secrets.",
)
@click.option("--overwrite", is_flag=True, help="Replace the FILE of --record if there is one.")
@click.option("--keep-secrets", is_flag=True, help="Record secrets, too; only you may then read the file.")
@click.option(
    "--view",
    "view_port",
    type=_PORT,
    metavar="PORT",
    help="Show what happens on http://127.0.0.1:PORT/, too.",
)
@click.option(
    "--max-body",
    type=click.IntRange(min=0),
    default=10 * 1024 * 1024,
    show_default=True,
    metavar="BYTES",
    help="Larger bodies pass unjudged, and are counted.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the upstream, or a client within a message, may send nothing.",
)
@click.option("--preserve-host", is_flag=True, help="Send the Host of the client to the upstream.")
@click.option(
    "--ca",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Certificates, in PEM, by which that of the upstream is verified.  [default: those of the system]",
)
@selection_options
@click.option("--no-laws", is_flag=True, help="Skip law-kept, the check of x-laws and x-invariants.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Known findings, which are counted, but neither reported nor violations.",
)
@report_option
@also_option
@fail_on_option
@click.option("-v", "--verbose", is_flag=True, help="Log each exchange, and show more in text.")
@config_options
def proxy(
    config: "Config",
    upstream: str,
    port: int,
    bind: str,
    documents: list[tuple[str, NamedDocument]],
    base_path: str | None,
    mode: str,
    record: Path | None,
    overwrite: bool,
    keep_secrets: bool,
    view_port: int | None,
    max_body: int,
    timeout: float,
    preserve_host: bool,
    ca: Path | None,
    checks: tuple[str, ...],
    skip: tuple[str, ...],
    exclude: tuple[str, ...],
    no_laws: bool,
    baseline: Path | None,
    reports: tuple[Destination, ...],
    also: tuple[str, ...],
    fail_on: str,
    verbose: bool,
) -> int:
    """Judge the traffic with a server, between it and its clients.

    This is a reverse proxy: clients send to it what they would send to the upstream, and it passes their
    requests on and the responses back, byte for byte. Ctrl-C ends it, and writes the report. It speaks
    HTTP/1.1; WebSockets and HTTP/2 pass unjudged, but HTTP/2 not with `--mode enforce`.

    \b
    Examples:
      wirecheck proxy --upstream http://127.0.0.1:8000
      wirecheck proxy --upstream https://api.example.com --record today.har
      wirecheck proxy --upstream http://127.0.0.1:8000 --mode enforce --view 8082
      wirecheck proxy --upstream http://gateway.test \\
        --spec /users=users.yaml --spec /pay=pay.yaml
    """
    from wirecheck.checks import CHECKS
    from wirecheck.checks.law import law_kept
    from wirecheck.live import Mode, Monitor, WatchedApi
    from wirecheck.live.session import ProxyOptions, ProxySession
    from wirecheck.redact import Redactor
    from wirecheck.reports import WITH_EVIDENCE

    inputs = [Path(named.address) for _, named in documents if named.address]
    written = destinations(reports, "text", None, [*inputs, *([baseline] if baseline else ())])
    options = ProxyOptions(
        upstream=upstream,
        bind=bind,
        port=port,
        mode=Mode(mode),
        max_body=max_body,
        timeout=timeout,
        preserve_host=preserve_host,
        ca=ca,
        record=record,
        overwrite=overwrite,
        keep_secrets=keep_secrets,
        page_port=view_port,
        verbose=verbose,
    )
    if bind not in _LOOPBACK:
        click.echo(f"wirecheck: other machines can use this proxy: it listens on {printable(bind)}", err=True)
    specs = [document.load(base_path) for _, document in documents]
    selection = Selection(specs, config, checks, (*skip, *[law_kept.id] * no_laws), exclude)
    apis = [WatchedApi(spec, *_scoped(scope)) for (scope, _), spec in zip(documents, specs, strict=True)]
    known = KnownFindings(baseline, update=False)
    monitor = Monitor(
        apis,
        also=also,
        with_laws=not no_laws,
        only=selection.only,
        selection=selection,
        max_body=max_body,
        known=known.fingerprints,
    )
    with contextlib.closing(monitor):
        if verbose or any(destination.format_ in WITH_EVIDENCE for destination in written):
            monitor.collect_evidence()
        session = ProxySession(
            monitor,
            options,
            redactor=Redactor(also),
            known=known.fingerprints,
            stream=sys.stderr,
            has_colour=_has_colour(),
        )
        session.run()
        judged = [
            replace(
                known.compared(report, selection, is_complete=False),
                failing=failing(fail_on),
                not_run=selection.left_out(CHECKS),
            )
            for report in monitor.reports()
        ]
        _write(judged, written, verbose=verbose)
    selection.mention()
    for line in session.summary():
        click.echo(f"wirecheck: {printable(line)}", err=True)
    return _exit_code(judged, fail_on, withheld=session.tally.withheld)


def _scoped(scope: str) -> tuple[str, str]:
    """The host and the prefix of the traffic that a document is about."""
    return ("", scope) if scope.startswith("/") else (scope.lower(), "")


def _has_colour() -> bool:
    wanted = click.get_current_context().color
    return sys.stderr.isatty() if wanted is None else wanted


def _write(reports: Sequence["Report"], written: Sequence[Destination], *, verbose: bool) -> None:
    """Writes each report to each destination; those of several documents have numbers in their names."""
    for number, report in enumerate(reports, 1):
        for destination in written:
            path = destination.path
            if path is not None and len(reports) > 1:
                path = path.with_name(f"{path.stem}.{number}{path.suffix}")
            replace(destination, path=path).write(report, verbose=verbose)


def _exit_code(reports: Sequence["Report"], fail_on: str, *, withheld: int) -> int:
    if withheld or any(is_violated(report.severities, fail_on) for report in reports):
        return VIOLATED
    if any(report.judged for report in reports):
        return SATISFIED
    click.echo("wirecheck: inconclusive: no exchange belongs to an operation (see --base-path)", err=True)
    return INCONCLUSIVE
