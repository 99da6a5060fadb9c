"""The reports of findings, for people and for programs."""

import contextlib
import difflib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from support.paths import ROOT, SPECS
from support.reports import FINDING, changed
from wirecheck.checks import Judge, Verdict
from wirecheck.model import DocumentProblem, Exchange, Finding, KnownFinding, Report, Severity, Side
from wirecheck.redact import printable
from wirecheck.reports import FORMATS, finding_spool
from wirecheck.reports import text as text_report
from wirecheck.reports.collect import Collector
from wirecheck.reports.json import to_json
from wirecheck.reports.text import to_text
from wirecheck.spec import Spec, load

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
TOKEN = "board.0123456789abcdef0123456789abcdef"
JSON = (("content-type", "application/json"), ("server", "nginx"))

Reported = Callable[..., Report]


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load(SPECS / "noticeboard.yaml")


@pytest.fixture
def reported(spec: Spec) -> Iterator[Reported]:
    """Makes a report of findings, one exchange each."""
    collectors: list[Collector] = []

    def report(*findings: Finding) -> Report:
        collectors.append(Collector(spec))
        for finding in findings:
            collectors[-1].add(Verdict(finding.operation, (finding,)))
        return collectors[-1].report()

    yield report
    for collector in collectors:
        collector.close()


def parsed(report: Report) -> Any:
    return json.loads("".join(to_json(report)))


def plain(report: Report) -> str:
    return unstyle("".join(to_text(report)))


def topic(body: str, entry: int = 0, **changes: Any) -> Exchange:
    return Exchange(
        **{
            "source": f"recorded.har#{entry}",
            "entry": entry,
            "method": "GET",
            "url": f"https://board.test/v1/topics/snow?access_token={TOKEN}",
            "status": 200,
            "response_headers": JSON,
            "response_body": body.encode(),
            **changes,
        }
    )


def people(*items: dict[str, Any], entry: int = 0) -> Exchange:
    body = json.dumps({"meta": {"code": 200}, "data": items})
    url = f"https://board.test/v1/people/search?q=ada&access_token={TOKEN}"
    return topic(body, entry, url=url)


# The report for programs


def test_the_schema_is_a_json_schema_and_strict() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for where in (
        SCHEMA,
        SCHEMA["properties"]["spec"],
        SCHEMA["properties"]["summary"],
        SCHEMA["$defs"]["finding"],
        SCHEMA["$defs"]["problem"],
        SCHEMA["$defs"]["known"],
    ):
        assert where["additionalProperties"] is False
        assert set(where["required"]) == set(where["properties"])


def test_the_schema_knows_the_fields_the_severities_and_the_sides_of_findings() -> None:
    properties = SCHEMA["$defs"]["finding"]["properties"]
    assert list(properties) == [field.name for field in structs.fields(Finding)]
    problem = SCHEMA["$defs"]["problem"]["properties"]
    assert list(problem) == [*DocumentProblem.__struct_fields__]
    known = SCHEMA["$defs"]["known"]["properties"]
    assert list(known) == [*KnownFinding.__struct_fields__]
    assert properties["severity"]["enum"] == [severity.value for severity in Severity]
    assert properties["side"]["enum"] == [side.value for side in Side]


VARIANTS: list[list[dict[str, Any]]] = [
    [],
    [{}],
    [{"pointer": None, "operation": None}],
    [{"pointer": ""}],
    [{"severity": severity, "side": side} for severity in Severity for side in Side],
    [{"message": 'quotes " and \\ and \n and \x00 and \u2028 and \U0001f305', "path": "/\x7f"}],
    [{"entry": entry, "source": f"recorded.har#{entry}"} for entry in range(500)],
]


@pytest.mark.parametrize("changes", VARIANTS, ids=lambda changes: f"{len(changes)}")
def test_the_json_report_is_one_document_that_fits_its_schema(
    reported: Reported, changes: list[dict[str, Any]]
) -> None:
    findings = [changed(**change) for change in changes]
    report = parsed(reported(*findings))
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["findings"] == [structs.asdict(finding) for finding in findings]
    assert report["exchanges"] == len(findings)


def test_the_json_report_has_a_finding_a_line(reported: Reported) -> None:
    lines = "".join(to_json(reported(FINDING, changed(message="one\ntwo")))).splitlines()
    assert [json.loads(line.rstrip(","))["message"] for line in lines if '"fingerprint"' in line] == [
        FINDING.message,
        "one\ntwo",
    ]


def test_the_summary_counts(reported: Reported, spec: Spec) -> None:
    warning = changed(check="operation-known", severity=Severity.WARNING, operation=None)
    report = parsed(reported(FINDING, FINDING, warning))
    operations = report["summary"].pop("operations")
    assert report["summary"] == {
        "errors": 2,
        "warnings": 1,
        "infos": 0,
        "unmatched": 1,
        "partial": 0,
        "problems": [],
        "checks": {"body-matches-schema": 2, "operation-known": 1},
        "other_hosts": {},
        "skipped": {},
        "baselined": 0,
        "resolved": [],
        "expired": [],
        "interrupted": False,
    }
    assert set(operations) == {operation.name for operation in spec.operations}
    assert {name: count for name, count in operations.items() if count} == {"getTopic": 2}
    assert report["spec"] == {
        "file": spec.document.name,
        "title": "Notice Board",
        "version": "2.1.0",
    }


def test_a_report_of_real_verdicts_fits_the_schema(spec: Spec) -> None:
    judge, collector = Judge(spec), Collector(spec)
    for exchange in (
        topic("{}"),
        topic("[" * 100_000, 1),
        topic("", 2, status=0),
        topic("", 3, method="PUT"),
        topic("", 4, url="https://board.test/nope?sig=abcdef", status=503),
    ):
        collector.add(judge.judge(exchange))
    report = parsed(collector.report())
    collector.close()
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["exchanges"] == 5
    assert report["summary"]["unmatched"] == 2
    assert len(report["findings"]) >= 6


def test_a_file_name_that_is_not_unicode_can_be_reported(tmp_path: Path) -> None:
    path = tmp_path / "api\udcff.json"
    try:
        path.write_text('{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}')
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    spec = load(path)
    collector = Collector(spec)
    exchange = topic("{}", source="b\udcff.har#0")
    collector.add(Judge(spec).judge(exchange))
    for write in FORMATS.values():
        text = "".join(write(collector.report())).encode().decode()
        assert "b\\udcff.har#0" in text.replace("\\\\", "\\")
        assert "api\\udcff.json" in text.replace("\\\\", "\\")
    collector.close()


# The report for people


def golden(name: str, text: str) -> None:
    """Compares a text with a golden file, which is edited by hand: copy the changes from the difference."""
    expected = (GOLDEN / name).read_text(encoding="utf-8")
    difference = difflib.unified_diff(
        expected.splitlines(True), text.splitlines(True), f"golden/{name}", "now"
    )
    assert text == expected, "\n" + "".join(difference)


def test_the_text_report_is_the_golden_file(reported: Reported) -> None:
    other = {
        "message": "the server failed with status 500",
        "check": "no-server-fault",
        "fingerprint": "1" * 16,
    }
    foreign = {
        "operation": None,
        "severity": Severity.WARNING,
        "check": "operation-known",
        "fingerprint": "2" * 16,
    }
    report = reported(
        FINDING,
        changed(operation="getPerson", path="/v1/people/7", status=500, pointer=None, **other),
        *(changed(source=f"recorded.har#{entry}", entry=entry) for entry in range(13, 18)),
        changed(**foreign, path="/login", message="/login is not below /v1", pointer=None),
        changed(severity=Severity.INFO, fingerprint="3" * 16, source="b.har#0"),
        changed(severity=Severity.WARNING, fingerprint="4" * 16, message="body /data/name is odd"),
        changed(severity=Severity.WARNING, fingerprint="4" * 16, message="body /data/name is odd"),
    )
    golden("report.txt", plain(structs.replace(report, spec="openapi.yaml")))


KNOWN = KnownFinding(
    fingerprint="0" * 16,
    check="law-kept",
    operation="getTopic",
    message="x",
    reason="y",
    expires=date(2026, 1, 31),
)


def test_the_reports_say_what_the_baseline_knows(reported: Reported) -> None:
    report = structs.replace(
        reported(), known={"1" * 16: 3, "2" * 16: 2}, resolved=(KNOWN,) * 5, expired=(KNOWN,)
    )
    as_json = parsed(report)
    jsonschema.Draft202012Validator(SCHEMA).validate(as_json)
    summary = as_json["summary"]
    assert (summary["baselined"], len(summary["resolved"])) == (5, 5)
    assert summary["expired"] == [{**structs.asdict(KNOWN), "expires": "2026-01-31"}]
    text = " ".join(plain(report).split())
    named = "law-kept in getTopic (2026-01-31: y)"
    assert "5 known findings of the baseline not listed." in text
    assert f"5 entries of the baseline not found again: {', '.join([named] * 3)} and 2 more" in text
    assert f"1 entry of the baseline has expired: {named}." in text


def test_the_reports_of_an_interrupted_run_say_so(spec: Spec) -> None:
    with contextlib.closing(Collector(spec)) as collector:
        collector.add(Verdict("getTopic", ()))
        report = structs.replace(collector.report(), interrupted=True)
        assert parsed(report)["summary"]["interrupted"] is True
        text = plain(report)
    assert text.startswith("Interrupted: this is about what was checked until then.\n1 exchange checked")
    assert text.endswith("\nNo violations were found.\n")


@pytest.mark.parametrize("columns", [20, 40, 60, 200])
def test_lines_are_as_wide_as_the_terminal(
    columns: int, reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(columns))
    words = " ".join(["word"] * 60)
    lines = [line for line in plain(reported(changed(message=words))).splitlines() if "word" in line]
    assert max(columns, 40) - 5 < max(map(len, lines)) <= max(columns, 40)


def test_a_report_without_findings_says_so(spec: Spec) -> None:
    collector = Collector(spec)
    assert plain(collector.report()).endswith("\nNothing was checked.\n")
    collector.add(Verdict("getTopic", ()))
    text = plain(collector.report())
    collector.close()
    assert text.startswith("1 exchange checked against Notice Board")
    assert text.endswith("\n1 of 11 operations exercised.\nAll checks passed.\n")


def test_lines_fit_a_terminal_and_break_between_words(reported: Reported) -> None:
    words = [f"word-{number}" for number in range(60)]
    long = changed(
        message=" ".join(words), path="/" + "x" * 200, source="a recording of monday morning.har#12"
    )
    lines = plain(reported(long)).splitlines()
    paragraphs = [re.sub(r"^    (defined at   |observed in  )", "", line).strip() for line in lines]
    # A single word, such as the path of a file, may be longer than a line.
    assert all(len(line) <= 80 or " " not in text for line, text in zip(lines, paragraphs, strict=True))
    assert [word for line in lines for word in line.split() if word.startswith("word-")] == words


def test_the_name_of_a_recording_is_not_repeated(reported: Reported) -> None:
    def observed_in(*sources: str) -> str:
        lines = plain(reported(*(changed(source=source) for source in sources))).splitlines()
        [line] = [line for line in lines if "observed in" in line]
        return line.split("  ")[-1].partition(": GET")[0]

    assert observed_in("a.har#0", "a.har#1") == "a.har#0, #1"
    assert observed_in("a.har#0", "b.har#0", "b.har#7") == "a.har#0, b.har#0, #7"
    many = ("a#b.har#0", "a#b.har#1", "a#b.har#2", "a#b.har#2", "a#b.har#3", "b.har#0")
    assert observed_in(*many) == "a#b.har#0, #1, #2 and 2 more"
    assert observed_in("by hand", "by hand too") == "by hand, by hand too"


def test_findings_of_one_kind_are_shown_once_with_their_number(reported: Reported) -> None:
    text = plain(reported(*(changed(source=f"a.har#{entry}") for entry in range(1, 1235))))
    assert text.count("body /data/name is 1") == 1
    assert "body-matches-schema ×1,234" in text
    assert "a.har#1, #2, #3 and 1,231 more" in text
    assert "#4" not in text
    assert "1,234 errors (1 kind)." in text


def test_what_is_found_in_several_operations_is_shown_once(reported: Reported) -> None:
    names = ["getTopic", "getPerson", "getFeed", "listComments"]
    text = plain(
        reported(
            *(
                changed(
                    source=f"a.har#{index}",
                    operation=name,
                    check="status-documented",
                    status=401,
                    fingerprint=str(index) * 16,
                    spec_pointer=f"#/paths/~1{name}/get/responses",
                    message=f"the status 401 is not documented (documented: {200 + index})",
                )
                for index, name in enumerate(names)
            ),
            changed(operation="getFeed", message="the feed is odd", fingerprint="f" * 16),
        )
    )
    assert text.startswith("4 operations: getTopic, getPerson, getFeed, …\n  error   status-documented ×4\n")
    assert text.count("is not documented") == 1
    assert "a.har#0, #1, #2 and 1 more" in text
    assert "\ngetFeed\n" in text
    assert "5 errors (2 kinds)." in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ""),
        ("q=ada", "?q=ada"),
        ("access_token=[redacted]", ""),
        ("a=1&access_token=[redacted]&b=", "?a=1&b="),
        ("q=" + "x" * 99, "?q=" + "x" * 57 + "…"),
    ],
)
def test_the_query_is_a_part_of_what_was_observed(query: str, shown: str, reported: Reported) -> None:
    text = " ".join(plain(reported(changed(query=query))).split())
    assert f": GET /v1/topics/snow{shown} -> 200" in text


def test_a_thousand_like_findings_fit_on_a_screen(reported: Reported) -> None:
    findings = (
        changed(
            source=f"a.har#{number}",
            operation=f"operation{number % 50}",
            path=f"/v1/topics/{number}",
            pointer=f"/data/{number}/name",
            fingerprint=f"{number:016}",
            message=f"body /data/{number}/name is {number}, an integer, not a string",
        )
        for number in range(1000)
    )
    assert len(plain(reported(*findings)).splitlines()) <= 12


def test_an_entry_with_many_findings_of_a_kind_is_named_once(reported: Reported) -> None:
    text = plain(reported(FINDING, changed(pointer="/data/1/name"), changed(pointer="/data/2/name")))
    assert "×3" in text
    assert text.count("recorded.har#12") == 1
    assert "…" not in text


def test_errors_come_before_warnings_and_operations_in_the_order_of_the_document(reported: Reported) -> None:
    text = plain(
        reported(
            changed(operation="getPerson", fingerprint="a" * 16, severity=Severity.INFO),
            changed(operation="getPerson", fingerprint="b" * 16, severity=Severity.WARNING),
            changed(operation="getPerson", fingerprint="c" * 16, severity=Severity.ERROR),
            changed(operation="listComments", fingerprint="d" * 16, message="a comment is odd"),
            changed(operation=None, fingerprint="e" * 16, message="the exchange is odd"),
        )
    )
    headings = [line for line in text.splitlines() if line in ("getPerson", "listComments", "(no operation)")]
    assert headings == ["(no operation)", "listComments", "getPerson"]
    assert text.index("error") < text.index("warning") < text.index("info")


def test_kinds_beyond_the_limit_are_left_out_and_counted(
    reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_report, "_SHOWN", 2)
    text = plain(
        reported(
            *(
                changed(fingerprint=f"{number % 5:016}", message=f"oddity {number % 5}")
                for number in range(10)
            )
        )
    )
    assert text.count("body-matches-schema") == 2
    assert "6 findings of further kinds left out; --format json has them all." in text
    assert "10 errors" in text


HOSTILE = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\r",
    "\b",
    "\x00",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\ud800",
]


@pytest.mark.parametrize("sign", HOSTILE, ids=ascii)
@pytest.mark.parametrize("field", ["message", "path", "method", "source", "pointer", "spec_pointer"])
def test_signs_that_move_the_cursor_never_reach_the_terminal(
    reported: Reported, sign: str, field: str
) -> None:
    encoded = sign.encode("utf-8", "backslashreplace").decode()
    text = plain(reported(changed(**{field: f"left{encoded}right"})))
    assert all(character == "\n" or character.isprintable() for character in text), ascii(text)
    if field != "pointer":
        assert "left" in text
        assert "right" in text


def test_signs_that_move_the_cursor_are_harmless_from_the_wire_to_the_report(spec: Spec) -> None:
    judge, collector = Judge(spec), Collector(spec)
    hostile = "".join(HOSTILE)
    body = json.dumps({"meta": {"code": 200}, "data": {"name": [], "notices": hostile, hostile: 1}})
    for exchange in (
        topic(body),
        topic(body, url=f"https://board.test/v1/{hostile}"),
        topic(body, method=hostile),
        topic(body, response_headers=(("content-type", hostile), ("x-ratelimit-limit", hostile))),
        topic(body, source=f"{hostile}.har#0"),
    ):
        collector.add(judge.judge(exchange))
    text = plain(collector.report())
    collector.close()
    assert all(character == "\n" or character.isprintable() for character in text), ascii(text)


def test_the_json_report_escapes_signs_that_move_the_cursor(reported: Reported) -> None:
    hostile = structs.replace(FINDING, path="/\x9b2J\x7f\u202e\U000e0001", message="\x1b\x00é")
    text = "".join(to_json(reported(hostile)))
    assert "".join(text.splitlines()).isprintable()
    finding = json.loads(text)["findings"][0]
    assert (finding["path"], finding["message"]) == (hostile.path, hostile.message)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_message_is_one_line_of_printable_signs(message: str) -> None:
    shown = printable(message)
    assert shown.isprintable()
    assert shown == message or not message.isprintable()


# The collector


def test_findings_that_exceed_memory_survive_in_order_and_can_be_read_twice(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_spool, "_IN_MEMORY", 1000)
    collector = Collector(spec)
    findings = [changed(entry=entry, message=f"\u2028 {entry}") for entry in range(200)]
    for finding in findings:
        collector.add(Verdict("getTopic", (finding,)))
    report = collector.report()
    assert list(report.findings) == findings
    assert list(report.findings) == findings
    assert len(parsed(report)["findings"]) == 200
    assert "×200" in plain(report)
    collector.close()


def test_two_readers_of_findings_do_not_disturb_each_other(spec: Spec) -> None:
    collector = Collector(spec)
    findings = [changed(entry=entry) for entry in range(3)]
    for finding in findings:
        collector.add(Verdict("getTopic", (finding,)))
    report = collector.report()
    first, second = iter(report.findings), iter(report.findings)
    assert [next(first), next(second), next(first), next(second)] == [*findings[:1] * 2, *findings[1:2] * 2]
    collector.close()


def test_findings_added_while_others_are_read_are_not_lost(spec: Spec) -> None:
    collector = Collector(spec)
    findings = [changed(entry=entry) for entry in range(3)]
    for finding in findings[:2]:
        collector.add(Verdict("getTopic", (finding,)))
    next(iter(collector.report().findings))
    collector.add(Verdict("getTopic", (findings[2],)))
    assert list(collector.report().findings) == findings
    collector.close()


# Fingerprints


def fingerprints(judge: Judge, exchange: Exchange) -> list[str]:
    return [finding.fingerprint for finding in judge.judge(exchange).findings]


GOOD = {"id": "1", "name": "ada", "picture": "https://cdn.test/a.jpg"}


def test_one_kind_of_violation_has_one_fingerprint_wherever_it_is_found(spec: Spec) -> None:
    judge = Judge(spec)
    bad = {**GOOD, "id": 1}
    [here] = fingerprints(judge, people(bad))
    assert fingerprints(judge, people(GOOD, bad, GOOD, bad, entry=7)) == [here, here]
    assert fingerprints(Judge(spec), people({**bad, "id": True})) == [here]


def test_another_spec_pointer_place_status_or_operation_is_another_kind(spec: Spec) -> None:
    judge = Judge(spec)
    wrong = '{"meta": {"code": %s}, "data": {"name": %s, "notices": 1}}'
    kinds = [
        *fingerprints(judge, people({**GOOD, "id": 1})),
        *fingerprints(judge, people({**GOOD, "id": ""})),
        *fingerprints(judge, people({**GOOD, "name": ""})),
        *fingerprints(judge, topic(wrong % (200, 1))),
        *fingerprints(judge, topic(wrong % (200, '""'))),
        *fingerprints(judge, topic(wrong % (201, '"snow"'))),
        *fingerprints(judge, topic("", status=500)),
        *fingerprints(judge, topic("", status=501)),
        *fingerprints(judge, topic("", method="PUT")),
        *fingerprints(judge, topic("", method="PATCH")),
        *fingerprints(judge, topic("", url="https://board.test/v1/a")),
        *fingerprints(judge, topic("", url="https://board.test/v1/b")),
    ]
    assert len(set(kinds)) == len(kinds) == 12


def test_unknown_paths_that_differ_in_numbers_only_are_one_kind(spec: Spec) -> None:
    urls = [f"https://board.test/v1/stories/{number}/views" for number in ("1", "12345", "1_2")]
    kinds = {kind for url in urls for kind in fingerprints(Judge(spec), topic("", url=url))}
    assert len(kinds) == 1


def test_members_that_are_missing_are_kinds_of_their_own(spec: Spec) -> None:
    kinds = fingerprints(Judge(spec), people({"id": "1"}))
    assert len(set(kinds)) == len(kinds) == 2
