"""Lists as a document describes them: their items, pages, filters and orders."""

from collections.abc import Iterator
from dataclasses import dataclass

from wirecheck.conform.listing.fields import Member, QueryField, leaves, query_fields
from wirecheck.conform.listing.filters import ListFilter, Operator, filters
from wirecheck.conform.listing.paging import Paging, Position, paging
from wirecheck.conform.listing.sorting import Sorting, SortOrder, sorting
from wirecheck.resources import MemberPath, list_of, success_schema
from wirecheck.samples import Facets, facets
from wirecheck.spec import Document, Operation, Spec
from wirecheck.words import without_ending

__all__ = [
    "ListFilter",
    "Listing",
    "Member",
    "Operator",
    "Paging",
    "Position",
    "QueryField",
    "SortOrder",
    "Sorting",
    "listing",
]

_DEPTH = 2  # levels of objects within an item


@dataclass(frozen=True, slots=True)
class Listing:
    """An operation that returns a list.

    ``items`` leads to the items of a response, ``members`` are their scalars and lists of scalars.
    """

    operation: Operation
    items: MemberPath
    members: tuple[Member, ...]
    paging: Paging
    filters: tuple[ListFilter, ...]
    sorting: Sorting | None

    def lines(self) -> Iterator[str]:
        """What was derived, for people: pages, filters and orders, each by the names in the document."""
        yield from self.paging.lines()
        yield from (f"filter: {found}" for found in self.filters)
        if self.sorting is not None:
            yield from (f"order: {order} by {order.member.name}" for order in self.sorting.orders)


def listing(spec: Spec, operation: Operation) -> Listing | None:
    """The list that a GET returns, None where it returns none.

    Names are compared whatever their case and separators.
    """
    schema = success_schema(operation)
    if operation.method != "GET" or schema is None:
        return None
    path = without_ending(operation.template)
    name = next((part for part in reversed(path.split("/")) if part and "{" not in part), "")
    items = list_of(spec.document, schema, name)
    if items is None or (items and path.endswith("}")):
        return None  # what has a key is an item, even if one of its members is a list
    members = tuple(leaves(spec.document, _item(spec.document, schema, items), _DEPTH))
    fields = list(query_fields(spec.document, operation))
    pages = paging(spec.document, operation, items, fields)
    sorts = sorting(spec.document, fields, members)
    used = [pages.size, pages.position, *((sorts.field, sorts.direction) if sorts else ())]
    rest = [field for field in fields if field not in used]
    return Listing(
        operation=operation,
        items=items,
        members=members,
        paging=pages,
        filters=tuple(filters(spec.document, rest, members)),
        sorting=sorts,
    )


def _item(document: Document, schema: str, items: MemberPath) -> Facets:
    """The facets of one item of a list."""
    found = facets(document, schema)
    for name in items:
        found = facets(document, *found.properties.get(name, ()))
    return facets(document, found.items) if found.items else Facets()
