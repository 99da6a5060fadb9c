"""Values that can be used once, obtained by requests of their own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from wirecheck.conform import Outcome, Session, SessionOptions, State, open_session, requirements
from wirecheck.model import TargetError
from wirecheck.spec import load

Responder = Callable[[httpx.Request], httpx.Response]

HAS_EFFECT = "laws: has its documented effect, and can be undone"


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
        '400': {description: Rejected., content: {application/json: {schema: {type: object}}}}
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
        '400': {description: Rejected., content: {application/json: {schema: {type: object}}}}
"""
STEPS = [
    {"url": "/consent?app=1", "find": {"seal": 'value="([a-z0-9]+)"'}},
    {"url": "/consent", "form": {"seal": "{seal}", "answer": "{yes}"}, "find": {"ticket": "ticket-[0-9]+"}},
]
SINGLE_USE = {"single_use": {"makeToken": {"ticket": STEPS}, "checkTicket": {"ticket": STEPS}}}


class Tickets:
    """Issues tickets for the cookie and the seal of a page, and accepts each once."""

    def __init__(self) -> None:
        self.issued: list[str] = []
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
                self.issued.append(f"ticket-{len(self.issued) + 100000}")
                there = {"Location": f"https://app.test/?code={self.issued[-1]}"}
                return httpx.Response(302, headers=there)
            case _, "HEAD" | "OPTIONS" | "PUT" | "PATCH":
                return httpx.Response(405, headers={"Allow": "GET, POST"})
        assert "cookie" not in request.headers
        ticket = form.get("ticket") or request.url.params.get("ticket", "")
        good = ticket in self.issued and ticket not in self.used
        if request.method == "POST":
            good = good and form.get("grant") == "ticket"
        if good:
            self.used.append(ticket)
        return httpx.Response(200 if good else 400, json={"echo": ticket})


def test_a_fresh_value_is_obtained_for_each_use(tmp_path: Path) -> None:
    tickets = Tickets()
    with session_of(tmp_path, TOKENS, tickets, SINGLE_USE) as session:
        found = outcomes(session)
        assert {outcome.state for outcome in found.values()} == {State.SATISFIED}
        assert session.statuses["makeToken"] == session.statuses["checkTicket"] == {200, 400}
    assert len(tickets.used) > 2


def test_an_obtained_value_is_not_shown(tmp_path: Path) -> None:
    tickets = Tickets()

    def lying(request: httpx.Request) -> httpx.Response:
        response = tickets(request)
        return response if request.method == "GET" or response.is_redirect else httpx.Response(500, json={})

    with session_of(tmp_path, TOKENS, lying, SINGLE_USE) as session:
        shown = [
            f"{counterexample.message} {counterexample.request}"
            for outcome in outcomes(session).values()
            for counterexample in outcome.counterexamples
        ]
        assert shown
        assert tickets.issued
        assert not any(ticket in text for ticket in tickets.issued for text in shown)


def test_without_a_recipe_it_is_inconclusive(tmp_path: Path) -> None:
    with session_of(tmp_path, TOKENS, Tickets()) as session:
        assert outcomes(session)[HAS_EFFECT].reason == "it needs --values: A ticket"


@pytest.mark.parametrize("reply", [httpx.Response(403, text="Go away"), httpx.ConnectError("no")])
def test_a_step_that_finds_nothing_is_named(reply: httpx.Response | Exception, tmp_path: Path) -> None:
    tickets = Tickets()

    def closed(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/consent":
            return tickets(request)
        if isinstance(reply, Exception):
            raise reply
        return reply

    with session_of(tmp_path, TOKENS, closed, SINGLE_USE) as session:
        reason = outcomes(session)[HAS_EFFECT].reason
    if isinstance(reply, Exception):
        assert reason == "GET /consent: no response: ConnectError"
    else:
        assert reason == (
            "single_use.makeToken.ticket: GET /consent returned 403, and seal was not found in it"
        )


@pytest.mark.parametrize(
    ("recipes", "message"),
    [
        ({"makeCoffee": {"ticket": STEPS}}, "there is no operation 'makeCoffee'"),
        ({"makeToken": {"ticket": []}}, "`$.single_use[...][...]`"),
        ({"makeToken": {"ticket": STEPS[:1]}}, "single_use.makeToken.ticket: the last step must find ticket"),
        ({"makeToken": {"ticket": [{"url": "https://other.test/"}]}}, "url`"),
        ({"makeToken": {"ticket": [{"url": "//other.test/"}]}}, "url`"),
        ({"makeToken": {"ticket": [{"url": "/", "find": {"ticket": "("}}]}}, "( is not a valid pattern"),
        ({"makeToken": {"ticket": [{"url": "/", "method": "PUT"}]}}, "method"),
    ],
)
def test_an_invalid_recipe_is_reported(recipes: Any, message: str, tmp_path: Path) -> None:
    with (
        pytest.raises(TargetError) as caught,
        session_of(tmp_path, TOKENS, Tickets(), {"single_use": recipes}),
    ):
        pass
    assert str(tmp_path / "values.yaml") in str(caught.value)
    assert message in str(caught.value)
