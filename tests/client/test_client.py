"""The client is what the document gives, and works where nothing else of the project is."""

import importlib.metadata
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from instagram_client import AsyncInstagram, Instagram
from support.paths import ROOT
from wirecheck.generate import drift
from wirecheck.spec import Spec


def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False, env=more or None
    )


def test_it_is_what_the_spec_gives() -> None:
    assert drift(ROOT / "spec" / "openapi.yaml", ROOT / "generated", "instagram_client") == []
    assert [path.name for path in (ROOT / "generated").iterdir()] == ["instagram_client"]


@pytest.mark.parametrize("kind", [Instagram, AsyncInstagram])
def test_every_operation_has_a_method(spec: Spec, kind: type[Instagram | AsyncInstagram]) -> None:
    client = kind(access_token="T")
    for operation in spec.operations:
        value = spec.document.get(operation.pointer)
        resource, _, method = value.get("x-resource", "").partition(".")
        if resource:
            assert value["summary"].rstrip(".") in getattr(getattr(client, resource), method).__doc__


def test_importing_it_loads_httpx_and_little_else() -> None:
    code = "import sys; import {}; print(*sys.modules)"
    ours, bare = (set(run("-c", code.format(name)).stdout.split()) for name in ("instagram_client", "httpx"))
    assert "instagram_client._sync" in ours
    more = {name for name in ours - bare if name.partition(".")[0] != "instagram_client"}
    assert more <= {"hmac"}
    late = ("models", "api", "types", "client", "_async", "ids", "webhooks")
    assert not [name for name in ours if name.startswith(tuple(f"instagram_client.{each}" for each in late))]


def test_the_tour_calls_every_operation_of_the_reference_and_no_promise_is_broken() -> None:
    done = run("examples/run.py")
    assert done.returncode == 0, done.stderr
    assert "29 exchanges held against" in done.stdout
    assert "27 of its 33 operations seen.\nEvery promise was kept." in done.stdout
    assert done.stderr == ""


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(archive.read(name).decode())


def install(wheel: Path, folder: Path) -> None:
    done = run(
        "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(folder), str(wheel)
    )
    assert done.returncode == 0, done.stderr


def closure(requirements: list[str]) -> Iterator[importlib.metadata.Distribution]:
    """The distributions that pip would install for them, each perhaps more than once."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            distribution = importlib.metadata.distribution(requirement.name)
            assert distribution.version in requirement.specifier
            yield distribution
            yield from closure(distribution.requires or [])


@pytest.fixture(scope="module")
def alone(wheel: Path, metadata: Message, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install` of the wheel without extras gives, and nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    install(wheel, folder)
    for distribution in closure(metadata.get_all("Requires-Dist", [])):
        for file in distribution.files or []:
            top = folder / file.parts[0]
            if file.parts[0] not in {"..", "__pycache__"} and not top.exists():
                top.symlink_to(Path(str(distribution.locate_file(file.parts[0]))))
    return folder


def test_the_wheel_holds_the_client_the_toolkit_and_the_spec(wheel: Path, metadata: Message) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        spec = archive.read("wirecheck/bundled/openapi.yaml")
        served = archive.read("instagram_server/spec/openapi.yaml")
    assert {"instagram_client/_sync.py", "instagram_client/py.typed", "wirecheck/cli/__init__.py"} <= names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {
        "instagram_client",
        "instagram_server",
        "wirecheck",
    }
    assert spec == served == (ROOT / "spec" / "openapi.yaml").read_bytes()
    needed = [Requirement(each) for each in metadata.get_all("Requires-Dist", [])]
    assert sorted(each.name for each in needed if each.marker is None) == ["anyio", "attrs", "httpx"]


def test_the_client_alone_answers_both_ways_and_imports_nothing_of_the_toolkit(alone: Path) -> None:
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
import asyncio, json, sys
sys.path.insert(0, {str(alone)!r})
import httpx
import instagram_client
from instagram_client import AsyncInstagram, Instagram, ids, models, webhooks

assert instagram_client.__file__.startswith({str(alone)!r})
fine = {{"meta": {{"code": 200}}, "data": {user!r}}}

def answers():
    once = iter([httpx.Response(503, headers={{"Retry-After": "0"}})])
    return httpx.MockTransport(lambda _: next(once, None) or httpx.Response(200, json=fine))

async def ask():
    async with AsyncInstagram(access_token="T", transport=answers()) as client:
        return await client.users.get("self")

with Instagram(access_token="T", transport=answers()) as client:
    assert client.users.get("self") == asyncio.run(ask())
try:
    Instagram(access_token="T", strict=True)
except instagram_client.InstagramError as error:
    print(error)
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    done = run("-I", "-S", "-W", "error", "-c", code)
    assert done.returncode == 0, done.stderr
    refusal, loaded = done.stdout.splitlines()
    assert refusal == "strict=True requires jsonschema-rs: pip install jsonschema-rs"
    foreign = {
        "wirecheck",
        "instagram_server",
        "jsonschema_rs",
        "jsonschema",
        "click",
        "msgspec",
        "starlette",
    }
    assert not foreign & set(json.loads(loaded))


def test_the_generator_in_the_wheel_gives_the_same_client(wheel: Path, tmp_path: Path) -> None:
    install(wheel, tmp_path)
    code = "import wirecheck.__main__ as it; print(it.__file__); it.main()"
    arguments = ["--spec", "spec/openapi.yaml", "--output", "generated", "--package", "instagram_client"]
    done = run("-c", code, "generate", "--check", *arguments, PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(str(tmp_path))
