"""The same exchanges through every transport and every middleware give the findings of their recording."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import httpx2
import pytest
import requests

from support.faithful import faithful_exchanges
from support.paths import CONTRACT
from support.scripted import scripted_exchanges, scripted_server
from wirecheck.cli import run
from wirecheck.live import AsgiJudge, Monitor, WsgiJudge, judged
from wirecheck.model import Exchange
from wirecheck.recordings.writing.jsonl import write
from wirecheck.spec import load

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


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_through_httpx(library: Any, origin: str, monitor: Monitor, of_recording: Found) -> None:
    with judged(library.Client(trust_env=False), monitor, on_violation="collect") as client:
        for each in EXCHANGES:
            headers = list(each.request_headers)
            client.request(each.method, at(origin, each), headers=headers, content=each.request_body)
    assert found(monitor) == of_recording


def test_through_asynchronous_httpx2(origin: str, monitor: Monitor, of_recording: Found) -> None:
    async def send() -> None:
        async with judged(httpx2.AsyncClient(trust_env=False), monitor, on_violation="collect") as client:
            for each in EXCHANGES:
                headers = list(each.request_headers)
                await client.request(
                    each.method, at(origin, each), headers=headers, content=each.request_body
                )

    asyncio.run(send())
    assert found(monitor) == of_recording


def test_through_requests(origin: str, monitor: Monitor, of_recording: Found) -> None:
    with judged(requests.Session(), monitor, on_violation="collect") as session:
        session.trust_env = False
        for each in EXCHANGES:
            session.request(
                each.method,
                at(origin, each),
                headers=dict(each.request_headers),
                data=each.request_body,
                allow_redirects=False,
            )
    assert found(monitor) == of_recording


def test_through_aiohttp(origin: str, monitor: Monitor, of_recording: Found) -> None:
    aiohttp = pytest.importorskip("aiohttp")

    async def send() -> None:
        async with aiohttp.ClientSession(skip_auto_headers=["content-type"]) as session:
            judged(session, monitor, on_violation="collect")
            for each in EXCHANGES:
                async with session.request(
                    each.method,
                    at(origin, each),
                    headers=each.request_headers,
                    data=each.request_body,
                    allow_redirects=False,
                ) as response:
                    await response.read()

    asyncio.run(send())
    assert found(monitor) == of_recording


def test_through_asgi(monitor: Monitor, of_recording: Found) -> None:
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

    async def send() -> None:
        transport = httpx2.ASGITransport(AsgiJudge(app, monitor, mode="report"))
        async with httpx2.AsyncClient(transport=transport) as client:
            for each in EXCHANGES:
                headers = list(each.request_headers)
                await client.request(each.method, each.url, headers=headers, content=each.request_body)

    asyncio.run(send())
    assert found(monitor) == of_recording


def test_through_wsgi(monitor: Monitor, of_recording: Found) -> None:
    script = iter(EXCHANGES)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        exchange = next(script)
        start_response(f"{exchange.status} Scripted", list(exchange.response_headers))
        yield exchange.response_body or b""

    with httpx.Client(transport=httpx.WSGITransport(WsgiJudge(app, monitor, mode="warn"))) as client:
        for each in EXCHANGES:
            headers = list(each.request_headers)
            client.request(each.method, each.url, headers=headers, content=each.request_body)
    assert found(monitor) == of_recording
