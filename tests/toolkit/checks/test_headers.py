"""The headers of a response are there and match their schemas."""

from typing import Any

import pytest

from support.judging import api, checks_of, findings_of, messages_of, responding, thing

HEADERS: list[tuple[dict[str, Any], list[str], str]] = [
    ({"type": "integer"}, ["12"], ""),
    ({"type": "integer"}, ["-3"], ""),
    ({"type": "integer"}, ["12.5"], "is 12.5, a number, not an integer"),
    ({"type": "integer"}, ["many"], 'is "many", a string, not an integer'),
    ({"type": "integer"}, [""], "not an integer"),
    ({"type": "integer"}, ["1", "x"], 'is "x"'),
    ({"type": "number"}, ["1e3"], ""),
    ({"type": "boolean"}, ["true"], ""),
    ({"type": "boolean"}, ["True"], "not a boolean"),
    ({"type": "string"}, ["12"], ""),
    ({"type": ["integer", "null"]}, [""], ""),
    ({"enum": ["a", "b"]}, ["c"], 'is "c", not "a" or "b"'),
    ({"type": "array", "items": {"type": "integer"}}, ["1,2", "3"], ""),
    ({"type": "array", "items": {"type": "integer"}}, ["1,two"], 'is "two", a string, not an integer'),
    ({"type": "array", "items": {"type": "integer"}}, ["1, 2"], ""),
    ({"type": "array", "items": {}, "maxItems": 1}, ["a,b"], "has more than 1 item (2)"),
    ({"type": "string", "format": "date"}, ["tomorrow"], "is not a valid date"),
]


@pytest.mark.parametrize(("schema", "values", "message"), HEADERS)
def test_a_header_must_fit_its_schema(schema: dict[str, Any], values: list[str], message: str) -> None:
    judge = api({"responses": {"200": {"description": "", "headers": {"X-Thing": {"schema": schema}}}}})
    headers = (("server", "x"), *(("x-thing", value) for value in values))
    findings = findings_of(judge, thing(response_headers=headers))
    assert [finding.check for finding in findings] == ["response-headers-match"] * bool(message)
    assert all(message in finding.message and '"X-Thing"' in finding.message for finding in findings)


def test_only_a_required_header_must_be_there() -> None:
    header = {"required": True, "schema": {"type": "string"}}
    judge = api(
        {
            "responses": {
                "200": {"description": "", "headers": {"X-A": header, "X-B": {**header, "required": False}}}
            }
        }
    )
    assert messages_of(judge, thing()) == ['the header "X-A" is missing']
    assert messages_of(judge, thing(response_headers=(("x-a", ""),))) == []


def test_a_documented_content_type_header_is_ignored() -> None:
    header = {"required": True, "schema": {"const": "no"}}
    judge = responding("text/plain", response={"headers": {"Content-Type": header}})
    assert (
        checks_of(judge, thing(response_headers=(("content-type", "text/plain"),), response_body=b"x")) == []
    )
