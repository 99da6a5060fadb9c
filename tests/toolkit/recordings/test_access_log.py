"""Lines of access logs of many servers."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from support import judging
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import Recordings, access_log
from wirecheck.recordings.access_log import LAYOUTS

FIXTURES = Path(__file__).parent / "fixtures"

KONG: dict[str, Any] = {
    "latencies": {"request": 515, "kong": 58, "proxy": 457},
    "service": {"host": "httpbin.org", "protocol": "https", "name": "service1"},
    "request": {
        "querystring": {"limit": "2"},
        "size": 138,
        "uri": "/v1/pets?limit=2",
        "url": "http://pets.test:8000/v1/pets?limit=2",
        "headers": {"host": "pets.test:8000", "accept": ["*/*", "a/b"], "x-consumer": "7"},
        "method": "GET",
    },
    "client_ip": "127.0.0.1",
    "upstream_uri": "/pets",
    "response": {
        "headers": {"content-type": "application/json", "via": "kong/3.8.0", "x-count": 2},
        "status": 200,
        "size": 1024,
    },
    "started_at": 1614232642951,
}
CADDY: dict[str, Any] = {
    "level": "info",
    "ts": 1646861401.5241024,
    "logger": "http.log.access",
    "msg": "handled request",
    "request": {
        "remote_ip": "127.0.0.1",
        "proto": "HTTP/2.0",
        "method": "GET",
        "host": "pets.test",
        "uri": "/v1/pets?limit=2",
        "headers": {"User-Agent": ["curl/7.82.0"], "Accept": ["*/*"]},
        "tls": {"resumed": False},
    },
    "duration": 0.25,
    "size": 10900,
    "status": 200,
    "resp_headers": {"Server": ["Caddy"], "Set-Cookie": ["REDACTED"], "Vary": ["Accept", "Origin"]},
}
TRAEFIK: dict[str, Any] = {
    "ClientHost": "203.0.113.7",
    "DownstreamContentSize": 397,
    "DownstreamStatus": 200,
    "Duration": 250_000_000,
    "OriginStatus": 200,
    "RequestAddr": "pets.test",
    "RequestHost": "pets.test",
    "RequestMethod": "GET",
    "RequestPath": "/v1/pets?limit=2",
    "RequestPort": "-",
    "RequestProtocol": "HTTP/2.0",
    "RequestScheme": "https",
    "ServiceURL": "http://10.0.1.8:8000",
    "downstream_Content-Type": "application/json",
    "level": "info",
    "request_User-Agent": "curl/8",
    "time": "2026-09-29T23:05:40Z",
}
ENVOY: dict[str, Any] = {
    "authority": "pets.test",
    "bytes_received": "0",
    "bytes_sent": "615",
    "connection_termination_details": None,
    "duration": "250",
    "method": "GET",
    "path": "/v1/pets?limit=2",
    "protocol": "HTTP/1.1",
    "response_code": "200",
    "response_code_details": "via_upstream",
    "response_flags": "-",
    "upstream_cluster": "inbound|8000||",
    "x_forwarded_for": None,
}
API_GATEWAY: dict[str, Any] = {
    "requestId": "0a1b",
    "requestTime": "09/Apr/2026:12:34:56 +0000",
    "httpMethod": "GET",
    "resourcePath": "/v1/pets/{id}",
    "path": "/v1/pets/1",
    "domainName": "pets.test",
    "status": "200",
    "protocol": "HTTP/1.1",
    "responseLatency": "250",
}
APACHE = {"time": "x", "method": "GET", "path": "/v1/pets", "query": "?limit=2", "status": "200"}
HTTP, HTTPS, PATH = (
    "http://pets.test/v1/pets?limit=2",
    "https://pets.test/v1/pets?limit=2",
    "/v1/pets?limit=2",
)

KINDS: dict[str, tuple[dict[str, Any], str, float | None]] = {
    "Kong": (KONG, "http://pets.test:8000/v1/pets?limit=2", 0.515),
    "Caddy": (CADDY, HTTPS, 0.25),
    "Traefik": (TRAEFIK, HTTPS, 0.25),
    "Envoy": (ENVOY, HTTP, 0.25),
    "AWS API Gateway": (API_GATEWAY, "http://pets.test/v1/pets/1", 0.25),
    "nginx and Apache": (APACHE, PATH, None),
}


def read(*lines: dict[str, Any] | str) -> list[Exchange]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return list(access_log.read("a.log", io.BytesIO("\n".join(texts).encode())))


def test_every_layout_has_an_example() -> None:
    assert KINDS.keys() == LAYOUTS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_of_each_kind(kind: str) -> None:
    line, url, elapsed = KINDS[kind]
    assert access_log.looks_like(json.dumps(line).encode())
    (exchange,) = read(line)
    assert (exchange.method, exchange.url, exchange.status, exchange.error) == ("GET", url, 200, "")
    assert exchange.elapsed == (pytest.approx(elapsed) if elapsed is not None else None)
    assert exchange.has_query == (kind != "AWS API Gateway")
    assert (exchange.request_body, exchange.response_body) == (None, None)


def test_headers_are_read_where_all_were_logged() -> None:
    kong, caddy, traefik, envoy = read(KONG, CADDY, TRAEFIK, ENVOY)
    assert kong.request_headers[1:3] == (("accept", "*/*"), ("accept", "a/b"))
    assert kong.response_headers == (("content-type", "application/json"), ("via", "kong/3.8.0"))
    assert caddy.request_headers == (("user-agent", "curl/7.82.0"), ("accept", "*/*"))
    assert caddy.response_headers == (("server", "Caddy"), ("vary", "Accept"), ("vary", "Origin"))
    assert (traefik.request_headers, envoy.request_headers, envoy.response_headers) == ((), (), ())
    assert traefik.response_headers == (("content-type", "application/json"),)


@pytest.mark.parametrize("value", ["REDACTED", ["REDACTED"], []])
def test_a_request_without_its_credentials_has_headers_that_were_not_recorded(value: object) -> None:
    headers = {"Accept": ["*/*"], "Authorization": value}
    (exchange,) = read({**CADDY, "request": {**CADDY["request"], "headers": headers}})
    assert exchange.request_headers == ()


@pytest.mark.parametrize(("logged", "status"), [(499, 0), ("499", 0), (444, 0), (0, 0), (404, 404)])
def test_a_client_that_went_away_got_no_response(logged: object, status: int) -> None:
    assert read({**APACHE, "status": logged})[0].status == status


@pytest.mark.parametrize(
    ("members", "url", "has_query"),
    [
        ({"request": "POST /pets?a=%20 HTTP/1.1"}, "/pets?a=%20", True),
        ({"request": "POST /pets HTTP/2.0", "http_host": "a.test:81"}, "http://a.test:81/pets", True),
        ({"request": "POST http://b.test/pets HTTP/1.1", "host": "a.test"}, "http://b.test/pets", True),
        ({"method": "POST", "request_uri": "/pets", "uri": "/index.html"}, "/pets", True),
        ({"method": "POST", "uri": "/pets", "args": ""}, "/pets", True),
        ({"method": "POST", "uri": "/pets", "args": "-"}, "/pets", True),
        ({"method": "POST", "uri": "/pets", "args": "a=b"}, "/pets?a=b", True),
        ({"method": "POST", "uri": "/pets?a=b", "args": "a=b"}, "/pets?a=b", True),
        ({"method": "POST", "uri": "/pets"}, "/pets", False),
        ({"method": "POST", "uri": "/a b/é"}, "/a%20b/%C3%A9", False),
        ({"verb": "POST", "url": "https://a.test/pets"}, "https://a.test/pets", False),
        (
            {"method": "POST", "uri": "/pets", "host": "a.test", "scheme": "https"},
            "https://a.test/pets",
            False,
        ),
    ],
)
def test_the_target_by_what_was_logged(members: dict[str, Any], url: str, has_query: bool) -> None:
    (exchange,) = read({"status": 200, **members})
    assert (exchange.method, exchange.url, exchange.has_query) == ("POST", url, has_query)


COMMON = '127.0.0.1 - - [29/Nov/2026:07:20:43 +0000] "{}" {} 2'


@pytest.mark.parametrize(
    ("line", "url"),
    [
        (COMMON.format("GET /pets HTTP/1.1", 200), "/pets"),
        (COMMON.format("GET /pets HTTP/1.1", 200) + ' "http://a.test/" "curl \\"8\\" [x]"', "/pets"),
        (COMMON.format("GET /pets HTTP/1.1", 200) + ' "-" "-" 0.004 "-"', "/pets"),
        (COMMON.format("GET /pets/\\xC5\\xbd HTTP/1.1", 200), "/pets/%C5%BD"),
        (COMMON.format('GET /pets?a=\\"b\\\\ HTTP/1.0', 200), '/pets?a="b\\'),
        (COMMON.format("GET /pets", 200).replace("- -", "- Jane [7] Doe"), "/pets"),
        ("a.test:80 " + COMMON.format("GET /pets HTTP/1.1", 200), "/pets"),
        (COMMON.format("GET /pets HTTP/1.1", 200).removesuffix("2") + "-", "/pets"),
    ],
)
def test_common_and_combined_lines(line: str, url: str) -> None:
    assert access_log.looks_like(line.encode() + b"\n")
    (exchange,) = read(line)
    assert (exchange.method, exchange.url, exchange.status, exchange.error) == ("GET", url, 200, "")


def test_escapes_that_json_does_not_have_stand_for_bytes() -> None:
    (exchange,) = read(r'{"method":"GET","path":"/\xc5\xbd","status":200,"agent":"a\\x41\"\x22"}')
    assert exchange.url == "/%C5%BD"


OURS = '{"request": {"method": "GET", "url": "/v1/pets"}, "status": 200}'
NOT_LOGS = [
    OURS,
    "{}\n" + OURS,
    '{"request": {"method": "GET", "url": "/"}, "response": {"status": 200}}',
    '{"log": {"entries": []}}',
    '{"method": "GET", "uri": "/"}',
    '{"method": "GET", "uri": "/", "status": "ok"}',
    '{"method": "GET", "uri": "/", "status": true}',
    '{"method": "GET", "uri": "pets", "status": 200}',
    '{"httpMethod": "GET", "resourcePath": "/pets/{id}", "status": 200}',
    '[{"method": "GET", "uri": "/", "status": 200}]',
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    '{"request": null, "status": null}',
    "[" * 100_000,
    '{"a":' * 100_000,
    "\x00" * 100,
    "",
]


@pytest.mark.parametrize("number", range(len(NOT_LOGS)))
def test_what_is_no_access_log(number: int) -> None:
    assert not access_log.looks_like(NOT_LOGS[number].encode())


@pytest.mark.parametrize("request_", [{"request": "GET /pets HTTP/1.1"}, {"verb": "GET", "request": "/pets"}])
def test_the_names_of_logstash(tmp_path: Path, request_: dict[str, str]) -> None:
    line = json.dumps({**request_, "response": 200, "bytes": 2, "agent": "-"})
    (tmp_path / "access.json").write_text(line)
    (exchange,) = Recordings([tmp_path]).read()  # its first member is not that of JSON Lines
    assert (exchange.method, exchange.url, exchange.status) == ("GET", "/pets", 200)


def test_a_log_may_begin_with_other_messages() -> None:
    start = (
        b'\xef\xbb\xbf{"level":"info","msg":"serving initial configuration"}\n\n' + json.dumps(CADDY).encode()
    )
    assert access_log.looks_like(start)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("hello", "line 3 is not that of an access log"),
        ('{"status": 200', "line 3 is not that of an access log"),
        ("[]", "line 3 is not that of an access log"),
        ('{"a":' * 100_000, "line 3 is not that of an access log"),
        (COMMON.format("\\x16\\x03\\x01", 400), "line 3 has no method, target and status"),
        (COMMON.format("-", 408), "line 3 has no method, target and status"),
        ('{"status": 200}', "line 3 has no method, target and status"),
        (json.dumps({**ENVOY, "method": None, "path": None}), "line 3 has no method, target and status"),
        (json.dumps({**APACHE, "status": 2e2}), "line 3 has no method, target and status"),
        (json.dumps({**APACHE, "status": -200}), "line 3 has no method, target and status"),
        (json.dumps({**APACHE, "method": 7}), "line 3 has no method, target and status"),
        (json.dumps({**APACHE, "method": "GÉT"}), "line 3 has no method, target and status"),
    ],
)
def test_a_bad_line_costs_itself(line: str, error: str) -> None:
    exchanges = read(APACHE, "", line, APACHE)
    assert [each.error for each in exchanges] == ["", error, ""]
    assert exchanges[1].source == "a.log#1"


@pytest.mark.parametrize("elapsed", [None, "-", "fast", "nan", "inf", "1e999", -1, [], {}, "9" * 5_000])
def test_a_time_that_is_none_was_not_measured(elapsed: object) -> None:
    (exchange,) = read({**ENVOY, "duration": elapsed})
    assert (exchange.elapsed, exchange.error) == (None, "")


def test_an_endless_line_is_an_error() -> None:
    with pytest.raises(RecordingError, match="a line of more than 16,777,216 bytes is not read"):
        read("a" * (1 << 24) + "a")


def test_nothing_is_concluded_from_a_query_that_was_not_logged() -> None:
    parameters = [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}]
    judge = judging.api({"parameters": parameters, "responses": {"200": {"description": ""}}})
    with_query, without = read(
        {"method": "GET", "uri": "/things", "args": "", "status": 200},
        {"method": "GET", "uri": "/things", "status": 200},
    )
    assert judging.checks_of(judge, with_query) == ["request-parameters-match"]
    assert judging.checks_of(judge, without) == []
