"""A proxy in the process of a test, clients that write bytes, and upstreams that do."""

import contextlib
import io
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from support.judging import SPEC, TOKEN
from wirecheck.live import Mode, Monitor, WatchedApi
from wirecheck.live.session import ProxyOptions, ProxySession
from wirecheck.model import Finding
from wirecheck.redact import Redactor

TOPIC = f"/v1/topics/snow?access_token={TOKEN}"
GOOD = b'{"meta": {"code": 200}, "data": {"name": "snow", "notices": 2}}'
BAD = b'{"meta": {"code": 200}, "data": {"name": "snow", "notices": "two"}}'
GET = f"GET {TOPIC} HTTP/1.1\r\nHost: proxy.test\r\n\r\n".encode()

Serve = Callable[[socket.socket], None]
"""What an upstream does with a connection."""


def response(body: bytes = GOOD, *headers: str, status: str = "200 OK") -> bytes:
    """A response as it stands on the wire."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Proxied:
    """A proxy that runs, and what it writes for people."""

    session: ProxySession
    monitor: Monitor
    stream: io.StringIO
    thread: threading.Thread

    @property
    def port(self) -> int:
        return int(self.session.address.rpartition(":")[2])

    @property
    def origin(self) -> str:
        return f"http://{self.session.address}"

    @property
    def failures(self) -> dict[str, int]:
        return dict(self.session.tally.failures)

    def end(self) -> list[Finding]:
        """Ends the proxy; the findings of what it judged."""
        self.session.end()
        self.thread.join(20)
        assert not self.thread.is_alive()
        return [finding for report in self.monitor.reports() for finding in report.findings]

    def send(self, *pieces: bytes) -> bytes:
        """What comes back for bytes, up to the end of the connection, or to the end of the first response."""
        with self.connection() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return read_message(connection)

    @contextlib.contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            yield connection


@contextlib.contextmanager
def proxied(
    upstream: str,
    mode: Mode = Mode.REPORT,
    *,
    apis: Sequence[WatchedApi] = (WatchedApi(SPEC),),
    known: frozenset[str] = frozenset(),
    **options: Any,
) -> Iterator[Proxied]:
    """A proxy of an upstream, which is judged in another thread."""
    monitor = Monitor(apis, known=known, max_body=options.get("max_body", 1_000_000))
    stream = io.StringIO()
    session = ProxySession(
        monitor,
        ProxyOptions(upstream=upstream, mode=mode, **{"timeout": 5.0, **options}),
        redactor=Redactor(),
        known=known,
        stream=stream,
    )
    thread = threading.Thread(target=session.judge)
    thread.start()
    running = Proxied(session, monitor, stream, thread)
    session.wait_until_ready()
    try:
        yield running
    finally:
        running.end()
        monitor.close()


@contextlib.contextmanager
def upstream(serve: Serve) -> Iterator[str]:
    """The origin of a server that does with each connection whatever a test wants."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    threads: list[threading.Thread] = []
    connections: list[socket.socket] = []

    def handle(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve(connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connections.append(connection)
                thread = threading.Thread(target=handle, args=(connection,))
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def answering(*answers: bytes) -> Serve:
    """Reads a request for each response, and closes the connection after the last one."""

    def serve(connection: socket.socket) -> None:
        for answer in answers:
            if not read_message(connection):
                return
            connection.sendall(answer)

    return serve


def always(answer: bytes) -> Serve:
    """Responds to every request."""

    def serve(connection: socket.socket) -> None:
        while read_message(connection):
            connection.sendall(answer)

    return serve


def read_message(connection: socket.socket) -> bytes:
    """A message up to the end that its headers name, or as far as it came."""
    data = b""
    while not _is_whole(data):
        try:
            piece = connection.recv(1 << 16)
        except ConnectionResetError:
            break
        if not piece:
            break
        data += piece
    return data


def _is_whole(data: bytes) -> bool:
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        return False
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    if headers.get(b"transfer-encoding") == b"chunked":
        return b"\r\n0\r\n" in body and body.endswith(b"\r\n\r\n")
    if b"content-length" in headers:
        return len(body) >= int(headers[b"content-length"])
    return not head.startswith(b"HTTP/1.1 2") or head.startswith(b"HTTP/1.1 204")


def host_of(origin: str) -> str:
    return urlsplit(origin).netloc
