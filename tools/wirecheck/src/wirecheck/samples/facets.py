"""What all parts of a schema say together: $ref, allOf, and the one alternative that is not null."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from wirecheck.spec import Document, join
from wirecheck.spec.document import target

_GREATEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SMALLEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_FIRST = ("format", "multipleOf", "items", "additionalProperties", "propertyNames")
_UNIONS = ("oneOf", "anyOf")
_MAX_PARTS = 300


@dataclass(frozen=True)
class Facets:
    """What the parts of a schema say together.

    ``parts`` are the pointers of the parts. ``types`` are without null, empty where any is allowed;
    ``nullable`` is whether null is allowed by them. ``limits`` are the keywords of numbers, lengths and
    counts, the strictest of each. ``options`` are the values of enum and const, None where any is allowed.
    ``properties`` maps names to the schemas that a member must fit. ``branches`` are the alternatives of
    each anyOf or oneOf, null left out. ``examples`` are those of the schema, the
    default last.
    """

    parts: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    nullable: bool = False
    limits: dict[str, Any] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    format: str = ""
    options: tuple[Any, ...] | None = None
    properties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: str | None = None
    branches: tuple[tuple[str, ...], ...] = ()
    examples: tuple[Any, ...] = ()
    has_default: bool = False
    default: Any = None
    read_only: bool = False
    write_only: bool = False
    is_closed: bool = False

    def has(self, kind: str) -> bool:
        """Whether a value may be of a type."""
        return not self.types or kind in self.types or (kind == "integer" and "number" in self.types)

    @property
    def is_object(self) -> bool:
        return "object" in self.types or (not self.types and bool(self.properties))

    @property
    def is_array(self) -> bool:
        return "array" in self.types or (not self.types and self.items is not None)

    @property
    def is_scalar(self) -> bool:
        return bool(self.types) and not (self.types & {"object", "array"})

    @property
    def least(self) -> tuple[float | None, bool]:
        """The smallest number, None for none, and whether it is excluded itself."""
        return self._limit("minimum", "exclusiveMinimum", max)

    @property
    def most(self) -> tuple[float | None, bool]:
        """The greatest number, None for none, and whether it is excluded itself."""
        return self._limit("maximum", "exclusiveMaximum", min)

    def _limit(
        self, inclusive: str, exclusive: str, strictest: Callable[[float, float], float]
    ) -> tuple[float | None, bool]:
        included, excluded = self.limits.get(inclusive), self.limits.get(exclusive)
        if excluded is None or (included is not None and strictest(included, excluded) != excluded):
            return included, False
        return excluded, True


@lru_cache(maxsize=8192)
def facets(document: Document, *schemas: str) -> Facets:
    """The facets of values that fit all of some schemas."""
    merged = _Merged(document)
    for schema in schemas:
        merged.add(schema)
    return merged.facets()


class _Merged:
    """Collects what parts say, one after the other."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._parts: dict[str, None] = {}
        self._types: frozenset[str] | None = None
        self._limits: dict[str, Any] = {}
        self._patterns: list[str] = []
        self._options: list[Any] | None = None
        self._properties: dict[str, list[str]] = {}
        self._required: set[str] = set()
        self._examples: list[Any] = []
        self._defaults: list[Any] = []
        self._first: dict[str, Any] = {}
        self._branches: list[tuple[str, ...]] = []
        self._flags: set[str] = set()

    def add(self, pointer: str) -> None:
        schema = self._at(pointer)
        if pointer in self._parts or not isinstance(schema, dict) or len(self._parts) >= _MAX_PARTS:
            return
        self._parts[pointer] = None
        self._take(pointer, schema)
        if isinstance(schema.get("$ref"), str):
            self.add(target(schema["$ref"]))
        for index in range(len(_listed(schema, "allOf"))):
            self.add(join(pointer, "allOf", index))
        for union in _UNIONS:
            self._add_union(join(pointer, union), _listed(schema, union))

    def _add_union(self, pointer: str, alternatives: list[Any]) -> None:
        """Takes the one alternative that is not null; several remain alternatives."""
        rest = [join(pointer, index) for index, value in enumerate(alternatives) if not _is_null(value)]
        if alternatives and len(rest) < len(alternatives):
            self._flags.add("null")
        if len(rest) == 1:
            self.add(rest[0])
        elif rest:
            self._branches.append(tuple(rest))

    def _take(self, pointer: str, schema: dict[str, Any]) -> None:
        if types := _types(schema):
            self._types = types if self._types is None else _common(self._types, types)
        for words, strictest in ((_GREATEST, max), (_SMALLEST, min)):
            for word in words:
                if isinstance(value := schema.get(word), int | float) and not isinstance(value, bool):
                    self._limits[word] = strictest(self._limits.get(word, value), value)
        for word in _FIRST:
            if word in schema:
                self._first.setdefault(word, join(pointer, word) if word == "items" else schema[word])
        self._take_values(schema)
        properties = schema.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            self._properties.setdefault(name, []).append(join(pointer, "properties", name))
        self._required |= {name for name in _listed(schema, "required") if isinstance(name, str)}
        self._patterns += [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        self._flags |= {word for word in ("readOnly", "writeOnly", "uniqueItems") if schema.get(word) is True}
        if schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False:
            self._flags.add("closed")

    def _take_values(self, schema: dict[str, Any]) -> None:
        options = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(options, list):
            own = self._options
            self._options = options if own is None else [value for value in own if value in options]
        self._examples += _listed(schema, "examples")
        self._examples += [schema["example"]] if "example" in schema else []
        self._defaults += [schema["default"]] if "default" in schema else []

    def facets(self) -> Facets:
        types = self._types or frozenset()
        options = None if self._options is None else tuple(v for v in self._options if v is not None)
        limits = {**self._limits}
        multiple = self._first.get("multipleOf")
        if isinstance(multiple, int | float) and not isinstance(multiple, bool):
            limits["multipleOf"] = multiple
        if "uniqueItems" in self._flags:
            limits["uniqueItems"] = True
        format_ = self._first.get("format")
        return Facets(
            parts=tuple(self._parts),
            types=types - {"null"},
            nullable="null" in types or "null" in self._flags or None in (self._options or ()),
            limits=limits,
            patterns=tuple(dict.fromkeys(self._patterns)),
            format=format_ if isinstance(format_, str) else "",
            options=options,
            properties={name: tuple(pointers) for name, pointers in self._properties.items()},
            required=frozenset(self._required),
            items=self._first.get("items"),
            branches=tuple(self._branches),
            examples=(*self._examples, *self._defaults),
            has_default=bool(self._defaults),
            default=self._defaults[0] if self._defaults else None,
            read_only="readOnly" in self._flags,
            write_only="writeOnly" in self._flags,
            is_closed="closed" in self._flags,
        )

    def _at(self, pointer: str) -> Any:
        try:
            return self._document.get(pointer)
        except KeyError:
            return None


def members(document: Document, schema: str | None) -> dict[str, Facets]:
    """The facets of the declared members of an object, of those in alternatives, too, by name."""
    pending, found = [schema] if schema else [], dict[str, Facets]()
    visited = set[str]()
    while pending:
        pointer = pending.pop()
        if pointer in visited:
            continue
        visited.add(pointer)
        of_part = facets(document, pointer)
        for name, pointers in of_part.properties.items():
            found.setdefault(name, facets(document, *pointers))
        pending += [alternative for branch in of_part.branches for alternative in branch]
    return found


def _types(schema: dict[str, Any]) -> frozenset[str]:
    types = schema.get("type", [])
    return frozenset(
        name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)
    )


def _common(types: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The types that both name; integers are numbers."""
    both = types & others
    if "integer" in types | others and "number" in types | others:
        both |= {"integer"}
    return both or types


def _is_null(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    return _types(schema) == {"null"} or schema.get("enum") == [None] or schema.get("const", 0) is None


def _listed(schema: dict[str, Any], keyword: str) -> list[Any]:
    value = schema.get(keyword)
    return value if isinstance(value, list) else []
