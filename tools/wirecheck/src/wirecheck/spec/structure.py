"""The structure of OpenAPI documents as tables, and a walk over it."""

from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from typing import Any

from msgspec import Struct

from wirecheck.spec.document import Document, join


class Kind(StrEnum):
    """The objects of the OpenAPI Specification that a walk visits."""

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


class Form(Enum):
    """What a member contains: one object, a list of objects, or a map of objects."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


Structure = Mapping[Kind, Mapping[str, tuple[Form, Kind]]]
"""For each kind the members that contain objects. The members of a callback have any name."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_ONE_SCHEMA = (
    *("items", "contains", "not", "if", "then", "else", "additionalProperties", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema"),
)
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMA_MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
_SCHEMA = {
    **dict.fromkeys(_ONE_SCHEMA, (Form.ONE, Kind.SCHEMA)),
    **dict.fromkeys(_SCHEMA_LISTS, (Form.LIST, Kind.SCHEMA)),
    **dict.fromkeys(_SCHEMA_MAPS, (Form.MAP, Kind.SCHEMA)),
}

SECTIONS = {
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
    "mediaTypes": Kind.MEDIA_TYPE,
}
"""The members of ``components``, each a map of objects of a kind."""

OPENAPI: Structure = {
    Kind.DOCUMENT: {
        "paths": (Form.MAP, Kind.PATH_ITEM),
        "components": (Form.ONE, Kind.COMPONENTS),
        "webhooks": (Form.MAP, Kind.PATH_ITEM),
    },
    Kind.COMPONENTS: {section: (Form.MAP, kind) for section, kind in SECTIONS.items()},
    Kind.PATH_ITEM: {
        **dict.fromkeys(METHODS, (Form.ONE, Kind.OPERATION)),
        "additionalOperations": (Form.MAP, Kind.OPERATION),
        "parameters": (Form.LIST, Kind.PARAMETER),
    },
    Kind.OPERATION: {
        "requestBody": (Form.ONE, Kind.REQUEST_BODY),
        "parameters": (Form.LIST, Kind.PARAMETER),
        "responses": (Form.MAP, Kind.RESPONSE),
        "callbacks": (Form.MAP, Kind.CALLBACK),
    },
    Kind.PARAMETER: {
        "schema": (Form.ONE, Kind.SCHEMA),
        "content": (Form.MAP, Kind.MEDIA_TYPE),
        "examples": (Form.MAP, Kind.EXAMPLE),
    },
    Kind.HEADER: {
        "schema": (Form.ONE, Kind.SCHEMA),
        "content": (Form.MAP, Kind.MEDIA_TYPE),
        "examples": (Form.MAP, Kind.EXAMPLE),
    },
    Kind.REQUEST_BODY: {"content": (Form.MAP, Kind.MEDIA_TYPE)},
    Kind.RESPONSE: {
        "headers": (Form.MAP, Kind.HEADER),
        "content": (Form.MAP, Kind.MEDIA_TYPE),
        "links": (Form.MAP, Kind.LINK),
    },
    Kind.MEDIA_TYPE: {
        "schema": (Form.ONE, Kind.SCHEMA),
        "itemSchema": (Form.ONE, Kind.SCHEMA),
        "examples": (Form.MAP, Kind.EXAMPLE),
        "encoding": (Form.MAP, Kind.ENCODING),
    },
    Kind.ENCODING: {"headers": (Form.MAP, Kind.HEADER)},
    Kind.SCHEMA: _SCHEMA,
}
"""OpenAPI 3.0 to 3.2."""

SWAGGER: Structure = {
    Kind.DOCUMENT: {
        "paths": (Form.MAP, Kind.PATH_ITEM),
        "definitions": (Form.MAP, Kind.SCHEMA),
        "parameters": (Form.MAP, Kind.PARAMETER),
        "responses": (Form.MAP, Kind.RESPONSE),
        "securityDefinitions": (Form.MAP, Kind.SECURITY_SCHEME),
    },
    Kind.PATH_ITEM: {
        **dict.fromkeys(METHODS[:7], (Form.ONE, Kind.OPERATION)),
        "parameters": (Form.LIST, Kind.PARAMETER),
    },
    Kind.OPERATION: {
        "parameters": (Form.LIST, Kind.PARAMETER),
        "responses": (Form.MAP, Kind.RESPONSE),
    },
    Kind.PARAMETER: {"schema": (Form.ONE, Kind.SCHEMA)},
    Kind.RESPONSE: {"schema": (Form.ONE, Kind.SCHEMA), "headers": (Form.MAP, Kind.HEADER)},
    Kind.SCHEMA: _SCHEMA,
}
"""OpenAPI 2.0."""

_EXTENSIBLE = frozenset({"paths", "responses"})  # maps that may have members x-...


def members(structure: Structure, kind: Kind, value: Mapping[str, Any]) -> Iterator[tuple[str, Form, Kind]]:
    """The members of an object that contain other objects; none of a reference that is not a schema."""
    if "$ref" in value and kind is not Kind.SCHEMA:
        return
    if kind is Kind.CALLBACK:
        yield from ((key, Form.ONE, Kind.PATH_ITEM) for key in value if not key.startswith("x-"))
    else:
        table = structure.get(kind)
        if table is None or not (present := table.keys() & value.keys()):
            return
        for member in present if len(present) == 1 else [member for member in table if member in present]:
            form, child = table[member]
            yield member, form, child


def is_extension(member: str, key: str) -> bool:
    """Whether a key of the map in a member is an extension, not an entry."""
    return key.startswith("x-") and member in _EXTENSIBLE


class Node(Struct, frozen=True):
    """An object of the document, or a reference to one; ``ref`` is the ``$ref`` as written."""

    kind: Kind
    pointer: str
    value: Any
    ref: str | None = None


def walk(document: Document, kind: Kind = Kind.DOCUMENT, pointer: str = "") -> Iterator[Node]:
    """The object at a pointer and every object below it, in order; references are not followed.

    Raises SpecError where an object, a list or a map has the wrong type, which is not so in the
    document of a Spec.
    """
    pending = [_node(document, kind, pointer, document.get(pointer))]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node.value, dict):
            pending.extend(reversed(list(_children(document, node))))


def _children(document: Document, node: Node) -> Iterator[Node]:
    for member, form, kind in members(OPENAPI, node.kind, node.value):
        pointer, value = join(node.pointer, member), node.value[member]
        if form is Form.ONE:
            yield _node(document, kind, pointer, value)
        elif form is Form.LIST:
            yield from _items(document, kind, pointer, value)
        else:
            yield from _entries(document, kind, pointer, value, member)


def _items(document: Document, kind: Kind, pointer: str, items: Any) -> Iterator[Node]:
    if not isinstance(items, list):
        raise document.error(pointer, "must be a list")
    for index, item in enumerate(items):
        yield _node(document, kind, join(pointer, index), item)


def _entries(document: Document, kind: Kind, pointer: str, entries: Any, member: str) -> Iterator[Node]:
    """The values of a map, without its extensions."""
    if not isinstance(entries, dict):
        raise document.error(pointer, "must be an object")
    for key, value in entries.items():
        if not is_extension(member, key):
            yield _node(document, kind, join(pointer, key), value)


def _node(document: Document, kind: Kind, pointer: str, value: Any) -> Node:
    if not isinstance(value, dict) and not (kind is Kind.SCHEMA and isinstance(value, bool)):
        raise document.error(pointer, f"must be an object ({kind})")
    ref = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(ref, str) and isinstance(value, dict) and "$ref" in value:
        raise document.error(pointer, "a $ref must be a string")
    return Node(kind, pointer, value, ref)
