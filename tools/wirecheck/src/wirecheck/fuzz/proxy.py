"""Schemathesis as a source of requests: it sends them to a proxy, which forwards and judges them.

What is judged is what went over the wire, so that Schemathesis needs no checks of its own, and never gets
a credential. It runs by its command line, in a process of its own.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from wirecheck.conform.case import OF_ACCESS, READS
from wirecheck.conform.effects import Write
from wirecheck.conform.observation import Observation
from wirecheck.curl import placeholder
from wirecheck.fuzz.access import carries, without_valid
from wirecheck.fuzz.rewriting import StepRewriter
from wirecheck.fuzz.session import Failure, FuzzSession
from wirecheck.fuzz.view import has_reference, view
from wirecheck.fuzz.wire import Step, WireCase, relevant
from wirecheck.model import WirecheckError
from wirecheck.samples import facets
from wirecheck.spec import join

_CREATED = 24  # things that are not deleted yet, for the same reason
_PROBES = 4  # requests of an operation that are repeated without credentials
_PENDING = 8  # writes that are not undone yet, so that what was made can be used
_HISTORY = 12  # steps that may have led to a failure
_OFTEN = 0.8  # how often a known value is chosen
_SOMETIMES = 0.3  # how often a guess is chosen
_START = 60  # seconds that Schemathesis may take to start
_NOT_FORWARDED = {
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
}
_LAUNCHER = """
import sys

def guard(event, arguments):
    address = arguments[1] if event in ("socket.connect", "socket.sendto") else ("127.0.0.1", {port})
    host = arguments[0] if event == "socket.getaddrinfo" else "127.0.0.1"
    if event == "urllib.Request" or tuple(address[:2]) != ("127.0.0.1", {port}) or host != "127.0.0.1":
        raise PermissionError("only the proxy of wirecheck may be reached")

sys.addaudithook(guard)

from schemathesis.cli import schemathesis

schemathesis()
"""  # it can reach only the proxy, whatever the document or a response refers to

TakeFailure = Callable[[Failure, tuple[Step, ...], tuple[Step, ...]], None]
ProxyReply = tuple[int, list[tuple[str, str]], bytes]
_REJECTED: ProxyReply = (503, [], b"")  # by the proxy itself


class Proxy:
    """Forwards requests to the server and judges the responses before it returns them.

    One request at a time, in one thread: what changes between two observations is changed by that write.
    """

    def __init__(self, session: FuzzSession, seed: int, report: TakeFailure) -> None:
        self._session, self._report = session, report
        self._rewriter = StepRewriter(session, seed)
        self._probes: Counter[str] = Counter()
        self._requests: SimpleQueue[tuple[Step, Future[ProxyReply]]] = SimpleQueue()
        self._history: deque[Step] = deque(maxlen=_HISTORY)
        self._pending: deque[Write] = deque()
        self.began: float | None = None
        self._over = False

    def respond(self, step: Step) -> ProxyReply:
        """The response of the server; called from any thread."""
        future: Future[ProxyReply] = Future()
        self._requests.put((step, future))
        if self._over:
            self.reject_all()
        return future.result()

    def serve(self, seconds: float) -> None:
        """Respond to requests for that many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                step, future = self._requests.get(timeout=left)
            except Empty:
                return
            reply = _REJECTED
            try:
                reply = self._forward(step)
                if reply is not _REJECTED:  # as probes of Schemathesis are, before it begins
                    self.began = self.began or time.monotonic()
            finally:
                future.set_result(reply)

    def reject_all(self) -> None:
        """Reject requests that still wait, and later ones."""
        self._over = True
        with suppress(Empty):
            while True:
                self._requests.get_nowait()[1].set_result(_REJECTED)

    def _forward(self, step: Step) -> ProxyReply:
        session = self._session
        wire = session.wire(session.target.concealed(step))
        if wire is None:
            return _REJECTED
        session.progress()
        wire = session.wire(self._rewriter.rewritten(wire)) or wire
        if wire.step.method not in READS:
            self._probe_access(wire)
        observation, done = self._attempt(wire)
        if observation is None:
            return _REJECTED
        if wire.step.method in READS and observation.status // 100 == 2:
            self._probe_access(wire)
        if done:
            self._pending.append(done)
            self._undo_down_to(_PENDING)
        session.clean_up(_CREATED)
        headers = [
            (name, value)
            for name, value in observation.exchange.response_headers
            if name not in _NOT_FORWARDED
        ]
        body = observation.exchange.response_body or b""
        for name, secret in session.target.credentials.items():
            body = body.replace(secret.encode(), placeholder(name).encode()) if secret else body
        return observation.status, headers, body

    def _attempt(self, wire: WireCase) -> tuple[Observation | None, Write | None]:
        self._session.failures = []
        observation, done = self._session.attempt(wire)
        for failure in self._session.failures:
            links = self._session.links
            others = links.creators(self._session.watch.compared)
            alone = links.linked([wire.step])
            self._report(failure, alone, links.linked([*others, *self._history, wire.step]))
        if observation is not None and wire.step.method not in READS:
            self._history.append(wire.step)
        return observation, done

    def _probe_access(self, wire: WireCase) -> None:
        """Repeat a request without valid credentials, until its operation rejects that once."""
        session, name = self._session, wire.operation.name
        if wire.method or self._probes[name] >= _PROBES or not session.is_guarded(wire.operation):
            return
        self._probes[name] += 1
        rejected = []
        for step in without_valid(wire.step, session.target.credentials):
            probe = None if carries(step, session.target.credentials) else session.wire(step)
            observation = self._attempt(probe)[0] if probe else None
            rejected.append(observation is not None and observation.status in OF_ACCESS)
        if all(rejected):
            self._probes[name] = _PROBES

    def undo_all(self) -> None:
        """Undo the writes that are left."""
        self._undo_down_to(0)
        self._session.clean_up()

    def _undo_down_to(self, left: int) -> None:
        while len(self._pending) > left:
            self._session.undo(self._pending.popleft())
            self._session.failures = []  # Schemathesis may have undone it already


def run(
    session: FuzzSession,
    seed: int,
    workers: int,
    seconds: float,
    report: TakeFailure,
) -> str:
    """Let Schemathesis send requests for some seconds, counted from its first one; why it sent none.

    ``report`` takes each failure with histories of steps that may lead to it, the shortest first. Raises
    WirecheckError if Schemathesis is missing.
    """
    if find_spec("schemathesis") is None:
        raise WirecheckError("fuzz", "Schemathesis is missing: pip install 'wirecheck[fuzz]'")
    configured = configuration(session)
    plain = configured | {"dictionaries": {}, "parameters": {}}
    for settings in (configured, plain) if configured["dictionaries"] else (plain,):
        proxy, before = Proxy(session, seed, report), session.target.sent.total()
        options = {"seed": seed, "workers": workers, "max-time": math.ceil(seconds + _START)}
        printed = _schemathesis(session, proxy, settings, options | {"max-redirects": 0}, seconds)
        if session.target.sent.total() > before:
            return ""
    return f"schemathesis sent no request: {' '.join(printed.split())[-300:]}"


def _schemathesis(
    session: FuzzSession, proxy: Proxy, settings: dict[str, Any], options: dict[str, int], seconds: float
) -> str:
    """Runs Schemathesis through a proxy for some seconds, counted from its first request; what it printed."""
    with _served(proxy) as url, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "openapi.json").write_text(json.dumps(view(session)), "utf-8")
        (home / "schemathesis.toml").write_text(as_toml(settings), "utf-8")
        command = [sys.executable, "-c", _LAUNCHER.format(port=urlsplit(url).port)]
        arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with (home / "output").open("wb") as output:
            process = subprocess.Popen(
                [*command, "run", "--url", url, *arguments, "openapi.json"],
                cwd=home,
                env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # an interrupt is for this process only
            )
        try:
            until = time.monotonic() + _START
            while process.poll() is None and time.monotonic() < until:
                session.progress()
                proxy.serve(min(0.1, seconds))
                if proxy.began is not None:
                    until = proxy.began + seconds
        finally:
            process.kill()
            process.wait()
            proxy.reject_all()
            proxy.undo_all()
        return (home / "output").read_text("utf-8", "replace")


def configuration(session: FuzzSession) -> dict[str, Any]:
    """For Schemathesis: no checks, placeholders for credentials, and known values most of the time."""
    configured: dict[str, Any] = {
        "checks": {"enabled": False},
        "generation": {"no-shrink": True, "database": "none"},
        "suppress-health-check": ["all"],
        "warnings": False,
        "cache": {"enabled": False},
        "dictionaries": {},
        "parameters": {},
    }
    spec = session.spec
    schemes = {}
    for name in session.target.credentials:
        scheme = spec.document.get(spec.document.follow(join("/components/securitySchemes", name)))
        if scheme.get("type") != "mutualTLS":
            schemes[name] = {"api_key": _prefix(scheme) + placeholder(name)}
    if schemes:
        configured["auth"] = {"openapi": schemes}
    for index, (place, (values, probability)) in enumerate(_known(session).items()):
        name = f"known-{index}"
        configured["dictionaries"][name] = {"values": list(values)}
        configured["parameters"][place] = {"dictionary": name, "probability": probability}
    return configured


def _known(session: FuzzSession) -> dict[str, tuple[Sequence[str | int | float], float]]:
    """Values of parameters by their place, and how often one is chosen: known ones, else guesses."""
    document = session.spec.document
    known: dict[str, dict[Any, None]] = {}
    guessed: dict[str, dict[Any, None]] = {}
    unfit = set()
    for operation in session.spec.operations:
        for parameter in operation.parameters:
            place = f"{parameter.location}.{parameter.name}"
            if parameter.schema and has_reference(document.get(parameter.schema)):
                unfit.add(place)  # Schemathesis ends when it checks the dictionary of such a parameter
            elif parameter.location in ("path", "query"):
                values = session.requests.values.of(operation, parameter)
                known.setdefault(place, {}).update(dict.fromkeys(filter(_is_writable, values)))
                found = facets(document, *filter(None, [parameter.schema]))
                is_narrow = bool(found.patterns or found.format)  # so that random values rarely fit
                guesses = session.requests.guesses(parameter) if is_narrow else []
                guessed.setdefault(place, {}).update(dict.fromkeys(filter(_is_writable, guesses)))
    chosen = {place: (list(values), _OFTEN) for place, values in known.items() if values}
    further = {place: (list(values), _SOMETIMES) for place, values in guessed.items() if values}
    return {place: entry for place, entry in (further | chosen).items() if place not in unfit}


def _prefix(scheme: dict[str, Any]) -> str:
    """The scheme before a credential in its header."""
    if scheme["type"] == "apiKey":
        return ""
    return "Basic " if str(scheme.get("scheme", "")).lower() == "basic" else "Bearer "


def _is_writable(value: Any) -> bool:
    """Whether a value can be in a dictionary: a number, or a text that is not empty and has no surrogates."""
    if isinstance(value, str):
        return value != "" and value.encode("utf-8", "replace").decode() == value
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63


def as_toml(value: dict[str, Any]) -> str:
    """TOML of tables, strings, numbers and lists, which JSON spells alike, except tables and U+007F."""

    def spelled(item: Any) -> str:
        if not isinstance(item, dict):
            return json.dumps(item, ensure_ascii=False).replace("\x7f", "\\u007f")
        members = (f"{spelled(key)} = {spelled(inner)}" for key, inner in item.items())
        return f"{{{', '.join(members)}}}"

    return "".join(f"{spelled(key)} = {spelled(item)}\n" for key, item in value.items())


@contextmanager
def _served(proxy: Proxy) -> Iterator[str]:
    """The address of the proxy, on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            step = Step(self.command, self.path, relevant(self.headers.items()), body)
            status, headers, content = proxy.respond(step)
            self.send_response_only(status)
            bodiless = self.command == "HEAD" or status < 200 or status in (204, 304)
            for name, value in headers:
                self.send_header(name, value)
            if not bodiless:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if bodiless else content)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A closed connection needs no response."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
