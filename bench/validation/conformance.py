"""wirecheck conform on the reference server, now and at another revision."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.validation.processes import ROOT, UnmeasuredError, interleaved, python, run
from bench.validation.tables import Table
from instagram_server import Settings, create_app
from instagram_server.cli import listen

ARGUMENTS = ROOT / "examples" / "conformance.args"
NOW = "this checkout"


class Run(NamedTuple):
    """A run of conform: its requests, and its seconds by the clock and of its own processor time."""

    requests: int
    wall: float
    processor: float


def speed(against: str | None, rounds: int) -> Table:
    """Requests a second; with ``against``, a revision of git, also those of that revision."""
    with tempfile.TemporaryDirectory() as folder:
        roots = {NOW: ROOT}
        if against:
            roots[against] = Path(folder, "checkout")
            _git("worktree", "add", "--detach", str(roots[against]), against)
        try:
            results, reasons = interleaved(
                {name: partial(_run, root) for name, root in roots.items()}, rounds
            )
        finally:
            if against:
                _git("worktree", "remove", "--force", str(roots[against]))
    rows = [
        [
            name,
            f"{median(each.requests for each in runs):,.0f}",
            f"{median(each.requests / each.wall for each in runs):.0f}",
            f"{median(each.requests / each.processor for each in runs):.0f}",
        ]
        for name, runs in results.items()
    ]
    notes = [f"{name}: {reason}" for name, reason in reasons.items()]
    if len(results) > 1 and against:
        now, then = results[NOW], results[against]
        ratio = median(
            (own.requests / own.wall) / (old.requests / old.wall) for own, old in zip(now, then, strict=True)
        )
        notes.append(f"This checkout makes {ratio:.2f} times as many requests a second (target: at least 2).")
    about = (
        "`wirecheck conform` with the arguments of `make conformance`, on the reference server of this"
        " checkout, which runs on the same machine and counts the requests."
    )
    return Table("Conformance", about, ["", "requests", "a second", "a second of processor"], rows, notes)


def _run(root: Path) -> Run:
    sources = root / "tools" / "wirecheck" / "src"
    path = str(sources if sources.is_dir() else root / "tools")  # where it was before November 2026
    with _server() as (url, counter):
        command = python("-m", "wirecheck", "conform", url, *_arguments())
        usage = run(command, {"PYTHONPATH": path}, root)
        return Run(counter.requests, usage.wall, usage.processor)


def _arguments() -> Iterator[str]:
    """The arguments of the conformance suite as those of the command, without what says which server."""
    words = ARGUMENTS.read_text(encoding="utf-8").split()
    for name, value in zip(words[::2], words[1::2], strict=True):
        if name != "--wirecheck-app":
            yield from (name.replace("--wirecheck-", "--"), value)


@contextmanager
def _server() -> "Iterator[tuple[str, _Counter]]":
    """A new reference server: the URL of its API, and what counts its requests."""
    app = create_app(Settings(rate_limit=None))
    counter = _Counter(app)
    server = uvicorn.Server(uvicorn.Config(counter, log_level="critical", access_log=False, ws="none"))
    listening = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", counter
    finally:
        server.should_exit = True
        thread.join()
        app.state.platform.store.close()


class _Counter:
    """An ASGI application that counts the requests to another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.requests = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += scope["type"] == "http"
        await self._app(scope, receive, send)


def _git(*arguments: str) -> None:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnmeasuredError(done.stderr.strip().splitlines()[-1])
