"""The plumbing that the servers share: requests, responses, routes, and the ASGI application around them."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

Json = Any
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """``target`` is path and query as sent, still encoded. Header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The parameters, decoded; of a repeated one, the last."""
        pairs = parse_qsl(self.target.partition("?")[2], keep_blank_values=True, errors="replace")
        return dict(pairs)

    @property
    def origin(self) -> str:
        return f"http://{self.headers.get('host', 'localhost')}"

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(slots=True)
class Response:
    """Header names are in lower case."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_response(
    status: int, body: Json, headers: Mapping[str, str] | None = None, media_type: str = "application/json"
) -> Response:
    """Decimals become JSON numbers."""
    text = json.dumps(body, default=_number)
    return Response(status, text.encode(), {"content-type": media_type, **(headers or {})})


def _number(value: object) -> int | float:
    assert isinstance(value, Decimal)
    return int(value) if value == value.to_integral_value() else float(value)


def parse_json(body: bytes) -> Json:
    """The parsed body; fractions as Decimals. Raises ValueError when it is not JSON in UTF-8."""

    def reject(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        value = json.loads(body.decode(), parse_float=_fraction, parse_constant=reject)
        json.dumps(value, ensure_ascii=False, default=str).encode()  # lone surrogates are not text
    except (RecursionError, ArithmeticError):
        raise ValueError("nested too deeply, or a number beyond all limits") from None
    return value


def _fraction(text: str) -> Decimal:
    """A number; what is nearer to 0 than any double counts as 0 (RFC 8259, 6: range may be limited)."""
    value = Decimal(text)
    return value if float(value) else Decimal(0)


class HttpError(Exception):
    """Ends a request with an error status; the server's ``error`` renders it."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.errors, self.headers = dict(errors or {}), dict(headers or {})


Handler = Callable[..., Response]
"""Takes the request and the decoded values of the path's variables."""
Routes = Mapping[str, Mapping[str, Handler]]
"""Path template, method, handler. A template without variables comes before one that also matches."""


class App:
    """An ASGI application. Responds to HEAD as to GET, without the body, and to OPTIONS with Allow."""

    def __init__(self, prefix: str, routes: Routes, error: Callable[[HttpError], Response]) -> None:
        self._prefix, self._routes, self._error = prefix, routes, error

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        request = await _read(scope, receive)
        response = self.respond(request)
        headers = dict(response.headers)
        if response.status >= 200 and response.status not in (204, 304):
            headers.setdefault("content-length", str(len(response.body)))
        body = b"" if request.method == "HEAD" or response.status in (204, 304) else response.body
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    def respond(self, request: Request) -> Response:
        """The response, with its body also for HEAD."""
        try:
            return self._dispatch(request)
        except HttpError as error:
            return self._error(error)
        except Exception:
            return Response(500, b"Internal Server Error", {"content-type": "text/plain; charset=utf-8"})

    def _dispatch(self, request: Request) -> Response:
        methods, values = self._route(request.path)
        allow = ", ".join(allowed(methods))
        if request.method == "OPTIONS" and "OPTIONS" not in methods:
            return Response(204, headers={"allow": allow})
        method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method
        if method not in methods:
            raise HttpError(405, f"Method {request.method} is not allowed.", headers={"allow": allow})
        return methods[method](request, *values)

    def _route(self, path: str) -> tuple[Mapping[str, Handler], list[str]]:
        if path.startswith(self._prefix):
            segments = path.removeprefix(self._prefix).split("/")
            for template, methods in self._routes.items():
                values = _match(template.split("/"), segments)
                if values is not None:
                    return methods, values
        raise HttpError(404, "Not found.")


def allowed(methods: Mapping[str, Handler]) -> list[str]:
    """The methods of a resource as Allow names them."""
    return sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])})


def _match(template: list[str], segments: list[str]) -> list[str] | None:
    if len(template) != len(segments):
        return None
    values = []
    for expected, segment in zip(template, segments, strict=True):
        if expected.startswith("{"):
            values.append(unquote(segment))
        elif expected != unquote(segment):
            return None
    return values


async def _read(scope: Mapping[str, Any], receive: Receive) -> Request:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    query = scope["query_string"].decode("latin-1")
    target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], target, headers, body)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
