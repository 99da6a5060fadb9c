"""Requests as they stand on the wire, with placeholders where credentials go."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

import httpx

from wirecheck.conform.case import Case
from wirecheck.conform.target import Target
from wirecheck.decode import essence, is_json
from wirecheck.model import Headers
from wirecheck.spec import Operation, PathMatch, Spec

_SHORTEST = 6  # letters from which on a credential is hidden wherever it stands
_NOT_KEPT = {
    *("host", "user-agent", "accept", "accept-encoding", "connection", "content-length"),
    *(
        "transfer-encoding",
        "keep-alive",
        "proxy-connection",
        "te",
        "upgrade",
        "expect",
        "x-schemathesis-testcaseid",
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A request; or, with ``undoes``, what takes back an earlier step, counted from 0.

    ``target`` is path and query as the document has them. No credential stands here, only placeholders.
    """

    method: str = ""
    target: str = ""
    headers: Headers = ()
    body: bytes = b""
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire(Case):
    """A request that is sent as it stands; the terms of the document only name its values."""

    step: Step


class Wires(Target):
    """A target that takes requests as they stand on the wire, too."""

    def request(self, case: Case) -> httpx.Request:
        if not isinstance(case, Wire):
            return super().request(case)
        given = self.credentials if case.credentials is None else case.credentials
        step, kind = case.step, _content_type(case.step.headers)
        url = _filled(self.url(case.operation, step), given)
        headers = [
            (name.encode("latin-1"), _filled_header(value, given).encode("latin-1"))
            for name, value in step.headers
        ]
        body = _filled(step.body.decode("utf-8", "surrogateescape"), given, as_json=is_json(kind))
        return self._built(step.method, url, headers, body.encode("utf-8", "surrogateescape"))

    def forgive(self) -> None:
        """Forgets which operations did not answer, so that they are asked again."""
        self._silence.clear()
        self._silent = 0

    def url(self, operation: Operation, step: Step) -> str:
        """Where a step goes, placeholders and all."""
        return self._base(operation) + step.target.removeprefix(mount(self.spec, operation))

    def wire(self, case: Case) -> Step:
        """A request of the document's terms as it stands on the wire."""
        given = self.credentials if case.credentials is None else case.credentials
        request = self.request(replace(case, credentials={name: placeholder(name) for name in given}))
        step = Step(
            method=request.method,
            target=mount(self.spec, case.operation)
            + str(request.url).removeprefix(self._base(case.operation)),
            headers=tuple(
                (name, _unencoded(value, given)) for name, value in kept(request.headers.multi_items())
            ),
            body=request.content,
        )
        return self.hidden(step)

    def hidden(self, step: Step) -> Step:
        """The step with placeholders for credentials, however they came there."""
        for name, secret in self.credentials.items():
            if len(secret) < _SHORTEST:
                continue
            mark = placeholder(name)
            for spelling in {secret, quote(secret, safe=""), quote_plus(secret)}:
                step = replace(
                    step,
                    target=step.target.replace(spelling, mark),
                    headers=tuple((key, value.replace(spelling, mark)) for key, value in step.headers),
                    body=step.body.replace(spelling.encode(), mark.encode()),
                )
        return step


def mount(spec: Spec, operation: Operation) -> str:
    """The path of the document's server, as steps have it: what varies in it does not matter."""
    return re.sub("[{}]", "~", (operation.servers or spec.prefixes)[0])


def placeholder(scheme: str) -> str:
    """What stands for the credential of a scheme; no encoding changes it."""
    return f"wirecheck~{scheme}~"


def kept(headers: list[tuple[str, str]]) -> Headers:
    """The headers that say something, names in lower case."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() not in _NOT_KEPT)


def matched(spec: Spec, step: Step) -> PathMatch | None:
    """The path of the document that a request belongs to."""
    return spec.match(step.method.upper(), step.target.partition("?")[0])


def _filled(text: str, given: Mapping[str, str], *, as_json: bool = False) -> str:
    for name, secret in given.items():
        text = text.replace(
            placeholder(name), json.dumps(secret)[1:-1] if as_json else quote(secret, safe="[]~")
        )
    return text


def _filled_header(text: str, given: Mapping[str, str]) -> str:
    for name, secret in given.items():
        mark = placeholder(name)
        basic = base64.b64encode(secret.encode()).decode()
        text = text.replace(f"Basic {mark}", f"Basic {basic}").replace(mark, secret)
    return text


def _unencoded(text: str, given: Mapping[str, str]) -> str:
    """A placeholder for the password of HTTP Basic as it was before it was encoded."""
    for mark in map(placeholder, given):
        text = text.replace(base64.b64encode(mark.encode()).decode(), mark)
    return text


def _content_type(headers: Headers) -> str:
    return essence(dict(headers).get("content-type", ""))
