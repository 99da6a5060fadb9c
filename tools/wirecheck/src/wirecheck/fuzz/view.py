"""The document as it is handed to Schemathesis, which would read and fetch whatever a document refers to."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from wirecheck.conform.case import READS
from wirecheck.conform.encoding import carrying
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.wire import mount
from wirecheck.spec import Document, Kind, Node, walk
from wirecheck.spec.document import tokens

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_DATA = ("default", "example", "examples", "const", "enum")
_POINTS_ELSEWHERE = (
    *("$ref", "$dynamicRef", "$recursiveRef", "$id", "$schema", "jsonSchemaDialect"),
    *("externalValue", "operationRef"),
)


def view(session: FuzzSession) -> dict[str, Any]:
    """The document for Schemathesis.

    Paths are those of requests, credentials are placeholders in headers or wherever an apiKey goes, and
    `default` responses, which would hide others, are left out. Only schemes with a credential are left:
    without a value for each scheme of an alternative, Schemathesis sends none. A read-only session has no
    writes. Nothing is left that leads out of the document, and no data that looks like a reference.
    """
    spec = session.spec
    source = _without_ways_out(spec.document)
    document: dict[str, Any] = dict(source.data)
    document.pop("servers", None)
    document["paths"] = {}
    for operation in spec.operations:
        if operation.name not in session.chosen or (session.read_only and operation.method not in READS):
            continue
        place = operation.pointer.rpartition("/")[0]
        item = json.loads(json.dumps(source.get(place)))
        shown = document["paths"].setdefault(
            mount(spec, operation) + operation.template,
            {key: value for key, value in item.items() if key not in (*_METHODS, "servers")},
        )
        described = item[operation.pointer.rpartition("/")[2]]
        described.pop("servers", None)
        described.get("responses", {}).pop("default", None)
        described["security"] = [
            {scheme.name: [] for scheme in alternative} for alternative in carrying(operation)
        ]
        shown[operation.pointer.rpartition("/")[2]] = described
    for scheme in document.get("components", {}).get("securitySchemes", {}).values():
        if scheme.get("type") in ("http", "oauth2", "openIdConnect"):
            scheme.update({"type": "apiKey", "in": "header", "name": "Authorization"})
    return document


def _without_ways_out(document: Document) -> Document:
    """A copy from which nothing can be fetched. References of the document itself are local already."""
    copied = replace(document, data=json.loads(json.dumps(document.data)))
    for node in list(walk(copied)):
        if _is_elsewhere(node):
            *owner, name = tokens(node.pointer)
            _value_at(copied.data, owner).pop(name)
        elif node.kind in (Kind.SCHEMA, Kind.PARAMETER, Kind.HEADER, Kind.MEDIA_TYPE):
            _remove_references_in_data(node)
    return replace(copied, data=_closed(copied.data))


def _is_elsewhere(node: Node) -> bool:
    """Whether an example has a value in another document, or looks like a reference; or a link leads out."""
    if node.ref is not None:
        return False
    if node.kind is Kind.EXAMPLE:
        return "externalValue" in node.value or has_reference(node.value)
    return node.kind is Kind.LINK and (
        not str(node.value.get("operationRef", "#")).startswith("#") or has_reference(node.value)
    )


def _remove_references_in_data(node: Node) -> None:
    value = node.value
    if not isinstance(value, dict):
        return
    for keyword in _DATA:
        listed = value.get(keyword)
        if isinstance(listed, list) and keyword in ("enum", "examples"):
            value[keyword] = [item for item in listed if not has_reference(item)]
        is_data = keyword != "examples" or node.kind is Kind.SCHEMA
        if is_data and (has_reference(value.get(keyword)) or value.get(keyword) == []):
            del value[keyword]
    mapping = value.get("discriminator", {}).get("mapping") if node.kind is Kind.SCHEMA else None
    if isinstance(mapping, dict):
        value["discriminator"]["mapping"] = {
            name: target for name, target in mapping.items() if str(target).startswith("#")
        }


def has_reference(value: Any) -> bool:
    """Whether some object within a value has a member ``$ref``."""
    if isinstance(value, dict):
        return "$ref" in value or any(map(has_reference, value.values()))
    return isinstance(value, list) and any(map(has_reference, value))


def _closed(value: Any) -> Any:
    """A value without any text, by whatever member, that Schemathesis would read as an address."""
    if isinstance(value, list):
        return [_closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _closed(member)
        for key, member in value.items()
        if not (key in _POINTS_ELSEWHERE and isinstance(member, str) and not member.startswith("#"))
    }


def _value_at(data: Mapping[str, Any], path: list[str]) -> Any:
    value: Any = data
    for token in path:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value
