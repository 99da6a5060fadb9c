"""The report as JUnit XML: a suite for each operation with exchanges, and a test in it for each check."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from wirecheck.junit import JunitCase, Suite, document
from wirecheck.model import Report
from wirecheck.reports.results import CheckResult, ResultState, contract, results


def to_junit(report: Report) -> Iterator[str]:
    """Findings that count as violations are failures; what else was found is the output of the suite."""
    by_operation = groupby(results(report), attrgetter("operation"))
    suites = (_suite(operation, list(group)) for operation, group in by_operation)
    return document(suites, contract(report))


def _suite(operation: str, group: list[CheckResult]) -> Suite:
    others = (f"{result.check}: {result.text}" for result in group if result.is_passed_with_findings)
    return Suite(operation, list(map(_case, group)), "\n".join(others))


def _case(result: CheckResult) -> JunitCase:
    if result.state is ResultState.FAILED:
        severity = result.kinds.gravest()[0].first.severity.value
        return JunitCase(result.check, failure=(severity, result.message, result.text))
    return JunitCase(result.check, skipped=result.reason if result.state is ResultState.SKIPPED else None)
