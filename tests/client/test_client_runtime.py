"""Retries, timeouts, pages, options, raw answers and the log of the client."""

import asyncio
import logging
import os
import re
import subprocess
import sys
import time as clock
from collections.abc import Callable
from email.utils import formatdate
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instagram_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    InstagramError,
    InternalServerError,
    PaginationError,
    RateLimit,
    RateLimitError,
    RawResponse,
    _async,
    _endpoints,
)
from instagram_client._runtime import endpoints, retries
from instagram_client.models import Media, UserShort
from support.fake_wire import (
    NONE,
    NOW,
    PACKAGE,
    TOKEN,
    Side,
    Step,
    Time,
    Wire,
    again,
    answer,
    both_sides,
    collect,
    fake_time,
    get_user,
    http_client,
    like,
    list_follows,
    list_near,
    maker,
    media,
    page,
    person,
    refusal,
    run,
    text,
    unlike,
    user,
)

time = pytest.fixture(fake_time)

CALLS = {"read": get_user, "post": like, "delete": unlike}
GOOD = {"read": answer(user()), "post": answer(), "delete": answer()}


# --- retries: what is repeated


def requests(side: Side, call: str, trouble: Step) -> tuple[int, BaseException | None]:
    """How often a call is sent if the first answer is a trouble, and what it ends with."""
    wire = Wire(side, trouble, GOOD[call])
    try:
        wire.ask(CALLS[call])
    except InstagramError as error:
        return len(wire.seen), error
    return len(wire.seen), None


ALWAYS: list[Step] = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("busy"),
    refusal(429),
    refusal(420),
]
UNCLEAR: list[Step] = [
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.CloseError("reset"),
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.RemoteProtocolError("half an answer"),
    httpx.ProxyError("no"),
    refusal(500),
    refusal(502),
    refusal(503),
    refusal(504),
    refusal(520),
]
NEVER: list[Step] = [
    httpx.UnsupportedProtocol("gopher"),
    httpx.LocalProtocolError("bad header"),
    httpx.DecodingError("no gzip"),
    refusal(304),
    refusal(400),
    refusal(401),
    refusal(403),
    refusal(404),
    refusal(409),
    refusal(418),
]


def named(step: Step) -> str:
    return str(step.status_code) if isinstance(step, httpx.Response) else type(step).__name__


@both_sides
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("trouble", ALWAYS, ids=named)
def test_what_surely_did_nothing_is_repeated(side: Side, call: str, trouble: Step, time: Time) -> None:
    assert requests(side, call, trouble) == (2, None)
    assert time.waits == [0.5]


@both_sides
@pytest.mark.parametrize("trouble", UNCLEAR, ids=named)
def test_reads_are_repeated_after_what_may_have_done_something(side: Side, trouble: Step, time: Time) -> None:
    assert requests(side, "read", trouble) == (2, None)
    assert time.waits == [0.5]


@both_sides
@pytest.mark.parametrize("call", ["post", "delete"])
@pytest.mark.parametrize("trouble", UNCLEAR, ids=named)
def test_writes_are_not_repeated_after_what_may_have_done_something(
    side: Side, call: str, trouble: Step, time: Time
) -> None:
    sent, error = requests(side, call, trouble)
    assert sent == 1
    assert isinstance(error, InternalServerError | APIConnectionError)
    assert time.waits == []


@both_sides
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("trouble", NEVER, ids=named)
def test_what_would_only_happen_again_is_not_repeated(
    side: Side, call: str, trouble: Step, time: Time
) -> None:
    sent, error = requests(side, call, trouble)
    assert sent == 1
    assert isinstance(error, APIStatusError | APIConnectionError)
    assert time.waits == []


def test_every_failure_of_httpx_is_in_one_of_the_tables() -> None:
    def leaves(kind: type[Exception]) -> set[type[Exception]]:
        below = kind.__subclasses__()
        return {leaf for each in below for leaf in leaves(each)} if below else {kind}

    tried = {type(step) for step in [*ALWAYS, *UNCLEAR, *NEVER] if isinstance(step, Exception)}
    others = {httpx.TooManyRedirects}  # redirects are not followed
    assert {kind for kind in leaves(httpx.RequestError) if kind.__module__ == "httpx"} == tried | others


@both_sides
def test_a_repeated_write_is_the_same_request(side: Side, time: Time) -> None:
    wire = Wire(side, httpx.ConnectError("refused"), refusal(429), answer(), client_secret="s" * 32)
    wire.ask(lambda client: client.comments.create("1_2", text="Lovely light"))
    assert len(wire.seen) == 3
    assert len({(str(request.url), request.content) for request in wire.seen}) == 1
    assert wire.forms[0]["text"] == "Lovely light"
    assert wire.forms[0]["access_token"] == TOKEN


@both_sides
def test_two_retries_are_the_default_and_the_last_error_is_raised(side: Side, time: Time) -> None:
    wire = Wire(side, refusal(500), httpx.ReadError("reset"), refusal(503, message="the last one"))
    with pytest.raises(InternalServerError, match="the last one"):
        wire.ask(get_user)
    assert len(wire.seen) == 3
    assert time.waits == [0.5, 1.0]

    last = httpx.ReadTimeout("the very last")
    wire = Wire(side, refusal(500), refusal(500), last)
    with pytest.raises(APITimeoutError, match="the very last") as caught:
        wire.ask(get_user)
    assert len(wire.seen) == 3
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)


@both_sides
@pytest.mark.parametrize("limit", [0, 1, 5])
def test_max_retries_is_how_often_it_is_repeated(side: Side, limit: int, time: Time) -> None:
    wire = Wire(side, lambda _: refusal(500), max_retries=limit)
    with pytest.raises(InternalServerError):
        wire.ask(get_user)
    assert len(wire.seen) == limit + 1
    assert len(time.waits) == limit


@both_sides
@pytest.mark.parametrize("failure", [step for step in [*ALWAYS, *UNCLEAR] if isinstance(step, Exception)])
def test_failures_of_httpx_become_errors_of_the_client(side: Side, failure: Exception, time: Time) -> None:
    wire = Wire(side, failure, max_retries=0)
    with pytest.raises(APIConnectionError, match=f"users.get: {type(failure).__name__}: ") as caught:
        wire.ask(get_user)
    assert isinstance(caught.value, APITimeoutError) == isinstance(failure, httpx.TimeoutException)
    assert type(caught.value.__cause__) is type(failure)
    assert str(caught.value.__cause__) == str(failure)


@both_sides
def test_a_body_that_breaks_off_is_a_failed_connection(side: Side, time: Time) -> None:
    """Status and headers came, so the transport itself raised nothing."""

    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Any:
            yield b'{"meta"'
            raise httpx.ReadError("reset")

        async def __aiter__(self) -> Any:
            for chunk in self:
                yield chunk

    wire = Wire(side, lambda _: httpx.Response(200, stream=Broken()))
    with pytest.raises(APIConnectionError) as caught:
        wire.ask(get_user)
    assert isinstance(caught.value.__cause__, httpx.ReadError)
    assert len(wire.seen) == 3


@both_sides
def test_a_body_that_is_wrongly_compressed_is_a_typed_error(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        lambda _: httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip at all")
        ),
    )
    with pytest.raises(APIConnectionError) as caught:
        wire.ask(get_user)
    assert isinstance(caught.value.__cause__, httpx.DecodingError)
    assert len(wire.seen) == 1


@both_sides
def test_what_is_no_failure_of_http_is_left_alone(side: Side, time: Time) -> None:
    wire = Wire(side, RuntimeError("a bug in a transport"))
    with pytest.raises(RuntimeError, match="a bug in a transport"):
        wire.ask(get_user)
    assert len(wire.seen) == 1


# --- retries: how long is waited


@given(attempt=st.integers(0, 40), chance=st.floats(0, 1, exclude_max=True))
def test_waits_double_up_to_eight_seconds_less_up_to_a_quarter(attempt: int, chance: float) -> None:
    full = min(0.5 * 2**attempt, 8.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retries, "jitter", lambda: chance)
        wait = retries.backoff(attempt)
    assert full * 0.75 <= wait <= full
    assert wait == pytest.approx(full * (1 - chance / 4))


@both_sides
def test_the_waits_of_a_call_grow(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: refusal(500), max_retries=7)
    with pytest.raises(InternalServerError):
        wire.ask(get_user)
    assert time.waits == [0.5, 1, 2, 4, 8, 8, 8]


@both_sides
def test_the_waits_of_many_clients_differ(side: Side, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for _ in range(8):
        wait = retries.backoff(0)
        assert 0.375 <= wait <= 0.5
    assert len({retries.backoff(0) for _ in range(8)}) > 1


def date(seconds: float) -> str:
    return formatdate(NOW + seconds, usegmt=True)


@both_sides
@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("60", 60.0),
        (date(30), 30.0),
        (date(-30), 0.0),
        ("Saturday, 28-Nov-15 00:00:12 GMT", 12.0),
        ("Sat Nov 28 00:00:12 2015", 12.0),
        ("", 0.5),
        ("soon", 0.5),
        ("-5", 0.5),
        ("1.5", 0.5),
        ("٣", 0.5),
        ("Sat, 99 Nov 2015 00:00:00 GMT", 0.5),
        ("Sat, 28 Nov 999999999999999999999 00:00:00 GMT", 0.5),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_retry_after_is_honoured(side: Side, told: str, wait: float, call: str, time: Time) -> None:
    headers = httpx.Headers([(b"Retry-After", told.encode())])
    wire = Wire(side, httpx.Response(429, headers=headers, json={}), GOOD[call])
    wire.ask(CALLS[call])
    assert time.waits == [wait]


def test_a_date_without_a_zone_is_in_universal_time(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """As RFC 9110 says of the form of asctime."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    if not hasattr(clock, "tzset"):
        pytest.skip("no time zone can be set here")
    clock.tzset()
    try:
        assert retries.retry_after(httpx.Headers({"Retry-After": "Sat Nov 28 00:00:12 2015"})) == 12.0
    finally:
        monkeypatch.undo()
        clock.tzset()


@both_sides
def test_retry_after_of_a_failing_server_is_honoured(side: Side, time: Time) -> None:
    wire = Wire(side, refusal(503, headers={"Retry-After": "3"}), answer(user()))
    wire.ask(get_user)
    assert time.waits == [3.0]


@both_sides
@pytest.mark.parametrize("told", ["61", "3600", "9" * 400, date(61)])
def test_who_is_told_to_wait_for_long_gets_the_error_at_once(side: Side, told: str, time: Time) -> None:
    wire = Wire(side, refusal(429, headers={"Retry-After": told}))
    with pytest.raises(RateLimitError) as caught:
        wire.ask(get_user)
    assert caught.value.response.headers["Retry-After"] == told
    assert len(wire.seen) == 1
    assert time.waits == []


def test_the_asynchronous_client_sleeps_in_its_own_loop() -> None:
    async def meanwhile() -> list[str]:
        said: list[str] = []

        async def other() -> None:
            said.append("other")

        task = asyncio.create_task(other())
        await _async.sleep(0)
        said.append("slept")
        await task
        return said

    assert asyncio.run(meanwhile()) == ["other", "slept"]


# --- options


def timeouts(wire: Wire) -> list[dict[str, float | None]]:
    return [request.extensions["timeout"] for request in wire.seen]


def in_all(seconds: float | None) -> dict[str, float | None]:
    return dict.fromkeys(("connect", "read", "write", "pool"), seconds)


@both_sides
def test_the_default_timeout_reaches_the_transport(side: Side, time: Time) -> None:
    wire = Wire(side, answer(user()))
    wire.ask(get_user)
    assert timeouts(wire) == [{**in_all(30), "connect": 5}]


@both_sides
def test_a_timeout_that_is_given_reaches_the_transport(side: Side, time: Time) -> None:
    wire = Wire(side, answer(user()), answer(user()), timeout=7.5)
    wire.ask(get_user)
    wire.ask(lambda client: get_user(client.with_options(timeout=httpx.Timeout(3, read=1))))
    assert timeouts(wire) == [in_all(7.5), {**in_all(3), "read": 1}]


@both_sides
def test_other_options_leave_the_client_as_it_is(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: refusal(500))
    shown = repr(wire.client)
    hasty = wire.client.with_options(timeout=1.0, max_retries=0)
    with pytest.raises(InternalServerError):
        run(get_user(hasty))
    assert timeouts(wire) == [in_all(1.0)]
    with pytest.raises(InternalServerError):
        wire.ask(get_user)
    assert timeouts(wire)[1:] == [{**in_all(30), "connect": 5}] * 3
    assert repr(wire.client) == shown == repr(hasty)
    assert type(hasty) is maker(side)


@both_sides
def test_options_add_up(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: refusal(500))
    with pytest.raises(InternalServerError):
        run(get_user(wire.client.with_options(timeout=2).with_options(max_retries=1)))
    assert timeouts(wire) == [in_all(2)] * 2


@both_sides
def test_options_hold_for_every_page(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "2"}), page([person(2)]))
    assert len(collect(wire.client.with_options(timeout=2).relationships.follows("self"))) == 2
    assert timeouts(wire) == [in_all(2)] * 2


@both_sides
@pytest.mark.parametrize("limit", [-1, -100])
def test_fewer_than_no_retries_are_refused(side: Side, limit: int) -> None:
    with pytest.raises(ValueError, match="max_retries must not be negative"):
        maker(side)(max_retries=limit)
    with pytest.raises(ValueError, match="max_retries must not be negative"):
        maker(side)().with_options(max_retries=limit)


@both_sides
@pytest.mark.parametrize(
    "address",
    ["api.instagram.com/v1", "/v1", "ftp://api.instagram.com", "https://", "https:///v1", "nonsense"],
)
def test_a_base_url_must_be_an_address(side: Side, address: str) -> None:
    with pytest.raises(ValueError, match="base_url must be an http or https address"):
        maker(side)(base_url=address)


@both_sides
@pytest.mark.parametrize("address", ["https://host:port/v1", "https://[::1", "https://a\nb/"])
def test_a_base_url_that_cannot_be_read_is_a_value_error_too(side: Side, address: str) -> None:
    with pytest.raises(ValueError, match="base_url must be an http or https address"):
        maker(side)(base_url=address)


@both_sides
@pytest.mark.parametrize("address", ["https://instagram.test/v1", "https://instagram.test/v1/"])
def test_requests_go_to_the_base_url(
    side: Side, address: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTAGRAM_BASE_URL", "https://environment.test/api")
    wire = Wire(side, answer(user()), base_url=address)
    wire.ask(get_user)
    assert wire.seen[0].url.copy_with(query=None) == "https://instagram.test/v1/users/self"
    wire = Wire(side, answer(user()))
    wire.ask(get_user)
    assert wire.seen[0].url.copy_with(query=None) == "https://environment.test/api/users/self"


@both_sides
def test_the_token_comes_from_the_environment_when_none_is_given(
    side: Side, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTAGRAM_ACCESS_TOKEN", "from-the-environment")
    wire = Wire(side, answer(user()), answer(user()), access_token=None)
    wire.ask(get_user)
    assert wire.queries == [{"access_token": "from-the-environment"}]
    wire = Wire(side, answer(user()), access_token="given")
    wire.ask(get_user)
    assert wire.queries == [{"access_token": "given"}]


# --- clients of httpx that people bring


@both_sides
def test_a_client_of_ones_own_is_used_with_its_settings_and_left_as_it_was(side: Side, time: Time) -> None:
    hooked: list[str] = []

    def hook(request: httpx.Request) -> None:
        hooked.append(str(request.url))

    async def ahook(request: httpx.Request) -> None:
        hook(request)

    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(user())

    transport = httpx.MockTransport(respond)
    own = http_client(
        side,
        transport=transport,
        timeout=9,
        headers={"User-Agent": "mine/1"},
        cookies={"kept": "yes"},
        event_hooks={"request": [hook if side == "sync" else ahook]},
    )
    before = {name: value for name, value in vars(own).items() if name != "_state"}
    client = maker(side)(access_token=TOKEN, http_client=own)
    run(get_user(client))
    run(client.close())
    [request] = seen
    assert request.headers["User-Agent"] == "mine/1"
    assert request.headers["Cookie"] == "kept=yes"
    assert request.extensions["timeout"] == in_all(9)
    assert dict(request.url.params) == {"access_token": TOKEN}
    assert hooked == ["https://api.instagram.com/v1/users/self"]
    assert {name: value for name, value in vars(own).items() if name != "_state"} == before
    assert own._transport is transport
    assert not own.is_closed
    run(own.get("https://elsewhere.test/"))
    assert str(seen[1].url) == "https://elsewhere.test/"
    run(own.close() if side == "sync" else own.aclose())


@both_sides
def test_a_timeout_wins_over_that_of_ones_own_client(side: Side, time: Time) -> None:
    seen: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return answer(user())

    own = http_client(side, transport=httpx.MockTransport(respond), timeout=9)
    client = maker(side)(access_token=TOKEN, http_client=own, timeout=4)
    run(get_user(client))
    run(get_user(client.with_options(timeout=2)))
    assert seen == [in_all(4), in_all(2)]


@both_sides
def test_a_proxy_of_ones_own_client_gets_the_credentials_too(side: Side, time: Time) -> None:
    wire = Wire(side, answer(user()))
    own = http_client(side, mounts={"https://": wire.transport, "all://elsewhere.test": None})
    run(get_user(maker(side)(access_token=TOKEN, http_client=own)))
    assert wire.queries == [{"access_token": TOKEN}]


@both_sides
def test_a_client_and_a_transport_are_one_too_many(side: Side) -> None:
    transport = httpx.MockTransport(lambda _: answer())
    with pytest.raises(ValueError, match="http_client or transport, not both"):
        maker(side)(http_client=http_client(side, transport=transport), transport=transport)


class Closable(httpx.MockTransport):
    """Counts how often it is closed."""

    def __init__(self) -> None:
        super().__init__(lambda _: answer(user()))
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


async def use(client: Any) -> None:
    async with client as entered:
        assert entered is client
        await get_user(client)


@both_sides
def test_a_client_closes_what_it_made(side: Side, time: Time) -> None:
    transport = Closable()
    client = maker(side)(access_token=TOKEN, transport=transport)
    run(client.with_options(timeout=3).close())
    assert transport.closed == 0
    run(client.close())
    assert transport.closed == 1
    with pytest.raises(RuntimeError, match="closed"):
        run(get_user(client))


@both_sides
def test_leaving_its_block_closes_a_client(side: Side, time: Time) -> None:
    transport = Closable()
    client = maker(side)(access_token=TOKEN, transport=transport)
    if side == "sync":
        with client as entered:
            assert entered is client
            get_user(client)
    else:
        asyncio.run(use(client))
    assert transport.closed == 1


@both_sides
def test_leaving_its_block_leaves_a_client_of_ones_own_open(side: Side, time: Time) -> None:
    transport = Closable()
    own = http_client(side, transport=transport)
    client = maker(side)(access_token=TOKEN, http_client=own)
    if side == "sync":
        with client:
            get_user(client)
    else:
        asyncio.run(use(client))
    assert transport.closed == 0
    run(get_user(client))


# --- pages


def ids(people: list[UserShort]) -> list[int]:
    return [int(each.id) for each in people]


@both_sides
def test_iterating_gives_every_item_once_and_in_order(side: Side, time: Time) -> None:
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
def test_there_is_no_limit_to_the_number_of_pages(side: Side, time: Time) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("cursor", 0))
        return page([person(number)], {"next_cursor": str(number + 1)} if number < 1499 else {})

    wire = Wire(side, respond)
    assert ids(wire.items(list_follows)) == list(range(1500))
    assert len(wire.seen) == 1500


@both_sides
def test_pages_can_be_walked_by_hand(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), page([person(2)], {}))
    first = wire.ask(list_follows)
    assert ids(first.data) == [1]
    assert first.has_next_page()
    assert first.envelope.pagination.next_cursor == "a"
    assert repr(first) == f"<{type(first).__name__} with 1 items, not the last>"
    second = run(first.next_page())
    assert ids(second.data) == [2]
    assert not second.has_next_page()
    assert repr(second) == f"<{type(first).__name__} with 1 items, the last>"
    assert len(wire.seen) == 2


@both_sides
def test_iterating_begins_at_the_page_that_one_has(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1)], {"next_cursor": "a"}),
        page([person(2)], {"next_cursor": "b"}),
        page([person(3)]),
        page([person(3)]),
    )
    second = run(wire.ask(list_follows).next_page())
    assert ids(collect(second)) == [2, 3]
    assert [ids(each.data) for each in collect(second.pages())] == [[2], [3]]
    assert len(wire.seen) == 4


@both_sides
def test_a_list_is_only_read_as_far_as_it_is_wanted(side: Side, time: Time) -> None:
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
    assert len(wire.seen) == 3


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
    assert len(wire.seen) == 2


@both_sides
def test_a_list_without_pages_is_one(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1), person(2)], {"next_cursor": "a", "next_url": "https://x.test/?a=b"}))
    only = wire.ask(lambda client: client.likes.list("1_2"))
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

    def respond(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor", "")
        assert len(wire.seen) <= 6
        return page([person(len(wire.seen))], {"next_cursor": after.get(cursor) or cursors[-1]})

    wire = Wire(side, respond)
    got: list[UserShort] = []
    with pytest.raises(PaginationError, match="the server returned this page before"):
        _take(wire, list_follows, got)
    assert ids(got) == list(range(1, len(set(cursors)) + 2))
    assert len(wire.seen) == len(set(cursors)) + 1


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
def test_the_cursor_that_one_asked_with_is_a_repetition(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "mine"}))
    with pytest.raises(PaginationError, match="returned this page before"):
        wire.items(lambda client: client.relationships.follows("self", cursor="mine"))
    assert len(wire.seen) == 1


@both_sides
def test_asking_twice_for_the_next_page_is_no_repetition(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        lambda request: page([person(1)], {} if "cursor" in request.url.params else {"next_cursor": "a"}),
    )
    first = wire.ask(list_follows)
    for _ in range(3):
        assert ids(run(first.next_page()).data) == [1]
        assert ids(collect(first)) == [1, 1]
    assert len(wire.seen) == 7


@both_sides
def test_the_same_list_can_be_asked_for_again(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        lambda request: page([person(1)], {} if "cursor" in request.url.params else {"next_cursor": "a"}),
    )
    made = list_follows(wire.client)
    assert len(collect(made)) == 2
    assert len(collect(made)) == 2


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
    first = wire.ask(list_follows)
    assert ids(first.data) == [1]
    assert "with 1 items" in repr(first)
    with pytest.raises(PaginationError, match="/pagination/next_cursor"):
        run(first.next_page())
    with pytest.raises(PaginationError, match="/pagination/next_cursor"):
        collect(first)
    assert len(wire.seen) == 1


@both_sides
def test_what_came_before_a_failing_page_is_usable(side: Side, time: Time) -> None:
    wire = Wire(
        side,
        page([person(1)], {"next_cursor": "a"}),
        page([person(2)], {"next_cursor": "b"}),
        refusal(429, headers={"Retry-After": "3600"}),
        page([person(3)]),
    )
    got: list[UserShort] = []
    first = wire.ask(list_follows)
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
        side, page([person(1)], {"next_cursor": "a"}), refusal(500), httpx.ReadError("x"), page([person(2)])
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
def test_the_last_page_of_a_tag_still_tells_where_news_begin(side: Side, time: Time) -> None:
    last = {"next_min_id": "AQB", "min_tag_id": "AQB", "deprecation_warning": "next_max_id and min_id ..."}
    wire = Wire(side, page([media(1)], last))
    assert len(wire.items(lambda client: client.tags.recent_media("snow"))) == 1


# --- pages that only an address leads to


def leading(address: Any, number: int = 1) -> httpx.Response:
    return page([media(number)], {"next_url": address, "next_max_id": "not asked for"})


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
    first, second = wire.seen
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
    def respond(request: httpx.Request) -> httpx.Response:
        assert len(wire.seen) <= 6
        number = int(request.url.params.get("max_id", 0)) % cycle + 1
        return leading(f"https://x.test/?access_token=t{len(wire.seen)}&max_id={number}&count=1")

    wire = Wire(side, respond)
    with pytest.raises(
        PaginationError, match=r"geographies\.recent_media: the server returned this page before"
    ):
        wire.items(list_near)
    assert len(wire.seen) == cycle + 1


@both_sides
def test_an_address_of_what_one_has_is_a_repetition(side: Side, time: Time) -> None:
    wire = Wire(
        side, leading(f"https://api.instagram.com/v1/geographies/7/media/recent?access_token={TOKEN}&count=1")
    )
    with pytest.raises(PaginationError, match="returned this page before"):
        wire.items(list_near)
    assert len(wire.seen) == 1


@both_sides
@pytest.mark.parametrize("address", [5, *WRONG, "https://[::1"], ids=repr)
def test_an_address_that_is_none_is_an_error(side: Side, address: Any, time: Time) -> None:
    wire = Wire(side, leading(address))
    first = wire.ask(list_near)
    assert "with 1 items" in repr(first)
    with pytest.raises(PaginationError, match="/pagination/next_url"):
        run(first.next_page())
    assert len(wire.seen) == 1


@both_sides
@pytest.mark.parametrize("address", [None, ""])
def test_no_address_is_the_end(side: Side, address: str | None, time: Time) -> None:
    assert len(Wire(side, leading(address)).items(list_near)) == 1


# --- raw answers


@both_sides
def test_a_raw_answer_has_all_that_came(side: Side, time: Time) -> None:
    given = answer(
        media(), headers={"X-Ratelimit-Limit": "5000", "x-ratelimit-remaining": "4999", "X-Odd": "1"}
    )
    wire = Wire(side, given)
    raw = wire.ask(lambda client: client.media.with_raw_response.get("1_1001"))
    assert isinstance(raw, RawResponse)
    assert raw.status_code == 200
    assert raw.headers["x-odd"] == "1"
    assert raw.rate_limit == RateLimit(limit=5000, remaining=4999) == (5000, 4999)
    assert raw.content == given.content
    assert isinstance(raw.http_response, httpx.Response)
    assert isinstance(raw.parse(), Media)
    assert raw.parse() == raw.parse()
    assert repr(raw) == f"<RawResponse 200, {len(given.content)} bytes>"


@both_sides
@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "٣"])
def test_a_budget_that_is_not_told_is_none(side: Side, value: str, time: Time) -> None:
    given = answer(media())
    given.headers = httpx.Headers([(b"X-Ratelimit-Limit", value.encode())])
    wire = Wire(side, given)
    raw = wire.ask(lambda client: client.media.with_raw_response.get("1_1001"))
    assert raw.rate_limit == RateLimit(limit=None, remaining=None)


@both_sides
def test_the_raw_answer_of_a_list_parses_to_its_page(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), page([person(2)]))
    raw = wire.ask(lambda client: client.relationships.with_raw_response.follows("self"))
    assert b"next_cursor" in raw.content
    assert len(wire.seen) == 1
    assert ids(collect(raw.parse())) == [1, 2]


@both_sides
def test_a_raw_error_is_raised_all_the_same(side: Side, time: Time) -> None:
    wire = Wire(side, refusal(404))
    with pytest.raises(APIStatusError) as caught:
        wire.ask(lambda client: client.users.with_raw_response.get("9"))
    assert caught.value.response.json()["meta"]["code"] == 404


@both_sides
def test_an_answer_that_does_not_fit_can_still_be_had_raw(side: Side, time: Time) -> None:
    wire = Wire(side, answer({"id": "1"}))
    raw = wire.ask(lambda client: client.users.with_raw_response.get("self"))
    assert raw.http_response.json()["data"] == {"id": "1"}
    with pytest.raises(InstagramError):
        raw.parse()


# --- the log


@both_sides
def test_each_attempt_is_logged_without_secrets(
    side: Side, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="instagram_client")
    budget = {"X-Ratelimit-Limit": "500", "X-Ratelimit-Remaining": "17"}
    wire = Wire(side, httpx.ReadError("reset"), refusal(503), answer(user(), headers=budget))
    wire.ask(get_user)
    said = [(each.levelname, each.getMessage()) for each in caplog.records if each.name == "instagram_client"]
    shown = "GET https://api.instagram.com/v1/users/self"
    assert said == [
        ("INFO", f"{shown} -> ReadError"),
        ("DEBUG", f"{shown} again in 0.500 s"),
        ("INFO", f"{shown} -> 503 (0.000 s)"),
        ("DEBUG", f"{shown} again in 1.000 s"),
        ("INFO", f"{shown} -> 200 (0.000 s, 17 of 500 requests left)"),
    ]


@both_sides
def test_a_budget_without_its_limit_is_logged(
    side: Side, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="instagram_client")
    Wire(side, answer(user(), headers={"X-Ratelimit-Remaining": "17"})).ask(get_user)
    assert ", 17 requests left)" in caplog.text


PROGRAM = f"""
import httpx
from instagram_client import Instagram
body = {answer(user()).content!r}
budget = {{"X-Ratelimit-Limit": "500", "X-Ratelimit-Remaining": "499"}}
given = httpx.Response(200, content=body, headers=budget)
client = Instagram(access_token={TOKEN!r}, transport=httpx.MockTransport(lambda request: given))
print(client.users.get("self").id)
"""


def logged(level: str | None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INSTAGRAM_")}
    if level is not None:
        environment["INSTAGRAM_LOG"] = level
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "1001\n"
    assert TOKEN not in done.stderr
    return done.stderr


@pytest.mark.parametrize("level", ["info", "INFO", "debug", "Debug"])
def test_instagram_log_shows_requests_on_stderr(level: str) -> None:
    [line] = logged(level).splitlines()
    assert re.fullmatch(
        r"\S+ \S+ instagram_client INFO GET https://api\.instagram\.com/v1/users/self -> 200"
        r" \(\d+\.\d{3} s, 499 of 500 requests left\)",
        line,
    )


@pytest.mark.parametrize("level", [None, "", "warning", "error"])
def test_nothing_is_written_unless_it_is_asked_for(level: str | None) -> None:
    assert logged(level) == ""


def test_a_level_that_is_none_is_told(time: Time) -> None:
    [line] = logged("loud").splitlines()
    assert line.endswith("WARNING INSTAGRAM_LOG must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'")


def test_a_script_gives_the_same_answer_for_many_requests() -> None:
    once = answer(user())
    assert again(once).json() == again(once).json() == once.json()


# --- what is deprecated

DEPRECATED: dict[str, Callable[[Any], Any]] = {
    "users.feed": lambda client: client.users.feed(),
    "media.popular": lambda client: client.media.popular(),
    "geographies.recent_media": lambda client: client.geographies.recent_media("7"),
}


def test_every_deprecated_operation_is_in_the_table() -> None:
    found = {each.name: each for each in vars(_endpoints).values() if isinstance(each, endpoints.Endpoint)}
    assert {name for name, each in found.items() if each.deprecated} == DEPRECATED.keys()


@both_sides
@pytest.mark.parametrize("name", DEPRECATED)
def test_what_is_deprecated_warns_once_and_where_it_is_called(
    side: Side, name: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    wire = Wire(side, page([]), page([]), page([]))
    with pytest.warns(DeprecationWarning, match=r"is deprecated\. ") as warned:
        wire.ask(DEPRECATED[name])
    [warning] = warned
    assert warning.filename == __file__
    assert str(warning.message).startswith(f"{name} is deprecated. 2015-11-17: Removed for new apps.")
    wire.ask(DEPRECATED[name])
    wire.ask(lambda client: DEPRECATED[name](client.with_options(timeout=1)))


@both_sides
def test_a_raw_answer_that_is_deprecated_warns_too(
    side: Side, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    wire = Wire(side, page([]))
    with pytest.warns(DeprecationWarning, match=r"users\.feed is deprecated") as warned:
        wire.ask(lambda client: client.users.with_raw_response.feed())
    assert not warned[0].filename.startswith(PACKAGE)
