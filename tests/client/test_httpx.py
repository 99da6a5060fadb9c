"""Clients and transports of httpx, which httpx2 continues, are taken as they are."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import httpx2
import pytest

from instagram_client import APIConnectionError, APITimeoutError, AuthenticationError, Instagram
from instagram_client._runtime.httpx_bridge import error_of_httpx2
from support.fake_wire import (
    TOKEN,
    Time,
    error_response,
    fake_time,
    get_user,
    http_client,
    like,
    maker,
    post_comment,
    success,
    user,
)
from support.serving import callback
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)

Handler = Callable[[httpx.Request], httpx.Response]


def old(response: httpx2.Response) -> httpx.Response:
    return httpx.Response(response.status_code, headers=response.headers.raw, content=response.content)


def old_client(side: Side, **options: Any) -> Any:
    return (httpx.Client if side == "sync" else httpx.AsyncClient)(**options)


class Recorded(httpx.MockTransport):
    """Responds in order, or raises."""

    def __init__(self, *steps: httpx2.Response | Exception) -> None:
        super().__init__(self._respond)
        self._steps = list(steps)
        self.requests: list[httpx.Request] = []
        self.closed = 0

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self._steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return old(step)

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


@both_sides
@pytest.mark.parametrize("as_client", [False, True], ids=["transport", "client"])
def test_requests_go_over_as_those_of_httpx(side: Side, as_client: bool, time: Time) -> None:
    transport = Recorded(success(user()), success())
    option = {"http_client": old_client(side, transport=transport)} if as_client else {"transport": transport}
    client = maker(side)(access_token=TOKEN, **option)
    assert run(get_user(client)).username == "user1001"
    run(post_comment(client))
    read, write = transport.requests
    assert type(read) is httpx.Request
    assert dict(read.url.params) == {"access_token": TOKEN}
    assert read.headers["Accept-Encoding"] == "gzip, deflate"
    assert write.content == f"text=Great+photo%21&access_token={TOKEN}".encode()
    assert write.headers["Content-Length"] == str(len(write.content))
    assert read.headers["User-Agent"].startswith("instagram-client/1.0.0 python/")


@both_sides
@pytest.mark.parametrize("as_client", [False, True], ids=["transport", "client"])
def test_responses_come_back_as_those_of_httpx2(side: Side, as_client: bool, time: Time) -> None:
    transport = Recorded(success(user(), headers={"X-Odd": "1"}), error_response(401))
    option = {"http_client": old_client(side, transport=transport)} if as_client else {"transport": transport}
    client = maker(side)(access_token=TOKEN, **option)
    raw = run(client.users.with_raw_response.get("self"))
    assert type(raw.http_response) is httpx2.Response
    assert raw.headers["x-odd"] == "1"
    assert TOKEN not in str(raw.http_response.request.url)
    with pytest.raises(AuthenticationError) as caught:
        run(get_user(client))
    assert type(caught.value.response) is httpx2.Response


@both_sides
@pytest.mark.parametrize("as_client", [False, True], ids=["transport", "client"])
@pytest.mark.parametrize("name", ["ConnectError", "ReadTimeout", "RemoteProtocolError", "ProxyError"])
def test_errors_become_those_of_the_same_name(side: Side, as_client: bool, name: str, time: Time) -> None:
    failure = getattr(httpx, name)(f"no way with {TOKEN}")
    transport = Recorded(failure, success(user()), failure)
    option = {"http_client": old_client(side, transport=transport)} if as_client else {"transport": transport}
    client = maker(side)(access_token=TOKEN, max_retries=1, **option)
    assert run(get_user(client)).id == "1001"
    with pytest.raises(APIConnectionError) as caught:
        run(get_user(client.with_options(max_retries=0)))
    assert type(caught.value.__cause__) is getattr(httpx2, name)
    assert isinstance(caught.value, APITimeoutError) == (name == "ReadTimeout")
    assert TOKEN not in f"{caught.value} {caught.value.__cause__!r}"


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that arrives in pieces, and perhaps breaks."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self._parts = parts
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


@both_sides
@pytest.mark.parametrize("as_client", [False, True], ids=["transport", "client"])
def test_bodies_arrive_in_pieces_and_break_in_the_same_way(side: Side, as_client: bool, time: Time) -> None:
    content = success(user()).content
    bodies = [Body(content[:9], content[9:]), Body(content[:9], httpx.ReadError("reset"))]
    streams = iter(bodies)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=next(streams)))
    option = {"http_client": old_client(side, transport=transport)} if as_client else {"transport": transport}
    client = maker(side)(access_token=TOKEN, max_retries=0, **option)
    assert run(get_user(client)).id == "1001"
    with pytest.raises(APIConnectionError) as caught:
        run(get_user(client))
    assert type(caught.value.__cause__) is httpx2.ReadError
    assert [body.is_closed for body in bodies] == [True, True]


@both_sides
def test_a_client_of_httpx_keeps_its_settings_and_does_not_change(side: Side, time: Time) -> None:
    hooked: list[httpx.Request] = []
    responses: list[httpx.Response] = []

    def hook(request: httpx.Request) -> None:
        hooked.append(request)
        request.headers["X-Hook"] = "yes"

    async def ahook(request: httpx.Request) -> None:
        hook(request)

    def see(response: httpx.Response) -> None:
        response.read()
        responses.append(response)

    async def asee(response: httpx.Response) -> None:
        await response.aread()
        responses.append(response)

    transport = Recorded(success(user()))
    own = old_client(
        side,
        transport=transport,
        timeout=9,
        headers={"User-Agent": "mine/1"},
        params={"debug": "1"},
        cookies={"session": "yes"},
        auth=("me", "pass"),
        event_hooks={
            "request": [hook if side == "sync" else ahook],
            "response": [see if side == "sync" else asee],
        },
    )
    before = {name: value for name, value in vars(own).items() if name != "_state"}
    client = maker(side)(access_token=TOKEN, http_client=own)
    assert run(get_user(client)).id == "1001"
    run(client.close())
    [request] = transport.requests
    assert request.headers["User-Agent"] == "mine/1"
    assert request.headers["Cookie"] == "session=yes"
    assert request.headers["Authorization"].startswith("Basic ")
    assert request.headers["X-Hook"] == "yes"
    assert request.extensions["timeout"] == dict.fromkeys(("connect", "read", "write", "pool"), 9)
    assert dict(request.url.params) == {"access_token": TOKEN, "debug": "1"}
    assert [type(each) for each in hooked] == [httpx.Request]
    assert TOKEN not in str(hooked[0].url)
    assert responses[0].json()["data"]["id"] == "1001"
    assert {name: value for name, value in vars(own).items() if name != "_state"} == before
    assert not own.is_closed
    assert transport.closed == 0


@both_sides
def test_cookies_that_a_server_sets_are_kept_by_the_client_of_httpx(side: Side, time: Time) -> None:
    transport = Recorded(success(user(), headers={"Set-Cookie": "a=b; Path=/"}), success())
    own = old_client(side, transport=transport)
    client = maker(side)(access_token=TOKEN, http_client=own)
    run(get_user(client))
    run(like(client))
    assert transport.requests[1].headers["Cookie"] == "a=b"
    assert own.cookies["a"] == "b"


@both_sides
def test_its_own_timeout_is_one_of_either_library(side: Side, time: Time) -> None:
    for library in (httpx, httpx2):
        transport = Recorded(success(user()))
        run(get_user(maker(side)(access_token=TOKEN, transport=transport, timeout=library.Timeout(4))))
        assert transport.requests[0].extensions["timeout"]["read"] == 4


@both_sides
def test_a_transport_of_httpx_is_closed_with_the_client(side: Side, time: Time) -> None:
    transport = Recorded(success(user()))
    client = maker(side)(access_token=TOKEN, transport=transport)
    run(client.close())
    assert transport.closed == 1


@both_sides
def test_a_mounted_transport_of_httpx_gets_the_credentials(side: Side, time: Time) -> None:
    for make in (old_client, http_client):
        transport = Recorded(success(user()))
        own = make(side, mounts={"https://": transport})
        run(get_user(maker(side)(access_token=TOKEN, http_client=own)))
        assert transport.requests[0].url.params["access_token"] == TOKEN


@both_sides
def test_a_class_derived_from_one_of_httpx_is_one_too(side: Side, time: Time) -> None:
    class Sync(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            return old(success(user()))

    class Async(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            return old(success(user()))

    transport = Sync() if side == "sync" else Async()
    assert run(get_user(maker(side)(access_token=TOKEN, transport=transport))).id == "1001"


@both_sides
def test_connections_of_httpx_are_used(side: Side) -> None:
    with callback(lambda *_: (200, {"Content-Type": "application/json"}, success(user()).content)) as address:
        options = {"access_token": TOKEN, "base_url": f"{address}/v1", "max_retries": 0}
        if side == "sync":
            with httpx.Client(trust_env=False) as own:
                assert get_user(maker(side)(http_client=own, **options)).id == "1001"
        else:

            async def use() -> str:
                async with httpx.AsyncClient(trust_env=False) as own:
                    found: str = (await get_user(maker(side)(http_client=own, **options))).id
                    return found

            assert asyncio.run(use()) == "1001"


def test_other_errors_stay_as_they_are() -> None:
    for error in (RuntimeError("x"), httpx.StreamConsumed(), httpx2.ReadError("x")):
        assert error_of_httpx2(error) is error
    assert type(error_of_httpx2(httpx.InvalidURL("x"))) is httpx2.InvalidURL


PROGRAM = """
import sys
sys.modules["httpx"] = None
import httpx2
import instagram_client
from instagram_client import AsyncInstagram, Instagram
body = {"meta": {"code": 200}, "data": {"name": "snow", "media_count": 3}}
transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=body))
assert Instagram(access_token="T", transport=transport).tags.get("snow").media_count == 3
"""


def test_the_client_works_where_httpx_is_not_installed() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_where_httpx_is_an_alias_of_httpx2_it_is_httpx2() -> None:
    code = """
import httpx2
httpx2.alias_httpx()
import httpx
from instagram_client import Instagram
body = {"meta": {"code": 200}, "data": None}
own = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=body)))
raw = Instagram(access_token="T", http_client=own).likes.with_raw_response.create("1_2")
assert type(raw.http_response) is httpx2.Response
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_types_allow_both() -> None:
    """Checked by mypy, which reads this."""
    Instagram(access_token="T", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    Instagram(access_token="T", http_client=httpx2.Client())
    Instagram(access_token="T", http_client=httpx.Client())
