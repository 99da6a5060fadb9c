"""Doors of servers: bytes that one sends to conform, to fuzz, and to a generated client."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import httpx

from fuzz_inputs.common import UNUSABLE, URL, Json, corpus, depot, judge, vocabulary
from fuzz_inputs.harness import CANARY, Door
from fuzz_inputs.mutator import Mutator
from fuzz_inputs.traffic import CRATE, PAGE, PROBLEM, TREE, USER
from fuzz_inputs.wire import NEXT, Server, addressed, response
from instagram_client import Instagram, InstagramError, _sync
from wirecheck import conform
from wirecheck.conform import Session
from wirecheck.conform.case import Case, NoResponseError
from wirecheck.conform.observation import Observation
from wirecheck.conform.target import Target
from wirecheck.conform.values import Values
from wirecheck.fuzz.report import FuzzReport, Reproduction, to_text
from wirecheck.fuzz.reproduction import curl, snippet
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.wire import Step, WireTarget
from wirecheck.reports import FORMATS
from wirecheck.reports.collect import Collector

_BODIES: tuple[object, ...] = (
    CRATE,
    CRATE,
    PAGE,
    PAGE,
    PROBLEM,
    TREE,
    USER,
    {},
    [],
    None,
    1.5,
    b"",
    b"<html>",
    b"a,b",
)
_CREDENTIALS = dict.fromkeys(("key", "bearer", "basic", "session"), CANARY)


class _Clock:
    """A clock that moves by sleeping, and a little whenever it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def read(self) -> float:
        self.now += 0.001
        return self.now


def _target(content: bytes, kind: type[Any] = Target) -> Any:
    clock = _Clock()
    target = kind(depot(), URL, _CREDENTIALS, Server(content), sleep=clock.sleep, clock=clock.read)
    target.limit_time(100)
    return target


# Conform.


@cache
def _cases() -> dict[str, Case]:
    """A valid case of each operation."""
    values = Values(depot())
    cases = {}
    for operation in depot().operations:
        case = Case(operation=operation, body=next(iter(values.body(operation)), None))
        for parameter in operation.parameters:
            if known := values.of(operation, parameter):
                case = case.having(parameter.location, parameter.name, known[0])
        cases[operation.name] = case
    return cases


def _responses(content: bytes) -> Iterator[str]:
    """A response is read and judged. The first line names the operation."""
    name, raw = addressed(content)
    case, target = _cases().get(name) or _cases()["getCrate"], _target(raw)
    try:
        exchange = target.send(case)
    except NoResponseError as error:
        yield target.masked(error.what)
        return
    observation = Observation(case, judge().subject(exchange))
    collector = Collector(depot())
    try:
        collector.add(judge().verdict(observation.subject))
        for report_format in FORMATS.values():
            yield "".join(report_format(collector.report()))
    finally:
        collector.close()
    yield observation.rate_limited
    for read in ("payload", "is_retired", "error_type", "budget", "views"):
        getattr(observation, read)
    observation.repeats_secret(_CREDENTIALS)
    list(observation.missing_limit_headers())
    for header, value in exchange.response_headers:
        if header in ("location", "link"):
            target.local_url(case, value)


@cache
def _requirements() -> dict[str, conform.Requirement]:
    return {requirement.name: requirement for requirement in conform.requirements(depot())}


def _conform(content: bytes) -> Iterator[str]:
    """A requirement is tested against a server. The first line names it."""
    name, raw = addressed(content)
    requirement = _requirements().get(name) or next(iter(_requirements().values()))
    with Session(depot(), _target(raw), Values(depot()), seed=1) as session:
        report = conform.run(session, [requirement])
    if report.stopped == conform.ERRED:
        raise RuntimeError(report.stopped)
    for report_format in conform.FORMATS.values():
        yield "".join(report_format(report))


# Fuzz.

_STEPS = {
    "read": (Step("GET", "/~site~/v3/crates/7?access_token=wirecheck~key~"),),
    "write": (
        Step(
            "POST",
            "/v3/crates?access_token=wirecheck~key~",
            (("content-type", "application/json"),),
            b'{"label": "a-1", "weight": 1}',
        ),
        Step(undoes=0),
    ),
    "two": (
        Step("DELETE", "/v3/crates/7", (("authorization", "Bearer wirecheck~bearer~"),)),
        Step("GET", "/v3/crates?limit=2&access_token=wirecheck~key~"),
    ),
}


def _fuzzed(content: bytes) -> Iterator[str]:
    """Steps are walked, failures are reported and saved. The first line names the steps."""
    name, raw = addressed(content)
    session = FuzzSession(depot(), _target(raw, WireTarget), Values(depot()), seed=1)
    failures = session.walk(_STEPS.get(name, _STEPS["read"]))
    reproductions = [
        Reproduction(failure, curl(session, failure.steps), snippet(session, failure.steps))
        for failure in failures.values()
    ]
    report = FuzzReport(
        failures=tuple(reproductions),
        flaky=(),
        seed=1,
        exchanges=1,
        retried=0,
        sequences=0,
        authorized=session.authorized,
        responses=dict(session.responses),
    )
    yield "".join(to_text(report))


# The client.

_CALLS: dict[str, Callable[[Instagram], object]] = {
    "user": lambda client: client.users.get("1001"),
    "pages": lambda client: [*client.users.recent_media("1001").pages()],
    "search": lambda client: client.users.search(q="ada"),
    "media": lambda client: client.media.get("1_1001"),
    "shortcode": lambda client: client.media.get_by_shortcode("abc"),
    "comment": lambda client: client.comments.create("1_1001", text="Fine."),
    "like": lambda client: client.likes.create("1_1001"),
    "relationship": lambda client: client.relationships.update("1002", action="follow"),
    "raw": lambda client: client.users.with_raw_response.get("1001").parse(),
    "oembed": lambda client: client.oembed.get(url="https://instagram.com/p/a/"),
    "subscriptions": lambda client: client.subscriptions.list(),
}


def _person() -> Json:
    return {"id": "1001", "username": "ada", "full_name": "Ada", "profile_picture": "https://cdn.test/a.jpg"}


def _client_bodies() -> list[object]:
    rendition = {"url": "https://cdn.test/1.jpg", "width": 150, "height": 150}
    media = {
        "id": "1_1001",
        "type": "image",
        "user": _person(),
        "created_time": "1448668800",
        "link": "https://www.instagram.com/p/a/",
        "caption": {"id": "5", "created_time": "1448668800", "text": "First", "from": _person()},
        "tags": ["snow"],
        "filter": "Clarendon",
        "location": {"id": 1, "name": "Here", "latitude": 1.5, "longitude": 2.5},
        "users_in_photo": [],
        "user_has_liked": False,
        "likes": {"count": 0},
        "comments": {"count": 0},
        "images": dict.fromkeys(("thumbnail", "low_resolution", "standard_resolution"), rendition),
    }
    user = {**_person(), "bio": "", "website": "", "counts": {"media": 3, "follows": 12, "followed_by": 34}}
    paging = {
        "next_url": f"https://api.instagram.com/v1/users/1001/media/recent?max_id=1&access_token={CANARY}"
    }
    data = (user, media, [media, media], [_person()], media["caption"], {"outgoing_status": "follows"}, None)
    error = {"code": 400, "error_type": "APINotFoundError", "error_message": "No."}
    return [
        *({"meta": {"code": 200}, "data": value} for value in data),
        {"meta": {"code": 200}, "pagination": {**paging, "next_max_id": "1"}, "data": [media]},
        {"meta": error},
        error,
        {"meta": {**error, "error_message": f"The token {CANARY} is wrong."}},
        {"title": "a", "html": "<b>", "author_name": "ada", "media_id": "1_1001"},
        b"<html>",
        b"",
    ]


def _client(content: bytes) -> Iterator[str]:
    """A method of a generated client is called. The first line names the call."""
    name, raw = addressed(content)
    call = _CALLS.get(name, _CALLS["user"])
    with httpx.Client(transport=Server(raw), trust_env=False) as http:
        client = Instagram(
            access_token=CANARY, client_id="a", client_secret="b", http_client=http, max_retries=1
        )
        try:
            yield _visible(repr(call(client)))
        except InstagramError as error:
            yield _one_line(str(error))
            yield _visible(repr(error))
            cause = error.__cause__
            while cause is not None:
                yield _visible(str(cause))
                cause = cause.__cause__


def _one_line(text: str) -> str:
    assert "\n" not in text
    return text


def _visible(text: str) -> str:
    """A text without line breaks: what the API returned may have some."""
    return ascii(text)


def _sent(
    names: Sequence[str], bodies: Sequence[object], longest: int, kept: Sequence[bytes]
) -> Callable[[Mutator], bytes]:
    def mutant(mutator: Mutator) -> bytes:
        name = mutator.random.choice(names).encode()
        if kept and mutator.chance(0.03):
            return mutator.content(mutator.random.choice(kept))
        count = 1 if mutator.chance(0.5) else mutator.random.randint(1, longest)
        return b"# " + name + b"\n" + NEXT.join(response(mutator, bodies) for _ in range(count))

    return mutant


def doors() -> Iterator[Door]:
    vars(_sync)["sleep"] = lambda _: None
    words = vocabulary([PAGE, PROBLEM, TREE, USER])
    rows: tuple[tuple[str, Any, Any, Sequence[object], int, int, float], ...] = (
        ("responses", _responses, _cases(), _BODIES, 3, 3000, 3.0),
        ("responses-conform", _conform, _requirements(), _BODIES, 6, 500, 1.5),
        ("responses-fuzz", _fuzzed, _STEPS, _BODIES, 5, 1000, 1.5),
        ("responses-client", _client, _CALLS, _client_bodies(), 3, 4000, 5.0),
    )
    for name, run, names, bodies, longest, batch, share in rows:
        mutant = _sent(list(names), bodies, longest, corpus(name))
        members = vocabulary(list(bodies)) if name == "responses-client" else words
        yield Door(name, mutant, run, UNUSABLE, members, batch, share)
