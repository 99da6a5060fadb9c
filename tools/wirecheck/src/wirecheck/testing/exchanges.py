"""The exchanges of responses of HTTP libraries and test clients, whose bodies are never consumed for it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from wirecheck.model import Exchange, Headers

_UNRESERVED = "/~!$&'()*+,;=:@"  # and what else stands in paths as it is (RFC 3986, 3.3)


@dataclass(slots=True)
class Captured:
    """An exchange, and what gives the body of its response where that was not yet read."""

    exchange: Exchange
    body: Callable[[], bytes | None] | None = None

    def complete(self) -> Exchange:
        """The exchange with the body as far as it is known by now: None unless it was read to its end."""
        return replace(self.exchange, response_body=self.body()) if self.body else self.exchange

    def finish(self, source: str) -> Exchange:
        """The complete exchange, whose response is no longer held."""
        self.exchange, self.body = replace(self.complete(), source=source), None
        return self.exchange


class _Tee:
    """Passes pieces of a body on, and keeps them."""

    def __init__(self) -> None:
        self._body: bytes | None = None

    def body(self) -> bytes | None:
        return self._body

    def around(self, iterate: Callable[..., Iterable[Any]]) -> Callable[..., Iterator[Any]]:
        def iterator(*args: Any, **kwargs: Any) -> Iterator[Any]:
            pieces = []
            for piece in iterate(*args, **kwargs):
                pieces.append(piece)
                yield piece
            self._keep(pieces)

        return iterator

    def around_async(self, iterate: Callable[..., Any]) -> Callable[..., Any]:
        async def iterator(*args: Any, **kwargs: Any) -> Any:
            pieces = []
            async for piece in iterate(*args, **kwargs):
                pieces.append(piece)
                yield piece
            self._keep(pieces)

        return iterator

    def _keep(self, pieces: list[Any]) -> None:
        if all(isinstance(piece, bytes) for piece in pieces):
            self._body = b"".join(pieces)


def of_httpx(response: Any) -> Captured:
    """That of a response of httpx or httpx2, as a client returns it."""
    request = response.request
    body = None
    with suppress(RuntimeError):  # streamed, and not readable again
        body = request.content
    captured = Captured(
        _exchange(request.method, str(request.url), response.status_code, request.headers, response.headers)
    )
    captured.exchange = replace(captured.exchange, request_body=body)
    if response.is_stream_consumed or response.is_closed:
        with suppress(RuntimeError):
            captured.exchange = replace(captured.exchange, response_body=response.content)
    else:
        tee = _Tee()
        response.iter_bytes = tee.around(response.iter_bytes)
        response.aiter_bytes = tee.around_async(response.aiter_bytes)
        captured.body = tee.body
    return captured


def of_requests(response: Any) -> Captured:
    """That of a response of requests."""
    request = response.request
    exchange = _exchange(request.method, request.url, response.status_code, request.headers, response.headers)
    body = request.body
    if body is None or isinstance(body, str):
        body = (body or "").encode()
    exchange = replace(exchange, request_body=body if isinstance(body, bytes) else None)
    if getattr(response, "_content_consumed", True):
        return Captured(replace(exchange, response_body=response.content or b""))
    tee = _Tee()
    response.iter_content = tee.around(response.iter_content)
    return Captured(exchange, tee.body)


def of_aiohttp(response: Any, body: bytes | None) -> Captured:
    """That of a response of aiohttp to a request with this body."""
    request = response.request_info
    exchange = _exchange(
        response.method, str(request.url), response.status, request.headers, response.headers
    )
    return Captured(replace(exchange, request_body=body), lambda: getattr(response, "_body", None))


def aiohttp_body(data: Any, json: Any, serialize: Callable[[Any], str | bytes]) -> bytes | None:
    """The body that aiohttp makes of its arguments; None where that is not known, as of a form with files."""
    if json is not None:
        data = serialize(json)
    if isinstance(data, Mapping) and all(isinstance(value, str) for value in data.values()):
        data = urlencode(data)
    if data is None or isinstance(data, str):
        return (data or "").encode()
    return bytes(data) if isinstance(data, bytes | bytearray) else None


def of_django(response: Any, body: bytes | None) -> Captured:
    """That of a response of a test client of Django to a request with this body."""
    request = getattr(response, "wsgi_request", None) or response.asgi_request
    url = _url(request.META, quote(request.path, safe=_UNRESERVED))
    exchange = _exchange(
        request.method, url, response.status_code, _headers_of(request.META), response.items()
    )
    cookies = (("set-cookie", morsel.OutputString()) for morsel in response.cookies.values())
    headers = (*exchange.response_headers, *cookies)
    exchange = replace(exchange, request_body=body, response_headers=headers)
    if not response.streaming:
        return Captured(replace(exchange, response_body=response.content))
    tee = _Tee()
    if not response.is_async:
        pieces = response.streaming_content
        response.streaming_content = tee.around(lambda: pieces)()
    return Captured(exchange, tee.body)


def of_werkzeug(response: Any) -> Captured:
    """That of a response of a test client of Werkzeug, which is that of Flask."""
    environ = response.request.environ
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    raw = re.sub(r"^[a-z]+://[^/?]*", "", environ.get("REQUEST_URI", "")).partition("?")[0]
    quoted = quote(raw.encode("latin-1"), f"{_UNRESERVED}%") or quote(path.encode("latin-1"), _UNRESERVED)
    url = _url(environ, quoted)
    method = environ["REQUEST_METHOD"]
    exchange = _exchange(method, url, response.status_code, _headers_of(environ), response.headers)
    with suppress(AttributeError, ValueError):  # a file, or closed
        exchange = replace(exchange, request_body=environ["wsgi.input"].getvalue())
    if response.is_sequence or response.content_length is not None:
        return Captured(replace(exchange, response_body=response.get_data()))
    tee = _Tee()
    response.iter_encoded = tee.around(response.iter_encoded)
    return Captured(exchange, tee.body)


def _exchange(method: str, url: str, status: int, sent: Any, received: Any) -> Exchange:
    return Exchange(
        source="",
        entry=0,
        method=method,
        url=url,
        status=status,
        request_headers=_headers(sent),
        response_headers=_headers(received),
    )


def _headers(headers: Any) -> Headers:
    if hasattr(headers, "multi_items"):  # httpx: with every value of a repeated header
        headers = headers.multi_items()
    elif hasattr(headers, "items"):
        headers = headers.items()
    return tuple((_text(name).lower(), _text(value)) for name, value in headers)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _headers_of(environ: Mapping[str, Any]) -> Headers:
    """The headers of a request by an environment of WSGI (PEP 3333)."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_") or (name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value)
    }
    return tuple(headers.items())


def _url(environ: Mapping[str, Any], path: str) -> str:
    port = str(environ.get("SERVER_PORT", "80"))
    name = environ.get("SERVER_NAME", "testserver") + ("" if port in ("80", "443") else f":{port}")
    query = environ.get("QUERY_STRING", "")
    scheme, host = environ.get("wsgi.url_scheme", "http"), environ.get("HTTP_HOST") or name
    return f"{scheme}://{host}{path}{'?' * bool(query)}{query}"
