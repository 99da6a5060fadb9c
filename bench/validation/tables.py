"""Tables of results, for a terminal of 80 columns and for a page."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = 80


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below the names of their columns; the first cell of a row says what was measured.

    ``about`` is a sentence or two, ``notes`` say what could not be measured, and what a row leaves out.
    """

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


def text(table: Table) -> str:
    """The table in at most 80 columns; the first column takes what the others leave."""
    lines = [table.columns, *table.rows]
    widths = [max(len(line[index]) for line in lines) for index in range(1, len(table.columns))]
    longest = max(len(line[0]) for line in lines)
    first = max(min(longest, COLUMNS - sum(widths) - 2 * len(widths)), 1)
    written = [table.title, *textwrap.wrap(table.about, COLUMNS), ""]
    for line in lines:
        *above, label = textwrap.wrap(line[0], first, subsequent_indent="  ") or [""]
        cells = [cell.rjust(width) for cell, width in zip(line[1:], widths, strict=True)]
        written += [*above, "  ".join([label.ljust(first), *cells]).rstrip()]
    for note in table.notes:
        written += textwrap.wrap(f"- {note}", COLUMNS, subsequent_indent="  ")
    return "\n".join(written) + "\n"


def markdown(table: Table) -> str:
    """The table as a section of a page."""
    head = [table.columns, ["---", *["--:"] * (len(table.columns) - 1)]]
    rows = "\n".join(f"| {' | '.join(line)} |" for line in (*head, *table.rows))
    notes = "".join(f"{_wrapped(f'- {note}', '  ')}\n" for note in table.notes)
    return (
        "\n\n".join(filter(None, [f"## {table.title}", _wrapped(table.about), rows, notes.rstrip("\n")]))
        + "\n"
    )


def _wrapped(paragraph: str, indent: str = "") -> str:
    return textwrap.fill(
        paragraph, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
