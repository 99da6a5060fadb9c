"""An entry of a HAR, as the programs write it that record."""

import re
import sys
from typing import Any, TypeGuard
from urllib.parse import urlencode

import msgspec
from msgspec import Struct, field

from wirecheck.model import Exchange, Headers
from wirecheck.recordings.coding import BODILESS, codings, from_base64, from_chunks, uncoded
from wirecheck.recordings.har.text import as_bytes
from wirecheck.recordings.loose import text as text_of
from wirecheck.recordings.opening import Attached
from wirecheck.recordings.shape import convert

PLACEHOLDERS = frozenset({"", "x-unknown"})
"""Values of the mandatory ``mimeType`` where there was none; browsers write x-unknown."""

SYNTHETIC = frozenset({"fallback-code", "cache-storage"})
"""What browsers write of a response that a service worker made or kept, rather than the server sent."""

_NUMBERS = (int, float)
_STATUS = re.compile(r"[0-9]{1,3}")
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~+*-]|%[0-9A-Fa-f]{2})*")


class _Named(Struct, gc=False):
    name: str
    value: str = ""


_Names = list[_Named] | None


class _PostData(Struct, rename="camel"):
    mime_type: Any = None
    text: Any = None
    params: _Names = None
    encoding: Any = None
    file: Any = field(default=None, name="_file")


class _Content(Struct, rename="camel"):
    size: Any = None
    mime_type: Any = None
    text: Any = None
    encoding: Any = None
    is_binary: Any = field(default=None, name="_isBinary")
    file: Any = field(default=None, name="_file")


_NO_DATA = _PostData()
_NO_CONTENT = _Content()


class _Request(Struct, rename="camel"):
    method: str
    url: str
    headers: _Names = None
    cookies: _Names = None
    query_string: _Names = None
    post_data: _PostData | None = None
    content: _PostData | None = field(default=None, name="_content")  # of HTTP Toolkit, what is not text
    body_size: Any = None
    has_query: Any = field(default=None, name="_hasQuery")


class _Response(Struct, rename="camel"):
    status: int | None = None
    headers: _Names = None
    cookies: _Names = None
    content: _Content | None = None
    body_size: Any = None
    via_worker: Any = field(default=None, name="_fetchedViaServiceWorker")
    worker_source: Any = field(default=None, name="_serviceWorkerResponseSource")
    transfer_size: Any = field(default=None, name="_transferSize")


class HarEntry(Struct):
    """An entry, with what tells its exchange."""

    request: _Request
    response: _Response | None = None
    time: Any = None
    resource_type: Any = field(default=None, name="_resourceType")
    from_cache: Any = field(default=None, name="_fromCache")
    was_fulfilled: Any = field(default=None, name="_wasFulfilled")
    monotonic_time: Any = field(default=None, name="_monotonicTime")
    server_port: Any = field(default=None, name="_serverPort")


DECODER = msgspec.json.Decoder(HarEntry)
"""Decodes entries that are as the format has them."""


def entry_of(source: str, value: object) -> HarEntry:
    """The entry of a value, which may be written loosely. Raises RecordingError."""
    if isinstance(value, dict):
        _tidy(value)
    return convert(source, value, HarEntry)


def _tidy(entry: dict[str, Any]) -> None:
    """Makes lists of names and values what the format has them, and a number of a status that is a text."""
    request, response = entry.get("request"), entry.get("response")
    if isinstance(request, dict):
        _name(request, "headers", "cookies", "queryString")
        for body in (request.get("postData"), request.get("_content")):
            if isinstance(body, dict):
                _name(body, "params")
    if isinstance(response, dict):
        _name(response, "headers", "cookies")
        status = response.get("status")
        if isinstance(status, str) and _STATUS.fullmatch(status):
            response["status"] = int(status)


def _name(owner: dict[str, Any], *members: str) -> None:
    for member in members:
        owner[member] = [{"name": name, "value": value} for name, value in _loose_pairs(owner.get(member))]


def exchange(source: str, entry: int, parsed: HarEntry, attached: Attached) -> Exchange:
    """The exchange of an entry, whose bodies may be ``attached``."""
    request, response = parsed.request, parsed.response or _Response()
    request_headers, response_headers = _request_headers(request), _response_headers(response)
    if parsed.from_cache or response.via_worker:  # those that a page sees, not those of the wire
        request_headers = _content_types(request_headers)
    if response.via_worker:
        response_headers = _content_types(response_headers)
    return Exchange(
        source=source,
        entry=entry,
        method=request.method,
        url=_url(request),
        has_query=request.has_query is not False,
        status=max(response.status or 0, 0),  # -999 in BrowserMob Proxy, without a response
        request_headers=request_headers,
        request_body=uncoded(_request_body(request, request_headers, attached), request_headers),
        response_headers=response_headers,
        response_body=_response_body(response, response_headers, attached, is_cached=bool(parsed.from_cache)),
        elapsed=_seconds(parsed.time),
        resource="synthetic" if _is_synthetic(parsed, response) else text_of(parsed.resource_type).lower(),
    )


def _is_synthetic(entry: HarEntry, response: _Response) -> bool:
    """Whether a service worker or, in Playwright, a route of a test responded, rather than the server.

    Of a response of a service worker, Playwright (which alone writes ``_monotonicTime``) knows no server.
    """
    if response.worker_source in SYNTHETIC or entry.was_fulfilled is True:
        return True
    return entry.monotonic_time is not None and entry.server_port is None and response.transfer_size == 0


def _url(request: _Request) -> str:
    """The URL, with the parameters of ``queryString`` where it has no query of its own."""
    if "?" in request.url or not (pairs := _pairs(request.query_string)):
        return request.url
    is_encoded = all(_ENCODED.fullmatch(text) for pair in pairs for text in pair)
    if is_encoded and any("%" in text for pair in pairs for text in pair):
        query = "&".join(f"{name}={value}" for name, value in pairs)
    else:
        query = urlencode(pairs, encoding="utf-8", errors="surrogatepass")
    url, hash_, fragment = request.url.partition("#")
    return f"{url}?{query}{hash_}{fragment}"


def _request_headers(request: _Request) -> Headers:
    """The headers, with the cookies of ``cookies`` and the type of ``postData`` where they lack them."""
    headers = _headers(request.headers)
    names = dict(headers)
    if headers and request.cookies and "cookie" not in names:
        headers += (("cookie", "; ".join(f"{name}={value}" for name, value in _pairs(request.cookies))),)
    return headers if "content-type" in names else headers + _content_type(request.post_data)


def _response_headers(response: _Response) -> Headers:
    headers = _headers(response.headers)
    if not headers:
        return _content_type(response.content)
    names = dict(headers)
    is_body_of_cache = response.body_size == 0 and response.content and _is_positive(response.content.size)
    if is_body_of_cache and "content-type" not in names:
        headers += _content_type(response.content)  # they are those of a 304
    if response.cookies and "set-cookie" not in names:
        headers += tuple(("set-cookie", f"{name}={value}") for name, value in _pairs(response.cookies))
    return headers


def _content_types(headers: Headers) -> Headers:
    return tuple(header for header in headers if header[0] == "content-type")


def _headers(fields: _Names) -> Headers:
    """Without the pseudo-header fields of HTTP/2 (RFC 9113, 8.3).

    Chromium joins the values of a repeated header with line breaks, which no value contains.
    """
    headers = [(each.name.lower(), each.value) for each in fields or () if each.name[:1] != ":"]
    if "\n" in "".join([value for _, value in headers]):
        headers = [(name, line) for name, value in headers for line in value.split("\n")]
    return tuple(headers)


def _pairs(named: _Names) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in named or ()]


def _loose_pairs(members: Any) -> list[tuple[str, str]]:
    """The names and values of a list of {name, value}, or of an object; what is neither is left out."""
    if isinstance(members, dict):
        pairs = list(members.items())
    elif isinstance(members, list):
        named = [member for member in members if isinstance(member, dict) and "name" in member]
        pairs = [(member["name"], member.get("value")) for member in named]
    else:
        return []
    return [
        (text_of(name), text_of(value))
        for name, values in pairs
        for value in (values if isinstance(values, list) else [values])
    ]


def _content_type(body: _PostData | _Content | None) -> Headers:
    name = text_of(body.mime_type) if body else ""
    return () if name in PLACEHOLDERS else (("content-type", name),)


def _request_body(request: _Request, headers: Headers, attached: Attached) -> bytes | None:
    data = request.post_data or request.content or _NO_DATA
    if isinstance(data.file, str):
        return attached(data.file)
    if data.text:
        return _bytes(data.text, text_of(data.encoding).lower(), headers)
    if params := _pairs(data.params):
        is_multipart = text_of(data.mime_type).lower().startswith("multipart/")
        return None if is_multipart else urlencode(params, encoding="utf-8", errors="surrogatepass").encode()
    if _is_positive(request.body_size):
        return None
    return b"" if data.text == "" or request.body_size == 0 else None


def _response_body(
    response: _Response, headers: Headers, attached: Attached, *, is_cached: bool
) -> bytes | None:
    """The body, or None where the recording leaves it out.

    ``bodySize`` alone proves nothing: it is 0 for a response from a cache.
    """
    content = response.content or _NO_CONTENT
    body = attached(content.file) if isinstance(content.file, str) else None
    if body:
        return uncoded(body, headers)
    if content.text:
        return _content_body(content, headers)
    if response.status in BODILESS and not _is_positive(content.size):
        return b""
    length = next((value for name, value in headers if name == "content-length"), "")
    if is_cached or _is_positive(content.size) or (length.isdigit() and length.strip("0")):
        return None
    return b"" if content.text == "" or 0 in (content.size, response.body_size) else None


def _content_body(content: _Content, headers: Headers) -> bytes | None:
    text, encoding = content.text, text_of(content.encoding).lower()
    if not isinstance(text, str):
        return None
    is_base64 = encoding == "base64" or content.is_binary is True
    is_coded = bool(codings(headers))
    if (is_base64 or is_coded) and (chunks := from_chunks(text)) is not None:
        body = uncoded(chunks, headers)
        if is_base64 or body != chunks:
            return body
    body = _bytes(text, encoding, headers)
    if encoding == "base64" and body is not None and content.size == len(text) != len(body):
        return None  # the text itself, in spite of its encoding
    if body is not None and _is_cut(content.size, body):
        return None
    return uncoded(body, headers) if is_coded else body


def _is_cut(size: Any, body: bytes) -> bool:
    """Whether a recorder kept only the beginning of JSON; Firefox keeps 1 MiB of a body."""
    is_shorter = _is_positive(size) and len(body) < size
    return is_shorter and body.startswith((b"{", b"[")) and not body.rstrip().endswith((b"}", b"]"))


def _bytes(text: Any, encoding: str, headers: Headers) -> bytes | None:
    if not isinstance(text, str):
        return None
    return from_base64(text) if encoding == "base64" else as_bytes(text, headers)


def _is_positive(value: object) -> TypeGuard[float]:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool) and value > 0


def _seconds(milliseconds: object) -> float | None:
    """The time in seconds; HAR requires a ``time``, so programs that did not measure it write 0 or -1."""
    if _is_positive(milliseconds) and milliseconds <= sys.float_info.max:
        return milliseconds / 1000
    return None
