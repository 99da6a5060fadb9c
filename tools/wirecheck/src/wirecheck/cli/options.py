"""The options that several commands share."""

from pathlib import Path

import click

from wirecheck.model import Severity


def document_here() -> Path:
    """The document of WIRECHECK_SPEC or of the working folder; raises SpecError when there is none."""
    from wirecheck.spec import locate

    return locate()


spec_option = click.option(
    "--spec",
    "spec_path",
    type=click.Path(path_type=Path),
    default=document_here,
    metavar="FILE",
    help="OpenAPI 3.1 document, YAML or JSON.  [default: $WIRECHECK_SPEC, else openapi.yaml, openapi.yml or"
    " openapi.json in the working folder]",
)
also_option = click.option(
    "--also",
    multiple=True,
    metavar="NAME",
    envvar="WIRECHECK_ALSO",
    show_envvar=True,
    help="Mask the values of this name as well, in any case and spelling. Repeatable.",
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([Severity.ERROR.value, Severity.WARNING.value, "never"]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Least severe finding that makes the exit code 1.",
)
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or JSON for programs.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report to FILE instead of standard output. An existing file is replaced at the end.",
)
