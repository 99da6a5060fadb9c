"""A listener for the callbacks of operations, which responds to them as documented."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from wirecheck import decode
from wirecheck.model import Exchange, TargetError
from wirecheck.spec import Operation, Spec
from wirecheck.spec.expressions import filled, places

REPLY = "x-answer"
_ADDRESS = re.compile(r"(\{[^{}]*\})([^{}]*)")  # the only form of a callback URL that a listener can serve
_LARGEST = 1 << 20  # bytes of a request that are read
_SECONDS = 10  # without a byte, after which a connection is closed

CallbackReply = tuple[int, str]
"""Status and body of a response to a callback."""


class Listener:
    """Listens until it is closed, if the document has any callbacks.

    ``values`` are the URLs to send to the server, by operation and by name of the parameter or
    field. ``changed`` alters the documented reply. Raises TargetError for an unusable address.
    """

    def __init__(self, spec: Spec, listen: str) -> None:
        self.values: dict[str, dict[str, str]] = {}
        self.changed: Callable[[CallbackReply], CallbackReply] | None = None
        self._spec = spec
        self._received: list[tuple[Operation, Exchange]] = []
        self._callbacks: dict[tuple[str, str], Operation] = {}
        callbacks = [
            (operation, callback, place)
            for operation in spec.operations
            for callback in spec.callbacks(operation)
            if (place := _place(callback))
        ]
        self._server = _listening(listen, self._reply) if callbacks else None
        for operation, callback, (name, rest) in callbacks:
            path = "/" + re.sub(r"\W+", "-", f"{operation.name} {name}")
            self._callbacks[path + rest, callback.method] = callback
            self.values.setdefault(operation.name, {})[name] = self._origin + path

    def close(self) -> None:
        """Stops listening."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def received(self) -> Iterator[tuple[Operation, Exchange]]:
        """The requests received since the last call, each with its callback."""
        while self._received:
            yield self._received.pop(0)

    @contextmanager
    def replying(self, changed: Callable[[CallbackReply], CallbackReply]) -> Iterator[None]:
        """Alters the documented reply within the context."""
        self.changed = changed
        try:
            yield
        finally:
            self.changed = None

    @property
    def _origin(self) -> str:
        assert self._server is not None
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def _reply(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The listener as a WSGI application; it runs in threads of its own."""
        size = environ.get("CONTENT_LENGTH", "")
        body = environ["wsgi.input"].read(
            min(int(size), _LARGEST) if size.isdecimal() and len(size) < 20 else 0
        )
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        callback = self._callbacks.get((path, method))
        if callback is None:
            start("404 Not Found", [("Content-Length", "0")])
            return [b""]
        request = Exchange(
            source=f"{method} {path}",
            entry=0,
            method=method,
            url=f"{self._origin}{path}?{environ['QUERY_STRING']}",
            status=200,
            request_headers=tuple(_headers(environ)),
            request_body=body or None,
        )
        self._received.append((callback, request))
        media_type, reply = self._documented_reply(callback, request)
        status, text = self.changed(reply) if self.changed else reply
        content = text.encode()
        headers = [("Content-Type", media_type), ("Content-Length", str(len(content)))]
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [content]

    def _documented_reply(self, callback: Operation, request: Exchange) -> tuple[str, CallbackReply]:
        """The media type and the reply of the first documented success."""
        successes = (response for response in callback.responses if response.status.startswith("2"))
        response = next(successes, None)
        if response is None:
            return "text/plain", (200, "")
        media_type = response.content[0].name if response.content else "text/plain"
        template = self._spec.document.get(response.pointer).get(REPLY, "")
        status = int(response.status) if response.status.isdecimal() else 200
        return media_type, (status, filled(template, lambda location, name: _value(request, location, name)))


def has_checked_reply(spec: Spec, operation: Operation) -> bool:
    """Whether an operation has a callback that a listener can serve and whose reply matters (x-answer)."""
    return any(
        REPLY in spec.document.get(response.pointer)
        for callback in spec.callbacks(operation)
        if _place(callback)
        for response in callback.responses
    )


def _place(callback: Operation) -> tuple[str, str] | None:
    """The parameter or field that holds the callback URL, and the path that follows it."""
    address = _ADDRESS.fullmatch(callback.template)
    for _, name in places(callback.template) if address else ():
        if "/" not in name:
            return name, address[2] if address else ""
    return None


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = _SECONDS

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


def _listening(listen: str, application: Callable[..., Iterable[bytes]]) -> WSGIServer:
    try:
        address = urlsplit(f"//{listen}")
        server = make_server(address.hostname or "", address.port or 0, application, _Server, _Handler)
    except (OSError, ValueError) as error:
        raise TargetError(listen, f"cannot listen there: {error}") from None
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_") or key == "CONTENT_TYPE":
            yield key.removeprefix("HTTP_").replace("_", "-").lower(), value


def _value(request: Exchange, location: str, name: str) -> str:
    """The value of a header, query parameter or field of the body; empty where there is none."""
    if location == "header":
        return ", ".join(decode.header_values(request.request_headers, name))
    in_query = decode.query_pairs(decode.split_url(request.url)[1])
    pairs = in_query if location == "query" else _fields(request)
    return next((value for key, value in pairs if key == name), "")


def _fields(request: Exchange) -> decode.Pairs:
    """The fields of a form, or the strings of a JSON object."""
    body = request.request_body or b""
    content_type = next(iter(decode.header_values(request.request_headers, "content-type")), "")
    try:
        if decode.essence(content_type) in decode.FIELDS:
            return decode.form_pairs(body, content_type)
        value = decode.json_value(body)
    except decode.UndecodableError:
        return []
    if not isinstance(value, dict):
        return []
    return [(key, text) for key, text in value.items() if isinstance(text, str)]
