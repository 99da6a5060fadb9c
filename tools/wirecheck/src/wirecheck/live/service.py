"""What the exchanges of a proxy share, and what can go wrong with one."""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import h11

from wirecheck.live.inspection import Inspection
from wirecheck.live.monitor import Mode
from wirecheck.live.problem import failure
from wirecheck.live.tally import ProxyTally
from wirecheck.live.upstream import Upstream
from wirecheck.live.wire import Peer
from wirecheck.model import Exchange, Finding


class FailureKind(StrEnum):
    """What went wrong with the upstream or a client, in words that say nothing of the exchange."""

    UNREACHABLE = "the upstream cannot be reached"
    UNKNOWN_NAME = "the name of the upstream cannot be resolved"
    NO_TLS = "the TLS handshake with the upstream failed"
    UNTRUSTED = "the certificate of the upstream cannot be verified"
    STALLED = "the upstream did not respond in time"
    NO_RESPONSE = "the upstream closed the connection without a response"
    CUT_OFF = "the upstream broke off within a response"
    NOT_HTTP = "the upstream sent something that is not HTTP/1.1"
    SURPLUS = "the upstream sent bytes that belong to no response"
    LEFT = "a client left before its response was complete"
    BROKEN_REQUEST = "a client sent something that is not HTTP/1.1"
    SLOW_REQUEST = "a client did not send its request in time"
    FOREIGN = "a client asked for another server than the upstream"
    HTTP2 = "a client began with HTTP/2, which `enforce` does not let through"
    DEFECT = "the proxy failed; please report this as a bug"


class UnansweredError(Exception):
    """A request that gets a problem document: for a kind, or because something violates the contract."""

    def __init__(
        self, status: int, title: str = "", *, kind: FailureKind | None = None, body: bytes = b""
    ) -> None:
        title = title or (kind or "").capitalize()
        super().__init__(title)
        self.status, self.kind = status, kind
        self.body = body or failure(status, title)


class CutOffError(Exception):
    """The response ends in the middle: the client has a part of it already."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind.value)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyService:
    """What all exchanges of a proxy share.

    ``on_failure`` is called with each thing that goes wrong; ``on_exchange`` with each exchange that was
    passed on, and the number of its violations where that is known by then; ``on_withheld`` with the findings
    of each request that was not sent on.
    """

    upstream: Upstream
    inspection: Inspection
    mode: Mode
    tally: ProxyTally
    max_body: int
    timeout: float
    preserve_host: bool = False
    on_failure: Callable[[FailureKind], None] = lambda kind: None
    on_exchange: Callable[[Exchange, int | None], None] | None = None
    on_withheld: Callable[[Sequence[Finding]], None] = lambda findings: None

    def count(self, kind: FailureKind) -> None:
        self.tally.failures[kind.value] += 1
        self.on_failure(kind)

    async def connected(self) -> Peer:
        """A new connection to the upstream; raises UnansweredError."""
        try:
            return await self.upstream.connect()
        except (OSError, UnicodeError) as error:
            kind = unconnected(error)
            raise UnansweredError(504 if kind is FailureKind.STALLED else 502, kind=kind) from None


def unconnected(error: OSError | UnicodeError) -> FailureKind:
    """What an error says of a connection that could not be made."""
    if isinstance(error, TimeoutError):
        return FailureKind.STALLED
    if isinstance(error, ssl.SSLCertVerificationError):
        return FailureKind.UNTRUSTED
    if isinstance(error, ssl.SSLError):
        return FailureKind.NO_TLS
    if isinstance(error, UnicodeError | socket.gaierror):
        return FailureKind.UNKNOWN_NAME
    return FailureKind.UNREACHABLE


class OfClient:
    """A block that raises UnansweredError where a client sends no HTTP, or stops in the middle."""

    def __enter__(self) -> None: ...

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, TimeoutError):
            raise UnansweredError(408, kind=FailureKind.SLOW_REQUEST) from None
        if isinstance(error, h11.RemoteProtocolError):
            raise UnansweredError(error.error_status_hint, kind=FailureKind.BROKEN_REQUEST) from None


class OfUpstream:
    """A block that raises UnansweredError for whatever goes wrong with the upstream."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def __enter__(self) -> None: ...

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, TimeoutError):
            raise UnansweredError(504, kind=FailureKind.STALLED) from None
        if isinstance(error, ConnectionError | h11.ProtocolError):
            raise UnansweredError(502, kind=_kind(self._peer)) from None


def _kind(peer: Peer) -> FailureKind:
    if not peer.has_ended:
        return FailureKind.NOT_HTTP
    is_unused = peer.has_received_nothing
    return FailureKind.NO_RESPONSE if is_unused else FailureKind.CUT_OFF
