"""The report for people: findings of one kind together, with their places in document and recordings."""

import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from click import style
from msgspec import Struct

from wirecheck.checks.request import credentials_present
from wirecheck.checks.response import status_documented
from wirecheck.model import Evidence, Finding, KnownFinding, Report, Severity
from wirecheck.redact import MASK, printable
from wirecheck.reports.collect import is_note
from wirecheck.words import counted

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_ORDER = list(Severity)
_COLUMNS = 80  # where the report is not for a terminal; a longer word stays whole
_FEWEST_COLUMNS = 40
_JOIN = "\0"  # a blank at which a line is not broken
_PLACES = 3
"""The number of exchanges that are named for one kind of finding."""
_SHOWN_PROBLEMS = 10
_SHOWN = 1000
"""The number of kinds that are shown, and held in memory."""


_REMEMBERED = 100_000
"""The number of fingerprints that are held in memory."""
_BESIDE = 3  # lines of a body before and after the offending ones
_LONGEST_QUERY = 60  # characters
_NAMED = 3
"""The number of operations, or of hosts, that are named where there are several."""

_SKIPPED = {  # by reason: what one such exchange is called, and what several are
    "unreadable": ("entry that could not be read", "entries that could not be read"),
    "not-http": ("request without HTTP", "requests without HTTP"),
    "preflight": ("preflight", "preflights"),
    "websocket": ("WebSocket", "WebSockets"),
    "synthetic": ("response of a service worker", "responses of service workers"),
    "no-response": ("request without a response", "requests without a response"),
    "page": ("part of a page", "parts of pages"),
}
# What differs between findings that a person would call the same.
_LISTED = re.compile(r" \(documented: [^()]*\)| \(--base-path \S+ would fit\)")
_SHOWN_VALUE = re.compile(r'(?<= is )("(?:[^"\\]|\\.)*…?"?|-?[0-9][^, ]*|true|false)|(?<= \()[0-9,]+(?=\))')
_IN_OPERATION = re.compile(r"^#/paths/[^/]+/[a-zA-Z]+(?=/|$)")
_NUMBER = re.compile(r"/[0-9]+(?=/| |$)")


class _Kind(Struct):
    """Findings that say the same: the first, their number, their operations, some of their exchanges."""

    first: Finding
    count: int
    operations: dict[str | None, None]
    sources: list[str]
    exchanges: int = 0
    last: str = ""


def to_text(report: Report, *, verbose: bool = False) -> Iterator[str]:
    """The report as lines with ANSI colours: each kind of finding once, by operation and severity.

    What was found in several operations comes first. If it is ``verbose``, evidence follows each kind.
    """
    notes, kinds, left_out = _kinds(report)
    operations = {name: index for index, name in enumerate(report.operations)}

    def order(kind: _Kind) -> tuple[int, int]:
        several = len(kind.operations) > 1
        return (
            -1 if several else operations.get(kind.first.operation or "", -1),
            _ORDER.index(kind.first.severity),
        )

    kinds.sort(key=order)
    heading = ""
    for kind in kinds:
        title = _title(list(kind.operations))
        if title != heading:
            heading = title
            yield style(printable(title), bold=True) + "\n"
        yield from _kind_lines(kind)
        if verbose and report.evidence and (evidence := report.evidence.of(kind.first)):
            yield from _evidence_lines(evidence)
    if left_out:
        yield f"{counted(left_out, 'finding')} of further kinds left out; --format json has them all.\n\n"
    yield from _problems(report)
    yield from _summary(report, notes, counted(len(kinds), "kind") + (" or more" if left_out else ""))


def _title(operations: Sequence[str | None]) -> str:
    names = [name or "(no operation)" for name in operations]
    if len(names) == 1:
        return names[0]
    return f"{len(names)} operations: {', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}"


def _kinds(report: Report) -> tuple[dict[str, Counter[str]], list[_Kind], int]:
    """The kinds in the order of their first findings, and the number of findings of kinds beyond _SHOWN.

    First come the messages of notes, which are left to the summary, by check, with their numbers.
    """
    notes: dict[str, Counter[str]] = {}
    kinds: dict[_Key, _Kind] = {}
    by_fingerprint: dict[tuple[str, Severity], _Kind] = {}
    left_out = 0
    for finding in report.findings:
        if is_note(finding):
            notes.setdefault(finding.check, Counter())[finding.message] += 1
            continue
        fingerprint = (finding.fingerprint, finding.severity)
        kind = by_fingerprint.get(fingerprint) or kinds.get(key := _key(finding))
        if kind is None:
            if len(kinds) >= _SHOWN:
                left_out += 1
                continue
            kind = kinds[key] = _Kind(finding, 0, {}, [])
        if len(by_fingerprint) < _REMEMBERED:
            by_fingerprint[fingerprint] = kind
        kind.count += 1
        kind.operations[finding.operation] = None
        if finding.source != kind.last:  # the findings of an exchange follow each other
            kind.last = finding.source
            kind.exchanges += 1
            if kind.exchanges <= _PLACES:
                kind.sources.append(finding.source)
    return notes, list(kinds.values()), left_out


_Key = tuple[str, Severity, int, str, str]


def _key(finding: Finding) -> _Key:
    """What findings have in common that a person would call the same, in whatever operations they are."""
    message = finding.message.replace(finding.path, "…") if len(finding.path) > 1 else finding.message
    sense = _NUMBER.sub("/*", _SHOWN_VALUE.sub("…", _LISTED.sub("", message)))
    return finding.check, finding.severity, finding.status, _IN_OPERATION.sub("", finding.spec_pointer), sense


def _kind_lines(kind: _Kind) -> Iterator[str]:
    finding = kind.first
    severity = style(f"{finding.severity:<8}", fg=_COLOURS[finding.severity], bold=True)
    times = f" ×{kind.count:,}" if kind.count > 1 else ""
    yield f"  {severity}{finding.check}{times}\n"
    yield _wrapped("    ", finding.message) + "\n"
    definition = _wrapped("    defined at   ", f"{finding.spec_file}:{finding.line} {finding.spec_pointer}")
    yield style(definition, dim=True) + "\n"
    request = f"{finding.method} {finding.path}{_query(finding.query)} -> {finding.status}"
    observation = _wrapped("    observed in  ", f"{_places(kind)}: {request}")
    yield style(observation, dim=True) + "\n\n"


def _evidence_lines(evidence: Evidence) -> Iterator[str]:
    """A command that repeats the request, and the offending value within its body."""
    yield "".join(f"    {line}\n" for line in evidence.curl.split("\n"))
    if evidence.body:
        start, end = evidence.body.marked
        shown = range(max(0, start - _BESIDE), max(start + 1, min(end, start + _BESIDE)) + _BESIDE)
        for index, line in enumerate(evidence.body.lines):
            if index in shown:
                is_marked = start <= index < end
                yield style(f"    {'>' if is_marked else ' '} {line}", dim=not is_marked) + "\n"
    yield "\n"


def _query(query: str) -> str:
    """The query with its question mark, shortened, and without the parameters that are secret."""
    shown = "&".join(pair for pair in query.split("&") if pair and not pair.endswith(f"={MASK}"))
    if not shown:
        return ""
    return f"?{shown}" if len(shown) <= _LONGEST_QUERY else f"?{shown[: _LONGEST_QUERY - 1]}…"


def _places(kind: _Kind) -> str:
    """The first few sources, without repeating the name of a file: ``a.har#0, #1, b.har#0 and 7 more``."""
    places = []
    previous = ""
    for source in kind.sources:
        name, _, entry = source.rpartition("#")
        places.append(f"#{entry}" if name and name == previous else source)
        previous = name
    more = kind.exchanges - len(places)
    return ", ".join(places) + (f" and {more:,} more" if more else "")


def _problems(report: Report) -> Iterator[str]:
    """What of the document cannot be used, and kept exchanges from being fully checked."""
    met = [problem for problem in report.problems if problem.exchanges]
    if not report.problems:
        return
    if met:
        were = "was" if report.partial == 1 else "were"
        yield f"{counted(report.partial, 'exchange')} {were} not fully checked, as the document has errors:\n"
        for problem in met[:_SHOWN_PROBLEMS]:
            where = f"{problem.file}:{problem.line} {problem.pointer}: {problem.message}"
            yield _wrapped("  ", f"{where} ({counted(problem.exchanges, 'exchange')})") + "\n"
        if len(met) > _SHOWN_PROBLEMS:
            yield f"  and {counted(len(met) - _SHOWN_PROBLEMS, 'error')} more\n"
    if others := len(report.problems) - len(met):
        kind = "further error" if met else "error"
        what = (
            f"The document has {counted(others, kind)} that made no difference; `wirecheck lint` lists them."
        )
        yield _wrapped("", what) + "\n"
    yield "\n"


def _summary(report: Report, notes: Mapping[str, Counter[str]], kinds: str) -> Iterator[str]:
    if report.interrupted:
        yield style("Interrupted: this is about what was checked until then.", bold=True) + "\n"
    contract = f"{report.title} ({report.spec})" if report.title else report.spec
    of = f"{report.checked:,} of " if report.checked < report.exchanges else ""
    yield _wrapped("", f"{of}{counted(report.exchanges, 'exchange')} checked against {contract}:") + "\n"
    exercised = sum(1 for count in report.operations.values() if count)
    elsewhere, skipped = sum(report.other_hosts.values()), sum(report.skipped.values())
    others = report.unmatched - elsewhere - skipped
    unmatched = f", {counted(others, 'exchange')} unmatched" if others else ""
    yield f"{exercised} of {counted(len(report.operations), 'operation')} exercised{unmatched}.\n"
    yield from _not_checked(report, notes)
    yield from _baseline(report)
    hidden = sum(counts.total() for counts in notes.values())
    severities = {**report.severities, Severity.INFO: report.severities[Severity.INFO] - hidden}
    counts = [(severity, count) for severity, count in severities.items() if count]
    if counts:
        listed = [style(counted(count, name), fg=_COLOURS[name], bold=True) for name, count in counts]
        yield f"{', '.join(listed)} ({kinds}).\n"
        yield "`wirecheck explain CHECK` explains a check.\n"
    else:
        yield f"{_without_findings(report)}\n"


def _without_findings(report: Report) -> str:
    if not report.judged:
        return "Nothing was checked."
    what = "No other violations were found" if report.baselined else "No violations were found"
    if report.partial:
        return f"{what} in what could be checked."
    if report.baselined or report.interrupted:
        return f"{what}."
    return style("All checks passed.", fg="green", bold=True)


def _baseline(report: Report) -> Iterator[str]:
    """What is known by a baseline, and what is no longer."""
    if report.baselined:
        yield f"{counted(report.baselined, 'known finding')} of the baseline not listed.\n"
    if report.resolved:
        what = f"{counted(len(report.resolved), 'entry', 'entries')} of the baseline not found again"
        yield _wrapped("", f"{what}: {_entries(report.resolved)} (see --update-baseline).") + "\n"
    if report.expired:
        have = "has" if len(report.expired) == 1 else "have"
        what = f"{counted(len(report.expired), 'entry', 'entries')} of the baseline {have} expired"
        yield _wrapped("", f"{what}: {_entries(report.expired)}.") + "\n"


def _entries(known: Sequence[KnownFinding]) -> str:
    names = [
        f"{each.check} in {each.operation or 'no operation'}"
        + (f" ({each.expires}: {each.reason or 'no reason'})" if each.expires else "")
        for each in known
    ]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _not_checked(report: Report, notes: Mapping[str, Counter[str]]) -> Iterator[str]:
    """What was not judged, or not wholly, a line for each reason."""
    if report.other_hosts:
        yield _wrapped("", _other_hosts(report.other_hosts)) + "\n"
    counts = Counter(report.skipped)
    counts["no-response"] += notes.get(status_documented.id, Counter()).total()
    listed = [f"{count:,} {_SKIPPED[reason][count > 1]}" for reason, count in sorted(counts.items()) if count]
    if listed:
        yield _wrapped("", f"Not checked: {', '.join(listed)}.") + "\n"
    if report.unreadable:
        yield _wrapped("", f"The first that could not be read: {report.unreadable}.") + "\n"
    for message in notes.get(credentials_present.id, ()):
        yield _wrapped("", f"{message[0].upper()}{message[1:]}.") + "\n"


def _other_hosts(hosts: Mapping[str, int]) -> str:
    names = list(hosts)
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    listed = f"{', '.join(names[:_NAMED])}{more} (see --host)"
    count = sum(hosts.values())
    were = "was" if count == 1 else "were"
    return (
        f"{counted(count, 'exchange')} of {counted(len(hosts), 'other host')} {were} not checked: {listed}."
    )


def _wrapped(indent: str, text: str) -> str:
    """A paragraph whose first line begins with the indent, and the others with as many blanks."""
    joined = printable(text).replace(" -> ", f" ->{_JOIN}")
    lines = textwrap.wrap(joined, _columns() - len(indent), break_long_words=False, break_on_hyphens=False)
    return indent + f"\n{'':{len(indent)}}".join(lines).replace(_JOIN, " ")


def _columns() -> int:
    if not sys.stdout.isatty():
        return _COLUMNS
    import shutil

    return max(_FEWEST_COLUMNS, shutil.get_terminal_size().columns)
