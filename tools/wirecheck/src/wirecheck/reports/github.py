"""The report as workflow commands of GitHub Actions, which annotate the lines of the document.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterator

from wirecheck.escapes import encodable, printable
from wirecheck.model import Report, Severity
from wirecheck.reports.kinds import FindingKind, FindingKinds, findings
from wirecheck.reports.repository import in_repository
from wirecheck.words import counted

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
        shown = f"GitHub shows {_SHOWN} annotations of a severity"
        more = f"{counted(left_out, 'finding')} of further kinds; {shown}"
        yield f"::notice title=wirecheck::{more}\n"


def _annotation(kind: FindingKind) -> str:
    finding = kind.first
    title = f"{finding.check}{kind.times}" + (f" in {finding.operation}" if finding.operation else "")
    properties = {"file": in_repository(finding.spec_file), "line": str(finding.line), "title": title}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    lines = (
        finding.message,
        f"defined at {finding.spec_pointer}",
        f"observed in {kind.places}: {kind.request}",
    )
    message = "\n".join(map(printable, lines))
    return f"::{finding.severity} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
