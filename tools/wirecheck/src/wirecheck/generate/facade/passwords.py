"""What the repr of a model must not show: format: password, and texts with the name of a secret."""

from typing import Any

from wirecheck.masking.names import Names, Strength
from wirecheck.shapes.parts import parts_of
from wirecheck.spec import Document
from wirecheck.spec.document import target

_NAMES = Names()
_NAMING = {"properties", "dependentRequired", "enum", "const", "default", "example", "examples"}
OTHER = ("additionalProperties", "patternProperties", "unevaluatedProperties")


def is_secret(document: Document, name: str, schemas: tuple[str, ...]) -> bool:
    """Whether a member is a password, has one inside that no model of its own hides, or is named as one."""
    return any(has_password(document, schema) for schema in schemas) or _is_secret_text(
        document, name, schemas
    )


def _is_secret_text(document: Document, name: str, schemas: tuple[str, ...]) -> bool:
    types = parts_of(document, schemas).types or frozenset()
    unions = parts_of(document, schemas).unions
    types |= {
        kind
        for _, members in unions
        for member in members
        for kind in parts_of(document, [member]).types or ()
    }
    return "string" in types and _NAMES.strength(name) is Strength.STRONG


def has_password(document: Document, schema: str, keywords: tuple[str, ...] = ()) -> bool:
    """Whether a value has a password in it that no model of its own hides; below some keywords, if given."""
    value = document.get(schema)
    if keywords:
        value = [
            part[keyword]
            for part in parts_of(document, [schema]).values
            for keyword in keywords
            if keyword in part
        ]
    pending: list[Any] = [value]
    visited = set[str]()
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        if not isinstance(value, dict):
            continue
        if value.get("format") == "password":
            return True
        pending += [member for keyword, member in value.items() if keyword not in _NAMING]
        reference = value.get("$ref")
        if isinstance(reference, str) and reference not in visited:
            visited.add(reference)
            pending.append(document.get(target(reference)))
    return False
