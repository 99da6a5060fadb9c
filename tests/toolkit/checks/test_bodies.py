"""The body of a response is JSON where it should be, and matches its schema."""

import json

import pytest
from msgspec import structs

from support.judging import (
    DEEP,
    JSON,
    JUDGE,
    RECORDED_HEADERS,
    api,
    checks_of,
    findings_of,
    messages_of,
    request,
    responding,
    thing,
    topic,
    topic_with,
)
from wirecheck.model import Severity

BODIES: list[tuple[bytes, str]] = [
    (b"", "the body is empty"),
    (b" \t\r\n", "the body is empty"),
    (b"\xef\xbb\xbf{}", "byte order mark"),
    (b'{"meta": ', "it ends too early"),
    (b'"abc', "it ends too early"),
    (b"NaN", "is not JSON"),
    (b"[Infinity]", "is not JSON"),
    (b"[1,]", "trailing comma"),
    (b"{} {}", "trailing characters"),
    (b"{'a': 1}", "is not JSON"),
    (b'"\\ud800"', "is not JSON"),
    (b'"\\udc00\\ud800"', "is not JSON"),
    (b'"\xed\xa0\x80"', "is not UTF-8"),
    (b'"\xff"', "is not UTF-8"),
    ('"\u00e9"'.encode("utf-16"), "is not JSON"),
    (b'"a\nb"', "is not JSON"),
    (b"01", "is not JSON"),
    (b"/**/{}", "is not JSON"),
    (b"cb({});", "is not JSON"),
    (b"<html></html>", "is not JSON"),
    (DEEP, "nested too deeply"),
    (b'{"a":' * 100_000, "nested too deeply"),
    (DEEP + b"]" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("body", "message"), BODIES, ids=[repr(body[:12]) for body, _ in BODIES])
def test_a_body_that_is_not_json_has_one_finding(body: bytes, message: str) -> None:
    [finding] = findings_of(JUDGE, topic_with(body))
    assert (finding.check, finding.pointer) == ("body-is-json", "")
    assert message in finding.message


@pytest.mark.parametrize("depth", [300, 900])
def test_a_body_nested_deeper_than_the_engine_goes_is_a_finding_and_no_crash(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    [finding] = findings_of(JUDGE, topic_with(f'{{"meta": {{"code": 200}}, "data": {deep}}}'.encode()))
    assert (finding.check, finding.pointer) == ("body-matches-schema", "")
    assert finding.message == "the body is nested too deeply to be judged"


@pytest.mark.parametrize("depth", [100, 255, 256, 900])
def test_a_deep_body_that_matches_passes(depth: int) -> None:
    nest = {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}}
    judge = api(
        {"responses": {"200": {"description": "", "content": {"application/json": {"schema": nest}}}}},
        components={"schemas": {"Nest": nest}},
    )
    assert checks_of(judge, thing(response_headers=JSON, response_body=b"[" * depth + b"]" * depth)) == []


def test_html_labelled_as_json_is_not_json() -> None:
    assert checks_of(JUDGE, topic_with(b"<html>")) == ["body-is-json"]


def test_html_labelled_as_html_has_the_wrong_media_type_and_no_other_finding() -> None:
    assert checks_of(JUDGE, topic_with(b"<html>", response_headers=(("content-type", "text/html"),))) == [
        "media-type-documented"
    ]


def test_json_labelled_as_html_is_read_all_the_same() -> None:
    html = (("content-type", "text/html"),)
    assert checks_of(JUDGE, topic(response_headers=html)) == ["media-type-documented"]
    assert checks_of(JUDGE, topic_with(b"{}", response_headers=html)) == [
        "media-type-documented",
        "body-matches-schema",
        "body-matches-schema",
    ]


def test_a_pattern_that_requires_two_characters_rejects_one() -> None:
    judge = responding("application/json", schema={"type": "string", "pattern": "^a+b*a+"})
    assert checks_of(judge, thing(response_headers=JSON, response_body=b'"aa"')) == []
    assert checks_of(judge, thing(response_headers=JSON, response_body=b'"a"')) == ["body-matches-schema"]


def test_a_text_is_validated_against_its_schema() -> None:
    judge = responding("text/plain", schema={"type": "string", "maxLength": 3})
    plain = (("content-type", "text/plain; charset=utf-8"),)
    assert checks_of(judge, thing(response_headers=plain, response_body=b"abc")) == []
    assert messages_of(judge, thing(response_headers=plain, response_body=b"abcd")) == [
        "the body has more than 3 characters (4)"
    ]


def test_a_body_of_bytes_is_not_read() -> None:
    judge = responding("image/png", schema={"type": "string", "maxLength": 3})
    assert (
        checks_of(
            judge, thing(response_headers=(("content-type", "image/png"),), response_body=b"\x89PNG....")
        )
        == []
    )


def test_every_violation_is_a_finding_of_its_own() -> None:
    body = {"meta": {"code": 201}, "data": {"name": "", "notices": -1}}
    findings = findings_of(JUDGE, topic_with(json.dumps(body).encode()))
    assert {finding.pointer for finding in findings} == {"/meta/code", "/data/name", "/data/notices"}
    assert len(findings) == 3


def test_a_wrong_format_alone_is_a_warning() -> None:
    body = json.dumps({"id": "1", "name": "a", "picture": "no address"})
    exchange = request("/notices/1_1/readers", response_headers=RECORDED_HEADERS)
    data = f'{{"meta": {{"code": 200}}, "data": [{body}]}}'.encode()
    [finding] = findings_of(JUDGE, structs.replace(exchange, response_body=data))
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/data/0/picture")
    assert "is not a valid uri" in finding.message


def test_huge_numbers_are_judged() -> None:
    digits = b"9" * 4000
    body = b'{"meta": {"code": 200}, "data": {"name": "snow", "notices": %s}}'
    assert checks_of(JUDGE, topic_with(body % digits)) == []
    assert checks_of(JUDGE, topic_with(body % (b"-" + digits))) == ["body-matches-schema"]


def test_a_hundred_findings_of_a_kind_stand_for_all_of_a_body() -> None:
    items = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    judge = responding("application/json", schema={"type": "array", "items": items})
    body = json.dumps([{"id": "x"}] * 4_500 + [{"name": 1}]).encode()
    findings = findings_of(judge, thing(response_headers=JSON, response_body=body))
    assert [finding.pointer for finding in findings] == [
        *(f"/{index}/id" for index in range(100)),
        "/4500/name",
    ]
    assert findings[0].message.endswith("not an integer (the first of 4,500 alike, of which 100 are listed)")
    assert findings[1].message == 'body /1/id is "x", a string, not an integer'
