"""ASGI applications tested in process."""

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from wirecheck.conform.asgi import InProcess


async def _zipped(request: Request) -> JSONResponse:
    return JSONResponse({"long": "x" * 5000})


async def _crashing(request: Request) -> JSONResponse:
    raise ZeroDivisionError


def test_an_application_responds_as_over_a_network() -> None:
    app = Starlette(routes=[Route("/zipped", _zipped), Route("/crashing", _crashing)])
    app.add_middleware(GZipMiddleware)
    with httpx.Client(transport=InProcess(app)) as http:
        zipped = http.get("http://server.test/zipped")
        assert (zipped.headers["Content-Encoding"], zipped.json()) == ("gzip", {"long": "x" * 5000})
        assert http.get("http://server.test/crashing").status_code == 500


def test_an_application_that_hangs_times_out() -> None:
    async def hang(request: Request) -> JSONResponse:
        import asyncio

        await asyncio.sleep(60)
        return JSONResponse({})

    app = Starlette(routes=[Route("/", hang)])
    with httpx.Client(transport=InProcess(app), timeout=0.05) as http, pytest.raises(httpx.ReadTimeout):
        http.get("http://server.test/")


@pytest.mark.parametrize("started", [False, True])
def test_an_application_that_raises_is_a_failing_server(started: bool) -> None:
    async def fail(scope: Any, receive: Any, send: Any) -> None:
        if started:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"[", "more_body": True})
        raise RuntimeError("it fails")

    with httpx.Client(transport=InProcess(fail)) as http:
        if not started:
            assert http.get("http://server.test/").status_code == 500
            return
        with pytest.raises(httpx.RemoteProtocolError, match="before its response was complete"):
            http.get("http://server.test/")


def test_an_application_is_notified_of_the_disconnection() -> None:
    received = []

    async def listen(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        received.append(await receive())
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"twelve bytes"})
        received.append(await receive())

    with httpx.Client(transport=InProcess(listen)) as http:
        response = http.request("HEAD", "http://server.test/", content=b"sent")
    assert [message["type"] for message in received] == ["http.request", "http.disconnect"]
    assert received[0]["body"] == b"sent"
    assert (response.status_code, response.content) == (200, b"")
