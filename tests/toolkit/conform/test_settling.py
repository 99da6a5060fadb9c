"""Effects of writes that reads show later (--settle)."""

import json

import httpx
import pytest

from support.conforming import Clock, document, loaded, session, spec_of, violated
from wirecheck.conform import Session, requirements
from wirecheck.conform import run as conform
from wirecheck.spec import Spec

NEVER, AT_ONCE = 1e9, 0.0


class Late:
    """A read whose result is right after some seconds of a clock."""

    def __init__(self, clock: Clock, after: float) -> None:
        self.clock, self.after, self.times = clock, clock.now + after, list[float]()

    def __call__(self) -> bool:
        self.times.append(self.clock.now)
        return self.clock.now >= self.after


def opened(clock: Clock, settle: float) -> Session:
    return session(spec_of(), clock=clock, settle=settle)


@pytest.mark.parametrize(
    ("settle", "after", "result", "seconds"),
    [(0, AT_ONCE, True, 0), (0, 0.1, False, 0), (5, AT_ONCE, True, 0), (5, NEVER, False, 5)],
)
def test_a_read_is_repeated_until_it_is_right_or_the_time_is_over(
    settle: float, after: float, result: bool, seconds: float
) -> None:
    clock = Clock()
    read = Late(clock, after)
    assert opened(clock, settle).settled(read, bool) is result
    assert clock.now == pytest.approx(seconds)
    assert (len(read.times) == 1) is (seconds == 0)


def test_a_read_that_settles_is_right() -> None:
    clock = Clock()
    read = Late(clock, 1.2)
    assert opened(clock, 5).settled(read, bool)
    assert 1.2 <= clock.now < 2.4
    assert len(read.times) < 10, "the pauses grow"


RULE = "then.body.n == request.body.n"
LAW = {"stored": {"then": "readThing", "rule": RULE, "message": "The number is stored."}}


def numbered() -> Spec:
    """A number that can be replaced, and read."""
    number = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "example": 1}}}
    content = {"application/json": {"schema": number, "example": {"n": 7}}}
    success = {"200": {"description": "Fine.", "content": content}}
    undo = {"operation": "putThing", "then": "readThing", "with": {"n": "before.body.n"}}
    put = {"requestBody": {"required": True, "content": content}, "responses": success}
    return loaded(
        json.dumps(
            document(
                {
                    "/thing": {
                        "get": {"operationId": "readThing", "responses": success},
                        "put": {**put, "x-undo": undo, "x-laws": LAW},
                    }
                }
            )
        )
    )


class Server:
    """Shows a number some seconds after it was stored."""

    def __init__(self, clock: Clock, delay: float) -> None:
        self.clock, self.delay, self.stored = clock, delay, [(-1.0e9, 3)]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            self.stored.append((self.clock.now, json.loads(request.content)["n"]))
            return httpx.Response(200, json={"n": self.stored[-1][1]})
        shown = [number for when, number in self.stored if when + self.delay <= self.clock.now]
        return httpx.Response(200, json={"n": shown[-1]})


@pytest.mark.parametrize(("settle", "is_violated"), [(0.0, True), (1.0, True), (10.0, False)])
def test_laws_are_satisfied_once_the_write_has_settled(settle: float, is_violated: bool) -> None:
    clock = Clock()
    spec = numbered()
    chosen = [requirement for requirement in requirements(spec) if requirement.kind == "laws"]
    found = violated(conform(session(spec, Server(clock, 3.0), clock, settle=settle), chosen))
    assert any("The number is stored." in message for message in found.values()) is is_violated, found
