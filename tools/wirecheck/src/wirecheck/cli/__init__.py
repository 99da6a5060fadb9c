"""The command line: each command passes its work to a module and reports the result."""

import os
import sys
from collections.abc import Sequence

import click

from wirecheck.cli.documents import generate, lint, migration
from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, INTERRUPTED, SATISFIED
from wirecheck.cli.explaining import explain
from wirecheck.cli.judging import check
from wirecheck.cli.reference import docs
from wirecheck.cli.servers import conform, fuzz, replay
from wirecheck.cli.writing import convert, redact
from wirecheck.model import WirecheckError
from wirecheck.redact import printable

__all__ = ["commands", "run"]


def run(arguments: Sequence[str]) -> int:
    """Runs the command and returns its exit code; an error is one line on standard error."""
    try:
        code = commands.main(args=list(arguments), prog_name="wirecheck", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return INCONCLUSIVE
    except (click.Abort, KeyboardInterrupt):
        click.echo("wirecheck: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INCONCLUSIVE
    except SystemExit as exit_:  # on a closed pipe click exits with 1, which would mean "violated"
        return INCONCLUSIVE if exit_.code else SATISFIED
    except WirecheckError as error:
        _report(error, str(error))
        return INCONCLUSIVE
    except RecursionError as error:
        _report(error, "the document or the input is nested too deeply")
        return INCONCLUSIVE
    return code if isinstance(code, int) else SATISFIED


def _report(error: Exception, what: str) -> None:
    """Says what is wrong, and what the run left behind on a server."""
    for line in (what, *getattr(error, "__notes__", ())):
        click.echo(f"wirecheck: {printable(line)}", err=True)


@click.group(
    commands=[check, conform, convert, docs, explain, fuzz, generate, lint, migration, redact, replay],
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"""\b
Examples:
  wirecheck lint openapi.yaml                 is the document sound?
  wirecheck check --spec openapi.yaml my.har  does recorded traffic fit it?
  wirecheck conform http://localhost:8000     does a running server fit it?

{EXIT_CODES}""",
)
@click.version_option(package_name="wirecheck", message="wirecheck %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Check HTTP traffic and servers against an OpenAPI document.

    The document is the file of --spec, else that of WIRECHECK_SPEC, else openapi.yaml, openapi.yml
    or openapi.json in the working folder. Findings go to standard output, errors and progress to
    standard error.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
    elif os.environ.get("FORCE_COLOR"):  # https://force-color.org
        context.color = True
