"""Fifty exchanges with a small document, to be recorded in any format: the findings must be the same.

``EXCHANGES`` are what went over the wire. A test of a format writes them as that format has them, or sends
them to ``server`` while a tool records, reads the recording, and calls ``assert_same_findings``.
"""

import base64
import gzip
import json
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from support.paths import SPECS
from wirecheck.checks import Judge
from wirecheck.model import Exchange
from wirecheck.spec import load

ORIGIN = "https://notes.test"
TOKEN = "notes.0123456789abcdef0123456789abcdef"
NUMBER = "x-number"
"""The request header by which the server knows which exchange it is."""

_JUDGE = Judge(load(SPECS / "notes.yaml"))
_PNG = b"\x89PNG\r\n\x1a\n\x00\xff\xfe binary"
_NOTE = {"id": 1, "title": "Buy milk"}
_ERROR = {"error": "no"}
_FORM = "application/x-www-form-urlencoded"


def _exchanges() -> Iterator[Exchange]:
    # Lists, queries, repeated headers
    yield _made("GET", "/notes", reply=[], X_Total="0")
    yield _made("GET", "/notes?limit=5", reply=[_NOTE], X_Total="1")
    yield _made("GET", "/notes?limit=500", reply=[_NOTE], X_Total="1")
    yield _made("GET", "/notes?limit=many", 400, reply=_ERROR)
    yield _made("GET", "/notes?tag=a&tag=b%20c&tag=d%2Ce", reply=[_NOTE], X_Total="1")
    yield _made("GET", "/notes?tag=much-too-long-a-tag", reply=[_NOTE], X_Total="1")
    yield _made("GET", "/notes?tag=%C3%A9%F0%9F%98%80", reply=[_NOTE | {"title": "é😀"}], X_Total="1")
    yield _made("GET", "/notes?unknown=1", reply=[_NOTE], X_Total="1")
    yield _made("GET", "/notes", reply=[_NOTE])
    yield _made("GET", "/notes", reply=[_NOTE], X_Total="several")
    yield _made("GET", "/notes", reply=[{"id": "1", "title": ""}, _NOTE], X_Total="2")
    yield _made("GET", "/notes", reply=[_NOTE], X_Total="1", asked={"x-trace": "0aF"})
    yield _made("GET", "/notes", 401, reply={}, token=None)
    yield _made("GET", "/notes", reply=[_NOTE], X_Total="1", token=None)
    yield _made("GET", "/notes", 503, b"<h1>Busy</h1>", reply_as="text/html", Retry_After="5")
    cookies = (("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2; HttpOnly"))
    yield _made("GET", "/notes", reply=[_NOTE], X_Total="1", more=cookies)
    # One note: errors, conditions, bodies that are not what they should be
    yield _made("GET", "/notes/1", reply=_NOTE)
    yield _made("GET", "/notes/1", reply=_NOTE | {"title": "ünïcödé ☃"})
    yield _made("GET", "/notes/1", reply=_NOTE | {"weight": 10.0, "done": "yes"})
    yield _made("GET", "/notes/1", reply=_NOTE | {"tags": ["x", "x"]})
    yield _made("GET", "/notes/1", 200, b'{"id": 1, "title": "cut o')
    yield _made("GET", "/notes/1", 200, b'"a text"')
    yield _made("GET", "/notes/1", 200, b"null")
    yield _made("GET", "/notes/1", 200, b"")
    yield _made("GET", "/notes/1", 304, b"", reply_as=None, asked={"if-none-match": '"1"'})
    yield _made("GET", "/notes/2", 404, reply=_ERROR)
    yield _made("GET", "/notes/2", 404, reply={"error": ""})
    yield _made("GET", "/notes/2", 410, b"")
    yield _made("GET", "/notes/one", 404, reply=_ERROR)
    yield _made("HEAD", "/notes/1", 200, b"", reply_as=None)
    yield _made("DELETE", "/notes/1", 204, b"", reply_as=None)
    yield _made("DELETE", "/notes/1", 200, reply={"ok": True})
    # Bodies of requests
    yield _sent("POST", "/notes", {"title": "Milk"}, 201, reply=_NOTE, Location="/v1/notes/1")
    yield _sent("POST", "/notes", {"title": "Milk"}, 201, reply=_NOTE)
    yield _sent(
        "POST", "/notes", {"title": "Much too long a title"}, 201, reply=_NOTE, Location="/v1/notes/1"
    )
    yield _sent("POST", "/notes", {"title": "é☃", "weight": 1.5}, 201, reply=_NOTE, Location="/v1/notes/1")
    yield _sent("POST", "/notes", {"done": True}, 422, reply=_ERROR)
    yield _sent("POST", "/notes", b'{"title": ', 201, reply=_NOTE, Location="/v1/notes/1")
    yield _sent("POST", "/notes", b"title=Milk", 201, sent_as=_FORM, reply=_NOTE, Location="/v1/notes/1")
    yield _sent("PUT", "/notes/1", {"title": "Tea", "tags": ["a", "b"]}, reply=_NOTE)
    yield _sent(
        "PATCH", "/notes/1", {"done": False}, 204, b"", sent_as="application/merge-patch+json", reply_as=None
    )
    yield _sent("PATCH", "/notes/1", {}, 204, b"", sent_as="application/merge-patch+json", reply_as=None)
    session: dict[str, Any] = {"reply": {"ok": True}, "more": cookies, "token": None, "sent_as": _FORM}
    yield _sent("POST", "/login", b"user=eve&password=pass%26w%C3%B6rd", **session)
    yield _sent("POST", "/login", b"user=e&password=pa+ss&remember=maybe", **session)
    yield _sent("POST", "/login", b"user=eve&other=1", **session)
    yield _sent(
        "POST",
        "/login",
        b"user=eve&password=pw",
        302,
        b"",
        sent_as=_FORM,
        token=None,
        Location="/home",
        reply_as=None,
    )
    # Other media types, codings, bytes
    yield _made("GET", "/text", 200, b"short", reply_as="text/plain")
    yield _made("GET", "/text", 200, "größer".encode("latin-1"), reply_as="text/plain; charset=iso-8859-1")
    yield _made("GET", "/text", 200, "naïve".encode(), reply_as="text/plain; charset=utf-8")
    yield _made("GET", "/nowhere", 404, b"Not here.", reply_as="text/plain")
    yield _made("GET", "/notes/1", reply=_NOTE, coding="gzip")
    yield _made("GET", "/notes/1", reply=_NOTE | {"id": "1"}, coding="gzip")
    yield _made("GET", "/notes/1", reply=_NOTE | {"id": None}, coding="deflate")
    yield _made("GET", "/files/a.png", 200, _PNG, reply_as="image/png")
    yield _made("GET", "/files/a.png", 200, _PNG)
    yield _sent(
        "PUT", "/files/a.bin", b"\x00\xff\x80", 204, b"", sent_as="application/octet-stream", reply_as=None
    )
    yield _sent(
        "PUT", "/files/a.bin", bytes(range(256)), 204, b"", sent_as="application/octet-stream", reply_as=None
    )


def _sent(
    method: str,
    target: str,
    body: Any,
    status: int = 200,
    content: bytes | None = None,
    *,
    sent_as: str = "application/json",
    **more: Any,
) -> Exchange:
    sent = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    asked = {"content-type": sent_as, **more.pop("asked", {})}
    return replace(_made(method, target, status, content, asked=asked, **more), request_body=sent)


def _made(
    method: str,
    target: str,
    status: int = 200,
    content: bytes | None = None,
    *,
    reply: Any = None,
    reply_as: str | None = "application/json",
    asked: dict[str, str] | None = None,
    token: str | None = TOKEN,
    coding: str = "",
    more: tuple[tuple[str, str], ...] = (),
    **headers: str,
) -> Exchange:
    body = json.dumps(reply, ensure_ascii=False).encode() if content is None else content
    credentials = {"authorization": f"Bearer {token}"} if token else {}
    types = {"content-type": reply_as} if reply_as else {}
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    codings = {"content-encoding": coding} if coding else {}
    return Exchange(
        source="",
        entry=0,
        method=method,
        url=f"{ORIGIN}/v1{target}",
        status=status,
        request_headers=tuple({"accept": "*/*", **credentials, **(asked or {})}.items()),
        request_body=b"",
        response_headers=(*{"server": "notes", **types, **named, **codings}.items(), *more),
        response_body=body,
    )


EXCHANGES = [
    replace(
        exchange,
        source=f"wire#{entry}",
        entry=entry,
        request_headers=(*exchange.request_headers, (NUMBER, str(entry))),
    )
    for entry, exchange in enumerate(_exchanges())
]


def is_text(exchange: Exchange) -> bool:
    """Whether a format that holds only text can hold both bodies, once they are decompressed."""
    bodies = (exchange.request_body or b"", exchange.response_body or b"")
    return all(body.decode("utf-8", "replace").encode() == body for body in bodies)


def findings(exchange: Exchange) -> list[tuple[str, ...]]:
    """What is wrong with an exchange, without the place in the recording."""
    return [
        (finding.check, finding.severity, finding.path, finding.query, finding.pointer or "", finding.message)
        for finding in _JUDGE.judge(exchange).findings
    ]


def assert_same_findings(recorded: Iterable[Exchange], expected: Iterable[Exchange] = EXCHANGES) -> None:
    """Asserts that a recording contains the exchanges in their order, and the same is wrong with them."""
    for actual, exchange in zip(recorded, expected, strict=True):
        assert not actual.error, (actual.source, actual.error)
        assert (actual.method, actual.status) == (exchange.method, exchange.status), actual.source
        assert _target(actual.url) == _target(exchange.url), actual.source
        assert findings(actual) == findings(exchange), actual.source


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def as_json_lines(exchanges: Iterable[Exchange] = EXCHANGES) -> bytes:
    """The exchanges as JSON Lines."""
    return b"".join(json.dumps(_line(exchange)).encode() + b"\n" for exchange in exchanges)


def _line(exchange: Exchange) -> dict[str, Any]:
    request = {"method": exchange.method, "url": exchange.url, "headers": exchange.request_headers}
    if exchange.request_body is not None:
        request["body_base64"] = base64.b64encode(exchange.request_body).decode()
    response = {"status": exchange.status, "headers": exchange.response_headers}
    if exchange.response_body is not None:
        response["body_base64"] = base64.b64encode(exchange.response_body).decode()
    return {"request": request, **response}


_COMPRESSORS = {"gzip": lambda body: gzip.compress(body, mtime=0), "deflate": zlib.compress}


@contextmanager
def server() -> Iterator[str]:
    """The origin of a server that responds as in EXCHANGES; a request that is another gets status 599."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body go out together

        def _respond(self) -> None:
            exchange = EXCHANGES[int(self.headers[NUMBER])]
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_same = (self.command, self.path, body) == (
                exchange.method,
                _target(exchange.url).removesuffix("?"),
                exchange.request_body,
            )
            self.send_response(exchange.status if is_same else 599)
            for name, value in exchange.response_headers:
                self.send_header(name.title(), value)
            coding = dict(exchange.response_headers).get("content-encoding", "")
            content = exchange.response_body or b""
            content = _COMPRESSORS[coding](content) if coding else content
            if exchange.status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _respond  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        http_server.daemon_threads = True
        thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http_server.server_port}"
        finally:
            http_server.shutdown()
            thread.join()
