"""Paginated lists: bounds, URLs of pages, newer items, totals and limits, with a list of nine things."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pytest

from support.conforming import TOKEN, counterexamples, document, loaded, session
from wirecheck.conform import Conformance, requirements, run
from wirecheck.spec import Spec

THINGS = [{"id": number, "made": number // 2} for number in range(9, 0, -1)]
"""Newest first; two are made at a time."""
LARGEST = 4
INTEGER = {"type": "integer", "minimum": 1, "maximum": 100}


def parameter(name: str, example: Any, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "example": example, "schema": schema, **more}


def spec_of(smallest_limit: int = 1) -> Spec:
    pagination = {
        "items": "/things",
        "cursor": "/after",
        "parameter": "after",
        "next-url": "/next",
        "limit": "limit",
        "newer": {"cursor": "/newest", "parameter": "since"},
        "total": {"operation": "countThings", "count": "/count"},
    }
    number = {"type": "integer"}
    response = {"content": {"application/json": {"schema": True}}}
    listed = {
        "responses": {"200": response, "400": response},
        "operationId": "listThings",
        "security": [{"inQuery": []}],
        "x-pagination": pagination,
        "parameters": [
            parameter("limit", 3, INTEGER | {"minimum": smallest_limit}),
            parameter("after", 3, number),
            parameter("since", 3, number, **{"x-bounds": {"items": "/things", "by": "/id"}}),
            parameter("made_before", 3, number, **{"x-bounds": {"items": "/things", "by": "/made"}}),
        ],
        "x-laws": {
            "newer": {
                "message": "Newer.",
                "when": "has(request.query.since)",
                "rule": "response.body.things.all(t, t.id > request.query.since)",
            },
            "older": {
                "message": "Older.",
                "when": "has(request.query.made_before)",
                "rule": "response.body.things.all(t, t.made < request.query.made_before)",
            },
        },
    }
    counted = {"operationId": "countThings"}
    return loaded(json.dumps(document({"/things": {"get": listed}, "/count": {"get": counted}})))


Query = dict[str, str]


def address(query: Query, origin: str = "https://things.test/v1") -> str:
    return f"{origin}/things?{httpx.QueryParams(query)}"


@dataclass
class Shelf:
    """A server of things. ``used`` is the query that it uses, ``address`` the URL of the next page."""

    used: Callable[[Query], Query] = dict
    address: Callable[[Query], str] = address
    count: int = len(THINGS)
    smallest_limit: int = 1
    largest_limit: int = 100

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        if request.url.path == "/v1/count":
            return httpx.Response(200, json={"count": self.count})
        limit = query.get("limit", "4")
        numbers = [query.get(name, "0") for name in ("after", "since", "made_before")]
        usable = (
            all(text.isdecimal() for text in (limit, *numbers))
            and self.smallest_limit <= int(limit) <= self.largest_limit
        )
        if query.get("key") != TOKEN or not usable:
            return httpx.Response(400, json={})
        things = [thing for thing in THINGS if is_within(thing, self.used(query))]
        page = things[: min(int(limit), LARGEST)]
        body: dict[str, Any] = {"things": page, "newest": page[0]["id"] if page else None}
        if len(things) > len(page):
            body["after"] = page[-1]["id"]
            body["next"] = self.address(query | {"after": str(page[-1]["id"])})
        return httpx.Response(200, json=body)


def is_within(thing: dict[str, int], query: Query) -> bool:
    return int(query.get("since", 0)) < thing["id"] < int(query.get("after", 99)) and thing["made"] < int(
        query.get("made_before", 99)
    )


def violations(shelf: Shelf) -> str:
    """The violations, one a line."""
    return "\n".join(
        f"{outcome.requirement.what}: {counterexample.message}"
        for outcome in report(shelf).outcomes
        for counterexample in outcome.counterexamples
    )


def report(shelf: Shelf) -> Conformance:
    spec = spec_of(shelf.smallest_limit)
    tested = session(spec, shelf, credentials={"inQuery": TOKEN})
    return run(
        tested,
        [requirement for requirement in requirements(spec) if requirement.kind in ("paging", "parameters")],
    )


def test_a_correct_list_satisfies_everything() -> None:
    assert violations(Shelf()) == ""
    assert [outcome.requirement.name for outcome in report(Shelf()).outcomes if outcome.reason] == []


@pytest.mark.parametrize(
    "origin", ["http://things.test/v1", "https://THINGS.test:443/v1", "http://server.test/v1", "/v1", "."]
)
def test_urls_may_name_this_server_or_that_of_the_document(origin: str) -> None:
    assert violations(Shelf(address=partial(address, origin=origin))) == ""


@pytest.mark.parametrize("origin", ["http://inside:8000/v1", "http://things.test.example/v1", "http://[:/v1"])
def test_a_url_of_another_server_is_found_and_not_requested(origin: str) -> None:
    message = f"the URL of the next page leads to another server: {origin}/things"
    assert message in violations(Shelf(address=partial(address, origin=origin)))


def test_an_incomplete_url_is_found() -> None:
    incomplete = Shelf(address=lambda query: address(without("key", query)))
    assert "the URL of the next page is rejected: 400" in violations(incomplete)
    other = Shelf(address=lambda query: address(query | {"limit": "9"}))
    assert "the URL of the next page returns 4 items instead of 1" in violations(other)


def test_no_secret_of_a_url_is_shown() -> None:
    found = [
        counterexample
        for outcome in report(Shelf(address=lambda query: address(query | {"limit": "9"}))).outcomes
        for counterexample in outcome.counterexamples
    ]
    assert any("limit=9" in counterexample.request for counterexample in found)
    assert TOKEN not in repr(found)


def without(name: str, query: Query) -> Query:
    return {key: value for key, value in query.items() if key != name}


def moved(by: int, query: Query) -> Query:
    return query | {"since": str(int(query["since"]) + by)} if "since" in query else query


def test_a_bound_that_includes_or_loses_an_item_is_found() -> None:
    assert "newer: Newer." in violations(Shelf(partial(moved, -1)))
    assert "with since=5 the list has 3 items instead of 4" in violations(Shelf(partial(moved, 1)))


@pytest.mark.parametrize(
    ("lost", "beside", "law"),
    [
        ("since", "made_before", "newer: Newer."),
        ("made_before", "since", "older: Older."),
        ("since", "after", "newer: Newer."),
        ("since", "limit", "newer: Newer."),
    ],
)
def test_a_bound_that_is_ignored_beside_others_or_on_later_pages_is_found(
    lost: str, beside: str, law: str
) -> None:
    assert law in violations(Shelf(lambda query: without(lost, query) if beside in query else query))


def test_wrong_newer_items_are_found() -> None:
    message = "returns the items that are newer than a page: newer than a page are 1 items instead of 0"
    assert message in violations(Shelf(partial(moved, -1)))


def test_a_wrong_total_is_found() -> None:
    assert "the list has 9 items, but countThings counts 8" in violations(Shelf(count=8))


def test_no_page_is_smaller_than_the_document_allows() -> None:
    assert violations(Shelf(smallest_limit=3)) == ""
    message = "with since=5 the list has 3 items instead of 4"
    assert message in violations(Shelf(partial(moved, 1), smallest_limit=3))


def test_a_rejected_limit_within_the_document_is_found() -> None:
    assert "limit is within its limits, but is rejected: 400" in violations(Shelf(largest_limit=99))


@pytest.mark.parametrize("declared", [True, False])
def test_the_signature_of_a_page_url_is_not_a_parameter(declared: bool) -> None:
    """Its name is that of x-signature; without one, every parameter of the URL is sent again."""
    scheme: dict[str, Any] = {"type": "apiKey", "in": "query", "name": "key"}
    if declared:
        signature = {"algorithm": "hmac-sha256", "key": "signed", "separator": "|"}
        scheme["x-signature"] = {"parameter": "seal", **signature}
    listing = {
        "operationId": "listThings",
        "security": [{"signed": []}],
        "x-pagination": {"items": "/things", "next-url": "/next"},
    }
    components = {"securitySchemes": {"signed": scheme}}
    spec = loaded(json.dumps(document({"/things": {"get": listing}}, components=components)))
    queries: list[Query] = []

    def respond(request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        queries.append(query)
        body: dict[str, Any] = {"things": [query.get("after", "0")]}
        if "after" not in query:
            body["next"] = address({"after": "1", "key": TOKEN, "seal": "5ea1"})
        return httpx.Response(200, json=body)

    tested = session(spec, respond, credentials={"signed": TOKEN})
    report = run(tested, [requirement for requirement in requirements(spec) if requirement.kind == "paging"])
    assert counterexamples(report) == []
    by_cursor = next(query for query in queries if "after" in query)
    assert ("seal" in by_cursor) is not declared
    assert by_cursor["key"] == TOKEN
