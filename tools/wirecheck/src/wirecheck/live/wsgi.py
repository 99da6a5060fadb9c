"""Middleware for WSGI that judges the exchanges of an application."""

import http
import io
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any

from wirecheck.checks import Verdict
from wirecheck.live.monitor import AnyDocument, Mode, Monitor
from wirecheck.live.passing import PassingBody, headers_of
from wirecheck.live.servers import ServerJudge, headers_of_problem, is_stream, target
from wirecheck.model import Exchange, Headers

_Environ = dict[str, Any]
_StartResponse = Callable[..., Callable[[bytes], object]]
_App = Callable[[_Environ, _StartResponse], Iterable[bytes]]


class WsgiJudge:
    """An application whose exchanges are judged.

    ``mode`` says what happens to messages that violate the document: nothing (``report``), a header with the
    number of violations (``warn``), or a problem document in their place (``enforce``). The path that is
    judged has the ``SCRIPT_NAME`` before it.
    """

    def __init__(self, app: _App, document: AnyDocument | Monitor, *, mode: Mode | str = Mode.REPORT) -> None:
        self._app = app
        self._judge = ServerJudge(document, mode)

    @property
    def monitor(self) -> Monitor:
        return self._judge.monitor

    def __call__(self, environ: _Environ, start_response: _StartResponse) -> Iterable[bytes]:
        passing = _Passing(self._judge, environ, start_response)
        rejection = passing.rejection()
        if rejection is not None:
            return [rejection]
        response = self._app(environ, passing.start)
        if _is_file(response, environ) and not self._judge.holds:  # which the server may send by itself
            passing.judge()
            return response
        return _SeenResponse(response, passing)


class _Passing:
    """A request and its response while they pass; the response is held back where that is wanted."""

    def __init__(self, judge: ServerJudge, environ: _Environ, start_response: _StartResponse) -> None:
        self._judge = judge
        self._environ = environ
        self._start_response = start_response
        self._started = perf_counter()
        self._request_body = PassingBody(judge.monitor.max_body)
        self._input = _watched_input(environ, self._request_body)
        self.body = PassingBody(judge.monitor.max_body)
        self.held = list[bytes]()
        self._holds = False
        self._status = ""
        self._headers = list[tuple[str, str]]()

    def rejection(self) -> bytes | None:
        """The problem document with which a response began, because the request violates the document."""
        if self._judge.mode is not Mode.ENFORCE:
            return None
        if self._input is not None:
            self._input.fetch()
        rejection = self._judge.rejection(self._exchange(0, (), None))
        return None if rejection is None else self._replace(*rejection)

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        """What the application starts its response with."""
        is_again = bool(self._status)
        self._status, self._headers = status, headers
        if not is_again:
            self._holds = self._judge.holds and not is_stream(headers_of(headers))
        write: Callable[[bytes], object] = self.held.append
        if not self._holds:
            write = self._start_response(status, headers, *((exc_info,) if exc_info else ()))

        def seen(data: bytes) -> None:
            self.body.add(data)
            write(data)

        return seen

    @property
    def holds(self) -> bool:
        """Whether the response is held back, as far as it has come."""
        return self._holds and not self.body.is_large

    def release(self, headers: Iterable[tuple[str, str]] = ()) -> Iterator[bytes]:
        """Starts a response that was held back, and gives what there is of its body."""
        if self._holds:
            self._holds = False
            self._start_response(self._status, [*self._headers, *headers])
        pieces, self.held = self.held, []
        return iter(pieces)

    def decided(self) -> Iterator[bytes]:
        """What is held back, or a problem document in its place."""
        verdict = self.judge()
        replacement = self._judge.replacement(verdict)
        if replacement is not None:
            return iter([self._replace(*replacement)])
        return self.release(self._judge.headers(verdict))

    def judge(self) -> Verdict | None:
        """Judges the exchange, if the response was started."""
        if not self._status:
            return None
        headers = headers_of(self._headers)
        exchange = self._exchange(int(self._status[:3]), headers, self.body.content(headers))
        return self._judge.judge(exchange)

    def _replace(self, status: int, body: bytes) -> bytes:
        self._start_response(f"{status} {http.HTTPStatus(status).phrase}", headers_of_problem(body))
        return body

    def _exchange(self, status: int, headers: Headers, body: bytes | None) -> Exchange:
        request_headers = headers_of(_request_headers(self._environ))
        host = self._environ.get("HTTP_HOST") or "{SERVER_NAME}:{SERVER_PORT}".format_map(self._environ)
        return Exchange(
            source="wsgi",
            entry=0,
            method=self._environ["REQUEST_METHOD"],
            url=f"{self._environ['wsgi.url_scheme']}://{host}{_target(self._environ)}",
            status=status,
            request_headers=request_headers,
            request_body=self._request_body.content(request_headers),
            response_headers=headers,
            response_body=body,
            elapsed=perf_counter() - self._started,
        )


class _SeenResponse:
    """The body of a response, which is judged at its end, or when the server closes it before."""

    def __init__(self, response: Iterable[bytes], passing: _Passing) -> None:
        self._response = response
        self._passing = passing
        self._is_done = False

    def __iter__(self) -> Iterator[bytes]:
        passing = self._passing
        try:
            for piece in self._response:
                passing.body.add(piece)
                passing.held.append(piece)
                if not passing.holds:
                    yield from passing.release()
        except Exception:
            self._is_done = True  # an exception is no response
            raise
        passing.body.is_whole = True
        if passing.holds:
            self._is_done = True
            yield from passing.decided()
        self._finish()

    def close(self) -> None:
        if hasattr(self._response, "close"):
            self._response.close()
        self._finish()

    def _finish(self) -> None:
        if not self._is_done:
            self._is_done = True
            self._passing.judge()


class _SeenInput(io.RawIOBase):
    """The body of a request, which another one sees; ``length`` is None where the server ends it."""

    def __init__(self, stream: Any, body: PassingBody, length: int | None) -> None:
        self._stream = stream
        self._body = body
        self._left = length
        self._is_ended = False
        self._ahead = bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._ahead[: len(buffer)] or self._read(len(buffer))
        del self._ahead[: len(data)]
        buffer[: len(data)] = data
        return len(data)

    def fetch(self) -> None:
        """Reads ahead to the end of the body, or as far as it is judged."""
        while not self._is_ended and not self._body.is_large:
            self._ahead += self._read(io.DEFAULT_BUFFER_SIZE)

    def _read(self, size: int) -> bytes:
        if self._is_ended:
            return b""
        data: bytes = self._stream.read(size if self._left is None else min(size, self._left))
        self._body.add(data)
        if self._left is not None:
            self._left -= len(data)
        self._is_ended = self._left == 0 or not data
        self._body.is_whole = not self._left and self._is_ended
        return data


def _watched_input(environ: _Environ, body: PassingBody) -> _SeenInput | None:
    """Lets a body see what the application reads; None where the request has none."""
    length = environ.get("CONTENT_LENGTH") or ""
    is_ended = bool(environ.get("wsgi.input_terminated"))
    if length in ("", "0") and not is_ended:
        body.is_whole = True
        return None
    seen = _SeenInput(environ["wsgi.input"], body, int(length) if length.isdigit() else None)
    environ["wsgi.input"] = io.BufferedReader(seen)
    return seen


def _request_headers(environ: _Environ) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-"), value
        elif name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            yield name.replace("_", "-"), value


def _target(environ: _Environ) -> str:
    """Path and query; most servers also have the path as it was sent, under one of two names."""
    root = environ.get("SCRIPT_NAME", "").rstrip("/")
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    return target(
        root,
        root + environ.get("PATH_INFO", ""),
        raw.encode("latin-1", "replace"),
        environ.get("QUERY_STRING", "").encode("latin-1", "replace"),
        "latin-1",
    )


def _is_file(response: Iterable[bytes], environ: _Environ) -> bool:
    wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(wrapper, type) and isinstance(response, wrapper)
