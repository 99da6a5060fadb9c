"""A run of newman, a run and a collection of Postman, and what may stand in them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from support.same_findings import findings
from support.wires import TOKEN
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import postman

FIXTURES = Path(__file__).parent / "fixtures"


def read(content: bytes | dict[str, Any]) -> list[Exchange]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert postman.looks_like(data)
    return list(postman.read("a.json", io.BytesIO(data)))


def checks(exchanges: list[Exchange]) -> list[list[tuple[str, str]]]:
    return [[(check, pointer) for check, _, _, _, pointer, _ in findings(exchange)] for exchange in exchanges]


def example(request: Any, response: Any = None, **collection: Any) -> Exchange:
    """The only example of a collection."""
    saved = {"code": 200, "originalRequest": request} | (response or {})
    item = [{"name": "folder", "item": [{"name": "a", "request": {}, "response": [saved]}]}]
    (exchange,) = read({"info": {"name": "a"}, "item": item, **collection})
    return exchange


def test_what_newman_recorded() -> None:
    """As the server of fixtures/record.mjs received and sent it, with its findings."""
    exchanges = read((FIXTURES / "newman.json").read_bytes())
    targets = [exchange.url.partition("/v1")[2] for exchange in exchanges]
    assert targets == ["/notes?limit=500", "/notes/1", "/notes", "/login", "/files/a.png", "/notes"]
    assert [(e.method, e.status, e.request_body, e.response_body) for e in exchanges] == [
        ("GET", 200, b"", '[{"id": 1, "title": "é☃"}]'.encode()),
        ("GET", 200, b"", b'{"id": "1", "title": "Milk"}'),
        ("POST", 201, b'{"title": "Much too long a title"}', b'{"id": 1, "title": "Milk"}'),
        ("POST", 200, b"user=e&password=pass%26word", b'{"ok": true}'),
        ("GET", 200, b"", bytes.fromhex("89504e470d0a00ff")),
        ("GET", 0, b"", None),
    ]
    assert checks(exchanges[:5]) == [
        [("request-parameters-match", "")],
        [("body-matches-schema", "/id")],
        [("request-body-matches", "/title")],
        [("request-body-matches", "/user")],
        [],
    ]
    sent = dict(exchanges[0].request_headers)
    assert (sent["x-trace"], sent["authorization"]) == ("0af", f"Bearer {TOKEN}")
    assert "x-unused" not in sent
    assert all(exchange.elapsed for exchange in exchanges[:5])


def test_the_examples_of_a_collection() -> None:
    exchanges = read((FIXTURES / "collection.json").read_bytes())
    assert [(e.method, e.url.removeprefix("https://notes.test/v1"), e.status) for e in exchanges] == [
        ("GET", "/notes?limit=500&tag=a%20b", 200),
        ("GET", "/notes?limit=x", 400),
        ("POST", "/notes", 201),
        ("POST", "/notes", 422),
    ]
    assert checks(exchanges) == [
        [("request-parameters-match", "")],
        [("body-matches-schema", "/error")],
        [("body-matches-schema", "/id"), ("request-body-matches", "/title")],
        [],
    ]
    assert exchanges[2].request_headers == (
        ("accept", "*/*"),
        ("authorization", f"Bearer {TOKEN}"),
        ("content-type", "application/json"),
    )
    assert exchanges[3].request_body is None, "it contains a variable without a value"


def test_credentials_stay_hidden() -> None:
    for name in ("newman.json", "collection.json"):
        for exchange in read((FIXTURES / name).read_bytes()):
            assert TOKEN not in repr(exchange)
            assert TOKEN not in repr(findings(exchange))
            assert "pass&word" not in repr(findings(exchange))


def test_a_run_that_postman_exported() -> None:
    run = {
        "id": "1",
        "name": "Notes",
        "results": [
            {
                "id": "a",
                "url": "https://api.test/notes?x=1",
                "time": 70,
                "responseCode": {"code": 201, "name": "Created"},
            },
            {
                "id": "b",
                "url": "https://api.test/notes/1",
                "time": 0,
                "responseCode": {"code": 404, "name": "Not Found"},
            },
            {"id": "c", "url": "https://api.test/notes/2", "responseCode": {"code": 200}},
            [],
        ],
        "collection": {"requests": [{"id": "a", "method": "POST"}, {"id": "b", "method": "GET"}]},
    }
    first, second, third, fourth = read(run)
    assert (first.method, first.url, first.status, first.elapsed) == (
        "POST",
        "https://api.test/notes?x=1",
        201,
        0.07,
    )
    assert (first.request_headers, first.request_body, first.response_headers, first.response_body) == (
        (),
        None,
        (),
        None,
    )
    assert (second.method, second.status, second.elapsed) == ("GET", 404, None)
    assert (third.error, fourth.error) == ("request.method is missing", "the entry is not an object")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.test/a?b=1", "https://api.test/a?b=1"),
        ({"raw": "https://api.test/a"}, "https://api.test/a"),
        ({"host": ["api", "test"], "path": ["a", "b"]}, "http://api.test/a/b"),
        ({"protocol": "https", "host": "api.test", "port": "81", "path": "/a/b"}, "https://api.test:81/a/b"),
        ({"host": ["{{base}}"], "path": ["a"]}, "https://api.test/v1/a"),
        ({"host": ["{{host}}"], "protocol": "https", "path": ["a"]}, "https://api.test/a"),
        ({"host": ["{{unknown}}"], "path": ["a"]}, "/a"),
        ("{{unknown}}/a", "/a"),
        ("{{base}}/{{unknown}}", "https://api.test/v1/{{unknown}}"),
        (
            {
                "host": ["{{base}}"],
                "path": [":id", {"type": "string", "value": "é"}],
                "variable": [{"key": "id", "value": "a b"}],
            },
            "https://api.test/v1/a%20b/%C3%A9",
        ),
        (
            {"host": ["{{base}}"], "path": [":id"], "variable": [{"key": "id", "value": None}]},
            "https://api.test/v1/:id",
        ),
        (
            {
                "host": ["{{base}}"],
                "path": ["a"],
                "query": [{"key": "a", "value": "b c%20"}, {"key": "d"}, {"key": "e", "value": ""}],
            },
            "https://api.test/v1/a?a=b%20c%20&d&e=",
        ),
    ],
)
def test_urls(url: Any, expected: str) -> None:
    variables = [{"key": "base", "value": "https://{{host}}/v1"}, {"key": "host", "value": "api.test"}]
    assert example({"method": "GET", "url": url}, variable=variables).url == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, b""),
        ({}, b""),
        ({"mode": "raw", "raw": "{}", "disabled": True}, b""),
        ({"mode": "raw", "raw": "é"}, "é".encode()),
        ({"mode": "raw"}, b""),
        ({"mode": "raw", "raw": "{{a}}"}, b"1"),
        ({"mode": "raw", "raw": "{{b}}"}, None),
        (
            {"mode": "urlencoded", "urlencoded": [{"key": "a b", "value": "é&"}, {"key": "c"}]},
            b"a+b=%C3%A9%26&c=",
        ),
        ({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{$guid}}"}]}, None),
        ({"mode": "formdata", "formdata": [{"key": "a", "value": "b"}]}, None),
        ({"mode": "file", "file": {"src": "a.png"}}, None),
        ({"mode": "graphql", "graphql": {"query": "{a}"}}, None),
    ],
)
def test_bodies_of_requests(body: Any, expected: bytes | None) -> None:
    request = {"method": "POST", "url": "https://api.test/a", "body": body}
    assert example(request, variable=[{"key": "a", "value": 1}]).request_body == expected


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({}, None),
        ({"body": None}, None),
        ({"body": None, "code": 204}, b""),
        ({"body": ""}, b""),
        ({"stream": {"type": "Buffer", "data": [0, 255]}}, b"\0\xff"),
        ({"stream": {"type": "Buffer", "data": [256]}}, None),
        ({"stream": {"type": "Buffer", "data": ["a"]}}, None),
        ({"body": "{}", "header": [{"key": "Content-Encoding", "value": "gzip"}]}, b"{}"),
        ({"body": "{}", "header": "Content-Encoding: gzip\nX-A: b"}, b"{}"),
    ],
)
def test_bodies_of_responses(response: Any, expected: bytes | None) -> None:
    assert example({"method": "GET", "url": "/a"}, response).response_body == expected


@pytest.mark.parametrize(
    ("auth", "query", "header"),
    [
        (None, "", None),
        ({"type": "noauth"}, "", None),
        ({"type": "digest", "digest": []}, "", None),
        (
            {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]},
            "",
            ("authorization", "Bearer s3cret"),
        ),
        ({"type": "oauth2", "oauth2": {"accessToken": "a"}}, "", ("authorization", "Bearer a")),
        ({"type": "basic", "basic": {"username": "a", "password": "b"}}, "", ("authorization", "Basic YTpi")),
        (
            {
                "type": "apikey",
                "apikey": [{"key": "key", "value": "X-Key"}, {"key": "value", "value": "{{t}}"}],
            },
            "",
            ("x-key", "s3cret"),
        ),
        ({"type": "apikey", "apikey": {"key": "k", "value": "v", "in": "query"}}, "?k=v", None),
    ],
)
def test_credentials_that_a_request_inherits(auth: Any, query: str, header: tuple[str, str] | None) -> None:
    request = {"method": "GET", "url": "https://api.test/a", "header": [{"key": "Accept", "value": "*/*"}]}
    exchange = example(request, auth=auth, variable=[{"key": "t", "value": "s3cret"}])
    assert exchange.url == f"https://api.test/a{query}"
    assert exchange.request_headers == (("accept", "*/*"), *([header] if header else []))
    without_headers = example(request | {"header": []}, auth=auth)
    assert without_headers.request_headers == (), "none were recorded"


def test_a_collection_without_examples_says_what_to_do() -> None:
    collection = {"info": {"name": "a"}, "item": [{"name": "a", "request": "https://api.test/a"}]}
    with pytest.raises(RecordingError, match="no saved responses; newman writes a run"):
        read(collection)


def test_the_answer_of_postmans_api_is_a_collection() -> None:
    collection = {
        "info": {"name": "a"},
        "item": [{"request": "https://api.test/a", "response": [{"code": 200}]}],
    }
    (exchange,) = read({"collection": collection})
    assert (exchange.method, exchange.url, exchange.request_body) == ("GET", "https://api.test/a", b"")


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"[]",
        b'{"openapi": "3.1.0", "info": {"title": "a"}, "paths": {}}',
        b'{"results": [{"id": 1}]}',
        b'{"run": {"id": 1}}',
        b'{"log": {"entries": []}}',
        b"info:\nitem:\n",
    ],
)
def test_other_files_are_not_taken_for_postmans(start: bytes) -> None:
    assert not postman.looks_like(start)


def test_a_start_that_is_cut_off_is_enough() -> None:
    run = (FIXTURES / "newman.json").read_bytes()
    assert all(postman.looks_like(run[:length]) for length in range(4000, len(run), 997))
