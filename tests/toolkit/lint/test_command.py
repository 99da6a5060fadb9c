"""`wirecheck lint` applies the rule sets that are named, and its exit code is the verdict."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.linting import complete, schemas
from wirecheck.cli import run
from wirecheck.lint import RULES

Capture = pytest.CaptureFixture[str]
Reported = Callable[..., set[str]]


@pytest.fixture
def reported(tmp_path: Path, capsys: Capture) -> Reported:
    """The ids of the rules that report something about a document."""

    def lint(text: str, *arguments: str) -> set[str]:
        path = tmp_path / "api.yaml"
        path.write_text(text, encoding="utf-8")
        run(["lint", str(path), "--format", "json", *arguments])
        return {problem["rule"] for problem in json.loads(capsys.readouterr().out)["problems"]}

    return lint


# A problem of each rule set.
MIXED = schemas(
    """
    Dotted:
      pattern: 'a.'
      x-rule: dotted
      x-message: It has a dot.
    """
)
CORE, EXTENSIONS, CLIENT = {"pattern-portable"}, {"rule-complete"}, {"generator-keeps"}


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ([], CORE | EXTENSIONS),
        (["--ruleset", "core"], CORE),
        (["--ruleset", "extensions"], EXTENSIONS),
        (["--ruleset", "client"], CLIENT),
        (["--ruleset", "core,client"], CORE | CLIENT),
        (["--ruleset", "core, client"], CORE | CLIENT),
        (["--ruleset", "core", "--ruleset", "client"], CORE | CLIENT),
        (["--ruleset", "all"], CORE | EXTENSIONS | CLIENT),
        (["--ruleset", "core", "--ruleset", "all"], CORE | EXTENSIONS | CLIENT),
    ],
)
def test_the_rule_sets_are_those_that_are_named(
    arguments: list[str], rules: set[str], reported: Reported
) -> None:
    assert reported(MIXED, *arguments) == rules


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cleint", "Did you mean client?"),
        ("core,extension", "Did you mean extensions?"),
        ("x", "There are: all"),
    ],
)
def test_an_unknown_rule_set_is_an_error_that_suggests_one(name: str, hint: str, capsys: Capture) -> None:
    assert run(["lint", "--ruleset", name, "api.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no rule set" in err
    assert hint in err


@pytest.mark.parametrize(
    ("rule", "fail_on", "code"),
    [
        ("pattern-portable", "error", 0),
        ("pattern-portable", "warning", 1),
        ("pattern-portable", "never", 0),
        ("example-valid", "error", 1),
        ("example-valid", "never", 0),
    ],
)
def test_the_exit_code_is_the_verdict(rule: str, fail_on: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(complete(RULES[rule].bad), encoding="utf-8")
    assert run(["lint", str(path), "--fail-on", fail_on]) == code


def test_the_document_is_found_where_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WIRECHECK_SPEC", raising=False)
    assert run(["lint"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "WIRECHECK_SPEC" in err
    (tmp_path / "openapi.yml").write_text(MIXED, encoding="utf-8")
    assert run(["lint"]) == 1
    assert "openapi.yml:" in capsys.readouterr().out
    (tmp_path / "good.yaml").write_text(complete(RULES["example-valid"].good), encoding="utf-8")
    monkeypatch.setenv("WIRECHECK_SPEC", "good.yaml")
    assert run(["lint"]) == 0
    assert "good.yaml: no problems found" in capsys.readouterr().out


def test_the_help_names_every_rule_set(capsys: Capture) -> None:
    assert run(["lint", "--help"]) == 0
    out = capsys.readouterr().out
    assert {rule.ruleset for rule in RULES.values()} <= set(out.split())
    assert "wirecheck lint --ruleset all" in out


def test_annotations_stand_at_the_lines_of_the_document(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "an: api.yaml"
    path.write_text(MIXED, encoding="utf-8")
    assert run(["lint", str(path), "--format", "github"]) == 1
    commands = capsys.readouterr().out.splitlines()
    [pattern] = [command for command in commands if "title=pattern-portable" in command]
    line = 1 + MIXED.splitlines().index("      pattern: 'a.'")
    assert pattern.startswith(
        f"::warning file={tmp_path}/an%3A api.yaml,line={line},title=pattern-portable::"
    )
    assert pattern.endswith("%0Aat #/components/schemas/Dotted/pattern")


def test_of_many_problems_the_first_ten_are_annotated(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(schemas("".join(f"S{n}: {{pattern: 'a.'}}\n" for n in range(12))), encoding="utf-8")
    run(["lint", str(path), "--format", "github"])
    commands = capsys.readouterr().out.splitlines()
    assert [command.partition(" ")[0] for command in commands] == ["::warning"] * 10 + ["::notice"]
    assert "::2 more problems; " in commands[-1]
