"""A document as openapi-python-client can read any: component schemas alone, each in a form that it keeps."""

from collections.abc import Iterable, Mapping
from typing import Any

from wirecheck.generate.facade.types import Types
from wirecheck.shapes import (
    Definition,
    ListOf,
    Literals,
    ModelClass,
    Named,
    Scalar,
    Shape,
    Union,
)

_SCALARS: Mapping[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "UUID": {"type": "string", "format": "uuid"},
}


def prepared(definitions: Iterable[Definition], types: Types) -> dict[str, Any]:
    """A document without operations, whose schemas have the names of the classes."""
    schemas = {types.names[definition.key]: _definition(definition, types) for definition in definitions}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Models", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def _definition(definition: Definition, types: Types) -> dict[str, Any]:
    if isinstance(definition, ModelClass):
        return _model(definition, types)
    match definition.shape:
        case Literals(values) if all(isinstance(value, str) for value in values):
            return {"type": "string", "enum": list(values)}
    return _schema(definition.shape, types)


def _model(model: ModelClass, types: Types) -> dict[str, Any]:
    attributes = types.attributes(model)
    fields = {attribute: model.fields[name] for name, attribute in attributes.items()}
    return {
        "type": "object",
        "properties": {name: _schema(field.shape, types) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
    }


def _schema(shape: Shape, types: Types) -> dict[str, Any]:
    """The schema of a shape; any value for maps and literals, of which no class is to be made."""
    match shape:
        case Scalar(name):
            return dict(_SCALARS.get(name, {}))
        case ListOf(item):
            return {"type": "array", "items": _schema(item, types)}
        case Named(key):
            return {"$ref": f"#/components/schemas/{types.names[key]}"}
        case Union(members, _):
            return {"oneOf": [_schema(member, types) for member in members]}
    return {}
