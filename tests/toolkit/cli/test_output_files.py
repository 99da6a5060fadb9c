"""A report can be written to a file, which is replaced as a whole or not at all."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import BAD, GOOD, Capture, Writer, assert_one_line_of_error, result_of


def test_a_report_can_be_written_to_a_file(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    report = tmp_path / "report.json"
    assert result_of(capsys, "check", file("a.jsonl", BAD), "--format", "json", "--output", str(report)) == (
        1,
        "",
        "",
    )
    assert len(json.loads(report.read_text(encoding="utf-8"))["findings"]) == 1
    assert result_of(capsys, "check", file("a.jsonl", GOOD), "--format", "json", "--output", str(report)) == (
        0,
        "",
        "",
    )
    assert json.loads(report.read_text(encoding="utf-8"))["findings"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"a.jsonl", "report.json"}


def test_a_report_in_a_file_has_no_colours_and_the_usual_rights(
    tmp_path: Path, file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    report = tmp_path / "report.txt"
    assert result_of(capsys, "check", file("a.jsonl", BAD), "--output", str(report)) == (1, "", "")
    assert "\x1b" not in report.read_text(encoding="utf-8")
    (tmp_path / "other").touch()
    assert stat.S_IMODE(report.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


@pytest.mark.parametrize("output", ["folder", "missing/report.json", "a.jsonl/report.json"])
def test_a_report_that_cannot_be_written_is_an_error(
    output: str, tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    (tmp_path / "folder").mkdir()
    recording, path = file("a.jsonl", GOOD), str(tmp_path / output)
    err = assert_one_line_of_error(*result_of(capsys, "check", recording, "--output", path))
    assert path in err
    assert "cannot be written" in err
    assert {path.name for path in tmp_path.rglob("*")} == {"a.jsonl", "folder"}


def test_an_older_report_stays_when_the_run_fails(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    old = file("report.json", "old")
    for recording in (file("a.har", "{"), file("b.jsonl", BAD + "{")):
        assert_one_line_of_error(*result_of(capsys, "check", "--strict", recording, "--output", old))
    assert_one_line_of_error(*result_of(capsys, "lint", file("api.yaml", "[]"), "--output", old))
    assert Path(old).read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "a.har", "b.jsonl", "api.yaml"}


def test_an_older_report_stays_when_writing_is_interrupted(
    tmp_path: Path, file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_report: object) -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    monkeypatch.setitem(__import__("wirecheck.reports", fromlist=["FORMATS"]).FORMATS, "json", interrupted)
    old, recording = file("report.txt", "old"), file("a.jsonl", GOOD)
    assert result_of(capsys, "check", recording, "--format", "json", "--output", old)[0] == 130
    assert Path(old).read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"report.txt", "a.jsonl"}


def test_a_link_to_a_report_stays_a_link(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "report.txt")
    assert result_of(capsys, "check", file("a.jsonl", GOOD), "--output", str(tmp_path / "link.txt"))[0] == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert "All checks passed." in (tmp_path / "report.txt").read_text(encoding="utf-8")


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert result_of(capsys, "check", file("a.jsonl", GOOD), "--output", str(pipe)) == (0, "", "")
        assert b"All checks passed." in os.read(reader, 10_000)
        assert stat.S_ISFIFO(pipe.stat().st_mode)
    finally:
        os.close(reader)
