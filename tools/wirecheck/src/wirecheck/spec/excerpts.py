"""The part of a document that a schema needs: what it is in, and all that it refers to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wirecheck.spec.document import Document, objects, target, tokens

_DEPTH = 3  # of /components/schemas/NAME, and of /paths/TEMPLATE/METHOD

_Entry = tuple[str, ...]
"""The path of an object that is taken as a whole; of the document itself it is empty."""

Compositions = Mapping[_Entry, frozenset[_Entry]]
"""What schemas are part of; empty where that decides nothing."""


class _Excerpt(Struct, frozen=True):
    """``entries`` are what it has, None for the whole document."""

    entries: frozenset[_Entry] | None
    data: dict[str, Any]


class Excerpts:
    """Parts of a document, each with the same pointers as the document, made when they are needed.

    ``adapt`` returns the data for a document that consists of a part; what a schema is part of by one of the
    ``compositions`` decides how it is adapted. Once the parts have grown to half of the document together,
    the next one is the whole.
    """

    def __init__(
        self,
        document: Document,
        adapt: Callable[[Document], dict[str, Any]],
        compositions: Compositions,
    ) -> None:
        self._document = document
        self._adapt = adapt
        self._compositions = compositions
        self._excerpts: list[_Excerpt] = []
        self._references: dict[_Entry, frozenset[_Entry]] = {}
        self._left = len(list(_entries(document.data))) // 2

    def of(self, schemas: Iterable[str]) -> dict[str, Any]:
        """Data with the schemas at some pointers and all that they refer to, directly and indirectly."""
        entries = frozenset(_entry(self._document.data, schema) for schema in schemas)
        for excerpt in self._excerpts:
            if excerpt.entries is None or entries <= excerpt.entries:
                return excerpt.data
        entries = self._reached(entries)
        self._left -= len(entries)
        is_whole = self._left < 0 or () in entries
        part = self._document.data if is_whole else _part(self._document.data, entries)
        data = self._adapt(replace(self._document, data=part))
        self._excerpts.append(_Excerpt(None if is_whole else entries, data))
        return data

    def _reached(self, entries: frozenset[_Entry]) -> frozenset[_Entry]:
        pending, reached = list(entries), set(entries)
        while pending:
            entry = pending.pop()
            further = (self._referred(entry) | self._compositions.get(entry, frozenset())) - reached
            reached |= further
            pending += further
        return frozenset(reached)

    def _referred(self, entry: _Entry) -> frozenset[_Entry]:
        """The entries to which references lead that are within another one."""
        if entry not in self._references:
            data = self._document.data
            refs = (value.get("$ref") for value in objects(_at(data, entry)))
            self._references[entry] = frozenset(
                _entry(data, target(ref)) for ref in refs if isinstance(ref, str) and ref.startswith("#")
            )
        return self._references[entry]


def compositions(document: Document) -> Compositions:
    """The entries with schemas of which another is a part, by ``allOf`` or by a reference, by its entry."""
    found = defaultdict[_Entry, set[_Entry]](set)
    for entry in _entries(document.data):
        content = _at(document.data, entry)
        for value in objects(content):
            if "allOf" in value or "$ref" in value:
                for ref in _composed(value, is_alias=value is content):
                    found[_entry(document.data, target(ref))].add(entry)
    return {entry: frozenset(composed) for entry, composed in found.items()}


def _composed(schema: dict[str, Any], *, is_alias: bool) -> Iterator[str]:
    """The references of a schema to its parts; one alone is a part of nothing, unless it is an alias."""
    listed = schema.get("allOf")
    parts = list(listed) if isinstance(listed, list) else []
    if parts or is_alias or "properties" in schema or "required" in schema:
        parts.append(schema)
    for part in parts:
        if isinstance(part, dict) and isinstance(ref := part.get("$ref"), str):
            yield ref


def _entry(data: dict[str, Any], pointer: str) -> _Entry:
    """The entry that a pointer leads into, or the longest part of its path that exists."""
    value: Any = data
    path = tokens(pointer)[:_DEPTH]
    for depth, token in enumerate(path):
        if not isinstance(value, dict) or token not in value:
            return path[:depth]
        value = value[token]
    return path


def _entries(data: dict[str, Any]) -> Iterator[_Entry]:
    """All that are at the full depth, where there is that depth."""
    paths: list[_Entry] = [()]
    for _ in range(_DEPTH):
        longer: list[_Entry] = []
        for path in paths:
            value = _at(data, path)
            longer += [(*path, key) for key in value] if isinstance(value, dict) else [path]
        paths = longer
    yield from paths


def _at(data: dict[str, Any], entry: _Entry) -> Any:
    value: Any = data
    for token in entry:
        if isinstance(value, dict):
            value = value[token]
    return value


def _part(data: dict[str, Any], entries: frozenset[_Entry]) -> dict[str, Any]:
    """An object that has nothing but some entries; one that another is within has it already."""
    part: dict[str, Any] = {}
    for entry in sorted(entries, key=len, reverse=True):
        value, copy = data, part
        for token in entry[:-1]:
            value, copy = value[token], copy.setdefault(token, {})
        copy[entry[-1]] = value[entry[-1]]
    return part
