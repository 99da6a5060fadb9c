"""Clients of every library whose exchanges are judged: what they raise, and what they leave alone."""

import asyncio
import gzip
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import httpx2
import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from support.paths import SPECS
from support.scripted import scripted_server
from wirecheck.live import Monitor, ViolationError, ViolationWarning, judged
from wirecheck.model import Exchange
from wirecheck.spec import load

SPEC = load(SPECS / "petshop.yaml")
RIGHT = {"id": "7", "name": "Rex"}
WRONG = {"id": "7", "born": "2015-10-01T12:00:00Z"}
PATH = "/pets/7?api_key=hunter2hunter2"

Get = Callable[[str, Monitor, str], bytes]
"""Gets the body of a URL with a client of a library that is judged by a monitor."""


def response(body: Any, status: int = 200, *headers: tuple[str, str]) -> Exchange:
    """An exchange of which only the response matters."""
    return Exchange(
        source="script",
        entry=0,
        method="GET",
        url="/",
        status=status,
        response_headers=(("content-type", "application/json"), *headers),
        response_body=body if isinstance(body, bytes) else json.dumps(body).encode(),
    )


def with_httpx(url: str, monitor: Monitor, on_violation: str) -> bytes:
    with judged(httpx.Client(trust_env=False), monitor, on_violation=on_violation) as client:
        return client.get(url).content


def with_httpx2(url: str, monitor: Monitor, on_violation: str) -> bytes:
    with judged(httpx2.Client(trust_env=False), monitor, on_violation=on_violation) as client:
        return client.get(url).content


def with_asynchronous_httpx(url: str, monitor: Monitor, on_violation: str) -> bytes:
    async def get() -> bytes:
        async with judged(httpx.AsyncClient(trust_env=False), monitor, on_violation=on_violation) as client:
            return (await client.get(url)).content

    return asyncio.run(get())


def with_requests(url: str, monitor: Monitor, on_violation: str) -> bytes:
    with judged(requests.Session(), monitor, on_violation=on_violation) as session:
        session.trust_env = False
        return session.get(url).content


def with_aiohttp(url: str, monitor: Monitor, on_violation: str) -> bytes:
    aiohttp = pytest.importorskip("aiohttp")

    async def get() -> bytes:
        session = judged(aiohttp.ClientSession(), monitor, on_violation=on_violation)
        async with session, session.get(url) as answer:
            body: bytes = await answer.read()
            return body

    return asyncio.run(get())


CLIENTS = [with_httpx, with_httpx2, with_asynchronous_httpx, with_requests, with_aiohttp]


@pytest.fixture
def monitor() -> Monitor:
    return Monitor.of(SPEC)


@pytest.fixture(scope="module")
def origins() -> Iterator[dict[str, str]]:
    """Servers, by what they respond with."""
    squeezed = response(gzip.compress(json.dumps(WRONG).encode()), 200, ("content-encoding", "gzip"))
    moved = response({}, 302, ("location", "/pets/7"))
    with (
        scripted_server([response(RIGHT)]) as right,
        scripted_server([response(WRONG)]) as wrong,
        scripted_server([squeezed]) as squeezing,
        scripted_server([moved, response(RIGHT)]) as moving,
        scripted_server([response({}, 418)]) as teapot,
    ):
        yield {"right": right, "wrong": wrong, "gzip": squeezing, "redirect": moving, "teapot": teapot}


@pytest.mark.parametrize("get", CLIENTS)
def test_a_violation_is_raised(get: Get, origins: dict[str, str], monitor: Monitor) -> None:
    with pytest.raises(ViolationError, match=r"GET /pets/7: 200: .*name.*, defined at .*yaml:\d+") as caught:
        get(origins["wrong"] + PATH, monitor, "raise")
    assert [each.check for each in caught.value.findings] == ["body-matches-schema"]
    assert "hunter2" not in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).findings == caught.value.findings
    assert get(origins["right"] + PATH, monitor, "raise") == json.dumps(RIGHT).encode()
    assert (monitor.judged, monitor.violating) == (2, 1)


@pytest.mark.parametrize("get", CLIENTS)
def test_a_violation_is_warned_of(get: Get, origins: dict[str, str], monitor: Monitor) -> None:
    with pytest.warns(ViolationWarning, match="name"):
        assert get(origins["wrong"] + PATH, monitor, "warn") == json.dumps(WRONG).encode()


@pytest.mark.parametrize("get", CLIENTS)
def test_a_compressed_body_is_judged_as_what_it_is(
    get: Get, origins: dict[str, str], monitor: Monitor
) -> None:
    assert get(origins["gzip"] + PATH, monitor, "collect") == json.dumps(WRONG).encode()
    assert [each.check for each in monitor.findings] == ["body-matches-schema"]
    with pytest.raises(ViolationError):
        monitor.raise_for_violations()


@pytest.mark.parametrize("get", CLIENTS)
def test_a_failure_of_the_judge_is_none_of_the_traffic(
    get: Get,
    origins: dict[str, str],
    monitor: Monitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(monitor, "judge", failing)
    with caplog.at_level(logging.ERROR, "wirecheck.live"):
        for _ in range(2):
            assert get(origins["right"] + PATH, monitor, "raise") == json.dumps(RIGHT).encode()
    assert monitor.failed == 2
    assert [record.message for record in caplog.records] == [
        "the judge failed, and the traffic passed: ZeroDivisionError"
    ]


# What is streamed.


class Pieces(httpx2.SyncByteStream):
    """The body of a response, which takes note of what is read of it."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.read += 1
            yield piece


def client_of(pieces: Pieces, monitor: Monitor, status: int = 200) -> httpx2.Client:
    headers = {"content-type": "application/json"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, headers=headers, stream=pieces))
    return judged(httpx2.Client(transport=transport, base_url="https://shop.test"), monitor)


def test_a_stream_is_judged_at_its_end(monitor: Monitor) -> None:
    pieces = Pieces(b'{"id": "7",', b' "name": 7}')
    with client_of(pieces, monitor) as client, client.stream("GET", "/pets/7") as answer:
        assert (pieces.read, monitor.judged) == (0, 0)
        read = answer.iter_bytes()
        assert next(read) == b'{"id": "7",'
        assert (pieces.read, monitor.judged) == (1, 0)
        assert next(read) == b' "name": 7}'
        with pytest.raises(ViolationError, match="name"):
            next(read)


def test_a_stream_that_is_closed_early_is_judged_without_its_body(monitor: Monitor) -> None:
    with client_of(Pieces(b'{"id":', b"7}"), monitor) as client, client.stream("GET", "/pets/7") as answer:
        next(answer.iter_bytes())
    assert (monitor.judged, monitor.findings) == (1, [])
    client = client_of(Pieces(b"{}"), monitor, 418)
    with pytest.raises(ViolationError, match="418"), client, client.stream("GET", "/pets/7"):
        pass


def test_the_exception_of_a_person_is_not_replaced(monitor: Monitor) -> None:
    client = client_of(Pieces(b"{}"), monitor, 418)
    with pytest.raises(KeyError), client, client.stream("GET", "/pets/7"):
        raise KeyError
    assert monitor.violating == 1


def test_a_body_that_is_too_large_is_not_kept() -> None:
    monitor = Monitor.of(SPEC, max_body=1000)
    with client_of(Pieces(*[b"x" * 100] * 50), monitor) as client:
        assert len(client.get("/pets/7").content) == 5000
    assert (monitor.unjudged, monitor.findings) == (1, [])


def test_requests_reads_a_stream_at_its_own_pace(origins: dict[str, str], monitor: Monitor) -> None:
    with judged(requests.Session(), monitor) as session:
        session.trust_env = False
        answer = session.get(origins["wrong"] + PATH, stream=True)
        assert monitor.judged == 0
        with pytest.raises(ViolationError):
            list(answer.iter_lines(decode_unicode=True))
        session.get(origins["wrong"] + PATH, stream=True).close()
    assert (monitor.judged, monitor.violating) == (2, 1)


def test_aiohttp_reads_a_stream_at_its_own_pace(origins: dict[str, str], monitor: Monitor) -> None:
    aiohttp = pytest.importorskip("aiohttp")

    async def get() -> None:
        async with judged(aiohttp.ClientSession(), monitor, on_violation="collect") as session:
            async with session.get(origins["wrong"] + PATH) as answer:
                assert monitor.judged == 0
                body = b"".join([piece async for piece in answer.content.iter_chunked(7)])
                assert body == json.dumps(WRONG).encode()
                assert monitor.violating == 1
            async with session.get(origins["wrong"] + PATH):
                pass
            with pytest.raises(aiohttp.ClientResponseError):
                await session.get(origins["teapot"] + PATH, raise_for_status=True)

    asyncio.run(get())
    assert (monitor.judged, monitor.violating) == (3, 2)


# What is sent.


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_request_is_judged_however_its_body_is_sent(library: Any, monitor: Monitor) -> None:
    def handle(request: Any) -> Any:
        request.read()
        return library.Response(201, json=RIGHT)

    def pieces() -> Iterator[bytes]:
        yield b"nam"
        yield b"e=Rex"

    headers = {"content-type": "application/x-www-form-urlencoded"}
    transport = judged(library.MockTransport(handle), monitor, on_violation="collect")
    with library.Client(transport=transport, base_url="https://shop.test") as client:
        client.post("/pets", content=pieces(), headers=headers)
        client.post("/pets", data={"name": "Rex"})
        assert monitor.findings == []
        client.post("/pets", files={"name": b"Rex"})
    assert [each.check for each in monitor.findings] == ["request-body-matches"]


@pytest.mark.parametrize("get", CLIENTS[3:])
def test_each_hop_of_a_redirect_is_an_exchange(get: Get, origins: dict[str, str], monitor: Monitor) -> None:
    assert get(origins["redirect"] + PATH, monitor, "collect") == json.dumps(RIGHT).encode()
    assert [each.status for each in monitor.findings] == [302]
    assert monitor.judged == 2


def test_a_test_client_is_judged(monitor: Monitor) -> None:
    app = Starlette()
    app.add_route("/pets/7", lambda _: JSONResponse(WRONG))
    with pytest.raises(ViolationError, match="name"):
        judged(TestClient(app), monitor).get("/pets/7")


def test_only_clients_are_judged() -> None:
    with pytest.raises(TypeError, match="dict is not a client of httpx, httpx2, requests, aiohttp"):
        judged({}, SPECS / "petshop.yaml")


def test_aiohttp_reads_by_whatever_method_and_the_body_is_judged(
    origins: dict[str, str], monitor: Monitor
) -> None:
    aiohttp = pytest.importorskip("aiohttp")
    whole = json.dumps(WRONG).encode()

    async def in_chunks(content: Any) -> bytes:
        pieces = []
        while not content.at_eof():
            piece, _ = await content.readchunk()
            pieces.append(piece)
        return b"".join(pieces)

    async def in_parts(content: Any) -> bytes:
        beginning: bytes = await content.readexactly(4)
        with pytest.deprecated_call():
            content.unread_data(beginning)
        beginning = await content.readuntil(b",")
        rest: bytes = content.read_nowait() or await content.readany()
        rest += await content.read()
        return beginning + rest

    async def in_lines(content: Any) -> bytes:
        return b"".join([await content.readline(), await content.readline()])

    async def get() -> None:
        async with judged(aiohttp.ClientSession(), monitor, on_violation="collect") as session:
            for number, read in enumerate((in_chunks, in_parts, in_lines), 1):
                async with session.get(origins["wrong"] + PATH) as answer:
                    assert await read(answer.content) == whole
                assert (monitor.judged, monitor.violating) == (number, number)

    asyncio.run(get())


def test_an_asynchronous_transport_is_judged(monitor: Monitor) -> None:
    closed = []

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=WRONG, request=request)

        async def aclose(self) -> None:
            closed.append(True)

    transport = judged(Transport(), monitor, on_violation="collect")

    async def get() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get("https://shop.test/pets/7")

    asyncio.run(get())
    assert closed == [True]
    assert [each.check for each in monitor.findings] == ["body-matches-schema"]
