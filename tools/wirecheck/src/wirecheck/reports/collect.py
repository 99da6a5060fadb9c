"""Collects verdicts into a report, in constant memory."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import IO

import msgspec

from wirecheck.checks import Verdict
from wirecheck.model import DocumentProblem, Finding, Report, Severity
from wirecheck.spec import Spec, SpecProblem

_IN_MEMORY = 8 * 1024 * 1024  # bytes of findings, beyond which they go to a temporary file
_AT_ONCE = 64 * 1024  # bytes of findings that are read at once


class Collector:
    """Collects verdicts one by one. Close it only after the report has been written."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._findings = _Spool()
        self._operations = Counter[str]()
        self._severities = Counter[Severity]()
        self._checks = Counter[str]()
        self._exchanges = 0
        self._unmatched = 0
        self._partial = 0
        self._unusable = Counter[SpecProblem]()

    def add(self, verdict: Verdict) -> None:
        self._exchanges += 1
        if verdict.operation is None:
            self._unmatched += 1
        else:
            self._operations[verdict.operation] += 1
        self._partial += bool(verdict.unusable)
        self._unusable.update(verdict.unusable)
        for finding in verdict.findings:
            self._severities[finding.severity] += 1
            self._checks[finding.check] += 1
            self._findings.append(finding)

    def report(self) -> Report:
        info = self._spec.document.data.get("info", {})
        return Report(
            spec=_encodable(self._spec.document.name),
            title=str(info.get("title", "")),
            version=str(info.get("version", "")),
            exchanges=self._exchanges,
            unmatched=self._unmatched,
            partial=self._partial,
            problems=tuple(self._problems()),
            operations={
                operation.name: self._operations[operation.name] for operation in self._spec.operations
            },
            severities={severity: self._severities[severity] for severity in Severity},
            checks=dict(sorted(self._checks.items())),
            findings=self._findings,
        )

    def _problems(self) -> Iterator[DocumentProblem]:
        """The problems of the document, in its order, those that only some exchange met included."""
        document = self._spec.document
        for problem in dict.fromkeys([*document.problems, *self._unusable]):
            origin = document.where(problem)
            yield DocumentProblem(
                file=_encodable(origin.file),
                line=origin.line,
                pointer=f"#{_encodable(origin.pointer)}",
                message=_encodable(problem.message),
                exchanges=self._unusable[problem],
            )

    def close(self) -> None:
        self._findings.close()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


class _Spool:
    """Findings in a file, which is in memory while they are few."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - close() closes it
        self._encoder = msgspec.json.Encoder()

    def append(self, finding: Finding) -> None:
        self._file.seek(0, os.SEEK_END)
        self._file.write(self._encoder.encode(finding) + b"\n")

    def __iter__(self) -> Iterator[Finding]:
        decoder = msgspec.json.Decoder(Finding)
        position = 0  # of this reader; others may read or write between two findings
        while True:
            self._file.seek(position)
            lines = self._file.readlines(_AT_ONCE)
            position = self._file.tell()
            if not lines:
                return
            yield from map(decoder.decode, lines)

    def close(self) -> None:
        self._file.close()
