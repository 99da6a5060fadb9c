"""The command `wirecheck conform`."""

import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.conforming import (
    ANYTHING,
    TOKEN,
    document,
    loaded,
    parameter,
    run_command,
    session,
    things_file,
)
from support.serving import callback
from wirecheck.cli import run as command
from wirecheck.conform import INTERRUPTED, Requirement, requirements
from wirecheck.conform import run as conform
from wirecheck.conform.target import Target

pytestmark = pytest.mark.usefixtures("no_waits")
Capture = pytest.CaptureFixture[str]
Server = tuple[str, list[str]]
"""The URL of a server, and the paths that were requested."""


def two_operations(folder: Path) -> str:
    """A document with two operations that require a token."""
    responses = {**ANYTHING, "401": {"description": "No token."}}
    get = {"responses": responses, "security": [{"bearer": []}]}
    path = folder / "things.json"
    paths = {"/things": {"get": get}, "/others": {"get": {**get, "operationId": "getOther"}}}
    path.write_text(json.dumps(document(paths)))
    return str(path)


@pytest.fixture
def server() -> Iterator[Server]:
    """A local server that requires a token, and violates the media type of /others."""
    requested: list[str] = []

    def respond(
        method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        requested.append(path)
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {}, b""
        return 200, {"Content-Type": "application/json" if "others" not in path else "text/plain"}, b"{}"

    with callback(respond) as origin:
        yield f"{origin}/v1", requested


def test_satisfied_requirements_give_0_and_violated_ones_1(
    server: Server, tmp_path: Path, capsys: Capture
) -> None:
    url, requested = server
    arguments = [url, "--spec", two_operations(tmp_path), "--token", TOKEN]
    code, out, err = run_command(capsys, *arguments, "--operation", "getThing")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert set(requested) == {"/v1/things"}
    code, out, err = run_command(capsys, *arguments)
    assert (code, err) == (1, "")
    assert "media-type-documented" in out


def test_the_token_may_come_from_the_environment(
    server: Server, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIRECHECK_TOKEN", TOKEN)
    spec = two_operations(tmp_path)
    assert run_command(capsys, server[0], "--spec", spec, "--operation", "getThing")[0] == 0


@pytest.mark.parametrize("content", [TOKEN, f"{TOKEN}\n", f"  {TOKEN}\r\n\n"])
@pytest.mark.parametrize("way", ["file", "variable", "stdin"])
def test_the_token_may_come_from_a_file(
    way: str,
    content: str,
    server: Server,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "token"
    file.write_text(content)
    options = {"file": ["--token-file", str(file)], "variable": [], "stdin": ["--token", "-"]}[way]
    if way == "variable":
        monkeypatch.setenv("WIRECHECK_TOKEN_FILE", str(file))
    monkeypatch.setattr("sys.stdin", io.StringIO(content if way == "stdin" else ""))
    arguments = [server[0], "--spec", two_operations(tmp_path), "--operation", "getThing", *options]
    code, out, err = run_command(capsys, *arguments)
    assert (code, err) == (0, "")
    assert TOKEN not in out


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "must contain a token on one line"),
        (b" \n", "must contain a token on one line"),
        (f"{TOKEN}\n{TOKEN}".encode(), "must contain a token on one line"),
        (f"{TOKEN}\x1b[2J".encode(), "must contain a token on one line"),
        (TOKEN.encode() * 5000, "must contain a token on one line"),
        (TOKEN.encode() + b"\xff", "is not UTF-8"),
        (None, "No such file or directory"),
    ],
)
def test_an_unusable_token_file_is_one_line_without_the_token(
    content: bytes | None, problem: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    arguments = ["http://127.0.0.1:9/v1", "--spec", two_operations(tmp_path), "--token-file", str(file)]
    code, out, err = run_command(capsys, *arguments)
    assert (code, out) == (2, "")
    assert problem in err
    assert str(file) in err
    assert err.count("\n") == 1
    assert TOKEN not in err


SCOPED = f"limited-{TOKEN}"


@pytest.fixture
def scoped(tmp_path: Path) -> str:
    """A document with an operation that requires a scope."""
    responses = {**ANYTHING, "401": {"description": "No token."}, "403": {"description": "No scope."}}
    get = {"responses": responses, "security": [{"oauth": ["things"]}]}
    flow = {"authorizationUrl": "https://a.test/", "tokenUrl": "https://a.test/", "scopes": {"things": "x"}}
    schemes = {"oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}}}
    path = tmp_path / "scoped.json"
    described = document({"/things": {"get": get}}) | {"components": {"securitySchemes": schemes}}
    path.write_text(json.dumps(described))
    return str(path)


@pytest.mark.parametrize("way", ["file", "variable"])
def test_a_token_without_a_scope_may_come_from_a_file(
    way: str, scoped: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, used = tmp_path / "limited", list[str]()
    file.write_text(f"{SCOPED}\n")
    options = ["--token-without-file", f"things={file}"] if way == "file" else []
    if way == "variable":
        monkeypatch.setenv("WIRECHECK_TOKEN_WITHOUT_FILE", f"things={file}")

    def respond(
        method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        used.append(headers.get("Authorization", ""))
        status = {f"Bearer {TOKEN}": 200, f"Bearer {SCOPED}": 403}.get(used[-1], 401)
        body = b"{}" if status == 200 else b""
        return status, {"Content-Type": "application/json"} if body else {}, body

    with callback(respond) as origin:
        arguments = [f"{origin}/v1", "--spec", scoped, "--token", TOKEN, *options]
        code, out, err = run_command(capsys, *arguments)
    assert (code, err) == (0, ""), out
    assert f"Bearer {SCOPED}" in used
    assert SCOPED not in out


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--token-without-file", "things"], "--token-without-file must be SCOPE=FILE"),
        (["--token-without-file", "things=/nowhere/token"], "/nowhere/token: No such file or directory"),
        (
            ["--token-without-file", "things=FILE", "--token-without", f"things={SCOPED}"],
            "there is more than one token without 'things'",
        ),
        (["--token-of", f"={SCOPED}"], "--token-of must be NAME=TOKEN"),
        (["--token-of-file", "ben"], "--token-of-file must be NAME=FILE"),
        (["--token-of-file", "ben=/nowhere/token"], "/nowhere/token: No such file or directory"),
        (
            ["--token-of-file", "ben=FILE", "--token-of", f"ben={SCOPED}"],
            "there is more than one token of 'ben'",
        ),
    ],
)
def test_an_unusable_token_of_limited_access_is_one_line(
    options: list[str], problem: str, scoped: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "limited"
    file.write_text(SCOPED)
    options = [option.replace("FILE", str(file)) for option in options]
    code, out, err = run_command(capsys, "http://127.0.0.1:9/v1", "--spec", scoped, *options)
    assert (code, out) == (2, "")
    assert problem in err
    assert SCOPED not in err


def test_the_token_of_another_user_is_a_secret_of_the_session(
    scoped: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "limited"
    file.write_text(SCOPED)

    def respond(*_: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": f"text/{SCOPED}"}, SCOPED.encode()

    with callback(respond) as origin:
        arguments = [f"{origin}/v1", "--spec", scoped, "--token", TOKEN, "--token-of-file", f"ben={file}"]
        code, out, err = run_command(capsys, *arguments)
    assert (code, "text/[redacted]" in out) == (1, True), out + err
    assert SCOPED not in out + err


def test_a_token_and_a_file_exclude_each_other(tmp_path: Path, capsys: Capture) -> None:
    arguments = ["http://127.0.0.1:9/v1", "--spec", two_operations(tmp_path)]
    code, out, err = run_command(capsys, *arguments, "--token", TOKEN, "--token-file", "x")
    assert (code, out) == (2, "")
    assert err == (
        "wirecheck: --token-file: pass a token (--token, WIRECHECK_TOKEN) or a file with it, not both\n"
    )


def test_a_preflight_failure_is_inconclusive(server: Server, tmp_path: Path, capsys: Capture) -> None:
    arguments = [server[0], "--spec", two_operations(tmp_path), "--token", "wrong"]
    code, _, err = run_command(capsys, *arguments)
    assert code == 2
    assert err == "wirecheck: inconclusive: no valid token: the server rejects all requests (401)\n"


def test_without_a_token_nothing_but_rejections_is_tested(
    server: Server, tmp_path: Path, capsys: Capture
) -> None:
    arguments = [server[0], "--spec", two_operations(tmp_path)]
    code, out, err = run_command(capsys, *arguments)
    assert code == 0
    assert err == "wirecheck: without a token, nothing but rejections was tested (see --token)\n"
    assert "no valid token: the server rejects all requests (401)" in " ".join(out.split())
    assert run_command(capsys, *arguments, "--fail-on", "inconclusive")[0] == 2


def test_an_unreachable_server_is_inconclusive(tmp_path: Path, capsys: Capture) -> None:
    arguments = ["--spec", two_operations(tmp_path), "--token", TOKEN]
    code, out, err = run_command(capsys, "http://127.0.0.1:9/v1", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("wirecheck: GET http://127.0.0.1:9/v1/things: no response: ConnectError")
    assert err.count("\n") == 1
    assert TOKEN not in err


BAD_ARGUMENTS = {
    "a foreign host": (["https://example.com/v1"], "--yes-i-may-test example.com"),
    "not a URL": (["nonsense"], "URL: must start with http:// or https://"),
    "half a URL": (["http://["], "URL: is not a valid URL"),
    "an unknown operation": (["http://127.0.0.1:9/v1", "--operation", "getNothing"], "getNothing"),
    "half a token": (["http://127.0.0.1:9/v1", "--token-without", "basic"], "SCOPE=TOKEN"),
    "a rate of zero": (["http://127.0.0.1:9/v1", "--rate", "0"], "--rate"),
}


@pytest.mark.parametrize("case", BAD_ARGUMENTS)
def test_bad_arguments_give_2(case: str, tmp_path: Path, capsys: Capture) -> None:
    arguments, message = BAD_ARGUMENTS[case]
    code, out, err = run_command(capsys, *arguments, "--spec", two_operations(tmp_path))
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_reports_are_written_in_the_format_of_their_names(
    server: Server, tmp_path: Path, capsys: Capture
) -> None:
    files = [tmp_path / f"report.{suffix}" for suffix in ("json", "xml", "md", "txt")]
    more = ["--token", TOKEN, "--operation", "getThing"]
    more += [word for file in files for word in ("--report", str(file))]
    code, out, _ = run_command(capsys, server[0], "--spec", two_operations(tmp_path), *more)
    assert code == 0
    as_json, as_junit, as_markdown, as_text = (file.read_text() for file in files)
    assert json.loads(as_json)["summary"]["violated"] == 0
    assert as_junit.startswith("<?xml ")
    assert as_markdown.startswith("## ")
    assert as_text == out


@pytest.mark.parametrize(("fail_on", "code"), [("violated", 0), ("inconclusive", 2)])
def test_inconclusive_requirements_may_count(
    fail_on: str, code: int, server: Server, tmp_path: Path, capsys: Capture
) -> None:
    spec = things_file(
        tmp_path, responses={**ANYTHING, "401": {"description": "No."}, "404": {"description": "No."}}
    )
    arguments = [server[0], "--spec", spec, "--token", TOKEN, "--fail-on", fail_on]
    actual, out, err = run_command(capsys, *arguments)
    assert actual == code, out
    assert "1 inconclusive" in out
    assert ("requirements (--fail-on inconclusive)" in err) is (code == 2)
    assert run_command(capsys, *arguments, "--operation", "getThing", "--token", "x")[0] == 2


def test_failures_are_saved(server: Server, tmp_path: Path, capsys: Capture) -> None:
    folder, spec = tmp_path / "failures", two_operations(tmp_path)
    arguments = ["--spec", spec, "--token", TOKEN, "--operation", "getOther", "--save", str(folder)]
    code, _, err = run_command(capsys, server[0], *arguments)
    assert code == 1
    saved = sorted(folder.glob("*.json"))
    assert [line.partition(": ")[0] for line in sorted(err.splitlines())] == [str(path) for path in saved]
    assert saved
    arguments = [str(saved[0]), "--url", server[0], "--spec", spec, "--token", TOKEN]
    assert command(["replay", *arguments]) == 1


def test_colours_and_progress_are_for_terminals(
    server: Server, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    arguments = [server[0], "--spec", two_operations(tmp_path), "--token", TOKEN]
    code, out, err = run_command(capsys, *arguments)
    assert code == 1
    assert "\x1b[31m" in out
    assert "testing" in err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run_command(capsys, *arguments)[1]


MISTYPED: dict[str, tuple[list[str], str]] = {
    "an unknown scope": (["--token-without", f"nothing={TOKEN}"], "there is no scope 'nothing'"),
    "a token without scope": (["--token-without", TOKEN], "SCOPE=TOKEN"),
    "a report in no folder": (["--report", "/no/such/folder/report.json"], "there is no such folder"),
    "a report that is a folder": (["--report", "/"], "it is a folder"),
    "a missing document": (["--spec", "/no/such/file"], "/no/such/file: cannot be read"),
}


@pytest.mark.parametrize("case", MISTYPED)
def test_mistyped_options_are_reported_before_any_request(case: str, tmp_path: Path, capsys: Capture) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("a request was sent")

    arguments, message = MISTYPED[case]
    with callback(never) as origin:
        options = ["--token", TOKEN, "--spec", things_file(tmp_path), *arguments]
        code, out, err = run_command(capsys, f"{origin}/v1", *options)
    assert (code, out) == (2, "")
    assert message in err
    assert TOKEN not in err
    assert "Traceback" not in err


def test_a_document_without_operations_is_inconclusive(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "empty.json"
    path.write_text(json.dumps(document({})))
    code, _, err = run_command(capsys, "http://127.0.0.1:9/v1", "--spec", str(path))
    assert (code, err) == (2, "wirecheck: inconclusive: the document has nothing to test\n")


def test_documents_need_neither_servers_nor_security(tmp_path: Path, capsys: Capture) -> None:
    whole = document({"/things": {"get": {}}})
    del whole["servers"], whole["components"]
    path = tmp_path / "plain.json"
    path.write_text(json.dumps(whole))
    with callback(lambda *_: (200, {"Content-Type": "application/json"}, b"{}")) as origin:
        code, out, err = run_command(capsys, origin, "--spec", str(path))
    assert (code, err) == (0, ""), out


def test_an_interruption_takes_effect_after_the_requirement_and_is_reported(
    tmp_path: Path, capsys: Capture
) -> None:
    handler = signal.getsignal(signal.SIGINT)
    requests = 0

    def respond(*_: Any) -> Any:
        nonlocal requests
        requests += 1
        if requests == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return 200, {"Content-Type": "application/json"}, b"{}"

    output = tmp_path / "report.json"
    with callback(respond) as origin:
        spec = things_file(tmp_path, parameters=[parameter("n", {"type": "integer"}, example=1)])
        arguments = ["--spec", spec, "--report", str(output)]
        code, out, err = run_command(capsys, f"{origin}/v1", *arguments)
    assert code == 130
    assert err.endswith("wirecheck: interrupted\n")
    assert "Not everything was tested: interrupted." in out
    assert json.loads(output.read_text())["stopped"] == INTERRUPTED
    assert signal.getsignal(signal.SIGINT) is handler


def test_the_time_of_a_run_is_limited(server: Server, tmp_path: Path, capsys: Capture) -> None:
    arguments = [server[0], "--spec", two_operations(tmp_path), "--token", TOKEN]
    code, out, err = run_command(capsys, *arguments, "--max-time", "0.000001")
    assert code == 2
    assert "Not everything was tested: the time is up (--max-time)." in out
    assert err == "wirecheck: inconclusive: the time is up (--max-time)\n"
    code, out, err = run_command(capsys, *arguments, "--operation", "getThing", "--max-time", "600")
    assert (code, err) == (0, "")


def test_a_server_that_always_limits_the_rate_is_given_up(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    defaults = dict(Target.__init__.__kwdefaults__ or {})
    monkeypatch.setattr(Target.__init__, "__kwdefaults__", {**defaults, "sleep": waits.append})
    with callback(lambda *_: (429, {"Retry-After": "60"}, b"")) as origin:
        arguments = [f"{origin}/v1", "--spec", two_operations(tmp_path), "--token", TOKEN]
        code, out, err = run_command(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err == (
        f"wirecheck: {origin}: rate limited (429): it requests to wait again after waits of 180 s\n"
    )
    assert waits == [60, 60, 60]


def test_a_second_interruption_keeps_earlier_outcomes() -> None:
    def interrupt(_: Any) -> None:
        raise KeyboardInterrupt

    spec = loaded(json.dumps(document({"/things": {"get": {}, "post": {}}})))
    chosen = list(requirements(spec))[:3]
    report = conform(session(spec), [*chosen, Requirement("getThing", "laws", "is patient", interrupt)])
    assert (len(report.outcomes), report.stopped) == (3, INTERRUPTED)


@pytest.mark.parametrize("name", ["conform", "fuzz", "replay"])
def test_the_help_teaches_at_80_columns(name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert command([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith(f"Usage: wirecheck {name} [OPTIONS] ")
    examples = text.partition("  Examples:\n")[2].partition("\n\n")[0]
    assert examples.count(f"wirecheck {name} ") == 2
    codes = text.partition("Exit codes:\n")[2].splitlines()
    assert [line.split()[0] for line in codes[:3]] == ["0", "1", "2"]
    assert ("--fail-on" in text) is (name == "conform")


APP = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

FINE = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {"type": "object"}}}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {"/note": {"get": {"operationId": "getNote", "responses": FINE}}},
}


async def note(request):
    return JSONResponse({})


class Application(Starlette):
    def openapi(self):
        return DOCUMENT


def create_app():
    return Application(routes=[Route("/note", note)])
"""


def test_an_application_is_tested_by_its_own_document(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module is looked for in the working folder."""
    monkeypatch.delenv("WIRECHECK_SPEC", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes_of_a_test.py").write_text(APP)
    application = ["--app", "notes_of_a_test:create_app"]
    code, out, err = run_command(capsys, *application)
    assert (code, err) == (0, ""), out
    assert "getNote" in out
    code, out, err = run_command(capsys, *application, "--plan")
    assert (code, err) == (0, "")
    assert "getNote  GET /note" in out
    code, out, err = run_command(capsys, *application, "http://127.0.0.1:9")
    assert (code, out) == (2, "")
    assert "--app and URL name different servers" in err


@pytest.mark.parametrize("name", ["no_such_module:app", "json:nothing", "json"])
def test_an_application_that_cannot_be_imported_is_one_line(name: str, capsys: Capture) -> None:
    code, out, err = run_command(capsys, "--app", name)
    assert (code, out) == (2, "")
    assert err.startswith(f"wirecheck: --app: {name} cannot be imported: ")
    assert err.count("\n") == 1
