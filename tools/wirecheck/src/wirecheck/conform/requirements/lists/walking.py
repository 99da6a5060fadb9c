"""Walks from page to page, by the parameters of a list or by what its pages say of the next one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.ledger import Thing, at_path
from wirecheck.conform.listing import Listing, Position
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.lists.values import member
from wirecheck.resources import Path, Resource, item_of, plain

MAX_PAGES = 6  # of a walk
_LARGE = 100  # items of a large page
_FEW = 5  # fewer items than that are completed by new ones, where they can be created
_NEW = 6
_KEYS = ("id", "uuid", "guid", "uid", "key", "slug", "code", "number", "sku", "handle")
_IDS = ("id", "uuid")
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^;,"]*))?)*)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^;,"\s]*))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """What a page says of another one: its address, or the value of the parameter that selects it.

    ``source`` is where it says that, for people.
    """

    source: str
    address: str = ""
    value: Any = None


@dataclass(slots=True)
class Walk:
    """Pages of a list and their items, by their keys. ``complete`` is whether the last page was reached."""

    pages: list[Observation] = field(default_factory=list)
    items: list[list[Any]] = field(default_factory=list)
    complete: bool = False

    @property
    def all_items(self) -> list[Any]:
        return [item for page in self.items for item in page]


@dataclass(frozen=True, slots=True)
class Whole:
    """A list in large pages. ``ordered`` is whether equal requests return the same order.

    ``key`` leads to the member that tells items apart, None where none does.
    """

    listing: Listing
    case: Case
    walk: Walk
    ordered: bool
    key: Path | None

    @property
    def items(self) -> list[Any]:
        return self.walk.all_items

    @property
    def complete(self) -> bool:
        return self.walk.complete

    @property
    def keys(self) -> list[str]:
        return self.keys_of(self.items)

    def keys_of(self, items: Sequence[Any]) -> list[str]:
        """Texts that are equal for equal items, and readable for people where items have a key."""
        return [key_text(item, self.key) for item in items]


def whole(session: Tester, listing: Listing) -> Whole:
    """The list as it is, completed by new items where it has few.

    Raises InconclusiveError where it is not readable, or changes between two equal requests.
    """
    case = session.requests.base(listing.operation)
    resource = resource_of(session, listing)
    listing = _numbered(session, listing, case)
    found = _whole(session, listing, case, resource)
    if len(found.items) >= _FEW or resource is None or not session.things.can_create(resource):
        return found
    try:
        things = session.things.several(resource, _NEW)
    except InconclusiveError:
        return found
    return _whole(session, listing, _within(case, things), resource)


def _numbered(session: Tester, listing: Listing, case: Case) -> Listing:
    """The list with the number of its first page: that which returns the same as a request without one."""
    paging = listing.paging
    if paging.kind != Position.PAGE or paging.position is None or paging.first == 1:
        return listing
    first = items_of(listing, read(session, case))
    for number in (1, 0):
        page = read(session, paging.position.put(case, number))
        if page.accepted and items_of(listing, page) == first:
            return replace(listing, paging=replace(paging, first=number))
    raise InconclusiveError("neither page 0 nor page 1 is the first page")


def resource_of(session: Tester, listing: Listing) -> Resource | None:
    """The resource that an operation lists."""
    derived = session.things.derived.values()
    return next((resource for resource in derived if resource.list == listing.operation), None)


def _within(case: Case, things: Sequence[Thing]) -> Case:
    return at_path(case, things[0].keys) if things else case


def _whole(session: Tester, listing: Listing, case: Case, resource: Resource | None) -> Whole:
    first = read(session, case)
    if not first.accepted:
        raise InconclusiveError(f"{listing.operation.name} is rejected ({first.status})")
    large = large_pages(session, listing, case)
    walked = walk(session, listing, large)
    again = session.send(large)
    items = items_of(listing, again) if again.accepted else []
    key = _key(resource, walked.all_items)
    before, after = (
        [key_text(item, key) for item in page] for page in (walked.items[0] if walked.items else [], items)
    )
    if sorted(before) != sorted(after):
        raise InconclusiveError("the list changes between two equal requests")
    return Whole(listing, large, walked, before == after, key)


def large_pages(session: Tester, listing: Listing, case: Case) -> Case:
    """The case with a large page size, where the server accepts one."""
    size = listing.paging.size
    if size is None:
        return case
    large = size.put(case, listing.paging.sized(_LARGE))
    return large if read(session, large).accepted else case


def read(session: Tester, case: Case) -> Observation:
    """The response to a read, the same until something is written. Raises InconclusiveError for a 429."""
    observation = session.read_state(case)
    if observation.status == 429:
        raise InconclusiveError(observation.rate_limited)
    return observation


def items_of(listing: Listing, page: Observation) -> list[Any]:
    items = item_of(page.body, listing.items)
    return items if isinstance(items, list) else []


def walk(session: Tester, listing: Listing, case: Case, *, pages: int = MAX_PAGES) -> Walk:
    """The pages of a list from the first one on, at most so many.

    By page number or offset it ends with an empty or rejected page, with one that repeats the page before it,
    and with one that is shorter than the first. Otherwise it ends where a page does not link to a next one;
    a link that is rejected is a violation.
    """
    result, requested = Walk(), set[str]()
    following: Case | None = case
    while following is not None:
        if len(result.pages) >= pages:
            return result
        page = read(session, following)
        if not page.accepted:
            _check_rejected(session, listing, result, page)
            break
        items = items_of(listing, page)
        if result.items and not items:
            result.complete = True
            return result
        if result.items and items == result.items[-1] and is_by_number(listing):
            break
        result.pages.append(page)
        result.items.append(items)
        requested.add(following.key)
        following = _following(session, listing, case, result)
        if following is not None and following.key in requested:
            session.record_violation("the pages never end: the last one leads to an earlier one", page)
            return result
    result.complete = True
    return result


def _check_rejected(session: Tester, listing: Listing, result: Walk, page: Observation) -> None:
    if not result.pages:
        raise InconclusiveError(f"{listing.operation.name} is rejected ({page.status})")
    if not is_by_number(listing):
        session.record_violation(f"the link to the next page is rejected: {page.status}", page)
    elif page.status >= 500:
        session.record_violation(f"the page after the last one fails: {page.status}", page)


def is_by_number(listing: Listing) -> bool:
    return listing.paging.kind in (Position.PAGE, Position.OFFSET)


def _following(session: Tester, listing: Listing, case: Case, result: Walk) -> Case | None:
    """The case of the page after the last one that was read."""
    paging, items = listing.paging, result.items[-1]
    if is_by_number(listing):
        if not items or len(items) < len(result.items[0]):
            return None
        return at_position(listing, case, result.all_items, len(result.pages))
    link = next(links(listing, result.pages[-1], "next"), None)
    if link is not None:
        return follow(session, listing, result.pages[-1], case, link)
    if paging.is_key and paging.position and items and paging.more:
        key = _key(resource_of(session, listing), items)
        if key is not None and item_of(result.pages[-1].body, paging.more) is True:
            return paging.position.put(case, member(items[-1], key))
    return None


def at_position(listing: Listing, case: Case, before: Sequence[Any], pages: int) -> Case:
    """The case of a page by its number or offset, with the items and the number of the pages before it."""
    paging = listing.paging
    assert paging.position is not None
    if paging.kind == Position.OFFSET:
        return paging.position.put(case, len(before))
    first = 1 if paging.first is None else paging.first
    return paging.position.put(case, first + pages)


def follow(session: Tester, listing: Listing, page: Observation, case: Case, link: Link) -> Case | None:
    """The case of a linked page; None where its address is that of another server."""
    if not link.address:
        position = listing.paging.position
        return position.put(case, link.value) if position else None
    url = session.target.local_url(page.case, link.address)
    if url is None:
        elsewhere = link.address.partition("?")[0]
        session.record_violation(f"{link.source} leads to another server: {elsewhere}", page)
        return None
    return replace(page.case, address=url)


def links(listing: Listing, page: Observation, relation: str) -> Iterator[Link]:
    """What a page says of the page of a relation: in its body, then in its header Link (RFC 8288)."""
    for place in listing.paging.links[relation]:
        value, source = item_of(page.body, place), ".".join(place)
        if isinstance(value, str) and re.match(r"https?://|/|\?", value):
            yield Link(source, address=value)
        elif relation == "next" and _is_cursor(value) and _more(listing, page) is not False:
            yield Link(source, value=value)
    for name, value in page.exchange.response_headers:
        if name == "link":
            yield from (
                Link(f'the Link header (rel="{relation}")', address=address)
                for address, relations in _linked(value)
                if relation in relations
            )


def _linked(header: str) -> Iterator[tuple[str, set[str]]]:
    """The addresses in a header Link with their relations, which are compared without case (RFC 8288, 3)."""
    for address, parameters in _LINK.findall(header):
        relations = {*" ".join(map("".join, _RELATION.findall(parameters))).lower().split()}
        yield address, relations | ({"prev"} if "previous" in relations else set())


def _is_cursor(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _more(listing: Listing, page: Observation) -> Any:
    """Whether a page says that another one follows; None where it does not say."""
    return item_of(page.body, listing.paging.more) if listing.paging.more else None


def empty_case(whole: Whole) -> Case:
    """A case of the list without any values."""
    return Case(operation=whole.listing.operation)


def key_text(item: Any, key: Path | None) -> str:
    value = member(item, key) if key else None
    if value is not None and not isinstance(value, dict | list):
        return f"{key[-1] if key else ''}={value}"
    return msgspec.json.encode(item, order="sorted").decode()


def _key(resource: Resource | None, items: Sequence[Any]) -> Path | None:
    """The member that tells items apart: the id of the resource, else one that is unique."""
    likely = resource.key_members if resource else ()
    names = [*likely, *(name for word in _KEYS for name in _names(items) if plain(name) == word)]
    for name in dict.fromkeys(names):
        values = [member(item, (name,)) for item in items]
        is_key = name in likely[:1] and plain(name) in _IDS
        if all(isinstance(value, str | int) for value in values) and (is_key or _are_unique(values)):
            return (name,)
    return None


def _names(items: Sequence[Any]) -> Sequence[str]:
    return list(items[0]) if items and isinstance(items[0], dict) else ()


def _are_unique(values: Sequence[Any]) -> bool:
    return len(set(map(str, values))) == len(values)
