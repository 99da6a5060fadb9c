"""An ASGI application as the server under test, without a network."""

import asyncio
from typing import Any
from urllib.parse import unquote

import httpx


class InProcess(httpx.BaseTransport):
    """Passes requests to an application in this process.

    Its event loop runs only while a request is being handled. Lifespan events (startup, shutdown)
    are not sent. An application that raises before it responds counts as a response with status 500.
    """

    def __init__(self, application: Any) -> None:
        self._application = application
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        channel = _Channel(request.read())
        call = self._application(_scope(request), channel.receive, channel.send)
        try:
            self._runner.run(asyncio.wait_for(call, seconds))
        except TimeoutError:
            raise httpx.ReadTimeout(f"after {seconds} s", request=request) from None
        except Exception:
            if not channel.status:
                return httpx.Response(500)
        if not channel.ended.is_set():
            raise httpx.RemoteProtocolError(
                "the application ended before its response was complete", request=request
            )
        body = b"" if request.method == "HEAD" else bytes(channel.body)
        return httpx.Response(channel.status, headers=channel.headers, content=body)

    def close(self) -> None:
        self._runner.close()


class _Channel:
    """The ASGI channels of one request: its body goes in, the response comes out."""

    def __init__(self, request_body: bytes) -> None:
        self._request_body: bytes | None = request_body
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.ended = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._request_body is None:
            await self.ended.wait()
            return {"type": "http.disconnect"}
        body, self._request_body = self._request_body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                self.ended.set()


def _scope(request: httpx.Request) -> dict[str, Any]:
    raw_path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": unquote(raw_path.decode()),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 123),
        "server": (request.url.host, request.url.port),
    }
