"""What became of the operations of a document, in Markdown: x-lifecycle and x-migration as tables."""

from collections.abc import Iterator
from typing import Any

from wirecheck.lint.extensions import problems
from wirecheck.redact import printable
from wirecheck.spec import Kind, Spec, walk
from wirecheck.spec.document import tokens

_HEAD = """
| operation | in the client | gone | replacement today | note |
|---|---|---|---|---|
"""
_NOTHING = "-"


def render(spec: Spec) -> Iterator[str]:
    """The document in pieces, with a table for each tag; raises SpecError for malformed extensions."""
    document = spec.document
    if problem := next(problems(spec), None):
        raise document.error(problem.pointer, problem.message)
    info = document.data.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    if not isinstance(title, str):
        raise document.error("/info", "a title is wanted here")
    yield f"# {_cell(title)}: what became of it\n\n"
    yield "What was taken away when, and what replaces it today. Written by `wirecheck migration`.\n"
    tables: dict[str, list[str]] = {}
    for name, operation in _operations(spec):
        tables.setdefault(_tag(operation), []).append(_row(name, operation))
    for tag, rows in tables.items():
        yield f"\n## {_cell(tag)}\n{_HEAD}"
        yield from rows


def _operations(spec: Spec) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, and the name that people know it by."""
    for one in spec.operations:
        yield f"{one.method} {one.template}", spec.document.get(one.pointer)
    for node in walk(spec.document):
        match [*tokens(node.pointer)]:
            case ["webhooks", webhook, method] if node.kind is Kind.OPERATION:
                yield f"webhook {webhook}, {method.upper()}", node.value


def _tag(operation: dict[str, Any]) -> str:
    tags = operation.get("tags")
    return str(tags[0]) if isinstance(tags, list) and tags else "other operations"


def _row(name: str, operation: dict[str, Any]) -> str:
    resource, migration = operation.get("x-resource"), operation.get("x-migration", {})
    gone = (f"{one['date']}: {_cell(one['what'])}" for one in operation.get("x-lifecycle", []))
    cells = (
        f"`{_cell(name)}`",
        f"`{resource}`" if resource else _NOTHING,
        "<br>".join(gone) or _NOTHING,
        _cell(migration.get("replacement", _NOTHING) or "**none**"),
        _cell(migration.get("note", _NOTHING)),
    )
    return f"| {' | '.join(cells)} |\n"


def _cell(text: str) -> str:
    """A text on one line which does not end a cell (GitHub Flavored Markdown, 4.10)."""
    return printable(" ".join(text.split())).replace("|", "\\|")
