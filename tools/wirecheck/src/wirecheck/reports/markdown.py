"""The report in Markdown, such as the summary of a job on GitHub, a comment or a page of a wiki."""

from collections import Counter
from collections.abc import Iterator
from html import escape

from wirecheck.checks.request import credentials_present
from wirecheck.checks.response import status_documented
from wirecheck.checks.subject import shortened
from wirecheck.escapes import encodable, printable
from wirecheck.markdown import code, text
from wirecheck.model import Report, Severity
from wirecheck.reports.collect import is_note
from wirecheck.reports.kinds import FindingKind, FindingKinds, findings
from wirecheck.reports.results import NO_OPERATION
from wirecheck.words import counted

_LARGEST = 500_000
"""Bytes of a report: GitHub rejects a summary of more than 1 MiB, which other tools may share."""
_SHOWN = 20
"""The number of kinds that are shown of one operation."""
_LONGEST = 200
"""Characters of the name of an operation or of the document."""
_NAMED = 100
"""The number of operations in the table."""


def to_markdown(report: Report) -> Iterator[str]:
    """The counts, a table of operations, and the findings of each operation, collapsed."""
    by_operation: dict[str, FindingKinds] = {}
    for finding in findings(report):
        by_operation.setdefault(finding.operation or NO_OPERATION, FindingKinds(_SHOWN)).add(finding)
    ordered = sorted(by_operation.items(), key=lambda item: [-item[1].severities[each] for each in Severity])
    pieces = list(_head(report, by_operation))
    yield from pieces
    size = sum(len(piece.encode()) for piece in pieces)
    for number, (operation, kinds) in enumerate(ordered):
        section = _section(operation, kinds)
        size += len(section.encode())
        if size > _LARGEST:
            left_out = sum(kinds.severities.total() for _, kinds in ordered[number:])
            yield f"\n{counted(left_out, 'finding')} of further operations left out.\n"
            return
        yield section


def _head(report: Report, by_operation: dict[str, FindingKinds]) -> Iterator[str]:
    spec = code(shortened(report.spec, _LONGEST))
    name = f"{text(shortened(report.title, _LONGEST))} ({spec})" if report.title else spec
    yield f"## Traffic checked against {name}\n\n"
    yield f"{_verdict(report, by_operation)}\n\n"
    exercised = sum(1 for number in report.operations.values() if number)
    yield (
        f"{counted(report.judged, 'exchange')} of {counted(exercised, 'operation')}"
        f" ({len(report.operations):,} documented) were checked.\n"
    )
    yield from _not_checked(report)
    yield from _table(report, by_operation)


def _verdict(report: Report, by_operation: dict[str, FindingKinds]) -> str:
    severities = Counter[Severity]()
    for kinds in by_operation.values():
        severities.update(kinds.severities)
    if counts := _counts(severities):
        return f"**{counts}**"
    if not report.judged:
        return "**Nothing was checked.**"
    return (
        "**No violations were found in what could be checked.**"
        if report.partial
        else "**All checks passed.**"
    )


def _counts(severities: Counter[Severity]) -> str:
    return ", ".join(counted(severities[severity], severity) for severity in Severity if severities[severity])


def _not_checked(report: Report) -> Iterator[str]:
    """What was not judged, or not wholly, an item for each reason."""
    elsewhere, skipped = sum(report.other_hosts.values()), sum(report.skipped.values())
    unmatched = report.unmatched - elsewhere - skipped
    items = []
    if unmatched:
        items.append(f"{counted(unmatched, 'exchange')} of no operation")
    if elsewhere:
        items.append(f"{counted(elsewhere, 'exchange')} with other hosts, not checked")
    if skipped:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in report.skipped.items())
        items.append(f"{counted(skipped, 'exchange')} not checked for other reasons ({reasons})")
    if report.partial:
        items.append(f"{counted(report.partial, 'exchange')} not fully checked, as the document has errors")
    without_response = 0
    for finding in filter(is_note, report.findings):
        if finding.check == credentials_present.id:
            items.append(text(finding.message))  # the only one
        without_response += finding.check == status_documented.id
    if without_response:
        items.append(f"{counted(without_response, 'exchange')} without a response")
    if items:
        yield "\n" + "".join(f"- {item}\n" for item in items)


def _table(report: Report, by_operation: dict[str, FindingKinds]) -> Iterator[str]:
    rows = [(name, number) for name, number in report.operations.items() if number]
    if not rows:
        return
    yield "\n| operation | exchanges | errors | warnings |\n|---|--:|--:|--:|\n"
    for name, number in rows[:_NAMED]:
        severities = by_operation[name].severities if name in by_operation else Counter[Severity]()
        errors, warnings = severities[Severity.ERROR], severities[Severity.WARNING]
        yield f"| {text(shortened(name, _LONGEST))} | {number:,} | {errors:,} | {warnings:,} |\n"
    if rows[_NAMED:]:
        yield f"\nand {counted(len(rows) - _NAMED, 'operation')} more\n"


def _section(operation: str, kinds: FindingKinds) -> str:
    """The findings of one operation, as a block of HTML with Markdown in it."""
    title = escape(encodable(printable(shortened(operation, _LONGEST))))
    lines = [f"\n<details><summary><b>{title}</b>: {_counts(kinds.severities)}</summary>\n\n"]
    lines += map(_item, kinds.gravest())
    if left_out := kinds.left_out():
        lines.append(f"- and {counted(left_out, 'finding')} of further kinds\n")
    return "".join(lines) + "\n</details>\n"


def _item(kind: FindingKind) -> str:
    finding = kind.first
    return (
        f"- **{finding.severity}** `{finding.check}`{kind.times}: {text(finding.message)}\\\n"
        f"  defined at {code(kind.definition)}\\\n"
        f"  observed in {code(kind.places)}: {code(kind.request)}\n"
    )
