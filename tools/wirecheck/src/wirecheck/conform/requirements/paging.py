"""Walking by small pages gives what large pages give: nothing twice, nothing lost, and it ends."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from wirecheck.conform import walks
from wirecheck.conform.case import Case
from wirecheck.conform.observation import at
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.conform.walks import Pagination, walk
from wirecheck.spec import Operation, Spec

_SMALL = {1: 4, 2: 6, 5: 10}  # how many pages of which sizes are asked for, beside those of the server
_OTHERS = {2: 4}  # of the lists beside the first one that is known, whose first pages alone are asked for
_FIRST = 2
_LARGE = 1000  # a limit that should not be too large where nothing limits it
_NEWS = 3  # pages that are news to those who know the next one


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    pagination = spec.document.get(operation.pointer).get("x-pagination")
    if not pagination:
        return
    ways = (
        ("gives every item once, however it is paged", _walks, "items"),
        ("begins a larger page with the smaller one", _grows, "limit"),
        ("has as many items as are counted", _counted, "total"),
        ("gives what is newer than a page", _news, "newer"),
    )
    for what, test, needed in ways:
        if needed in pagination:
            yield "paging", what, partial(test, operation=operation, pagination=pagination)


def _walks(session: Session, operation: Operation, pagination: Pagination) -> None:
    sizes, most = _SMALL, walks.MOST
    for case in session.cases(operation):
        whole = walk(session, case, pagination, "large pages", most=most)
        by_address = walks.BY_ADDRESS
        for small, pages in _sized(session, case, pagination, sizes):
            how = f"pages of {small.parameters['query', pagination['limit']]}"
            found = walk(session, small, pagination, how, most=pages, by_address=by_address)
            by_address = 0
            given = found.keys if whole.ended else found.keys[: len(whole.keys)]
            expected = whole.keys if found.ended else whole.keys[: len(found.keys)]
            if wrong := walks.difference(given, expected):
                session.broken(f"{how} give {wrong}", session.last)
        sizes, most = _OTHERS, _FIRST


def _sized(
    session: Session, case: Case, pagination: Pagination, sizes: Mapping[int, int]
) -> Iterator[tuple[Case, int]]:
    """The list in pages of each size that the document allows, and how many of them to ask for."""
    if "limit" in pagination:
        cases = {(small := session.sized(case, size)).key: (small, pages) for size, pages in sizes.items()}
        yield from cases.values()


def _grows(session: Session, operation: Operation, pagination: Pagination) -> None:
    """About the largest page there is, whose size the document need not tell."""
    name, base = pagination["limit"], session.base(operation)
    schemas = [one.schema for one in operation.parameters if one.name == name and one.schema]
    described = session.spec.document.get(session.spec.document.follow(schemas[0])) if schemas else {}
    least, most = described.get("minimum", 1), described.get("maximum", _LARGE)

    def page(number: int) -> list[bytes]:
        return walks.keys(walks.items(session.accepted(base.having("query", name, number)), pagination))

    largest = page(most)
    smaller: list[bytes] = []
    for number in (len(largest) - 1, len(largest), len(largest) + 1):
        if max(least, 1) <= number <= most:
            larger = page(number)
            if larger[: len(smaller)] != smaller:
                session.broken(f"a page of {number} does not begin with that of {number - 1}", session.last)
            smaller = larger
    if smaller != largest:
        session.broken(f"a page of {most} is not that of {len(largest) + 1}", session.last)


def _counted(session: Session, operation: Operation, pagination: Pagination) -> None:
    for case in session.cases(operation):
        holds_total(session, case, pagination)


def holds_total(session: Session, case: Case, pagination: Pagination) -> None:
    """A list has as many items as another operation counts, which is asked with the same parameters."""
    total = pagination["total"]
    counted = at(session.accepted(session.question(total["operation"], case.named())).body, total["count"])
    given = len(walk(session, case, pagination, "large pages", by_address=0).items)
    if counted != given:
        session.broken(f"there are {given} items, and {total['operation']} counts {counted}", session.last)


def _news(session: Session, operation: Operation, pagination: Pagination) -> None:
    """Who knows a page asks for what came after it: nothing after the first, after others those before."""
    newer, told = pagination["newer"], False
    for case in session.cases(operation):
        small = session.sized(case, 2)
        pages = walk(session, small, pagination, "pages", most=_NEWS, by_address=0).pages
        before: list[bytes] = []
        for page in pages:
            cursor = at(page.body, newer["cursor"])
            if cursor is None or cursor == "":
                continue
            news = small.having("query", newer["parameter"], cursor)
            found = walk(session, news, pagination, "news", most=_NEWS, by_address=0).keys
            if wrong := walks.difference(found, before):
                session.broken(f"what is newer than a page gives {wrong}", session.last)
            before += walks.keys(walks.items(page, pagination))
            told = True
    if not told:
        raise InconclusiveError("nothing is listed")
