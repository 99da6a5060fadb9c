"""The command line: each command passes its work to a module and reports the result."""

import os
from collections.abc import Sequence
from importlib import import_module

import click

from wirecheck.cli.exits import EXIT_CODES, INCONCLUSIVE, INTERRUPTED, SATISFIED

__all__ = ["COMMANDS", "command", "commands", "run"]

COMMANDS = {
    "check": ("judging", "Check recorded HTTP traffic against an OpenAPI document."),
    "conform": ("servers", "Test whether a server satisfies a document."),
    "convert": ("writing", "Write recordings in another format; several become one."),
    "docs": ("reference", "Render a document as a page for people."),
    "explain": ("explaining", "Explain a check or a lint rule; without ID, list all of them."),
    "fuzz": ("servers", "Search a server for failures with generated requests."),
    "generate": ("documents", "Generate a typed Python client."),
    "lint": ("documents", "Check an OpenAPI document itself."),
    "migration": ("documents", "Render the deprecation and migration guide as Markdown."),
    "proxy": ("proxy", "Judge the traffic with a server, between it and its clients."),
    "redact": ("writing", "Write recordings without their secrets."),
    "replay": ("servers", "Replay a failure that `conform --save` or `fuzz --save` wrote."),
}
"""The module of each command, and what the help says of it before that is imported."""


def command(name: str) -> click.Command:
    """A command by its name, whose module is imported now."""
    module, _ = COMMANDS[name]
    imported: click.Command = getattr(import_module(f"wirecheck.cli.{module}"), name)
    return imported


def run(arguments: Sequence[str]) -> int:
    """Runs the command and returns its exit code; an error is one line on standard error."""
    try:
        code = commands.main(args=list(arguments), prog_name="wirecheck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return INCONCLUSIVE
    except (click.Abort, KeyboardInterrupt):
        click.echo("wirecheck: interrupted", err=True)
        return INTERRUPTED
    except SystemExit as exit_:  # on a closed pipe click exits with 1, which would mean "violated"
        return INCONCLUSIVE if exit_.code else SATISFIED
    except RecursionError as error:
        _report(error, "the document or the input is nested too deeply")
        return INCONCLUSIVE
    except Exception as error:
        from wirecheck.model import WirecheckError

        if not isinstance(error, WirecheckError):
            raise
        _report(error, str(error))
        return INCONCLUSIVE
    return code if isinstance(code, int) else SATISFIED


def _report(error: Exception, what: str) -> None:
    """Says what is wrong, and what the run left behind on a server."""
    from wirecheck.escapes import printable

    for line in (what, *getattr(error, "__notes__", ())):
        click.echo(f"wirecheck: {printable(line)}", err=True)


class _Commands(click.Group):
    """Commands of which the name and a summary are known, and the rest once it runs."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, summarized, rest = super().resolve_command(ctx, args)
        return name, command(name) if name else summarized, rest


@click.group(
    cls=_Commands,
    commands=[click.Command(name, short_help=summary) for name, (_, summary) in COMMANDS.items()],
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
