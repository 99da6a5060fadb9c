"""What the repr of a model must not show: format: password, and texts with the name of a secret."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wirecheck.generate.names import fields
from wirecheck.masking.names import Names, Strength
from wirecheck.spec import Document
from wirecheck.spec.document import target

if TYPE_CHECKING:
    from openapi_python_client.parser.properties import ModelProperty

OTHER = "additional_properties"
"""The attribute of a model for all properties that its schema does not name."""

_NAMES = Names()
_OTHER_KEYWORDS = ("additionalProperties", "patternProperties", "unevaluatedProperties")
_NAMING = {"properties", "dependentRequired", "enum", "const", "default", "example", "examples"}


def hidden_attributes(document: Document, model: "ModelProperty") -> Iterator[str]:
    """The attributes of a model with a secret in them: passwords, and texts with the name of a secret.

    A password counts at any depth above the models within it.
    """
    schemas = [*_parts(document, json.loads(model.data.model_dump_json(by_alias=True, exclude_none=True)))]
    for field in fields(model):
        name = field.name.get_untrusted_value()
        named = [schema["properties"][name] for schema in schemas if name in schema.get("properties", {})]
        if any(_has_password(document, schema) for schema in named) or _is_secret_text(document, name, named):
            yield str(field.python_name)
    others = [schema[keyword] for schema in schemas for keyword in _OTHER_KEYWORDS if keyword in schema]
    if model.additional_properties and any(_has_password(document, schema) for schema in others):
        yield OTHER


def _is_secret_text(document: Document, name: str, schemas: list[Any]) -> bool:
    types = [part.get("type") for schema in schemas for part in _parts(document, schema)]
    is_text = any(kind == "string" or (isinstance(kind, list) and "string" in kind) for kind in types)
    return is_text and _NAMES.strength(name) is Strength.STRONG


def _parts(document: Document, schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all that is part of it by $ref, allOf, anyOf and oneOf."""
    pending, visited = [schema], set[str]()
    while pending:
        part = pending.pop()
        if not isinstance(part, dict):
            continue
        yield part
        for keyword in ("allOf", "anyOf", "oneOf"):
            pending += part.get(keyword) or []
        reference = part.get("$ref")
        if isinstance(reference, str) and reference not in visited:
            visited.add(reference)
            pending.append(document.get(target(reference)))


def _has_password(document: Document, schema: Any) -> bool:
    """Whether a value has a password in it that no model of its own hides."""
    pending, visited = [schema], set[str]()
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
