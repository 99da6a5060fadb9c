"""What keeps the command usable, and to this machine: a header timeout, and a check of the Host header."""

import asyncio
import ipaddress
from collections.abc import Iterable
from typing import cast

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""A connection is closed when the headers of a request take longer."""

_NAMES = ("localhost", "instagram.com")  # and all names below them


class Protocol(H11Protocol):
    """The protocol of uvicorn, which by itself waits for headers without end."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel()
        elif self._deadline is None:
            self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class HostCheck:
    """An ASGI application around another one; a request with a foreign host name gets 400.

    A page of a stranger could otherwise lead its own name to this machine, and read the responses (DNS
    rebinding). Allowed are addresses, ``localhost``, ``instagram.com`` and names below them, and ``names``.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = {name.lower() for name in (*_NAMES, *names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope["headers"] if scope["type"] == "http" else []
        hosts = [value.decode("latin-1").strip() for name, value in headers if name == b"host"]
        foreign = next((host for host in hosts if not self._allows(host)), None)
        if foreign is None:
            await self._app(scope, receive, send)
            return
        text = f"The host {foreign[:100]!a} is not allowed. Start the server with --allowed-host NAME.\n"
        await PlainTextResponse(text, 400)(scope, receive, send)

    def _allows(self, host: str) -> bool:
        name, colon, port = host.rpartition(":")
        if not colon or not (port.isdecimal() or not port):
            name = host
        name = name.lower().removesuffix(".")
        return _is_address(name) or name in self._names or name.endswith(tuple(f".{each}" for each in _NAMES))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
