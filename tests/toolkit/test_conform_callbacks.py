"""Callbacks during a conformance run, and values that are fetched because they work once."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from wirecheck.conform import Outcome, Session, SessionOptions, State, open_session, requirements
from wirecheck.conform.address import reaches
from wirecheck.model import TargetError
from wirecheck.spec import load

Answers = Callable[[httpx.Request], httpx.Response]

HOOKS = """
openapi: 3.1.0
info: {title: Hooks, version: '1'}
servers: [{url: https://hooks.test}]
paths:
  /hooks:
    post:
      operationId: addHook
      x-needs: An address that answers.
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
        '400': {description: Refused., content: {application/json: {schema: true}}}
"""


@contextmanager
def session_of(
    tmp_path: Path, document: str, answers: Answers, values: Mapping[str, Any] | None = None, **more: Any
) -> Iterator[Session]:
    (tmp_path / "api.yaml").write_text(document, encoding="utf-8")
    (tmp_path / "values.yaml").write_text(yaml.safe_dump(dict(values or {})), encoding="utf-8")
    options = SessionOptions(
        values=tmp_path / "values.yaml",
        **{"url": "http://server.test", "listen": "127.0.0.1:0", **more},
    )
    spec = load(tmp_path / "api.yaml")
    with (
        httpx.MockTransport(answers) as http,
        open_session(spec, options, http) as session,
    ):
        yield session


def outcomes(session: Session) -> dict[str, Outcome]:
    tested = (session.run(requirement) for requirement in requirements(session.spec))
    return {f"{one.requirement.kind}: {one.requirement.what}": one for one in tested}


def hooks(
    challenge: Mapping[str, str] = {"challenge": "four"},
    headers: Mapping[str, str] = {"X-Mode": "verify"},
    heeds: Callable[[httpx.Response], bool] = lambda answer: (
        (answer.status_code, answer.text) == (202, "It is four of verify")
    ),
) -> Answers:
    """A server of hooks, which asks the callback, and what it makes of the answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            url = json.loads(request.content)["url"]
            with httpx.Client(trust_env=False) as client:
                taken = heeds(client.post(f"{url}/verify", json=challenge, headers=headers))
        except (ValueError, LookupError, TypeError, httpx.HTTPError, httpx.InvalidURL):
            taken = False
        return httpx.Response(201 if taken else 400, json={})

    return answer


HEEDS = "callbacks: wants the answer of its callback"
DOES = "laws: does what it says, and is undone"


def test_a_callback_is_answered_as_documented(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks()) as session:
        found = outcomes(session)
        assert {one.state for one in found.values()} == {State.SATISFIED}
        assert found.keys() >= {HEEDS, DOES, "statuses: answers 201 as documented"}
        assert session.has_seen(session.spec.operations[0], "201")


CARELESS: dict[str, Callable[[httpx.Response], bool]] = {
    "its callback answers another text, but it is accepted: 201": lambda answer: answer.status_code == 202,
    "its callback answers nothing, but it is accepted: 201": lambda answer: True,
    "its callback answers more than it is asked for, but it is accepted: 201": lambda answer: (
        "It is four of verify" in answer.text and answer.status_code == 202
    ),
    "its callback answers 404, but it is accepted: 201": lambda answer: answer.text == "It is four of verify",
}


@pytest.mark.parametrize("message", CARELESS)
def test_a_server_that_does_not_heed_the_answer_is_told(message: str, tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks(heeds=CARELESS[message])) as session:
        assert message in [
            counterexample.message for counterexample in outcomes(session)[HEEDS].counterexamples
        ]


def test_a_server_that_asks_nobody_is_told(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, lambda request: httpx.Response(201, json={})) as session:
        assert outcomes(session)[HEEDS].state is State.VIOLATED


CALLS = {
    'the header parameter "X-Mode" is missing': hooks(headers={}, heeds=lambda answer: True),
    'the header parameter "X-Mode" is "sell"': hooks(headers={"X-Mode": "sell"}, heeds=lambda answer: True),
    'lacks "challenge"': hooks(challenge={}, heeds=lambda answer: True),
}


@pytest.mark.parametrize("message", CALLS)
def test_a_call_that_is_not_as_documented_is_told(message: str, tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, CALLS[message]) as session:
        counterexamples = outcomes(session)[DOES].counterexamples
        assert any(
            message in counterexample.message and "callbacks" in counterexample.spec_pointer
            for counterexample in counterexamples
        )


@pytest.mark.parametrize(
    "more", [{"listen": None}, {"values": {"operations": {"addHook": {"url": "https://app.test"}}}}]
)
def test_where_the_callback_is_elsewhere_nothing_is_told_of_it(tmp_path: Path, more: dict[str, Any]) -> None:
    with session_of(tmp_path, HOOKS, lambda request: httpx.Response(201, json={}), **more) as session:
        found = outcomes(session)
        assert (found[HEEDS].state, found[HEEDS].reason) == (State.INCONCLUSIVE, "its callback is elsewhere")
        assert (found[DOES].state is State.INCONCLUSIVE) == ("listen" in more)


def test_what_is_no_callback_is_not_answered(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks()) as session, httpx.Client(trust_env=False) as client:
        assert session.listener
        url = session.listener.values["addHook"]["url"]
        assert client.get(f"{url}/verify").status_code == 404
        assert client.post(url).status_code == 404
        assert client.post(f"{url}/verify", content=b"\xff").text == "It is  of "
        assert client.post(f"{url}/verify", data={"challenge": "ü"}).text == "It is ü of "
        assert len(list(session.listener.called())) == 2
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


@pytest.mark.parametrize("listen", ["127.0.0.1:x", "127.0.0.1:99999", "192.0.2.1:0"])
def test_where_nobody_can_listen_that_is_said(listen: str, tmp_path: Path) -> None:
    with (
        pytest.raises(TargetError, match=f"{listen}: cannot be listened at"),
        session_of(tmp_path, HOOKS, hooks(), listen=listen),
    ):
        pass


@pytest.mark.parametrize(
    ("url", "listen", "called"),
    [
        ("http://server.test", "127.0.0.1:0", True),
        ("http://127.0.0.1:8080", "localhost:9000", True),
        ("https://192.0.2.1", "127.0.0.1:0", False),
        ("https://192.0.2.1", "192.0.2.7:0", True),
    ],
)
def test_only_who_is_here_can_call_the_loopback_interface(url: str, listen: str, called: bool) -> None:
    assert reaches(url, listen) == called


def test_nobody_listens_where_the_server_cannot_call(tmp_path: Path) -> None:
    with session_of(tmp_path, HOOKS, hooks(), url="http://192.0.2.1", allowed_host="192.0.2.1") as session:
        assert session.listener is None


def test_nobody_listens_for_a_document_without_callbacks(tmp_path: Path) -> None:
    """None that a listener could be, that is."""
    document = HOOKS.replace("'{$request.body#/url}/verify'", "'https://app.test/{$request.body#/url}'")
    with session_of(tmp_path, document, hooks(), listen="nowhere") as session:
        assert session.listener
        assert session.listener.values == {}
        assert HEEDS not in outcomes(session)


# Values that work once

TOKENS = """
openapi: 3.1.0
info: {title: Tokens, version: '1'}
servers: [{url: https://tokens.test/v1}]
paths:
  /token:
    post:
      operationId: makeToken
      x-needs: A ticket.
      security: []
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [ticket, grant]
              properties:
                ticket: {type: string, minLength: 1, maxLength: 40}
                grant: {type: string, enum: [ticket]}
            example: {ticket: any, grant: ticket}
      responses:
        '200': {description: A token., content: {application/json: {schema: {type: object}}}}
        '400': {description: Refused., content: {application/json: {schema: {type: object}}}}
    get:
      operationId: listTokens
      security: []
      responses: {'200': {description: Tokens., content: {application/json: {schema: {type: object}}}}}
  /check:
    get:
      operationId: checkTicket
      security: []
      parameters:
        - {name: ticket, in: query, required: true, schema: {type: string}, example: any}
      responses:
        '200': {description: It is good., content: {application/json: {schema: {type: object}}}}
        '400': {description: Refused., content: {application/json: {schema: {type: object}}}}
"""
STEPS = [
    {"url": "/consent?app=1", "find": {"seal": 'value="([a-z0-9]+)"'}},
    {"url": "/consent", "form": {"seal": "{seal}", "answer": "{yes}"}, "find": {"ticket": "ticket-[0-9]+"}},
]
FETCHED = {"fetched": {"makeToken": {"ticket": STEPS}, "checkTicket": {"ticket": STEPS}}}


class Tickets:
    """Gives tickets to who comes with the cookie and the seal of the page, and takes each once."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.used: list[str] = []
        self.pages = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        match request.url.path, request.method:
            case "/consent", "GET":
                self.pages += 1
                headers = {"Set-Cookie": f"page={self.pages}; Path=/consent"}
                return httpx.Response(200, text=f'<input value="seal{self.pages}">', headers=headers)
            case "/token", "GET":
                return httpx.Response(200, json={})
            case "/consent", "POST":
                assert request.headers["cookie"] == f"page={self.pages}"
                assert form == {"seal": f"seal{self.pages}", "answer": "{yes}"}
                self.given.append(f"ticket-{len(self.given) + 100000}")
                there = {"Location": f"https://app.test/?code={self.given[-1]}"}
                return httpx.Response(302, headers=there)
            case _, "HEAD" | "OPTIONS" | "PUT" | "PATCH":
                return httpx.Response(405)
        assert "cookie" not in request.headers
        ticket = form.get("ticket") or request.url.params.get("ticket", "")
        good = ticket in self.given and ticket not in self.used
        if request.method == "POST":
            good = good and form.get("grant") == "ticket"
        if good:
            self.used.append(ticket)
        return httpx.Response(200 if good else 400, json={"echo": ticket})


def test_a_fresh_value_is_fetched_for_each_use(tmp_path: Path) -> None:
    tickets = Tickets()
    with session_of(tmp_path, TOKENS, tickets, FETCHED) as session:
        found = outcomes(session)
        assert {one.state for one in found.values()} == {State.SATISFIED}
        assert session.statuses["makeToken"] == session.statuses["checkTicket"] == {200, 400}
    assert len(tickets.used) > 2


def test_a_fetched_value_is_not_shown(tmp_path: Path) -> None:
    tickets = Tickets()

    def lying(request: httpx.Request) -> httpx.Response:
        answer = tickets(request)
        return answer if request.method == "GET" or answer.is_redirect else httpx.Response(500, json={})

    with session_of(tmp_path, TOKENS, lying, FETCHED) as session:
        shown = [
            f"{counterexample.message} {counterexample.request}"
            for one in outcomes(session).values()
            for counterexample in one.counterexamples
        ]
        assert shown
        assert tickets.given
        assert not any(ticket in text for ticket in tickets.given for text in shown)


def test_without_a_way_to_fetch_it_nothing_is_told(tmp_path: Path) -> None:
    with session_of(tmp_path, TOKENS, Tickets()) as session:
        assert outcomes(session)[DOES].reason == "it needs what --values must give: A ticket"


@pytest.mark.parametrize("answer", [httpx.Response(403, text="Go away"), httpx.ConnectError("no")])
def test_where_nothing_is_found_the_step_is_named(answer: httpx.Response | Exception, tmp_path: Path) -> None:
    tickets = Tickets()

    def closed(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/consent":
            return tickets(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with session_of(tmp_path, TOKENS, closed, FETCHED) as session:
        reason = outcomes(session)[DOES].reason
    if isinstance(answer, Exception):
        assert reason == "GET /consent: no answer: ConnectError"
    else:
        assert reason == (
            "fetched.makeToken.ticket: GET /consent answers 403, where nothing is found for seal"
        )


@pytest.mark.parametrize(
    ("fetched", "says"),
    [
        ({"makeCoffee": {"ticket": STEPS}}, "there is no operation 'makeCoffee'"),
        ({"makeToken": {"ticket": []}}, "`$.fetched[...][...]`"),
        ({"makeToken": {"ticket": STEPS[:1]}}, "fetched.makeToken.ticket: its last step must find ticket"),
        ({"makeToken": {"ticket": [{"url": "https://other.test/"}]}}, "url`"),
        ({"makeToken": {"ticket": [{"url": "//other.test/"}]}}, "url`"),
        ({"makeToken": {"ticket": [{"url": "/", "find": {"ticket": "("}}]}}, "( is no pattern"),
        ({"makeToken": {"ticket": [{"url": "/", "method": "PUT"}]}}, "method"),
    ],
)
def test_a_mistake_in_a_way_is_told(fetched: Any, says: str, tmp_path: Path) -> None:
    with (
        pytest.raises(TargetError) as caught,
        session_of(tmp_path, TOKENS, Tickets(), {"fetched": fetched}),
    ):
        pass
    assert str(tmp_path / "values.yaml") in str(caught.value)
    assert says in str(caught.value)
