"""Flows of mitmproxy, of old and new versions."""

import io
from pathlib import Path
from typing import Any

import pytest

from support.wire_formats import flow_state, tnetstring
from support.wires import BROKEN, HOST, WIRES
from wirecheck import recordings
from wirecheck.model import Exchange
from wirecheck.recordings import mitmproxy

FIXTURES = Path(__file__).parent / "fixtures"
WIRE = WIRES[0]


def read(*states: Any) -> list[Exchange]:
    data = b"".join(map(tnetstring, states))
    assert mitmproxy.looks_like(data)
    return list(mitmproxy.read("a.flow", io.BytesIO(data)))


def with_request(**changes: Any) -> dict[str, Any]:
    state = flow_state(WIRE)
    return {**state, "request": {**state["request"], **changes}}


def test_a_flow_says_how_long_it_took() -> None:
    assert read(flow_state(WIRE))[0].elapsed == 0.5


@pytest.mark.parametrize("version", [7, 10, 12])
def test_a_request_without_a_response_has_the_status_0(version: int) -> None:
    """The server closed the connection of the last flow."""
    *_, last = recordings.read(FIXTURES / f"mitmproxy-{version}.flow.gz")
    assert (last.method, last.status, last.error) == ("GET", 0, "")
    assert last.url.endswith(BROKEN.target)
    assert (last.response_headers, last.response_body, last.elapsed) == ((), None, None)


URLS: dict[str, tuple[dict[str, Any], str]] = {
    "HTTP/2": ({}, f"http://{HOST}{WIRE.target}"),
    "HTTP/1.1": ({"authority": b"", "headers": [[b"Host", b"a.test:81"]]}, f"http://a.test:81{WIRE.target}"),
    "without Host": ({"authority": b""}, f"http://10.0.0.1{WIRE.target}"),
    "another port": ({"authority": b"", "port": 8000}, f"http://10.0.0.1:8000{WIRE.target}"),
    "HTTPS": ({"authority": b"", "scheme": b"https", "port": 443}, f"https://10.0.0.1{WIRE.target}"),
    "IPv6": ({"authority": b"", "host": "::1", "port": 81}, f"http://[::1]:81{WIRE.target}"),
    "the server as a whole": ({"path": b"*"}, f"http://{HOST}"),
    "a tunnel": ({"scheme": b"", "path": b"", "authority": b"a.test:443"}, "connect://a.test:443"),
}


@pytest.mark.parametrize("name", URLS)
def test_a_url_names_the_host_that_the_client_named(name: str) -> None:
    changes, url = URLS[name]
    assert read(with_request(**changes))[0].url == url


def test_a_body_that_was_streamed_was_not_recorded() -> None:
    (exchange,) = read(with_request(content=None))
    assert exchange.request_body is None


def test_flows_of_other_protocols_say_what_they_are() -> None:
    states = [{"type": kind, "version": 21} for kind in ("tcp", "udp", "dns", "websocket")]
    exchanges = read(*states, flow_state(WIRE))
    assert [each.url for each in exchanges[:4]] == ["tcp:", "udp:", "dns:", "ws:"]
    assert [each.error for each in exchanges] == [""] * 5


def test_a_flow_of_an_old_version_has_bytes_for_names_and_other_names() -> None:
    """As mitmproxy 0.13 wrote it with Python 2."""
    request = {
        b"method": b"GET",
        b"scheme": b"https",
        b"host": b"old.test",
        b"port": 443,
        b"path": b"/v1/pets",
        b"form_in": b"relative",
        b"httpversion": [1, 1],
        b"headers": [[b"Accept", b"*/*"]],
        b"content": b"",
    }
    response = {b"code": 200, b"msg": b"OK", b"headers": [[b"Content-Type", b"a/b"]], b"body": b"[]"}
    flow = {b"response": response, b"version": [0, 13], b"type": b"http", b"request": request, b"error": None}
    (exchange,) = read(flow)
    assert (exchange.url, exchange.status) == ("https://old.test/v1/pets", 200)
    assert (exchange.request_body, exchange.response_body) == (b"", b"[]")
    assert exchange.response_headers == (("content-type", "a/b"),)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ([], "the flow is not a dictionary"),
        ({"type": "quic"}, "a flow of unknown type"),
        ({"type": 7}, "type is not a text"),
        ({"type": "http"}, "request is not a dictionary"),
        ({7: "http"}, "the flow has a key without a value"),
        (flow_state(WIRE, response=[]), "response is not a dictionary"),
        (flow_state(WIRE, response={"status_code": "200"}), "response.status_code is not an integer"),
        (flow_state(WIRE, response={"status_code": -1}), "response.status_code is not an integer"),
        (flow_state(WIRE, response={"status_code": True}), "response.status_code is not an integer"),
        (with_request(headers={}), "request.headers is not a list"),
        (with_request(headers=["Host"]), "request.headers is not a list"),
        (with_request(headers=[["Host"]]), "request.headers has a field that is not a name and a value"),
        (with_request(headers=[["Host", 1]]), "request.headers is not a text"),
        (with_request(headers=[["a", "b"]] * 10_001), "request.headers has more than 10,000 values"),
        (with_request(content=7), "the content of a message is not bytes"),
        (with_request(path=7), "request.path is not a text"),
        (with_request(authority=b"", port="80"), "request.port is not an integer"),
    ],
)
def test_a_bad_flow_costs_itself(state: Any, error: str) -> None:
    data = tnetstring(flow_state(WIRE)) + tnetstring(state) + tnetstring(flow_state(WIRE))
    first, bad, last = mitmproxy.read("a.flow", io.BytesIO(data))
    assert (first.error, bad.error, last.error) == ("", error, "")
    assert (bad.source, bad.entry) == ("a.flow#1", 1)
