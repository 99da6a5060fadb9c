"""The command line: each command hands its work to a module and tells what came of it."""

import os
import sys
from collections.abc import Sequence

import click

from wirecheck.cli.documents import generate, lint, migration
from wirecheck.cli.exits import INCONCLUSIVE, INTERRUPTED, SATISFIED
from wirecheck.cli.explaining import explain
from wirecheck.cli.judging import check
from wirecheck.cli.reference import docs
from wirecheck.cli.servers import conform, fuzz, replay
from wirecheck.model import WirecheckError
from wirecheck.redact import printable

__all__ = ["commands", "run"]


def run(arguments: Sequence[str]) -> int:
    """Runs the command and gives its exit code; trouble is told in one line on standard error."""
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
    except SystemExit as left:  # click's own answer to a closed pipe is 1, which would mean "broken"
        return INCONCLUSIVE if left.code else SATISFIED
    except WirecheckError as error:
        click.echo(f"wirecheck: {printable(str(error))}", err=True)
        return INCONCLUSIVE
    return code if isinstance(code, int) else SATISFIED


@click.group(
    commands=[check, conform, docs, explain, fuzz, generate, lint, migration, replay],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try it: wirecheck check traffic.har --spec openapi.yaml",
)
@click.version_option(package_name="wirecheck", message="wirecheck %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Judges HTTP traffic against an OpenAPI 3.1 document.

    Findings go to standard output, troubles and progress to standard error.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
