"""The reference server within the process of a test, and little servers on the loopback interface."""

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


def talking_to(app: Starlette) -> httpx.AsyncClient:
    """A client whose requests go straight into a server."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)


@asynccontextmanager
async def served(settings: Settings | None = None) -> AsyncIterator[tuple[httpx.AsyncClient, Platform]]:
    """A client of a new server, and what that server knows."""
    app = create_app(settings)
    platform: Platform = app.state.platform
    try:
        async with talking_to(app) as client:
            yield client, platform
    finally:
        platform.store.close()


@contextmanager
def kept() -> Iterator[Starlette]:
    """A server for many tests that change nothing."""
    app = create_app()
    yield app
    app.state.platform.store.close()


Answer = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
"""From method, target, headers and body to status, headers and body."""


@contextmanager
def callback(answer: Answer) -> Iterator[str]:
    """The address of an app that is called back."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, text = answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET  # noqa: N815 (the name that http.server looks for)

        def log_message(self, *_: object) -> None:
            """Keeps quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
