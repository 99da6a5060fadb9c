"""The requirements of a document, and what violates them."""

import json
from itertools import count
from pathlib import Path

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    TOKEN,
    document,
    form,
    inconclusive,
    loaded,
    ok,
    parameter,
    report_of,
    session,
    spec_of,
    violated,
)
from support.paths import SPECS
from wirecheck.conform import (
    requirements,
)
from wirecheck.conform.case import READ_ONLY
from wirecheck.spec import load


def test_requirements_have_unique_names_and_a_fixed_order() -> None:
    spec = load(SPECS / "library.yaml")
    names = [requirement.name for requirement in requirements(spec)]
    assert names == [requirement.name for requirement in requirements(spec)]
    assert len(set(names)) == len(names)
    assert {requirement.operation for requirement in requirements(spec)} == {
        operation.name for operation in spec.operations
    }


def test_a_body_without_example_is_tested() -> None:
    definition = {
        "content": {"application/json": {"schema": {"properties": {"n": {"minimum": 1, "type": "integer"}}}}}
    }
    spec = spec_of(
        "post", requestBody=definition, responses={**ANYTHING, "422": {"description": "Rejected."}}
    )
    report = report_of(spec)
    assert violated(report).keys() == {
        "postThing: body: enforces the limits of n",
        "postThing: body: rejects bodies that are broken",
    }


def test_the_rules_of_parameters_are_tested() -> None:
    rule = {"x-rule": "calm", "x-message": "No stars.", "not": {"pattern": "[*]"}}
    schema = {
        "type": "string",
        "allOf": [rule],
        "examples": ["sea"],
        "x-invalid-examples": {"calm": ["sea*"]},
    }
    spec = spec_of(
        parameters=[parameter("q", schema)], responses={**ANYTHING, "422": {"description": "Rejected."}}
    )

    def strict(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422) if "*" in request.url.params.get("q", "") else ok(request)

    assert "getThing: rules: enforces calm of q" in violated(report_of(spec))
    assert violated(report_of(spec, strict)) == {}
    strictest = violated(
        report_of(spec, lambda request: httpx.Response(422) if request.url.query else ok(request))
    )
    assert any(name.startswith("getThing: rules: accepts values just inside ") for name in strictest)


@pytest.mark.parametrize("effect", [False, True])
def test_an_effect_of_a_rejected_request_is_found_in_the_payload(effect: bool) -> None:
    """A timestamp beside the payload is not an effect; a rejected text in the payload is one."""
    envelope = {
        "type": "object",
        "x-payload": "data",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": {"type": "string"}}, "time": {"type": "integer"}},
    }
    success = {"200": {"description": "Fine.", "content": {"application/json": {"schema": envelope}}}}
    text = {
        "type": "string",
        "allOf": [{"x-rule": "short", "maxLength": 3}],
        "examples": ["abc"],
        "x-invalid-examples": {"short": ["abcd"]},
    }
    body = {"content": {"application/json": {"schema": {"properties": {"t": text}}, "example": {"t": "a"}}}}
    law = {"message": "A text is added.", "then": "getThing", "rule": "request.body.t in then.body.data"}
    post = {
        "requestBody": body,
        "x-laws": {"is-added": law},
        "responses": {**success, "422": {"description": "Rejected."}},
    }
    spec = loaded(json.dumps(document({"/things": {"get": {"responses": success}, "post": post}})))
    texts, times = list[str](), count()

    def respond(request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content or "{}").get("t", "")
        invalid = len(sent) > 3
        if sent and (effect or not invalid):
            texts.append(sent)
        return (
            httpx.Response(422) if invalid else httpx.Response(200, json={"data": texts, "time": next(times)})
        )

    messages = violated(report_of(spec, respond)).values()
    assert any("changes observable state" in message for message in messages) == effect
    assert bool(messages) == effect, messages


def test_a_seed_changes_the_further_values_and_nothing_else() -> None:
    text = {
        "type": "string",
        "allOf": [
            {"x-rule": "few-tags", "x-message": "At most four tags.", "not": {"pattern": "(#[^#]*){5}"}},
            {"x-rule": "short", "x-message": "At most 300 characters.", "maxLength": 300},
        ],
        "examples": ["Nice #snow"],
        "x-invalid-examples": {"few-tags": ["#a #b #c #d #e"], "short": ["y" * 301]},
    }
    rejections = {"422": {"description": "Rejected."}}
    spec = spec_of(parameters=[parameter("q", text)], responses={**ANYTHING, **rejections})

    def requested(seed: int) -> dict[str, list[str]]:
        urls: dict[str, list[str]] = {"further": [], "first": []}
        current = ""

        def respond(request: httpx.Request) -> httpx.Response:
            urls["further" if "further" in current else "first"].append(str(request.url))
            return httpx.Response(422 if request.url.query else 200, json={})

        tested = session(spec, respond, seed=seed)
        for requirement in requirements(spec):
            current = requirement.what
            tested.run(requirement)
        return urls

    first, same, other = requested(1), requested(1), requested(2)
    assert first == same
    assert first["further"] != other["further"]
    assert first["first"] == other["first"]


WRITES = loaded(
    json.dumps(
        document(
            {
                "/things": {
                    "get": {"parameters": [parameter("n", {"type": "integer", "maximum": 5})]},
                    "post": {
                        "parameters": [
                            parameter("n", {"type": "integer", "maximum": 5}, required=True, example=1)
                        ],
                        "security": [{"inForm": []}],
                        "requestBody": form("a", example={"a": "x"}),
                        "x-undo": {"operation": "deleteThing"},
                    },
                    "delete": {"security": [{"inForm": []}]},
                }
            }
        )
    )
)


def test_read_only_never_sends_a_write() -> None:
    methods: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        methods.append(request.method)
        return httpx.Response(200, json={})

    report_of(WRITES, respond, credentials={"inForm": TOKEN})
    assert {"GET", "POST", "DELETE"} <= set(methods)
    methods.clear()
    report = report_of(WRITES, respond, read_only=True, credentials={"inForm": TOKEN})
    assert set(methods) == {"GET"}
    name = "postThing: laws: has its documented effect, and can be undone"
    assert inconclusive(report)[name] == READ_ONLY


def names_its_owner(owner: str, member: str, sent: str) -> bool:
    """Whether what a POST below an ``owner`` returns has to name it by a member."""
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    returned = {"type": "object", "properties": {"id": {"type": "integer"}, member: {"type": "integer"}}}
    taken = {"type": "object", "properties": {sent: {"type": "integer"}}}
    success = {"201": {"description": "Made.", "content": {"application/json": {"schema": returned}}}}
    paths = {
        f"/{owner}": {"post": {"operationId": "add", "responses": success}},
        f"/{owner}/{{id}}": {"get": {"operationId": "get", "parameters": [key], "responses": success}},
        f"/{owner}/{{id}}/notes": {
            "post": {
                "operationId": "note",
                "parameters": [key],
                "requestBody": {"content": {"application/json": {"schema": taken}}},
                "responses": success,
            }
        },
    }
    names = {requirement.name for requirement in requirements(loaded(json.dumps(document(paths))))}
    return "note: state: names the thing that it was sent to" in names


def test_what_is_sent_to_a_thing_names_it_unless_it_may_name_another() -> None:
    assert names_its_owner("bikes", "bike_id", sent="text")
    assert names_its_owner("bikes", "bikeId", sent="text")
    assert not names_its_owner("bikes", "car_id", sent="text")
    assert not names_its_owner("bikes", "bike_id", sent="bike_id")
    assert not names_its_owner("users", "userId", sent="text")


def test_what_chooses_the_members_of_a_response_gets_no_unusual_values() -> None:
    page = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    success = {"200": {"description": "Fine.", "content": {"application/json": {"schema": page}}}}
    mask = {"name": "X-Fields", "in": "header", "schema": {"type": "string"}}
    paths = {"/page": {"get": {"operationId": "get", "parameters": [mask], "responses": success}}}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method not in ("GET", "HEAD"):
            return httpx.Response(405, headers={"Allow": "GET, HEAD"})
        return httpx.Response(200, json={} if "X-Fields" in request.headers else {"name": "a"})

    spec = loaded(json.dumps(document(paths)))
    assert violated(report_of(spec, respond)) == {}
    assert not [each.what for each in requirements(spec) if "unusual values" in each.what]


@pytest.mark.parametrize(
    ("schema", "has_limits"),
    [
        ({"type": "string"}, False),
        ({"type": "string", "pattern": "^[a-z]+$"}, True),
        ({"type": "string", "maxLength": 3}, True),
        ({"type": "string", "format": "uuid"}, True),
        ({"type": "string", "enum": ["a"]}, True),
        ({"type": "integer"}, True),
    ],
)
def test_limits_are_required_where_a_parameter_has_some(schema: dict[str, object], has_limits: bool) -> None:
    spec = spec_of("delete", "/keys/{key}", parameters=[parameter("key", schema, location="path")])
    names = [each.what for each in requirements(spec)]
    assert ("enforces the limits of key" in names) is has_limits


def test_a_path_parameter_that_is_not_described_is_inconclusive() -> None:
    sent = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(404, json={})

    found = report_of(spec_of(path="/lakes/{lake}", operationId="getLake"), respond)
    assert not any("{" in path for path in sent)
    reason = "the request cannot be sent: the path parameter lake is not described"
    assert inconclusive(found)["getLake: responses: responds to requests with known values"] == reason


def test_an_operation_without_a_documented_success_may_fail() -> None:
    responses = {"404": {"description": "Always."}}
    spec = spec_of(operationId="fail", responses=responses, security=[{"inQuery": []}])
    found = report_of(spec, lambda _: httpx.Response(404), credentials={"inQuery": "secret-of-tests"})
    assert {outcome.requirement.kind for outcome in found.outcomes} == {"statuses"}
    assert violated(found) == {}


def test_given_members_are_in_bodies_that_are_made(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "required": ["starts", "name"],
        "properties": {"starts": {"type": "string", "format": "date"}, "name": {"type": "string"}},
    }
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    spec = spec_of("post", operationId="plan", requestBody=body, responses={"201": {"description": "Made."}})
    values = tmp_path / "values.yaml"
    values.write_text("operations: {plan: {starts: '2031-05-06'}}")
    sent = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.content[:1] == b"{":
            sent.append(request.content)
        return httpx.Response(201)

    report_of(spec, respond, values=values)
    assert b'"starts":"2031-05-06"' in sent[0]
    assert any(b"2031-05-06" not in content for content in sent)  # beyond the limits
