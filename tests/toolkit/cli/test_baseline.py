"""Known findings do not fail a run, until they expire or are resolved."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.commands import BAD, GOOD, TOKEN, Capture, Writer, assert_one_line_of_error, line, result_of
from wirecheck.baseline import Baseline, read
from wirecheck.model import KnownFinding

MISSING = line(status=404)
FEED = line("/v1/feed", status=404)


@pytest.fixture
def baseline(file: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the baseline is to be; the working folder is that of a configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "known.toml"


def check(
    capsys: Capture, file: Writer, content: str, *options: str, known: str = "known.toml"
) -> tuple[int, Any, str]:
    """The exit code, the JSON report and standard error."""
    name = file("a.jsonl", content)
    code, out, err = result_of(capsys, "check", "--format", "json", "--baseline", known, name, *options)
    return code, json.loads(out), err


def entries(baseline: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(baseline.read_text("utf-8")).get("finding", [])
    return listed


def edited(baseline: Path, check: str, addition: str) -> None:
    """Adds lines to the entry of a check, as people do."""
    text = baseline.read_text("utf-8")
    baseline.write_text(text.replace(f'check = "{check}"\n', f'check = "{check}"\n{addition}\n'))


def test_known_findings_are_counted_but_neither_listed_nor_violations(
    baseline: Path, file: Writer, capsys: Capture
) -> None:
    code, report, err = check(capsys, file, BAD + MISSING * 2, "--update-baseline")
    assert (code, len(report["findings"])) == (0, 3)
    assert err == "wirecheck: known.toml: 2 added\n"
    assert [sorted(entry) for entry in entries(baseline)] == [
        ["check", "fingerprint", "message", "operation"]
    ] * 2
    assert TOKEN not in baseline.read_text()
    code, report, err = check(capsys, file, MISSING + BAD + GOOD + BAD)
    assert (code, report["findings"], err) == (0, [], "")
    assert (report["summary"]["baselined"], report["summary"]["errors"]) == (3, 0)
    assert report["summary"]["checks"] == {}
    code, report, err = check(capsys, file, BAD + FEED)
    assert (code, [finding["operation"] for finding in report["findings"]]) == (1, ["getFeed"])
    text = result_of(capsys, "check", "--baseline", "known.toml", file("a.jsonl", BAD))[1]
    assert text.endswith(
        "\n1 known finding of the baseline not listed.\n"
        "1 entry of the baseline not found again: status-documented in getTopic (see\n"
        "--update-baseline).\nNo other violations were found.\n"
    )


def test_what_is_resolved_is_told_and_removed(baseline: Path, file: Writer, capsys: Capture) -> None:
    check(capsys, file, BAD + FEED + line("/v1/nope"), "--update-baseline")
    assert len(entries(baseline)) == 3
    code, report, err = check(capsys, file, GOOD)
    assert (code, err) == (0, "")
    assert [known["check"] for known in report["summary"]["resolved"]] == ["body-matches-schema"]
    for options in (["--skip", "body-matches-schema"], ["--check", "law-kept"]):
        assert check(capsys, file, GOOD, *options)[1]["summary"]["resolved"] == [], "it was not tried"
    code, report, err = check(capsys, file, GOOD, "--update-baseline")
    assert (code, err) == (0, "wirecheck: known.toml: 0 added, 1 removed\n")
    assert [entry["check"] for entry in entries(baseline)] == ["operation-known", "status-documented"]


def test_a_law_is_not_resolved_where_laws_are_not_checked(
    baseline: Path, file: Writer, capsys: Capture
) -> None:
    check(capsys, file, line("/v1/topics/hail"), "--update-baseline")
    assert [entry["check"] for entry in entries(baseline)] == ["law-kept"]
    assert check(capsys, file, GOOD, "--no-laws")[1]["summary"]["resolved"] == []
    assert len(check(capsys, file, GOOD)[1]["summary"]["resolved"]) == 1


def test_a_reason_and_a_date_survive_an_update(baseline: Path, file: Writer, capsys: Capture) -> None:
    check(capsys, file, BAD + MISSING, "--update-baseline")
    reason = 'reason = "Fixed \\"soon\\"\\n\\u007f \\u00e9"\nexpires = 2999-12-31'
    edited(baseline, "body-matches-schema", reason)
    before = entries(baseline)
    assert check(capsys, file, FEED, "--update-baseline")[0] == 0
    after = entries(baseline)
    assert [entry for entry in after if entry in before] == before
    assert len(after) == 3
    _, _, err = check(capsys, file, BAD + FEED, "--update-baseline")
    assert err == "wirecheck: known.toml: 0 added, 1 removed\n"
    missing = next(entry for entry in before if entry["check"] == "status-documented")
    assert entries(baseline) == [entry for entry in after if entry != missing]


def test_the_file_is_the_same_in_whatever_order_things_are_found(
    baseline: Path, file: Writer, capsys: Capture
) -> None:
    check(capsys, file, BAD + MISSING + FEED, "--update-baseline")
    text = baseline.read_bytes()
    check(capsys, file, FEED + MISSING + BAD, "--update-baseline")
    assert baseline.read_bytes() == text
    baseline.unlink()
    check(capsys, file, FEED + MISSING + BAD, "--update-baseline")
    assert baseline.read_bytes() == text


def test_an_expired_entry_covers_nothing(baseline: Path, file: Writer, capsys: Capture) -> None:
    check(capsys, file, BAD, "--update-baseline")
    edited(baseline, "body-matches-schema", 'reason = "issue 7"\nexpires = 2020-01-31')
    code, report, _ = check(capsys, file, BAD)
    assert (code, len(report["findings"])) == (1, 1)
    assert [known["expires"] for known in report["summary"]["expired"]] == ["2020-01-31"]
    _, text, _ = result_of(capsys, "check", "--baseline", "known.toml", file("a.jsonl", BAD))
    what = "1 entry of the baseline has expired: body-matches-schema in getTopic (2020-01-31: issue 7)."
    assert what in " ".join(text.split())
    assert check(capsys, file, BAD, "--update-baseline")[0] == 1, "an update is no other date"
    assert entries(baseline)[0]["reason"] == "issue 7"


def test_what_was_not_checked_is_no_known_finding(baseline: Path, file: Writer, capsys: Capture) -> None:
    elsewhere = GOOD.replace("board.test", "elsewhere.test")
    assert check(capsys, file, GOOD + elsewhere + line(status=0), "--update-baseline")[0] == 0
    assert entries(baseline) == []


def test_the_configuration_names_the_file(baseline: Path, file: Writer, capsys: Capture) -> None:
    Path("wirecheck.toml").write_text('baseline = "known.toml"\n')
    name = file("a.jsonl", BAD)
    assert result_of(capsys, "check", name, "--update-baseline")[0] == 0
    assert result_of(capsys, "check", name)[0] == 0
    assert result_of(capsys, "check", name, "--no-config")[0] == 1


ENTRY = 'fingerprint = "0123456789abcdef"\ncheck = "law-kept"\nmessage = "x"\n'
UNUSABLE = {
    "version = ": "is not TOML: ",
    "": "version must be 1",
    "version = 2": "version must be 1",
    "version = 1\nfindings = []": "there is no key 'findings'. Did you mean finding?",
    "version = 1\nfinding = 1": "finding must be a list of tables",
    "version = 1\nfinding = [1]": "finding 1: expected `object`, got `int`",
    f"version = 1\n[[finding]]\n{ENTRY}reasn = 1": "finding 1: there is no key 'reasn'. Did you mean reason?",
    f"version = 1\n[[finding]]\n{ENTRY}reason = 1": "finding 1: reason: expected `str`, got `int`",
    f'version = 1\n[[finding]]\n{ENTRY}expires = "soon"': "finding 1: expires: invalid RFC3339",
    'version = 1\n[[finding]]\ncheck = "law-kept"': "finding 1: object missing required field `fingerprint`",
    f"version = 1\n[[finding]]\n{ENTRY.replace('01', 'x')}": "finding 1: fingerprint must be 16 hexadecimal",
    f"version = 1\n[[finding]]\n{ENTRY}[[finding]]\n{ENTRY}": "finding 2 has the fingerprint of another one",
}


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_file_that_cannot_be_used_is_one_line_and_stays_as_it_is(
    text: str, baseline: Path, file: Writer, capsys: Capture
) -> None:
    baseline.write_text(text)
    for options in ([], ["--update-baseline"]):
        result = result_of(capsys, "check", file("a.jsonl", BAD), "--baseline", "known.toml", *options)
        assert f"wirecheck: known.toml: {UNUSABLE[text]}" in assert_one_line_of_error(*result)
    assert baseline.read_text() == text
    assert {path.name for path in baseline.parent.iterdir()} == {"a.jsonl", "known.toml"}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=TEXTS, reason=TEXTS, operation=st.none() | TEXTS, expires=st.none() | st.dates())
def test_whatever_is_written_can_be_read(
    message: str, reason: str, operation: str | None, expires: date | None, tmp_path: Path
) -> None:
    known = KnownFinding(
        fingerprint="0" * 16,
        check="law-kept",
        operation=operation or None,
        message=message,
        reason=reason,
        expires=expires,
    )
    path = tmp_path / "known.toml"
    path.write_text("".join(Baseline({known.fingerprint: known}).lines()), encoding="utf-8")
    assert path.read_text("utf-8").replace("\n", "").isprintable()
    assert read(path).findings == {known.fingerprint: known}


def test_a_file_that_is_missing_is_an_error_unless_it_is_to_be_created(
    baseline: Path, file: Writer, capsys: Capture
) -> None:
    result = result_of(capsys, "check", file("a.jsonl", BAD), "--baseline", "known.toml")
    assert "known.toml: there is no such file; --update-baseline" in assert_one_line_of_error(*result)
    code, _, err = result_of(capsys, "check", file("a.jsonl", BAD), "--update-baseline")
    assert (code, "--update-baseline needs the FILE of --baseline" in err) == (2, True)
    options = ("--baseline", "none/known.toml", "--update-baseline")
    result = result_of(capsys, "check", file("a.jsonl", BAD), *options)
    assert "there is no such folder" in assert_one_line_of_error(*result)
    assert not baseline.exists()
