"""Pages: small ones return what large ones return, they link to each other, and totals count their items."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.listing import Listing, Position, listing
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import of_operation
from wirecheck.conform.requirements.lists import walking
from wirecheck.conform.requirements.lists.walking import Walk, Whole, items_of, links, read
from wirecheck.resources import item_of
from wirecheck.spec import Operation, Spec

_SMALL = 2  # items of a small page
_ENDING_PAGES = 3  # pages of a walk that comes to the end
_LINKED_PAGES = 4  # pages whose links are followed
_GREATEST = 1000  # the greatest page size that is requested
_BEYOND = 3  # how many pages after the last one a page is requested


def derives(spec: Spec, operation: Operation) -> Listing | None:
    """The list of a GET that no extension describes."""
    definition = spec.document.get(operation.pointer)
    if any(name in definition for name in ("x-pagination", "x-undo", "x-laws", "x-needs")):
        return None
    return listing(spec, operation)


def _is_paged(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and found.paging.is_paged


def _is_sized(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and found.paging.size is not None


def _is_linked(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and (any(found.paging.links.values()) or found.paging.has_link_header)


def _is_numbered(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and found.paging.kind in (Position.PAGE, Position.OFFSET)


def _is_counted(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    if found is None:
        return False
    paging = found.paging
    return bool(paging.totals or paging.page_counts or paging.total_headers or paging.page_count_headers)


def require_listing(session: Tester, operation: Operation) -> Listing:
    found = derives(session.spec, operation)
    assert found is not None, "a requirement is on lists only"
    return found


@of_operation(
    "lists",
    "returns every item once, whatever the page size",
    "the parameters of pages in the document",
    _is_paged,
)
def returns_every_item(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    _check_repeats(session, whole, whole.walk, "the list")
    size, pages = whole.listing.paging.size, len(whole.walk.pages)
    if size is None:
        if pages < 2:
            raise InconclusiveError("the list has a single page")
        return
    if len(whole.items) < 2:
        raise InconclusiveError("the list has fewer than two items")
    for number in _small_sizes(whole):
        small = walking.walk(session, whole.listing, _of_size(whole, number))
        how = f"with {size.name}={number}"
        _check_sizes(session, whole, small, number)
        _check_repeats(session, whole, small, f"{how} the list")
        if wrong := _difference(whole, small):
            session.record_violation(f"{how} {wrong}", small.pages[-1], f"#{size.parameter.pointer}")


def _small_sizes(whole: Whole) -> Iterator[int]:
    """Sizes of small pages: one for many pages, and one for which the last page of a few is not full."""
    paging, count = whole.listing.paging, len(whole.items)
    small = paging.sized(_SMALL)
    if small < count:
        yield small
    if small * walking.MAX_PAGES < count and whole.complete:
        yield from (number for number in (_ending_size(whole),) if small < number < count)
    elif small >= count and paging.least < count:
        yield paging.least


def _ending_size(whole: Whole) -> int:
    """A page size by which few pages have the whole list, and the last one is not full."""
    paging, count = whole.listing.paging, len(whole.items)
    least = max(paging.least, math.ceil(count / (_ENDING_PAGES + 1)), 1)
    sizes = [paging.sized(number) for number in range(least, max(least + 1, count))]
    return next((number for number in sizes if count % number), sizes[0])


def _check_sizes(session: Tester, whole: Whole, walked: Walk, number: int) -> None:
    """No page has more items than requested, and by number or offset only the last one has fewer."""
    size, before = whole.listing.paging.size, 0
    assert size is not None
    pointer = f"#{size.parameter.pointer}"
    for index, (page, items) in enumerate(zip(walked.pages, walked.items, strict=True), 1):
        before += len(items)
        how = f"page {index} with {size.name}={number} has {len(items)} items"
        if len(items) > number:
            session.record_violation(how, page, pointer)
        elif (
            len(items) < number and before < len(whole.items) and whole.listing.paging.kind != Position.CURSOR
        ):
            session.record_violation(f"{how}, although more follow", page, pointer)


def _check_repeats(session: Tester, whole: Whole, walked: Walk, how: str) -> None:
    allowed, counted = Counter(whole.keys), Counter(whole.keys_of(walked.all_items))
    if walked is whole.walk:
        allowed = Counter(dict.fromkeys(counted, 1 if whole.key else len(whole.items)))
    repeated = next((key for key, count in counted.items() if 0 < allowed[key] < count), None)
    if repeated is not None:
        session.record_violation(f"{how} has an item twice: {_shown(repeated)}", walked.pages[-1])


def _difference(whole: Whole, walked: Walk) -> str:
    """How a walk differs from the whole list, of which it has the beginning if it is not complete."""
    actual, expected = whole.keys_of(walked.all_items), whole.keys
    if whole.complete and (extra := _first_without(actual, expected)):
        return f"the list has an item that it does not have in large pages: {_shown(extra)}"
    if not walked.complete and not whole.ordered:
        return ""
    beginning = expected if walked.complete else expected[: len(actual)]
    if missing := _first_without(beginning, actual):
        return f"the list has {len(actual)} items instead of {len(beginning)}: {_shown(missing)} is missing"
    if whole.ordered and actual[: len(beginning)] != beginning:
        return "the items are in another order than in large pages"
    return ""


def _first_without(keys: Sequence[str], others: Sequence[str]) -> str | None:
    remaining = set(others)
    return next((key for key in keys if key not in remaining), None)


def _shown(key: str) -> str:
    return key if len(key) <= 60 else f"{key[:59]}…"


@of_operation(
    "lists", "has as many items on a page as requested", "the parameters of pages in the document", _is_sized
)
def obeys_page_sizes(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    paging = whole.listing.paging
    if len(whole.items) < 2:
        raise InconclusiveError("the list has fewer than two items")
    smallest = _page(session, whole, paging.least)
    shown = len(items_of(whole.listing, smallest))
    if smallest.accepted and shown > paging.least:
        _record_size(session, whole, smallest, f"={paging.least} has {shown} items")
    if shown == paging.least < len(whole.items):  # pages have as many items as requested
        _check_greatest(session, whole)
        _check_default(session, whole)


def _check_greatest(session: Tester, whole: Whole) -> None:
    """A page of the documented maximum is full, or has the whole list."""
    most, count = whole.listing.paging.most, len(whole.items)
    if most is None or most > _GREATEST:
        return
    page = _page(session, whole, most)
    shown = len(items_of(whole.listing, page))
    if shown > most:
        _record_size(session, whole, page, f"={most} has {shown} items")
    elif page.accepted and shown < min(most, count):
        _record_size(session, whole, page, f"={most} has only {shown} items, although more follow")


def _check_default(session: Tester, whole: Whole) -> None:
    """A page without a size is as large as one of the documented default."""
    default = _default(whole)
    if default is None:
        return
    page, expected = read(session, _unsized(whole)), _page(session, whole, default)
    if page.accepted and expected.accepted:
        shown, items = len(items_of(whole.listing, page)), len(items_of(whole.listing, expected))
        if shown != items:
            problem = f"={default}, the default, has {items} items, but {shown} without it"
            _record_size(session, whole, page, problem)


def _record_size(session: Tester, whole: Whole, page: Observation, problem: str) -> None:
    size = whole.listing.paging.size
    assert size is not None
    session.record_violation(f"the page with {size.name}{problem}", page, f"#{size.parameter.pointer}")


def _unsized(whole: Whole) -> Case:
    size = whole.listing.paging.size
    return whole.case.without("query", size.parameter.name) if size else whole.case


def _default(whole: Whole) -> int | None:
    """The page size without a request for one, None where the document does not say it."""
    size = whole.listing.paging.size
    value = size.facets.default if size and not size.parameter.required else None
    return value if isinstance(value, int) and value > 0 else None


def _page(session: Tester, whole: Whole, number: int) -> Observation:
    return read(session, _of_size(whole, number))


def _of_size(whole: Whole, number: int) -> Case:
    size = whole.listing.paging.size
    return whole.case if size is None else size.put(whole.case, number)


@of_operation("lists", "counts its items", "the document: the total of the list", _is_counted)
def counts_items(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    _require_whole(whole)
    pages: list[tuple[Observation, int | None]] = [(page, None) for page in whole.walk.pages[:1]]
    for number in list(_small_sizes(whole))[:1]:
        small = walking.walk(session, whole.listing, _of_size(whole, number), pages=2)
        pages += [(page, number) for page in small.pages]
    tried = [_check_counts(session, whole, page, number) for page, number in pages]
    if not any(tried):
        raise InconclusiveError("no response has a total")


def _check_counts(session: Tester, whole: Whole, page: Observation, size: int | None) -> bool:
    """Checks the totals of a page of a size, None where it is not known; whether there are any."""
    tried, count = False, len(whole.items)
    for source, value in totals(whole, page):
        tried = True
        if value != count:
            session.record_violation(f"{source} is {value}, but the list has {count} items", page)
    for source, value in _page_counts(whole, page) if size else ():
        tried, expected = True, math.ceil(count / (size or 1))
        if value != expected:
            session.record_violation(f"{source} is {value}, but the list has {expected} pages", page)
    return tried


def _require_whole(whole: Whole) -> None:
    if not whole.items:
        raise InconclusiveError("the list is empty")
    if not whole.complete:
        raise InconclusiveError("the list is too long to be read as a whole")


def totals(whole: Whole, page: Observation) -> Iterator[tuple[str, int]]:
    """What a page says of how many items the list has, where it surely says that."""
    for place in whole.listing.paging.totals:
        value = item_of(page.body, place)
        is_of_page = place[-1].lower() == "count" and value == len(items_of(whole.listing, page))
        if _is_count(value) and not (is_of_page and not whole.listing.paging.counts_all):
            yield ".".join(place), value
    yield from _header_counts(page, whole.listing.paging.total_headers)


def _page_counts(whole: Whole, page: Observation) -> Iterator[tuple[str, int]]:
    for place in whole.listing.paging.page_counts:
        value = item_of(page.body, place)
        if _is_count(value):
            yield ".".join(place), value
    yield from _header_counts(page, whole.listing.paging.page_count_headers)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _header_counts(page: Observation, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name, value in page.exchange.response_headers:
        if name.lower() in names and value.isdecimal():
            yield f"the header {name}", int(value)


@of_operation("lists", "links its pages to each other", "RFC 8288, 3", _is_linked)
def links_pages(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    paging, count = whole.listing.paging, len(whole.items)
    if count < 2:
        raise InconclusiveError("the list has fewer than two items")
    case = _of_size(whole, _ending_size(whole))
    walked = walking.walk(session, whole.listing, case, pages=_LINKED_PAGES)
    if len(walked.pages) < 2 and paging.kind is None and not paging.has_next:
        raise InconclusiveError("the list has a single page")
    _check_next(session, whole, walked, case)
    _check_previous(session, whole, walked)
    _check_first_and_last(session, whole, walked)


def _check_next(session: Tester, whole: Whole, walked: Walk, case: Case) -> None:
    reached = 0
    for index, page in enumerate(walked.pages):
        reached += len(walked.items[index])
        found = list(links(whole.listing, page, "next"))
        is_last = whole.complete and reached >= len(whole.items)
        if not is_last and not found and _must_link(whole, walked):
            session.record_violation(
                f"page {index + 1} does not link to the next one, although more follow", page
            )
        for link in found:
            following = walking.follow(session, whole.listing, page, case, link)
            if following is None:
                continue
            linked = read(session, following)
            if is_last:
                _check_after_last(session, whole, walked, page, linked, bool(link.address))
            elif index + 1 < len(walked.pages):
                _check_same(session, whole, linked, walked.items[index + 1], link.source, page)


def _must_link(whole: Whole, walked: Walk) -> bool:
    """Whether pages surely have links to the next one, by what the document says and other pages have."""
    paging = whole.listing.paging
    if paging.links["next"]:
        return paging.position is not None
    relations = ("next", "prev", "first", "last")
    has_links = any(list(links(whole.listing, page, name)) for page in walked.pages for name in relations)
    return has_links and paging.position is not None


def _check_after_last(
    session: Tester, whole: Whole, walked: Walk, page: Observation, linked: Observation, is_address: bool
) -> None:
    """The last page has no next one; a cursor, or a page that happens to be full, may lead to none."""
    if linked.status >= 400:
        session.record_violation(
            f"the last page links to a next one, which is rejected: {linked.status}", page
        )
    elif items_of(whole.listing, linked):
        session.record_violation("the last page links to a next one, which has items again", page)
    elif is_address and len(walked.items[-1]) < len(walked.items[0]):
        session.record_violation("the last page links to a next one, which is empty", page)


def _check_same(
    session: Tester, whole: Whole, linked: Observation, items: Sequence[Any], source: str, page: Observation
) -> None:
    if linked.status >= 400:
        session.record_violation(f"the page of {source} is rejected: {linked.status}", page)
        return
    actual, expected = whole.keys_of(items_of(whole.listing, linked)), whole.keys_of(items)
    if sorted(actual) != sorted(expected) and whole.ordered:
        first = _first_without(expected, actual) or _first_without(actual, expected) or ""
        session.record_violation(f"{source} leads to another page than expected: see {_shown(first)}", page)


def _check_previous(session: Tester, whole: Whole, walked: Walk) -> None:
    for index in range(1, len(walked.pages)):
        page = walked.pages[index]
        found = list(links(whole.listing, page, "prev"))
        if not found and whole.listing.paging.links["prev"] and walking.is_by_number(whole.listing):
            session.record_violation(f"page {index + 1} does not link to the previous one", page)
            return
        for link in found:
            previous = walking.follow(session, whole.listing, page, page.case, link)
            if previous is not None:
                source, items = link.source, walked.items[index - 1]
                _check_same(session, whole, read(session, previous), items, source, page)


def _check_first_and_last(session: Tester, whole: Whole, walked: Walk) -> None:
    page = walked.pages[min(1, len(walked.pages) - 1)]
    for link in links(whole.listing, page, "first"):
        first = walking.follow(session, whole.listing, page, page.case, link)
        if first is not None:
            _check_same(session, whole, read(session, first), walked.items[0], link.source, page)
    for link in links(whole.listing, page, "last"):
        last = walking.follow(session, whole.listing, page, page.case, link)
        if last is None or not whole.complete or not whole.ordered:
            continue
        linked = read(session, last)
        keys = whole.keys_of(items_of(whole.listing, linked))
        if keys[-1:] != whole.keys[-1:]:
            problem = "is rejected" if linked.status >= 400 else "does not have the last item"
            session.record_violation(f"the page of {link.source} {problem}", page)


@of_operation("lists", "has nothing after its end", "the parameters of pages in the document", _is_numbered)
def has_nothing_after_its_end(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    count = len(whole.items)
    if not whole.complete or count == 0:
        raise InconclusiveError(
            "the list is empty" if count == 0 else "the list is too long to reach its end"
        )
    case = _of_size(whole, _ending_size(whole))
    first = whole.keys_of(items_of(whole.listing, read(session, case)))
    beyond = read(session, _beyond(session, whole, case, max(len(first), 1)))
    shown = whole.keys_of(items_of(whole.listing, beyond))
    if beyond.status >= 500:
        session.record_violation(f"a page after the last one fails: {beyond.status}", beyond)
    elif shown and len(first) < count and shown != whole.keys[-len(shown) :]:
        again = "the first page again" if shown == first else "items"
        session.record_violation(f"a page after the last one returns {again}", beyond)
    elif shown and len(first) >= count:
        raise InconclusiveError("the list has a single page")


def _beyond(session: Tester, whole: Whole, case: Case, size: int) -> Case:
    """The case of a page after the last one. Raises InconclusiveError where the document allows none."""
    position, count = whole.listing.paging.position, len(whole.items)
    assert position is not None
    pages = math.ceil(count / size) + _BEYOND
    number = count + _BEYOND * size if whole.listing.paging.kind == Position.OFFSET else pages + 1
    if position.parameter.schema and not session.requests.is_valid(position.parameter.schema, number):
        raise InconclusiveError("the document allows no page after the last one")
    return position.put(case, number)


REQUIREMENTS = (
    returns_every_item,
    obeys_page_sizes,
    counts_items,
    links_pages,
    has_nothing_after_its_end,
)
