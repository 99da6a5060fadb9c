"""An address for the callbacks of operations: who calls there is answered as documented."""

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

ANSWER = "x-answer"
_ADDRESS = re.compile(r"(\{[^{}]*\})([^{}]*)")  # where a callback is, as far as a listener can be there
_LARGEST = 1 << 20  # bytes of a request that are read
_SECONDS = 10  # without a byte, after which a connection is closed

Reply = tuple[int, str]
"""Status and body of what a callback is answered."""


class Listener:
    """Listens while it is open, if there is anything to listen for.

    ``values`` are the addresses to give the server, by operation and name of the parameter or
    field. ``changed`` is what becomes of a documented answer. Raises TargetError when nobody can
    listen there.
    """

    def __init__(self, spec: Spec, listen: str) -> None:
        self.values: dict[str, dict[str, str]] = {}
        self.changed: Callable[[Reply], Reply] | None = None
        self._spec = spec
        self._called: list[tuple[Operation, Exchange]] = []
        self._documented: dict[tuple[str, str], Operation] = {}
        found = [
            (operation, callback, place)
            for operation in spec.operations
            for callback in spec.callbacks(operation)
            if (place := _place(callback))
        ]
        self._server = _listening(listen, self._reply) if found else None
        for operation, callback, (name, rest) in found:
            path = "/" + re.sub(r"\W+", "-", f"{operation.name} {name}")
            self._documented[path + rest, callback.method] = callback
            self.values.setdefault(operation.name, {})[name] = self._origin + path

    def close(self) -> None:
        """Listens no more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def called(self) -> Iterator[tuple[Operation, Exchange]]:
        """The requests that came since this was asked last, each with the callback that it is for."""
        while self._called:
            yield self._called.pop(0)

    @contextmanager
    def answering(self, changed: Callable[[Reply], Reply]) -> Iterator[None]:
        """Answers otherwise than is documented, for a while."""
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
        """The listener, as an application of WSGI; it runs in threads of its own."""
        size = environ.get("CONTENT_LENGTH", "")
        body = environ["wsgi.input"].read(min(int(size), _LARGEST) if size.isdecimal() else 0)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        callback = self._documented.get((path, method))
        if callback is None:
            start("404 Not Found", [("Content-Length", "0")])
            return [b""]
        called = Exchange(
            source=f"{method} {path}",
            entry=0,
            method=method,
            url=f"{self._origin}{path}?{environ['QUERY_STRING']}",
            status=200,
            request_headers=tuple(_headers(environ)),
            request_body=body or None,
        )
        self._called.append((callback, called))
        media_type, reply = self._documented_reply(callback, called)
        status, text = self.changed(reply) if self.changed else reply
        content = text.encode()
        headers = [("Content-Type", media_type), ("Content-Length", str(len(content)))]
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [content]

    def _documented_reply(self, callback: Operation, called: Exchange) -> tuple[str, Reply]:
        """Media type and reply of its first success."""
        response = next((one for one in callback.responses if one.status.startswith("2")), None)
        if response is None:
            return "text/plain", (200, "")
        media_type = response.content[0].name if response.content else "text/plain"
        answer = self._spec.document.get(response.pointer).get(ANSWER, "")
        status = int(response.status) if response.status.isdecimal() else 200
        return media_type, (status, filled(answer, lambda where, name: _value(called, where, name)))


def counts(spec: Spec, operation: Operation) -> bool:
    """Whether an operation has a callback that can be listened for, and whose answer counts (x-answer)."""
    return any(
        ANSWER in spec.document.get(response.pointer)
        for callback in spec.callbacks(operation)
        if _place(callback)
        for response in callback.responses
    )


def _place(callback: Operation) -> tuple[str, str] | None:
    """The parameter or field that tells where a callback is, and what its path has beyond that."""
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
        """Keeps quiet."""


def _listening(listen: str, application: Callable[..., Iterable[bytes]]) -> WSGIServer:
    try:
        address = urlsplit(f"//{listen}")
        server = make_server(address.hostname or "", address.port or 0, application, _Server, _Handler)
    except (OSError, ValueError) as error:
        raise TargetError(listen, f"cannot be listened at: {error}") from None
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_") or key == "CONTENT_TYPE":
            yield key.removeprefix("HTTP_").replace("_", "-").lower(), value


def _value(called: Exchange, where: str, name: str) -> str:
    """What stands at a place of a request; empty for nothing."""
    if where == "header":
        return ", ".join(decode.header_values(called.request_headers, name))
    in_query = decode.query_pairs(decode.split_url(called.url)[1])
    fields = in_query if where == "query" else _fields(called)
    return next((value for key, value in fields if key == name), "")


def _fields(called: Exchange) -> decode.Pairs:
    """Those of a form, or of an object in JSON that are texts."""
    body = called.request_body or b""
    content_type = next(iter(decode.header_values(called.request_headers, "content-type")), "")
    try:
        if form := decode.FORMS.get(decode.essence(content_type)):
            return form(body, content_type)
        value = decode.json_value(body)
    except decode.UndecodableError:
        return []
    return (
        [(key, one) for key, one in value.items() if isinstance(one, str)] if isinstance(value, dict) else []
    )
