"""A schema with all that it is composed of by $ref and allOf, as one: what it says of a value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wirecheck.spec import Document, join
from wirecheck.spec.document import target

_MAX_PARTS = 500
_OBJECT = ("properties", "additionalProperties", "patternProperties", "required", "minProperties")
_DESCRIBING = (
    *("$ref", "type", "properties", "additionalProperties", "patternProperties", "items", "prefixItems"),
    *("enum", "const", "oneOf", "anyOf", "allOf", "format", "pattern"),
)
"""Keywords by which a member of a union is more than a condition."""


@dataclass(frozen=True)
class Parts:
    """The schemas that all apply to a value, by their pointers."""

    document: Document
    pointers: tuple[str, ...]

    @cached_property
    def values(self) -> list[dict[str, Any]]:
        return [self.document.get(pointer) for pointer in self.pointers]

    @cached_property
    def types(self) -> frozenset[str] | None:
        """The types that are allowed; None where nothing is said."""
        sets = [
            frozenset([types] if isinstance(types, str) else types)
            for value in self.values
            if isinstance(types := value.get("type"), str | list)
        ]
        if not sets:
            return None
        common = frozenset.intersection(*map(_with_integers, sets))
        return common - {"integer"} if "number" in common else common

    @cached_property
    def is_object(self) -> bool:
        """Whether objects are described."""
        if self.types is not None:
            return "object" in self.types
        return any(keyword in value for value in self.values for keyword in _OBJECT)

    @cached_property
    def is_array(self) -> bool:
        if self.types is not None:
            return "array" in self.types
        return any(keyword in value for value in self.values for keyword in ("items", "prefixItems"))

    @cached_property
    def properties(self) -> dict[str, tuple[str, ...]]:
        """The pointers that describe each member, in the order of the document."""
        pointers: dict[str, list[str]] = {}
        for pointer, value in zip(self.pointers, self.values, strict=True):
            if isinstance(named := value.get("properties"), dict):
                for name in named:
                    pointers.setdefault(name, []).append(join(pointer, "properties", name))
        named = {name: tuple(places) for name, places in pointers.items()}
        # What is required without being described may be anything.
        return named | dict.fromkeys(sorted(self.required - named.keys()), ()) if named else named

    @cached_property
    def required(self) -> frozenset[str]:
        lists = (value.get("required") for value in self.values)
        return frozenset(
            name for names in lists if isinstance(names, list) for name in names if isinstance(name, str)
        )

    @cached_property
    def is_closed(self) -> bool:
        """Whether members with other names are excluded."""
        return any(
            value.get("additionalProperties") is False or value.get("unevaluatedProperties") is False
            for value in self.values
        )

    def described(self, *keywords: str) -> list[str]:
        """The pointers of the schemas at some keywords."""
        return [
            join(pointer, keyword)
            for pointer, value in zip(self.pointers, self.values, strict=True)
            for keyword in keywords
            if isinstance(value.get(keyword), dict)
        ]

    @cached_property
    def pattern_properties(self) -> list[str]:
        return [
            join(pointer, name)
            for pointer in self.described("patternProperties")
            for name in self.document.get(pointer)
        ]

    @cached_property
    def unions(self) -> list[tuple[str, list[str]]]:
        """The oneOf and anyOf that say what a value may be: the pointer of each, and of its members."""
        unions = []
        for pointer, value in zip(self.pointers, self.values, strict=True):
            for keyword in ("oneOf", "anyOf"):
                members = value.get(keyword)
                if isinstance(members, list):
                    kept = [
                        join(pointer, keyword, index)
                        for index, member in enumerate(members)
                        if isinstance(member, dict) and any(word in member for word in _DESCRIBING)
                    ]
                    if kept:
                        unions.append((join(pointer, keyword), kept))
        return unions

    @cached_property
    def enum(self) -> list[Any] | None:
        """The values that are allowed, None where any is."""
        lists = [value["enum"] for value in self.values if isinstance(value.get("enum"), list)]
        lists += [[value["const"]] for value in self.values if "const" in value]
        if not lists:
            return None
        first, *others = lists
        return [value for value in first if all(value in other for other in others)]

    def first(self, keyword: str) -> Any:
        """The first value of a keyword."""
        return next((value[keyword] for value in self.values if keyword in value), None)

    def any_true(self, keyword: str) -> bool:
        return any(value.get(keyword) is True for value in self.values)


def parts_of(document: Document, pointers: Sequence[str]) -> Parts:
    """The schemas at some pointers, and those that they include by $ref and allOf; but no boolean ones."""
    return Parts(document, tuple(dict.fromkeys(_included(document, pointers))))


def _included(document: Document, pointers: Sequence[str]) -> Iterator[str]:
    pending, visited = list(reversed(pointers)), set[str]()
    while pending and len(visited) < _MAX_PARTS:
        pointer = pending.pop()
        try:
            value = document.get(pointer)
        except KeyError:
            continue
        if pointer in visited or not isinstance(value, dict):
            continue
        visited.add(pointer)
        members = value.get("allOf")
        if isinstance(members, list):
            pending += [join(pointer, "allOf", index) for index in reversed(range(len(members)))]
        if isinstance(value.get("$ref"), str):
            pending.append(target(value["$ref"]))
        yield pointer


def _with_integers(types: frozenset[str]) -> frozenset[str]:
    """An integer is a number, too."""
    return types | {"integer"} if "number" in types else types
