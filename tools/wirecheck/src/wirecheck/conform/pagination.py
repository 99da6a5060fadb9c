"""Traversal of paginated lists (x-pagination), from one page to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from wirecheck.conform.case import Case
from wirecheck.conform.observation import Observation, at
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Spec, join

MAX_PAGES = 400  # of a traversal
CHECKED_URLS = 2  # pages of a traversal that are also requested by their URLs

Pagination = Mapping[str, Any]
"""Where a response has its items, and how the next page is requested; without that, there is one page."""


@dataclass(slots=True)
class Traversal:
    """The pages of a list and their items; equal items have equal ``keys``.

    ``complete`` is whether the last page was reached.
    """

    pages: list[Observation] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    complete: bool = True


def traverse(
    session: Tester,
    case: Case,
    pagination: Pagination,
    how: str,
    *,
    max_pages: int = MAX_PAGES,
    enough: float = inf,
    checked_urls: int = CHECKED_URLS,
) -> Traversal:
    """Requests one page after the other, and records a violation for repeated items or endless pages.

    It ends after ``max_pages``, and once there are more than ``enough`` items. The first
    ``checked_urls`` of the pages that follow are also requested by their URLs.
    """
    traversal, requested = Traversal(), set[frozenset[tuple[str, str]]]()
    while True:
        page = session.require_success(case)
        if traversal.pages and len(traversal.pages) <= checked_urls:
            _check_url(session, traversal.pages[-1], page, pagination, how)
        traversal.pages.append(page)
        traversal.items += items(page, pagination)
        traversal.keys += keys(items(page, pagination))
        if len(traversal.keys) != len(set(traversal.keys)):
            session.record_violation(f"{how}: an item is repeated", page)
            return replace(traversal, complete=False)
        next_case = _next_case(session.spec, case, pagination, page.body)
        if next_case is None:
            return traversal
        key = frozenset((name, str(value)) for (_, name), value in next_case.parameters.items())
        if key in requested or len(requested) >= MAX_PAGES:
            session.record_violation(f"{how}: the pages never end", page)
            return replace(traversal, complete=False)
        requested.add(key)
        if len(requested) >= max_pages or len(traversal.items) > enough:
            return replace(traversal, complete=False)
        case = next_case


def items(page: Observation, pagination: Pagination) -> list[Any]:
    """The items of one page."""
    value = at(page.body, pagination["items"])
    return value if isinstance(value, list) else []


def keys(values: Sequence[Any]) -> list[bytes]:
    """Items in a form that is equal for equal items."""
    return [msgspec.json.encode(value, order="sorted") for value in values]


def difference(actual: Sequence[bytes], expected: Sequence[bytes]) -> str:
    """How the keys of a list differ from those expected, as text; empty if they do not."""
    if actual == expected:
        return ""
    first = next(
        (index for index, pair in enumerate(zip(actual, expected, strict=False)) if pair[0] != pair[1]),
        min(len(actual), len(expected)),
    )
    return f"{len(actual)} items instead of {len(expected)}; the first difference is at item {first}"


def _next_case(spec: Spec, case: Case, pagination: Pagination, body: Any) -> Case | None:
    """The case for the next page, by the cursor or by the query of its URL; None on the last page."""
    place = pagination.get("cursor") or pagination.get("next-url")
    if place is None or ("more" in pagination and not at(body, pagination["more"])):
        return None
    value = at(body, place)
    if value is None or value == "":
        return None
    if "parameter" in pagination:
        return case.having("query", pagination["parameter"], value)
    for name, text in _query(spec, case, str(value)):
        case = case.having("query", name, text)
    return case


def _query(spec: Spec, case: Case, url: str) -> Iterator[tuple[str, str]]:
    """The query of a URL without credentials and their signatures (x-signature, parameter)."""
    ignored = set[str]()
    for scheme in case.operation.schemes:
        definition = spec.document.get(spec.document.follow(join("/components/securitySchemes", scheme.name)))
        ignored |= {scheme.parameter, definition.get("x-signature", {}).get("parameter", "")}
    for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True):
        if name not in ignored:
            yield name, value


def _check_url(
    session: Tester, before: Observation, page: Observation, pagination: Pagination, how: str
) -> None:
    """Records a violation unless the URL of a page returns what its cursor returned."""
    address = at(before.body, pagination["next-url"]) if "next-url" in pagination else None
    if not isinstance(address, str) or not address:
        return
    url = session.target.local_url(before.case, address)
    if url is None:
        elsewhere = address.partition("?")[0]
        session.record_violation(
            f"{how}: the URL of the next page leads to another server: {elsewhere}", before
        )
        return
    by_url = session.send(replace(page.case, address=url))
    if by_url.status == 429:
        return
    if not by_url.accepted:
        session.record_violation(f"{how}: the URL of the next page is rejected: {by_url.status}", by_url)
    elif wrong := difference(keys(items(by_url, pagination)), keys(items(page, pagination))):
        session.record_violation(f"{how}: the URL of the next page returns {wrong}", by_url)
