"""The parts of the page that need no script: the summary, the kinds, the operations, what was not checked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape

from wirecheck.model import DocumentProblem, Report, Severity
from wirecheck.reports.html.kinds import PageKinds, by_operation, shown
from wirecheck.reports.kinds import FindingKind
from wirecheck.words import counted

_STATIC = 1000  # kinds that are listed without a script
_NAMED = 3  # recordings
_HOSTS = 20
_ICONS = {
    "violated": "M8.5 8.5l7 7m0-7l-7 7",
    "warned": "M12 7.5v5.5m0 3.2v.1",
    "satisfied": "M7.5 12.4l3 3 6-6.6",
    "inconclusive": "M8 12h8",
}
_REASONS = {  # by reason of `Report.skipped`: what such exchanges are, and why they say nothing about the API
    "no-response": ("requests without a response", "They were blocked or cancelled."),
    "not-http": ("requests without HTTP", "What browsers load by data:, blob: and the like is no traffic."),
    "page": ("parts of pages", "What a browser loads to show a page does not belong to the API."),
    "preflight": ("preflights", "Browsers ask by OPTIONS whether a page may send a request (CORS)."),
    "synthetic": ("responses of service workers", "A script in the browser responded, and not the server."),
    "unreadable": ("entries that could not be read", "They are not as the format of the recording has them."),
    "websocket": ("WebSockets", "The document does not describe what they carry."),
}


def summary(report: Report, kinds: PageKinds, made: datetime) -> str:
    """The verdict, the counts, and where all of it is from."""
    verdict, heading, lead = _verdict(report, kinds)
    title = f"{report.title} {report.version}".strip() or report.spec
    exercised, operations = sum(map(bool, report.operations.values())), len(report.operations)
    progress = f'<progress max="{operations}" value="{exercised}" aria-hidden="true"></progress>'
    of = f" <small>of {report.exchanges:,}</small>" if report.checked < report.exchanges else ""
    facts = [
        ("Exchanges checked", f"{report.checked:,}{of}", ""),
        ("Operations exercised", f"{exercised:,} <small>of {operations:,}</small>{progress}", ""),
        *(
            (f"{severity.capitalize()}s", f"{count:,}", severity if count else "")
            for severity, count in _severities(kinds.kinds).items()
            if severity is not Severity.INFO or count
        ),
    ]
    origin = [
        ("Document", f"<code>{escape(shown(report.spec))}</code>"),
        ("Recordings" if len(report.recordings) > 1 else "Recording", _recordings(report.recordings)),
        ("Made", f'<time datetime="{made:%Y-%m-%dT%H:%MZ}">{made:%Y-%m-%d %H:%M} UTC</time>'),
    ]
    return f"""<section class="hero {verdict}" aria-label="Summary">
<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="{
        _ICONS[verdict]
    }"/></svg>
<div><p class="of" dir="auto">{escape(shown(title))}</p>
<h1>{heading}</h1>
<p class="lead">{lead}</p></div>
</section>
<dl class="facts">{
        "".join(f'<div><dt>{name}</dt><dd class="{tone}">{value}</dd></div>' for name, value, tone in facts)
    }</dl>
<dl class="made">{
        "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in origin if value)
    }</dl>
"""


def _verdict(report: Report, kinds: PageKinds) -> tuple[str, str, str]:
    """The class, the heading and the sentence of the verdict."""
    counts = _severities(kinds.kinds)
    *listed, last = [counted(count, severity) for severity, count in counts.items() if count] or [""]
    kind = counted(len(kinds.kinds), "kind") + (" or more" if kinds.left_out else "")
    found = f"{', '.join(listed)}{' and ' if listed else ''}{last}"
    said = f"{found}, of {kind}, in {counted(report.checked, 'exchange')}."
    if counts[Severity.ERROR]:
        return "violated", "Traffic and document disagree", said
    if not report.judged:
        what = "No exchange belongs to an operation of the document, so this says nothing about the API."
        return "inconclusive", "Nothing was checked", what
    if report.partial:
        were = "was" if report.partial == 1 else "were"
        what = f"{counted(report.partial, 'exchange')} {were} not fully checked, as the document has errors."
        return "inconclusive", "No errors in what could be checked", what
    if kinds.kinds:
        return "warned", "No errors", said
    every = "The exchange keeps" if report.judged == 1 else f"All {report.judged:,} exchanges keep"
    return "satisfied", "All checks passed", f"{every} what the document promises."


def _severities(kinds: Iterable[FindingKind]) -> Counter[Severity]:
    counts = Counter(dict.fromkeys(Severity, 0))
    for kind in kinds:
        counts[kind.first.severity] += kind.count
    return counts


def _recordings(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(f"<code>{escape(shown(name))}</code>" for name in names[:_NAMED]) + more


def tabs(report: Report, kinds: PageKinds, reasons: int) -> Iterator[str]:
    """The names of the views, with how much each has."""
    exercised = f"{sum(map(bool, report.operations.values())):,}/{len(report.operations):,}"
    for view, name, count in (
        ("findings", "Findings", f"{sum(kind.count for kind in kinds.kinds):,}"),
        ("operations", "Operations", exercised),
        ("unchecked", "Not checked", f"{reasons:,}"),
    ):
        attributes = f'id="tab-{view}" data-view="{view}" aria-controls="{view}"'
        yield f'<button type="button" role="tab" {attributes}>{name}<span>{count}</span></button>\n'


def chips(kinds: PageKinds) -> Iterator[str]:
    """The filters of severities; that of infos only where there are any."""
    for severity, count in _severities(kinds.kinds).items():
        if severity is not Severity.INFO or count:
            attributes = f'class="chip {severity}" data-severity="{severity}" aria-pressed="false"'
            yield f'<button type="button" {attributes}>{severity.capitalize()}s <span></span></button>\n'


def plain_list(report: Report, kinds: PageKinds) -> Iterator[str]:
    """The kinds of findings for browsers without scripts, and until the script has run."""
    if not kinds.kinds:
        yield f'<p class="empty"><strong>No findings</strong>{_without_findings(report)}</p>\n'
        return
    yield '<ol class="kinds static">\n'
    for kind in kinds.kinds[:_STATIC]:
        finding = kind.first
        request = f"{finding.method} {finding.path}"
        place = f"{finding.spec_file}:{finding.line} {finding.spec_pointer}"
        facts = (finding.check, finding.operation or "(no operation)", request, finding.source, place)
        yield (
            f'<li class="{finding.severity}"><div class="kind">'
            f'<span class="label">{finding.severity.capitalize()}</span>'
            f'<span class="says"><span class="message" dir="auto">{escape(shown(finding.message))}</span>'
            f'<span class="where">{"".join(f"<span>{escape(shown(fact))}</span>" for fact in facts)}</span>'
            f'</span><span class="count">×{kind.count:,}</span></div></li>\n'
        )
    yield "</ol>\n"
    if len(kinds.kinds) > _STATIC:
        yield f'<p class="static soft">And {len(kinds.kinds) - _STATIC:,} more kinds.</p>\n'


def _without_findings(report: Report) -> str:
    if not report.judged:
        return "Nothing could be found, as nothing was checked."
    never = sum(not count for count in report.operations.values())
    if not never:
        return "Every operation was exercised, and responded as documented."
    were = "operation was" if never == 1 else "operations were"
    return f"What was recorded is as it is documented. {never:,} {were} never exercised."


def operations(report: Report, kinds: PageKinds) -> Iterator[str]:
    """Every operation with the number of its exchanges and of its findings."""
    if not report.operations:
        yield '<p class="empty"><strong>No operations</strong>The document describes none.</p>\n'
        return
    findings, most = by_operation(kinds.kinds), max(report.operations.values()) or 1
    yield (
        '<div class="table"><table><thead><tr><th scope="col">Operation</th>'
        '<th scope="col" class="number">Exchanges</th><td class="bar"></td>'
        '<th scope="col">Findings</th></tr></thead><tbody>\n'
    )
    for name, count in report.operations.items():
        bar = f'<progress max="{most}" value="{count}" aria-hidden="true"></progress>' if count else ""
        exchanges = f"{count:,}" if count else '<span class="badge">never exercised</span>'
        yield (
            f"<tr{'' if count else ' class=never'}><td>{escape(shown(name))}</td>"
            f'<td class="number">{exchanges}</td><td class="bar">{bar}</td>'
            f'<td class="findings-of">{_findings_of(name, findings.get(name, Counter()))}</td></tr>\n'
        )
    yield "</tbody></table></div>\n"


def _findings_of(name: str, counts: Counter[Severity]) -> str:
    listed = ", ".join(
        f'<span class="{severity}">{counted(counts[severity], severity)}</span>'
        for severity in Severity
        if counts[severity]
    )
    link = escape(shown(name), quote=True)
    return f'<a href="#findings" data-operation="{link}">{listed}</a>' if listed else ""


def not_checked(report: Report, kinds: PageKinds) -> list[tuple[str, str, str]]:
    """What was not judged, or not wholly: how much, what, and why. The last two are HTML."""
    reasons = [
        (
            f"{problem.exchanges:,}",
            f"exchanges not fully checked: {escape(shown(problem.message))}",
            _place(problem),
        )
        for problem in report.problems
        if problem.exchanges
    ]
    if others := sum(not problem.exchanges for problem in report.problems):
        what = f"{counted(others, 'error')} of the document made no difference"
        reasons.append(("", what, "<code>wirecheck lint</code> lists them."))
    elsewhere, skipped = sum(report.other_hosts.values()), sum(report.skipped.values())
    if unmatched := report.unmatched - elsewhere - skipped:
        why = "Their paths or methods are not documented; the findings name them."
        reasons.append((f"{unmatched:,}", "exchanges that belong to no operation", why))
    if report.other_hosts:
        names = list(report.other_hosts)
        more = f" and {len(names) - _HOSTS:,} more" if len(names) > _HOSTS else ""
        listed = ", ".join(f"<code>{escape(shown(name))}</code>" for name in names[:_HOSTS])
        reasons.append((f"{elsewhere:,}", "exchanges with other hosts", f"{listed}{more} (see --host)"))
    for reason, count in sorted(report.skipped.items()):
        if count:
            what, why = _REASONS[reason]
            first = f" The first: {escape(shown(report.unreadable))}." if reason == "unreadable" else ""
            reasons.append((f"{count:,}", what, why + first))
    reasons += [("", escape(f"{note[:1].upper()}{note[1:]}"), "") for note in kinds.notes]
    if kinds.left_out:
        why = "<code>--format json</code> has them all."
        reasons.append((f"{kinds.left_out:,}", "findings of further kinds are left out here", why))
    return reasons


def _place(problem: DocumentProblem) -> str:
    return f"<code>{escape(shown(f'{problem.file}:{problem.line} {problem.pointer}'))}</code>"


def unchecked(reasons: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    if not reasons:
        yield '<p class="empty"><strong>Everything was checked</strong>No exchange was left out.</p>\n'
        return
    yield '<ul class="reasons">\n'
    for number, what, why in reasons:
        yield f'<li><span class="number">{number}</span><div><p>{what}</p><p>{why}</p></div></li>\n'
    yield "</ul>\n"
