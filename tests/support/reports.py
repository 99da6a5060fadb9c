"""Makes reports of findings, and reads them back as their consumers do."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID
from xml.etree import ElementTree

import jsonschema
from click import unstyle
from markdown_it import MarkdownIt
from msgspec import structs

from support import junit
from support.paths import ROOT
from wirecheck.checks import CHECKS, Verdict
from wirecheck.model import Finding, Report, Severity, Side
from wirecheck.reports import FOLDERS, FORMATS
from wirecheck.reports.collect import Collector
from wirecheck.spec import Spec

FINDING = Finding(
    source="recorded.har#12",
    entry=12,
    check="body-matches-schema",
    severity=Severity.ERROR,
    side=Side.RESPONSE,
    operation="getTopic",
    method="GET",
    path="/v1/topics/snow",
    status=200,
    pointer="/data/name",
    spec_file="openapi.yaml",
    spec_pointer="#/components/schemas/Topic/properties/name/type",
    line=333,
    message="body /data/name is 1, an integer, not a string",
    fingerprint="0123456789abcdef",
)


@contextlib.contextmanager
def reported(spec: Spec, *findings: Finding) -> Iterator[Report]:
    """A report of findings, one exchange each."""
    with contextlib.closing(Collector(spec)) as collector:
        for finding in findings:
            collector.add(Verdict(finding.operation, (finding,), authorized=True))
        yield collector.report()


def changed(**changes: Any) -> Finding:
    return structs.replace(FINDING, **changes)


def written(format_: str, report: Report) -> str:
    """The report as one text; of a folder the contents of its files, a line each."""
    if format_ in FOLDERS:
        return "".join(content for _, content in FOLDERS[format_](report))
    return unstyle("".join(FORMATS[format_](report)))


# What is valid


def schema_of(name: str) -> Any:
    return json.loads((junit.SCHEMAS / name).read_text(encoding="utf-8"))


FORMAT_CHECKER = jsonschema.FormatChecker()
JSON_SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
DEFINITIONS = JSON_SCHEMA["$defs"]
WITH_FINDINGS = jsonschema.Draft202012Validator(JSON_SCHEMA)
FINDING_LINE = jsonschema.Draft202012Validator(
    {**JSON_SCHEMA["$defs"]["finding"], "$defs": JSON_SCHEMA["$defs"]}
)
SARIF = jsonschema.Draft4Validator(schema_of("sarif-2.1.0.json"), format_checker=FORMAT_CHECKER)
CTRF = jsonschema.Draft7Validator(schema_of("ctrf.json"), format_checker=FORMAT_CHECKER)
# https://allurereport.org/docs/how-it-works-test-result-file/, and model2.py of allure-python-commons
ALLURE = {
    "uuid",
    "historyId",
    "testCaseId",
    "fullName",
    "titlePath",
    "name",
    "description",
    "status",
    "statusDetails",
    "stage",
    "start",
    "stop",
    "labels",
}

Kind = tuple[str, ...]
"""What a format says of a kind of finding, by which a reader recognizes it."""


def text_kinds(text: str) -> set[Kind]:
    assert all(character == "\n" or character.isprintable() for character in text)
    return {(name,) for name in re.findall(r"^  (?:error  |warning|info   ) ([a-z-]+)", text, re.MULTILINE)}


def json_kinds(text: str) -> set[Kind]:
    report = json.loads(text)
    WITH_FINDINGS.validate(report)
    return {(finding["fingerprint"], finding["severity"]) for finding in report["findings"]}


def jsonl_kinds(text: str) -> set[Kind]:
    *findings, last = map(json.loads, text.splitlines())
    for finding in findings:
        FINDING_LINE.validate(finding)
    WITH_FINDINGS.validate({**last, "findings": findings})
    return {(finding["fingerprint"], finding["severity"]) for finding in findings}


def sarif_kinds(text: str) -> set[Kind]:
    log = json.loads(text)
    SARIF.validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert not re.search(r"\{\d+\}|\]\(", result["message"]["text"].replace("{{", "").replace("}}", ""))
        [location] = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"].isascii()
    return {(result["partialFingerprints"]["wirecheckKind/v1"], result["level"]) for result in run["results"]}


def ctrf_kinds(text: str) -> set[Kind]:
    report = json.loads(text)
    CTRF.validate(report)
    results = report["results"]
    statuses = Counter(test["status"] for test in results["tests"])
    for status in ("passed", "failed", "skipped", "pending", "other"):
        assert results["summary"][status] == statuses[status]
    assert results["summary"]["tests"] == len(results["tests"]) > 0
    return {tuple(test["name"].rsplit(": ", 1)) for test in results["tests"] if test["status"] == "failed"}


def allure_kinds(text: str) -> set[Kind]:
    results = [json.loads(line) for line in text.splitlines()]
    assert len({result["historyId"] for result in results}) == len(results) > 0
    for result in results:
        assert result.keys() == ALLURE
        assert str(UUID(result["uuid"])) == result["uuid"]
        assert result["status"] in ("failed", "broken", "passed", "skipped")
        assert result["stage"] == "finished"
        assert {type(result[moment]) for moment in ("start", "stop")} == {int}
        assert {(label.keys() == {"name", "value"}) for label in result["labels"]} == {True}
        assert result["statusDetails"].keys() <= {"known", "muted", "flaky", "message", "trace"}
    return {tuple(result["fullName"].rsplit(": ", 1)) for result in results if result["status"] == "failed"}


def junit_kinds(text: str) -> set[Kind]:
    junit.require_valid(text)
    root = ElementTree.fromstring(text)
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases)) != "0"
        assert suite.get("failures") == str(len(list(suite.iter("failure"))))
        assert {case.get("classname") for case in cases} == {suite.get("name")}
    return {
        (str(case.get("classname")), str(case.get("name")))
        for case in root.iter("testcase")
        if case.find("failure") is not None
    }


def markdown_kinds(text: str) -> set[Kind]:
    assert len(text.encode()) < 1024 * 1024
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    assert not {child.type for child in inline} & {"html_inline", "link_open", "image", "em_open"}
    html = "".join(token.content for token in tokens if token.type == "html_block")
    tags = re.findall(r"<[^>]*>", html)
    opening = ["<details>", "<summary>", "<b>", "</b>", "</summary>", "</details>"]
    assert tags == opening * (len(tags) // len(opening))
    return {(child.content,) for child in inline if child.type == "code_inline" and child.content in CHECKS}


COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")


def github_kinds(text: str) -> set[Kind]:
    kinds = set[Kind]()
    for line in text.splitlines():
        command = COMMAND.fullmatch(line)
        assert command is not None, line
        severity, listed, message = command.groups()
        properties = dict(item.split("=", 1) for item in listed.split(","))
        assert not re.search("%(?!25|0A|0D)", message)
        if severity != "notice":
            assert properties.keys() == {"file", "line", "title"}
            kinds.add((unquote(properties["title"]).split()[0], properties["line"], severity))
    return kinds


KINDS: dict[str, Callable[[str], set[Kind]]] = {
    "text": text_kinds,
    "json": json_kinds,
    "jsonl": jsonl_kinds,
    "markdown": markdown_kinds,
    "junit": junit_kinds,
    "sarif": sarif_kinds,
    "github": github_kinds,
    "ctrf": ctrf_kinds,
    "allure": allure_kinds,
}
"""Requires a report to be valid, and reads the kinds of findings back from it."""
ALL = [format_ for format_ in (*FORMATS, *FOLDERS) if format_ != "html"]
"""The formats but the page, which has tests of its own."""
