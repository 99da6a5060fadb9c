"""Lists of plain documents whose servers are wrong, or hard to judge, in unusual ways."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from support.conforming import session
from support.list_server import (
    ORIGIN,
    STYLES,
    Good,
    ListServer,
    ListStyle,
    Query,
    address,
    goods,
    list_document,
)
from wirecheck.conform import State, requirements, run

ITEMS = "returns every item once, whatever the page size"
SIZES = "has as many items on a page as requested"
COUNTS = "counts its items"
LINKS = "links its pages to each other"
END = "has nothing after its end"
FILTERS = "filters its items"
SORTS = "sorts its items"

PAGES, JSON_API, CURSOR = STYLES["page number"], STYLES["json:api"], STYLES["cursor"]
OFFSETS = replace(PAGES, position="offset", by="offset", first=0)
"""By offset, with the addresses of the next and the previous page."""
NUMBER, TEXT = {"type": "integer"}, {"type": "string"}


@dataclass
class OddServer(ListServer):
    """``wrong`` names what this class does, or its base class."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        size = int(query.get(self.style.size, 10))
        rejects = {
            "rejects sorts": "sort" in query,
            "rejects filters": bool(query.keys() - {"sort", self.style.size, self.style.position}),
            "rejects small pages": size < 5,
            "rejects cursors": self.style.position in query,
        }
        if rejects.get(self.wrong):
            return httpx.Response(400)
        if self.wrong == "limits rates":
            return httpx.Response(429)
        response = super().__call__(request)
        if self.wrong == "other server":
            text = response.text.replace(ORIGIN, "http://other.test")
            return httpx.Response(
                response.status_code, content=text, headers={"Content-Type": "application/json"}
            )
        return response

    def _shown(self, rows: list[Good], start: int, size: int) -> list[Good]:
        shown = super()._shown(rows, start, size)
        if self.wrong == "one more when large" and size == 50:
            return rows[start : start + size + 1]
        if self.wrong == "stranger" and size < 5:
            return [*shown[:-1], {**rows[0], "id": 999}]
        if self.wrong == "restless" and self.requests.count(self.requests[-1]) == 2:
            return shown[::-1]
        return shown

    def _start(self, query: Query, rows: list[Good], size: int) -> int:
        start = super()._start(query, rows, size)
        return start + size if self.wrong == "starts behind" and self.style.position in query else start

    def _links(self, query: Query, rows: list[Good], start: int, size: int) -> dict[str, Query]:
        links = super()._links(query, rows, start, size)
        if self.wrong == "next again" and "next" not in links:
            links["next"] = links["first"]
        if self.wrong == "previous beyond" and "prev" in links:
            links["prev"] = {**query, self.style.position: "99"}
        return {} if self.wrong == "no links" else links

    def _filters(self) -> Iterable[tuple[str, Any]]:
        for name, accepts in super()._filters():
            if name == "q" and self.wrong == "regards case":
                yield name, lambda row, text: text in row["name"]
            else:
                yield name, accepts


def outcomes(server: ListServer, **further: object) -> dict[str, tuple[State, str]]:
    """The state of each requirement on lists, with its reason or the first violation."""
    spec = list_document(server.style, **further)
    chosen = [requirement for requirement in requirements(spec) if requirement.kind == "lists"]
    return {
        outcome.requirement.what: (
            outcome.state,
            outcome.counterexamples[0].message if outcome.counterexamples else outcome.reason,
        )
        for outcome in run(session(spec, server), chosen).outcomes
    }


def with_page_counts(items: list[Good], total: int, to: dict[str, Query]) -> tuple[Any, dict[str, str]]:
    pages = int(to["last"][JSON_API.position])
    return {"data": items, "meta": {"totalPages": pages}}, {}


META = {"type": "object", "properties": {"totalPages": NUMBER}}
DATA = JSON_API.schema["properties"]["data"]
COUNTED = replace(
    JSON_API,
    parts=with_page_counts,
    schema={"type": "object", "properties": {"data": DATA, "meta": META}},
)
BY_ADDRESS = replace(PAGES, position="mark", by="offset", first=0)
"""Only the addresses in a page lead to others."""
BACKWARDS = replace(
    BY_ADDRESS,
    parts=lambda items, total, to: (
        {"results": items, "previous": address(to["prev"]) if "prev" in to else None},
        {},
    ),
    schema={
        "type": "object",
        "properties": {"results": PAGES.schema["properties"]["results"], "previous": TEXT},
    },
)
"""No page leads to the next one."""
UNSIZED = replace(PAGES, size="portion")


@pytest.mark.parametrize(
    ("style", "wrong", "what", "message"),
    [
        (
            CURSOR,
            "stranger",
            ITEMS,
            "limit=2 the list has an item that it does not have in large pages: id=999",
        ),
        (CURSOR, "rejects cursors", ITEMS, "the link to the next page is rejected: 400"),
        (OFFSETS, "next beyond", LINKS, "the last page links to a next one, which is empty"),
        (OFFSETS, "next again", LINKS, "the last page links to a next one, which has items again"),
        (PAGES, "previous beyond", LINKS, "the page of previous is rejected: 404"),
        (PAGES, "other server", LINKS, "next leads to another server: http://other.test/v1/goods"),
        (JSON_API, "other server", LINKS, "links.next leads to another server: http://other.test/v1/goods"),
        (BY_ADDRESS, "other server", ITEMS, "next leads to another server: http://other.test/v1/goods"),
        (COUNTED, "last beyond", COUNTS, "meta.totalPages is 13, but the list has 12 pages"),
    ],
)
def test_a_wrong_list_violates_its_requirement(style: ListStyle, wrong: str, what: str, message: str) -> None:
    state, found = outcomes(OddServer(style, wrong))[what]
    assert state is State.VIOLATED
    assert message in found


def test_a_page_beyond_the_documented_size_is_found() -> None:
    server = OddServer(CURSOR, "one more when large", rows=goods(60))
    assert outcomes(server)[SIZES] == (State.VIOLATED, "the page with limit=50 has 51 items")


def test_a_search_that_regards_case_although_the_document_denies_it_is_found() -> None:
    search = {"type": "string", "description": "Part of a name, ignoring case."}
    state, found = outcomes(OddServer(OFFSETS, "regards case"), q=search)[FILTERS]
    assert state is State.VIOLATED
    assert "finds other items than q=" in found
    assert outcomes(OddServer(OFFSETS), q=search)[FILTERS] == (State.SATISFIED, "")


@pytest.mark.parametrize(
    ("style", "wrong", "what", "reason"),
    [
        (PAGES, "limits rates", SIZES, "rate limited (429)"),
        (PAGES, "rejects small pages", ITEMS, "listGoods is rejected (400)"),
        (OFFSETS, "rejects filters", FILTERS, "no value of a filter is known by which some items differ"),
        (OFFSETS, "rejects sorts", SORTS, "all items are equal in what the list can be sorted by"),
        (replace(CURSOR, parts=lambda items, total, to: ({"items": items}, {})), "", COUNTS, "has a total"),
        (BACKWARDS, "", LINKS, "the list has a single page"),
    ],
)
def test_what_cannot_be_tried_is_inconclusive(style: ListStyle, wrong: str, what: str, reason: str) -> None:
    state, found = outcomes(OddServer(style, wrong))[what]
    assert state is State.INCONCLUSIVE
    assert reason in found


def test_a_list_whose_first_page_has_no_number_is_inconclusive() -> None:
    server = OddServer(STYLES["hal"], "starts behind")
    assert outcomes(server, page=NUMBER)[ITEMS] == (
        State.INCONCLUSIVE,
        "neither page 0 nor page 1 is the first page",
    )


def test_a_list_without_a_size_needs_a_second_page() -> None:
    assert outcomes(OddServer(UNSIZED))[ITEMS] == (State.SATISFIED, "")
    assert outcomes(OddServer(UNSIZED, rows=goods(5)))[ITEMS] == (
        State.INCONCLUSIVE,
        "the list has a single page",
    )


def test_two_items_are_enough_for_small_pages() -> None:
    assert outcomes(OddServer(PAGES, rows=goods(2)))[ITEMS] == (State.SATISFIED, "")
    state, found = outcomes(OddServer(PAGES, "size ignored", rows=goods(2)))[ITEMS]
    assert state is State.VIOLATED
    assert "page 1 with page_size=1 has 2 items" in found


def test_a_single_page_has_no_end_that_can_be_passed() -> None:
    assert outcomes(OddServer(PAGES, "last page again", rows=goods(1)))[END] == (
        State.INCONCLUSIVE,
        "the list has a single page",
    )
    narrow = NUMBER | {"minimum": 1, "maximum": 4}
    assert outcomes(OddServer(PAGES), page=narrow)[END] == (
        State.INCONCLUSIVE,
        "the document allows no page after the last one",
    )


def test_an_order_that_changes_with_every_request_is_inconclusive() -> None:
    found = outcomes(OddServer(PAGES, "restless", rows=goods(60)))
    assert found[ITEMS] == (State.INCONCLUSIVE, "the order of the list changes between two equal requests")
    assert State.VIOLATED not in {state for state, _ in found.values()}


def test_pages_are_counted_by_number_or_by_index() -> None:
    assert outcomes(OddServer(COUNTED))[COUNTS] == (State.SATISFIED, "")
    by_index = replace(COUNTED, first=0)
    assert outcomes(OddServer(by_index))[COUNTS] == (State.SATISFIED, "")


def test_items_that_differ_in_nothing_are_inconclusive() -> None:
    rows = [{**goods(1)[0], "id": number} for number in range(1, 8)]
    found = outcomes(OddServer(OFFSETS, rows=rows), q=NUMBER)
    assert found[SORTS] == (State.INCONCLUSIVE, "all items are equal in what the list can be sorted by")
    assert State.VIOLATED not in {state for state, _ in found.values()}


def test_values_that_are_missing_select_nothing() -> None:
    rows = [{**row, "price": None, "tags": [None, {}], "day": "soon"} for row in goods(9)]
    found = outcomes(OddServer(OFFSETS, "tags ignored", rows=rows))
    assert [found[what] for what in (FILTERS, SORTS)] == [(State.SATISFIED, "")] * 2


@pytest.mark.parametrize("together", ["any", "all"])
def test_several_values_select_items_with_any_or_all_of_them(together: str) -> None:
    class Tagged(OddServer):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            self.tags = request.url.params.get_list("tags")
            return super().__call__(request)

        def _selected(self, query: Query) -> list[Good]:
            rows = super()._selected({name: value for name, value in query.items() if name != "tags"})
            if not self.tags or self.wrong:
                return rows
            among = any if together == "any" else all
            return [row for row in rows if among(tag in row["tags"] for tag in self.tags)]

    several = {"type": "array", "items": TEXT}
    assert outcomes(Tagged(OFFSETS), tags=several)[FILTERS] == (State.SATISFIED, "")
    state, found = outcomes(Tagged(OFFSETS, "ignores tags"), tags=several)[FILTERS]
    assert state is State.VIOLATED
    assert "whose tags is" in found
