"""Transports of httpx2 and of httpx that judge what passes through them.

Neither library is imported: the one that a client or a transport is of is loaded already.
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from wirecheck.live.clients import ClientJudge
from wirecheck.live.passing import PassingBody, headers_of
from wirecheck.model import Exchange


def judged(client: Any, judge: ClientJudge) -> Any:
    """A client with its transports wrapped, or a transport wrapped."""
    if hasattr(client, "handle_request"):
        return JudgedTransport(client, judge)
    if hasattr(client, "handle_async_request"):
        return JudgedAsyncTransport(client, judge)
    wrap = JudgedAsyncTransport if hasattr(client, "aclose") else JudgedTransport
    client._transport = wrap(client._transport, judge)
    client._mounts = {
        pattern: mounted and wrap(mounted, judge) for pattern, mounted in client._mounts.items()
    }
    return client


class JudgedTransport:
    """A transport of either library, around another one of it."""

    def __init__(self, transport: Any, judge: ClientJudge) -> None:
        self._transport = transport
        self._judge = judge

    def handle_request(self, request: Any) -> Any:
        passing = _Passing(request, self._judge)
        original = request.stream
        request.stream = passing.request_stream("SyncByteStream")
        try:
            response = self._transport.handle_request(request)
        finally:
            request.stream = original
        return passing.received(response, "SyncByteStream")

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.__exit__(kind, error, trace)


class JudgedAsyncTransport:
    """An asynchronous transport of either library, around another one of it."""

    def __init__(self, transport: Any, judge: ClientJudge) -> None:
        self._transport = transport
        self._judge = judge

    async def handle_async_request(self, request: Any) -> Any:
        passing = _Passing(request, self._judge)
        original = request.stream
        request.stream = passing.request_stream("AsyncByteStream")
        try:
            response = await self._transport.handle_async_request(request)
        finally:
            request.stream = original
        return passing.received(response, "AsyncByteStream")

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)


class _Passing:
    """A request and its response while they pass."""

    def __init__(self, request: Any, judge: ClientJudge) -> None:
        self._request = request
        self._judge = judge
        self._library = next(
            library
            for kind in type(request).__mro__
            if (library := kind.__module__.partition(".")[0]) in ("httpx", "httpx2")
        )
        most = judge.monitor.max_body
        self._request_body, self._response_body = PassingBody(most), PassingBody(most)
        self._started = perf_counter()
        self._response: Any = None

    def request_stream(self, base: str) -> Any:
        """What the transport reads the body of the request from; that of one in memory is known already."""
        stream = self._request.stream
        if isinstance(stream, sys.modules[self._library].ByteStream):
            self._request_body.add(self._request.content)
            self._request_body.is_whole = True
            return stream
        return self._seen(base, stream, self._request_body, lambda: None)

    def received(self, response: Any, base: str) -> Any:
        """The response, which will be judged once its body was read, or is judged if that is in memory."""
        self._response = response
        if response.is_closed:
            self._response_body.add(response.content)
            self._response_body.is_whole = True
            self._finish()
        else:
            response.stream = self._seen(base, response.stream, self._response_body, self._finish)
        return response

    def _seen(self, base: str, stream: Any, body: PassingBody, finish: Callable[[], None]) -> Any:
        return _seen_stream(getattr(sys.modules[self._library], base))(stream, body, finish)

    def _finish(self) -> None:
        request, response = self._request, self._response
        request_headers = headers_of(request.headers.multi_items())
        response_headers = headers_of(response.headers.multi_items())
        self._judge.judge(
            Exchange(
                source=self._library,
                entry=0,
                method=request.method,
                url=str(request.url),
                status=response.status_code,
                request_headers=request_headers,
                request_body=self._request_body.content(request_headers),
                response_headers=response_headers,
                response_body=self._response_body.content(response_headers),
                elapsed=perf_counter() - self._started,
            )
        )


class _SeenStream:
    """A stream whose pieces a body sees; ``finish`` is called once, at its end or when it is closed."""

    def __init__(self, stream: Any, body: PassingBody, finish: Callable[[], None]) -> None:
        self._stream = stream
        self._body = body
        self._finish: Callable[[], None] | None = finish

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._body.add(piece)
            yield piece
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._body.add(piece)
            yield piece
        self._end()

    def close(self) -> None:
        self._stream.close()
        self._once()

    async def aclose(self) -> None:
        await self._stream.aclose()
        self._once()

    def _end(self) -> None:
        self._body.is_whole = True
        self._once()

    def _once(self) -> None:
        finish, self._finish = self._finish, None
        if finish is not None:
            finish()


@cache
def _seen_stream(base: type) -> type:
    """The stream that is also one of a library, which asks for that."""
    return type(base.__name__, (_SeenStream, base), {})
