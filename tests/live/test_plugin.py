"""The pytest plugin that judges the traffic of a test suite, in suites of its own."""

import gc
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import httpx2
import pytest
import starlette.testclient

from support.paths import ROOT, SPECS
from wirecheck.spec import load
from wirecheck.testing import suite

pytest_plugins = ["pytester"]

# Pytester forgets the modules that only its suites import.
LOADED = (httpx2, starlette.testclient, suite, load(SPECS / "library.yaml", cached=False))

SPEC = """
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: /v1}]
paths:
  /notes/{id}:
    get:
      operationId: getNote
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: token, in: query, schema: {type: string}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: integer}}}
        "404": {description: no}
        "503": {description: busy}
    delete: {operationId: deleteNote, responses: {"204": {description: gone}}}
"""

APP = """
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

def note(request):
    match request.path_params.get("id"):
        case "broken": return Response(status_code=404)
        case "404" | "503" as status: return Response(status_code=int(status))
        case "described": return JSONResponse({"detail": "no"}, 404)
        case "2": return JSONResponse({"id": "two"})
    return JSONResponse({"id": 1})

app = Starlette(routes=[Route("/v1/notes/{id}", note), Route("/{page:path}", note)])
client = TestClient(app)
"""

WRONG = 'body-matches-schema: body /id is "two", a string, not an integer'


@pytest.fixture(autouse=True, scope="module")
def _imported() -> None:
    """What is first imported within a run of pytest is forgotten at its end, and imported by halves again."""
    for name in ("fastapi.testclient", "starlette.applications", "starlette.testclient", "requests"):
        import_module(name)


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def run(pytester: pytest.Pytester, tests: str, *arguments: str) -> pytest.RunResult:
    """Runs tests, which have a client."""
    (pytester.path / "openapi.yaml").write_text(SPEC)
    pytester.makepyfile(APP + tests)
    return pytester.runpytest_inprocess("--wirecheck-spec", "openapi.yaml", "-W", "default", *arguments)


def test_garbage_collections_leave_out_the_toolkit_until_the_end(pytester: pytest.Pytester) -> None:
    tests = """
import gc
def test_frozen():
    assert gc.get_freeze_count() > 10_000
"""
    assert run(pytester, tests).ret == 0
    assert gc.get_freeze_count() == 0


def test_a_violation_belongs_to_the_phase_of_the_test_that_made_it(pytester: pytest.Pytester) -> None:
    tests = """
def test_right():
    assert client.get("/v1/notes/1").status_code == 200

def test_wrong():
    try:
        assert client.get("/v1/notes/2").status_code == 201
    except AssertionError:
        pass

def test_failing():
    client.get("/v1/notes/2")
    assert 1 == 3

@pytest.mark.xfail(strict=True)
def test_expected():
    client.get("/v1/notes/2")

def test_skipped():
    client.get("/v1/notes/2")
    pytest.skip("no reason")

@pytest.fixture
def before():
    client.get("/v1/notes/2")

def test_setup(before):
    pass

@pytest.fixture
def after():
    yield
    client.get("/v1/notes/2")

def test_teardown(after):
    pass

def test_thread():
    from threading import Thread
    thread = Thread(target=client.get, args=["/v1/notes/2"])
    thread.start()
    thread.join()
"""
    done = run(pytester, tests)
    done.assert_outcomes(passed=2, failed=3, errors=2, xfailed=1, skipped=1)
    text = done.stdout.str()
    done.stdout.fnmatch_lines([f"FAILED *::test_wrong - Failed: {WRONG}", "FAILED *::test_failing - *1 == 3"])
    done.stdout.fnmatch_lines([f"ERROR *::test_setup - Failed: {WRONG}", "ERROR *::test_teardown - *"])
    assert text.count(f"\n{WRONG}\n  defined at   openapi.yaml:17 #/paths/") == 5
    assert "- wirecheck -" in text, "the section of the test that failed anyway"
    assert "observed in  GET /v1/notes/2 -> 200" in text


def test_a_unittest_is_a_test(pytester: pytest.Pytester) -> None:
    tests = """
from unittest import TestCase

class TestNotes(TestCase):
    def test_wrong(self):
        client.get("/v1/notes/2")

    def test_failing(self):
        client.get("/v1/notes/2")
        self.fail("of its own")
"""
    done = run(pytester, tests)
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(["FAILED *::test_failing*of its own", f"FAILED *::test_wrong - *{WRONG}"])


def test_violations_may_be_warnings(pytester: pytest.Pytester) -> None:
    tests = """
def test_wrong():
    token = "secret-0123456789"
    client.get(f"/v1/notes/2?token={token}")
"""
    done = run(pytester, tests, "--wirecheck-warn")
    done.assert_outcomes(passed=1, warnings=1)
    assert f"WirecheckWarning: {WRONG}" in done.stdout.str()
    assert "secret-0123456789" not in done.stdout.str()


NO_FAULTS = """
def test_rejected(): client.get("/v1/notes/broken")
def test_described(): client.get("/v1/notes/described")
def test_page(): client.get("/v1/docs")
def test_provoked(): client.get("/v1/notes/503")
def test_elsewhere(): TestClient(app, "https://api.elsewhere.com").get("/v1/notes/2")
"""


def test_what_tests_do_on_purpose_is_no_fault(pytester: pytest.Pytester) -> None:
    done = run(pytester, NO_FAULTS)
    done.assert_outcomes(passed=5)
    done.stdout.fnmatch_lines(
        [
            "3 exchanges judged by Notes (openapi.yaml)",
            "warning: media-type-documented: the response with status 404 has a body, but none*",
            "info: no-server-fault: the server failed with status 503 (GET /v1/notes/503)",
            "operations met: 1 of 2 (50 %); documented responses met: 2 of 4 (50 %)",
            "not judged: 1 exchange with api.elsewhere.com",
            "undocumented: 1 exchange with paths that the document does not have: GET /v1/docs",
        ]
    )


def test_strict_tests_fail_for_undocumented_paths(pytester: pytest.Pytester) -> None:
    done = run(pytester, NO_FAULTS, "--wirecheck-strict")
    done.stdout.fnmatch_lines(
        [
            "FAILED *::test_page - *operation-known*",
            "FAILED *::test_provoked - *",
        ]
    )
    assert "::test_elsewhere" not in done.stdout.str()


@pytest.mark.parametrize(("percent", "code"), [("25", 0), ("26", 1)])
def test_coverage_may_be_required(percent: str, code: int, pytester: pytest.Pytester) -> None:
    tests = 'def test_right(): client.get("/v1/notes/1")'
    done = run(pytester, tests, "--wirecheck-fail-under", percent, "-v")
    assert done.ret == code
    done.stdout.fnmatch_lines(
        ["  not met: GET /notes/{id}: 404, 503", "  not met: DELETE /notes/{id}: 204"], consecutive=True
    )
    text = f"FAILED: less than {percent} % of the documented responses were met"
    assert (text in done.stdout.str()) == bool(code)


def test_an_api_below_another_path_is_suggested_and_judged(pytester: pytest.Pytester) -> None:
    tests = """
def test_wrong():
    at = Starlette(routes=[Route("/api/notes/{id}", note)])
    TestClient(at).get("/api/notes/2")
"""
    done = run(pytester, tests)
    done.assert_outcomes(passed=1)
    assert "hint: --wirecheck-base-path /api would fit" in done.stdout.str()
    run(pytester, tests, "--wirecheck-base-path", "/api").assert_outcomes(failed=1)


def test_a_fixture_judges_one_response(pytester: pytest.Pytester) -> None:
    tests = """
import httpx2

RESPONSE = httpx2.Response(200, json={"id": "two"}, request=httpx2.Request("GET", "http://test/v1/notes/1"))

def test_right(wirecheck):
    wirecheck(client.get("/v1/notes/1"))

def test_unwatched(wirecheck):
    wirecheck.judge(RESPONSE)

def test_findings(wirecheck):
    (finding,) = wirecheck.findings(client.get("/v1/notes/2"))
    assert finding.check == "body-matches-schema"
"""
    done = run(pytester, tests, "--wirecheck-warn")
    done.assert_outcomes(passed=2, failed=1, warnings=1)
    done.stdout.fnmatch_lines(["2 exchanges judged by Notes (*", f"FAILED *::test_unwatched*{WRONG}"])
    pytester.runpytest_inprocess("-k", "right").stdout.fnmatch_lines(["*needs --wirecheck-spec FILE*"])


def test_workers_of_xdist_make_one_summary(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # of plugins that take long to load
    tests = """
@pytest.mark.parametrize("note", ["1", "2", "404", "503"])
def test_notes(note): client.get(f"/v1/notes/{note}")
def test_elsewhere(): TestClient(app, "https://api.elsewhere.com").get("/v1/notes/2")
"""
    options = ["--wirecheck-fail-under", "75", "--wirecheck-report", "report.json"]
    done = run(pytester, tests, "-p", "xdist", "-p", "wirecheck.conformance.plugin", "-n", "2", *options)
    done.assert_outcomes(passed=4, failed=1)
    done.stdout.fnmatch_lines(
        [
            "4 exchanges judged by Notes (openapi.yaml)",
            f"error: {WRONG} (GET /v1/notes/2)",
            "operations met: 1 of 2 (50 %); documented responses met: 3 of 4 (75 %)",
            "not judged: 1 exchange with api.elsewhere.com",
        ]
    )
    assert done.stdout.str().count("exchanges judged") == 1
    assert '"test_workers_of_xdist' in (pytester.path / "report.json").read_text()


def test_the_document_may_be_a_setting(pytester: pytest.Pytester) -> None:
    (pytester.path / "openapi.yaml").write_text(SPEC)
    pytester.makeini("[pytest]\nwirecheck_spec = openapi.yaml")
    pytester.makepyfile(APP + 'def test_wrong(): client.get("/v1/notes/2")')
    pytester.runpytest_inprocess().assert_outcomes(failed=1)
    pytester.runpytest_inprocess("-p", "no:wirecheck").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--wirecheck-spec", "missing.yaml"], "ERROR: missing.yaml: cannot be read*"),
        (["--wirecheck-report", "report.what"], "ERROR: *does not say the format*"),
        (["--wirecheck-fail-under", "101"], "*must be from 0 to 100"),
    ],
)
def test_wrong_usage_is_reported(arguments: list[str], message: str, pytester: pytest.Pytester) -> None:
    done = run(pytester, "", *arguments)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([message])


UNUSED = """
import sys
import wirecheck.conformance.plugin
used = {name.partition(".")[0] for name in sys.modules}
assert not used & {"click", "httpx", "httpx2", "jsonschema_rs", "msgspec", "yaml"}, used
assert {name for name in sys.modules if name.startswith("wirecheck")} == {
    "wirecheck", "wirecheck.conformance", "wirecheck.conformance.plugin"
}
from wirecheck.testing.instruments import Instruments
instruments = Instruments()
instruments.install()
libraries = {"aiohttp", "django", "httpx2", "requests", "werkzeug"}
assert not libraries & sys.modules.keys(), "imported without need"
import requests
send = requests.Session.send
assert send.__module__ == "requests.sessions"
assert send is not send.__wrapped__
assert "_Loader" not in repr(requests.__spec__)
instruments.remove()
assert requests.Session.send is send.__wrapped__
"""


def test_nothing_is_imported_that_is_not_used(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", UNUSED], cwd=tmp_path, check=True)


def test_the_example_of_the_guide_is_true(pytester: pytest.Pytester) -> None:
    """The blocks that begin with the name of a file are files; the console shows a part of what comes out."""
    text = (ROOT / "docs" / "live.md").read_text()
    for name, content in re.findall(r"```\w+\n# (\S+)\n(.*?)```", text, re.DOTALL):
        (pytester.path / name).write_text(f"# {name}\n{content}")
    console = re.search(r"```console\n\$ (?:pytest )(.*?)\n(.*?)```", text, re.DOTALL)
    assert console is not None
    done = pytester.runpytest_inprocess(*console[1].split())
    lines = [line.rstrip(".") for line in console[2].splitlines() if line.strip("._= ")]
    shown = done.stdout.str()
    for line in lines:
        assert line.strip("_= ") in shown
