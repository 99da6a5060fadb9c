"""Conformance runs against servers that a test defines: documents, responders, and results."""

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
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from support.paths import TESTS
from wirecheck.cli import run as command
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

Responder = Callable[[httpx.Request], httpx.Response]


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


class Clock:
    """A clock that advances by sleeping only."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def ok(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={})


def target(spec: Spec, respond: Responder = ok, clock: Clock | None = None, **more: Any) -> Target:
    http = httpx.MockTransport(respond)
    clock = clock or Clock()
    credentials = more.pop("credentials", {})
    return Target(
        spec, more.pop("url", URL), credentials, http, sleep=clock.sleep, clock=lambda: clock.now, **more
    )


def case_of(spec: Spec, body: Any = None, **parameters: Any) -> Case:
    """A case of the only operation, with parameters in their locations."""
    operation = spec.operations[0]
    locations = {parameter.name: parameter.location for parameter in operation.parameters}
    return Case(
        operation=operation,
        parameters={(locations[name], name): value for name, value in parameters.items()},
        body=body,
    )


def report_of(spec: Spec, respond: Responder = ok, clock: Clock | None = None, **options: Any) -> Conformance:
    """A complete run without the requirements on methods, as most of these servers ignore the method."""
    chosen = (requirement for requirement in requirements(spec) if requirement.kind != "methods")
    return conform(session(spec, respond, clock, **options), chosen)


def session(spec: Spec, respond: Responder = ok, clock: Clock | None = None, **options: Any) -> Session:
    values = read(spec, options.pop("values", None))
    more = {name: options.pop(name) for name in ("credentials", "secrets") if name in options}
    tested = target(spec, respond, clock, **more)
    return Session(spec, tested, values, **options)


def violated(report: Conformance) -> dict[str, str]:
    """The first message of each violated requirement, by its name."""
    return {
        outcome.requirement.name: outcome.counterexamples[0].message
        for outcome in report.outcomes
        if outcome.counterexamples
    }


def inconclusive(report: Conformance) -> dict[str, str]:
    """The reason of each inconclusive requirement, by its name."""
    return {
        outcome.requirement.name: outcome.reason
        for outcome in report.outcomes
        if outcome.state is State.INCONCLUSIVE
    }


def counterexamples(report: Conformance) -> list[str]:
    """The messages of all counterexamples, each after the name of its requirement."""
    return [
        f"{outcome.requirement.name}: {counterexample.message}"
        for outcome in report.outcomes
        for counterexample in outcome.counterexamples
    ]


def parameter(name: str, schema: Any, location: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": schema, "required": location == "path", **more}


def form(*names: str, media_type: str = "application/x-www-form-urlencoded", **more: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return {"content": {media_type: {"schema": schema, **more}}}


def values_file(folder: Path, text: str) -> Path:
    path = folder / "values.yaml"
    path.write_text(text, "utf-8")
    return path


COUNT = spec_of(parameters=[parameter("n", {"type": "integer", "minimum": 1, "maximum": 9}, example=2)])


def text_of(report: Conformance, columns: int = 80) -> str:
    """The text report without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", "".join(to_text(report, columns)))


def run_suite(
    *arguments: str, folder: Path, autoload: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs the conformance suite with pytest, in a process of its own that can import tests/support.

    Only with ``autoload`` pytest finds the plugin, and all others that are installed, by itself.
    """
    (folder / "pytest.ini").write_text("[pytest]\n")
    options = ["-c", "pytest.ini", "-p", "no:cacheprovider", "-rs"]
    if not autoload:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        options += ["-p", "wirecheck.conformance.plugin"]
    environment["PYTHONPATH"] = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--pyargs", "wirecheck.conformance", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def things_file(folder: Path, **operation: Any) -> str:
    """The path of a document with one operation, getThing, that requires a bearer token."""
    responses = {**ANYTHING, "401": {"description": "No token."}}
    get = {"responses": responses, "security": [{"bearer": []}], **operation}
    path = folder / "things.json"
    path.write_text(json.dumps(document({"/things": {"get": get}})))
    return str(path)


def run_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Runs `wirecheck conform`; gives its exit code, standard output and standard error."""
    code = command(["conform", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


async def _greet(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def _require_authorization(request: Request) -> JSONResponse:
    return JSONResponse({}, 200 if "Authorization" in request.headers else 401)


def create_text_app() -> Starlette:
    """An application that returns text to everyone, and knows no token."""
    return Starlette(routes=[Route("/v1/things", _greet), Route("/v1/others", _greet)])


any_token_app = Starlette(routes=[Route("/v1/things", _require_authorization)])
"""An application that accepts any token."""
