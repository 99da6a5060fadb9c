"""The plain schemas that values of one kind must fit, of schemas that refer to others and combine them."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from wirecheck.spec import Document, join
from wirecheck.spec.document import target, tokens

Roots = tuple[str, ...]
"""The pointers of schemas that a value must fit all together."""

SchemaParts = list[tuple[str, dict[str, Any]]]
"""Schemas, with their pointers."""


class JsonKind(StrEnum):
    """The kinds of values that types tell apart; a number with a fraction or an exponent is REAL."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    REAL = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


class InexpressibleError(Exception):
    """A schema asserts what no type says."""


class ImpossibleError(Exception):
    """No value of a kind fits a schema."""


_OF_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_OF_KINDS = {
    JsonKind.NULL: frozenset[str](),
    JsonKind.BOOLEAN: frozenset[str](),
    JsonKind.INTEGER: _OF_NUMBERS,
    JsonKind.REAL: _OF_NUMBERS,
    JsonKind.STRING: frozenset({"minLength", "maxLength", "pattern", "format", "not"}),
    JsonKind.ARRAY: frozenset({"items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"}),
    JsonKind.OBJECT: frozenset(
        {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}
    )
    | {"dependentRequired", "dependentSchemas", "patternProperties", "propertyNames"},
}
_OF_ANY_KIND = frozenset().union(*_OF_KINDS.values())
_OPTIONS = frozenset({"enum", "const"})
_UNTYPED = {
    JsonKind.NULL: _OPTIONS | {"not"},
    JsonKind.BOOLEAN: _OPTIONS | {"not"},
    JsonKind.INTEGER: frozenset({"multipleOf", "not"}),
    JsonKind.REAL: _OPTIONS | {"multipleOf", "not"},
    JsonKind.STRING: frozenset[str](),
    JsonKind.ARRAY: _OPTIONS | {"prefixItems", "contains", "not"},
    JsonKind.OBJECT: _OPTIONS | {"dependentSchemas", "patternProperties", "propertyNames", "not"},
}
"""The keywords that say of a kind what no type says."""
_COMBINING = frozenset({"type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf"})
_ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"}
) | {"xml", "externalDocs", "discriminator", "nullable", "$comment", "$defs", "definitions"}


class Schemas:
    """The schemas of a document. Methods raise InexpressibleError and ImpossibleError."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def parts(self, roots: Roots, kind: JsonKind) -> SchemaParts:
        """The schemas that say something about values of a kind, with their pointers.

        Parts of ``allOf`` are among them, what references lead to, and the one alternative of a union that
        values of the kind may fit.
        """
        pending, visited = list(roots), set(roots)
        parts: SchemaParts = []
        for pointer in pending:  # it grows
            schema = self._at(pointer)
            if schema is True:
                continue
            if schema is False or not isinstance(schema, dict):
                raise ImpossibleError if schema is False else InexpressibleError
            if not _may_have(schema, kind) or (kind is JsonKind.REAL and "number" not in _types(schema)):
                raise ImpossibleError
            if not _UNTYPED[kind].isdisjoint(schema) or not all(map(_is_expressible, schema)):
                raise InexpressibleError
            if not _OPTIONS.isdisjoint(schema) or not _OF_KINDS[kind].isdisjoint(schema):
                parts.append((pointer, schema))
            further = [part for part in self._combined(pointer, schema, kind) if part not in visited]
            visited.update(further)
            pending += further
        return parts

    def _combined(self, pointer: str, schema: dict[str, Any], kind: JsonKind) -> Iterator[str]:
        """The schemas that a value must fit as a whole because a schema says so."""
        if "$ref" in schema:
            yield _target(schema["$ref"])
        if "allOf" in schema:
            yield from (join(pointer, "allOf", index) for index in range(len(schema["allOf"])))
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                alternatives = [join(pointer, keyword, index) for index in range(len(schema[keyword]))]
                possible = [alternative for alternative in alternatives if self._may_fit(alternative, kind)]
                if len(possible) > 1:
                    raise InexpressibleError
                if not possible:
                    raise ImpossibleError
                yield possible[0]

    def _may_fit(self, pointer: str, kind: JsonKind) -> bool:
        """Whether values of a kind may fit a schema, as far as its references, types and options say."""
        for _ in range(10):  # references from one to the next
            schema = self._at(pointer)
            if not isinstance(schema, dict):
                return schema is not False
            if not _may_have(schema, kind):
                return False
            if "$ref" not in schema:
                return True
            pointer = _target(schema["$ref"])
        return True

    def _at(self, pointer: str) -> Any:
        value: Any = self._document.data
        for token in tokens(pointer):
            if isinstance(value, dict) and "$id" in value:
                raise InexpressibleError  # references have another base there
            try:
                value = value[int(token)] if isinstance(value, list) else value[token]
            except (LookupError, TypeError, ValueError):
                raise InexpressibleError from None
        return value


def _target(ref: object) -> str:
    if not isinstance(ref, str) or not ref.startswith(("#/", "#")) or ref[1:2] not in ("", "/"):
        raise InexpressibleError
    return target(ref)


def _is_expressible(keyword: str) -> bool:
    return (
        keyword in _OF_ANY_KIND
        or keyword in _COMBINING
        or keyword in _ANNOTATIONS
        or keyword.startswith("x-")
    )


def _types(schema: dict[str, Any]) -> list[Any]:
    types = schema.get("type", _EVERY_TYPE)
    return types if isinstance(types, list) else [types]


def _may_have(schema: dict[str, Any], kind: JsonKind) -> bool:
    """Whether the type and the options of a schema may have values of a kind; 1.0 is an integer, too."""
    types = _types(schema)
    kinds = _NUMBERS if kind in _NUMBERS else (kind,)
    if not any(each in types for each in kinds):
        return False
    options = [schema["const"]] if "const" in schema else schema.get("enum")
    return options is None or any(_KINDS_OF_TYPES.get(type(option), kind) in kinds for option in options)


_EVERY_TYPE = list(JsonKind)
_NUMBERS = (JsonKind.INTEGER, JsonKind.REAL)
_KINDS_OF_TYPES = {
    type(None): JsonKind.NULL,
    bool: JsonKind.BOOLEAN,
    int: JsonKind.INTEGER,
    float: JsonKind.REAL,
    str: JsonKind.STRING,
    list: JsonKind.ARRAY,
    dict: JsonKind.OBJECT,
}
