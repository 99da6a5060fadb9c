"""The commands that test a server."""

import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, INTERRUPTED, SATISFIED, VIOLATED
from wirecheck.cli.output import require_writable, write
from wirecheck.cli.progress import counting, deferring_interrupts, timing
from wirecheck.cli.target import is_on_command_line, listen_option, search_options, target, target_options
from wirecheck.escapes import printable

if TYPE_CHECKING:
    from wirecheck.config import Config
    from wirecheck.conform import Conformance, Requirement, SessionOptions
    from wirecheck.conform.asgi import InProcess
    from wirecheck.spec import Spec

_INTERRUPTIBLE_EXIT_CODES = EXIT_CODES + "\n  130  interrupted; what was tested until then is reported"
_BY_SUFFIX = {".json": "json", ".xml": "junit", ".md": "markdown"}
_CODES = {"satisfied": SATISFIED, "violated": VIOLATED, "inconclusive": INCONCLUSIVE}


@click.command(
    epilog=_INTERRUPTIBLE_EXIT_CODES,
    short_help="Test whether a server satisfies a document.",
)
@target_options
@search_options
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the report to FILE: JSON, JUnit or Markdown if its name ends in .json, .xml or .md,"
    " else text. Repeatable.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violated", "inconclusive"]),
    default="violated",
    show_default=True,
    help="With inconclusive, a requirement that is inconclusive makes the exit code 2, too.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop after SECONDS, whatever the server does; what was not tested is inconclusive.",
)
@listen_option
@click.option(
    "--app",
    "application",
    metavar="MODULE:NAME",
    help="Test this ASGI application in process, or what the function of this name returns, instead of URL."
    " Without --spec the document is the application's own.",
)
@click.option(
    "--plan", is_flag=True, help="Print what is derived from the document, and send nothing. Needs no URL."
)
@click.option(
    "--format",
    "plan_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of --plan: text for people, or JSON for programs.",
)
def conform(
    reports: tuple[Path, ...],
    operations: tuple[str, ...],
    save: Path | None,
    fail_on: str,
    application: str | None,
    plan: bool,
    plan_format: str,
    **given: Any,
) -> int:
    """Test whether a server satisfies every requirement of a document.

    URL is where the API is mounted on the server under test. Requests are derived from the
    document: known values first, then limits, rules, access, paging and documented statuses.
    Every response is judged as by `wirecheck check`. What is written is undone, and what is
    created is deleted where the API can. --plan shows it all before anything is sent.

    \b
    Examples:
      wirecheck conform http://127.0.0.1:8080/v1 --token TOKEN
      wirecheck conform --app shop.main:app --report report.xml
    """
    from wirecheck.conform import SessionOptions, to_text

    if application and is_on_command_line("url"):
        raise click.UsageError("--app and URL name different servers: pass only one of them.")
    with ExitStack() as stack:
        in_process = stack.enter_context(_in_process(application)) if application else None
        config = given["config"]
        if plan:
            return _print_plan(operations, given, in_process, plan_format)
        spec, options = target(SessionOptions, operations, given, in_process)
        for path in reports:
            require_writable(path)
        conformance = _tested(spec, options, _chosen(spec, operations, config), in_process)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 80
    write(to_text(conformance, columns), "text", None)
    _write_reports(conformance, reports)
    if save:
        _save_failures(conformance, spec, options.seed, save)
    return _exit_code(conformance, fail_on)


def _in_process(path: str) -> "InProcess":
    from wirecheck.conform.asgi import InProcess, application_at

    return InProcess(application_at(path, "--app"))


def _print_plan(
    operations: tuple[str, ...], given: dict[str, Any], application: "InProcess | None", format_: str
) -> int:
    from wirecheck.blame import document_errors
    from wirecheck.conform import SessionOptions, plan_of, plan_to_json, plan_to_text

    config = given["config"]
    given["url"] = given["url"] or "http://server.test"
    spec, options = target(SessionOptions, operations, given, application)
    with document_errors(spec):
        planned = plan_of(spec, options, _chosen(spec, operations, config))
    write({"text": plan_to_text, "json": plan_to_json}[format_](planned), format_, None)
    return SATISFIED


def _chosen(spec: "Spec", operations: tuple[str, ...], config: "Config") -> "list[Requirement]":
    """The requirements to test; says on standard error how many the configuration skips."""
    from wirecheck.blame import document_errors
    from wirecheck.conform import requirements

    with document_errors(spec):
        named = [
            requirement
            for requirement in requirements(spec)
            if not operations or requirement.operation in operations
        ]
    chosen = [
        requirement
        for requirement in named
        if not config.skips_requirement(requirement.operation, requirement.kind, requirement.what)
    ]
    if skipped := len(named) - len(chosen):
        count = "1 requirement is" if skipped == 1 else f"{skipped} requirements are"
        click.echo(f"wirecheck: {count} skipped by the configuration", err=True)
    return chosen


def _tested(
    spec: "Spec",
    options: "SessionOptions",
    chosen: "list[Requirement]",
    application: "InProcess | None",
) -> "Conformance":
    from wirecheck.blame import document_errors
    from wirecheck.conform import Transport, open_session
    from wirecheck.conform import run as test

    with (
        document_errors(spec),
        nullcontext(application) if application else Transport(options.url) as http,
        open_session(spec, options, http) as session,
        counting(len(chosen), "testing") as advance,
        deferring_interrupts(advance) as progress,
    ):
        return test(session, chosen, progress)


def _write_reports(conformance: "Conformance", paths: Sequence[Path]) -> None:
    from wirecheck.conform import FORMATS

    for path in paths:
        format_ = _BY_SUFFIX.get(path.suffix, "text")
        write(FORMATS[format_](conformance), format_, path)


def _save_failures(conformance: "Conformance", spec: Any, seed: int, folder: Path) -> None:
    from wirecheck.conform import saved

    for outcome in conformance.outcomes:
        if outcome.counterexamples:
            path = saved.write(folder, saved.file_of(spec, seed, outcome))
            click.echo(f"{path}: {printable(outcome.requirement.name)}", err=True)


def _exit_code(conformance: "Conformance", fail_on: str) -> int:
    from wirecheck.conform import INTERRUPTED as BY_USER

    if conformance.stopped == BY_USER:
        click.echo("wirecheck: interrupted", err=True)
        return INTERRUPTED
    why = _inconclusive(conformance, fail_on)
    if why:
        click.echo(f"wirecheck: inconclusive: {printable(why)}", err=True)
    elif conformance.tested_access_alone:
        click.echo("wirecheck: without a token, nothing but rejections was tested (see --token)", err=True)
    if conformance.violated:
        return VIOLATED
    return INCONCLUSIVE if why else SATISFIED


def _inconclusive(conformance: "Conformance", fail_on: str) -> str:
    """Why a run is inconclusive, empty where it is not."""
    from wirecheck.conform import State

    count = conformance.states[State.INCONCLUSIVE]
    if not conformance.conclusive:
        if not conformance.outcomes and not conformance.stopped:
            return "the document has nothing to test"
        why = conformance.stopped or conformance.preflight_failure
        return why or "no request was accepted (see --token, --values)"
    if count and fail_on == State.INCONCLUSIVE:
        return f"{count} of {len(conformance.outcomes)} requirements (--fail-on inconclusive)"
    return ""


@click.command(
    epilog=_INTERRUPTIBLE_EXIT_CODES,
    short_help="Search a server for failures with generated requests.",
)
@target_options
@search_options
@click.option(
    "--time",
    "seconds",
    type=click.IntRange(1, 7 * 24 * 3600),
    default=60,
    show_default=True,
    help="Duration in seconds, without startup and the shrinking of failures.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop after SECONDS, whatever the server does, also while failures are repeated and shrunk."
    "  [default: 5 times --time, and 60]",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Threads that generate requests. Requests are sent one at a time, to observe the effect of each.",
)
def fuzz(operations: tuple[str, ...], seconds: int, **given: Any) -> int:
    """Search for failures with generated requests, for as long as there is time.

    URL is where the API is mounted on the server under test. Schemathesis generates requests,
    Hypothesis generates sequences of writes; every exchange is judged as by `wirecheck check`.
    A failure is repeated, shrunk, and reported with commands that reproduce it.

    \b
    Examples:
      wirecheck fuzz http://127.0.0.1:8080/v1 --token TOKEN
      wirecheck fuzz http://127.0.0.1:8080/v1 --spec api.yaml \\
        --time 300 --save failures
    """
    from wirecheck.blame import document_errors
    from wirecheck.conform import Transport
    from wirecheck.fuzz import FuzzOptions, to_text
    from wirecheck.fuzz import fuzz as search

    config = given["config"]
    more = {"time": seconds, "operations": frozenset(operations)}
    more["max_time"] = given["max_time"] or 60 + 5 * seconds
    spec, options = target(FuzzOptions, operations, given | more)
    options = replace(options, operations=_not_skipped(spec, options.operations, config))
    with (
        document_errors(spec),
        Transport(options.url) as http,
        timing(seconds, "fuzzing") as advance,
        deferring_interrupts(advance) as progress,
    ):
        report = search(spec, options, http, progress)
    write(to_text(report), "text", None)
    return INTERRUPTED if report.interrupted else _CODES[report.state]


def _not_skipped(spec: "Spec", operations: frozenset[str], config: "Config") -> frozenset[str]:
    """The operations to test, empty for all."""
    names = operations or {operation.name for operation in spec.operations}
    skipped = {name for name in names if config.skips_operation(name)}
    if not skipped:
        return operations
    if skipped == names:
        raise click.UsageError("The configuration skips all operations.")
    return frozenset(names - skipped)


@click.command(epilog=EXIT_CODES)
@target_options
@listen_option
@click.option(
    "--url",
    required=True,
    metavar="URL",
    envvar="WIRECHECK_URL",
    show_envvar=True,
    help="Where the API is mounted on the server under test.",
)
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
def replay(path: Path, **given: Any) -> int:
    """Replay a failure that `conform --save` or `fuzz --save` wrote.

    FILE is one of the saved JSON files. Its requests are sent again, and the exit code says
    whether the server still fails the same way. A failure of `wirecheck conform` needs the
    tokens and values with which it was found.

    \b
    Examples:
      wirecheck replay failures/5f2a8e0c9d1b3a47.json \\
        --url http://127.0.0.1:8080/v1 --token TOKEN
      WIRECHECK_URL=http://127.0.0.1:8080/v1 \\
        wirecheck replay failures/5f2a8e0c9d1b3a47.json --spec api.yaml
    """
    from wirecheck.blame import document_errors
    from wirecheck.conform import SessionOptions, Transport
    from wirecheck.replay import replay as repeat

    spec, options = target(SessionOptions, (), given)
    with document_errors(spec), Transport(options.url) as http:
        replayed = repeat(path, spec, options, http)
    click.echo(printable(replayed.message))
    return _CODES[replayed.state]
