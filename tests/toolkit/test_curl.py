"""Commands, run by bash, send the bytes of the request that they stand for."""

import base64
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wirecheck.curl import curl, placeholder, to_set

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="commands are for curl")

Received = tuple[str, str, dict[str, str], bytes]
SECRET = "it's a $ecret"
ODD_TEXTS = st.text(max_size=40) | st.text(st.sampled_from("'\"\\%@$`!\n\r\t\0;&[]{}~-a1"), max_size=12)
BODIES = ODD_TEXTS.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=40)
VALUES = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=12
)


class Server(ThreadingHTTPServer):
    received: Received


class Handler(BaseHTTPRequestHandler):
    """Remembers what arrives."""

    server: Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.receive
        raise AttributeError(name)

    def receive(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received = self.command, self.path, headers, body
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def received(
    server: Server, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> Received:
    """What arrives when bash runs the command, which is printable."""
    command = curl(method, f"http://127.0.0.1:{server.server_port}{target}", headers, body)
    assert command.isprintable()
    script = command.replace("curl ", "curl --noproxy '*' --silent --show-error ", 1)
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "TOKEN": SECRET, "BASIC": SECRET, "LC_ALL": "C"}
    subprocess.run(["bash", "-c", script], check=True, env=environment, timeout=20)
    return server.received


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_bodies_arrive_as_they_were_sent(server: Server, body: bytes) -> None:
    kind = [(b"Content-Type", b"application/octet-stream")]
    assert received(server, "POST", "/things", kind, body)[3] == body


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_headers_arrive_as_they_were_sent(server: Server, value: str) -> None:
    headers = received(server, "GET", "/things", [(b"X-Odd", value.encode("latin-1"))], b"")[2]
    assert headers["x-odd"] == value


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH"])
@pytest.mark.parametrize("target", ["/a?b=[1]&c={x}", "/a/../b", "/a%2Fb?q=%27"])
def test_methods_and_targets_arrive_as_they_were_sent(server: Server, method: str, target: str) -> None:
    assert received(server, method, target, [], b"")[:2] == (method, target)


def test_no_content_type_is_added(server: Server) -> None:
    assert "content-type" not in received(server, "POST", "/things", [], b"a=b")[2]


@pytest.mark.parametrize("around", ["", "\0%s\\"])
def test_credentials_are_variables(server: Server, around: str) -> None:
    mark = placeholder("token")
    body = f"{around}{mark}{around}".encode()
    headers = [(b"Authorization", f"Bearer {mark}".encode()), (b"X-Basic", b"Basic " + b"wirecheck~basic~")]
    *_, arrived, content = received(server, "POST", "/things", headers, body)
    assert arrived["authorization"] == f"Bearer {SECRET}"
    assert arrived["x-basic"] == f"Basic {base64.b64encode(SECRET.encode()).decode()}"
    assert content == f"{around}{SECRET}{around}".encode()
    assert to_set([curl("POST", "http://server.test", headers, body)]) == ["# set TOKEN, BASIC"]


def test_commands_without_credentials_need_nothing() -> None:
    assert to_set([curl("GET", "http://server.test/?q=$HOME", [], b"")]) == []
