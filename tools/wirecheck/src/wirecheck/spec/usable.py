"""Takes out of a document what cannot be used, so that it costs itself and nothing else."""

from typing import Any

from msgspec.structs import replace

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, SpecProblem, join, target
from wirecheck.spec.rewriting import (
    PlacedValue,
    Rewriter,
    named,
    part_at,
    renamed,
    replaced,
    with_members,
    without_members,
)
from wirecheck.spec.structure import OPENAPI, Kind


def usable(document: Document) -> Document:
    """A document in the form of 3.1 whose objects are objects, and whose references lead to their kind.

    What is not so becomes an empty object, list or map; the problems of the result say where that was.
    """
    repair = _Repair(document)
    data, place = repair.document()
    problems = dict.fromkeys([*document.problems, *repair.problems])
    original = document.original or ((lambda: document) if repair.problems else None)
    return replace(document, data=data, located=place, problems=tuple(problems), original=original)


# The members that are not objects of their own: the type of each, and that of its items.
_Shape = tuple[type, type | None]
_OBJECT: _Shape = (dict, None)
_OBJECTS: _Shape = (list, dict)
_SHAPES: dict[Kind, dict[str, _Shape]] = {
    Kind.DOCUMENT: {
        "info": _OBJECT,
        "servers": _OBJECTS,
        "security": _OBJECTS,
        "tags": _OBJECTS,
        "externalDocs": _OBJECT,
    },
    Kind.PATH_ITEM: {"servers": _OBJECTS},
    Kind.OPERATION: {"servers": _OBJECTS, "security": _OBJECTS, "tags": (list, str)},
}
_TYPES: dict[type, str] = {dict: "an object", list: "a list", str: "a string"}


class _Repair(Rewriter):
    def __init__(self, document: Document) -> None:
        super().__init__(OPENAPI, document)
        self._kinds: dict[str, Kind] = {}  # of every object that was visited, by its pointer
        self._references: list[tuple[Kind, str]] = []  # not yet followed

    def enter(self, kind: Kind, value: dict[str, Any], pointer: str) -> None:
        self._kinds[pointer] = kind
        if "$ref" in value:
            self._references.append((kind, pointer))

    def rewrite(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        if isinstance(part[0], bool) and kind is Kind.SCHEMA:
            self._kinds[pointer] = kind
        return super().rewrite(kind, part, pointer)

    def leave(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        if kind is Kind.SCHEMA and isinstance(part[0].get("items"), list):
            self.problems.append(
                SpecProblem(join(pointer, "items"), "a list of items is prefixItems", usable=True)
            )
            items = renamed(self._document, part, pointer, "items")
            self._move(f"{pointer}/items/", f"{pointer}/prefixItems/")
            return with_members(without_members(part, "items"), {"prefixItems": items})
        for member, shape in _SHAPES.get(kind, {}).items():
            if member in part[0]:
                part = self._shaped(part, pointer, member, shape)
        return part

    def _move(self, old: str, new: str) -> None:
        """Notes that objects at pointers that begin in one way begin in another one now."""
        for pointer in [pointer for pointer in self._kinds if pointer.startswith(old)]:
            self._kinds[new + pointer.removeprefix(old)] = self._kinds.pop(pointer)
        self._references = [
            (kind, new + pointer.removeprefix(old) if pointer.startswith(old) else pointer)
            for kind, pointer in self._references
        ]

    def _shaped(self, part: PlacedValue, pointer: str, member: str, shape: _Shape) -> PlacedValue:
        """An object whose member, and the items of that, have a type."""
        value: Any = part[0][member]
        place = part[1].children.get(member) or part[1]
        here, (outer, inner) = join(pointer, member), shape
        if not isinstance(value, outer):
            self.problem(here, f"must be {_TYPES[outer]}")
            return with_members(part, {member: (outer(), place)})
        if inner is None or all(isinstance(item, inner) for item in part[0][member]):
            return part
        items = list[Any](part[0][member])
        for index, item in enumerate(items):
            if not isinstance(item, inner):
                self.problem(join(here, index), f"must be {_TYPES[inner]}")
                items[index] = inner()
        return with_members(part, {member: (items, place)})

    def document(self) -> PlacedValue:
        document = self._document
        part = self.rewrite(Kind.DOCUMENT, (document.data, document.place), "")
        done = 0
        while done < len(self._references):  # the list grows: some objects are reached by references alone
            document = replace(document, data=part[0], located=part[1])
            kind, pointer = self._references[done]
            done += 1
            if (message := self._unusable(document, kind, pointer)) is not None:
                self.problem(pointer, message)
                part = replaced(part, pointer, without_members(part_at(document, pointer), "$ref"))
                continue
            end = target(document.get(pointer)["$ref"])
            if end not in self._kinds:
                part = replaced(part, end, self.rewrite(kind, part_at(document, end), end))
        return part

    def _unusable(self, document: Document, kind: Kind, pointer: str) -> str | None:
        """Why a reference cannot be used, None for one that can; what it leads to may be another."""
        ref = document.get(pointer)["$ref"]
        if ref and not ref.startswith("#"):
            return f"{named(ref)} leads out of the document"
        try:
            value = document.get(target(ref))
        except KeyError:
            return f"{named(ref)} cannot be resolved"
        if not isinstance(value, dict | bool):
            return f"{named(ref)} does not lead to an object ({kind})"
        try:
            document.follow(pointer)
        except SpecError as error:
            return f"{named(ref)}: {error.what.partition(': ')[2]}"
        except KeyError:
            pass  # a problem of the last reference of the chain
        found = self._kinds.get(target(ref), kind)
        return None if found is kind else f"{named(ref)} leads to the wrong object: {found}, not {kind}"
