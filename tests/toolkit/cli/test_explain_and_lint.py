"""`wirecheck explain` and `wirecheck lint`."""

import json

from support.commands import Capture, Writer, result_of
from wirecheck.checks import CHECKS
from wirecheck.lint import RULES


def test_every_check_is_listed_and_explained(capsys: Capture) -> None:
    code, listed, _ = result_of(capsys, "explain")
    assert code == 0
    checks, _, rules = listed.partition("\n\nRules of `wirecheck lint`:\n")
    assert [each.split()[0] for each in checks.splitlines()] == list(CHECKS)
    assert [each.split()[0] for each in rules.splitlines()] == list(RULES)
    for rule, promise in RULES.items():
        assert result_of(capsys, "explain", rule) == (0, f"{rule} (lint)\n\n{promise}\n", "")
    for check in CHECKS.values():
        code, out, err = result_of(capsys, "explain", check.id)
        assert (code, err) == (0, "")
        assert out.startswith(
            f"{check.id} ({check.severity}, {check.side})\n\n{check.text.splitlines()[0]}\n"
        )
        assert f"  {check.text.splitlines()[0]}"[2:] in listed
        assert len(out.splitlines()) > 4
        assert not any(each.startswith(" ") for each in out.splitlines())


def test_the_error_for_an_unknown_check_lists_all_checks(capsys: Capture) -> None:
    _, _, err = result_of(capsys, "explain", "nope")
    assert all(check in err for check in CHECKS)


def test_lint_finds_what_is_wrong_with_a_document(file: Writer, capsys: Capture) -> None:
    code, out, err = result_of(capsys, "lint")
    assert (code, err) == (0, "")
    assert "nothing to complain about" in out
    bad = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
    bad += "components:\n  schemas:\n    A: {type: string, %s}\n"
    warned, broken = file("w.yaml", bad % "pattern: a."), file("b.yaml", bad % "default: 1")
    assert result_of(capsys, "lint", warned)[0] == 0
    assert result_of(capsys, "lint", warned, "--fail-on", "warning")[0] == 1
    assert result_of(capsys, "lint", broken)[0] == 1
    assert result_of(capsys, "lint", broken, "--fail-on", "never")[0] == 0
    code, out, _ = result_of(capsys, "lint", warned, "--format", "json")
    assert [problem["rule"] for problem in json.loads(out)["problems"]] == ["pattern-portable"]
