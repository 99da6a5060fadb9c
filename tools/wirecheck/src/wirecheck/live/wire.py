"""HTTP/1.1 on one connection: h11 above an asyncio transport."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import h11

MAX_HEAD = 64 * 1024
"""Bytes of the first line and the headers of a message, at most."""
_MOST_UNREAD = 64 * 1024  # bytes, beyond which nothing is read from the network
_LINGER = 1.0  # seconds for the peer to read a last response

HttpEvent = h11.Event | type[h11.PAUSED]


class Peer(asyncio.Protocol):
    """The other end of a connection: a client for the role of a server, an upstream for that of a client.

    ``timeout`` is in seconds, and for each wait. Whatever waits raises TimeoutError, ConnectionError, or
    h11.RemoteProtocolError for what is not HTTP or breaks off.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        role: type[h11.CLIENT] | type[h11.SERVER],
        timeout: float | None,
        connected: Callable[["Peer"], None] | None = None,
    ) -> None:
        self.http = h11.Connection(role, max_incomplete_event_size=MAX_HEAD)
        self.timeout = timeout
        self.is_lost = False
        self.has_ended = False
        self.has_received_nothing = True
        """Of the current message."""
        self.when_lost: Callable[[], None] | None = None
        self.when_unexpected: Callable[[], None] | None = None
        self._connected = connected
        self._error: Exception | None = None
        self._unread = bytearray()
        self._needs_data = True
        self._is_paused = self._is_discarding = False
        self._reading: asyncio.Future[None] | None = None
        self._writing: asyncio.Future[None] | None = None

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if self._connected is not None:
            self._connected(self)

    def data_received(self, data: bytes) -> None:
        if self._is_discarding:
            return
        if self.when_unexpected is not None:
            self.when_unexpected()
            return
        self.has_received_nothing = False
        self._unread += data
        if len(self._unread) > _MOST_UNREAD and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()
        _wake(self._reading)

    def eof_received(self) -> bool:
        self.has_ended = True
        _wake(self._reading)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self.is_lost = self.has_ended = True
        self._error = error
        _wake(self._reading)
        _wake(self._writing)
        if self.when_lost is not None:
            self.when_lost()

    def pause_writing(self) -> None:
        self._writing = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _wake(self._writing)
        self._writing = None

    # What the proxy calls.

    async def receive(self) -> HttpEvent:
        """The next event of HTTP."""
        while (event := self._next()) is None:
            await self.wait()
        return event

    def received(self) -> HttpEvent | None:
        """The next event, if all of it has arrived."""
        return self._next()

    def _next(self) -> HttpEvent | None:
        while not self._needs_data or self._unread or self.has_ended:
            if self._needs_data:
                if self._error is not None and not self._unread:
                    raise ConnectionResetError
                self.http.receive_data(self.take())
            event = self.http.next_event()
            self._needs_data = event is h11.NEED_DATA
            if not self._needs_data:
                return cast("HttpEvent", event)
        return None

    def start_next_cycle(self) -> None:
        """Makes ready for another request and its response."""
        self.http.start_next_cycle()
        self._needs_data = not self.http.trailing_data[0]
        self.has_received_nothing = self._needs_data and not self._unread

    def take(self) -> bytes:
        """The bytes that have arrived and are not read yet; none at their end."""
        data = bytes(self._unread)
        self._unread.clear()
        if self._is_paused and not self.has_ended:
            self._is_paused = False
            self.transport.resume_reading()
        return data

    def peek(self) -> bytes:
        return bytes(self._unread[:MAX_HEAD])

    async def wait(self) -> None:
        """Waits for more bytes, or for their end."""
        self._reading = asyncio.get_running_loop().create_future()
        try:
            await self._in_time(self._reading)
        finally:
            self._reading = None

    async def _in_time(self, waiting: asyncio.Future[None]) -> None:
        if self.timeout is None:
            return await waiting
        timer = asyncio.get_running_loop().call_later(self.timeout, _expire, waiting)
        try:
            await waiting
        finally:
            timer.cancel()
        return None

    async def send(self, *events: Any) -> None:
        """Sends events of HTTP, in one piece."""
        pieces: list[bytes] = []
        for event in events:
            pieces += self.http.send_with_data_passthrough(event) or ()
        await self.write(b"".join(pieces))

    async def write(self, data: bytes) -> None:
        if self.transport.is_closing():
            raise ConnectionResetError
        self.transport.write(data)
        if self._writing is not None:
            await self._in_time(self._writing)
            if self.is_lost:
                raise ConnectionResetError

    @property
    def surplus(self) -> bool:
        """Whether there are bytes behind the last message."""
        return bool(self._unread or self.http.trailing_data[0])

    def abort(self) -> None:
        """Closes the connection at once."""
        self.transport.abort()

    def close(self) -> None:
        """Closes the connection once everything has been sent."""
        self.transport.close()

    async def finish(self) -> None:
        """Closes the connection so that the peer can read what was sent, although it may still send."""
        self._is_discarding = True
        self._unread.clear()
        if self._is_paused and not self.is_lost:
            self.transport.resume_reading()
        if not self.is_lost and self.transport.can_write_eof():
            self.transport.write_eof()
            self.timeout = _LINGER
            try:
                while not self.has_ended:
                    await self.wait()
            except TimeoutError:
                self.abort()
        self.close()


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


def _expire(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())
