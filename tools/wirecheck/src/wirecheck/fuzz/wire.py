"""Requests as they stand on the wire, with placeholders for credentials."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

import httpx

from wirecheck.conform.case import Case
from wirecheck.conform.target import Target
from wirecheck.curl import placeholder, unencoded
from wirecheck.decode import essence, is_json
from wirecheck.model import Headers, TargetError
from wirecheck.spec import Operation, PathMatch, Spec

_SHORTEST = 6  # characters; a shorter credential is concealed only where it is sent
BROKEN = "broken-"
"""Before the name of a scheme: that of credentials of the same form that are not valid."""
_DROPPED_HEADERS = {
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
    """A request; or, with ``undoes``, the undoing of an earlier step, counted from 0.

    ``target`` is path and query below the document's server. It holds placeholders, never a credential.
    """

    method: str = ""
    target: str = ""
    headers: Headers = ()
    body: bytes = b""
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCase(Case):
    """A case that is sent as its step says; parameters and body only name its values for laws."""

    step: Step


class WireTarget(Target):
    """A target that also sends requests as they stand on the wire."""

    def request(self, case: Case) -> httpx.Request:
        if not isinstance(case, WireCase):
            return super().request(case)
        credentials = with_broken(self.credentials if case.credentials is None else case.credentials)
        step, kind = case.step, _content_type(case.step.headers)
        url = _filled(self.url(case.operation, step), credentials)
        headers = [
            (name.encode("latin-1"), _filled_header(value, credentials).encode("latin-1"))
            for name, value in step.headers
        ]
        body = _filled(step.body.decode("utf-8", "surrogateescape"), credentials, as_json=is_json(kind))
        return self._built(step.method, url, headers, body.encode("utf-8", "surrogateescape"))

    def forget_silence(self) -> None:
        """Forget which operations did not respond, so that they are tried again."""
        self._silence.clear()
        self._silent = 0

    def url(self, operation: Operation, step: Step) -> str:
        """The URL of a step, with placeholders. Raises TargetError for a target that is not a path."""
        below = step.target.removeprefix(mount(self.spec, operation))
        if below and below[0] not in "/?":  # it would continue the host of the base
            raise TargetError(
                f"{step.method} {operation.template}", "the target of the request is not a path"
            )
        return self._base(operation) + below

    def wire(self, case: Case) -> Step:
        """The step of a case."""
        credentials = self.credentials if case.credentials is None else case.credentials
        request = self.request(replace(case, credentials={name: placeholder(name) for name in credentials}))
        step = Step(
            method=request.method,
            target=mount(self.spec, case.operation)
            + str(request.url).removeprefix(self._base(case.operation)),
            headers=tuple(
                (name, unencoded(value, credentials))
                for name, value in relevant(request.headers.multi_items())
            ),
            body=request.content,
        )
        return self.concealed(step)

    def concealed(self, step: Step) -> Step:
        """The step with a placeholder in place of every credential."""
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
    """The path of the document's server in steps; its variables are left unfilled."""
    return re.sub("[{}]", "~", (operation.servers or spec.prefixes)[0])


def with_broken(credentials: Mapping[str, str]) -> dict[str, str]:
    """The credentials, and unknown ones of the same form under names of their own."""
    return {**credentials, **{BROKEN + name: _other(secret) for name, secret in credentials.items()}}


def relevant(headers: list[tuple[str, str]]) -> Headers:
    """The headers that matter to the server, names in lower case."""
    return tuple((name.lower(), value) for name, value in headers if name.lower() not in _DROPPED_HEADERS)


def matched(spec: Spec, step: Step) -> PathMatch | None:
    """The path of the document that a request belongs to."""
    return spec.match(step.method.upper(), step.target.partition("?")[0])


def _filled(text: str, credentials: Mapping[str, str], *, as_json: bool = False) -> str:
    for name, secret in credentials.items():
        text = text.replace(
            placeholder(name), json.dumps(secret)[1:-1] if as_json else quote(secret, safe="[]~")
        )
    return text


def _filled_header(text: str, credentials: Mapping[str, str]) -> str:
    for name, secret in credentials.items():
        mark = placeholder(name)
        basic = base64.b64encode(secret.encode()).decode()
        text = text.replace(f"Basic {mark}", f"Basic {basic}").replace(mark, secret)
    return text


def _content_type(headers: Headers) -> str:
    return essence(dict(headers).get("content-type", ""))


def _other(secret: str) -> str:
    """An unknown secret of the same form."""
    letters = re.sub("[A-Za-z]", lambda match: "b" if match[0] == "a" else "a", secret)
    return re.sub("[0-9]", lambda match: "1" if match[0] == "0" else "0", letters)
