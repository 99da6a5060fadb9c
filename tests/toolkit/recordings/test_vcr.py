"""Cassettes as VCR and its relatives write them, in their dialects and old versions."""

import gzip
import io
import json
from base64 import b64encode
from textwrap import dedent
from typing import Any

import pytest

from wirecheck.model import Exchange
from wirecheck.recordings import vcr

GZIP = "status: {code: 200}\nheaders: {Content-Encoding: [gzip]}\n"
GZIPPED = b64encode(gzip.compress(b'{"id": 1}', mtime=0)).decode()


def read(text: str | bytes | dict[str, Any] | list[Any]) -> list[Exchange]:
    if not isinstance(text, str | bytes):
        text = json.dumps(text)
    content = dedent(text).encode() if isinstance(text, str) else text
    assert vcr.looks_like(content)
    return list(vcr.read("a.yaml", io.BytesIO(content)))


def only(text: str | bytes | dict[str, Any] | list[Any]) -> Exchange:
    (exchange,) = read(text)
    assert not exchange.error
    return exchange


def with_response(response: str, request: str = "method: GET\nuri: https://api.test/a\n") -> Exchange:
    """The exchange of a cassette whose messages are these texts of YAML."""
    parts = (
        "  " + part.strip().replace("\n", "\n    ")
        for part in (f"request:\n{request}", f"response:\n{response}")
    )
    return only("interactions:\n- version: 1\n" + "\n".join(parts) + "\n")


def test_vcr_for_ruby() -> None:
    first, second = read("""
        ---
        http_interactions:
        - request:
            method: post
            uri: https://api.test/v1/notes?tag=a%20b
            body:
              encoding: UTF-8
              string: '{"title":"é"}'
            headers:
              Content-Type:
              - application/json
              X-Twice:
              - a
              - b
          response:
            status:
              code: 201
              message: Created
            headers:
              Content-Type:
              - application/json; charset=utf-8
              Etag:
              - ! '"24ec5-1b6"'
              Set-Cookie:
              - a=1; path=/
              - b=2
            body:
              encoding: ASCII-8BIT
              string: !binary |-
                eyJpZCI6IDF9
            http_version: null
          recorded_at: Tue, 01 Nov 2011 04:58:44 GMT
        - request:
            method: :get
            uri: http://api.test:80/
            body:
              encoding: US-ASCII
              base64_string: ''
            headers: {}
          response:
            status: {code: 200, message: !binary "T0s="}
            headers:
              !binary "Q29udGVudC1UeXBl":
              - !binary |-
                dGV4dC9wbGFpbg==
            body:
              encoding: ISO-8859-1
              string: größer
          recorded_at: Tue, 01 Nov 2011 04:58:45 GMT
        recorded_with: VCR 6.2.0
        """)
    assert (first.source, first.entry, first.method, first.status) == ("a.yaml#0", 0, "POST", 201)
    assert first.url == "https://api.test/v1/notes?tag=a%20b"
    assert first.request_headers == (("content-type", "application/json"), ("x-twice", "a"), ("x-twice", "b"))
    assert first.request_body == '{"title":"é"}'.encode()
    assert first.response_headers == (
        ("content-type", "application/json; charset=utf-8"),
        ("etag", '"24ec5-1b6"'),
        ("set-cookie", "a=1; path=/"),
        ("set-cookie", "b=2"),
    )
    assert first.response_body == b'{"id": 1}'
    assert (second.source, second.method, second.request_body) == ("a.yaml#1", "GET", b"")
    assert second.response_headers == (("content-type", "text/plain"),)
    assert second.response_body == "größer".encode("latin-1")


def test_vcr_for_ruby_1() -> None:
    exchange = only("""
        ---
        - !ruby/struct:VCR::HTTPInteraction
          request: !ruby/struct:VCR::Request
            method: !ruby/symbol get
            uri: http://api.test:80/a
            body:
            headers:
          response: !ruby/struct:VCR::Response
            status: !ruby/struct:VCR::ResponseStatus
              code: 200
              message: OK
            headers:
              content-type:
              - text/html
              etag:
            body: !ruby/string:Sub
              str: |
                <HTML>
              "@read": true
            http_version: "1.1"
        """)
    assert (exchange.method, exchange.url, exchange.status) == ("GET", "http://api.test:80/a", 200)
    assert (exchange.request_headers, exchange.request_body) == ((), b"")
    assert exchange.response_headers == (("content-type", "text/html"),)
    assert exchange.response_body == b"<HTML>\n"


def test_vcr_for_ruby_in_json_with_placeholders() -> None:
    request = {
        "method": "get",
        "uri": "https://api.test/<OWNER>",
        "body": {"encoding": "US-ASCII", "string": ""},
    }
    kept = b64encode(b'{"id": "<ID>", "at": 1}').decode() + "\n"
    lost = b64encode(b'{"id": <ID>, "at": 1}').decode()
    within = b64encode(b'{"id": [78<ID>00]}').decode()
    cassette = {
        "http_interactions": [
            {
                "request": request,
                "response": {
                    "status": {"code": 200},
                    "headers": {"Content-Type": ["application/json"]},
                    "body": {"encoding": "ASCII-8BIT", "base64_string": text},
                },
            }
            for text in (kept, lost, within)
        ],
        "recorded_with": "VCR 6.2.0",
    }
    first, second, third = read(cassette)
    assert first.response_body == b'{"id": "<ID>", "at": 1}'
    assert second.response_body is third.response_body is None


def test_go_vcr() -> None:
    exchange = only("""
        ---
        version: 2
        interactions:
            - id: 0
              request:
                proto: HTTP/1.1
                host: api.test
                body: a=1
                form:
                    a:
                        - "1"
                headers:
                    Content-Type:
                        - application/x-www-form-urlencoded
                url: https://api.test/login
                method: POST
              response:
                uncompressed: true
                body: '{"ok": true}'
                headers:
                    Content-Type:
                        - application/json
                status: 200 OK
                code: 200
                duration: 1m2.5s
        """)
    assert (exchange.method, exchange.url, exchange.status) == ("POST", "https://api.test/login", 200)
    assert (exchange.request_body, exchange.response_body) == (b"a=1", b'{"ok": true}')
    assert exchange.elapsed == 62.5


def test_php_vcr() -> None:
    first, second = read("""

        -
            request:
                method: GET
                url: 'http://api.test/'
                headers:
                    Host: api.test
                    Content-Length: 0
            response:
                status: 301
                headers:
                    Location: 'http://www.api.test/'
                body: "Moved.\\n"
                curl_info:
                    size_upload: !!float 0
                    certinfo: {  }
        -
            request:
                method: GET
                url: 'http://api.test/a'
            response:
                status:
                    http_version: '1.1'
                    code: '200'
                    message: OK
                headers:
                    Content-Type: application/pdf
                    Content-Transfer-Encoding: binary
                body: JVBERg==
        """)
    assert first.status == 301
    assert first.request_headers == (("host", "api.test"), ("content-length", "0"))
    assert (first.request_body, first.response_body) == (None, b"Moved.\n")
    assert (second.status, second.response_body) == (200, b"%PDF")


def test_easyvcr_and_scotch() -> None:
    easyvcr = {
        "Duration": 70,
        "RecordedAt": "2022-04-22T12:02:52-06:00",
        "Request": {
            "Body": "{}",
            "ContentHeaders": {"Content-Type": "application/json; charset=utf-8"},
            "Method": "POST",
            "RequestHeaders": {"Accept": "*/*"},
            "Uri": "https://api.test/posts",
        },
        "Response": {
            "Body": "[]",
            "ContentHeaders": {"Content-Type": "application/json"},
            "HttpVersion": "1.1",
            "ResponseHeaders": {"Server": "x"},
            "Status": {"Code": 200, "Message": "OK"},
        },
    }
    scotch = {
        "request": {
            "method": "GET",
            "uri": "https://api.test/1",
            "requestHeaders": {},
            "contentHeaders": {},
            "body": "",
        },
        "response": {
            "status": {"code": "404", "message": "Not Found"},
            "responseHeaders": {"Via": "1.1 vegur"},
            "contentHeaders": {"Expires": "-1"},
            "body": "",
        },
    }
    first, second = read([easyvcr, scotch])
    assert (first.method, first.url, first.status, first.elapsed) == (
        "POST",
        "https://api.test/posts",
        200,
        0.07,
    )
    assert first.request_headers == (("accept", "*/*"), ("content-type", "application/json; charset=utf-8"))
    assert first.response_headers == (("server", "x"), ("content-type", "application/json"))
    assert (first.request_body, first.response_body) == (b"{}", b"[]")
    assert (second.status, second.response_headers) == (404, (("via", "1.1 vegur"), ("expires", "-1")))


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ("status: {code: 200}", None),
        ("status: {code: 200}\nbody: {string: ''}", b""),
        ("status: {code: 200}\nbody: {string: null}", b""),
        ("status: {code: 200}\nbody:", b""),
        ("status: {code: 200}\nbody: {string: text}", b"text"),
        ("status: {code: 200}\nbody: {string: 0012-34}", b"0012-34"),
        ("status: {code: 200}\nbody: {string: true}", b"true"),
        ("status: {code: 200}\nbody: {string: 1.10}", b"1.10"),
        ("status: {code: 200}\nbody: {string: !!binary AP8=}", b"\x00\xff"),
        ("status: {code: 200}\nbody: {string: !!binary '!'}", None),
        ("status: {code: 200}\nheaders: {content-encoding: [gzip]}\nbody: !!binary '!'", None),
        ("status: {code: 200}\nparsed_body: [!!binary '!', !!binary YQ==]", b'[null, "a"]'),
        ("status: {code: 200}\nbody: {base64_string: AP8=}", b"\x00\xff"),
        ("status: {code: 200}\nbody: {base64_string: '???'}", None),
        ("status: {code: 200}\nbody: {encoding: utf-8, string: 'lost \ufffd'}", None),
        ("status: {code: 200}\nbody: {encoding: rot13, string: abc}", b"abc"),
        ("status: {code: 200}\nbody: {encoding: UTF-16LE, string: ab}", b"a\0b\0"),
        ("status: {code: 200}\nbody: {encoding: ISO-8859-1, string: ☃}", "☃".encode()),
        ("status: {code: 200}\nbody: {encoding: '', file: true, string: a/path.json}", None),
        ("status: {code: 200}\nbody: [1]", None),
        (GZIP + "body: {string: !!binary " + GZIPPED + "}", b'{"id": 1}'),
        (GZIP + "body: {string: '{}'}", b"{}"),
        (GZIP + "body: {string: !!binary H4sIAAAA}", None),
        ("status_code: 200\ncontent: '{}'\nheaders: {a: b}", b"{}"),
        (
            "status: {code: 200}\nparsed_body: {n: 1, f: 1.5, t: true, s: '1', d: 2026-11-29, l: [a, ~]}",
            b'{"n": 1, "f": 1.5, "t": true, "s": "1", "d": "2026-11-29", "l": ["a", null]}',
        ),
    ],
)  # fmt: skip
def test_bodies_of_responses(response: str, body: bytes | None) -> None:
    assert with_response(response).response_body == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("body: null", b""),
        ("headers: {}", None),
        ("body: !!python/unicode '{}'", b"{}"),
        (
            "body: !!python/object/new:_io.BytesIO\n  state: !!python/tuple [!!binary AP8=, 0, null]",
            b"\x00\xff",
        ),
        (
            "body: !!python/object/apply:builtins.iter\n  args: !!python/tuple [[!!binary AP8=, text]]",
            b"\x00\xfftext",
        ),
        ("body: {title: Milk, n: 1}", None),
        (
            "body: {Title: Milk, n: 1}\nheaders: {Content-Type: [application/json]}",
            b'{"Title": "Milk", "n": 1}',
        ),
        ("body: null\nparsed_body: {}\nheaders: {content-type: [application/json]}", b"{}"),
    ],
)
def test_bodies_of_requests(body: str, expected: bytes | None) -> None:
    request = f"method: POST\nuri: https://api.test/a\n{body}"
    assert with_response("status: {code: 200}", request).request_body == expected


@pytest.mark.parametrize(
    "headers",
    [
        "{Content-Type: [text/plain], X-Number: [1.10], X-None: null}",
        "{Content-Type: text/plain, X-Number: 1.10, X-None: [null]}",
        '["Content-Type: text/plain\\r\\n", "X-Number: 1.10\\r\\n"]',
        "[[Content-Type, text/plain], [X-Number, 1.10]]",
        "{? [a] : b, Content-Type: text/plain, X-Number: 1.10}",
        "{X-Number: 2, Content-Type: a, Content-Type: text/plain, X-Number: 1.10}",
        "&one {<<: {X-Number: 2}, Content-Type: text/plain, X-Number: 1.10}",
    ],
)
def test_headers(headers: str) -> None:
    exchange = with_response(f"status: {{code: 200}}\nheaders: {headers}")
    assert set(exchange.response_headers) == {("content-type", "text/plain"), ("x-number", "1.10")}


def test_aliases_and_merges_across_interactions() -> None:
    first, second = read("""
        shared: &shared {Accept: ['*/*'], X-A: [b]}
        interactions:
        - request: &request {method: GET, uri: 'https://api.test/a', headers: *shared}
          response: &response {status: {code: 200}, body: {string: text}}
        - request: {<<: [*request, {uri: lost}], method: HEAD}
          response: {<<: *response, body: {string: other}}
        """)
    assert first.request_headers == second.request_headers == (("accept", "*/*"), ("x-a", "b"))
    assert (second.method, second.url, second.status, second.response_body) == (
        "HEAD",
        first.url,
        200,
        b"other",
    )


def test_several_documents() -> None:
    document = """
        ---
        interactions:
        - request: {method: GET, uri: 'https://api.test/a'}
          response: {status: {code: 200}}
        """
    assert [exchange.source for exchange in read(dedent(document) * 3)] == [
        "a.yaml#0",
        "a.yaml#1",
        "a.yaml#2",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(encoding: str) -> None:
    text = "interactions:\n- request: {method: GET, uri: 'https://api.test/é'}\n  response: {status: 200}\n"
    (exchange,) = vcr.read("a.yaml", io.BytesIO(text.encode(encoding)))
    assert exchange.url == "https://api.test/é"


def test_interactions_are_read_one_by_one() -> None:
    class Counted(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.count += len(data)
            return data

    interaction = "- request: {method: GET, uri: 'https://api.test/a'}\n  response: {status: 200, body: %s}\n"
    content = ("interactions:\n" + interaction % ("x" * 1000) * 10_000).encode()
    file = Counted(content)
    exchanges = vcr.read("a.yaml", file)
    assert next(exchanges).response_body == b"x" * 1000
    assert file.count < len(content) / 5


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"{}",
        b"[]",
        b"openapi: 3.1.0\npaths: {}\n",
        b'{"log": {"entries": [{"request": {}, "response": {}}]}}',
        b'{"request": {"method": "GET", "url": "/"}, "status": 200, "body": {"interactions": []}}',
        b'{"consumer": {"name": "a"}, "interactions": [{"request": {"method": "get", "path": "/"}}]}',
        b'[{"request": {"method": "GET", "url": "/"}, "response": {"status": 200, "content": {}}}]',
        b'[{"scope": "https://api.test", "path": "/", "status": 200}]',
        b'127.0.0.1 - - [29/Nov/2026] "GET /interactions: HTTP/1.1" 200 2\n',
        b"<html>\nmy interactions:\n</html>\n",
        b"# Cassettes\nOne looks so:\n```yaml\nhttp_interactions:\n- request:\n    uri: /\n```\n",
        b'# coding: utf-8\nCASSETTE = """\ninteractions:\n- request:\n    uri: /\n"""\n',
        b"- request:\n    path: /\n  response:\n    status: 200\n",
        b'{"version": 1, "interactions": [{"drug": "a", "severity": "high"}]}',
        b"- name: a\n  hosts: all\n",
        b"\x1f\x8b\x08\x00",
    ],
)  # fmt: skip
def test_other_files_are_not_taken_for_cassettes(start: bytes) -> None:
    assert not vcr.looks_like(start)


def test_a_start_that_is_cut_off_is_enough() -> None:
    cassette = json.dumps(
        {"http_interactions": [{"request": {"method": "GET"}, "response": {"body": "x" * 100}}]}
    )
    for length in range(23, len(cassette)):
        assert vcr.looks_like(cassette[:length].encode())
    listed = json.dumps([{"request": {"method": "GET", "uri": "/a"}, "response": {"body": "x" * 100}}])
    assert vcr.looks_like(listed[:70].encode())
    assert vcr.looks_like(b"# a comment\n---\ninteractions:\n- request:\n    bo")
    assert vcr.looks_like(b"version: 1\nnotes:\n- |\n  a\n\n  b\nhttp_interactions: []\n")
