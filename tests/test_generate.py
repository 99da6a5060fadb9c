"""The driver of the generator: what it writes, what it refuses, and that it harms nothing."""

import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_python_client.parser import GeneratorData

from wirecheck.generate import MARK, PINS, drift, generate
from wirecheck.model import OutputError, SpecError, WirecheckError

TESTS = Path(__file__).parent
PETSHOP = TESTS / "specs" / "petshop.yaml"
ENDPOINTS = {
    "petshop/api/build/get_opening_hours.py",
    "petshop/api/pets/buy_pet.py",
    "petshop/api/pets/get_pet.py",
    "petshop/api/pets/list_pets.py",
    "petshop/api/pets/sell_pet.py",
}


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below the folder: None stands for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def run_python(code: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The output folder of one generation, and what it says that it wrote."""
    output = tmp_path_factory.mktemp("made")
    return output, generate(PETSHOP, output, "petshop")


@pytest.fixture
def output(made: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A copy of the generated output, to be harmed."""
    return shutil.copytree(made[0], tmp_path / "output", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of temporary folders, which is empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


# What is written


def test_every_file_is_reported(made: tuple[Path, list[str]]) -> None:
    output, written = made
    assert written == sorted(name for name, content in contents(output).items() if content is not None)
    api = {name for name in written if name.startswith("petshop/api/")}
    assert {name for name in api if not name.endswith("__init__.py")} == ENDPOINTS
    assert "petshop/py.typed" in written


def test_the_mark_says_what_made_the_package(made: tuple[Path, list[str]]) -> None:
    note = (made[0] / "petshop" / "GENERATED").read_text()
    assert note.startswith(MARK)
    for word in ("petshop.yaml", "wirecheck generate", "openapi-python-client 0.29.1"):
        assert word in note
    assert str(TESTS) not in note
    assert len(note.splitlines()) <= 3


def test_scalars_stay_what_the_document_says(made: tuple[Path, list[str]]) -> None:
    models = made[0] / "petshop" / "models"
    assert 'Literal["FI", "NO", "SE"]' in (models / "country.py").read_text()
    hours = models / "get_opening_hours_response_200_from.py"
    assert 'Literal["09:00", "8:30"]' in hours.read_text()


def test_the_client_satisfies_mypy_strict(made: tuple[Path, list[str]], tmp_path: Path) -> None:
    code = "import sys; from mypy.main import main; main(args=sys.argv[1:])"
    answer = subprocess.run(
        [sys.executable, "-c", code, "--strict", "--cache-dir", str(tmp_path), "-p", "petshop"],
        cwd=made[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no issues found" in answer.stdout, answer.stdout + answer.stderr


def test_the_client_works(made: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def shop(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            assert request.content == b"name=Rex+II&vaccinated=true"
            return httpx.Response(418, json={"reason": "a teapot"})
        assert request.url == "https://shop.test/pets?country=NO"
        pet = {"id": "1", "name": "Rex", "born": "2015-10-01T12:00:00Z", "owner": {"name": "Ann"}}
        return httpx.Response(200, json={"data": [pet]})

    monkeypatch.syspath_prepend(made[0])
    petshop = importlib.import_module("petshop")
    models = importlib.import_module("petshop.models")
    list_pets = importlib.import_module("petshop.api.pets.list_pets")
    sell_pet = importlib.import_module("petshop.api.pets.sell_pet")
    transport = httpx.MockTransport(shop)
    with petshop.Client("https://shop.test", httpx_args={"transport": transport}) as client:
        [pet] = list_pets.sync(client=client, country="NO").data
        refusal = sell_pet.sync(client=client, body=models.SellPetBody(name="Rex II", vaccinated=True))
    assert (pet.name, pet.born.year, pet.owner.name) == ("Rex", 2015, "Ann")
    assert refusal.reason == "a teapot"


@pytest.mark.usefixtures("temporary")
def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    generate(PETSHOP, tmp_path / "new" / "output", "petshop")
    assert capfd.readouterr() == ("", "")


def test_the_output_is_the_same_wherever_it_is_made(made: tuple[Path, list[str]], tmp_path: Path) -> None:
    place = tmp_path / "hostile"
    (place / "build").mkdir(parents=True)
    (place / ".gitignore").write_text("*\n")
    (place / ".ignore").write_text("*\n")
    (place / "pyproject.toml").write_text('[tool.ruff]\nline-length = 30\nexclude = ["*"]\n')
    (place / "ruff.toml").write_text('line-length = 30\n[format]\nquote-style = "single"\n')
    answer = run_python(
        "import pathlib, wirecheck.generate as g\n"
        f"g.generate(pathlib.Path({str(PETSHOP)!r}), pathlib.Path('output'), 'petshop')",
        cwd=place,
        PYTHONHASHSEED="1",
        TMPDIR=str(place / "build"),
        RUFF_OUTPUT_FILE="report.txt",
        RUFF_OUTPUT_FORMAT="github",
    )
    assert answer.returncode == 0, answer.stderr
    assert contents(place / "output") == contents(made[0])


def test_json_is_read_as_json(tmp_path: Path) -> None:
    spec = tmp_path / "tabs.json"
    spec.write_text(
        '{"openapi": "3.1.0",\n\t"info": {"title": "\\ud83d\\udc36", "version": "1"},\n\t"paths": {}}'
    )
    generate(spec, tmp_path, "dogs")
    assert "\N{DOG FACE}" in (tmp_path / "dogs" / "__init__.py").read_text(encoding="utf-8")


def test_stale_files_vanish(output: Path, made: tuple[Path, list[str]]) -> None:
    (output / "petshop" / "models" / "stale.py").touch()
    (output / "petshop" / "models" / "pet.py").write_text("edited")
    (output / "neighbour.txt").write_text("stays")
    assert generate(PETSHOP, output, "petshop") == made[1]
    assert contents(output) == contents(made[0]) | {"neighbour.txt": b"stays"}


def test_importing_the_driver_imports_no_generator() -> None:
    answer = run_python(
        "import sys, wirecheck.generate\n"
        "assert not {'openapi_python_client', 'ruff', 'pydantic'} & sys.modules.keys()"
    )
    assert answer.returncode == 0, answer.stderr


# Drift


@pytest.mark.usefixtures("temporary")
def test_what_was_just_made_does_not_drift(made: tuple[Path, list[str]]) -> None:
    assert drift(PETSHOP, made[0], "petshop") == []


@pytest.mark.usefixtures("temporary")
def test_drift_names_each_difference(output: Path) -> None:
    package = output / "petshop"
    edited = package / "models" / "pet.py"
    edited.write_bytes(edited.read_bytes().replace(b"Pet", b"pet", 1))
    (package / "client.py").unlink()
    (package / "errors.py").rename(output / "same.py")
    (package / "errors.py").symlink_to(output / "same.py")
    (package / "models" / "old.py").touch()
    (package / ".hidden").touch()
    (package / "empty").mkdir()
    (package / "link").symlink_to("models")
    (package / "models" / "__pycache__").mkdir()
    (package / "models" / "__pycache__" / "pet.pyc").touch()
    before = contents(output)
    assert drift(PETSHOP, output, "petshop") == [
        "petshop/.hidden: is stray",
        "petshop/client.py: missing",
        "petshop/empty: is stray",
        "petshop/errors.py: differs",
        "petshop/link: is stray",
        "petshop/models/old.py: is stray",
        "petshop/models/pet.py: differs",
    ]
    assert contents(output) == before


def test_a_changed_document_is_drift(output: Path, tmp_path: Path) -> None:
    spec = tmp_path / "petshop.yaml"
    spec.write_text(PETSHOP.read_text().replace("What it listens to", "What it is called"))
    assert drift(spec, output, "petshop") == ["petshop/models/pet.py: differs"]


@pytest.mark.usefixtures("temporary")
def test_a_package_never_made_is_missing(made: tuple[Path, list[str]], tmp_path: Path) -> None:
    expected = sorted(f"{name}: missing" for name in made[1])
    assert drift(PETSHOP, tmp_path / "nowhere", "petshop") == expected
    assert not (tmp_path / "nowhere").exists()


# Refusals


def document(paths: str = "{}", schemas: str = "{}", more: str = "{}", version: str = "3.1.0") -> str:
    return (
        f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {paths}\n"
        f"components: {{schemas: {schemas}, pathItems: {more}}}\n"
    )


def get(identifier: str) -> str:
    return f"{{get: {{operationId: {identifier}, responses: {{'200': {{description: ok}}}}}}}}"


OBJECT = "{type: object, properties: {a: {type: string}}}"

REFUSED: dict[str, tuple[str | bytes, str]] = {
    "not-utf-8": (b"openapi: \xff", "is not UTF-8"),
    "version-unknown": (document(version="3.2.0"), "OpenAPI 3.2.0 is not supported"),
    "closed-brackets": ("[" * 100_000 + "]" * 100_000, "levels deep"),
    "double-key": (document(f"{{/a: {get('a')}, /a: {get('b')}}}"), "the key '/a' stands twice"),
    "no-paths": ("openapi: 3.1.0\ninfo: {title: T, version: '1'}", "paths Field required"),
    "warning": (
        document(f"{{'/a/{{id}}': {get('a')}}}"),
        "WARNING parsing GET /a/{id} within default. Endpoint will not be generated.: Incorrect",
    ),
    "two-warnings": (
        document(schemas=f"{{m: {OBJECT}, M: {OBJECT}, n: {OBJECT}, N: {OBJECT}}}"),
        "the generator reports (the first of 2 problems): Unable to parse schema",
    ),
    "generator-crash": (
        document(schemas="{A: {allOf: [{$ref: '#/components/schemas/A'}]}}"),
        "the generator ",
    ),
    "double-id": (
        document(f"{{/a: {get('x')}, /b: {get('x')}}}"),
        "operationId 'x' is not unique: GET /a, GET /b",
    ),
    "ids-of-one-file": (
        document(f"{{/a: {get('getX')}, /b: {get('get_x')}, /c: {get('c')}}}"),
        "the generator loses GET /a",
    ),
    "path-item-reference": (
        document("{/a: {$ref: '#/components/pathItems/A'}}", more=f"{{A: {get('a')}}}"),
        "the generator loses GET /a",
    ),
    "path-item-dangling": (
        document("{/a: {$ref: '#/components/pathItems/B'}}"),
        "$ref #/components/pathItems/B cannot be resolved",
    ),
    "models-of-one-file": (
        document(schemas=f"{{PetURL: {OBJECT}, PetUrl: {OBJECT}}}"),
        "PetURL and PetUrl would share the file models/pet_url.py",
    ),
    "external-file": (
        document(schemas="{A: {$ref: 'other.yaml#/A'}}"),
        "#/components/schemas/A: $ref other.yaml#/A leads out of the document",
    ),
    "external-address": (
        document("{/a: {$ref: 'https://spec.test/a.yaml'}}"),
        "#/paths/~1a: $ref https://spec.test/a.yaml leads out of the document",
    ),
    "terminal-escape": (
        document('{"/a\\e[2J\\nb": {$ref: "#/components/pathItems/A"}}', more=f"{{A: {get('a')}}}"),
        "loses GET /a\\x1b[2J b",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.usefixtures("temporary")
def test_a_document_is_refused_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("the network is not to be touched")

    monkeypatch.setattr(socket.socket, "connect", connect)
    content, reason = REFUSED[name]
    spec = tmp_path / (name if name.endswith(".json") else f"{name}.yaml")
    spec.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SpecError) as refusal:
        generate(spec, tmp_path / "output", "petshop")
    assert refusal.value.where.startswith(str(spec))
    assert reason in refusal.value.what
    assert str(refusal.value).isprintable()
    assert len(refusal.value.what) <= 2000
    assert not (tmp_path / "output").exists()


def test_a_document_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for spec in (tmp_path / "nowhere.yaml", tmp_path):
        for function in (generate, drift):
            with pytest.raises(SpecError, match="cannot be read: ") as refusal:
                function(spec, tmp_path / "output", "petshop")
            assert refusal.value.where.startswith(str(spec))


@pytest.mark.parametrize("package", ["", "pet-shop", "pet.shop", "../petshop", "class", "1pet"])
def test_a_name_that_no_package_can_have_is_refused(package: str, tmp_path: Path) -> None:
    for function in (generate, drift):
        with pytest.raises(SpecError) as refusal:
            function(PETSHOP, tmp_path / "output", package)
        assert refusal.value.what == f"{package!r} cannot be the name of a package"


@pytest.mark.parametrize("tool", PINS)
def test_another_version_is_refused(tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = PINS[tool]
    monkeypatch.setitem(PINS, tool, "0.0.1")
    with pytest.raises(SpecError) as refusal:
        generate(PETSHOP, tmp_path, "petshop")
    assert refusal.value.what == f"needs {tool} 0.0.1, but {installed} is installed"


def test_the_pins_are_those_of_the_project() -> None:
    project = tomllib.loads((TESTS.parent / "pyproject.toml").read_text())["project"]
    pinned = set(project["optional-dependencies"]["generate"])
    assert {f"{name}=={version}" for name, version in PINS.items()} <= pinned


@pytest.mark.parametrize("module", ["openapi_python_client", "ruff"])
def test_a_missing_generator_names_the_extra(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WirecheckError) as refusal:
        generate(PETSHOP, tmp_path, "petshop")
    assert not isinstance(refusal.value, SpecError)
    assert "pip install 'instagram-wirecheck[generate]'" in refusal.value.what


# Nothing is harmed


def fail_in_the_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_dict(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("first\nsecond")

    monkeypatch.setattr(GeneratorData, "from_dict", from_dict)


def fail_by_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_dict(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(GeneratorData, "from_dict", from_dict)


def fail_in_ruff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.generate._HOOKS", ("check --no-such-option",))


def fail_in_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: bytes) -> None:
        if path.name == "types.py":
            raise OSError(28, "No space left on device")
        path.write_text(content.decode(), encoding="utf-8")

    monkeypatch.setattr(Path, "write_bytes", write)


def fail_in_swapping(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    rename = Path.rename

    def once(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", once)


def fail_in_swapping_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_swapping(monkeypatch, PermissionError(13, "Permission denied"))


def fail_in_swapping_by_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_swapping(monkeypatch, KeyboardInterrupt())


FAILURES = {
    fail_in_the_generator: (SpecError, "the generator fails: ZeroDivisionError: first second"),
    fail_by_ctrl_c: (KeyboardInterrupt, ""),
    fail_in_ruff: (SpecError, "ruff refuses the generated code: error: unexpected argument"),
    fail_in_writing: (OutputError, "No space left on device"),
    fail_in_swapping_by_the_system: (OutputError, "Permission denied"),
    fail_in_swapping_by_ctrl_c: (KeyboardInterrupt, ""),
}


@pytest.mark.parametrize("fail", FAILURES)
@pytest.mark.usefixtures("temporary")
def test_a_failure_leaves_the_old_package(fail: Any, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (output / "petshop" / "models" / "pet.py").write_text("older\n")
    before = contents(output)
    error, reason = FAILURES[fail]
    with monkeypatch.context() as context:
        fail(context)
        with pytest.raises(error) as failure:
            generate(PETSHOP, output, "petshop")
    assert reason in str(failure.value)
    assert contents(output) == before


def make_a_folder_by_hand(target: Path) -> None:
    target.mkdir()
    (target / "__init__.py").write_text("mine")


def make_an_unmarked_package(target: Path) -> None:
    target.mkdir()
    (target / "GENERATED").write_text("by somebody else")


def make_a_link_to_a_package(target: Path) -> None:
    real = target.with_name("real")
    real.mkdir()
    (real / "GENERATED").write_text(MARK)
    target.symlink_to(real)


FOREIGN = (
    Path.mkdir,
    Path.touch,
    make_a_folder_by_hand,
    make_an_unmarked_package,
    make_a_link_to_a_package,
)


@pytest.mark.parametrize("make", FOREIGN)
@pytest.mark.usefixtures("temporary")
def test_what_is_foreign_is_left_alone(make: Any, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    make(output / "petshop")
    before = contents(output)
    with pytest.raises(OutputError, match="was not made by wirecheck generate"):
        generate(PETSHOP, output, "petshop")
    assert contents(output) == before
    assert (output / "petshop").is_symlink() == (make is make_a_link_to_a_package)


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("mine")
    with pytest.raises(OutputError):
        generate(PETSHOP, output, "petshop")
    assert output.read_text() == "mine"
