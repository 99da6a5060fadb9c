"""A status is documented, and is not a server fault."""

import pytest

from support.judging import JUDGE, api, checks_of, findings_of, request, thing
from wirecheck.model import Severity

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
def test_a_status_must_be_documented_and_not_be_a_server_fault(
    documented: str, status: int, expected: list[str]
) -> None:
    judge = api({"responses": {each: {"description": each} for each in documented.split()}})
    assert checks_of(judge, thing(status=status)) == expected


def test_status_0_is_a_warning() -> None:
    [finding] = findings_of(JUDGE, request("/topics/snow", status=0))
    assert finding.severity is Severity.WARNING
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
