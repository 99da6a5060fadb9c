"""What a session knows: why a request is rejected, values of parameters, keys of things."""

import json
from typing import Any

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    TOKEN,
    document,
    loaded,
    parameter,
    report_of,
    session,
    spec_of,
    violated,
)
from wirecheck.conform import State, protocols, requirements
from wirecheck.conform import run as conform
from wirecheck.conform.case import InconclusiveError
from wirecheck.conform.outcome import Requirement
from wirecheck.conform.places import has_limits, parameter_place
from wirecheck.conform.requirements.items import required, shows_deletion
from wirecheck.spec import Spec

ANY_OF_2: list[dict[str, Any]] = [{"bearer": [], "inHeader": []}, {"inQuery": []}]


def rejected(spec: Spec, status: int, body: Any = None) -> str:
    """Why it is inconclusive that a request with known values is rejected."""
    tested = session(spec, lambda _: httpx.Response(status, json=body))
    with pytest.raises(InconclusiveError) as caught:
        tested.require_success(tested.requests.base(spec.operations[0]))
    return str(caught.value)


def test_a_request_without_its_credentials_says_which_are_needed() -> None:
    denied = {**ANYTHING, "401": {"description": "No."}}
    assert rejected(spec_of(security=[{"bearer": []}], responses=denied), 401) == (
        "no credentials for bearer are known: give --values"
    )
    assert rejected(spec_of(security=ANY_OF_2, responses=denied), 403) == (
        "no credentials for bearer and inHeader and inQuery are known: give --values"
    )
    assert rejected(spec_of(responses=denied), 401) == (
        "getThing needs credentials that the document does not describe: give --values"
    )


def test_an_operation_that_was_removed_is_retired() -> None:
    marks = {"/code": 410, "/errors/1/name": "gone"}
    spec = spec_of(responses={**ANYTHING, "410": {"description": "Removed.", "x-retired": marks}})
    assert rejected(spec, 410, {"code": 410, "errors": [{}, {"name": "gone"}]}) == "the operation is retired"
    spec = spec_of(
        parameters=[parameter("q", {"type": "string"}, required=True)],
        responses={**ANYTHING, "410": {"description": "Removed.", "x-retired": marks}},
    )
    bodies: list[Any] = [
        {"code": 410, "errors": [{"name": "gone"}]},
        {"code": 410, "errors": "gone"},
        [],
        None,
    ]
    for body in bodies:
        assert rejected(spec, 410, body) == (
            "no request is known that getThing accepts (410): give an example, or --values"
        )


def test_a_documented_header_of_a_rate_limit_may_not_be_missing() -> None:
    headers = {name: {"schema": {"type": "integer"}} for name in ("X-RateLimit-Limit", "X-Other")}
    spec = spec_of(responses={"200": {**ANYTHING["200"], "headers": headers}})
    assert set(violated(report_of(spec)).values()) == {"the response header X-RateLimit-Limit is missing"}
    right = {"X-RateLimit-Limit": "9"}
    assert violated(report_of(spec, lambda _: httpx.Response(200, json={}, headers=right))) == {}


SCHEMAS: dict[str, Any] = {
    "Number": {"type": "integer", "maximum": 100},
    "Text": {"type": "string", "pattern": "^[a-z]{3,40}$"},
    "Kind": {"enum": ["a", "b"]},
    "Flag": {"type": "boolean"},
    "Never": {"type": "integer", "minimum": 2, "maximum": 1},
}
WITH_SCHEMAS = loaded(json.dumps(document({"/things": {"get": {}}}, components={"schemas": SCHEMAS})))


def schema(name: str) -> str:
    return f"/components/schemas/{name}"


def test_a_value_is_guessed_by_its_schema() -> None:
    things = session(WITH_SCHEMAS).things
    assert things.guess("kind", schema("Kind")) == "a"
    assert things.guess("anything", None, 7) == "wirecheck7"
    with pytest.raises(InconclusiveError, match="no value of never is known: give an example, or --values"):
        things.guess("never", schema("Never"))


def test_a_key_is_unknown_if_no_thing_can_have_it() -> None:
    things = session(WITH_SCHEMAS).things
    assert 0 < things.unknown_key(schema("Number")) <= 100
    assert things.samples.is_valid(schema("Text"), things.unknown_key(schema("Text")))
    assert things.unknown_key(None).startswith("wirecheck")
    for name in ("Kind", "Flag"):
        with pytest.raises(InconclusiveError, match="all keys are known"):
            things.unknown_key(schema(name))


def test_a_parameter_without_a_schema_has_no_place() -> None:
    spec = spec_of(
        parameters=[{"name": "q", "in": "query"}, parameter("limit", {"type": "integer", "maximum": 9})]
    )
    [operation] = spec.operations
    without, by_schema = operation.parameters
    assert parameter_place(session(spec), without) is None
    assert not has_limits(spec, operation, without)
    place = parameter_place(session(spec), by_schema)
    assert place is not None
    assert place.name == "limit"
    assert has_limits(spec, operation, by_schema)


def test_a_requirement_needs_its_operation() -> None:
    [operation] = WITH_SCHEMAS.operations
    assert required(operation) is operation
    with pytest.raises(InconclusiveError, match="the document has no such operation"):
        required(None)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"status": "open"}, {"status": "closed"}, True),
        ({"status": "open"}, {"status": "open", "deletedAt": "2024-01-01"}, True),
        ({"status": "open", "name": "a"}, {"status": "open", "name": "b"}, False),
        (None, {"archived": True}, True),
        ({"status": "open"}, ["closed"], False),
        ({"status": "open"}, None, False),
    ],
)
def test_a_thing_says_that_it_was_deleted(before: Any, after: Any, expected: bool) -> None:
    assert shows_deletion(before, after) is expected


def test_an_error_of_wirecheck_costs_its_requirement_alone(capsys: pytest.CaptureFixture[str]) -> None:
    spec = spec_of()

    def fail(_: protocols.Tester) -> None:
        raise KeyError(TOKEN)

    failing = Requirement("getThing", "state", "has a requirement that fails", fail)
    report = conform(session(spec), [failing, *requirements(spec)])
    outcome, *others = report.outcomes
    assert (outcome.state, outcome.reason) == (State.INCONCLUSIVE, "wirecheck failed: KeyError")
    assert State.SATISFIED in {other.state for other in others}
    assert not report.conclusive
    assert "wirecheck failed" in report.stopped
    err = capsys.readouterr().err
    assert "in fail" in err
    assert TOKEN not in err
