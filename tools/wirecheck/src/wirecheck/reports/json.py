"""The reports for programs; docs/report.schema.json describes both."""

from collections.abc import Iterator
from typing import Any

import msgspec

from wirecheck.model import Report, Severity
from wirecheck.redact import printable_json

_VERSION = 1


def to_json(report: Report) -> Iterator[str]:
    """The report as one JSON object with each finding on a line of its own."""
    yield json_text(head(report))[:-1] + ',\n"findings": ['
    separator = "\n"
    for finding in report.findings:
        yield separator + json_text(finding)
        separator = ",\n"
    yield f'\n],\n"summary": {json_text(summary(report))}}}\n'


def to_jsonl(report: Report) -> Iterator[str]:
    """Each finding as one line, followed by a line with everything else."""
    for finding in report.findings:
        yield f"{json_text(finding)}\n"
    yield json_text({**head(report), "summary": summary(report)}) + "\n"


def head(report: Report) -> dict[str, Any]:
    """What a report is about."""
    return {
        "version": _VERSION,
        "spec": {"file": report.spec, "title": report.title, "version": report.version},
        "exchanges": report.exchanges,
    }


def summary(report: Report) -> dict[str, Any]:
    """The counts of a report."""
    return {
        "errors": report.severities[Severity.ERROR],
        "warnings": report.severities[Severity.WARNING],
        "infos": report.severities[Severity.INFO],
        "unmatched": report.unmatched,
        "partial": report.partial,
        "problems": report.problems,
        "checks": report.checks,
        "operations": report.operations,
        "other_hosts": report.other_hosts,
        "skipped": report.skipped,
        "baselined": report.baselined,
        "resolved": report.resolved,
        "expired": report.expired,
        "interrupted": report.interrupted,
    }


def json_text(value: object) -> str:
    """JSON on one line, whose characters are printable."""
    return printable_json(msgspec.json.encode(value).decode())
