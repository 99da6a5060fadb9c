"""The table of checks, and the one judge of exchanges."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wirecheck.checks import law, request, response
from wirecheck.checks.subject import Check, Subject, shortened
from wirecheck.engine import Engine
from wirecheck.laws import Laws, Occurrences, laws
from wirecheck.limits import deadline
from wirecheck.model import Exchange, Finding, LimitError, Violation
from wirecheck.redact import MASK, Redactor, encodable
from wirecheck.spec import Operation, PathMatch, Spec

__all__ = ["CHECKS", "Check", "Judge", "Verdict"]

_OF_ANY_EXCHANGE = (request.operation_known, request.method_allowed)
_OF_OPERATIONS = (
    response.status_documented,
    response.no_server_fault,
    response.media_type_documented,
    response.body_is_json,
    response.body_matches_schema,
    response.response_headers_match,
    request.request_parameters_match,
    request.request_body_matches,
    request.rule_broken_but_accepted,
    request.credentials_present,
    law.law_kept,
)

CHECKS: dict[str, Check] = {check.id: check for check in (*_OF_ANY_EXCHANGE, *_OF_OPERATIONS)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of one exchange, and the operation it belongs to, None if to none."""

    operation: str | None
    findings: tuple[Finding, ...]


class Judge:
    """Judges exchanges against one document and, unless ``with_laws`` is false, its laws and invariants.

    Values below the names ``also`` are secret in addition to those of the table and of the document.

    Raises SpecError where a law cannot be compiled.
    """

    def __init__(self, spec: Spec, *, with_laws: bool = True, also: Iterable[str] = ()) -> None:
        self.spec = spec
        self._occurrences = Occurrences(spec.document)
        self.laws: Laws = laws(spec, self._occurrences) if with_laws else {}
        self._engine = Engine(spec.document)
        self.redactor = Redactor.of(spec, also)

    def subject(self, exchange: Exchange) -> Subject:
        """The exchange with what the document says about it."""
        return Subject(self.spec, self._engine, self.redactor, self.laws, self._occurrences, exchange)

    def judge(self, exchange: Exchange) -> Verdict:
        """Judges one exchange; raises SpecError where the document turns out to be unusable.

        Raises LimitError for an exchange that takes more time or memory than one may.
        """
        return self.verdict(self.subject(exchange))

    def verdict(self, subject: Subject) -> Verdict:
        """The same for a subject that ``subject`` returned."""
        operation = subject.match.operation if subject.match else None
        checks = _OF_OPERATIONS if operation else _OF_ANY_EXCHANGE
        try:
            with deadline("judging it"):
                findings = [
                    _finding(subject, check, violation)
                    for check in checks
                    for violation in check.run(subject)
                ]
        except LimitError as error:
            raise LimitError(encodable(subject.exchange.source), f"not judged: {error.what}") from None
        return Verdict(operation.name if operation else None, tuple(findings))

    def called(self, callback: Operation, exchange: Exchange) -> Iterator[Violation]:
        """The violations of a callback by a request that was sent to it."""
        subject = self.subject(exchange)
        subject.match = PathMatch(callback, callback.template, callback.pointer, (callback.method,), {})
        for check in (request.request_parameters_match, request.request_body_matches):
            yield from check.run(subject)


def _finding(subject: Subject, check: Check, violation: Violation) -> Finding:
    exchange, match = subject.exchange, subject.match

    def clean(text: str) -> str:
        return encodable(subject.masked.text(shortened(text)))

    path = encodable(subject.shown_path)
    operation = match.operation.name if match and match.operation else None
    where = operation or f"{exchange.method} {match.template if match else _shape(path)}"
    pointer = violation.pointer
    if pointer is not None:
        pointer = encodable(subject.masked.pointer(shortened(pointer)))
    place = re.sub(r"/\d+(?=/|$)", "/*", pointer or "")
    kind = "\n".join((check.id, where, str(exchange.status), violation.spec_pointer, place))
    return Finding(
        source=encodable(exchange.source),
        entry=exchange.entry,
        check=check.id,
        severity=violation.severity or check.severity,
        side=check.side,
        operation=operation,
        method=clean(exchange.method),
        path=path,
        status=exchange.status,
        pointer=pointer,
        spec_pointer=f"#{violation.spec_pointer}",
        line=subject.spec.document.line(violation.spec_pointer),
        message=clean(violation.message),
        fingerprint=hashlib.sha256(encodable(kind).encode()).hexdigest()[:16],
    )


def _shape(path: str) -> str:
    """An undocumented path without its numbers and masks: findings about similar paths are of one kind."""
    segments = path.split("/")
    return "/".join("*" if re.search(r"\d", each) or MASK in each else each for each in segments)
