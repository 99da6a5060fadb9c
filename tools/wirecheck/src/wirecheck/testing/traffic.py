"""What the traffic of a test suite says of a document: verdicts, how often each was met, and their report."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from wirecheck.checks import Hosts, Judge, Verdict
from wirecheck.checks.request import operation_known
from wirecheck.checks.response import no_server_fault
from wirecheck.checks.scope import authority, is_loopback
from wirecheck.limits import without_forks
from wirecheck.live import Coverage
from wirecheck.model import Exchange, Finding, LimitError, Report, Severity
from wirecheck.redact import encodable
from wirecheck.reports.collect import Collector
from wirecheck.spec import Spec

_OF_TESTS = re.compile(r"[^.:]+|(.+\.)?(test|example|invalid|local|internal|example\.(com|net|org))")
"""Hosts that exist in tests only (RFC 6761, RFC 2606), and names within a network."""

_HOSTS = 256  # that are remembered


class SuiteHosts(Hosts):
    """The hosts of the document, this machine, and those that tests make up, such as ``testserver``."""

    def are_certain(self, host: str) -> bool:
        name = re.sub(r":[0-9]+$", "", host)
        return super().are_certain(host) or is_loopback(host) or bool(_OF_TESTS.fullmatch(name))


@dataclass(slots=True)
class _Counts:
    """What is counted, which processes send each other."""

    verdicts: Counter[tuple[int, Verdict]]
    other_hosts: Counter[str]
    unreadable: int = 0
    too_expensive: int = 0


class SuiteTraffic:
    """Judges the exchanges of a test suite, and counts the verdicts.

    Unless it is ``strict``, an undocumented path is only a note, because applications serve pages beside
    their API, and so is a failure (5xx) with a documented status, which tests provoke. What a configuration
    ``skips``, by check and operation, is not found.
    """

    def __init__(self, spec: Spec, *, is_strict: bool, skips: Callable[[str, str | None], bool]) -> None:
        self.spec = spec
        self._is_host_judged = lru_cache(_HOSTS)(SuiteHosts(spec).are_certain)
        self._judge = Judge(spec)
        self._is_strict = is_strict
        self._skips = skips
        self._by_name = {operation.name: operation for operation in spec.operations}
        self._counts = _Counts(Counter(), Counter())

    def judge(self, exchange: Exchange) -> tuple[Finding, ...]:
        """The findings of an exchange, none of which is counted; raises LimitError."""
        return self._verdict(exchange).findings

    def add(self, exchange: Exchange) -> tuple[Finding, ...]:
        """Judges an exchange and counts what comes of it."""
        host = authority(exchange.url)
        if not self._is_host_judged(host):
            self._counts.other_hosts[encodable(host)] += 1
            return ()
        try:
            verdict = self._verdict(exchange)
        except LimitError:
            self._counts.too_expensive += 1
            return ()
        self._counts.verdicts[exchange.status, verdict] += 1
        return verdict.findings

    def add_unreadable(self, count: int) -> None:
        self._counts.unreadable += count

    def _verdict(self, exchange: Exchange) -> Verdict:
        with without_forks():
            verdict = self._judge.judge(exchange)
        if not verdict.findings:
            return verdict
        findings = (self._weighed(each) for each in verdict.findings)
        return replace(verdict, findings=tuple(each for each in findings if each))

    def _weighed(self, finding: Finding) -> Finding | None:
        """The finding with the severity that it has in a test suite; None where it is skipped."""
        if self._skips(finding.check, finding.operation):
            return None
        if self._is_strict:
            return finding
        operation = self._by_name.get(finding.operation or "")
        response = operation.response(finding.status) if operation else None
        is_listed = response is not None and response.status.upper() != "DEFAULT"
        if finding.check == operation_known.id or (finding.check == no_server_fault.id and is_listed):
            return replace(finding, severity=Severity.INFO)
        return finding

    def dump(self) -> str:
        """What was counted, for another process."""
        counts = self._counts
        verdicts = [(*key, count) for key, count in counts.verdicts.items()]
        values = (verdicts, counts.other_hosts, counts.unreadable, counts.too_expensive)
        return msgspec.json.encode(values).decode()

    def merge(self, dumped: str) -> None:
        """Adds what another process counted."""
        verdicts, hosts, unreadable, too_expensive = msgspec.json.decode(dumped, type=_Dumped)
        for status, verdict, count in verdicts:
            self._counts.verdicts[status, verdict] += count
        self._counts.other_hosts.update(hosts)
        self._counts.unreadable += unreadable
        self._counts.too_expensive += too_expensive

    def coverage(self) -> Coverage:
        coverage = Coverage([self.spec])
        for (status, verdict), count in self._counts.verdicts.items():
            if verdict.skipped is None:
                coverage.add(verdict.operation, status, count)
        return coverage

    def collector(self) -> Collector:
        """What was counted in the form of which reports are made; to be closed after that."""
        collector = Collector(self.spec)
        for (_, verdict), count in self._counts.verdicts.items():
            for _ in range(count):
                collector.add(verdict)
        return collector

    def report(self, collector: Collector) -> Report:
        report = collector.report()
        others = self._counts.other_hosts
        return msgspec.structs.replace(
            report,
            exchanges=report.exchanges + others.total(),
            unmatched=report.unmatched + others.total(),
            other_hosts=dict(others.most_common()),
        )

    def unjudged(self) -> Iterator[tuple[int, str]]:
        """How many exchanges could not be judged, and why."""
        if self._counts.unreadable:
            yield self._counts.unreadable, "with a response of an unknown form, such as that of a mock"
        if self._counts.too_expensive:
            yield self._counts.too_expensive, "that would take too long to judge"

    def base_path(self, undocumented: Sequence[Finding]) -> str:
        """The base path below which requests would be documented that are not; empty unless there is one."""
        fitting = {
            base or "/" for each in undocumented for base in self.spec.base_paths(each.method, each.path)
        }
        return fitting.pop() if len(fitting) == 1 else ""


_Dumped = tuple[list[tuple[int, Verdict, int]], dict[str, int], int, int]
