"""The report of the linter is grouped for people, and one JSON object for programs."""

import json
from pathlib import Path

import pytest
from click import unstyle

from support.linting import HEAD, PATHS
from wirecheck.cli import run
from wirecheck.lint import Problem, to_json, to_text
from wirecheck.model import Severity

GOLDEN = Path(__file__).parents[1] / "golden"
DOCUMENT = (
    HEAD
    + PATHS.replace("operationId", "operationid")
    + """\
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, pattern: '^\\d+'}}
    get:
      operationId: getThing
      x-resource: things
      responses: {'200': {descripton: A thing.}}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string, pattern: '^\\d+', examples: [7]}
        size: {type: text}
        kind: {type: string, enum: [on, off]}
"""
)
CLEAN = HEAD + PATHS
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WIRECHECK_SPEC", raising=False)
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "clean.yaml").write_text(CLEAN, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("format_", "name"), [("text", "lint.txt"), ("json", "lint.json")])
def test_the_report_is_the_golden_one(format_: str, name: str, capsys: Capture) -> None:
    assert run(["lint", "--ruleset", "all", "--format", format_]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_lines_of_text_fit_into_80_columns_but_for_places(capsys: Capture) -> None:
    run(["lint", "--ruleset", "all"])
    for line in capsys.readouterr().out.splitlines():
        assert len(line) <= 80 or line.startswith("    openapi.yaml:")


@pytest.mark.usefixtures("folder")
def test_a_document_without_problems(capsys: Capture) -> None:
    assert run(["lint", "clean.yaml"]) == 0
    assert capsys.readouterr().out == "clean.yaml: no problems found\n"
    assert run(["lint", "clean.yaml", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": 1, "spec": "clean.yaml", "problems": []}


def problem(severity: Severity, message: str = "the pattern uses a dot") -> Problem:
    return Problem("pattern-portable", severity, "/components/schemas/A/pattern", message)


def test_problems_that_say_the_same_stand_together_after_more_severe_ones() -> None:
    problems = [
        (3, problem(Severity.WARNING)),
        (4, problem(Severity.ERROR)),
        (5, problem(Severity.WARNING, "the pattern uses $")),
        (6, problem(Severity.WARNING)),
    ]
    text = unstyle("".join(to_text("a.yaml", problems)))
    place = "#/components/schemas/A/pattern"
    assert text == (
        f"error pattern-portable\n  the pattern uses a dot\n    a.yaml:4: {place}\n\n"
        f"warning pattern-portable\n  the pattern uses a dot\n    a.yaml:3: {place}\n    a.yaml:6: {place}\n"
        f"  the pattern uses $\n    a.yaml:5: {place}\n\n"
        "a.yaml: 4 problems (1 error, 3 warnings)\n`wirecheck explain RULE` says why, with an example.\n"
    )


def test_problems_are_written_as_one_json_object() -> None:
    assert json.loads("".join(to_json("api.yaml", [(12, problem(Severity.WARNING))]))) == {
        "version": 1,
        "spec": "api.yaml",
        "problems": [
            {
                "rule": "pattern-portable",
                "severity": "warning",
                "pointer": "#/components/schemas/A/pattern",
                "line": 12,
                "message": "the pattern uses a dot",
            }
        ],
    }


def test_signs_that_move_the_cursor_are_escaped() -> None:
    hostile = Problem("pattern-portable", Severity.WARNING, "/a\x1b[2J", "no member \x9b\u202e")
    name = "a\x1b\udcff.yaml"
    assert "".join(unstyle("".join(to_text(name, [(1, hostile)]))).splitlines()).isprintable()
    report = "".join(to_json(name, [(1, hostile)]))
    assert report.removesuffix("\n").isprintable()
    assert json.loads(report)["problems"][0]["message"] == hostile.message
