"""Where a list says which page follows and how many items there are, and which parameters select a page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wirecheck.conform.listing.fields import Leaf, QueryField, description, leaves, spelled
from wirecheck.resources import Path, plain, success_schema
from wirecheck.samples import Facets, facets
from wirecheck.spec import Document, Operation

_SIZES = (
    *("limit", "pagesize", "perpage", "size", "pagelimit", "maxresults", "maxpagesize", "itemsperpage"),
    *("resultsperpage", "maxitems", "top", "take", "rows", "first", "max", "num", "count"),
)
_PAGES = ("page", "p", "pagenumber", "pageno", "pagenum", "pageindex", "currentpage")
_OFFSETS = ("offset", "skip", "start", "startindex", "startat", "pageoffset", "firstresult")
_CURSORS = (
    *("cursor", "after", "pagetoken", "startingafter", "continuationtoken", "continuation", "nexttoken"),
    *("marker", "pagecursor", "pageafter", "nextcursor", "nextpagetoken", "startafter", "bookmark"),
)
_OF_ITEMS = ("startingafter", "startafter")
"""Cursors that are the key of the last item of the page before."""
_ENDINGS = ("", "url", "uri", "link", "href", "pageurl", "pagelink", "page", "pageuri")
_RELATIONS = {"next": ("next",), "prev": ("prev", "previous"), "first": ("first",), "last": ("last",)}
_NEXT_CURSORS = (
    *("nextcursor", "nextpagetoken", "nexttoken", "continuationtoken", "continuation", "nextmarker"),
    *("endcursor", "nextoffset", "nextstart", "nextpagecursor", "odatanextlink"),
)
_BARE_CURSORS = ("after", "cursor", "pagetoken", "token", "marker")
_MORE = ("hasmore", "hasnext", "hasnextpage", "more", "hasmoreitems", "hasmorepages")
_TOTALS = (
    *("total", "totalcount", "totalitems", "totalresults", "totalelements", "totalrecords", "totalhits"),
    *("totalsize", "numfound", "count"),
)
_PAGE_COUNTS = ("totalpages", "pagecount", "pages", "lastpage", "numpages", "pagestotal", "pagetotal")
_HEADER_PREFIX = re.compile("^x?(wp|pagination)?")
_OF_PAGES = re.compile(r"page (number|index|offset)|(number of|skip) pages|pages? to")
"""What is said of an offset that counts pages."""
_DEPTH = 3  # levels of objects around what is said of a page
_GREATEST = 1000  # the greatest page size that is requested


class Position(StrEnum):
    """What selects a page."""

    CURSOR = "cursor"
    PAGE = "page number"
    OFFSET = "offset"


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is divided into pages.

    ``size`` and ``position`` are fields of the query, None where there is none; ``first`` is the number of
    the first page, None where the document does not say it. ``links`` are, by relation (next, prev, first,
    last), the places in a body that hold an address, a number or a cursor. ``more`` is the place of whether
    a page follows. ``totals`` and ``page_counts`` are the places of how many items and pages there are, in
    a body or, by the name of a header, outside of it. ``has_link_header`` is whether the document has one.
    ``is_key`` says that a cursor is the key of an item.
    """

    size: QueryField | None
    position: QueryField | None
    kind: Position | None
    first: int | None
    links: Mapping[str, tuple[Path, ...]]
    more: Path | None
    totals: tuple[Path, ...]
    page_counts: tuple[Path, ...]
    total_headers: tuple[str, ...]
    page_count_headers: tuple[str, ...]
    has_link_header: bool
    is_key: bool
    counts_all: bool
    """Whether what is named ``count`` surely counts the items of all pages."""

    def lines(self) -> Iterator[str]:
        """What was derived, for people."""
        if self.position is not None and self.kind is not None:
            yield f"pages by {self.kind}: {self.position.name}"
        if self.size is not None:
            yield f"page size: {self.size.name} ({self.least} to {self.most or 'any'})"
        for relation, places in self.links.items():
            if places:
                yield f"{relation} page: {_joined(places)}"
        if self.has_link_header:
            yield "links to pages: Link"
        if self.totals or self.total_headers:
            yield f"total: {', '.join(filter(None, [_joined(self.totals), *self.total_headers]))}"

    @property
    def has_next(self) -> bool:
        """Whether the document has a place for the next page."""
        return bool(self.links["next"]) or self.has_link_header

    @property
    def is_paged(self) -> bool:
        return self.position is not None or self.has_next

    @property
    def least(self) -> int:
        """The smallest page size that the document allows."""
        least, is_open = self.size.facets.least if self.size else (None, False)
        return max(1, int(least or 0) + is_open)

    @property
    def most(self) -> int | None:
        """The greatest page size that the document allows, None where it does not say."""
        most, is_open = self.size.facets.most if self.size else (None, False)
        return None if most is None else int(most) - is_open

    def sized(self, size: int) -> int:
        """The page size that the document allows and that is the nearest one."""
        return min(max(size, self.least), self.most or _GREATEST)


def _joined(places: Sequence[Path]) -> str:
    return ", ".join(".".join(place) for place in places)


def paging(document: Document, operation: Operation, items: Path, fields: Sequence[QueryField]) -> Paging:
    """How a list is divided into pages, by the names of its parameters and of the members around it."""
    schema = success_schema(operation)
    around = facets(document, schema) if schema else Facets()
    places = [*leaves(document, around, _DEPTH, items)] if items else []
    position, kind = _position(document, fields)
    links = _links(places, kind)
    headers = [*_headers(operation)]
    return Paging(
        size=_size(fields, has_position=position is not None or bool(links["next"])),
        position=position,
        kind=kind,
        first=_first(position) if kind == Position.PAGE else None,
        links=links,
        more=next((leaf.path for leaf in places if _is_named(leaf, _MORE, "boolean")), None),
        totals=_first_named(places, _TOTALS),
        page_counts=_first_named(places, _PAGE_COUNTS),
        total_headers=tuple(name for name in headers if _rest(name) in _TOTALS),
        page_count_headers=tuple(name for name in headers if _rest(name) in _PAGE_COUNTS),
        has_link_header="link" in headers,
        is_key=position is not None and spelled(position).endswith(_OF_ITEMS),
        counts_all=_counts_all(document, around, links),
    )


def _links(places: Sequence[Leaf], kind: Position | None) -> dict[str, tuple[Path, ...]]:
    """The places of what selects another page, by its relation."""
    links = {relation: tuple(_linked(places, relation)) for relation in _RELATIONS}
    if not links["next"] and kind == Position.CURSOR:
        links["next"] = tuple(leaf.path for leaf in places if _is_bare_cursor(leaf))
    return links


def _headers(operation: Operation) -> Iterator[str]:
    """The names of documented headers of a success, in lower case."""
    for response in operation.responses:
        if response.status.startswith("2"):
            yield from (header.name.lower() for header in response.headers)


def _rest(header: str) -> str:
    """What a header says, in the spelling of members."""
    return _HEADER_PREFIX.sub("", plain(header))


def _size(fields: Sequence[QueryField], *, has_position: bool) -> QueryField | None:
    by_name = {spelled(field): field for field in fields if _is_integer(field.facets)}
    usual = _SIZES if has_position else _SIZES[:8]
    return next((by_name[name] for name in usual if name in by_name), None)


def _position(document: Document, fields: Sequence[QueryField]) -> tuple[QueryField | None, Position | None]:
    integers = {spelled(field): field for field in fields if _is_integer(field.facets)}
    texts = {spelled(field): field for field in fields if _is_token(field.facets)}
    for names, of_kind, kind in (
        (_CURSORS, {**integers, **texts}, Position.CURSOR),
        (_OFFSETS, integers, Position.OFFSET),
        (_PAGES, integers, Position.PAGE),
    ):
        for name in names:
            field = of_kind.get(name)
            if field is not None and not (kind == Position.OFFSET and _counts_pages(document, field)):
                return field, kind
    return None, None


def _counts_pages(document: Document, field: QueryField) -> bool:
    return _OF_PAGES.search(description(document, field)) is not None


def _is_integer(described: Facets) -> bool:
    return bool(described.types) and described.types <= {"integer", "number"} and described.options is None


def _is_token(described: Facets) -> bool:
    return described.types == {"string"} and described.options is None and "date" not in described.format


def _first(position: QueryField | None) -> int | None:
    """The number of the first page, by the minimum or the default."""
    if position is None:
        return None
    least, default = position.facets.least[0], position.facets.default
    return next(
        (number for number in (0, 1) if number in (default, least) and default in (None, number)), None
    )


def _linked(places: Sequence[Leaf], relation: str) -> Iterator[Path]:
    """The places of the address, number or cursor of another page."""
    names = {f"{name}{ending}" for name in _RELATIONS[relation] for ending in _ENDINGS}
    for leaf in places:
        spelling = plain(leaf.path[-1])
        if spelling in ("href", "url", "uri") and len(leaf.path) > 1:
            spelling = plain(leaf.path[-2])
        if relation == "next":
            is_link = spelling in (*names, *_NEXT_CURSORS) and leaf.facets.types != {"boolean"}
        else:
            is_link = spelling in names and leaf.facets.has("string")
        if is_link:
            yield leaf.path


def _is_bare_cursor(leaf: Leaf) -> bool:
    parent = plain(leaf.path[-2]) if len(leaf.path) > 1 else ""
    is_text = leaf.facets.has("string")
    return is_text and plain(leaf.path[-1]) in (_BARE_CURSORS if parent in ("cursors", "") else ("after",))


def _is_named(leaf: Leaf, names: tuple[str, ...], kind: str) -> bool:
    return plain(leaf.path[-1]) in names and kind in leaf.facets.types


def _first_named(places: Sequence[Leaf], names: tuple[str, ...]) -> tuple[Path, ...]:
    """The places of the first of some names that occurs."""
    for name in names:
        if found := tuple(leaf.path for leaf in places if _is_named(leaf, (name,), "integer")):
            return found
    return ()


def _counts_all(document: Document, around: Facets, links: Mapping[str, tuple[Path, ...]]) -> bool:
    """A count beside next and previous is that of all pages, as in Django REST framework."""
    if {"next", "previous", "count"} <= around.properties.keys() and links["prev"]:
        return True
    parts = facets(document, *around.properties.get("count", ())).parts
    described = " ".join(str(document.get(part).get("description", "")) for part in parts).lower()
    return any(word in described for word in ("total", "all pages", "altogether", "overall"))
