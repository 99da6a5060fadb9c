"""What a report counts of exchanges."""

from collections import Counter

from msgspec import Struct, field

from wirecheck.checks import Skipped, Verdict
from wirecheck.checks.request import credentials_present
from wirecheck.model import Exchange, Finding, Severity
from wirecheck.redact import encodable
from wirecheck.spec import SpecProblem

_RECORDINGS = 100  # whose names are remembered


class Tally(Struct):
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
        if verdict.unusable:
            self.partial += 1
            self.unusable.update(verdict.unusable)
        if verdict.operation is not None:
            self.operations[verdict.operation] += 1

    def count(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            self.severities[finding.severity] += 1
            self.checks[finding.check] += 1
            if finding.check == credentials_present.id:
                self.unauthorized[finding.severity] += 1

    def merge(self, other: "Tally") -> None:
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


class Tallies(Struct):
    """What is counted of all exchanges, each in the order in which it was met first.

    ``by_host`` has those that are certain to be judged below ``""``; ``elsewhere`` is what replaces the
    findings of a host that turns out not to be judged.
    """

    by_host: dict[str, Tally] = field(default_factory=lambda: {"": Tally()})
    elsewhere: dict[str, Tally] = {}
    skipped: Counter[Skipped] = field(default_factory=Counter)
    of_pages: set[str] = set()
    unreadable: str = ""
    recordings: dict[str, None] = {}
    _last: str = ""  # recording

    def of(self, host: str) -> Tally:
        """The tally of a host, which is empty for those that are certain."""
        if host not in self.by_host:
            self.by_host[host] = Tally()
        return self.by_host[host]

    def name(self, exchange: Exchange) -> None:
        """Remembers which recording an exchange is from."""
        name = exchange.source.rpartition("#")[0] or exchange.source
        if name != self._last and len(self.recordings) < _RECORDINGS:
            self._last = name
            self.recordings[encodable(name)] = None

    def skip(self, reason: Skipped, host: str, exchange: Exchange | None) -> None:
        self.skipped[reason] += 1
        if reason is Skipped.PAGE:
            self.of_pages.add(host)
        if exchange is not None and exchange.error:
            self.unreadable = self.unreadable or f"{exchange.source}: {exchange.error}"

    def merge(self, other: "Tallies") -> None:
        """Adds what was counted of the exchanges that follow."""
        for mine, others in ((self.by_host, other.by_host), (self.elsewhere, other.elsewhere)):
            for host, tally in others.items():
                mine.setdefault(host, Tally()).merge(tally)
        self.skipped += other.skipped
        self.of_pages |= other.of_pages
        self.unreadable = self.unreadable or other.unreadable
        for name in other.recordings:
            if len(self.recordings) < _RECORDINGS:
                self.recordings[name] = None
