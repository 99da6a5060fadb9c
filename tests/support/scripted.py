"""Exchanges that satisfy the contract or break it, and a server that sends their responses in turn."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

from msgspec.structs import replace

from wirecheck.model import Exchange

_WRONG: tuple[Any, ...] = (None, 0, -1.5, "wrong", [], {}, [[]], True)


def scripted_exchanges(faithful: Sequence[Exchange], count: int) -> list[Exchange]:
    """Some of the exchanges, each third one damaged, as any client can send them; the same ones every time.

    ``support.damage`` would take a quarter of a minute for them.
    """
    random = Random(count)
    chosen = (faithful[index * len(faithful) // count] for index in range(count))
    return [
        _sendable(_damaged(exchange, random) if index % 3 == 2 else exchange)
        for index, exchange in enumerate(chosen)
    ]


def _damaged(exchange: Exchange, random: Random) -> Exchange:
    body = exchange.response_body or b""
    match random.randrange(8):
        case 0:
            return replace(exchange, status=random.choice([200, 201, 404, 418, 500]))
        case 1:
            return replace(exchange, method=random.choice(["GET", "POST", "DELETE"]))
        case 2:
            return replace(exchange, url=exchange.url.replace("/v1/", random.choice(["/v1/x/", "/v2/"])))
        case 3:
            return replace(exchange, request_body=(exchange.request_body or b"a=b")[1:])
        case 4:
            return replace(exchange, response_headers=(("content-type", "text/html"),))
        case 5:
            return replace(exchange, response_body=body[: random.randrange(len(body) + 1)])
        case _:
            return replace(exchange, response_body=json.dumps(_replaced(_parsed(body), random)).encode())


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _replaced(value: Any, random: Random) -> Any:
    """The value of JSON with a member replaced or left out, at any depth."""
    if not isinstance(value, dict) or not value or random.random() < 0.1:
        return random.choice(_WRONG)
    name = random.choice(list(value))
    if random.random() < 0.3:
        return {key: member for key, member in value.items() if key != name}
    return {**value, name: _replaced(value[name], random)}


def _sendable(exchange: Exchange) -> Exchange:
    """The exchange with what is always on the wire."""
    return replace(
        exchange,
        request_body=exchange.request_body or b"",
        response_headers=(*exchange.response_headers, ("x-scripted", "yes")),
        response_body=exchange.response_body or b"",
    )


@contextmanager
def scripted_server(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """The origin of a server that sends the responses one after the other, and then again."""
    responses = _repeated(exchanges)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            exchange = next(responses)
            body = exchange.response_body or b""
            self.send_response_only(exchange.status, "Scripted")
            for name, value in exchange.response_headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names that it looks for

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _repeated(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    while True:
        yield from exchanges
