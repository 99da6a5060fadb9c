"""Documents, names and installations that the generator rejects, each in one line."""

import json
import socket
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.generating import PETSHOP, described, operation, with_exception
from support.paths import ROOT
from wirecheck.generate import PINS, drift, generate
from wirecheck.model import SpecError, WirecheckError


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of temporary folders, which is empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


REJECTED: dict[str, tuple[str | bytes, str]] = {
    "not-utf-8": (b"openapi: \xff", "is not UTF-8"),
    "version-unknown": (
        "openapi: 3.3.0\ninfo: {title: T, version: '1'}\npaths: {}",
        "OpenAPI 3.3.0 is not supported",
    ),
    "closed-brackets": ("[" * 100_000 + "]" * 100_000, "levels deep"),
}


BY_THE_CLIENT: dict[str, tuple[dict[str, Any], str]] = {
    "two-of-one-name": (
        described(operation("a.get"), operation("a.get")),
        "x-resource a.get is already used at #/paths/~10/get/x-resource",
    ),
    "resource-close": (described(operation("close.get")), "close would have two meanings in "),
    "method-with-raw-response": (
        described(operation("a.with_raw_response")),
        "with_raw_response would have two meanings in ",
    ),
    "exception-of-ours": (with_exception("RuleError"), "RuleError would have two meanings in exceptions.py"),
    "exception-that-is-the-root": (
        with_exception("PetshopError"),
        "PetshopError would have two meanings in exceptions.py",
    ),
    "exception-of-python": (
        with_exception("AttributeError"),
        "x-exception names the class AttributeError, which is built into Python: choose another name",
    ),
    "exception-of-python-by-type": (
        with_exception(
            {
                "class": "OwnError",
                "error-type": ["/code"],
                "by-error-type": {"slow": {"class": "TimeoutError"}},
            }
        ),
        "x-exception names the class TimeoutError, which is built into Python: choose another name",
    ),
    "exception-misnamed": (with_exception("Nope"), 'x-exception is "Nope", which does not match'),
    "resource-misnamed": (described(operation("A.get")), "x-resource is A.get, not two names in snake_case"),
    "pagination-misshapen": (
        described(operation("a.get", **{"x-pagination": 7})),
        "x-pagination is 7, an integer, not an object",
    ),
}
REJECTED |= {name: (json.dumps(content), reason) for name, (content, reason) in BY_THE_CLIENT.items()}


@pytest.mark.parametrize("name", REJECTED)
@pytest.mark.usefixtures("temporary")
def test_a_document_is_rejected_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("the network is not to be touched")

    monkeypatch.setattr(socket.socket, "connect", connect)
    content, reason = REJECTED[name]
    spec = tmp_path / (name if name.endswith(".json") else f"{name}.yaml")
    spec.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SpecError) as rejection:
        generate(spec, tmp_path / "output", "petshop")
    assert rejection.value.where.startswith(str(spec))
    assert reason in rejection.value.what
    assert str(rejection.value).isprintable()
    assert len(rejection.value.what) <= 2000
    assert not (tmp_path / "output").exists()


def test_a_document_that_cannot_be_opened_is_rejected(tmp_path: Path) -> None:
    for spec in (tmp_path / "nowhere.yaml", tmp_path):
        for function in (generate, drift):
            with pytest.raises(SpecError, match="cannot be read: ") as rejection:
                function(spec, tmp_path / "output", "petshop")
            assert rejection.value.where.startswith(str(spec))


@pytest.mark.parametrize("package", ["_client", "_1_client", "__"])
def test_a_package_name_that_gives_no_class_name_is_rejected(package: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=f"the package name {package} does not give a class name"):
        generate(PETSHOP, tmp_path / "output", package)


@pytest.mark.parametrize("package", ["", "pet-shop", "pet.shop", "../petshop", "class", "1pet"])
def test_an_invalid_package_name_is_rejected(package: str, tmp_path: Path) -> None:
    for function in (generate, drift):
        with pytest.raises(SpecError) as rejection:
            function(PETSHOP, tmp_path / "output", package)
        assert rejection.value.what == f"{package!r} is not a valid package name"


@pytest.mark.parametrize("tool", PINS)
def test_another_version_is_rejected(tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = PINS[tool]
    monkeypatch.setitem(PINS, tool, "0.0.1")
    with pytest.raises(SpecError) as rejection:
        generate(PETSHOP, tmp_path, "petshop")
    assert rejection.value.what == f"requires {tool} 0.0.1, but {installed} is installed"


def test_the_pins_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "tools" / "wirecheck" / "pyproject.toml").read_text())["project"]
    pinned = set(project["optional-dependencies"]["generate"])
    assert {f"{name}=={version}" for name, version in PINS.items()} <= pinned


@pytest.mark.parametrize("module", ["openapi_python_client", "packaging", "ruff"])
def test_a_missing_generator_names_the_extra(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WirecheckError) as rejection:
        generate(PETSHOP, tmp_path, "petshop")
    assert not isinstance(rejection.value, SpecError)
    assert "pip install 'wirecheck[generate]'" in rejection.value.what
