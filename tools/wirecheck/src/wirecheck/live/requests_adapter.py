"""An adapter of requests that judges what passes through it."""

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import requests
import urllib3
from requests.adapters import BaseAdapter

from wirecheck.live.clients import ClientJudge
from wirecheck.live.passing import PassingBody, headers_of
from wirecheck.model import Exchange, Headers


def judged(session: requests.Session, judge: ClientJudge) -> requests.Session:
    """A session with its adapters wrapped."""
    for prefix, adapter in list(session.adapters.items()):
        session.mount(prefix, JudgedAdapter(adapter, judge))
    return session


class JudgedAdapter(BaseAdapter):
    """An adapter around another one."""

    def __init__(self, adapter: BaseAdapter, judge: ClientJudge) -> None:
        super().__init__()
        self._adapter = adapter
        self._judge = judge

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        started = perf_counter()
        response = self._adapter.send(request, *arguments, **options)
        vars(response)["connection"] = self  # by which digest authentication sends the request again
        _Passing(request, response, self._judge, started).watch()
        return response

    def close(self) -> None:
        self._adapter.close()


class _Passing:
    """A request and its response, whose body is about to be read."""

    def __init__(
        self,
        request: requests.PreparedRequest,
        response: requests.Response,
        judge: ClientJudge,
        started: float,
    ) -> None:
        self._request = request
        self._response = response
        self._judge = judge
        self._started = started
        self._body = PassingBody(judge.monitor.max_body)
        self._is_judged = False
        self._stream = getattr(response.raw, "stream", None)
        self._close = response.close

    def watch(self) -> None:
        """Replaces the two methods by which a body ends: requests reads it by ``raw.stream``, decoded."""
        if self._stream is not None:
            vars(self._response.raw)["stream"] = self._read
        vars(self._response)["close"] = self._closed

    def _read(self, *arguments: Any, **options: Any) -> Iterator[bytes]:
        for piece in self._stream(*arguments, **options) if self._stream else ():
            self._body.add(piece)
            yield piece
        self._body.is_whole = True
        self._finish()

    def _closed(self) -> None:
        self._close()
        self._finish()

    def _finish(self) -> None:
        if self._is_judged:
            return
        self._is_judged = True
        self._judge.judge(
            Exchange(
                source="requests",
                entry=0,
                method=self._request.method or "",
                url=self._request.url or "",
                status=self._response.status_code,
                request_headers=headers_of(self._request.headers.items()),
                request_body=_content(self._request.body),
                response_headers=_response_headers(self._response),
                response_body=self._body.content(()),
                elapsed=perf_counter() - self._started,
            )
        )


def _response_headers(response: requests.Response) -> Headers:
    """The headers as they were received, where requests joins those of one name."""
    received = getattr(response.raw, "headers", None)
    return headers_of(
        (received if isinstance(received, urllib3.HTTPHeaderDict) else response.headers).items()
    )


def _content(body: Any) -> bytes | None:
    """The body of a request; None for one that is read while it is sent."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else None
