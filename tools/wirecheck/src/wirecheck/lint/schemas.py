"""Whether the schemas of a document are valid.

They are checked against the metaschema of JSON Schema 2020-12 and the additions of OpenAPI 3.1.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from wirecheck.engine import Engine
from wirecheck.lint.objects import violated
from wirecheck.lint.patterns import is_ecma_262, unportable
from wirecheck.lint.rule import Context, Flaw, shown_keyword
from wirecheck.model import Severity
from wirecheck.spec import Document, Kind, Node, join
from wirecheck.spec.document import Place
from wirecheck.spec.versions import version

_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_DIALECTS = (
    _JSON_SCHEMA,
    "https://json-schema.org/draft/2019-09/schema",
    *(f"http://json-schema.org/draft-0{number}/schema" for number in (4, 6, 7)),
)
_OPENAPI_DIALECTS = (
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
)
_TEXT = {"type": "string"}

# What OpenAPI 3.1 adds to schemas (its section 4.8.24).
_ADDITIONS: dict[str, Any] = {
    "discriminator": {
        "type": "object",
        "properties": {"propertyName": _TEXT, "mapping": {"type": "object", "additionalProperties": _TEXT}},
        "required": ["propertyName"],
    },
    "externalDocs": {
        "type": "object",
        "properties": {"url": _TEXT, "description": _TEXT},
        "required": ["url"],
    },
    "xml": {
        "type": "object",
        "properties": {
            "name": _TEXT,
            "namespace": _TEXT,
            "prefix": _TEXT,
            "attribute": {"type": "boolean"},
            "wrapped": {"type": "boolean"},
        },
    },
}
_ADDED = [(member,) for member in _ADDITIONS]


@cache
def _metaschema() -> Engine:
    schema = {"$dynamicAnchor": "meta", "$ref": _JSON_SCHEMA, "properties": _ADDITIONS}
    return Engine(Document("JSON Schema", schema, Place(1)))


def schema_flaws(context: Context) -> Iterator[Flaw]:
    """Errors of schemas: each outermost schema is checked together with those within it.

    Those of OpenAPI 2.0 and 3.0 are checked as the objects that they are there.
    """
    written = context.document.as_written()
    if not version(written).startswith(("3.1", "3.2")):
        for node in context.schemas():
            yield from _own_patterns(node)
        return
    dialect = context.document.data.get("jsonSchemaDialect", _JSON_SCHEMA)
    if isinstance(dialect, str) and _foreign_dialect(dialect):
        yield _foreign("/jsonSchemaDialect", dialect)
        return
    within: str | None = None
    for node in context.nodes:
        if node.kind is not Kind.SCHEMA or (within is not None and node.pointer.startswith(within)):
            continue
        within = f"{node.pointer}/"
        yield from _flaws(node)


def _flaws(node: Node) -> Iterator[Flaw]:
    dialect = node.value.get("$schema") if isinstance(node.value, dict) else None
    if isinstance(dialect, str) and _foreign_dialect(dialect):
        yield _foreign(join(node.pointer, "$schema"), dialect)
        return
    for violation in _metaschema().violations("", node.value, shown_keyword):
        pointer = join(node.pointer, *violation.path)
        if violation.keyword == "propertyNames" and violation.path[-1:] == ("patternProperties",):
            yield from _bad_patterns(pointer, _at(node.value, violation.path))
        elif violation.path[-1:] == ("pattern",) and violation.keyword == "format":
            yield from _bad_patterns(pointer.rpartition("/")[0], [_at(node.value, violation.path)], "pattern")
        elif violation.keyword != "format":  # the others are of addresses: a $ref may have braces in it
            whole = f'"{violation.path[-1]}"' if violation.path[-1:] in _ADDED else "the schema"
            yield Flaw(pointer, f"{violated(violation, whole)} {violation.problem}")


def _own_patterns(node: Node) -> Iterator[Flaw]:
    """The patterns of one schema that are not regular expressions."""
    if isinstance(pattern := node.value.get("pattern"), str):
        yield from _bad_patterns(node.pointer, [pattern], "pattern")
    if isinstance(patterns := node.value.get("patternProperties"), dict):
        yield from _bad_patterns(join(node.pointer, "patternProperties"), patterns)


def _foreign_dialect(dialect: str) -> bool:
    return dialect.removesuffix("#") not in _DIALECTS and not dialect.startswith(_OPENAPI_DIALECTS)


def _foreign(pointer: str, dialect: str) -> Flaw:
    what = f"schemas are read as JSON Schema 2020-12, not as {dialect}: they are not checked"
    return Flaw(pointer, what, Severity.WARNING)


def _at(value: Any, path: Iterable[str | int]) -> Any:
    for key in path:
        value = value[key]
    return value


def _bad_patterns(pointer: str, patterns: Iterable[str], member: str | None = None) -> Iterator[Flaw]:
    """The patterns that are not regular expressions; each is a key of the object unless a member is named."""
    for pattern in patterns:
        if not is_ecma_262(pattern):
            reason = unportable(pattern) or ""
            detail = "" if reason.startswith("is not a regular expression") else f": it {reason}"
            what = f"the pattern {shown_keyword(pattern, ())} is not a regular expression of ECMA-262{detail}"
            yield Flaw(join(pointer, member or pattern), what)
