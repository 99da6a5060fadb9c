"""The command that renders a document for people."""

from pathlib import Path

import click

from wirecheck.cli.exits import SATISFIED
from wirecheck.cli.options import NamedDocument, spec_argument
from wirecheck.cli.output import write


@click.command(short_help="Render a document as a page for people.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "markdown"]),
    help="Format of the page.  [default: html if FILE ends in .html or .htm, else markdown]",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the page to FILE instead of standard output.",
)
@spec_argument
def docs(format_: str | None, output: Path | None, document: NamedDocument) -> int:
    """Render a document as a page for people: operations, schemas, rules and laws.

    \b
      wirecheck docs openapi.yaml --output api.html
      wirecheck docs openapi.yaml > api.md

    The HTML page is one file without scripts; opening it fetches nothing. Without SPEC it is the file that
    WIRECHECK_SPEC names, else openapi.yaml, openapi.yml or openapi.json in the working folder.
    """
    from wirecheck.blame import document_errors
    from wirecheck.reference import FORMATS

    if format_ is None:
        format_ = "html" if output and output.suffix.lower() in (".html", ".htm") else "markdown"
    spec = document.load()
    with document_errors(spec):
        write(FORMATS[format_](spec), format_, output)
    return SATISFIED
