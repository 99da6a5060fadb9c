"""HAR as programs write it, each in its own way; the entries are made after real files."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from support.recording_files import har, har_entry, written
from wirecheck.model import Exchange
from wirecheck.recordings import read

BOM = b"\xef\xbb\xbf"
PACKED = gzip.compress(b'{"id": 1}')
CHUNKS = [base64.b64encode(piece).decode() for piece in (PACKED[:12], PACKED[12:])]

CHROME = {
    "_connectionId": "331",
    "_initiator": {"type": "script", "stack": {"callFrames": []}},
    "_priority": "High",
    "_resourceType": "xhr",
    "cache": {},
    "connection": "443",
    "pageref": "page_1",
    "request": {
        "method": "GET",
        "url": "https://pets.test/v1/pets?limit=2",
        "httpVersion": "http/2.0",
        "headers": [
            {"name": ":authority", "value": "pets.test"},
            {"name": ":method", "value": "GET"},
            {"name": ":path", "value": "/v1/pets?limit=2"},
            {"name": ":scheme", "value": "https"},
            {"name": "accept", "value": "*/*"},
        ],
        "queryString": [{"name": "limit", "value": "2"}],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    },
    "response": {
        "status": 200,
        "statusText": "",
        "httpVersion": "http/2.0",
        "headers": [
            {"name": "content-type", "value": "application/json"},
            {"name": "set-cookie", "value": "a=1; Path=/\nb=2; Path=/"},
        ],
        "cookies": [],
        "content": {"size": 9, "mimeType": "application/json", "text": '{"id": 1}'},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_transferSize": 61,
        "_error": None,
        "_fetchedViaServiceWorker": False,
    },
    "serverIPAddress": "192.0.2.1",
    "startedDateTime": "2026-03-01T10:00:00.000Z",
    "time": 31.5,
    "timings": {"blocked": 1.2, "dns": -1},
}
CHROME_CANCELLED = {
    **CHROME,
    "response": {
        "status": 0,
        "statusText": "",
        "headers": [],
        "cookies": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "bodySize": -1,
        "_error": "net::ERR_ABORTED",
    },
}
FIREFOX_CUT = har_entry()
FIREFOX_CUT["response"]["content"] = {
    "mimeType": "application/json",
    "size": 2_000_000,
    "text": '[{"id": 1}, {"id": 2}, {"i',
}
MITMPROXY_NO_RESPONSE = har_entry()
MITMPROXY_NO_RESPONSE["response"] = {
    "status": 0,
    "statusText": "",
    "httpVersion": "",
    "headers": [],
    "cookies": [],
    "content": {},
    "redirectURL": "",
    "headersSize": -1,
    "bodySize": -1,
    "_transferSize": 0,
    "_error": None,
}
POLLY = {
    "_id": "f1e2",
    "_order": 0,
    "cache": {},
    "request": {
        "bodySize": 9,
        "cookies": [],
        "headers": [{"_fromType": "array", "name": "accept", "value": "*/*"}, {"name": "age", "value": 5}],
        "headersSize": 200,
        "httpVersion": "HTTP/1.1",
        "method": "POST",
        "postData": {"mimeType": "application/json", "params": [], "text": '{"id": 1}'},
        "queryString": [],
        "url": "https://pets.test/v1/pets",
    },
    "response": {
        "bodySize": 40,
        "content": {
            "_isBinary": True,
            "encoding": "base64",
            "mimeType": "application/json",
            "size": 40,
            "text": json.dumps(CHUNKS),
        },
        "cookies": [],
        "headers": [
            {"name": "content-encoding", "value": "gzip"},
            {"name": "content-type", "value": "application/json"},
        ],
        "headersSize": 300,
        "httpVersion": "HTTP/1.1",
        "redirectURL": "",
        "status": 201,
        "statusText": "Created",
    },
    "startedDateTime": "2026-03-01T10:00:00.000Z",
    "time": 12,
    "timings": {"blocked": -1},
}
PLAYWRIGHT = {**har_entry(), "_frameref": "frame@1", "_monotonicTime": 7.1, "_resourceType": "fetch"}
CACHED = har_entry()
CACHED["response"].update(
    headers=[{"name": "ETag", "value": "x"}],
    bodySize=0,
    content={"size": 9, "mimeType": "application/json", "text": '{"id": 1}'},
)
HTTP_TOOLKIT = har_entry()
HTTP_TOOLKIT["request"].update(
    _requestBodyStatus="discarded:not-representable",
    _content={"text": "//4AAQ==", "size": 4, "encoding": "base64"},
)
FORM = har_entry()
FORM["request"]["postData"] = {
    "mimeType": "multipart/form-data; boundary=x",
    "params": [{"name": "file", "fileName": "a.png", "contentType": "image/png"}],
}
BROWSERMOB_NO_RESPONSE = har_entry()
BROWSERMOB_NO_RESPONSE["response"] = {"status": -999, "statusText": "NO RESPONSE", "headers": []}


def changed(**members: Any) -> dict[str, Any]:
    """An entry of which members of the response are others."""
    entry = har_entry()
    entry["response"].update(members)
    return entry


ENTRIES: dict[str, tuple[Any, dict[str, Any]]] = {
    "Chrome": (
        CHROME,
        {
            "request_headers": (("accept", "*/*"),),
            "response_headers": (
                ("content-type", "application/json"),
                ("set-cookie", "a=1; Path=/"),
                ("set-cookie", "b=2; Path=/"),
            ),
            "request_body": b"",
            "response_body": b'{"id": 1}',
            "resource": "xhr",
            "elapsed": 0.0315,
        },
    ),
    "Chrome, cancelled": (CHROME_CANCELLED, {"status": 0, "response_headers": ()}),
    "Firefox, a body that is cut": (FIREFOX_CUT, {"status": 200, "response_body": None}),
    "mitmproxy, no response": (MITMPROXY_NO_RESPONSE, {"status": 0, "response_body": None}),
    "BrowserMob Proxy, no response": (BROWSERMOB_NO_RESPONSE, {"status": 0}),
    "no response": ({"request": {"method": "GET", "url": "/"}}, {"status": 0, "response_body": None}),
    "a response of null": ({"request": {"method": "GET", "url": "/"}, "response": None}, {"status": 0}),
    "a status of null": (changed(status=None), {"status": 0}),
    "a status as a text": (changed(status="404"), {"status": 404}),
    "Polly.JS": (
        POLLY,
        {
            "status": 201,
            "request_body": b'{"id": 1}',
            "response_body": b'{"id": 1}',
            "request_headers": (("accept", "*/*"), ("age", "5"), ("content-type", "application/json")),
        },
    ),
    "Playwright": ({**PLAYWRIGHT, "_serverPort": 443}, {"resource": "fetch"}),
    "Playwright, by a route": ({**PLAYWRIGHT, "_wasFulfilled": True}, {"resource": "synthetic"}),
    "Playwright, by a service worker": (
        {**PLAYWRIGHT, "response": {"status": 200, "_transferSize": 0, "bodySize": -57}},
        {"resource": "synthetic"},
    ),
    "Playwright, from the cache": (
        {**PLAYWRIGHT, "_serverPort": 443, "response": {"status": 200, "_transferSize": 0}},
        {"resource": "fetch"},
    ),
    "Playwright, aborted": (
        {**PLAYWRIGHT, "_wasAborted": True, "response": {"status": -1, "content": {"size": -1}}},
        {"status": 0, "response_body": None},
    ),
    "a body from the cache that a 304 confirmed": (
        CACHED,
        {"response_headers": (("etag", "x"), ("content-type", "application/json"))},
    ),
    "HTTP Toolkit, a body that is no text": (HTTP_TOOLKIT, {"request_body": b"\xff\xfe\x00\x01"}),
    "a form with a file": (FORM, {"request_body": None}),
    "Charles, base64": (
        changed(content={"size": 2, "mimeType": "image/png", "text": "iVA=", "encoding": "BASE64"}),
        {"response_body": b"\x89P"},
    ),
    "a text of another size": (
        changed(content={"size": 99, "text": '{"id": "[masked]"}'}),
        {"response_body": b'{"id": "[masked]"}'},
    ),
    "headers as an object": (
        changed(headers={"Content-Type": "a/b", "Set-Cookie": ["a=1", "b=2"]}),
        {"response_headers": (("content-type", "a/b"), ("set-cookie", "a=1"), ("set-cookie", "b=2"))},
    ),
    "only pseudo headers": (changed(headers=[{"name": ":status", "value": "200"}]), {"response_headers": ()}),
}


def only(folder: Path, content: bytes, name: str = "a.har") -> Exchange:
    (exchange,) = read(written(folder, {name: content}) / name)
    return exchange


@pytest.mark.parametrize("case", ENTRIES)
def test_an_entry_is_read_as_its_program_means_it(tmp_path: Path, case: str) -> None:
    entry, expected = ENTRIES[case]
    exchange = only(tmp_path, har(entry))
    assert {name: getattr(exchange, name) for name in expected} == expected
    assert exchange.error == ""


@pytest.mark.parametrize(
    ("content_type", "length", "text", "body"),
    [
        ("text/plain; charset=iso-8859-1", None, "größe", "größe".encode("latin-1")),
        ("text/plain; charset=iso-8859-1", 5, "größe", "größe".encode("latin-1")),
        ("text/plain; charset=iso-8859-1", 7, "größe", "größe".encode()),
        ("text/plain; charset=iso-8859-1", None, "5 €", b"5 \x80"),
        ("text/plain; charset=iso-8859-1", None, "☃", "☃".encode()),
        ("text/plain; charset=utf-16", None, "a", "a".encode("utf-16")),
        ("text/plain; charset=base64", None, "a", b"a"),
        ("text/plain", None, "größe", "größe".encode()),
        ("application/json; charset=iso-8859-1", None, '"é"', '"é"'.encode()),
        ("application/json; charset=iso-8859-1", 3, '"é"', b'"\xe9"'),
        ("application/octet-stream", 3, "\x00ÿ\x80", b"\x00\xff\x80"),
        ("application/octet-stream", 5, "\x00ÿ\x80", b"\x00\xc3\xbf\xc2\x80"),
    ],
)
def test_a_text_is_what_its_program_decoded(
    tmp_path: Path, content_type: str, length: int | None, text: str, body: bytes
) -> None:
    """In its charset, as HAR has it, or byte by byte, as Chromium writes requests."""
    sized = [] if length is None else [{"name": "Content-Length", "value": str(length)}]
    headers = [{"name": "Content-Type", "value": content_type}, *sized]
    entry = changed(headers=headers, content={"mimeType": content_type, "text": text})
    entry["request"] |= {"headers": headers, "postData": {"mimeType": content_type, "text": text}}
    exchange = only(tmp_path, har(entry))
    assert (exchange.request_body, exchange.response_body) == (body, body)


ENTRY = har_entry()
FILES: dict[str, object] = {
    "no version": {"log": {"entries": [ENTRY]}},
    "pages first": {"log": {"pages": [{"id": "p", "title": "x" * 99}], "entries": [ENTRY]}},
    "Polly.JS": {"log": {"_recordingName": "pets", "creator": {}, "entries": [ENTRY], "pages": []}},
    "other members first": {"$schema": "x", "meta": {"log": 1}, "log": {"comment": "", "entries": [ENTRY]}},
    "no log": {"entries": [ENTRY]},
    "a bare list": [ENTRY],
    "entries last": {"log": {"version": "1.2", "browser": {}, "entries": [ENTRY]}, "comment": "x"},
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("start", [b"", BOM, b"\r\n \t"])
def test_a_har_is_detected_whatever_its_name(tmp_path: Path, case: str, start: bytes) -> None:
    for indent in (None, 2):
        content = start + json.dumps(FILES[case], indent=indent).encode()
        assert only(tmp_path, content, "a.json").status == 200


@pytest.mark.parametrize(
    "value", [{"entries": [{"id": 1}]}, {"log": {"level": "info"}}, [{"request": 1}], {"entries": []}, [[]]]
)
def test_a_body_that_resembles_a_har_is_none(tmp_path: Path, value: object) -> None:
    recordings = written(tmp_path, {"a.json": json.dumps(value).encode(), "b.har": har()})
    assert [exchange.source for exchange in read(recordings)] == [f"{tmp_path.name}/b.har#0"]
