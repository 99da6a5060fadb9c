"""Makes findings of the violations of an exchange: who, where, how severe, and what identifies them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache

from msgspec import structs

from wirecheck.checks.subject import Check, Subject, shortened
from wirecheck.model import Finding, Violation
from wirecheck.redact import MASK, encodable
from wirecheck.spec.router import PARAMETER

MOST = 100
"""The number of findings that one exchange has of one kind: a list may have any number of wrong items."""
_KINDS = 1024  # of findings, that are remembered


class Findings:
    """Makes findings of the violations of one exchange, without its secrets.

    Those are looked for with the first finding: most exchanges have none.
    """

    def __init__(self, subject: Subject) -> None:
        exchange, match = subject.exchange, subject.match
        self._subject, self._exchange, self._masked = subject, exchange, subject.masked
        self._source = encodable(exchange.source)
        operation = match.operation if match else None
        self._operation = operation.name if operation else None

    @cached_property
    def _method(self) -> str:
        return self._clean(self._exchange.method)

    @cached_property
    def _path(self) -> str:
        return encodable(self._subject.shown_path)

    @cached_property
    def _query(self) -> str:
        return encodable(shortened(self._masked.text(self._subject.query)))

    @cached_property
    def _where(self) -> str:
        """Method and template, by which findings about the same operation are of one kind."""
        match, spec = self._subject.match, self._subject.spec
        operation = match.operation if match else None
        method = operation.method if operation else self._exchange.method
        template = PARAMETER.sub("{}", match.template) if match else shape(spec.without_prefix(self._path))
        return f"{method} {template}"

    def all(self, violations: Iterable[tuple[Check, Violation]]) -> tuple[Finding, ...]:
        """The findings, at most MOST of a kind; the first of more says how many there are."""
        counts = Counter[str]()
        firsts = dict[str, int]()
        findings: list[Finding] = []
        for check, violation in violations:
            fingerprint = self._fingerprint(check, violation)
            counts[fingerprint] += 1
            if counts[fingerprint] <= MOST:
                firsts.setdefault(fingerprint, len(findings))
                findings.append(self._of(check, violation, fingerprint))
        for fingerprint, count in counts.items():
            if count > MOST:
                index = firsts[fingerprint]
                message = (
                    f"{findings[index].message} (the first of {count:,} alike, of which {MOST} are listed)"
                )
                findings[index] = structs.replace(findings[index], message=message)
        return tuple(findings)

    def of(self, check: Check, violation: Violation) -> Finding:
        return self._of(check, violation, self._fingerprint(check, violation))

    def _of(self, check: Check, violation: Violation, fingerprint: str) -> Finding:
        pointer = violation.pointer
        if pointer is not None:
            pointer = encodable(self._masked.pointer(shortened(pointer)))
        origin = self._subject.origin(violation.spec_pointer)
        return Finding(
            source=self._source,
            entry=self._exchange.entry,
            check=check.id,
            severity=violation.severity or check.severity,
            side=check.side,
            operation=self._operation,
            method=self._method,
            path=self._path,
            query=self._query,
            status=self._exchange.status,
            pointer=pointer,
            spec_file=encodable(origin.file),
            spec_pointer=f"#{origin.pointer}",
            line=origin.line,
            message=self._clean(violation.message),
            fingerprint=fingerprint,
        )

    def _clean(self, text: str) -> str:
        return encodable(self._masked.text(shortened(text)))

    def _place(self, violation: Violation) -> str:
        """The place in the body, with ``*`` for an index, and for a name that only the recording has."""
        documented = self._subject.spec.member_names
        names = (
            token.replace("~1", "/").replace("~0", "~") for token in (violation.pointer or "").split("/")
        )
        return "/".join(name if name in documented else "*" for name in names)

    def _fingerprint(self, check: Check, violation: Violation) -> str:
        """Nothing here depends on where in the document, and under which name, something is written."""
        status = str(self._exchange.status)
        return _digest("\n".join((check.id, self._where, status, violation.kind, self._place(violation))))


@lru_cache(maxsize=_KINDS)
def _digest(text: str) -> str:
    return hashlib.sha256(encodable(text).encode()).hexdigest()[:16]


def shape(path: str) -> str:
    """An undocumented path without its numbers and masks: findings about similar paths are of one kind."""
    segments = path.split("/")
    return "/".join("*" if re.search(r"\d", each) or MASK in each else each for each in segments)
