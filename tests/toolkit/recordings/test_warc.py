"""Records of web archives, in pairs and alone."""

import io

import pytest

from support.wire_formats import raw_request, raw_response, warc_record
from support.wires import HOST, WIRES
from wirecheck.model import Exchange
from wirecheck.recordings import warc

URI = f"http://{HOST}{WIRES[0].target}"
REQUEST, RESPONSE = raw_request(WIRES[0]), raw_response(WIRES[0])


def read(*records: bytes) -> list[Exchange]:
    data = b"".join(records)
    assert warc.looks_like(data)
    return list(warc.read("a.warc", io.BytesIO(data)))


def test_a_response_without_a_request_is_one_to_get() -> None:
    (exchange,) = read(warc_record("response", 0, URI, RESPONSE))
    assert (exchange.method, exchange.url, exchange.status) == ("GET", URI, 200)
    assert (exchange.request_headers, exchange.request_body) == ((), None)
    assert exchange.response_body == WIRES[0].response_body


def test_a_request_without_a_response_has_the_status_0() -> None:
    (exchange,) = read(warc_record("request", 0, URI, REQUEST))
    assert (exchange.status, exchange.response_headers, exchange.response_body) == (0, (), None)


def test_a_revisit_has_the_headers_of_its_response_and_no_body() -> None:
    head = RESPONSE.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    (exchange,) = read(warc_record("request", 0, URI, REQUEST), warc_record("revisit", 0, URI, head))
    assert (exchange.status, exchange.response_body) == (200, None)
    assert exchange.response_headers[1] == ("content-type", "application/json")


@pytest.mark.parametrize("field", [b"WARC-Truncated: length", b"WARC-Segment-Number: 1"])
def test_a_body_that_is_not_complete_is_not_known(field: bytes) -> None:
    record = warc_record("response", 0, URI, RESPONSE).replace(b"WARC-Type", field + b"\r\nWARC-Type", 1)
    assert read(record)[0].response_body is None


def test_records_of_one_exchange_may_be_far_apart() -> None:
    wires = WIRES[:40]
    uris = [f"http://{HOST}{wire.target}" for wire in wires]
    requests = [
        warc_record("request", number, uri, raw_request(wire), has_ids=True)
        for number, (wire, uri) in enumerate(zip(wires, uris, strict=True))
    ]
    responses = [
        warc_record("response", number, uri, raw_response(wire))
        for number, (wire, uri) in enumerate(zip(wires, uris, strict=True))
    ]
    others = [
        warc_record("metadata", 0, URI, b"via: x"),
        warc_record("response", 0, "dns:pets.test", b"10.0.0.1"),
    ]
    exchanges = read(*reversed(requests), *others, *responses)
    assert [(each.method, each.status) for each in exchanges] == [
        (each.method, each.status) for each in wires
    ]


def test_a_record_waits_for_a_bounded_number_of_others() -> None:
    requests = [warc_record("request", n, f"{URI}/{n}", REQUEST) for n in range(300)]
    responses = [warc_record("response", n, f"{URI}/{n}", RESPONSE) for n in range(300)]
    assert len(read(*requests[:256], *responses[:256])) == 256
    assert len(read(*requests, *responses)) == 600


def test_ids_count_more_than_uris() -> None:
    """A request that names its response is not that of another one with the same URI."""
    not_found = RESPONSE.replace(b"200", b"404")
    first, second = read(
        warc_record("response", 0, URI, not_found),
        warc_record("response", 1, URI, RESPONSE),
        warc_record("request", 1, URI, REQUEST, has_ids=True),
    )
    assert (first.status, first.request_headers != ()) == (200, True)
    assert (second.status, second.request_headers) == (404, ())


def test_a_target_in_angle_brackets_is_that_of_version_1_0() -> None:
    assert read(warc_record("response", 0, f"<{URI}>", RESPONSE))[0].url == URI


def test_a_bad_message_costs_itself() -> None:
    good = warc_record("response", 0, URI, RESPONSE)
    bad = warc_record("response", 1, URI, b"ICY 200 OK\r\n\r\n")
    error = "the response does not begin with a status line"
    assert [each.error for each in read(good, bad, good)] == ["", error, ""]


LINE = b"WARC/1.1\r\n"
BROKEN = {
    "cut off within the block": (
        warc_record("response", 1, URI, RESPONSE)[:-30],
        "cut off: the file ends within the record",
    ),
    "cut off within a block that is skipped": (
        LINE + b"Content-Length: 99999999999\r\n\r\n",
        "cut off: the file ends within the record",
    ),
    "cut off within the fields": (LINE + b"Content-Length: 9", "cut off within the fields"),
    "cut off before the blank line": (LINE + b"Content-Length: 0\r\n", "cut off within the fields"),
    "no length": (LINE + b"WARC-Type: response\r\n\r\n", "Content-Length is not a number"),
    "a negative length": (LINE + b"Content-Length: -1\r\n\r\n", "Content-Length is not a number"),
    "a length of thousands of digits": (
        LINE + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        "Content-Length is not a number",
    ),
    "a record larger than memory": (
        warc_record("response", 1, URI, b"").replace(b"Length: 0", b"Length: 999999999999"),
        "a record of more than 268,435,456 bytes is not read",
    ),
    "garbage between records": (
        b"\x00garbage\r\n" + LINE,
        "does not begin with WARC/1.0 or WARC/1.1",
    ),
    "a flood of fields": (LINE + b"a: b\r\n" * 2_000, "more than 1,000 fields"),
    "an endless field": (LINE + b"a" * 100_000, "a field that is too long"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_ends_the_archive(name: str) -> None:
    data, error = BROKEN[name]
    good, bad = read(warc_record("response", 0, URI, RESPONSE), data)
    assert (good.error, bad.error, bad.source) == ("", error, "a.warc: record 1")
