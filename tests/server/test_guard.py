"""What one client can do to the others, and strangers to the server: time, size, number, host names."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from instagram_server import Settings, guard, limits, oauth, seed_data, wire
from instagram_server.config import ERA_STARTS, Era
from instagram_server.guard import HostCheck, Protocol
from support.serving import served

ALL = seed_data.tokens()["all"]
DEMO = seed_data.DEMO_CLIENT


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


async def greet(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


# Hosts

ALLOWED = [
    *("localhost", "LOCALHOST:8080", "localhost.:80", "app.localhost:1", "127.0.0.1", "127.0.0.1:8080"),
    *(
        "192.168.0.7:80",
        "[::1]",
        "[::1]:8080",
        "instagram.com",
        "api.instagram.com",
        "api.instagram.com:443",
    ),
    *("server.example", "Server.Example:8080", "backend"),
]
FOREIGN = [
    *("evil.example", "evil.example:8080", "notlocalhost", "localhost.evil.example", "evil-instagram.com"),
    *("instagram.com.evil.example", "127.0.0.1.evil.example", "127.0.0.1:evil.example", "x.server.example"),
    *("", ":80", "a b", "[::1", "\x1b[2J"),
]


@pytest.mark.parametrize("host", ALLOWED)
def test_addresses_and_own_names_are_allowed(host: str) -> None:
    assert _status([host]) == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_other_hosts_are_rejected(host: str) -> None:
    assert _status([host]) == 400
    assert _status(["localhost", host]) == 400


def test_a_request_without_a_host_is_allowed() -> None:
    assert _status([]) == 200


def _status(hosts: list[str]) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    headers = [(b"host", host.encode("latin-1")) for host in hosts]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    run(HostCheck(greet, ["Server.Example", "backend"])(scope, receive, send))
    assert b"\x1b" not in sent[1]["body"]
    status: int = sent[0]["status"]
    return status


# Time


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: a",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nX-Slow: a",
    ],
)
def test_a_connection_without_whole_headers_is_closed(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEAD_SECONDS", 0.05)

    async def scenario() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            config = uvicorn.Config(greet, http=Protocol, ws="none", lifespan="off", log_level="critical")
            config.timeout_keep_alive = 1  # it also ends what was sent along with a whole request
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server._serve([listening]))
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(sent)
            received = await asyncio.wait_for(reader.read(), 10)  # until the server closes the connection
            assert received.count(b"200 OK") == sent.count(b"\r\n\r\n")
            writer.close()
            server.should_exit = True
            await serving

    run(scenario())


def test_a_slow_application_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "HEAD_SECONDS", 0.01)

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05)
        await greet(scope, receive, send)

    async def scenario() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            config = uvicorn.Config(slow, http=Protocol, ws="none", lifespan="off", log_level="critical")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server._serve([listening]))
            host, port = listening.getsockname()
            async with httpx.AsyncClient(trust_env=False) as client:
                for _ in range(2):
                    assert (await client.get(f"http://{host}:{port}/")).text == "hello"
            server.should_exit = True
            await serving

    run(scenario())


def test_a_body_that_does_not_arrive_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_SECONDS", 0.02)

    async def body() -> AsyncIterator[bytes]:
        yield b"text="
        await asyncio.Event().wait()

    async def scenario() -> None:
        async with served() as (client, _):
            for path in ("/oauth/access_token", f"/v1/media/1/comments?access_token={ALL}", "/demo/media"):
                response = await client.post(path, content=body())
                assert response.status_code == 408
                assert "too slow" in response.text

    run(scenario())


# Size and number


@pytest.mark.parametrize(
    "path", ["/oauth/access_token", "/oauth/authorize/", "/demo/media", "/v1/media/1/likes"]
)
@pytest.mark.parametrize(
    ("body", "problem"),
    [(b"a&" * 500_000, "too large"), (b"%41" * 30_000, "too large"), (b"a&" * 1000, "too many fields")],
)
def test_an_expensive_form_is_rejected(path: str, body: bytes, problem: str) -> None:
    async def scenario() -> None:
        async with served() as (client, _):
            headers = {"content-type": "application/x-www-form-urlencoded"}
            response = await client.post(path, content=body, headers=headers)
            assert response.status_code == 400
            assert problem in response.text

    run(scenario())


def test_a_token_posts_a_limited_number_of_media(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "POSTS", 2)

    async def scenario() -> None:
        now = ERA_STARTS[Era.NOVEMBER_2015].timestamp()
        settings = Settings(rate_limit=None, write_limit=None, clock=lambda: now)
        async with served(settings) as (client, _):
            fields = {"access_token": ALL}
            statuses = [(await client.post("/demo/media", data=fields)).status_code for _ in range(3)]
            assert statuses == [200, 200, 429]
            now += limits.HOUR
            assert (await client.post("/demo/media", data=fields)).status_code == 200

    run(scenario())


# Codes


@pytest.mark.parametrize(("seconds", "status"), [(oauth.CODE_SECONDS - 1, 200), (oauth.CODE_SECONDS, 400)])
def test_a_code_expires(seconds: int, status: int) -> None:
    async def scenario() -> None:
        now = ERA_STARTS[Era.NOVEMBER_2015].timestamp()
        async with served(Settings(clock=lambda: now)) as (client, platform):
            row = ("abc", DEMO.id, seed_data.ADA, "basic", DEMO.redirect_uri, 0, platform.now())
            platform.store.insert("code", [row])
            form = {
                "client_id": DEMO.id,
                "client_secret": DEMO.secret,
                "grant_type": "authorization_code",
                "redirect_uri": DEMO.redirect_uri,
                "code": "abc",
            }
            now += seconds
            response = await client.post("/oauth/access_token", data=form)
            assert response.status_code == status
            assert status == 200 or response.json()["error_message"] == "No matching code found."
            assert (await client.post("/oauth/access_token", data=form)).status_code == 400

    run(scenario())
