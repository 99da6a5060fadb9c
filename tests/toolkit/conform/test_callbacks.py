"""Callbacks of a server during a conformance run."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from wirecheck.conform import Outcome, Session, SessionOptions, State, open_session, requirements
from wirecheck.conform.hosts import can_call_back
from wirecheck.model import TargetError
from wirecheck.spec import load

Responder = Callable[[httpx.Request], httpx.Response]

HOOKS = """
openapi: 3.1.0
info: {title: Hooks, version: '1'}
servers: [{url: https://hooks.test}]
paths:
  /hooks:
    post:
      operationId: addHook
      x-needs: An address that responds.
      security: []
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [url]
              properties: {url: {type: string}}
            example: {url: 'https://app.test/hook'}
      callbacks:
        verification:
          '{$request.body#/url}/verify':
            post:
              parameters: [{name: X-Mode, in: header, required: true, schema: {enum: [verify]}}]
              requestBody:
                required: true
                content:
                  application/json:
                    schema: {type: object, required: [challenge], properties: {challenge: {type: string}}}
              responses:
                '202':
                  description: The challenge.
                  x-answer: It is {$request.body#/challenge} of {$request.header.X-Mode}{$request.query.no}
                  content: {text/plain: {schema: {type: string}}}
      responses:
        '201': {description: Done., content: {application/json: {schema: true}}}
        '400': {description: Rejected., content: {application/json: {schema: true}}}
"""


@contextmanager
def session_of(
    tmp_path: Path, document: str, respond: Responder, values: Mapping[str, Any] | None = None, **more: Any
) -> Iterator[Session]:
    (tmp_path / "api.yaml").write_text(document, encoding="utf-8")
    (tmp_path / "values.yaml").write_text(yaml.safe_dump(dict(values or {})), encoding="utf-8")
    options = SessionOptions(
        values=tmp_path / "values.yaml",
        **{"url": "http://server.test", "listen": "127.0.0.1:0", **more},
    )
    spec = load(tmp_path / "api.yaml")
    with (
        httpx.MockTransport(respond) as http,
        open_session(spec, options, http) as session,
    ):
        yield session


def outcomes(session: Session) -> dict[str, Outcome]:
    tested = (session.run(requirement) for requirement in requirements(session.spec))
    return {f"{outcome.requirement.kind}: {outcome.requirement.what}": outcome for outcome in tested}


def hooks(
    challenge: Mapping[str, str] = {"challenge": "four"},
    headers: Mapping[str, str] = {"X-Mode": "verify"},
    respects: Callable[[httpx.Response], bool] = lambda response: (
        (response.status_code, response.text) == (202, "It is four of verify")
    ),
) -> Responder:
    """A server of hooks that calls back; ``respects`` decides about the response."""

    def respond(request: httpx.Request) -> httpx.Response:
        try:
            url = json.loads(request.content)["url"]
            with httpx.Client(trust_env=False) as client:
                accepted = respects(client.post(f"{url}/verify", json=challenge, headers=headers))
        except (ValueError, LookupError, TypeError, httpx.HTTPError, httpx.InvalidURL):
            accepted = False
        return httpx.Response(201 if accepted else 400, json={})

    return respond


RESPECTS = "callbacks: respects the response of its callback"
HAS_EFFECT = "laws: has its documented effect, and can be undone"


def test_a_callback_receives_the_documented_response(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks()) as session:
        found = outcomes(session)
        assert {outcome.state for outcome in found.values()} == {State.SATISFIED}
        assert found.keys() >= {RESPECTS, HAS_EFFECT, "statuses: responds with 201 as documented"}
        assert session.has_observed(session.spec.operations[0], "201")


IGNORED: dict[str, Callable[[httpx.Response], bool]] = {
    "its callback responds with another text, but the request is accepted: 201": lambda response: (
        response.status_code == 202
    ),
    "its callback responds with an empty body, but the request is accepted: 201": lambda response: True,
    "its callback responds with additional text, but the request is accepted: 201": lambda response: (
        "It is four of verify" in response.text and response.status_code == 202
    ),
    "its callback responds with 404, but the request is accepted: 201": lambda response: (
        response.text == "It is four of verify"
    ),
}


@pytest.mark.parametrize("message", IGNORED)
def test_a_server_that_ignores_the_response_is_found(message: str, tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks(respects=IGNORED[message])) as session:
        assert message in [
            counterexample.message for counterexample in outcomes(session)[RESPECTS].counterexamples
        ]


def test_a_server_that_never_calls_back_is_found(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, lambda request: httpx.Response(201, json={})) as session:
        assert outcomes(session)[RESPECTS].state is State.VIOLATED


CALLS = {
    'the header parameter "X-Mode" is missing': hooks(headers={}, respects=lambda response: True),
    'the header parameter "X-Mode" is "sell"': hooks(
        headers={"X-Mode": "sell"}, respects=lambda response: True
    ),
    'lacks "challenge"': hooks(challenge={}, respects=lambda response: True),
}


@pytest.mark.parametrize("message", CALLS)
def test_an_undocumented_request_to_the_callback_is_found(message: str, tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, CALLS[message]) as session:
        counterexamples = outcomes(session)[HAS_EFFECT].counterexamples
        assert any(
            message in counterexample.message and "callbacks" in counterexample.spec_pointer
            for counterexample in counterexamples
        )


@pytest.mark.parametrize(
    "more", [{"listen": None}, {"values": {"operations": {"addHook": {"url": "https://app.test"}}}}]
)
def test_a_callback_on_another_server_is_inconclusive(tmp_path: Path, more: dict[str, Any]) -> None:
    with session_of(tmp_path, HOOKS, lambda request: httpx.Response(201, json={}), **more) as session:
        found = outcomes(session)
        assert (found[RESPECTS].state, found[RESPECTS].reason) == (
            State.INCONCLUSIVE,
            "its callback is on another server",
        )
        assert (found[HAS_EFFECT].state is State.INCONCLUSIVE) == ("listen" in more)


def test_requests_to_other_paths_are_not_received(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks()) as session, httpx.Client(trust_env=False) as client:
        assert session.listener
        url = session.listener.values["addHook"]["url"]
        assert client.get(f"{url}/verify").status_code == 404
        assert client.post(url).status_code == 404
        assert client.post(f"{url}/verify", content=b"\xff").text == "It is  of "
        assert client.post(f"{url}/verify", data={"challenge": "ü"}).text == "It is ü of "
        assert len(list(session.listener.received())) == 2
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


@pytest.mark.parametrize("listen", ["127.0.0.1:x", "127.0.0.1:99999", "192.0.2.1:0"])
def test_an_unusable_address_is_an_error(listen: str, tmp_path: Path) -> None:
    with (
        pytest.raises(TargetError, match=f"{listen}: cannot listen there"),
        session_of(tmp_path, HOOKS, hooks(), listen=listen),
    ):
        pass


@pytest.mark.parametrize(
    ("url", "listen", "reachable"),
    [
        ("http://server.test", "127.0.0.1:0", True),
        ("http://127.0.0.1:8080", "localhost:9000", True),
        ("https://192.0.2.1", "127.0.0.1:0", False),
        ("https://192.0.2.1", "192.0.2.7:0", True),
    ],
)
def test_only_local_servers_can_call_the_loopback_interface(url: str, listen: str, reachable: bool) -> None:
    assert can_call_back(url, listen) == reachable


def test_there_is_no_listener_that_the_server_cannot_call(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks(), url="http://192.0.2.1", allowed_host="192.0.2.1") as session:
        assert session.listener is None


def test_there_is_no_listener_for_a_document_without_callbacks(tmp_path: Path) -> None:
    """The only callback has an address that no listener can have."""
    document = HOOKS.replace("'{$request.body#/url}/verify'", "'https://app.test/{$request.body#/url}'")
    with session_of(tmp_path, document, hooks(), listen="nowhere") as session:
        assert session.listener
        assert session.listener.values == {}
        assert RESPECTS not in outcomes(session)
