"""The report for people: findings of one kind together, with where to look."""

from collections.abc import Iterator
from dataclasses import dataclass

from click import style

from wirecheck.model import Finding, Report, Severity
from wirecheck.redact import printable

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_ORDER = list(Severity)
_PLACES = 3
"""How many places of one kind of finding are named."""
_SHOWN = 1000
"""How many kinds are shown, and held in memory."""


@dataclass(slots=True)
class _Kind:
    """Findings with one fingerprint: the first of them, their number, and where they are."""

    first: Finding
    count: int
    sources: list[str]


def to_text(report: Report) -> Iterator[str]:
    """The report as lines with ANSI colours: each kind of finding once, by operation."""
    kinds, left_out = _kinds(report)
    operations = {name: index for index, name in enumerate(report.operations)}
    kinds.sort(
        key=lambda kind: (operations.get(kind.first.operation or "", -1), _ORDER.index(kind.first.severity))
    )
    heading = ""
    for kind in kinds:
        operation = printable(kind.first.operation or "(no operation)")
        if operation != heading:
            heading = operation
            yield style(operation, bold=True) + "\n"
        yield _kind_text(kind, report.spec)
    if left_out:
        yield f"{_count(left_out, 'finding')} of further kinds left out; --format json has them all.\n\n"
    yield _summary(report, _count(len(kinds), "kind") + (" or more" if left_out else ""))


def _kinds(report: Report) -> tuple[list[_Kind], int]:
    """The kinds in the order they were met, as many as are shown, and the findings of others."""
    kinds: dict[tuple[str, Severity], _Kind] = {}
    left_out = 0
    for finding in report.findings:
        key = (finding.fingerprint, finding.severity)
        if key not in kinds and len(kinds) >= _SHOWN:
            left_out += 1
            continue
        kind = kinds.setdefault(key, _Kind(finding, 0, []))
        kind.count += 1
        if finding.source not in kind.sources and len(kind.sources) <= _PLACES:
            kind.sources.append(finding.source)
    return list(kinds.values()), left_out


def _kind_text(kind: _Kind, spec: str) -> str:
    finding = kind.first
    severity = style(f"{finding.severity:<8}", fg=_COLOURS[finding.severity], bold=True)
    times = f" ×{kind.count:,}" if kind.count > 1 else ""
    places = printable(", ".join(kind.sources[:_PLACES])) + (", …" if len(kind.sources) > _PLACES else "")
    spec_pointer = style(
        printable(f"    promised at  {spec}:{finding.line} {finding.spec_pointer}"), dim=True
    )
    request = printable(f"{finding.method} {finding.path} -> {finding.status}")
    seen = style(f"    seen in      {places}: {request}", dim=True)
    return f"  {severity}{finding.check}{times}\n    {printable(finding.message)}\n{spec_pointer}\n{seen}\n\n"


def _summary(report: Report, kinds: str) -> str:
    seen = sum(1 for count in report.operations.values() if count)
    contract = f"{report.title} ({report.spec})" if report.title else report.spec
    text = f"{_count(report.exchanges, 'exchange')} held against {printable(contract)}:\n"
    text += f"{seen} of its {_count(len(report.operations), 'operation')} seen"
    text += f", {_count(report.unmatched, 'exchange')} belonging to none" if report.unmatched else ""
    text += ".\n"
    counts = [(severity, count) for severity, count in report.severities.items() if count]
    if not counts:
        return text + style("Every promise was kept.", fg="green", bold=True) + "\n"
    told = ", ".join(
        style(_count(count, severity.value), fg=_COLOURS[severity], bold=True) for severity, count in counts
    )
    return f"{text}{told} of {kinds}. `wirecheck explain CHECK` tells what a check promises.\n"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
