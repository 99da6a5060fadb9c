"""The report as workflow commands of GitHub Actions, which annotate the lines of the document.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from wirecheck.escapes import encodable, printable
from wirecheck.model import Report, Severity
from wirecheck.reports.kinds import FindingKind, FindingKinds, findings
from wirecheck.reports.repository import in_repository
from wirecheck.words import counted

if TYPE_CHECKING:
    from wirecheck.lint.report import LocatedProblem

_SHOWN = 10
"""The number of errors, and of warnings, that GitHub shows for one step; it drops the others."""


def to_github(report: Report) -> Iterator[str]:
    """An annotation for each kind of error and warning, and how many more findings there are."""
    left_out = 0
    kinds = {severity: FindingKinds(_SHOWN) for severity in (Severity.ERROR, Severity.WARNING)}
    for finding in findings(report):
        if finding.severity in kinds:
            kinds[finding.severity].add(finding)
    for of_severity in kinds.values():
        yield from map(_annotation, of_severity.gravest())
        left_out += of_severity.left_out()
    if left_out:
        yield _notice(f"{counted(left_out, 'finding')} of further kinds")


def _annotation(kind: FindingKind) -> str:
    finding = kind.first
    title = f"{finding.check}{kind.times}" + (f" in {finding.operation}" if finding.operation else "")
    properties = {"file": in_repository(finding.spec_file), "line": str(finding.line), "title": title}
    return _command(
        finding.severity,
        properties,
        finding.message,
        f"defined at {finding.spec_pointer}",
        f"observed in {kind.places}: {kind.request}",
    )


def problems_to_github(_: str, problems: "Sequence[LocatedProblem]") -> Iterator[str]:
    """An annotation for each error and warning of the linter, and how many more there are."""
    shown: Counter[Severity] = Counter()
    left_out = 0
    for line, problem in problems:
        if problem.severity is Severity.INFO:
            continue
        if shown[problem.severity] == _SHOWN:
            left_out += 1
            continue
        shown[problem.severity] += 1
        properties = {"file": in_repository(problem.file), "line": str(line), "title": problem.rule}
        yield _command(problem.severity, properties, problem.message, f"at #{problem.pointer}")
    if left_out:
        yield _notice(counted(left_out, "more problem"))


def _notice(left_out: str) -> str:
    return f"::notice title=wirecheck::{left_out}; GitHub shows {_SHOWN} annotations of a severity\n"


def _command(severity: Severity, properties: Mapping[str, str], *lines: str) -> str:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = "\n".join(map(printable, lines))
    return f"::{severity} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
