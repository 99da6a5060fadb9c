"""Values that the server knows: the examples of the document, and those of a file."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    TOKEN,
    document,
    form,
    loaded,
    ok,
    parameter,
    report_of,
    spec_of,
    things_file,
    values_file,
    violated,
)
from wirecheck.cli import run as command
from wirecheck.conform.values import read
from wirecheck.model import TargetError

EXAMPLES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "its example": ({"example": "a", "schema": {"examples": ["b"]}}, ["a"]),
    "its examples": ({"examples": {"x": {"value": "a"}, "y": {"value": "b"}}}, ["a", "b"]),
    "those of its schema": ({"schema": {"type": "string", "examples": ["a", "b"]}}, ["a", "b"]),
    "its enumeration": ({"schema": {"type": "string", "enum": ["a", "b"]}}, ["a", "b"]),
    "its default": ({"schema": {"type": "integer", "default": 3}}, [3]),
    "a list": ({"example": ["a", "b"], "schema": {"type": "array"}}, [["a", "b"]]),
    "nothing": ({"schema": {"type": "string"}}, []),
}


@pytest.mark.parametrize("case", EXAMPLES)
def test_examples_are_known_values(case: str) -> None:
    definition, expected = EXAMPLES[case]
    spec = spec_of(parameters=[{**parameter("q", True), **definition}])
    operation = spec.operations[0]
    assert read(spec, None).of(operation, operation.parameters[0]) == expected


def test_a_file_overrides_examples_and_an_operation_overrides_both(tmp_path: Path) -> None:
    spec = loaded(
        json.dumps(
            document(
                {
                    "/a": {"get": {"operationId": "one", "parameters": [parameter("q", True, example="x")]}},
                    "/b": {"get": {"operationId": "two", "parameters": [parameter("q", True, example="x")]}},
                    "/c": {
                        "post": {"operationId": "three", "requestBody": form("t", "u", example={"t": "x"})}
                    },
                }
            )
        )
    )
    text = "parameters: {q: [y, z]}\noperations: {two: {q: w}, three: {u: w}}"
    values = read(spec, values_file(tmp_path, text))
    first, second, third = spec.operations
    assert values.of(first, first.parameters[0]) == ["y", "z"]
    assert values.of(second, second.parameters[0]) == ["w"]
    assert values.body(third) == [{"t": "x", "u": "w"}]


BAD_FILES: dict[str, tuple[str | bytes | None, str]] = {
    "not YAML": ("{", "is not a valid values file"),
    "not text": (b"\xff\xfe\xff", "is not a valid values file"),
    "a list": ("[1]", "is not a valid values file"),
    "an unknown section": ("parameter: {a: 1}", "is not a valid values file"),
    "a wrong type": ("credentials: {token: [1]}", "is not a valid values file"),
    "an unknown operation": ("operations: {getNothing: {a: 1}}", "there is no operation 'getNothing'"),
    "an unknown operation of a status": (
        "statuses: {'404': {getNothing: {}}}",
        "there is no operation 'getNothing'",
    ),
    "an unknown parameter": ("operations: {getUser: {a: 1}}", "there is no parameter or field 'a'"),
    "an unknown field of a status": (
        "statuses: {'404': {getUser: {token: T, a: 1}}}",
        "statuses.404.getUser: there is no parameter or field 'a'",
    ),
    "an unknown field of an irreversible write": (
        "irreversible: {getUser: [{a: 1}]}",
        "there is no parameter or field 'a'",
    ),
    "a repetition without number": (
        "statuses: {'429': {'*': {repeat: x}}}",
        "statuses.429.*.repeat must be a number",
    ),
    "aliases that expand": (
        "parameters:\n  a: &a [1, 2, 3]\n"
        + "".join(
            f"  {name}: &{name} [*{before}, *{before}, *{before}]\n"
            for before, name in pairwise("abcdefghijkl")
        ),
        "is not a valid values file",
    ),
    "an alias within itself": ("parameters: {a: &a [*a]}", "is not a valid values file"),
    "depth": ("parameters: " + "[" * 5000, "is not a valid values file"),
    "a missing file": (None, "cannot be read"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_an_invalid_values_file_is_reported_in_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, message = BAD_FILES[case]
    path = tmp_path / "values.yaml"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(TargetError, match=re.escape(message)) as raised:
        read(spec_of(operationId="getUser"), path)
    assert str(raised.value).startswith(str(path))
    arguments = ["--spec", things_file(tmp_path, operationId="getUser"), "--values", str(path)]
    assert command(["conform", "http://127.0.0.1:9/v1", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("wirecheck: ")
    assert message in err


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff", "null"])
def test_an_empty_values_file_is_valid(text: str, tmp_path: Path) -> None:
    assert read(spec_of(), values_file(tmp_path, text)).parameters == {}


def test_dates_and_status_codes_are_texts(tmp_path: Path) -> None:
    text = "parameters: {day: 2021-02-28, n: 7}\nstatuses: {404: {'*': {day: 2021-02-30}}}"
    values = read(spec_of(), values_file(tmp_path, text))
    assert values.parameters == {"day": "2021-02-28", "n": 7}
    assert values.statuses == {"404": {"*": {"day": "2021-02-30"}}}


def test_recipes_provoke_statuses(tmp_path: Path) -> None:
    rejections = {
        "404": {"description": "Not found."},
        "409": {"description": "Conflict."},
        "401": {"description": "No token."},
    }
    spec = spec_of(
        "post",
        "/things/{id}",
        parameters=[parameter("id", {"type": "string"}, "path", example="1")],
        requestBody=form("a", example={"a": "x"}),
        security=[{"inHeader": []}],
        responses={**ANYTHING, **rejections},
    )

    def respond(request: httpx.Request) -> httpx.Response:
        fields = dict(parse_qsl(request.content.decode()))
        if request.headers.get("X-Key") == "expired":
            return httpx.Response(409)
        if request.headers.get("X-Key") != TOKEN:
            return httpx.Response(401)
        return httpx.Response(404) if "9" in (fields["a"], request.url.path[-1]) else ok(request)

    text = "statuses: {'404': {'*': {id: '1', a: '9'}}, '409': {postThing: {token: expired}}}"
    credentials = {"inHeader": TOKEN}
    assert report_of(spec, respond, credentials=credentials).exercised == {
        ("postThing", "200"),
        ("postThing", "401"),
    }
    report = report_of(spec, respond, credentials=credentials, values=values_file(tmp_path, text))
    assert report.exercised == report.documented
    assert violated(report) == {}
