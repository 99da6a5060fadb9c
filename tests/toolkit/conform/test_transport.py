"""Sending: rate, retries, waits, and servers that fail or do not respond."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from threading import Event
from typing import Any

import httpx
import pytest

from support.conforming import (
    COUNT,
    TOKEN,
    Clock,
    Responder,
    case_of,
    document,
    loaded,
    ok,
    report_of,
    spec_of,
    target,
    text_of,
    violated,
)
from support.serving import callback
from wirecheck.checks import Judge, Verdict
from wirecheck.checks.subject import Subject
from wirecheck.conform import (
    SessionOptions,
    Transport,
    open_session,
    to_json,
)
from wirecheck.conform.case import Case, NoResponseError, UnsentError
from wirecheck.conform.target import RETRIES
from wirecheck.model import TargetError


@pytest.mark.parametrize("rate", [1, 4, 100])
def test_the_rate_is_never_exceeded(rate: float) -> None:
    clock, moments, spec = Clock(), list[float](), spec_of()

    def respond(request: httpx.Request) -> httpx.Response:
        moments.append(clock.now)
        clock.now += 0.1 * (len(moments) % 3)
        return httpx.Response(503 if len(moments) == 4 else 200, json={})

    tested = target(spec, respond, clock, rate=rate)
    for _ in range(20):
        tested.send(case_of(spec))
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert len(moments) == 21
    assert min(pauses) >= 1 / rate - 1e-9


def test_without_a_rate_there_are_no_pauses() -> None:
    clock, spec = Clock(), spec_of()
    tested = target(spec, clock=clock)
    for _ in range(20):
        tested.send(case_of(spec))
    assert clock.waits == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_only_requests_waits_is_given_up(status: int) -> None:
    clock, spec = Clock(), spec_of()
    tested = target(spec, lambda request: httpx.Response(status, headers={"Retry-After": "50"}), clock)
    with pytest.raises(TargetError, match=rf"rate limited \({status}\): it requests to wait again"):
        tested.send(case_of(spec))
    assert clock.waits == [50, 50, 50]


def test_a_response_between_waits_counts_anew() -> None:
    clock, spec = Clock(), spec_of()
    numbers = count()
    limited = httpx.Response(429, headers={"Retry-After": "50"})
    tested = target(spec, lambda request: limited if next(numbers) % 2 else ok(request), clock)
    for _ in range(9):
        assert tested.send(case_of(spec)).status == 200
    assert clock.waits == [50] * 8


def test_after_the_time_only_writes_are_sent() -> None:
    clock, spec = Clock(), spec_of()
    numbers = count()
    limited = httpx.Response(429, headers={"Retry-After": "50"})
    tested = target(spec, lambda request: limited if next(numbers) % 2 else ok(request), clock)
    tested.limit_time(60)
    assert [tested.send(case_of(spec)).status for _ in range(3)] == [200, 200, 429]  # no second wait
    assert clock.waits == [50]
    clock.now += 60
    assert tested.time_is_up
    with pytest.raises(UnsentError, match="the time is up"):
        tested.send(case_of(spec))


BOMBS = {
    "twice": ("gzip, gzip", gzip.compress(gzip.compress(bytes(2**20))), "compressed more than once"),
    "gzip": ("gzip", gzip.compress(bytes(2**25)), "the body has more than 8,388,608 bytes"),
    "deflate": ("deflate", zlib.compress(bytes(2**25)), "the body has more than 8,388,608 bytes"),
    "unknown": ("br", b"x", "compressed with br"),
}


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("name", BOMBS)
def test_a_compressed_body_is_read_within_bounds(name: str) -> None:
    coding, body, problem = BOMBS[name]

    def respond(*_: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Encoding": coding}, body

    spec = spec_of()
    with callback(respond) as url:
        tested = open_session(spec, SessionOptions(url=url), Transport(url)).target
        with pytest.raises(NoResponseError, match=problem):
            tested.send(case_of(spec))


def every(number: int, failure: Callable[[httpx.Request], httpx.Response]) -> Responder:
    numbers = count(1)
    return lambda request: failure(request) if next(numbers) % number == 0 else ok(request)


def no_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def no_response(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


FLAKY: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "503": lambda request: httpx.Response(503),
    "500": lambda request: httpx.Response(500),
    "no connection": no_connection,
    "no response": no_response,
}


@pytest.mark.parametrize("case", FLAKY)
def test_a_flaky_failure_is_retried_and_counted(case: str) -> None:
    tested = target(COUNT, every(25, FLAKY[case]), clock := Clock())
    for _ in range(100):
        assert tested.send(case_of(COUNT, n=2)).status == 200
    assert (tested.sent["getThing"], tested.recovered["getThing"]) == (104, 4)
    assert len(clock.waits) == 4


def test_a_method_that_always_fails_is_not_retried_for_each_operation() -> None:
    spec = loaded(json.dumps(document({f"/{name}": {"get": {}} for name in "abcdefgh"})))
    clock = Clock()
    tested = target(
        spec, lambda request: httpx.Response(500 if request.method == "OPTIONS" else 200, json={}), clock
    )
    for operation in spec.operations:
        assert tested.send(Case(operation=operation, method="OPTIONS")).status == 500
        assert tested.send(Case(operation=operation)).status == 200
    assert len(clock.waits) == 3 * RETRIES


def test_a_flaky_server_satisfies_its_requirements() -> None:
    report = report_of(COUNT, every(6, FLAKY["503"]), Clock())
    assert "getThing: responses: responds to requests with known values" not in violated(report)
    assert report.flaky["getThing"][0] >= 1
    assert not any("503" in what for what in violated(report).values())


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_always_fails_is_not_flaky(status: int) -> None:
    report = report_of(COUNT, lambda request: httpx.Response(status), Clock())
    assert str(status) in violated(report)["getThing: responses: responds to requests with known values"]
    assert report.flaky == {}
    assert not report.conclusive


@pytest.mark.parametrize(("status", "requests"), [(503, 2), (500, 1)])
def test_a_write_is_retried_only_if_it_had_no_effect(status: int, requests: int) -> None:
    spec, requested = spec_of("post"), list[httpx.Request]()

    def respond(request: httpx.Request) -> httpx.Response:
        requested.append(request)
        return httpx.Response(status if len(requested) == 1 else 200, json={})

    target(spec, respond).send(case_of(spec))
    assert len(requested) == requests
    tested = target(spec, every(1, no_response))
    with pytest.raises(TargetError, match="no response: ReadTimeout"):
        tested.send(case_of(spec))
    assert tested.sent.total() == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_requested_wait_is_respected(status: int) -> None:
    clock, spec = Clock(), spec_of()
    replies = [httpx.Response(status, headers={"Retry-After": "7"}), httpx.Response(200, json={})]
    tested = target(spec, lambda request: replies.pop(0), clock)
    assert tested.send(case_of(spec)).status == 200
    assert clock.waits == [7]
    assert tested.recovered["getThing"] == (status == 503), "too much was requested: that is no failure"


@pytest.mark.parametrize(
    "header", [{}, {"Retry-After": "3600"}, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}]
)
def test_a_long_wait_is_not_respected(header: dict[str, str]) -> None:
    clock, spec = Clock(), spec_of()
    tested = target(spec, lambda request: httpx.Response(429, headers=header), clock)
    assert (tested.send(case_of(spec)).status, clock.waits) == (429, [])


def _endless() -> Iterator[bytes]:
    while True:
        yield b" " * (1 << 20)


UNREADABLE: dict[str, tuple[Responder, str]] = {
    "encoded in name only": (
        lambda request: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b"{}"),
        "DecodingError",
    ),
    "endless": (lambda request: httpx.Response(200, content=_endless()), "longer than 32 MiB"),
}


TWO = loaded(
    json.dumps(
        document({"/things": {"get": {}, "post": {}}, "/others": {"get": {"operationId": "getOther"}}})
    )
)


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_response_violates_only_its_own_requirement(case: str) -> None:
    respond, message = UNREADABLE[case]
    report = report_of(
        TWO, lambda request: ok(request) if request.url.path.endswith("others") else respond(request), Clock()
    )
    messages = violated(report)
    assert messages["getThing: responses: responds to requests with known values"].startswith(
        "no readable response: "
    )
    assert message in messages["getThing: responses: responds to requests with known values"]
    assert message in messages["postThing: laws: has its documented effect, and can be undone"]
    assert not any("getOther" in name for name in messages)
    assert TOKEN not in "".join(to_json(report))


def test_a_slow_body_is_given_up() -> None:
    clock = Clock()

    def drops() -> Iterator[bytes]:
        while True:
            clock.now += 25
            yield b" "

    spec = TWO
    tested = target(spec, lambda request: httpx.Response(200, content=drops()), clock)
    tested.has_responded = True
    with pytest.raises(NoResponseError, match="the body took longer than 60 s"):
        tested.send(case_of(spec))


def test_an_operation_that_never_responds_gets_no_more_requests() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("others"):
            return ok(request)
        raise httpx.ReadTimeout("slow", request=request)

    tested = target(TWO, respond)
    tested.send(
        case_of(TWO).__class__(
            operation=next(operation for operation in TWO.operations if operation.name == "getOther")
        )
    )
    with pytest.raises(NoResponseError):
        tested.send(case_of(TWO))
    sent = tested.sent["getThing"]
    assert sent <= 3, "to wait in vain takes time"
    with pytest.raises(UnsentError, match="no more requests were sent"):
        tested.send(case_of(TWO))
    assert tested.sent["getThing"] == sent


def test_cookies_are_not_sent_back() -> None:
    cookies: list[str | None] = []

    def respond(request: httpx.Request) -> httpx.Response:
        cookies.append(request.headers.get("Cookie"))
        return httpx.Response(200, headers={"Set-Cookie": "session=1; Path=/"}, json={})

    tested = target(COUNT, respond)
    for _ in range(3):
        tested.send(case_of(COUNT))
    assert cookies == [None, None, None]


def test_outcomes_are_kept_when_the_server_goes_away() -> None:
    requested: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        requested.append(str(request.url))
        if len(requested) > 4:
            raise httpx.ConnectError("refused", request=request)
        return ok(request)

    report = report_of(COUNT, respond, Clock())
    assert report.outcomes
    assert report.stopped.endswith("no response: ConnectError: refused")
    assert not report.conclusive
    assert "Not everything was tested: GET " in text_of(report)
    assert json.loads("".join(to_json(report)))["stopped"] == report.stopped


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_a_server_that_never_responded_is_an_error(error: type[httpx.TransportError]) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    document_ = document({f"/{n}": {"get": {"operationId": f"get{n}"}} for n in range(9)})
    with pytest.raises(TargetError, match=f"response: {error.__name__}"):
        report_of(loaded(json.dumps(document_)), respond, Clock())


def test_a_first_request_without_connection_is_not_retried() -> None:
    clock = Clock()

    def respond(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("no", request=request)

    tested = target(COUNT, respond, clock)
    with pytest.raises(TargetError):
        tested.send(case_of(COUNT))
    assert (tested.sent.total(), clock.waits) == (1, [])


def test_a_response_is_judged_while_the_next_one_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    awaited, judged, requested = Event(), Event(), list[str]()

    def respond(method: str, path: str, *_: Any) -> tuple[int, dict[str, str], bytes]:
        requested.append(path)
        if len(requested) == 2:
            awaited.set()
            judged.wait(5)
        return 200, {"Content-Type": "application/json"}, b"{}"

    def verdict(self: Judge, subject: Subject) -> Verdict:
        if not judged.is_set():
            assert awaited.wait(5)
            judged.set()
        return Verdict(None, ())

    monkeypatch.setattr(Judge, "accepted", lambda *_: None)
    monkeypatch.setattr(Judge, "verdict", verdict)
    with (
        callback(respond) as origin,
        Transport(origin) as http,
        open_session(TWO, SessionOptions(url=origin), http) as session,
    ):
        for operation in TWO.operations:
            session.send(Case(operation=operation))
    assert judged.is_set()
    assert len(requested) == len(TWO.operations)


def test_the_first_events_of_a_stream_without_an_end_are_read() -> None:
    def events() -> Iterator[bytes]:
        yield b"data: 1\r\n\r"
        yield b"\ndata: 2\r\n\r\n"
        raise AssertionError("the stream is read on")

    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=events())

    spec = spec_of()
    exchange = target(spec, respond).send(case_of(spec))
    assert exchange.response_body == b"data: 1\r\n\r\n"
