"""Writes HAR 1.2, the HTTP Archive: http://www.softwareishard.com/blog/har-12-spec/.

What was not recorded is written as the reader takes it: no headers, a ``bodySize`` of -1, a ``time`` of 0.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from wirecheck.model import Exchange, Headers
from wirecheck.recordings.coding import codings
from wirecheck.recordings.har.entry import SYNTHETIC
from wirecheck.recordings.har.text import as_bytes
from wirecheck.recordings.writing.bodies import as_base64, as_text, coded

_NOTE = "The times at which the requests started are not known: these only keep them in order."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLANK = (
    "\n"  # an empty body in base64, where "" would say that the body of a Content-Length was not recorded
)


def write(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    """A HAR file with an entry for each exchange."""
    creator = {"name": "wirecheck", "version": version("wirecheck")}
    head = _json({"version": "1.2", "creator": creator, "comment": _NOTE})
    yield b'{"log": ' + head[:-1] + b', "entries": ['
    separator = b"\n"
    for number, exchange in enumerate(exchanges):
        yield separator + _json(_entry(number, exchange))
        separator = b",\n"
    yield b"\n]}}\n"


def _entry(number: int, exchange: Exchange) -> dict[str, Any]:
    started = _EPOCH + timedelta(milliseconds=number)
    milliseconds = (exchange.elapsed or 0) * 1000
    entry: dict[str, Any] = {
        "startedDateTime": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }
    if exchange.resource == "synthetic":
        entry["response"]["_serviceWorkerResponseSource"] = min(SYNTHETIC)
    elif exchange.resource:
        entry["_resourceType"] = exchange.resource
    return entry


def _request(exchange: Exchange) -> dict[str, Any]:
    body, headers = exchange.request_body, exchange.request_headers
    query = exchange.url.partition("#")[0].partition("?")[2]
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _pairs(headers),
        "queryString": _pairs(parse_qsl(query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": -1 if body is None else len(body),
    }
    if not exchange.has_query:
        request["_hasQuery"] = False
    if body:
        request["postData"] = {"mimeType": _value(headers, "content-type"), **_stored(body, headers)}
    return request


def _response(exchange: Exchange) -> dict[str, Any]:
    body, headers = exchange.response_body, exchange.response_headers
    content: dict[str, Any] = {
        "size": -1 if body is None else len(body),
        "mimeType": _value(headers, "content-type"),
    }
    if body is not None:
        content.update(_stored(body, headers))
    return {
        "status": exchange.status,
        "statusText": "",
        "httpVersion": "unknown",
        "cookies": [],
        "headers": _pairs(headers),
        "content": content,
        "redirectURL": _value(headers, "location"),
        "headersSize": -1,
        "bodySize": content["size"],
    }


def _stored(body: bytes, headers: Headers) -> dict[str, str]:
    if not body:
        is_empty = not _value(headers, "content-length").strip("0")
        return {"text": "" if is_empty else _BLANK, "encoding": "base64"}
    stored = coded(body, headers)
    if stored is None:
        return {}
    text = as_text(stored)
    may_be_chunks = codings(headers) and stored.startswith(b'["')
    if text is None or may_be_chunks or as_bytes(text, headers) != stored:
        return {"text": as_base64(stored), "encoding": "base64"}
    return {"text": text}


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _value(headers: Headers, name: str) -> str:
    return next((value for header, value in headers if header == name), "")


def _json(value: Any) -> bytes:
    """JSON, in which only lone surrogates are escaped beside what must be."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()
