"""The structure of an OpenAPI 3.1 document as tables, and a walk over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wirecheck.spec.document import Document, join


class Kind(StrEnum):
    """The objects of the OpenAPI Specification 3.1 that a walk visits."""

    DOCUMENT = "document"
    COMPONENTS = "components"
    PATH_ITEM = "path item"
    OPERATION = "operation"
    CALLBACK = "callback"
    PARAMETER = "parameter"
    HEADER = "header"
    REQUEST_BODY = "request body"
    RESPONSE = "response"
    MEDIA_TYPE = "media type"
    ENCODING = "encoding"
    LINK = "link"
    EXAMPLE = "example"
    SECURITY_SCHEME = "security scheme"
    SCHEMA = "schema"


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_SCHEMA_MEMBERS = (
    *("items", "contains", "not", "if", "then", "else", "additionalProperties", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema"),
)

# For each kind, its members and what they contain: one object, a list of objects, or a map of objects.
ONE: dict[Kind, dict[str, Kind]] = {
    Kind.DOCUMENT: {"components": Kind.COMPONENTS},
    Kind.PATH_ITEM: dict.fromkeys(METHODS, Kind.OPERATION),
    Kind.OPERATION: {"requestBody": Kind.REQUEST_BODY},
    Kind.PARAMETER: {"schema": Kind.SCHEMA},
    Kind.HEADER: {"schema": Kind.SCHEMA},
    Kind.MEDIA_TYPE: {"schema": Kind.SCHEMA},
    Kind.SCHEMA: dict.fromkeys(_SCHEMA_MEMBERS, Kind.SCHEMA),
}
LIST: dict[Kind, dict[str, Kind]] = {
    Kind.PATH_ITEM: {"parameters": Kind.PARAMETER},
    Kind.OPERATION: {"parameters": Kind.PARAMETER},
    Kind.SCHEMA: dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), Kind.SCHEMA),
}
MAP: dict[Kind, dict[str, Kind]] = {
    Kind.DOCUMENT: {"paths": Kind.PATH_ITEM, "webhooks": Kind.PATH_ITEM},
    Kind.COMPONENTS: {
        "schemas": Kind.SCHEMA,
        "responses": Kind.RESPONSE,
        "parameters": Kind.PARAMETER,
        "examples": Kind.EXAMPLE,
        "requestBodies": Kind.REQUEST_BODY,
        "headers": Kind.HEADER,
        "securitySchemes": Kind.SECURITY_SCHEME,
        "links": Kind.LINK,
        "callbacks": Kind.CALLBACK,
        "pathItems": Kind.PATH_ITEM,
    },
    Kind.OPERATION: {"responses": Kind.RESPONSE, "callbacks": Kind.CALLBACK},
    Kind.PARAMETER: {"content": Kind.MEDIA_TYPE, "examples": Kind.EXAMPLE},
    Kind.HEADER: {"content": Kind.MEDIA_TYPE, "examples": Kind.EXAMPLE},
    Kind.REQUEST_BODY: {"content": Kind.MEDIA_TYPE},
    Kind.RESPONSE: {"headers": Kind.HEADER, "content": Kind.MEDIA_TYPE, "links": Kind.LINK},
    Kind.MEDIA_TYPE: {"examples": Kind.EXAMPLE, "encoding": Kind.ENCODING},
    Kind.ENCODING: {"headers": Kind.HEADER},
    Kind.SCHEMA: dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), Kind.SCHEMA),
}


@dataclass(frozen=True, slots=True)
class Node:
    """An object of the document, or a reference to one; ``ref`` is the ``$ref`` as written."""

    kind: Kind
    pointer: str
    value: Any
    ref: str | None = None


def walk(document: Document, kind: Kind = Kind.DOCUMENT, pointer: str = "") -> Iterator[Node]:
    """The object at a pointer and every object below it, in order; references are not followed.

    Raises SpecError where an object, a list or a map has the wrong type.
    """
    pending = [_node(document, kind, pointer, document.get(pointer))]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node.value, dict):
            pending.extend(reversed(list(_children(document, node))))


def _children(document: Document, node: Node) -> Iterator[Node]:
    if node.kind is Kind.CALLBACK:
        yield from _entries(document, Kind.PATH_ITEM, node.pointer, node.value, extensible=True)
        return
    if node.ref is not None and node.kind is not Kind.SCHEMA:
        return
    for member, kind in ONE.get(node.kind, {}).items():
        if member in node.value:
            yield _node(document, kind, join(node.pointer, member), node.value[member])
    for member, kind in LIST.get(node.kind, {}).items():
        yield from _items(document, kind, join(node.pointer, member), node.value.get(member, []))
    for member, kind in MAP.get(node.kind, {}).items():
        pointer, extensible = join(node.pointer, member), member in ("paths", "responses")
        yield from _entries(document, kind, pointer, node.value.get(member, {}), extensible)


def _items(document: Document, kind: Kind, pointer: str, items: Any) -> Iterator[Node]:
    if not isinstance(items, list):
        raise document.error(pointer, "must be a list")
    for index, item in enumerate(items):
        yield _node(document, kind, join(pointer, index), item)


def _entries(document: Document, kind: Kind, pointer: str, entries: Any, extensible: bool) -> Iterator[Node]:
    """The values of a map, without extensions (``x-...``) where the map may have some."""
    if not isinstance(entries, dict):
        raise document.error(pointer, "must be an object")
    for key, value in entries.items():
        if not (extensible and key.startswith("x-")):
            yield _node(document, kind, join(pointer, key), value)


def _node(document: Document, kind: Kind, pointer: str, value: Any) -> Node:
    if not isinstance(value, dict) and not (kind is Kind.SCHEMA and isinstance(value, bool)):
        raise document.error(pointer, f"must be an object ({kind})")
    ref = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(ref, str) and isinstance(value, dict) and "$ref" in value:
        raise document.error(pointer, "a $ref must be a string")
    return Node(kind, pointer, value, ref)
