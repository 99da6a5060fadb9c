"""Lists of plain documents: right servers in many styles, and servers that violate each requirement."""

import pytest

from support.conforming import session, violated
from support.list_server import STYLES, ListServer, list_document
from wirecheck.conform import Conformance, State, requirements, run

ITEMS = "returns every item once, whatever the page size"
SIZES = "has as many items on a page as requested"
COUNTS = "counts its items"
LINKS = "links its pages to each other"
END = "has nothing after its end"
FILTERS = "filters its items"
EVERY_PAGE = "filters its items on every page"
SORTS = "sorts its items"


def report_of(server: ListServer, **more: object) -> Conformance:
    spec = list_document(server.style, **more)
    chosen = [requirement for requirement in requirements(spec) if requirement.kind == "lists"]
    return run(session(spec, server), chosen)


def messages(report: Conformance) -> dict[str, str]:
    """The first message of each violated requirement, by what it requires."""
    return {name.removeprefix("listGoods: lists: "): message for name, message in violated(report).items()}


@pytest.mark.parametrize("style", STYLES)
def test_a_right_list_violates_nothing_and_is_tested(style: str) -> None:
    server = ListServer(STYLES[style])
    report = report_of(server)
    assert not violated(report)
    satisfied = {outcome.requirement.what for outcome in report.outcomes if outcome.state is State.SATISFIED}
    assert {ITEMS, SIZES, FILTERS, EVERY_PAGE, SORTS} <= satisfied
    assert all(outcome.state is State.SATISFIED for outcome in report.outcomes)
    assert len(server.requests) < 120


@pytest.mark.parametrize(
    ("style", "wrong", "what", "message"),
    [
        ("cursor", "border lost", ITEMS, "is missing"),
        ("cursor", "border doubled", ITEMS, "has an item twice: id="),
        ("cursor", "loops", ITEMS, "the pages never end"),
        ("cursor", "no next", ITEMS, "is missing"),
        ("cursor", "one more", SIZES, "the page with limit=1 has 2 items"),
        ("cursor", "size ignored", ITEMS, "page 1 with limit=2 has 10 items"),
        ("cursor", "total of page", COUNTS, "total is 2, but the list has 23 items"),
        (
            "cursor",
            "other default",
            SIZES,
            "the page with limit=10, the default, has 10 items, but 7 without it",
        ),
        ("cursor", "capped", SIZES, "the page with limit=50 has only 15 items, although more follow"),
        ("page token", "border lost", ITEMS, "is missing"),
        ("last key", "border doubled", ITEMS, "has an item twice"),
        ("page number", "border lost", ITEMS, "is missing"),
        ("page number", "position ignored", ITEMS, "instead of 23"),
        ("page number", "first page again", END, "returns the first page again"),
        ("page number", "fails beyond", END, "after the last one fails: 500"),
        ("page number", "no previous", LINKS, "page 2 does not link to the previous one"),
        ("page number", "previous is first", LINKS, "previous leads to another page than expected"),
        ("page number", "next beyond", LINKS, "the last page links to a next one, which is rejected: 404"),
        ("page number", "no next", LINKS, "page 1 does not link to the next one, although more follow"),
        ("page number", "links forget", EVERY_PAGE, "with kind="),
        ("page number", "total of page", COUNTS, "count is 2, but the list has 23 items"),
        ("offset", "offset in pages", ITEMS, "with limit=2"),
        ("offset", "one less", ITEMS, "page 1 with limit=2 has 1 items, although more follow"),
        ("offset", "position ignored", ITEMS, "instead of 23"),
        ("offset", "total of page", COUNTS, "meta.total_count is 2"),
        ("offset", "fails beyond", END, "fails: 500"),
        ("skip", "border doubled", ITEMS, "twice"),
        ("link header", "last beyond", LINKS, 'the page of the Link header (rel="last") is rejected'),
        ("link header", "total of page", COUNTS, "the header x-total-count is 2"),
        ("link header", "no next", LINKS, "page 1 does not link to the next one"),
        ("hal", "total of page", COUNTS, "page.totalElements is 2"),
        ("hal", "last beyond", LINKS, "_links.last.href is rejected"),
        ("json:api", "links forget", EVERY_PAGE, "with filter[kind]="),
        ("json:api", "kind ignored", FILTERS, "with filter[kind]="),
        ("offset", "kind ignored", FILTERS, "whose kind is"),
        ("offset", "kind lacks one", FILTERS, "the list lacks id=3, whose kind is"),
        ("offset", "sold ignored", FILTERS, "whose sold is"),
        ("offset", "maker_id ignored", FILTERS, "whose maker_id is"),
        ("offset", "maker_id in part", FILTERS, "whose maker_id is"),
        ("offset", "tags ignored", FILTERS, "whose tags is"),
        ("offset", "name ignored", FILTERS, "whose name is"),
        ("offset", "q ignored", FILTERS, "which does not contain that"),
        ("offset", "min_price ignored", FILTERS, "whose price is"),
        ("offset", "price_max exclusive", FILTERS, "the list lacks"),
        ("offset", "since ignored", FILTERS, "whose day is"),
        ("offset", "day_before ignored", FILTERS, "whose day is"),
        ("offset", "total of all", FILTERS, "meta.total_count is 23, but the list has"),
        ("offset", "sort ignored", SORTS, "the items are not ascending by name"),
        ("offset", "-day ignored", SORTS, "the items are not descending by day"),
        ("offset", "minus ignored", SORTS, "the items are not descending by name"),
        ("offset", "price as text", SORTS, "the items are not ascending by price: "),
        ("offset", "sort drops one", SORTS, "the list has 22 items, without it 23"),
    ],
)
def test_a_wrong_list_violates_its_requirement(style: str, wrong: str, what: str, message: str) -> None:
    found = messages(report_of(ListServer(STYLES[style], wrong)))
    assert message in found.get(what, "satisfied"), found
