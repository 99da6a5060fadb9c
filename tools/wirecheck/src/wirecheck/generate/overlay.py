"""Applies an OpenAPI Overlay (1.0 and 1.1) to a document as it is written.

What it leaves alone keeps its file and line; what it adds has those of the overlay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import structs

from wirecheck.model import SpecError, WirecheckError
from wirecheck.spec import Document, join
from wirecheck.spec.document import Place
from wirecheck.spec.text import read as read_text

_VERSIONS = ("1.0.", "1.1.")
_ACTION = {"target", "description", "update", "remove", "copy"}
Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A checked overlay, and the document that it is written in."""

    written: Document

    @property
    def actions(self) -> Sequence[dict[str, Any]]:
        actions: Sequence[dict[str, Any]] = self.written.data["actions"]
        return actions

    def where(self, *path: str | int) -> str:
        """File and line."""
        origin = self.written.origin(join("", *path))
        return f"{origin.file}:{origin.line}"


def read(path: Path) -> Overlay:
    """Reads an overlay. Raises SpecError, with line, for one that cannot be used."""
    overlay = Overlay(read_text(path))
    for place, problem in _problems(overlay.written.data):
        raise SpecError(overlay.where(*place), problem)
    return overlay


@dataclass(slots=True)
class Revision:
    """Overlays, applied one after the other; ``warnings`` name what had no effect."""

    overlays: Sequence[Overlay]
    warnings: list[str] = field(default_factory=list)

    def __call__(self, document: Document) -> Document:
        for overlay in self.overlays:
            document, warnings = applied(document, overlay)
            self.warnings += warnings
        return document


def applied(document: Document, overlay: Overlay) -> tuple[Document, Sequence[str]]:
    """The document after all actions, and a warning for each that had no target.

    Raises SpecError for a target that is no JSONPath, and for an update that does not fit its target.
    """
    edited = _Edited(_unshared(document.data), _places(document.place), overlay)
    warnings = []
    for index, action in enumerate(overlay.actions):
        if not edited.apply(index, action):
            warnings.append(f"{overlay.where('actions', index)}: {action['target']} leads to nothing")
    has_foreign = document.has_foreign_references or overlay.written.has_foreign_references
    changed = structs.replace(
        document,
        data=edited.data,
        located=edited.place,
        has_foreign_references=has_foreign,
        has_identifiers=True,
    )
    return changed, warnings


def _problems(value: Any) -> Iterator[tuple[Location, str]]:
    if not isinstance(value, dict) or not isinstance(value.get("overlay"), str):
        yield (), "is not an overlay: it has no `overlay` with a version"
    elif not f"{value['overlay']}.".startswith(_VERSIONS):
        yield (
            ("overlay",),
            f"there is no version {value['overlay']} of overlays that is read: 1.0 and 1.1 are",
        )
    elif not isinstance(value.get("actions"), list):
        yield (), "must have a list of `actions`"
    else:
        for index, action in enumerate(value["actions"]):
            yield from (((*("actions", index), *place), text) for place, text in _action_problems(action))


def _action_problems(action: Any) -> Iterator[tuple[Location, str]]:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        yield (), "an action must have a `target`, which is a JSONPath"
        return
    for name in action.keys() - _ACTION:
        if not str(name).startswith("x-"):
            yield (name,), f"an action has no `{name}`"
    if not isinstance(action.get("remove", False), bool):
        yield ("remove",), "must be true or false"
    if not isinstance(action.get("copy", ""), str):
        yield ("copy",), "must be a JSONPath"


class _Edited:
    """A document that is being changed: its value, and the place of each value in it."""

    def __init__(self, data: Any, place: Place, overlay: Overlay) -> None:
        self.data = data
        self.place = place
        self._overlay = overlay

    def apply(self, index: int, action: dict[str, Any]) -> bool:
        """Carries out an action; whether it has a target."""
        targets = self._found(action["target"], index, "target")
        if action.get("remove") is True:
            # From the end, so that the indices of others stay.
            for location in sorted(targets, key=_order, reverse=True):
                self._remove(location)
            return bool(targets)
        for location in targets:
            if "copy" in action:
                self._copy(location, index, action["copy"])
            if "update" in action:
                place = self._overlay.written.place
                for name in ("actions", str(index), "update"):
                    place = place.children[name]
                written = _written(place, self._overlay.written.name, join("/actions", index, "update"))
                self._update(location, action["update"], written, (index, "update"))
        return bool(targets)

    def _found(self, query: str, index: int, member: str) -> list[Location]:
        try:
            from jsonpath_rfc9535 import JSONPathError, find
        except ImportError:
            missing = "overlays need jsonpath-rfc9535: pip install 'wirecheck[generate]'"
            raise WirecheckError("generate", missing) from None
        try:
            return [tuple(node.location) for node in find(query, self.data)]
        except JSONPathError as error:
            where = self._overlay.where("actions", index, member)
            raise SpecError(where, f"{query} is not a JSONPath: {error}") from None

    def _copy(self, location: Location, index: int, query: str) -> None:
        sources = self._found(query, index, "copy")
        if len(sources) != 1:
            where = self._overlay.where("actions", index, "copy")
            raise SpecError(where, f"{query} leads to {len(sources)} values, not to one")
        value, place = self._at(sources[0])
        self._update(location, _unshared(value), _places(place), (index, "copy"))

    def _update(self, location: Location, update: Any, place: Place, source: tuple[int, str]) -> None:
        value, target = self._at(location)
        if isinstance(value, list):
            _extend(value, target, update, place)
        elif isinstance(value, dict) and isinstance(update, dict):
            _merge(value, target, update, place)
        elif isinstance(value, dict) or not location:
            where = self._overlay.where("actions", *source)
            raise SpecError(where, "must be an object, as its target is one")
        else:
            parent, parent_place = self._at(location[:-1])
            parent[location[-1]] = _unshared(update)
            parent_place.children[str(location[-1])] = place

    def _remove(self, location: Location) -> None:
        if not location:
            where = self._overlay.where("actions")
            raise SpecError(where, "the whole document cannot be removed")
        parent, place = self._at(location[:-1])
        key = location[-1]
        del parent[key]
        if isinstance(parent, dict):
            place.children.pop(str(key), None)
        else:
            ordered = [place.children[name] for name in sorted(place.children, key=int) if name != str(key)]
            place.children = {str(position): child for position, child in enumerate(ordered)}

    def _at(self, location: Location) -> tuple[Any, Place]:
        value, place = self.data, self.place
        for key in location:
            value, place = value[key], place.children[str(key)]
        return value, place


def _unshared(value: Any) -> Any:
    """A copy in which nothing stands in two places, as aliases of YAML do."""
    if isinstance(value, dict):
        return {name: _unshared(member) for name, member in value.items()}
    return [_unshared(item) for item in value] if isinstance(value, list) else value


def _places(place: Place) -> Place:
    children = {name: _places(child) for name, child in place.children.items()}
    return Place(place.line, children, place.nodes, place.written)


def _merge(value: dict[str, Any], place: Place, update: dict[str, Any], added: Place) -> None:
    """Merges an object into another: objects member by member, lists by appending, others by replacing."""
    for name, member in update.items():
        new = _child(added, name)
        old = value.get(name)
        if isinstance(old, dict) and isinstance(member, dict):
            _merge(old, place.children[name], member, new)
        elif isinstance(old, list) and isinstance(member, list):
            _extend(old, place.children[name], member, new)
        else:
            value[name] = _unshared(member)
            place.children[name] = new


def _extend(value: list[Any], place: Place, update: Any, added: Place) -> None:
    """Appends the items of a list, or one other value."""
    items = [*update] if isinstance(update, list) else [update]
    for index, item in enumerate(items):
        place.children[str(len(value))] = _child(added, str(index)) if isinstance(update, list) else added
        value.append(_unshared(item))


def _child(place: Place, name: str) -> Place:
    """The place of a member, which says itself where it is written if its parent does."""
    child = place.children.get(name, Place(place.line))
    if place.written is None or child.written is not None:
        return child
    file, pointer = place.written
    return _written(child, file, join(pointer, name))


def _written(place: Place, file: str, pointer: str) -> Place:
    return Place(place.line, _places(place).children, place.nodes, (file, pointer))


def _order(location: Location) -> tuple[tuple[int, int | str], ...]:
    """An order in which the items of a list have that of their indices."""
    return tuple((0, key) if isinstance(key, int) else (1, key) for key in location)
