"""jsonschema decides in the place of the engine, and disagreements are known."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.commands import BAD, GOOD
from support.paths import SPECS
from wirecheck.cli import run
from wirecheck.engine import SchemaViolation
from wirecheck.oracle import Oracle
from wirecheck.spec.document import Document, Place

_CENTS = {
    "properties": {"price": {"multipleOf": 0.01}}
}  # 19.99 / 0.01 is no integer, if computed with floats


def oracle(schema: dict[str, Any]) -> Oracle:
    return Oracle(Document("api.json", {"s": schema}, Place(1)))


def violations(engine: Oracle, value: Any) -> list[SchemaViolation]:
    return engine.violations("/s", value, lambda shown, _: json.dumps(shown))


def test_what_both_reject_is_explained_as_by_the_engine() -> None:
    engine = oracle({"properties": {"price": {"minimum": 1}}})
    (violation,) = violations(engine, {"price": 0})
    assert (violation.spec_pointer, violation.problem) == ("/s/properties/price/minimum", "is 0, less than 1")
    assert engine.disputed == set()


def test_what_jsonschema_alone_rejects_is_a_violation_and_disputed() -> None:
    engine = oracle(_CENTS)
    (violation,) = violations(engine, {"price": 19.99})
    assert (violation.path, violation.keyword) == (("price",), "multipleOf")
    assert "by jsonschema alone" in violation.problem
    assert engine.disputed == {"/s"}


def test_a_pattern_that_python_does_not_know_is_left_to_the_engine() -> None:
    engine = oracle({"pattern": r"^\p{Lu}"})
    assert engine.is_valid("/s", "É")
    assert not engine.is_valid("/s", "é")


def test_formats_that_jsonschema_lacks_are_those_of_the_engine() -> None:
    engine = oracle({"format": "uri"})
    assert engine.is_valid("/s", "https://h/a")
    assert not engine.is_valid("/s", "no uri")


def test_nothing_is_accepted_without_being_decided() -> None:
    assert not oracle({}).accepts("/s", b"1")


def test_the_command_finds_the_same_with_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = tmp_path / "traffic.jsonl"
    recording.write_text(GOOD + BAD, encoding="utf-8")
    outputs = []
    for engine in ("fast", "jsonschema"):
        code = run(["check", "--spec", str(SPECS / "noticeboard.yaml"), "--engine", engine, str(recording)])
        outputs.append((code, *capsys.readouterr()))
    assert outputs[0] == outputs[1]
    assert outputs[0][0] == 1
