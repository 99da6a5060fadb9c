"""Findings by kind: what says the same about the same place is shown once, in bounded memory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wirecheck.model import Finding, Report, Severity
from wirecheck.reports.collect import is_note

_SOURCES = 3
"""The number of exchanges that are named for one kind."""
_LONGEST_QUERY = 200  # characters
_ORDER = list(Severity)


@dataclass(slots=True)
class FindingKind:
    """Findings of one fingerprint and severity: the first, their number, and some of their sources."""

    first: Finding
    count: int = 0
    sources: list[str] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.count += 1
        if finding.source not in self.sources and len(self.sources) <= _SOURCES:
            self.sources.append(finding.source)

    @property
    def definition(self) -> str:
        """Where the document says what is violated."""
        return f"{self.first.spec_file}:{self.first.line} {self.first.spec_pointer}"

    @property
    def places(self) -> str:
        """The first few exchanges."""
        return ", ".join(self.sources[:_SOURCES]) + (", …" if len(self.sources) > _SOURCES else "")

    @property
    def request(self) -> str:
        """The first of the exchanges in one line."""
        finding = self.first
        query = f"?{finding.query}" if finding.query else ""
        if len(query) > _LONGEST_QUERY:
            query = f"{query[: _LONGEST_QUERY - 1]}…"
        return f"{finding.method} {finding.path}{query} -> {finding.status}"

    @property
    def times(self) -> str:
        return f" ×{self.count:,}" if self.count > 1 else ""


class FindingKinds:
    """The kinds of some findings, of which at most ``limit`` of each severity are kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kinds: dict[Severity, dict[str, FindingKind]] = {severity: {} for severity in Severity}
        self.severities = Counter[Severity]()
        """The number of all findings."""

    def add(self, finding: Finding) -> None:
        self.severities[finding.severity] += 1
        kinds = self._kinds[finding.severity]
        kind = kinds.get(finding.fingerprint)
        if kind is None:
            if len(kinds) >= self._limit:
                return
            kind = kinds[finding.fingerprint] = FindingKind(finding)
        kind.add(finding)

    def gravest(self) -> list[FindingKind]:
        """At most ``limit`` kinds, the most severe first, otherwise in the order of the exchanges."""
        return [kind for severity in _ORDER for kind in self._kinds[severity].values()][: self._limit]

    def left_out(self) -> int:
        """The number of findings that are not among the ``gravest``."""
        return self.severities.total() - sum(kind.count for kind in self.gravest())


def findings(report: Report) -> Iterator[Finding]:
    """The findings without the notes, which say only what was not judged."""
    return (finding for finding in report.findings if not is_note(finding))
