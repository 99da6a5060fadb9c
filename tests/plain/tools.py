"""The tools that are measured: how each is run on a server, and what it complains of."""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn

from plain.catalogue import Server
from plain.web import App

BIN = Path(sys.executable).parent
SPARE = 300
"""Seconds that a tool may take beyond those that it is given."""


@dataclass(frozen=True, slots=True)
class Result:
    """``complaints`` name the place and the kind of each; ``seconds`` is the time of the whole run.

    The exit code is 0 when nothing is violated, 1 when something is; with any other, the run says nothing.
    """

    exit_code: int
    complaints: frozenset[str]
    seconds: float


@contextmanager
def served(app: App) -> Iterator[str]:
    """The address of an application on a free port of the loopback interface."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def run_tool(tool: str, server: Server, mutants: frozenset[str], seconds: int) -> Result:
    """Runs a tool of TOOLS once on a new server. ``seconds`` limits the search of fuzz and schemathesis."""
    with served(server.make(mutants)) as origin, tempfile.TemporaryDirectory() as folder:
        command, complaints = TOOLS[tool](server, origin + server.prefix, seconds, Path(folder))
        began = time.perf_counter()
        exit_code = _exit_code(command, folder, seconds + SPARE)
        return Result(exit_code, frozenset(complaints()), time.perf_counter() - began)


def _exit_code(command: list[str], folder: str, most: int) -> int:
    """Of a command in a folder; that of timeout(1) when it takes more than ``most`` seconds."""
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=most, check=False).returncode
    except subprocess.TimeoutExpired:
        return 124


Prepared = tuple[list[str], Callable[[], Iterator[str]]]
"""A command, and what reads its complaints from the working folder once it has run."""


def _conform(server: Server, url: str, seconds: int, folder: Path) -> Prepared:
    report = folder / "report.json"

    def complaints() -> Iterator[str]:
        for outcome in _json(report).get("requirements", []):
            if outcome["state"] == "violated":
                yield f"{outcome['operation']}: {outcome['kind']}: {outcome['what']}"

    return [*_wirecheck("conform", server, url), "--report", str(report)], complaints


def _fuzz(server: Server, url: str, seconds: int, folder: Path) -> Prepared:
    saved = folder / "saved"

    def complaints() -> Iterator[str]:
        for path in saved.glob("*.json"):
            failure = _json(path)["failure"]
            yield f"{failure['operation']}: {failure['check']}: {failure['spec_pointer']}"

    return [*_wirecheck("fuzz", server, url), "--time", str(seconds), "--save", str(saved)], complaints


def _schemathesis(server: Server, url: str, seconds: int, folder: Path) -> Prepared:
    report = folder / "report.json"

    def complaints() -> Iterator[str]:
        for failure in _json(report).get("failures", []):
            for operation in failure["operations"]:
                yield f"{operation}: {failure['title']}"

    command = [str(BIN / "schemathesis"), "run", str(server.document), "--url", url, "--seed", "1"]
    command += ["--max-time", str(seconds), "--report", "json", "--report-json-path", str(report)]
    return command + (["--header", server.header] if server.header else []), complaints


def _wirecheck(command: str, server: Server, url: str) -> list[str]:
    arguments = [str(BIN / "wirecheck"), command, url, "--spec", str(server.document)]
    if server.token:
        arguments += ["--token", server.token]
    for scope, token in server.without.items():
        arguments += ["--token-without", f"{scope}={token}"]
    if "--token-of" in _help(command):
        for name, token in server.others.items():
            arguments += ["--token-of", f"{name}={token}"]
    return arguments


@cache
def _help(command: str) -> str:
    shown = subprocess.run([BIN / "wirecheck", command, "--help"], capture_output=True, text=True, check=True)
    return shown.stdout


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


TOOLS: dict[str, Callable[[Server, str, int, Path], Prepared]] = {
    "conform": _conform,
    "fuzz": _fuzz,
    "schemathesis": _schemathesis,
}
