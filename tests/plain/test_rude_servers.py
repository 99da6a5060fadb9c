"""Servers that always respond alike: conform survives them, and nothing about their things is satisfied."""

from collections.abc import Callable
from functools import cache

import httpx
import pytest

from plain.catalogue import SERVERS
from wirecheck.checks import CHECKS
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.conform.asgi import InProcess
from wirecheck.spec import Spec, load

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


NAMES = [pytest.param("fleet", marks=pytest.mark.no_cover), "notes"]
pytestmark = pytest.mark.usefixtures("no_waits")


@cache
def spec_of(name: str) -> Spec:
    return load(SERVERS[name].document)


def report_of(name: str, respond: Responder, kinds: tuple[str, ...] = ()) -> Conformance:
    """A run of the requirements of some kinds, of all without."""
    server = SERVERS[name]
    spec = spec_of(name)
    options = SessionOptions(
        url=f"http://server.test{server.prefix}",
        token=server.token or None,
        tokens_without=server.without,
        tokens_of=server.others,
    )
    with open_session(spec, options, httpx.MockTransport(respond)) as session:
        return run(session, [each for each in requirements(spec) if not kinds or each.kind in kinds])


@pytest.mark.parametrize("name", NAMES)
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


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("respond", ACCEPTING.values(), ids=ACCEPTING.keys())
def test_where_everything_is_accepted_something_is_violated(name: str, respond: Responder) -> None:
    report = report_of(name, respond)
    assert report.violated


WRITES = ("POST", "PUT", "PATCH", "DELETE")


def rejecting(inner: InProcess, status: int, method: str) -> Responder:
    """A server whose requests of a method are rejected on the way, as gateways do."""
    return lambda request: (
        httpx.Response(status, json={}) if request.method == method else inner.handle_request(request)
    )


@pytest.mark.parametrize(
    ("name", "status", "method"),
    [
        pytest.param(name, status, method, marks=[pytest.mark.slow] * ((first + second + third) % 2))
        for first, name in enumerate(["depot", "fleet", "notes"])
        for second, status in enumerate([403, 409])
        for third, method in enumerate(WRITES)
    ],
)
def test_a_write_that_is_always_rejected_is_inconclusive(name: str, status: int, method: str) -> None:
    with InProcess(SERVERS[name].make()) as inner:
        report = report_of(name, rejecting(inner, status, method), ("state", "lists"))
    about_things = [
        f"{outcome.requirement.name}: {example.message}"
        for outcome in report.outcomes
        for example in outcome.counterexamples
        if example.message.partition(":")[0] not in CHECKS  # of the body of the rejection
    ]
    assert about_things == []


def test_what_is_written_without_credentials_of_the_session_is_inconclusive() -> None:
    server = SERVERS["depot"]
    spec, options = spec_of("depot"), SessionOptions(url=f"http://server.test{server.prefix}")
    with InProcess(server.make()) as inner, open_session(spec, options, inner) as session:
        report = run(session, list(requirements(spec)))
    assert not report.violated
    assert report.tested_access_alone
