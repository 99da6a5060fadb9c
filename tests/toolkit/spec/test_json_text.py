"""Documents in JSON: read by themselves where they are plain, as YAML where that says more."""

import json
from typing import Any

import pytest

from wirecheck.model import SpecError
from wirecheck.spec.json_text import UnreadableError, json_as_yaml, read_json
from wirecheck.spec.text import parse


@pytest.mark.parametrize(
    ("text", "depth", "nodes"),
    [
        ("{", 9, 9),
        ('{"a": 1,}', 9, 9),
        ('{"a": %s}' % ("9" * 4001), 9, 9),
        ('{"a": 1e400}', 9, 9),
        (r'{"a": "\ud800"}', 9, 9),
        ('{"a": {"b": {}}}', 2, 9),
        ('{"a": [1, 2, 3]}', 9, 4),
        ("[" * 200_000 + "]" * 200_000, 10**6, 10**6),
    ],
)
def test_what_is_reported_better_elsewhere_is_not_read(text: str, depth: int, nodes: int) -> None:
    with pytest.raises(UnreadableError):
        read_json(text, depth, nodes)


def test_values_have_their_lines_and_sizes() -> None:
    value, place, problems = read_json('{"a"\n : [1,\n {"b": null}],\n"a\\u0062": "\\ud83d\\ude00"}', 3, 6)
    assert value == {"a": [1, {"b": None}], "ab": "😀"}
    assert problems == []
    a = place.children["a"]
    assert (place.line, a.line, a.children["1"].line, place.children["ab"].line) == (1, 1, 3, 4)
    assert (place.nodes, a.nodes) == (6, 4)


def test_a_repeated_key_is_a_problem_and_its_last_value_counts() -> None:
    value, _, [problem] = read_json('{"a": {"b": 1, "b": 2}}', 9, 9)
    assert value == {"a": {"b": 2}}
    assert (problem.pointer, problem.usable) == ("/a/b", True)
    assert "'b' is there twice" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        '{"a":\t1}',
        r'{"a": "\ud83d\ude00", "\\\ud83d\uDE00": "\\ud83d"}',
        '{"a": "\u2028\x7f\ufeff"}',
        '{"a"\n: {"b"  : [1, "c"]}}',
    ],
)
def test_json_as_yaml_means_the_same(text: str) -> None:
    expected = json.loads(text)
    as_yaml: Any = parse("# in YAML\n" + json_as_yaml(text), "a.yaml").data
    assert as_yaml == expected


def test_what_is_not_json_stays_as_it_is() -> None:
    assert json_as_yaml("{a:\t1}") == "{a:\t1}"
    with pytest.raises(SpecError, match=r"^a\.json:2: is neither YAML nor JSON"):
        parse("{a:\t1", "a.json")
