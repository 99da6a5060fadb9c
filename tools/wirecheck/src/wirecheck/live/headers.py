"""Which headers a proxy passes on, and which it adds (RFC 9110, 7.6)."""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from typing import Generic, TypeVar

import h11

RawHeaders = list[tuple[bytes, bytes]]
"""Name and value of each header, names as they were written."""

HttpMessage = TypeVar("HttpMessage", bound=h11.Request | h11.Response | h11.InformationalResponse)

VIOLATIONS = b"X-Wirecheck-Violations"

_OF_HOP = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"te", b"transfer-encoding", b"upgrade"}
)
_OF_MESSAGE = frozenset({b"host", b"content-length", b"content-type", b"content-encoding", b"expect"})
"""What no Connection header takes away: it says what the message is."""


class Head(Generic[HttpMessage]):
    """The beginning of a message, with its headers.

    They are ``raw`` as they were written, and ``lowered`` with names in lower case; ``values`` has the last
    value of each name.
    """

    __slots__ = ("lowered", "message", "raw", "values")

    def __init__(self, message: HttpMessage) -> None:
        self.message = message
        self.raw = message.headers.raw_items()  # to iterate over those of h11 takes ten times longer
        self.lowered = [(name.lower(), value) for name, value in self.raw]
        self.values = dict(self.lowered)

    def tokens(self, name: bytes) -> set[bytes]:
        """The members of a header that is a list, in lower case."""
        if name not in self.values:
            return set()
        values = b",".join(value for header, value in self.lowered if header == name)
        return {token.strip().lower() for token in values.split(b",")} - {b""}

    @property
    def is_chunked(self) -> bool:
        return b"chunked" in self.tokens(b"transfer-encoding")

    @property
    def is_end_to_end(self) -> bool:
        """Whether all headers are meant for the other end."""
        return _OF_HOP.isdisjoint(self.values)

    def passed_on(self, *more: bytes) -> RawHeaders:
        """The headers for the other end, without those of a name in ``more``; the framing stays."""
        dropped = {*_OF_HOP, *more, *(self.tokens(b"connection") - _OF_MESSAGE)}
        if is_chunked := self.is_chunked:
            dropped.add(b"content-length")
        kept = [raw for raw, (name, _) in zip(self.raw, self.lowered, strict=True) if name not in dropped]
        return [*kept, (b"Transfer-Encoding", b"chunked")] if is_chunked else kept


def to_upstream(request: Head[h11.Request], host: bytes, client: bytes, upgrade: bytes) -> RawHeaders:
    """The headers of a request to the upstream. There is no Via, for which some servers compress nothing.

    ``client`` is the address of the client, ``upgrade`` the protocol that it asks for, if that is passed on.
    """
    values = request.values
    headers = [(b"Host", host), *request.passed_on(b"host", b"x-forwarded-for")]
    before = [value for name, value in request.lowered if name == b"x-forwarded-for"]
    headers.append((b"X-Forwarded-For", b", ".join([*before, client])))
    if b"x-forwarded-host" not in values:
        headers.append((b"X-Forwarded-Host", values.get(b"host", b"")))
    if b"x-forwarded-proto" not in values:
        headers.append((b"X-Forwarded-Proto", b"http"))
    if b"trailers" in request.tokens(b"te"):
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
    return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])
