"""Upstreams and clients that misbehave: each is reported, and neither hangs nor ends the proxy."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from support.judging import TOKEN
from support.proxying import (
    GET,
    GOOD,
    Proxied,
    Serve,
    always,
    answering,
    proxied,
    read_message,
    response,
    upstream,
)
from wirecheck.live import Mode

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CUT_OFF = "the upstream broke off within a response"
POST = (
    f"POST /v1/notices/1_1/comments?access_token={TOKEN} HTTP/1.1\r\nHost: a\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
).encode()


def stalling(start: bytes = b"") -> Serve:
    """Responds with the start of a response, and then with nothing more."""

    def serve(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(start)
        connection.recv(1)

    return serve


def resetting(start: bytes = b"") -> Serve:
    def serve(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(start)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return serve


def endless(start: bytes, piece: bytes) -> Serve:
    """Sends without end, until there is no reader any more."""

    def serve(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(start)
        while True:
            connection.sendall(piece)

    return serve


SERVES: dict[str, tuple[Serve, bytes, str]] = {
    "stalls": (stalling(), b"504", "the upstream did not respond in time"),
    "closes": (answering(b""), b"502", "the upstream closed the connection without a response"),
    "resets": (resetting(), b"502", "the upstream closed the connection without a response"),
    "half a head": (answering(HEAD), b"502", CUT_OFF),
    "garbage": (always(b"\x16\x03\x01\x02\x00\x01" * 9 + b"\r\n\r\n"), b"502", "the upstream sent something"),
    "another protocol": (always(b"220 smtp.test ESMTP ready\r\n\r\n"), b"502", "the upstream sent something"),
    "huge headers": (endless(HEAD, b"X-A: " + b"a" * 8000 + b"\r\n"), b"502", "the upstream sent something"),
    "a head without end": (endless(b"HTTP/1.1 200 ", b"x" * 8000), b"502", "the upstream sent something"),
    "two lengths": (
        always(HEAD + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"),
        b"502",
        "the upstream sent something",
    ),
}
"""What it does, the status for the client, and how the report begins."""

BODIES: dict[str, tuple[Serve, str]] = {
    "half a body": (
        answering(HEAD + b"Content-Length: 900\r\n\r\n{"),
        CUT_OFF,
    ),
    "a stall": (stalling(HEAD + b"Content-Length: 900\r\n\r\n{"), "the upstream did not respond in time"),
    "a reset": (
        resetting(HEAD + b"Content-Length: 900\r\n\r\n{"),
        CUT_OFF,
    ),
    "bad chunks": (
        always(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nzz\r\n\r\n"),
        "the upstream sent something",
    ),
    "cut chunks": (
        answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"),
        CUT_OFF,
    ),
}


@contextlib.contextmanager
def beside_a_good_one(serve: Serve, mode: Mode, timeout: float = 0.2) -> Iterator[Proxied]:
    """A proxy of an upstream whose first connection misbehaves, and which is fine afterwards."""
    pending = iter([serve])

    def first_then_good(connection: socket.socket) -> None:
        next(pending, always(response()))(connection)

    with (
        upstream(first_then_good) as origin,
        proxied(origin, mode, timeout=timeout) as proxy,
    ):
        yield proxy
        assert proxy.send(GET).endswith(GOOD), "it goes on"
        proxy.end()
        assert proxy.session.tally.open == 0


@pytest.mark.parametrize("mode", [Mode.REPORT, Mode.ENFORCE])
@pytest.mark.parametrize("name", SERVES)
def test_no_response(name: str, mode: Mode) -> None:
    serve, status, what = SERVES[name]
    with beside_a_good_one(serve, mode) as proxy:
        received = proxy.send(GET)
        assert received.split()[1] == status
        assert b"problem+json" in received
        ((failure, count),) = proxy.failures.items()
        assert failure.startswith(what)
        assert count == 1
        assert failure in proxy.stream.getvalue()
        assert TOKEN not in proxy.stream.getvalue()


def test_hints_without_end() -> None:
    with beside_a_good_one(endless(b"", b"HTTP/1.1 103 Hints\r\n\r\n"), Mode.REPORT) as proxy:
        received = b""
        with proxy.connection() as connection:
            connection.sendall(GET)
            while b"problem+json" not in received:
                received += connection.recv(1 << 16)
        assert b"HTTP/1.1 502 " in received


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("name", BODIES)
def test_half_a_response(name: str, mode: Mode) -> None:
    serve, what = BODIES[name]
    with beside_a_good_one(serve, mode) as proxy:
        received = proxy.send(GET)
        if mode is Mode.REPORT and b" 200 " in received:  # no client takes it for whole
            assert not received.endswith(b"0\r\n\r\n")
            assert received.partition(b"\r\n\r\n")[2] in (b"{", b"1\r\n{\r\n")
        else:
            assert received.split()[1] in (b"502", b"504")
        ((failure, count),) = proxy.failures.items()
        assert failure.startswith(what)
        assert count == 1


def test_an_unreachable_upstream() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with proxied(f"http://127.0.0.1:{port}") as proxy:
        assert proxy.send(GET).startswith(b"HTTP/1.1 502 ")
        assert proxy.failures == {"the upstream cannot be reached": 1}


def test_an_upstream_whose_name_is_none() -> None:
    with proxied("http://a..test") as proxy:
        assert proxy.send(GET).startswith(b"HTTP/1.1 502 ")
        assert proxy.failures == {"the name of the upstream cannot be resolved": 1}


def test_an_upstream_without_tls() -> None:
    with (
        upstream(lambda it: it.sendall(response())) as origin,
        proxied(origin.replace("http:", "https:")) as proxy,
    ):
        assert proxy.send(GET).startswith(b"HTTP/1.1 502 ")
        assert proxy.failures == {"the TLS handshake with the upstream failed": 1}


@pytest.mark.parametrize("mode", Mode)
def test_a_second_response_is_the_response_to_no_request(mode: Mode) -> None:
    forged = response(b'{"forged": 1}')
    with upstream(always(response() + forged)) as origin, proxied(origin, mode) as proxy:
        with proxy.connection() as connection:
            for _ in range(3):
                connection.sendall(GET)
                assert read_message(connection).endswith(GOOD)
        proxy.end()
        assert proxy.failures == {"the upstream sent bytes that belong to no response": 3}


def test_nor_is_what_is_sent_later() -> None:
    sent = threading.Event()

    def serve(connection: socket.socket) -> None:
        while read_message(connection):
            connection.sendall(response())
            go.wait(5)
            connection.sendall(response(b'{"forged": 1}'))
            with contextlib.suppress(OSError):
                connection.recv(1)  # it is closed
            sent.set()

    go = threading.Event()
    with upstream(serve) as origin, proxied(origin) as proxy:
        assert proxy.send(GET).endswith(GOOD)
        go.set()
        assert sent.wait(5)
        assert proxy.send(GET).endswith(GOOD)


def test_a_connection_that_was_closed_while_idle() -> None:
    connections: list[int] = []

    def serve(connection: socket.socket) -> None:
        connections.append(1)
        read_message(connection)
        connection.sendall(response())
        read_message(connection)  # and is closed without a response

    with upstream(serve) as origin, proxied(origin) as proxy:
        for _ in range(4):
            assert proxy.send(GET).endswith(GOOD)
        assert len(connections) == 4
        assert proxy.failures == {}


def test_a_write_is_never_repeated() -> None:
    posts: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(response())
        posts.append(read_message(connection))

    with upstream(serve) as origin, proxied(origin) as proxy:
        assert proxy.send(GET).endswith(GOOD)
        assert proxy.send(POST + b"Content-Length: 6\r\n\r\ntext=a").startswith(b"HTTP/1.1 502 ")
        assert len(posts) == 1


@pytest.mark.parametrize("mode", [Mode.REPORT, Mode.WARN])
def test_a_client_that_leaves_in_the_middle(mode: Mode) -> None:
    gone = threading.Event()

    def serve(connection: socket.socket) -> None:
        read_message(connection)
        with contextlib.suppress(OSError):
            connection.sendall(HEAD + b"Content-Length: 900000\r\n\r\n")
            arrived.set()
            connection.recv(1)
        gone.set()

    arrived = threading.Event()
    with beside_a_good_one(serve, mode, timeout=5) as proxy:
        with proxy.connection() as connection:
            connection.sendall(GET)
            assert arrived.wait(5)
        assert gone.wait(5), "the upstream is not kept waiting"
    assert proxy.failures == {"a client left before its response was complete": 1}


REQUESTS: dict[str, tuple[bytes, bytes]] = {
    "garbage": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
    "huge headers": (GET[:-2] + b"X-A: " + b"a" * 100_000, b"431"),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", b"400"),
    "bad chunks": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
    "two framings": (POST + b"Transfer-Encoding: gzip\r\n\r\n", b"501"),
}


@pytest.mark.parametrize("mode", [Mode.REPORT, Mode.ENFORCE])
@pytest.mark.parametrize("name", REQUESTS)
def test_a_client_that_sends_no_http(name: str, mode: Mode) -> None:
    request, status = REQUESTS[name]
    with upstream(always(response())) as origin, proxied(origin, mode) as proxy:
        assert proxy.send(request).split()[1] == status
        assert proxy.failures == {"a client sent something that is not HTTP/1.1": 1}
        assert proxy.send(GET).endswith(GOOD)


@pytest.mark.parametrize("mode", [Mode.REPORT, Mode.ENFORCE])
def test_a_client_that_stalls_in_the_middle(mode: Mode) -> None:
    with upstream(always(response())) as origin, proxied(origin, mode, timeout=0.2) as proxy:
        assert proxy.send(POST + b"Content-Length: 6\r\n\r\nte").split()[1] == b"408"
        assert proxy.failures == {"a client did not send its request in time": 1}


def test_a_framing_that_two_servers_may_read_differently_becomes_one() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(read_message(connection))
        connection.sendall(response())

    smuggled = POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ntext=a\r\n0\r\n\r\n"
    with upstream(serve) as origin, proxied(origin) as proxy:
        proxy.send(smuggled)
    assert b"content-length" not in seen[0].lower()
    assert seen[0].endswith(b"\r\n\r\n6\r\ntext=a\r\n0\r\n\r\n")


def test_200_connections_at_once_lose_nothing() -> None:
    count = 200
    with upstream(always(response())) as origin, proxied(origin, timeout=30.0) as proxy:
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(proxy.connection()) for _ in range(count)]
            for connection in connections:
                connection.sendall(GET)
            assert all(read_message(connection).endswith(GOOD) for connection in connections)
        proxy.end()
        assert proxy.monitor.judged == proxy.session.tally.exchanges == count
        assert proxy.failures == {}
