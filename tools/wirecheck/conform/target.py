"""The server under test: requests in the terms of the document, sent as it wants them."""

import base64
import json
import re
import shlex
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from wirecheck.decode import essence, is_json
from wirecheck.model import Exchange, TargetError
from wirecheck.redact import MASK
from wirecheck.spec import Operation, Parameter, SecurityScheme, Spec, join

PATIENCE = 60.0  # seconds that a server may ask to wait for
_HOPELESS = 3  # asks of an operation that failed to the end: it is no longer asked again
REPEATS = 3  # how often a failure is asked again, to tell a flaky server from one that is broken
_FORM = "application/x-www-form-urlencoded"
READS = {"GET", "HEAD", "OPTIONS"}
_OWN = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}  # of any client
_TOKENS = {"oauth2", "openIdConnect"}  # schemes of which a token comes
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request in the terms of the document.

    ``parameters`` by location and name. ``credentials`` by security scheme, None for those of the
    run. ``method`` where it is not that of the operation.
    """

    operation: Operation
    parameters: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    body: Any = None
    credentials: Mapping[str, str] | None = None
    method: str | None = None

    def having(self, location: str, name: str, value: Any) -> "Ask":
        return replace(self, parameters={**self.parameters, (location, name): value})

    def without(self, location: str, name: str) -> "Ask":
        kept = {key: value for key, value in self.parameters.items() if key != (location, name)}
        return replace(self, parameters=kept)

    def named(self) -> dict[str, Any]:
        """Parameters, and fields of the body, by name alone."""
        fields = self.body if isinstance(self.body, dict) else {}
        return {name: value for (_, name), value in self.parameters.items()} | fields


class Target:
    """Sends requests, one after the other.

    ``url`` stands for the server of the document. A failure (no answer, 503, for reads any 5xx) is
    asked again; by operation ``sent`` counts all requests, ``failed`` those that failed and then
    went well.
    """

    def __init__(
        self,
        spec: Spec,
        url: str,
        credentials: Mapping[str, str],
        http: httpx.Client,
        *,
        rate: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spec, self.credentials = spec, credentials
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._down: Counter[str] = Counter()
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path.rstrip("/")
        self._root = _root(self._path, spec.prefixes)
        self._http, self._sleep, self._clock = http, sleep, clock
        self._pause = 1 / rate if rate else 0.0
        self._turn = clock()

    def send(self, ask: Ask) -> Exchange:
        """The exchange, its URL as the document has it. Raises TargetError when nobody answers."""
        request, name, failed = self.request(ask), ask.operation.name, 0
        repeats = REPEATS if self._down[name] < _HOPELESS else 0
        for attempt in range(repeats + 1):
            last = attempt == repeats
            self._wait_for_turn()
            self.sent[name] += 1
            began = self._clock()
            try:
                response = self._http.send(request, follow_redirects=False)
            except httpx.TransportError as error:
                if last or not (request.method in READS or isinstance(error, _NOT_SENT)):
                    what = f"no answer: {type(error).__name__}: {error}"
                    raise TargetError(f"{request.method} {self._origin}{request.url.path}", what) from None
                failed += 1
                self._sleep(0.2 * 2**attempt)
                continue
            status = response.status_code
            pause = _asked_to_wait(response)
            again = status == 503 or (status >= 500 and request.method in READS)
            if not last and (again or pause is not None):
                failed += again  # to be asked to wait is no failure
                self._sleep(0.05 * 2**attempt if pause is None else pause)
            else:
                if failed and status < 500:
                    self.failed[name] += failed
                self._down[name] = self._down[name] + 1 if status >= 500 else 0
                return self._exchange(ask, request, response, self._clock() - began)
        raise AssertionError("the last attempt ends it")

    def request(self, ask: Ask) -> httpx.Request:
        """The request as it goes over the wire."""
        operation = ask.operation
        given = self.credentials if ask.credentials is None else ask.credentials
        carried = dict(_credentials(self.spec, operation, given))
        query: list[tuple[str, str]] = []
        headers: dict[str, str] = {}
        cookies: list[str] = []
        path = operation.template
        declared = {(one.location, one.name): one for one in operation.parameters}
        for (location, name), value in ask.parameters.items():
            texts = list(_texts(declared.get((location, name)), value))
            if location == "path":
                path = path.replace(f"{{{name}}}", quote(",".join(texts), safe=""))
            elif location == "query":
                query += [(name, text) for text in texts]
            elif location == "header":
                headers[name] = ",".join(texts)
            else:
                cookies += [f"{name}={text}" for text in texts]
        content, content_type = _encoded(operation, ask.body)
        for scheme, secret in carried.items():
            if scheme.location == "query" and _goes_in_form(self.spec, scheme, ask, content_type):
                content = b"&".join(filter(None, [content, urlencode({scheme.parameter: secret}).encode()]))
                content_type = _FORM
            elif scheme.location == "query":
                query.append((scheme.parameter, secret))
            elif scheme.location == "cookie":
                cookies.append(f"{scheme.parameter}={secret}")
            elif scheme.location == "header":
                headers[scheme.parameter] = secret
            else:
                headers["Authorization"] = _authorization(scheme, secret)
        if content_type:
            headers["Content-Type"] = content_type
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        url = self._base(operation) + path + (f"?{urlencode(query)}" if query else "")
        return self._http.build_request(ask.method or operation.method, url, headers=headers, content=content)

    def unsent(self, ask: Ask) -> Exchange:
        """The exchange as it would be, with nothing answered yet."""
        return self._exchange(ask, self.request(ask), httpx.Response(200), 0.0)

    def curl(self, ask: Ask) -> str:
        """The request as a command for people, its credentials masked."""
        hidden = dict.fromkeys(self.credentials if ask.credentials is None else ask.credentials, MASK)
        request = self.request(replace(ask, credentials=hidden))
        words = ["curl", "-X", request.method, str(request.url)]
        for name, value in request.headers.raw:
            if name.decode().lower() not in _OWN:
                words += ["-H", f"{name.decode()}: {value.decode()}"]
        if request.content:
            words += ["--data-raw", request.content.decode("utf-8", "replace")]
        return shlex.join(words)

    def _base(self, operation: Operation) -> str:
        return self._origin + (self._root + operation.servers[0] if operation.servers else self._path)

    def _wait_for_turn(self) -> None:
        now = self._clock()
        if now < self._turn:
            self._sleep(self._turn - now)
        self._turn = max(now, self._turn) + self._pause

    def _exchange(
        self, ask: Ask, request: httpx.Request, response: httpx.Response, elapsed: float
    ) -> Exchange:
        documented = (ask.operation.servers or self.spec.prefixes)[0]
        path = request.url.raw_path.decode()
        sent = str(request.url)
        base = urlsplit(self._base(ask.operation)).path
        return Exchange(
            source=f"{request.method} {request.url.path}",
            entry=self.sent.total(),
            method=request.method,
            url=sent.replace(path, documented + path.removeprefix(base), 1),
            status=response.status_code,
            request_headers=_headers(request.headers),
            request_body=request.content or None,
            response_headers=_headers(response.headers),
            response_body=response.content,
            elapsed=elapsed,
        )


def _root(path: str, prefixes: Sequence[str]) -> str:
    """What a path has before that of the document's server; others of its servers stand below it, too."""
    for prefix in prefixes:
        pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(prefix))
        if found := re.search(f"{pattern}$", path):
            return path[: found.start()]
    return path


def _headers(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in headers.multi_items())


def _asked_to_wait(response: httpx.Response) -> float | None:
    """Seconds, where too much was asked and the server says how long to wait, if that is not too long."""
    told = response.headers.get("Retry-After", "")
    if response.status_code not in (429, 503) or not told.isdecimal() or float(told) > PATIENCE:
        return None
    return float(told)


def _credentials(
    spec: Spec, operation: Operation, given: Mapping[str, str]
) -> Iterator[tuple[SecurityScheme, str]]:
    """What a request carries: the first alternative that is complete, else what there is of the first.

    A scheme of OAuth beside another one only names scopes: the token travels by the other.
    """
    alternatives = [
        [
            one
            for one in together
            if one.kind not in _TOKENS or all(other.kind in _TOKENS for other in together)
        ]
        for together in operation.security
    ]
    complete = [one for one in alternatives if all(scheme.name in given for scheme in one)]
    for scheme in (complete or alternatives or [[]])[0]:
        if scheme.name in given:
            yield scheme, given[scheme.name]


def token_schemes(spec: Spec) -> list[str]:
    """Where the access token goes: schemes beside one of OAuth, or that by themselves, or the first."""
    beside, alone, first = [], [], []
    for operation in spec.operations:
        for together in operation.security:
            carriers = [one.name for one in together if one.kind not in _TOKENS]
            oauth = [one.name for one in together if one.kind in _TOKENS]
            beside += carriers if oauth else []
            alone += oauth if not carriers else []
            first += carriers[:1] if len(carriers) == 1 else []
    return list(dict.fromkeys(beside or alone or first[:1]))


def _authorization(scheme: SecurityScheme, secret: str) -> str:
    if scheme.scheme == "basic":
        return f"Basic {base64.b64encode(secret.encode()).decode()}"
    return f"Bearer {secret}"


def _goes_in_form(spec: Spec, scheme: SecurityScheme, ask: Ask, content_type: str | None) -> bool:
    value = spec.document.get(spec.document.follow(join("/components/securitySchemes", scheme.name)))
    method = ask.method or ask.operation.method
    return (
        value.get("x-in-form") is True
        and method in {"POST", "PUT", "PATCH"}
        and content_type in (None, _FORM)
    )


def _texts(parameter: Parameter | None, value: Any) -> Iterator[str]:
    """A value as it stands on the wire: one text, or several under the same name."""
    if not isinstance(value, list):
        yield _text(value)
    elif parameter is None or parameter.explode:
        yield from map(_text, value)
    else:
        yield {"spaceDelimited": " ", "pipeDelimited": "|"}.get(parameter.style, ",").join(map(_text, value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _encoded(operation: Operation, body: Any) -> tuple[bytes, str | None]:
    if body is None:
        return b"", None
    content = operation.request_body.content if operation.request_body else ()
    names = [essence(one.name) for one in content]
    if any(is_json(name) for name in names) or not isinstance(body, dict):
        return json.dumps(body).encode(), next((name for name in names if is_json(name)), "application/json")
    pairs = [(name, text) for name, value in body.items() for text in _texts(None, value)]
    return urlencode(pairs).encode(), _FORM
