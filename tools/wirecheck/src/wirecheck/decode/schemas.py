"""What the schemas of a document say about how a value is read: types, members, items, alternatives."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from wirecheck.spec import Document, join
from wirecheck.spec.document import target

MAX_PARTS = 2000  # that a schema may be composed of; a reference and what it leads to are two
_MAX_BRANCHES = 50  # of a union, by which a value is tried to be read
_COMPOSED = ("allOf", "anyOf", "oneOf")
_OF_OBJECTS = ("properties", "patternProperties", "additionalProperties", "required")
_OF_ARRAYS = ("items", "prefixItems")


def parts(document: Document, schema: str, keywords: Sequence[str] = _COMPOSED) -> list[str]:
    """The pointers of a schema and of the schemas it is composed of by $ref and keywords, in their order.

    Boolean schemas are left out, as are places that are no schema. Raises SpecError for more than MAX_PARTS.
    """
    pending, visited = [schema], dict[str, None]()
    while pending:
        pointer = pending.pop()
        value = _at(document, pointer)
        if pointer in visited or not isinstance(value, dict):
            continue
        visited[pointer] = None
        if len(visited) > MAX_PARTS:
            raise document.error(schema, f"this schema is composed of more than {MAX_PARTS:,} parts")
        for keyword in reversed(keywords):
            indexes = reversed(range(len(_listed(value, keyword))))
            pending += [join(pointer, keyword, index) for index in indexes]
        if isinstance(value.get("$ref"), str):
            pending.append(target(value["$ref"]))
    return list(visited)


def _at(document: Document, pointer: str) -> Any:
    """The value at a pointer, None where a reference leads nowhere."""
    try:
        return document.get(pointer)
    except KeyError:
        return None


def _listed(schema: dict[str, Any], keyword: str) -> list[Any]:
    """A list of a schema; empty for anything else."""
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def _named(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    """The schemas by name or pattern in a schema; none for anything else."""
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=4096)
def schema_types(document: Document, schema: str) -> frozenset[str]:
    """The types that a schema and its parts name in ``type``; empty where they name none."""
    return _types(document, parts(document, schema))


def _types(document: Document, pointers: Sequence[str]) -> frozenset[str]:
    names: set[str] = set()
    for pointer in pointers:
        types = document.get(pointer).get("type", [])
        names.update(
            name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)
        )
    return frozenset(names)


def payload_name(document: Document, pointer: str) -> str | None:
    """The x-payload of a schema, or of the first member of its allOf that has one."""
    pointer = document.follow(pointer)
    schema = document.get(pointer)
    if not isinstance(schema, dict):
        return None
    if "x-payload" in schema:
        name: str = schema["x-payload"]
        return name
    for index in range(len(schema.get("allOf", []))):
        if inherited := payload_name(document, join(pointer, "allOf", index)):
            return inherited
    return None


def property_schema(document: Document, schema: str, name: str) -> str | None:
    """The schema of a property, searched through references and compositions; None where there is none."""
    for pointer in parts(document, schema):
        if name in _named(document.get(pointer), "properties"):
            return join(pointer, "properties", name)
    return None


class ValueShape(Struct, frozen=True, dict=True):
    """A schema as it is read: ``roots`` are what a value must fit, ``parts`` what says how it is read."""

    document: Document
    roots: tuple[str, ...]
    parts: tuple[str, ...]

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that are named, or that other keywords suggest where none is."""
        named = _types(self.document, self.parts)
        if named:
            return named
        keywords = {keyword for part in self.parts for keyword in self.document.get(part)}
        suggested = {"object"} if not keywords.isdisjoint(_OF_OBJECTS) else set()
        return frozenset(suggested | ({"array"} if not keywords.isdisjoint(_OF_ARRAYS) else set()))

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The types of scalars among them; empty where any scalar may be meant, or none."""
        return self.types - {"object", "array"}

    @cached_property
    def takes_scalars(self) -> bool:
        """Whether a value may be a scalar."""
        return bool(self.scalars) or not self.types

    @cached_property
    def is_plain(self) -> bool:
        """Whether all that a value may be is one of the scalars, by one schema."""
        return bool(self.types) and self.scalars == self.types and not self.branches

    def schemas(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The parts, each with its pointer."""
        for pointer in self.parts:
            yield pointer, self.document.get(pointer)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the declared members."""
        return frozenset(name for _, schema in self.schemas() for name in _named(schema, "properties"))

    @cached_property
    def is_open(self) -> bool:
        """Whether members with other names than the declared ones are described, too."""
        return any(
            isinstance(schema.get("additionalProperties"), dict) or schema.get("additionalProperties") is True
            for _, schema in self.schemas()
        )

    def declares(self, name: str) -> bool:
        """Whether a member is declared by its name or by a pattern."""
        return name in self.names or any(
            _matches(pattern, name)
            for _, schema in self.schemas()
            for pattern in _named(schema, "patternProperties")
        )

    def member(self, name: str) -> "ValueShape":
        """How a member is read: by properties, patternProperties, else additionalProperties."""
        pointers = [pointer for part, schema in self.schemas() for pointer in _of_member(part, schema, name)]
        return shape_of(self.document, tuple(pointers))

    def item(self, index: int) -> "ValueShape":
        """How an item of an array is read."""
        pointers = []
        for part, schema in self.schemas():
            if index < len(_listed(schema, "prefixItems")):
                pointers.append(join(part, "prefixItems", index))
            elif "items" in schema:
                pointers.append(join(part, "items"))
        return shape_of(self.document, tuple(pointers))

    @cached_property
    def branches(self) -> "tuple[ValueShape, ...]":
        """The shapes by one alternative of a union each; empty where there is no union."""
        common = [part for root in self.roots for part in parts(self.document, root, ("allOf",))]
        alternatives = [
            join(part, keyword, index)
            for part in common
            for keyword in ("anyOf", "oneOf")
            for index in range(len(_listed(self.document.get(part), keyword)))
        ]
        return tuple(
            ValueShape(self.document, self.roots, (*common, *parts(self.document, pointer)))
            for pointer in alternatives[:_MAX_BRANCHES]
        )


@lru_cache(maxsize=8192)
def shape_of(document: Document, schemas: tuple[str, ...]) -> ValueShape:
    """The shape of values that all of some schemas describe; of none, any value is a text."""
    composed = dict.fromkeys(part for schema in schemas for part in parts(document, schema))
    return ValueShape(document, schemas, tuple(composed))


def _of_member(part: str, schema: dict[str, Any], name: str) -> list[str]:
    pointers = []
    if name in _named(schema, "properties"):
        pointers.append(join(part, "properties", name))
    patterns = (pattern for pattern in _named(schema, "patternProperties") if _matches(pattern, name))
    pointers += [join(part, "patternProperties", pattern) for pattern in patterns]
    if not pointers and isinstance(schema.get("additionalProperties"), dict):
        pointers.append(join(part, "additionalProperties"))
    return pointers


def _matches(pattern: str, name: str) -> bool:
    """Whether a name matches a pattern; never for one that Python cannot read."""
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False
