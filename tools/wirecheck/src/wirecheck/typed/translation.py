"""Schemas as types that msgspec decodes, and checks of what no type says."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import or_
from types import NoneType
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct

from wirecheck.spec import Document, join
from wirecheck.typed.checks import (
    Remembering,
    ValueCheck,
    both,
    by_type,
    is_shallow,
    of_fields,
    of_items,
    of_members,
)
from wirecheck.typed.parts import ImpossibleError, InexpressibleError, JsonKind, Roots, SchemaParts, Schemas
from wirecheck.typed.texts import OF_TEXTS, recogniser

Validate = Callable[[str], ValueCheck]
"""Returns whether values are valid by the schema at a pointer, as the engine decides it."""

_DEEPEST = 30  # schemas within each other
_MOST_FIELDS = 5000
_MOST_COPIES = 500  # of types within one that msgspec converts again at each use
_EXACT = 2**53  # integers below which floats are exact
_LARGEST = 2**63 - 1  # of an integer in a constraint or a literal
_UNNAMED = re.compile(r'["\\\x00-\x1f\ud800-\udfff]')  # in names that fields cannot have


class Typed(Struct, frozen=True):
    """A type, and what its values must fulfil beyond it. ``copies`` is the size of the type."""

    type: Any
    check: ValueCheck | None = None
    copies: int = 1


class Translation:
    """The types of the schemas of a document, made when they are needed.

    Objects have the members that schemas name; ``also`` are names of other members that they may have.
    """

    def __init__(self, document: Document, validate: Validate, also: frozenset[str]) -> None:
        self._schemas = Schemas(document)
        self._validate = validate
        self._also = also
        self._known: dict[Roots, Typed | None] = {(): Typed(Any, is_shallow)}
        self._open: set[Roots] = set()
        self._fields = 0

    def of(self, roots: Roots) -> Typed | None:
        """The type of values that fit some schemas together; None where no value does.

        Values of the type that pass its check fit, but not all that fit are of the type.
        """
        if roots in self._known:
            return self._known[roots]
        if roots in self._open or len(self._open) >= _DEEPEST or self._fields > _MOST_FIELDS:
            return self.untyped(roots)
        self._open.add(roots)
        typed = self._known[roots] = _union(dict(self._kinds(roots)))
        self._open.discard(roots)
        return typed

    def untyped(self, roots: Roots) -> Typed:
        """Values of every type, which the engine alone checks."""
        return Typed(Any, both(is_shallow, self._validity(roots)))

    def _kinds(self, roots: Roots) -> Iterator[tuple[JsonKind, Typed]]:
        is_valid = self._validity(roots)
        for kind, translate in _TRANSLATE.items():
            try:
                typed = translate(self, roots, self._schemas.parts(roots, kind))
                if typed.copies > _MOST_COPIES:
                    raise InexpressibleError
                yield kind, typed
            except InexpressibleError:
                check = both(is_shallow, is_valid) if kind in (JsonKind.ARRAY, JsonKind.OBJECT) else is_valid
                yield kind, Typed(_BUILTIN[kind], check)
            except ImpossibleError:
                continue

    def _validity(self, roots: Roots) -> ValueCheck:
        """Whether builtin values fit some schemas, as the engine decides it."""
        return lambda value: all(self._validate(root)(value) for root in roots)

    def _null(self, _roots: Roots, _parts: SchemaParts) -> Typed:
        return Typed(NoneType)

    def _boolean(self, _roots: Roots, _parts: SchemaParts) -> Typed:
        return Typed(bool)

    def _string(self, roots: Roots, parts: SchemaParts) -> Typed:
        if any(not schema.keys().isdisjoint(("enum", "const")) for _, schema in parts):
            return Typed(self._literal(roots, parts, str))
        sized = _sized(str, parts, "minLength", "maxLength")
        if any(not schema.keys().isdisjoint(OF_TEXTS) for _, schema in parts):
            recognise = recogniser([schema for _, schema in parts])
            return Typed(sized, Remembering(self._validity(roots), recognise))
        return Typed(sized)

    def _integer(self, roots: Roots, parts: SchemaParts) -> Typed:
        if any(not schema.keys().isdisjoint(("enum", "const")) for _, schema in parts):
            return Typed(self._literal(roots, parts, int))
        bounds = {keyword: list(_bounds(parts, keyword, float)) for keyword in _BOUNDS}
        smallest = [math.ceil(bound) for bound in bounds["minimum"]]
        smallest += [math.floor(bound) + 1 for bound in bounds["exclusiveMinimum"]]
        largest = [math.floor(bound) for bound in bounds["maximum"]]
        largest += [math.ceil(bound) - 1 for bound in bounds["exclusiveMaximum"]]
        return Typed(_limited(int, ge=max(smallest, default=None), le=min(largest, default=None)))

    def _real(self, _roots: Roots, parts: SchemaParts) -> Typed:
        smallest, above, largest, below = (list(_bounds(parts, keyword, int)) for keyword in _BOUNDS)
        if (smallest and above) or (largest and below):
            raise InexpressibleError
        lowest = {"ge": max(smallest, default=None), "gt": max(above, default=None)}
        highest = {"le": min(largest, default=None), "lt": min(below, default=None)}
        return Typed(_limited(float, **lowest, **highest))

    def _literal(self, roots: Roots, parts: SchemaParts, type_: type) -> Any:
        """The type of the options that one of the schemas lists, and that fit all of them."""
        listed = next(
            [schema["const"]] if "const" in schema else schema["enum"]
            for _, schema in parts
            if not schema.keys().isdisjoint(("enum", "const"))
        )
        options = [option for option in listed if type(option) is type_ and self._validity(roots)(option)]
        if any(isinstance(option, int) and abs(option) > _LARGEST for option in options):
            raise InexpressibleError
        if not options:
            raise ImpossibleError
        return Literal[tuple(options)]

    def _array(self, _roots: Roots, parts: SchemaParts) -> Typed:
        if any(schema.get("uniqueItems") for _, schema in parts):
            raise InexpressibleError
        items = self.of(tuple(join(pointer, "items") for pointer, schema in parts if "items" in schema))
        if items is None:  # only an empty array fits
            raise InexpressibleError
        sized = _sized(list[items.type], parts, "minItems", "maxItems")  # type: ignore[name-defined]  # made here
        return Typed(sized, of_items(items.check) if items.check else None, items.copies + 1)

    def _object(self, _roots: Roots, parts: SchemaParts) -> Typed:
        members = _Members(parts)
        if members.named:
            return Typed(self._structure(members))
        values = self.of(members.roots(""))
        if values is None:  # only an empty object fits
            raise InexpressibleError
        sized = _sized(dict[str, values.type], parts, "minProperties", "maxProperties")  # type: ignore[name-defined]  # made here
        return Typed(sized, of_members(values.check) if values.check else None, values.copies + 1)

    def _structure(self, members: "_Members") -> type[Struct]:
        fields: dict[str, tuple[str, Typed]] = {}  # by the names of the members
        for name in (*members.named, *sorted(self._also.difference(members.named))):
            typed = None if _UNNAMED.search(name) else self.of(members.roots(name))
            if typed is not None:
                fields[name] = (f"f{len(fields)}", typed)
            elif name in members.required:
                raise InexpressibleError
        self._fields += len(fields)
        return defstruct(
            "Fields",
            [_field(field, typed, name in members.required) for name, (field, typed) in fields.items()],
            namespace=members.post_init(fields),
            rename={field: name for name, (field, _) in fields.items()},
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )


class _Members:
    """What schemas say together about the members of an object."""

    def __init__(self, parts: SchemaParts) -> None:
        self._parts = parts
        self.required = {name for _, schema in parts for name in schema.get("required", ())}
        dependent = [
            (name, other)
            for _, schema in parts
            for name, others in schema.get("dependentRequired", {}).items()
            for other in others
        ]
        self._dependent = dependent
        self.named = dict.fromkeys(name for _, schema in parts for name in schema.get("properties", ()))
        self.named |= dict.fromkeys((*sorted(self.required), *(name for pair in dependent for name in pair)))

    def roots(self, name: str) -> Roots:
        """The schemas of a member."""
        roots = []
        for pointer, schema in self._parts:
            if name in schema.get("properties", ()):
                roots.append(join(pointer, "properties", name))
            elif "additionalProperties" in schema:
                roots.append(join(pointer, "additionalProperties"))
        return tuple(roots)

    def post_init(self, fields: Mapping[str, tuple[str, Typed]]) -> dict[str, Any]:
        """The methods of a structure with some fields, by the names of the members."""
        dependent = []
        for name, other in self._dependent:
            if other not in fields:
                raise InexpressibleError
            if name in fields:
                dependent.append((fields[name][0], fields[other][0]))
        checks = {field: typed.check for field, typed in fields.values() if typed.check}
        fewest = max(_sizes(self._parts, "minProperties"), default=0) - len(self.required)
        largest = min(_sizes(self._parts, "maxProperties"), default=len(fields))
        optional = [field for name, (field, _) in fields.items() if name not in self.required]
        most = largest - len(self.required)
        if not checks and not dependent and fewest <= 0 and most >= len(optional):
            return {}
        return {"__post_init__": of_fields(checks, dependent, optional, fewest, most)}


def _field(field: str, typed: Typed, is_required: bool) -> tuple[Any, ...]:
    if is_required:
        return field, typed.type
    return field, typed.type | UnsetType, UNSET


def _union(kinds: Mapping[JsonKind, Typed]) -> Typed | None:
    """The type of values of several kinds."""
    if not kinds:
        return None
    checks = {_CLASSES[kind]: typed.check for kind, typed in kinds.items() if typed.check}
    check = by_type(checks) if checks else None
    if str in checks:
        if not isinstance(checks[str], Remembering):
            checks[str] = Remembering(checks[str])
        if len(checks) == 1 and kinds.keys().isdisjoint((JsonKind.ARRAY, JsonKind.OBJECT)):
            check = checks[str]
    union = reduce(or_, (typed.type for typed in kinds.values()))
    return Typed(union, check, sum(typed.copies for typed in kinds.values()))


_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


def _bounds(parts: SchemaParts, keyword: str, inexact: type) -> Iterator[Any]:
    """The limits by a keyword; there is no type for large ones that are not compared exactly."""
    for _, schema in parts:
        if keyword in schema:
            bound: Any = schema[keyword]
            if type(bound) not in (int, float) or (abs(bound) >= _EXACT and type(bound) is inexact):
                raise InexpressibleError
            yield bound


def _limited(type_: type, **limits: Any) -> Any:
    meta: dict[str, Any] = {name: type_(limit) for name, limit in limits.items() if limit is not None}
    if type_ is int and any(abs(limit) > _LARGEST for limit in meta.values()):
        raise InexpressibleError
    return Annotated[type_, Meta(**meta)] if meta else type_


def _sizes(parts: SchemaParts, keyword: str) -> list[int]:
    sizes = [schema[keyword] for _, schema in parts if keyword in schema]
    if any(type(size) is not int or not 0 <= size <= _EXACT for size in sizes):
        raise InexpressibleError
    return sizes


def _sized(type_: Any, parts: SchemaParts, fewest: str, most: str) -> Any:
    smallest, largest = max(_sizes(parts, fewest), default=None), min(_sizes(parts, most), default=None)
    if smallest is None and largest is None:
        return type_
    return Annotated[type_, Meta(min_length=smallest, max_length=largest)]


_TRANSLATE = {
    JsonKind.NULL: Translation._null,
    JsonKind.BOOLEAN: Translation._boolean,
    JsonKind.INTEGER: Translation._integer,
    JsonKind.REAL: Translation._real,
    JsonKind.STRING: Translation._string,
    JsonKind.ARRAY: Translation._array,
    JsonKind.OBJECT: Translation._object,
}
_CLASSES: dict[JsonKind, type] = {
    JsonKind.NULL: NoneType,
    JsonKind.BOOLEAN: bool,
    JsonKind.INTEGER: int,
    JsonKind.REAL: float,
    JsonKind.STRING: str,
    JsonKind.ARRAY: list,
    JsonKind.OBJECT: dict,
}
_BUILTIN = {**_CLASSES, JsonKind.ARRAY: list[Any], JsonKind.OBJECT: dict[str, Any]}
