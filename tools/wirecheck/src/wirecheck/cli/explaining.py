"""The command that explains checks and lint rules."""

import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click

from wirecheck.cli.suggest import unknown

if TYPE_CHECKING:
    from wirecheck.explain import Page

_WIDTH = 80


@click.command()
@click.argument("name", required=False, metavar="[ID]")
def explain(name: str | None) -> None:
    """Explain a check or a lint rule; without ID, list all of them.

    \b
      wirecheck explain                      list the ids, in groups
      wirecheck explain status-documented    what it checks, why, and examples

    ID is what a report names with each finding or problem.
    """
    from wirecheck.explain import pages

    by_id = pages()
    if name is None:
        click.echo("\n".join(_listed(list(by_id.values()))))
    elif name in by_id:
        click.echo("\n".join(_page(by_id[name])))
    else:
        raise unknown("check or lint rule", name, by_id)


def _listed(pages: list["Page"]) -> Iterator[str]:
    column = max(len(page.id) for page in pages) + 4
    for number, (group, members) in enumerate(groupby(pages, lambda page: page.group)):
        if number:
            yield ""
        yield click.style(group, bold=True)
        for page in members:
            yield from textwrap.wrap(
                page.summary,
                _WIDTH,
                initial_indent=f"  {page.id}".ljust(column),
                subsequent_indent=" " * column,
                break_on_hyphens=False,
            )
    yield ""
    yield "`wirecheck explain ID` explains one of them, with examples."


def _page(page: "Page") -> Iterator[str]:
    yield f"{click.style(page.id, bold=True)} ({page.label})"
    yield ""
    yield from _paragraphs(page.text)
    yield from _titled("Why", _paragraphs(page.why))
    if page.document is not None:
        yield from _titled("Given this part of a document", _code(page.document))
    kind = "document" if page.document is None else "exchange"
    yield from _titled(f"Bad {kind}", _code(page.bad))
    yield from _titled(f"Good {kind}", _code(page.good))
    yield from _titled("Reported by", _paragraphs(page.reported_by))


def _titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield ""
    yield click.style(title, bold=True)
    yield from (f"  {line}".rstrip() for line in lines)


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ""
        yield from textwrap.wrap(paragraph, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)


def _code(text: str) -> Iterator[str]:
    return iter(text.rstrip().splitlines())
