"""The commands that need only a document: they check it, or make something from it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirecheck.cli.configuring import config_options
from wirecheck.cli.exits import EXIT_CODES, SATISFIED, VIOLATED, is_violated
from wirecheck.cli.options import (
    NamedDocument,
    fail_on_option,
    output_option,
    spec_argument,
    spec_option,
)
from wirecheck.cli.output import shortened, write
from wirecheck.cli.suggest import unknown
from wirecheck.escapes import printable
from wirecheck.model import OutputError

if TYPE_CHECKING:
    from wirecheck.config import Config
    from wirecheck.lint import Ruleset


def _check_option(written: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(
        "--check",
        "check_only",
        is_flag=True,
        help=f"Write nothing; exit with 1 if {written} differs from what would be written.",
    )


def _rulesets(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> "list[Ruleset]":
    """The rule sets that are named, once each, in their own order; those that are on by default for none."""
    from wirecheck.lint import DEFAULT, Ruleset

    names = {name.strip() for value in values for name in value.split(",")}
    for name in sorted(names - {"all", *Ruleset}):
        raise unknown("rule set", name, [*Ruleset, "all"])
    chosen = set(Ruleset) if "all" in names else names or set(DEFAULT)
    return [ruleset for ruleset in Ruleset if ruleset in chosen]


@click.command(epilog=EXIT_CODES)
@config_options
@click.option(
    "--ruleset",
    "rulesets",
    multiple=True,
    metavar="NAMES",
    callback=_rulesets,
    help="Apply these rule sets: core, extensions, client or all, separated by commas. May be repeated."
    "  [default: core,extensions]",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, or annotations of GitHub Actions.",
)
@output_option
@fail_on_option
@spec_argument
def lint(
    config: "Config",
    rulesets: "list[Ruleset]",
    format_: str,
    output: Path | None,
    fail_on: str,
    document: NamedDocument,
) -> int:
    """Check an OpenAPI document itself.

    \b
      wirecheck lint openapi.yaml
      wirecheck lint --ruleset all --fail-on warning openapi.yaml

    \b
    Rule sets:
      core        valid OpenAPI, unique operationIds, examples that fit,
                  patterns and YAML that every program reads alike
      extensions  the x- extensions of wirecheck: place, form, and where they lead
      client      what `wirecheck generate` cannot generate or type; off unless
                  named

    Without SPEC it is the file that WIRECHECK_SPEC names, then openapi.yaml, .yml or .json in
    this folder. `wirecheck explain` lists the rules, `wirecheck explain RULE` explains one.
    """
    from collections import Counter

    from wirecheck.lint import lint as problems_of
    from wirecheck.lint import to_json, to_text
    from wirecheck.reports.github import problems_to_github

    spec = document.load(cached=False)  # it needs what is written as well, of which a parsed one shares most
    found = problems_of(spec, rulesets)
    problems = [(line, problem) for line, problem in found if not config.skips_finding(problem.rule, None)]
    if skipped := len(found) - len(problems):
        count = "1 problem is" if skipped == 1 else f"{skipped} problems are"
        click.echo(f"wirecheck: {count} skipped by the configuration", err=True)
    formats: dict[str, Callable[..., Iterator[str]]] = {
        "text": to_text,
        "json": to_json,
        "github": problems_to_github,
    }
    write(formats[format_](spec.document.name, problems), format_, output)
    return (
        VIOLATED if is_violated(Counter(problem.severity for _, problem in problems), fail_on) else SATISFIED
    )


@click.command(short_help="Generate a typed Python client.")
@spec_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder of the distribution, which holds the package.",
)
@click.option("--package", required=True, metavar="NAME", help="The name of the package to import.")
@click.option("--package-only", is_flag=True, help="Do not write pyproject.toml, README.md and api.md.")
@click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Names of methods, and how lists are walked: YAML, or a stainless.yml.",
)
@click.option(
    "--overlay",
    "overlays",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="An OpenAPI Overlay to apply to the document first; may be repeated.",
)
@click.option(
    "--allow-missing", is_flag=True, help="Leave out operations that cannot be generated, and name them."
)
@_check_option("the client")
def generate(
    document: NamedDocument,
    output: Path,
    package: str,
    package_only: bool,
    settings: Path | None,
    overlays: tuple[Path, ...],
    allow_missing: bool,
    check_only: bool,
) -> int:
    """Generate a typed Python client: the package DIR/NAME, and what is needed to publish it.

    \b
      wirecheck generate --spec openapi.yaml --output acme --package acme_client
      pip install ./acme

    With --package-only it writes the package alone, into a project of your own. An older client
    is replaced, all of it or nothing; files that wirecheck did not write are never replaced.
    What the client lacks of the document is named on standard error. An operation that cannot be
    generated is an error, and nothing is written; with --allow-missing the rest is.
    """
    from wirecheck.generate import MissingOperationsError, build, drift, foreign_files
    from wirecheck.generate import generate as write_client
    from wirecheck.generate.overlay import Revision
    from wirecheck.generate.overlay import read as read_overlay

    revision = Revision([read_overlay(path) for path in overlays])
    spec = document.load(revise=revision if overlays else None)
    client = build(spec, package, settings)
    _say((*revision.warnings, *client.warnings))
    missing = client.missing if allow_missing else client.missing[1:]
    _say(shortened([str(loss) for loss in (*client.partial, *missing)], "lint --ruleset client"))
    if client.missing and not allow_missing:
        raise MissingOperationsError(client.missing)
    foreign = [] if package_only else foreign_files(output, package)
    if foreign:
        names = " and ".join(str(output / name) for name in foreign)
        verb = "were" if foreign[1:] else "was"
        scope = "checked" if check_only else "written"
        click.echo(f"{names} {verb} not generated for {package}: only the package is {scope}", err=True)
    if check_only:
        differences = drift(client, output, package, package_only=package_only, allow_missing=True)
        for difference in differences:
            click.echo(difference)
        return VIOLATED if differences else SATISFIED
    written = write_client(client, output, package, package_only=package_only, allow_missing=True)
    _say((*client.pages, f"{output / package}: {len(written)} files"))
    return SATISFIED


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line), err=True)


@click.command()
@spec_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the page to FILE instead of standard output.",
)
@_check_option("FILE")
def migration(document: NamedDocument, output: Path | None, check_only: bool) -> int:
    """Render the deprecation and migration guide as Markdown.

    For each tag a table says when its operations were removed (x-lifecycle), and what replaces
    them today (x-migration).
    """
    from wirecheck.blame import document_errors
    from wirecheck.migration import render

    if check_only and output is None:
        raise click.UsageError("--check requires --output FILE, the file to compare with.")
    spec = document.load()
    with document_errors(spec):
        page = "".join(render(spec))
    if not check_only or output is None:
        write([page], "markdown", output)
        return SATISFIED
    try:
        old = output.read_bytes() if output.exists() else None
    except OSError as error:
        raise OutputError(str(output), f"cannot be read: {error.strerror}") from None
    if old == page.encode():
        return SATISFIED
    click.echo(f"{output}: {'is missing' if old is None else 'differs'}")
    return VIOLATED
