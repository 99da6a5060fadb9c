"""The report as result files of Allure, https://allurereport.org/docs/how-it-works-test-result-file/."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from wirecheck.checks import CHECKS
from wirecheck.explain import pages
from wirecheck.model import Report, Severity
from wirecheck.reports.json import json_text
from wirecheck.reports.results import CheckResult, contract, results

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "normal", Severity.INFO: "minor"}


def to_allure(report: Report) -> Iterator[tuple[str, str]]:
    """The name and the content of a file for each operation and check.

    Names are the same from run to run, so that a result replaces that of the last run.
    """
    now = time.time_ns() // 1_000_000
    explained = pages()
    for result in results(report):
        test = _test(report, result, now) | {"description": explained[result.check].text}
        yield f"{test['uuid']}-result.json", json_text(test) + "\n"


def _test(report: Report, result: CheckResult, now: int) -> dict[str, Any]:
    id_ = result.id(report)
    labels = {
        "framework": "wirecheck",
        "severity": _SEVERITIES[CHECKS[result.check].severity],
        "parentSuite": contract(report),
        "suite": result.operation,
    }
    return {
        "uuid": str(UUID(id_, version=5)),
        "historyId": id_,
        "testCaseId": id_,
        "fullName": f"{result.operation}: {result.check}",
        "titlePath": [contract(report), result.operation],
        "name": result.check,
        "status": result.state,
        "statusDetails": {"message": result.message, "trace": result.text},
        "stage": "finished",
        "start": now,
        "stop": now,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }
