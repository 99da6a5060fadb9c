"""What takes too much time or memory ends in one line, and the next exchange is judged."""

import itertools
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from support.commands import Capture, result_of
from support.conforming import document, loaded
from wirecheck import decode, limits
from wirecheck.checks import Judge
from wirecheck.effort import Effort
from wirecheck.engine import Engine
from wirecheck.limits import deadline
from wirecheck.model import Exchange, LimitError, RecordingError
from wirecheck.recordings import read, window


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 1)
    monkeypatch.setattr(limits, "MEMORY", 2**28)


def doubling(levels: int, keyword: str = "anyOf") -> dict[str, Any]:
    """Schemas each of which refers to the next one twice."""
    schemas: dict[str, Any] = {
        f"S{n}": {keyword: [{"$ref": f"#/components/schemas/S{n + 1}"}] * 2} for n in range(levels)
    }
    return {**schemas, f"S{levels}": {"type": "string"}}


def tree(keyword: str = "anyOf") -> dict[str, Any]:
    below = {"n": {"$ref": "#/components/schemas/S0"}}
    parts = [{"properties": below, "required": [name]} for name in "xy"]
    return {"S0": {"type": "object", keyword: parts}}


def nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"n": value}
    return value


def text(pattern: str) -> dict[str, Any]:
    return {"S0": {"type": "string", "pattern": pattern}}


EXPLOSIVE: dict[str, tuple[dict[str, Any], Any]] = {
    "alternatives of alternatives": (doubling(24), 5),
    "all of all": (doubling(24, "allOf"), 5),
    "a recursive choice": (tree(), nested(30)),
    "a recursive choice of one": (tree("oneOf"), nested(30)),
    "recursive members looked up": (
        {"S0": {"anyOf": tree()["S0"]["anyOf"], "unevaluatedProperties": False}},
        nested(30),
    ),
    "a recursive choice by $dynamicRef": (
        {
            "S0": {
                "anyOf": [
                    {"properties": {"n": {"$dynamicRef": "#/components/schemas/S0"}}, "required": [name]}
                    for name in "xy"
                ]
            }
        },
        nested(30),
    ),
    "repetitions of repetitions": (text(r"(\w{1,300}){1,100}x"), "a" * 50_000),
    "a text that is looked ahead in": (text("(?=.*z)a"), "a" * 60_000),
    "many wrong items": ({"S0": {"type": "array", "items": {"type": "string"}}}, [1] * 1_000_000),
}


@pytest.mark.parametrize("case", EXPLOSIVE.values(), ids=EXPLOSIVE.keys())
def test_a_schema_that_multiplies_is_given_up(case: tuple[dict[str, Any], Any]) -> None:
    schemas, value = case
    engine = Engine(loaded(json.dumps(document({}, components={"schemas": schemas}))).document)
    began = time.monotonic()
    with pytest.raises(LimitError, match=r"#/components/schemas/S0 takes more than"):
        engine.violations("/components/schemas/S0", value, lambda value, path: "x")
    assert time.monotonic() - began < 30


def test_a_small_value_has_less_time_than_a_large_one() -> None:
    schemas = document({}, components={"schemas": text("(?=.*z)a")})
    engine = Engine(loaded(json.dumps(schemas)).document)
    with pytest.raises(LimitError, match=r"takes more than 0\.1 seconds"):
        engine.is_valid("/components/schemas/S0", "a" * 60_000)


QUICK: dict[str, tuple[dict[str, Any], Any, int]] = {
    "a nested repetition": (text("(a+)+$"), "a" * 5000 + "!", 1),
    "a nested repetition with lookahead": (text("^(?=a)(a+)+$"), "a" * 5000 + "!", 1),
    "a huge multiple": ({"S0": {"type": "number", "multipleOf": 1e308}}, 1.5e308, 1),
    "a tiny multiple": ({"S0": {"type": "number", "multipleOf": 1e-300}}, 1e308, 0),
    "a long integer": ({"S0": {"type": "integer", "multipleOf": 3}}, 10**4000, 1),
    "distinct objects": (
        {"S0": {"type": "array", "uniqueItems": True}},
        [{"a": n} for n in range(20_000)],
        0,
    ),
    "properties twice": (
        {
            f"S{n}": {"properties": {name: {"$ref": f"#/components/schemas/S{n + 1}"} for name in "ab"}}
            for n in range(24)
        }
        | {"S24": {"type": "string"}},
        {"a": {"b": {}}},
        0,
    ),
}


@pytest.mark.parametrize("case", QUICK.values(), ids=QUICK.keys())
def test_what_looks_hard_is_judged_at_once(case: tuple[dict[str, Any], Any, int]) -> None:
    schemas, value, count = case
    engine = Engine(loaded(json.dumps(document({}, components={"schemas": schemas}))).document)
    began = time.process_time()
    found = engine.violations("/components/schemas/S0", value, lambda value, path: "x")
    assert len(found) == count
    assert time.process_time() - began < 2


FORMATS = (
    *("email", "idn-email", "uri", "iri", "uri-reference", "regex", "hostname", "idn-hostname", "date-time"),
    *("duration", "uuid", "json-pointer", "uri-template", "ipv6", "relative-json-pointer", "time", "date"),
)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_long_text_of_any_format_is_judged_at_once(format_: str) -> None:
    engine = Engine(
        loaded(
            json.dumps(document({}, components={"schemas": {"S0": {"type": "string", "format": format_}}}))
        ).document
    )
    began = time.process_time()
    for start in ("", "http://", "P", "a@"):
        for character in "a1({-.@:%\\[é":
            engine.is_valid("/components/schemas/S0", start + character * 20_000)
    assert time.process_time() - began < 3


USUAL: dict[str, dict[str, Any]] = {
    "a tree": {"S0": {"properties": {"children": {"items": {"$ref": "#/components/schemas/S0"}}}}},
    "inheritance": {
        "S0": {"allOf": [{"$ref": "#/components/schemas/B"}, {"properties": {"a": {"type": "string"}}}]},
        "B": {"type": "object", "properties": {"id": text("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}$")["S0"]}},
    },
    "friends": {
        "S0": {
            "properties": {
                "friend": {"$ref": "#/components/schemas/S0"},
                "friends": {"items": {"$ref": "#/components/schemas/S0"}},
            }
        }
    },
}


@pytest.mark.parametrize("schemas", USUAL.values(), ids=USUAL.keys())
def test_usual_schemas_are_no_risk(schemas: dict[str, Any]) -> None:
    made = loaded(json.dumps(document({}, components={"schemas": schemas}))).document
    assert not Effort(made).is_risky("/components/schemas/S0")


def test_steps_are_never_fewer_than_they_are() -> None:
    made = loaded(json.dumps(document({}, components={"schemas": doubling(10)}))).document
    assert Effort(made).exceeds("/components/schemas/S0", 5, 2**10 - 1)
    made = loaded(json.dumps(document({}, components={"schemas": tree()}))).document
    assert Effort(made).exceeds("/components/schemas/S0", nested(12), 2**12 - 1)


def test_an_exchange_beyond_the_limits_is_named_and_the_next_one_judged(
    capsys: Capture, tmp_path: Path
) -> None:
    response = {
        "description": "A.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}},
    }
    made = document({"/a": {"get": {"responses": {"200": response}}}}, components={"schemas": tree()})
    (tmp_path / "openapi.json").write_text(json.dumps(made))
    lines = [
        {
            "request": {"method": "GET", "url": "https://things.test/v1/a"},
            "status": 200,
            "headers": {"Content-Type": "application/json"},
            "body": body,
        }
        for body in (nested(40), {"x": 1}, nested(1))
    ]
    recording = tmp_path / "a.jsonl"
    recording.write_text("".join(json.dumps(line) + "\n" for line in lines[:2]))
    code, out, err = result_of(capsys, "check", "--spec", str(tmp_path / "openapi.json"), str(recording))
    assert code == 2, out + err
    # On a busy machine the deadline of the whole exchange comes first.
    assert re.match(r"wirecheck: a\.jsonl#0: not judged: (a value for #/|judging it takes)", err)
    assert "1 exchange checked" in out
    recording.write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, out, err = result_of(capsys, "check", "--spec", str(tmp_path / "openapi.json"), str(recording))
    assert code == 1, out + err


def test_a_deadline_ends_what_python_does() -> None:
    with pytest.raises(LimitError, match="counting takes more than"), deadline("counting"):
        sum(1 for _ in itertools.count())
    with deadline("nothing"):
        pass


def test_a_body_of_very_many_values_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode.texts, "MAX_VALUES", 1000)
    assert decode.json_value(json.dumps(["," * 5000, "[" * 5000] * 10).encode())
    assert decode.json_value(json.dumps([1] * 999).encode())
    values: list[Any] = [[1] * 1001, [[]] * 1001, [{}] * 1001, {str(n): n for n in range(1001)}]
    for value in values:
        with pytest.raises(LimitError, match="a body has more than 1,000 values"):
            decode.json_value(json.dumps(value).encode())
    response = {"description": "A.", "content": {"application/json": {}}}
    judge = Judge(loaded(json.dumps(document({"/a": {"get": {"responses": {"200": response}}}}))))
    exchange = Exchange(
        source="a.har#7",
        entry=7,
        method="GET",
        url="https://things.test/v1/a",
        status=200,
        response_headers=(("content-type", "application/json"),),
        response_body=json.dumps([1] * 2000).encode(),
    )
    with pytest.raises(LimitError, match=r"a\.har#7: not judged: a body has more than 1,000 values"):
        judge.judge(exchange)


@pytest.mark.parametrize("name", ["a.har", "a.jsonl"])
def test_an_exchange_that_is_too_long_to_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("wirecheck.recordings.window.LONGEST", 3 * window.WINDOW)
    monkeypatch.setattr("wirecheck.recordings.jsonl.LONGEST", 3 * window.WINDOW)
    long = "a" * (8 * window.WINDOW)
    request, content = {"method": "GET", "url": "/a"}, {"text": long}
    made: Any = {"log": {"entries": [{"request": request, "response": {"status": 200, "content": content}}]}}
    if name == "a.jsonl":
        made = {"request": request, "status": 200, "body": long}
    (tmp_path / name).write_text(json.dumps(made))
    with pytest.raises(RecordingError, match=rf"{name}#0.*: a (value|line) of more than 3,145,728"):
        list(read(tmp_path / name))


def test_a_pattern_that_backtracks_too_much_is_inconclusive() -> None:
    engine = Engine(loaded(json.dumps(document({}, components={"schemas": text("^(a|a)*(?!b)c$")}))).document)
    with pytest.raises(LimitError, match="a pattern takes more steps on a value than it may"):
        engine.violations("/components/schemas/S0", "a" * 40, lambda value, path: "x")
