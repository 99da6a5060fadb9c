"""The report in the Common Test Report Format, https://ctrf.io."""

import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from wirecheck.model import Report
from wirecheck.reports.json import json_text
from wirecheck.reports.repository import in_repository
from wirecheck.reports.results import CheckResult, ResultState, contract, results

_VERSION = "0.0.0"


def to_ctrf(report: Report) -> Iterator[str]:
    """One JSON object with a test for each operation and check."""
    tests = list(results(report))
    now = time.time_ns() // 1_000_000
    states = [test.state for test in tests]
    summary = {
        "tests": len(tests),
        **{state.value: states.count(state) for state in ResultState},
        "pending": 0,
        "other": 0,
        "suites": len({test.operation for test in tests}),
        "start": now,
        "stop": now,
    }
    head = {"reportFormat": "CTRF", "specVersion": _VERSION, "generatedBy": "wirecheck"}
    content = {
        "tool": {"name": "wirecheck", "version": version("wirecheck")},
        "summary": summary,
        "environment": {"appName": report.title, "appVersion": report.version},
    }
    yield f'{json_text(head)[:-1]},\n"results": {json_text(content)[:-1]},\n"tests": ['
    separator = "\n"
    for test in tests:
        yield separator + json_text(_test(report, test))
        separator = ",\n"
    yield "\n]}}\n"


def _test(report: Report, result: CheckResult) -> dict[str, Any]:
    test: dict[str, Any] = {
        "testId": result.id(report),
        "name": f"{result.operation}: {result.check}",
        "suite": [contract(report), result.operation],
        "status": result.state,
        "duration": 0,
        "extra": {"findings": result.kinds.severities.total()},
    }
    if result.is_passed_with_findings:
        test["stdout"] = result.text.splitlines()
    elif result.message:
        test["message"] = result.message
    if result.state is ResultState.FAILED:
        gravest = result.kinds.gravest()[0].first
        test |= {"trace": result.text, "filePath": in_repository(gravest.spec_file), "line": gravest.line}
    return test
