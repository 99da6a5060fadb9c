"""Each check finds what it promises to find, and nothing else; whatever is on the wire can be judged."""

import dataclasses
import itertools
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.paths import CONTRACT
from wirecheck.checks import CHECKS, Judge
from wirecheck.model import Exchange, Finding, Severity, Side
from wirecheck.spec import MediaType, Operation, Parameter, Response, join, load

SPEC = load(CONTRACT)
DOCUMENT = SPEC.document
JUDGE = Judge(SPEC)

TOKEN = "1001.1677ed0.0123456789abcdef0123456789abcdef"
HOST = "https://api.instagram.com"
JSON = (("content-type", "application/json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)
CHARGED = (*JSON, ("x-ratelimit-limit", "5000"))
"""Headers that were recorded for certain: a Content-Type alone may come from elsewhere."""
DEEP = b"[" * 100_000


# What the tests are made of


def exchange(**changes: Any) -> Exchange:
    """An exchange that keeps every promise of the bundled document, with changes."""
    kept: dict[str, Any] = {
        "source": "recorded.har#12",
        "entry": 12,
        "method": "GET",
        "url": f"{HOST}/v1/tags/snow?access_token={TOKEN}",
        "status": 200,
        "request_headers": (("host", "api.instagram.com"),),
        "response_headers": CHARGED,
        "response_body": b'{"meta": {"code": 200}, "data": {"name": "snow", "media_count": 2}}',
    }
    return Exchange(**{**kept, **changes})


def to(path: str, query: str = "", **changes: Any) -> Exchange:
    """A request to a path of the bundled document, with a token; its answer was not recorded."""
    more = f"&{query}" if query else ""
    return exchange(
        url=f"{HOST}/v1{path}?access_token={TOKEN}{more}",
        **{"response_headers": (), "response_body": None, **changes},
    )


def comment(body: bytes | None, query: str = "", **changes: Any) -> Exchange:
    """A comment that is posted."""
    return to(
        "/media/1_1/comments",
        query,
        **{"method": "POST", "request_headers": FORM, "request_body": body, **changes},
    )


def answer(body: bytes | None, **changes: Any) -> Exchange:
    """An answer with another body."""
    return exchange(response_body=body, **changes)


@lru_cache
def _judge(text: str) -> Judge:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(text, encoding="utf-8")
        return Judge(load(path))


def api(operation: dict[str, Any], *, path: str = "/things", method: str = "get", **top: Any) -> Judge:
    """The judge of a document with one operation."""
    operation = {"responses": {"default": {"description": "Anything."}}, **operation}
    info = {"title": "Things", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {path: {method: operation}}, **top}
    return _judge(json.dumps(document))


def answering(*media_types: str, **more: Any) -> Judge:
    """The judge of a document whose operation answers 200 with one of the media types."""
    content = {name: {"schema": more.get("schema", True)} for name in media_types}
    return api(
        {"responses": {"200": {"description": "Fine.", "content": content, **more.get("response", {})}}}
    )


def thing(query: str = "", **changes: Any) -> Exchange:
    """A request for the operation of `api`, answered with nothing."""
    nothing: dict[str, Any] = {
        "request_headers": (("host", "things.example"),),
        "response_headers": (("server", "things"),),
        "response_body": None,
        "url": f"https://things.example/things{'?' * bool(query)}{query}",
    }
    return exchange(**{**nothing, **changes})


def found(judge: Judge, one: Exchange) -> list[Finding]:
    findings = judge.judge(one).findings
    for finding in findings:
        assert finding.source == one.source
        assert finding.entry == one.entry
        assert finding.check in CHECKS
        assert finding.side is CHECKS[finding.check].side
        value = judge.spec.document.get(finding.spec_pointer.removeprefix("#"))
        assert value is not None or finding.spec_pointer.endswith("const")
        assert finding.line == judge.spec.document.line(finding.spec_pointer.removeprefix("#"))
    return list(findings)


def ids(judge: Judge, one: Exchange) -> list[str]:
    return [finding.check for finding in found(judge, one)]


def said(judge: Judge, one: Exchange) -> list[str]:
    return [finding.message for finding in found(judge, one)]


# Exchanges as the document's own examples have them


def examples(pointer: str) -> list[Any]:
    value = DOCUMENT.get(pointer)
    if "example" in value:
        return [value["example"]]
    return [
        DOCUMENT.get(DOCUMENT.follow(join(pointer, "examples", name)))["value"] for name in value["examples"]
    ]


def parameter_texts(operation: Operation, location: str) -> Iterator[dict[str, str]]:
    """Every combination of the examples of the parameters of a location."""
    parameters = [one for one in operation.parameters if one.location == location]
    for values in itertools.product(*(examples(one.pointer) for one in parameters)):
        yield {one.name: _text(value) for one, value in zip(parameters, values, strict=True)}


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def credentials(operation: Operation) -> dict[str, str]:
    alternative = operation.security[0] if operation.security else ()
    return {scheme.parameter: TOKEN for scheme in alternative if scheme.kind == "apiKey"}


def sent_bodies(operation: Operation) -> Iterator[tuple[str, bytes | None, dict[str, str]]]:
    """Content-Type, body, and fields for the query, of every way to send a request."""
    if operation.request_body is None:
        yield "", None, {}
        return
    for media_type in operation.request_body.content:
        for fields in examples(media_type.pointer):
            if media_type.name == "multipart/form-data":
                yield "multipart/form-data; boundary=xYz", multipart(fields), {}
            else:
                yield media_type.name, urlencode(fields).encode(), {}
                if operation.request_body.also_in_query:
                    yield "", b"", fields


def multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--xYz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + "--xYz--\r\n").encode()


def answered_bodies(response: Response) -> Iterator[tuple[MediaType | None, bytes]]:
    for media_type in response.content:
        for value in examples(media_type.pointer):
            as_json = media_type.name == "application/json"
            yield media_type, (json.dumps(value) if as_json else value).encode()
    if not response.content:
        yield None, b""


def _header_text(header: Parameter) -> tuple[str, str]:
    return header.name.lower(), _text(examples(header.pointer)[0])


def faithful_exchanges() -> Iterator[Exchange]:
    for operation in SPEC.operations:
        for path, query, sent in itertools.product(
            parameter_texts(operation, "path"), parameter_texts(operation, "query"), sent_bodies(operation)
        ):
            template = (operation.servers or SPEC.prefixes)[0] + operation.template
            where = template.format_map({name: quote(value, safe="") for name, value in path.items()})
            content_type, sent_body, in_query = sent
            pairs = urlencode({**query, **in_query, **credentials(operation)})
            for response in operation.responses:
                for media_type, body in answered_bodies(response):
                    yield Exchange(
                        source=f"{operation.name}-{response.status}.har#0",
                        entry=0,
                        method=operation.method,
                        url=f"{HOST}{where}{'?' * bool(pairs)}{pairs}",
                        status=int(response.status),
                        request_headers=(("accept", "*/*"),)
                        + ((("content-type", content_type),) if content_type else ()),
                        request_body=sent_body,
                        response_headers=(
                            *map(_header_text, response.headers),
                            ("server", "nginx"),
                            *((("content-type", f"{media_type.name}; charset=utf-8"),) if media_type else ()),
                        ),
                        response_body=body,
                    )


FAITHFUL = list(faithful_exchanges())


def test_every_documented_answer_of_every_operation_is_among_the_faithful() -> None:
    wanted = {
        (operation.name, response.status) for operation in SPEC.operations for response in operation.responses
    }
    assert {tuple(one.source.removesuffix(".har#0").split("-")) for one in FAITHFUL} == wanted
    assert len(FAITHFUL) > len(wanted)


def test_what_keeps_to_the_document_yields_no_finding() -> None:
    # Any answer stands beside any request here: what one owes to the other is not promised (test_laws).
    judge = Judge(SPEC, with_laws=False)
    told = [(one.source, one.url, finding) for one in FAITHFUL for finding in judge.judge(one).findings]
    assert told == []


def test_a_faithful_exchange_belongs_to_its_operation() -> None:
    for one in FAITHFUL:
        assert JUDGE.judge(one).operation == one.source.partition("-")[0]


# Every check has something that breaks it and something that keeps it


@dataclass(frozen=True)
class Broken:
    """An exchange that breaks one check, and what is said of it."""

    exchange: Exchange
    side: Side
    spec_pointer: str
    says: str
    pointer: str | None = None
    severity: Severity = Severity.ERROR
    judge: Judge = JUDGE


TAG = "/paths/~1tags~1{tag_name}/get"
COMMENTS = "/paths/~1media~1{media_id}~1comments/post"
TAG_ANSWER = "/components/responses/Tag/content"

BROKEN: dict[str, Broken] = {
    "operation-known": Broken(
        to("/tagz/snow"), Side.REQUEST, "/paths", "the document has no path /v1/tagz/snow"
    ),
    "method-allowed": Broken(
        to("/media/1_1/comments", method="PUT"),
        Side.REQUEST,
        "/paths/~1media~1{media_id}~1comments",
        "PUT is not documented for /media/{media_id}/comments (documented: GET, POST)",
    ),
    "status-documented": Broken(
        to("/tags/snow", status=404),
        Side.RESPONSE,
        f"{TAG}/responses",
        "404 is not documented (documented: 200, 400, 403, 429)",
    ),
    "no-server-fault": Broken(
        thing(status=502),
        Side.RESPONSE,
        "/paths/~1things/get/responses/5XX",
        "failed with status 502",
        judge=api({"responses": {"5XX": {"description": "Sorry."}}}),
    ),
    "media-type-documented": Broken(
        exchange(response_headers=(("content-type", "text/plain"),)),
        Side.RESPONSE,
        TAG_ANSWER,
        "text/plain is not documented (documented: application/json)",
    ),
    "body-is-json": Broken(
        answer(b'{"meta": {"code": 200}, "da'),
        Side.RESPONSE,
        f"{TAG_ANSWER}/application~1json",
        "is not JSON: it ends too early",
        pointer="",
    ),
    "body-matches-schema": Broken(
        answer(b'{"meta": {"code": 200}, "data": {"name": "snow", "media_count": "2"}}'),
        Side.RESPONSE,
        "/components/schemas/Tag/properties/media_count/type",
        'body /data/media_count is "2", a string, not an integer',
        pointer="/data/media_count",
    ),
    "response-headers-match": Broken(
        exchange(response_headers=(*JSON, ("x-ratelimit-limit", "-1"))),
        Side.RESPONSE,
        "/components/headers/RateLimitLimit/schema/minimum",
        'the header "X-Ratelimit-Limit" is -1, less than 0',
    ),
    "request-parameters-match": Broken(
        to("/users/self/feed", "count=0"),
        Side.REQUEST,
        "/components/parameters/count/schema/minimum",
        'the query parameter "count" is 0, less than 1',
    ),
    "request-body-matches": Broken(
        to("/users/1002/relationship", method="POST", request_headers=FORM, request_body=b"action=adopt"),
        Side.REQUEST,
        "/components/schemas/RelationshipAction/enum",
        'body /action is "adopt", not "follow", "unfollow"',
        pointer="/action",
    ),
    "rule-broken-but-accepted": Broken(
        comment(b"text=LOVELY+LIGHT"),
        Side.REQUEST,
        "/components/schemas/CommentText/allOf/3",
        '/text breaks the rule "not-all-capitals" and was accepted: A comment is not all in capital letters.',
        pointer="/text",
    ),
    "credentials-present": Broken(
        exchange(url=f"{HOST}/v1/tags/snow"),
        Side.REQUEST,
        f"{TAG}/security",
        "accepted without credentials (access_token with oauth)",
        severity=Severity.WARNING,
    ),
    "law-kept": Broken(
        exchange(url=f"{HOST}/v1/tags/hail?access_token={TOKEN}"),
        Side.RESPONSE,
        f"{TAG}/x-laws/tag-as-requested",
        "tag-as-requested: The tag is the one in the path.",
    ),
}

KEPT: dict[str, Exchange] = {
    "operation-known": to("/tags/snow"),
    "method-allowed": to("/media/1_1/comments"),
    "status-documented": to("/users/1001", status=404),
    "no-server-fault": to("/tags/snow", status=429),
    "media-type-documented": exchange(
        response_headers=(("content-type", "Application/JSON; charset=utf-8"),)
    ),
    "body-is-json": answer(
        b' \r\n\t{"meta": {"code": 200}, "data": {"name": "\\ud83c\\udf05", "media_count": 1}}\n'
    ),
    "body-matches-schema": answer(
        b'{"meta": {"code": 200}, "data": {"name": "s", "media_count": 2.0, "more": 1}}'
    ),
    "response-headers-match": exchange(response_headers=(*JSON, ("x-ratelimit-limit", "0"))),
    "request-parameters-match": to("/users/self/feed", "count=2147483647&unknown=1"),
    "request-body-matches": to(
        "/users/1002/relationship", method="POST", request_headers=FORM, request_body=b"action=follow&more=1"
    ),
    "rule-broken-but-accepted": comment(b"text=LOVELY+LIGHT", status=400),
    "credentials-present": exchange(url=f"{HOST}/v1/tags/snow", status=400),
    "law-kept": exchange(url=f"{HOST}/v1/tags/SNOW.json?access_token={TOKEN}"),
}


def test_every_check_has_a_case_that_breaks_it_and_one_that_keeps_it() -> None:
    assert BROKEN.keys() == CHECKS.keys()
    assert KEPT.keys() == CHECKS.keys()


@pytest.mark.parametrize("check", BROKEN)
def test_what_is_broken_is_found_and_named(check: str) -> None:
    case = BROKEN[check]
    [finding] = found(case.judge, case.exchange)
    assert finding.check == check
    assert finding.severity is case.severity
    assert finding.side is case.side
    assert finding.spec_pointer == f"#{case.spec_pointer}"
    assert finding.pointer == case.pointer
    assert case.says in finding.message


@pytest.mark.parametrize("check", KEPT)
def test_what_is_kept_is_let_pass(check: str) -> None:
    assert check not in ids(JUDGE, KEPT[check])


def test_a_finding_says_where_and_what_was_sent() -> None:
    [finding] = found(
        JUDGE, dataclasses.replace(BROKEN["body-matches-schema"].exchange, source="a.har#7", entry=7)
    )
    assert finding == Finding(
        source="a.har#7",
        entry=7,
        check="body-matches-schema",
        severity=Severity.ERROR,
        side=Side.RESPONSE,
        operation="getTag",
        method="GET",
        path="/v1/tags/snow",
        status=200,
        pointer="/data/media_count",
        spec_pointer="#/components/schemas/Tag/properties/media_count/type",
        line=DOCUMENT.line("/components/schemas/Tag/properties/media_count/type"),
        message='body /data/media_count is "2", a string, not an integer',
        fingerprint=finding.fingerprint,
    )


def test_every_check_tells_what_it_promises_in_one_sentence_and_more_below() -> None:
    for check in CHECKS.values():
        summary, blank, *rest = check.text.splitlines()
        assert summary.endswith("."), check.id
        assert blank == "", check.id
        assert any(line.strip() for line in rest), check.id


# operation-known and method-allowed

PATHS = {
    "a path below the prefix that is not there": ("/v1/nope", "error", "the document has no path /v1/nope"),
    "the prefix alone": ("/v1", "error", "the document has no path /v1"),
    "a path outside of the prefix": ("/login", "warning", "/login is not below /v1, where the API is served"),
    "a prefix that only begins alike": ("/v10/tags/snow", "warning", "/v10/tags/snow is not below /v1"),
    "no path at all": ("", "warning", "/ is not below /v1"),
    "one segment too many": ("/v1/tags/snow/media", "error", "no path /v1/tags/snow/media"),
    "an empty segment": ("/v1/tags//media/recent", "error", "no path /v1/tags//media/recent"),
}


@pytest.mark.parametrize("case", PATHS)
def test_an_unknown_path_is_found(case: str) -> None:
    path, severity, says = PATHS[case]
    [finding] = found(JUDGE, exchange(url=HOST + path))
    assert (finding.check, finding.operation, finding.severity) == ("operation-known", None, severity)
    assert says in finding.message


@pytest.mark.parametrize(
    "path", ["/tags/snow/", "/tags/snow.json", "/tags/%73now", "/%74ags/snow", "/tags/a%2Fb"]
)
def test_a_known_path_is_recognised_however_it_is_written(path: str) -> None:
    assert JUDGE.judge(to(path)).operation == "getTag"


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "head", "get"])
def test_a_method_that_is_always_allowed_is_let_pass(method: str) -> None:
    assert ids(JUDGE, to("/tags/snow", method=method)) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "CONNECT", "QUERY", "", "G T"])
def test_an_undocumented_method_is_an_error_and_a_warning_where_it_was_refused(method: str) -> None:
    for status, severity in ((200, Severity.ERROR), (500, Severity.ERROR), (405, Severity.WARNING)):
        [finding] = JUDGE.judge(to("/tags/snow", method=method, status=status)).findings
        assert (finding.check, finding.severity) == ("method-allowed", severity)


@pytest.mark.parametrize(
    ("status", "severity"), [(200, Severity.ERROR), (503, Severity.ERROR), (404, Severity.WARNING)]
)
def test_an_unknown_path_is_an_error_and_a_warning_where_it_was_refused(
    status: int, severity: Severity
) -> None:
    [finding] = JUDGE.judge(to("/tags/snow/melted", status=status)).findings
    assert (finding.check, finding.severity) == ("operation-known", severity)


def test_head_is_not_allowed_where_get_is_not() -> None:
    judge = api({}, method="post")
    assert ids(judge, thing(method="HEAD")) == ["method-allowed"]


# status-documented and no-server-fault

STATUSES: list[tuple[str, int, list[str]]] = [
    ("200", 200, []),
    ("200", 201, ["status-documented"]),
    ("2XX", 204, []),
    ("2XX", 304, ["status-documented"]),
    ("200 default", 404, []),
    ("2XX 404", 404, []),
    ("500", 500, ["no-server-fault"]),
    ("5XX", 503, ["no-server-fault"]),
    ("200", 503, ["status-documented", "no-server-fault"]),
    ("default", 599, ["no-server-fault"]),
    ("1XX", 101, []),
    ("200", 600, ["status-documented", "no-server-fault"]),
    ("200", -1, ["status-documented"]),
    ("200 default", 0, ["status-documented"]),
]


@pytest.mark.parametrize(("documented", "status", "expected"), STATUSES)
def test_a_status_must_be_documented_and_no_fault(documented: str, status: int, expected: list[str]) -> None:
    judge = api({"responses": {each: {"description": each} for each in documented.split()}})
    assert ids(judge, thing(status=status)) == expected


def test_status_0_is_a_warning() -> None:
    [finding] = found(JUDGE, to("/tags/snow", status=0))
    assert finding.severity is Severity.WARNING
    assert finding.message == "no answer was recorded (status 0)"


def test_the_status_itself_wins_over_its_range_and_that_over_default() -> None:
    content = {"200": "application/a", "2XX": "application/b", "default": "application/c"}
    judge = api(
        {"responses": {key: {"description": "", "content": {name: {}}} for key, name in content.items()}}
    )
    for status, wanted in ((200, "application/a"), (201, "application/b"), (404, "application/c")):
        for name in content.values():
            one = thing(status=status, response_headers=(("content-type", name),), response_body=b"x")
            assert ids(judge, one) == ([] if name == wanted else ["media-type-documented"]), (status, name)


# media-type-documented

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
    ("application/json", None, "the answer has no Content-Type (documented: application/json)"),
    ("application/json", "", "the answer has no Content-Type"),
    ("application/json", " ; charset=utf-8", "the answer has no Content-Type"),
    ("application/json text/plain", "text/html", "(documented: application/json, text/plain)"),
]


@pytest.mark.parametrize(("documented", "actual", "says"), MEDIA_TYPES)
def test_a_media_type_must_be_documented(documented: str, actual: str | None, says: str) -> None:
    separator = documented.split() if ";" not in documented else [documented]
    headers = (("server", "x"), *((("content-type", actual),) if actual is not None else ()))
    messages = said(answering(*separator), thing(response_headers=headers, response_body=b"{}"))
    assert (says in messages[0]) if says else (messages == [])


@pytest.mark.parametrize(
    "documented", ["application/json", "application/json; charset=utf-8", "application/*", "*/*"]
)
def test_json_is_read_however_its_media_type_is_documented(documented: str) -> None:
    judge = answering(documented, schema={"type": "array"})
    one = thing(response_headers=(("content-type", "application/json"),))
    assert ids(judge, dataclasses.replace(one, response_body=b"[]")) == []
    assert ids(judge, dataclasses.replace(one, response_body=b"{}")) == ["body-matches-schema"]
    assert ids(judge, dataclasses.replace(one, response_body=b"{")) == ["body-is-json"]


def test_the_most_exact_media_type_wins() -> None:
    content = {"*/*": {"schema": False}, "application/*": {"schema": False}, "application/json": {}}
    judge = api({"responses": {"200": {"description": "", "content": content}}})
    assert ids(judge, thing(response_headers=JSON, response_body=b"{}")) == []


def test_a_body_where_none_is_documented_is_found() -> None:
    judge = api({"responses": {"202": {"description": "Later."}, "302": {"description": "Elsewhere."}}})
    [message] = said(judge, thing(status=202, response_body=b"Later."))
    assert message == "the answer to status 202 has a body, none is documented"
    assert said(judge, thing(status=202, response_body=b"")) == []
    assert said(judge, thing(status=202, response_body=None)) == []
    assert said(judge, thing(status=302, response_body=b"<a href=there>there</a>")) == []


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
def test_an_answer_that_has_no_body_needs_none(changes: dict[str, Any], body: bytes | None) -> None:
    content = {"application/json": {"schema": {"type": "object"}}}
    responses = {key: {"description": "", "content": content} for key in ("101", "200", "204", "304")}
    assert ids(api({"responses": responses}), thing(response_body=body, **changes)) == []


def test_nothing_is_concluded_from_what_was_not_recorded() -> None:
    header = {"required": True, "schema": {"type": "integer"}}
    response = {"headers": {"X-Count": header}}
    judge = answering("application/json", schema={"type": "object"}, response=response)
    assert ids(judge, thing(response_headers=(), response_body=None)) == []
    assert ids(judge, thing(response_headers=(), response_body=b"{}")) == []
    assert ids(judge, thing(response_headers=(), response_body=b"[]")) == ["body-matches-schema"]


# body-is-json and body-matches-schema

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


@pytest.mark.parametrize(("body", "says"), BODIES, ids=[repr(body[:12]) for body, _ in BODIES])
def test_a_body_that_is_no_json_is_found_once(body: bytes, says: str) -> None:
    [finding] = found(JUDGE, answer(body))
    assert (finding.check, finding.pointer) == ("body-is-json", "")
    assert says in finding.message


@pytest.mark.parametrize("depth", [300, 900])
def test_a_body_nested_deeper_than_the_engine_goes_is_a_finding_and_no_crash(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    [finding] = found(JUDGE, answer(f'{{"meta": {{"code": 200}}, "data": {deep}}}'.encode()))
    assert (finding.check, finding.pointer) == ("body-matches-schema", "")
    assert finding.message == "the body is nested too deeply to be judged"


@pytest.mark.parametrize("depth", [100, 255, 256, 900])
def test_a_deep_body_that_fits_is_let_pass(depth: int) -> None:
    nest = {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}}
    judge = api(
        {"responses": {"200": {"description": "", "content": {"application/json": {"schema": nest}}}}},
        components={"schemas": {"Nest": nest}},
    )
    assert ids(judge, thing(response_headers=JSON, response_body=b"[" * depth + b"]" * depth)) == []


def test_html_that_calls_itself_json_is_no_json() -> None:
    assert ids(JUDGE, answer(b"<html>")) == ["body-is-json"]


def test_html_that_calls_itself_html_has_the_wrong_media_type_and_that_is_all() -> None:
    assert ids(JUDGE, answer(b"<html>", response_headers=(("content-type", "text/html"),))) == [
        "media-type-documented"
    ]


def test_json_that_calls_itself_html_is_read_all_the_same() -> None:
    html = (("content-type", "text/html"),)
    assert ids(JUDGE, exchange(response_headers=html)) == ["media-type-documented"]
    assert ids(JUDGE, answer(b"{}", response_headers=html)) == [
        "media-type-documented",
        "body-matches-schema",
        "body-matches-schema",
    ]


def test_a_pattern_that_wants_two_characters_is_not_content_with_one() -> None:
    judge = answering("application/json", schema={"type": "string", "pattern": "^a+b*a+"})
    assert ids(judge, thing(response_headers=JSON, response_body=b'"aa"')) == []
    assert ids(judge, thing(response_headers=JSON, response_body=b'"a"')) == ["body-matches-schema"]


def test_a_text_is_held_against_its_schema() -> None:
    judge = answering("text/plain", schema={"type": "string", "maxLength": 3})
    plain = (("content-type", "text/plain; charset=utf-8"),)
    assert ids(judge, thing(response_headers=plain, response_body=b"abc")) == []
    assert said(judge, thing(response_headers=plain, response_body=b"abcd")) == [
        "the body has more characters (4) than 3"
    ]


def test_a_body_of_bytes_is_not_read() -> None:
    judge = answering("image/png", schema={"type": "string", "maxLength": 3})
    assert (
        ids(judge, thing(response_headers=(("content-type", "image/png"),), response_body=b"\x89PNG...."))
        == []
    )


def test_everything_that_is_wrong_is_a_finding_of_its_own() -> None:
    body = {"meta": {"code": 201}, "data": {"name": "", "media_count": -1}}
    findings = found(JUDGE, answer(json.dumps(body).encode()))
    assert {finding.pointer for finding in findings} == {"/meta/code", "/data/name", "/data/media_count"}
    assert len(findings) == 3


def test_a_wrong_format_alone_is_a_warning() -> None:
    body = json.dumps({"id": "1", "username": "a", "profile_picture": "no address"})
    one = to("/media/1_1/likes", response_headers=CHARGED)
    data = f'{{"meta": {{"code": 200}}, "data": [{body}]}}'.encode()
    [finding] = found(JUDGE, dataclasses.replace(one, response_body=data))
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/data/0/profile_picture")
    assert "has not the format uri" in finding.message


def test_huge_numbers_are_judged() -> None:
    digits = b"9" * 4000
    body = b'{"meta": {"code": 200}, "data": {"name": "snow", "media_count": %s}}'
    assert ids(JUDGE, answer(body % digits)) == []
    assert ids(JUDGE, answer(body % (b"-" + digits))) == ["body-matches-schema"]


# response-headers-match

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
    ({"type": "array", "items": {}, "maxItems": 1}, ["a,b"], "has more items (2) than 1"),
    ({"type": "string", "format": "date"}, ["tomorrow"], "has not the format date"),
]


@pytest.mark.parametrize(("schema", "values", "says"), HEADERS)
def test_a_header_must_fit_its_schema(schema: dict[str, Any], values: list[str], says: str) -> None:
    judge = api({"responses": {"200": {"description": "", "headers": {"X-Thing": {"schema": schema}}}}})
    headers = (("server", "x"), *(("x-thing", value) for value in values))
    findings = found(judge, thing(response_headers=headers))
    assert [finding.check for finding in findings] == ["response-headers-match"] * bool(says)
    assert all(says in finding.message and '"X-Thing"' in finding.message for finding in findings)


def test_only_a_required_header_must_be_there() -> None:
    header = {"required": True, "schema": {"type": "string"}}
    judge = api(
        {
            "responses": {
                "200": {"description": "", "headers": {"X-A": header, "X-B": {**header, "required": False}}}
            }
        }
    )
    assert said(judge, thing()) == ['the header "X-A" is missing']
    assert said(judge, thing(response_headers=(("x-a", ""),))) == []


def test_a_documented_content_type_header_is_ignored() -> None:
    header = {"required": True, "schema": {"const": "no"}}
    judge = answering("text/plain", response={"headers": {"Content-Type": header}})
    assert ids(judge, thing(response_headers=(("content-type", "text/plain"),), response_body=b"x")) == []


# request-parameters-match

NUMBERS = {"type": "array", "items": {"type": "integer"}, "maxItems": 2}
PARAMETERS: dict[str, tuple[dict[str, Any], Exchange, str]] = {
    "an optional one that is missing": ({"in": "query", "schema": {"type": "integer"}}, thing(), ""),
    "a required one that is missing": (
        {"in": "query", "required": True, "schema": {"type": "integer"}},
        thing("other=1"),
        'the query parameter "p" is missing',
    ),
    "an integer": ({"in": "query", "schema": {"type": "integer"}}, thing("p=1"), ""),
    "no integer": ({"in": "query", "schema": {"type": "integer"}}, thing("p=one"), 'is "one", a string'),
    "nothing for an integer": ({"in": "query", "schema": {"type": "integer"}}, thing("p="), 'is ""'),
    "a name alone": ({"in": "query", "schema": {"type": "integer"}}, thing("p"), 'is ""'),
    "an empty value that is allowed": (
        {"in": "query", "required": True, "allowEmptyValue": True, "schema": {"type": "integer"}},
        thing("p"),
        "",
    ),
    "the second of two": ({"in": "query", "schema": {"type": "integer"}}, thing("p=1&p=x"), 'is "x"'),
    "an integer that is huge": ({"in": "query", "schema": {"type": "integer"}}, thing("p=" + "9" * 3000), ""),
    "digits where text is wanted": ({"in": "query", "schema": {"type": "string"}}, thing("p=12"), ""),
    "text or integer": ({"in": "query", "schema": {"type": ["integer", "string"]}}, thing("p=x"), ""),
    "an encoded name and value": (
        {"in": "query", "schema": {"const": "a b+c"}},
        thing("%70=a+b%2Bc"),
        "",
    ),
    "a boolean": ({"in": "query", "schema": {"type": "boolean"}}, thing("p=true"), ""),
    "no boolean": ({"in": "query", "schema": {"type": "boolean"}}, thing("p=1"), "not a boolean"),
    "null": ({"in": "query", "schema": {"type": ["integer", "null"]}}, thing("p="), ""),
    "an exploded array": ({"in": "query", "schema": NUMBERS}, thing("p=1&p=2"), ""),
    "an exploded array with brackets": ({"in": "query", "schema": NUMBERS}, thing("p[]=1&p%5B%5D=2"), ""),
    "an exploded array that is too long": (
        {"in": "query", "schema": NUMBERS},
        thing("p=1&p=2&p=3"),
        "more items (3)",
    ),
    "an exploded array with a wrong item": ({"in": "query", "schema": NUMBERS}, thing("p=1&p=x"), 'is "x"'),
    "commas in an exploded array": ({"in": "query", "schema": NUMBERS}, thing("p=1,2"), 'is "1,2"'),
    "an array with commas": ({"in": "query", "explode": False, "schema": NUMBERS}, thing("p=1,2"), ""),
    "an array with commas that is too long": (
        {"in": "query", "explode": False, "schema": NUMBERS},
        thing("p=1,2,3"),
        "more items (3)",
    ),
    "an array with pipes": (
        {"in": "query", "style": "pipeDelimited", "explode": False, "schema": NUMBERS},
        thing("p=1%7C2"),
        "",
    ),
    "an array with spaces": (
        {"in": "query", "style": "spaceDelimited", "explode": False, "schema": NUMBERS},
        thing("p=1%20x"),
        'is "x"',
    ),
    "an object": (
        {"in": "query", "style": "deepObject", "required": True, "schema": {"type": "object"}},
        thing("p[a]=1"),
        "",
    ),
    "JSON": (
        {"in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        thing("p=%7B%22a%22:1%7D"),
        "",
    ),
    "JSON of the wrong type": (
        {"in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        thing("p=[]"),
        "is an array, not an object",
    ),
    "a header": (
        {"in": "header", "schema": {"type": "integer"}},
        thing(request_headers=(("p", "x"),)),
        'the header parameter "p" is "x"',
    ),
    "a required header that is missing": (
        {"in": "header", "required": True, "schema": {}},
        thing(),
        'the header parameter "p" is missing',
    ),
    "a required header, headers not recorded": (
        {"in": "header", "required": True, "schema": {}},
        thing(request_headers=()),
        "",
    ),
    "a required cookie": (
        {"in": "cookie", "required": True, "schema": {"type": "integer"}},
        thing(request_headers=(("cookie", "a=b; p=12; c=d"),)),
        "",
    ),
    "a required cookie that is missing": (
        {"in": "cookie", "required": True, "schema": {"type": "integer"}},
        thing(request_headers=(("cookie", "pp=12"),)),
        'the cookie parameter "p" is missing',
    ),
    "a cookie of the wrong type, never shown": (
        {"in": "cookie", "schema": {"type": "integer"}},
        thing(request_headers=(("cookie", "p=abc"),)),
        "is [redacted], a string, not an integer",
    ),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_parameter_of_an_accepted_request_must_fit(case: str) -> None:
    parameter, one, says = PARAMETERS[case]
    judge = api({"parameters": [{"name": "p", **parameter}]})
    findings = found(judge, one)
    assert [finding.check for finding in findings] == ["request-parameters-match"] * bool(says)
    assert all(says in finding.message for finding in findings)
    assert ids(judge, dataclasses.replace(one, status=400)) == [], "refused: no promise was broken"
    assert ids(judge, dataclasses.replace(one, status=302)) == ids(judge, one), "a redirect is no refusal"


@pytest.mark.parametrize("name", ["Accept", "Content-Type", "Authorization"])
def test_a_header_parameter_that_openapi_ignores_is_ignored(name: str) -> None:
    judge = api({"parameters": [{"name": name, "in": "header", "required": True, "schema": False}]})
    assert ids(judge, thing()) == []


@pytest.mark.parametrize(
    ("template", "style", "path", "says"),
    [
        ("/things/{p}", "simple", "/things/12", ""),
        ("/things/{p}", "simple", "/things/twelve", 'the path parameter "p" is "twelve"'),
        ("/things/{p}", "simple", "/things/%31%32", ""),
        ("/things/{p}", "label", "/things/.12", ""),
        ("/things/{p}", "matrix", "/things/;p=12", ""),
        ("/things/{p}", "matrix", "/things/;p=x", 'is "x"'),
        ("/things/a{p}b", "simple", "/things/a12b", ""),
    ],
)
def test_a_path_parameter_must_fit(template: str, style: str, path: str, says: str) -> None:
    parameter = {"name": "p", "in": "path", "required": True, "style": style, "schema": {"type": "integer"}}
    judge = api({"parameters": [parameter]}, path=template)
    messages = said(judge, thing(url=f"https://things.example{path}"))
    assert (says in messages[0]) if says else (messages == [])


def test_a_parameter_of_the_operation_wins_over_that_of_the_path() -> None:
    narrow = {"name": "p", "in": "query", "schema": {"type": "integer"}}
    paths = {"/things": {"parameters": [{**narrow, "required": True}], "get": {"parameters": [narrow]}}}
    judge = api({}, paths=paths)
    assert "request-parameters-match" not in ids(judge, thing())


# request-body-matches

FIELDS = {
    "type": "object",
    "required": ["n"],
    "properties": {"n": {"type": "integer"}, "t": {"type": "string"}},
}


def taking(*media_types: str, **more: Any) -> Judge:
    content = {name: {"schema": FIELDS} for name in media_types}
    return api({"requestBody": {"required": True, "content": content, **more}}, method="post")


def sent(
    body: bytes | None, content_type: str = "application/x-www-form-urlencoded", **changes: Any
) -> Exchange:
    headers = (("content-type", content_type),) if content_type else (("host", "things.example"),)
    return thing(**{"method": "POST", "request_headers": headers, "request_body": body, **changes})


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
MULTIPART = "multipart/form-data; boundary=xYz"
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
        "is no multipart form with the boundary that its header names",
    ),
    "parts without a boundary": (sent(multipart({"n": "1"}), "multipart/form-data"), "is no multipart form"),
    "JSON": (sent(b'{"n": 1}', "application/json"), ""),
    "JSON of the wrong type": (sent(b"[]", "application/json"), "the body is an array, not an object"),
    "broken JSON": (sent(b'{"n": 1', "application/json"), "the body of the request is not JSON: it ends too"),
    "deep JSON": (sent(DEEP, "application/json"), "the body of the request is nested too deeply"),
    "another media type": (sent(b"<n>1</n>", "text/xml"), "has the media type text/xml (documented: "),
    "an empty body": (sent(b""), "the body of the request is missing"),
    "an empty body without a Content-Type": (sent(b"", ""), "the body of the request is missing"),
    "a body that was not recorded": (sent(None), ""),
    "neither headers nor body recorded": (sent(None, request_headers=()), ""),
}


@pytest.mark.parametrize("case", REQUEST_BODIES)
def test_the_body_of_an_accepted_request_must_fit(case: str) -> None:
    one, says = REQUEST_BODIES[case]
    judge = taking(*FORMS)
    findings = found(judge, one)
    assert [finding.check for finding in findings] == ["request-body-matches"] * bool(says)
    assert all(says in finding.message for finding in findings)
    assert ids(judge, dataclasses.replace(one, status=422)) == [], "refused: no promise was broken"


def test_a_body_of_text_must_fit_and_one_of_bytes_is_not_read() -> None:
    schema = {"schema": {"type": "string", "maxLength": 3}}
    content = {"text/plain": schema, "image/png": schema, "text/csv": {}}
    judge = api({"requestBody": {"content": content}}, method="post")
    assert said(judge, sent(b"abcd", "text/plain")) == ["the body has more characters (4) than 3"]
    assert ids(judge, sent(b"abc", "text/plain")) == []
    assert ids(judge, sent(b"abcd", "image/png")) == []
    assert ids(judge, sent(b"abcd", "text/csv")) == []


def test_a_body_that_is_not_required_may_be_missing() -> None:
    assert ids(taking("application/json", required=False), sent(b"", "")) == []


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
def test_fields_may_stand_in_the_query_where_the_document_says_so(
    body: bytes | None, query: str, expected: list[str]
) -> None:
    url = f"https://things.example/things?{query}"
    assert ids(taking(*FORMS, **{"x-also-in-query": True}), sent(body, url=url)) == expected
    if body == b"" and not expected:
        assert ids(taking(*FORMS), sent(body, url=url)) == ["request-body-matches"]


@pytest.mark.parametrize("query", ["p=a", "p=a&p=b", "p="])
def test_an_array_need_not_say_what_its_items_are(query: str) -> None:
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": {"type": "array"}}]})
    assert ids(judge, thing(query)) == []


def test_an_operation_without_responses_promises_none() -> None:
    judge = api({}, paths={"/things": {"get": {"operationId": "listThings"}}})
    [finding] = found(judge, thing())
    assert finding.message == "the status 200 is not documented (documented: none)"
    assert finding.spec_pointer == "#/paths/~1things/get"


# rule-broken-but-accepted

RULE = {
    "type": "string",
    "allOf": [
        {"x-rule": "short", "x-message": "It is short.", "maxLength": 3},
        {"x-rule": "calm", "x-message": "It is calm.", "not": {"pattern": "!"}},
    ],
}
BROKEN_RULES: list[tuple[Exchange, list[str]]] = [
    (comment(b"text=LOUD"), ["not-all-capitals"]),
    (comment(b"text=LOUD+http://a.b+https://c.d"), ["max-urls"]),
    (comment(b"text=" + b"a" * 301), ["max-length"]),
    (comment(b"text=" + b"A" * 301), ["max-length", "not-all-capitals"]),
    (comment(b"text=#a #b #c #d #e"), ["max-hashtags"]),
    (comment(b"", "text=LOUD"), ["not-all-capitals"]),
    (comment(None, "text=LOUD"), ["not-all-capitals"]),
    (comment(b"text=calm", "text=LOUD"), []),
    (
        comment(multipart({"text": "LOUD"}), request_headers=(("content-type", MULTIPART),)),
        ["not-all-capitals"],
    ),
    (comment(b"text=LOUD", status=400), []),
    (comment(b"text=calm"), []),
    (comment(None), []),
]


@pytest.mark.parametrize(("one", "rules"), BROKEN_RULES)
def test_a_broken_rule_is_found_where_it_was_accepted(one: Exchange, rules: list[str]) -> None:
    findings = found(JUDGE, one)
    assert {finding.check for finding in findings} <= {"rule-broken-but-accepted"}
    for finding, rule in zip(findings, rules, strict=True):
        spec_pointer = DOCUMENT.get(finding.spec_pointer.removeprefix("#"))
        assert spec_pointer["x-rule"] == rule
        assert f'"{rule}"' in finding.message
        assert finding.message.endswith(spec_pointer["x-message"])
        assert finding.pointer == "/text"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_broken_rule_of_a_parameter_is_found(status: int) -> None:
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": RULE}]})
    [finding] = found(judge, thing("p=a!", status=status))
    assert finding.check == "rule-broken-but-accepted"
    assert finding.message == 'the query parameter "p" breaks the rule "calm" and was accepted: It is calm.'
    assert finding.pointer is None
    assert len(found(judge, thing("p=abc!", status=status))) == 2


@pytest.mark.parametrize("status", [302, 400, 429])
def test_a_broken_rule_that_was_not_accepted_is_none(status: int) -> None:
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": RULE}]})
    assert ids(judge, thing("p=abc!", status=status)) == []


def test_a_rule_without_a_sentence_is_told_by_its_schema() -> None:
    schema = {"type": "string", "allOf": [{"x-rule": "short", "maxLength": 3}]}
    judge = api({"parameters": [{"name": "p", "in": "query", "schema": schema}]})
    [message] = said(judge, thing("p=abcd"))
    assert message.endswith('breaks the rule "short" and was accepted: It has more characters (4) than 3.')


# credentials-present

SCHEMES = {
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "form": {"type": "apiKey", "in": "query", "name": "key", "x-in-form": True},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "basic": {"type": "http", "scheme": "basic"},
    "oauth": {"type": "oauth2", "flows": {}},
    "tls": {"type": "mutualTLS"},
}
BEARER = (("authorization", "Bearer abcdefgh"),)
CREDENTIALS: list[tuple[list[dict[str, list[str]]], Exchange, bool]] = [
    ([{"query": []}], thing("key=abcdefgh"), True),
    ([{"query": []}], thing("%6Bey=abcdefgh"), True),
    ([{"query": []}], thing("key="), False),
    ([{"query": []}], thing("Key=abcdefgh"), False),
    ([{"query": []}], thing(request_headers=()), False),
    ([{"query": []}], thing(method="POST", request_headers=FORM, request_body=b"key=abcdefgh"), False),
    ([{"query": []}], thing(method="POST", request_body=None), False),
    ([{"form": []}], thing("key=abcdefgh"), True),
    ([{"form": []}], thing(), False),
    ([{"form": []}], thing(method="POST", request_headers=FORM, request_body=b"key=abcdefgh"), True),
    ([{"form": []}], thing(method="POST", request_headers=FORM, request_body=b"key="), False),
    ([{"form": []}], thing(method="POST", request_headers=JSON, request_body=b"key=abcdefgh"), False),
    ([{"form": []}], thing(method="POST", request_body=None), True),
    ([{"header": []}], thing(request_headers=(("x-key", "abcdefgh"),)), True),
    ([{"header": []}], thing(request_headers=(("x-key", ""),)), False),
    ([{"header": []}], thing(), False),
    ([{"header": []}], thing(request_headers=()), True),
    ([{"cookie": []}], thing(request_headers=(("cookie", "a=b; session=abcdefgh"),)), True),
    ([{"cookie": []}], thing(request_headers=(("cookie", "a=b"), ("cookie", "session=abcdefgh"))), True),
    ([{"cookie": []}], thing(request_headers=(("cookie", "sessions=abcdefgh"),)), False),
    ([{"basic": []}], thing(request_headers=(("authorization", "Basic YTpi"),)), True),
    ([{"basic": []}], thing(), False),
    ([{"oauth": []}], thing(request_headers=BEARER), True),
    ([{"oauth": []}], thing("access_token=abcdefgh"), True),
    ([{"oauth": []}], thing("access_token="), False),
    (
        [{"oauth": []}],
        thing(method="POST", request_headers=FORM, request_body=b"access_token=abcdefgh"),
        True,
    ),
    (
        [{"oauth": []}],
        thing(method="POST", request_headers=(*FORM, ("host", "x")), request_body=b"token=abcdefgh"),
        False,
    ),
    (
        [{"oauth": []}],
        thing(
            method="POST",
            request_headers=(("content-type", MULTIPART), ("host", "things.example")),
            request_body=multipart({"access_token": "abcdefgh"}),
        ),
        True,
    ),
    ([{"oauth": []}], thing(method="POST", request_body=None), True),
    ([{"oauth": []}], thing(request_body=None), False),
    ([{"tls": []}], thing(), True),
    ([{"query": [], "header": []}], thing("key=abcdefgh"), False),
    ([{"query": [], "header": []}], thing("key=abcdefgh", request_headers=(("x-key", "abcdefgh"),)), True),
    ([{"query": []}, {"header": []}], thing("key=abcdefgh"), True),
    ([{"query": []}, {"header": []}], thing(), False),
    ([{"query": []}, {}], thing(), True),
    ([{}], thing(), True),
    ([], thing(), True),
]


@pytest.mark.parametrize(("security", "one", "kept"), CREDENTIALS)
def test_an_accepted_request_carries_its_credentials(
    security: list[dict[str, list[str]]], one: Exchange, kept: bool
) -> None:
    components = {"securitySchemes": SCHEMES}
    method = one.method.lower()
    judge = api({"security": security}, method=method, components=components)
    assert ids(judge, one) == ([] if kept else ["credentials-present"])
    everywhere = api({}, method=method, components=components, security=security)
    assert ids(everywhere, one) == ids(judge, one), "the security of the document counts"
    refused = dataclasses.replace(one, status=401)
    assert ids(judge, refused) == []


def test_an_operation_can_lift_the_security_of_the_document() -> None:
    judge = api({"security": []}, components={"securitySchemes": SCHEMES}, security=[{"query": []}])
    assert ids(judge, thing()) == []


# Properties: whatever stands on the wire

NASTY = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "%",
        "%ff",
        "%00",
        "\x1b[31m",
        "\u202e",
        "{",
        "..",
        "//",
        "?",
        "#",
        "&",
        "=",
        "9" * 400,
        "NaN",
    ]
)
ANY_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["content-type", "authorization", "cookie", "x-ratelimit-limit", "location"])
        | NASTY.map(str.lower),
        NASTY
        | st.sampled_from(
            ["multipart/form-data", "multipart/form-data; boundary=\udc80", "application/json", ";"]
        ),
    ),
    max_size=3,
).map(tuple)
ANY_BODY = (
    st.none() | st.binary(max_size=40) | st.sampled_from([b"", b"null", b"[]", DEEP, b"{}" * 3, b"1e999"])
)
NOISE = st.builds(
    Exchange,
    source=st.just("noise.har#3"),
    entry=st.just(3),
    method=NASTY,
    url=NASTY | NASTY.map(f"{HOST}/v1/tags/".__add__),
    status=st.integers(-(2**70), 2**70),
    request_headers=ANY_HEADERS,
    request_body=ANY_BODY,
    response_headers=ANY_HEADERS,
    response_body=ANY_BODY,
)


@st.composite
def broken_a_little(draw: st.DrawFn) -> Exchange:
    """A faithful exchange in which one to three things were changed."""
    one = draw(st.sampled_from(FAITHFUL))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(
            st.sampled_from(
                ["method", "url", "status", "request_headers", "response_headers", "body", "body"]
            )
        )
        match name:
            case "method":
                change: dict[str, Any] = {
                    name: draw(st.sampled_from(["GET", "POST", "HEAD", "DELETE"]) | NASTY)
                }
            case "url":
                change = {name: draw(spliced(one.url))}
            case "status":
                change = {name: draw(st.integers(0, 600) | st.sampled_from([200, 400, 403, 429]))}
            case "body":
                which = draw(st.sampled_from(["request_body", "response_body"]))
                change = {which: draw(st.none() | damaged(getattr(one, which) or b""))}
            case _:
                change = {name: getattr(one, name)[draw(st.integers(0, 2)) :] + draw(ANY_HEADERS)}
        one = dataclasses.replace(one, **change)
    return one


def spliced(text: str) -> st.SearchStrategy[str]:
    """A text with something else in place of a part of it."""
    return st.builds(
        lambda at, length, more: text[:at] + more + text[at + length :],
        st.integers(0, len(text)),
        st.integers(0, 8),
        NASTY,
    )


def damaged(body: bytes) -> st.SearchStrategy[bytes]:
    """Bytes with others in place of a part of them, or a JSON value with another in place of a part."""
    bytewise = st.builds(
        lambda at, length, more: body[:at] + more + body[at + length :],
        st.integers(0, len(body)),
        st.integers(0, 8),
        st.binary(max_size=6)
        | st.sampled_from([b"\\ud800", b"null", b"NaN", b"\xef\xbb\xbf", b'"', b"1e999"]),
    )
    try:
        value = json.loads(body)
    except ValueError:
        return bytewise
    return bytewise | replaced(value).map(lambda other: json.dumps(other).encode())


def replaced(value: Any) -> st.SearchStrategy[Any]:
    scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | NASTY
    other: st.SearchStrategy[Any] = (
        scalars | st.just([]) | st.just({}) | st.just([[]]) | st.dictionaries(NASTY, scalars, max_size=2)
    )
    if isinstance(value, dict) and value:
        return other | st.sampled_from(sorted(value)).flatmap(
            lambda key: (
                st.just({name: value[name] for name in value if name != key})
                | replaced(value[key]).map(lambda inner: {**value, key: inner})
            )
        )
    if isinstance(value, list) and value:
        return other | replaced(value[0]).map(lambda inner: [inner, *value])
    return other


def judged_twice(one: Exchange) -> list[Finding]:
    findings = found(JUDGE, one)
    assert found(JUDGE, one) == findings, "what is found does not depend on what was judged before"
    for finding in findings:
        json.dumps(dataclasses.asdict(finding), ensure_ascii=False).encode()
        assert finding.message
    return findings


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(broken_a_little())
def test_an_exchange_that_is_broken_a_little_can_be_judged(one: Exchange) -> None:
    judged_twice(one)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(NOISE)
def test_noise_can_be_judged(one: Exchange) -> None:
    judged_twice(one)


@settings(max_examples=100)
@given(st.lists(st.one_of(broken_a_little(), NOISE), min_size=2, max_size=4))
def test_the_order_of_exchanges_does_not_matter(several: list[Exchange]) -> None:
    forth, back = Judge(SPEC), Judge(SPEC)
    there = [forth.judge(one) for one in several]
    assert [back.judge(one) for one in reversed(several)] == there[::-1]


SECRETS = st.text("abcXYZ0189._~-+/=", min_size=8, max_size=40).filter(lambda text: len(set(text)) > 3)


@st.composite
def with_a_secret(draw: st.DrawFn) -> tuple[str, Exchange]:
    """A broken exchange with a secret in one place or several, and echoed where it has no business."""
    secret = draw(SECRETS)
    name = draw(st.sampled_from(["access_token", "sig", "client_secret", "code", "ACCESS_TOKEN"]))
    quoted = quote(secret, safe="")
    echo = json.dumps(
        {"meta": {"code": secret, name: secret}, "data": {"name": [secret], secret: 1}}
    ).encode()
    places: dict[str, dict[str, Any]] = {
        "query": {"url": f"{HOST}/v1/users/self/feed?{name}={quoted}&count={quoted}"},
        "path": {"url": f"{HOST}/v1/{quoted}/nope?{name}={quoted}"},
        "form": {"request_body": f"{name}={quoted}&action={quoted}".encode(), "method": "POST"},
        "json": {"request_body": json.dumps({name: secret}).encode(), "method": "POST"},
        "parts": {"request_body": multipart({name: secret, "text": secret}), "method": "POST"},
        "authorization": {"request_headers": (("authorization", f"Bearer {secret}"),)},
        "cookie": {"request_headers": (("cookie", f"session={secret}; a=b"),)},
        "set-cookie": {"response_headers": (*JSON, ("set-cookie", f"session={secret}; Path=/"))},
        "answer": {"response_body": json.dumps({name: secret}).encode()},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=3, unique=True))
    change = {key: value for place in chosen for key, value in places[place].items()}
    one = to("/users/1002/relationship", response_headers=(*JSON, ("x-ratelimit-limit", secret)))
    return secret, dataclasses.replace(one, **{"response_body": echo, **change})


@settings(max_examples=300)
@given(with_a_secret())
def test_a_secret_appears_nowhere_in_what_is_found(planted: tuple[str, Exchange]) -> None:
    secret, one = planted
    for finding in found(JUDGE, one):
        told = repr(dataclasses.replace(finding, fingerprint=""))
        assert secret not in told
        assert quote(secret, safe="") not in told


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize("name", ["access_token", "sig", "client_secret", "code"])
@pytest.mark.parametrize("value", ["ab", "ab;cd'ef", 'ab"cd', "ab<cd>ef"])
def test_a_parameter_with_a_secret_name_is_never_shown(location: str, name: str, value: str) -> None:
    judge = api({"parameters": [{"name": name, "in": location, "schema": {"type": "integer"}}]})
    query = urlencode({name: value}, safe=";'<>\"") if location == "query" else ""
    headers = {"header": ((name, value),), "cookie": (("cookie", f"{name}={value.replace(';', '')}"),)}
    [finding] = found(judge, thing(query, request_headers=headers.get(location, (("host", "x"),))))
    assert "[redacted]" in finding.message
    assert value not in finding.message


@pytest.mark.parametrize("secret", ["secret;half", "secret'half", "secret<half", 'secret"half'])
def test_a_secret_with_a_sign_in_it_is_masked_where_it_is_echoed(secret: str) -> None:
    body = json.dumps({"meta": {"code": 200}, "data": {"name": [secret], "media_count": secret}}).encode()
    one = exchange(url=f"{HOST}/v1/tags/snow?access_token={secret}", response_body=body)
    assert "half" not in repr(found(JUDGE, one))
