"""The report as SARIF 2.1.0, which code hosts and editors show at the lines of the document.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from wirecheck.checks import CHECKS
from wirecheck.explain import Page, pages
from wirecheck.model import DocumentProblem, Report, Severity
from wirecheck.reports.json import head, json_text, summary
from wirecheck.reports.kinds import FindingKind, FindingKinds, findings
from wirecheck.reports.repository import in_repository, is_url
from wirecheck.words import counted

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SHOWN = 5000
"""The number of results that GitHub shows of one run; of others, it would choose by itself."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_INDEX = {check: index for index, check in enumerate(CHECKS)}
_ROOT = "%SRCROOT%"
_URL = "%:/?#@!$&'()*+,;=~"  # characters of a URL that stay as they are


def to_sarif(report: Report) -> Iterator[str]:
    """One run with a result for each kind of finding, a line each, the most severe first."""
    kinds = FindingKinds(_SHOWN)
    for finding in findings(report):
        kinds.add(finding)
    pages_of_checks = pages()
    rules = [_rule(pages_of_checks[check.id], check.severity, check.side) for check in CHECKS.values()]
    driver = {"name": "wirecheck", "version": version("wirecheck"), "rules": rules}
    notifications = [*map(_problem, report.problems), *_left_out(kinds.left_out())]
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "properties": {**head(report), "summary": summary(report)},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0"}
    yield f'{json_text(log)[:-1]},\n"runs": [{json_text(run)[:-1]},\n"results": ['
    separator = "\n"
    for kind in kinds.gravest():
        yield separator + json_text(_result(kind))
        separator = ",\n"
    yield "\n]}]}\n"


def _rule(page: Page, severity: Severity, side: str) -> dict[str, Any]:
    rest = page.text.partition("\n")[2]
    example = f"{page.document}\nViolates it:\n\n{page.bad}\nSatisfies it:\n\n{page.good}"
    fenced = (
        f"```yaml\n{page.document}```\n\nViolates it:\n\n```http\n{page.bad}```\n\n"
        f"Satisfies it:\n\n```http\n{page.good}```\n"
    )
    text = "\n\n".join(filter(None, (page.why, rest.strip())))
    return {
        "id": page.id,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": page.text},
        "help": {"text": f"{text}\n\n{example}", "markdown": f"{text}\n\n{fenced}"},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": ["openapi", "http", side]},
    }


def _result(kind: FindingKind) -> dict[str, Any]:
    finding = kind.first
    location = _location(finding.spec_file, finding.line, finding.spec_pointer)
    return {
        "ruleId": finding.check,
        "ruleIndex": _INDEX[finding.check],
        "level": _LEVELS[finding.severity],
        "message": {"text": _literal(finding.message)},
        "locations": [location],
        "partialFingerprints": {"wirecheckKind/v1": finding.fingerprint},
        "occurrenceCount": kind.count,
        "properties": {
            "operation": finding.operation,
            "side": finding.side,
            "sources": kind.sources,
            "method": finding.method,
            "path": finding.path,
            "query": finding.query,
            "status": finding.status,
            "pointer": finding.pointer,
        },
    }


def _location(file: str, line: int, pointer: str) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": _artifact(file), "region": {"startLine": line}},
        "logicalLocations": [{"fullyQualifiedName": pointer.removeprefix("#")}],
    }


def _artifact(file: str) -> dict[str, str]:
    if is_url(file):
        return {"uri": quote(file, safe=_URL)}
    path = in_repository(file)
    return (
        {"uri": f"file://{quote(path)}"} if path.startswith("/") else {"uri": quote(path), "uriBaseId": _ROOT}
    )


def _problem(problem: DocumentProblem) -> dict[str, Any]:
    what = f"{problem.message} ({counted(problem.exchanges, 'exchange')} not fully checked)"
    location = _location(problem.file, problem.line, problem.pointer)
    return {"level": "warning", "message": {"text": _literal(what)}, "locations": [location]}


def _left_out(number: int) -> list[dict[str, Any]]:
    text = f"{counted(number, 'finding')} of further kinds left out"
    return [{"level": "warning", "message": {"text": text}}] if number else []


def _literal(text: str) -> str:
    """A message without placeholders (3.11.5) and links (3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
