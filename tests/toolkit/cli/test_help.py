"""The help, and wrong usage."""

import click
import pytest

from support.commands import Capture, result_of
from wirecheck import __version__
from wirecheck.cli import COMMANDS, command


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nope"],
        ["--nope"],
        ["check"],
        ["check", "a.har", "--nope"],
        ["check", "a.har", "--format", "xml"],
        ["check", "a.har", "--fail-on", "info"],
        ["check", "a.har", "--spec"],
        ["lint", "a", "b"],
        ["explain", "a", "b"],
        ["explain", "nope"],
        ["generate"],
    ],
)
def test_wrong_usage_is_reported_on_standard_error(arguments: list[str], capsys: Capture) -> None:
    code, out, err = result_of(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Usage: wirecheck" in err or err.startswith("Error: ")
    assert "Traceback" not in err


def test_every_command_is_in_the_help(capsys: Capture) -> None:
    code, out, err = result_of(capsys, "--help")
    assert (code, err) == (0, "")
    assert set(COMMANDS) == {
        *("check", "conform", "convert", "docs", "explain", "fuzz", "generate", "lint", "migration"),
        *("proxy", "redact", "replay"),
    }
    for name in COMMANDS:
        [line] = [line for line in out.splitlines() if line.startswith(f"  {name} ")]
        assert line.endswith("."), "the summary is a whole sentence"
        assert not line.endswith("...")


@pytest.mark.parametrize(("name", "summary"), [(name, summary) for name, (_, summary) in COMMANDS.items()])
def test_the_summary_of_a_command_is_the_first_sentence_of_its_own_help(name: str, summary: str) -> None:
    assert command(name).name == name
    assert command(name).help
    assert command(name).get_short_help_str(limit=100) == summary


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_of_a_command_has_every_option_and_exit_codes_or_an_example(
    name: str, flag: str, capsys: Capture
) -> None:
    code, out, err = result_of(capsys, name, flag)
    assert (code, err) == (0, "")
    for parameter in command(name).params:
        for option in parameter.opts if isinstance(parameter, click.Option) else [parameter.metavar or ""]:
            assert option in out
        if isinstance(parameter, click.Option):
            assert parameter.help
    assert "Exit codes" in out or f"wirecheck {name}" in out


def test_the_version_is_printed(capsys: Capture) -> None:
    assert result_of(capsys, "--version") == (0, f"wirecheck {__version__}\n", "")


@pytest.mark.parametrize("arguments", [[], *([name] for name in sorted(COMMANDS))])
def test_the_help_fits_a_terminal_of_80_columns(
    arguments: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = result_of(capsys, *arguments, "--help")
    assert [line for line in out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("arguments", [[], ["check"]], ids=["group", "check"])
def test_the_help_has_examples_and_exit_codes(arguments: list[str], capsys: Capture) -> None:
    _, out, _ = result_of(capsys, *arguments, "--help")
    assert out.count("    wirecheck ") >= 3
    assert (
        "    0  satisfied\n    1  violated\n    2  inconclusive: unusable input, or nothing to check" in out
    )


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (["chekc"], "Did you mean 'check'?"),
        (["check", "--spce", "x", "a.har"], "'--spec'?"),
        (["check", "--opertion", "x", "a.har"], "'--operation'?"),
        (["check", "--outptu", "x", "a.har"], "Did you mean one of: '--output'"),
    ],
)
def test_a_misspelt_command_or_option_gets_a_suggestion(
    arguments: list[str], suggestion: str, capsys: Capture
) -> None:
    code, out, err = result_of(capsys, *arguments)
    assert (code, out) == (2, "")
    assert suggestion in err
