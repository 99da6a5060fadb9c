"""Writes cassettes as vcrpy has them: https://vcrpy.readthedocs.io.

A cassette has one list of values for each name of a header, and no place for the time that a response took.
It cannot say that a body was not recorded: that is marked as vcr for R marks a body that is in another file.
"""

from collections.abc import Iterable, Iterator
from http.client import responses
from typing import Any

import yaml

from wirecheck.escapes import encodable
from wirecheck.model import Exchange, Headers
from wirecheck.recordings.writing.bodies import as_text, coded

_WIDE = 1 << 30  # characters in a line: long values are not folded


def write(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    """A cassette with an interaction for each exchange."""
    start = b"interactions:\n"
    for exchange in exchanges:
        yield start + _yaml([_interaction(exchange)])
        start = b""
    yield b"interactions: []\nversion: 1\n" if start else b"version: 1\n"


def _interaction(exchange: Exchange) -> dict[str, Any]:
    request = {
        "body": _body(exchange.request_body, exchange.request_headers),
        "headers": _headers(exchange.request_headers),
        "method": encodable(exchange.method),
        "uri": encodable(exchange.url),
    }
    response = {
        "body": _body(exchange.response_body, exchange.response_headers, "string"),
        "headers": _headers(exchange.response_headers),
        "status": {"code": exchange.status, "message": responses.get(exchange.status, "")},
    }
    recorded = (
        {} if exchange.has_query else {"has_query": False}
    )  # not in the request: vcrpy knows its members
    return {"request": request, "response": response, **recorded}


def _body(body: bytes | None, headers: Headers, member: str = "") -> Any:
    """A body, or an object with it as a member."""
    stored = None if body is None else coded(body, headers)
    if stored is None:
        return {"file": True, "string": None}
    text = as_text(stored)
    value = stored if text is None else text
    return {member: value} if member else value


def _headers(headers: Headers) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(encodable(name), []).append(encodable(value))
    return values


def _yaml(value: Any) -> bytes:
    text: bytes = yaml.dump(
        value,
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        encoding="utf-8",
        sort_keys=False,
        width=_WIDE,
    )
    return text
