"""The text and JSON reports of a conformance run."""

import json
import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    TOKEN,
    URL,
    Clock,
    document,
    loaded,
    ok,
    parameter,
    report_of,
    session,
    spec_of,
    text_of,
)
from support.library_server import PREFIX, create_app
from support.library_server import TOKEN as LIBRARY_TOKEN
from support.paths import SPECS
from wirecheck.conform import (
    Conformance,
    Requirement,
    SessionOptions,
    open_session,
    requirements,
    to_json,
)
from wirecheck.conform import run as conform
from wirecheck.conform.asgi import InProcess
from wirecheck.spec import load

GOLDEN = Path(__file__).parents[1] / "golden"
LIBRARY = load(SPECS / "library.yaml")


def test_the_reports_are_as_their_golden_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run with violated, satisfied and inconclusive requirements."""
    monkeypatch.chdir(SPECS)
    library = load(Path("library.yaml"))
    options = SessionOptions(
        url=f"http://server.test{PREFIX}", token=LIBRARY_TOKEN, values=Path("library-values.yaml")
    )
    chosen = [
        requirement
        for requirement in requirements(library)
        if requirement.operation in ("renewLoan", "listSubjects")
    ]
    with InProcess(create_app("renews-at-once")) as http, open_session(library, options, http) as opened:
        report = conform(opened, chosen)
    assert text_of(report) == (GOLDEN / "conform.txt").read_text("utf-8")
    assert "".join(to_json(report)) == (GOLDEN / "conform.json").read_text("utf-8")


def satisfied(chosen: Iterable[Requirement]) -> list[Requirement]:
    """The same requirements with a test that never fails."""

    def test(_: object) -> None:
        """Records no violation."""

    return [
        Requirement(requirement.operation, requirement.kind, requirement.what, test) for requirement in chosen
    ]


def test_the_table_fits_a_terminal() -> None:
    chosen = satisfied(requirements(LIBRARY))
    lines = text_of(conform(session(LIBRARY), chosen)).splitlines()
    table = lines[: lines.index("")]
    kinds = len({requirement.kind for requirement in chosen})
    assert max(map(len, table)) <= 80
    assert [line.split()[-1] for line in table[:kinds]] == list(
        dict.fromkeys(requirement.kind for requirement in chosen)
    )
    assert [line.split()[0] for line in table[kinds:]] == list(
        dict.fromkeys(requirement.operation for requirement in chosen)
    )
    for operation, line in ((line.split()[0], line) for line in table[kinds:]):
        own = [requirement for requirement in chosen if requirement.operation == operation]
        assert sum(map(int, line.split()[1:])) == len(own)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_report_fits_the_terminal(columns: int) -> None:
    names = ["get", "aNameThatIsMuchLongerThanAnyThatOneWouldLikeToReadInATableButPeopleHaveSuchNames"]
    paths = {
        f"/{number}": {"get": {"operationId": name, "security": [{"bearer": ["some"]}]}}
        for number, name in enumerate(names)
    }
    report = report_of(loaded(json.dumps(document(paths))), ok, credentials={"bearer": TOKEN})
    lines = text_of(report, columns).splitlines()
    table = lines[: lines.index("")]
    assert max(map(len, table)) <= columns
    paragraphs = [line for line in lines if line.startswith(("inconclusive", " " * 16))]
    assert paragraphs
    assert all(len(line) <= columns or len(line.split()) == 1 for line in paragraphs)


def test_the_report_shows_each_violation_with_its_request() -> None:
    spec = spec_of(parameters=[parameter("n", {"type": "integer", "minimum": 1}, example=2)])
    lines = text_of(report_of(spec)).splitlines()
    heading = lines.index("violated  getThing: parameters: enforces the limits of n")
    assert "n is not an integer, but the request is accepted: 200" in "\n".join(lines[heading:])
    assert any(line.startswith("    defined at #/paths/~1things/get") for line in lines)
    assert any(f"curl -X GET '{URL}/things?n=x' -> 200" in line for line in lines)
    assert re.search(r"\d+ requirements? satisfied \(\d+ %\), 1 violated", lines[-1])
    assert re.fullmatch(
        r"\d+ requests; 1 of 1 documented responses \(operation and status\) were exercised\.", lines[-2]
    )


def test_the_json_report_has_its_members() -> None:
    spec = spec_of(responses={**ANYTHING, "404": {"description": "Not found."}})
    numbers = count(1)

    def flaky(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if next(numbers) % 2 == 0 else ok(request)

    value = json.loads("".join(to_json(report_of(spec, flaky, Clock()))))
    assert value["version"] == 2
    assert (value["documented"], value["exercised"]) == (2, 1)
    assert value["not_exercised"] == ["getThing 404"]
    assert value["flaky"].keys() == {"getThing"}
    assert value["flaky"]["getThing"].keys() == {"failed", "sent"}
    assert value["summary"].keys() == {"satisfied", "violated", "inconclusive"}
    assert sum(value["summary"].values()) == len(value["requirements"])
    assert (value["stopped"], value["preflight_failure"], value["not_undone"]) == ("", "", [])
    assert value["requirements"][0] == {
        "operation": "getThing",
        "kind": "responses",
        "what": "responds to requests with known values",
        "source": "",
        "state": "satisfied",
        "reason": "",
        "counterexamples": [],
    }
    failing = json.loads("".join(to_json(report_of(spec, lambda request: httpx.Response(500), Clock()))))
    counterexample = failing["requirements"][0]["counterexamples"][0]
    assert counterexample.keys() == {"message", "spec_pointer", "request", "status"}
    assert (counterexample["status"], counterexample["request"]) == (500, f"curl -X GET {URL}/things")


@pytest.mark.parametrize(
    "crash",
    [
        httpx.Response(500, text="Internal Server Error"),
        httpx.Response(500, html="<h1>Server Error</h1>"),
        httpx.Response(500, json={}),
    ],
    ids=["text", "HTML", "JSON"],
)
def test_a_crash_of_the_server_is_a_violation_whatever_its_body(crash: httpx.Response) -> None:
    """In recordings it is a warning if it may be that of a gateway."""
    content = {"application/json": {"schema": {"type": "object"}}}
    spec = spec_of(responses={"200": {"description": "Fine.", "content": content}})
    failing = json.loads("".join(to_json(report_of(spec, lambda request: crash, Clock()))))
    messages = [
        counterexample["message"]
        for requirement in failing["requirements"]
        for counterexample in requirement["counterexamples"]
    ]
    assert any("no-server-fault: the server failed with status 500" in message for message in messages)


def test_flaky_operations_are_reported_and_too_many_failures_are_a_violation() -> None:
    def report(failed: int, sent: int) -> Conformance:
        return Conformance(
            spec="api.yaml",
            outcomes=[],
            documented=frozenset(),
            exercised=frozenset({("getThing", "200")}),
            requests=sent,
            flaky={"getThing": (failed, sent)},
        )

    seldom, often = report(3, 100), report(30, 100)
    assert "getThing: 3 of 100 requests failed, and succeeded when retried" in text_of(seldom)
    assert (seldom.violated, seldom.failing) == (False, [])
    assert (often.violated, often.failing) == (True, ["getThing"])
    assert "getThing fails too often" in text_of(often)
