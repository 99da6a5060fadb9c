"""Recognises exchanges of which no check finds anything, in a fraction of the time that the checks take.

It says that an exchange is certainly right, or it says nothing, and the checks decide. What an operation
promises is remembered, so that an exchange takes some lookups and one reading of its body.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from wirecheck.checks.law import laws_hold
from wirecheck.checks.promises import PromisedResponse, Promises, allow, promised_response
from wirecheck.checks.subject import Contract, Subject
from wirecheck.checks.verdict import Verdict
from wirecheck.decode import essence, header_values, json_body, recorded
from wirecheck.decode.forms import split_query
from wirecheck.decode.sent import grouped
from wirecheck.engine import Engine
from wirecheck.limits import deadline
from wirecheck.model import Exchange, LimitError, Side
from wirecheck.spec import Operation, PathMatch

_URL = re.compile(r"(?:https?://[^/?#]+)?(/[^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_PATHS = 1024  # that are remembered


class Acceptance:
    """Recognises exchanges that are certainly right by one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._request, self._response = contract.engines[Side.REQUEST], contract.engines[Side.RESPONSE]
        self._matches = lru_cache(_PATHS)(contract.spec.matches)
        self._forget()

    def _forget(self) -> None:
        """Forgets all promises: they depend on what of the document can be compiled."""
        self._compiled = (self._request.compiled, self._response.compiled)
        self._promises: dict[str, Promises | None] = {}
        self._examined: Subject | None = None

    def subject(self, exchange: Exchange) -> Subject:
        """The exchange as a subject: the one that was examined, if ``verdict`` had to look into its body."""
        examined, self._examined = self._examined, None
        if examined is not None and examined.exchange is exchange:
            return examined
        return Subject(self._contract, exchange)

    def verdict(self, exchange: Exchange) -> Verdict | None:
        """The verdict on an exchange that is certainly right, whatever its host; None where checks decide."""
        verdict = self._verdict(exchange)
        if self._request.compiled is self._compiled[0] and self._response.compiled is self._compiled[1]:
            return verdict
        self._forget()
        return None

    def _verdict(self, exchange: Exchange) -> Verdict | None:
        url = _URL.fullmatch(exchange.url)
        if url is None or exchange.error or exchange.operation or exchange.resource == "synthetic":
            return None
        matches = self._matches(exchange.method.upper(), url[1])
        if len(matches) != 1 or (promises := self._promises_of(matches[0].operation)) is None:
            return None
        by_name = grouped(split_query(url[2])) if url[2] else {}
        is_accepted = 200 <= exchange.status < 300
        if is_accepted and not self._is_request_right(promises, exchange, matches[0], by_name):
            return None
        credentials = promises.credentials(by_name, exchange.request_headers)
        if credentials is None or (is_accepted and not credentials.suffice):
            return None
        promised = self._promised_response(promises, exchange, matches[0])
        if promised is None:
            return None
        verdict = promised.verdicts[credentials.are_any]
        return verdict if self._is_response_right(promised, exchange, matches[0], verdict) else None

    def _promises_of(self, operation: Operation | None) -> Promises | None:
        if operation is None:
            return None
        if operation.pointer not in self._promises:
            rules = self._contract.requests.rules(operation)
            is_decidable = Promises.are_decidable(operation, rules)
            promises = Promises(operation, rules, self._request) if is_decidable else None
            self._promises[operation.pointer] = promises
        return self._promises[operation.pointer]

    def _is_request_right(
        self, promises: Promises, exchange: Exchange, match: PathMatch, by_name: Mapping[str, list[str]]
    ) -> bool:
        """Whether the parameters and the body of a request are certainly as documented."""
        headers = exchange.request_headers
        are_right = (
            promises.allow_path(match.values)
            and (not exchange.has_query or promises.allow_query(by_name))
            and (not promises.header or not recorded(headers) or allow(promises.header, headers))
        )
        body, raw = promises.operation.request_body, exchange.request_body
        if not are_right or body is None or not body.content or raw is None:
            return are_right
        if not raw:
            return not body.required
        content_types = header_values(headers, "content-type")
        schema = promises.body_schema(content_types[-1] if content_types else None)
        return schema is not None and _fits(self._request, schema, raw)

    def _promised_response(
        self, promises: Promises, exchange: Exchange, match: PathMatch
    ) -> PromisedResponse | None:
        content_types = header_values(exchange.response_headers, "content-type")
        content_type = content_types[-1] if content_types and essence(content_types[-1]) else None
        key = (exchange.method, exchange.status, content_type, bool(exchange.response_headers))
        if key not in promises.responses:
            subject = Subject(self._contract, exchange, match)
            promises.responses[key] = promised_response(subject, self._contract, self._response)
        return promises.responses[key]

    def _is_response_right(
        self, promised: PromisedResponse, exchange: Exchange, match: PathMatch, verdict: Verdict
    ) -> bool:
        """Whether the headers and the body of a response are certainly as documented.

        ``verdict`` is that on the exchange if they are. One whose body has to be looked into is kept for
        ``subject``.
        """
        headers, body = exchange.response_headers, exchange.response_body
        if body and promised.is_void:
            return False
        if promised.headers and recorded(headers) and not allow(promised.headers, headers):
            return False
        if not promised.has_laws and (body is None or not promised.is_json or self._accepts(promised, body)):
            return True
        self._examined = subject = Subject(self._contract, exchange, match, verdict)
        return _is_body_right(subject)

    def _accepts(self, promised: PromisedResponse, body: bytes) -> bool:
        """Whether the body of a response fits its schema at a glance."""
        return promised.schema is not None and self._response.accepts(promised.schema, body)


def _fits(engine: Engine, schema: str | None, body: bytes) -> bool:
    """Whether a body is certainly JSON, and fits a schema if there is one."""
    if schema is not None and engine.accepts(schema, body):
        return True
    try:
        decoded = json_body(body)
        return decoded.readable and (schema is None or engine.is_valid(schema, decoded.value))
    except (ValueError, LimitError):  # such as a lone surrogate: the checks say what is wrong
        return False


def _is_body_right(subject: Subject) -> bool:
    """Whether the body of a response is certainly right, and its values are, beyond its schema."""
    try:
        with deadline("judging it"):
            return not (
                subject.body.error or subject.body_violations or any(subject.write_only_values())
            ) and laws_hold(subject)
    except LimitError:
        return False
