"""The document as it applies to requests or to responses, and with the ranges of number formats."""

from collections.abc import Iterable
from typing import Any

from wirecheck.model import Side
from wirecheck.spec.alternatives import family
from wirecheck.spec.document import Document, join, tokens
from wirecheck.spec.structure import Kind, walk

_FLOAT, _DOUBLE = (
    3.4028234663852886e38,
    1.7976931348623157e308,
)  # the largest of IEEE 754 binary32 and binary64
RANGES: dict[str, tuple[float, float]] = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    "float": (-_FLOAT, _FLOAT),
    "double": (-_DOUBLE, _DOUBLE),
}
"""The smallest and the largest number of each format of the registry (https://spec.openapis.org/registry/format/)."""

_OPTIONAL = {Side.REQUEST: "readOnly", Side.RESPONSE: "writeOnly"}


def adapted(document: Document, side: Side) -> dict[str, Any]:
    """The data of a document, or of a part of it, in which every pointer stays as it is.

    A member that is read-only is not required in a request, nor one that is write-only in a response
    (OpenAPI 3.0.3, 4.7.24.2). The range of a format stands at the end of ``allOf`` of its schema.
    """
    edited = _Edited(document.data)
    keyword = _OPTIONAL[side]
    is_marked = document.has_member(keyword, True)
    for node in walk(document):
        if node.kind is not Kind.SCHEMA or not isinstance(node.value, dict):
            continue
        if is_marked and not node.value.keys().isdisjoint(("required", "allOf", "$ref")):
            _relax(document, edited, node.pointer, keyword)
        format_ = node.value.get("format")
        if isinstance(format_, str) and format_ in RANGES:
            smallest, largest = RANGES[format_]
            parts = node.value.get("allOf")
            ranged = [*parts] if isinstance(parts, list) else []
            edited.at(node.pointer)["allOf"] = [*ranged, {"minimum": smallest, "maximum": largest}]
    return edited.data


def _relax(document: Document, edited: "_Edited", schema: str, keyword: str) -> None:
    """Takes the members that a keyword makes optional out of ``required``, in all parts of a schema."""
    pointers = family(document, schema)
    if not any("required" in document.get(pointer) for pointer in pointers):
        return
    names = {name for pointer in pointers for name in _marked_members(document, pointer, keyword)}
    for pointer in pointers if names else ():
        required = document.get(pointer).get("required")
        if isinstance(required, list) and any(name in names for name in required if isinstance(name, str)):
            part = edited.at(pointer)
            part["required"] = [name for name in part.get("required", ()) if name not in names]
            if not part["required"]:
                del part["required"]


def _marked_members(document: Document, schema: str, keyword: str) -> Iterable[str]:
    properties = document.get(schema).get("properties")
    for name, value in properties.items() if isinstance(properties, dict) else ():
        if isinstance(value, dict) and value.keys().isdisjoint(("$ref", "allOf")):  # its whole family
            if value.get(keyword) is True:
                yield name
            continue
        parts = family(document, join(schema, "properties", name))
        if any(document.get(part).get(keyword) is True for part in parts):
            yield name


class _Edited:
    """A copy of which only the containers that change are copied."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = dict(data)
        self._own = {id(self.data)}

    def at(self, pointer: str) -> dict[str, Any]:
        """The object at a pointer, which may be changed."""
        value: Any = self.data
        for token in tokens(pointer):
            key = int(token) if isinstance(value, list) else token
            if id(value[key]) not in self._own:
                value[key] = value[key].copy()
                self._own.add(id(value[key]))
            value = value[key]
        changed: dict[str, Any] = value
        return changed
