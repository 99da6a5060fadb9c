"""The exit code of `wirecheck check` is its verdict."""

import json

import jsonschema
import pytest

from support.commands import (
    BAD,
    DEEP,
    FOREIGN,
    GOOD,
    TOKEN,
    UNKNOWN,
    WARNED,
    Capture,
    Writer,
    har,
    har_entry,
    line,
    result_of,
)
from support.paths import ROOT

VERDICTS: list[tuple[str, str, int]] = [
    (GOOD, "error", 0),
    (GOOD, "warning", 0),
    (GOOD, "never", 0),
    (BAD, "error", 1),
    (BAD, "warning", 1),
    (BAD, "never", 0),
    (WARNED, "error", 0),
    (GOOD + WARNED, "warning", 1),
    (WARNED, "never", 0),
    (GOOD + BAD, "error", 1),
    (GOOD + FOREIGN, "error", 0),
    (GOOD + FOREIGN, "warning", 1),
    (UNKNOWN, "error", 1),
    (UNKNOWN, "never", 2),
    (FOREIGN, "error", 2),
    (FOREIGN, "never", 2),
]


@pytest.mark.parametrize(("content", "fail_on", "expected"), VERDICTS)
def test_the_exit_code_is_the_verdict(
    content: str, fail_on: str, expected: int, file: Writer, capsys: Capture
) -> None:
    code, out, err = result_of(capsys, "check", file("a.jsonl", content), "--fail-on", fail_on)
    assert code == expected
    assert "checked against Notice Board" in out
    assert bool(err) == (GOOD not in content and BAD not in content and WARNED not in content)
    assert ("inconclusive" in err) == (expected == 2)


def test_only_errors_fail_by_default(file: Writer, capsys: Capture) -> None:
    assert result_of(capsys, "check", file("a.jsonl", WARNED))[0] == 0
    assert result_of(capsys, "check", file("a.jsonl", BAD))[0] == 1


def test_several_recordings_are_judged_together(file: Writer, capsys: Capture) -> None:
    names = [
        file("a.jsonl", GOOD),
        file("b.har", har(har_entry("[]"), har_entry("{}"))),
        file("c.ndjson", BAD),
    ]
    code, out, _ = result_of(capsys, "check", *names, "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert report["exchanges"] == 4
    assert {finding["source"] for finding in report["findings"]} == {
        "b.har#0",
        "b.har#1",
        "c.ndjson#0",
    }


def test_one_unreadable_recording_among_several_is_inconclusive(file: Writer, capsys: Capture) -> None:
    code, out, err = result_of(capsys, "check", file("a.jsonl", BAD), file("b.har", "{"))
    assert (code, out) == (2, "")
    assert "b.har" in err


def test_a_body_nested_100_000_deep_is_a_finding(file: Writer, capsys: Capture) -> None:
    for name, content in (("a.har", har(har_entry(DEEP))), ("a.jsonl", line(body=DEEP))):
        code, out, err = result_of(capsys, "check", file(name, content))
        assert (code, err) == (1, "")
        assert "body-is-json" in out
        assert "nested too deeply" in out


def test_a_lone_surrogate_in_a_recording_is_judged_and_reported(file: Writer, capsys: Capture) -> None:
    entry = har_entry("{}")
    entry["request"]["url"] += "&q=\ud800"
    entry["request"]["method"] = "G\udc00T"
    for format_ in ("text", "json"):
        code, out, err = result_of(capsys, "check", file("a.har", har(entry)), "--format", format_)
        assert code == 1
        assert "G\\udc00T" in out.replace("\\\\", "\\")
        assert "Traceback" not in err


def test_the_json_report_matches_its_schema_and_contains_no_secret(file: Writer, capsys: Capture) -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    content = BAD + UNKNOWN + line(body=json.dumps({"meta": TOKEN, "access_token": TOKEN})) + line(status=500)
    for format_ in ("json", "text"):
        code, out, err = result_of(capsys, "check", file("a.jsonl", content), "--format", format_)
        assert (code, err) == (1, "")
        assert TOKEN not in out
        if format_ == "json":
            jsonschema.Draft202012Validator(schema).validate(json.loads(out))
