"""Servers that reject every request, or limit their rate."""

import json

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    TOKEN,
    document,
    inconclusive,
    loaded,
    ok,
    report_of,
    spec_of,
    violated,
)
from wirecheck.conform import State

THINGS = loaded(
    json.dumps(
        document({"/things": {"get": {}, "post": {}}, "/others": {"get": {"operationId": "getOther"}}})
    )
)


@pytest.mark.parametrize("status", [400, 401])
def test_without_a_valid_token_everything_is_inconclusive(status: int) -> None:
    rejections = {"400": {"description": "Rejected."}}
    secured = {"security": [{"bearer": []}], "responses": {**ANYTHING, **rejections}}
    spec = loaded(
        json.dumps(document({"/a": {"get": secured, "post": secured}, "/b": {"get": {"operationId": "b"}}}))
    )

    def respond(request: httpx.Request) -> httpx.Response:
        return ok(request) if request.url.path.endswith("/b") else httpx.Response(status)

    report = report_of(spec, respond, credentials={"bearer": TOKEN})
    assert violated(report) == {}
    reasons = {reason for name, reason in inconclusive(report).items() if not name.startswith("b: ")}
    assert reasons == {report.preflight_failure}
    assert report.preflight_failure == f"no valid token: the server rejects all requests ({status})"
    assert not report.conclusive
    assert {
        outcome.requirement.operation for outcome in report.outcomes if outcome.state is State.SATISFIED
    } == {"b"}


def test_with_a_wrong_url_everything_is_inconclusive() -> None:
    report = report_of(THINGS, lambda request: httpx.Response(404))
    assert violated(report) == {}
    assert report.preflight_failure == "the server rejects all requests (404): is its URL correct?"


def test_one_operation_that_rejects_everything_is_violated() -> None:
    report = report_of(
        THINGS, lambda request: ok(request) if "others" in request.url.path else httpx.Response(404)
    )
    assert "getThing: responses: responds to requests with known values" in violated(report)
    assert (report.preflight_failure, report.conclusive) == ("", True)


def test_a_rate_limit_is_inconclusive() -> None:
    spec = spec_of(responses={**ANYTHING, "429": {"description": "Rate limited."}})
    report = report_of(spec, lambda request: httpx.Response(429))
    assert violated(report) == {}
    assert inconclusive(report)["getThing: responses: responds to requests with known values"].endswith(
        "(429)"
    )


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ({"Retry-After": "3540"}, "; the server requests a wait of 59 minutes"),
        ({"Retry-After": "soon"}, ""),
        ({}, ""),
    ],
)
def test_a_long_wait_is_reported(header: dict[str, str], wait: str) -> None:
    spec = spec_of(responses={**ANYTHING, "429": {"description": "Rate limited."}})
    report = report_of(spec, lambda request: httpx.Response(429, headers=header))
    reason = inconclusive(report)["getThing: responses: responds to requests with known values"]
    assert reason == f"rate limited (429){wait}"


@pytest.mark.parametrize(("status", "conclusive"), [(401, True), (403, True), (404, True), (400, False)])
def test_without_credentials_only_documented_rejections_are_right(status: int, conclusive: bool) -> None:
    secured = {
        "security": [{"bearer": []}],
        "responses": {**ANYTHING, "404": {"description": "Hidden, or not there."}},
    }
    spec = loaded(json.dumps(document({"/a": {"get": secured}})))
    report = report_of(spec, lambda request: httpx.Response(status))
    assert (report.conclusive, report.tested_access_alone) == (conclusive, conclusive)
    satisfied = [outcome.requirement.what for outcome in report.outcomes if outcome.state is State.SATISFIED]
    assert ("rejects requests without credentials" in satisfied) is conclusive


def test_a_wrong_url_is_no_rejection_for_access() -> None:
    report = report_of(
        loaded(json.dumps(document({"/a": {"get": {"security": [{"bearer": []}]}}}))),
        lambda request: httpx.Response(404),
    )
    assert report.preflight_failure == "the server rejects all requests (404): is its URL correct?"
    assert not report.conclusive
