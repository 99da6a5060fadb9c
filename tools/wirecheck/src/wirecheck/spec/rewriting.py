"""Rebuilds a document object by object; what is unchanged is shared with the old one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import structs

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, Place, SpecProblem, join, target, tokens
from wirecheck.spec.structure import Form, Kind, Structure, is_extension, members

MAX_INLINED = 50  # references that lead from one to the next where OpenAPI has none
MAX_SHOWN = 200  # characters of a reference in a message
_UNREFERABLE = frozenset({Kind.DOCUMENT, Kind.COMPONENTS, Kind.OPERATION, Kind.ENCODING})

PlacedValue = tuple[Any, Place]
"""A value with its place."""


class Rewriter:
    """Visits every object of a document, in order, and puts what ``leave`` returns in its place.

    A member that has the wrong type becomes an empty object, list or map, and a problem. A ``$ref`` where
    OpenAPI has none, in place of an operation, a list or a map, is replaced by what it leads to.
    """

    def __init__(self, structure: Structure, document: Document) -> None:
        self._structure = structure
        self._document = document
        self._inlining = 0
        self.problems: list[SpecProblem] = []

    def enter(self, kind: Kind, value: dict[str, Any], pointer: str) -> None:
        """Called for an object before those below it."""

    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        """Called for an object after those below it; returns what takes its place."""
        return part

    def rewrite(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        """The object in a new form; a schema may also be a boolean."""
        value, place = part
        if kind is Kind.SCHEMA and isinstance(value, bool):
            return part
        if not isinstance(value, dict):
            self.problem(pointer, f"must be an object ({kind})")
            return {}, place
        if not isinstance(value.get("$ref", ""), str):
            self.problem(pointer, "a $ref must be a string")
            return {}, place
        if kind in _UNREFERABLE and "$ref" in value and self._inlining < MAX_INLINED:
            with self._inlined():
                return self.rewrite(kind, self._led_to(value["$ref"], part, pointer), pointer)
        self.enter(kind, value, pointer)
        changed = dict[str, PlacedValue]()
        for member, form, child in members(self._structure, kind, value):
            old = value[member], place.children.get(member) or Place(place.line)
            new = self._member(form, child, old, join(pointer, member), member)
            if new[0] is not old[0] or new[1] is not old[1]:
                changed[member] = new
        return self.leave(kind, with_members(part, changed), pointer)

    def problem(self, pointer: str, message: str) -> None:
        self.problems.append(SpecProblem(pointer, message))

    def _led_to(self, ref: str, part: PlacedValue, pointer: str) -> PlacedValue:
        """What a reference leads to; an empty object and a problem where that is nothing."""
        try:
            end = self._document.follow(target(ref) if ref.startswith("#") else "?")
        except (KeyError, SpecError):
            self.problem(pointer, f"{named(ref)} cannot be resolved")
            return without_members(part, "$ref")
        return moved(self._document, part_at(self._document, end), end)

    @contextmanager
    def _inlined(self) -> Iterator[None]:
        self._inlining += 1
        try:
            yield
        finally:
            self._inlining -= 1

    def _member(self, form: Form, kind: Kind, part: PlacedValue, pointer: str, member: str) -> PlacedValue:
        value = part[0]
        if member == "items":
            form = Form.LIST if isinstance(value, list) else Form.ONE  # a list in drafts before 2020-12
        if form is Form.ONE:
            return self.rewrite(kind, part, pointer)
        if is_reference(value) and self._inlining < MAX_INLINED:
            with self._inlined():
                return self._member(form, kind, self._led_to(value["$ref"], part, pointer), pointer, member)
        if form is Form.LIST and not isinstance(value, list):
            self.problem(pointer, "must be a list")
            return [], part[1]
        if form is Form.MAP and not isinstance(value, dict):
            self.problem(pointer, "must be an object")
            return {}, part[1]
        return self._members(kind, part, pointer, member)

    def _members(self, kind: Kind, part: PlacedValue, pointer: str, member: str) -> PlacedValue:
        """A list or a map of objects; the extensions of a map stay as they are."""
        place = part[1]
        changed = dict[str, PlacedValue]()
        for key, item in _items(part[0]):
            if is_extension(member, key):
                continue
            old = item, place.children.get(key) or Place(place.line)
            new = self.rewrite(kind, old, join(pointer, key))
            if new[0] is not old[0] or new[1] is not old[1]:
                changed[key] = new
        return with_members(part, changed)


def _items(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    else:
        yield from ((str(index), item) for index, item in enumerate(value))


def with_members(part: PlacedValue, changed: dict[str, PlacedValue]) -> PlacedValue:
    """An object or list with some members or items in place of its own, or in addition."""
    if not changed:
        return part
    value, place = part
    children = place.children | {key: child for key, (_, child) in changed.items()}
    place = structs.replace(place, children=children)
    if isinstance(value, list):
        items = [
            changed[str(index)][0] if str(index) in changed else item for index, item in enumerate(value)
        ]
        return items, place
    return value | {key: item for key, (item, _) in changed.items()}, place


def without_members(part: PlacedValue, *keys: str) -> PlacedValue:
    """An object without some of its members."""
    value, place = part
    children = {key: child for key, child in place.children.items() if key not in keys}
    place = structs.replace(place, children=children)
    return {key: item for key, item in value.items() if key not in keys}, place


def renamed(document: Document, part: PlacedValue, pointer: str, key: str) -> PlacedValue:
    """A member of the object at a pointer, for another name: its place says where it is written."""
    value, place = part
    return moved(document, (value[key], place.children.get(key) or place), join(pointer, key))


def replaced(part: PlacedValue, pointer: str, new: PlacedValue) -> PlacedValue:
    """A value in which another stands at a pointer that leads somewhere."""
    path = tokens(pointer)
    return _replaced(part, path, new)


def _replaced(part: PlacedValue, path: tuple[str, ...], new: PlacedValue) -> PlacedValue:
    if not path:
        return new
    value, place = part
    key, *rest = path
    item = value[key] if isinstance(value, dict) else value[int(key)]
    child = item, place.children.get(key) or Place(place.line)
    return with_members(part, {key: _replaced(child, tuple(rest), new)})


def named(ref: str, member: str = "$ref") -> str:
    """A reference as the subject of a message."""
    return f"{member} {ref}" if len(ref) <= MAX_SHOWN else f"{member} {ref[:MAX_SHOWN]}…"


def is_reference(value: Any) -> bool:
    """Whether a list or a map is nothing but a reference to one."""
    return isinstance(value, dict) and value.keys() == {"$ref"} and isinstance(value["$ref"], str)


def part_at(document: Document, pointer: str) -> PlacedValue:
    """The value at a pointer that leads somewhere."""
    place = document.place
    for token in tokens(pointer):
        place = place.children.get(token) or Place(place.line)
    return document.get(pointer), place


def moved(document: Document, part: PlacedValue, pointer: str) -> PlacedValue:
    """A value from a pointer of a document that will stand elsewhere: its place says where it is written."""
    origin = document.origin(pointer)
    value, place = part
    return value, structs.replace(place, written=(origin.file, origin.pointer))
