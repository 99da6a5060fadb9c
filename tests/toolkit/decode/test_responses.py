"""What people's servers send, judged: for each kind of body what is right, wrong, and not known."""

from typing import Any

import pytest

from support.judging import api, checks_of, responding, thing
from wirecheck.model import Exchange

BODY = "body-matches-schema"
NUMBER, OBJECT = {"type": "integer"}, {"type": "object"}


def response(content_type: str, body: bytes) -> Exchange:
    """An exchange with a response of a media type."""
    headers = (("content-type", content_type), ("server", "s"))
    return thing(response_headers=headers, response_body=body)


# The documented media type, its schema, the Content-Type and the body on the wire, the checks violated.
RESPONSES: dict[str, tuple[str, Any, str, bytes, list[str]]] = {
    "a number as text": ("text/plain", NUMBER, "text/plain", b"42", []),
    "a number with a line end": ("text/plain", NUMBER, "text/plain", b"42\r\n", []),
    "no number as text": ("text/plain", NUMBER, "text/plain", b"many", [BODY]),
    "a number out of range": (
        "text/plain",
        {**NUMBER, "minimum": 10},
        "text/plain; charset=utf-8",
        b"7",
        [BODY],
    ),
    "a boolean as text": ("text/plain", {"type": "boolean"}, "text/plain", b"true", []),
    "no boolean as text": ("text/plain", {"type": "boolean"}, "text/plain", b"yes", [BODY]),
    "a number or null as text": ("text/plain", {"type": ["integer", "null"]}, "text/plain", b"null", []),
    "a text that looks like a number": ("text/plain", {"type": "string"}, "text/plain", b"007", []),
    "a text in a range": ("text/*", {"type": "string", "maxLength": 2}, "text/plain", b"abc", [BODY]),
    "an object as text is not known": ("text/plain", OBJECT, "text/plain", b"a=1", []),
    "a list as CSV is not known": ("text/csv", {"type": "array"}, "text/csv", b"a,b\n1,2", []),
    "a number as HTML is not known": ("text/html", NUMBER, "text/html", b"<b>1</b>", []),
    "Latin-1": ("text/plain", {"const": "café"}, "text/plain; charset=ISO-8859-1", b"caf\xe9", []),
    "a quoted charset": ("text/plain", {"const": "café"}, 'text/plain;charset="latin1"', b"caf\xe9", []),
    "UTF-16": ("text/plain", {"const": "é"}, "text/plain; charset=utf-16", "é".encode("utf-16"), []),
    "Shift-JIS": (
        "text/plain",
        {"const": "あ"},
        "text/plain; charset=Shift_JIS",
        "あ".encode("shift-jis"),
        [],
    ),
    "a byte order mark": ("text/plain", {"const": "é"}, "text/plain", "é".encode("utf-8-sig"), []),
    "an unknown charset": ("text/plain", {"const": "é"}, "text/plain; charset=no-such", "é".encode(), []),
    "a codec that is no charset": ("text/plain", {"const": "é"}, "text/plain; charset=hex", "é".encode(), []),
    "another text": ("text/plain", {"const": "café"}, "text/plain; charset=latin1", b"caff", [BODY]),
    "text/json": ("text/json", OBJECT, "text/json", b"[]", [BODY]),
    "right text/json": ("text/json", OBJECT, "text/json; charset=utf-8", b"{}", []),
    "problem+json": ("application/*", OBJECT, "application/problem+json", b"[]", [BODY]),
    "hal+json": ("application/hal+json", OBJECT, "application/hal+json", b"{", ["body-is-json"]),
    "an event stream of objects": ("text/event-stream", OBJECT, "text/event-stream", b"data: {}\n\n", []),
    "an event stream of a list": (
        "text/event-stream",
        {"type": "array"},
        "text/event-stream",
        b"data: 1\n\n",
        [],
    ),
    "an event stream as text": (
        "text/event-stream",
        {"type": "string"},
        "text/event-stream",
        b"data: 1\n\n",
        [],
    ),
    "an empty event stream": ("text/event-stream", OBJECT, "text/event-stream", b"", []),
    "lines of JSON by an object": ("application/x-ndjson", OBJECT, "application/x-ndjson", b"{}\n{}\n", []),
    "lines of JSON by a list": (
        "application/jsonl",
        {"type": "array", "items": OBJECT},
        "application/jsonl",
        b"{}\n1\n",
        [BODY],
    ),
    "right lines of JSON": (
        "application/jsonl",
        {"type": "array", "items": OBJECT},
        "application/jsonl",
        b"{}\n\n{}",
        [],
    ),
    "a broken line of JSON": (
        "application/jsonl",
        {"type": "array"},
        "application/jsonl",
        b"{\n{}\n",
        ["body-is-json"],
    ),
    "a sequence of JSON": (
        "application/json-seq",
        {"type": "array", "items": OBJECT},
        "application/json-seq",
        b"\x1e{}\n\x1e1\n",
        [BODY],
    ),
    "a form": (
        "application/x-www-form-urlencoded",
        {"properties": {"n": NUMBER}},
        "application/x-www-form-urlencoded",
        b"n=x",
        [BODY],
    ),
    "a right form": (
        "application/x-www-form-urlencoded",
        {"properties": {"n": NUMBER}},
        "application/x-www-form-urlencoded",
        b"n=1",
        [],
    ),
    "bytes are not known": ("application/octet-stream", OBJECT, "application/octet-stream", b"\0\xff", []),
    "an image is not known": ("image/*", {"type": "integer"}, "image/png", b"PNG", []),
    "YAML is not known": ("application/yaml", OBJECT, "application/yaml", b"a: 1", []),
}


@pytest.mark.parametrize("case", RESPONSES)
def test_a_response_is_read_by_its_media_type(case: str) -> None:
    documented, schema, content_type, body, checks = RESPONSES[case]
    assert checks_of(responding(documented, schema=schema), response(content_type, body)) == checks


# Streams of which each item has a schema (OpenAPI 3.2): Content-Type, body, what is said of it.
EVENT = {
    "type": "object",
    "required": ["data", "event"],
    "properties": {"event": {"enum": ["tick"]}, "retry": {"maximum": 9}},
}
CUT = "body-is-json"
STREAMS: dict[str, tuple[str, bytes, list[tuple[str, str]]]] = {
    "right events": ("text/event-stream", b": hello\n\nevent: tick\ndata: a\ndata: b\n\n", []),
    "events by carriage returns": (
        "text/event-stream",
        b"event:tick\r\ndata:a\r\n\r\ndata:b\revent:tick\r\r",
        [],
    ),
    "a wrong event": (
        "text/event-stream",
        b"event: tick\ndata: a\n\nevent: tock\ndata: a\n\n",
        [(BODY, "/1/event")],
    ),
    "a lacking member": ("text/event-stream", b"data: a\n\n", [(BODY, "")]),
    "a number": ("text/event-stream", b"event: tick\nretry: 10\ndata\n\n", [(BODY, "/0/retry")]),
    "an event cut short": (
        "text/event-stream",
        b"event: tick\ndata: a\n\nevent: tick\nda",
        [(CUT, "event 2")],
    ),
    "an event that is not ended": ("text/event-stream", b"event: tick\ndata: a\n", [(CUT, "event 1")]),
    "a comment at the end": ("text/event-stream", b"event: tick\ndata: a\n\n: ping\n", []),
    "right lines": ("application/jsonl", b'{"data": 1, "event": "tick"}\n', []),
    "no line end at the end": ("application/x-ndjson", b'{"data": 1, "event": "tick"}', []),
    "a wrong line": ("application/x-ndjson", b'{"data": 1, "event": "tick"}\n{"data": 1}\n', [(BODY, "")]),
    "a line cut short": ("application/jsonl", b'{"data": 1, "event": "tick"}\n{"data', [(CUT, "item 2")]),
    "no line of JSON": ("application/jsonl", b"tick\n", [(CUT, "item 1")]),
    "a right sequence": ("application/json-seq", b'\x1e{"data": 1, "event": "tick"}\n', []),
    "a wrong sequence": ("application/json-seq", b'\x1e{"data": 1, "event": "tock"}\n', [(BODY, "/0/event")]),
    "a sequence cut short": (
        "application/geo+json-seq",
        b'\x1e{"data": 1, "event": "tick"}\n\x1e{"da',
        [(CUT, "item 2")],
    ),
}


@pytest.mark.parametrize("case", STREAMS)
def test_each_item_of_a_stream_is_judged(case: str) -> None:
    content_type, body, expected = STREAMS[case]
    content = {content_type: {"itemSchema": EVENT}}
    judge = api({"responses": {"200": {"description": "Fine.", "content": content}}})
    findings = judge.judge(response(content_type, body)).findings
    assert [finding.check for finding in findings] == [check for check, _ in expected]
    for finding, (_, place) in zip(findings, expected, strict=True):
        assert place in f"{finding.pointer} {finding.message}"
        cut = "cut short" in finding.message
        assert finding.severity == ("warning" if cut else "error")


def test_the_data_of_an_event_may_be_what_the_schema_describes() -> None:
    content = {"text/event-stream": {"itemSchema": {"type": "object", "required": ["n"]}}}
    judge = api({"responses": {"200": {"description": "Fine.", "content": content}}})
    assert checks_of(judge, response("text/event-stream", b'data: {"n": 1}\n\n')) == []
    assert checks_of(judge, response("text/event-stream", b'data: {"m": 1}\n\n')) == [BODY]


CONTENT = {"contentMediaType": "application/json", "contentSchema": {"required": ["n"]}}
EITHER: dict[str, Any] = {
    "required": ["event"],
    "properties": {"data": {"type": "string"}},
    "oneOf": [
        {"properties": {"event": {"const": "text"}}},
        {"properties": {"event": {"const": "json"}, "data": CONTENT}},
    ],
}


@pytest.mark.parametrize(
    ("event", "places"),
    [
        (b"event: text\ndata: anything\n\n", []),
        (b'event: json\ndata: {"n": 1}\n\n', []),
        (b'event: json\ndata: {"m": 1}\n\n', ["/0/data"]),
        (b"event: json\ndata: [DONE]\n\n", []),
        (b"event: other\ndata: {}\n\n", ["/0"]),
    ],
)
def test_the_data_of_an_event_are_judged_by_their_own_schema(event: bytes, places: list[str]) -> None:
    content = {"text/event-stream": {"itemSchema": EITHER}}
    judge = api({"responses": {"200": {"description": "Fine.", "content": content}}})
    findings = judge.judge(response("text/event-stream", event)).findings
    assert len(findings) == len(places)
    assert all(
        str(finding.pointer).startswith(place) for finding, place in zip(findings, places, strict=True)
    )


# XML: a schema, a document, the checks violated.
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string", "xml": {"name": "called", "prefix": "p"}},
        "tags": {
            "type": "array",
            "items": {"type": "string", "xml": {"name": "tag"}},
            "xml": {"wrapped": True},
        },
        "weights": {"type": "array", "items": {"type": "number", "maximum": 9}},
        "owner": {"type": "object", "properties": {"age": {"type": "integer"}}},
    },
}
XML: dict[str, tuple[Any, str, list[str]]] = {
    "right": (
        PET,
        '<?xml version="1.0"?><pet id="1"><p:called xmlns:p="u">x</p:called><tags><tag>a</tag></tags></pet>',
        [],
    ),
    "lists without wrapping": (
        PET,
        "<pet><called>x</called><weights>1</weights><weights>2.5</weights></pet>",
        [],
    ),
    "a wrong item": (PET, "<pet><called>x</called><weights>1</weights><weights>10</weights></pet>", [BODY]),
    "a wrong attribute": (PET, '<pet id="one"><called>x</called></pet>', [BODY]),
    "a wrong member of a member": (PET, "<pet><called>x</called><owner><age>old</age></owner></pet>", [BODY]),
    "a lacking member": (PET, "<pet><weights>1</weights></pet>", [BODY]),
    "another name is not known": (PET, "<pet><name>x</name></pet>", []),
    "another attribute is not known": (PET, '<pet kind="x"><weights>1</weights></pet>', []),
    "a list at the top": ({"type": "array", "items": {"type": "integer"}}, "<a><n>1</n><n>x</n></a>", [BODY]),
    "a text": ({"type": "integer"}, "<n>5</n>", []),
    "a member that is there twice is not known": (
        PET,
        "<pet><called>x</called><owner/><owner><age>old</age></owner></pet>",
        [],
    ),
    "a text with members is not known": ({"type": "integer"}, "<n><a>x</a></n>", []),
    "in another charset": (
        PET,
        '<?xml version="1.0" encoding="iso-8859-1"?><pet><called>x</called></pet>',
        [],
    ),
    "a union is not known": ({"oneOf": [PET, {"type": "object"}]}, "<pet/>", []),
    "no schema of it is not known": ({}, "<pet/>", []),
    "what is cut short is not known": (PET, "<pet><called>", []),
    "a document type is not known": (
        PET,
        '<!DOCTYPE pet [<!ENTITY e "x">]><pet><weights>&e;</weights></pet>',
        [],
    ),
    "what is nested deeply is not known": (PET, "<a>" * 1000 + "</a>" * 1000, []),
}


@pytest.mark.parametrize("case", XML)
def test_xml_is_judged_where_the_schema_decides_it(case: str) -> None:
    schema, body, checks = XML[case]
    judge = responding("application/xml", "application/atom+xml", schema=schema)
    assert checks_of(judge, response("application/xml; charset=utf-8", body.encode())) == checks
    assert checks_of(judge, response("application/atom+xml", body.encode())) == checks


# The documented media types, each with a schema, the Content-Type, the checks violated by {}.
SMALL, LARGE = {"required": ["ml"]}, {"required": ["l"]}
TYPES: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "the first": ({"a/b+json; kind=small": OBJECT, "a/b+json; kind=large": LARGE}, "a/b+json;kind=small", []),
    "the second": (
        {"a/b+json; kind=small": SMALL, "a/b+json; kind=large": OBJECT},
        "a/b+json;kind=large",
        [],
    ),
    "in quotes and capitals": (
        {"a/b+json; kind=small": SMALL, "a/b+json; kind=large": OBJECT},
        'A/B+JSON; KIND="large"',
        [],
    ),
    "another": ({"a/b+json; kind=small": OBJECT}, "a/b+json; kind=large", ["media-type-documented"]),
    "more exact than without": (
        {"a/b+json": SMALL, "a/b+json; kind=large": OBJECT},
        "a/b+json; kind=large",
        [],
    ),
    "without, beside another": (
        {"a/b+json": OBJECT, "a/b+json; kind=large": SMALL},
        "a/b+json; kind=small",
        [],
    ),
    "none on the wire": ({"a/b+json; kind=small": SMALL, "a/b+json": OBJECT}, "a/b+json", []),
    "none on the wire, none without": ({"a/b+json; kind=small": OBJECT}, "a/b+json", []),
    "charsets do not matter": ({"a/b+json; charset=utf-8": OBJECT}, "a/b+json; charset=UTF-16", []),
    "more on the wire": (
        {"a/b+json; kind=small": OBJECT, "a/b+json": SMALL},
        "a/b+json; kind=small; v=2",
        [],
    ),
    "rather exact than a range": (
        {"*/*": SMALL, "a/*": SMALL, "a/b+json": OBJECT},
        "a/b+json; kind=small",
        [],
    ),
}


@pytest.mark.parametrize("case", TYPES)
def test_the_most_exact_media_type_counts(case: str) -> None:
    documented, content_type, checks = TYPES[case]
    content = {name: {"schema": schema} for name, schema in documented.items()}
    judge = api({"responses": {"200": {"description": "Fine.", "content": content}}})
    assert checks_of(judge, response(content_type, b"{}")) == checks


# Formats: the schema's format, a value, whether it is right.
FORMATS: list[tuple[str, str, bool]] = [
    ("date-time", "2024-04-25T09:06:26.572577Z", True),
    ("date-time", "2016-12-31T23:59:60Z", True),
    ("date-time", "2024-01-01t00:00:00z", True),
    ("date-time", "2024-01-01T00:00:00.123456789-00:00", True),
    ("date-time", "2024-01-01T24:00:00Z", False),
    ("date-time", "2024-01-01T00:00:00+2400", False),
    ("date-time", "2024-01-01T00:00:00", False),
    ("date-time", "2023-02-29T00:00:00Z", False),
    ("date", "2024-02-29", True),
    ("date", "2023-02-29", False),
    ("date", "2024-2-9", False),
    ("time", "23:59:59Z", True),
    ("time", "25:00:00Z", False),
]


@pytest.mark.parametrize(("name", "value", "is_right"), FORMATS)
def test_dates_are_those_of_rfc_3339(name: str, value: str, is_right: bool) -> None:
    judge = responding("text/plain", schema={"type": "string", "format": name})
    findings = judge.judge(response("text/plain", value.encode())).findings
    assert [(finding.check, finding.severity) for finding in findings] == [(BODY, "warning")] * (not is_right)


BODILESS: dict[str, tuple[int, str, bytes | None]] = {
    "204 with another type": (204, "text/html", b""),
    "204 with the documented type": (204, "application/json", b""),
    "204 without a recorded body": (204, "application/json", None),
    "304 with a type": (304, "application/json", b""),
    "HEAD with a type": (200, "application/json", b""),
    "an information": (103, "text/html", b""),
}


@pytest.mark.parametrize("case", BODILESS)
def test_a_response_that_has_no_body_has_no_wrong_type(case: str) -> None:
    status, content_type, body = BODILESS[case]
    content = {"application/json": {"schema": OBJECT}}
    responses = {str(status): {"description": "Fine.", "content": content}}
    judge = api({"responses": responses}, method="head" if case.startswith("HEAD") else "get")
    headers = (("content-type", content_type), ("server", "s"))
    exchange = thing(
        method="HEAD" if case.startswith("HEAD") else "GET",
        status=status,
        response_headers=headers,
        response_body=body,
    )
    assert checks_of(judge, exchange) == []
