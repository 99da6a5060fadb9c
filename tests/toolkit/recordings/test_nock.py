"""Fixtures that nock recorded, and what may stand in them."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from support.same_findings import findings
from wirecheck.model import Exchange
from wirecheck.recordings import nock

FIXTURES = Path(__file__).parent / "fixtures"


def read(content: bytes) -> list[Exchange]:
    assert nock.looks_like(content)
    return list(nock.read("a.json", io.BytesIO(content)))


def only(**changes: Any) -> Exchange:
    entry = {"scope": "https://api.test:443", "method": "GET", "path": "/a", "status": 200} | changes
    (exchange,) = read(json.dumps([entry]).encode())
    assert not exchange.error
    return exchange


@pytest.mark.parametrize("version", ["13", "14"])
def test_what_nock_recorded(version: str) -> None:
    """As the server of fixtures/record.mjs received and sent it, with its findings."""
    exchanges = read((FIXTURES / f"nock-{version}.json").read_bytes())
    long_title = b'{"title": "Much too long a title"}'
    targets = [exchange.url.removeprefix("https://notes.test/v1") for exchange in exchanges]
    assert [
        (e.method, target, e.status, e.request_body, e.response_body)
        for e, target in zip(exchanges, targets, strict=True)
    ] == [
        ("GET", "/notes?limit=500", 200, b"", '[{"id": 1, "title": "é☃"}]'.encode()),
        ("GET", "/notes/1", 200, b"", b'{"id": "1", "title": "Milk"}'),
        ("GET", "/notes/2", 404, b"", b'{"error": ""}'),
        ("GET", "/notes/3", 200, b"", b'"a text"'),
        ("GET", "/text", 200, b"", b"much too long"),
        ("GET", "/files/a.png", 200, b"", bytes.fromhex("89504e470d0a00ff")),
        ("DELETE", "/notes/1", 204, b"", b""),
        ("POST", "/notes", 201, long_title, b'{"id": 1, "title": "Milk"}'),
        ("POST", "/login", 200, b"user=e&password=pass%26word", b'{"ok": true}'),
    ]
    places = [
        [(check, pointer) for check, _, _, _, pointer, _ in findings(exchange)] for exchange in exchanges
    ]
    assert places == [
        [("request-parameters-match", "")],
        [("body-matches-schema", "/id")],
        [("body-matches-schema", "/error")],
        [("body-matches-schema", "")],
        [("body-matches-schema", "")],
        [],
        [],
        [("request-body-matches", "/title")],
        [("request-body-matches", "/user")],
    ]
    cookies = [value for name, value in exchanges[4].response_headers if name == "set-cookie"]
    assert cookies == (["a=1", "b=2"] if version == "13" else ["b=2"])  # later versions lose one


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, None),
        ({"response": ""}, b""),
        ({"response": None}, b"null"),
        ({"response": 0}, b"0"),
        ({"response": {"b": 1.5, "a": "é"}}, '{"b": 1.5, "a": "é"}'.encode()),
        ({"response": "text"}, b"text"),
        ({"response": "text", "rawHeaders": {"Content-Type": "application/json"}}, b'"text"'),
        ({"response": "00ff", "responseIsBinary": True}, b"\0\xff"),
        ({"response": "00f", "responseIsBinary": True}, None),
        ({"response": ["00ff", "ab"]}, b'["00ff", "ab"]'),
        ({"response": ["00ff"], "rawHeaders": {"Content-Encoding": "br"}}, None),
        ({"response": ["H4sIAAAA"], "rawHeaders": {"Content-Encoding": "gzip"}}, None),
        ({"response": ["{}"], "headers": {"content-encoding": "gzip"}}, b'["{}"]'),
        ({"response": "\ud83d"}, b"\xed\xa0\xbd"),
    ],
)
def test_bodies(changes: dict[str, Any], body: bytes | None) -> None:
    assert only(**changes).response_body == body


JSON_TYPE = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ('{"a": ', b'{"a": '),
        ("[1,]", b"[1,]"),
        (" <p>Log in", b" <p>Log in"),
        ("\ufeff{}", b"\xef\xbb\xbf{}"),
        ('{"a": 1}', b'"{\\"a\\": 1}"'),
        ({"a": "\ud83d"}, b'{"a": "\\ud83d"}'),
    ],
)
def test_a_text_is_what_was_no_json_or_a_string_of_it(response: Any, body: bytes) -> None:
    assert only(response=response, rawHeaders=JSON_TYPE).response_body == body


@pytest.mark.parametrize(
    ("body", "headers", "sent"),
    [
        ("00ff80", {}, b"\x00\xff\x80"),
        ("00ff80", {"content-length": "3"}, b"\x00\xff\x80"),
        ("00ff80", {"content-length": "6"}, b"00ff80"),
        ("00FF80", {}, b"00FF80"),
        ("616263", {}, b"616263"),
        (gzip.compress(b"[1]", mtime=0).hex(), {"content-encoding": "gzip"}, b"[1]"),
    ],
)
def test_the_body_of_a_request_that_is_not_utf_8_is_hex(
    body: str, headers: dict[str, str], sent: bytes
) -> None:
    assert only(body=body, reqheaders=headers).request_body == sent


@pytest.mark.parametrize(
    ("scope", "url"),
    [
        ("https://api.test:443", "https://api.test/a"),
        ("http://api.test:80", "http://api.test/a"),
        ("https://api.test:80", "https://api.test:80/a"),
        ("http://api.test:8080", "http://api.test:8080/a"),
    ],
)
def test_usual_ports_are_left_out(scope: str, url: str) -> None:
    assert only(scope=scope).url == url


@pytest.mark.parametrize(
    "raw",
    [
        ["Content-Type", "text/plain", "X-A", "1", "X-A", "2", "odd"],
        {"Content-Type": "text/plain", "X-A": ["1", 2]},
    ],
)
def test_headers(raw: Any) -> None:
    headers = (("content-type", "text/plain"), ("x-a", "1"), ("x-a", "2"))
    assert only(rawHeaders=raw, reqheaders={"Accept": ["a", "b"]}).response_headers == headers


def test_an_entry_that_cannot_be_read_costs_itself() -> None:
    good = {"scope": "https://api.test", "method": "GET", "path": "/a", "status": 200}
    entries = [good, 1, good | {"status": "soon"}, good | {"path": ""}, good | {"scope": None}, good]
    exchanges = read(json.dumps(entries).encode())
    assert [exchange.error for exchange in exchanges] == [
        "",
        "the entry is not an object",
        "status is no status code",
        "path is missing",
        "scope is missing",
        "",
    ]
