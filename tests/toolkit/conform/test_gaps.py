"""What a plain document leaves out is no fault of the server, and some writes are never guessed."""

from typing import Any

import httpx
import pytest

from support.conforming import ANYTHING, report_of, spec_of, text_of, violated
from wirecheck.conform import to_json
from wirecheck.conform.hazards import hazard
from wirecheck.spec import Spec

LIMITED = [{"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1}}]


def strict(status: int) -> Any:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.method not in ("GET", "HEAD"):
            return httpx.Response(405, headers={"Allow": "GET, HEAD"})
        size = request.url.params.get("size", "1")
        is_right = size.isdecimal() and 1 <= int(size) < 10**18
        return httpx.Response(200, json={}) if is_right else httpx.Response(status, json={})

    return respond


def documented(*statuses: str) -> Spec:
    further = {status: {"description": "Rejected."} for status in statuses}
    return spec_of(parameters=LIMITED, responses={**ANYTHING, **further})


def test_a_rejection_that_the_document_leaves_out_is_noted_once() -> None:
    report = report_of(documented(), strict(422))
    assert violated(report) == {}
    assert report.gaps == {422: ("getThing",)}
    assert "undocumented    422, and no other status of that meaning: getThing\n" in text_of(report)
    assert '"undocumented": {\n  "422": [\n   "getThing"\n  ]\n }' in "".join(to_json(report))


def test_a_status_counts_where_another_one_of_its_meaning_is_documented() -> None:
    found = violated(report_of(documented("400"), strict(422)))
    assert any("422 is not documented" in message for message in found.values())


def test_a_range_or_a_default_documents_every_rejection() -> None:
    for status in ("4XX", "default"):
        report = report_of(documented(status), strict(422))
        assert (violated(report), report.gaps) == ({}, {})


def test_a_failure_is_never_a_gap() -> None:
    found = violated(report_of(documented(), strict(500)))
    assert any("500" in message for message in found.values())


def test_one_cause_is_one_violation() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={})

    messages = [
        message for message in violated(report_of(documented(), respond)).values() if "201" in message
    ]
    assert len([message for message in messages if message.startswith("status-documented")]) == 1


@pytest.mark.parametrize(
    ("method", "path", "word"),
    [
        ("delete", "/tokens", "access"),
        ("post", "/auth/logout", "access"),
        ("post", "/sessions/{id}/revoke", "access"),
        ("post", "/admin/reset", "destroy"),
        ("delete", "/things", "did not create"),
        ("delete", "/users/me", "access"),
        ("delete", "/things/{id}", ""),
        ("delete", "/things/{id}.json", ""),
        ("delete", "/things.json", "did not create"),
        ("post", "/auth/logout.json", "access"),
        ("post", "/passwords/{id}/things", ""),
        ("get", "/logout", ""),
    ],
)
def test_a_write_that_may_do_harm_is_not_guessed(method: str, path: str, word: str) -> None:
    [operation] = spec_of(method, path).operations
    reason = hazard(operation)
    assert (word in reason) if word else reason == ""


def test_a_harmful_write_is_sent_only_with_values_of_the_user() -> None:
    sent: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(200, json={})

    report = report_of(spec_of("delete", "/tokens"), respond)
    assert "DELETE" not in sent
    reasons = {outcome.reason for outcome in report.outcomes}
    assert "it may end the access of this run: give --values of deleteThing" in reasons


@pytest.mark.parametrize(("told", "is_found"), [(422, False), (500, True), (None, False)])
def test_a_problem_has_the_status_of_its_response(told: int | None, is_found: bool) -> None:
    right = strict(422)

    def respond(request: httpx.Request) -> httpx.Response:
        response: httpx.Response = right(request)
        if response.status_code != 422:
            return response
        headers = {"Content-Type": "application/problem+json"}
        return httpx.Response(422, json={"title": "Wrong", "status": told}, headers=headers)

    found = violated(report_of(documented(), respond))
    assert any("RFC 9457" in message for message in found.values()) is is_found
