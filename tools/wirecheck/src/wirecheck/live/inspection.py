"""Judges and records what the proxy saw, beside its path."""

import asyncio
import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from msgspec.structs import replace

from wirecheck.checks import Verdict
from wirecheck.live.monitor import Monitor
from wirecheck.live.recorder import LiveRecord
from wirecheck.model import Exchange, Finding, OutputError, Severity, WirecheckError
from wirecheck.recordings.coding import LONGEST, uncoded
from wirecheck.redact import Redactor

_MOST_BYTES = 64 * 1024 * 1024  # of exchanges that wait
_LEAST = 4096  # bytes of an exchange without bodies
_QUICK = 64 * 1024  # bytes, compressed and decompressed, of an exchange that is judged where it passes

T = TypeVar("T")


class Inspection:
    """Judges and records exchanges, one after the other, in the thread that calls ``run``.

    That should be the main thread, the only one in which the time for an exchange is limited. Small exchanges
    that are right are judged where they pass, if that takes time in proportion to their size. Bodies are
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
        self._waiting = deque[tuple[Future[Any], int]]()
        self._bytes = 0

    def run(self) -> None:
        """Works until ``stop`` is called."""
        while (work := self._work.get()) is not None:
            work()

    def stop(self) -> None:
        """Lets ``run`` return once everything before has been done."""
        self._work.put(None)

    def _submit(self, call: Callable[[], T], exchange: Exchange) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)

        self._waiting.append((future, _size(exchange)))
        self._bytes += _size(exchange)
        self._work.put(work)
        return future

    def _is_quick(self, exchange: Exchange) -> bool:
        """Whether an exchange may be judged where it passes: it is small, and none before it waits."""
        while self._waiting and self._waiting[0][0].done():
            self._bytes -= self._waiting.popleft()[1]
        return not self._waiting and self._recorder is None and _size(exchange) < _QUICK

    async def beside(self, exchange: Exchange, *, too_large: int = 0) -> None:
        """Has an exchange judged, and waits only while too many others wait for that."""
        if not too_large and self._is_at_once(self.monitor.accept, exchange):
            return
        future = self._submit(lambda: self._inspect(exchange, too_large), exchange)
        if self._bytes > _MOST_BYTES:
            await asyncio.wrap_future(future)

    async def verdict(self, exchange: Exchange, *, too_large: int = 0) -> list[Finding]:
        """The violations of an exchange."""
        if not too_large and self._is_at_once(self.monitor.accept, exchange):
            return []
        work = self._submit(lambda: self._inspect(exchange, too_large), exchange)
        verdict = await asyncio.wrap_future(work)
        return self._violations(verdict.findings if verdict else ())

    async def request(self, exchange: Exchange) -> list[Finding]:
        """The violations of a request that has no response yet."""
        if self._is_at_once(self.monitor.accepts_request, exchange):
            return []
        work = self._submit(lambda: self._request_findings(exchange), exchange)
        return self._violations(await asyncio.wrap_future(work))

    async def is_decodable(self, exchange: Exchange) -> bool:
        """Whether the bodies of an exchange can be judged: their content codings can be undone."""
        if not _undecoded(exchange, _decoded(exchange, _QUICK)):
            return True
        work = self._submit(lambda: not _undecoded(exchange, _decoded(exchange)), exchange)
        return await asyncio.wrap_future(work)

    def _is_at_once(self, accepts: Callable[[Exchange], bool], exchange: Exchange) -> bool:
        """Whether an exchange is quick to judge, and accepted."""
        if not self._is_quick(exchange):
            return False
        decoded = _decoded(exchange, min(_QUICK, self.monitor.max_body))
        try:
            return not _undecoded(exchange, decoded) and accepts(decoded)
        except Exception:
            return False  # it happens again beside the path, where it is reported

    def _request_findings(self, exchange: Exchange) -> tuple[Finding, ...]:
        try:
            return self.monitor.request_findings(_decoded(exchange))
        except Exception as error:
            self._fail(error)
            return ()

    def _violations(self, findings: tuple[Finding, ...]) -> list[Finding]:
        return [
            each
            for each in findings
            if each.severity is Severity.ERROR and each.fingerprint not in self._known
        ]

    def _inspect(self, exchange: Exchange, too_large: int) -> Verdict | None:
        decoded = _decoded(exchange)
        self._record(decoded)
        self.monitor.unjudged += too_large + _undecoded(exchange, decoded)
        try:
            return self.monitor.judge(decoded)
        except Exception as error:
            self._fail(error)
            return None

    def _fail(self, error: Exception) -> None:
        """Traffic goes on whatever happens to the judge. Only our own errors have no secret in them."""
        self.monitor.unjudged += 1
        named = isinstance(error, WirecheckError)
        self._warn(str(error) if named else f"an exchange could not be judged: {type(error).__name__}")

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


def _size(exchange: Exchange) -> int:
    return _LEAST + len(exchange.request_body or b"") + len(exchange.response_body or b"")


def _decoded(exchange: Exchange, longest: int = LONGEST) -> Exchange:
    sent = uncoded(exchange.request_body, exchange.request_headers, longest)
    received = uncoded(exchange.response_body, exchange.response_headers, longest)
    if sent is exchange.request_body and received is exchange.response_body:
        return exchange
    return replace(exchange, request_body=sent, response_body=received)


def _undecoded(exchange: Exchange, decoded: Exchange) -> int:
    """How many of the two bodies could not be decoded."""
    bodies = (
        (exchange.request_body, decoded.request_body),
        (exchange.response_body, decoded.response_body),
    )
    return sum(before is not None and after is None for before, after in bodies)
