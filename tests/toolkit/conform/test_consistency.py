"""Consistency of lists with other responses, before and after writes; undoing affects one resource only."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.spec import Spec, load

NOTE = {"type": "object", "required": ["id", "stars"], "properties": {"locked": {"type": "boolean"}}}
LIST = {"type": "object", "required": ["notes"], "properties": {"notes": {"type": "array", "items": NOTE}}}


def responses(schema: Any = None) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {"200": {"description": "Fine.", **content}, "404": {"description": "Not found."}}


def named(name: str, *known: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "examples": [*known]}}


THE_NOTE = {"then": "getNote", "with": {"id": "request.path.id"}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "servers": [{"url": "https://notes.test"}],
    "paths": {
        "/boxes/{box}/notes": {
            "parameters": [named("box", "red", "blue")],
            "get": {
                "operationId": "listNotes",
                "responses": responses(LIST),
                "x-laws": {
                    "alike": {
                        "message": "A note is listed as it is.",
                        "each": "response.body.notes",
                        "then": "getNote",
                        "with": {"id": "item.id"},
                        "rule": "then.body == item",
                    }
                },
            },
            "post": {
                "operationId": "addNote",
                "responses": responses(NOTE),
                "x-undo": {"operation": "removeNote", "with": {"id": "response.body.id"}},
                "x-laws": {
                    "is-added": {
                        "message": "There is one more.",
                        "then": "listNotes",
                        "rule": "size(then.body.notes) == size(before.body.notes) + 1",
                    }
                },
            },
        },
        "/boxes/{box}/notes/{id}": {
            "parameters": [named("box", "red", "blue"), named("id", "17")],
            "delete": {
                "operationId": "removeNote",
                "responses": responses(),
                "x-laws": {
                    "is-removed": {
                        "message": "It is gone.",
                        "then": "listNotes",
                        "rule": "!then.body.notes.exists(n, n.id == request.path.id)",
                    },
                },
            },
        },
        "/notes/{id}": {
            "parameters": [named("id", "2")],
            "get": {
                "operationId": "getNote",
                "responses": responses(NOTE),
                "x-laws": {
                    "locked-is-closed": {
                        "message": "The text of a locked note is closed.",
                        "then": "getText",
                        "with": {"id": "request.path.id"},
                        "rule": "!response.body.locked || then.status >= 400",
                    }
                },
            },
        },
        "/notes/{id}/text": {
            "parameters": [named("id", "1")],
            "get": {"operationId": "getText", "responses": responses({"type": "string"})},
        },
        "/notes/{id}/star": {
            "parameters": [named("id", "2")],
            "put": {
                "operationId": "star",
                "responses": responses(),
                "x-undo": {"operation": "unstar"},
                "x-laws": {
                    "is-starred": {**THE_NOTE, "message": "It has a star.", "rule": "then.body.stars == 1"}
                },
            },
            "delete": {"operationId": "unstar", "responses": responses()},
        },
    },
}


class Notes:
    """Note 2 is locked, and note 9 in the middle of the red box alone is empty."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.boxes = {"red": [str(number) for number in range(3, 16)], "blue": ["2"]}
        self.starred = {"5", "7"}
        self.first: dict[str, Any] = {}
        self.requests: list[str] = []

    def note(self, number: str) -> dict[str, Any]:
        found = {"id": number, "stars": int(number in self.starred), "locked": number == "2"}
        return {**found, "empty": True} if number == "9" else found

    def listed(self, number: str) -> dict[str, Any]:
        found = self.note(number)
        if self.fault == "stale list":
            found = self.first.setdefault(number, found)
        if self.fault == "odd one" and number == "9":
            return {**found, "stars": 8}
        return found

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        first, *rest = request.url.path.strip("/").split("/")
        found = (
            self.of_box(request.method, *rest) if first == "boxes" else self.of_note(request.method, *rest)
        )
        return httpx.Response(404) if found is None else httpx.Response(200, json=found or None)

    def of_box(self, method: str, box: str, _: str, number: str = "") -> Any:
        notes = self.boxes[box]
        if method == "GET":
            return {"notes": [self.listed(one) for one in notes]}
        if method == "POST":
            notes.append(str(20 + len(self.requests)))
            return self.note(notes[-1])
        if number not in notes and self.fault == "any box":
            notes = next((one for one in self.boxes.values() if number in one), notes)
        if number not in notes and self.fault == "newest instead":
            del notes[-1:]
            return None
        if number in notes:
            notes.remove(number)
            return {}
        return None

    def of_note(self, method: str, number: str, what: str = "") -> Any:
        if what == "text":
            return None if number == "2" and self.fault != "open" else "Words."
        if what == "star":
            (self.starred.add if method == "PUT" else self.starred.discard)(number)
            return {}
        return self.note(number)


Report = Callable[[Notes], Conformance]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    (tmp_path / "notes.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return partial(_report, load(tmp_path / "notes.json"))


def _report(spec: Spec, notes: Notes) -> Conformance:
    with (
        httpx.MockTransport(notes) as http,
        open_session(spec, SessionOptions(url="http://server.test"), http) as session,
    ):
        return run(session, [requirement for requirement in requirements(spec) if requirement.kind == "laws"])


def test_a_correct_server_satisfies_everything_and_is_left_as_it_was(report: Report) -> None:
    notes = Notes()
    found = report(notes)
    assert {outcome.requirement.name for outcome in found.outcomes} >= {
        "listNotes: laws: is consistent with other responses",
        "star: laws: is reflected in lists",
        "addNote: laws: is not undone by undoing another resource",
    }
    assert [
        (outcome.requirement.name, outcome.counterexamples)
        for outcome in found.outcomes
        if outcome.state is not State.SATISFIED
    ] == []
    assert (notes.boxes, notes.starred) == (Notes().boxes, Notes().starred)


def test_few_items_are_requested(report: Report) -> None:
    notes = Notes()
    report(notes)
    requested = {line for line in notes.requests if line.startswith("GET /notes/")}
    assert {"GET /notes/3", "GET /notes/9"} <= requested
    assert len({line for line in requested if line.count("/") == 2}) <= 7


FOUND = {
    "stale list": ("star", "alike: A note is listed as it is."),
    "odd one": ("listNotes", "alike: A note is listed as it is."),
    "open": ("getNote", "locked-is-closed: The text of a locked note is closed."),
    "any box": ("addNote", "box is that of another resource, but the request changes what was written"),
    "newest instead": ("addNote", "id is that of another resource, but the request changes what was written"),
}


@pytest.mark.parametrize("fault", FOUND)
def test_an_inconsistency_is_found(fault: str, report: Report) -> None:
    operation, message = FOUND[fault]
    found = [
        (outcome.requirement.operation, counterexample.message)
        for outcome in report(Notes(fault)).outcomes
        for counterexample in outcome.counterexamples
    ]
    assert (operation, message) in found
