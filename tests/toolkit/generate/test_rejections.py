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

from support.generating import PETSHOP, described, fields, key, operation, with_exception
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


def document(paths: str = "{}", schemas: str = "{}", more: str = "{}", version: str = "3.1.0") -> str:
    return (
        f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {paths}\n"
        f"components: {{schemas: {schemas}, pathItems: {more}}}\n"
    )


def get(identifier: str) -> str:
    return f"{{get: {{operationId: {identifier}, responses: {{'200': {{description: ok}}}}}}}}"


OBJECT = "{type: object, properties: {a: {type: string}}}"

REJECTED: dict[str, tuple[str | bytes, str]] = {
    "not-utf-8": (b"openapi: \xff", "is not UTF-8"),
    "version-unknown": (document(version="3.3.0"), "OpenAPI 3.3.0 is not supported"),
    "closed-brackets": ("[" * 100_000 + "]" * 100_000, "levels deep"),
    "double-key": (document(f"{{/a: {get('a')}, /a: {get('b')}}}"), "the key '/a' is there twice"),
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
        "the generator omits GET /a",
    ),
    "path-item-reference": (
        document("{/a: {$ref: '#/components/pathItems/A'}}", more=f"{{A: {get('a')}}}"),
        "the generator omits GET /a",
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
        "#/components/schemas/A: $ref other.yaml#/A leads to a file that does not exist",
    ),
    "external-address": (
        document("{/a: {$ref: 'https://spec.test/a.yaml'}}"),
        "#/paths/~1a: $ref https://spec.test/a.yaml is a URL, and nothing is fetched",
    ),
    "terminal-escape": (
        document('{"/a\\e[2J\\nb": {$ref: "#/components/pathItems/A"}}', more=f"{{A: {get('a')}}}"),
        "omits GET /a\\x1b[2J b",
    ),
}


def identified(**bits: int) -> dict[str, Any]:
    return {name: {"type": "string", "x-identifier": {"bits": each}} for name, each in bits.items()}


BY_THE_CLIENT: dict[str, tuple[dict[str, Any], str]] = {
    "two-of-one-name": (
        described(operation("a.get"), operation("a.get")),
        "x-resource a.get is already used at #/paths/~10/get/x-resource",
    ),
    "name-by-default-taken": (
        described(operation("a.x"), operation(tags=["a"], operationId="x")),
        "a second a.x",
    ),
    "two-calls-of-one-name": (
        described(operation("a_b.c"), operation("a.b_c")),
        "a_b_c would have two meanings in _calls.py: choose another name",
    ),
    "two-that-hide-types": (
        described(operation("a.list"), operation("a.int")),
        "a cannot have methods named list and int",
    ),
    "resource-close": (described(operation("close.get")), "close would have two meanings in "),
    "method-with-raw-response": (
        described(operation("a.with_raw_response")),
        "with_raw_response would have two meanings in ",
    ),
    **{
        f"model-{name}": (
            described(
                operation("a.get", {"$ref": f"#/components/schemas/{name}"}), schemas={name: fields("x")}
            ),
            f"{name} would have two meanings in ",
        )
        for name in ("Page", "RawResponse", "Call", "Any", "T", "Petshop", "AResource", "Response", "Unset")
    },
    "option-as-credential": (
        described(operation(), securitySchemes={"base-url": key("k")}),
        "base_url is an option of every client: choose another name",
    ),
    "credentials-of-one-name": (
        described(operation(), securitySchemes={"a-b": key("k"), "a_b": key("l")}),
        "duplicate argument 'a_b'",
    ),
    "credential-self": (
        described(operation(), securitySchemes={"self": key("k")}),
        "duplicate argument 'self'",
    ),
    "identifiers-of-one-name": (
        described(schemas=identified(**{"a-b": 8, "a_b": 9})),
        "a_b would have two meanings in ids.py",
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
    "null-alone": (
        described(operation("a.get", {"type": "null"})),
        "the generator cannot represent a response that is only null: do0",
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
