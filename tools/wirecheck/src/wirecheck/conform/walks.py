"""Lists that come in pages (x-pagination), walked from one page to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from wirecheck.conform.ask import Ask
from wirecheck.conform.lab import Lab
from wirecheck.conform.seen import Seen, at

MOST = 400  # pages of a walk
BY_ADDRESS = 2  # pages of a walk that are asked for by their addresses, too

Pagination = Mapping[str, Any]
"""Where the items are, and how one comes to the next page; there is none where that is not said."""


@dataclass(slots=True)
class Walk:
    """The items of all pages, ``keys`` to tell them apart; ``ended`` is whether there are no more."""

    pages: list[Seen] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    ended: bool = True


def walk(
    lab: Lab,
    ask: Ask,
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
        page = lab.accepted(ask)
        if found.pages and len(found.pages) <= by_address:
            _by_address(lab, found.pages[-1], page, pagination, how)
        found.pages.append(page)
        found.items += items(page, pagination)
        found.keys += keys(items(page, pagination))
        if len(found.keys) != len(set(found.keys)):
            lab.broken(f"{how}: an item comes twice", page)
            return replace(found, ended=False)
        following = _following(ask, pagination, page.body)
        if following is None:
            return found
        key = frozenset((name, str(value)) for (_, name), value in following.parameters.items())
        if key in asked or len(asked) >= MOST:
            lab.broken(f"{how}: the pages never end", page)
            return replace(found, ended=False)
        asked.add(key)
        if len(asked) >= most or len(found.items) > enough:
            return replace(found, ended=False)
        ask = following


def items(page: Seen, pagination: Pagination) -> list[Any]:
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


def _following(ask: Ask, pagination: Pagination, body: Any) -> Ask | None:
    """By the cursor, or by the query of the address; None on the last page."""
    place = pagination.get("cursor") or pagination.get("next-url")
    if place is None or ("more" in pagination and not at(body, pagination["more"])):
        return None
    found = at(body, place)
    if found is None or found == "":
        return None
    if "parameter" in pagination:
        return ask.having("query", pagination["parameter"], found)
    for name, value in _query(ask, str(found)):
        ask = ask.having("query", name, value)
    return ask


def _query(ask: Ask, address: str) -> Iterator[tuple[str, str]]:
    """The query of an address, without credentials."""
    declared = {one.parameter for one in ask.operation.schemes}
    for name, value in parse_qsl(urlsplit(address).query, keep_blank_values=True):
        if name not in declared and name != "sig":
            yield name, value


def _by_address(lab: Lab, before: Seen, page: Seen, pagination: Pagination, how: str) -> None:
    """The address of a page gives what its cursor gave."""
    address = at(before.body, pagination["next-url"]) if "next-url" in pagination else None
    if not isinstance(address, str) or not address:
        return
    located = lab.target.located(before.ask, address)
    if located is None:
        elsewhere = address.partition("?")[0]
        lab.broken(f"{how}: the address of the next page leads to another server: {elsewhere}", before)
        return
    again = lab.ask(replace(page.ask, address=located))
    if again.status == 429:
        return
    given, expected = (keys(items(one, pagination)) for one in (again, page))
    wrong = f"gives {difference(given, expected)}" if again.accepted else f"is refused: {again.status}"
    if not again.accepted or given != expected:
        lab.broken(f"{how}: the address of the next page, as it stands, {wrong}", again)
