"""The evidence of findings: collected while exchanges pass by, and kept in a temporary file."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from typing import IO

import msgspec

from wirecheck.decode import header_values
from wirecheck.model import Evidence, Exchange, Finding, Headers, Side
from wirecheck.redact import Masked, Redactor, encodable, printable
from wirecheck.reports.bodies import body_excerpt
from wirecheck.reports.document_lines import DocumentLines
from wirecheck.reports.finding_spool import shifted
from wirecheck.reports.repetition import command
from wirecheck.spec import Spec

_OF_A_KIND = 3  # findings of one fingerprint that have evidence
_KINDS = 1000  # fingerprints that have
_IN_MEMORY = 4 * 1024 * 1024  # bytes, beyond which evidence goes to a temporary file
_HEADERS = 40
_LONGEST = 300  # characters of a header


class EvidenceSpool:
    """Collects the evidence of the first findings of each kind; close it after the report is written."""

    def __init__(self, spec: Spec, redactor: Redactor) -> None:
        self._redactor = redactor
        self._document = DocumentLines(spec, redactor)
        self._counts = Counter[str]()
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - close() closes it
        self._places: dict[_Key, tuple[int, int]] = {}  # offset and size
        self._size = 0

    def add(self, findings: Iterable[Finding], exchange: Exchange) -> None:
        """Takes the evidence of those findings of an exchange that are among the first of their kinds."""
        masked: Masked | None = None
        for finding in findings:
            key = _key(finding)
            if self._is_wanted(key):
                masked = masked or self._redactor.masked(exchange)
                self._append(key, msgspec.json.encode(self._evidence(finding, exchange, masked)))

    def _is_wanted(self, key: "_Key") -> bool:
        count = self._counts[key[1]]
        return key not in self._places and count < _OF_A_KIND and (count > 0 or len(self._counts) < _KINDS)

    def _append(self, key: "_Key", content: bytes) -> None:
        self._counts[key[1]] += 1
        self._places[key] = self._file.seek(0, os.SEEK_END), len(content)
        self._size += self._file.write(content)

    def is_large(self, size: int) -> bool:
        """Whether it has so many bytes, or might soon leave out a new kind."""
        return self._size >= size or len(self._counts) > _KINDS // 2

    def take(self) -> list["SpooledEvidence"]:
        """What it contains, in its order; it is empty then."""
        self._file.seek(0)
        taken = [(key, self._file.read(size)) for key, (_, size) in self._places.items()]
        self._file.seek(0)
        self._file.truncate()
        self._places.clear()
        self._counts.clear()
        self._size = 0
        return taken

    def merge(self, taken: Iterable["SpooledEvidence"], shift: int) -> None:
        """Takes what another spool contained, whose entries are counted from ``shift``."""
        for (source, fingerprint, pointer), content in taken:
            key = (shifted(source, shift), fingerprint, pointer)
            if self._is_wanted(key):
                self._append(key, content)

    def of(self, finding: Finding) -> Evidence | None:
        place = self._places.get(_key(finding))
        if place is None:
            return None
        self._file.seek(place[0])
        evidence: Evidence = msgspec.json.decode(self._file.read(place[1]), type=Evidence)
        return evidence

    def close(self) -> None:
        self._file.close()

    def _evidence(self, finding: Finding, exchange: Exchange, masked: Masked) -> Evidence:
        is_request = finding.side is Side.REQUEST
        headers = exchange.request_headers if is_request else exchange.response_headers
        content = exchange.request_body if is_request else exchange.response_body
        content_type = (header_values(headers, "content-type") or [""])[-1]
        body, note = body_excerpt(content, content_type, finding.pointer, masked)
        return Evidence(
            curl="\n".join(map(printable, command(exchange, masked).split("\n"))),
            body=body,
            body_note=note,
            request_headers=_headers(exchange.request_headers, masked),
            response_headers=_headers(exchange.response_headers, masked),
            elapsed=exchange.elapsed,
            document=self._document.around(finding.spec_file, finding.line),
        )


_Key = tuple[str, str, str | None]
"""Source, fingerprint and pointer of a finding."""

SpooledEvidence = tuple[_Key, bytes]


def _key(finding: Finding) -> _Key:
    return finding.source, finding.fingerprint, finding.pointer


def _headers(headers: Headers, masked: Masked) -> Headers:
    shown = masked.headers(headers[:_HEADERS])
    return tuple((_shortened(name), _shortened(value)) for name, value in shown)


def _shortened(text: str) -> str:
    text = printable(encodable(text))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
