"""Pages: by cursor, and by an address of which only the query counts."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from instagram_client import (
    InternalServerError,
    PaginationError,
    RateLimitError,
)
from instagram_client.models import UserShort
from support.fake_wire import (
    NONE,
    TOKEN,
    Time,
    Wire,
    error_response,
    fake_time,
    list_follows,
    list_near,
    media,
    page,
    person,
    text,
)
from support.sides import Side, both_sides, collect, run

time = pytest.fixture(fake_time)


# Pages


def ids(users: list[UserShort]) -> list[int]:
    return [int(user.id) for user in users]


@both_sides
def test_iterating_returns_every_item_once_and_in_order(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1), person(2)], {"next_cursor": "a"}),
        page([], {"next_cursor": "b"}),
        page([], {"next_cursor": "c"}),
        page([person(3)], {"next_cursor": "d"}),
        page([person(4), person(5)], {}),
    )
    found = wire.items(lambda client: client.relationships.follows("self", count=2))
    assert ids(found) == [1, 2, 3, 4, 5]
    assert all(isinstance(each, UserShort) for each in found)
    cursors = [{}, {"cursor": "a"}, {"cursor": "b"}, {"cursor": "c"}, {"cursor": "d"}]
    assert wire.queries == [{"count": "2", **cursor, "access_token": TOKEN} for cursor in cursors]


@both_sides
def test_the_number_of_pages_is_not_limited(side: Side, time: Time) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        number = int(request.url.params.get("cursor", 0))
        return page([person(number)], {"next_cursor": str(number + 1)} if number < 1499 else {})

    wire = Wire(side, respond)
    assert ids(wire.items(list_follows)) == list(range(1500))
    assert len(wire.requests) == 1500


@both_sides
def test_pages_can_be_walked_by_hand(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), page([person(2)], {}))
    first = wire.call(list_follows)
    assert ids(first.data) == [1]
    assert first.has_next_page()
    assert first.envelope.pagination.next_cursor == "a"
    assert repr(first) == f"<{type(first).__name__} with 1 items, not the last>"
    second = run(first.next_page())
    assert ids(second.data) == [2]
    assert not second.has_next_page()
    assert repr(second) == f"<{type(first).__name__} with 1 items, the last>"
    assert len(wire.requests) == 2


@both_sides
def test_iterating_begins_at_the_current_page(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1)], {"next_cursor": "a"}),
        page([person(2)], {"next_cursor": "b"}),
        page([person(3)]),
        page([person(3)]),
    )
    second = run(wire.call(list_follows).next_page())
    assert ids(collect(second)) == [2, 3]
    assert [ids(each.data) for each in collect(second.pages())] == [[2], [3]]
    assert len(wire.requests) == 4


@both_sides
def test_pages_are_requested_only_when_they_are_reached(side: Side, time: Time) -> None:
    wire = Wire(
        side, lambda request: page([person(1)], {"next_cursor": request.url.params.get("cursor", "") + "x"})
    )
    if side == "sync":
        for number, _ in enumerate(list_follows(wire.client)):
            if number == 2:
                break
    else:

        async def some() -> None:
            number = 0
            items = aiter(list_follows(wire.client))
            async for _ in items:
                number += 1
                if number == 3:
                    break
            await items.aclose()

        asyncio.run(some())
    assert len(wire.requests) == 3


LAST = {
    "absent": NONE,
    "null": None,
    "empty": {},
    "without a cursor": {"next_url": "https://api.instagram.com/v1/users/self/follows?cursor=1"},
    "null cursor": {"next_cursor": None},
    "empty cursor": {"next_cursor": ""},
}


@both_sides
@pytest.mark.parametrize("pagination", LAST.values(), ids=LAST)
def test_the_last_page_is_known(side: Side, pagination: Any, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), page([person(2)], pagination))
    pages = wire.pages(list_follows)
    assert [ids(each.data) for each in pages] == [[1], [2]]
    assert not pages[1].has_next_page()
    with pytest.raises(PaginationError, match=r"relationships\.follows: this is the last page"):
        run(pages[1].next_page())
    assert len(wire.requests) == 2


@both_sides
def test_a_list_without_pages_is_one(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1), person(2)], {"next_cursor": "a", "next_url": "https://x.test/?a=b"}))
    only = wire.call(lambda client: client.likes.list("1_2"))
    assert ids(only.data) == [1, 2]
    assert not only.has_next_page()
    assert ids(collect(only)) == [1, 2]
    with pytest.raises(PaginationError):
        run(only.next_page())


CYCLES = [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "d", "e", "c"], ["a", "b", "c", "d", "e", "a"]]


@both_sides
@pytest.mark.parametrize("cursors", CYCLES, ids="".join)
def test_a_cursor_that_comes_again_ends_it(side: Side, cursors: list[str], time: Time) -> None:
    after = dict(pairwise(["", *cursors]))

    def respond(request: httpx2.Request) -> httpx2.Response:
        cursor = request.url.params.get("cursor", "")
        assert len(wire.requests) <= 6
        return page([person(len(wire.requests))], {"next_cursor": after.get(cursor) or cursors[-1]})

    wire = Wire(side, respond)
    got: list[UserShort] = []
    with pytest.raises(PaginationError, match="the server returned this page before"):
        _take(wire, list_follows, got)
    assert ids(got) == list(range(1, len(set(cursors)) + 2))
    assert len(wire.requests) == len(set(cursors)) + 1


def _take(wire: Wire, method: Callable[[Any], Any], got: list[Any]) -> None:
    """Items one by one into a list, so that those before a failure are known."""
    put = got.append
    if wire.side == "sync":
        for item in method(wire.client):
            put(item)
        return

    async def take() -> None:
        async for item in method(wire.client):
            put(item)

    asyncio.run(take())


@both_sides
def test_the_cursor_of_the_first_request_counts_as_a_repetition(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "mine"}))
    with pytest.raises(PaginationError, match="returned this page before"):
        wire.items(lambda client: client.relationships.follows("self", cursor="mine"))
    assert len(wire.requests) == 1


@both_sides
def test_requesting_the_next_page_twice_is_not_a_repetition(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        lambda request: page([person(1)], {} if "cursor" in request.url.params else {"next_cursor": "a"}),
    )
    first = wire.call(list_follows)
    for _ in range(3):
        assert ids(run(first.next_page()).data) == [1]
        assert ids(collect(first)) == [1, 1]
    assert len(wire.requests) == 7


@both_sides
def test_a_list_can_be_iterated_twice(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        lambda request: page([person(1)], {} if "cursor" in request.url.params else {"next_cursor": "a"}),
    )
    paginator = list_follows(wire.client)
    assert len(collect(paginator)) == 2
    assert len(collect(paginator)) == 2


@both_sides
def test_a_number_is_a_cursor_too(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": 17}), page([person(2)], {"next_cursor": 17}))
    with pytest.raises(PaginationError, match="returned this page before"):
        wire.items(list_follows)
    assert wire.queries[1]["cursor"] == "17"


WRONG = [True, False, 1.5, [], ["a"], {}, {"a": "b"}]


@both_sides
@pytest.mark.parametrize("cursor", WRONG, ids=repr)
def test_a_cursor_of_the_wrong_type_is_an_error(side: Side, cursor: Any, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": cursor}))
    first = wire.call(list_follows)
    assert ids(first.data) == [1]
    assert "with 1 items" in repr(first)
    with pytest.raises(PaginationError, match="/pagination/next_cursor"):
        run(first.next_page())
    with pytest.raises(PaginationError, match="/pagination/next_cursor"):
        collect(first)
    assert len(wire.requests) == 1


@both_sides
def test_items_before_a_failing_page_are_usable(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1)], {"next_cursor": "a"}),
        page([person(2)], {"next_cursor": "b"}),
        error_response(429, headers={"Retry-After": "3600"}),
        page([person(3)]),
    )
    got: list[UserShort] = []
    first = wire.call(list_follows)
    second = run(first.next_page())
    with pytest.raises(RateLimitError):
        run(second.next_page())
    assert ids(first.data + second.data) == [1, 2]
    assert ids(run(second.next_page()).data) == [3]

    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), *[text("oops", 502)] * 3)
    with pytest.raises(InternalServerError):
        _take(wire, list_follows, got)
    assert ids(got) == [1]


@both_sides
def test_a_page_is_retried_like_any_read(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1)], {"next_cursor": "a"}),
        error_response(500),
        httpx2.ReadError("x"),
        page([person(2)]),
    )
    assert ids(wire.items(list_follows)) == [1, 2]
    assert time.waits == [0.5, 1.0]


PAGED = {
    "users.recent_media": (lambda c: c.users.recent_media("self"), "next_max_id", "max_id"),
    "users.liked_media": (lambda c: c.users.liked_media(), "next_max_like_id", "max_like_id"),
    "users.feed": (lambda c: c.users.feed(), "next_max_id", "max_id"),
    "tags.recent_media": (lambda c: c.tags.recent_media("snow"), "next_max_tag_id", "max_tag_id"),
    "locations.recent_media": (lambda c: c.locations.recent_media("1"), "next_max_id", "max_id"),
    "relationships.follows": (lambda c: c.relationships.follows("1"), "next_cursor", "cursor"),
    "relationships.followed_by": (lambda c: c.relationships.followed_by("1"), "next_cursor", "cursor"),
}


@both_sides
@pytest.mark.parametrize("name", PAGED)
def test_each_list_takes_its_own_cursor(side: Side, name: str, time: Time) -> None:
    method, key, parameter = PAGED[name]
    item = person if name.startswith("relationships") else media
    wire = Wire(side, page([item(1)], {key: "AQ_b-"}), page([item(2)], {}))
    assert len(wire.items(method)) == 2
    assert wire.queries == [{"access_token": TOKEN}, {parameter: "AQ_b-", "access_token": TOKEN}]


@both_sides
def test_the_last_page_of_a_tag_has_other_cursors(side: Side, time: Time) -> None:
    last = {"next_min_id": "AQB", "min_tag_id": "AQB", "deprecation_warning": "next_max_id and min_id ..."}
    wire = Wire(side, page([media(1)], last))
    assert len(wire.items(lambda client: client.tags.recent_media("snow"))) == 1


# Pages that only an address leads to


def leading(address: Any, number: int = 1) -> httpx2.Response:
    return page([media(number)], {"next_url": address, "next_max_id": "not used"})


@both_sides
@pytest.mark.parametrize(
    "address",
    [
        "https://api.instagram.com/v1/geographies/7/media/recent?",
        "https://evil.test/v1/geographies/7/media/recent?",
        "http://api.instagram.com/v1/geographies/7/media/recent?",
        "https://api.instagram.com:8443/v1/geographies/7/media/recent?",
        "https://api.instagram.com@evil.test/v1/geographies/7/media/recent?",
        "https://api.instagram.com/v1/users/self/feed?",
        "//evil.test/?",
        "file:///etc/passwd?",
        "?",
    ],
)
def test_of_an_address_only_the_query_is_used(side: Side, address: str, time: Time) -> None:
    query = f"count=1&max_id=55&empty=&access_token={TOKEN[:-1]}0&sig={'0' * 64}&client_id=x&text=a%26b%3Dc+d"
    secret = "c" * 32
    wire = Wire(side, leading(address + query), page([media(2)], {}), client_secret=secret)
    assert [each.id for each in wire.items(list_near)] == ["1_1001", "2_1001"]
    first, second = wire.requests
    assert second.url.copy_with(query=None) == first.url.copy_with(query=None)
    assert second.url.copy_with(query=None) == "https://api.instagram.com/v1/geographies/7/media/recent"
    names = second.url.params.multi_items()
    assert len(names) == len(dict(names))
    signature = second.url.params["sig"]
    assert signature != "0" * 64
    assert signature != first.url.params["sig"]
    assert dict(second.url.params) == {
        "count": "1",
        "max_id": "55",
        "empty": "",
        "text": "a&b=c d",
        "access_token": TOKEN,
        "sig": signature,
    }


@both_sides
@pytest.mark.parametrize("cycle", [1, 2, 5])
def test_an_address_that_comes_again_ends_it(side: Side, cycle: int, time: Time) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        assert len(wire.requests) <= 6
        number = int(request.url.params.get("max_id", 0)) % cycle + 1
        return leading(f"https://x.test/?access_token=t{len(wire.requests)}&max_id={number}&count=1")

    wire = Wire(side, respond)
    with pytest.raises(
        PaginationError, match=r"geographies\.recent_media: the server returned this page before"
    ):
        wire.items(list_near)
    assert len(wire.requests) == cycle + 1


@both_sides
def test_the_address_of_the_current_page_is_a_repetition(side: Side, time: Time) -> None:
    wire = Wire(
        side, leading(f"https://api.instagram.com/v1/geographies/7/media/recent?access_token={TOKEN}&count=1")
    )
    with pytest.raises(PaginationError, match="returned this page before"):
        wire.items(list_near)
    assert len(wire.requests) == 1


@both_sides
@pytest.mark.parametrize("address", [5, *WRONG, "https://[::1"], ids=repr)
def test_an_invalid_address_is_an_error(side: Side, address: Any, time: Time) -> None:
    wire = Wire(side, leading(address))
    first = wire.call(list_near)
    assert "with 1 items" in repr(first)
    with pytest.raises(PaginationError, match="/pagination/next_url"):
        run(first.next_page())
    assert len(wire.requests) == 1


@both_sides
@pytest.mark.parametrize("address", [None, ""])
def test_no_address_is_the_end(side: Side, address: str | None, time: Time) -> None:
    assert len(Wire(side, leading(address)).items(list_near)) == 1
