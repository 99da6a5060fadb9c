"""Schemas of OpenAPI 2.0 and 3.0 as JSON Schema 2020-12."""

from typing import Any

from msgspec import structs

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, Place, target
from wirecheck.spec.rewriting import PlacedValue, Rewriter, moved, renamed, with_members, without_members
from wirecheck.spec.structure import Kind

_LIMITS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_ANNOTATIONS = ("description", "title", "default", "readOnly", "writeOnly", "examples", "deprecated")


class Upgrade(Rewriter):
    """Gives schemas the form of JSON Schema 2020-12 (OpenAPI 3.0.3, Schema Object)."""

    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        return upgraded_schema(self._document, part, pointer) if kind is Kind.SCHEMA else part


def upgraded_schema(document: Document, part: PlacedValue, pointer: str) -> PlacedValue:
    """The schema at a pointer, those below it as they are; what stands beside a ``$ref`` is ignored."""
    value = part[0]
    if "$ref" in value:
        ignored = value.keys() - {"$ref", *_ANNOTATIONS}
        return without_members(part, *ignored) if ignored else part
    for exclusive, limit in _LIMITS:
        if isinstance(value.get(exclusive), bool):
            part = _limited(document, part, pointer, exclusive, limit)
    if isinstance(value.get("discriminator"), str):
        part = _member(part, "discriminator", {"propertyName": value["discriminator"]})
    if value.get("type") == "file":
        part = _member(_member(part, "type", "string"), "format", "binary")
    if "example" in value and "examples" not in value:
        example, place = renamed(document, part, pointer, "example")
        listed = Place(place.line, {"0": place}, written=place.written)
        part = with_members(part, {"examples": ([example], listed)})
    if value.get("nullable") is True or value.get("x-nullable") is True:
        part = _nullable(document, part, pointer)
    return part


def _member(part: PlacedValue, key: str, value: Any) -> PlacedValue:
    return with_members(part, {key: (value, part[1].children.get(key) or part[1])})


def _limited(document: Document, part: PlacedValue, pointer: str, exclusive: str, limit: str) -> PlacedValue:
    """The boolean of a limit as the limit itself."""
    if part[0][exclusive] is not True or limit not in part[0]:
        return without_members(part, exclusive)
    return without_members(with_members(part, {exclusive: renamed(document, part, pointer, limit)}), limit)


def _nullable(document: Document, part: PlacedValue, pointer: str) -> PlacedValue:
    """A schema that also allows null.

    OpenAPI 3.0.3 lets ``nullable`` have an effect beside ``type`` alone, and an enum name null itself.
    Documents often mean more, and what they mean is read: null is allowed whatever the others say.
    """
    value = part[0]
    part = without_members(part, "nullable", "x-nullable")
    if isinstance(value.get("enum"), list) and None not in value["enum"]:
        part = _member(part, "enum", [*value["enum"], None])
    types = value.get("type")
    if isinstance(types, str):
        part = _member(part, "type", [types, "null"])
    one_of = value.get("oneOf")
    if "allOf" in value or (
        isinstance(one_of, list) and not all(_rejects_null(document, each) for each in one_of)
    ):
        return _alternative(document, part, pointer)
    for keyword in ("anyOf", "oneOf"):
        if isinstance(value.get(keyword), list):
            branches = [*part[0][keyword], {"type": "null"}]
            part = _member(part, keyword, branches)
    return part


def _rejects_null(document: Document, branch: Any) -> bool:
    """Whether a schema certainly rejects null."""
    if isinstance(branch, dict) and isinstance(ref := branch.get("$ref"), str):
        try:
            branch = document.get(document.follow(target(ref)))
        except (KeyError, SpecError):
            return False
    if not isinstance(branch, dict) or branch.get("nullable") is True or branch.get("x-nullable") is True:
        return False
    return isinstance(branch.get("type"), str) and branch["type"] != "null"


def _alternative(document: Document, part: PlacedValue, pointer: str) -> PlacedValue:
    """The schema or null, for one whose parts may each reject null; annotations stay outside."""
    outside = {key: item for key, item in part[0].items() if key in _ANNOTATIONS}
    inner, within = moved(document, without_members(part, *outside), pointer)
    place = part[1]
    null = Place(place.line, written=within.written)
    branches = Place(place.line, {"0": within, "1": null}, written=within.written)
    kept = {key: child for key, child in place.children.items() if key in outside}
    return {**outside, "anyOf": [inner, {"type": "null"}]}, structs.replace(
        place, children={**kept, "anyOf": branches}
    )
