"""The same exchanges give the same findings, in whatever format they were recorded.

What a format cannot hold is left out of the comparison by the functions here, and counted.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import wire_formats
from support.same_findings import (
    EXPECTED,
    SPEC,
    Essence,
    assert_same_exchanges,
    assert_same_findings,
    findings,
    numbers,
)
from support.wires import NUMBER, WIRES, Wire
from wirecheck.model import Exchange
from wirecheck.recordings import FORMATS, Bodies, Recordings, read
from wirecheck.recordings.writing import WRITERS

FIXTURES = Path(__file__).parent / "fixtures"
LOGS = (
    *("apache.log.gz", "apache-common.log.gz", "caddy.log.gz", "nginx.log.gz", "nginx-combined.log.gz"),
    *("nginx-path.log.gz", "nginx-request.log.gz", "nginx-bare.log.gz"),
)


def test_the_exchanges_are_many_and_show_many_kinds_of_findings() -> None:
    assert len(WIRES) == len({wire._replace(request_headers=wire.request_headers[:-1]) for wire in WIRES})
    assert len(WIRES) > 300
    assert 150 < sum(map(bool, EXPECTED)) < len(WIRES) - 100
    checks = {check for each in EXPECTED for check, *_ in each}
    assert checks >= {
        *("body-is-json", "body-matches-schema", "credentials-present", "media-type-documented"),
        *("method-allowed", "no-server-fault", "operation-known", "request-body-matches"),
        *("request-parameters-match", "response-headers-match", "status-documented"),
    }


def everything(_wire: Wire) -> bool:
    return True


def warcio_holds(wire: Wire) -> bool:
    """warcio rejects methods that it does not know."""
    return wire.method != "COPY"


def chromium_holds(wire: Wire) -> bool:
    """The bodies of redirects are not recorded, and a byte order mark does not outlive the decoding."""
    is_redirect = wire.status in (301, 302, 303, 307, 308) and wire.response_body != b""
    return not is_redirect and not wire.response_body.startswith(b"\xef\xbb\xbf")


@dataclass(frozen=True)
class Recording:
    """A recording of the exchanges that the format ``holds``.

    It is ``exact`` where bodies and headers are as they were; otherwise they only mean the same.
    """

    format_: str
    data: Callable[[], bytes] | str
    holds: Callable[[Wire], bool] = everything
    is_exact: bool = True

    def exchanges(self) -> list[Exchange]:
        """What is read; of recorded traffic, that with a number which the format holds."""
        if isinstance(self.data, str):
            numbered = {_number(exchange): exchange for exchange in read(FIXTURES / self.data)}
            return [numbered[number] for number in self.numbers]
        return list(FORMATS[self.format_].read("wires", io.BytesIO(self.data())))

    @property
    def numbers(self) -> list[int]:
        return numbers(self.holds)


def _number(exchange: Exchange) -> int:
    return int(dict(exchange.request_headers).get(NUMBER.lower(), -1))


def written(format_: str) -> bytes:
    return b"".join(WRITERS[format_].write(wire.exchange() for wire in WIRES))


RECORDINGS = {
    "JSON Lines": Recording("jsonl", lambda: wire_formats.jsonl(WIRES)),
    "JSON Lines of ours": Recording("jsonl", lambda: written("jsonl")),
    "HAR of ours": Recording("har", lambda: written("har")),
    "a cassette of ours": Recording("vcr", lambda: written("vcr")),
    "flows": Recording("mitmproxy", lambda: wire_formats.flows(WIRES)),
    "items of Burp": Recording("burp", lambda: wire_formats.burp(WIRES)),
    "WARC": Recording("warc", lambda: wire_formats.warc(WIRES)),
    "WARC with requests first": Recording("warc", lambda: wire_formats.warc(WIRES, is_request_first=True)),
    "WARC paired by URI": Recording("warc", lambda: wire_formats.warc(WIRES, has_ids=False)),
    "nock": Recording("nock", lambda: wire_formats.nock(WIRES), is_exact=False),
    "mitmproxy 7": Recording("mitmproxy", "mitmproxy-7.flow.gz"),
    "mitmproxy 10": Recording("mitmproxy", "mitmproxy-10.flow.gz"),
    "mitmproxy 12": Recording("mitmproxy", "mitmproxy-12.flow.gz"),
    "warcio": Recording("warc", "warcio.warc.gz", warcio_holds),
    "Chromium": Recording("har", "chromium.har.gz", chromium_holds, is_exact=False),
}


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recording_gives_the_same_findings(name: str) -> None:
    recording = RECORDINGS[name]
    exchanges = recording.exchanges()
    assert_same_findings(exchanges, recording.numbers)
    if recording.is_exact:
        assert_same_exchanges(exchanges, recording.numbers)


def test_little_is_left_out() -> None:
    left_out = {name: len(WIRES) - len(recording.numbers) for name, recording in RECORDINGS.items()}
    assert {name: count for name, count in left_out.items() if count} == {"warcio": 1, "Chromium": 11}


def test_nothing_of_chromium_is_left_out_without_need() -> None:
    for exchange in read(FIXTURES / "chromium.har.gz"):
        if (number := _number(exchange)) >= 0 and not chromium_holds(WIRES[number]):
            assert exchange.response_body != WIRES[number].response_body


@pytest.mark.parametrize(
    "name", [name for name, each in RECORDINGS.items() if not isinstance(each.data, str)]
)
def test_every_format_knows_its_own_recordings_and_no_other(name: str) -> None:
    recording = RECORDINGS[name]
    assert callable(recording.data)
    start = recording.data()[: 1 << 22]
    claiming = {format_ for format_, each in FORMATS.items() if each.looks_like(start)}
    assert claiming == {recording.format_}


@pytest.mark.parametrize("data", [b"", b"openapi: 3.1.0\ninfo: {title: x}", b"<items><item/></items>"])
def test_no_format_claims_what_is_no_recording(data: bytes) -> None:
    assert not [format_ for format_, each in FORMATS.items() if each.looks_like(data)]


def _needs_no_headers(finding: Essence) -> bool:
    """Whether a finding needs neither headers nor bodies, which access logs lack.

    How severe a fault of the server is depends on the media type of the response.
    """
    check, *_, message = finding
    if check == "request-parameters-match":
        return not message.startswith(("the header", "the cookie"))
    return check in ("operation-known", "method-allowed", "status-documented")


def _filtered(found: Iterable[list[Essence]], keep: Callable[[Essence], bool]) -> list[list[Essence]]:
    return [list(filter(keep, each)) for each in found]


def _needs_no_query(finding: Essence) -> bool:
    return _needs_no_headers(finding) and not finding[-1].startswith("the query")


@pytest.mark.parametrize("name", LOGS)
def test_an_access_log_gives_the_findings_that_need_neither_headers_nor_bodies(name: str) -> None:
    keep = _needs_no_query if "bare" in name else _needs_no_headers
    exchanges = list(read(FIXTURES / name))
    expected = _filtered(EXPECTED, keep)
    assert sum(map(bool, expected)) > (15 if "bare" in name else 30)
    assert _filtered(map(findings, exchanges), _needs_no_headers) == expected
    assert [(each.method, each.status) for each in exchanges] == [
        (wire.method, wire.status) for wire in WIRES
    ]


def _is_of_response(finding: Essence) -> bool:
    """Whether a finding is one about a status or a body, which is all that a file of a body says."""
    return finding[0] in ("body-is-json", "body-matches-schema", "no-server-fault", "status-documented")


def test_bodies_that_curl_saved_give_the_findings_of_responses() -> None:
    """Their names say that they are JSON: bodies of other media types are left out."""
    compared = 0
    for exchange in Recordings([FIXTURES / "curl.zip"], bodies=Bodies(SPEC)).read():
        number = int(exchange.source.split("/")[-2])
        media_type = dict(WIRES[number].response_headers).get("Content-Type", "")
        if media_type.partition(";")[0].lower() == "application/json":
            (found, expected) = _filtered((findings(exchange), EXPECTED[number]), _is_of_response)
            assert found == expected, exchange.source
            compared += 1
    assert compared > 200


CONVERTED = (
    *LOGS,
    "chromium.har.gz",
    "mitmproxy-12.flow.gz",
    "newman.json",
    "nock-14.json",
    "warcio.warc.gz",
)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", CONVERTED)
def test_a_recording_keeps_its_findings_from_one_format_to_the_next(name: str) -> None:
    """Also where a log has no query, none is taken for missing."""
    recorded = list(read(FIXTURES / name))
    exchanges: Iterable[Exchange] = recorded
    for format_ in ("har", "jsonl", "vcr"):
        data = b"".join(WRITERS[format_].write(exchanges))
        exchanges = list(FORMATS[format_].read(name, io.BytesIO(data)))
    assert list(map(findings, exchanges)) == list(map(findings, recorded))
