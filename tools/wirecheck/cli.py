"""The command line: each command hands its work to a module and tells what came of it."""

import contextlib
import os
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import click

from wirecheck import __version__
from wirecheck.model import Exchange, OutputError, Report, Severity, WirecheckError
from wirecheck.redact import printable

KEPT, BROKEN, UNKNOWN, INTERRUPTED = 0, 1, 2, 130

_EXIT_CODES = """\b
Exit codes:
  0  every promise was kept (or broken less gravely than --fail-on asks for)
  1  a promise was broken
  2  could not tell: unusable input, or nothing to judge"""

_spec_option = click.option(
    "--spec",
    "spec_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="OpenAPI 3.1 document, YAML or JSON.  [default: the bundled Instagram REST API v1]",
)
_fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([Severity.ERROR.value, Severity.WARNING.value, "never"]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least grave finding that gives exit code 1.",
)
_format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
_output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report there instead of standard output; an older file is replaced when all is done.",
)


def run(arguments: Sequence[str]) -> int:
    """Runs the command and gives its exit code; trouble is told in one line on standard error."""
    try:
        code = commands.main(args=list(arguments), prog_name="wirecheck", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return UNKNOWN
    except (click.Abort, KeyboardInterrupt):
        click.echo("wirecheck: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNKNOWN
    except SystemExit as left:  # click's own answer to a closed pipe is 1, which would mean "broken"
        return UNKNOWN if left.code else KEPT
    except WirecheckError as error:
        click.echo(f"wirecheck: {printable(str(error))}", err=True)
        return UNKNOWN
    return code if isinstance(code, int) else KEPT


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try it: wirecheck check traffic.har --spec openapi.yaml",
)
@click.version_option(__version__, message="wirecheck %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Judges HTTP traffic against an OpenAPI 3.1 document.

    Findings go to standard output, troubles and progress to standard error.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


@commands.command(epilog=_EXIT_CODES)
@_spec_option
@click.option(
    "--base-path",
    metavar="PATH",
    help="Where the API is mounted, such as /v1 or /.  [default: the paths of the document's servers]",
)
@click.option("--no-laws", is_flag=True, help="Leave out law-kept, the check of the document's x-laws.")
@_format_option
@_output_option
@_fail_on_option
@click.argument(
    "recordings", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORDING..."
)
def check(
    spec_path: Path | None,
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

    spec = load(spec_path or _bundled(), base_path)
    judge = Judge(spec, with_laws=not no_laws)
    with contextlib.closing(Collector(spec)) as collector:
        for exchange in _exchanges(recordings):
            collector.add(judge.judge(exchange))
        report = collector.report()
        _write(FORMATS[format_](report), format_, output)
        return _check_code(report, fail_on, spec.prefixes)


def _exchanges(recordings: Sequence[Path]) -> Iterator[Exchange]:
    from wirecheck.recordings import read

    with _progress(sum(_size(path) for path in recordings)) as advance:
        for path in recordings:
            yield from read(path, advance)


def _check_code(report: Report, fail_on: str, prefixes: Sequence[str]) -> int:
    broken = _broken(report.severities, fail_on)
    if report.judged:
        return BROKEN if broken else KEPT
    verdict = "" if broken else "could not tell: "
    mounted = " or ".join(prefix or "/" for prefix in prefixes)
    message = f"{verdict}none of the exchanges belongs to an operation below {mounted} (see --base-path)"
    click.echo(f"wirecheck: {message}", err=True)
    return BROKEN if broken else UNKNOWN


@commands.command()
@click.argument("check_id", required=False, metavar="[CHECK]")
def explain(check_id: str | None) -> None:
    """Tell what a check promises, or a rule of the linter; without CHECK, list all of them."""
    from wirecheck.checks import CHECKS
    from wirecheck.lint import RULES

    if check_id is None:
        for each in CHECKS.values():
            click.echo(f"{each.id:<33}{each.text.splitlines()[0]}")
        click.echo("\nRules of `wirecheck lint`:")
        for rule, promise in RULES.items():
            click.echo(f"{rule:<33}{promise}")
        return
    if check_id in RULES:
        click.echo(f"{click.style(check_id, bold=True)} (lint)\n\n{RULES[check_id]}")
        return
    if check_id not in CHECKS:
        raise click.BadParameter(f"there is no check {check_id!r}. There are: {', '.join(CHECKS)}.")
    found = CHECKS[check_id]
    summary, _, rest = found.text.partition("\n")
    click.echo(f"{click.style(found.id, bold=True)} ({found.severity}, {found.side})\n\n{summary}")
    click.echo(textwrap.dedent(rest).rstrip())


@commands.command(epilog=_EXIT_CODES)
@_format_option
@_output_option
@_fail_on_option
@click.argument("spec_path", required=False, type=click.Path(path_type=Path), metavar="[SPEC]")
def lint(format_: str, output: Path | None, fail_on: str, spec_path: Path | None) -> int:
    """Check what a reader of an OpenAPI document relies on.

    Valid OpenAPI 3.1, unique operationIds, examples that fit, invalid examples that break
    just their rule, patterns that every engine reads alike, nothing that the generator loses
    in silence. Without SPEC the bundled document is linted.
    """
    from collections import Counter

    from wirecheck.lint import lint as problems_of
    from wirecheck.lint import to_json, to_text
    from wirecheck.spec import load

    spec = load(spec_path or _bundled())
    problems = problems_of(spec)
    formats: dict[str, Callable[..., Iterator[str]]] = {"text": to_text, "json": to_json}
    _write(formats[format_](spec.document.name, problems), format_, output)
    return BROKEN if _broken(Counter(problem.severity for _, problem in problems), fail_on) else KEPT


def _of_target(function: Callable[..., int]) -> Callable[..., int]:
    """The options of commands that test a server."""
    for option in reversed(
        [
            _spec_option,
            click.option(
                "--token",
                metavar="TOKEN",
                envvar="WIRECHECK_TOKEN",
                help="An access token that may do everything.  [env: WIRECHECK_TOKEN]",
            ),
            click.option(
                "--token-without",
                "lacking",
                multiple=True,
                metavar="SCOPE=TOKEN",
                help="A token that lacks a scope, to see that it is wanted. May be repeated.",
            ),
            click.option(
                "--values",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="Values that the server knows, as YAML.  [default: the examples of the document]",
            ),
            click.option(
                "--operation",
                "operations",
                multiple=True,
                metavar="ID",
                help="Only this operation. May be repeated.",
            ),
            click.option("--seed", type=int, default=0, show_default=True, help="What chance begins with."),
            click.option("--read-only", is_flag=True, help="Send only GET, HEAD and OPTIONS."),
            click.option(
                "--rate",
                type=click.FloatRange(min=0, min_open=True),
                metavar="N",
                help="At most N requests a second.",
            ),
            click.option(
                "--yes-i-may-test",
                "allowed_host",
                metavar="HOST",
                help="That the owner of a host which is not this machine agrees.",
            ),
        ]
    ):
        function = option(function)
    return function


@commands.command(epilog=_EXIT_CODES)
@_of_target
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a report there, too: JSON if it ends in .json, else text. May be repeated.",
)
@click.argument("url", metavar="URL")
def conform(reports: tuple[Path, ...], operations: tuple[str, ...], **given: Any) -> int:
    """Test a server against everything that a document promises.

    \b
      wirecheck conform http://127.0.0.1:8080/v1 --token TOKEN

    URL is where the document's server stands. Every exchange is judged as by `wirecheck check`;
    beyond that parameters and their limits, rules, laws, paging, access and statuses are tried.
    What is written is undone where the document says how (x-undo).
    """
    import httpx

    from wirecheck.conform import FORMATS, Options, laboratory, promises
    from wirecheck.conform import run as test

    spec, options = _target(Options, operations, given)
    chosen = [one for one in promises(spec) if not operations or one.operation in operations]
    with httpx.Client(timeout=30) as http, _counting(len(chosen), "testing") as advance:
        outcome = test(laboratory(spec, options, http), chosen, advance)
    _write(FORMATS["text"](outcome), "text", None)
    for path in reports:
        format_ = "json" if path.suffix == ".json" else "text"
        _write(FORMATS[format_](outcome), format_, path)
    if not outcome.told:
        click.echo("wirecheck: could not tell: no request was accepted (see --token, --values)", err=True)
        return UNKNOWN
    return BROKEN if outcome.broken else KEPT


@commands.command(epilog=_EXIT_CODES)
@_of_target
@click.option("--time", "seconds", type=float, default=60.0, show_default=True, help="How long, in seconds.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Of the generator.")
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write what repeats each failure there: for `wirecheck replay`, and as a test of pytest.",
)
@click.argument("url", metavar="URL")
def fuzz(operations: tuple[str, ...], seconds: float, workers: int, save: Path | None, **given: Any) -> int:
    """Look for broken promises beyond the conformance suite, for as long as there is time.

    \b
      wirecheck fuzz http://127.0.0.1:8080/v1 --token TOKEN --time 300 --save failures

    Schemathesis makes requests that nobody wrote down, hypothesis makes sequences of writes; every
    exchange is judged, laws and all. A failure is repeated, made small, and shown with what repeats it.
    """
    import httpx

    from wirecheck.fuzz import Options, to_text
    from wirecheck.fuzz import fuzz as search

    more = {"time": seconds, "workers": workers, "save": save, "operations": frozenset(operations)}
    spec, options = _target(Options, operations, given | more)
    with httpx.Client(timeout=30) as http:
        outcome = search(spec, options, http)
    _write(to_text(outcome), "text", None)
    return {"kept": KEPT, "broken": BROKEN}.get(outcome.state, UNKNOWN)


@commands.command(epilog=_EXIT_CODES)
@_spec_option
@click.option("--url", required=True, metavar="URL", help="Where the document's server stands.")
@click.option("--token", metavar="TOKEN", envvar="WIRECHECK_TOKEN", help="An access token.")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
def replay(spec_path: Path | None, url: str, token: str | None, path: Path) -> int:
    """Repeat a failure that `wirecheck fuzz --save` wrote, and tell whether it fails the same way."""
    from wirecheck.fuzz import replay as repeat

    outcome = repeat(path, url=url, token=token, spec=spec_path or _bundled())
    click.echo(printable(outcome.message))
    return {"kept": KEPT, "broken": BROKEN}.get(outcome.state, UNKNOWN)


def _target(kind: Callable[..., Any], operations: tuple[str, ...], given: dict[str, Any]) -> tuple[Any, Any]:
    """The document, and the options of a test of a server."""
    from wirecheck.spec import load

    spec = load(given.pop("spec_path") or _bundled())
    known = {operation.name for operation in spec.operations}
    if unknown := set(operations) - known:
        known_ones = ", ".join(sorted(known))
        raise click.BadParameter(f"there is no operation {min(unknown)!r}. There are: {known_ones}.")
    lacking = dict(_pair(one) for one in given.pop("lacking"))
    return spec, kind(lacking=lacking, **given)


def _pair(text: str) -> tuple[str, str]:
    scope, found, token = text.partition("=")
    if not found or not scope or not token:
        raise click.BadParameter(f"--token-without wants SCOPE=TOKEN, not {text!r}")
    return scope, token


@commands.command()
@_spec_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder that holds the package.",
)
@click.option("--package", required=True, metavar="NAME", help="The name of the package to import.")
@click.option(
    "--check",
    "check_only",
    is_flag=True,
    help="Write nothing; exit code 1 if DIR/NAME differs from what would be written.",
)
def generate(spec_path: Path | None, output: Path, package: str, check_only: bool) -> int:
    """Generate a typed Python client into DIR/NAME with openapi-python-client.

    \b
      wirecheck generate --spec openapi.yaml --output src --package acme_client

    The package is replaced whole or not at all. Whatever the generator would lose or only
    warn about is an error.
    """
    from wirecheck.generate import drift
    from wirecheck.generate import generate as write_client

    spec = spec_path or _bundled()
    if check_only:
        differences = drift(spec, output, package)
        for difference in differences:
            click.echo(difference)
        return BROKEN if differences else KEPT
    written = write_client(spec, output, package)
    click.echo(f"{output / package}: {len(written)} files", err=True)
    return KEPT


@commands.command()
@_spec_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the page there instead of standard output.",
)
@click.option(
    "--check",
    "check_only",
    is_flag=True,
    help="Write nothing; exit code 1 if FILE differs from what would be written.",
)
def migration(spec_path: Path | None, output: Path | None, check_only: bool) -> int:
    """Tell in Markdown what became of each operation.

    What was taken away when (x-lifecycle), and what replaces it today (x-migration), in a
    table for each tag.
    """
    from wirecheck.migration import render
    from wirecheck.spec import load

    if check_only and output is None:
        raise click.UsageError("--check wants the FILE of --output to compare with.")
    page = "".join(render(load(spec_path or _bundled())))
    if not check_only or output is None:
        _write([page], "markdown", output)
        return KEPT
    try:
        old = output.read_bytes() if output.exists() else None
    except OSError as error:
        raise OutputError(str(output), f"cannot be read: {error.strerror}") from None
    if old == page.encode():
        return KEPT
    click.echo(f"{output}: {'is missing' if old is None else 'differs'}")
    return BROKEN


def _broken(severities: Mapping[Severity, int], fail_on: str) -> bool:
    ranks = list(Severity)
    grave = [] if fail_on == "never" else ranks[: ranks.index(Severity(fail_on)) + 1]
    return any(severities.get(severity) for severity in grave)


def _bundled() -> Path:
    """The bundled document, named from the working folder where it stands below it."""
    from wirecheck.spec import bundled

    path = bundled().resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will tell what is wrong


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar over bytes, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(length=total, label="judging", file=sys.stderr, width=30) as bar:
        yield bar.update


@contextlib.contextmanager
def _counting(total: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar over things done one after the other, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr, width=30) as bar:
        yield lambda: bar.update(1)


def _write(pieces: Iterable[str], format_: str, output: Path | None) -> None:
    """Writes to standard output, or replaces a file once all is written. JSON is UTF-8 everywhere."""
    if output is None:
        for piece in pieces:
            click.echo(piece if format_ == "text" else piece.encode(), nl=False)
        return
    try:
        with _replacing(output) as file:
            for piece in pieces:
                file.write(click.unstyle(piece))
    except OSError as error:
        raise OutputError(str(output), f"cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    if path.exists() and not path.is_file() and not path.is_dir():  # /dev/null, a pipe: no file to replace
        with path.open("w", encoding="utf-8") as file:
            yield file
        return
    path = Path(os.path.realpath(path))  # a link stays one
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
