"""A baseline: the findings of earlier runs that are known, in a file that people edit.

It is TOML, as people add a reason and a date, and sorted, so that a change of it is easy to review.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from wirecheck.config import ConfigError, shortened, table_of, unknown_keys
from wirecheck.model import Finding, KnownFinding, Report

_HEAD = """\
# The known findings of `wirecheck check --baseline`. Give each a reason, and a date on which it expires:
# both are kept. Everything else, comments included, is written anew by --update-baseline.
version = 1
"""
_KEYS = KnownFinding.__struct_fields__
_FINGERPRINT = re.compile("[0-9a-f]{16}")


class Baseline(Struct, frozen=True):
    """The known findings, by fingerprint."""

    findings: dict[str, KnownFinding]

    def known(self, today: date) -> frozenset[str]:
        """The fingerprints of what is accepted on a day; the day on which a finding expires is the last."""
        return frozenset(self.findings) - {finding.fingerprint for finding in self.expired(today)}

    def expired(self, today: date) -> tuple[KnownFinding, ...]:
        return tuple(
            finding for finding in self.findings.values() if finding.expires and finding.expires < today
        )

    def resolved(
        self, report: Report, is_checked: Callable[[KnownFinding], bool]
    ) -> tuple[KnownFinding, ...]:
        """What was not found again, although its operation was exercised and its check made.

        What belongs to no operation is never resolved: whether it was tried again is unknown.
        """
        if not self.findings:
            return ()
        again = {*report.known, *(finding.fingerprint for finding in report.findings)}
        return tuple(
            finding
            for finding in self.findings.values()
            if finding.fingerprint not in again
            and report.operations.get(finding.operation or "")
            and is_checked(finding)
        )

    def updated(self, findings: Iterable[Finding], resolved: Iterable[KnownFinding]) -> "Baseline":
        """With what was found, and without what is resolved. What it has already stays as it is."""
        gone = {finding.fingerprint for finding in resolved}
        kept = {key: finding for key, finding in self.findings.items() if key not in gone}
        for finding in findings:
            if finding.fingerprint not in kept:
                kept[finding.fingerprint] = KnownFinding(
                    fingerprint=finding.fingerprint,
                    check=finding.check,
                    operation=finding.operation,
                    message=finding.message,
                )
        return Baseline(kept)

    def lines(self) -> Iterator[str]:
        """The text of the file."""
        yield _HEAD
        for finding in sorted(self.findings.values(), key=_order):
            yield "\n[[finding]]\n"
            for key, value in asdict(finding).items():
                if isinstance(value, date):
                    yield f"{key} = {value}\n"
                elif value or key == "message":
                    yield f"{key} = {_quoted(value)}\n"


def read(path: Path) -> Baseline:
    """The baseline of a file. Raises ConfigError for one that cannot be used."""
    table, where = table_of(path), str(path)
    for problem in unknown_keys(table, ("version", "finding")):
        raise ConfigError(where, problem)
    if table.get("version") != 1:
        raise ConfigError(where, "version must be 1")
    entries = table.get("finding", [])
    if not isinstance(entries, list):
        raise ConfigError(where, "finding must be a list of tables: [[finding]]")
    findings: dict[str, KnownFinding] = {}
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, dict):
            for problem in unknown_keys(entry, _KEYS):
                raise ConfigError(where, f"finding {number}: {problem}")
        try:
            finding = msgspec.convert(entry, KnownFinding)
        except msgspec.ValidationError as error:
            what = shortened(str(error))
            raise ConfigError(where, f"finding {number}: {what[0].lower()}{what[1:]}") from None
        if not _FINGERPRINT.fullmatch(finding.fingerprint):
            raise ConfigError(where, f"finding {number}: fingerprint must be 16 hexadecimal digits")
        if finding.fingerprint in findings:
            raise ConfigError(where, f"finding {number} has the fingerprint of another one")
        findings[finding.fingerprint] = finding
    return Baseline(findings)


def _order(finding: KnownFinding) -> tuple[str, str, str]:
    return finding.operation or "", finding.check, finding.fingerprint


def _quoted(text: str) -> str:
    """A string of TOML, which escapes as JSON does, but for characters that JSON need not escape."""
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08X}" for sign in escaped)
