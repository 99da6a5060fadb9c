"""Which hosts may be tested, and by which proxy they are reached."""

import socket
import threading
from typing import Any

import httpx
import pytest

from support.conforming import TOKEN, ok, spec_of
from support.serving import callback
from wirecheck.cli import run as command
from wirecheck.conform import (
    SessionOptions,
    Transport,
    open_session,
)
from wirecheck.model import TargetError


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/v1",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "nonsense",
        "",
    ],
)
def test_a_request_is_never_sent_to_a_foreign_host(url: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    with httpx.MockTransport(never) as http, pytest.raises(TargetError):
        open_session(spec_of(), SessionOptions(url=url), http)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:8080/v1"])
def test_a_local_host_may_be_tested(url: str) -> None:
    with httpx.MockTransport(ok) as http:
        open_session(spec_of(), SessionOptions(url=url), http)


def test_a_foreign_host_may_be_tested_if_confirmed() -> None:
    with httpx.MockTransport(ok) as http:
        open_session(
            spec_of(), SessionOptions(url="https://example.com/v1", allowed_host="example.com"), http
        )
        with pytest.raises(TargetError, match=r"--yes-i-may-test example\.com"):
            open_session(
                spec_of(), SessionOptions(url="https://example.com/v1", allowed_host="example.org"), http
            )


FORBIDDEN = [
    "http://example.com/v1",
    "http://93.184.216.34/",
    "http://[2606:2800:220:1::1]/",
    "http://127.0.0.1.example.com/",
    "127.0.0.1:8080/v1",
    "ftp://127.0.0.1/",
    "http://",
    "http:///v1",
    "http://127.0.0.1:99999/",
    "http://[::1/",
    f"http://me:{TOKEN}@127.0.0.1/v1",
    f"http://{TOKEN}@127.0.0.1/v1",
    f"http://127.0.0.1/v1?access_token={TOKEN}",
    f"http://127.0.0.1/v1#{TOKEN}",
    "http://127.0.0.1\n/v1",
]


LOCAL = [
    "http://127.0.0.1:8080/v1",
    "http://127.8.7.6",
    "http://LOCALHOST./v1",
    "http://api.localhost",
    "http://[::1]:1/",
    "http://[::ffff:127.0.0.1]/",
    "https://my-machine/",
]


@pytest.fixture
def no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name server is requested; my-machine is a name of this machine."""
    real = socket.getaddrinfo

    def resolve(host: str, *more: Any, **named: Any) -> Any:
        if host == "my-machine":
            host = "127.0.0.1"
        elif any(letter.isalpha() for letter in host.replace("ffff", "")) and ":" not in host:
            raise socket.gaierror(8, "unknown")
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def open_at(url: str, allowed: str | None = None) -> None:
    with httpx.MockTransport(ok) as http:
        open_session(spec_of(), SessionOptions(url=url, allowed_host=allowed), http)


@pytest.mark.usefixtures("no_name_server")
@pytest.mark.parametrize("url", FORBIDDEN)
def test_a_forbidden_url_is_reported_without_its_secrets(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(TargetError) as raised:
        open_at(url)
    assert TOKEN not in str(raised.value)
    assert command(["conform", url]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("wirecheck: ")
    assert TOKEN not in err


@pytest.mark.usefixtures("no_name_server")
@pytest.mark.parametrize("url", LOCAL)
def test_names_and_addresses_of_this_machine_are_local(url: str) -> None:
    open_at(url)


@pytest.mark.usefixtures("no_name_server")
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://EXAMPLE.com/v1", "example.com"),
        ("https://example.com/v1", "Example.COM"),
        ("http://[2606:2800:220:1::1]/", "2606:2800:220:1::1"),
        ("http://[2606:2800:220:1::1]/", "[2606:2800:220:1::1]"),
    ],
)
def test_a_host_is_allowed_however_it_is_written(url: str, host: str) -> None:
    open_at(url, host)


@pytest.mark.usefixtures("no_name_server")
def test_requests_to_a_local_host_bypass_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    with callback(lambda *_: (200, {}, b"{}")) as origin, Transport(f"{origin}/v1") as http:
        assert http.handle_request(httpx.Request("GET", origin)).status_code == 200


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_requests_to_other_hosts_use_the_proxy(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[str] = []

    def proxy(method: str, path: str, *_: Any) -> tuple[int, dict[str, str], bytes]:
        requested.append(path)
        return 200, {}, b"{}"

    with callback(proxy) as origin:
        monkeypatch.setenv("http_proxy", scheme + origin.removeprefix("http://"))
        monkeypatch.setenv("no_proxy", "spared.test")
        with Transport("http://server.test/v1") as http:
            assert http.handle_request(httpx.Request("GET", "http://server.test/v1/x")).status_code == 200
        with Transport("http://spared.test/v1") as http, pytest.raises(httpx.ConnectError):
            http.handle_request(httpx.Request("GET", "http://spared.test/v1/x"))
    assert requested == ["http://server.test/v1/x"]


def test_a_connection_is_not_used_again_after_a_failure() -> None:
    """Some servers close it then without saying so (RFC 9112, 9.3.1 allows that)."""
    connections: list[socket.socket] = []

    def serve(listening: socket.socket) -> None:
        for status in (b"200 OK", b"500 Internal Server Error", b"200 OK"):
            if status[:1] != b"5":
                connections.append(listening.accept()[0])
            connections[-1].recv(10_000)
            connections[-1].sendall(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with Transport(url) as http:
            statuses = []
            for _ in range(3):
                response = http.handle_request(httpx.Request("GET", url))
                response.read()
                statuses.append(response.status_code)
        thread.join()
    for connection in connections:
        connection.close()
    assert statuses == [200, 500, 200]
    assert len(connections) == 2
