"""The part of a document that a schema needs: what it is in, and all that it refers to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from wirecheck.spec.document import Document, target, tokens

_DEPTH = 3  # of /components/schemas/NAME, and of /paths/TEMPLATE/METHOD

_Entry = tuple[str, ...]
"""The path of an object that is taken as a whole; of the document itself it is empty."""


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """``entries`` are what it has, None for the whole document."""

    entries: frozenset[_Entry] | None
    data: dict[str, Any]


class Excerpts:
    """Parts of a document, each with the same pointers as the document, made when they are needed.

    ``adapt`` returns the data for a document that consists of a part. Once the parts have grown to half of
    the document together, the next one is the whole.
    """

    def __init__(self, document: Document, adapt: Callable[[Document], dict[str, Any]]) -> None:
        self._document = document
        self._adapt = adapt
        self._excerpts: list[_Excerpt] = []
        self._references: dict[_Entry, frozenset[_Entry]] = {}
        self._left = _count(document.data) // 2

    def of(self, schemas: Iterable[str]) -> dict[str, Any]:
        """Data with the schemas at some pointers and all that they refer to, directly and indirectly."""
        entries = frozenset(map(self._entry, schemas))
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

    def _entry(self, pointer: str) -> _Entry:
        """The entry that a pointer leads into, or the longest part of its path that exists."""
        value: Any = self._document.data
        path = tokens(pointer)[:_DEPTH]
        for depth, token in enumerate(path):
            if not isinstance(value, dict) or token not in value:
                return path[:depth]
            value = value[token]
        return path

    def _reached(self, entries: frozenset[_Entry]) -> frozenset[_Entry]:
        pending, reached = list(entries), set(entries)
        while pending:
            further = self._referred(pending.pop()) - reached
            reached |= further
            pending += further
        return frozenset(reached)

    def _referred(self, entry: _Entry) -> frozenset[_Entry]:
        """The entries to which references lead that are within another one."""
        if entry not in self._references:
            value: Any = self._document.data
            for token in entry:
                value = value[token]
            found, pending = set[_Entry](), [value]
            while pending:
                value = pending.pop()
                if isinstance(value, dict):
                    if isinstance(ref := value.get("$ref"), str) and ref.startswith("#"):
                        found.add(self._entry(target(ref)))
                    pending += [child for child in value.values() if isinstance(child, dict | list)]
                elif isinstance(value, list):
                    pending += value
            self._references[entry] = frozenset(found)
        return self._references[entry]


def _count(data: dict[str, Any]) -> int:
    """How many entries there are."""
    groups = [group for section in data.values() if isinstance(section, dict) for group in section.values()]
    return sum(len(group) if isinstance(group, dict) else 1 for group in groups)


def _part(data: dict[str, Any], entries: frozenset[_Entry]) -> dict[str, Any]:
    """An object that has nothing but some entries; one that another is within has it already."""
    part: dict[str, Any] = {}
    for entry in sorted(entries, key=len, reverse=True):
        value, copy = data, part
        for token in entry[:-1]:
            value, copy = value[token], copy.setdefault(token, {})
        copy[entry[-1]] = value[entry[-1]]
    return part
