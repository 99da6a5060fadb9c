"""A parameter that bounds a list (x-bounds) leaves out what is beyond it, and nothing else.

What is beyond, the laws of one exchange that name the parameter tell, each item by itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import combinations, compress
from typing import Any

from wirecheck.cel import View
from wirecheck.conform import walks
from wirecheck.conform.case import READS, Case
from wirecheck.conform.observation import at
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.conform.walks import Pagination, Walk, walk
from wirecheck.laws import Law, applying
from wirecheck.spec import Operation, Spec
from wirecheck.spec.document import tokens

_HEAD = 3  # pages of the list that are looked at
_MOST = 2 / 3  # of them that a bound leaves: nearly all of them tell little for what they cost
_WINDOW = 2  # items on either side of the middle
_FEW = 2  # items of a small page
_FAR = 8  # pages with bounds that are looked at

Bounds = Mapping[str, str]
"""By the name of a parameter, where in an item stands what it bounds."""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if operation.method not in READS:
        return
    written = {
        one.name: found
        for one in operation.parameters
        if one.location == "query" and (found := spec.document.get(one.pointer).get("x-bounds"))
    }
    for items in dict.fromkeys(one["items"] for one in written.values()):
        bounds = {name: one["by"] for name, one in written.items() if one["items"] == items}
        pagination = spec.document.get(operation.pointer).get("x-pagination", {})
        test = partial(_bounded, operation=operation, bounds=bounds, items=items, pagination=pagination)
        yield "paging", f"gives all that is within {' and '.join(bounds)}", test


def _bounded(
    session: Session, operation: Operation, bounds: Bounds, items: str, pagination: Pagination
) -> None:
    pagination = pagination if pagination.get("items") == items else {"items": items}
    case, whole = _list(session, operation, bounds, pagination)
    views = list(_single(session, whole, pagination))
    last, middle = len(whole.items) - 1, len(whole.items) // 2
    window = max(middle - _WINDOW, 0), min(middle + _WINDOW, last)
    small = session.sized(case, _FEW)
    chosen = [(case, {name: place}) for name in bounds for place in dict.fromkeys((0, middle, last))]
    for pair in combinations(bounds, 2):
        chosen += [(small, dict(zip(pair, places, strict=True))) for places in (window, window[::-1])]
    for listed, where in chosen:
        values = {name: at(whole.items[place], bounds[name]) for name, place in where.items()}
        if None not in values.values():
            _holds(session, listed, whole, views, values, pagination)


def _list(
    session: Session, operation: Operation, bounds: Bounds, pagination: Pagination
) -> tuple[Case, Walk]:
    """The first pages of a list without bounds, of two items at least."""
    for known in session.cases(operation):
        case = reduce(lambda one, name: one.without("query", name), bounds, known)
        whole = walk(session, case, pagination, "large pages", most=_HEAD, by_address=0)
        if len(whole.items) > 1:
            return case, whole
    raise InconclusiveError("no list is known that is long enough to bound it")


def _single(session: Session, whole: Walk, pagination: Pagination) -> Iterator[View]:
    """For each item the answer as laws would see it, had it this item alone."""
    for page in whole.pages:
        _, view = page.views
        if view is None:
            raise InconclusiveError("a page breaks its schema")
        for item in walks.items(page, pagination):
            yield view | {"body": _with(view["body"], tokens(pagination["items"]), [item])}


def _with(body: Any, path: Sequence[str], value: Any) -> Any:
    """An answer with another value in a place that is reached through objects."""
    if not path:
        return value
    return body | {path[0]: _with(body[path[0]], path[1:], value)}


def _holds(
    session: Session,
    case: Case,
    whole: Walk,
    views: Sequence[View],
    values: Mapping[str, Any],
    pagination: Pagination,
) -> None:
    """With values of bounds a list gives exactly the items of the whole one that keep the laws."""
    for name, value in values.items():
        case = case.having("query", name, value)
    request = session.request_view(case)
    written = [law for law in session.laws.get(case.operation.name, ()) if _names(law, values)]
    laws = applying(written, request) if request else []
    told = [name for name in values if any(_names(law, [name]) for law in laws)]
    if request is None or told != [*values]:  # what no law tells is not known to be beyond
        return
    kept = [not any([*law.violations(request, view)] for law in laws) for view in views]
    expected = list(compress(whole.keys, kept))
    if len(expected) > _MOST * len(whole.keys):
        return
    how = "with " + " and ".join(f"{name}={value}" for name, value in values.items())
    found = walk(session, case, pagination, how, most=_FAR, enough=len(expected))
    given = found.keys
    if not (found.ended and whole.ended and len(pagination) > 1):  # other items may stand behind
        known = set(whole.keys)
        given = [key for key in given if key in known]
    if len(found.pages) == _FAR and len(found.keys) <= len(expected) and not found.ended:
        expected = expected[: len(given)]
    if wrong := walks.difference(given, expected):
        session.broken(f"{how} it gives {wrong}", found.pages[0])


def _names(law: Law, names: Iterable[str]) -> bool:
    """Whether a law of one exchange says something of a parameter."""
    text = law.rule.bare + (law.when.bare if law.when else "")
    return law.then is None and any(re.search(rf"\brequest\.query\.{name}\b", text) for name in names)
