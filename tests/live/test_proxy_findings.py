"""The proxy finds what `wirecheck check` finds in a recording of the same exchanges, and in its own."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from support.faithful import faithful_exchanges
from support.paths import CONTRACT
from support.proxying import proxied
from support.scripted import scripted_exchanges, scripted_server
from wirecheck.cli import run
from wirecheck.live import Mode, WatchedApi
from wirecheck.recordings.writing.jsonl import write
from wirecheck.spec import load

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
