"""Writes whose responses are lost, and writes that cannot be undone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    Clock,
    document,
    form,
    inconclusive,
    loaded,
    parameter,
    report_of,
    session,
    spec_of,
    text_of,
    violated,
)
from wirecheck.conform import (
    State,
    requirements,
)
from wirecheck.conform import run as conform

NOTES = loaded(
    json.dumps(
        document(
            {
                "/notes": {
                    "get": {"operationId": "listNotes"},
                    "post": {
                        "operationId": "addNote",
                        "requestBody": form("t", example={"t": "x"}),
                        "x-laws": {
                            "is-added": {
                                "message": "There is one more.",
                                "then": "listNotes",
                                "rule": "size(then.body) == size(before.body) + 1",
                            }
                        },
                        "x-undo": {
                            "operation": "deleteNote",
                            "then": "listNotes",
                            "with": {"id": "then.body.filter(n, !before.body.exists(b, b.id == n.id))[0].id"},
                        },
                    },
                },
                "/notes/{id}": {
                    "delete": {
                        "operationId": "deleteNote",
                        "parameters": [parameter("id", {"type": "integer"}, "path")],
                        "responses": {
                            **ANYTHING,
                            "404": {"description": "Rejected."},
                            "429": {"description": "Rejected."},
                        },
                    }
                },
            }
        )
    )
)


HAS_EFFECT = "addNote: laws: has its documented effect, and can be undone"


class Notes:
    """A server of notes; ``lose`` decides by method and number of a write whether its response is lost."""

    def __init__(self, lose: Callable[[str, int], bool], *, done: bool) -> None:
        self.lose, self.done = lose, done
        self.notes: list[dict[str, Any]] = [{"id": 1, "t": "old"}]
        self.writes = 0
        self._next = 2

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=self.notes)
        self.writes += 1
        lost = self.lose(request.method, self.writes)
        response = None if lost and not self.done else self._write(request)
        if lost or response is None:
            raise httpx.ReadError("reset", request=request)
        return response

    def _write(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            fields = dict(parse_qsl(request.content.decode()))
            self.notes.append({"id": self._next, **fields})
            self._next += 1
            return httpx.Response(200, json=self.notes[-1])
        deleted = request.url.path.rpartition("/")[2]
        remaining = [note for note in self.notes if str(note["id"]) != deleted]
        if remaining == self.notes:
            return httpx.Response(404)
        self.notes = remaining
        return httpx.Response(200, json={})


@pytest.mark.parametrize("done", [True, False])
def test_a_write_takes_effect_once_if_its_response_is_lost(done: bool) -> None:
    server = Notes(lambda method, number: number == 1, done=done)
    report = report_of(NOTES, server, Clock())
    assert violated(report) == {}
    assert HAS_EFFECT not in inconclusive(report)
    assert report.flaky["addNote"][0] == 1
    assert [note["t"] for note in server.notes] == ["old"], "all is as it was"


@pytest.mark.parametrize("done", [True, False])
def test_a_server_that_never_responds_to_a_write_is_left_as_it_was(done: bool) -> None:
    server = Notes(lambda method, number: method == "POST", done=done)
    report = report_of(NOTES, server, Clock())
    assert violated(report)[HAS_EFFECT].startswith("no readable response: ReadError")
    assert [note["t"] for note in server.notes] == ["old"]
    assert (report.violated, report.stopped, list(report.not_undone)) == (True, "", [])


def test_a_write_is_not_repeated_if_undoing_it_fails() -> None:
    server = Notes(lambda method, number: method == "DELETE" and number < 4, done=True)
    report = report_of(NOTES, server, Clock())
    reason = "a response was lost, and nothing shows whether the write took effect"
    assert inconclusive(report)[HAS_EFFECT] == reason
    assert [note["t"] for note in server.notes] == ["old"]
    assert list(report.not_undone) == [], "it no longer exists"


def test_what_could_not_be_undone_is_reported() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429) if request.method == "DELETE" else server(request)

    server = Notes(lambda method, number: False, done=True)
    report = report_of(NOTES, respond, Clock())
    assert inconclusive(report)[HAS_EFFECT].startswith("rate limited (429)")
    remaining = [note["id"] for note in server.notes][1:]
    assert remaining
    assert sorted(report.not_undone) == [f"curl -X DELETE http://server.test/v1/notes/{n}" for n in remaining]
    assert "not undone      curl -X DELETE http://server.test/v1/notes/2\n" in text_of(report)


def test_undoing_is_tried_again_at_the_end() -> None:
    server, refusals = Notes(lambda method, number: False, done=True), iter([True])

    def respond(request: httpx.Request) -> httpx.Response:
        rejected = request.method == "DELETE" and next(refusals, False)
        return httpx.Response(429) if rejected else server(request)

    chosen = [requirement for requirement in requirements(NOTES) if requirement.name == HAS_EFFECT]
    report = conform(session(NOTES, respond), chosen)
    assert [note["t"] for note in server.notes] == ["old"]
    assert list(report.not_undone) == []


@pytest.mark.parametrize(
    ("how", "posts"), [("addNote: {t: spam, repeat: 9}", 6), ("'*': {repeat: 9}", 1)], ids=["write", "reads"]
)
def test_a_status_is_provoked_by_reads_if_possible_and_writes_are_undone(
    how: str, posts: int, tmp_path: Path
) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(f"statuses: {{'429': {{{how}}}}}")
    server, sent = Notes(lambda method, number: False, done=True), list[str]()
    counted = "POST" if posts > 1 else "GET"

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        rejected = sent.count(counted) > 5 and request.method in (counted, "POST")
        return httpx.Response(429) if rejected else server(request)

    whole = json.loads(json.dumps(NOTES.document.data))
    for method in ("get", "post"):
        responses = whole["paths"]["/notes"][method].setdefault("responses", dict(ANYTHING))
        responses["429"] = {"description": "Rate limited."}
    spec = loaded(json.dumps(whole))
    chosen = [
        requirement
        for requirement in requirements(spec)
        if requirement.name == "addNote: statuses: responds with 429 as documented"
    ]
    report = conform(session(spec, respond, values=values), chosen)
    assert [outcome.state for outcome in report.outcomes] == [State.SATISFIED]
    assert [note["t"] for note in server.notes] == ["old"]
    assert sent.count("POST") == posts


@pytest.mark.parametrize(("remaining", "requests"), [("9", 10), ("10", 1), ("0", 5)])
def test_a_budget_is_spent_only_if_it_is_small_enough_and_not_spent_yet(
    remaining: str, requests: int, tmp_path: Path
) -> None:
    values = tmp_path / "values.yaml"
    values.write_text("statuses: {'429': {'*': {repeat: 9}}}")
    spec = spec_of(responses={**ANYTHING, "429": {"description": "Rate limited."}})
    sent = list[str]()

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(200, json={}, headers={"X-RateLimit-Remaining": remaining})

    chosen = [
        requirement
        for requirement in requirements(spec)
        if requirement.what == "responds with 429 as documented"
    ]
    [outcome] = conform(session(spec, respond, values=values), chosen).outcomes
    assert outcome.state is State.INCONCLUSIVE
    assert outcome.reason.startswith("it could not be provoked")
    assert ("10 requests remain" in outcome.reason) is (requests == 1)
    assert len(sent) - 2 == requests  # without those of the preflight check and the base
