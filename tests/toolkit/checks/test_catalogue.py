"""Every check finds its violation, and passes an exchange that satisfies it."""

from dataclasses import dataclass

import pytest
from msgspec import structs

from support.judging import (
    DOCUMENT,
    FORM,
    HOST,
    JSON,
    JUDGE,
    TOKEN,
    api,
    checks_of,
    comment,
    findings_of,
    request,
    thing,
    topic,
    topic_with,
)
from wirecheck.checks import CHECKS, Judge
from wirecheck.model import Exchange, Finding, Severity, Side


@dataclass(frozen=True)
class Violating:
    """An exchange that violates one check, and its finding."""

    exchange: Exchange
    side: Side
    spec_pointer: str
    message: str
    pointer: str | None = None
    severity: Severity = Severity.ERROR
    judge: Judge = JUDGE


TOPIC = "/paths/~1topics~1{topic}/get"
COMMENTS = "/paths/~1notices~1{notice_id}~1comments/post"
TOPIC_RESPONSE = "/components/responses/Topic/content"

VIOLATING: dict[str, Violating] = {
    "operation-known": Violating(
        request("/topicz/snow"), Side.REQUEST, "/paths", "the document has no path /v1/topicz/snow"
    ),
    "method-allowed": Violating(
        request("/notices/1_1/comments", method="PUT"),
        Side.REQUEST,
        "/paths/~1notices~1{notice_id}~1comments",
        "PUT is not documented for /notices/{notice_id}/comments (documented: GET, POST)",
    ),
    "status-documented": Violating(
        request("/topics/snow", status=404),
        Side.RESPONSE,
        f"{TOPIC}/responses",
        "404 is not documented (documented: 200, 400, 403, 429)",
    ),
    "no-server-fault": Violating(
        thing(status=502),
        Side.RESPONSE,
        "/paths/~1things/get/responses/5XX",
        "failed with status 502",
        judge=api({"responses": {"5XX": {"description": "Sorry."}}}),
    ),
    "media-type-documented": Violating(
        topic(response_headers=(("content-type", "text/plain"),)),
        Side.RESPONSE,
        TOPIC_RESPONSE,
        "text/plain is not documented (documented: application/json)",
    ),
    "body-is-json": Violating(
        topic_with(b'{"meta": {"code": 200}, "da'),
        Side.RESPONSE,
        f"{TOPIC_RESPONSE}/application~1json",
        "is not JSON: it ends too early",
        pointer="",
    ),
    "body-matches-schema": Violating(
        topic_with(b'{"meta": {"code": 200}, "data": {"name": "snow", "notices": "2"}}'),
        Side.RESPONSE,
        "/components/schemas/Topic/properties/notices/type",
        'body /data/notices is "2", a string, not an integer',
        pointer="/data/notices",
    ),
    "response-headers-match": Violating(
        topic(response_headers=(*JSON, ("x-ratelimit-limit", "-1"))),
        Side.RESPONSE,
        "/components/headers/RateLimitLimit/schema/minimum",
        'the header "X-Ratelimit-Limit" is -1, less than 0',
    ),
    "request-parameters-match": Violating(
        request("/feed", "count=0"),
        Side.REQUEST,
        "/components/parameters/count/schema/minimum",
        'the query parameter "count" is 0, less than 1',
    ),
    "query-parameters-spelled": Violating(
        request("/feed", "cuont=20"),
        Side.REQUEST,
        "/components/parameters/count",
        'the query parameter "cuont" is not documented, but "count" is',
        severity=Severity.WARNING,
    ),
    "request-body-matches": Violating(
        request("/people/1002/relation", method="POST", request_headers=FORM, request_body=b"action=adopt"),
        Side.REQUEST,
        "/components/schemas/RelationAction/enum",
        'body /action is "adopt", not "follow", "unfollow"',
        pointer="/action",
    ),
    "rule-broken-but-accepted": Violating(
        comment(b"text=LOVELY+LIGHT"),
        Side.REQUEST,
        "/components/schemas/CommentText/allOf/3",
        '/text violates the rule "not-all-capitals" but was accepted: A comment is not all in capital',
        pointer="/text",
    ),
    "credentials-present": Violating(
        topic(url=f"{HOST}/v1/topics/snow"),
        Side.REQUEST,
        "/security",
        "accepted without credentials (access_token with oauth)",
        severity=Severity.WARNING,
    ),
    "law-kept": Violating(
        topic(url=f"{HOST}/v1/topics/hail?access_token={TOKEN}"),
        Side.RESPONSE,
        f"{TOPIC}/x-laws/topic-is-the-requested-one",
        "topic-is-the-requested-one: The topic is the one of the path.",
    ),
}

SATISFYING: dict[str, Exchange] = {
    "operation-known": request("/topics/snow"),
    "method-allowed": request("/notices/1_1/comments"),
    "status-documented": request("/people/1001", status=404),
    "no-server-fault": request("/topics/snow", status=429),
    "media-type-documented": topic(response_headers=(("content-type", "Application/JSON; charset=utf-8"),)),
    "body-is-json": topic_with(
        b' \r\n\t{"meta": {"code": 200}, "data": {"name": "\\ud83c\\udf05", "notices": 1}}\n'
    ),
    "body-matches-schema": topic_with(
        b'{"meta": {"code": 200}, "data": {"name": "s", "notices": 2.0, "more": 1}}'
    ),
    "response-headers-match": topic(response_headers=(*JSON, ("x-ratelimit-limit", "0"))),
    "request-parameters-match": request("/feed", "count=2147483647&unknown=1"),
    "query-parameters-spelled": request("/feed", "cuont=20&count=20&cursor=1"),
    "request-body-matches": request(
        "/people/1002/relation", method="POST", request_headers=FORM, request_body=b"action=follow&more=1"
    ),
    "rule-broken-but-accepted": comment(b"text=LOVELY+LIGHT", status=400),
    "credentials-present": topic(url=f"{HOST}/v1/topics/snow", status=400),
    "law-kept": topic(url=f"{HOST}/v1/topics/SNOW.json?access_token={TOKEN}"),
}


def test_every_check_has_an_exchange_that_violates_it_and_one_that_satisfies_it() -> None:
    assert VIOLATING.keys() == CHECKS.keys()
    assert SATISFYING.keys() == CHECKS.keys()


@pytest.mark.parametrize("check", VIOLATING)
def test_a_violation_is_found_and_named(check: str) -> None:
    case = VIOLATING[check]
    [finding] = findings_of(case.judge, case.exchange)
    assert finding.check == check
    assert finding.severity is case.severity
    assert finding.side is case.side
    assert finding.spec_pointer == f"#{case.spec_pointer}"
    assert finding.pointer == case.pointer
    assert case.message in finding.message


@pytest.mark.parametrize("check", SATISFYING)
def test_what_satisfies_a_check_passes(check: str) -> None:
    assert check not in checks_of(JUDGE, SATISFYING[check])


def test_a_finding_says_where_and_what_was_sent() -> None:
    [finding] = findings_of(
        JUDGE, structs.replace(VIOLATING["body-matches-schema"].exchange, source="a.har#7", entry=7)
    )
    assert finding == Finding(
        source="a.har#7",
        entry=7,
        check="body-matches-schema",
        severity=Severity.ERROR,
        side=Side.RESPONSE,
        operation="getTopic",
        method="GET",
        path="/v1/topics/snow",
        status=200,
        pointer="/data/notices",
        spec_file=DOCUMENT.name,
        spec_pointer="#/components/schemas/Topic/properties/notices/type",
        line=DOCUMENT.line("/components/schemas/Topic/properties/notices/type"),
        message='body /data/notices is "2", a string, not an integer',
        fingerprint=finding.fingerprint,
        query="access_token=[redacted]",
    )


def test_every_check_explains_itself_in_a_sentence_and_details() -> None:
    for check in CHECKS.values():
        summary, blank, *rest = check.text.splitlines()
        assert summary.endswith("."), check.id
        assert blank == "", check.id
        assert any(line.strip() for line in rest), check.id
