"""The plugin with test clients of frameworks that have their own: Django, Flask, and aiohttp."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from support.django_client import django_client
from wirecheck.model import Exchange
from wirecheck.testing.instruments import Instruments

BODY = b'{"a": "\xc3\xa4"}'
JSON = "application/json"


@pytest.fixture
def instruments() -> Iterator[Instruments]:
    instruments = Instruments()
    instruments.install()
    yield instruments
    instruments.remove()


def captured(instruments: Instruments) -> list[Exchange]:
    assert instruments.unreadable == 0
    return [each.exchange() for each in instruments.captured]


def require_echo(exchange: Exchange, name: str = "%C3%A4") -> None:
    assert (exchange.method, exchange.status) == ("POST", 200)
    assert exchange.url.partition("/v1/")[2] == f"things/{name}?q=%20x"
    assert (exchange.request_body, exchange.response_body) == (BODY, BODY)
    assert ("content-type", JSON) in exchange.request_headers
    assert ("content-type", JSON) in exchange.response_headers
    assert ("x-one", "1") in exchange.request_headers


def test_flask(instruments: Instruments) -> None:
    flask = pytest.importorskip("flask")

    def thing(name: str) -> Any:
        return flask.Response(flask.request.get_data(), content_type=JSON)

    app = flask.Flask("app")
    app.add_url_rule("/v1/things/<name>", view_func=thing, methods=["POST"])
    app.add_url_rule("/stream", "stream", lambda: iter(["one", "two"]))
    client = app.test_client()
    response = client.post("/v1/things/ä?q=%20x", data=BODY, content_type=JSON, headers={"X-One": "1"})
    assert response.data == BODY
    assert client.get("/stream").text == "onetwo"
    client.get("/stream").close()
    echo, read, unread = captured(instruments)
    require_echo(echo)
    assert (read.response_body, unread.response_body) == (b"onetwo", None)


def django_patterns() -> list[Any]:
    http, path = pytest.importorskip("django.http"), pytest.importorskip("django.urls").path

    def thing(request: Any, name: str) -> Any:
        response = http.HttpResponse(request.body, content_type=JSON)
        response.set_cookie("seen", "1")
        return response

    def stream(request: Any) -> Any:
        return http.StreamingHttpResponse(iter([b"one", b"two"]))

    return [
        path("v1/things/<name>", thing),
        path("stream", stream),
        path("old", lambda request: http.HttpResponseRedirect("/stream")),
    ]


def test_django(instruments: Instruments) -> None:
    client = django_client(django_patterns())
    client.post("/v1/things/ä?q=%20x", BODY, content_type=JSON, headers={"X-One": "1"})
    assert b"".join(client.get("/stream")) == b"onetwo"
    client.get("/old", follow=True)
    echo, read, old, new = captured(instruments)
    require_echo(echo)
    assert any(name == "set-cookie" for name, _ in echo.response_headers)
    assert read.response_body == b"onetwo"
    assert (old.status, new.status, new.response_body) == (302, 200, None)


def test_django_async(instruments: Instruments) -> None:
    client = django_client(django_patterns(), is_async=True)

    async def use() -> None:
        await client.post("/v1/things/a?q=%20x", BODY, content_type=JSON, headers={"X-One": "1"})

    asyncio.run(use())
    (echo,) = captured(instruments)
    require_echo(echo, "a")


def test_aiohttp(instruments: Instruments) -> None:
    web = pytest.importorskip("aiohttp.web")
    utilities = pytest.importorskip("aiohttp.test_utils")

    async def thing(request: Any) -> Any:
        return web.Response(body=await request.read(), content_type=JSON)

    async def old(request: Any) -> Any:
        raise web.HTTPFound("/new")

    async def new(request: Any) -> Any:
        return web.json_response({"a": 1})

    async def use() -> None:
        app = web.Application()
        app.router.add_post("/v1/things/{name}", thing)
        app.router.add_get("/old", old)
        app.router.add_route("*", "/new", new)
        async with utilities.TestClient(utilities.TestServer(app)) as client:
            headers = {"Content-Type": JSON, "X-One": "1"}
            response = await client.post("/v1/things/ä?q=%20x", data=BODY, headers=headers)
            assert await response.read() == BODY
            await (await client.get("/old")).json()
            await client.post("/new", json={"b": 2})
            await client.post("/new", data={"c": "d e"})

    asyncio.run(use())
    echo, *others = captured(instruments)
    require_echo(echo)
    assert sorted((each.status, each.response_body) for each in others if each.method == "GET") == [
        (200, b'{"a": 1}'),
        (302, None),  # aiohttp releases it unread
    ]
    assert [each.request_body for each in others[2:]] == [b'{"b": 2}', b"c=d+e"]
