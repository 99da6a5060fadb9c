"""Schemas that the engine cannot compile, without the keywords that it cannot."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from wirecheck.spec import Document, Kind, SpecProblem, join, walk
from wirecheck.spec.rewriting import part_at, replaced, without_members
from wirecheck.spec.structure import OPENAPI

Compile = Callable[[dict[str, Any]], str | None]
"""Why a schema cannot be compiled, None for one that can."""

_BELOW = frozenset({*OPENAPI[Kind.SCHEMA], "$ref", "$dynamicRef", "$defs", "definitions"})
_PATTERNS = "patternProperties"


def compilable(document: Document, why: Compile) -> Document:
    """The document without the keywords of its schemas that cannot be compiled; each is a problem."""
    part, problems = (document.data, document.place), list[SpecProblem]()
    for node in walk(document):
        if node.kind is not Kind.SCHEMA or not isinstance(node.value, dict):
            continue
        culprits = list(_culprits(node.value, why))
        for keyword, reason in culprits:
            problems.append(SpecProblem(join(node.pointer, keyword), f"unusable schema: {reason}"))
        if culprits:
            current = replace(document, data=part[0], located=part[1])
            rest = without_members(part_at(current, node.pointer), *(keyword for keyword, _ in culprits))
            part = replaced(part, node.pointer, rest)
    return replace(document, data=part[0], located=part[1], problems=(*document.problems, *problems))


def _culprits(schema: dict[str, Any], why: Compile) -> Iterator[tuple[str, str]]:
    """The keywords of a schema that cannot be compiled, with the reasons; not those of schemas below it."""
    own = {keyword: value for keyword, value in schema.items() if keyword not in _BELOW}
    if isinstance(schema.get(_PATTERNS), dict):
        own[_PATTERNS] = dict.fromkeys(schema[_PATTERNS], True)
    if not own or why(own) is None:
        return
    for keyword, value in own.items():
        if (reason := why({keyword: value})) is not None:
            yield keyword, reason
