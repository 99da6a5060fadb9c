"""The exchanges of responses of HTTP libraries and test clients, whose bodies are never consumed for it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from wirecheck.live import headers_of
from wirecheck.model import Exchange, Headers

_UNRESERVED = "/~!$&'()*+,;=:@"  # and what else stands in paths as it is (RFC 3986, 3.3)


@dataclass(slots=True, kw_only=True)
class Captured:
    """What is known of an exchange, and what gives the body of its response where that was not yet read."""

    method: str
    url: str
    status: int
    request_headers: Headers
    request_body: bytes | None
    response_headers: Headers
    response_body: bytes | None = None
    late_body: Callable[[], bytes | None] | None = None

    def exchange(self, source: str = "") -> Exchange:
        """The exchange with the body as far as it is known by now: None unless it was read to its end."""
        return Exchange(
            source=source,
            entry=0,
            method=self.method,
            url=self.url,
            status=self.status,
            request_headers=self.request_headers,
            request_body=self.request_body,
            response_headers=self.response_headers,
            response_body=self.late_body() if self.late_body else self.response_body,
        )

    def finish(self, source: str) -> Exchange:
        """The complete exchange, whose response is no longer held."""
        exchange = self.exchange(source)
        self.response_body, self.late_body = exchange.response_body, None
        return exchange


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
    is_read = response.is_stream_consumed or response.is_closed
    request = response.request
    captured = Captured(
        method=request.method,
        url=str(request.url),
        status=response.status_code,
        request_headers=headers_of(request.headers.multi_items()),
        request_body=_content(request),
        response_headers=headers_of(response.headers.multi_items()),
        response_body=_content(response) if is_read else None,
    )
    if is_read:
        return captured
    tee = _Tee()
    response.iter_bytes = tee.around(response.iter_bytes)
    response.aiter_bytes = tee.around_async(response.aiter_bytes)
    captured.late_body = tee.body
    return captured


def _content(message: Any) -> bytes | None:
    """The body of a message of httpx; None where it was streamed, and is not readable again."""
    try:
        content: bytes = message.content
    except RuntimeError:
        return None
    return content


def of_requests(response: Any) -> Captured:
    """That of a response of requests."""
    is_read = getattr(response, "_content_consumed", True)
    request = response.request
    body = request.body
    if body is None or isinstance(body, str):
        body = (body or "").encode()
    captured = Captured(
        method=request.method,
        url=request.url,
        status=response.status_code,
        request_headers=headers_of(request.headers.items()),
        request_body=body if isinstance(body, bytes) else None,
        response_headers=headers_of(response.headers.items()),
        response_body=(response.content or b"") if is_read else None,
    )
    if is_read:
        return captured
    tee = _Tee()
    response.iter_content = tee.around(response.iter_content)
    captured.late_body = tee.body
    return captured


def of_aiohttp(response: Any, body: bytes | None) -> Captured:
    """That of a response of aiohttp to a request with this body."""
    request = response.request_info
    return Captured(
        method=response.method,
        url=str(request.url),
        status=response.status,
        request_headers=headers_of(request.headers.items()),
        request_body=body,
        response_headers=headers_of(response.headers.items()),
        late_body=lambda: getattr(response, "_body", None),
    )


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
    cookies = (("set-cookie", morsel.OutputString()) for morsel in response.cookies.values())
    captured = Captured(
        method=request.method,
        url=_url(request.META, quote(request.path, safe=_UNRESERVED)),
        status=response.status_code,
        request_headers=_headers_of(request.META),
        request_body=body,
        response_headers=headers_of((*response.items(), *cookies)),
        response_body=None if response.streaming else response.content,
    )
    if not response.streaming:
        return captured
    tee = _Tee()
    if not response.is_async:
        pieces = response.streaming_content
        response.streaming_content = tee.around(lambda: pieces)()
    captured.late_body = tee.body
    return captured


def of_werkzeug(response: Any) -> Captured:
    """That of a response of a test client of Werkzeug, which is that of Flask."""
    is_read = response.is_sequence or response.content_length is not None
    environ = response.request.environ
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    raw = re.sub(r"^[a-z]+://[^/?]*", "", environ.get("REQUEST_URI", "")).partition("?")[0]
    quoted = quote(raw.encode("latin-1"), f"{_UNRESERVED}%") or quote(path.encode("latin-1"), _UNRESERVED)
    body = None
    with suppress(AttributeError, ValueError):  # a file, or closed
        body = environ["wsgi.input"].getvalue()
    captured = Captured(
        method=environ["REQUEST_METHOD"],
        url=_url(environ, quoted),
        status=response.status_code,
        request_headers=_headers_of(environ),
        request_body=body,
        response_headers=headers_of(response.headers),
        response_body=response.get_data() if is_read else None,
    )
    if is_read:
        return captured
    tee = _Tee()
    response.iter_encoded = tee.around(response.iter_encoded)
    captured.late_body = tee.body
    return captured


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
