"""The types of the client, as mypy and pyright see them: usage.py says what they must be."""

import ast
import inspect
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import instagram_client
from instagram_client import AsyncInstagram, Instagram
from support.paths import ROOT

pytestmark = pytest.mark.no_cover
USAGE = Path(__file__).with_name("usage.py")
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TREE = ast.parse(USAGE.read_text(encoding="utf-8"))


def checker(*command: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_mypy_agrees_strictly() -> None:
    code, out = checker("mypy", "--strict", "generated/instagram_client", str(USAGE))
    assert code == 0, out


def test_pyright_agrees() -> None:
    code, out = checker("basedpyright", "--pythonpath", sys.executable, "--warnings")
    assert code == 0, out
    assert "0 errors, 0 warnings, 0 notes" in out


def test_both_report_a_wrong_type_an_error_and_an_unused_ignore(tmp_path: Path) -> None:
    text = USAGE.read_text(encoding="utf-8")
    for right, wrong in [
        ("assert_type(client.media.get(MEDIA), Media)", "assert_type(client.media.get(MEDIA), User)"),
        ("client.media.remove(MEDIA)  # type: ignore[attr-defined]", "client.media.remove(MEDIA)"),
        ("media = client.media.get(MEDIA)\n", "media = client.media.get(MEDIA)  # type: ignore[arg-type]\n"),
    ]:
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    changed = tmp_path / "changed.py"
    changed.write_text(text, encoding="utf-8")
    code, out = checker("mypy", "--strict", str(changed))
    assert code == 1
    assert "Found 3 errors in 1 file" in out, out
    rules = RULES["tool"]["basedpyright"] | {"include": ["."], "extraPaths": [f"{ROOT}/generated"]}
    config = tmp_path / "pyrightconfig.json"
    config.write_text(json.dumps(rules), encoding="utf-8")
    code, out = checker("basedpyright", "--project", str(config), "--pythonpath", sys.executable)
    assert code == 1
    assert "3 errors, 0 warnings" in out, out


def methods(client: Any) -> dict[str, Callable[..., Any]]:
    """What can be called, by ``users.get`` and ``users.with_raw_response.get``."""
    found = {}
    for name in (name for name, value in vars(type(client)).items() if isinstance(value, property)):
        resource = getattr(client, name)
        places = {
            name: resource,
            f"{name}.with_raw_response": resource.with_raw_response,
            f"{name}.with_streaming_response": resource.with_streaming_response,
        }
        for place, kind in places.items():
            for each, method in vars(type(kind)).items():
                if not each.startswith("_") and not isinstance(method, property):
                    found[f"{place}.{each}"] = method
    return found


def asserted(kind: str) -> Iterator[str]:
    """Below ``client`` of a kind, the arguments of assert_type."""
    for function in TREE.body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            argument.arg == "client" and ast.unparse(argument.annotation or argument) == kind
            for argument in function.args.args
        ):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "assert_type":
                    for inner in ast.walk(node.args[0]):
                        if isinstance(inner, ast.Call):
                            yield ast.unparse(inner.func).removeprefix("client.")


@pytest.mark.parametrize("kind", [Instagram, AsyncInstagram])
def test_every_method_of_every_resource_has_its_type_asserted(kind: type[Any]) -> None:
    there = methods(kind(access_token="T"))
    assert there.keys() - set(asserted(kind.__name__)) == set()
    assert {"users.get", "users.with_raw_response.get", "oauth.authorize_url"} <= there.keys()


@pytest.mark.parametrize(("kind", "lists"), [(Instagram, "Page["), (AsyncInstagram, "AsyncPaginator[")])
def test_every_list_is_looked_at_as_a_page_and_iterated(kind: type[Any], lists: str) -> None:
    found = list(asserted(kind.__name__))
    for name, method in methods(kind(access_token="T")).items():
        if str(inspect.signature(method).return_annotation).startswith(lists):
            assert found.count(name) == 2, name


def test_every_public_name_is_used() -> None:
    used = {node.id for node in ast.walk(TREE) if isinstance(node, ast.Name)}
    assert set(instagram_client.__all__) - used == set()


def test_every_public_attribute_is_used() -> None:
    used = {node.attr for node in ast.walk(TREE) if isinstance(node, ast.Attribute)}
    for name in instagram_client.__all__:
        kind = getattr(instagram_client, name)
        if isinstance(kind, type):
            base = next((base for base in (tuple, dict) if issubclass(kind, base)), Exception)
            known = set(dir(base))
            public = {each for each in dir(kind) if not each.startswith("_")} - known - {"of"}
            assert public - used == set(), name
