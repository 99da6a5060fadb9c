"""Judges and records what the proxy saw, beside its path."""

import asyncio
import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from wirecheck.checks import Verdict
from wirecheck.live.monitor import Monitor
from wirecheck.live.recorder import LiveRecord
from wirecheck.model import Exchange, Finding, OutputError, Severity, SpecError
from wirecheck.recordings.coding import uncoded
from wirecheck.redact import Redactor

_MOST_WAITING = 1000  # exchanges
_MOST_BYTES = 64 * 1024 * 1024  # of bodies of exchanges that wait

T = TypeVar("T")


class Inspection:
    """Judges and records exchanges, one after the other, in the thread that calls ``run``.

    That should be the main thread, the only one in which the time for an exchange is limited. Bodies are
    those of the wire; they are judged without their content codings. ``known`` findings count as no
    violations. ``unsafe`` counts the exchanges that are not recorded because a secret could not be replaced.
    ``warn`` is called with what the person should know.
    """

    def __init__(
        self,
        monitor: Monitor,
        recorder: LiveRecord | None = None,
        *,
        redactor: Redactor | None = None,
        known: frozenset[str] = frozenset(),
        warn: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.monitor = monitor
        self.unsafe = 0
        self._recorder = recorder
        self._redactor = redactor
        self._known = known
        self._warn = warn
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._waiting = deque[tuple[Future[Verdict | None], int]]()
        self._bytes = 0

    def run(self) -> None:
        """Works until ``stop`` is called."""
        while (work := self._work.get()) is not None:
            work()

    def stop(self) -> None:
        """Lets ``run`` return once everything before has been done."""
        self._work.put(None)

    def _submit(self, call: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)

        self._work.put(work)
        return future

    async def beside(self, exchange: Exchange, *, too_large: int = 0) -> None:
        """Has an exchange judged, and waits only while too many others wait for that."""
        size = len(exchange.request_body or b"") + len(exchange.response_body or b"")
        self._waiting.append((self._submit(lambda: self._inspect(exchange, too_large)), size))
        self._bytes += size
        while self._waiting and self._waiting[0][0].done():
            self._forget()
        while len(self._waiting) > _MOST_WAITING or (self._bytes > _MOST_BYTES and len(self._waiting) > 1):
            await asyncio.wrap_future(self._waiting[0][0])
            self._forget()

    def _forget(self) -> None:
        if self._waiting:
            future, size = self._waiting.popleft()
            self._bytes -= size
            future.result()

    async def verdict(self, exchange: Exchange, *, too_large: int = 0) -> list[Finding]:
        """The violations of an exchange."""
        verdict = await asyncio.wrap_future(self._submit(lambda: self._inspect(exchange, too_large)))
        return self._violations(verdict.findings if verdict else ())

    async def request(self, exchange: Exchange) -> list[Finding]:
        """The violations of a request that has no response yet."""
        work = self._submit(lambda: self.monitor.request_findings(_decoded(exchange)))
        return self._violations(await asyncio.wrap_future(work))

    def _violations(self, findings: tuple[Finding, ...]) -> list[Finding]:
        return [
            each
            for each in findings
            if each.severity is Severity.ERROR and each.fingerprint not in self._known
        ]

    def _inspect(self, exchange: Exchange, too_large: int) -> Verdict | None:
        decoded = _decoded(exchange)
        undecoded = sum(
            before is not None and after is None
            for before, after in (
                (exchange.request_body, decoded.request_body),
                (exchange.response_body, decoded.response_body),
            )
        )
        self._record(decoded)
        self.monitor.unjudged += too_large + undecoded
        try:
            return self.monitor.judge(decoded)
        except SpecError as error:
            self.monitor.unjudged += 1
            self._warn(str(error))
            return None

    def _record(self, exchange: Exchange) -> None:
        if self._recorder is None:
            return
        safe = exchange
        if self._redactor is not None:
            judge = self.monitor.judge_of(exchange.url)
            redacted = (judge.redactor if judge else self._redactor).redacted(exchange)
            if redacted is None:
                self.unsafe += 1
                return
            safe = redacted
        try:
            self._recorder.add(safe)
        except OutputError as error:
            self._recorder = None
            self._warn(f"{error}; nothing more is recorded")


def is_decodable(body: bytes, headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether a body can be judged: its content codings can be undone."""
    return uncoded(body, headers) is not None


def _decoded(exchange: Exchange) -> Exchange:
    return replace(
        exchange,
        request_body=uncoded(exchange.request_body, exchange.request_headers),
        response_body=uncoded(exchange.response_body, exchange.response_headers),
    )
