"""The server under test: requests are sent to it, one after the other."""

import shlex
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx

from wirecheck.conform.case import READS, Case, NoResponseError, UnsentError
from wirecheck.conform.encode import (
    FORM,
    MULTIPART,
    authorization,
    beneath,
    carried,
    encoded,
    fields,
    goes_in_form,
    root,
    servers,
    texts,
)
from wirecheck.model import Exchange, TargetError
from wirecheck.redact import MASK, Masked, Redactor
from wirecheck.spec import Operation, Spec

_TIMEOUT = httpx.Timeout(30, connect=10).as_dict()
_AWAITED = "http11.receive_response_headers.started"  # as httpcore traces it
PATIENCE = 60.0  # seconds that a server may ask to wait for, and that an answer may take
REPEATS = 3  # how often a failure is asked again, to tell a flaky server from one that is broken
_LONGEST = 32 * 1024 * 1024  # bytes of a body
_HOPELESS = 3  # asks of an operation, or by a method, that failed to the end: they are asked but once
_MUTE = 12  # requests in a row without an answer, after which an operation is asked no more
_GONE = 24  # the same of all operations: nobody is there
_SLOW = 4  # so many of them is one for whose answer we waited in vain
_OWN = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}  # of any client
_USUAL = [(b"Accept", b"*/*"), (b"Accept-Encoding", b"gzip, deflate"), (b"User-Agent", b"wirecheck")]
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout)


class Target:
    """Sends requests, one after the other.

    ``url`` stands for the server of the document, ``secrets`` are some beside the credentials. A
    failure (no answer, 503, for reads any 5xx) is asked again; by operation ``sent`` counts all
    requests, ``failed`` those that failed and then went well. ``answered`` is whether anything was.
    ``meanwhile`` is called while an answer is awaited, once or more often, if it comes by a network.
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
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spec, self.credentials = spec, credentials
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._secret = dict.fromkeys([*credentials.values(), *secrets])
        self._secrets: Masked | None = None
        self._failing: Counter[str] = Counter()
        self._down: Counter[str] = Counter()
        self._silence: Counter[str] = Counter()
        self._silent, self.answered = 0, False
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path.rstrip("/")
        self._root = root(self._path, spec.prefixes)
        self._http, self._sleep, self._clock = http, sleep, clock
        self._pause = 1 / rate if rate else 0.0
        self._turn = clock()
        self.meanwhile: Callable[[], None] = lambda: None

    def send(self, case: Case) -> Exchange:
        """The exchange, its URL as the document has it.

        Raises NoAnswerError and UnsentError; another TargetError when nobody is there. Of writes
        only those are sent again that were not done for certain.
        """
        request, name = self._sendable(case), case.operation.name
        kinds = name, f"* {request.method}"
        repeats = REPEATS if max(self._down[kind] for kind in kinds) < _HOPELESS else 0
        for attempt in range(repeats + 1):
            last = attempt == repeats
            self._wait_for_turn()
            self.sent[name] += 1
            try:
                response, body = self._answer(request)
            except httpx.LocalProtocolError as error:
                raise _unsent(case, error) from None
            except (httpx.TransportError, httpx.DecodingError) as error:
                if not self._may_go_again(request, name, error) or last:
                    raise self._unanswered(case, request, error) from None
                self._sleep(0.2 * 2**attempt)
                continue
            self.answered, self._silent, self._silence[name] = True, 0, 0
            status = response.status_code
            pause = _asked_to_wait(response)
            again = status == 503 or (status >= 500 and request.method in READS)
            if not last and (again or pause is not None):
                self._failing[name] += again  # to be asked to wait is no failure
                self._sleep(0.05 * 2**attempt if pause is None else pause)
            else:
                failures = self._failing.pop(name, 0)
                if failures and status < 500:
                    self.failed[name] += failures
                for kind in kinds:
                    self._down[kind] = self._down[kind] + 1 if status >= 500 else 0
                return self._exchange(case, request, response, body)
        raise AssertionError("the last attempt ends it")

    def request(self, case: Case) -> httpx.Request:
        """The request as it goes over the wire."""
        operation = case.operation
        given = self.credentials if case.credentials is None else case.credentials
        sent = dict(carried(self.spec, operation, given))
        query: list[tuple[str, str]] = []
        headers: dict[str, str] = {}
        cookies: list[str] = []
        path, method = operation.template, case.method or operation.method
        declared = {(one.location, one.name): one for one in operation.parameters}
        for (location, name), value in case.parameters.items():
            found = list(texts(declared.get((location, name)), value))
            if location == "path":
                path = path.replace(f"{{{name}}}", quote(",".join(found), safe=""))
            elif location == "query":
                query += [(name, text) for text in found]
            elif location == "header":
                headers[name] = ",".join(found)
            else:
                cookies += [f"{name}={text}" for text in found]
        if case.in_query:
            query += fields(case.body or {})
        content, content_type = encoded(operation, None if case.in_query else case.body, case.media_type)
        for scheme, secret in sent.items():
            if scheme.location == "query" and goes_in_form(self.spec, scheme, method, content_type):
                content = b"&".join(filter(None, [content, urlencode({scheme.parameter: secret}).encode()]))
                content_type = FORM
            elif scheme.location == "query":
                query.append((scheme.parameter, secret))
            elif scheme.location == "cookie":
                cookies.append(f"{scheme.parameter}={secret}")
            elif scheme.location == "header":
                headers[scheme.parameter] = secret
            else:
                headers["Authorization"] = authorization(scheme, secret)
        if content_type:
            headers["Content-Type"] = content_type
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        url = case.address or self._base(operation) + path + (f"?{urlencode(query)}" if query else "")
        return self._built(
            method, url, [(name.encode(), value.encode()) for name, value in headers.items()], content
        )

    def unsent(self, case: Case) -> Exchange:
        """The exchange as it would be, with nothing answered yet."""
        return self._exchange(case, self.request(case), httpx.Response(200), b"")

    def curl(self, case: Case) -> str:
        """The request as a command for people, its credentials masked."""
        hidden = dict.fromkeys(self.credentials if case.credentials is None else case.credentials, MASK)
        address = self.shown(case.address) if case.address else None
        request = self.request(replace(case, credentials=hidden, address=address))
        words = ["curl", "-X", request.method, str(request.url)]
        in_parts = request.headers.get("content-type", "").startswith(MULTIPART)
        for name, value in request.headers.raw:
            if name.decode().lower() not in (_OWN | {"content-type"} if in_parts else _OWN):
                words += ["-H", f"{name.decode()}: {value.decode()}"]
        if in_parts:
            words += [
                word for name, text in fields(case.body) for word in ("--form-string", f"{name}={text}")
            ]
        elif request.content:
            words += ["--data-raw", request.content.decode("utf-8", "replace")]
        return shlex.join(words)

    def located(self, case: Case, address: str) -> str | None:
        """Where an address of the answer to a request leads here; None if it is another server's, or none.

        It may name this server or that of the document, by http or https, or be relative to the request.
        """
        here = self._base(case.operation)
        try:
            whole = str(httpx.URL(urljoin(str(self.request(case).url), address)))
        except (ValueError, httpx.InvalidURL):
            return None
        below = (beneath(whole, server) for server in (here, *servers(self.spec, case.operation)))
        return next((here + rest for rest in below if rest is not None), None)

    def silence(self, operation: Operation) -> int:
        """How many requests in a row an operation has not answered."""
        return self._silence[operation.name]

    def shown(self, text: str) -> str:
        """A text from elsewhere without the secrets of the run."""
        if self._secrets is None:
            self._secrets = Masked(Redactor(), self._secret)
        return self._secrets.text(text)

    def conceal(self, secrets: Iterable[str]) -> None:
        """Counts more texts among the secrets of the run."""
        self._secret.update(dict.fromkeys(secrets))
        self._secrets = None

    def visit(
        self, url: str, form: Mapping[str, str] | None, cookies: httpx.Cookies
    ) -> tuple[httpx.Response, bytes]:
        """The answer to a request that is none of the document's: GET, or POST with a form.

        ``url`` counts from the root of the server. Raises UnsentError where there is no answer.
        """
        self._wait_for_turn()
        method = "GET" if form is None else "POST"
        try:
            timeout = {"timeout": _TIMEOUT}
            request = httpx.Request(method, self._origin + url, headers=_USUAL, data=form, extensions=timeout)
            cookies.set_cookie_header(request)
            response, body = self._answer(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            where = f"{method} {url.partition('?')[0]}"
            raise UnsentError(where, f"{where}: no answer: {type(error).__name__}") from None
        response.request = request
        cookies.extract_cookies(response)
        return response, body

    def _built(
        self, method: str, url: str, headers: Sequence[tuple[bytes, bytes]], content: bytes | None
    ) -> httpx.Request:
        own = {name.lower() for name, _ in headers}
        usual = [(name, value) for name, value in _USUAL if name.lower() not in own]
        extensions = {"timeout": _TIMEOUT, "trace": self._traced}
        return httpx.Request(method, url, headers=[*usual, *headers], content=content, extensions=extensions)

    def _traced(self, event: str, _: object) -> None:
        if event == _AWAITED:
            self.meanwhile()

    def _sendable(self, case: Case) -> httpx.Request:
        if self._silence[case.operation.name] >= _MUTE:
            raise UnsentError(case.where, "the operation does not answer, so it was asked no more")
        try:
            return self.request(case)
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise _unsent(case, error) from None

    def _answer(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """The answer with its body, neither of which may be endless."""
        began, body = self._clock(), bytearray()
        with closing(self._http.handle_request(request)) as response:
            for part in response.iter_bytes():
                body += part
                if len(body) > _LONGEST:
                    raise httpx.ReadError(f"the body is longer than {_LONGEST >> 20} MiB")
                if self._clock() - began > PATIENCE:
                    raise httpx.ReadTimeout(f"the body took longer than {PATIENCE:.0f} s")
        return response, bytes(body)

    def _may_go_again(self, request: httpx.Request, name: str, error: Exception) -> bool:
        """Whether a request without an answer may be sent again at once; it is counted."""
        in_vain = isinstance(error, httpx.TimeoutException)
        silence = _SLOW if in_vain else 1
        self._silent += silence
        self._silence[name] += silence
        self._failing[name] += 1
        harmless = request.method in READS or isinstance(error, _NOT_SENT)
        return harmless and self._silence[name] < _MUTE and (self.answered or not in_vain)

    def _unanswered(self, case: Case, request: httpx.Request, error: Exception) -> TargetError:
        in_vain = isinstance(error, httpx.TimeoutException | httpx.ConnectError)
        readable = "" if in_vain else "readable "
        what = self.shown(f"no {readable}answer: {type(error).__name__}: {error}")
        first = in_vain and not self.answered
        if first or isinstance(error, _NOT_SENT) or self._silent >= _GONE:
            return TargetError(self.shown(f"{request.method} {self._origin}{request.url.path}"), what)
        return NoResponseError(case.where, what, case)

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


def _headers(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in headers.multi_items())


def _asked_to_wait(response: httpx.Response) -> float | None:
    """Seconds, where too much was asked and the server says how long to wait, if that is not too long."""
    told = response.headers.get("Retry-After", "")
    if response.status_code not in (429, 503) or not told.isdecimal() or float(told) > PATIENCE:
        return None
    return float(told)


def _unsent(case: Case, error: Exception) -> UnsentError:
    return UnsentError(case.where, f"it cannot be sent: {type(error).__name__}")
