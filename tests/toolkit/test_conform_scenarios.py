"""Writes are tried twice, beside others, and undone twice: what goes wrong only then is found."""

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
ANSWERS = {
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
            "get": {"operationId": "getSwitch", "responses": ANSWERS},
            "put": {
                "operationId": "turnOn",
                "responses": ANSWERS,
                "x-undo": {"operation": "turnOff", "then": "getSwitch", "when": "!before.body.on"},
                "x-laws": {"is-on": {**LAW, "message": "It is on.", "rule": "then.body.on"}},
            },
            "delete": {
                "operationId": "turnOff",
                "responses": ANSWERS,
                "x-laws": {"is-off": {**LAW, "message": "It is off.", "rule": "!then.body.on"}},
            },
        }
    },
}


class Switches:
    """All are off in the beginning. ``faults`` are names, each told of where it is looked for."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        self.on: set[str] = set()
        self.looks: Counter[str] = Counter()  # since a switch was turned
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[1]
        self.asked.append(f"{request.method} {name}")
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
        elif self.on - {name} and "refuses-second" in self.faults:
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
    """What a run says of the promise about laws; ``values`` is the text of a file."""
    (tmp_path / "switches.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return partial(_report, load(tmp_path / "switches.json"), tmp_path / "values.yaml")


def _report(spec: Spec, path: Path, switches: Switches, values: str = "{}") -> Conformance:
    path.write_text(values, encoding="utf-8")
    options = SessionOptions(url="http://server.test", values=path)
    with (
        httpx.MockTransport(switches) as http,
        open_session(spec, options, http) as session,
    ):
        return run(session, [one for one in requirements(spec) if one.kind == "laws"])


def messages(report: Conformance) -> set[str]:
    return {
        counterexample.message for outcome in report.outcomes for counterexample in outcome.counterexamples
    }


@pytest.mark.parametrize("manner", ["", "strict", "one-at-most"])
def test_servers_may_refuse_what_is_undone_already_and_what_conflicts(manner: str, report: Report) -> None:
    switches = Switches(manner)
    found = report(switches)
    assert [one.state for one in found.outcomes] == [State.SATISFIED]
    assert switches.on == set()


FOUND = {
    "toggles": "is-on: It is on.",
    "ignores-second": "is-on: It is on.",
    "refuses-second": "beside what was done already it is refused: 400",
    "off-is-on": "beside what was done already it is refused, but changes what can be read",
    "forgets": "is-on: It is on.",
}


@pytest.mark.parametrize("fault", FOUND)
def test_what_goes_wrong_only_later_is_found(fault: str, report: Report) -> None:
    assert FOUND[fault] in messages(report(Switches(fault)))


def test_what_could_not_be_restored_is_left_alone(report: Report) -> None:
    switches = Switches()
    switches.on.add("hall")
    assert messages(report(switches)) == set()
    assert switches.on == {"hall"}
    assert "DELETE hall" not in switches.asked


def test_what_undoes_may_be_done_for_good(report: Report) -> None:
    switches = Switches()
    switches.on.add("attic")
    assert messages(report(switches, "lasting: {turnOff: [{id: attic}]}")) == set()
    assert switches.on == set()
    switches = Switches("strict")
    found = messages(report(switches, "lasting: {turnOff: [{id: attic}]}"))
    assert found == {"a request with known values is refused: 404"}
