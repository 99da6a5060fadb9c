"""The other end of the wire in the walks: routes of a small server, each exchange judged by its document."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx2

from wirecheck.checks import Judge
from wirecheck.model import Exchange, Severity
from wirecheck.spec import Spec


class Reply(NamedTuple):
    """A response; a body of bytes is sent as it is, any other as JSON."""

    status: int
    body: Any = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = {}

    def response(self) -> httpx2.Response:
        if self.body is None:
            return httpx2.Response(self.status, headers=self.headers)
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return httpx2.Response(
            self.status, headers={"Content-Type": self.media_type, **self.headers}, content=content
        )


class ProblemError(Exception):
    """A problem document (RFC 9457)."""

    def __init__(self, status: int, /, **members: Any) -> None:
        super().__init__(status)
        self.reply = Reply(status, members, "application/problem+json")


Action = Callable[..., Reply]
"""Takes the request, and what stands in the path in place of each ``{}``."""


class Server:
    """Responds by the first route of a request, ``GET /ports/{}``. ``exchanges`` counts the judged ones.

    An exchange that does not match the document, in either direction, is an AssertionError.
    """

    def __init__(self, spec: Spec, prefix: str, routes: Mapping[str, Action]) -> None:
        self._judge = Judge(spec)
        self._prefix = prefix
        self._routes = routes
        self.exchanges = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        try:
            reply = self._reply(request)
        except ProblemError as problem:
            reply = problem.reply
        response = reply.response()
        self._check(request, response)
        return response

    async def respond(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return self(request)

    def _reply(self, request: httpx2.Request) -> Reply:
        asked = f"{request.method} {request.url.path.removeprefix(self._prefix)}"
        for route, action in self._routes.items():
            if match := re.fullmatch(re.escape(route).replace(r"\{\}", "([^/]+)"), asked):
                return action(request, *match.groups())
        raise AssertionError(f"nothing is at {asked}")

    def _check(self, request: httpx2.Request, response: httpx2.Response) -> None:
        self.exchanges += 1
        exchange = Exchange(
            source=f"{request.method} {request.url}",
            entry=self.exchanges,
            method=request.method,
            url=str(request.url),
            status=response.status_code,
            request_headers=tuple((name.lower(), value) for name, value in request.headers.multi_items()),
            request_body=request.content,
            response_headers=tuple((name.lower(), value) for name, value in response.headers.multi_items()),
            response_body=response.content,
        )
        findings = self._judge.judge(exchange).findings
        assert not [each for each in findings if each.severity is not Severity.INFO], findings
