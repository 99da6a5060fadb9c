"""Servers that always respond alike: conform survives them, and nothing about their things is satisfied."""

from collections.abc import Callable

import httpx
import pytest

from plain.catalogue import SERVERS
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.spec import load

Responder = Callable[[httpx.Request], httpx.Response]

REJECTING: dict[str, Responder] = {
    "rejects for access": lambda _: httpx.Response(401, headers={"WWW-Authenticate": "Bearer"}, json={}),
    "forbids": lambda _: httpx.Response(403, json={}),
    "knows nothing": lambda _: httpx.Response(404, json={}),
    "fails": lambda _: httpx.Response(500, text="boom"),
    "is out of order": lambda request: httpx.Response(200 if request.method == "GET" else 409, json={}),
}
ACCEPTING: dict[str, Responder] = {
    "is empty": lambda _: httpx.Response(200, json={}),
    "is a list": lambda _: httpx.Response(200, json=[]),
    "has one thing": lambda _: httpx.Response(201, json={"id": 1, "key": "one", "results": [{"id": 1}]}),
    "has no content": lambda _: httpx.Response(204),
    "is a page": lambda _: httpx.Response(200, headers={"Content-Type": "text/html"}, text="<h1>Login</h1>"),
    "redirects": lambda _: httpx.Response(302, headers={"Location": "/login"}),
}


def report_of(name: str, respond: Responder) -> Conformance:
    server = SERVERS[name]
    spec = load(server.document)
    options = SessionOptions(
        url=f"http://server.test{server.prefix}",
        token=server.token or None,
        tokens_without=server.without,
        tokens_of=server.others,
    )
    with open_session(spec, options, httpx.MockTransport(respond)) as session:
        session.target.wait = lambda seconds: None  # type: ignore[method-assign]
        return run(session, list(requirements(spec)))


@pytest.mark.parametrize("name", ["fleet", "notes"])
@pytest.mark.parametrize("respond", REJECTING.values(), ids=REJECTING.keys())
def test_where_everything_is_rejected_nothing_about_things_is_satisfied(
    name: str, respond: Responder
) -> None:
    satisfied = {
        outcome.requirement.name
        for outcome in report_of(name, respond).outcomes
        if outcome.state is State.SATISFIED and outcome.requirement.kind in ("state", "lists", "access")
    }
    assert {name for name in satisfied if "requires no other scope" not in name} == set()


@pytest.mark.parametrize("name", ["fleet", "notes"])
@pytest.mark.parametrize("respond", ACCEPTING.values(), ids=ACCEPTING.keys())
def test_where_everything_is_accepted_something_is_violated(name: str, respond: Responder) -> None:
    report = report_of(name, respond)
    assert report.violated
