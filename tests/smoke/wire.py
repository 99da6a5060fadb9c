"""The other end of the wire: judges each request by the document, and responds as the document says."""

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qsl

from smoke.compare import difference, same
from smoke.package import NOTHING
from smoke.replies import Reply, replies
from smoke.values import Case, Values
from wirecheck.checks import Judge
from wirecheck.checks.subject import Subject
from wirecheck.decode import SentParameter, essence, is_json
from wirecheck.model import Exchange, Severity, Side
from wirecheck.spec import Operation, Parameter

_OF_CLIENTS = frozenset(
    {"user-agent", "accept-encoding", "connection", "host", "content-length", "accept-language"}
)
"""Headers that a client sends by itself."""


class Wire:
    """Takes the place of a server for one operation at a time.

    ``problems`` are those of the last call's requests, as kind and reason; ``faults`` those of the replies.
    """

    def __init__(self, values: Values, judge: Judge, secrets: frozenset[str]) -> None:
        self._values, self._judge = values, judge
        self._operation: Operation | None = None
        self._case = Case()
        self._filled: Collection[str] = ()
        self._replies: dict[tuple[str, str], tuple[Reply, list[str]]] = {}
        schemes = {scheme for each in values.spec.operations for scheme in each.schemes}
        self._secret = {"access_token", *secrets, *(scheme.parameter for scheme in schemes)}
        self.problems: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self.reply: Reply | None = None
        self.count = 0

    def expect(self, operation: Operation, case: Case, filled: Collection[str]) -> None:
        """Prepares for the call of a case; a client itself fills some fields of its form."""
        self._operation, self._case, self._filled = operation, case, filled
        self.problems, self.faults, self.reply, self.count = [], [], None, 0

    def handler(self, http: Any) -> Callable[[Any], Any]:
        """What a MockTransport calls."""

        def handle(request: Any) -> Any:
            try:
                reply = self._handle(request)
            except Exception as error:
                self.faults.append(f"the harness failed: {type(error).__name__}: {error}")
                reply = Reply(500)
            self.reply = reply
            return http.Response(reply.status, headers=list(reply.headers), content=reply.body)

        return handle

    def _handle(self, request: Any) -> Reply:
        self.count += 1
        operation = self._operation
        assert operation is not None
        headers = tuple((name.lower(), value) for name, value in request.headers.multi_items())
        accept = ", ".join(value for name, value in headers if name == "accept")
        path, mark, query = request.url.raw_path.decode().partition("?")
        _, _, fragment = operation.template.partition("#")
        if fragment:  # which no request has; documents tell operations with one path apart by it
            path += f"%23{fragment}"
        url = f"{request.url.scheme}://{request.url.netloc.decode()}{path}{mark}{query}"

        def exchange(reply: Reply) -> Exchange:
            return Exchange(
                source=operation.name,
                entry=0,
                method=request.method,
                url=url,
                status=reply.status,
                request_headers=headers,
                request_body=request.content,
                response_headers=(("server", "smoke"), *reply.headers),
                response_body=reply.body,
            )

        reply, self.faults = self._reply(operation, accept, exchange)
        subject = self._judge.subject(exchange(reply))
        self._problems_of(operation, subject, request.content)
        return reply

    def _reply(
        self, operation: Operation, accept: str, exchange: Callable[[Reply], Exchange]
    ) -> tuple[Reply, list[str]]:
        key = operation.pointer, accept
        if key not in self._replies:
            self._replies[key] = self._first_valid(operation, accept, exchange)
        return self._replies[key]

    def _first_valid(
        self, operation: Operation, accept: str, exchange: Callable[[Reply], Exchange]
    ) -> tuple[Reply, list[str]]:
        first: tuple[Reply, list[str]] | None = None
        for reply in replies(self._values, operation, accept):
            verdict = self._judge.judge(exchange(reply))
            faults = [
                f"{finding.check}: {finding.message}"
                for finding in verdict.findings
                if finding.side is Side.RESPONSE
                and finding.severity is not Severity.INFO
                and operation.responses
            ]
            if not faults:
                return reply, []
            first = first or (reply, faults)
        return first or (Reply(200), ["no valid response is known"])

    # What is wrong with a request

    def _problems_of(self, operation: Operation, subject: Subject, content: bytes) -> None:
        if self.count > 1:
            self.problems.append(("request", "more than one request was sent"))
        for finding in self._judge.verdict(subject).findings:
            if finding.side is Side.REQUEST and finding.severity is not Severity.INFO:
                self.problems.append((f"judge {finding.check}", finding.message))
        matched = subject.match.operation if subject.match else None
        if matched is None:
            return
        if matched.pointer != operation.pointer:
            self.problems.append(("request", f"belongs to another operation: {matched.name}"))
            return
        reasons = [*self._of_parameters(subject), self._of_body(subject, content)]
        self.problems += [("bytes", reason) for reason in reasons if reason]

    def _of_parameters(self, subject: Subject) -> Iterator[str]:
        for sent in subject.request.parameters:
            problem = self._of_parameter(sent) if sent.is_known else None
            if problem is not None:
                what, details = problem
                where = f"{sent.parameter.location} parameter {sent.parameter.name} ({sent.parameter.style})"
                yield f"{what}: {where}{details}"
        for name, _ in subject.request.undocumented:
            if name not in self._secret:
                yield f"undocumented in the query: {name}"

    def _of_parameter(self, sent: SentParameter) -> tuple[str, str] | None:
        """What is wrong with a parameter, and the details."""
        given = self._case.parameters.get(sent.parameter, NOTHING)
        if given is NOTHING:
            is_wrong = sent.is_sent and not _is_of_client(sent.parameter)
            return ("sent though not passed", "") if is_wrong else None
        if not sent.is_sent:
            return "passed but not sent", ""
        if not any(same(given, value) for value in sent.values):
            return "arrives as another value", f": {given!r} as {sent.values!r}"
        return None

    def _of_body(self, subject: Subject, content: bytes) -> str | None:
        body = self._case.body
        if body is NOTHING:
            return self._of_no_body(content)
        kind = essence(dict(subject.exchange.request_headers).get("content-type", ""))
        if is_json(kind) and not isinstance(body, bytes):
            arrived = json.loads(content) if content else NOTHING
            is_same, what = arrived == body, f"value: {difference(body, arrived)}"
        elif isinstance(body, bytes | str):
            expected = body if isinstance(body, bytes) else body.encode()
            is_same, what = content == expected, f"bytes: {content[:80]!r}"
        else:
            return self._of_form(subject, kind, body)
        return None if is_same else f"the body arrives as other {what}"

    def _of_no_body(self, content: bytes) -> str | None:
        """What is wrong with a body that nobody passed: a client may send credentials in a form."""
        names = {name for name, _ in parse_qsl(content.decode("latin-1"))}
        is_of_client = not content or (names and names <= self._secret)
        return None if is_of_client else f"a body was sent though none was passed: {content[:80]!r}"

    def _of_form(self, subject: Subject, kind: str, body: Any) -> str | None:
        sent = subject.request.body
        if sent is None or not sent.content.readable:
            return None
        arrived = sent.content.value
        if isinstance(arrived, dict) and isinstance(body, dict):
            added = {*self._filled, *(self._secret - body.keys())}  # by the client
            body = {name: value for name, value in body.items() if name not in added}
            arrived = {name: value for name, value in arrived.items() if name not in added}
        return (
            None
            if same(body, arrived)
            else f"the {kind} arrives as another value: {difference(body, arrived)}"
        )


def _is_of_client(parameter: Parameter) -> bool:
    name = parameter.name.lower()
    return parameter.location == "header" and (name in _OF_CLIENTS or "idempotency" in name)
