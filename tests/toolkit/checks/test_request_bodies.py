"""The body of an accepted request is there and matches its schema."""

from typing import Any

import pytest
from msgspec import structs

from support.judging import (
    DEEP,
    MULTIPART,
    api,
    checks_of,
    findings_of,
    messages_of,
    multipart,
    thing,
)
from wirecheck.checks import Judge
from wirecheck.model import Exchange

FIELDS = {
    "type": "object",
    "required": ["n"],
    "properties": {"n": {"type": "integer"}, "t": {"type": "string"}},
}


def accepting(*media_types: str, **more: Any) -> Judge:
    content = {name: {"schema": FIELDS} for name in media_types}
    return api({"requestBody": {"required": True, "content": content, **more}}, method="post")


def sent(
    body: bytes | None, content_type: str = "application/x-www-form-urlencoded", **changes: Any
) -> Exchange:
    headers = (("content-type", content_type),) if content_type else (("host", "things.example"),)
    return thing(**{"method": "POST", "request_headers": headers, "request_body": body, **changes})


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
REQUEST_BODIES: dict[str, tuple[Exchange, str]] = {
    "a form": (sent(b"n=1&t=a"), ""),
    "a form with a charset": (sent(b"n=1", "application/x-www-form-urlencoded;charset=UTF-8"), ""),
    "a form with a wrong field": (sent(b"n=one"), 'body /n is "one", a string, not an integer'),
    "a form that lacks a field": (sent(b"t=1"), 'the body lacks "n"'),
    "a form with an encoded name": (sent(b"%6E=1"), ""),
    "a form without a Content-Type": (sent(b"n=x", ""), 'body /n is "x"'),
    "a form in bytes that are no UTF-8": (sent(b"n=1&t=%FF\xff"), ""),
    "parts": (sent(multipart({"n": "1"}), MULTIPART), ""),
    "parts with a wrong field": (sent(multipart({"n": "x"}), MULTIPART), 'body /n is "x"'),
    "parts with a quoted boundary": (sent(multipart({"n": "1"}), 'multipart/form-data; boundary="xYz"'), ""),
    "parts with another boundary": (
        sent(multipart({"n": "1"}), "multipart/form-data; boundary=other"),
        "is not a multipart form with the boundary given in its Content-Type",
    ),
    "parts without a boundary": (
        sent(multipart({"n": "1"}), "multipart/form-data"),
        "is not a multipart form",
    ),
    "JSON": (sent(b'{"n": 1}', "application/json"), ""),
    "JSON of the wrong type": (sent(b"[]", "application/json"), "the body is an array, not an object"),
    "broken JSON": (sent(b'{"n": 1', "application/json"), "the request body is not JSON: it ends too"),
    "deep JSON": (sent(DEEP, "application/json"), "the request body is nested too deeply"),
    "another media type": (
        sent(b"<n>1</n>", "text/xml"),
        "media type text/xml is not documented (documented: ",
    ),
    "an empty body": (sent(b""), "the request body is missing"),
    "an empty body without a Content-Type": (sent(b"", ""), "the request body is missing"),
    "a body that was not recorded": (sent(None), ""),
    "neither headers nor body recorded": (sent(None, request_headers=()), ""),
}


@pytest.mark.parametrize("case", REQUEST_BODIES)
def test_the_body_of_an_accepted_request_must_fit(case: str) -> None:
    exchange, message = REQUEST_BODIES[case]
    judge = accepting(*FORMS)
    findings = findings_of(judge, exchange)
    assert [finding.check for finding in findings] == ["request-body-matches"] * bool(message)
    assert all(message in finding.message for finding in findings)
    assert checks_of(judge, structs.replace(exchange, status=422)) == [], "rejected: not a violation"


def test_a_body_of_text_must_fit_and_one_of_bytes_is_not_read() -> None:
    schema = {"schema": {"type": "string", "maxLength": 3}}
    content = {"text/plain": schema, "image/png": schema, "text/csv": {}}
    judge = api({"requestBody": {"content": content}}, method="post")
    assert messages_of(judge, sent(b"abcd", "text/plain")) == ["the body has more than 3 characters (4)"]
    assert checks_of(judge, sent(b"abc", "text/plain")) == []
    assert checks_of(judge, sent(b"abcd", "image/png")) == []
    assert checks_of(judge, sent(b"abcd", "text/csv")) == []


def test_a_body_that_is_not_required_may_be_missing() -> None:
    assert checks_of(accepting("application/json", required=False), sent(b"", "")) == []


@pytest.mark.parametrize(
    ("body", "query", "expected"),
    [
        (b"", "n=1", []),
        (None, "n=1", []),
        (b"", "n=x", ["request-body-matches"]),
        (None, "n=x", ["request-body-matches"]),
        (b"t=1", "n=1", []),
        (b"n=1", "other=1", []),
        (b"", "other=1", ["request-body-matches"]),
        (None, "other=1", []),
    ],
)
def test_fields_may_be_in_the_query_where_the_document_says_so(
    body: bytes | None, query: str, expected: list[str]
) -> None:
    url = f"https://things.example/things?{query}"
    assert checks_of(accepting(*FORMS, **{"x-also-in-query": True}), sent(body, url=url)) == expected
    if body == b"" and not expected:
        assert checks_of(accepting(*FORMS), sent(body, url=url)) == ["request-body-matches"]


@pytest.mark.parametrize("query", ["p=a", "p=a&p=b", "p="])
def test_an_array_need_not_have_items(query: str) -> None:
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": {"type": "array"}}]})
    assert checks_of(judge, thing(query)) == []


def test_an_operation_without_responses_documents_no_status() -> None:
    judge = api({}, paths={"/things": {"get": {"operationId": "listThings"}}})
    [finding] = findings_of(judge, thing())
    assert finding.message == "the status 200 is not documented (documented: none)"
    assert finding.spec_pointer == "#/paths/~1things/get"
