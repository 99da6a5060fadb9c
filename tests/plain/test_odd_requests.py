"""The right servers have no internal error, whatever is sent to them."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from plain.catalogue import SERVERS, Server
from plain.web import Request

pytestmark = pytest.mark.no_cover

TEXTS = (
    *("", "null", "-1", "0", "1.5", "1e400", "NaN", "9" * 50, "\u0663", "\0", "e\u0301", "\u202eשלום", "🚗"),
    *("'; --", "%", "(", "[]", "{}", "a/b", "..", "x" * 5000),
)
BODIES = (
    *(b"", b"\xff", b"{", b"null", b"[]", b'"x"', b"0", b"NaN", b"{}", b'{"a": 1}', b"[" * 50_000),
    *(
        b'{"name": "\\ud800"}',
        b'{"price": 1e400}',
        b'{"weight": 1e-400}',
        b'{"price": 1e9999999999999}',
    ),
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
EXISTING = {"vehicleId": "veh_1", "key": "note-1", "comment_id": "5f0c8a52-7d1e-4c3b-9a64-2f1d6e8b0001"}
"""What variables of paths stand for; others for 1."""


def requests(server: Server) -> Iterator[Request]:
    """Odd texts in paths, queries and bodies of every operation, and bodies that are odd."""
    document = yaml.safe_load(server.document.read_text(encoding="utf-8"))
    name, _, value = server.header.partition(": ")
    headers = {name.lower(): value, "if-match": "*"}
    for path, item in document["paths"].items():
        target = server.prefix + path
        usual = re.sub(r"{([^}]+)}", lambda match: EXISTING.get(match[1], "1"), target)
        for text in TEXTS:
            odd = re.sub(r"{[^}]+}", quote(text, safe=""), target)
            yield from (Request(method, odd, headers) for method in METHODS)
        for pair in (f"{quote(name)}={quote(text)}" for name in names_in(document) for text in TEXTS):
            yield Request("GET", f"{usual}?{pair}", headers)
        for method in sorted({"post", "put", "patch"} & item.keys()):
            for media_type in item[method].get("requestBody", {}).get("content", ()):
                for body in bodies(document):
                    yield Request(method.upper(), usual, {**headers, "content-type": media_type}, body)


def bodies(document: Any) -> Iterator[bytes]:
    yield from BODIES
    values: tuple[Any, ...] = (*TEXTS, None, True, -1, 10**400, [], [[]], {})
    for schema in document["components"]["schemas"].values():
        names = list(names_in(schema))
        for odd in values:
            yield from (json.dumps({name: odd}).encode() for name in names)
            yield json.dumps(dict.fromkeys(names, odd)).encode()


def names_in(value: Any) -> Iterator[str]:
    """The names of all parameters and properties within a part of a document."""
    if isinstance(value, dict):
        if isinstance(value.get("name"), str):
            yield value["name"]
        if isinstance(value.get("properties"), dict):
            yield from value["properties"]
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from names_in(member)


@pytest.mark.parametrize("name", SERVERS)
def test_a_right_server_has_no_internal_error(name: str) -> None:
    server = SERVERS[name]
    app = server.make()
    crashed = {
        f"{request.method} {request.target[:80]} {request.body[:80]!r}"
        for request in requests(server)
        if app.respond(request).status >= 500
    }
    assert crashed == set()
