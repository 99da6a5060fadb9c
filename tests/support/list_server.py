"""A server with one list of goods, in the styles in which people page, filter and sort; and its document."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from support.conforming import loaded
from wirecheck.spec import Spec

Good = dict[str, Any]
Query = dict[str, str]

ORIGIN = "http://server.test"
KINDS = ("book", "game", "tool")
ORDERS = tuple(sign + name for name in ("name", "price", "day") for sign in ("", "-"))
_NAMES = ("Zebra", "apple", "Éclair", "Übung", "pear 10", "pear 9", "Kiwi")


def goods(count: int = 23) -> list[Good]:
    """Goods in no order but that of their ids."""
    return [
        {
            "id": number,
            "name": f"{_NAMES[number % 7]} {chr(97 + number * 5 % 26)}",
            "kind": KINDS[number * 2 % 3],
            "sold": number % 4 == 0,
            "price": (number * 37 % 101) / 2 if number != 5 else None,
            "day": f"2024-0{1 + number * 5 % 9}-1{number % 7}",
            "maker_id": number * 3 % 13,
            "tags": ["new", "red", "odd"][number % 3 :],
        }
        for number in range(1, count + 1)
    ]


@dataclass(frozen=True)
class ListStyle:
    """How a list is paged. ``first`` is what selects the first page.

    ``parts`` makes body and headers of items, their total and the queries of other pages by relation.
    """

    size: str
    position: str
    by: str
    parts: Callable[[list[Good], int, dict[str, Query]], tuple[Any, dict[str, str]]]
    schema: dict[str, Any]
    first: int = 0
    headers: tuple[str, ...] = ()
    filter: str = "{}"


def address(query: Query) -> str:
    return f"{ORIGIN}/v1/goods?{httpx.QueryParams(query)}"


def _list_of(**more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": more}


_ITEMS = {"type": "array", "items": {"$ref": "#/components/schemas/Good"}}
_TEXT, _NUMBER = {"type": ["string", "null"]}, {"type": "integer"}


def _link_header(queries: dict[str, Query]) -> str:
    return ", ".join(
        f'</v1/goods?{httpx.QueryParams(query)}>; rel="{name}"' for name, query in queries.items()
    )


def _urls(queries: dict[str, Query], *names: str) -> dict[str, str | None]:
    return {name: address(queries[name]) if name in queries else None for name in names}


def _next_and_previous(queries: dict[str, Query]) -> dict[str, str | None]:
    urls = _urls(queries, "next", "prev")
    return {"next": urls["next"], "previous": urls["prev"]}


def _cursor_of(queries: dict[str, Query], name: str) -> str | None:
    return queries["next"][name] if "next" in queries else None


STYLES = {
    "cursor": ListStyle(
        "limit",
        "cursor",
        "cursor",
        lambda items, total, to: (
            {"items": items, "total": total, "next_cursor": _cursor_of(to, "cursor")},
            {},
        ),
        _list_of(items=_ITEMS, total=_NUMBER, next_cursor=_TEXT),
    ),
    "page token": ListStyle(
        "maxResults",
        "pageToken",
        "cursor",
        lambda items, total, to: (
            {"items": items, **({"nextPageToken": _cursor_of(to, "pageToken")} if "next" in to else {})},
            {},
        ),
        _list_of(items=_ITEMS, nextPageToken={"type": "string"}),
    ),
    "last key": ListStyle(
        "limit",
        "starting_after",
        "key",
        lambda items, total, to: ({"data": items, "has_more": "next" in to}, {}),
        _list_of(data=_ITEMS, has_more={"type": "boolean"}),
    ),
    "page number": ListStyle(
        "page_size",
        "page",
        "page",
        lambda items, total, to: (
            {"count": total, "results": items, **_next_and_previous(to)},
            {},
        ),
        _list_of(count=_NUMBER, results=_ITEMS, next=_TEXT, previous=_TEXT),
        first=1,
    ),
    "offset": ListStyle(
        "limit",
        "offset",
        "offset",
        lambda items, total, to: ({"data": items, "meta": {"total_count": total}}, {}),
        _list_of(data=_ITEMS, meta=_list_of(total_count=_NUMBER)),
    ),
    "skip": ListStyle("$top", "$skip", "offset", lambda items, total, to: (items, {}), _ITEMS),
    "link header": ListStyle(
        "per_page",
        "page",
        "page",
        lambda items, total, to: (items, {"Link": _link_header(to), "X-Total-Count": str(total)}),
        _ITEMS,
        first=1,
        headers=("Link", "X-Total-Count"),
    ),
    "hal": ListStyle(
        "size",
        "page",
        "page",
        lambda items, total, to: (
            {
                "_embedded": {"goods": items},
                "_links": {name: {"href": address(query)} for name, query in to.items()},
                "page": {"totalElements": total},
            },
            {},
        ),
        _list_of(
            _embedded=_list_of(goods=_ITEMS),
            _links=_list_of(
                **{name: _list_of(href={"type": "string"}) for name in ("next", "prev", "first", "last")}
            ),
            page=_list_of(totalElements=_NUMBER),
        ),
    ),
    "json:api": ListStyle(
        "page[size]",
        "page[number]",
        "page",
        lambda items, total, to: (
            {"data": items, "links": _urls(to, "next", "prev", "first", "last"), "meta": {"total": total}},
            {},
        ),
        _list_of(
            data=_ITEMS,
            links=_list_of(next=_TEXT, prev=_TEXT, first=_TEXT, last=_TEXT),
            meta=_list_of(total=_NUMBER),
        ),
        first=1,
        filter="filter[{}]",
    ),
}
"""By name."""


def list_document(style: ListStyle, **more: Any) -> Spec:
    """The document of the list in a style. ``more`` are further members of the parameters, by name."""
    day = {"type": "string", "format": "date"}
    number = {"type": "integer"}
    text = {"type": "string"}
    members = {
        "id": number,
        "name": text,
        "kind": {"type": "string", "enum": [*KINDS, "toy"]},
        "sold": {"type": "boolean"},
        "price": {"type": ["number", "null"]},
        "day": day,
        "maker_id": number,
        "tags": {"type": "array", "items": text},
    }
    least = {} if style.by in ("cursor", "key") else {"minimum": style.first}
    of_position = number if style.by != "cursor" else text
    schemas = {
        style.size: {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
        style.position: of_position | least,
        style.filter.format("kind"): members["kind"],
        style.filter.format("sold"): members["sold"],
        style.filter.format("maker_id"): number,
        style.filter.format("tags"): text,
        style.filter.format("name"): text,
        "q": text,
        "min_price": {"type": "number"},
        "price_max": {"type": "number"},
        "since": day,
        "day_before": day,
        "sort": {"type": "string", "enum": list(ORDERS)},
    }
    parameters = [
        {"name": name, "in": "query", "schema": schema, **more.get(name, {})}
        for name, schema in schemas.items()
    ]
    ok = {
        "description": "A page.",
        "headers": {name: {"schema": text} for name in style.headers},
        "content": {"application/json": {"schema": style.schema}},
    }
    rejected = {"description": "There is no such page."}
    listed = {"operationId": "listGoods", "parameters": parameters, "responses": {"200": ok, "404": rejected}}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Goods", "version": "1"},
        "servers": [{"url": f"{ORIGIN}/v1"}],
        "paths": {"/goods": {"get": listed}},
        "components": {"schemas": {"Good": {"type": "object", "properties": members}}},
    }
    return loaded(json.dumps(whole))


@dataclass
class ListServer:
    """Serves goods. ``wrong`` names what is wrong with it, ``requests`` are the URLs that were requested."""

    style: ListStyle
    wrong: str = ""
    rows: list[Good] = field(default_factory=goods)
    requests: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(str(request.url))
        query = dict(request.url.params)
        rows = self._ordered(self._selected(query), query.get("sort", ""))
        size = self._size(query)
        start = self._start(query, rows, size)
        if self.wrong == "fails beyond" and start >= len(rows):
            return httpx.Response(500)
        if self.style.by == "page" and start >= len(rows) > 0:
            if self.wrong != "first page again":
                return httpx.Response(404)
            start = 0
        shown = self._shown(rows, start, size)
        body, headers = self.style.parts(
            shown, self._total(rows, shown), self._links(query, rows, start, size)
        )
        return httpx.Response(200, json=body, headers=headers)

    def _size(self, query: Query) -> int:
        default = 7 if self.wrong == "other default" else 10
        size = int(query.get(self.style.size, default))
        return {"size ignored": 10, "capped": min(size, 15)}.get(self.wrong, size)

    def _start(self, query: Query, rows: list[Good], size: int) -> int:
        text = query.get(self.style.position)
        if text is None or self.wrong == "position ignored":
            return 0
        if self.style.by == "page":
            return (int(text) - self.style.first) * size
        if self.style.by == "key":
            return [row["id"] for row in rows].index(int(text)) + 1
        return int(text) * size if self.wrong == "offset in pages" else int(text)

    def _shown(self, rows: list[Good], start: int, size: int) -> list[Good]:
        if self.wrong == "border lost" and start:
            start += 1
        if self.wrong == "border doubled" and start:
            start -= 1
        extra = {"one more": 1, "one less": -1 if size > 1 else 0}.get(self.wrong, 0)
        return rows[start : start + size + extra]

    def _total(self, rows: list[Good], shown: list[Good]) -> int:
        return {"total of page": len(shown), "total of all": len(self.rows)}.get(self.wrong, len(rows))

    def _links(self, query: Query, rows: list[Good], start: int, size: int) -> dict[str, Query]:
        style, last = self.style, max(0, len(rows) - 1) // size * size

        def to(place: int) -> Query:
            kept = {} if self.wrong == "links forget" else query
            number = place // size + style.first if style.by == "page" else place
            return {**kept, style.size: str(size), style.position: str(number)}

        links = {"first": to(0), "last": to(last + size if self.wrong == "last beyond" else last)}
        if start > 0 and self.wrong != "no previous":
            links["prev"] = to(0 if self.wrong == "previous is first" else max(0, start - size))
        if start + size < len(rows) and self.wrong != "no next":
            links["next"] = to(start + size)
        elif self.wrong == "loops":
            links["next"] = to(0)
        elif self.wrong == "next beyond":
            links["next"] = to(start + size)
        return links

    def _selected(self, query: Query) -> list[Good]:
        rows = self.rows
        for name, accepts in self._filters():
            text = query.get(name, query.get(self.style.filter.format(name)))
            if text is not None and self.wrong != f"{name} ignored":
                rows = [row for row in rows if accepts(row, text)]
        return rows

    def _filters(self) -> Iterable[tuple[str, Callable[[Good, str], bool]]]:
        lacks = self.wrong == "kind lacks one"
        return (
            ("kind", lambda row, text: row["kind"] == text and not (lacks and row["id"] == 3)),
            ("sold", lambda row, text: row["sold"] == (text == "true")),
            ("maker_id", self._is_of_maker),
            ("tags", lambda row, text: text in row["tags"]),
            ("name", lambda row, text: text.casefold() in row["name"].casefold()),
            ("q", lambda row, text: text.casefold() in row["name"].casefold()),
            ("min_price", lambda row, text: row["price"] is not None and row["price"] >= float(text)),
            ("price_max", self._is_up_to_price),
            ("since", lambda row, text: row["day"] >= text),
            ("day_before", lambda row, text: row["day"] < text),
        )

    def _is_of_maker(self, row: Good, text: str) -> bool:
        return (
            text in str(row["maker_id"]) if self.wrong == "maker_id in part" else str(row["maker_id"]) == text
        )

    def _is_up_to_price(self, row: Good, text: str) -> bool:
        price, most = row["price"], float(text)
        return price is not None and (price < most if self.wrong == "price_max exclusive" else price <= most)

    def _ordered(self, rows: list[Good], sort: str) -> list[Good]:
        name, descends = sort.removeprefix("-"), sort.startswith("-")
        if not sort or self.wrong in ("sort ignored", f"{sort} ignored"):
            return rows
        if self.wrong == "sort drops one":
            rows = rows[1:]
        as_text = self.wrong == "price as text"
        present = [row for row in rows if row[name] is not None]
        key = {"price": lambda row: str(row["price"]) if as_text else row["price"]}.get(
            name, lambda row: str(row[name]).casefold()
        )
        absent = [row for row in rows if row[name] is None]
        return sorted(present, key=key, reverse=descends and self.wrong != "minus ignored") + absent
