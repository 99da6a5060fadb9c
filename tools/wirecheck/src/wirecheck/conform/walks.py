"""Lists that come in pages (x-pagination), walked from one page to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from wirecheck.conform.case import Case
from wirecheck.conform.observation import Observation, at
from wirecheck.conform.session import Session

MOST = 400  # pages of a walk
BY_ADDRESS = 2  # pages of a walk that are asked for by their addresses, too

Pagination = Mapping[str, Any]
"""Where the items are, and how one comes to the next page; there is none where that is not said."""


@dataclass(slots=True)
class Walk:
    """The items of all pages, ``keys`` to tell them apart; ``ended`` is whether there are no more."""

    pages: list[Observation] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    ended: bool = True


def walk(
    session: Session,
    case: Case,
    pagination: Pagination,
    how: str,
    *,
    most: int = MOST,
    enough: float = inf,
    by_address: int = BY_ADDRESS,
) -> Walk:
    """Asks for one page after the other, and tells the lab of what is no walk.

    It ends after ``most`` pages, and where there are more than ``enough`` items. The first ``by_address``
    of the pages that follow are asked for by their addresses, too.
    """
    found, asked = Walk(), set[frozenset[tuple[str, str]]]()
    while True:
        page = session.accepted(case)
        if found.pages and len(found.pages) <= by_address:
            _by_address(session, found.pages[-1], page, pagination, how)
        found.pages.append(page)
        found.items += items(page, pagination)
        found.keys += keys(items(page, pagination))
        if len(found.keys) != len(set(found.keys)):
            session.broken(f"{how}: an item comes twice", page)
            return replace(found, ended=False)
        following = _following(case, pagination, page.body)
        if following is None:
            return found
        key = frozenset((name, str(value)) for (_, name), value in following.parameters.items())
        if key in asked or len(asked) >= MOST:
            session.broken(f"{how}: the pages never end", page)
            return replace(found, ended=False)
        asked.add(key)
        if len(asked) >= most or len(found.items) > enough:
            return replace(found, ended=False)
        case = following


def items(page: Observation, pagination: Pagination) -> list[Any]:
    """Of one page."""
    found = at(page.body, pagination["items"])
    return found if isinstance(found, list) else []


def keys(values: Sequence[Any]) -> list[bytes]:
    """Items in a form that is the same where the items are."""
    return [msgspec.json.encode(one, order="sorted") for one in values]


def difference(given: Sequence[bytes], expected: Sequence[bytes]) -> str:
    """What is wrong with items, in words; empty if nothing is."""
    if given == expected:
        return ""
    same = next(
        (index for index, pair in enumerate(zip(given, expected, strict=False)) if pair[0] != pair[1]),
        min(len(given), len(expected)),
    )
    return f"{len(given)} items instead of {len(expected)}; they differ from item {same} on"


def _following(case: Case, pagination: Pagination, body: Any) -> Case | None:
    """By the cursor, or by the query of the address; None on the last page."""
    place = pagination.get("cursor") or pagination.get("next-url")
    if place is None or ("more" in pagination and not at(body, pagination["more"])):
        return None
    found = at(body, place)
    if found is None or found == "":
        return None
    if "parameter" in pagination:
        return case.having("query", pagination["parameter"], found)
    for name, value in _query(case, str(found)):
        case = case.having("query", name, value)
    return case


def _query(case: Case, address: str) -> Iterator[tuple[str, str]]:
    """The query of an address, without credentials."""
    declared = {one.parameter for one in case.operation.schemes}
    for name, value in parse_qsl(urlsplit(address).query, keep_blank_values=True):
        if name not in declared and name != "sig":
            yield name, value


def _by_address(
    session: Session, before: Observation, page: Observation, pagination: Pagination, how: str
) -> None:
    """The address of a page gives what its cursor gave."""
    address = at(before.body, pagination["next-url"]) if "next-url" in pagination else None
    if not isinstance(address, str) or not address:
        return
    located = session.target.located(before.case, address)
    if located is None:
        elsewhere = address.partition("?")[0]
        session.broken(f"{how}: the address of the next page leads to another server: {elsewhere}", before)
        return
    again = session.send(replace(page.case, address=located))
    if again.status == 429:
        return
    given, expected = (keys(items(one, pagination)) for one in (again, page))
    wrong = f"gives {difference(given, expected)}" if again.accepted else f"is refused: {again.status}"
    if not again.accepted or given != expected:
        session.broken(f"{how}: the address of the next page, as it stands, {wrong}", again)
