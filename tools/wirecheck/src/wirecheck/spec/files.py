"""A document of several files as one; every value keeps the file and the line where it is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from msgspec.structs import replace

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, Place, join, tokens
from wirecheck.spec.rewriting import (
    MAX_INLINED,
    PlacedValue,
    Rewriter,
    is_reference,
    moved,
    named,
    part_at,
    with_members,
    without_members,
)
from wirecheck.spec.sources import Source, UnreachableError
from wirecheck.spec.structure import SECTIONS, SWAGGER, Form, Kind, Structure
from wirecheck.spec.text import decoded, parse

MAX_FILES = 2000

_OPENAPI_SECTIONS = {kind: f"/components/{section}" for section, kind in SECTIONS.items()}
_SWAGGER_SECTIONS = {
    Kind.SCHEMA: "/definitions",
    Kind.RESPONSE: "/responses",
    Kind.PARAMETER: "/parameters",
}
# What a reference of these kinds leads to takes its place: few programs follow it.
_INLINED = frozenset({Kind.PATH_ITEM, Kind.MEDIA_TYPE, Kind.CALLBACK})
_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+")


class _Location(NamedTuple):
    """Where a reference leads: a file by its address, and a pointer within it."""

    file: str
    pointer: str


def bundled(document: Document, structure: Structure, source: Source) -> Document:
    """A document with all that it refers to in other files of its source.

    What cannot be had is a problem of the result.
    """
    return _Bundle(document, structure, source).document()


class _Bundle(Rewriter):
    def __init__(self, document: Document, structure: Structure, source: Source) -> None:
        super().__init__(structure, document)
        self._source = source
        self._main = self._file = source.main  # the second is that of the object at hand
        self._files: dict[str, Document] = {self._main: document}
        self._sections = _SWAGGER_SECTIONS if structure is SWAGGER else _OPENAPI_SECTIONS
        self._names: dict[tuple[Kind, _Location], str] = {}  # the pointers of what is taken in
        self._pending: list[tuple[Kind, _Location, str]] = []

    def document(self) -> Document:
        document = self._document
        self._reserve()
        part = self.rewrite(Kind.DOCUMENT, (document.data, document.place), "")
        while self._pending:
            kind, location, pointer = self._pending.pop()
            part = _added(part, tokens(pointer), self._taken(kind, location, pointer))
        problems = (*document.problems, *self.problems)
        has_identifiers = any(file.has_identifiers for file in self._files.values())
        return replace(
            document, data=part[0], located=part[1], problems=problems, has_identifiers=has_identifiers
        )

    def _reserve(self) -> None:
        """Lets a component that is nothing but a reference to another file be what it leads to."""
        for kind, section in self._sections.items():
            try:
                entries = self._document.get(section)
            except KeyError:
                continue
            for name, value in entries.items() if isinstance(entries, dict) else ():
                if isinstance(value, dict) and isinstance(value.get("$ref"), str):
                    try:
                        location = self._location(value["$ref"])
                    except UnreachableError:
                        continue
                    if location.file != self._main:
                        self._names.setdefault((kind, location), join(section, name))

    def rewrite(self, kind: Kind, part: PlacedValue, pointer: str) -> PlacedValue:
        value = part[0]
        ref = value.get("$ref") if isinstance(value, dict) else None
        if not isinstance(ref, str) or (self._file == self._main and ref.startswith("#")):
            return super().rewrite(kind, part, pointer)
        try:
            location = self._location(ref)
        except UnreachableError as error:
            self.problem(pointer, f"{named(ref)} {error}")
            return super().rewrite(kind, without_members(part, "$ref"), pointer)
        if location.file == self._main:
            return _renamed(part, location.pointer)
        if kind in self._sections and kind not in _INLINED:
            name = self._name(kind, location)
            return self._taken(kind, location, pointer) if name == pointer else _renamed(part, name)
        if self._inlining >= MAX_INLINED:
            self.problem(pointer, f"{named(ref)} is one of more than {MAX_INLINED} that lead to each other")
            return {}, part[1]
        value, beside = without_members(part, "$ref")
        with self._inlined():
            taken = self._taken(kind, location, pointer)
        return with_members(taken, {key: (item, beside.children[key]) for key, item in value.items()})

    def _member(self, form: Form, kind: Kind, part: PlacedValue, pointer: str, member: str) -> PlacedValue:
        if form is Form.ONE or not is_reference(part[0]) or self._inlining >= MAX_INLINED:
            return super()._member(form, kind, part, pointer, member)
        try:
            location = self._location(part[0]["$ref"])
        except UnreachableError as error:
            self.problem(pointer, f"{named(part[0]['$ref'])} {error}")
            return super()._member(form, kind, without_members(part, "$ref"), pointer, member)
        with self._inlined(), self._within(location.file):
            return super()._member(form, kind, self._part(location), pointer, member)

    # Where references lead

    def _location(self, ref: str) -> _Location:
        """Where a reference of the file at hand leads; raises UnreachableError."""
        path, _, fragment = ref.partition("#")
        try:
            address = self._source.address(self._file, path) if path else self._file
        except (ValueError, OSError) as error:
            known = isinstance(error, UnreachableError)
            raise error if known else UnreachableError("is not the address of a file") from None
        pointer = unquote(fragment)
        try:
            self._read(address).get(pointer)
        except KeyError:
            raise UnreachableError("cannot be resolved") from None
        return _Location(address, pointer)

    def _read(self, address: str) -> Document:
        if address not in self._files:
            if len(self._files) >= MAX_FILES:
                raise UnreachableError(f"is in another file, and there are more than {MAX_FILES:,}")
            try:
                name = self._source.name(address)
                self._files[address] = parse(decoded(self._source.read(address), name), name)
            except SpecError as error:
                raise UnreachableError(f"cannot be read: {error}") from None
        return self._files[address]

    def _part(self, location: _Location) -> PlacedValue:
        source = self._files[location.file]
        return moved(source, part_at(source, location.pointer), location.pointer)

    def _taken(self, kind: Kind, location: _Location, pointer: str) -> PlacedValue:
        """What a location has, as it will stand at a pointer of the document."""
        with self._within(location.file):
            return self.rewrite(kind, self._part(location), pointer)

    def _name(self, kind: Kind, location: _Location) -> str:
        """The pointer in the document of what a location has."""
        name = self._names.get((kind, location))
        if name is None:
            section = self._sections[kind]
            last = (*tokens(location.pointer), "")[-1 if not location.pointer else -2]
            stem = _UNUSUAL.sub("_", last or PurePosixPath(location.file).name.split(".")[0]) or "_"
            names = set(self._names.values())
            candidates = chain([stem], (f"{stem}_{number}" for number in count(2)))
            name = next(
                pointer
                for pointer in (join(section, candidate) for candidate in candidates)
                if pointer not in names and not self._has(pointer)
            )
            self._names[kind, location] = name
            self._pending.append((kind, location, name))
        return name

    def _has(self, pointer: str) -> bool:
        try:
            self._document.get(pointer)
        except KeyError:
            return False
        return True

    @contextmanager
    def _within(self, file: str) -> Iterator[None]:
        before, self._file = self._file, file
        try:
            yield
        finally:
            self._file = before


def _added(part: PlacedValue, path: tuple[str, ...], new: PlacedValue) -> PlacedValue:
    """An object with a value at a path, whose objects are made where they are missing."""
    if not path:
        return new
    value, place = part
    key, *rest = path
    inner = value.get(key) if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        inner = {}
    child = inner, place.children.get(key) or Place(place.line)
    return with_members(part, {key: _added(child, tuple(rest), new)})


def _renamed(part: PlacedValue, pointer: str) -> PlacedValue:
    """A reference that leads to a pointer of the document instead."""
    return with_members(part, {"$ref": (f"#{pointer}", part[1].children.get("$ref") or part[1])})
