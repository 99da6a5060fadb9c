"""How lists are paged, filtered and sorted is read from names in a plain document."""

import json
from typing import Any

import pytest

from support.conforming import document, loaded
from wirecheck.conform.listing import Listing, listing

ITEM = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "price": {"type": "number"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "created_at": {"type": "string", "format": "date-time"},
    },
}
TEXT, NUMBER = {"type": "string"}, {"type": "integer", "minimum": 1, "maximum": 50}


def query(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def found(*parameters: dict[str, Any], headers: tuple[str, ...] = (), **members: Any) -> Listing:
    """The list of things, whose body has further members."""
    body = {"type": "object", "properties": {"items": {"type": "array", "items": ITEM}, **members}}
    response = {
        "description": "Fine.",
        "content": {"application/json": {"schema": body}},
        "headers": {name: {"schema": TEXT} for name in headers},
    }
    paths = {"/things": {"get": {"parameters": list(parameters), "responses": {"200": response}}}}
    spec = loaded(json.dumps(document(paths)))
    result = listing(spec, spec.operations[0])
    assert result is not None
    return result


READ: dict[str, tuple[Listing, list[str]]] = {
    "page numbers": (
        found(query("page", NUMBER), query("per_page", NUMBER), total=NUMBER, total_pages=NUMBER),
        ["pages by page number: page", "page size: per_page (1 to 50)", "total: total"],
    ),
    "offsets": (
        found(query("offset", NUMBER), query("limit", NUMBER), next=TEXT, previous=TEXT),
        [
            "pages by offset: offset",
            "page size: limit (1 to 50)",
            "next page: next",
            "prev page: previous",
        ],
    ),
    "cursors": (
        found(query("cursor", TEXT), query("limit", NUMBER), next_cursor=TEXT),
        ["pages by cursor: cursor", "page size: limit (1 to 50)", "next page: next_cursor"],
    ),
    "headers": (
        found(query("limit", NUMBER), headers=("Link", "X-Total-Count")),
        ["page size: limit (1 to 50)", "links to pages: Link", "total: x-total-count"],
    ),
    "signs": (
        found(query("sort", one_of("price", "-price", "+name"))),
        ["order: sort=price by price", "order: sort=-price by price", "order: sort=+name by name"],
    ),
    "suffixes": (
        found(query("order_by", one_of("name:asc", "name:desc", "price_desc"))),
        [
            "order: order_by=name:asc by name",
            "order: order_by=name:desc by name",
            "order: order_by=price_desc by price",
        ],
    ),
    "directions": (
        found(query("sort", one_of("name", "price")), query("direction", one_of("asc", "desc"))),
        [
            "order: sort=name&direction=asc by name",
            "order: sort=name&direction=desc by name",
            "order: sort=price&direction=asc by price",
            "order: sort=price&direction=desc by price",
        ],
    ),
    "ages": (
        found(query("sort", one_of("newest", "oldest"))),
        ["order: sort=newest by created_at", "order: sort=oldest by created_at"],
    ),
    "a description": (
        found(query("sort", TEXT, description="By name or price, descending with a minus.")),
        [
            "order: sort=name by name",
            "order: sort=-name by name",
            "order: sort=price by price",
            "order: sort=-price by price",
        ],
    ),
    "filters": (
        found(query("kind", one_of("a", "b")), query("min_price", {"type": "number"})),
        ["filter: kind equals kind", "filter: min_price from price"],
    ),
    "what is not certain": (found(query("sort", one_of("relevance", "best")), query("color", TEXT)), []),
}


@pytest.mark.parametrize(("read", "lines"), READ.values(), ids=READ.keys())
def test_lists_are_read(read: Listing, lines: list[str]) -> None:
    assert list(read.lines()) == lines
