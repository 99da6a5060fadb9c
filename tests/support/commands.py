"""Runs the command line, and writes recordings of traffic with the notice board for it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from wirecheck.cli import run

TOKEN = "board.0123456789abcdef0123456789abcdef"
DEEP = "[" * 100_000

Result = tuple[int, str, str]
"""Exit code, standard output, standard error."""
Capture = pytest.CaptureFixture[str]
Writer = Callable[[str, str | bytes], str]
"""Writes a file of a name with a content, and gives its path."""


def line(url: str = "/v1/topics/snow", status: int = 200, body: str = "", **more: Any) -> str:
    """A line of a JSON Lines recording: a request for a topic and its response."""
    body = body or '{"meta": {"code": 200}, "data": {"name": "snow", "notices": 2}}'
    recorded = {
        "request": {"method": "GET", "url": f"https://board.test{url}?access_token={TOKEN}"},
        "status": status,
        "headers": {"Content-Type": "application/json", "Server": "nginx"},
        "body": body,
        **more,
    }
    return json.dumps(recorded) + "\n"


GOOD = line()
BAD = line(body='{"meta": {"code": 200}, "data": {"name": "snow", "notices": "two"}}')
WARNED = line().replace(f"?access_token={TOKEN}", "")
FOREIGN = line("/login")
UNKNOWN = line("/v1/nope")


def har(*entries: Any) -> str:
    """A HAR recording."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def har_entry(body: str) -> dict[str, Any]:
    """An entry of a HAR recording: a request for a topic, and a response with a body."""
    url = f"https://board.test/v1/topics/snow?access_token={TOKEN}"
    headers = [{"name": "Content-Type", "value": "application/json"}]
    content = {"size": len(body), "mimeType": "application/json", "text": body}
    return {
        "request": {"method": "GET", "url": url, "headers": []},
        "response": {"status": 200, "headers": headers, "content": content},
    }


def result_of(capsys: Capture, *arguments: str) -> Result:
    """Runs a command in this process."""
    code = run(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def assert_one_line_of_error(code: int, out: str, err: str) -> str:
    """Asserts that a command ended with one line that explains why it is inconclusive."""
    assert code == 2
    assert out == ""
    assert err.startswith("wirecheck: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert len(err) < 600
    assert "Traceback" not in err
    assert TOKEN not in err
    return err


def plain_environment(**more: str) -> dict[str, str]:
    """The environment without what decides on colours."""
    chosen = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**chosen, **more}


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in a process of its own."""
    command = [sys.executable, "-m", "wirecheck", *arguments]
    environment = plain_environment(**more.pop("env", {}))
    return subprocess.run(command, capture_output=True, check=False, env=environment, timeout=60, **more)
