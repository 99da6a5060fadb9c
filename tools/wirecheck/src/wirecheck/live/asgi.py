"""Middleware for ASGI 3 that judges the exchanges of an application."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from time import perf_counter
from typing import Any

from wirecheck.checks import Verdict
from wirecheck.live.monitor import AnyDocument, Mode, Monitor
from wirecheck.live.passing import PassingBody, headers_of
from wirecheck.live.servers import ServerJudge, headers_of_problem, is_stream, target
from wirecheck.model import Exchange, Headers

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]

_BODIES = ("http.response.body", "http.response.pathsend", "http.response.zerocopysend")
_LARGE = 100_000  # bytes of bodies from which judging takes longer than a thread


class AsgiJudge:
    """An application whose exchanges are judged.

    ``mode`` says what happens to messages that violate the document: nothing (``report``), a header with the
    number of violations (``warn``), or a problem document in their place (``enforce``). The path that is
    judged has the ``root_path`` before it.
    """

    def __init__(self, app: _App, document: AnyDocument | Monitor, *, mode: Mode | str = Mode.REPORT) -> None:
        self._app = app
        self._judge = ServerJudge(document, mode)

    @property
    def monitor(self) -> Monitor:
        return self._judge.monitor

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passing = _Passing(self._judge, scope, receive, send)
        if await passing.is_rejected():
            return
        try:
            await self._app(scope, passing.receive, passing.send)
        finally:
            await passing.release()


class _Passing:
    """A request and its response while they pass; the response is held back where that is wanted."""

    def __init__(self, judge: ServerJudge, scope: _Message, receive: _Receive, send: _Send) -> None:
        self._judge = judge
        self._scope = scope
        self._receive = receive
        self._send = send
        self._started = perf_counter()
        most = judge.monitor.max_body
        self._request_body, self._response_body = PassingBody(most), PassingBody(most)
        self._replayed = deque[_Message]()
        self._start: _Message = {}
        self._held = list[_Message]()
        self._holds = self._is_replaced = False
        self._is_seen = True  # what the body is; the server sends a file by itself

    async def is_rejected(self) -> bool:
        """Whether a problem document was sent, because the request violates the document."""
        if self._judge.mode is not Mode.ENFORCE:
            return False
        received = list[_Message]()
        while not self._request_body.is_whole and not self._request_body.is_large:
            received.append(await self.receive())
            if received[-1]["type"] != "http.request":
                break
        self._replayed.extend(received)
        rejection = self._judge.rejection(self._exchange(0, (), None))
        if rejection is not None:
            await self._replace(*rejection)
        return rejection is not None

    async def receive(self) -> _Message:
        if self._replayed:
            return self._replayed.popleft()
        message = await self._receive()
        if message["type"] == "http.request":
            self._request_body.add(message.get("body", b""))
            self._request_body.is_whole = not message.get("more_body", False)
        return message

    async def send(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            self._holds = self._judge.holds and not is_stream(headers_of(message.get("headers", ())))
            if not self._holds:
                await self._send(message)
        elif message["type"] in _BODIES:
            await self._send_body(message)
        elif not self._is_replaced:
            await self._send(message)

    async def _send_body(self, message: _Message) -> None:
        self._is_seen = self._is_seen and message["type"] == "http.response.body"
        self._response_body.add(message.get("body", b""))
        is_end = not message.get("more_body", False)
        self._response_body.is_whole = is_end and self._is_seen
        if not self._holds:
            await self._send(message)
            if is_end:
                await self._judged()
            return
        self._held.append(message)
        if is_end:
            await self._decide(await self._judged())
        elif self._response_body.is_large or not self._is_seen:
            await self.release()

    async def _decide(self, verdict: Verdict | None) -> None:
        """Sends what is held back, or a problem document in its place."""
        replacement = self._judge.replacement(verdict)
        if replacement is None:
            await self.release(self._judge.headers(verdict))
        else:
            self._holds, self._is_replaced = False, True
            await self._replace(*replacement)

    async def release(self, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Sends what is held back, if anything is."""
        if self._holds:
            self._holds = False
            more = _encoded(headers)
            await self._send({**self._start, "headers": [*self._start.get("headers", ()), *more]})
            for message in self._held:
                await self._send(message)

    async def _replace(self, status: int, body: bytes) -> None:
        headers = _encoded(headers_of_problem(body))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def _judged(self) -> Verdict | None:
        headers = headers_of(self._start.get("headers", ()))
        body = self._response_body.content(headers)
        exchange = self._exchange(self._start["status"], headers, body)
        if len(exchange.request_body or b"") + len(body or b"") < _LARGE:
            return self._judge.judge(exchange)
        from anyio import to_thread

        return await to_thread.run_sync(self._judge.judge, exchange)

    def _exchange(self, status: int, headers: Headers, body: bytes | None) -> Exchange:
        scope = self._scope
        request_headers = headers_of(scope["headers"])
        host = dict(request_headers).get("host") or ":".join(map(str, scope.get("server") or ("localhost",)))
        return Exchange(
            source="asgi",
            entry=0,
            method=scope["method"],
            url=f"{scope.get('scheme', 'http')}://{host}{_target(scope)}",
            status=status,
            request_headers=request_headers,
            request_body=self._request_body.content(request_headers),
            response_headers=headers,
            response_body=body,
            elapsed=perf_counter() - self._started,
        )


def _target(scope: _Message) -> str:
    """Path and query, where servers disagree on whether the path has the ``root_path`` before it."""
    root, path = scope.get("root_path", "").rstrip("/"), scope["path"]
    if not f"{path}/".startswith(f"{root}/"):
        path = root + path
    return target(root, path, scope.get("raw_path") or b"", scope.get("query_string", b""))


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers]
