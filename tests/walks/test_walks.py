"""The programs of docs/walks print what they say, have good types, and send only what is documented."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from support.generating import mypy_cache
from support.paths import ROOT
from walks import aquarium, ferry
from walks.wire import Server
from wirecheck.generate import generate


class Walk(NamedTuple):
    package: str
    document: Path
    variable: str
    credential: str
    server: Server

    @property
    def page(self) -> str:
        return (ROOT / "docs" / "walks" / f"{self.document.parent.name}.md").read_text(encoding="utf-8")

    @property
    def programs(self) -> list[str]:
        found: list[str] = re.findall(r"^```python\n(.*?)^```$", self.page, re.MULTILINE | re.DOTALL)
        return found


def walks() -> list[Walk]:
    return [
        Walk("skerry", ferry.DOCUMENT, "SKERRY_ACCESS_TOKEN", ferry.TOKEN, ferry.Ferry().server),
        Walk("port_quin", aquarium.DOCUMENT, "PORT_QUIN_API_KEY", aquarium.KEY, aquarium.Aquarium().server),
    ]


@pytest.fixture(scope="module", params=walks(), ids=lambda walk: walk.package)
def walk(request: pytest.FixtureRequest) -> Walk:
    each: Walk = request.param
    return each


@pytest.fixture(scope="module")
def output(walk: Walk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(walk.package)
    generate(walk.document, folder, walk.package)
    return folder


@pytest.fixture
def installed(output: Path, walk: Walk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The package can be imported, its requests reach the server, its credential is in the environment."""

    async def asynchronous(_: object, request: httpx2.Request) -> httpx2.Response:
        return await walk.server.respond(request)

    monkeypatch.syspath_prepend(output)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", lambda _, request: walk.server(request))
    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", asynchronous)
    monkeypatch.setenv(walk.variable, walk.credential)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == walk.package]:
        del sys.modules[name]


@pytest.mark.usefixtures("installed")
def test_every_program_prints_what_it_says(walk: Walk, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for code in walk.programs:
        exec(compile(code, walk.document.parent.name, "exec"), names)
        assert capsys.readouterr().out.splitlines() == re.findall(r"# -> (.*)$", code, re.MULTILINE)
    assert walk.server.exchanges > 20


def test_every_program_states_its_output(walk: Walk) -> None:
    assert len(walk.programs) > 8
    for code in walk.programs:
        assert ast.parse(code).body
        assert "print(" not in code or "# -> " in code, code


def test_the_programs_have_good_types(walk: Walk, output: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("\n".join(walk.programs), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", mypy_cache(), str(program)],
        cwd=output,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_documents_have_no_extensions(walk: Walk) -> None:
    assert not re.search(r"^ *['\"]?x-", walk.document.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.usefixtures("installed")
def test_the_index_lists_every_operation(walk: Walk, output: Path) -> None:
    operations = importlib.import_module(f"{walk.package}._endpoints").OPERATIONS
    index = (output / "api.md").read_text(encoding="utf-8")
    for endpoint in operations.values():
        assert f"client.{endpoint.name}(" in index
        assert f"`{endpoint.method} {endpoint.path}`" in index
