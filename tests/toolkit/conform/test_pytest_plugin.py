"""The conformance suite as tests of pytest, and its plugin."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.conforming import TOKEN, URL, document, run_suite, things_file
from support.library_server import TOKEN as LIBRARY_TOKEN
from support.paths import SPECS
from support.serving import callback
from wirecheck.conformance import plugin

SECRET = "A/Secret+0123456789abcdef"
LIBRARY = ["--wirecheck-app", "support.library_server:create_app", "--wirecheck-token", LIBRARY_TOKEN]


def test_each_requirement_is_a_test(tmp_path: Path) -> None:
    more = ["--wirecheck-operation", "getBook", "--wirecheck-operation", "lendBook", "-v"]
    more += ["--wirecheck-values", str(SPECS / "library-values.yaml")]
    spec = str(SPECS / "library.yaml")
    done = run_suite(*LIBRARY, *more, folder=tmp_path, autoload=True, WIRECHECK_SPEC=spec)
    assert done.returncode == 0, done.stdout
    name = "getBook::access: rejects requests without credentials"
    assert f"wirecheck::{name} PASSED" in done.stdout
    assert "wirecheck::lendBook::laws: has its documented effect, and can be undone" in done.stdout
    assert "no recipe for this status (add one to --values)" in done.stdout, "inconclusive tests are skipped"
    assert "listBooks" not in done.stdout
    assert LIBRARY_TOKEN not in done.stdout + done.stderr


def notes_app(folder: Path) -> list[str]:
    """Options for an application in a folder, with a document of its own, that needs its startup."""
    (folder / "shop.py").write_text(NOTES_APP)
    return ["--wirecheck-app", "shop:app"]


NOTES_APP = """
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

NOTE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "example": 1}}}
FINE = {"200": {"description": "Fine.", "content": {"application/json": {"schema": NOTE}}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {"/note": {"get": {"operationId": "getNote", "responses": FINE}}},
}


@asynccontextmanager
async def lifespan(app):
    with Path("events").open("a") as events:
        events.write("startup ")
    yield {"number": 7}
    with Path("events").open("a") as events:
        events.write("shutdown ")


async def note(request):
    return JSONResponse({"id": request.state.number})


async def document(request):
    return JSONResponse(DOCUMENT)


app = Starlette(routes=[Route("/note", note), Route("/openapi.json", document)], lifespan=lifespan)
"""


def test_an_application_has_its_lifespan_and_its_own_document(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    arguments = [*notes_app(tmp_path), f"--junitxml={report}"]
    done = run_suite(*arguments, folder=tmp_path, WIRECHECK_SPEC="")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "events").read_text() == "startup shutdown "
    cases = {(case.get("classname"), case.get("name")) for case in ElementTree.parse(report).iter("testcase")}
    assert ("wirecheck.getNote", "responses: responds to requests with known values") in cases


def test_the_configuration_gives_defaults_and_skips(tmp_path: Path) -> None:
    reason = 'reason = "known"\nuntil = 2999-12-31\n'
    (tmp_path / "wirecheck.toml").write_text(
        f'token = "A_TOKEN"\nspec = "things.json"\n[[skip]]\nrequirement = "access"\n{reason}'
        f'[[skip]]\ncheck = "media-type-documented"\n{reason}'
    )
    things_file(tmp_path)
    arguments = ["--wirecheck-app", "support.conforming:create_text_app", "-v"]
    done = run_suite(*arguments, folder=tmp_path, WIRECHECK_SPEC="", A_TOKEN=TOKEN)
    assert done.returncode == 0, done.stdout
    assert "getThing::responses" in done.stdout
    assert "getThing::access" not in done.stdout


@pytest.mark.no_cover
def test_each_worker_has_an_application_of_its_own(tmp_path: Path) -> None:
    more = ["-n", "2", "-p", "xdist", "-v"]
    done = run_suite(*notes_app(tmp_path), *more, folder=tmp_path, WIRECHECK_SPEC="")
    assert done.returncode == 0, done.stdout
    assert sorted((tmp_path / "events").read_text().split()) == ["shutdown"] * 2 + ["startup"] * 2
    assert "PASSED wirecheck::getNote::responses: responds to requests with known values" in done.stdout


class Served:
    """A server on the loopback interface that notes the workers whose requests it gets."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self.paths.append(path)
        status = 200 if method in ("GET", "HEAD") else 405
        return status, {"Content-Type": "application/json"}, b"{}"


@pytest.mark.parametrize(
    "distribution", ["load", pytest.param("loadscope", marks=pytest.mark.no_cover), "loadfile"]
)
def test_tests_of_one_server_stay_in_one_worker(distribution: str, tmp_path: Path) -> None:
    path = tmp_path / "things.json"
    path.write_text(json.dumps(document({"/things": {"get": {}}, "/others": {"get": {"operationId": "o"}}})))
    with callback(Served()) as origin:
        arguments = ["--wirecheck-url", f"{origin}/v1", "--wirecheck-spec", str(path), "-v"]
        more = ["-n", "2", "-p", "xdist", "--dist", distribution]
        done = run_suite(*arguments, *more, folder=tmp_path)
    if distribution == "loadfile":
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(set(re.findall(r"\[(gw\d)\] .*PASSED", done.stdout))) == 1
    else:
        assert done.returncode == 4
        assert "--dist loadfile" in done.stderr


def test_a_violated_requirement_is_a_failing_test(tmp_path: Path) -> None:
    arguments = ["--wirecheck-app", "support.conforming:create_text_app", "--wirecheck-token", TOKEN]
    arguments += ["--wirecheck-spec", things_file(tmp_path), "--wirecheck-operation", "getThing"]
    done = run_suite(*arguments, folder=tmp_path)
    assert done.returncode == 1
    assert "media-type-documented" in done.stdout
    assert f"curl -X GET {URL}/things" in done.stdout
    assert TOKEN not in done.stdout + done.stderr


def test_the_application_may_be_an_object_or_a_function(tmp_path: Path) -> None:
    arguments = ["--wirecheck-app", "support.conforming:any_token_app", "--wirecheck-token", TOKEN]
    arguments += ["--wirecheck-spec", things_file(tmp_path), "--wirecheck-operation", "getThing"]
    done = run_suite(*arguments, "-l", folder=tmp_path)
    assert "rejects unknown credentials" in done.stdout
    assert done.returncode == 1
    assert "def test_requirement" not in done.stdout, "the violation is shown, not the code of the test"
    assert TOKEN not in done.stdout + done.stderr


EITHER = "give either --wirecheck-url URL or --wirecheck-app MODULE:NAME"
USAGE: dict[str, tuple[list[str], int, str]] = {
    "nothing to test": ([], 4, f"ERROR: wirecheck.conformance: {EITHER}"),
    "both": (["--wirecheck-url", "http://127.0.0.1:9/v1", "--wirecheck-app", "a:b"], 4, EITHER),
    "a missing document": (
        ["--wirecheck-app", "a:b", "--wirecheck-spec", "/no/file"],
        4,
        "ERROR: /no/file: cannot be read",
    ),
    "a missing application": (
        ["--wirecheck-app", "support.conforming:missing"],
        4,
        "--wirecheck-app: support.conforming:missing cannot be imported",
    ),
    "an unknown operation": (
        ["--wirecheck-app", "a:b", "--wirecheck-operation", "getNothing"],
        4,
        "--wirecheck-operation: there is no operation 'getNothing'",
    ),
    "half a token": (
        ["--wirecheck-app", "a:b", "--wirecheck-token-without", SECRET],
        4,
        "must be SCOPE=TOKEN",
    ),
    "no server": (
        ["--wirecheck-url", "http://127.0.0.1:9/v1"],
        2,
        "inconclusive: no response: ConnectError",
    ),
    "no valid token": (
        [*LIBRARY[:2], "--wirecheck-token", SECRET],
        2,
        "inconclusive: no valid token: the server rejects all requests (401)",
    ),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_is_reported_once(case: str, tmp_path: Path) -> None:
    arguments, code, message = USAGE[case]
    done = run_suite(*arguments, folder=tmp_path, WIRECHECK_SPEC=str(SPECS / "library.yaml"))
    shown = done.stdout + done.stderr
    assert done.returncode == code, shown
    assert shown.count(message) == 1
    for unwanted in ("Traceback", "FAILED", "INTERNALERROR", SECRET):
        assert unwanted not in shown


def pytest_help(folder: Path, prelude: str = "") -> str:
    """The help of pytest with no other plugin, in a process in which the prelude runs first."""
    arguments = ["--help", "-p", "wirecheck.conformance.plugin"]
    code = f"{prelude}\nimport sys, pytest\nsys.exit(pytest.main({arguments}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("conformance of a server", {"--wirecheck-url", "--wirecheck-app", "--wirecheck-token"}),
        ("traffic of this test suite", {"--wirecheck-spec", "--wirecheck-warn"}),
    ],
)
def test_the_options_are_in_the_help_of_pytest(title: str, expected: set[str], tmp_path: Path) -> None:
    text = pytest_help(tmp_path)
    group = text.partition(f"wirecheck: {title}:\n")[2].partition("\n\n")[0]
    options = re.findall(r"^  (--[a-z-]+)", group, re.MULTILINE)
    assert options, text
    assert all(option.startswith("--wirecheck-") for option in options)
    assert expected <= set(options)
    assert max(map(len, group.splitlines())) <= 80


@pytest.mark.parametrize("missing", plugin.REQUIRED)
def test_without_a_part_of_the_toolkit_the_plugin_adds_nothing(missing: str, tmp_path: Path) -> None:
    """A finder hides the part as if it were not installed."""
    prelude = f"""
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == {missing!r} or name.startswith({missing!r} + "."):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
"""
    assert "--wirecheck" not in pytest_help(tmp_path, prelude)
