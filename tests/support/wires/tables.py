"""Exchanges from tables: each method, status, style, media type, coding and fault, kept and violated."""

from collections.abc import Iterator
from typing import Any

from support.wires.wire import FORM, JSON, Fields, Wire, wire
from support.wires.written import DEFLATE, ERROR, GZIP, NOTE

STATUSES = (
    *(200, 201, 202, 203, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413),
    *(415, 422, 428, 429, 451, 500, 501, 502, 503, 504, 511),
)

FAULTS: dict[str, Any] = {
    "none": NOTE | {"kind": "todo", "code": "AB", "due": "2024-02-29T12:00:00Z", "author": {"name": "é"}},
    "a member is missing": {"done": True},
    "a nested member is missing": NOTE | {"author": {}},
    "a nested member too many": NOTE | {"author": {"name": "Eve", "nick": "e"}},
    "a string for a number": NOTE | {"weight": "1"},
    "a number for a string": NOTE | {"title": 7},
    "a string for a boolean": NOTE | {"done": "true"},
    "an object for a list": NOTE | {"tags": {"0": "a"}},
    "null": NOTE | {"title": None},
    "null where it is allowed": NOTE | {"kind": None},
    "not of the enum": NOTE | {"kind": "IDEA"},
    "too short": NOTE | {"title": ""},
    "too long": NOTE | {"title": "thirteen long"},
    "as long as permitted, in astral characters": NOTE | {"title": "😀" * 12},
    "too large": NOTE | {"weight": 10},
    "almost too large": NOTE | {"weight": 9.999999999999998},
    "an exponent": b'{"id": 1e0, "title": "a", "weight": 1E-400}',
    "an integer that is none": b'{"id": 1.5, "title": "a"}',
    "digits beyond a float": b'{"id": 12345678901234567890123, "title": "a"}',
    "another pattern": NOTE | {"code": "ab"},
    "no date": NOTE | {"due": "2023-02-29T12:00:00Z"},
    "not unique": NOTE | {"tags": ["x", "y", "x"]},
    "no multiple": NOTE | {"author": {"name": "Eve", "age": 3}},
    "below the minimum": NOTE | {"author": {"name": "Eve", "age": -2}},
    "several": {"id": "1", "title": 1, "done": 1, "tags": [1, 2], "author": "Eve"},
    "a list": [NOTE],
    "a text": b'"a text"',
    "a number": b"17",
    "null alone": b"null",
    "an empty body": b"",
    "cut off": b'{"id": 1, "title": "cut o',
    "a trailing comma": b'{"id": 1, "title": "a",}',
    "NaN": b'{"id": 1, "title": "a", "weight": NaN}',
    "a member twice": b'{"id": 1, "id": "2", "title": "a"}',
    "escapes": b'{"id": 1, "\\u0074itle": "\\ud83d\\ude00\\n\\u0000"}',
    "a lone surrogate": b'{"id": 1, "title": "\\ud800"}',
    "invalid UTF-8": b'{"id": 1, "title": "\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"id": 1, "title": "a"}',
    "white space": b'\r\n\t{ "id" : 1 ,\n\t"title" : "a" }\n\n',
    "two values": b'{"id": 1, "title": "a"}{"id": 2}',
    "a page": b"<!doctype html><p>Log in",
}
"""Bodies that should be a note."""

STYLES: dict[str, tuple[str, Fields]] = {
    "none": ("1/.1/;matrix=1", ()),
    "lists": ("1,2,3/.1.2/;matrix=1;matrix=2", ()),
    "too many": ("1,2,3,4/.1.2/;matrix=1", ()),
    "a label of words": ("1/.a.b/;matrix=1", ()),
    "no label": ("1/1/;matrix=1", ()),
    "a negative matrix": ("1/.1/;matrix=-1", ()),
    "another name of a matrix": ("1/.1/;other=1", ()),
    "words": ("a,%C3%A9/.1/;matrix=1", ()),
    "commas": ("1/.1/;matrix=1?comma=1,2", ()),
    "encoded commas": ("1/.1/;matrix=1?comma=1%2C2", ()),
    "commas of words": ("1/.1/;matrix=1?comma=1,b", ()),
    "empty commas": ("1/.1/;matrix=1?comma=", ()),
    "a repeated name": ("1/.1/;matrix=1?comma=1&comma=2", ()),
    "spaces": ("1/.1/;matrix=1?space=1%202", ()),
    "plus signs": ("1/.1/;matrix=1?space=1+2", ()),
    "spaces of words": ("1/.1/;matrix=1?space=1%20b%20c", ()),
    "pipes": ("1/.1/;matrix=1?pipe=1%7C2", ()),
    "too many pipes": ("1/.1/;matrix=1?pipe=1%7C2%7C3%7C4", ()),
    "deep objects": ("1/.1/;matrix=1?deep[min]=1&deep[max]=2", ()),
    "encoded deep objects": ("1/.1/;matrix=1?deep%5Bmin%5D=1&deep%5Bmax%5D=99", ()),
    "an unknown deep member": ("1/.1/;matrix=1?deep[other]=1", ()),
    "flat objects": ("1/.1/;matrix=1?flat=min,1,max,2", ()),
    "a flat object beyond its maximum": ("1/.1/;matrix=1?flat=min,1,max,10", ()),
    "JSON": ("1/.1/;matrix=1?json=%7B%22min%22%3A%201%7D", ()),
    "JSON of another type": ("1/.1/;matrix=1?json=%7B%22min%22:%22a%22%7D", ()),
    "broken JSON": ("1/.1/;matrix=1?json=%7B", ()),
    "all": ("1/.1/;matrix=1?comma=1&space=2&pipe=3&deep[min]=a&flat=max,a&json=7", ()),
    "a list in a header": ("1/.1/;matrix=1", (("X-Few", "1, 2"),)),
    "words in a header": ("1/.1/;matrix=1", (("X-Few", "1,b"),)),
    "an object in a header": ("1/.1/;matrix=1", (("X-Range", "min=1,max=2"),)),
    "a false object in a header": ("1/.1/;matrix=1", (("X-Range", "min=1,max=99"),)),
    "a cookie": ("1/.1/;matrix=1", (("Cookie", "few=1,2"),)),
    "a false cookie": ("1/.1/;matrix=1", (("Cookie", "other=1; few=a"),)),
}
"""Paths below ``/styles``, and headers."""

MEDIA: dict[str, tuple[bytes, str | None]] = {
    "JSON": (b'{"text": "short"}', JSON),
    "JSON of a charset": ('{"text": "größer"}'.encode("latin-1"), f"{JSON}; charset=iso-8859-1"),
    "JSON in capitals": (b'{"text": "too long"}', "Application/JSON; Charset=UTF-8"),
    "JSON of a suffix": (b'{"text": 1}', "application/vnd.notes+json"),
    "text": (b"short", "text/plain"),
    "long text": ("größer".encode(), "text/plain; charset=utf-8"),
    "text in Latin-1": ("grün!".encode("latin-1"), "text/plain; charset=ISO-8859-1"),
    "long text in Windows-1252": ("„größe“".encode("cp1252"), 'text/plain; charset="windows-1252"'),
    "text that is not in its charset": ("größe".encode("latin-1"), "text/plain; charset=utf-8"),
    "text in UTF-16": ("größer".encode("utf-16"), "text/plain; charset=utf-16"),
    "text in an unknown charset": (b"short", "text/plain; charset=x-none"),
    "lines": (b"a\r\nb\n", "text/plain"),
    "a table": (b"a,b\n1,2\n", "text/csv"),
    "another table": (b"b,a\n1,2\n", "text/csv"),
    "XML": (b'<word id="1"><text>short</text></word>', "application/xml"),
    "long XML": ('<word id="1"><text>größer</text></word>'.encode(), "application/xml"),
    "XML in Latin-1": (
        '<?xml version="1.0" encoding="iso-8859-1"?><word id="x"><text>größe</text></word>'.encode("latin-1"),
        "application/xml",
    ),
    "broken XML": (b"<word><text></word>", "application/xml"),
    "bytes": (b"\x00\xff\x80", "application/octet-stream"),
    "too many bytes": (bytes(range(128, 256)), "application/octet-stream"),
    "an undocumented type": (b"%PDF-1.7 \xff", "application/pdf"),
    "no type": (b"short", None),
}

FORMS: dict[str, tuple[bytes, str]] = {
    "a form": (b"title=a&few=1&few=2&range[min]=1", FORM),
    "a long form": (b"title=too+long&few=1&few=b&range%5Bmax%5D=99", FORM),
    "a form of words": (b"title=%C3%A9%26%F0%9F%98%80", f"{FORM}; charset=utf-8"),
    "a form without its field": (b"few=1", FORM),
}

_PARTS: dict[str, list[tuple[str, bytes]]] = {
    "parts": [('name="title"', b"a"), ('name="few"', b"1"), ('name="few"', b"2")],
    "long parts": [('name="title"', "größer".encode()), ('name="few"', b"b")],
    "no title": [('name="few"', b"1")],
    "a file": [
        ('name="title"', b"a"),
        ('name="photo"; filename="a.png"\r\nContent-Type: image/png', b"\x89PNG\xff"),
    ],
    "a file of another type": [
        ('name="title"', b"a"),
        ('name="photo"; filename="a.txt"\r\nContent-Type: text/plain', b"text"),
    ],
    "a part of JSON": [
        ('name="title"', b"a"),
        ('name="range"\r\nContent-Type: application/json', b'{"max": 99}'),
    ],
}


def tabulated() -> Iterator[Wire]:
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "COPY"):
        has_reply = method != "HEAD"
        yield wire(method, "/text", 200, b"short" if has_reply else None, "text/plain")
    for status in STATUSES:
        location = (("Location", "/v1/text"),) if 300 < status < 309 else ()
        yield wire("GET", "/ranges", status, NOTE | {"text": "short"}, "", *location)
        yield wire("GET", "/defaults", status, {"error": "", "text": "too long"}, "", *location)
    for fault in FAULTS.values():
        yield wire("GET", "/notes/1", 200, fault, JSON)
        yield wire("PUT", "/notes/1", 200, NOTE, body=fault, body_as=JSON)
    for query in ("?q=a", "?q=", "?p=a", ""):
        yield wire("GET", f"/search{query}", 204)
    for path, headers in STYLES.values():
        yield wire("GET", f"/styles/{path}", 204, headers=headers)
    for body, media_type in MEDIA.values():
        yield wire("GET", "/media", 200, body, media_type)
        yield wire("PUT", "/media", 204, body=body, body_as=media_type)
    for body, media_type in (*FORMS.values(), *map(_multipart, _PARTS.values())):
        yield wire("PUT", "/media", 204, body=body, body_as=media_type)
    for coding in (GZIP, DEFLATE):
        for is_chunked in (False, True):
            yield wire("GET", "/media", 200, {"text": "short"}, "", coding, is_chunked=is_chunked)
            yield wire("GET", "/media", 200, {"text": "too long"}, "", coding, is_chunked=is_chunked)
            yield wire("GET", "/media", 404, ERROR, "", coding, is_chunked=is_chunked)
        yield wire("PUT", "/media", 204, body={"text": "too long"}, headers=(coding,))
        yield wire("PUT", "/media", 204, body=b"title=too+long", body_as=FORM, headers=(coding,))


def _multipart(parts: list[tuple[str, bytes]]) -> tuple[bytes, str]:
    pieces = (
        b"--xYz\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (head.encode(), body)
        for head, body in parts
    )
    return b"".join(pieces) + b"--xYz--\r\n", "multipart/form-data; boundary=xYz"
