"""The proxy finds what `wirecheck check` finds in a recording of the same exchanges, and in its own."""

import gzip
import json
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from msgspec.structs import replace

from support.faithful import faithful_exchanges
from support.paths import CONTRACT
from support.proxying import always, proxied, read_message, response, upstream
from support.scripted import scripted_exchanges, scripted_server
from wirecheck.checks import Judge
from wirecheck.cli import run
from wirecheck.live import PROBLEM, Mode, WatchedApi, violations
from wirecheck.model import Side
from wirecheck.recordings.writing.jsonl import write
from wirecheck.spec import load, parsed

SPEC = load(CONTRACT)
EXCHANGES = scripted_exchanges(list(faithful_exchanges(SPEC, "https://api.instagram.com")), 500)

Found = list[tuple[int, str]]
"""Entry and fingerprint of each finding, in their order."""


def checked(recording: Path) -> Found:
    report = recording.with_name("report.json")
    assert run(["check", "--spec", str(CONTRACT), "--report", f"json={report}", str(recording)]) == 1
    return [
        (finding["entry"], finding["fingerprint"])
        for finding in json.loads(report.read_text("utf-8"))["findings"]
    ]


@pytest.fixture(scope="module")
def of_recording(tmp_path_factory: pytest.TempPathFactory) -> Found:
    recording = tmp_path_factory.mktemp("recording") / "traffic.jsonl"
    recording.write_bytes(b"".join(write(EXCHANGES)))
    return checked(recording)


@pytest.mark.no_cover
def test_the_same_findings(tmp_path: Path, of_recording: Found) -> None:
    record = tmp_path / "own.har"
    with (
        scripted_server(EXCHANGES) as origin,
        proxied(origin, Mode.REPORT, apis=[WatchedApi(SPEC)], record=record) as proxy,
    ):
        with httpx.Client(trust_env=False) as client:
            for each in EXCHANGES:
                parts = urlsplit(each.url)
                url = f"{proxy.origin}{parts.path}{'?' * bool(parts.query)}{parts.query}"
                headers = list(each.request_headers)
                client.request(each.method, url, headers=headers, content=each.request_body)
        found = [(finding.entry, finding.fingerprint) for finding in proxy.end()]
        assert proxy.monitor.judged == len(EXCHANGES)
        assert proxy.monitor.unjudged == 0
    assert found == of_recording
    assert checked(record) == of_recording


def test_enforce_passes_what_is_right_and_nothing_else() -> None:
    judge = Judge(SPEC)
    current = EXCHANGES[0]

    def serve(connection: socket.socket) -> None:
        while read_message(connection):
            headers = "".join(f"{name}: {value}\r\n" for name, value in current.response_headers)
            body = current.response_body or b""
            head = f"HTTP/1.1 {current.status} Scripted\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)

    passed = withheld = 0
    with (
        upstream(serve) as origin,
        proxied(origin, Mode.ENFORCE, apis=[WatchedApi(SPEC)]) as proxy,
        httpx.Client(trust_env=False) as client,
    ):
        for current in EXCHANGES[::2] + EXCHANGES[1::6]:
            parts = urlsplit(current.url)
            url = f"{proxy.origin}{parts.path}{'?' * bool(parts.query)}{parts.query}"
            headers = list(current.request_headers)
            response = client.request(current.method, url, headers=headers, content=current.request_body)
            request = replace(current, status=0, response_headers=(), response_body=None)
            if violations(judge.request_findings(request), Side.REQUEST):
                expected = 400
            elif violations(judge.judge(current).findings, Side.RESPONSE):
                expected = 502
            else:
                assert (response.status_code, response.content) == (current.status, current.response_body)
                passed += 1
                continue
            withheld += 1
            assert (response.status_code, response.headers["content-type"]) == (expected, PROBLEM)
        assert proxy.session.tally.withheld == withheld > 20
        assert passed > 20


PAIRS = {"pairs": {"message": "No pair is negative.", "rule": "self.all(a, self.all(b, a + b >= 0))"}}
SHORT, LONG = b"[]", b"[" + b" " * 100_000 + b"]"
ZIPPED = "Content-Encoding: gzip"


@pytest.mark.parametrize(
    ("schema", "answer", "is_beside"),
    [
        pytest.param({}, response(SHORT), False, id="short"),
        pytest.param({}, response(gzip.compress(SHORT), ZIPPED), False, id="short and compressed"),
        pytest.param({}, response(LONG), True, id="long"),
        pytest.param({}, response(gzip.compress(LONG), ZIPPED), True, id="long and compressed"),
        pytest.param({"items": {"pattern": "^(?!b).*$"}}, response(SHORT), True, id="laborious"),
        pytest.param({"x-invariants": PAIRS}, response(SHORT), True, id="law"),
    ],
)
def test_what_may_take_long_is_judged_beside_the_path(
    schema: dict[str, Any], answer: bytes, is_beside: bool
) -> None:
    responses = {"200": {"description": "Fine.", "content": {"application/json": {"schema": schema}}}}
    paths = {"/things": {"get": {"responses": responses}}}
    spec = parsed({"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths})
    threads: list[threading.Thread] = []
    with upstream(always(answer)) as origin, proxied(origin, Mode.ENFORCE, apis=[WatchedApi(spec)]) as proxy:
        proxy.monitor.observe(lambda *_: threads.append(threading.current_thread()))
        received = proxy.send(b"GET /things HTTP/1.1\r\nHost: a\r\n\r\n")
        assert received.endswith(answer.partition(b"\r\n\r\n")[2])
        assert proxy.end() == []
    assert [thread is proxy.thread for thread in threads] == [is_beside]
