"""Where a request goes: always to the upstream, whatever server it names."""

import re
from urllib.parse import urlsplit

import h11

from wirecheck.live.service import FailureKind, UnansweredError
from wirecheck.live.upstream import Upstream

_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")


def host_for(upstream: Upstream, request: h11.Request, *, preserve: bool) -> bytes:
    """The Host of a request to the upstream: its own, or that of the client. Raises UnansweredError."""
    host = dict(request.headers).get(b"host") if preserve else None
    if host is not None and not _HOST.fullmatch(host):
        raise UnansweredError(400, kind=FailureKind.BROKEN_REQUEST)
    return host or upstream.authority.encode()


def target_for(upstream: Upstream, request: h11.Request, address: tuple[str, int]) -> bytes:
    """Path and query for the upstream; ``address`` is that of the proxy.

    Raises UnansweredError for a request that takes this for a proxy to any server.
    """
    target = request.target
    if request.method == b"CONNECT":
        raise UnansweredError(501, kind=FailureKind.FOREIGN)
    if target == b"*" and request.method == b"OPTIONS":
        return target
    if not target.startswith(b"/"):
        target = _without_authority(target.decode(), upstream, address)
    return upstream.prefix.encode() + target


def _without_authority(target: str, upstream: Upstream, address: tuple[str, int]) -> bytes:
    """The target of a request in absolute form (RFC 9112, 3.2.2), if that names this server."""
    host, port = address[:2]
    own = {f"{host}:{port}", f"localhost:{port}", upstream.authority}
    try:
        parts = urlsplit(target)
    except ValueError:
        raise UnansweredError(400, kind=FailureKind.BROKEN_REQUEST) from None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in own:
        raise UnansweredError(421, kind=FailureKind.FOREIGN)
    return f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}".encode()
