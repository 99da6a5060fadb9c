"""Documents whose every text is hostile: nothing of it is executed, rendered or written elsewhere."""

import ast
import json
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from hostile.payloads import CALL, CANARY, RENDERED
from hostile.run import Outcome, generated, run
from support.commands import Capture, result_of
from wirecheck.spec import parsed

pytestmark = pytest.mark.no_cover

FEW, MANY, PART = 40, 5000, 250
CANARY_TYPE = f'", {CALL}, "'


def assert_harmless(outcome: Outcome, count: int) -> None:
    assert outcome.failures == []
    assert outcome.generated + sum(outcome.rejected.values()) == count
    assert outcome.generated >= 0.8 * count, outcome.rejected


def test_hostile_texts_are_nothing_but_texts() -> None:
    assert_harmless(run(1_000_000, FEW), FEW)


@pytest.mark.slow
def test_many_hostile_texts_are_nothing_but_texts() -> None:
    """About 20 minutes of processor time."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        outcomes = list(pool.map(run, range(0, MANY, PART), [PART] * (MANY // PART)))
    whole = Outcome()
    for outcome in outcomes:
        whole.generated += outcome.generated
        whole.rejected += outcome.rejected
        whole.failures += outcome.failures
    assert_harmless(whole, MANY)


def described(**more: object) -> dict[str, object]:
    return {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}, **more}


def modules_of(document: dict[str, object]) -> dict[str, bytes]:
    return generated(parsed(document))[0]


def test_the_type_of_a_webhook_payload_is_a_text() -> None:
    scheme = {"type": "apiKey", "in": "header", "name": "a"}
    signature = {"header": "a", "algorithm": "hmac-sha256", "key": "key"}
    schema = {"type": "array", "items": {"const": CANARY_TYPE}}
    body = {"content": {"application/json": {"schema": schema}}}
    post = {"requestBody": body, "responses": {"200": {"description": "A."}}, "x-signature": signature}
    document = described(webhooks={"made": {"post": post}}, components={"securitySchemes": {"key": scheme}})
    nodes = list(ast.walk(ast.parse(modules_of(document)["webhooks.py"])))
    assert not [node for node in nodes if isinstance(node, ast.Name) and node.id == CANARY]
    types = [
        str(node.value) for node in nodes if isinstance(node, ast.Constant) and CANARY in str(node.value)
    ]
    annotation = f"list[Literal[{CANARY_TYPE!r}]]"
    assert sorted(types) == [CANARY_TYPE, annotation, annotation]


def test_names_that_python_takes_for_the_same_are_distinct() -> None:
    properties = {
        "name": {"type": "string"},
        "ｎａｍｅ": {"type": "string"},
        "ｃｌａｓｓ": {"type": "string"},
    }
    schemas = {"Thing": {"type": "object", "properties": properties}}
    code = modules_of(described(components={"schemas": schemas}))["models.py"].decode()
    assert "    name: str | None = None\n" in code
    assert "    name_2: str | None = _field(default=None, name='ｎａｍｅ')\n" in code
    assert "    class_: str | None = _field(default=None, name='ｃｌａｓｓ')\n" in code


@pytest.mark.parametrize(
    ("name", "expected"),
    {"plan 2fast": "Plan2Fast", "Server": "ServerModel", "ｏptions": "OptionsModel"}.items(),
)
def test_no_name_of_a_schema_is_lost(name: str, expected: str) -> None:
    schemas = {name: {"type": "object", "properties": {"a": {"type": "string"}}}}
    assert (
        f"class {expected}(Model):"
        in modules_of(described(components={"schemas": schemas}))["models.py"].decode()
    )


def test_what_is_invisible_is_escaped_in_code() -> None:
    schema = {"type": "object", "description": "a\u202eb\u200bc", "properties": {"a": {"type": "string"}}}
    files = modules_of(described(components={"schemas": {"Thing": schema}}))
    assert b'    """a\\u202eb\\u200bc"""\n' in files["models.py"]


@pytest.mark.parametrize(
    "name", ["a'b\".yaml", "{{ 7191*7193 }}.yaml", "a\nb # c.yaml", "$(touch zq).yaml", "..a..yaml"]
)
def test_names_of_files_are_texts(capsys: Capture, tmp_path: Path, name: str) -> None:
    """Of the document, and of one that it refers to."""
    folder = tmp_path / "specs"
    folder.mkdir()
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    (folder / f"b{name}").write_text(json.dumps({"Thing": schema}), encoding="utf-8")
    reference = {"$ref": f"b{name}#/Thing".replace("%", "%25")}
    content = {"application/json": {"schema": reference}}
    get = {"responses": {"200": {"description": "A.", "content": content}}}
    (folder / name).write_text(json.dumps(described(paths={"/a": {"get": get}})), encoding="utf-8")
    output = tmp_path / "out"
    code, _, err = result_of(
        capsys, "generate", "--spec", str(folder / name), "--output", str(output), "--package", "acme_client"
    )
    assert all(line.isprintable() for line in err.splitlines())
    assert {path.name for path in tmp_path.iterdir()} <= {"specs", "out"}
    if code == 0:
        note = (output / "acme_client" / "GENERATED").read_text(encoding="utf-8")
        assert len(note.splitlines()) == 2
        assert note.replace("\n", "").isprintable()
        assert RENDERED[0] not in "".join(path.read_text("utf-8") for path in output.rglob("*.py"))
