"""The same exchanges give the same findings, in whatever format they were recorded."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support import wire_formats
from support.pets import DOCUMENT, WIRES, exchange
from support.wire_formats import jsonl
from wirecheck.checks import Judge
from wirecheck.model import Exchange, Finding
from wirecheck.recordings import access_log, burp, mitmproxy, warc
from wirecheck.recordings import jsonl as jsonl_reader
from wirecheck.spec import parsed

FIXTURES = Path(__file__).parent / "fixtures"
JUDGE = Judge(parsed(DOCUMENT))


def findings(exchanges: Iterable[Exchange]) -> list[list[Any]]:
    """What is found in each exchange, without where it stands."""
    return [[_essence(finding) for finding in JUDGE.judge(each).findings] for each in exchanges]


def _essence(finding: Finding) -> tuple[Any, ...]:
    place = (
        finding.method,
        finding.path,
        finding.query,
        finding.status,
        finding.pointer,
        finding.spec_pointer,
    )
    return finding.check, finding.severity, finding.operation, place, finding.message


EXPECTED = findings(jsonl_reader.read("pets.jsonl", io.BytesIO(jsonl(WIRES))))


def test_the_exchanges_show_many_kinds_of_findings() -> None:
    checks = {essence[0] for each in EXPECTED for essence in each}
    assert len(WIRES) >= 40
    assert checks >= {"body-matches-schema", "request-body-matches", "request-parameters-match"}
    assert checks >= {"status-documented", "body-is-json", "no-server-fault", "response-headers-match"}
    assert 10 < sum(map(bool, EXPECTED)) < len(WIRES)


RECORDINGS = {
    "mitmproxy": (mitmproxy, wire_formats.flows(WIRES)),
    "burp": (burp, wire_formats.burp(WIRES)),
    "warc": (warc, wire_formats.warc(WIRES)),
    "warc with requests first": (warc, wire_formats.warc(WIRES, is_request_first=True)),
    "warc paired by URI": (warc, wire_formats.warc(WIRES, has_ids=False)),
    "recorded by mitmproxy 7": (mitmproxy, (FIXTURES / "mitmproxy-7.flow").read_bytes()),
    "recorded by mitmproxy 10": (mitmproxy, (FIXTURES / "mitmproxy-10.flow").read_bytes()),
    "recorded by mitmproxy 12": (mitmproxy, (FIXTURES / "mitmproxy-12.flow").read_bytes()),
    "recorded by warcio": (warc, (FIXTURES / "warcio.warc").read_bytes()),
}


@pytest.fixture(params=RECORDINGS)
def recording(request: pytest.FixtureRequest) -> tuple[Any, bytes]:
    return RECORDINGS[request.param]


def test_every_recording_gives_the_findings_of_json_lines(recording: tuple[Any, bytes]) -> None:
    reader, data = recording
    exchanges = list(reader.read("pets", io.BytesIO(data)))
    assert findings(exchanges[: len(WIRES)]) == EXPECTED
    assert [each.entry for each in exchanges] == list(range(len(exchanges)))
    assert {each.source for each in exchanges} == {f"pets#{n}" for n in range(len(exchanges))}


def test_every_recording_has_what_client_and_server_saw(recording: tuple[Any, bytes]) -> None:
    reader, data = recording
    for wire, each in zip(WIRES, reader.read("pets", io.BytesIO(data)), strict=False):
        expected = exchange(wire)
        assert (each.method, each.status) == (wire.method, wire.status)
        assert each.url.partition("/v1")[2] == wire.target.removeprefix("/v1")
        assert each.request_body == expected.request_body
        assert each.response_body == expected.response_body
        assert set(expected.request_headers) <= set(each.request_headers)
        recorded = [header for header in each.response_headers if header in expected.response_headers]
        assert tuple(recorded) == expected.response_headers


def test_every_format_knows_its_own_recordings_and_no_other() -> None:
    samples = {
        **{name: data for name, (_, data) in RECORDINGS.items()},
        **{path.name: path.read_bytes() for path in FIXTURES.glob("*.log")},
        "jsonl": jsonl(WIRES),
        "har": b'{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "/"}}]}}',
        "nothing": b"",
        "openapi": b"openapi: 3.1.0\ninfo: {title: x}",
        "xml": b'<?xml version="1.0"?><items><item/></items>',
    }
    for name, data in samples.items():
        claiming = {
            reader.__name__.rpartition(".")[2]
            for reader in (mitmproxy, burp, warc, access_log)
            if reader.looks_like(data)
        }
        own = RECORDINGS[name][0].__name__.rpartition(".")[2] if name in RECORDINGS else "access_log"
        assert claiming == ({own} if name in RECORDINGS or name.endswith(".log") else set()), name


def test_an_access_log_gives_the_findings_that_need_neither_headers_nor_bodies() -> None:
    expected = [[one for one in each if _needs_no_more(one[0])] for each in findings(_without_bodies())]
    assert sum(map(bool, expected)) > 5
    for path in FIXTURES.glob("*.log"):
        logged = findings(access_log.read(path.name, io.BytesIO(path.read_bytes())))
        assert [[one for one in each if _needs_no_more(one[0])] for each in logged] == expected, path.name


def _without_bodies() -> Iterator[Exchange]:
    for wire in WIRES:
        yield exchange(wire._replace(request_headers=(), response_headers=()))


def _needs_no_more(check: str) -> bool:
    return check in ("operation-known", "method-allowed", "status-documented", "request-parameters-match")
