"""The judge of live traffic, which any number of threads may share."""

import contextlib
import logging
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from os import PathLike
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from msgspec.structs import replace

from wirecheck.checks import Judge, Verdict
from wirecheck.limits import without_forks
from wirecheck.live.coverage import Coverage
from wirecheck.live.violation import ViolationError
from wirecheck.model import Exchange, Finding, LimitError, Report, Severity, Side
from wirecheck.reports.collect import Collector
from wirecheck.reports.first_findings import FirstFindings
from wirecheck.spec import Spec, load, parsed

_LOGGER = logging.getLogger("wirecheck.live")

MAX_BODY = 10 * 1024 * 1024
"""Bytes of a body up to which it is judged by default."""


class Mode(StrEnum):
    """What happens to a message that violates the document: nothing, a header, or another message instead."""

    REPORT = "report"
    WARN = "warn"
    ENFORCE = "enforce"


class FindingSelection(Protocol):
    """Decides which findings count, and how much."""

    def of(self, verdict: Verdict) -> Verdict:
        """The verdict on an exchange with the findings that count."""

    def counted(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that count, of a request that has no response yet."""


@dataclass(frozen=True, slots=True)
class WatchedApi:
    """A document, and the traffic that is judged by it: that with a host, or below a path; by default all.

    ``host`` is in lower case, with a port where it matters; ``prefix`` begins with a slash.
    """

    spec: Spec
    host: str = ""
    prefix: str = ""

    def includes(self, host: str, path: str) -> bool:
        is_host = not self.host or self.host in (host, host.partition(":")[0])
        return is_host and (path + "/").startswith(self.prefix.rstrip("/") + "/")

    @property
    def exactness(self) -> tuple[bool, int]:
        """By which the one wins of several documents that are about the same traffic."""
        return bool(self.host), len(self.prefix)


AnyDocument = str | PathLike[str] | Mapping[str, Any] | Spec
"""A document: the path of its file, what was parsed of it, or what was loaded."""

Observer = Callable[[Exchange, Verdict], None]
"""Is called with each exchange that was judged, one after the other."""


class Monitor:
    """Judges exchanges as they happen, and collects what is found.

    Close it once its reports were written; that happens by itself when nothing refers to it any more. With
    ``only``, the other checks are not made; with a ``selection``, other findings do not count.

    Findings have the position of their exchange among all as ``entry``, and its ``source`` with that.
    ``unjudged`` counts bodies larger than ``max_body``, and exchanges that took too long; ``failed``, those
    at which the judge itself failed. All findings are counted; of a kind, the first thousand are listed.
    """

    def __init__(
        self,
        apis: Sequence[WatchedApi],
        *,
        also: Sequence[str] = (),
        with_laws: bool = True,
        only: Collection[str] | None = None,
        selection: FindingSelection | None = None,
        max_body: int = MAX_BODY,
        known: frozenset[str] = frozenset(),
    ) -> None:
        self.apis = apis
        self.coverage = Coverage(api.spec for api in apis)
        self.max_body = max_body
        self.judged = self.violating = self.unjudged = self.failed = 0
        self._selection = selection
        self._judges = [Judge(api.spec, with_laws=with_laws, also=also, only=only) for api in apis]
        self._collectors = [Collector(api.spec, known=known, listed=FirstFindings()) for api in apis]
        self._closing = weakref.finalize(self, _close, self._collectors)
        self._observers: list[Observer] = []
        self._is_one_for_all = [(api.host, api.prefix) for api in apis] == [("", "")]
        self._lock = threading.Lock()

    @classmethod
    def of(
        cls, document: "AnyDocument | Monitor", *, base_path: str | None = None, **options: Any
    ) -> "Monitor":
        """The monitor of all traffic by one document; a monitor stays what it is.

        ``base_path`` replaces the paths of the document's ``servers``. Raises SpecError.
        """
        if isinstance(document, Monitor):
            return document
        match document:
            case Spec():
                spec = document
            case Mapping():
                spec = parsed(document, base_path)
            case _:
                spec = load(Path(document), base_path)
        return cls([WatchedApi(spec)], **options)

    def observe(self, observer: Observer) -> None:
        """Lets an observer see each exchange and its verdict from now on."""
        self._observers.append(observer)

    def judge_of(self, url: str) -> Judge | None:
        """The judge of a URL, which also has the redactor for it; None where no document is about it."""
        index = self._index(url)
        return None if index is None else self._judges[index]

    def judge(self, exchange: Exchange) -> Verdict | None:
        """Judges an exchange; None where no document is about it, or it cannot be judged."""
        index = self._index(exchange.url)
        if index is None:
            return None
        with self._lock:
            entry = self.judged
            self.judged += 1
            exchange = replace(exchange, entry=entry, source=f"{exchange.source}#{entry}")
            bodies = (exchange.request_body, exchange.response_body)
            self.unjudged += sum(len(body or b"") > self.max_body for body in bodies)
            exchange = self._without_large_bodies(exchange)
            try:
                verdict = self._judges[index].judge(exchange)
            except LimitError:
                self.unjudged += 1
                return None
            if self._selection is not None:
                verdict = self._selection.of(verdict)
            self._collect(index, exchange, verdict)
        return verdict

    def try_judge(self, exchange: Exchange) -> Verdict | None:
        """As ``judge``, in the process of a person's own program.

        That is never copied, and goes on if the judge fails: a failure is counted, and logged once.
        """
        try:
            with without_forks():
                return self.judge(exchange)
        except Exception as error:
            self.failed += 1
            if self.failed == 1:
                _LOGGER.error("the judge failed, and the traffic passed: %s", type(error).__name__)
            return None

    def accept(self, exchange: Exchange) -> bool:
        """Judges an exchange if that takes no time to speak of and nothing is wrong; else nothing happens."""
        index = self._index(exchange.url)
        if index is None:
            return False
        with self._lock:
            verdict = self._judges[index].accepted(exchange, promptly=True)
            if verdict is None:
                return False
            self.judged += 1
            self._collect(index, exchange, verdict)
        return True

    def accepts_request(self, exchange: Exchange) -> bool:
        """Whether `request_findings` finds nothing, if telling so takes no time to speak of."""
        judge = self.judge_of(exchange.url)
        if judge is None:
            return True
        with self._lock:
            return judge.accepts_request(exchange)

    def _collect(self, index: int, exchange: Exchange, verdict: Verdict) -> None:
        self.violating += is_violating(verdict.findings)
        self._collectors[index].add(verdict, exchange)
        self.coverage.add(verdict.operation, exchange.status)
        for observer in self._observers:
            observer(exchange, verdict)

    def request_findings(self, exchange: Exchange) -> tuple[Finding, ...]:
        """What is wrong with a request that has no response yet, if the server accepted it.

        Nothing is collected of it. ``exchange`` has a status of 0, and nothing of a response.
        """
        judge = self.judge_of(exchange.url)
        if judge is None:
            return ()
        with self._lock, contextlib.suppress(LimitError):
            findings = judge.request_findings(self._without_large_bodies(exchange))
            return self._selection.counted(findings) if self._selection else findings
        return ()

    def _without_large_bodies(self, exchange: Exchange) -> Exchange:
        """The exchange with bodies that are too large as not recorded."""
        if len(exchange.request_body or b"") > self.max_body:
            exchange = replace(exchange, request_body=None)
        if len(exchange.response_body or b"") > self.max_body:
            exchange = replace(exchange, response_body=None)
        return exchange

    def _index(self, url: str) -> int | None:
        """Which document is about a URL."""
        if self._is_one_for_all:
            return 0
        parts = urlsplit(url)
        host, path = parts.netloc.rpartition("@")[2].lower(), parts.path or "/"
        fitting = (index for index, api in enumerate(self.apis) if api.includes(host, path))
        return max(fitting, key=lambda index: self.apis[index].exactness, default=None)

    def reports(self) -> Iterator[Report]:
        """The report on the traffic of each document, in their order."""
        for collector in self._collectors:
            yield collector.report()

    @property
    def findings(self) -> list[Finding]:
        """What was found so far, as reports list it."""
        with self._lock:
            return [finding for report in self.reports() for finding in report.findings]

    def raise_for_violations(self) -> None:
        """Raises ViolationError where an exchange violated a document."""
        if errors := [each for each in self.findings if each.severity is Severity.ERROR]:
            raise ViolationError(errors)

    def collect_evidence(self) -> None:
        """Lets reports show the exchanges of findings from now on, without secrets."""
        for judge, collector in zip(self._judges, self._collectors, strict=True):
            collector.collect_evidence(judge.redactor)

    def close(self) -> None:
        self._closing()


def _close(collectors: Sequence[Collector]) -> None:
    for collector in collectors:
        collector.close()


def is_violating(findings: Sequence[Finding]) -> bool:
    """Whether there is an error among the findings; warnings and notes are none."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def violations(findings: Sequence[Finding], side: Side) -> list[Finding]:
    """The errors of one side among the findings."""
    return [each for each in findings if each.severity is Severity.ERROR and each.side is side]
