"""Lines that libyaml accepts and strict parsers of YAML 1.2 reject are found."""

from pathlib import Path

import pytest

from wirecheck.lint import lint
from wirecheck.spec import load
from wirecheck.spec.text import parse

# A text -> the lines that js-yaml 5 and yaml 2 reject.
TEXTS: list[tuple[str, tuple[int, ...]]] = [
    ('a:\n  - "x\\\n  y"\n', (3,)),
    ('a:\n  - "x\\\n   y"\n', ()),
    ('a:\n- "x\n y"\n', ()),
    ('a:\n- "x\ny"\n', (3,)),
    ("a: 'x\n\n  y'\n", ()),
    ("a: 'x\n\ny'\n", (3,)),
    ("a:\n  b: 'x\n  y'\n", (3,)),
    ("a: {\n  b: 1\n}\n", (3,)),
    ("a: {\n  b: 1\n  }\n", ()),
    ("a: {b: 1,\n c: [2,\n 3]}\n", ()),
    ("a: {b: 1,\n c: [2,\n3]}\nd: 1\n", (3,)),
    ("a:\n  b: [1,\n# a comment\n    2]\n", ()),
    ("a:\n  - b: 'x\n   y'\n", (3,)),
    ("a:\n  - b: 'x\n     y'\n", ()),
    ("a:\r\n  b: 'x\r\n  y'\r\n", (3,)),
    ("a: |\n  'x\n  y'\n", ()),
    ('{"a": {\n"b": "c"}}', ()),
    ("{\na: 'x\n y'\n}", ()),
]


@pytest.mark.parametrize(("text", "lines"), TEXTS)
def test_a_line_must_be_indented_deeper_than_what_is_around_it(text: str, lines: tuple[int, ...]) -> None:
    assert parse(text, "api.yaml").misindented == lines


def test_the_linter_reports_each_line(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo:\n  title: 'Two\n  lines'\n  version: '1'\npaths: {\n}\n",
        encoding="utf-8",
    )
    found = [(line, problem.message) for line, problem in lint(load(path))]
    assert [line for line, _ in found] == [4, 7]
    assert {message for _, message in found} == {
        "indent this line deeper than what is around the value: strict parsers reject it"
    }
