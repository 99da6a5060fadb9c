"""One door: whatever leads to a request, it goes to the server that the user named, or nowhere."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.commands import Capture, assert_one_line_of_error, result_of
from support.conforming import URL, case_of, document, loaded, spec_of, target
from support.serving import callback
from wirecheck.conform import SessionOptions
from wirecheck.conform.case import UnsentError
from wirecheck.fuzz import open_session
from wirecheck.fuzz.wire import Step
from wirecheck.model import TargetError

ANY = {"description": "Anything."}
NAMES = ("page", "rev")
GET_PAGE = {
    "operationId": "getPage",
    "parameters": [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in NAMES
    ],
    "responses": {"200": ANY},
    "security": [{"key": []}],
}
KEY = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}


def wiki(prefix: str) -> dict[str, Any]:
    servers = [{"url": f"https://wiki.test{prefix}", "variables": {"version": {"default": "v1"}}}]
    return document({"/{page}/{rev}": {"get": GET_PAGE}}, servers=servers, components=KEY)


TOKEN = "a-token-that-stays-here"


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.test/v1/things",
        "https://server.test/v1/things",
        "http://server.test:8080/v1/things",
        "http://server.test@evil.test/v1/things",
        "http://user:password@server.test/v1/things",
        "http://server.test.evil.test/v1/things",
        "//evil.test/v1/things",
        "http://[::1]/v1/things",
    ],
)
def test_no_request_goes_to_another_server(address: str) -> None:
    requests: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={})

    spec = spec_of()
    tested = target(spec, respond)
    case = case_of(spec)
    with pytest.raises(TargetError) as error:
        tested.send(type(case)(operation=case.operation, address=address))
    assert not isinstance(error.value, UnsentError)
    assert str(error.value).startswith("request: not sent: its URL does not lead to ")
    assert requests == []


def test_the_host_header_follows_from_the_url() -> None:
    hosts = []

    def respond(request: httpx.Request) -> httpx.Response:
        hosts.append(request.headers["host"])
        return httpx.Response(200, json={})

    spec = spec_of(parameters=[{"name": "Host", "in": "header", "schema": {"type": "string"}}])
    tested = target(spec, respond)
    tested.send(case_of(spec).having("header", "Host", "evil.test"))
    assert hosts == [httpx.URL(URL).host]


@pytest.mark.parametrize("prefix", ["", "/{version}"])
@pytest.mark.parametrize(
    "start",
    ["@{}/a", "{}/a", "/~version~@{}/a", "http://{}/a", "", "/~version~:80@{}/a", ".{}/a", ":80@{}/a"],
)
def test_a_saved_failure_cannot_name_another_server(
    capsys: Capture, tmp_path: Path, prefix: str, start: str
) -> None:
    hits: list[str] = []

    def evil(method: str, path: str, _: dict[str, str], __: bytes) -> tuple[int, dict[str, str], bytes]:
        hits.append(f"{method} {path}")
        return 200, {}, b""

    def good(*_: Any) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, b"{}"

    spec, failure = tmp_path / "spec.json", tmp_path / "failure.json"
    spec.write_text(json.dumps(wiki(prefix)))
    title = wiki(prefix)["info"]["title"]
    details = {
        "id": "x",
        "check": "c",
        "operation": "getPage",
        "message": "m",
        "spec_pointer": "#/x",
        "status": 200,
    }
    with callback(evil) as elsewhere, callback(good) as url:
        host = elsewhere.removeprefix("http://")
        headers = [["x-key", "wirecheck~key~"], ["Host", host]]
        step = {"method": "GET", "target": start.format(host), "headers": headers}
        saved = {
            "wirecheck": 2,
            "api": title,
            "seed": 0,
            "failure": details | {"status": 200},
            "steps": [step],
        }
        failure.write_text(json.dumps(saved))
        result = result_of(
            capsys, "replay", str(failure), "--spec", str(spec), "--url", url, "--token", TOKEN
        )
    assert hits == []
    assert TOKEN not in "".join(result[1:])
    if not start.startswith("/"):
        assert "steps[0]" in assert_one_line_of_error(*result)


def test_a_step_that_is_not_a_path_is_not_sent() -> None:
    spec = loaded(json.dumps(wiki("/{version}")))
    sent: list[httpx.URL] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.url)
        return httpx.Response(200, json={})

    with httpx.MockTransport(respond) as http:
        session = open_session(spec, SessionOptions(url="http://wiki.test", token=TOKEN), http)
        for text in ("@evil.test/a", "evil.test/a/b", "http://evil.test/a/b"):
            assert session.wire(Step("GET", text)) is None
        with pytest.raises(TargetError, match="is not a path"):
            session.walk([Step("GET", "/~version~@evil.test/a/b")])
    assert sent == []
