"""Collects verdicts into a report, in constant memory."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from wirecheck.checks import ELSEWHERE, Hosts, Verdict
from wirecheck.checks.request import credentials_present, operation_known
from wirecheck.checks.response import status_documented
from wirecheck.model import DocumentProblem, Exchange, Finding, Report, Severity
from wirecheck.redact import Redactor, encodable
from wirecheck.reports.finding_spool import FindingSpool
from wirecheck.reports.first_findings import FirstFindings
from wirecheck.reports.tallies import Tallies, Tally
from wirecheck.spec import Spec, SpecProblem

if TYPE_CHECKING:
    from wirecheck.reports.evidence import EvidenceSpool, SpooledEvidence


class Collected(Struct, frozen=True):
    """What was collected of some exchanges, to be merged with what was of those before them."""

    tallies: Tallies
    findings: bytes
    evidence: "list[SpooledEvidence]"


class Collector:
    """Collects verdicts one by one. Close it only after the report has been written.

    What depends on the whole recording is decided at its end: which ``hosts`` are judged, and whether any
    request carried credentials. Until then the findings of both outcomes are kept. Findings whose
    fingerprints are ``known`` are only counted. With ``listed``, so are those that it does not take.
    """

    def __init__(
        self,
        spec: Spec,
        hosts: Hosts | None = None,
        known: frozenset[str] = frozenset(),
        listed: FirstFindings | None = None,
    ) -> None:
        self._known = known
        self._listed = listed
        self._spec = spec
        self._hosts = hosts or Hosts(spec)
        self._findings = FindingSpool()
        self._tallies = Tallies()
        self._evidence: EvidenceSpool | None = None

    def collect_evidence(self, redactor: Redactor) -> None:
        """Lets the exchanges that are added from now on be shown beside their findings, without secrets."""
        from wirecheck.reports.evidence import EvidenceSpool

        self._evidence = EvidenceSpool(self._spec, redactor)

    def add(self, verdict: Verdict, exchange: Exchange | None = None) -> None:
        """Takes a verdict; its exchange is needed where that could not be read, and for evidence."""
        if exchange is not None:
            self._tallies.name(exchange)
        if verdict.skipped is not None:
            self._tallies.skip(verdict.skipped, verdict.host, exchange)
            return
        tally = self._tallies.of(verdict.host)
        tally.add(verdict)
        if verdict.findings:
            self._add_findings(verdict, tally, exchange)
        if verdict.elsewhere is not None:
            self._tallies.elsewhere.setdefault(verdict.host, Tally()).count((verdict.elsewhere,))
            self._findings.append(verdict.host, False, verdict.elsewhere)

    def _add_findings(self, verdict: Verdict, tally: Tally, exchange: Exchange | None) -> None:
        new = tuple(finding for finding in verdict.findings if finding.fingerprint not in self._known)
        tally.known.update(f.fingerprint for f in verdict.findings if f.fingerprint in self._known)
        tally.count(new)
        for finding in new:
            if self._listed is None or self._listed.takes(finding):
                self._findings.append(verdict.host, True, finding)
        if self._evidence is not None and exchange is not None:
            self._evidence.add(new, exchange)

    @property
    def unreadable(self) -> str:
        """The first entry that could not be read, and why."""
        return self._tallies.unreadable

    def has(self, size: int) -> bool:
        """Whether there are so many bytes of findings or of evidence, or so many kinds, as to be taken."""
        evidence = self._evidence
        return self._findings.size >= size or (evidence is not None and evidence.is_large(size))

    def take(self) -> Collected:
        """What was collected since the last time; for another collector to ``merge``."""
        tallies, self._tallies = self._tallies, Tallies()
        return Collected(tallies, self._findings.take(), self._evidence.take() if self._evidence else [])

    def merge(self, collected: Collected, shift: int = 0) -> None:
        """Adds what was collected of the exchanges that follow, whose entries are counted from ``shift``."""
        self._tallies.merge(collected.tallies)
        self._findings.extend(collected.findings, shift)
        if self._evidence is not None:
            self._evidence.merge(collected.evidence, shift)

    def report(self) -> Report:
        judged, tallies = self._judged(), self._tallies
        total, others = Tally(), dict[str, int]()
        for host, tally in tallies.by_host.items():
            if host in judged:
                total.merge(tally)
            else:
                total.merge(tallies.elsewhere[host])
                others[host] = tally.exchanges
        unauthorized = total.unauthorized
        is_noted = not total.authorized and unauthorized.total() > 0 and not unauthorized[Severity.ERROR]
        findings = _Findings(self._findings, judged, unauthorized.total() if is_noted else 0, self._listed)
        if is_noted:
            total.severities.subtract(unauthorized)
            total.severities[Severity.INFO] += 1
            total.checks[credentials_present.id] = 1
        exchanges = total.exchanges + sum(others.values()) + tallies.skipped.total()
        info = self._spec.document.data.get("info", {})
        return Report(
            spec=encodable(self._spec.document.name),
            title=str(info.get("title", "")),
            version=str(info.get("version", "")),
            exchanges=exchanges,
            unmatched=exchanges - total.matched,
            partial=total.partial,
            problems=tuple(self._problems(total.unusable)),
            operations={
                operation.name: total.operations[operation.name] for operation in self._spec.operations
            },
            severities={severity: total.severities[severity] for severity in Severity},
            checks=dict(sorted(total.checks.items())),
            findings=findings,
            other_hosts=dict(sorted(others.items(), key=lambda item: -item[1])),
            skipped={str(reason): count for reason, count in sorted(tallies.skipped.items())},
            unreadable=tallies.unreadable,
            known=dict(total.known),
            recordings=tuple(tallies.recordings),
            evidence=self._evidence,
        )

    def _judged(self) -> set[str]:
        """The hosts whose exchanges are judged."""
        tallies = self._tallies
        matched = {host: tally.matched for host, tally in tallies.by_host.items()}
        return {"", *self._hosts.judged(matched, matched.pop(""), tallies.of_pages)}

    def _problems(self, unusable: Counter[SpecProblem]) -> Iterator[DocumentProblem]:
        """The problems of the document, in its order, those that only some exchange met included."""
        document = self._spec.document
        for problem in dict.fromkeys([*document.problems, *unusable]):
            origin = document.where(problem)
            yield DocumentProblem(
                file=encodable(origin.file),
                line=origin.line,
                pointer=f"#{encodable(origin.pointer)}",
                message=encodable(problem.message),
                exchanges=unusable[problem],
            )

    def close(self) -> None:
        self._findings.close()
        if self._evidence is not None:
            self._evidence.close()


class _Findings(Struct, frozen=True):
    """The findings that apply, once it is known which ``hosts`` are judged.

    ``unauthorized`` findings of missing credentials become one note, which says how many they were.
    """

    spool: FindingSpool
    hosts: set[str]
    unauthorized: int
    listed: FirstFindings | None

    def __iter__(self) -> Iterator[Finding]:
        return self._applying() if self.listed is None else self.listed.told(self._applying())

    def _applying(self) -> Iterator[Finding]:
        is_noted = False
        for host, if_judged, finding in self.spool:
            if (host in self.hosts) is not if_judged:
                continue
            if not self.unauthorized or finding.check != credentials_present.id:
                yield finding
            elif not is_noted:
                is_noted = True
                yield self._note(finding)

    def _note(self, finding: Finding) -> Finding:
        number = f"{self.unauthorized:,} exchange{'' if self.unauthorized == 1 else 's'}"
        message = f"{_UNAUTHORIZED} (required by {number})"
        return structs.replace(finding, severity=Severity.INFO, message=message)


def is_note(finding: Finding) -> bool:
    """Whether a finding says only what was not judged: no response, no credentials, another host."""
    if finding.severity is not Severity.INFO:
        return False
    match finding.check:
        case status_documented.id:
            return finding.status == 0
        case credentials_present.id:
            return finding.message.startswith(_UNAUTHORIZED)
        case operation_known.id:
            return finding.message.endswith(ELSEWHERE)
    return False


_UNAUTHORIZED = "no request carries credentials, which recorders often remove"
