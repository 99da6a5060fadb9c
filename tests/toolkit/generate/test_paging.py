"""From one page to the next, in the runtime of clients."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from wirecheck.generate.runtime.paging import NextPage, PageResponse, Trail, following, is_last, start

Pairs = tuple[tuple[str, str], ...]


class Message(NamedTuple):
    """A request with the members that clients give it."""

    method: str = "GET"
    path: str = "/trips"
    query: Pairs = ()
    headers: Pairs = (("X-A", "b"),)
    content: bytes | None = None


def response(body: Any = None, size: int = 1, link: str | None = None) -> PageResponse:
    return PageResponse(body, {} if link is None else {"link": link}, size)


def after(
    next_page: NextPage, query: Pairs, page: PageResponse, secrets: tuple[str, ...] = ()
) -> Pairs | None:
    """The query of the next page; None on the last one."""
    message = Message(query=query)
    if is_last(next_page, message, page):
        with pytest.raises(ValueError, match="this is the last page"):
            following(next_page, message, page, start(next_page, message), secrets)
        return None
    next_message, _ = following(next_page, message, page, start(next_page, message), secrets)
    assert next_message._replace(query=()) == message._replace(query=())
    return next_message.query


CURSOR = NextPage(cursor="/meta/next", parameter="after")
ADDRESS = NextPage(next_url="/next")
LINK = NextPage(kind="link")
PAGE = NextPage(kind="page", parameter="page", first=1)
OFFSET = NextPage(kind="offset", parameter="offset", items="/data")

NEXT: dict[str, tuple[NextPage, Pairs, PageResponse, Pairs | None]] = {
    "a cursor": (CURSOR, (), response({"meta": {"next": "a b&c"}}), (("after", "a%20b%26c"),)),
    "a cursor that is a number": (CURSOR, (), response({"meta": {"next": 7}}), (("after", "7"),)),
    "a cursor beside others": (
        CURSOR,
        (("x", "1"), ("after", "a"), ("x", "%2F"), ("", "raw=1")),
        response({"meta": {"next": "b"}}),
        (("x", "1"), ("x", "%2F"), ("", "raw=1"), ("after", "b")),
    ),
    "an escaped parameter": (
        NextPage(cursor="/c", parameter="page[after]"),
        (("page%5Bafter%5D", "a"),),
        response({"c": "b"}),
        (("page%5Bafter%5D", "b"),),
    ),
    "no cursor": (CURSOR, (), response({"meta": {}}), None),
    "null for a cursor": (CURSOR, (), response({"meta": {"next": None}}), None),
    "an empty cursor": (CURSOR, (), response({"meta": {"next": ""}}), None),
    "a cursor on an empty page": (CURSOR, (), response({"meta": {"next": "b"}}, 0), (("after", "b"),)),
    "a body that is no object": (CURSOR, (), response("x"), None),
    "no more": (CURSOR._replace(more="/more"), (), response({"meta": {"next": "b"}, "more": False}), None),
    "more": (
        CURSOR._replace(more="/more"),
        (),
        response({"meta": {"next": "b"}, "more": True}),
        (("after", "b"),),
    ),
    "an address": (
        ADDRESS,
        (("q", "1"),),
        response({"next": "https://evil.test/else?q=1&token=s&page=2&e=&t=a%26b+c"}),
        (("q", "1"), ("page", "2"), ("e", ""), ("t", "a%26b%20c")),
    ),
    "an address with a parameter twice": (
        ADDRESS,
        (),
        response({"next": "/x?id=1&id=2"}),
        (("id", "1"), ("id", "2")),
    ),
    "an address without a host": (ADDRESS, (), response({"next": "?page=2"}), (("page", "2"),)),
    "null for an address": (ADDRESS, (), response({"next": None}), None),
    "a link": (
        LINK,
        (),
        response(
            link='<https://api.test/x?page=1>; rel="prev", <https://api.test/x?page=3&y=%2F>; rel="next"'
        ),
        (("page", "3"), ("y", "%2F")),
    ),
    "a link of several relations": (
        LINK,
        (),
        response(link='</x?a=1,2>; title="a, <b>"; REL="last Next"'),
        (("a", "1%2C2"),),
    ),
    "a link without quotes": (LINK, (), response(link="</x?p=2>;rel=next"), (("p", "2"),)),
    "a link to something else": (LINK, (), response(link='</x?p=2>; rel="nextish"; title="rel=next"'), None),
    "no link": (LINK, (), response(), None),
    "the first page": (PAGE, (), response([1]), (("page", "2"),)),
    "a later page": (PAGE, (("page", "7"), ("q", "a")), response([1]), (("q", "a"), ("page", "8"))),
    "an empty page": (PAGE, (("page", "7"),), response([], 0), None),
    "a page from zero": (PAGE._replace(first=0), (), response([1]), (("page", "1"),)),
    "the number in the body": (
        PAGE._replace(current="/page"),
        (),
        response({"page": 0}),
        (("page", "1"),),
    ),
    "a number in the body that is none": (
        PAGE._replace(current="/page"),
        (),
        response({"page": True}),
        (("page", "2"),),
    ),
    "the number in the request wins": (
        PAGE._replace(current="/page"),
        (("page", "3"),),
        response({"page": 1}),
        (("page", "4"),),
    ),
    "the last of all pages": (PAGE._replace(total="/pages"), (("page", "3"),), response({"pages": 3}), None),
    "not the last of all pages": (
        PAGE._replace(total="/pages"),
        (("page", "2"),),
        response({"pages": 3}),
        (("page", "3"),),
    ),
    "a total that is none": (PAGE._replace(total="/pages"), (), response({"pages": "3"}), (("page", "2"),)),
    "pages and no more": (PAGE._replace(more="/more"), (), response({"more": False}), None),
    "the first offset": (
        OFFSET,
        (("limit", "20"),),
        response({"data": [1, 2]}, 2),
        (("limit", "20"), ("offset", "2")),
    ),
    "a later offset": (OFFSET, (("offset", "40"),), response({"data": [1]}, 20), (("offset", "60"),)),
    "all items": (OFFSET._replace(total="/n"), (("offset", "40"),), response({"n": 60}, 20), None),
    "not all items": (
        OFFSET._replace(total="/n"),
        (("offset", "40"),),
        response({"n": 61}, 20),
        (("offset", "60"),),
    ),
    "an offset from one": (
        OFFSET._replace(first=1, total="/n"),
        (),
        response({"n": 4}, 2),
        (("offset", "3"),),
    ),
    "all items from one": (
        OFFSET._replace(first=1, total="/n"),
        (("offset", "3"),),
        response({"n": 4}, 2),
        None,
    ),
}


@pytest.mark.parametrize(("next_page", "query", "page", "expected"), NEXT.values(), ids=NEXT)
def test_a_page_leads_to_the_next(
    next_page: NextPage, query: Pairs, page: PageResponse, expected: Pairs | None
) -> None:
    assert after(next_page, query, page, ("token",)) == expected


def test_a_list_without_pages_is_on_its_last() -> None:
    assert is_last(None, Message(), response({"next": "?page=2"}))
    with pytest.raises(ValueError, match="this is the last page"):
        following(None, Message(), response(), start(None, Message()))


WRONG: dict[str, tuple[NextPage, PageResponse, str]] = {
    "an object as a cursor": (
        CURSOR,
        response({"meta": {"next": {}}}),
        "/meta/next is neither a string nor an",
    ),
    "a boolean as a cursor": (
        CURSOR,
        response({"meta": {"next": True}}),
        "/meta/next is neither a string nor an",
    ),
    "a number as an address": (ADDRESS, response({"next": 7}), "/next is not an address"),
    "a broken address": (ADDRESS, response({"next": "https://[::1"}), "/next .*IPv6"),
    "a broken link": (LINK, response(link='<https://[::1>; rel="next"'), "Link .*IPv6"),
}


@pytest.mark.parametrize(("next_page", "page", "problem"), WRONG.values(), ids=WRONG)
def test_what_leads_nowhere_is_an_error(next_page: NextPage, page: PageResponse, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        following(next_page, Message(), page, start(next_page, Message()))


def walk(next_page: NextPage, pages: Iterator[PageResponse], query: Pairs = ()) -> Iterator[Pairs]:
    """The queries of all pages."""
    message, trail = Message(query=query), Trail({})
    trail = start(next_page, message)
    for page in pages:
        yield message.query
        if is_last(next_page, message, page):
            return
        message, trail = following(next_page, message, page, trail)


REPEATED: dict[str, tuple[NextPage, Pairs, list[PageResponse], int]] = {
    "the same cursor": (CURSOR, (), [response({"meta": {"next": "a"}})] * 3, 2),
    "a cursor of a later page": (CURSOR, (), [response({"meta": {"next": c}}) for c in "aba"], 3),
    "the cursor of the first page": (CURSOR, (("after", "a"),), [response({"meta": {"next": "a"}})], 1),
    "the address of the first page": (ADDRESS, (("a", "1"),), [response({"next": "/x?a=1"})], 1),
    "the link to this page": (LINK, (("a", "%31"),), [response(link="</?a=1>; rel=next")], 1),
    "the same items, as the number means nothing": (PAGE, (), [response([{"id": 1}])] * 3, 2),
    "the same items at another offset": (OFFSET, (), [response({"data": [1], "at": n}) for n in range(3)], 2),
}


@pytest.mark.parametrize(("next_page", "query", "pages", "count"), REPEATED.values(), ids=REPEATED)
def test_a_page_that_comes_again_ends_the_walk(
    next_page: NextPage, query: Pairs, pages: list[PageResponse], count: int
) -> None:
    queries = walk(next_page, iter(pages), query)
    with pytest.raises(ValueError, match="the server returned this page before"):
        assert len([next(queries) for _ in range(count + 1)]) == 0


def test_a_walk_of_pages_takes_every_item() -> None:
    items = [*range(45)]

    def pages() -> Iterator[PageResponse]:
        for offset in range(0, 60, 20):
            yield response({"data": items[offset : offset + 20]}, len(items[offset : offset + 20]))

    assert [dict(query).get("offset") for query in walk(OFFSET, pages())] == [None, "20", "40"]


def test_going_back_and_forth_is_no_repetition() -> None:
    message, page = Message(), response({"meta": {"next": "a"}})
    trail = start(CURSOR, message)
    for _ in range(3):
        assert following(CURSOR, message, page, trail)[0].query == (("after", "a"),)
