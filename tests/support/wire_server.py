"""A server that responds as in ``support.wires``, whoever asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.serving import listening
from support.wires import NUMBER, WIRES, Wire, chunked

WRONG = 599
"""The status of the response to a request that is not the one of its number."""


@contextmanager
def server(port: int = 0, page: bytes = b"") -> Iterator[str]:
    """The origin of a server; ``page`` is what it responds where a request has no number."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body go out together

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            number = self.headers.get(NUMBER)
            if number is None:
                self._send(Wire("GET", "/", 200, (), b"", (("Content-Type", "text/html"),), page))
            elif number == "-1":
                self.close_connection = True
            else:
                wire = WIRES[int(number)]
                is_same = wire.has_line(self.command, self.path) and body == wire.request_content
                self._send(wire if is_same else wire._replace(status=WRONG))

        def _send(self, wire: Wire) -> None:
            content = wire.response_content
            self.send_response_only(wire.status)
            for name, value in wire.response_headers:
                self.send_header(name, value)
            if wire.is_chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif wire.status not in (204, 304):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(chunked(content) if wire.is_chunked else content)

        def log_message(self, *_: object) -> None:
            """Write no log."""

    for method in {wire.method for wire in WIRES}:
        respond: Callable[[Any], None] = Handler.respond
        setattr(Handler, f"do_{method}", respond)
    with listening(Handler, port) as origin:
        yield origin
