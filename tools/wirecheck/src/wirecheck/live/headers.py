"""Which headers a proxy passes on, and which it adds (RFC 9110, 7.6)."""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec

import h11

RawHeaders = list[tuple[bytes, bytes]]
"""Name and value of each header, names as they were written."""

HttpMessage = h11.Request | h11.Response | h11.InformationalResponse

VIOLATIONS = b"X-Wirecheck-Violations"

_OF_HOP = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"te", b"transfer-encoding", b"upgrade"}
)
_OF_MESSAGE = frozenset({b"host", b"content-length", b"content-type", b"content-encoding", b"expect"})
"""What no Connection header takes away: it says what the message is."""


def lowered(message: HttpMessage) -> RawHeaders:
    """The headers of a message, names in lower case. To iterate over those of h11 takes ten times longer."""
    return [(name.lower(), value) for name, value in message.headers.raw_items()]


def tokens(message: HttpMessage, name: bytes) -> set[bytes]:
    """The members of a header that is a list, in lower case."""
    values = [value for header, value in message.headers.raw_items() if header.lower() == name]
    if not values:
        return set()
    return {token.strip().lower() for value in values for token in value.split(b",")} - {b""}


def is_chunked(message: HttpMessage) -> bool:
    return b"chunked" in tokens(message, b"transfer-encoding")


def passed_on(message: HttpMessage, *more: bytes) -> RawHeaders:
    """The headers that are meant for the other end, without those of a name in ``more``, framed as before."""
    dropped = {*_OF_HOP, *more, *(tokens(message, b"connection") - _OF_MESSAGE)}
    kept = [(name, value) for name, value in message.headers.raw_items() if name.lower() not in dropped]
    if is_chunked(message):
        kept = [(name, value) for name, value in kept if name.lower() != b"content-length"]
        kept.append((b"Transfer-Encoding", b"chunked"))
    return kept


def to_upstream(request: h11.Request, host: bytes, client: str, upgrade: bytes) -> RawHeaders:
    """The headers of a request to the upstream. There is no Via, for which some servers compress nothing.

    ``client`` is the address of the client, ``upgrade`` the protocol that it asks for, if that is passed on.
    """
    own = lowered(request)
    values = dict(own)
    headers = passed_on(request, b"host", b"x-forwarded-for")
    headers.insert(0, (b"Host", host))
    before = [value for name, value in own if name == b"x-forwarded-for"]
    headers.append((b"X-Forwarded-For", b", ".join([*before, client.encode()])))
    if b"x-forwarded-host" not in values:
        headers.append((b"X-Forwarded-Host", values.get(b"host", b"")))
    if b"x-forwarded-proto" not in values:
        headers.append((b"X-Forwarded-Proto", b"http"))
    if b"te" in values and b"trailers" in tokens(request, b"te"):
        headers += [(b"TE", b"trailers"), (b"Connection", b"TE")]
    if upgrade:
        headers += [(b"Upgrade", upgrade), (b"Connection", b"Upgrade")]
    return headers


def judgeable(headers: RawHeaders) -> RawHeaders:
    """The headers of a request without Expect, and without content codings that cannot be undone."""
    passed = [(name, value) for name, value in headers if name.lower() not in (b"expect", b"accept-encoding")]
    accepted = [value for name, value in headers if name.lower() == b"accept-encoding"]
    if accepted:
        codings = (coding.strip() for coding in b",".join(accepted).split(b","))
        usable = [each for each in codings if each.partition(b";")[0].strip().lower() in _codings()]
        passed.append((b"Accept-Encoding", b", ".join(usable) or b"identity"))
    return passed


@cache
def _codings() -> frozenset[bytes]:
    """The content codings that this installation can undo."""
    libraries = {b"br": "brotli", b"zstd": "zstandard"}
    installed = {coding for coding, library in libraries.items() if find_spec(library)}
    return frozenset({b"gzip", b"deflate", b"identity", *installed})


def recorded(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Headers as an exchange has them."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
