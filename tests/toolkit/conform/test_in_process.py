"""ASGI applications tested in process."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from wirecheck.conform.asgi import InProcess, application_at
from wirecheck.model import SpecError, TargetError


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


def with_lifespan(events: list[str], failure: str = "") -> Starlette:
    """An application that notes its startup and shutdown, and has state."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, int]]:
        events.append("startup")
        if failure:
            raise RuntimeError(failure)
        yield {"number": 7}
        events.append("shutdown")

    async def number(request: Request) -> JSONResponse:
        return JSONResponse(request.state.number)

    return Starlette(routes=[Route("/", number)], lifespan=lifespan)


def test_startup_and_shutdown_of_an_application_are_run() -> None:
    events: list[str] = []
    with InProcess(with_lifespan(events)) as transport:
        assert events == ["startup"]
        for _ in range(2):
            assert transport.handle_request(httpx.Request("GET", "http://server.test/")).json() == 7
    assert events == ["startup", "shutdown"]


def test_an_application_whose_startup_fails_cannot_be_tested() -> None:
    transport = InProcess(with_lifespan([], "no database"))
    with pytest.raises(TargetError, match=r"startup of the application: failed: .*no database"):
        transport.__enter__()


def test_what_is_no_asgi_application_is_rejected() -> None:
    def wsgi(environ: Any, start_response: Any) -> list[bytes]:
        return []

    for value in (wsgi, 7, "text"):
        with pytest.raises(TargetError, match="is not an ASGI application"):
            InProcess(value)


DOCUMENT = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/": {"get": {}}}}


@pytest.mark.parametrize("way", ["method", "route", "broken", "nothing"])
def test_the_document_of_an_application_is_its_own(way: str) -> None:
    async def openapi(request: Request) -> Response:
        return JSONResponse(DOCUMENT) if way == "route" else PlainTextResponse("<html>")

    app: Any = Starlette(routes=[] if way == "nothing" else [Route("/openapi.json", openapi)])
    if way == "method":
        app.openapi = lambda: DOCUMENT
    with InProcess(app) as transport:
        spec = transport.document()
        assert (spec is not None) is (way in ("method", "route"))
        if spec:
            assert [operation.template for operation in spec.operations] == ["/"]
            assert transport.url(spec) == "http://server.test"


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
        assert scope["type"] == "http", "it knows nothing of lifespan"
        received.append(await receive())
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"twelve bytes"})
        received.append(await receive())

    with httpx.Client(transport=InProcess(listen)) as http:
        response = http.request("HEAD", "http://server.test/", content=b"sent")
    assert [message["type"] for message in received] == ["http.request", "http.disconnect"]
    assert received[0]["body"] == b"sent"
    assert (response.status_code, response.content) == (200, b"")


def test_a_document_of_an_application_that_cannot_be_used_is_an_error() -> None:
    app: Any = Starlette()
    app.openapi = lambda: {"openapi": "9.0", "info": {}}
    with (
        InProcess(app) as transport,
        pytest.raises(SpecError, match=r"^the application's openapi\.json:2: #/openapi: OpenAPI 9\.0"),
    ):
        transport.document()


def test_an_application_is_what_a_function_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "apps_of_test.py").write_text(
        "async def app(scope, receive, send): pass\n"
        "def make(): return app\n"
        "def broken(): raise RuntimeError('no database')\n"
        "def silent(): raise KeyError\n"
    )
    app = application_at("apps_of_test:app", "--app")
    assert application_at("apps_of_test:make", "--app") is app
    for name, message in [
        ("broken", "the function apps_of_test:broken failed: RuntimeError: no database"),
        ("silent", "the function apps_of_test:silent failed: KeyError"),
        ("missing", "apps_of_test:missing cannot be imported: AttributeError: "),
    ]:
        with pytest.raises(TargetError) as caught:
            application_at(f"apps_of_test:{name}", "--app")
        assert str(caught.value).startswith(f"--app: {message}")


def test_startup_and_shutdown_have_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.conform.asgi._LIFESPAN_SECONDS", 0.01)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(60)

    with pytest.raises(TargetError, match=r"^startup of the application: took longer than 0 s$"):
        InProcess(app).__enter__()


def test_other_messages_of_an_application_are_left_out() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http", "it knows nothing of lifespan"
        await send({"type": "http.response.start", "status": 200, "trailers": True})
        await send({"type": "http.response.body", "body": b"all"})
        await send({"type": "http.response.trailers", "headers": [(b"x", b"y")]})

    with httpx.Client(transport=InProcess(app)) as http:
        assert http.get("http://server.test/").content == b"all"
