"""A report as the results of tests, for formats that know nothing else: a test for each operation and check.

A test has failed if the exchanges of its operation have a finding of its check that counts as a violation.
It is there whether it has failed or not, so that CI systems see what was repaired, and never an empty file.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from wirecheck.checks import CHECKS
from wirecheck.checks.request import method_allowed, operation_known
from wirecheck.escapes import printable
from wirecheck.model import Report
from wirecheck.reports.kinds import FindingKinds, findings
from wirecheck.reports.repository import in_repository
from wirecheck.words import counted

_SHOWN = 10
"""The number of kinds of findings that one result shows."""
_OF_NO_OPERATION = (operation_known.id, method_allowed.id)
_OF_OPERATIONS = tuple(id_ for id_ in CHECKS if id_ not in _OF_NO_OPERATION)
NO_OPERATION = "(no operation)"


class ResultState(StrEnum):
    """The state of a test, in the words of test reports."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check for the exchanges of one operation; ``kinds`` are all that it found.

    ``reason`` says why it was skipped.
    """

    operation: str
    check: str
    state: ResultState
    kinds: FindingKinds
    reason: str = ""

    @property
    def is_passed_with_findings(self) -> bool:
        """Whether there are findings, none of which counts as a violation."""
        return self.state is ResultState.PASSED and self.kinds.severities.total() > 0

    @property
    def message(self) -> str:
        """The gravest finding, or why there is none; empty if all is well."""
        kinds = self.kinds.gravest()
        if not kinds:
            return self.reason
        others = self.kinds.severities.total() - kinds[0].count
        more = f" (and {counted(others, 'further finding')})" if others else ""
        return printable(f"{kinds[0].first.message}{kinds[0].times}{more}")

    @property
    def text(self) -> str:
        """What was found, in several lines, the gravest first."""
        lines = []
        for kind in self.kinds.gravest():
            lines += [
                f"{kind.first.severity}: {kind.first.message}{kind.times}",
                f"  defined at {kind.definition}",
                f"  observed in {kind.places}: {kind.request}",
            ]
        if left_out := self.kinds.left_out():
            lines.append(f"and {counted(left_out, 'finding')} of further kinds")
        return "\n".join(map(printable, lines))

    def id(self, report: Report) -> str:
        """Identifies the test from run to run: 32 hexadecimal digits."""
        name = f"{in_repository(report.spec)}\n{self.operation}\n{self.check}"
        return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def results(report: Report) -> Iterator[CheckResult]:
    """The results by operation: those of no operation, then those of each one that has exchanges."""
    found: dict[str, dict[str, FindingKinds]] = {
        NO_OPERATION: {check: FindingKinds(_SHOWN) for check in _OF_NO_OPERATION}
    }
    exchanges = {NO_OPERATION: report.checked}
    for operation, number in report.operations.items():
        if number:
            found[operation] = {check: FindingKinds(_SHOWN) for check in _OF_OPERATIONS}
            exchanges[operation] = number
    for finding in findings(report):
        of_operation = found.setdefault(finding.operation or NO_OPERATION, {})
        of_operation.setdefault(finding.check, FindingKinds(_SHOWN)).add(finding)
    for operation, by_check in found.items():
        for check, kinds in by_check.items():
            yield _result(report, operation, check, kinds, is_idle=not exchanges.get(operation, 1))


def contract(report: Report) -> str:
    """The name of the API, or else of its document."""
    return report.title or report.spec


def _result(report: Report, operation: str, check: str, kinds: FindingKinds, *, is_idle: bool) -> CheckResult:
    if any(kinds.severities[severity] for severity in report.failing):
        return CheckResult(operation, check, ResultState.FAILED, kinds)
    if kinds.severities.total():
        return CheckResult(operation, check, ResultState.PASSED, kinds)
    if check in report.not_run:
        return CheckResult(operation, check, ResultState.SKIPPED, kinds, "this check was not run")
    if is_idle:
        return CheckResult(operation, check, ResultState.SKIPPED, kinds, "no exchange was checked")
    return CheckResult(operation, check, ResultState.PASSED, kinds)
