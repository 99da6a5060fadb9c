"""A status is documented, and is not a server fault."""

from typing import Any

import pytest

from support.judging import JUDGE, RECORDED_HEADERS, api, checks_of, findings_of, request, thing
from wirecheck.model import Severity

STATUSES: list[tuple[str, int, list[str]]] = [
    ("200", 200, []),
    ("200", 201, ["status-documented"]),
    ("2XX", 204, []),
    ("2XX", 304, []),
    ("2XX", 302, ["status-documented"]),
    ("200 default", 404, []),
    ("2XX 404", 404, []),
    ("500", 500, ["no-server-fault"]),
    ("5XX", 503, ["no-server-fault"]),
    ("200", 503, ["no-server-fault"]),
    ("default", 599, ["no-server-fault"]),
    ("1XX", 101, []),
    ("200", 600, ["no-server-fault"]),
    ("200", -1, ["status-documented"]),
    ("200 default", 0, ["status-documented"]),
]


@pytest.mark.parametrize(("documented", "status", "expected"), STATUSES)
def test_a_status_must_be_documented_and_not_be_a_server_fault(
    documented: str, status: int, expected: list[str]
) -> None:
    judge = api({"responses": {each: {"description": each} for each in documented.split()}})
    assert checks_of(judge, thing(status=status)) == expected


HTML = (("content-type", "text/html"), ("server", "proxy"))
# The documented statuses, what was recorded, and the severity of the one finding.
SEVERITIES: list[tuple[str, dict[str, Any], str | None]] = [
    ("200", {"status": 401}, "warning"),
    ("200", {"status": 403}, "warning"),
    ("200", {"status": 429}, "warning"),
    ("200", {"status": 404}, "error"),
    ("200", {"status": 418}, "error"),
    ("200 401", {"status": 401}, None),
    ("200", {"status": 304, "method": "HEAD"}, None),
    ("200", {"status": 502}, "warning"),
    ("default", {"status": 503}, "warning"),
    ("200", {"status": 504, "response_headers": HTML, "response_body": b"<p>"}, "warning"),
    ("200", {"status": 500, "response_headers": HTML, "response_body": b"<p>"}, "warning"),
    ("default", {"status": 500, "response_headers": HTML, "response_body": b"<p>"}, "warning"),
    ("200", {"status": 500, "response_headers": RECORDED_HEADERS, "response_body": b"{}"}, "error"),
    ("200", {"status": 500}, "error"),
    ("500", {"status": 500, "response_headers": HTML, "response_body": b"<p>"}, "error"),
    ("5XX", {"status": 503, "response_headers": HTML, "response_body": b"<p>"}, "error"),
]


@pytest.mark.parametrize(("documented", "changes", "severity"), SEVERITIES)
def test_what_a_gateway_responds_is_a_warning_and_one_cause_is_one_finding(
    documented: str, changes: dict[str, Any], severity: str | None
) -> None:
    described = {"description": "", "content": {"application/json": {}}}
    judge = api({"responses": dict.fromkeys(documented.split(), described)})
    findings = findings_of(judge, thing(**{"response_body": b"", **changes}))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


def test_304_may_only_respond_to_a_get() -> None:
    judge = api({"responses": {"200": {"description": ""}}}, method="post")
    assert checks_of(judge, thing(status=304, method="POST")) == ["status-documented"]


def test_status_0_is_a_note() -> None:
    [finding] = findings_of(JUDGE, request("/topics/snow", status=0))
    assert finding.severity is Severity.INFO
    assert finding.message == "no response was recorded (status 0)"


def test_the_status_itself_wins_over_its_range_and_that_over_default() -> None:
    content = {"200": "application/a", "2XX": "application/b", "default": "application/c"}
    judge = api(
        {"responses": {key: {"description": "", "content": {name: {}}} for key, name in content.items()}}
    )
    for status, expected_type in ((200, "application/a"), (201, "application/b"), (404, "application/c")):
        for name in content.values():
            exchange = thing(status=status, response_headers=(("content-type", name),), response_body=b"x")
            assert checks_of(judge, exchange) == (
                [] if name == expected_type else ["media-type-documented"]
            ), (status, name)
