"""Conformance runs against servers that a test makes up: documents, answers, and what comes of a run."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx

from support.paths import TESTS
from wirecheck.conform import Conformance, Session, State, requirements, to_text
from wirecheck.conform import run as conform
from wirecheck.conform.case import Case
from wirecheck.conform.target import Target
from wirecheck.conform.values import read
from wirecheck.spec import Spec, load

URL = "http://server.test/v1"
TOKEN = "1001.5ecre7a.0123456789abcdef0123456789abcdef"
ANYTHING = {"200": {"description": "Fine.", "content": {"application/json": {"schema": True}}}}
SCHEMES = {
    "inForm": {"type": "apiKey", "in": "query", "name": "access_token", "x-in-form": True},
    "inQuery": {"type": "apiKey", "in": "query", "name": "key"},
    "inHeader": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "inCookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
}

Answers = Callable[[httpx.Request], httpx.Response]


@lru_cache
def loaded(text: str) -> Spec:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(text, encoding="utf-8")
        return load(path)


def document(paths: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    info = {"title": "Things", "version": "1"}
    components = {"securitySchemes": SCHEMES}
    servers = [{"url": "https://things.test/v1"}]
    described = {
        path: {
            method: {"operationId": f"{method}Thing", "responses": ANYTHING, **operation}
            for method, operation in operations.items()
        }
        for path, operations in paths.items()
    }
    whole = {"openapi": "3.1.0", "info": info, "servers": servers, "components": components}
    return {**whole, "paths": described, **more}


def spec_of(method: str = "get", path: str = "/things", **operation: Any) -> Spec:
    """A document with one operation."""
    return loaded(json.dumps(document({path: {method: operation}})))


class Time:
    """A clock that moves by what is slept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def fine(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={})


def target(spec: Spec, answers: Answers = fine, time: Time | None = None, **more: Any) -> Target:
    http = httpx.MockTransport(answers)
    time = time or Time()
    credentials = more.pop("credentials", {})
    return Target(
        spec, more.pop("url", URL), credentials, http, sleep=time.sleep, clock=lambda: time.now, **more
    )


def case_of(spec: Spec, body: Any = None, **parameters: Any) -> Case:
    """Of the one operation, with parameters where they belong."""
    operation = spec.operations[0]
    places = {one.name: one.location for one in operation.parameters}
    return Case(
        operation=operation,
        parameters={(places[name], name): value for name, value in parameters.items()},
        body=body,
    )


def report_of(spec: Spec, answers: Answers = fine, time: Time | None = None, **options: Any) -> Conformance:
    """A whole run, but for methods, as most servers here answer all alike, in a time of its own.

    It passes only when somebody sleeps.
    """
    chosen = (one for one in requirements(spec) if one.kind != "methods")
    return conform(session(spec, answers, time, **options), chosen)


def session(spec: Spec, answers: Answers = fine, time: Time | None = None, **options: Any) -> Session:
    values = read(spec, options.pop("values", None))
    more = {name: options.pop(name) for name in ("credentials", "secrets") if name in options}
    aim = target(spec, answers, time, **more)
    return Session(spec, aim, values, **options)


def broken(report: Conformance) -> dict[str, str]:
    """What is broken, by the name of its promise: what is said of it first."""
    return {
        one.requirement.name: one.counterexamples[0].message for one in report.outcomes if one.counterexamples
    }


def untold(report: Conformance) -> dict[str, str]:
    return {one.requirement.name: one.reason for one in report.outcomes if one.state is State.INCONCLUSIVE}


def parameter(name: str, schema: Any, location: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": schema, "required": location == "path", **more}


def form(*names: str, media_type: str = "application/x-www-form-urlencoded", **more: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return {"content": {media_type: {"schema": schema, **more}}}


def values_file(folder: Path, text: str) -> Path:
    path = folder / "values.yaml"
    path.write_text(text, "utf-8")
    return path


MANY = spec_of(parameters=[parameter("n", {"type": "integer", "minimum": 1, "maximum": 9}, example=2)])


def plain(report: Conformance, columns: int = 80) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", "".join(to_text(report, columns)))


def suite(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(TESTS / "toolkit"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-rs",
            "--pyargs",
            "wirecheck.conformance",
            *arguments,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
