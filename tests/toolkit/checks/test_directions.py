"""readOnly and writeOnly count by direction: what only the other side sends is not required."""

import json
from typing import Any

import pytest

from support.judging import JSON, api, findings_of, thing
from wirecheck.checks import Judge
from wirecheck.model import Severity

ID = {"type": "integer", "readOnly": True}
PASSWORD = {"type": "string", "writeOnly": True}
SCHEMAS: dict[str, Any] = {
    "Id": ID,
    "Dog": {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": ID, "name": {"type": "string"}},
    },
    "Referred": {
        "required": ["id", "name"],
        "properties": {"id": {"$ref": "#/components/schemas/Id"}, "name": {}},
    },
    "Wrapped": {
        "required": ["id", "name"],
        "properties": {"id": {"allOf": [{"$ref": "#/components/schemas/Id"}]}},
    },
    "Apart": {"allOf": [{"required": ["id", "name"]}, {"properties": {"id": ID}}]},
    "Around": {"required": ["id"], "allOf": [{"$ref": "#/components/schemas/Dog"}], "type": "object"},
    "Twice": {
        "allOf": [{"$ref": "#/components/schemas/Dog"}, {"required": ["name"], "properties": {"name": {}}}]
    },
    "Listed": {"type": "array", "items": {"$ref": "#/components/schemas/Dog"}},
    "Member": {"required": ["dog"], "properties": {"dog": {"$ref": "#/components/schemas/Dog"}}},
    "Either": {"anyOf": [{"$ref": "#/components/schemas/Dog"}, {"type": "null"}]},
    "Mapped": {"additionalProperties": {"$ref": "#/components/schemas/Dog"}},
    "Account": {"required": ["name", "password"], "properties": {"name": {}, "password": PASSWORD}},
}


@pytest.fixture(scope="module")
def judge_of() -> Any:
    def judge(name: str) -> Judge:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        operation = {
            "requestBody": {"content": content},
            "responses": {"200": {"description": "", "content": content}},
        }
        return api(operation, method="post", components={"schemas": SCHEMAS})

    return judge


def sent(judge: Judge, body: Any) -> list[str]:
    """The messages about a request body."""
    headers = (*JSON, ("host", "x"))
    written = json.dumps(body).encode()
    exchange = thing(method="POST", request_headers=headers, request_body=written, response_headers=())
    return [finding.message for finding in findings_of(judge, exchange)]


def returned(judge: Judge, body: Any) -> list[tuple[Severity, str]]:
    """The severities and messages about the body of a response."""
    headers = (*JSON, ("server", "x"))
    exchange = thing(
        method="POST", request_body=None, response_headers=headers, response_body=json.dumps(body).encode()
    )
    return [(finding.severity, finding.message) for finding in findings_of(judge, exchange)]


# A schema, a body without what is read-only, the same with it, and one that is wrong in a request as well.
READ_ONLY: list[tuple[str, Any, Any, Any]] = [
    ("Dog", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Referred", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Wrapped", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Apart", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Around", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Twice", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Listed", [{"name": "Rex"}], [{"name": "Rex", "id": 1}], [{}]),
    ("Member", {"dog": {"name": "Rex"}}, {"dog": {"name": "Rex", "id": 1}}, {}),
    ("Either", {"name": "Rex"}, {"name": "Rex", "id": 1}, {}),
    ("Mapped", {"a": {"name": "Rex"}}, {"a": {"name": "Rex", "id": 1}}, {"a": {}}),
]


@pytest.mark.parametrize(("name", "without", "whole", "wrong"), READ_ONLY, ids=[row[0] for row in READ_ONLY])
def test_what_is_read_only_is_required_of_responses_alone(
    name: str, without: Any, whole: Any, wrong: Any, judge_of: Any
) -> None:
    judge = judge_of(name)
    assert sent(judge, without) == []
    assert sent(judge, whole) == [], "sending what was read is not noise"
    assert sent(judge, wrong) != []
    assert returned(judge, whole) == []
    assert [severity for severity, message in returned(judge, without) if 'lacks "id"' in message]


def test_what_is_read_only_is_still_checked_where_it_is_sent(judge_of: Any) -> None:
    assert sent(judge_of("Dog"), {"name": "Rex", "id": "one"}) == [
        'body /id is "one", a string, not an integer'
    ]


WRITE_ONLY: list[tuple[str, Any, list[str]]] = [
    ("Account", {"name": "a"}, []),
    ("Account", {"name": "a", "password": None}, []),
    ("Account", {"name": "a", "password": "hunter2"}, ["/password"]),
    ("Accounts", [{"name": "a"}, {"name": "b", "password": "hunter2"}], ["/1/password"]),
    ("Holder", {"account": {"name": "a", "password": "hunter2"}}, ["/account/password"]),
    ("Choice", {"kind": "a", "name": "a", "password": "hunter2"}, ["/password"]),
    ("Choice", {"kind": "b", "password": "hunter2"}, []),
]
ACCOUNT = {"$ref": "#/components/schemas/Account"}
SCHEMAS |= {
    "Accounts": {"items": ACCOUNT},
    "Holder": {"allOf": [{"properties": {"account": {"allOf": [ACCOUNT]}}}]},
    "Choice": {
        "oneOf": [
            {"properties": {"kind": {"const": "a"}}, "allOf": [ACCOUNT]},
            {"properties": {"kind": {"const": "b"}}},
        ]
    },
}


@pytest.mark.parametrize(("name", "body", "places"), WRITE_ONLY)
def test_what_is_write_only_is_a_warning_in_a_response(
    name: str, body: Any, places: list[str], judge_of: Any
) -> None:
    found = returned(judge_of(name), body)
    assert all("hunter2" not in message for _, message in found)
    found = [each for each in found if "is not a" not in each[1] and "not a string" not in each[1]]
    assert found == [
        (Severity.WARNING, f"body {place} is write-only, but is part of a response") for place in places
    ]


def test_what_is_write_only_is_required_of_requests_alone(judge_of: Any) -> None:
    assert sent(judge_of("Account"), {"name": "a"}) == ['the body lacks "password"']
    assert sent(judge_of("Account"), {"name": "a", "password": "hunter2"}) == []
