"""What the proxy passes on, and what it makes of it."""

import gzip
import json
import socket

import pytest

from support.judging import SPEC, TOKEN
from support.proxying import (
    BAD,
    GET,
    GOOD,
    TOPIC,
    always,
    answering,
    host_of,
    proxied,
    read_message,
    response,
    upstream,
)
from wirecheck.live import Mode, WatchedApi

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(GOOD), GOOD)
)


def heads(*requests: bytes) -> list[dict[bytes, bytes]]:
    """The headers of messages, names in lower case."""
    return [
        {
            name.lower(): value
            for name, value in (
                line.split(b": ", 1) for line in request.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
            )
        }
        for request in requests
    ]


@pytest.mark.parametrize("mode", Mode)
def test_what_keeps_to_the_document_passes_as_it_is(mode: Mode) -> None:
    with upstream(always(response(GOOD, "X-Odd-Case: a  b"))) as origin, proxied(origin, mode) as proxy:
        with proxy.connection() as connection:
            for _ in range(3):
                connection.sendall(GET)
                received = read_message(connection)
                assert received.endswith(b"\r\n\r\n" + GOOD)
                assert b"\r\nX-Odd-Case: a  b\r\n" in received
                assert (b"\r\nX-Wirecheck-Violations: 0\r\n" in received) is (mode is Mode.WARN)
        assert proxy.end() == []
        assert proxy.monitor.judged == proxy.session.tally.exchanges == 3
        assert proxy.failures == {}


def test_report_passes_what_violates_and_finds_it() -> None:
    with upstream(always(response(BAD))) as origin, proxied(origin) as proxy:
        assert proxy.send(GET).endswith(BAD)
        (finding,) = proxy.end()
        assert finding.check == "body-matches-schema"
        assert "error: body-matches-schema getTopic 200: body /data/notices" in proxy.stream.getvalue()
        assert TOKEN not in proxy.stream.getvalue()


def test_warn_counts_the_violations_of_the_whole_exchange() -> None:
    forged = response(BAD, "X-Wirecheck-Violations: 0")
    with upstream(always(forged)) as origin, proxied(origin, Mode.WARN) as proxy:
        received = proxy.send(GET)
        assert received.endswith(BAD)
        assert heads(received)[0][b"x-wirecheck-violations"] == b"1"
        assert received.lower().count(b"x-wirecheck") == 1


def test_enforce_replaces_a_broken_response() -> None:
    with upstream(always(response(BAD))) as origin, proxied(origin, Mode.ENFORCE) as proxy:
        with proxy.connection() as connection:
            for _ in range(2):  # the connection stays usable
                connection.sendall(GET)
                head, _, body = read_message(connection).partition(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 502 ")
                assert b"application/problem+json" in head
                assert json.loads(body)["findings"][0]["check"] == "body-matches-schema"
        assert len(proxy.end()) == 2
        assert proxy.session.tally.withheld == 2


def test_enforce_sends_no_broken_request_on() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while request := read_message(connection):
            seen.append(request)
            connection.sendall(response())

    broken = f"GET /v1/topics/snow/nowhere?access_token={TOKEN} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    with upstream(serve) as origin, proxied(origin, Mode.ENFORCE) as proxy:
        received = proxy.send(broken)
        assert received.startswith(b"HTTP/1.1 400 ")
        assert b"operation-known" in received
        assert TOKEN.encode() not in received
        proxy.end()
        assert seen == []
        assert "operation-known" in proxy.stream.getvalue()


def test_known_findings_pass() -> None:
    with upstream(always(response(BAD))) as origin:
        with proxied(origin) as proxy:
            proxy.send(GET)
            known = frozenset(finding.fingerprint for finding in proxy.end())
        with proxied(origin, Mode.ENFORCE, known=known) as proxy:
            assert proxy.send(GET).endswith(BAD)
            assert proxy.end() == []


@pytest.mark.parametrize(("mode", "status"), [(Mode.WARN, b"200"), (Mode.ENFORCE, b"502")])
def test_a_compressed_body_is_judged_and_passes_compressed(mode: Mode, status: bytes) -> None:
    for body, expected in ((GOOD, b"200"), (BAD, status)):
        compressed = gzip.compress(body)
        with (
            upstream(always(response(compressed, "Content-Encoding: gzip"))) as origin,
            proxied(origin, mode) as proxy,
        ):
            received = proxy.send(GET)
            assert received.startswith(b"HTTP/1.1 " + expected)
            assert received.endswith(compressed) is (expected == b"200")


def test_enforce_lets_no_body_through_that_it_cannot_decode() -> None:
    cut = response(gzip.compress(GOOD)[:-9], "Content-Encoding: gzip")
    with upstream(always(cut)) as origin, proxied(origin, Mode.ENFORCE) as proxy:
        assert proxy.send(GET).startswith(b"HTTP/1.1 502 ")


def test_enforce_asks_for_codings_that_it_can_undo() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(read_message(connection))
        connection.sendall(response())

    request = GET.replace(b"\r\n\r\n", b"\r\nAccept-Encoding: gzip;q=0.5, dcb\r\n\r\n")
    with upstream(serve) as origin, proxied(origin, Mode.ENFORCE) as proxy:
        proxy.send(request)
    assert heads(*seen)[0][b"accept-encoding"] == b"gzip;q=0.5"


@pytest.mark.parametrize("mode", Mode)
def test_a_large_body_passes_unjudged_and_is_counted(mode: Mode) -> None:
    large = BAD + b" " * 300_000
    with upstream(always(response(large))) as origin, proxied(origin, mode, max_body=1000) as proxy:
        received = proxy.send(GET)
        assert received.endswith(b"\r\n\r\n" + large)
        assert b"X-Wirecheck" not in received
        assert proxy.end() == []
        assert proxy.monitor.unjudged == 1


@pytest.mark.parametrize("mode", Mode)
def test_chunks_and_trailers_pass(mode: Mode) -> None:
    with upstream(always(CHUNKED)) as origin, proxied(origin, mode) as proxy:
        received = proxy.send(GET)
        assert received.endswith(b"0\r\nX-Sum: 1\r\n\r\n")
        assert GOOD in received
        assert proxy.send(GET.replace(b"1.1\r\n", b"1.0\r\n")).endswith(b"\r\n\r\n" + GOOD)
        assert proxy.end() == []


def test_headers_of_the_hop_stay_and_those_of_a_proxy_are_added() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while request := read_message(connection):
            seen.append(request)
            connection.sendall(response(GOOD, "Keep-Alive: timeout=5", "Connection: X-Inner", "X-Inner: 1"))

    hop = (
        b"\r\nConnection: X-Mine, Host, Content-Type\r\nX-Mine: 1\r\nKeep-Alive: 3\r\nTE: trailers, gzip"
        b"\r\nProxy-Connection: keep-alive\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
    )
    with upstream(serve) as origin:
        with proxied(origin) as proxy:
            received = proxy.send(GET.replace(b"\r\n\r\n", hop))
        with proxied(origin, preserve_host=True) as proxy:
            proxy.send(GET)
    assert b"Inner" not in received
    assert b"Keep-Alive" not in received
    first, second = heads(*seen)
    assert first == {
        b"host": host_of(origin).encode(),
        b"x-forwarded-for": b"192.0.2.1, 127.0.0.1",
        b"x-forwarded-host": b"proxy.test",
        b"x-forwarded-proto": b"http",
        b"te": b"trailers",
        b"connection": b"TE",
    }
    assert second[b"host"] == b"proxy.test"


def test_the_path_of_the_upstream_comes_first() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(read_message(connection))
        connection.sendall(response())

    with upstream(serve) as origin, proxied(f"{origin}/v1/") as proxy:
        proxy.send(GET.replace(b"/v1/", b"/"))
        assert proxy.end() == []
    assert seen[0].startswith(f"GET {TOPIC} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    "target", ["http://elsewhere.test/v1/topics/snow", "https://127.0.0.1:1/", "ftp://x/", "http://[/"]
)
def test_it_is_no_open_proxy(target: str) -> None:
    with upstream(always(response())) as origin, proxied(origin) as proxy:
        for line, status in ((f"GET {target}", b"421"), ("CONNECT elsewhere.test:443", b"501")):
            received = proxy.send(f"{line} HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n".encode())
            assert received.split()[1] in (status, b"400")
            assert b"problem+json" in received
        assert proxy.session.tally.exchanges == 0
        own = proxy.send(GET.replace(b"GET /", f"GET {proxy.origin}/".encode()))
        assert own.endswith(GOOD)


@pytest.mark.parametrize("mode", Mode)
def test_a_client_may_wait_for_100_continue(mode: Mode) -> None:
    def serve(connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(1 << 16)
        if b"\r\nexpect: 100-continue" in head.lower():
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.recv(1 << 16)
        connection.sendall(response(b'{"meta": {"code": 200}}'))

    body = b"text=hello"
    head = (
        f"POST /v1/notices/1_1/comments?access_token={TOKEN} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with upstream(serve) as origin, proxied(origin, mode) as proxy, proxy.connection() as connection:
        connection.sendall(head.encode())
        assert read_message(connection).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert b" 200 " in read_message(connection)


def test_head_and_statuses_without_a_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    with (
        upstream(answering(head, response())) as origin,
        proxied(origin) as proxy,
        proxy.connection() as connection,
    ):
        connection.sendall(GET.replace(b"GET", b"HEAD", 1))
        received = connection.recv(1 << 16)
        assert received.endswith(b"\r\n\r\n")
        assert heads(received)[0][b"content-length"] == b"1000"
        connection.sendall(GET)
        assert read_message(connection).endswith(GOOD)
    for status in ("204 No Content", "304 Not Modified"):
        bare = f"HTTP/1.1 {status}\r\n\r\n".encode()
        with upstream(always(bare)) as origin, proxied(origin, Mode.WARN) as proxy:
            assert proxy.send(GET).startswith(f"HTTP/1.1 {status}".encode())


def test_a_websocket_passes_as_bytes() -> None:
    switching = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello"

    def serve(connection: socket.socket) -> None:
        assert b"upgrade: websocket" in read_message(connection).lower()
        connection.sendall(switching)
        while data := connection.recv(1 << 16):
            connection.sendall(data.upper())

    request = GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    for mode in Mode:
        with upstream(serve) as origin, proxied(origin, mode) as proxy, proxy.connection() as connection:
            connection.sendall(request)
            received = b""
            while not received.endswith(b"hello"):
                received += connection.recv(1 << 16)
            assert received.startswith(b"HTTP/1.1 101 ")
            connection.sendall(b"frame")
            assert connection.recv(100) == b"FRAME"
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100) == b""
            proxy.end()
            assert proxy.session.tally.tunnels == 1


def test_http2_passes_as_bytes_but_not_where_it_would_hide_from_enforce() -> None:
    def serve(connection: socket.socket) -> None:
        while data := connection.recv(1 << 16):
            connection.sendall(data[::-1])

    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    with upstream(serve) as origin:
        with proxied(origin) as proxy, proxy.connection() as connection:
            connection.sendall(preface[:10])
            connection.sendall(preface[10:])
            assert connection.recv(100) == preface[::-1]
        with proxied(origin, Mode.ENFORCE) as proxy:
            assert proxy.send(preface) == b""
            assert proxy.failures == {"a client began with HTTP/2, which `enforce` does not let through": 1}
    upgrade = GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    with upstream(always(response())) as origin, proxied(origin, Mode.ENFORCE) as proxy:
        assert proxy.send(upgrade).endswith(GOOD)


def test_documents_by_host_and_prefix() -> None:
    apis = [WatchedApi(SPEC, host="proxy.test"), WatchedApi(SPEC, prefix="/v2")]
    with (
        upstream(always(response(BAD))) as origin,
        proxied(origin, apis=apis, preserve_host=True) as proxy,
    ):
        proxy.send(GET)
        proxy.send(GET.replace(b"proxy.test", b"other.test"))
        proxy.end()
        assert [report.exchanges for report in proxy.monitor.reports()] == [1, 0]
