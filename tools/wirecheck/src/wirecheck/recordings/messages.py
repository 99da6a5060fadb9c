"""Raw HTTP messages (RFC 9112), as proxies and archives keep them.

They are read leniently: a recorder may have normalized the ends of lines, undone the chunks, or written a
message of HTTP/2 in the form of HTTP/1.1. A parser for servers rejects such messages.
"""

import re
from typing import NamedTuple

from wirecheck.model import Headers, RecordingError
from wirecheck.recordings.coding import BODILESS, codings, uncoded

MOST_HEADERS = 10_000
"""Header fields of one message."""

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_END_OF_LINE = re.compile(r"\r?\n")
_REQUEST_LINE = re.compile(r"(?P<method>[!#$%&'*+.^_`|~0-9A-Za-z-]+) +(?P<target>.+?)(?: +HTTP/[0-9.]+)?")
_STATUS_LINE = re.compile(r"HTTP/[0-9.]+ +(?P<status>[0-9]{3})(?: .*)?")
_CHUNK = re.compile(rb"(?P<size>[0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_END_OF_CHUNK = re.compile(rb"\r?\n")


class RawRequest(NamedTuple):
    method: str
    target: str
    headers: Headers
    body: bytes | None


class RawResponse(NamedTuple):
    status: int
    headers: Headers
    body: bytes | None


def request(where: str, data: bytes) -> RawRequest:
    """A request; its body is None where it was not recorded as it was sent. Raises RecordingError."""
    line, headers, start = _head(where, data, 0)
    if (match := _REQUEST_LINE.fullmatch(line)) is None:
        raise RecordingError(where, "the request does not begin with a method and a target")
    return RawRequest(match["method"], match["target"].strip(), headers, _body(headers, data[start:]))


def response(where: str, data: bytes, method: str) -> RawResponse:
    """The final response to a request with that method. Raises RecordingError."""
    start, status = 0, 100
    while 100 <= status < 200 and status != 101:
        line, headers, start = _head(where, data, start)
        if (match := _STATUS_LINE.fullmatch(line)) is None:
            raise RecordingError(where, "the response does not begin with a status line")
        status = int(match["status"])
    if method.upper() == "HEAD" or status < 200 or status in BODILESS:
        return RawResponse(status, headers, b"")
    return RawResponse(status, headers, _body(headers, data[start:]))


def text(data: bytes) -> str:
    """Text from the wire, which is UTF-8 or else, as HTTP once had it, Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _head(where: str, data: bytes, start: int) -> tuple[str, Headers, int]:
    """The first line and the header fields of a message, and where its content starts."""
    blank = _END_OF_HEAD.search(data, start)
    end, content = blank.span() if blank else (len(data), len(data))
    first, *lines = _END_OF_LINE.split(text(data[start:end]), MOST_HEADERS + 1)
    if len(lines) > MOST_HEADERS:
        raise RecordingError(where, f"a message with more than {MOST_HEADERS:,} header fields is not read")
    fields = list[tuple[str, str]]()
    for line in lines:
        name, colon, value = line.partition(":")
        if line.startswith((" ", "\t")) and fields:  # obsolete line folding (RFC 9112, 5.2)
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
        elif colon and name.strip():
            fields.append((name.strip().lower(), value.strip()))
    return first.rstrip(), tuple(fields), content


def _body(headers: Headers, content: bytes) -> bytes | None:
    """The body without its codings; None where it is not complete, or was changed by the recorder."""
    if any(name == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        return uncoded(_unchunked(content), headers)
    lengths = [value for name, value in headers if name == "content-length"]
    is_altered = lengths and lengths[0].isdigit() and (lengths[0].lstrip("0") or "0") != str(len(content))
    if is_altered and not codings(headers):  # with a coding, it may be the length before decompression
        return None
    return uncoded(content, headers)


def _unchunked(content: bytes) -> bytes | None:
    """The chunks without their sizes (RFC 9112, 7.1); content that the recorder has put together stays."""
    if content and not _CHUNK.match(content):
        return content
    pieces, at = list[bytes](), 0
    while chunk := _CHUNK.match(content, at):
        size = int(chunk["size"], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(content[chunk.end() : chunk.end() + size])
        end = _END_OF_CHUNK.match(content, chunk.end() + size)
        if len(pieces[-1]) < size or end is None:
            return None
        at = end.end()
    return None
