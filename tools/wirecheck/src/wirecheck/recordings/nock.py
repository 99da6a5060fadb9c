"""Fixtures of nock, which records the requests of Node.js: https://github.com/nock/nock#recording."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from wirecheck.decode import UndecodableError, json_value
from wirecheck.model import Exchange, Headers
from wirecheck.recordings import loose
from wirecheck.recordings.coding import codings, from_chunks, uncoded
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.outline import outline
from wirecheck.recordings.window import Window

_HEX = re.compile("(?:[0-9a-f]{2})+")
_DEFAULT_PORT = re.compile(r"(?<=^http:)(//.*):80$|(?<=^https:)(//.*):443$")


def looks_like(start: bytes) -> bool:
    """Whether a file begins with a list whose first item has a ``scope`` and a ``path``."""
    return {"[].scope", "[].path"} <= outline(start)


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a fixture, in its order."""
    window = Window(name, file)
    return exchanges(name, _entries(window, name), _exchange)


def _entries(window: Window, name: str) -> Iterator[Any]:
    yield from loose.items(window, name, "the fixture")
    window.end()


def _exchange(source: str, entry: int, value: Any) -> Exchange:
    if not isinstance(value, dict):
        value = loose.members(source, value, "the entry")
    scope = loose.required(source, value.get("scope"), "scope")
    request_headers = loose.headers(value.get("reqheaders"))
    response_headers = _response_headers(value)
    return Exchange(
        source=source,
        entry=entry,
        method=loose.text(value.get("method")).upper() or "GET",
        url=_DEFAULT_PORT.sub(r"\1\2", scope) + loose.required(source, value.get("path"), "path"),
        status=loose.status(source, value.get("status"), "status"),
        request_headers=request_headers,
        request_body=_body(
            value, "body", request_headers, is_binary=_is_binary(value.get("body"), request_headers)
        ),
        response_headers=response_headers,
        response_body=_body(
            value, "response", response_headers, is_binary=value.get("responseIsBinary") is True
        ),
    )


def _response_headers(value: dict[str, Any]) -> Headers:
    """The headers: names and values by turns in versions up to 13, an object in later ones."""
    raw = value.get("rawHeaders", value.get("headers"))
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        raw = list(map(list, zip(raw[::2], raw[1::2], strict=False)))
    return loose.headers(raw)


def _body(value: dict[str, Any], name: str, headers: Headers, *, is_binary: bool) -> bytes | None:
    """A body, None where it is not known.

    nock decodes whatever is JSON, writes other text as it is, and bytes in hex, in chunks where they have a
    content coding.
    """
    body = value.get(name)
    if name not in value or body == "":
        return b"" if name in value else None
    if isinstance(body, list) and codings(headers) and (chunks := from_chunks(json.dumps(body))) is not None:
        return uncoded(chunks, headers)
    if not isinstance(body, str):
        return loose.as_json(body)
    if is_binary:
        return uncoded(_from_hex(body), headers)
    text = body.encode("utf-8", "surrogatepass")
    return loose.as_json(body) if loose.is_json(headers) and not _is_broken(text) else text


def _is_binary(body: object, headers: Headers) -> bool:
    """Whether the body of a request is hex: nock writes what is not UTF-8 so, and does not say it."""
    content = _from_hex(body) if isinstance(body, str) and _HEX.fullmatch(body) else None
    lengths = [value for name, value in headers if name == "content-length"]
    if content is None or (lengths and str(len(content)) not in lengths):
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False


def _is_broken(text: bytes) -> bool:
    """Whether it is a body that nock could not decode as JSON, rather than a string that it decoded."""
    if not text.lstrip().startswith((b"{", b"[", b"<", codecs.BOM_UTF8)):
        return False
    try:
        json_value(text)
    except UndecodableError:
        return True
    return False


def _from_hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
