"""The view as a small web page, on the loopback interface."""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import h11

from wirecheck.live.wire import Peer

_IDLE = 30.0  # seconds
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


class ViewPage:
    """Serves the page, and as JSON what it shows, to browsers of this machine.

    Only to requests for this very address: a page of another host whose name leads here gets nothing.
    """

    def __init__(self, state: Callable[[], dict[str, Any]]) -> None:
        self._state = state
        self._tasks = set[asyncio.Task[None]]()

    async def serve(self, port: int) -> asyncio.Server:
        """Raises OSError where the port cannot be had."""
        return await asyncio.get_running_loop().create_server(
            lambda: Peer(h11.SERVER, _IDLE, self._accept), "127.0.0.1", port
        )

    def _accept(self, client: Peer) -> None:
        task = asyncio.get_running_loop().create_task(self._respond(client))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _respond(self, client: Peer) -> None:
        try:
            request = await client.receive()
            if isinstance(request, h11.Request):
                port = client.transport.get_extra_info("sockname")[1]
                status, media_type, body = self._response(request, port)
                headers = [
                    ("Content-Type", media_type),
                    ("Content-Length", str(len(body))),
                    ("Content-Security-Policy", _policy()),
                    ("X-Content-Type-Options", "nosniff"),
                    ("Cross-Origin-Resource-Policy", "same-origin"),
                    ("Referrer-Policy", "no-referrer"),
                    ("Cache-Control", "no-store"),
                    ("Connection", "close"),
                ]
                parts = () if request.method == b"HEAD" else (h11.Data(data=body),)
                await client.send(
                    h11.Response(status_code=status, headers=headers), *parts, h11.EndOfMessage()
                )
            await client.finish()
        except (ConnectionError, TimeoutError, h11.ProtocolError):
            client.abort()

    def _response(self, request: h11.Request, port: int) -> tuple[int, str, bytes]:
        host = dict(request.headers).get(b"host", b"").decode("latin-1").lower()
        if host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
            return 421, "text/plain", b"This page is for its own address only.\n"
        if request.method not in (b"GET", b"HEAD"):
            return 405, "text/plain", b"Only GET is allowed.\n"
        match request.target:
            case b"/":
                return 200, "text/html; charset=utf-8", _page().encode()
            case b"/state.json":
                return 200, "application/json", json.dumps(self._state()).encode()
        return 404, "text/plain", b"There is nothing else than / and /state.json.\n"


@cache
def _page() -> str:
    return files("wirecheck.live.page").joinpath("page.html").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    """A Content-Security-Policy that permits the script and the style in the page, and nothing else."""
    hashes = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in _INLINE.findall(_page())
    }
    return (
        f"default-src 'none'; script-src 'sha256-{hashes['script']}'; style-src 'sha256-{hashes['style']}'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
