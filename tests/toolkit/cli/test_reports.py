"""Reports in files, beside the one on standard output."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.commands import BAD, GOOD, WARNED, Capture, Writer, assert_one_line_of_error, result_of
from wirecheck.checks import CHECKS


def test_several_reports_are_written_beside_the_one_on_standard_output(
    tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    recording = file("a.jsonl", BAD)
    names = ["json=a.json", "junit=a.xml", "b.sarif", "sarif=c.json", "d.sarif.json", "allure=results"]
    options = [
        option
        for name in names
        for option in ("--report", "=".join([*name.split("=")[:-1], str(tmp_path / name.split("=")[-1])]))
    ]
    code, out, err = result_of(capsys, "check", recording, *options)
    assert (code, err) == (1, "")
    assert "body-matches-schema" in out
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["findings"]) == 1
    assert len(list(ElementTree.parse(tmp_path / "a.xml").iter("failure"))) == 1
    for name in ("b.sarif", "c.json", "d.sarif.json"):
        assert json.loads((tmp_path / name).read_text(encoding="utf-8"))["version"] == "2.1.0"
    results = list((tmp_path / "results").iterdir())
    assert len(results) == len(CHECKS)
    for path in results:
        assert path.name == f"{json.loads(path.read_text(encoding='utf-8'))['uuid']}-result.json"
    result_of(capsys, "check", recording, "--report", f"allure={tmp_path / 'results'}")
    assert len(list((tmp_path / "results").iterdir())) == len(CHECKS)


def test_a_report_on_standard_output_takes_the_place_of_the_text(file: Writer, capsys: Capture) -> None:
    _, out, _ = result_of(capsys, "check", file("a.jsonl", BAD), "--report", "github=-")
    assert out.startswith("::error file=")
    assert out.count("\n") == 1
    _, out, _ = result_of(capsys, "check", file("a.jsonl", BAD), "--report", "text=-", "--report", "github=-")
    assert "1 error (1 kind)." in out
    assert "\n::error file=" in out


def test_failures_of_tests_are_what_makes_the_exit_code_1(
    tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    report = tmp_path / "a.xml"
    for fail_on, failures in (("error", 0), ("warning", 1), ("never", 0)):
        arguments = ("check", file("a.jsonl", WARNED + GOOD), "--report", str(report), "--fail-on", fail_on)
        assert result_of(capsys, *arguments)[0] == failures
        assert len(list(ElementTree.parse(report).iter("failure"))) == failures


def test_the_summary_of_a_job_is_appended_to(
    tmp_path: Path, file: Writer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = Path(file("summary", "# Before"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    for _ in range(2):
        result_of(capsys, "check", file("a.jsonl", BAD), "--report", f"markdown={summary}")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# Before\n## Traffic checked")
    assert text.count("\n## Traffic checked") == 2
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    result_of(capsys, "check", file("a.jsonl", BAD), "--report", f"markdown={summary}")
    assert summary.read_text(encoding="utf-8").count("## Traffic checked") == 1


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ("sarf=a", "no report format 'sarf'. Did you mean sarif? Formats: allure, ctrf"),
        ("zz=a", "no report format 'zz'. Formats: allure, ctrf"),
        ("a.bin", "write FORMAT=a.bin. Formats: allure, ctrf"),
        ("-", "write FORMAT=-"),
        ("junit=", "junit= names no file"),
        ("allure=-", "allure is a folder of files"),
    ],
)
def test_a_report_that_nobody_can_write_is_named(
    report: str, message: str, file: Writer, capsys: Capture
) -> None:
    code, out, err = result_of(capsys, "check", file("a.jsonl", BAD), "--report", report)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())


@pytest.mark.parametrize(
    "report", ["json={0}/folder", "json={0}/no/a", "allure={0}/a.jsonl", "allure={0}/no/a"]
)
def test_what_cannot_be_written_is_an_error_before_anything_is_read(
    report: str, tmp_path: Path, file: Writer, capsys: Capture
) -> None:
    (tmp_path / "folder").mkdir()
    good = tmp_path / "good.json"
    arguments = ("--report", f"json={good}", "--report", report.format(tmp_path))
    err = assert_one_line_of_error(*result_of(capsys, "check", file("a.jsonl", "no recording"), *arguments))
    assert "cannot be written" in err
    assert not good.exists()


def test_two_reports_in_one_file_are_an_error(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    arguments = ("--report", f"json={tmp_path / 'x'}", "--output", f"{tmp_path}/../{tmp_path.name}/x")
    code, _, err = result_of(capsys, "check", file("a.jsonl", BAD), *arguments)
    assert code == 2
    assert "several reports go to" in err


def test_a_report_does_not_replace_what_is_read(tmp_path: Path, file: Writer, capsys: Capture) -> None:
    recording, baseline = file("a.jsonl", BAD), file("b.toml", "version = 1\n")
    (tmp_path / "link").symlink_to(tmp_path / "a.jsonl")
    for name in ("a.jsonl", "link", "b.toml"):
        arguments = ("--baseline", baseline, "--report", f"json={tmp_path / name}")
        code, _, err = result_of(capsys, "check", recording, *arguments)
        assert code == 2
        assert "would replace what is read" in " ".join(err.split())
    assert Path(recording).read_text(encoding="utf-8") == BAD


def test_nothing_in_the_text_is_a_command_of_a_ci_system(file: Writer, capsys: Capture) -> None:
    line = json.loads(BAD.splitlines()[0])
    line["request"]["method"] = f"{'x ' * 36}::error::x ##vso[task.setvariable]x ##[error]x"
    _, out, _ = result_of(capsys, "check", file("a.jsonl", json.dumps(line) + "\n"))
    assert "\n    \\x3a:error::x \\x23#vso[task" in out
    assert "##" not in out
