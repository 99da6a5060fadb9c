"""A server that is nothing but the bytes it sends."""

import itertools
import re
import ssl
from collections.abc import Iterable, Iterator

import httpcore
import httpx

from fuzz_inputs.harness import CANARY
from fuzz_inputs.mutator import Mutator

NEXT = b"\n%%%\n"
"""Separates the responses of one input; a response begins with its status line."""

# fmt: off
_STATUSES = (
    "200 OK", "201 Created", "204 No Content", "304 X", "400 Bad", "401 X", "404 X", "422 X", "429 X",
    "500 X", "503 X",
)
_ODD_STATUSES = (
    "100 Continue", "101 X", "102 X", "199 X", "299 X", "302 Found", "600 X", "999 X", "99 X", "1000 X",
    "200",
)
_NAMES = (
    "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Location", "Link",
    "Retry-After", "X-RateLimit-Remaining", "X-RateLimit-Limit", "Set-Cookie", "WWW-Authenticate",
    "Connection", "ETag", "Allow", "X-Trace", "Date", "Age", "Vary", "Upgrade", "Trailer", "Content-Range",
    "X-Auth-Token",
)
_VALUES = (
    "application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data; boundary=x",
    "*/*", "gzip", "gzip, gzip", "deflate", "br", "identity", "chunked", "identity, chunked", "close",
    "keep-alive", "0", "-1", "99999999999999999999", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT", "60", "1.5",
    "\u00b2", "/next", "1", "//evil.test/", "http://evil.test/", "</c?a=1>; rel=next", '<>; rel="next"',
    "http://[::1", "a=b; Path=/", 'Basic realm="x', "x" * 9000,
)
# fmt: on


_CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading certificates for each pool takes long


class Server(httpx.HTTPTransport):
    """Sends the responses of an input in turn, each on a connection of its own."""

    def __init__(self, content: bytes) -> None:  # not that of the base, which reads certificates
        self._responses = itertools.cycle(content.split(NEXT))
        self._pool = httpcore.ConnectionPool()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        backend = _Backend(next(self._responses))
        self._pool = httpcore.ConnectionPool(ssl_context=_CONTEXT, network_backend=backend)
        return super().handle_request(request)


class _Backend(httpcore.MockBackend):
    def __init__(self, content: bytes) -> None:
        super().__init__([content[start : start + 4096] for start in range(0, len(content), 4096)])


def response(mutator: Mutator, bodies: Iterable[object]) -> bytes:
    """The bytes of a response, more or less valid."""
    chance, choice = mutator.chance, mutator.random.choice
    status = choice(_STATUSES) if chance(0.9) else choice(_ODD_STATUSES)
    body = choice(list(bodies))
    content = body if isinstance(body, bytes) else mutator.json(mutator.value(body) if chance(0.85) else body)
    if chance(0.15):
        content = mutator.content(content)
    headers = [("Content-Type", "application/json" if chance(0.9) else choice(_VALUES))]
    headers += [
        (choice(_NAMES), choice(_VALUES) if chance(0.7) else mutator.text())
        for _ in range(choice((0, 0, 1, 2)))
    ]
    if chance(0.1):
        headers.append(("X-Auth-Token", CANARY))
    if chance(0.04):
        headers, content = _coded(mutator, headers, content)
    elif chance(0.8):
        headers.append(("Content-Length", str(len(content))))
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
    raw = head.encode("utf-8", "surrogatepass") + b"\r\n" + content
    return mutator.content(raw) if chance(0.08) and CANARY not in head else raw


def _coded(
    mutator: Mutator, headers: list[tuple[str, str]], content: bytes
) -> tuple[list[tuple[str, str]], bytes]:
    """The body compressed or in chunks."""
    choice = mutator.random.randrange(3)
    if choice == 0:
        sizes = mutator.random.choice(((1, 2, 3), (5,), (4096,)))
        return [*headers, ("Transfer-Encoding", "chunked")], b"".join(_chunks(content, sizes))
    import gzip
    import zlib

    packed = gzip.compress(content, 6, mtime=0) if choice == 1 else zlib.compress(content)
    if mutator.chance(0.2):
        packed = gzip.compress(packed, mtime=0)
    if mutator.chance(0.3):
        packed = mutator.content(packed)
    name = mutator.random.choice(("gzip", "deflate", "gzip, gzip", "x-gzip", "br", "GZIP"))
    return [*headers, ("Content-Encoding", name), ("Content-Length", str(len(packed)))], packed


def _chunks(content: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    position = 0
    for size in itertools.cycle(sizes):
        piece = content[position : position + size]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
        if not piece:
            return
        position += size


def addressed(content: bytes) -> tuple[str, bytes]:
    """What the first line of an input names (`# name`), and the rest."""
    match = re.match(rb"# ([^\n]*)\n", content)
    return (match[1].decode("utf-8", "replace"), content[match.end() :]) if match else ("", content)
