"""Which parameters of a list filter it, by which members of its items, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wirecheck.conform.listing.fields import Leaf, QueryField, description, spelled, words
from wirecheck.resources import singular
from wirecheck.samples import Facets
from wirecheck.spec import Document

_NUMBERS = {"integer", "number"}
_MOMENT_FORMATS = ("date", "date-time")
_WRAPPERS = ("filter", "filters", "where", "by")
_KEYS = ("id", "ids", "uuid", "key", "slug", "code")
_MOMENTS = ("at", "on", "date", "time", "datetime", "timestamp", "day")
_SEARCHES = ("q", "query", "search", "text", "keyword", "keywords", "searchterm", "term", "contains")
_FUZZY = ("similar", "semantic", "fuzzy", "relevan", "nearest", "closest")
_REPRESENTATIONS = {
    *("language", "lang", "locale", "currency", "unit", "units", "timezone", "tz", "format", "version"),
    *("fields", "include", "expand", "embed", "lat", "lng", "lon", "latitude", "longitude", "radius"),
    *("distance", "location", "near", "callback", "pretty"),
}
"""Names of parameters that change how items are shown, or that no one member of an item decides."""
_INCLUSIVE = (
    "inclusive",
    "including",
    "or later",
    "or earlier",
    "or after",
    "or before",
    "at least",
    "at most",
)
_EXCLUSIVE = ("exclusive", "excluding", "strictly", "later than", "earlier than", "greater than", "less than")


class Operator(StrEnum):
    """How a value selects items."""

    EQUALS = "equals"
    CONTAINS = "contains"
    SEARCHES = "is found in"
    FROM = "from"
    UNTIL = "until"


_OPERATORS = {
    "gte": (Operator.FROM, True),
    "ge": (Operator.FROM, True),
    "min": (Operator.FROM, True),
    "minimum": (Operator.FROM, True),
    "gt": (Operator.FROM, False),
    "from": (Operator.FROM, None),
    "since": (Operator.FROM, None),
    "after": (Operator.FROM, None),
    "start": (Operator.FROM, None),
    "lte": (Operator.UNTIL, True),
    "le": (Operator.UNTIL, True),
    "max": (Operator.UNTIL, True),
    "maximum": (Operator.UNTIL, True),
    "lt": (Operator.UNTIL, False),
    "to": (Operator.UNTIL, None),
    "until": (Operator.UNTIL, None),
    "till": (Operator.UNTIL, None),
    "before": (Operator.UNTIL, None),
    "end": (Operator.UNTIL, None),
    "eq": (Operator.EQUALS, None),
    "exact": (Operator.EQUALS, None),
    "contains": (Operator.CONTAINS, None),
    "icontains": (Operator.CONTAINS, None),
    "like": (Operator.CONTAINS, None),
}
"""By the word at the beginning or the end of a name, with whether the bound is included (None: open)."""


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A field of the query that selects items by one of their members.

    ``members`` are those that it may mean; only one of them needs to explain what a server returns.
    ``includes_bound`` is None where the document leaves it open. ``ignores_case`` and ``needs_all`` (of
    several values) are what the document says of texts and lists.
    """

    field: QueryField
    operator: Operator
    members: tuple[Leaf, ...]
    includes_bound: bool | None = None
    ignores_case: bool = False
    needs_all: bool = False

    def __str__(self) -> str:
        return f"{self.field.name} {self.operator} {' or '.join(leaf.name for leaf in self.members)}".rstrip()


def filters(
    document: Document, fields: Sequence[QueryField], members: Sequence[Leaf]
) -> Iterator[ListFilter]:
    """The filters among fields of a query, by their names and types."""
    for field in fields:
        said = description(document, field)
        if spelled(field) in _SEARCHES and field.facets.has("string"):
            if field.facets.options is None and not any(word in said for word in _FUZZY):
                yield ListFilter(field, Operator.SEARCHES, (), ignores_case=_ignores_case(said))
        elif (found := _filter(field, members, said)) is not None:
            yield found


def _filter(field: QueryField, members: Sequence[Leaf], said: str) -> ListFilter | None:
    name = words(field.name)
    while len(name) > 1 and name[0] in _WRAPPERS:
        name = name[1:]
    if "".join(name) in _REPRESENTATIONS:
        return None
    if meant := _equal(field, name, members):
        return _equality(field, meant, said)
    for rest, (operator, includes) in _read(name):
        is_bound = operator in (Operator.FROM, Operator.UNTIL)
        if meant := (_ordered(field, rest, members) if is_bound else _equal(field, rest, members)):
            return ListFilter(field, operator, tuple(meant), _includes(said, includes) if is_bound else None)
    return None


def _equal(field: QueryField, name: tuple[str, ...], members: Sequence[Leaf]) -> list[Leaf]:
    """The members of a name whose values are of the kind of those of a field."""
    return [leaf for leaf in _meant(name, members) if _are_equal_kinds(field.facets, leaf.facets)]


def _equality(field: QueryField, meant: Sequence[Leaf], said: str) -> ListFilter:
    is_open = _is_open_text(field.facets) and all(_is_open_text(leaf.facets) for leaf in meant)
    is_certain = not is_open or any(word in _KEYS for word in words(field.name)[-1:])
    return ListFilter(
        field,
        Operator.EQUALS if is_certain else Operator.CONTAINS,
        tuple(meant),
        needs_all=" all " in said or " every " in said or "each" in said,
    )


def _read(name: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[Operator, bool | None]]]:
    """A name without its operator, and the operator: at the end, then at the beginning."""
    if name and name[-1] in _OPERATORS:
        yield name[:-1], _OPERATORS[name[-1]]
    if name and name[0] in _OPERATORS:
        yield name[1:], _OPERATORS[name[0]]


def _ordered(field: QueryField, rest: tuple[str, ...], members: Sequence[Leaf]) -> list[Leaf]:
    """The members that a bound may be about: numbers for numbers, days and instants for those."""
    if field.facets.types & _NUMBERS:
        return [leaf for leaf in _meant(rest, members) if leaf.facets.types & _NUMBERS]
    return _moments(field, rest, members) if field.facets.format in _MOMENT_FORMATS else []


def _moments(field: QueryField, rest: tuple[str, ...], members: Sequence[Leaf]) -> list[Leaf]:
    moments = [leaf for leaf in members if leaf.facets.format in _MOMENT_FORMATS]
    named = list(_meant(rest, moments))
    if named or (rest and rest[-1] not in _MOMENTS):
        return named
    same = [leaf for leaf in moments if leaf.facets.format == field.facets.format]
    return same if len(same) == 1 else moments


def _meant(name: tuple[str, ...], members: Sequence[Leaf]) -> list[Leaf]:
    """The members that a name means: equal, or a reference, a plural or a moment of that name."""
    spelling = "".join(name)
    equal = [leaf for leaf in members if "".join(words(leaf.name)) == spelling]
    if equal or not name:
        return equal
    stems = {spelling, _stem(name, _KEYS)}
    return [leaf for leaf in members if _is_meant(stems, leaf)]


def _is_meant(stems: set[str], leaf: Leaf) -> bool:
    name = words(leaf.name)
    own = {"".join(name), _stem(name, (*_KEYS, *_MOMENTS))}
    if leaf.facets.is_array:
        own, stems = own | set(map(singular, own)), stems | set(map(singular, stems))
    return bool(stems & own - {""})


def _stem(name: tuple[str, ...], endings: tuple[str, ...]) -> str:
    """A name without its last word if that is one of some endings."""
    return "".join(name[:-1] if name[-1] in endings else name)


def _are_equal_kinds(field: Facets, member: Facets) -> bool:
    """Whether values of a field and a member (or their items) are of the same kind."""
    if member.is_array or field.is_array:
        return True
    scalars = {"integer", "number", "boolean", "string"}
    if "date-time" in (field.format, member.format):
        return False  # how exactly instants must agree is open
    if field.types & _NUMBERS and member.types & _NUMBERS:
        return True
    return bool(field.types & member.types & scalars)


def _is_open_text(described: Facets) -> bool:
    """Whether any text may be a value, so that a part of one may select it."""
    return described.options is None and "string" in described.types and not described.format


def _includes(said: str, usual: bool | None) -> bool | None:
    if any(word in said for word in _INCLUSIVE):
        return True
    if any(word in said for word in _EXCLUSIVE):
        return False
    if (
        usual is None
        and {"before", "after"} & set(words(said))
        and not {"on", "from", "or"} & set(words(said))
    ):
        return False
    return usual


def _ignores_case(said: str) -> bool:
    return any(phrase in said for phrase in ("in any case", "insensitive", "ignoring case", "ignores case"))
