"""The media type of a response is documented."""

from typing import Any

import pytest
from msgspec import structs

from support.judging import JSON, api, checks_of, findings_of, messages_of, responding, thing
from wirecheck.model import Headers, Severity

MEDIA_TYPES: list[tuple[str, str | None, str]] = [
    ("application/json", "application/json", ""),
    ("application/json", "application/json; charset=UTF-8", ""),
    ("application/json", "APPLICATION/Json ;x=y", ""),
    ("application/json; charset=utf-8", "application/json", ""),
    ("Application/JSON", "application/json", ""),
    ("application/*", "application/json", ""),
    ("*/*", "application/json", ""),
    ("text/plain application/json", "application/json", ""),
    ("text/*", "application/json", "the media type application/json is not documented (documented: text/*)"),
    ("application/json", "application/problem+json", "application/problem+json is not documented"),
    ("application/json", "application/jsonp", "application/jsonp is not documented"),
    ("application/json", None, "the response has no Content-Type (documented: application/json)"),
    ("application/json", "", "the response has no Content-Type"),
    ("application/json", " ; charset=utf-8", "the response has no Content-Type"),
    ("application/json text/plain", "text/html", "(documented: application/json, text/plain)"),
]


@pytest.mark.parametrize(("documented", "actual", "message"), MEDIA_TYPES)
def test_a_media_type_must_be_documented(documented: str, actual: str | None, message: str) -> None:
    separator = documented.split() if ";" not in documented else [documented]
    headers = (("server", "x"), *((("content-type", actual),) if actual is not None else ()))
    messages = messages_of(responding(*separator), thing(response_headers=headers, response_body=b"{}"))
    assert (message in messages[0]) if message else (messages == [])


@pytest.mark.parametrize(
    "documented", ["application/json", "application/json; charset=utf-8", "application/*", "*/*"]
)
def test_json_is_read_however_its_media_type_is_documented(documented: str) -> None:
    judge = responding(documented, schema={"type": "array"})
    exchange = thing(response_headers=(("content-type", "application/json"),))
    assert checks_of(judge, structs.replace(exchange, response_body=b"[]")) == []
    assert checks_of(judge, structs.replace(exchange, response_body=b"{}")) == ["body-matches-schema"]
    assert checks_of(judge, structs.replace(exchange, response_body=b"{")) == ["body-is-json"]


def test_the_most_exact_media_type_wins() -> None:
    content = {"*/*": {"schema": False}, "application/*": {"schema": False}, "application/json": {}}
    judge = api({"responses": {"200": {"description": "", "content": content}}})
    assert checks_of(judge, thing(response_headers=JSON, response_body=b"{}")) == []


def test_a_body_where_none_is_documented_is_found() -> None:
    judge = api({"responses": {"202": {"description": "Later."}, "302": {"description": "Elsewhere."}}})
    [message] = messages_of(judge, thing(status=202, response_body=b"Later."))
    assert message == "the response with status 202 has a body, but none is documented"
    assert messages_of(judge, thing(status=202, response_body=b"")) == []
    assert messages_of(judge, thing(status=202, response_body=None)) == []
    assert messages_of(judge, thing(status=302, response_body=b"<a href=there>there</a>")) == []


@pytest.mark.parametrize(
    ("status", "body", "severity"),
    [
        (200, b"{}", Severity.WARNING),
        (200, b'{"a": 1}', Severity.WARNING),
        (404, b"No such thing.", Severity.WARNING),
        (205, b'{"a": 1}', Severity.ERROR),
    ],
)
def test_a_body_is_a_warning_where_none_is_documented_unless_the_status_forbids_it(
    status: int, body: bytes, severity: Severity
) -> None:
    judge = api({"responses": {str(status): {"description": ""}}})
    [finding] = findings_of(judge, thing(status=status, response_headers=JSON, response_body=body))
    assert (finding.check, finding.severity) == ("media-type-documented", severity)


# The headers and the body of a response, and the checks that find something.
CAUSES: list[tuple[Headers, bytes, list[str]]] = [
    ((("server", "x"),), b'{"n": 1}', ["media-type-documented"]),
    ((("server", "x"),), b"<html>", ["media-type-documented"]),
    ((), b"<html>", ["body-is-json"]),
    ((("content-type", "text/html"),), b"<html>", ["media-type-documented"]),
    ((("content-type", "text/html"),), b'{"n": 1}', ["media-type-documented"]),
    (JSON, b"<html>", ["body-is-json"]),
    (JSON, b"[]", ["body-matches-schema"]),
    (JSON, b'{"n": "1"}', ["body-matches-schema"]),
    (JSON, b'{"n": {}}', ["body-matches-schema"]),
]


@pytest.mark.parametrize(("headers", "body", "checks"), CAUSES)
def test_one_cause_is_one_finding(headers: Headers, body: bytes, checks: list[str]) -> None:
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 1}}}
    judge = responding("application/json", schema=schema)
    assert checks_of(judge, thing(response_headers=headers, response_body=body)) == checks


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "HEAD"},
        {"status": 204, "response_headers": (("server", "x"),)},
        {"status": 304, "response_headers": (("server", "x"),)},
        {"status": 101, "response_headers": (("server", "x"),)},
    ],
    ids=["HEAD", "204", "304", "101"],
)
@pytest.mark.parametrize("body", [None, b""])
def test_a_response_that_cannot_have_a_body_needs_none(changes: dict[str, Any], body: bytes | None) -> None:
    content = {"application/json": {"schema": {"type": "object"}}}
    responses = {key: {"description": "", "content": content} for key in ("101", "200", "204", "304")}
    assert checks_of(api({"responses": responses}), thing(response_body=body, **changes)) == []


def test_nothing_is_concluded_from_what_was_not_recorded() -> None:
    header = {"required": True, "schema": {"type": "integer"}}
    response = {"headers": {"X-Count": header}}
    judge = responding("application/json", schema={"type": "object"}, response=response)
    assert checks_of(judge, thing(response_headers=(), response_body=None)) == []
    assert checks_of(judge, thing(response_headers=(), response_body=b"{}")) == []
    assert checks_of(judge, thing(response_headers=(), response_body=b"[]")) == ["body-matches-schema"]
