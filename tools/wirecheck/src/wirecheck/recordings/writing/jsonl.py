"""Writes JSON Lines, as docs/recordings.md describes them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from wirecheck.escapes import encodable
from wirecheck.model import Exchange, Headers
from wirecheck.recordings.writing.bodies import as_base64, as_text, coded


def write(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    """A line for each exchange. Lone surrogates outside of bodies, which no line can hold, become escapes."""
    for exchange in exchanges:
        request: dict[str, Any] = {"method": encodable(exchange.method), "url": encodable(exchange.url)}
        if not exchange.has_query:
            request["has_query"] = False
        line: dict[str, Any] = {
            "request": {**request, **_message(exchange.request_headers, exchange.request_body)},
            "status": exchange.status,
            **_message(exchange.response_headers, exchange.response_body),
        }
        if exchange.elapsed is not None:
            line["elapsed"] = exchange.elapsed
        if exchange.resource:
            line["resource"] = exchange.resource
        yield msgspec.json.encode(line) + b"\n"


def _message(headers: Headers, body: bytes | None) -> dict[str, Any]:
    message: dict[str, Any] = {}
    if headers:
        pairs = [(encodable(name), encodable(value)) for name, value in headers]
        named = dict(pairs)
        message["headers"] = named if len(named) == len(pairs) else pairs
    if body is None:
        return message
    text = as_text(body)
    if text is not None:
        message["body"] = msgspec.Raw(body) if _is_one_line_of_json(body) else text
    elif (stored := coded(body, headers)) is not None:
        message["body_base64"] = as_base64(stored)
    return message


def _is_one_line_of_json(body: bytes) -> bool:
    """Whether a body can stand in a line as it is: an object or an array without a line break."""
    if body[:1] not in (b"{", b"[") or body[-1:] not in (b"}", b"]") or b"\n" in body or b"\r" in body:
        return False
    try:
        msgspec.json.decode(b"[[[%s]]]" % body)  # within objects, and so nested a little deeper
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
