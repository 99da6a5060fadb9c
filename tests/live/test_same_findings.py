"""The same exchanges give the findings of their recording through each client, middleware and test client."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import httpx
import httpx2
import pytest
import requests

from support.django_client import django_client
from support.faithful import faithful_exchanges
from support.paths import CONTRACT
from support.scripted import scripted_exchanges, scripted_server
from wirecheck.cli import run
from wirecheck.live import AsgiJudge, Monitor, WsgiJudge, judged
from wirecheck.model import Exchange
from wirecheck.recordings.writing.jsonl import write
from wirecheck.spec import load
from wirecheck.testing.instruments import Instruments
from wirecheck.testing.traffic import SuiteTraffic

SPEC = load(CONTRACT)
EXCHANGES = scripted_exchanges(list(faithful_exchanges(SPEC, "https://api.instagram.com")), 500)

Found = list[tuple[int, str]]
"""Entry and fingerprint of each finding, in their order."""
Message = MutableMapping[str, Any]


@pytest.fixture(scope="module")
def of_recording(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("recording")
    recording, report = folder / "traffic.jsonl", folder / "report.json"
    recording.write_bytes(b"".join(write(EXCHANGES)))
    assert run(["check", "--spec", str(CONTRACT), "--report", f"json={report}", str(recording)]) == 1
    findings = json.loads(report.read_text("utf-8"))["findings"]
    assert len({finding["check"] for finding in findings}) > 7
    return [(finding["entry"], finding["fingerprint"]) for finding in findings]


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with scripted_server(EXCHANGES) as origin:
        yield origin


@pytest.fixture
def monitor() -> Monitor:
    return Monitor.of(SPEC)


def found(monitor: Monitor) -> Found:
    assert monitor.judged == len(EXCHANGES)
    assert monitor.failed == monitor.unjudged == 0
    return [(finding.entry, finding.fingerprint) for finding in monitor.findings]


def at(origin: str, exchange: Exchange) -> str:
    parts = urlsplit(exchange.url)
    return f"{origin}{parts.path}{'?' * bool(parts.query)}{parts.query}"


def send(client: Any, origin: str = "https://api.instagram.com") -> None:
    """Sends the requests by a client of httpx or httpx2."""
    for each in EXCHANGES:
        headers = list(each.request_headers)
        client.request(each.method, at(origin, each), headers=headers, content=each.request_body)


async def send_asynchronously(client: Any, origin: str = "https://api.instagram.com") -> None:
    for each in EXCHANGES:
        headers = list(each.request_headers)
        await client.request(each.method, at(origin, each), headers=headers, content=each.request_body)


def send_by_requests(session: requests.Session, origin: str) -> None:
    for each in EXCHANGES:
        session.request(
            each.method,
            at(origin, each),
            headers=dict(each.request_headers),
            data=each.request_body,
            allow_redirects=False,
        )


async def send_by_aiohttp(session: Any, origin: str) -> None:
    for each in EXCHANGES:
        async with session.request(
            each.method,
            at(origin, each),
            headers=each.request_headers,
            data=each.request_body,
            allow_redirects=False,
        ) as response:
            await response.read()


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_through_httpx(library: Any, origin: str, monitor: Monitor, of_recording: Found) -> None:
    with judged(library.Client(trust_env=False), monitor, on_violation="collect") as client:
        send(client, origin)
    assert found(monitor) == of_recording


def test_through_asynchronous_httpx2(origin: str, monitor: Monitor, of_recording: Found) -> None:
    async def use() -> None:
        async with judged(httpx2.AsyncClient(trust_env=False), monitor, on_violation="collect") as client:
            await send_asynchronously(client, origin)

    asyncio.run(use())
    assert found(monitor) == of_recording


def test_through_requests(origin: str, monitor: Monitor, of_recording: Found) -> None:
    with judged(requests.Session(), monitor, on_violation="collect") as session:
        session.trust_env = False
        send_by_requests(session, origin)
    assert found(monitor) == of_recording


def test_through_aiohttp(origin: str, monitor: Monitor, of_recording: Found) -> None:
    aiohttp = pytest.importorskip("aiohttp")

    async def use() -> None:
        async with aiohttp.ClientSession(skip_auto_headers=["content-type"]) as session:
            await send_by_aiohttp(judged(session, monitor, on_violation="collect"), origin)

    asyncio.run(use())
    assert found(monitor) == of_recording


def asgi_app() -> Any:
    """An application that sends the responses one after the other."""
    script = iter(EXCHANGES)

    async def app(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        while (await receive()).get("more_body"):
            pass
        exchange = next(script)
        headers = [(name.encode(), value.encode()) for name, value in exchange.response_headers]
        await send({"type": "http.response.start", "status": exchange.status, "headers": headers})
        await send({"type": "http.response.body", "body": exchange.response_body, "more_body": True})
        await send({"type": "http.response.body"})

    return app


def wsgi_app() -> Any:
    script = iter(EXCHANGES)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        exchange = next(script)
        start_response(f"{exchange.status} Scripted", list(exchange.response_headers))
        yield exchange.response_body or b""

    return app


def test_through_asgi(monitor: Monitor, of_recording: Found) -> None:
    async def use() -> None:
        transport = httpx2.ASGITransport(AsgiJudge(asgi_app(), monitor, mode="report"))
        async with httpx2.AsyncClient(transport=transport) as client:
            await send_asynchronously(client)

    asyncio.run(use())
    assert found(monitor) == of_recording


def test_through_wsgi(monitor: Monitor, of_recording: Found) -> None:
    transport = httpx.WSGITransport(WsgiJudge(wsgi_app(), monitor, mode="warn"))
    with httpx.Client(transport=transport) as client:
        send(client)
    assert found(monitor) == of_recording


def found_by_plugin(use: Callable[[], object]) -> Found:
    """What the plugin of pytest finds where all checks are as strict as those of a recording."""
    instruments = Instruments()
    instruments.install()
    try:
        use()
    finally:
        instruments.remove()
    assert instruments.unreadable == 0
    assert len(instruments.captured) == len(EXCHANGES)
    traffic = SuiteTraffic(SPEC, is_strict=True, skips=lambda check, operation: False)
    return [
        (entry, finding.fingerprint)
        for entry, captured in enumerate(instruments.captured)
        for finding in traffic.add(captured.finish("test"))
    ]


def mocked(library: Any) -> Any:
    """A transport of httpx or httpx2."""
    script = iter(EXCHANGES)

    def handle(_: Any) -> Any:
        exchange = next(script)
        headers = list(exchange.response_headers)
        return library.Response(exchange.status, headers=headers, content=exchange.response_body)

    return library.MockTransport(handle)


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_plugin_with_httpx(library: Any, of_recording: Found) -> None:
    with library.Client(transport=mocked(library)) as client:
        assert found_by_plugin(lambda: send(client)) == of_recording


def test_plugin_with_asynchronous_httpx2(of_recording: Found) -> None:
    client = httpx2.AsyncClient(transport=mocked(httpx2))
    assert found_by_plugin(lambda: asyncio.run(send_asynchronously(client))) == of_recording


def test_plugin_with_requests(of_recording: Found) -> None:
    script = iter(EXCHANGES)

    class Scripted(requests.adapters.BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            exchange = next(script)
            response = requests.Response()
            response.url, response.request = str(request.url), request
            response.status_code, response.raw = exchange.status, BytesIO(exchange.response_body or b"")
            response.headers.update(exchange.response_headers)
            return response

        def close(self) -> None:
            """Has nothing open."""

    with requests.Session() as session:
        session.mount("http://", Scripted())
        assert found_by_plugin(lambda: send_by_requests(session, "http://testserver")) == of_recording


def test_plugin_with_aiohttp(origin: str, of_recording: Found) -> None:
    aiohttp = pytest.importorskip("aiohttp")

    async def use() -> None:
        async with aiohttp.ClientSession(skip_auto_headers=["content-type"]) as session:
            await send_by_aiohttp(session, origin)

    assert found_by_plugin(lambda: asyncio.run(use())) == of_recording


def test_plugin_with_starlette(of_recording: Found) -> None:
    testclient = pytest.importorskip("starlette.testclient")
    client = testclient.TestClient(asgi_app(), follow_redirects=False)
    assert found_by_plugin(lambda: send(client, "http://testserver")) == of_recording


def test_plugin_with_flask(of_recording: Found) -> None:
    flask = pytest.importorskip("flask")
    app = flask.Flask("app")
    app.wsgi_app = wsgi_app()
    client = app.test_client()

    def use() -> None:
        for each in EXCHANGES:
            headers = list(each.request_headers)
            response = client.open(at("", each), method=each.method, headers=headers, data=each.request_body)
            response.get_data()  # which has no Content-Length, and is a stream therefore

    assert found_by_plugin(use) == of_recording


def test_plugin_with_django(of_recording: Found) -> None:
    http, urls = pytest.importorskip("django.http"), pytest.importorskip("django.urls")
    script = iter(EXCHANGES)

    def view(_: Any) -> Any:
        exchange = next(script)
        headers = {"content-type": "", **dict(exchange.response_headers)}
        response = http.HttpResponse(exchange.response_body, status=exchange.status, headers=headers)
        if not headers["content-type"]:
            del response["content-type"]
        return response

    client = django_client([urls.re_path("", view)])

    def use() -> None:
        for each in EXCHANGES:
            headers = dict(each.request_headers)
            content_type = headers.pop("content-type", "")
            client.generic(each.method, at("", each), each.request_body, content_type, headers=headers)

    assert found_by_plugin(use) == of_recording
