"""Collects verdicts into a report, in constant memory."""

import dataclasses
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

import msgspec

from wirecheck.checks import ELSEWHERE, Hosts, Skipped, Verdict
from wirecheck.checks.request import credentials_present, operation_known
from wirecheck.checks.response import status_documented
from wirecheck.model import DocumentProblem, Exchange, Finding, Report, Severity
from wirecheck.redact import Redactor, encodable
from wirecheck.reports.evidence import EvidenceSpool
from wirecheck.spec import Spec, SpecProblem

_IN_MEMORY = 8 * 1024 * 1024  # bytes of findings, beyond which they go to a temporary file
_RECORDINGS = 100  # whose names are remembered
_AT_ONCE = 64 * 1024  # bytes of findings that are read at once


@dataclass(slots=True)
class _Tally:
    """What is counted of the exchanges with one host, or with all that are certain to be judged."""

    exchanges: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    authorized: bool = False
    unauthorized: Counter[Severity] = field(default_factory=Counter)
    partial: int = 0
    unusable: Counter[SpecProblem] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        self.exchanges += 1
        self.authorized = self.authorized or verdict.authorized
        self.partial += bool(verdict.unusable)
        self.unusable.update(verdict.unusable)
        if verdict.operation is not None:
            self.operations[verdict.operation] += 1

    def count(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            self.severities[finding.severity] += 1
            self.checks[finding.check] += 1
            if finding.check == credentials_present.id:
                self.unauthorized[finding.severity] += 1

    def merge(self, other: "_Tally") -> None:
        self.exchanges += other.exchanges
        self.operations += other.operations
        self.severities += other.severities
        self.checks += other.checks
        self.known += other.known
        self.unauthorized += other.unauthorized
        self.authorized = self.authorized or other.authorized
        self.partial += other.partial
        self.unusable.update(other.unusable)

    @property
    def matched(self) -> int:
        return self.operations.total()


class Collector:
    """Collects verdicts one by one. Close it only after the report has been written.

    What depends on the whole recording is decided at its end: which ``hosts`` are judged, and whether any
    request carried credentials. Until then the findings of both outcomes are kept. Findings whose
    fingerprints are ``known`` are only counted.
    """

    def __init__(self, spec: Spec, hosts: Hosts | None = None, known: frozenset[str] = frozenset()) -> None:
        self._known = known
        self._spec = spec
        self._hosts = hosts or Hosts(spec)
        self._findings = _Spool()
        self._tallies: dict[str, _Tally] = {"": _Tally()}  # by host; "" are all that are certain
        self._elsewhere: dict[str, _Tally] = {}
        self._skipped = Counter[Skipped]()
        self._of_pages = set[str]()
        self._unreadable = ""
        self._recordings: dict[str, None] = {}
        self._evidence: EvidenceSpool | None = None

    def collect_evidence(self, redactor: Redactor) -> None:
        """Lets the exchanges that are added from now on be shown beside their findings, without secrets."""
        self._evidence = EvidenceSpool(self._spec, redactor)

    def add(self, verdict: Verdict, exchange: Exchange | None = None) -> None:
        """Takes a verdict; its exchange is needed where that could not be read, and for evidence."""
        if exchange is not None and len(self._recordings) < _RECORDINGS:
            self._recordings[encodable(exchange.source.rpartition("#")[0] or exchange.source)] = None
        if verdict.skipped is not None:
            self._skip(verdict.skipped, verdict.host, exchange)
            return
        tally = self._tallies.setdefault(verdict.host, _Tally())
        tally.add(verdict)
        new = tuple(finding for finding in verdict.findings if finding.fingerprint not in self._known)
        tally.known.update(f.fingerprint for f in verdict.findings if f.fingerprint in self._known)
        tally.count(new)
        for finding in new:
            self._findings.append(verdict.host, True, finding)
        if self._evidence is not None and exchange is not None:
            self._evidence.add(new, exchange)
        if verdict.elsewhere is not None:
            self._elsewhere.setdefault(verdict.host, _Tally()).count((verdict.elsewhere,))
            self._findings.append(verdict.host, False, verdict.elsewhere)

    def _skip(self, reason: Skipped, host: str, exchange: Exchange | None) -> None:
        self._skipped[reason] += 1
        if reason is Skipped.PAGE:
            self._of_pages.add(host)
        if exchange is not None and exchange.error:
            self._unreadable = self._unreadable or f"{exchange.source}: {exchange.error}"

    def report(self) -> Report:
        judged = self._judged()
        total, others = _Tally(), dict[str, int]()
        for host, tally in self._tallies.items():
            if host in judged:
                total.merge(tally)
            else:
                total.merge(self._elsewhere[host])
                others[host] = tally.exchanges
        unauthorized = total.unauthorized
        is_noted = not total.authorized and unauthorized.total() > 0 and not unauthorized[Severity.ERROR]
        findings = _Findings(self._findings, judged, unauthorized.total() if is_noted else 0)
        if is_noted:
            total.severities.subtract(unauthorized)
            total.severities[Severity.INFO] += 1
            total.checks[credentials_present.id] = 1
        exchanges = total.exchanges + sum(others.values()) + self._skipped.total()
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
            skipped={str(reason): count for reason, count in sorted(self._skipped.items())},
            unreadable=self._unreadable,
            known=dict(total.known),
            recordings=tuple(self._recordings),
            evidence=self._evidence,
        )

    def _judged(self) -> set[str]:
        """The hosts whose exchanges are judged."""
        matched = {host: tally.matched for host, tally in self._tallies.items() if host}
        return {"", *self._hosts.judged(matched, self._tallies[""].matched, self._of_pages)}

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


@dataclass(frozen=True, slots=True)
class _Findings:
    """The findings that apply, once it is known which ``hosts`` are judged.

    ``unauthorized`` findings of missing credentials become one note, which says how many they were.
    """

    spool: "_Spool"
    hosts: set[str]
    unauthorized: int

    def __iter__(self) -> Iterator[Finding]:
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
        return dataclasses.replace(finding, severity=Severity.INFO, message=message)


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


_Item = tuple[str, bool, Finding]
"""A host, whether the finding applies if that host is judged (or if it is not), and the finding."""


class _Spool:
    """Findings in a file, which is in memory while they are few."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - close() closes it
        self._encoder = msgspec.json.Encoder()

    def append(self, *item: *_Item) -> None:
        self._file.seek(0, os.SEEK_END)
        self._file.write(self._encoder.encode(item) + b"\n")

    def __iter__(self) -> Iterator[_Item]:
        decoder = msgspec.json.Decoder(_Item)
        position = 0  # of this reader; others may read or write between two findings
        while True:
            self._file.seek(position)
            lines = self._file.readlines(_AT_ONCE)
            position = self._file.tell()
            if not lines:
                return
            yield from map(decoder.decode, lines)

    def close(self) -> None:
        self._file.close()
