"""Each of the three distributions installs alone, in an empty environment, and does its job there."""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import yaml
from packaging.requirements import Requirement

from support.paths import CONTRACT, ROOT, SPECS

pytestmark = pytest.mark.no_cover

FOLDERS = {
    "wirecheck": ROOT / "tools" / "wirecheck",
    "instagram-client": ROOT / "generated",
    "instagram-server": ROOT / "tools" / "instagram_server",
}
PETSHOP = SPECS / "petshop.yaml"


class Distribution(NamedTuple):
    """What building gave."""

    name: str
    wheel: Path
    sdist: Path

    @property
    def metadata(self) -> Message:
        with zipfile.ZipFile(self.wheel) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
            return HeaderParser().parsestr(archive.read(name).decode())

    @property
    def requirements(self) -> list[Requirement]:
        return [Requirement(text) for text in self.metadata.get_all("Requires-Dist", [])]

    @property
    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def build(folder: Path, output: Path, *targets: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(output)]
    options = [option for target in targets for option in ("--target", target)]
    process = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Distribution]:
    built = {}
    for name, folder in FOLDERS.items():
        output = tmp_path_factory.mktemp(name)
        build(folder, output, "sdist", "wheel")
        [wheel], [sdist] = output.glob("*.whl"), output.glob("*.tar.gz")
        built[name] = Distribution(name, wheel, sdist)
    return built


def closure(
    requirements: Sequence[Requirement], extras: Sequence[str] = ()
) -> Iterator[importlib.metadata.Distribution]:
    """The installed distributions that satisfy the requirements, and what these require in turn."""
    for requirement in requirements:
        environments = [{"extra": extra} for extra in ("", *extras)]
        if requirement.marker and not any(map(requirement.marker.evaluate, environments)):
            continue
        distribution = importlib.metadata.distribution(requirement.name)
        assert distribution.version in requirement.specifier
        yield distribution
        yield from closure([*map(Requirement, distribution.requires or [])], [*requirement.extras])


def install(wheel: Path, folder: Path) -> None:
    options = ["--quiet", "--no-index", "--no-deps", "--no-compile", "--target", str(folder)]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *options, str(wheel)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


def link(requirements: Sequence[Requirement], folder: Path) -> None:
    """Add what pip would install for the requirements, as links to what is installed here."""
    for distribution in closure(requirements):
        for file in distribution.files or []:
            top = folder / file.parts[0]
            if file.parts[0] not in {"..", "__pycache__"} and not top.exists():
                top.symlink_to(Path(str(distribution.locate_file(file.parts[0]))))


@pytest.fixture(scope="module")
def environments(
    distributions: dict[str, Distribution], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """For each a folder with what ``pip install WHEEL`` installs, and nothing else."""
    folders = {}
    for name, distribution in distributions.items():
        folders[name] = tmp_path_factory.mktemp("environment")
        install(distribution.wheel, folders[name])
        link(distribution.requirements, folders[name])
    return folders


def python(folder: Path, code: str, *arguments: str) -> list[str]:
    """The command that runs code where nothing but the folder and the standard library is importable."""
    isolated = f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"
    return [sys.executable, "-I", "-S", "-W", "error", "-c", isolated, *arguments]


def run(
    folder: Path, code: str, *arguments: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = python(folder, code, *arguments)
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


SCRIPT = """
from importlib.metadata import entry_points
[script] = entry_points(group="console_scripts", name={!r})
sys.exit(script.load()())
"""
"""What the command does that pip installs."""


# The files


@pytest.mark.parametrize("name", FOLDERS)
def test_a_wheel_contains_one_package_and_its_types(
    name: str, distributions: dict[str, Distribution]
) -> None:
    package = name.replace("-", "_")
    files = distributions[name].files
    folders = {path.partition("/")[0] for path in files}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {package}
    assert f"{package}/py.typed" in files
    assert not [path for path in files if "__pycache__" in path]
    metadata = distributions[name].metadata
    assert metadata["Name"] == name
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Summary"]
    assert metadata.get_payload()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_sdist_builds_the_same_wheel(
    name: str, distributions: dict[str, Distribution], tmp_path: Path
) -> None:
    with tarfile.open(distributions[name].sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    build(folder, tmp_path / "dist", "wheel")
    [wheel] = (tmp_path / "dist").iterdir()
    rebuilt = Distribution(name, wheel, distributions[name].sdist).files
    expected = distributions[name].files
    for files in (rebuilt, expected):
        [record] = [path for path in files if path.endswith(".dist-info/RECORD")]
        files[record] = b"\n".join(sorted(files[record].splitlines()))
    assert rebuilt == expected


def test_each_requires_nothing_of_the_others(distributions: dict[str, Distribution]) -> None:
    required = {
        name: {requirement.name for requirement in distribution.requirements if not requirement.marker}
        for name, distribution in distributions.items()
    }
    assert required["instagram-client"] == {"anyio", "httpx2"}
    assert required["instagram-server"] == {"starlette", "uvicorn"}
    assert not {"pytest", "schemathesis", "openapi-python-client", "ruff"} & required["wirecheck"]
    assert not set().union(*required.values()) & FOLDERS.keys()


# The toolkit


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exchanges with the pet shop: the second response does not match its schema."""
    path = tmp_path_factory.mktemp("recording") / "shop.har"
    bodies = ['{"id": "1", "name": "Rex"}', '{"id": "2", "name": 7}']
    entries = [
        {
            "request": {"method": "GET", "url": f"https://shop.test/pets/{number}", "headers": []},
            "response": {
                "status": 200,
                "headers": [{"name": "Content-Type", "value": "application/json"}],
                "content": {"mimeType": "application/json", "text": body},
            },
        }
        for number, body in enumerate(bodies, 1)
    ]
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), encoding="utf-8")
    return path


COMMANDS = {
    "check": (["check", "--spec", str(PETSHOP), "RECORDING"], 1, "shop.har#1"),
    "json": (["check", "--spec", str(PETSHOP), "--format", "json", "RECORDING"], 1, '"body-matches-schema"'),
    "lint": (["lint", str(PETSHOP), "--format", "json"], 0, '"'),
    "explain": (["explain", "status-documented"], 0, "status-documented"),
    "migration": (["migration", "--spec", str(PETSHOP)], 0, "| `GET /pets` |"),
    "conform": (["conform", "--help"], 0, "--read-only"),
    "fuzz": (["fuzz", "--help"], 0, "--time"),
    "replay": (["replay", "--help"], 0, "--url"),
    "version": (["--version"], 0, "wirecheck 0"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_toolkit_alone_judges_lints_and_explains(
    command: str, environments: dict[str, Path], recording: Path, tmp_path: Path
) -> None:
    arguments, code, text = COMMANDS[command]
    arguments = [str(recording) if argument == "RECORDING" else argument for argument in arguments]
    done = run(environments["wirecheck"], SCRIPT.format("wirecheck"), *arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert text in done.stdout
    assert done.stderr == ""


def test_the_toolkit_alone_is_a_library(environments: dict[str, Path], recording: Path) -> None:
    code = f"""
import wirecheck
assert wirecheck.__file__.startswith({str(environments["wirecheck"])!r})
judge = wirecheck.Judge(wirecheck.load({str(PETSHOP)!r}))
for exchange in wirecheck.read({str(recording)!r}):
    for finding in judge.judge(exchange).findings:
        print(finding.source, finding.check)
"""
    done = run(environments["wirecheck"], code)
    assert (done.stdout, done.stderr) == ("shop.har#1 body-matches-schema\n", "")


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["generate", "--spec", str(PETSHOP), "--output", "shop", "--package", "petshop"], "generate"),
        (["fuzz", "--spec", str(PETSHOP), "--time", "1", "URL"], "fuzz"),
    ],
    ids=["generate", "fuzz"],
)
def test_a_command_without_its_extra_says_in_one_line_what_to_install(
    arguments: list[str], extra: str, environments: dict[str, Path], tmp_path: Path
) -> None:
    with subprocess.Popen(
        python(tmp_path, SHOP), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as shop:
        assert shop.stdout
        url = shop.stdout.readline().strip()
        arguments = [url if argument == "URL" else argument for argument in arguments]
        done = run(environments["wirecheck"], SCRIPT.format("wirecheck"), *arguments, cwd=tmp_path)
        shop.terminate()
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("wirecheck: ")
    assert f"pip install 'wirecheck[{extra}]'" in line
    assert list(tmp_path.iterdir()) == []


SHOP = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"data": []}')
server = HTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""


def test_the_generator_in_the_wheel_gives_the_same_client(
    distributions: dict[str, Distribution], tmp_path: Path
) -> None:
    install(distributions["wirecheck"].wheel, tmp_path)
    code = "import wirecheck.__main__ as it; print(it.__file__); it.main()"
    arguments = [
        "--spec",
        str(CONTRACT),
        "--output",
        str(ROOT / "generated"),
        "--package",
        "instagram_client",
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, "generate", "--check", *arguments],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(str(tmp_path))


# pytest


PYTEST = """
sys.path.insert(0, sys.argv.pop(1))
import pytest
sys.exit(pytest.main(["-p", "no:cacheprovider", *sys.argv[1:]]))
"""


@pytest.fixture(scope="module")
def pytest_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pytest")
    link([Requirement("pytest>=8")], folder)
    return folder


@pytest.mark.parametrize("name", [*FOLDERS, "wirecheck without its dependencies"])
def test_pytest_works_beside_each(
    name: str,
    distributions: dict[str, Distribution],
    environments: dict[str, Path],
    pytest_folder: Path,
    tmp_path: Path,
) -> None:
    folder = environments.get(name, tmp_path / "bare")
    if name not in environments:
        install(distributions["wirecheck"].wheel, folder)
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_it.py").write_text(
        "import sys\n\n\ndef test_it():\n    assert not {'click', 'schemathesis'} & sys.modules.keys()\n"
    )
    done = run(folder, PYTEST, str(pytest_folder), "-q", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    done = run(folder, PYTEST, str(pytest_folder), "--help", cwd=project)
    assert done.returncode == 0, done.stderr
    assert ("--wirecheck-url" in done.stdout) == (name == "wirecheck")


# The client


def test_the_client_alone_calls_both_ways_and_imports_nothing_else(environments: dict[str, Path]) -> None:
    user = {
        "id": "1001",
        "username": "ada",
        "full_name": "Ada Fields",
        "profile_picture": "https://images.test/ada",
        "bio": "",
        "website": "",
        "counts": {"media": 3, "follows": 2, "followed_by": 1},
    }
    code = f"""
import asyncio, json
import httpx2
import instagram_client
from instagram_client import AsyncInstagram, Instagram, exceptions, ids, models, types, webhooks
assert instagram_client.__file__.startswith({str(environments["instagram-client"])!r})
body = {{"meta": {{"code": 200}}, "data": {user!r}}}

def transport():
    failures = iter([httpx2.Response(503, headers={{"Retry-After": "0"}})])
    return httpx2.MockTransport(lambda _: next(failures, None) or httpx2.Response(200, json=body))

async def asynchronous():
    async with AsyncInstagram(access_token="T", transport=transport()) as client:
        return await client.users.get("self")

with Instagram(access_token="T", transport=transport()) as client:
    assert client.users.get("self") == asyncio.run(asynchronous())
try:
    Instagram(access_token="T", strict=True)
except instagram_client.InstagramError as error:
    print(error)
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    done = run(environments["instagram-client"], code)
    assert done.returncode == 0, done.stderr
    error, loaded = done.stdout.splitlines()
    assert error == "strict=True requires jsonschema-rs: pip install jsonschema-rs"
    others = {"wirecheck", "instagram_server", "jsonschema_rs", "jsonschema", "click", "msgspec", "starlette"}
    assert not others & set(json.loads(loaded))


# The server


def test_the_server_alone_serves_the_api_and_its_contract(environments: dict[str, Path]) -> None:
    folder = environments["instagram-server"]
    tokens = json.loads(run(folder, SCRIPT.format("instagram-server"), "tokens").stdout)
    command = python(folder, SCRIPT.format("instagram-server"), "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stderr
        try:
            [address] = re.findall(r"http://[^/]+", server.stdout.readline())
            with httpx.Client(base_url=address, trust_env=False) as http:
                response = http.get("/v1/users/self", params={"access_token": next(iter(tokens.values()))})
                assert (response.status_code, response.json()["data"]["username"]) == (200, "ada")
                assert http.get("/v1/users/self").status_code == 400
                contract = yaml.load(http.get("/openapi.yaml").content, yaml.CSafeLoader)
                bundled = yaml.load(CONTRACT.read_bytes(), yaml.CSafeLoader)
                assert contract["servers"][0]["url"] == f"{address}/v1"
                assert contract["paths"].keys() == bundled["paths"].keys()
                assert contract["components"]["schemas"] == bundled["components"]["schemas"]
                assert "swagger" in http.get("/docs").text.lower()
        finally:
            server.terminate()
        assert server.wait(timeout=30) in {0, -15}
        assert "Traceback" not in server.stderr.read()
