"""The commands that test a server."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, INTERRUPTED, SATISFIED, VIOLATED
from wirecheck.cli.output import require_writable, write
from wirecheck.cli.progress import counting, put_off, timing
from wirecheck.cli.target import listen_option, search_options, target, target_options
from wirecheck.redact import printable

if TYPE_CHECKING:
    from wirecheck.conform import Conformance

_VERDICTS = {"satisfied": SATISFIED, "violated": VIOLATED, "inconclusive": INCONCLUSIVE}


@click.command(epilog=EXIT_CODES)
@target_options
@search_options
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a report there, too: JSON if it ends in .json, else text. May be repeated.",
)
@listen_option
def conform(reports: tuple[Path, ...], operations: tuple[str, ...], save: Path | None, **given: Any) -> int:
    """Test a server against everything that a document promises.

    \b
      wirecheck conform http://127.0.0.1:8080/v1 --token TOKEN

    URL is where the document's server stands. Every exchange is judged as by `wirecheck check`;
    beyond that parameters and their limits, rules, laws, paging, access and statuses are tried.
    What is written is undone where the document says how (x-undo).
    """
    from wirecheck.conform import FORMATS, SessionOptions, open_session, requirements, to_text, transport
    from wirecheck.conform import run as test
    from wirecheck.conform.saved import file_of
    from wirecheck.conform.saved import write as write_failure

    spec, options = target(SessionOptions, operations, given)
    for path in reports:
        require_writable(path)
    chosen = [one for one in requirements(spec) if not operations or one.operation in operations]
    with (
        transport(options.url) as http,
        open_session(spec, options, http) as session,
        counting(len(chosen), "testing") as advance,
        put_off(advance) as progress,
    ):
        outcome = test(session, chosen, progress)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 80
    write(to_text(outcome, columns), "text", None)
    for path in reports:
        format_ = "json" if path.suffix == ".json" else "text"
        write(FORMATS[format_](outcome), format_, path)
    for one in outcome.outcomes:
        if save and one.counterexamples:
            saved = write_failure(save, file_of(spec, options.seed, one))
            click.echo(f"{saved}: {printable(one.requirement.name)}", err=True)
    return _conform_code(outcome)


def _conform_code(outcome: "Conformance") -> int:
    from wirecheck.conform import INTERRUPTED as BY_HAND

    if outcome.stopped == BY_HAND:
        click.echo("wirecheck: interrupted", err=True)
        return INTERRUPTED
    if not outcome.told:
        why = outcome.stopped or outcome.closed or "no request was accepted (see --token, --values)"
        why = why if outcome.outcomes else "the document has nothing to test"
        click.echo(f"wirecheck: could not tell: {printable(why)}", err=True)
    return VIOLATED if outcome.broken else SATISFIED if outcome.told else INCONCLUSIVE


@click.command(epilog=EXIT_CODES + "\n  130  interrupted; what was found until then is told")
@target_options
@search_options
@click.option(
    "--time",
    "seconds",
    type=click.IntRange(1, 7 * 24 * 3600),
    default=60,
    show_default=True,
    help="How long, in seconds; to start, and to make failures small, comes on top.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Threads that make requests. They are sent one at a time, to see what each write changes.",
)
def fuzz(operations: tuple[str, ...], seconds: int, **given: Any) -> int:
    """Look for broken promises beyond the conformance suite, for as long as there is time.

    \b
      wirecheck fuzz http://127.0.0.1:8080/v1 --token TOKEN --time 300 --save failures

    Schemathesis makes requests that nobody wrote down, hypothesis makes sequences of writes; every
    exchange is judged, laws and all. A failure is repeated, made small, and shown with what repeats it.
    """
    from wirecheck.conform import transport
    from wirecheck.fuzz import FuzzOptions, to_text
    from wirecheck.fuzz import fuzz as search

    more = {"time": seconds, "operations": frozenset(operations)}
    spec, options = target(FuzzOptions, operations, given | more)
    with (
        transport(options.url) as http,
        timing(seconds, "fuzzing") as advance,
        put_off(advance) as progress,
    ):
        outcome = search(spec, options, http, progress)
    write(to_text(outcome), "text", None)
    if outcome.interrupted:
        return INTERRUPTED
    return _VERDICTS[outcome.state]


@click.command(epilog=EXIT_CODES)
@target_options
@listen_option
@click.option(
    "--url",
    required=True,
    metavar="URL",
    envvar="WIRECHECK_URL",
    show_envvar=True,
    help="Where the document's server stands.",
)
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
def replay(path: Path, **given: Any) -> int:
    """Repeat a failure that `--save` wrote, and tell whether it fails the same way.

    \b
      wirecheck replay failures/5f2a8e0c9d1b3a47.json --url http://127.0.0.1:8080/v1 --token TOKEN

    A failure of `wirecheck conform` wants the tokens and values that it was found with.
    """
    from wirecheck.conform import SessionOptions, transport
    from wirecheck.replay import replay as repeat

    spec, options = target(SessionOptions, (), given)
    with transport(options.url) as http:
        outcome = repeat(path, spec, options, http)
    click.echo(printable(outcome.message))
    return _VERDICTS[outcome.state]
