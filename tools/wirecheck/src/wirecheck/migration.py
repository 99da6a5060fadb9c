"""The deprecation and migration guide of a document, as Markdown (x-lifecycle, x-migration)."""

import re
from collections.abc import Iterator
from typing import Any

from wirecheck.escapes import printable
from wirecheck.lint.extensions import problems
from wirecheck.spec import Kind, Spec, walk
from wirecheck.spec.document import tokens

_HEAD = """
| operation | in the client | removed | replacement today | note |
|---|---|---|---|---|
"""
_NOTHING = "-"
_QUOTE = "'"  # instead of a backtick, which would end the code
_NOT_A_LINK = re.compile(r"\](?=\()(?!\(https?://)")


def render(spec: Spec) -> Iterator[str]:
    """The page in pieces, with a table for each tag. Raises SpecError for malformed extensions."""
    document = spec.document
    if flaw := next(problems(spec), None):
        raise document.error(flaw.pointer, flaw.message)
    info = document.data.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    if not isinstance(title, str):
        raise document.error("/info", "a title is required here")
    yield f"# {_cell(title)}: deprecation and migration guide\n\n"
    yield "When each operation was removed, and what replaces it today. Written by `wirecheck migration`.\n"
    tables: dict[str, list[str]] = {}
    for name, operation in _operations(spec):
        tables.setdefault(_tag(operation), []).append(_row(name, operation))
    for tag, rows in tables.items():
        yield f"\n## {_cell(tag)}\n{_HEAD}"
        yield from rows


def _operations(spec: Spec) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name that people know each operation by, and its object in the document."""
    for operation in spec.operations:
        yield f"{operation.method} {operation.template}", spec.document.get(operation.pointer)
    for node in walk(spec.document):
        match [*tokens(node.pointer)]:
            case ["webhooks", webhook, method] if node.kind is Kind.OPERATION:
                yield f"webhook {webhook}, {method.upper()}", node.value


def _tag(operation: dict[str, Any]) -> str:
    tags = operation.get("tags")
    return str(tags[0]) if isinstance(tags, list) and tags else "other operations"


def _row(name: str, operation: dict[str, Any]) -> str:
    resource, migration = operation.get("x-resource"), operation.get("x-migration", {})
    removed = (f"{event['date']}: {_cell(event['what'])}" for event in operation.get("x-lifecycle", []))
    cells = (
        f"`{_line(name.replace('`', _QUOTE))}`",
        f"`{resource}`" if resource else _NOTHING,
        "<br>".join(removed) or _NOTHING,
        _cell(migration.get("replacement", _NOTHING) or "**none**"),
        _cell(migration.get("note", _NOTHING)),
    )
    return f"| {' | '.join(cells)} |\n"


def _cell(text: str) -> str:
    """A text of the document in Markdown, without HTML, and with links to http and https only."""
    return _NOT_A_LINK.sub("&#93;", _line(text).replace("<", "&lt;"))


def _line(text: str) -> str:
    """A text on one line which does not end a cell (GitHub Flavored Markdown, 4.10)."""
    return printable(" ".join(text.split())).replace("|", "\\|")
