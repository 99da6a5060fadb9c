"""The one server behind the proxy, and the connections to it that are kept alive."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import h11

from wirecheck.live.wire import Peer
from wirecheck.model import TargetError

_PORTS = {"http": 80, "https": 443}
_MOST_IDLE = 32  # connections that are kept
_IDLE = 30.0  # seconds for which one is kept
_SURE = 1.0  # seconds within which the server has hardly closed it


class Upstream:
    """Where requests go: ``url`` is that of the server, and its path comes before that of each request.

    ``on_surplus`` is called when the server sends bytes that belong to no response. Raises TargetError for a
    URL or a file of certificates that cannot be used.
    """

    def __init__(
        self, url: str, *, timeout: float, ca: Path | None = None, on_surplus: Callable[[], None]
    ) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        is_usable = (
            parts.scheme in _PORTS and parts.hostname and port != 0 and not parts.query + parts.fragment
        )
        if not is_usable or "@" in parts.netloc:  # the address without credentials is all that is shown
            raise TargetError(
                "--upstream", "is no URL such as https://api.example.com or http://127.0.0.1:8000/v1"
            )
        self.scheme, self.authority = parts.scheme, parts.netloc.lower()
        self.prefix = parts.path.rstrip("/")
        self.origin = f"{self.scheme}://{self.authority}"
        self._host, self._port = parts.hostname or "", port or _PORTS[parts.scheme]
        self._timeout = timeout
        self._on_surplus = on_surplus
        self._ca = ca
        self._tls = {protocol: self._context(protocol) for protocol in ("http/1.1", "h2")}
        self._idle: list[tuple[float, Peer]] = []

    def _context(self, protocol: str) -> ssl.SSLContext | None:
        if self.scheme != "https":
            return None
        try:
            context = ssl.create_default_context(cafile=self._ca)
        except OSError:
            raise TargetError(str(self._ca), "is no file of certificates in PEM") from None
        context.set_alpn_protocols([protocol])
        return context

    async def connect(self, protocol: str = "http/1.1") -> Peer:
        """A new connection; raises OSError, of which TimeoutError is one."""
        async with asyncio.timeout(self._timeout):
            _, peer = await asyncio.get_running_loop().create_connection(
                lambda: Peer(h11.CLIENT, self._timeout), self._host, self._port, ssl=self._tls[protocol]
            )
        return peer

    def kept(self, *, is_repeatable: bool) -> Peer | None:
        """A connection that was kept; for a request that cannot be repeated, one that was just used."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, peer = self._idle.pop()
            peer.when_lost = peer.when_unexpected = None
            if not peer.has_ended and now - since < (_IDLE if is_repeatable else _SURE):
                return peer
            peer.abort()
        return None

    def keep(self, peer: Peer) -> None:
        """Keeps a connection whose response was complete, if it can be used again."""
        has_surplus, http = peer.surplus, peer.http
        if has_surplus:
            self._on_surplus()
        is_done = http.our_state is h11.DONE and http.their_state is h11.DONE
        if has_surplus or not is_done or peer.has_ended or len(self._idle) >= _MOST_IDLE:
            peer.abort()
            return
        peer.start_next_cycle()
        entry = (asyncio.get_running_loop().time(), peer)

        def forget() -> None:
            with contextlib.suppress(ValueError):
                self._idle.remove(entry)

        def unexpected() -> None:
            peer.when_unexpected = None
            self._on_surplus()
            peer.abort()

        peer.when_lost, peer.when_unexpected = forget, unexpected
        self._idle.append(entry)

    def close(self) -> None:
        for _, peer in [*self._idle]:
            peer.abort()
