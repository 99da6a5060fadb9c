"""A trace of aiohttp that judges the exchanges of a session."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp

from wirecheck.live.clients import ClientJudge
from wirecheck.live.passing import PassingBody, headers_of
from wirecheck.model import Exchange, Headers


def judged(session: aiohttp.ClientSession, judge: ClientJudge) -> aiohttp.ClientSession:
    """A session that is traced."""
    trace = aiohttp.TraceConfig()
    hooks = _Hooks(judge)
    trace.on_request_start.append(hooks.started)
    trace.on_request_chunk_sent.append(hooks.sent)
    trace.on_request_redirect.append(hooks.redirected)
    trace.on_request_end.append(hooks.received)
    trace.on_request_exception.append(hooks.failed)
    trace.freeze()
    session.trace_configs.append(trace)
    return session


class _Hooks:
    """What happens with each request; the context has the body that was sent since the last response."""

    def __init__(self, judge: ClientJudge) -> None:
        self._judge = judge

    async def started(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, event: aiohttp.TraceRequestStartParams
    ) -> None:
        context.body = PassingBody(self._judge.monitor.max_body)

    async def sent(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        event: aiohttp.TraceRequestChunkSentParams,
    ) -> None:
        context.body.add(event.chunk)

    async def redirected(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        event: aiohttp.TraceRequestRedirectParams,
    ) -> None:
        _Passing(event.response, context.body, self._judge).watch()
        context.body = PassingBody(self._judge.monitor.max_body)

    async def received(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, event: aiohttp.TraceRequestEndParams
    ) -> None:
        if event.response.status != 101:
            _Passing(event.response, context.body, self._judge).watch()

    async def failed(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        event: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        """A session with ``raise_for_status`` raises for a response before anybody can read it."""
        error = event.exception
        if isinstance(error, aiohttp.ClientResponseError) and error.headers is not None:
            headers = headers_of(error.headers.items())
            self._judge.judge(_exchange(error.request_info, context.body, error.status, headers, None))


class _Passing:
    """A response whose body is about to be read, with the body of its request."""

    def __init__(
        self, response: aiohttp.ClientResponse, request_body: PassingBody, judge: ClientJudge
    ) -> None:
        self._response = response
        self._request_body = request_body
        self._judge = judge
        self._body = PassingBody(judge.monitor.max_body)
        self._is_judged = False
        self._content, self._release, self._close = response.content, response.release, response.close

    def watch(self) -> None:
        """Replaces what a body is read by, and the methods by which a response ends before its body does."""
        content = _SeenReader(self._content, self._body, self._finish)
        vars(self._response).update(content=content, release=self._released, close=self._closed)

    def _released(self) -> Any:
        self._body.is_whole = self._content.at_eof()
        released = self._release()
        self._finish()
        return released

    def _closed(self) -> None:
        self._close()
        self._finish()

    def _finish(self) -> None:
        if not self._is_judged:
            self._is_judged = True
            response, body = self._response, self._body.content(())
            headers = headers_of(response.headers.items())
            exchange = _exchange(response.request_info, self._request_body, response.status, headers, body)
            self._judge.judge(exchange)


class _SeenReader:
    """A stream reader whose reads a body sees; ``finish`` is called at its end."""

    __aiter__ = aiohttp.StreamReader.__aiter__
    iter_any = aiohttp.StreamReader.iter_any
    iter_chunked = aiohttp.StreamReader.iter_chunked
    iter_chunks = aiohttp.StreamReader.iter_chunks

    def __init__(self, reader: aiohttp.StreamReader, body: PassingBody, finish: Callable[[], None]) -> None:
        self._reader = reader
        self._again = 0  # bytes that were put back, and will be read once more
        self._body = body
        self._finish = finish

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    async def read(self, n: int = -1) -> bytes:
        return self._seen(await self._reader.read(n))

    async def readany(self) -> bytes:
        return self._seen(await self._reader.readany())

    async def readchunk(self) -> tuple[bytes, bool]:
        data, is_end = await self._reader.readchunk()
        return self._seen(data), is_end

    async def readexactly(self, n: int) -> bytes:
        return self._seen(await self._reader.readexactly(n))

    async def readline(self, **options: Any) -> bytes:
        return self._seen(await self._reader.readline(**options))

    async def readuntil(self, separator: bytes = b"\n", **options: Any) -> bytes:
        return self._seen(await self._reader.readuntil(separator, **options))

    def read_nowait(self, n: int = -1) -> bytes:
        return self._seen(self._reader.read_nowait(n))

    def unread_data(self, data: bytes) -> None:
        self._reader.unread_data(data)
        self._again += len(data)

    def _seen(self, data: bytes) -> bytes:
        self._body.add(data[self._again :])
        self._again = max(0, self._again - len(data))
        if self._reader.at_eof():
            self._body.is_whole = True
            self._finish()
        return data


def _exchange(
    request: aiohttp.RequestInfo,
    body: PassingBody,
    status: int,
    headers: Headers,
    response_body: bytes | None,
) -> Exchange:
    body.is_whole = True  # it is sent before its response is here
    return Exchange(
        source="aiohttp",
        entry=0,
        method=request.method,
        url=str(request.url),
        status=status,
        request_headers=headers_of(request.headers.items()),
        request_body=body.content(()),
        response_headers=headers,
        response_body=response_body,
    )
