"""Schemathesis as a source of requests: it asks a proxy, which sends, judges and answers.

What is judged is what went over the wire, so that Schemathesis needs no checks of its own, and never
sees a credential. It runs by its command line, in a process of its own.
"""

import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from wirecheck.conform.case import READS
from wirecheck.conform.effects import Write
from wirecheck.conform.encoding import carrying
from wirecheck.fuzz.bench import Bench, Failure
from wirecheck.fuzz.wire import Step, kept, mount, placeholder
from wirecheck.model import TargetError, WirecheckError
from wirecheck.spec import join

_PENDING = 8  # writes that are not undone yet, so that what was made can be used
_HISTORY = 12  # steps that may have led to a failure
_OFTEN = 0.8  # how often a known value is taken
_START = 60  # seconds that Schemathesis may take to start
_NOT_GIVEN = {
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Answer = tuple[int, list[tuple[str, str]], bytes]
_REFUSED: Answer = (503, [], b"")  # by the proxy itself


class Proxy:
    """Answers with what the server answers, after it was judged.

    One request at a time, in one thread: what is observed before and after a write is of that write.
    """

    def __init__(self, bench: Bench, met: Callable[[Failure, tuple[Step, ...]], None]) -> None:
        self._bench, self._met = bench, met
        self._asked: SimpleQueue[tuple[Step, Future[Answer]]] = SimpleQueue()
        self._history: deque[Step] = deque(maxlen=_HISTORY)
        self._pending: deque[Write] = deque()
        self.began: float | None = None
        self._over = False

    def answer(self, step: Step) -> Answer:
        """The answer of the server, from any thread."""
        future: Future[Answer] = Future()
        self._asked.put((step, future))
        if self._over:
            self.refuse()
        return future.result()

    def serve(self, seconds: float) -> None:
        """Answers who asks in that time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                step, future = self._asked.get(timeout=left)
            except Empty:
                return
            answer = _REFUSED
            try:
                answer = self._answer(step)
                if answer is not _REFUSED:  # as probes of Schemathesis are, before it begins
                    self.began = self.began or time.monotonic()
            finally:
                future.set_result(answer)

    def refuse(self) -> None:
        """Refuses who still waits, and who comes later."""
        self._over = True
        with suppress(Empty):
            while True:
                self._asked.get_nowait()[1].set_result(_REFUSED)

    def _answer(self, step: Step) -> Answer:
        bench = self._bench
        wire = bench.wire(bench.target.hidden(step))
        if wire is None:
            return _REFUSED
        bench.progress()
        bench.met = []
        observation, done = bench.attempt(wire)
        for failure in bench.met:
            self._met(failure, (*self._history, wire.step))
        if observation is None:
            return _REFUSED
        if wire.step.method not in READS:
            self._history.append(wire.step)
        if done:
            self._pending.append(done)
            self._undo_down_to(_PENDING)
        headers = [
            (name, value) for name, value in observation.exchange.response_headers if name not in _NOT_GIVEN
        ]
        body = observation.exchange.response_body or b""
        for name, secret in bench.target.credentials.items():
            body = body.replace(secret.encode(), placeholder(name).encode()) if secret else body
        return observation.status, headers, body

    def undo_all(self) -> None:
        """Undoes what is left."""
        self._undo_down_to(0)

    def _undo_down_to(self, left: int) -> None:
        while len(self._pending) > left:
            self._bench.undo(self._pending.popleft())
            self._bench.met = []  # it may have been undone already, by whoever asks


def run(
    bench: Bench, seed: int, workers: int, seconds: float, met: Callable[[Failure, tuple[Step, ...]], None]
) -> None:
    """Lets Schemathesis ask for some seconds from its first request on. Raises TargetError.

    Without Schemathesis it raises WirecheckError.
    """
    if find_spec("schemathesis") is None:
        raise WirecheckError("fuzz", "Schemathesis is missing: pip install 'wirecheck[fuzz]'")
    proxy = Proxy(bench, met)
    before = bench.target.sent.total()
    with _served(proxy) as url, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "openapi.json").write_text(json.dumps(view(bench)), "utf-8")
        (home / "schemathesis.toml").write_text(_toml(configuration(bench)), "utf-8")
        command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
        options = {"url": url, "seed": seed, "workers": workers, "max-time": math.ceil(seconds + _START)}
        arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with (home / "said").open("wb") as said:
            process = subprocess.Popen(
                [*command, "run", *arguments, "openapi.json"],
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                process_group=0,  # whoever interrupts means us
            )
        try:
            until = time.monotonic() + _START
            while process.poll() is None and time.monotonic() < until:
                bench.progress()
                proxy.serve(min(0.1, seconds))
                if proxy.began is not None:
                    until = proxy.began + seconds
        finally:
            process.kill()
            process.wait()
            proxy.refuse()
            proxy.undo_all()
        told = (home / "said").read_text("utf-8", "replace")
    if bench.target.sent.total() == before:
        raise TargetError("schemathesis", f"asked nothing: {' '.join(told.split())[-300:]}")


def view(bench: Bench) -> dict[str, Any]:
    """The document as Schemathesis shall see it.

    Paths stand as in requests, credentials are placeholders in headers or wherever an apiKey goes, and a
    `default` answer, which would hide others, is left out. Only schemes that carry something are left:
    without a value for each of an alternative, Schemathesis sends none. Read-only, there are no writes.
    """
    spec = bench.spec
    document = json.loads(json.dumps(spec.document.data))
    document.pop("servers", None)
    document["paths"] = {}
    for operation in spec.operations:
        if operation.name not in bench.chosen or (bench.read_only and operation.method not in READS):
            continue
        place = operation.pointer.rpartition("/")[0]
        item = json.loads(json.dumps(spec.document.get(place)))
        shown = document["paths"].setdefault(
            mount(spec, operation) + operation.template,
            {key: value for key, value in item.items() if key not in (*_METHODS, "servers")},
        )
        described = item[operation.pointer.rpartition("/")[2]]
        described.pop("servers", None)
        described.get("responses", {}).pop("default", None)
        described["security"] = [{one.name: [] for one in together} for together in carrying(operation)]
        shown[operation.pointer.rpartition("/")[2]] = described
    for scheme in document.get("components", {}).get("securitySchemes", {}).values():
        if scheme.get("type") in ("http", "oauth2", "openIdConnect"):
            scheme.update({"type": "apiKey", "in": "header", "name": "Authorization"})
    return dict(document)


def configuration(bench: Bench) -> dict[str, Any]:
    """No checks, placeholders for credentials, and known values, most of the time."""
    configured: dict[str, Any] = {
        "checks": {"enabled": False},
        "generation": {"no-shrink": True, "database": "none"},
        "suppress-health-check": ["all"],
        "warnings": False,
        "cache": {"enabled": False},
        "dictionaries": {},
        "parameters": {},
    }
    spec = bench.spec
    schemes = {}
    for name in bench.target.credentials:
        scheme = spec.document.get(spec.document.follow(join("/components/securitySchemes", name)))
        if scheme.get("type") != "mutualTLS":
            schemes[name] = {"api_key": _prefix(scheme) + placeholder(name)}
    if schemes:
        configured["auth"] = {"openapi": schemes}
    known: dict[str, dict[str, None]] = {}
    for operation in spec.operations:
        for parameter in operation.parameters:
            if parameter.location in ("path", "query"):
                values = bench.values.of(operation, parameter)
                texts = dict.fromkeys(one for one in values if isinstance(one, str) and one)
                known.setdefault(f"{parameter.location}.{parameter.name}", {}).update(texts)
    for index, (place, texts) in enumerate(known.items()):
        if texts:
            name = f"known-{index}"
            configured["dictionaries"][name] = {"values": list(texts)}
            configured["parameters"][place] = {"dictionary": name, "probability": _OFTEN}
    return configured


def _prefix(scheme: dict[str, Any]) -> str:
    """What stands before a credential in its header."""
    if scheme["type"] == "apiKey":
        return ""
    return "Basic " if str(scheme.get("scheme", "")).lower() == "basic" else "Bearer "


def _toml(value: dict[str, Any]) -> str:
    """TOML of tables, texts, numbers and lists: JSON spells those alike, save for tables."""

    def spelled(one: Any) -> str:
        if isinstance(one, dict):
            return (
                "{" + ", ".join(f"{json.dumps(key)} = {spelled(inner)}" for key, inner in one.items()) + "}"
            )
        return json.dumps(one)

    return "".join(f"{json.dumps(key)} = {spelled(one)}\n" for key, one in value.items())


@contextmanager
def _served(proxy: Proxy) -> Iterator[str]:
    """The address of the proxy, on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            step = Step(self.command, self.path, kept(self.headers.items()), body)
            status, headers, content = proxy.answer(step)
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
            """Keeps quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever hangs up needs no answer."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
