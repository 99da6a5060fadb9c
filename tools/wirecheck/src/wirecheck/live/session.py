"""Runs the proxy until it is interrupted: traffic flows in a thread, and the main thread judges."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO
from urllib.parse import urlsplit

from wirecheck.limits import without_forks
from wirecheck.live.inspection import Inspection
from wirecheck.live.monitor import MAX_BODY, Mode, Monitor
from wirecheck.live.page import ViewPage
from wirecheck.live.proxy import ReverseProxy, listen
from wirecheck.live.recorder import LiveRecord
from wirecheck.live.service import FailureKind, ProxyService
from wirecheck.live.tally import Overview, ProxyTally
from wirecheck.live.upstream import Upstream
from wirecheck.live.view import ProxyView
from wirecheck.model import Exchange, Finding, OutputError, TargetError
from wirecheck.redact import Redactor
from wirecheck.words import counted

TIMEOUT = 60.0
"""Seconds for which an upstream may send nothing, by default."""
_GRACE = 5.0  # seconds for open exchanges at the end
_REFRESH = 0.5  # seconds between two states of the view
_SWITCH = 0.0005  # seconds for which the judge keeps traffic waiting
_STATE = 50  # kinds of findings on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyOptions:
    """What a person decides about a proxy. ``page_port`` is that of the page, None for no page."""

    upstream: str
    bind: str = "127.0.0.1"
    port: int = 0
    mode: Mode = Mode.REPORT
    max_body: int = MAX_BODY
    timeout: float = TIMEOUT
    preserve_host: bool = False
    ca: Path | None = None
    record: Path | None = None
    overwrite: bool = False
    keep_secrets: bool = False
    page_port: int | None = None
    verbose: bool = False


class ProxySession:
    """A proxy with its record and its views, which has its address from the start.

    ``known`` findings are no violations; ``redactor`` is for what no document is about. The view is written
    to ``stream``. Raises TargetError and OutputError for options that cannot be used.
    """

    def __init__(
        self,
        monitor: Monitor,
        options: ProxyOptions,
        *,
        redactor: Redactor,
        known: frozenset[str] = frozenset(),
        stream: TextIO,
        has_colour: bool = False,
    ) -> None:
        self.tally = ProxyTally()
        self._options, self._monitor, self._redactor = options, monitor, redactor
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_ready = threading.Event()
        self._end = asyncio.Event()
        self._error: BaseException | None = None
        upstream = Upstream(
            options.upstream,
            timeout=options.timeout,
            ca=options.ca,
            on_surplus=lambda: service.count(FailureKind.SURPLUS),
        )
        listening = listen(options.bind, options.port)  # before there is a file that the next run would keep
        try:
            self._recorder = _recorder(options)
        except OutputError:
            listening.close()
            raise
        self._inspection = Inspection(
            monitor,
            self._recorder,
            redactor=None if options.keep_secrets else redactor,
            known=known,
            warn=lambda line: self._view.say(f"wirecheck: {line}"),
        )
        service = ProxyService(
            upstream=upstream,
            inspection=self._inspection,
            mode=options.mode,
            tally=self.tally,
            max_body=options.max_body,
            timeout=options.timeout,
            preserve_host=options.preserve_host,
            on_failure=self._kind,
            on_exchange=self._log if options.verbose else None,
            on_withheld=self._withheld,
        )
        self._proxy = ReverseProxy(service, listening)
        self.address = self._proxy.address
        self.overview = Overview(monitor, self.tally, options.mode, self.address, upstream.origin)
        self._view = ProxyView(self.overview, stream, is_terminal=stream.isatty(), has_colour=has_colour)
        self.overview.when_new = self._view.finding

    def run(self) -> None:
        """Serves in the main thread until SIGINT, SIGTERM or ``end``, and until everything is judged."""
        with self._signals():
            self.judge()

    def judge(self) -> None:
        """Serves in another thread, and judges in this one, until ``end``."""
        interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        try:
            self._inspection.run()
            thread.join()
        finally:
            sys.setswitchinterval(interval)
            if self._recorder is not None:
                self._recorder.close()
        if self._error is not None:
            raise self._error

    def wait_until_ready(self) -> None:
        """Waits, in another thread than that of ``judge``, until requests are taken, or nothing can be."""
        self._is_ready.wait()

    def end(self) -> None:
        """Ends the session; from any thread, and from a handler of signals."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._end.set)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Ends gracefully at a first signal, and at once at a second one."""

        def end(_signal: int, _frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.write(2, b"\nwirecheck: ending; press Ctrl-C again to stop at once\n")
            self.end()

        before = [(each, signal.signal(each, end)) for each in (signal.SIGINT, signal.SIGTERM)]
        try:
            yield
        finally:
            for each, handler in before:
                signal.signal(each, handler)

    def _serve(self) -> None:
        try:
            with without_forks():  # which would keep all connections waiting
                asyncio.run(self._main())
        except BaseException as error:
            self._error = error
        finally:
            self._is_ready.set()
            self._inspection.stop()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        page = await self._page() if self._options.page_port is not None else None
        self._view.say(f"wirecheck: the proxy is at http://{self.address}/; Ctrl-C ends it")
        self._is_ready.set()
        refreshing = asyncio.create_task(self._refresh())
        try:
            await self._proxy.serve(self._end, _GRACE)
        finally:
            refreshing.cancel()
            if page is not None:
                page.close()
        self._view.refresh()

    async def _page(self) -> asyncio.Server:
        page = ViewPage(lambda: self.overview.state(_STATE))
        port = self._options.page_port or 0
        try:
            server = await page.serve(port)
        except OSError as error:
            raise TargetError("--view", f"port {port} cannot be used: {error.strerror}") from None
        self._view.say(f"wirecheck: the view is at http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        return server

    async def _refresh(self) -> None:
        while True:
            self._view.refresh()
            await asyncio.sleep(_REFRESH)

    def _kind(self, kind: FailureKind) -> None:
        self._view.failure(kind, self.tally.failures[kind.value])

    def _withheld(self, findings: Sequence[Finding]) -> None:
        self.overview.add(findings)

    def _log(self, exchange: Exchange, violations: int | None) -> None:
        judge = self._monitor.judge_of(exchange.url)
        masked = (judge.redactor if judge else self._redactor).masked(exchange)
        line = f"{exchange.method} {masked.text(urlsplit(exchange.url).path)} {exchange.status}"
        milliseconds = (exchange.elapsed or 0) * 1000
        found = f", {counted(violations, 'violation')}" if violations else ""
        self._view.say(f"{line} {milliseconds:.1f} ms{found}")

    def summary(self) -> Iterator[str]:
        """What a report does not say of the session."""
        tally = self.tally
        if self._recorder is not None:
            yield f"{counted(self._recorder.written, 'exchange')} recorded in {self._recorder.path}"
        if unsafe := self._inspection.unsafe:
            yield f"{counted(unsafe, 'exchange')} not recorded: a secret in it could not be replaced"
        if tally.withheld:
            yield f"{counted(tally.withheld, 'message')} withheld, with a problem document in its place"
        if unjudged := self._monitor.unjudged:
            yield f"{counted(unjudged, 'body', 'bodies')} not judged: too large, or in an unknown coding"
        if tally.tunnels:
            yield f"{counted(tally.tunnels, 'connection')} not judged: WebSocket or HTTP/2"
        for what, count in tally.failures.items():
            yield f"{what}: {count:,}"


def _recorder(options: ProxyOptions) -> LiveRecord | None:
    if options.record is None:
        return None
    return LiveRecord(options.record, overwrite=options.overwrite, is_private=options.keep_secrets)
