"""Every format of reports: golden files, published schemas, and texts that mean something to a format."""

import contextlib
import difflib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.paths import ROOT, SPECS
from support.reports import ALL, FINDING, KINDS, changed, markdown_kinds, reported, sarif_kinds, written
from wirecheck.checks import CHECKS, Judge
from wirecheck.cli.judging import check
from wirecheck.model import DocumentProblem, Finding, Report, Severity
from wirecheck.recordings import read
from wirecheck.reports import FOLDERS, FORMATS
from wirecheck.reports.collect import Collector, is_note
from wirecheck.reports.repository import in_repository
from wirecheck.spec import Spec, load

GOLDEN = Path(__file__).parent / "golden"
GOLDEN_FILES = {
    "text": "check.txt",
    "json": "check.json",
    "jsonl": "check.jsonl",
    "html": "check.html",
    "markdown": "check.md",
    "junit": "check.xml",
    "sarif": "check.sarif",
    "github": "check.github.txt",
    "ctrf": "check.ctrf.json",
    "allure": "check.allure.jsonl",
}


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load(SPECS / "noticeboard.yaml")


def test_every_format_has_a_golden_file_a_validation_and_is_documented_and_offered() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    options = {option.name: option for option in check.params}
    offered = str(getattr(options["reports"], "help", ""))
    assert [*getattr(options["format_"].type, "choices", ())] == [*FORMATS]
    assert {*FORMATS, *FOLDERS} == GOLDEN_FILES.keys() == {*KINDS, "html"}
    for format_, file in GOLDEN_FILES.items():
        assert (GOLDEN / file).is_file()
        assert re.search(rf"\b{format_}\b", offered)
        assert f"`{format_}`" in page


# The golden files


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Report]:
    """A report of two recordings, made in the folder ``api`` of a repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "api").mkdir()
    shutil.copy(SPECS / "noticeboard.yaml", tmp_path / "api")
    monkeypatch.chdir(tmp_path / "api")
    board = load(Path("noticeboard.yaml"))
    judge = Judge(board)
    with contextlib.closing(Collector(board)) as collector:
        for recording in ("morning.jsonl", "evening.jsonl"):
            for exchange in read(GOLDEN / recording):
                collector.add(judge.judge(exchange))
        yield collector.report()


def still(text: str) -> str:
    """A report without times, and without the texts of `wirecheck explain`."""
    text = re.sub(r'(timestamp=)"[^"]*"', r'\1"2015-11-17T00:00:00"', text)
    text = re.sub(r'"(start|stop)":\d+', r'"\1":0', text)
    text = re.sub(r'"description":"(?:[^"\\]|\\.)*"', '"description":"…"', text)
    rules = re.search(r'"rules":(\[.*\])\}\},"invocations"', text)
    if rules:
        ids = [{"id": rule["id"]} for rule in json.loads(rules[1])]
        text = text.replace(rules[1], json.dumps(ids, separators=(",", ":")))
    return text


@pytest.mark.parametrize("format_", ALL)
def test_the_report_of_recordings_is_the_golden_file(format_: str, recorded: Report) -> None:
    text = still(written(format_, recorded))
    name = GOLDEN_FILES[format_]
    expected = (GOLDEN / name).read_text(encoding="utf-8")
    difference = difflib.unified_diff(
        expected.splitlines(True), text.splitlines(True), f"golden/{name}", "now"
    )
    assert text == expected, "\n" + "".join(difference)
    assert KINDS[format_](text)


# Hostile texts

PIECES = [
    *("]]>", "<![CDATA[", "<script>", "</details>", "</failure>", "-->", "&amp;", "&", '"', "'", "<", ">"),
    *("::", "::error::", "%0A", "%", ",", "##[error]", "\n::stop-commands::x\n", "\r", "\n", "\n\n"),
    *("|", "`", "```", "*", "_x_", "#", "~~", "$x$", "[a](http://b.test)", "![i](j)", "](0)", "\\", "- "),
    *(
        "{0}",
        "{",
        "}}",
        "\x00",
        "\x1b[31m",
        "\x7f",
        "\x9b",
        "\u202e",
        "\u2028",
        "\ufffe",
        "\U0010ffff",
        "\\udcff",
    ),
    *("", " ", "  ", "a", "é", "中", "/", "~1", "?", "=", "x" * 300),
]
hostile = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
anything = hostile | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
finding = st.builds(
    changed,
    source=anything.map("{}.har#1".format),
    check=st.sampled_from(sorted(CHECKS)),
    severity=st.sampled_from(Severity),
    operation=st.none() | st.sampled_from(["getTopic", "getFeed"]) | anything,
    method=anything,
    path=anything,
    query=anything,
    status=st.integers(0, 999),
    pointer=st.none() | anything.map("/{}".format),
    spec_file=anything.map("a{}".format),
    spec_pointer=anything.map("#/{}".format),
    line=st.integers(1, 10**6),
    message=anything.map("m{}".format),
    fingerprint=st.integers(0, 5).map("{:016x}".format),
)


@pytest.mark.no_cover
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(findings=st.lists(finding, max_size=8))
@pytest.mark.parametrize("format_", ALL)
def test_any_findings_are_valid_and_can_be_read_back(
    format_: str, spec: Spec, findings: list[Finding]
) -> None:
    with reported(spec, *findings) as report:
        kinds = KINDS[format_](written(format_, report))
    shown = [each for each in findings if not is_note(each)]
    if format_ in ("json", "jsonl"):
        assert kinds == {(each.fingerprint, each.severity) for each in findings}
    elif format_ == "sarif":
        assert kinds == {(each.fingerprint, LEVELS[each.severity]) for each in shown}
    elif format_ == "github":
        firsts = {(each.fingerprint, each.severity): each for each in reversed(shown)}
        expected = {(each.check, str(each.line), each.severity) for each in firsts.values()}
        assert kinds == {kind for kind in expected if kind[2] != "info"}
    elif format_ == "markdown":
        assert kinds <= {(each.check,) for each in shown}
        assert bool(kinds) == bool(shown)
    elif format_ != "text":
        assert {kind[1] for kind in kinds} == {
            each.check for each in shown if each.severity is Severity.ERROR
        }


# What the formats say


def test_warnings_are_failures_where_they_count_as_violations(spec: Spec) -> None:
    with reported(spec, changed(severity=Severity.WARNING)) as report:
        tolerant = structs.replace(report, failing=())
        strict = structs.replace(report, failing=(Severity.ERROR, Severity.WARNING))
        for format_ in ("junit", "ctrf", "allure"):
            assert KINDS[format_](written(format_, tolerant)) == set()
            assert KINDS[format_](written(format_, strict)) == {("getTopic", "body-matches-schema")}
        output = ElementTree.fromstring(written("junit", tolerant)).findtext("testsuite[@id='1']/system-out")
        assert FINDING.message in str(output)


def test_a_report_of_nothing_has_skipped_tests(spec: Spec) -> None:
    with reported(spec) as report:
        for format_ in ALL:
            assert KINDS[format_](written(format_, report)) == set()
        root = ElementTree.fromstring(written("junit", report))
        [message] = {skipped.get("message") for skipped in root.iter("skipped")}
        assert message == "no exchange was checked"
        assert "**Nothing was checked.**" in written("markdown", report)


def test_a_check_that_was_not_run_has_not_passed(spec: Spec) -> None:
    with reported(spec, FINDING) as report:
        root = ElementTree.fromstring(written("junit", structs.replace(report, not_run=("law-kept",))))
    [skipped] = [case for case in root.iter("testcase") if case.find("skipped") is not None]
    assert (skipped.get("classname"), skipped.get("name")) == ("getTopic", "law-kept")


def test_tests_keep_their_identity_when_they_are_repaired(spec: Spec) -> None:
    def ids(*findings: Finding) -> set[str]:
        with reported(spec, *findings) as report:
            return {json.loads(content)["historyId"] for _, content in FOLDERS["allure"](report)}

    assert ids(FINDING) == ids(changed(check="law-kept", message="other", fingerprint="1" * 16))


def many(number: int, **changes: Any) -> Iterator[Finding]:
    for each in range(number):
        yield changed(message=f"m{each}", fingerprint=f"{each:016x}", **changes)


def test_github_shows_the_first_ten_of_a_severity_and_the_number_of_the_others(spec: Spec) -> None:
    with reported(spec, *many(25, severity=Severity.WARNING), *many(12)) as report:
        lines = written("github", report).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    assert "17 findings of further kinds" in lines[-1]


def test_sarif_has_the_gravest_of_too_many_results(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.reports.sarif._SHOWN", 5)
    with reported(spec, *many(7, severity=Severity.WARNING), *many(3), FINDING, FINDING) as report:
        text = written("sarif", report)
    sarif_kinds(text)
    [run] = json.loads(text)["runs"]
    assert [result["level"] for result in run["results"]] == ["error"] * 4 + ["warning"]
    assert run["results"][3]["occurrenceCount"] == 2
    [notification] = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "6 findings of further kinds left out"


def test_sarif_names_files_as_their_host_does(
    spec: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    outside = tmp_path.parent / "é.yaml"
    files = [
        "x.yaml",
        "../b:c.yaml",
        str(tmp_path / "d.yaml"),
        str(outside),
        "https://c.test/é {}.yaml",
        "a[http://b]",
    ]
    with reported(
        spec, *(changed(spec_file=file, fingerprint=f"{n:016}") for n, file in enumerate(files))
    ) as report:
        [run] = json.loads(written("sarif", report))["runs"]
    locations = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert [location["uri"] for location in locations] == [
        "a%20b/x.yaml",
        "b%3Ac.yaml",
        "d.yaml",
        outside.as_uri(),
        "https://c.test/%C3%A9%20%7B%7D.yaml",
        "a%20b/a%5Bhttp%3A/b%5D",
    ]
    assert ["uriBaseId" in location for location in locations] == [True] * 3 + [False] * 2 + [True]


def test_the_problems_of_the_document_are_notifications_of_sarif(spec: Spec) -> None:
    problem = DocumentProblem(file="a.yaml", line=7, pointer="#/paths", message="odd {0}", exchanges=1)
    with reported(spec, FINDING) as report:
        text = written("sarif", structs.replace(report, problems=(problem,), partial=1))
    sarif_kinds(text)
    [notification] = json.loads(text)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "odd {{0}} (1 exchange not fully checked)"
    assert notification["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}


def test_markdown_stays_small(spec: Spec) -> None:
    long = {"message": "<" * 2000, "path": "/" + "`" * 1999}
    findings = [
        changed(operation=f"op{number // 15}", fingerprint=f"{number:016x}", **long) for number in range(900)
    ]
    with reported(spec, *findings) as report:
        operations = {f"{number}" + "<" * 9000: 1 for number in range(200)}
        text = written("markdown", structs.replace(report, operations=operations, title="|" * 10**6))
    markdown_kinds(text)
    assert 300_000 < len(text.encode()) < 600_000
    assert re.search(r"\n\d+ findings of further operations left out\.\n$", text)


def test_markdown_says_what_was_not_checked(spec: Spec) -> None:
    unanswered = changed(check="status-documented", severity=Severity.INFO, status=0)
    message = "no request carries credentials, which recorders often remove: `a` was not judged"
    denied = changed(check="credentials-present", severity=Severity.INFO, message=message)
    with reported(spec, FINDING) as report:
        left_out = structs.replace(
            report,
            findings=[unanswered, unanswered, denied],
            unmatched=1 + 2 + 3,
            other_hosts={"a.example": 2},
            skipped={"not HTTP": 2, "cut off": 1},
            partial=4,
        )
        text = written("markdown", left_out)
    assert "**No violations were found in what could be checked.**" in text
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        "- 1 exchange of no operation",
        "- 2 exchanges with other hosts, not checked",
        "- 3 exchanges not checked for other reasons (2 not HTTP, 1 cut off)",
        "- 4 exchanges not fully checked, as the document has errors",
        "- no request carries credentials, which recorders often remove: \\`a\\` was not judged",
        "- 2 exchanges without a response",
    ]
    assert "**All checks passed.**" in written("markdown", structs.replace(left_out, partial=0))


def test_markdown_counts_further_kinds_of_an_operation(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.reports.markdown._SHOWN", 2)
    with reported(spec, *many(5)) as report:
        text = written("markdown", report)
    assert "- and 3 findings of further kinds\n\n</details>" in text


def test_results_count_the_kinds_that_they_leave_out(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.reports.results._SHOWN", 2)
    with reported(spec, *many(5)) as report:
        text = written("junit", report)
    assert "and 3 findings of further kinds" in text


def test_the_text_report_names_the_first_errors_of_a_document(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wirecheck.reports.text._SHOWN_PROBLEMS", 2)
    problems = tuple(
        DocumentProblem(file="a.yaml", line=line, pointer="#/paths", message="odd", exchanges=1)
        for line in range(5)
    )
    with reported(spec) as report:
        text = written("text", structs.replace(report, problems=problems, partial=5, exchanges=5))
    assert text.count("odd") == 2
    assert "  and 3 errors more\n" in text


def test_a_document_of_a_url_keeps_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert in_repository("https://a.test/b.yaml") == "https://a.test/b.yaml"
    assert in_repository("b.yaml") == "b.yaml"
