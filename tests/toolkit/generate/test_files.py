"""What the generator writes, how drift is found, and that a failure changes nothing."""

import importlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openapi_python_client.parser import GeneratorData

from support.generating import (
    PETSHOP,
    contents,
    problems_of_types,
    run_python,
)
from support.paths import TESTS
from wirecheck.generate import MARK, drift, generate
from wirecheck.model import OutputError, SpecError

MODULES = {
    *("GENERATED", "__init__.py", "_async.py", "_async_httpx.py", "_endpoints.py", "_sync.py"),
    *("_sync_httpx.py", "exceptions.py", "models.py", "params.py", "py.typed", "types.py"),
}


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An output folder, and the paths that were returned."""
    output = tmp_path_factory.mktemp("generated")
    return output, generate(PETSHOP, output, "petshop")


@pytest.fixture
def output(generated: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A copy of the generated output that a test may change."""
    return shutil.copytree(generated[0], tmp_path / "output", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of temporary folders, which is empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


# What is written


def test_every_file_is_reported(generated: tuple[Path, list[str]]) -> None:
    output, written = generated
    assert written == sorted(name for name, content in contents(output).items() if content is not None)
    assert {name.removeprefix("petshop/") for name in written if name.count("/") == 1} == MODULES
    assert {name for name in written if "/" not in name} == {"README.md", "api.md", "pyproject.toml"}


def test_the_mark_names_document_and_tools(generated: tuple[Path, list[str]]) -> None:
    note = (generated[0] / "petshop" / "GENERATED").read_text()
    assert note.startswith(MARK)
    for word in ("petshop.yaml", "wirecheck generate", "openapi-python-client 0.29.1"):
        assert word in note
    assert str(TESTS) not in note
    assert len(note.splitlines()) <= 3


def test_scalars_are_those_of_the_document(generated: tuple[Path, list[str]]) -> None:
    models = (generated[0] / "petshop" / "models.py").read_text()
    assert 'Country = Literal["NO", "SE", "FI"]' in models
    assert 'Literal["8:30", "09:00"]' in models


def test_the_client_satisfies_mypy_strict(generated: tuple[Path, list[str]], tmp_path: Path) -> None:
    copy = shutil.copytree(generated[0], tmp_path / "copy")
    assert problems_of_types(copy, "petshop") == []


def test_the_client_works(generated: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def shop(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            assert request.content == b"name=Rex+II&vaccinated=true"
            return httpx2.Response(418, json={"reason": "a teapot"})
        assert request.url == "https://shop.test/pets?country=NO"
        pet = {"id": "1", "name": "Rex", "born": "2015-10-01T12:00:00Z", "owner": {"name": "Ann"}}
        return httpx2.Response(200, json={"data": [pet]})

    monkeypatch.syspath_prepend(generated[0])
    petshop = importlib.import_module("petshop")
    transport = httpx2.MockTransport(shop)
    with petshop.Petshop(base_url="https://shop.test", transport=transport) as client:
        [pet] = client.pets.list(country="NO").data
        with pytest.raises(petshop.APIStatusError, match=r"418 .*a teapot") as caught:
            client.pets.sell(name="Rex II", vaccinated=True)
    assert (pet.name, pet.born.year, pet.owner.name) == ("Rex", 2015, "Ann")
    assert caught.value.parsed.reason == "a teapot"


def test_without_a_server_in_the_document_the_address_is_required(
    generated: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(generated[0])
    monkeypatch.delenv("PETSHOP_BASE_URL", raising=False)
    petshop = importlib.import_module("petshop")
    with pytest.raises(ValueError, match="base_url must be an http or https address, not ''"):
        petshop.Petshop()
    assert "else it is required" in " ".join(petshop.Petshop.__doc__.split())


@pytest.mark.usefixtures("temporary")
def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    generate(PETSHOP, tmp_path / "new" / "output", "petshop")
    assert capfd.readouterr() == ("", "")


def test_the_output_does_not_depend_on_its_surroundings(
    generated: tuple[Path, list[str]], tmp_path: Path
) -> None:
    place = tmp_path / "hostile"
    (place / "build").mkdir(parents=True)
    (place / ".gitignore").write_text("*\n")
    (place / ".ignore").write_text("*\n")
    (place / "pyproject.toml").write_text('[tool.ruff]\nline-length = 30\nexclude = ["*"]\n')
    (place / "ruff.toml").write_text('line-length = 30\n[format]\nquote-style = "single"\n')
    done = run_python(
        "import pathlib, wirecheck.generate as g\n"
        f"g.generate(pathlib.Path({str(PETSHOP)!r}), pathlib.Path('output'), 'petshop')",
        cwd=place,
        PYTHONHASHSEED="1",
        TMPDIR=str(place / "build"),
        RUFF_OUTPUT_FILE="report.txt",
        RUFF_OUTPUT_FORMAT="github",
    )
    assert done.returncode == 0, done.stderr
    assert contents(place / "output") == contents(generated[0])


def test_json_is_read_as_json(tmp_path: Path) -> None:
    spec = tmp_path / "tabs.json"
    spec.write_text(
        '{"openapi": "3.1.0",\n\t"info": {"title": "\\ud83d\\udc36", "version": "1"},\n\t"paths": {}}'
    )
    generate(spec, tmp_path, "dogs")
    assert "\N{DOG FACE}" in (tmp_path / "dogs" / "__init__.py").read_text(encoding="utf-8")


def test_stale_files_vanish(output: Path, generated: tuple[Path, list[str]]) -> None:
    (output / "petshop" / "api").mkdir()
    (output / "petshop" / "api" / "stale.py").touch()
    (output / "petshop" / "models.py").write_text("edited")
    (output / "neighbour.txt").write_text("stays")
    assert generate(PETSHOP, output, "petshop") == generated[1]
    assert contents(output) == contents(generated[0]) | {"neighbour.txt": b"stays"}


def test_importing_the_driver_imports_no_generator() -> None:
    done = run_python(
        "import sys, wirecheck.generate\n"
        "assert not {'openapi_python_client', 'ruff', 'pydantic'} & sys.modules.keys()"
    )
    assert done.returncode == 0, done.stderr


# Drift


@pytest.mark.usefixtures("temporary")
def test_a_new_client_does_not_drift(generated: tuple[Path, list[str]]) -> None:
    assert drift(PETSHOP, generated[0], "petshop") == []


@pytest.mark.usefixtures("temporary")
def test_drift_names_each_difference(output: Path) -> None:
    package = output / "petshop"
    edited = package / "models.py"
    edited.write_bytes(edited.read_bytes().replace(b"Pet", b"pet", 1))
    (package / "_sync.py").unlink()
    (package / "types.py").rename(output / "same.py")
    (package / "types.py").symlink_to(output / "same.py")
    (package / "_runtime" / "old.py").touch()
    (package / ".hidden").touch()
    (package / "empty").mkdir()
    (package / "link").symlink_to("_runtime")
    (package / "_runtime" / "__pycache__").mkdir()
    (package / "_runtime" / "__pycache__" / "json.pyc").touch()
    before = contents(output)
    assert drift(PETSHOP, output, "petshop") == [
        "petshop/.hidden: is stray",
        "petshop/_runtime/old.py: is stray",
        "petshop/_sync.py: missing",
        "petshop/empty: is stray",
        "petshop/link: is stray",
        "petshop/models.py: differs",
        "petshop/types.py: differs",
    ]
    assert contents(output) == before


def test_a_changed_document_is_drift(output: Path, tmp_path: Path) -> None:
    spec = tmp_path / "petshop.yaml"
    spec.write_text(PETSHOP.read_text().replace("What it listens to", "What it is called"))
    assert drift(spec, output, "petshop") == [
        "petshop/_runtime/schemas.json: differs",
        "petshop/models.py: differs",
    ]


@pytest.mark.usefixtures("temporary")
def test_a_missing_package_is_drift(generated: tuple[Path, list[str]], tmp_path: Path) -> None:
    expected = sorted(f"{name}: missing" for name in generated[1])
    assert drift(PETSHOP, tmp_path / "nowhere", "petshop") == expected
    assert not (tmp_path / "nowhere").exists()


# A failure changes nothing


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
        if path.name == "pyproject.toml" and path.parent.name == "new":  # the last one
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", once)


def fail_in_swapping_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_swapping(monkeypatch, PermissionError(13, "Permission denied"))


def fail_in_swapping_by_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_swapping(monkeypatch, KeyboardInterrupt())


FAILURES = {
    fail_in_the_generator: (SpecError, "the generator failed: ZeroDivisionError: first second"),
    fail_by_ctrl_c: (KeyboardInterrupt, ""),
    fail_in_ruff: (SpecError, "ruff rejects the generated code: error: unexpected argument"),
    fail_in_writing: (OutputError, "No space left on device"),
    fail_in_swapping_by_the_system: (OutputError, "Permission denied"),
    fail_in_swapping_by_ctrl_c: (KeyboardInterrupt, ""),
}


@pytest.mark.parametrize("fail", FAILURES)
@pytest.mark.usefixtures("temporary")
def test_a_failure_leaves_the_old_package(fail: Any, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (output / "petshop" / "models.py").write_text("older\n")
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
    (target / "GENERATED").write_text("by another program")


def make_a_link_to_a_package(target: Path) -> None:
    real = target.with_name("real")
    real.mkdir()
    (real / "GENERATED").write_text(MARK)
    target.symlink_to(real)


OTHER_ORIGIN = (
    Path.mkdir,
    Path.touch,
    make_a_folder_by_hand,
    make_an_unmarked_package,
    make_a_link_to_a_package,
)


@pytest.mark.parametrize("make", OTHER_ORIGIN)
@pytest.mark.usefixtures("temporary")
def test_a_package_of_other_origin_is_not_replaced(make: Any, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    make(output / "petshop")
    before = contents(output)
    with pytest.raises(OutputError, match="was not made by wirecheck generate"):
        generate(PETSHOP, output, "petshop")
    assert contents(output) == before
    assert (output / "petshop").is_symlink() == (make is make_a_link_to_a_package)


def test_an_output_that_is_a_file_is_rejected(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("mine")
    with pytest.raises(OutputError):
        generate(PETSHOP, output, "petshop")
    assert output.read_text() == "mine"
