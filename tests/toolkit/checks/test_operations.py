"""An exchange belongs to the operation of its path and method, or to none."""

from typing import Any

import pytest

from support.documents import spec
from support.judging import HOST, JUDGE, api, checks_of, findings_of, request, thing, topic
from wirecheck.checks import Judge
from wirecheck.model import Severity

PATHS = {
    "a path below the prefix that is not there": ("/v1/nope", "error", "the document has no path /v1/nope"),
    "the prefix alone": ("/v1", "error", "the document has no path /v1"),
    "a path outside of the prefix": ("/login", "warning", "/login is not below /v1, where the API is served"),
    "a prefix that only begins alike": ("/v10/topics/snow", "warning", "/v10/topics/snow is not below /v1"),
    "no path at all": ("", "warning", "/ is not below /v1"),
    "one segment too many": ("/v1/topics/snow/media", "error", "no path /v1/topics/snow/media"),
    "an empty segment": ("/v1/topics//media/recent", "error", "no path /v1/topics//media/recent"),
}


@pytest.mark.parametrize("case", PATHS)
def test_an_unknown_path_is_found(case: str) -> None:
    path, severity, message = PATHS[case]
    [finding] = findings_of(JUDGE, topic(url=HOST + path))
    assert (finding.check, finding.operation, finding.severity) == ("operation-known", None, severity)
    assert message in finding.message


@pytest.mark.parametrize(
    "path", ["/topics/snow/", "/topics/snow.json", "/topics/%73now", "/%74opics/snow", "/topics/a%2Fb"]
)
def test_a_known_path_is_recognised_however_it_is_written(path: str) -> None:
    assert JUDGE.judge(request(path)).operation == "getTopic"


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "head", "get"])
def test_a_method_that_is_always_allowed_passes(method: str) -> None:
    assert checks_of(JUDGE, request("/topics/snow", method=method)) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "CONNECT", "QUERY", "", "G T"])
def test_an_undocumented_method_is_an_error_and_a_warning_where_it_was_rejected(method: str) -> None:
    of_statuses = {200: Severity.ERROR, 500: Severity.ERROR, 405: Severity.WARNING, 501: Severity.WARNING}
    for status, severity in of_statuses.items():
        findings = JUDGE.judge(request("/topics/snow", method=method, status=status)).findings
        assert ("method-allowed", severity) in [(finding.check, finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("status", "severity"), [(200, Severity.ERROR), (503, Severity.ERROR), (404, Severity.WARNING)]
)
def test_an_unknown_path_is_an_error_and_a_warning_where_it_was_rejected(
    status: int, severity: Severity
) -> None:
    [finding] = JUDGE.judge(request("/topics/snow/melted", status=status)).findings
    assert (finding.check, finding.severity) == ("operation-known", severity)


def test_head_is_not_allowed_where_get_is_not() -> None:
    judge = api({}, method="post")
    assert checks_of(judge, thing(method="HEAD")) == ["method-allowed"]


# Paths that differ only in the names of their parameters

NUMBER: dict[str, Any] = {"type": "integer"}
WORD: dict[str, Any] = {"type": "string", "pattern": "^[a-z]+$"}


def twins(first: tuple[Any, ...], second: tuple[Any, ...]) -> Judge:
    """The judge of a document with two identical paths; each has the path parameter and further ones."""
    paths = {}
    for name, (method, schema, *more) in {"x": first, "y": second}.items():
        parameter = {"name": name, "in": "path", "required": True, "schema": schema}
        responses = {"200": {"description": ""}}
        operation = {"operationId": name, "parameters": [parameter, *more], "responses": responses}
        paths[f"/things/{{{name}}}"] = {method: operation}
    return Judge(spec({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}))


QUERY = {"name": "q", "in": "query", "required": True, "schema": True}
# Both operations, what was requested, the operation that it belongs to, and its findings.
TWINS: list[tuple[tuple[Any, ...], tuple[Any, ...], str, str, str | None, list[str]]] = [
    (("get", NUMBER), ("put", NUMBER), "GET", "/things/1", "x", []),
    (("get", NUMBER), ("put", NUMBER), "PUT", "/things/1", "y", []),
    (("get", NUMBER), ("put", NUMBER), "PUT", "/things/a", "y", ["request-parameters-match"]),
    (("get", NUMBER), ("put", NUMBER), "HEAD", "/things/1", "x", []),
    (("get", NUMBER), ("put", NUMBER), "POST", "/things/1", None, ["method-allowed"]),
    (("get", NUMBER), ("get", WORD), "GET", "/things/1", "x", []),
    (("get", NUMBER), ("get", WORD), "GET", "/things/a", "y", []),
    (("get", NUMBER), ("get", WORD), "GET", "/things/A", "x", ["request-parameters-match"]),
    (("get", NUMBER, QUERY), ("get", NUMBER), "GET", "/things/1", "y", []),
    (("get", NUMBER, QUERY), ("get", NUMBER), "GET", "/things/1?q=", "x", []),
]


@pytest.mark.parametrize(("first", "second", "method", "path", "operation", "checks"), TWINS)
def test_of_identical_paths_the_one_that_fits_is_meant(
    first: tuple[Any, ...],
    second: tuple[Any, ...],
    method: str,
    path: str,
    operation: str | None,
    checks: list[str],
) -> None:
    judge = twins(first, second)
    exchange = thing(method=method, url=f"https://things.example{path}")
    assert judge.judge(exchange).operation == operation
    assert checks_of(judge, exchange) == checks
