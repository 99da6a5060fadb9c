"""Bounds of a list (x-bounds): a parameter excludes the items beyond its value, and no others.

Which items are beyond is decided by the laws of one exchange that mention the parameter, item by item.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import combinations, compress
from typing import Any

from wirecheck.cel import View
from wirecheck.conform import pagination as paged
from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.observation import at
from wirecheck.conform.pagination import Pagination, Traversal, traverse
from wirecheck.conform.protocols import Tester
from wirecheck.laws import Law, applying
from wirecheck.spec import Operation, Spec
from wirecheck.spec.document import tokens

_UNBOUNDED_PAGES = 3  # of the whole list
_MAX_SHARE = 2 / 3  # of its items within bounds: nearly all of them show little for what they cost
_WINDOW = 2  # items on either side of the middle
_SMALL_PAGE = 2  # items
_BOUNDED_PAGES = 8  # of a list within bounds

Bounds = Mapping[str, str]
"""By the name of a parameter, the pointer within an item to the value that it bounds."""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if operation.method not in READS:
        return
    extensions = {
        parameter.name: extension
        for parameter in operation.parameters
        if parameter.location == "query"
        and (extension := spec.document.get(parameter.pointer).get("x-bounds"))
    }
    pagination = spec.document.get(operation.pointer).get("x-pagination", {})
    for items in dict.fromkeys(extension["items"] for extension in extensions.values()):
        bounds = {name: entry["by"] for name, entry in extensions.items() if entry["items"] == items}
        own = pagination if pagination.get("items") == items else {"items": items}
        test = partial(_respects_bounds, operation=operation, bounds=bounds, pagination=own)
        yield "paging", f"returns all items within {' and '.join(bounds)}", test


def _respects_bounds(session: Tester, operation: Operation, bounds: Bounds, pagination: Pagination) -> None:
    case, whole = _unbounded(session, operation, bounds, pagination)
    views = list(_item_views(session, whole, pagination))
    last, middle = len(whole.items) - 1, len(whole.items) // 2
    window = max(middle - _WINDOW, 0), min(middle + _WINDOW, last)
    small = session.requests.with_page_size(case, _SMALL_PAGE)
    chosen = [(case, {name: index}) for name in bounds for index in dict.fromkeys((0, middle, last))]
    for pair in combinations(bounds, 2):
        chosen += [(small, dict(zip(pair, indexes, strict=True))) for indexes in (window, window[::-1])]
    for listing, by_name in chosen:
        values = {name: at(whole.items[index], bounds[name]) for name, index in by_name.items()}
        if None not in values.values():
            _check_bounded(session, listing, whole, views, values, pagination)


def _unbounded(
    session: Tester, operation: Operation, bounds: Bounds, pagination: Pagination
) -> tuple[Case, Traversal]:
    """The first pages of a list of at least two items, without bounds."""
    for known in session.requests.cases(operation):
        case = reduce(lambda bounded, name: bounded.without("query", name), bounds, known)
        whole = traverse(session, case, pagination, "large pages", max_pages=_UNBOUNDED_PAGES, checked_urls=0)
        if len(whole.items) > 1:
            return case, whole
    raise InconclusiveError("no known list is long enough to be bounded")


def _item_views(session: Tester, whole: Traversal, pagination: Pagination) -> Iterator[View]:
    """For each item, the response as laws would see it if it had this item only."""
    for page in whole.pages:
        _, view = page.views
        if view is None:
            raise InconclusiveError("a page violates its schema")
        for item in paged.items(page, pagination):
            yield view | {"body": _replaced(view["body"], tokens(pagination["items"]), [item])}


def _replaced(body: Any, path: Sequence[str], value: Any) -> Any:
    """A body with another value at a path through objects."""
    if not path:
        return value
    return body | {path[0]: _replaced(body[path[0]], path[1:], value)}


def _check_bounded(
    session: Tester,
    case: Case,
    whole: Traversal,
    views: Sequence[View],
    values: Mapping[str, Any],
    pagination: Pagination,
) -> None:
    """Requires that a bounded list has exactly those items of the whole one that satisfy the laws."""
    for name, value in values.items():
        case = case.having("query", name, value)
    laws = _laws_about(session, case, values)
    if not laws:
        return
    request = session.request_view(case) or {}
    satisfying = [not any([*law.violations(request, view)] for law in laws) for view in views]
    expected = list(compress(whole.keys, satisfying))
    if len(expected) > _MAX_SHARE * len(whole.keys):
        return
    how = "with " + " and ".join(f"{name}={value}" for name, value in values.items())
    bounded = traverse(session, case, pagination, how, max_pages=_BOUNDED_PAGES, enough=len(expected))
    actual = bounded.keys
    if not (bounded.complete and whole.complete and len(pagination) > 1):  # later items are not known
        known = set(whole.keys)
        actual = [key for key in actual if key in known]
    if len(bounded.pages) == _BOUNDED_PAGES and len(bounded.keys) <= len(expected) and not bounded.complete:
        expected = expected[: len(actual)]
    if wrong := paged.difference(actual, expected):
        session.record_violation(f"{how} the list has {wrong}", bounded.pages[0])


def _laws_about(session: Tester, case: Case, names: Iterable[str]) -> list[Law]:
    """The laws that apply to a case and mention one of the parameters; empty unless each is mentioned."""
    request = session.request_view(case)
    mentioning = [law for law in session.laws.get(case.operation.name, ()) if _mentions(law, names)]
    laws = applying(mentioning, request) if request else []
    return laws if all(any(_mentions(law, [name]) for law in laws) for name in names) else []


def _mentions(law: Law, names: Iterable[str]) -> bool:
    """Whether a law of one exchange mentions one of the query parameters."""
    text = law.rule.bare + (law.when.bare if law.when else "")
    return law.then is None and any(re.search(rf"\brequest\.query\.{name}\b", text) for name in names)
