"""The options of the client, and clients of httpx2 that users pass to it."""

import asyncio
from typing import Any

import httpx2
import pytest

from instagram_client import (
    InternalServerError,
)
from support.fake_wire import (
    TOKEN,
    Time,
    Wire,
    error_response,
    fake_time,
    get_user,
    http_client,
    maker,
    page,
    person,
    success,
    user,
)
from support.sides import Side, both_sides, collect, run

time = pytest.fixture(fake_time)


# Options


def timeouts(wire: Wire) -> list[dict[str, float | None]]:
    return [request.extensions["timeout"] for request in wire.requests]


def in_all(seconds: float | None) -> dict[str, float | None]:
    return dict.fromkeys(("connect", "read", "write", "pool"), seconds)


@both_sides
def test_the_default_timeout_reaches_the_transport(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()))
    wire.call(get_user)
    assert timeouts(wire) == [{**in_all(30), "connect": 5}]


@both_sides
def test_a_timeout_reaches_the_transport(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()), success(user()), timeout=7.5)
    wire.call(get_user)
    wire.call(lambda client: get_user(client.with_options(timeout=httpx2.Timeout(3, read=1))))
    assert timeouts(wire) == [in_all(7.5), {**in_all(3), "read": 1}]


@both_sides
def test_other_options_leave_the_client_as_it_is(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: error_response(500))
    shown = repr(wire.client)
    hasty = wire.client.with_options(timeout=1.0, max_retries=0)
    with pytest.raises(InternalServerError):
        run(get_user(hasty))
    assert timeouts(wire) == [in_all(1.0)]
    with pytest.raises(InternalServerError):
        wire.call(get_user)
    assert timeouts(wire)[1:] == [{**in_all(30), "connect": 5}] * 3
    assert repr(wire.client) == shown == repr(hasty)
    assert type(hasty) is maker(side)


@both_sides
def test_options_add_up(side: Side, time: Time) -> None:
    wire = Wire(side, lambda _: error_response(500))
    with pytest.raises(InternalServerError):
        run(get_user(wire.client.with_options(timeout=2).with_options(max_retries=1)))
    assert timeouts(wire) == [in_all(2)] * 2


@both_sides
def test_options_apply_to_every_page(side: Side, time: Time) -> None:
    wire = Wire(side, page([person(1)], {"next_cursor": "2"}), page([person(2)]))
    assert len(collect(wire.client.with_options(timeout=2).relationships.follows("self"))) == 2
    assert timeouts(wire) == [in_all(2)] * 2


@both_sides
@pytest.mark.parametrize("limit", [-1, -100])
def test_negative_retries_are_rejected(side: Side, limit: int) -> None:
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
    wire = Wire(side, success(user()), base_url=address)
    wire.call(get_user)
    assert wire.requests[0].url.copy_with(query=None) == "https://instagram.test/v1/users/self"
    wire = Wire(side, success(user()))
    wire.call(get_user)
    assert wire.requests[0].url.copy_with(query=None) == "https://environment.test/api/users/self"


@both_sides
def test_the_token_comes_from_the_environment_by_default(
    side: Side, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTAGRAM_ACCESS_TOKEN", "from-the-environment")
    wire = Wire(side, success(user()), success(user()), access_token=None)
    wire.call(get_user)
    assert wire.queries == [{"access_token": "from-the-environment"}]
    wire = Wire(side, success(user()), access_token="argument")
    wire.call(get_user)
    assert wire.queries == [{"access_token": "argument"}]


# Clients of httpx2 that users pass


@both_sides
def test_an_http_client_is_used_with_its_settings_and_not_changed(side: Side, time: Time) -> None:
    hooked: list[str] = []

    def hook(request: httpx2.Request) -> None:
        hooked.append(str(request.url))

    async def ahook(request: httpx2.Request) -> None:
        hook(request)

    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return success(user())

    transport = httpx2.MockTransport(respond)
    own = http_client(
        side,
        transport=transport,
        timeout=9,
        headers={"User-Agent": "mine/1"},
        cookies={"session": "yes"},
        event_hooks={"request": [hook if side == "sync" else ahook]},
    )
    before = {name: value for name, value in vars(own).items() if name != "_state"}
    client = maker(side)(access_token=TOKEN, http_client=own)
    run(get_user(client))
    run(client.close())
    [request] = requests
    assert request.headers["User-Agent"] == "mine/1"
    assert request.headers["Cookie"] == "session=yes"
    assert request.extensions["timeout"] == in_all(9)
    assert dict(request.url.params) == {"access_token": TOKEN}
    assert hooked == ["https://api.instagram.com/v1/users/self"]
    assert {name: value for name, value in vars(own).items() if name != "_state"} == before
    assert own._transport is transport
    assert not own.is_closed
    run(own.get("https://elsewhere.test/"))
    assert str(requests[1].url) == "https://elsewhere.test/"
    run(own.close() if side == "sync" else own.aclose())


@both_sides
def test_a_timeout_overrides_that_of_an_http_client(side: Side, time: Time) -> None:
    requests: list[Any] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request.extensions["timeout"])
        return success(user())

    own = http_client(side, transport=httpx2.MockTransport(respond), timeout=9)
    client = maker(side)(access_token=TOKEN, http_client=own, timeout=4)
    run(get_user(client))
    run(get_user(client.with_options(timeout=2)))
    assert requests == [in_all(4), in_all(2)]


@both_sides
def test_a_proxy_of_an_http_client_gets_the_credentials_too(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()))
    own = http_client(side, mounts={"https://": wire.transport, "all://elsewhere.test": None})
    run(get_user(maker(side)(access_token=TOKEN, http_client=own)))
    assert wire.queries == [{"access_token": TOKEN}]


@both_sides
def test_http_client_and_transport_exclude_each_other(side: Side) -> None:
    transport = httpx2.MockTransport(lambda _: success())
    with pytest.raises(ValueError, match="http_client or transport, not both"):
        maker(side)(http_client=http_client(side, transport=transport), transport=transport)


class Closable(httpx2.MockTransport):
    """Counts how often it is closed."""

    def __init__(self) -> None:
        super().__init__(lambda _: success(user()))
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
def test_a_client_closes_its_own_connections(side: Side, time: Time) -> None:
    transport = Closable()
    client = maker(side)(access_token=TOKEN, transport=transport)
    run(client.with_options(timeout=3).close())
    assert transport.closed == 0
    run(client.close())
    assert transport.closed == 1
    with pytest.raises(RuntimeError, match="closed"):
        run(get_user(client))


@both_sides
def test_the_end_of_its_block_closes_a_client(side: Side, time: Time) -> None:
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
def test_the_end_of_its_block_does_not_close_an_http_client(side: Side, time: Time) -> None:
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
