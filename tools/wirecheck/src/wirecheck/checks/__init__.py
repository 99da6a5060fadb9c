"""The table of checks, and the one judge of exchanges."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from wirecheck.checks import law, request, response
from wirecheck.checks.acceptance import Acceptance
from wirecheck.checks.findings import Findings
from wirecheck.checks.scope import Hosts, Skipped, authority, skipped
from wirecheck.checks.subject import Check, Contract, Subject
from wirecheck.checks.verdict import Verdict
from wirecheck.checks.views import is_authorized
from wirecheck.decode import RequestReader, ValueReader
from wirecheck.engine import Engine, engines
from wirecheck.laws import LawPlans, Laws, Occurrences, laws
from wirecheck.limits import deadline
from wirecheck.model import Exchange, Finding, LimitError, Severity, Side, Violation
from wirecheck.redact import Redactor, encodable
from wirecheck.spec import Operation, PathMatch, Spec

__all__ = ["CHECKS", "ELSEWHERE", "Check", "Hosts", "Judge", "Skipped", "Verdict", "is_of_server"]

_OF_ANY_EXCHANGE = (request.operation_known, request.method_allowed)
_OF_OPERATIONS = (
    response.status_documented,
    response.no_server_fault,
    response.media_type_documented,
    response.body_is_json,
    response.body_matches_schema,
    response.response_headers_match,
    request.request_parameters_match,
    request.query_parameters_spelled,
    request.request_body_matches,
    request.rule_broken_but_accepted,
    request.credentials_present,
    law.law_kept,
)
_OF_BODIES = (response.body_is_json, response.body_matches_schema, law.law_kept)  # of responses

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:-]+(?=[/?#]|\Z)")
_ACCEPTED = 200  # as any status of success
_ORIGINS = 256  # of URLs, that are remembered
_PLACES = 1024  # of findings in the document, that are remembered

ELSEWHERE = "is another host, whose traffic is not checked"
"""The end of the message about an exchange with another host."""

CHECKS: dict[str, Check] = {check.id: check for check in (*_OF_ANY_EXCHANGE, *_OF_OPERATIONS)}


def is_of_server(finding: Finding) -> bool:
    """Whether a finding counts against a server that is tested: an error, a failure or a status.

    Those are warnings in recordings, where they may be the responses of a gateway.
    """
    of_statuses = (response.no_server_fault.id, response.status_documented.id)
    return finding.severity is Severity.ERROR or (finding.check in of_statuses and finding.status > 0)


class Judge:
    """Judges exchanges against one document and, unless ``with_laws`` is false, its laws and invariants.

    Values below the names ``also`` are secret in addition to those of the table and of the document. Without
    ``hosts``, exchanges with any host are judged; with ``only``, the other checks are left out.
    ``validation`` are the engines, where they are others than the usual ones of the document.

    Raises SpecError where a law cannot be compiled.
    """

    def __init__(
        self,
        spec: Spec,
        *,
        with_laws: bool = True,
        also: Iterable[str] = (),
        hosts: Hosts | None = None,
        only: Collection[str] | None = None,
        validation: Mapping[Side, Engine] | None = None,
    ) -> None:
        with_laws = with_laws and (only is None or law.law_kept.id in only)
        self.spec = spec
        self._only = only
        self._hosts = hosts
        by_side, occurrences = validation or engines(spec), Occurrences(spec.document)
        self.laws: Laws = laws(spec, occurrences) if with_laws else {}
        self._contract = Contract(
            spec=spec,
            origin=lru_cache(_PLACES)(spec.document.origin),
            engines=by_side,
            requests=RequestReader(ValueReader(spec.document, by_side[Side.REQUEST].is_valid)),
            reader=ValueReader(spec.document, by_side[Side.RESPONSE].is_valid),
            redactor=Redactor.of(spec, also),
            plans=LawPlans(self.laws, occurrences),
            write_only=Occurrences(spec.document, _is_write_only) if "writeOnly" in spec.marks else None,
        )
        self._acceptance = Acceptance(self._contract)
        self._uncertain = lru_cache(_ORIGINS)(self._uncertain_of)

    @property
    def redactor(self) -> Redactor:
        return self._contract.redactor

    def subject(self, exchange: Exchange) -> Subject:
        """The exchange with what the document says about it."""
        return Subject(self._contract, exchange)

    def judge(self, exchange: Exchange) -> Verdict:
        """Judges one exchange; raises SpecError where the document turns out to be unusable.

        Raises LimitError for an exchange that takes more time or memory than one may.
        """
        accepted = self.accepted(exchange)
        return self.verdict(self._acceptance.subject(exchange)) if accepted is None else accepted

    def accepted(self, exchange: Exchange, *, promptly: bool = False) -> Verdict | None:
        """The verdict on an exchange in which no check finds anything; None where only the checks can tell.

        It costs a fraction of what they cost; ``promptly``, time in proportion to the size of the exchange.
        """
        accepted = self._acceptance.verdict(exchange, promptly=promptly)
        if accepted is None or self._hosts is None or not (host := self._uncertain_host(exchange)):
            return accepted
        elsewhere = Findings(self.subject(exchange)).of(request.operation_known, _elsewhere(self.spec, host))
        return replace(accepted, host=encodable(host), elsewhere=elsewhere)

    def verdict(self, subject: Subject) -> Verdict:
        """Judges a subject that ``subject`` returned; raises LimitError as well."""
        try:
            with deadline("judging it"):
                return self._verdict(subject)
        except LimitError as error:
            raise LimitError(encodable(subject.exchange.source), f"not judged: {error.what}") from None

    def _verdict(self, subject: Subject) -> Verdict:
        host = self._uncertain_host(subject.exchange)
        if subject.otherwise is None:
            is_covered = self.spec.covers(subject.path)
            if reason := skipped(subject.exchange, subject.match, is_covered=is_covered):
                return Verdict(None, (), reason, host=encodable(host))
        made = Findings(subject)
        findings = made.all(
            (check, violation)
            for check in _checks(subject)
            if self._only is None or check.id in self._only
            for violation in check.run(subject)
            if not subject.is_undocumented(violation.spec_pointer)
        )
        elsewhere = made.of(request.operation_known, _elsewhere(self.spec, host)) if host else None
        verdict = subject.otherwise or _without_findings(subject)
        return replace(verdict, findings=findings, host=encodable(host), elsewhere=elsewhere)

    def _uncertain_host(self, exchange: Exchange) -> str:
        """The host of an exchange; empty where it is certain to serve the API."""
        origin = _ORIGIN.match(exchange.url)
        return self._uncertain(origin[0] if origin else exchange.url)

    def _uncertain_of(self, url: str) -> str:
        host = authority(url) if self._hosts else ""
        return "" if self._hosts is None or self._hosts.are_certain(host) else host

    def accepts_request(self, exchange: Exchange) -> bool:
        """Whether `request_findings` certainly finds nothing, in time in proportion to the request."""
        return self._acceptance.accepts_request(exchange)

    def request_findings(self, exchange: Exchange) -> tuple[Finding, ...]:
        """What is wrong with a request, were it accepted; the exchange has no response yet.

        Raises LimitError as `judge` does.
        """
        subject = self.subject(replace(exchange, status=_ACCEPTED))
        with deadline("judging it"):
            return Findings(subject).all(
                (check, violation)
                for check in _checks(subject)
                if check.side is Side.REQUEST
                for violation in check.run(subject)
                if not subject.is_undocumented(violation.spec_pointer)
            )

    def called(self, callback: Operation, exchange: Exchange) -> Iterator[Violation]:
        """The violations of a callback by a request that was sent to it."""
        subject = self.subject(exchange)
        subject.match = PathMatch(callback, callback.template, callback.pointer, (callback.method,), {})
        for check in (request.request_parameters_match, request.request_body_matches):
            yield from check.run(subject)


def _checks(subject: Subject) -> tuple[Check, ...]:
    """The checks that apply: only those of the response where the request was not recorded.

    Where all but the body of the response is known to be right, only those of that.
    """
    if subject.otherwise is not None:
        return _OF_BODIES
    if subject.match is None or subject.match.operation is None:
        return _OF_ANY_EXCHANGE
    if subject.exchange.operation:
        return tuple(check for check in _OF_OPERATIONS if check.side is Side.RESPONSE)
    return _OF_OPERATIONS


def _without_findings(subject: Subject) -> Verdict:
    operation = subject.match.operation if subject.match else None
    return Verdict(
        operation.name if operation else None,
        (),
        authorized=operation is not None and is_authorized(subject),
        unusable=subject.unusable,
    )


def _is_write_only(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("writeOnly") is True


def _elsewhere(spec: Spec, host: str) -> Violation:
    spec_pointer = "/servers" if "servers" in spec.document.data else "/paths"
    return Violation(f"{host} {ELSEWHERE}", spec_pointer, severity=Severity.INFO, kind="elsewhere")
