"""The report for programs; docs/report.schema.json describes it."""

from collections.abc import Iterator

import msgspec

from wirecheck.model import Report, Severity
from wirecheck.redact import printable_json

_VERSION = 1


def to_json(report: Report) -> Iterator[str]:
    """The report as one JSON object with each finding on a line of its own."""
    head = {
        "version": _VERSION,
        "spec": {"file": report.spec, "title": report.title, "version": report.version},
        "exchanges": report.exchanges,
    }
    summary = {
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
    yield _text(head)[:-1] + ',\n"findings": ['
    separator = "\n"
    for finding in report.findings:
        yield separator + _text(finding)
        separator = ",\n"
    yield f'\n],\n"summary": {_text(summary)}}}\n'


def _text(value: object) -> str:
    return printable_json(msgspec.json.encode(value).decode())
