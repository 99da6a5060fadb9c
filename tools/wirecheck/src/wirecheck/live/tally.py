"""What the proxy counts, and what its views show of that. Nothing here contains a secret."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from wirecheck.checks import Verdict
from wirecheck.live.monitor import Mode, Monitor
from wirecheck.model import Exchange, Finding, Severity

_MOST_KINDS = 200  # of findings that are remembered
_SPAN = 5.0  # seconds over which a rate is measured


@dataclass(slots=True)
class ProxyTally:
    """Counts of what went through the proxy.

    ``withheld`` are requests and responses in whose place a problem document was sent; ``tunnels``
    connections that became another protocol, and are not judged; ``failures`` what went wrong with the
    upstream or a client, by what it was.
    """

    exchanges: int = 0
    open: int = 0
    withheld: int = 0
    tunnels: int = 0
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class SeenFinding:
    """A finding, and how often it was made."""

    finding: Finding
    count: int = 0


class LatestFindings:
    """The findings that were made last, of each fingerprint the first; any thread may add."""

    def __init__(self) -> None:
        self._kinds: dict[str, SeenFinding] = {}
        self._lock = threading.Lock()

    def add(self, findings: Sequence[Finding]) -> list[Finding]:
        """Counts findings; returns those of kinds that are new."""
        new: list[Finding] = []
        if not findings:
            return new
        with self._lock:
            for finding in findings:
                if finding.severity is Severity.INFO:
                    continue
                kind = self._kinds.pop(finding.fingerprint, None)
                if kind is None:
                    kind = SeenFinding(finding)
                    new.append(finding)
                kind.count += 1
                self._kinds[finding.fingerprint] = kind
            while len(self._kinds) > _MOST_KINDS:
                del self._kinds[next(iter(self._kinds))]
        return new

    def latest(self, most: int) -> list[SeenFinding]:
        with self._lock:
            return list(self._kinds.values())[: -most - 1 : -1]


class Overview:
    """All that the views show, at this moment."""

    def __init__(self, monitor: Monitor, tally: ProxyTally, mode: Mode, address: str, upstream: str) -> None:
        self._kinds = LatestFindings()
        self.tally = tally
        self._monitor = monitor
        self._mode, self._address, self._upstream = mode, address, upstream
        self._began = time.monotonic()
        self._samples = deque([(self._began, 0)])
        self.when_new: Callable[[Finding], None] = lambda finding: None
        monitor.observe(self._observe)

    def _observe(self, _: Exchange, verdict: Verdict) -> None:
        self.add(verdict.findings)

    def add(self, findings: Sequence[Finding]) -> None:
        """Counts findings, and has those of new kinds shown."""
        for finding in self._kinds.add(findings):
            self.when_new(finding)

    def state(self, most: int) -> dict[str, Any]:
        """Counts, rates and the latest kinds of findings, as JSON has them."""
        monitor, tally = self._monitor, self.tally
        met, operations = monitor.coverage.operations
        documented, responses = monitor.coverage.responses
        return {
            "address": self._address,
            "upstream": self._upstream,
            "mode": self._mode.value,
            "seconds": int(time.monotonic() - self._began),
            "exchanges": tally.exchanges,
            "rate": round(self._rate(), 1),
            "open": tally.open,
            "judged": monitor.judged,
            "violating": monitor.violating,
            "unjudged": monitor.unjudged,
            "withheld": tally.withheld,
            "tunnels": tally.tunnels,
            "operations": [met, operations],
            "responses": [documented, responses],
            "failures": dict(tally.failures),
            "findings": [_shown(kind) for kind in self._kinds.latest(most)],
        }

    def _rate(self) -> float:
        """Exchanges a second, over the last seconds."""
        now = time.monotonic()
        self._samples.append((now, self.tally.exchanges))
        while len(self._samples) > 2 and now - self._samples[1][0] > _SPAN:
            self._samples.popleft()
        since, before = self._samples[0]
        return (self.tally.exchanges - before) / (now - since) if now > since else 0.0


def _shown(kind: SeenFinding) -> dict[str, Any]:
    finding = kind.finding
    return {
        "count": kind.count,
        "severity": finding.severity.value,
        "check": finding.check,
        "operation": finding.operation or f"{finding.method} {finding.path}",
        "status": finding.status,
        "message": finding.message,
    }
