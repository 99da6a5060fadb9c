"""The other end of the wire: judges each request by the document, and responds as the document says."""

import datetime
import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qsl

from smoke.package import NOTHING
from smoke.replies import Reply, replies
from smoke.values import Case, Values
from wirecheck.checks import Judge
from wirecheck.checks.subject import Subject
from wirecheck.decode import essence, is_json
from wirecheck.model import Exchange, Severity, Side
from wirecheck.spec import Operation

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
        self.problems += [("bytes", reason) for reason in self._of_parameters(operation, subject)]
        self.problems += [("bytes", reason) for reason in self._of_body(subject, content)]

    def _of_parameters(self, operation: Operation, subject: Subject) -> Iterator[str]:
        for sent in subject.request.parameters:
            parameter = sent.parameter
            given = self._case.parameters.get(parameter, NOTHING)
            where = f"{parameter.location} parameter {parameter.name} ({parameter.style})"
            if not sent.is_known:
                continue
            if given is NOTHING:
                if sent.is_sent and not _is_of_client(parameter.location, parameter.name):
                    yield f"sent though not passed: {where}"
            elif not sent.is_sent:
                yield f"passed but not sent: {where}"
            elif not any(same(given, value) for value in sent.values):
                yield f"arrives as another value: {where}: {given!r} as {sent.values!r}"
        for name, _ in subject.request.undocumented:
            if name not in self._secret:
                yield f"undocumented in the query: {name}"

    def _of_body(self, subject: Subject, content: bytes) -> Iterator[str]:
        body = self._case.body
        if body is NOTHING:
            names = {name for name, _ in parse_qsl(content.decode("latin-1"))}
            if content and not (names and names <= self._secret):
                yield f"a body was sent though none was passed: {content[:80]!r}"
            return
        assert self._case.media_type is not None
        kind = essence(dict(subject.exchange.request_headers).get("content-type", ""))
        if isinstance(body, bytes) or (isinstance(body, str) and not is_json(kind)):
            if content != (body if isinstance(body, bytes) else body.encode()):
                yield f"the body arrives as other bytes: {content[:80]!r}"
            return
        if is_json(kind):
            arrived = json.loads(content) if content else NOTHING
            if arrived != body:
                yield f"the body arrives as another value: {_difference(body, arrived)}"
            return
        sent = subject.request.body
        if sent is None or not sent.content.readable:
            return
        arrived, filled = sent.content.value, self._filled
        if isinstance(arrived, dict) and isinstance(body, dict):  # a client adds credentials to forms
            arrived = {
                name: value for name, value in arrived.items() if name in body or name not in self._secret
            }
            body = {name: value for name, value in body.items() if name not in filled}
            arrived = {name: value for name, value in arrived.items() if name not in filled}
        if not same(body, arrived):
            yield f"the {kind} arrives as another value: {_difference(body, arrived)}"


def _is_of_client(location: str, name: str) -> bool:
    return location == "header" and (name.lower() in _OF_CLIENTS or "idempotency" in name.lower())


def same(given: Any, arrived: Any) -> bool:
    """Whether a value is what was passed, as far as texts can say that."""
    if isinstance(given, bytes):
        return isinstance(arrived, str | bytes)
    if isinstance(given, dict):
        if not isinstance(arrived, dict):
            return False
        present = {name: value for name, value in given.items() if value is not None}
        extra = [name for name in arrived.keys() - given.keys() if arrived[name] is not None]
        return not extra and all(
            name in arrived and same(value, arrived[name]) for name, value in present.items()
        )
    if isinstance(given, list):
        if not isinstance(arrived, list):
            return len(given) == 1 and same(given[0], arrived)
        return len(given) == len(arrived) and all(map(same, given, arrived))
    if isinstance(arrived, list):
        return len(arrived) == 1 and same(given, arrived[0])
    return _text(given) == _text(arrived) or _moment(given) == _moment(arrived) is not None


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d|\d\d:\d\d", value):
        return None
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


def _difference(given: Any, arrived: Any, path: str = "") -> str:
    """The first place where two values differ."""
    if isinstance(given, dict) and isinstance(arrived, dict):
        for name in [*given, *arrived]:
            if name not in arrived:
                return f"{path}/{name} is lost"
            if name not in given:
                return f"{path}/{name} is added: {arrived[name]!r:.80}"
            if not same(given[name], arrived[name]):
                return _difference(given[name], arrived[name], f"{path}/{name}")
    if isinstance(given, list) and isinstance(arrived, list) and len(given) == len(arrived):
        for one, other in zip(given, arrived, strict=True):
            if not same(one, other):
                return _difference(one, other, f"{path}/*")
    return f"{path or 'all of it'}: {given!r:.80} as {arrived!r:.80}"


difference = _difference
