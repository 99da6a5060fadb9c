"""The server under test, to which cases are sent one after the other."""

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpx

from wirecheck import curl as command
from wirecheck.conform.bounded import bounded
from wirecheck.conform.case import READS, Case, NoResponseError, UnsentError
from wirecheck.conform.encoding import (
    below_server,
    root,
    servers,
)
from wirecheck.conform.writing import written
from wirecheck.decode import UndecidedError, essence
from wirecheck.encode.forms import joined
from wirecheck.model import Exchange, TargetError
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import Operation, Spec

_WAITING = "http11.receive_response_headers.started"  # the name of the event in httpcore's trace
MAX_WAIT = 60.0  # seconds that a server may request, and that a response may take
MAX_WAITS = 180.0  # seconds in a row that a server may request without another response than 429 or 503
TIME_IS_UP = "the time is up (--max-time)"
RETRIES = 3  # of a failure, to distinguish a flaky server from one that always fails
_MAX_BODY = 32 * 1024 * 1024  # bytes
_NO_RETRIES = 3  # failures to the end, of an operation or a method, after which failures are not retried
_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_GIVE_UP = 12  # requests in a row without a response, after which an operation gets no more of them
_UNREACHABLE = 24  # the same over all operations: the server is gone
_TIMEOUT_WEIGHT = 4  # requests without a response that one timeout counts for
_USUAL = [(b"Accept", b"*/*"), (b"Accept-Encoding", b"gzip, deflate"), (b"User-Agent", b"wirecheck")]
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout)


class Target:
    """Sends cases to a server, one after the other.

    ``url`` replaces the document's server, ``secrets`` come in addition to the credentials, the names
    ``also`` to those whose values are secret. A failure
    (no response, 503, for reads any 5xx) is retried; by operation, ``sent`` counts all requests and
    ``recovered`` those that failed and succeeded when retried. ``has_responded`` is whether there was
    any response. ``while_waiting`` is called at least once while a response is awaited over a network.
    """

    def __init__(
        self,
        spec: Spec,
        url: str,
        credentials: Mapping[str, str],
        http: httpx.BaseTransport,
        *,
        secrets: Iterable[str] = (),
        rate: float | None = None,
        also: Sequence[str] = (),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spec, self.credentials = spec, credentials
        self.sent: Counter[str] = Counter()
        self.recovered: Counter[str] = Counter()
        self._secret = dict.fromkeys([*credentials.values(), *secrets])
        self._redactor = Redactor.of(spec, also)
        self._secrets: Masked | None = None
        self._failing: Counter[str] = Counter()
        self._down: Counter[str] = Counter()
        self._silence: Counter[str] = Counter()
        self._silent, self.has_responded = 0, False
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._destination = _destination(httpx.URL(self._origin))
        self._path = parts.path.rstrip("/")
        self._root = root(self._path, spec.prefixes)
        self._http, self._sleep, self._clock = http, sleep, clock
        self._pause = 1 / rate if rate else 0.0
        self._turn = clock()
        self._deadline, self._waited = math.inf, 0.0
        self._timeout = _timeout(MAX_WAIT / 2)
        self.while_waiting: Callable[[], None] = lambda: None

    def limit_time(self, seconds: float, *, of_response: float = MAX_WAIT / 2) -> None:
        """Sends no more reads after some seconds from now; writes may be needed to undo others.

        Waits at most ``of_response`` seconds for a response.
        """
        self._deadline = self._clock() + seconds
        self._timeout = _timeout(of_response)

    @property
    def now(self) -> float:
        """Seconds of a clock that only advances."""
        return self._clock()

    def wait(self, seconds: float) -> None:
        """Sends nothing for some seconds."""
        self._sleep(seconds)

    @property
    def time_left(self) -> float:
        """Seconds until the limit of time, infinite without one."""
        return self._deadline - self._clock()

    @property
    def time_is_up(self) -> bool:
        """Whether the limit of time is reached."""
        return self.time_left <= 0

    def send(self, case: Case) -> Exchange:
        """Sends a case; the URL of the exchange is that of the document's server.

        Raises NoResponseError and UnsentError, or another TargetError when the server is unreachable.
        A write is retried only if it certainly had no effect.
        """
        request, name = self._sendable(case), case.operation.name
        kinds = name, f"* {request.method}"
        retries = RETRIES if max(self._down[kind] for kind in kinds) < _NO_RETRIES else 0
        for attempt in range(retries + 1):
            last = attempt == retries
            self._wait_for_turn()
            self.sent[name] += 1
            try:
                response, body = self._receive(request)
            except httpx.LocalProtocolError as error:
                raise _unsent(case, error) from None
            except (httpx.TransportError, httpx.DecodingError) as error:
                if not self._may_retry(request, name, error) or last:
                    raise self._no_response(case, request, error) from None
                self._sleep(0.2 * 2**attempt)
                continue
            self.has_responded, self._silent, self._silence[name] = True, 0, 0
            status = response.status_code
            pause = self._requested_wait(response)
            failed = status == 503 or (status >= 500 and request.method in READS)
            if not last and (failed or pause is not None):
                self._failing[name] += failed  # a requested wait is not a failure
                self._sleep(0.05 * 2**attempt if pause is None else pause)
            else:
                failures = self._failing.pop(name, 0)
                if failures and status < 500:
                    self.recovered[name] += failures
                for kind in kinds:
                    self._down[kind] = self._down[kind] + 1 if status >= 500 else 0
                return self._exchange(case, request, response, body)
        raise AssertionError("the last attempt returns or raises")

    def request(self, case: Case) -> httpx.Request:
        """The case as it is written on the wire."""
        credentials = self.credentials if case.credentials is None else case.credentials
        request = written(self.spec, case, credentials)
        query = f"?{joined(request.query)}" if request.query else ""
        url = case.address or self._base(case.operation) + request.path + query
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        return self._built(request.method, url, headers, request.content)

    def unsent(self, case: Case) -> Exchange:
        """The exchange as it would be, with an empty response."""
        return self._exchange(case, self.request(case), httpx.Response(200), b"")

    def curl(self, case: Case) -> str:
        """The request as a command for bash, with variables in place of its credentials."""
        names = self.credentials if case.credentials is None else case.credentials
        hidden = {name: command.placeholder(name) for name in names}
        address = self.masked(case.address) if case.address else None
        request = self.request(replace(case, credentials=hidden, address=address))
        headers = [
            (name, command.unencoded(value.decode("latin-1"), names).encode("latin-1"))
            for name, value in request.headers.raw
        ]
        return command.curl(request.method, str(request.url), headers, request.content)

    def local_url(self, case: Case, address: str) -> str | None:
        """An address in the response to a case as a URL of this server; None if it is malformed or foreign.

        It may name this server or that of the document, by http or https, or be relative to the request.
        """
        here = self._base(case.operation)
        try:
            url = str(httpx.URL(urljoin(str(self.request(case).url), address)))
        except (ValueError, httpx.InvalidURL):
            return None
        rests = (below_server(url, server) for server in (here, *servers(self.spec, case.operation)))
        return next((here + rest for rest in rests if rest is not None), None)

    def unanswered(self, operation: Operation) -> int:
        """The number of requests in a row to which an operation did not respond."""
        return self._silence[operation.name]

    def masked(self, text: str) -> str:
        """A text with the secrets of the session masked."""
        if self._secrets is None:
            self._secrets = Masked(self._redactor, self._secret)
        return self._secrets.text(text)

    def add_secrets(self, secrets: Iterable[str]) -> None:
        """Adds texts to the secrets of the session."""
        self._secret.update(dict.fromkeys(secrets))
        self._secrets = None

    def visit(
        self, url: str, form: Mapping[str, str] | None, cookies: httpx.Cookies
    ) -> tuple[httpx.Response, bytes]:
        """The response to a request that the document does not describe: GET, or POST with a form.

        ``url`` is relative to the root of the server. Raises UnsentError where there is no response.
        """
        self._wait_for_turn()
        method = "GET" if form is None else "POST"
        try:
            timeout = {"timeout": self._timeout}
            request = httpx.Request(method, self._origin + url, headers=_USUAL, data=form, extensions=timeout)
            cookies.set_cookie_header(request)
            response, body = self._receive(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            title = f"{method} {url.partition('?')[0]}"
            raise UnsentError(title, f"{title}: no response: {type(error).__name__}") from None
        response.request = request
        cookies.extract_cookies(response)
        return response, body

    def _built(
        self, method: str, url: str, headers: Sequence[tuple[bytes, bytes]], content: bytes | None
    ) -> httpx.Request:
        headers = [header for header in headers if header[0].lower() != b"host"]  # it follows from the URL
        own = {name.lower() for name, _ in headers}
        usual = [(name, value) for name, value in _USUAL if name.lower() not in own]
        extensions = {"timeout": self._timeout, "trace": self._traced}
        return httpx.Request(method, url, headers=[*usual, *headers], content=content, extensions=extensions)

    def _traced(self, event: str, _: object) -> None:
        if event == _WAITING:
            self.while_waiting()

    def _sendable(self, case: Case) -> httpx.Request:
        if self._silence[case.operation.name] >= _GIVE_UP:
            raise UnsentError(case.title, "the operation does not respond, so no more requests were sent")
        if self.time_is_up and (case.method or case.operation.method) in READS:
            raise UnsentError(case.title, f"{TIME_IS_UP}, so no more requests were sent")
        try:
            return self.request(case)
        except (httpx.InvalidURL, UnicodeEncodeError, UndecidedError) as error:
            raise _unsent(case, error) from None

    def _receive(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """The response with its body, of limited size and within a limited time.

        Every request passes here. Raises TargetError for one to another scheme, host or port than the user
        named, whatever led to it: a document, a recording, a saved failure, a response.
        """
        url = request.url
        if _destination(url) != self._destination or url.userinfo or request.headers["host"] != _host(url):
            raise TargetError(
                "request", f"not sent: its URL does not lead to {self._origin}, the server under test"
            )
        began, body = self._clock(), bytearray()
        with closing(bounded(self._http.handle_request(request))) as response:
            # A stream of events may have no end: its first event is read.
            is_stream = essence(response.headers.get("content-type", "")) == "text/event-stream"
            for part in response.iter_bytes():
                body += part
                if is_stream and (end := _EVENT_END.search(body, max(len(body) - len(part) - 3, 0))):
                    return response, bytes(body[: end.end()])
                if len(body) > _MAX_BODY:
                    raise httpx.ReadError(f"the body is longer than {_MAX_BODY >> 20} MiB")
                if self._clock() - began > MAX_WAIT:
                    raise httpx.ReadTimeout(f"the body took longer than {MAX_WAIT:.0f} s")
        return response, bytes(body)

    def _may_retry(self, request: httpx.Request, name: str, error: Exception) -> bool:
        """Counts a request without a response; whether it may be sent again at once."""
        timed_out = isinstance(error, httpx.TimeoutException)
        silence = _TIMEOUT_WEIGHT if timed_out else 1
        self._silent += silence
        self._silence[name] += silence
        self._failing[name] += 1
        harmless = request.method in READS or isinstance(error, _NOT_SENT)
        return harmless and self._silence[name] < _GIVE_UP and (self.has_responded or not timed_out)

    def _requested_wait(self, response: httpx.Response) -> float | None:
        """The wait in seconds that a response requests, None if there is none or it is too long.

        Raises TargetError for a server that requests nothing but waits.
        """
        seconds = _retry_after(response)
        if seconds is None:
            self._waited = 0.0
        elif self._clock() + seconds > self._deadline:
            return None
        elif self._waited + seconds > MAX_WAITS:
            problem = f"rate limited (429): it requests to wait again after waits of {self._waited:.0f} s"
            raise TargetError(self._origin, problem.replace("429", str(response.status_code)))
        else:
            self._waited += seconds
        return seconds

    def _no_response(self, case: Case, request: httpx.Request, error: Exception) -> TargetError:
        nothing_received = isinstance(error, httpx.TimeoutException | httpx.ConnectError)
        readable = "" if nothing_received else "readable "
        problem = self.masked(f"no {readable}response: {type(error).__name__}: {error}")
        never_responded = nothing_received and not self.has_responded
        if never_responded or isinstance(error, _NOT_SENT) or self._silent >= _UNREACHABLE:
            return TargetError(self.masked(f"{request.method} {self._origin}{request.url.path}"), problem)
        return NoResponseError(case.title, problem, case)

    def _base(self, operation: Operation) -> str:
        return self._origin + (self._root + operation.servers[0] if operation.servers else self._path)

    def _wait_for_turn(self) -> None:
        now = self._clock()
        if now < self._turn:
            self._sleep(self._turn - now)
        self._turn = max(now, self._turn) + self._pause

    def _exchange(
        self, case: Case, request: httpx.Request, response: httpx.Response, body: bytes
    ) -> Exchange:
        documented = (case.operation.servers or self.spec.prefixes)[0]
        path = request.url.raw_path.decode()
        sent = str(request.url)
        base = urlsplit(self._base(case.operation)).path
        return Exchange(
            source=f"{request.method} {request.url.path}",
            entry=self.sent.total(),
            method=request.method,
            url=sent.replace(path, documented + path.removeprefix(base), 1),
            status=response.status_code,
            request_headers=_headers(request.headers),
            request_body=request.content or None,
            response_headers=_headers(response.headers),
            response_body=body,
        )


def _timeout(seconds: float) -> dict[str, float | None]:
    """How long httpx waits for each step of a response."""
    return httpx.Timeout(seconds, connect=min(seconds, 10)).as_dict()


def _destination(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL, the port None where it is that of the scheme."""
    return url.scheme, url.host, url.port


def _host(url: httpx.URL) -> str:
    """The Host header of requests to a URL."""
    return url.netloc.decode("ascii")


def _headers(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in headers.multi_items())


def _retry_after(response: httpx.Response) -> float | None:
    """The wait in seconds that a response 429 or 503 requests, None if there is none that is short enough.

    It is a number of seconds, or a date (RFC 9110, 10.2.3).
    """
    if response.status_code not in (429, 503):
        return None
    requested = response.headers.get("Retry-After", "")
    seconds = (
        float(requested) if requested.isdecimal() else _until(requested, response.headers.get("Date", ""))
    )
    return seconds if seconds is not None and seconds <= MAX_WAIT else None


def _until(date: str, now: str) -> float | None:
    """The seconds from now, by the clock of the server if it shows it, to a date; None if that is over."""
    try:
        moment = parsedate_to_datetime(date)
        began = parsedate_to_datetime(now) if now else datetime.now(UTC)
        seconds = (moment - began).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if seconds >= 0 else None


def _unsent(case: Case, error: Exception) -> UnsentError:
    reason = str(error) if isinstance(error, UndecidedError) else type(error).__name__
    return UnsentError(case.title, f"the request cannot be sent: {reason}")
