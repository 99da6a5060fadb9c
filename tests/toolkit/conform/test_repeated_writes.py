"""Writes that are repeated, sent after others, and undone twice: what goes wrong only then is found."""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest

from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.spec import Spec, load

LAW = {"then": "getSwitch", "with": {"id": "request.path.id"}}
RESPONSES = {
    "200": {
        "description": "Fine.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]}
            }
        },
    },
    "404": {"description": "It is not on."},
    "409": {"description": "Another one is on."},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Switches", "version": "1"},
    "servers": [{"url": "https://switches.test"}],
    "paths": {
        "/switches/{id}": {
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "examples": ["hall", "loft"]},
                }
            ],
            "get": {"operationId": "getSwitch", "responses": RESPONSES},
            "put": {
                "operationId": "turnOn",
                "responses": RESPONSES,
                "x-undo": {"operation": "turnOff", "then": "getSwitch", "when": "!before.body.on"},
                "x-laws": {"is-on": {**LAW, "message": "It is on.", "rule": "then.body.on"}},
            },
            "delete": {
                "operationId": "turnOff",
                "responses": RESPONSES,
                "x-laws": {"is-off": {**LAW, "message": "It is off.", "rule": "!then.body.on"}},
            },
        }
    },
}


class Switches:
    """Switches that are off at first, with faults by name."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        self.on: set[str] = set()
        self.looks: Counter[str] = Counter()  # since a switch was changed
        self.requests: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[1]
        self.requests.append(f"{request.method} {name}")
        status = {"GET": self.look, "PUT": self.turn_on, "DELETE": self.turn_off}[request.method](name)
        shown = (name in self.on) != ("forgets" in self.faults and self.looks[name] > 1)
        return httpx.Response(status, json={"on": shown} if status == 200 else None)

    def look(self, name: str) -> int:
        self.looks[name] += 1
        return 200

    def turn_on(self, name: str) -> int:
        if "toggles" in self.faults and name in self.on:
            self.on.remove(name)
        elif self.on - {name} and "one-at-most" in self.faults:
            return 409
        elif self.on - {name} and "rejects-second" in self.faults:
            return 400
        elif not (self.on - {name} and "ignores-second" in self.faults):
            self.on.add(name)
        self.looks[name] = 0
        return 200

    def turn_off(self, name: str) -> int:
        if name not in self.on:
            self.on |= {name} if "off-is-on" in self.faults else set()
            return 404 if "off-is-on" in self.faults or "strict" in self.faults else 200
        self.on.remove(name)
        self.looks[name] = 0
        return 200


Report = Callable[..., Conformance]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Runs the requirements on laws; ``values`` is the text of a values file."""
    (tmp_path / "switches.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return partial(_report, load(tmp_path / "switches.json"), tmp_path / "values.yaml")


def _report(spec: Spec, path: Path, switches: Switches, values: str = "{}") -> Conformance:
    path.write_text(values, encoding="utf-8")
    options = SessionOptions(url="http://server.test", values=path)
    with (
        httpx.MockTransport(switches) as http,
        open_session(spec, options, http) as session,
    ):
        return run(session, [requirement for requirement in requirements(spec) if requirement.kind == "laws"])


def messages(report: Conformance) -> set[str]:
    return {
        counterexample.message for outcome in report.outcomes for counterexample in outcome.counterexamples
    }


@pytest.mark.parametrize("manner", ["", "strict", "one-at-most"])
def test_a_server_may_reject_repeated_undoing_and_conflicts(manner: str, report: Report) -> None:
    switches = Switches(manner)
    found = report(switches)
    assert [outcome.state for outcome in found.outcomes] == [State.SATISFIED]
    assert switches.on == set()


FOUND = {
    "toggles": "is-on: It is on.",
    "ignores-second": "is-on: It is on.",
    "rejects-second": "after an earlier write, the request is rejected: 400",
    "off-is-on": "after an earlier write, the request is rejected, but it changes observable state",
    "forgets": "is-on: It is on.",
}


@pytest.mark.parametrize("fault", FOUND)
def test_a_fault_that_shows_only_later_is_found(fault: str, report: Report) -> None:
    assert FOUND[fault] in messages(report(Switches(fault)))


def test_a_state_that_could_not_be_restored_is_not_changed(report: Report) -> None:
    switches = Switches()
    switches.on.add("hall")
    assert messages(report(switches)) == set()
    assert switches.on == {"hall"}
    assert "DELETE hall" not in switches.requests


def test_an_irreversible_write_may_be_allowed(report: Report) -> None:
    switches = Switches()
    switches.on.add("attic")
    assert messages(report(switches, "irreversible: {turnOff: [{id: attic}]}")) == set()
    assert switches.on == set()
    switches = Switches("strict")
    found = messages(report(switches, "irreversible: {turnOff: [{id: attic}]}"))
    assert found == {"a request with known values is rejected: 404"}
