"""Recordings that are written come back as they were, and are what their formats require."""

import gzip
import importlib
import itertools
import json
import tempfile
import tracemalloc
import zlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.paths import TESTS
from wirecheck.model import Exchange, Headers
from wirecheck.recordings import read
from wirecheck.recordings.coding import BODILESS
from wirecheck.recordings.writing import WRITERS, gzipped, writer_for

SCHEMAS = TESTS / "toolkit" / "schemas" / "har"
ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=20)
WRITABLE_TEXT = st.text(max_size=20)

names = st.sampled_from(
    ["content-type", "content-encoding", "content-length", "location", "x-a", "x-b"]
) | st.text("abc-", min_size=1)
values = st.sampled_from(
    ["gzip", "deflate, gzip", "br", "zstd", "12", "0", "text/plain", "text/plain; charset=latin-1"]
) | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=10)
headers = st.lists(st.tuples(names, values), max_size=4).map(tuple)
compressed = st.binary(max_size=20).flatmap(
    lambda data: st.sampled_from(
        [gzip.compress(data, mtime=0), zlib.compress(data), gzip.compress(data)[:-3]]
    )
)
bodies = (
    st.none()
    | st.binary(max_size=40)
    | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | compressed
    | st.sampled_from(
        [
            b'["ab","cd"]',
            b'{"a": [1e400, NaN]}',
            b"null",
            b'"text"',
            b' {"a": 1} ',
            b"[" * 2000,
            b'["\\ud800"]',
        ]
    )
    | st.recursive(st.none() | st.booleans() | st.floats() | WRITABLE_TEXT, st.lists, max_leaves=8).map(
        lambda value: json.dumps(value).encode()
    )
)
exchanges = st.builds(
    Exchange,
    source=st.just(""),
    entry=st.just(0),
    method=st.sampled_from(["GET", "POST", "PATCH"]) | WRITABLE_TEXT,
    url=st.sampled_from(["https://h/a?b=1&c#d", "https://h/ä?q="]) | WRITABLE_TEXT,
    status=st.sampled_from([200, 204, 304, 404, 599, 0]),
    request_headers=headers,
    request_body=bodies,
    response_headers=headers,
    response_body=bodies,
    elapsed=st.none() | st.floats(1e-9, 1e6),
    resource=st.sampled_from(["", "document", "fetch", "synthetic"]),
    has_query=st.booleans(),
)


def written(format_: str, *exchanges: Exchange) -> bytes:
    return b"".join(WRITERS[format_].write(exchanges))


def read_back(format_: str, *exchanges: Exchange) -> list[Exchange]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{WRITERS[format_].endings[0]}")
        path.write_bytes(written(format_, *exchanges))
        return [structs.replace(exchange, source="", entry=0) for exchange in read(path)]


def bodiless(exchange: Exchange) -> Exchange:
    """The exchange as HAR has it, in which the body of a 204 is never missing."""
    if exchange.status in BODILESS and exchange.response_body is None:
        return structs.replace(exchange, response_body=b"")
    return exchange


PLAIN = Exchange(source="", entry=0, method="GET", url="https://h/a", status=200)
GZIP: Headers = (("content-encoding", "gzip"),)


@settings(max_examples=80, deadline=None)
@given(expected=st.lists(exchanges, min_size=1, max_size=3))
@example([structs.replace(PLAIN, response_headers=GZIP, response_body=gzip.compress(b"twice"))])
@example([structs.replace(PLAIN, response_headers=(("content-length", "7"),), response_body=b"")])
@example([structs.replace(PLAIN, request_headers=(("content-encoding", "deflate"),), request_body=b"\xff")])
@pytest.mark.parametrize("format_", ["har", "jsonl"])
def test_what_is_written_is_read_again(format_: str, expected: list[Exchange]) -> None:
    actual = read_back(format_, *expected)
    if format_ == "jsonl":
        assert actual == expected
        return
    for before, after in zip(expected, actual, strict=True):
        assert (before.elapsed is None) == (after.elapsed is None)
        if before.elapsed is not None:
            assert after.elapsed == pytest.approx(before.elapsed, rel=1e-15)
        assert structs.replace(after, elapsed=before.elapsed) == bodiless(before)


def cassette(exchange: Exchange) -> Exchange:
    """The exchange as a cassette has it: one list of values for each header, and no blanks around texts."""
    return structs.replace(
        exchange,
        method=exchange.method.strip().lstrip(":").upper(),
        url=exchange.url.strip(),
        request_headers=_listed(exchange.request_headers),
        response_headers=_listed(exchange.response_headers),
        elapsed=None,
        resource="",
    )


def _listed(headers: Headers) -> Headers:
    names = list(dict.fromkeys(name for name, _ in headers))
    in_order = sorted(headers, key=lambda header: names.index(header[0]))
    return tuple((name, value.strip()) for name, value in in_order)


@settings(max_examples=80, deadline=None)
@given(expected=st.lists(exchanges, min_size=1, max_size=3))
def test_a_cassette_is_read_as_far_as_it_can_hold_exchanges(expected: list[Exchange]) -> None:
    assume(all(exchange.method.strip().lstrip(":") and exchange.url.strip() for exchange in expected))
    assert read_back("vcr", *expected) == list(map(cassette, expected))


@settings(max_examples=50, deadline=None)
@given(exchange=exchanges)
def test_vcrpy_reads_its_cassettes(exchange: Exchange) -> None:
    deserialize: Any = importlib.import_module("vcr.serialize").deserialize
    as_yaml = importlib.import_module("vcr.serializers.yamlserializer")
    requests, responses = deserialize(written("vcr", exchange).decode(), as_yaml)
    [(request, response)] = zip(requests, responses, strict=True)
    assert (request.method, request.uri) == (exchange.method, exchange.url)
    assert response["status"]["code"] == exchange.status
    for name, value in exchange.response_headers:
        assert value in response["headers"][name]
    is_coded = any(name == "content-encoding" for name, _ in exchange.response_headers)
    if not is_coded:
        assert response["body"]["string"] == exchange.response_body


def test_a_cassette_marks_what_was_not_recorded_and_has_no_aliases() -> None:
    cassette = yaml.safe_load(written("vcr", PLAIN))
    [interaction] = cassette["interactions"]
    assert interaction["request"]["body"] == interaction["response"]["body"] == {"file": True, "string": None}
    assert b"&id" not in written("vcr", PLAIN)


@settings(max_examples=40, deadline=None)
@given(exchange=exchanges)
def test_a_har_file_is_valid(exchange: Exchange) -> None:
    document = json.loads(written("har", exchange, PLAIN))
    VALIDATOR.validate(document)
    assert document["log"]["creator"] == {"name": "wirecheck", "version": version("wirecheck")}


def _validator() -> Any:
    schemas = {path.name: json.loads(path.read_bytes()) for path in SCHEMAS.glob("*.json")}
    resources = [
        (f"{name}#", referencing.Resource.from_contents(schema)) for name, schema in schemas.items()
    ] + [(name, referencing.Resource.from_contents(schema)) for name, schema in schemas.items()]
    registry = referencing.Registry().with_resources(resources)
    return jsonschema.Draft6Validator(schemas["har.json"], registry=registry)


VALIDATOR = _validator()


@pytest.mark.parametrize(("text", "written_as"), [("\ud800", "\\ud800")])
@pytest.mark.parametrize("format_", ["jsonl"])
def test_a_lone_surrogate_outside_of_bodies_becomes_an_escape(
    format_: str, text: str, written_as: str
) -> None:
    exchange = structs.replace(PLAIN, url=f"https://h/{text}", request_headers=(("x-a", text),))
    [actual] = read_back(format_, exchange)
    assert (actual.url, actual.request_headers) == (f"https://h/{written_as}", (("x-a", written_as),))


@pytest.mark.parametrize("format_", WRITERS)
def test_a_body_that_no_reader_could_decode_is_left_out(format_: str) -> None:
    headers = (("content-encoding", "compress"),)
    exchange = structs.replace(PLAIN, response_headers=headers, response_body=b"\x1f\x9d\xff")
    assert b"\x1f\x9d" not in written(format_, exchange)
    if format_ != "vcr":
        assert read_back(format_, exchange) == [structs.replace(exchange, response_body=None)]


def test_har_holds_a_lone_surrogate_anywhere() -> None:
    exchange = structs.replace(PLAIN, url="https://h/\ud800", response_headers=(("x-a", "\udfff"),))
    assert read_back("har", exchange) == [exchange]


def test_json_bodies_stand_in_a_line_as_they_are() -> None:
    exchange = structs.replace(PLAIN, response_body=b'{"a": 1.50}')
    assert b'"body":{"a": 1.50}' in written("jsonl", exchange)


@pytest.mark.parametrize("format_", WRITERS)
def test_a_recording_is_written_in_constant_memory(format_: str) -> None:
    exchange = structs.replace(PLAIN, response_body=b"x" * 10_000)
    pieces = WRITERS[format_].write(itertools.repeat(exchange, 400))
    tracemalloc.start()
    try:
        assert sum(map(len, gzipped(pieces))) > 0
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a.har", "HAR 1.2"),
        ("A.HAR.GZ", "HAR 1.2"),
        ("a.ndjson", "JSON Lines"),
        ("a.yml", "VCR cassette"),
        ("a.gz", None),
        ("har", None),
    ],
)
def test_the_ending_decides_on_the_format(name: str, title: str | None) -> None:
    writer = writer_for(name)
    assert (writer and writer.title) == title


def test_gzip_gives_the_same_bytes_at_any_time() -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"one", b"two")

    assert gzip.decompress(b"".join(gzipped(pieces()))) == b"onetwo"
    assert list(gzipped(pieces())) == list(gzipped(pieces()))
