"""Colours and progress are for terminals, and interruptions come from them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import BAD, GOOD, Capture, Writer, result_of
from wirecheck import recordings


def test_ctrl_c_interrupts(file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Iterator[None]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(recordings.Recordings, "exchanges", interrupted)
    code, out, err = result_of(capsys, "check", file("a.jsonl", GOOD))
    assert (code, out) == (130, "")
    assert err.strip() == "wirecheck: interrupted"


class Terminal:
    """Makes the streams that are captured say that they are terminals."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(f"sys.{name}.isatty", lambda: True, raising=False)


@pytest.mark.parametrize(
    "arguments", [["check", "a.jsonl"], ["lint"], ["explain", "body-is-json"]], ids=lambda each: each[0]
)
@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("", True), ("1", False), ("0", False)])
def test_colours_are_for_terminals_unless_no_color_is_set(
    arguments: list[str],
    no_color: str | None,
    coloured: bool,
    tmp_path: Path,
    file: Writer,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file("a.jsonl", BAD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in result_of(capsys, *arguments)[1]
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    Terminal(monkeypatch)
    assert ("\x1b[" in result_of(capsys, *arguments)[1]) == coloured


@pytest.mark.parametrize(
    ("force_color", "no_color", "coloured"),
    [("1", None, True), ("0", None, True), ("", None, False), ("1", "1", False), ("1", "", True)],
)
def test_colours_can_be_forced_unless_no_color_is_set(
    force_color: str,
    no_color: str | None,
    coloured: bool,
    file: Writer,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = file("a.jsonl", BAD)
    monkeypatch.setenv("FORCE_COLOR", force_color)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    assert ("\x1b[" in result_of(capsys, "check", name)[1]) == coloured
    assert "\x1b" not in result_of(capsys, "check", name, "--format", "json")[1]
    assert result_of(capsys, "check", name, "--output", f"{name}.txt")[0] == 1
    assert "\x1b" not in Path(f"{name}.txt").read_text(encoding="utf-8")


def test_progress_is_shown_on_a_terminal_and_never_in_the_report(
    file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = file("a.jsonl", GOOD * 3)
    assert result_of(capsys, "check", name)[2] == ""
    Terminal(monkeypatch)
    code, out, err = result_of(capsys, "check", name, "--format", "json")
    assert code == 0
    assert "checking" in err
    json.loads(out)


def test_an_error_while_progress_is_shown_is_reported(
    file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Terminal(monkeypatch)
    code, out, err = result_of(capsys, "check", file("a.har", "{"), "missing.har")
    assert (code, out) == (2, "")
    assert "wirecheck: a.har: " in err
