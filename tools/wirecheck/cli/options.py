"""Options that commands of every kind share."""

from pathlib import Path

import click

from wirecheck.model import Severity


def bundled_document() -> Path:
    """The bundled document, named from the working folder where it stands below it."""
    from wirecheck.spec import bundled

    path = bundled().resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


spec_option = click.option(
    "--spec",
    "spec_path",
    type=click.Path(path_type=Path),
    default=bundled_document,
    metavar="FILE",
    envvar="WIRECHECK_SPEC",
    show_envvar=True,
    help="OpenAPI 3.1 document, YAML or JSON.  [default: the bundled Instagram REST API v1]",
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
