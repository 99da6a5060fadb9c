"""Recognises exchanges of which no check finds anything, in a fraction of the time that the checks take.

It says that an exchange is certainly right, or it says nothing, and the checks decide. What an operation
promises is remembered, so that an exchange takes some lookups and one reading of its body.

Where no deadline can be set, it can be asked to be prompt: then it leaves to the checks what may take more
time than is in proportion to an exchange, which are laws, and schemas that are laborious.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

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


class _Sent(NamedTuple):
    """A request that is certainly right, with what its operation promises."""

    match: PathMatch
    promises: Promises
    has_credentials: bool


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

    def verdict(self, exchange: Exchange, *, promptly: bool = False) -> Verdict | None:
        """The verdict on an exchange that is certainly right, whatever its host; None where checks decide."""
        sent = self._sent(exchange, is_accepted=200 <= exchange.status < 300, promptly=promptly)
        verdict = self._verdict(sent, exchange, promptly=promptly) if sent else None
        return verdict if self._is_current() else None

    def accepts_request(self, exchange: Exchange) -> bool:
        """Whether a request is certainly right, were it accepted; promptly, and whatever the response."""
        sent = self._sent(exchange, is_accepted=True, promptly=True)
        return self._is_current() and sent is not None

    def _is_current(self) -> bool:
        """Whether the promises are those of what can be compiled; else they are forgotten."""
        if self._request.compiled is self._compiled[0] and self._response.compiled is self._compiled[1]:
            return True
        self._forget()
        return False

    def _sent(self, exchange: Exchange, *, is_accepted: bool, promptly: bool) -> _Sent | None:
        """A request that is certainly right."""
        url = _URL.fullmatch(exchange.url)
        if url is None or exchange.error or exchange.operation or exchange.resource == "synthetic":
            return None
        matches = self._matches(exchange.method.upper(), url[1])
        if len(matches) != 1 or (promises := self._promises_of(matches[0].operation)) is None:
            return None
        if promptly and not promises.are_prompt:
            return None
        by_name = grouped(split_query(url[2])) if url[2] else {}
        if is_accepted and not self._is_request_right(promises, exchange, matches[0], by_name):
            return None
        credentials = promises.credentials(by_name, exchange.request_headers)
        if credentials is None or (is_accepted and not credentials.suffice):
            return None
        return _Sent(matches[0], promises, credentials.are_any)

    def _verdict(self, sent: _Sent, exchange: Exchange, *, promptly: bool) -> Verdict | None:
        """The verdict on an exchange with such a request, if its response is certainly right, too.

        Unless ``promptly``, an exchange whose body has to be looked into is kept for ``subject``.
        """
        promised = self._promised_response(sent.promises, exchange, sent.match)
        if promised is None or (promptly and not promised.is_prompt):
            return None
        if not self._are_headers_right(promised, exchange):
            return None
        verdict, body = promised.verdicts[sent.has_credentials], exchange.response_body
        if not promised.has_laws and (body is None or not promised.is_json):
            return verdict
        if promptly:
            return verdict if _fits(self._response, promised.schema, body or b"") else None
        if not promised.has_laws and body is not None and self._accepts(promised, body):
            return verdict
        self._examined = subject = Subject(self._contract, exchange, sent.match, verdict)
        vars(subject).update(promised.found)
        return verdict if _is_body_right(subject) else None

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

    @staticmethod
    def _are_headers_right(promised: PromisedResponse, exchange: Exchange) -> bool:
        """Whether the headers of a response are certainly as documented, and whether it has a body."""
        if exchange.response_body and promised.is_void:
            return False
        headers = exchange.response_headers
        return not promised.headers or not recorded(headers) or allow(promised.headers, headers)

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
