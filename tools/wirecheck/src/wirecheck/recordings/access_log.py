"""Access logs of servers and gateways: JSON, one request a line, or the common and combined formats.

They have methods, targets and statuses; bodies and most headers are not recorded. What a member is called
stands in ``LAYOUTS``.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.messages import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a log calls its members, the first name that is there; ``a.b`` is the member b of a.

    ``target`` has the query with the path, ``path`` may lack it, ``line`` is as ``GET /pets HTTP/1.1``.
    ``tls`` is there where the scheme is https. ``seconds`` is the unit of ``elapsed``. A line has one of the
    ``marks``, if there are any.
    """

    marks: tuple[str, ...] = ()
    method: tuple[str, ...]
    status: tuple[str, ...]
    target: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    scheme: tuple[str, ...] = ()
    tls: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    elapsed: tuple[str, ...] = ()
    seconds: float = 1
    request_headers: tuple[str, ...] = ()
    response_headers: tuple[str, ...] = ()
    content_type: tuple[str, ...] = ()


LAYOUTS: dict[str, Layout] = {
    "Kong": Layout(
        marks=("latencies", "client_ip", "started_at"),
        method=("request.method",),
        target=("request.url", "request.request_uri", "request.uri"),
        status=("response.status",),
        host=("request.headers.host",),
        elapsed=("latencies.request",),
        seconds=1e-3,
        request_headers=("request.headers",),
        response_headers=("response.headers",),
    ),
    "Caddy": Layout(
        method=("request.method",),
        target=("request.uri",),
        status=("status",),
        tls=("request.tls",),
        host=("request.host",),
        elapsed=("duration",),
        request_headers=("request.headers",),
        response_headers=("resp_headers",),
    ),
    "Traefik": Layout(
        method=("RequestMethod",),
        target=("RequestPath",),
        status=("DownstreamStatus",),
        scheme=("RequestScheme",),
        host=("RequestAddr", "RequestHost"),
        elapsed=("Duration",),
        seconds=1e-9,
        content_type=("downstream_Content-Type",),
    ),
    "Envoy": Layout(
        method=("method", "request_method", ":method"),
        target=("path", "request_path", ":path"),
        status=("response_code",),
        host=("authority", ":authority"),
        elapsed=("duration",),
        seconds=1e-3,
    ),
    "AWS API Gateway": Layout(
        method=("httpMethod",),
        path=("path",),
        status=("status",),
        host=("domainName",),
        elapsed=("responseLatency",),
        seconds=1e-3,
    ),
    "nginx and Apache": Layout(
        method=("request_method", "method", "http_method", "verb"),
        target=("request_uri",),
        path=("uri", "path", "url", "request"),
        query=("args", "query_string", "query"),
        line=("request", "request_line"),
        status=("status", "status_code", "response"),
        scheme=("scheme",),
        host=("http_host", "host", "server_name", "vhost"),
        elapsed=("request_time",),
        content_type=("sent_http_content_type",),
    ),
}
"""The first one that fits a line is its layout."""

_METHOD = re.compile("[A-Za-z]{1,20}")
_LINE = re.compile(r"(?P<method>[A-Za-z]{1,20}) (?P<target>\S+)(?: HTTP/[0-9.]+)?")
_COMMON = re.compile(
    r'\S+ \S+ (?:\S.*? )?\[[^\]]{1,40}\] "(?P<line>(?:[^"\\]|\\.)*)" (?P<status>[0-9]{3}) (?:[0-9]+|-)'
    r'(?: "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*".*)?'
)
_ESCAPE = re.compile(rb"(\\[^x])|\\x([0-9A-Fa-f]{2})")
_STATUS = re.compile("[0-9]{3}")
_NOTHING = (None, "", "-")
_CLOSED = frozenset({0, 444, 499})
"""What servers log where the connection was closed before a response."""
_REDACTED = ("REDACTED", "[REDACTED]")
_LONGEST_LINE = 1 << 24
_LONGEST_COMMON = 1 << 16
_MOST_LINES = 20
"""Lines in which the first one of an access log is looked for: a log may start with other messages."""


class _UnfitError(Exception):
    """A line that is no JSON object, or no request."""


def looks_like(start: bytes) -> bool:
    """Whether one of the first lines is that of an access log; it is not where one is an exchange of ours."""
    for line in start.removeprefix(codecs.BOM_UTF8).split(b"\n", _MOST_LINES)[:_MOST_LINES]:
        if _common(line.strip()) is not None:
            return True
        try:
            members = _object(line)
        except _UnfitError:
            continue
        if _is_exchange(members):
            return False
        if _layout(members) is not None:
            return True
    return False


def _is_exchange(members: dict[str, Any]) -> bool:
    """Whether it is a line of JSON Lines, as ``recordings.jsonl`` reads it."""
    return "status" in members and isinstance(_first(members, ("request.url",)), str)


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The requests of a log; blank lines are skipped and not counted."""
    yield from exchanges(name, _lines(name, file), _exchange)


def _lines(name: str, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE + 1), b""), start=1):
        if len(line) > _LONGEST_LINE:
            what = f"a line of more than {_LONGEST_LINE:,} bytes is not read"
            raise RecordingError(f"{name}: line {number}", what)
        if stripped := line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").strip():
            yield number, stripped


def _exchange(source: str, entry: int, numbered: tuple[int, bytes]) -> Exchange:
    number, line = numbered
    try:
        members = _common(line) or _object(line)
    except _UnfitError:
        raise RecordingError(source, f"line {number} is not that of an access log") from None
    layout = _layout(members)
    if layout is None or (target := _target(members, layout)) is None:
        raise RecordingError(source, f"line {number} has no method, target and status")
    method, url, has_query = target
    status = int(str(_first(members, layout.status)))
    content_type = _text(members, layout.content_type)
    return Exchange(
        source=source,
        entry=entry,
        method=method,
        url=_url(members, layout, url),
        has_query=has_query,
        status=0 if status in _CLOSED else status,
        request_headers=_headers(_first(members, layout.request_headers), is_request=True),
        response_headers=_headers(_first(members, layout.response_headers))
        or ((("content-type", content_type),) if content_type else ()),
        elapsed=_seconds(_first(members, layout.elapsed), layout.seconds),
    )


def _common(line: bytes) -> dict[str, Any] | None:
    """The members of a line in the common or the combined format of Apache, None for any other line."""
    match = _COMMON.fullmatch(text(line)) if len(line) <= _LONGEST_COMMON else None
    return {"request": _unescaped(match["line"]), "status": match["status"]} if match else None


def _object(line: bytes) -> dict[str, Any]:
    """The members of a line, which may contain escapes of bytes that JSON does not have."""
    value = _decoded(line)
    if value is None and b"\\x" in line:
        value = _decoded(_ESCAPE.sub(_percent, line))
    if not isinstance(value, dict):
        raise _UnfitError
    return value


def _decoded(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _percent(escape: re.Match[bytes]) -> bytes:
    return escape[1] or b"%" + escape[2].upper()


def _unescaped(line: str) -> str:
    """A request line without the escapes of a log, whose ``\\x`` stands for a byte."""
    escaped = _ESCAPE.sub(_percent, line.encode())
    return re.sub(r'\\(["\\])', r"\1", escaped.decode())


def _layout(members: dict[str, Any]) -> Layout | None:
    fitting = (layout for layout in LAYOUTS.values() if _fits(members, layout))
    return next(fitting, None)


def _fits(members: dict[str, Any], layout: Layout) -> bool:
    if layout.marks and members.keys().isdisjoint(layout.marks):
        return False
    status = _first(members, layout.status)
    is_status = status == 0 or _STATUS.fullmatch(str(status)) is not None
    return is_status and not isinstance(status, bool | float) and _target(members, layout) is not None


def _target(members: dict[str, Any], layout: Layout) -> tuple[str, str, bool] | None:
    """The method and the target of a request, and whether its query was recorded."""
    if match := _LINE.fullmatch(_text(members, layout.line)):
        return match["method"], match["target"], True
    method = _text(members, layout.method)
    if not _METHOD.fullmatch(method):
        return None
    if target := _text(members, layout.target):
        return method, target, True
    path, query = _text(members, layout.path), _first(members, layout.query)
    if not path.startswith(("/", "http://", "https://")):
        return None
    has_query = "?" in path or isinstance(query, str)
    path = quote(path, safe="/%?&=:;+,@!$'()*~#[]")  # as some servers log it, decoded
    more = query.removeprefix("?") if isinstance(query, str) and query not in _NOTHING else ""
    return method, f"{path}?{more}" if more and "?" not in path else path, has_query


def _url(members: dict[str, Any], layout: Layout, target: str) -> str:
    host = _text(members, layout.host)
    if not target.startswith("/") or not host:
        return target
    scheme = _text(members, layout.scheme).lower() or ("https" if _first(members, layout.tls) else "http")
    return f"{scheme}://{host}{target}"


def _headers(value: object, *, is_request: bool = False) -> Headers:
    """The headers of an object; those of a request count as not recorded where credentials were removed."""
    if not isinstance(value, Mapping):
        return ()
    headers = list[tuple[str, str]]()
    for name, values in value.items():
        texts = [text for text in (values if isinstance(values, list) else [values]) if isinstance(text, str)]
        kept = [text for text in texts if text not in _REDACTED]
        if is_request and (not kept or len(kept) < len(texts)):
            return ()
        headers.extend((name.lower(), text) for text in kept)
    return tuple(headers)


def _seconds(value: object, unit: float) -> float | None:
    try:
        seconds = float(value) * unit if isinstance(value, int | float | str) else -1
    except (ValueError, OverflowError):
        return None
    return seconds if 0 <= seconds < 1e9 else None


def _text(members: dict[str, Any], names: tuple[str, ...]) -> str:
    value = _first(members, names)
    return value if isinstance(value, str) else ""


def _first(members: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The first member that is there and says something, an empty text where all others are missing."""
    empty = None
    for name in names:
        value = members.get(name)
        if value is None and "." in name:
            value = members
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        if value not in _NOTHING:
            return value
        empty = value if empty is None else empty
    return empty
