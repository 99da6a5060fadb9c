"""The report for people: findings of one kind together, with their places in document and recordings."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from click import style

from wirecheck.model import Finding, Report, Severity
from wirecheck.redact import printable

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_ORDER = list(Severity)
_COLUMNS = 80  # of a terminal; a longer word stays whole
_PLACES = 3
"""The number of exchanges that are named for one kind of finding."""
_SHOWN_PROBLEMS = 10
_SHOWN = 1000
"""The number of kinds that are shown, and held in memory."""


@dataclass(slots=True)
class _Kind:
    """The findings with one fingerprint and severity: the first, their number, some of their sources."""

    first: Finding
    count: int
    sources: list[str]


def to_text(report: Report) -> Iterator[str]:
    """The report as lines with ANSI colours: each kind of finding once, by operation and severity."""
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
        yield from _kind_lines(kind)
    if left_out:
        yield f"{_count(left_out, 'finding')} of further kinds left out; --format json has them all.\n\n"
    yield from _problems(report)
    yield from _summary(report, _count(len(kinds), "kind") + (" or more" if left_out else ""))


def _kinds(report: Report) -> tuple[list[_Kind], int]:
    """The kinds in the order of their first findings, and the number of findings of kinds beyond _SHOWN."""
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


def _kind_lines(kind: _Kind) -> Iterator[str]:
    finding = kind.first
    severity = style(f"{finding.severity:<8}", fg=_COLOURS[finding.severity], bold=True)
    times = f" ×{kind.count:,}" if kind.count > 1 else ""
    yield f"  {severity}{finding.check}{times}\n"
    yield _wrapped("    ", finding.message) + "\n"
    definition = _wrapped("    defined at   ", f"{finding.spec_file}:{finding.line} {finding.spec_pointer}")
    yield style(definition, dim=True) + "\n"
    request = f"{finding.method} {finding.path} -> {finding.status}"
    observation = _wrapped("    observed in  ", f"{_places(kind.sources)}: {request}")
    yield style(observation, dim=True) + "\n\n"


def _places(sources: Sequence[str]) -> str:
    """The first few sources, without repeating the name of a file: ``a.har#0, #1, b.har#0, …``."""
    places = []
    previous = ""
    for source in sources[:_PLACES]:
        name, _, entry = source.rpartition("#")
        places.append(f"#{entry}" if name and name == previous else source)
        previous = name
    return ", ".join(places) + (", …" if len(sources) > _PLACES else "")


def _problems(report: Report) -> Iterator[str]:
    """What of the document cannot be used, and kept exchanges from being fully checked."""
    met = [problem for problem in report.problems if problem.exchanges]
    if not report.problems:
        return
    if met:
        were = "was" if report.partial == 1 else "were"
        yield f"{_count(report.partial, 'exchange')} {were} not fully checked, as the document has errors:\n"
        for problem in met[:_SHOWN_PROBLEMS]:
            where = f"{problem.file}:{problem.line} {problem.pointer}: {problem.message}"
            yield _wrapped("  ", f"{where} ({_count(problem.exchanges, 'exchange')})") + "\n"
        if len(met) > _SHOWN_PROBLEMS:
            yield f"  and {_count(len(met) - _SHOWN_PROBLEMS, 'error')} more\n"
    if others := len(report.problems) - len(met):
        kind = "further error" if met else "error"
        what = (
            f"The document has {_count(others, kind)} that made no difference; `wirecheck lint` lists them."
        )
        yield _wrapped("", what) + "\n"
    yield "\n"


def _summary(report: Report, kinds: str) -> Iterator[str]:
    contract = f"{report.title} ({report.spec})" if report.title else report.spec
    yield _wrapped("", f"{_count(report.exchanges, 'exchange')} checked against {contract}:") + "\n"
    exercised = sum(1 for count in report.operations.values() if count)
    unmatched = f", {_count(report.unmatched, 'exchange')} unmatched" if report.unmatched else ""
    yield f"{exercised} of {_count(len(report.operations), 'operation')} exercised{unmatched}.\n"
    counts = [(severity, count) for severity, count in report.severities.items() if count]
    if counts:
        listed = [style(_count(count, name), fg=_COLOURS[name], bold=True) for name, count in counts]
        yield f"{', '.join(listed)} ({kinds}).\n"
        yield "`wirecheck explain CHECK` explains a check.\n"
    elif report.judged and not report.partial:
        yield style("All checks passed.", fg="green", bold=True) + "\n"
    elif report.judged:
        yield "No violations were found in what could be checked.\n"
    else:
        yield "Nothing was checked.\n"


def _wrapped(indent: str, text: str) -> str:
    """A paragraph whose first line begins with the indent, and the others with as many blanks."""
    lines = textwrap.wrap(
        printable(text), _COLUMNS - len(indent), break_long_words=False, break_on_hyphens=False
    )
    return indent + f"\n{'':{len(indent)}}".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
