"""Limits of operations that extensions describe, whose servers accept no other forms of values."""

from collections.abc import Iterator
from math import inf
from typing import Any

from wirecheck.spec import Document, Operation, Spec

_EXTENSIONS = ("x-undo", "x-laws", "x-needs", "x-pagination")


def is_described(spec: Spec, operation: Operation) -> bool:
    """Whether an extension describes what an operation does, so that nothing has to be derived."""
    return any(name in spec.document.get(operation.pointer) for name in _EXTENSIONS)


def limit_values(document: Document, schema: str) -> Iterator[tuple[Any, str]]:
    """Values at the limits of a schema, and what is wrong with each, empty for a valid one.

    The named rules within it (x-rule) have boundary values of their own.
    """
    found = document.get(document.follow(schema))
    if not isinstance(found, dict):
        return
    kind = found.get("type")
    if kind in ("integer", "number", "boolean"):
        yield "", "is empty"
        yield "x", f"is not {'an' if kind == 'integer' else 'a'} {kind}"
    if kind in ("integer", "number"):
        yield from _numbers(found)
    if kind == "integer":
        yield "1.5", "is not an integer"
        yield "1_0", "is not an integer"
    elif kind == "boolean":
        yield True, ""
        yield False, ""
    elif kind == "string" and "enum" in found:
        for value in found["enum"]:
            yield value, ""
        yield "x-unknown", "is not one of its values"
    elif kind == "string":
        if found.get("minLength", 0) > 0:
            yield "", "is empty"
        if "maxLength" in found:
            yield "9" * (int(found["maxLength"]) + 1), "is too long"


def _numbers(limits: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Numbers at their limits, one further inside, and one further outside."""
    least, most = limits.get("minimum", -inf), limits.get("maximum", inf)
    for word, inwards, problem in (
        ("minimum", 1, "is below its minimum"),
        ("maximum", -1, "is above its maximum"),
    ):
        if word in limits:
            limit = limits[word]
            yield limit, ""
            if least <= limit + inwards <= most:
                yield limit + inwards, ""
            yield limit - inwards, problem
    if least > 0:
        yield -1 - least, "is negative"
