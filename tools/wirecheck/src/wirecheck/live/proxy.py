"""The server: connections of clients, whose requests go to the upstream one after the other."""

import asyncio
import socket

import h11

from wirecheck.live.forwarding import Forwarding
from wirecheck.live.monitor import Mode
from wirecheck.live.problem import PROBLEM
from wirecheck.live.service import (
    CutOffError,
    FailureKind,
    OfClient,
    ProxyService,
    UnansweredError,
    unconnected,
)
from wirecheck.live.tunnel import HTTP2, tunnel
from wirecheck.live.wire import Peer
from wirecheck.model import TargetError

_IDLE = 75.0  # seconds for which a connection of a client is kept
_BACKLOG = 1024  # connections that wait to be accepted


def listen(bind: str, port: int) -> socket.socket:
    """A socket that listens at an address. Raises TargetError where that cannot be had."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    try:
        return socket.create_server((bind, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise TargetError(f"{bind}:{port}", f"cannot be used: {error.strerror}") from None


class ReverseProxy:
    """Takes the requests of a socket that listens, and has them forwarded."""

    def __init__(self, service: ProxyService, listening: socket.socket) -> None:
        self._service = service
        self._socket = listening
        self._clients: dict[asyncio.Task[None], Peer] = {}
        self._is_ending = False

    @property
    def address(self) -> str:
        """Host and port."""
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def serve(self, end: asyncio.Event, grace: float) -> None:
        """Serves until the event; then open exchanges get ``grace`` seconds."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Peer(h11.SERVER, _IDLE, self._accept), sock=self._socket, backlog=_BACKLOG
        )
        await end.wait()
        self._is_ending = True
        server.close()
        for client in self._clients.values():
            if client.http.states == _IDLE_STATES and client.has_received_nothing:
                client.abort()
        if self._clients:
            await asyncio.wait(self._clients, timeout=grace)
        for client in self._clients.values():
            client.abort()
        if self._clients:
            await asyncio.wait(self._clients, timeout=grace)
        self._service.upstream.close()

    def _accept(self, client: Peer) -> None:
        task = asyncio.get_running_loop().create_task(self._serve_client(client))
        self._clients[task] = client
        task.add_done_callback(self._clients.pop)

    async def _serve_client(self, client: Peer) -> None:
        try:
            if not await self._is_http2(client):
                while await self._serve_request(client):
                    pass
        except (ConnectionError, TimeoutError):
            client.abort()  # it left, or sends nothing more

    async def _is_http2(self, client: Peer) -> bool:
        """Whether a client begins with HTTP/2, of which bytes are passed on; `enforce` lets none through."""
        while HTTP2.startswith(start := client.peek()[: len(HTTP2)]) and len(start) < len(HTTP2):
            if client.has_ended:
                return False
            await client.wait()
        if start != HTTP2:
            return False
        if self._service.mode is Mode.ENFORCE:
            self._service.count(FailureKind.HTTP2)
            client.abort()
            return True
        self._service.tally.tunnels += 1
        try:
            peer = await self._service.upstream.connect("h2")
        except (OSError, UnicodeError) as error:
            self._service.count(unconnected(error))
            client.abort()
        else:
            await tunnel(client, peer)
        return True

    async def _serve_request(self, client: Peer) -> bool:
        """Whether there may be another request on the connection."""
        client.timeout = _IDLE
        try:
            with OfClient():
                request = await client.receive()
        except UnansweredError as error:
            if error.kind is FailureKind.SLOW_REQUEST and client.has_received_nothing:
                raise TimeoutError from None
            self._service.count(FailureKind.BROKEN_REQUEST)
            await _send_problem(client, error)
            await client.finish()
            return False
        if not isinstance(request, h11.Request):
            client.close()
            return False
        client.timeout = self._service.timeout
        tally = self._service.tally
        tally.open += 1
        try:
            await self._forward(client, request)
        finally:
            tally.open -= 1
        http = client.http
        if http.our_state is h11.DONE and http.their_state is h11.DONE and not self._is_ending:
            client.start_next_cycle()
            return True
        if http.our_state is not h11.SWITCHED_PROTOCOL:
            await client.finish()
        return False

    async def _forward(self, client: Peer, request: h11.Request) -> None:
        service = self._service
        try:
            await Forwarding(service, client, request).run()
            service.tally.exchanges += 1
        except UnansweredError as error:
            if error.kind is not None:
                service.count(error.kind)
            await _send_problem(client, error, is_head=request.method == b"HEAD")
        except CutOffError as error:
            service.count(error.kind)
            raise ConnectionResetError from None
        except (ConnectionError, TimeoutError):
            service.count(FailureKind.LEFT)
            raise ConnectionResetError from None
        except Exception:
            service.count(FailureKind.DEFECT)
            raise ConnectionResetError from None


_IDLE_STATES = {h11.CLIENT: h11.IDLE, h11.SERVER: h11.IDLE}


async def _send_problem(client: Peer, error: UnansweredError, *, is_head: bool = False) -> None:
    """Responds with a problem document in the place of the upstream, if nothing else was sent yet."""
    if client.http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
        raise ConnectionResetError
    head = h11.Response(
        status_code=error.status,
        headers=[
            ("Content-Type", PROBLEM),
            ("Content-Length", str(len(error.body))),
            ("Cache-Control", "no-store"),
        ],
    )
    body = () if is_head else (h11.Data(data=error.body),)
    await client.send(head, *body, h11.EndOfMessage())
