"""Options that commands of every kind share."""

from pathlib import Path

import click

from wirecheck.model import Severity


def document_here() -> Path:
    """The document of the working folder; raises SpecError when there is none."""
    from wirecheck.spec import locate

    return locate()


spec_option = click.option(
    "--spec",
    "spec_path",
    type=click.Path(path_type=Path),
    default=document_here,
    metavar="FILE",
    envvar="WIRECHECK_SPEC",
    show_envvar=True,
    help="OpenAPI 3.1 document, YAML or JSON.  [default: openapi.yaml, .yml or .json in this folder]",
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([Severity.ERROR.value, Severity.WARNING.value, "never"]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least grave finding that gives exit code 1.",
)
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report there instead of standard output; an older file is replaced when all is done.",
)
