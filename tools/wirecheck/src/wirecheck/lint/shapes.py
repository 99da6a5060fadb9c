"""Where the extensions of docs/extensions.md belong, and the shape that they have there."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from wirecheck import decode
from wirecheck.engine import Engine
from wirecheck.lint import client_settings
from wirecheck.lint.rule import Flaw, shown, subject
from wirecheck.spec import Document, Kind, Node, Spec, join
from wirecheck.spec.document import Place
from wirecheck.spec.expressions import PATTERN

SchemaForm = dict[str, Any]  # a JSON Schema

_TEXT: SchemaForm = {"type": "string", "minLength": 1}
_POINTER: SchemaForm = {"type": "string", "format": "json-pointer"}
_COUNT: SchemaForm = {"type": "integer", "minimum": 0}
_CLASS: SchemaForm = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*Error$"}
_ALGORITHM: SchemaForm = {"enum": ["hmac-sha1", "hmac-sha256", "hmac-sha512"]}


def _object(
    required: dict[str, SchemaForm], optional: dict[str, SchemaForm] | None = None, **more: Any
) -> SchemaForm:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
        **more,
    }


def _named(entry: SchemaForm) -> SchemaForm:
    """Entries by names in kebab-case."""
    return {
        "type": "object",
        "patternProperties": {"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": entry},
        "additionalProperties": False,
    }


def _list(items: SchemaForm) -> SchemaForm:
    return {"type": "array", "items": items, "minItems": 1}


_LAW = _object(
    {"message": _TEXT, "rule": _TEXT},
    {
        "when": _TEXT,
        "then": _TEXT,
        "with": {"type": "object", "additionalProperties": _TEXT},
        "each": _TEXT,
    },
    dependentRequired={"with": ["then"]},
)
_LAW_OR_REFERENCE: SchemaForm = {
    "if": {"type": "object", "required": ["$ref"]},
    "then": _object({"$ref": _TEXT}),
    "else": _LAW,
}

# Extension -> the places where it is read -> its shape there.
SHAPES: dict[str, dict[str, SchemaForm]] = {
    "x-path-variants": {
        "the document": _object({}, {"suffixes": _list(_TEXT), "trailing-slash": {"type": "boolean"}})
    },
    "x-gateway-failures": {"the document": {"enum": ["error", "warning"]}},
    "x-client": {"the document": client_settings.SCHEMA},
    "x-also-in-query": {"a request body": {"type": "boolean"}},
    "x-in-form": {"an apiKey security scheme in the query": {"type": "boolean"}},
    "x-resource": {"an operation": _TEXT, "an oauth2 security scheme": _TEXT},
    "x-payload": {"an object schema": _TEXT},
    "x-pagination": {
        "an operation below paths": _object(
            {"items": _POINTER},
            {
                "cursor": _POINTER,
                "parameter": _TEXT,
                "next-url": _POINTER,
                "more": _POINTER,
                "limit": _TEXT,
                "newer": _object({"cursor": _POINTER, "parameter": _TEXT}),
                "total": _object({"operation": _TEXT, "count": _POINTER}),
            },
            dependentRequired={"cursor": ["parameter"], "parameter": ["cursor"]},
        )
    },
    "x-bounds": {"a parameter in the query": _object({"items": _POINTER, "by": _POINTER})},
    "x-exception": {
        "a component response": {
            "anyOf": [
                _CLASS,
                _object(
                    {"class": _CLASS},
                    {
                        "hint": _TEXT,
                        "error-type": _list(_POINTER),
                        "error-message": _list(_POINTER),
                        "by-error-type": {
                            "type": "object",
                            "additionalProperties": _object({"class": _CLASS}, {"hint": _TEXT}),
                        },
                    },
                    dependentRequired={"by-error-type": ["error-type"]},
                ),
            ]
        }
    },
    "x-error-types": {
        "a security scheme": _object(
            {}, {"missing": _list(_TEXT), "unknown": _list(_TEXT), "scope": _list(_TEXT)}, minProperties=1
        ),
        "a rule": _list(_TEXT),
    },
    "x-signature": {
        "an apiKey security scheme": _object(
            {"parameter": _TEXT, "algorithm": _ALGORITHM, "key": _TEXT, "separator": _TEXT}
        ),
        "an operation below webhooks": _object(
            {"header": _TEXT, "algorithm": _ALGORITHM, "key": _TEXT}, {"prefix": {"type": "string"}}
        ),
    },
    "x-identifier": {
        "a string schema": _object(
            {"bits": {"type": "integer", "minimum": 1}},
            {
                "epoch": {"type": "integer"},
                "shift": _COUNT,
                "minimum": _COUNT,
                "alphabet": {"type": "string", "minLength": 64, "maxLength": 64},
            },
            dependentRequired={"epoch": ["shift"], "shift": ["epoch"], "minimum": ["epoch"]},
        )
    },
    "x-laws": {"an operation below paths": _named(_LAW_OR_REFERENCE), "components": _named(_LAW)},
    "x-invariants": {"a schema": _named(_object({"message": _TEXT, "rule": _TEXT}))},
    "x-undo": {
        "an operation below paths": _object(
            {"operation": _TEXT},
            {"then": _TEXT, "when": _TEXT, "with": {"type": "object", "additionalProperties": _TEXT}},
        )
    },
    "x-needs": {"an operation below paths": _TEXT},
    "x-scopes": {
        "an operation below paths": {"type": "object", "minProperties": 1, "additionalProperties": _TEXT}
    },
    "x-counts-all": {"a header": {"type": "boolean"}},
    "x-answer": {"a response of a callback": {"type": "string", "pattern": PATTERN}},
    "x-retired": {"a component response": {"type": "object", "minProperties": 1}},
    "x-lifecycle": {
        "an operation": _list(_object({"date": {"type": "string", "format": "date"}, "what": _TEXT}))
    },
    "x-migration": {
        "an operation": _object(
            {"replacement": {"type": ["string", "null"], "minLength": 1}}, {"note": _TEXT}
        )
    },
}


def _schema_of(*types: str) -> Callable[[Spec, Node], bool]:
    return lambda spec, node: (
        node.kind is Kind.SCHEMA and not decode.schema_types(spec.document, node.pointer).isdisjoint(types)
    )


def _scheme(**fields: str) -> Callable[[Spec, Node], bool]:
    return lambda spec, node: (
        node.kind is Kind.SECURITY_SCHEME and node.ref is None and fields.items() <= node.value.items()
    )


# How a message names a place -> whether an object of the document is one.
_PLACES: dict[str, Callable[[Spec, Node], bool]] = {
    "the document": lambda spec, node: node.kind is Kind.DOCUMENT,
    "an operation": lambda spec, node: node.kind is Kind.OPERATION,
    "an operation below paths": lambda spec, node: any(
        operation.pointer == node.pointer for operation in spec.operations
    ),
    "an operation below webhooks": lambda spec, node: (
        node.kind is Kind.OPERATION and node.pointer.startswith("/webhooks/")
    ),
    "a parameter in the query": lambda spec, node: (
        node.kind is Kind.PARAMETER and node.ref is None and node.value.get("in") == "query"
    ),
    "a header": lambda spec, node: node.kind is Kind.HEADER and node.ref is None,
    "a request body": lambda spec, node: node.kind is Kind.REQUEST_BODY and node.ref is None,
    "a response of a callback": lambda spec, node: any(
        response.pointer == node.pointer
        for operation in spec.operations
        for callback in spec.callbacks(operation)
        for response in callback.responses
    ),
    "a component response": lambda spec, node: (
        node.ref is None and node.pointer.rpartition("/")[0] == "/components/responses"
    ),
    "components": lambda spec, node: node.kind is Kind.COMPONENTS,
    "a schema": lambda spec, node: node.kind is Kind.SCHEMA,
    "an object schema": _schema_of("object"),
    "a string schema": _schema_of("string"),
    "a rule": lambda spec, node: node.kind is Kind.SCHEMA and "x-rule" in node.value,
    "a security scheme": _scheme(),
    "an apiKey security scheme": _scheme(type="apiKey"),
    "an apiKey security scheme in the query": _scheme(type="apiKey", **{"in": "query"}),
    "an oauth2 security scheme": _scheme(type="oauth2"),
}


@cache
def engine() -> Engine:
    """The engine that validates against the shapes."""
    return Engine(Document("extensions", SHAPES, Place(1)))


def misshapen(spec: Spec, engine: Engine, node: Node, extension: str) -> Iterator[Flaw]:
    """What is wrong with the place of an extension, or with its shape there."""
    pointer = join(node.pointer, extension)
    place = next((place for place in SHAPES[extension] if _PLACES[place](spec, node)), None)
    if place is None:
        places = " or ".join(SHAPES[extension])
        yield Flaw(pointer, f"{extension} has no effect here: it belongs on {places}")
        return
    for violation in engine.violations(join("", extension, place), node.value[extension], shown):
        what = f"{subject(extension, violation.path)} {violation.problem}"
        yield Flaw(join(pointer, *violation.path), what)
