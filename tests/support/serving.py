"""The reference server in the process of a test, and small servers on the loopback interface."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from starlette.applications import Starlette

from instagram_server.app import create_app
from instagram_server.config import Settings
from instagram_server.platform import Platform

ORIGIN = "http://server.test"


def client_of(app: Starlette) -> httpx.AsyncClient:
    """A client whose requests go to a server in this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)


@asynccontextmanager
async def served(settings: Settings | None = None) -> AsyncIterator[tuple[httpx.AsyncClient, Platform]]:
    """A client of a new server, and the state of that server."""
    app = create_app(settings)
    platform: Platform = app.state.platform
    try:
        async with client_of(app) as client:
            yield client, platform
    finally:
        platform.store.close()


@contextmanager
def shared_app() -> Iterator[Starlette]:
    """A server for many tests, which only read."""
    app = create_app()
    yield app
    app.state.platform.store.close()


Handler = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
"""Returns status, headers and body for a method, target, headers and body."""


@contextmanager
def callback(handler: Handler) -> Iterator[str]:
    """The address of a server that responds to callbacks."""

    class RequestHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, text = handler(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET  # noqa: N815 (the name that http.server looks for)

        def log_message(self, *_: object) -> None:
            """Write no log."""

    with listening(RequestHandler) as origin:
        yield origin


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """The origin of a server on the loopback interface, with a thread for each connection."""
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
