"""Applications of ASGI and of WSGI whose exchanges are judged: what is added, replaced, and left alone."""

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any
from wsgiref.util import FileWrapper, setup_testing_defaults
from wsgiref.validate import validator

import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from werkzeug.test import Client

from support.paths import SPECS
from wirecheck.live import PROBLEM, AsgiJudge, Monitor, WsgiJudge
from wirecheck.spec import load

SPEC = load(SPECS / "petshop.yaml")
RIGHT = {"id": "7", "name": "Rex"}
WRONG = {"id": "7"}
HEADER = "x-wirecheck-violations"
FORM = {"content-type": "application/x-www-form-urlencoded"}

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Sent = tuple[int, dict[str, str], bytes]
"""Status, headers and body of a response."""
Sender = Callable[..., Sent]
App = Callable[[Monitor, str, Any], Sender]
"""Gives what sends a request to an application that responds with a value."""

ran: list[str] = []


@pytest.fixture
def monitor() -> Monitor:
    return Monitor.of(SPEC)


def of_asgi(monitor: Monitor, mode: str, value: Any) -> Sender:
    async def respond(request: Request) -> Response:
        ran.append((await request.body()).decode())
        return JSONResponse(value, 201 if request.method == "POST" else 200)

    app = Starlette(routes=[Route("/{rest:path}", respond, methods=["GET", "POST"])])
    client = TestClient(AsgiJudge(app, monitor, mode=mode))

    def send(method: str = "GET", path: str = "/pets/7", body: bytes = b"") -> Sent:
        response = client.request(method, path, content=body, headers=FORM if body else {})
        return response.status_code, dict(response.headers), response.content

    return send


def of_wsgi(monitor: Monitor, mode: str, value: Any) -> Sender:
    def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        ran.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0))).decode())
        content = json.dumps(value).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        start_response("201 Created" if environ["REQUEST_METHOD"] == "POST" else "200 OK", headers)
        return [content]

    client = Client(validator(WsgiJudge(validator(respond), monitor, mode=mode)))

    def send(method: str = "GET", path: str = "/pets/7", body: bytes = b"") -> Sent:
        with client.open(path, method=method, data=body, headers=FORM if body else {}) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return response.status_code, headers, response.get_data()

    return send


BOTH = pytest.mark.parametrize("app", [of_asgi, of_wsgi])


@BOTH
def test_a_report_changes_nothing(app: App, monitor: Monitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "wirecheck.live"):
        send = app(monitor, "report", WRONG)
        assert send() == send()
    status, headers, body = send()
    assert (status, json.loads(body)) == (200, WRONG)
    assert HEADER not in headers
    assert [each.check for each in monitor.findings] == ["body-matches-schema"] * 3
    assert len(caplog.records) == 1


@BOTH
def test_a_warning_is_a_header(app: App, monitor: Monitor) -> None:
    status, headers, body = app(monitor, "warn", WRONG)()
    assert (status, headers[HEADER], json.loads(body)) == (200, "1", WRONG)
    assert HEADER not in app(monitor, "warn", RIGHT)()[1]


@BOTH
def test_a_broken_response_is_replaced(app: App, monitor: Monitor) -> None:
    status, headers, body = app(monitor, "enforce", WRONG)()
    assert (status, headers["content-type"]) == (500, PROBLEM)
    assert json.loads(body)["findings"][0]["check"] == "body-matches-schema"
    assert int(headers["content-length"]) == len(body)
    assert app(monitor, "enforce", RIGHT)() == app(monitor, "report", RIGHT)()


@BOTH
def test_a_broken_request_does_not_reach_the_application(app: App, monitor: Monitor) -> None:
    ran.clear()
    status, headers, body = app(monitor, "enforce", RIGHT)("POST", "/pets", b"vaccinated=maybe")
    assert (status, headers["content-type"], ran) == (400, PROBLEM, [])
    assert json.loads(body)["violations"] >= 1
    assert app(monitor, "enforce", RIGHT)("POST", "/pets", b"name=Rex")[0] == 201
    assert ran == ["name=Rex"]


@BOTH
def test_what_the_document_does_not_know_is_left_to_the_application(app: App, monitor: Monitor) -> None:
    status, _, body = app(monitor, "enforce", "fine")("GET", "/health")
    assert (status, body) == (200, b'"fine"')
    assert [each.check for each in monitor.findings] == ["operation-known"]


@BOTH
@pytest.mark.parametrize("mode", ["report", "warn", "enforce"])
def test_a_body_that_is_too_large_passes(app: App, mode: str) -> None:
    monitor = Monitor.of(SPEC, max_body=8)
    assert json.loads(app(monitor, mode, WRONG)()[2]) == WRONG
    ran.clear()
    assert app(monitor, mode, RIGHT)("POST", "/pets", b"vaccinated=maybe")[0] == 201
    assert ran == ["vaccinated=maybe"]
    assert (monitor.unjudged, monitor.violating) == (3, 0)


@BOTH
def test_a_failure_of_the_judge_is_none_of_the_application(
    app: App, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(monitor, "judge", failing)
    monkeypatch.setattr(monitor, "request_findings", failing)
    for mode in ("report", "warn", "enforce"):
        assert app(monitor, mode, RIGHT)()[0] == 200
    assert monitor.failed == 3


# ASGI.


def test_the_root_path_is_part_of_the_path(monitor: Monitor) -> None:
    inner = Starlette(routes=[Route("/pets/7", lambda _: JSONResponse(RIGHT))])
    below = Monitor.of({**SPEC.document.data, "servers": [{"url": "/shop"}]})
    app = Starlette(routes=[Mount("/shop", AsgiJudge(inner, below))])
    assert TestClient(app).get("/shop/pets/7").status_code == 200
    assert below.findings == []
    app = Starlette(routes=[Mount("/shop", AsgiJudge(inner, monitor))])
    TestClient(app).get("/shop/pets/7")
    assert [each.check for each in monitor.findings] == ["operation-known"]


def test_a_background_task_runs_after_the_response_was_judged(monitor: Monitor) -> None:
    def respond(_: Request) -> Response:
        return JSONResponse(WRONG, background=BackgroundTask(lambda: ran.append(f"judged {monitor.judged}")))

    ran.clear()
    TestClient(AsgiJudge(Starlette(routes=[Route("/pets/7", respond)]), monitor)).get("/pets/7")
    assert ran == ["judged 1"]


@pytest.mark.parametrize("mode", ["report", "warn", "enforce"])
def test_an_exception_of_an_application_passes(mode: str, monitor: Monitor) -> None:
    async def broken(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError

    def failing(environ: object, start_response: Callable[..., object]) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"{"
        raise KeyError

    with pytest.raises(KeyError):
        TestClient(AsgiJudge(broken, monitor, mode=mode)).get("/pets/7")
    with pytest.raises(KeyError):
        Client(WsgiJudge(failing, monitor, mode=mode)).get("/pets/7").get_data()
    assert monitor.judged == 0


def sent_by(monitor: Monitor, mode: str, *messages: Message) -> list[Message]:
    """What leaves the middleware around an application that sends these messages."""
    sent: list[Message] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/pets/7", "headers": []}
    asyncio.run(AsgiJudge(app, monitor, mode=mode)(scope, receive, send))
    return sent


START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}


@pytest.mark.parametrize("mode", ["report", "warn", "enforce"])
@pytest.mark.parametrize(
    "messages",
    [
        [START, {"type": "http.response.pathsend", "path": "/pet.json"}],
        [
            {**START, "trailers": True},
            {"type": "http.response.body", "body": json.dumps(RIGHT).encode()},
            {"type": "http.response.trailers", "headers": [], "more_trailers": False},
        ],
        [
            {"type": "http.response.early_hint", "links": []},
            START,
            {"type": "http.response.body", "body": b'{"id": "7"', "more_body": True},
            {"type": "http.response.body", "body": b', "name": "Rex"}', "more_body": False},
        ],
    ],
)
def test_extensions_pass(messages: list[Message], mode: str, monitor: Monitor) -> None:
    assert sent_by(monitor, mode, *messages) == messages
    assert (monitor.judged, monitor.findings) == (1, [])


@pytest.mark.parametrize("mode", ["warn", "enforce"])
def test_a_stream_of_events_is_not_held_back(mode: str, monitor: Monitor) -> None:
    async def events() -> Any:
        yield f"data: {monitor.judged}\n\n"

    def respond(_: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    app = AsgiJudge(Starlette(routes=[Route("/pets/7", respond)]), monitor, mode=mode)
    assert TestClient(app).get("/pets/7").text == "data: 0\n\n"
    assert [each.check for each in monitor.findings] == ["media-type-documented"]


def test_a_large_body_is_judged_in_a_thread(monitor: Monitor) -> None:
    threads: list[bool] = []
    monitor.observe(lambda *_: threads.append(threading.current_thread() is threading.main_thread()))
    for padding in (10, 200_000):
        body = json.dumps({**WRONG, "padding": "x" * padding}).encode()
        sent_by(monitor, "report", START, {"type": "http.response.body", "body": body})
    assert threads == [True, False]
    assert monitor.violating == 2


def test_other_scopes_pass(monitor: Monitor) -> None:
    scopes: list[str] = []

    async def app(scope: Message, receive: object, send: object) -> None:
        scopes.append(scope["type"])
        assert receive is send

    async def channel(*_: object) -> Any:
        raise AssertionError("it is only passed on")

    for kind in ("lifespan", "websocket"):
        asyncio.run(AsgiJudge(app, monitor)({"type": kind}, channel, channel))
    assert scopes == ["lifespan", "websocket"]


# WSGI.


def test_the_script_name_is_part_of_the_path() -> None:
    monitor = Monitor.of({**SPEC.document.data, "servers": [{"url": "/shop"}]})

    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(WRONG).encode()]

    Client(WsgiJudge(app, monitor)).get("/pets/7%2F8", base_url="http://localhost/shop").get_data()
    assert [(each.check, each.path) for each in monitor.findings] == [
        ("body-matches-schema", "/shop/pets/7%2F8")
    ]


def test_a_file_is_left_to_the_server(monitor: Monitor) -> None:
    file = FileWrapper(io.BytesIO(json.dumps(WRONG).encode()))

    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return file

    environ: dict[str, Any] = {"PATH_INFO": "/pets/7", "wsgi.file_wrapper": FileWrapper}
    setup_testing_defaults(environ)
    assert WsgiJudge(app, monitor)(environ, lambda *_: print) is file
    assert (monitor.judged, monitor.findings) == (1, [])


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"PATH_INFO": "/\xc3\xa9", "RAW_URI": "/%c3%A9?a=b"}, "/%c3%A9"),
        ({"PATH_INFO": "/\xe9", "REQUEST_URI": "/%E9"}, "/%E9"),
        ({"PATH_INFO": "/\xc3\xa9", "RAW_URI": "/other"}, "/%C3%A9"),
        ({"PATH_INFO": "/\xc3\xa9", "REQUEST_URI": "http://shop.test/%C3%A9"}, "/%C3%A9"),
        ({"PATH_INFO": "/\u017f"}, "/%C5%BF"),
        ({"SCRIPT_NAME": "/shop", "PATH_INFO": "/a b", "RAW_URI": "/a%20b"}, "/shop/a%20b"),
    ],
)
def test_the_path_is_as_it_was_sent(environ: dict[str, Any], path: str, monitor: Monitor) -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"{}"]

    urls: list[str] = []
    monitor.observe(lambda exchange, _: urls.append(exchange.url))
    setup_testing_defaults(environ)
    list(WsgiJudge(app, monitor)(environ, lambda *_: print))
    assert urls == [f"http://127.0.0.1{path}"]


@pytest.mark.parametrize("mode", ["report", "enforce"])
def test_a_body_without_a_length_is_read_to_its_end(mode: str, monitor: Monitor) -> None:
    read: list[bytes] = []

    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        read.extend(environ["wsgi.input"])
        start_response("201 Created", [("Content-Type", "application/json")])
        return [json.dumps(RIGHT).encode()]

    for body in (b"name=Rex", b"vaccinated=true"):
        Client(WsgiJudge(app, monitor, mode=mode)).post(
            "/pets",
            input_stream=io.BytesIO(body),
            headers=FORM,
            environ_overrides={"wsgi.input_terminated": True},
        ).close()
    assert read == ([b"name=Rex"] if mode == "enforce" else [b"name=Rex", b"vaccinated=true"])
    assert monitor.violating == (mode == "report")


@pytest.mark.parametrize("mode", ["report", "warn", "enforce"])
def test_what_an_application_writes_by_itself_is_judged(mode: str, monitor: Monitor) -> None:
    """By the callable that PEP 3333 keeps for old applications."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        write = start_response("200 OK", [("Content-Type", "application/json")])
        write(json.dumps(RIGHT).encode()[:5])
        return [json.dumps(RIGHT).encode()[5:]]

    with Client(WsgiJudge(app, monitor, mode=mode)).get("/pets/7") as response:
        assert json.loads(response.get_data()) == RIGHT
    assert (monitor.judged, monitor.findings) == (1, [])


def test_an_application_may_start_another_response_after_an_error(monitor: Monitor) -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        try:
            raise KeyError
        except KeyError:
            start_response("500 Oops", [("Content-Type", "text/plain")], sys.exc_info())
        return [b"oops"]

    with Client(WsgiJudge(app, monitor, mode="warn")).get("/pets/7") as response:
        assert (response.status_code, response.get_data()) == (500, b"oops")
    assert {each.status for each in monitor.findings} == {500}


def test_an_application_that_never_starts_a_response_is_not_judged(monitor: Monitor) -> None:
    environ: dict[str, Any] = {"PATH_INFO": "/pets/7"}
    setup_testing_defaults(environ)
    assert list(WsgiJudge(lambda *_: [], monitor)(environ, lambda *_: pytest.fail("it starts"))) == []
    assert monitor.judged == 0


def test_a_monitor_is_that_of_its_applications(monitor: Monitor) -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        pass

    assert AsgiJudge(app, monitor).monitor is monitor


def test_a_client_that_leaves_early_does_not_block_an_application(monitor: Monitor) -> None:
    received: list[Message] = []
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"na", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        received.extend([await receive(), await receive()])

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        received.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/pets",
        "headers": [(b"content-type", FORM["content-type"].encode())],
    }
    asyncio.run(AsgiJudge(app, monitor, mode="enforce")(scope, receive, send))
    assert [message["type"] for message in received] == ["http.request", "http.disconnect"]


def test_a_large_body_is_not_held_back_to_its_end() -> None:
    monitor = Monitor.of(SPEC, max_body=10)
    pieces = [
        {"type": "http.response.body", "body": b"x" * 9, "more_body": more} for more in (True, True, False)
    ]
    assert sent_by(monitor, "enforce", START, *pieces) == [START, *pieces]
    assert monitor.judged == 1


def test_a_server_may_leave_the_root_path_out_of_the_path() -> None:
    monitor = Monitor.of({**SPEC.document.data, "servers": [{"url": "/shop"}]})
    urls: list[str] = []
    monitor.observe(lambda exchange, _: urls.append(exchange.url))

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        await send(START)
        await send({"type": "http.response.body", "body": b"{}"})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        pass

    for path in ("/pets/7", "/shop/pets/7"):
        scope: Message = {"type": "http", "method": "GET", "path": path, "root_path": "/shop", "headers": []}
        asyncio.run(AsgiJudge(app, monitor)(scope, receive, send))
    assert [url.partition("/shop")[2] for url in urls] == ["/pets/7"] * 2
