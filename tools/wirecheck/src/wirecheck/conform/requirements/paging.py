"""Paging: whatever the page size, a list has the same items in the same order, none twice, and it ends."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from wirecheck.conform import pagination as paged
from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.observation import at
from wirecheck.conform.pagination import Pagination, traverse
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Operation, Spec

_SIZES = {1: 4, 2: 6, 5: 10}  # how many pages of which sizes are requested, beside those of the server
_FURTHER_SIZES = {2: 4}  # the same for lists after the first known one
_FURTHER_PAGES = 2  # of such a list, by pages of the server's size
_LARGE = 1000  # a limit to request where the document has no maximum
_NEWER_PAGES = 3  # pages whose newer items are requested


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    pagination = spec.document.get(operation.pointer).get("x-pagination")
    if not pagination:
        return
    by_extension = (
        ("items", "returns every item once, whatever the page size", _returns_every_item),
        ("limit", "starts a larger page with the items of a smaller one", _extends_pages),
        ("total", "returns as many items as are counted", _matches_total),
        ("newer", "returns the items that are newer than a page", _returns_newer),
    )
    for member, what, test in by_extension:
        if member in pagination:
            yield "paging", what, partial(test, operation=operation, pagination=pagination)


def _returns_every_item(session: Tester, operation: Operation, pagination: Pagination) -> None:
    sizes, max_pages = _SIZES, paged.MAX_PAGES
    for case in session.requests.cases(operation):
        whole = traverse(session, case, pagination, "large pages", max_pages=max_pages)
        checked_urls = paged.CHECKED_URLS
        for small, pages in _sized(session, case, pagination, sizes):
            how = f"pages of {small.parameters['query', pagination['limit']]}"
            by_size = traverse(session, small, pagination, how, max_pages=pages, checked_urls=checked_urls)
            checked_urls = 0
            actual = by_size.keys if whole.complete else by_size.keys[: len(whole.keys)]
            expected = whole.keys if by_size.complete else whole.keys[: len(by_size.keys)]
            if wrong := paged.difference(actual, expected):
                session.record_violation(f"{how} return {wrong}", session.last)
        sizes, max_pages = _FURTHER_SIZES, _FURTHER_PAGES


def _sized(
    session: Tester, case: Case, pagination: Pagination, sizes: Mapping[int, int]
) -> Iterator[tuple[Case, int]]:
    """The list in pages of each size that the document allows, and how many of them to request."""
    if "limit" not in pagination:
        return
    cases = {}
    for size, pages in sizes.items():
        small = session.requests.with_page_size(case, size)
        cases[small.key] = small, pages
    yield from cases.values()


def _extends_pages(session: Tester, operation: Operation, pagination: Pagination) -> None:
    """Tests sizes around that of the largest page, which the document need not state."""
    name, base = pagination["limit"], session.requests.base(operation)
    schemas = [
        parameter.schema for parameter in operation.parameters if parameter.name == name and parameter.schema
    ]
    schema = session.spec.document.get(session.spec.document.follow(schemas[0])) if schemas else {}
    least, most = schema.get("minimum", 1), schema.get("maximum", _LARGE)

    def page(size: int) -> list[bytes]:
        observation = session.require_success(base.having("query", name, size))
        return paged.keys(paged.items(observation, pagination))

    largest = page(most)
    smaller: list[bytes] = []
    for size in (len(largest) - 1, len(largest), len(largest) + 1):
        if max(least, 1) <= size <= most:
            larger = page(size)
            if larger[: len(smaller)] != smaller:
                session.record_violation(
                    f"a page of {size} does not start with the page of {size - 1}", session.last
                )
            smaller = larger
    if smaller != largest:
        session.record_violation(f"a page of {most} differs from a page of {len(largest) + 1}", session.last)


def _matches_total(session: Tester, operation: Operation, pagination: Pagination) -> None:
    for case in session.requests.cases(operation):
        check_total(session, case, pagination)


def check_total(session: Tester, case: Case, pagination: Pagination) -> None:
    """Requires that a list has as many items as another operation counts for the same parameters."""
    total = pagination["total"]
    observation = session.require_success(session.requests.case_for(total["operation"], case.named()))
    counted = at(observation.body, total["count"])
    length = len(traverse(session, case, pagination, "large pages", checked_urls=0).items)
    if counted != length:
        session.record_violation(
            f"the list has {length} items, but {total['operation']} counts {counted}", session.last
        )


def _returns_newer(session: Tester, operation: Operation, pagination: Pagination) -> None:
    """Nothing is newer than the first page; the items of all pages before are newer than a later one."""
    newer, conclusive = pagination["newer"], False
    for case in session.requests.cases(operation):
        small = session.requests.with_page_size(case, 2)
        pages = traverse(session, small, pagination, "pages", max_pages=_NEWER_PAGES, checked_urls=0).pages
        before: list[bytes] = []
        for page in pages:
            cursor = at(page.body, newer["cursor"])
            if cursor is None or cursor == "":
                continue
            news = small.having("query", newer["parameter"], cursor)
            actual = traverse(
                session, news, pagination, "newer items", max_pages=_NEWER_PAGES, checked_urls=0
            ).keys
            if wrong := paged.difference(actual, before):
                session.record_violation(f"newer than a page are {wrong}", session.last)
            before += paged.keys(paged.items(page, pagination))
            conclusive = True
    if not conclusive:
        raise InconclusiveError("the list is empty")
