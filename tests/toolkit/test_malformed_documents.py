"""Documents in which any value is missing or of the wrong type: a result, or one clear line."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.commands import Capture, assert_one_line_of_error, result_of
from support.conforming import document

LIBRARY = Path(__file__).parents[1] / "support/specs/library.yaml"
VALUES: list[Any] = [
    None,
    1,
    -1.5,
    "x",
    "",
    [],
    {},
    [1],
    {"a": 1},
    True,
    [None],
    {"$ref": "#/x"},
    "\x1b[31m",
    {"": {}},
]
ABSENT = object()

Path_ = tuple[str | int, ...]


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        yield (*path, key)
        if isinstance(member, dict | list):
            yield from places(member, (*path, key))


def changed(data: Any, path: Path_, value: Any) -> Any:
    made = copy.deepcopy(data)
    parent = made
    for key in path[:-1]:
        parent = parent[key]
    if value is ABSENT:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return made


DATA = yaml.safe_load(LIBRARY.read_text())
PLACES = list(places(DATA))
SAMPLE = [
    (path, [ABSENT, *VALUES][index % (len(VALUES) + 1)])
    for index, path in enumerate(PLACES)
    if index % (len(PLACES) // 50) == 0
]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id="/".join(map(str, path)), marks=[pytest.mark.no_cover] * (index % 5 > 0))
        for index, (path, _) in enumerate(SAMPLE)
    ],
)
def test_any_value_may_be_missing_or_of_another_type(capsys: Capture, tmp_path: Path, path: Path_) -> None:
    value = dict(SAMPLE)[path]
    spec, recording = tmp_path / "openapi.json", tmp_path / "a.jsonl"
    spec.write_text(json.dumps(changed(DATA, path, value)))
    request = {"method": "GET", "url": "https://library.test/v1/books?limit=500&author=A"}
    lines = [{"request": request, "status": status, "body": {"data": [{"id": 1}]}} for status in (200, 400)]
    recording.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for command in (
        ("lint", "--ruleset", "all", str(spec)),
        ("docs", str(spec)),
        ("migration", "--spec", str(spec)),
        ("check", "--spec", str(spec), str(recording)),
    ):
        code, out, err = result_of(capsys, *command)
        assert "Traceback" not in out + err
        assert "\x1b" not in out + err
        if code == 2 and not out:
            assert_one_line_of_error(code, out, err)


MALFORMED = {
    "info": ({"info": None}, "#/info: "),
    "servers": ({"servers": 3}, "#/servers: "),
    "tags of an operation": ({"paths": {"/a": {"get": {"responses": {}, "tags": 3}}}}, "#/paths/~1a/get"),
    "required": ({"components": {"schemas": {"A": {"type": "object", "required": 3}}}}, "schemas/A/required"),
}


@pytest.mark.parametrize("case", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_malformed_is_named(capsys: Capture, tmp_path: Path, case: tuple[Any, str]) -> None:
    members, place = case
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps({**document({}), **members}))
    code, _, err = result_of(capsys, "docs", str(path))
    if code:
        error = assert_one_line_of_error(code, "", err)
        assert f"{path}:1: " in error
        assert place in error


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"$ref": "#/SELF"}},
        {"anyOf": [{"$ref": "#/SELF"}, {"type": "string"}]},
        {"allOf": [{"type": "array", "items": {"type": "array", "items": {"$ref": "#/SELF/allOf/0"}}}]},
    ],
)
def test_the_page_shows_a_schema_in_itself(capsys: Capture, tmp_path: Path, schema: Any) -> None:
    place = "paths/~1a/get/responses/200/content/application~1json/schema"
    response = {"description": "A.", "content": {"application/json": {"schema": schema}}}
    path = tmp_path / "openapi.json"
    made = json.dumps(document({"/a": {"get": {"responses": {"200": response}}}}))
    path.write_text(made.replace("SELF", place))
    code, out, err = result_of(capsys, "docs", str(path))
    assert code == 0, err
    assert f"as at `#/{place}" in out


def test_a_schema_that_is_nested_deeply_is_shown_to_some_depth(capsys: Capture, tmp_path: Path) -> None:
    schema: Any = {"type": "string"}
    for _ in range(60):
        schema = {"type": "array", "items": schema}
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document({}, components={"schemas": {"A": schema}})))
    code, out, err = result_of(capsys, "docs", str(path))
    assert code == 0, err
    assert "array of array of" in out
    assert "as at `#/components/schemas/A/items" in out
