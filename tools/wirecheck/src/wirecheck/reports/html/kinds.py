"""The findings of a report by their kind, as the page and its data have them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wirecheck.checks.request import operation_known
from wirecheck.model import Evidence, Finding, Report, Severity
from wirecheck.redact import MASK, encodable, printable
from wirecheck.reports.collect import is_note
from wirecheck.reports.kinds import FindingKind, FindingKinds

_KINDS = 10_000
"""The number of kinds that are shown, and held in memory."""
_ROWS = 50_000
_ROWS_OF_A_KIND = 1000
_ORDER = list(Severity)
_LONGEST = 500  # characters of a message


@dataclass(frozen=True, slots=True)
class PageKinds:
    """The kinds of a report, the most severe first, and in the order of the document's operations.

    ``notes`` are messages of what was not judged. ``left_out`` counts findings of further kinds.
    """

    kinds: tuple[FindingKind, ...]
    notes: tuple[str, ...]
    left_out: int

    @classmethod
    def of(cls, report: Report) -> "PageKinds":
        kinds = FindingKinds(_KINDS)
        notes: dict[str, None] = {}
        for finding in report.findings:
            if not is_note(finding):
                kinds.add(finding)
            elif finding.check != operation_known.id and len(notes) < _ROWS_OF_A_KIND:
                notes[shown(finding.message)] = None
        places = {name: index for index, name in enumerate(report.operations)}

        def order(kind: FindingKind) -> tuple[int, int, int]:
            place = places.get(kind.first.operation or "", -1)
            return _ORDER.index(kind.first.severity), place, -kind.count

        return cls(tuple(sorted(kinds.gravest(), key=order)), tuple(notes), kinds.left_out())

    def rows(self, report: Report) -> Iterator[list[Any]]:
        """The findings that are shown: the index of their kind, source, request, and what else they have.

        A message is None where it is that of the kind.
        """
        indices = {_id(kind.first): index for index, kind in enumerate(self.kinds)}
        counts = Counter[int]()
        for finding in report.findings:
            index = indices.get(_id(finding))
            if index is None or is_note(finding) or counts[index] >= _ROWS_OF_A_KIND:
                continue
            if counts.total() >= _ROWS and counts[index]:
                continue  # each kind has at least one
            counts[index] += 1
            message = shown(finding.message)
            yield [
                index,
                shown(finding.source),
                _request(finding, finding.query),
                finding.pointer and shown(finding.pointer),
                message if message != shown(self.kinds[index].first.message) else None,
                _evidence(report, finding),
            ]


def data(kind: FindingKind) -> dict[str, Any]:
    """A kind as the script reads it."""
    finding = kind.first
    return {
        "id": _id(finding),
        "severity": finding.severity,
        "check": finding.check,
        "side": finding.side,
        "operation": finding.operation and shown(finding.operation),
        "request": _request(finding, ""),
        "message": shown(finding.message),
        "pointer": finding.pointer and shown(finding.pointer),
        "file": shown(finding.spec_file),
        "line": finding.line,
        "definition": shown(finding.spec_pointer),
        "count": kind.count,
    }


def shown(text: str) -> str:
    """A text of a recording or a document in one line, with no sign that would change its direction."""
    text = printable(encodable(text))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def by_operation(kinds: Iterable[FindingKind]) -> dict[str | None, Counter[Severity]]:
    """The number of findings by operation and severity."""
    counts: dict[str | None, Counter[Severity]] = {}
    for kind in kinds:
        counts.setdefault(kind.first.operation, Counter())[kind.first.severity] += kind.count
    return counts


def _id(finding: Finding) -> str:
    return f"{finding.fingerprint}{finding.severity[:1]}"


def _request(finding: Finding, query: str) -> str:
    """The request and the status, without the parameters that are secret."""
    pairs = "&".join(pair for pair in query.split("&") if pair and not pair.endswith(f"={MASK}"))
    request = f"{finding.method} {finding.path}{'?' if pairs else ''}{pairs}"
    return f"{shown(request)} → {finding.status or 'none'}"


def _evidence(report: Report, finding: Finding) -> Evidence | None:
    return report.evidence.of(finding) if report.evidence else None
