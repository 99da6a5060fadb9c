"""Which parameters of a list sort it, and what their values mean."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.conform.case import Case
from wirecheck.conform.listing.fields import Leaf, QueryField, spelled, words

_SORTS = (
    *("sort", "sortby", "orderby", "ordering", "order", "sorting", "sortfield", "orderfield", "sortkey"),
    *("sortcolumn", "sorted", "sortedby", "orderedby"),
)
_DIRECTIONS = (
    *("order", "direction", "dir", "sortorder", "sortdir", "orderdir", "sortdirection", "orderdirection"),
    *("sorttype", "orderingdirection"),
)
_REVERSALS = ("desc", "descending", "reverse", "reversed")
_ASCENDING = {"asc", "ascending", "1", "ascend", "up"}
_DESCENDING = {"desc", "descending", "-1", "descend", "down"}
_SUFFIX = re.compile(r"(.+?)(?:[\s:._|,-]|(?<=[a-z])(?=[AD]))(asc|desc|ascending|descending)", re.IGNORECASE)
_NEWEST, _OLDEST = {"newest", "latest", "recent", "mostrecent"}, {"oldest", "earliest"}


@dataclass(frozen=True, slots=True)
class SortOrder:
    """One order of a list: values of the query, and the member that they sort by.

    ``descends`` is None where the document does not say the direction. ``is_documented`` is whether the
    document lists the value; a server may ignore one that it does not.
    """

    values: tuple[tuple[QueryField, Any], ...]
    member: Leaf
    descends: bool | None
    is_documented: bool

    def put(self, case: Case) -> Case:
        for field, value in self.values:
            case = field.put(case, [value] if field.is_list else value)
        return case

    def __str__(self) -> str:
        return "&".join(f"{field.name}={value}" for field, value in self.values)


@dataclass(frozen=True, slots=True)
class Sorting:
    """The orders of a list: ``field`` selects the member, ``direction`` the direction, None without one."""

    field: QueryField
    direction: QueryField | None
    orders: tuple[SortOrder, ...]


def sorting(fields: Sequence[QueryField], members: Sequence[Leaf]) -> Sorting | None:
    """How a list is sorted, by the names and enumerated values of its parameters."""
    by_name = {spelled(field): field for field in fields}
    direction = next((by_name[name] for name in _DIRECTIONS if _is_direction(by_name.get(name))), None)
    reversal = next((by_name[name] for name in _REVERSALS if _is_flag(by_name.get(name))), None)
    for name in _SORTS:
        field = by_name.get(name)
        if field is not None and field != direction and _options(field) is not None:
            orders = tuple(_orders(field, direction or reversal, members))
            return Sorting(field, direction or reversal, orders)
    return None


def _is_direction(field: QueryField | None) -> bool:
    options = {str(value).lower() for value in field.facets.options or ()} if field else set[str]()
    return bool(options & _ASCENDING and options & _DESCENDING) and options <= _ASCENDING | _DESCENDING


def _is_flag(field: QueryField | None) -> bool:
    return field is not None and field.facets.types == {"boolean"}


def _options(field: QueryField) -> tuple[Any, ...] | None:
    """The enumerated values, None where there are none and the field is not a text."""
    if field.facets.options is not None:
        return field.facets.options
    return () if field.facets.has("string") or field.facets.is_array else None


def _orders(field: QueryField, direction: QueryField | None, members: Sequence[Leaf]) -> Iterator[SortOrder]:
    texts, is_documented = _texts(field, members)
    read = {text: reading for text in texts if (reading := _read(text, members)) is not None}
    descending = {leaf.name for leaf, descends in read.values() if descends}
    for text, (leaf, descends) in read.items():
        if direction is not None and descends is None:
            for value, is_down in _directions(direction):
                yield SortOrder(((field, text), (direction, value)), leaf, is_down, is_documented)
        else:
            ascends = descends is None and leaf.name in descending
            yield SortOrder(((field, text),), leaf, False if ascends else descends, is_documented)


def _texts(field: QueryField, members: Sequence[Leaf]) -> tuple[Sequence[str], bool]:
    """Values to sort by, and whether the document lists them; else its examples and the names of members."""
    if options := _texts_of(field.facets.options or ()):
        return options, True
    names = (leaf.name for leaf in members if len(leaf.path) == 1)
    return list(dict.fromkeys([*_texts_of(field.facets.examples), *names])), False


def _texts_of(values: Sequence[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _directions(direction: QueryField) -> Iterator[tuple[Any, bool]]:
    """The values of each direction."""
    if direction.facets.options is None:
        yield from ((False, False), (True, True))
        return
    for names, is_down in ((_ASCENDING, False), (_DESCENDING, True)):
        values = [value for value in direction.facets.options if str(value).lower() in names]
        if values:
            yield values[0], is_down


def _read(text: str, members: Sequence[Leaf]) -> tuple[Leaf, bool | None] | None:
    """The member that a value sorts by, and whether it descends; None where that is not certain."""
    descends: bool | None = None
    name = text.strip()
    if name[:1] in ("-", "+"):
        descends, name = name.startswith("-"), name[1:]
    elif match := _SUFFIX.fullmatch(name):
        name, descends = match[1], match[2].lower().startswith("desc")
    spelling = "".join(words(name))
    if spelling in _NEWEST | _OLDEST:
        spelling, descends = "createdat", spelling in _NEWEST
    candidates = [leaf for leaf in members if "".join(words(leaf.name)) == spelling]
    if not candidates:
        candidates = [
            leaf for leaf in members if "".join(words(leaf.name)) in (f"{spelling}at", f"{spelling}on")
        ]
    if len(candidates) != 1 or candidates[0].facets.is_array:
        return None
    return candidates[0], descends
