"""Exchanges that were chosen one by one: what an API like this one sees in a day."""

from collections.abc import Iterator

from support.wires.wire import FORM, JSON, Wire, wire

PNG = b"\x89PNG\r\n\x1a\n\x00\xff\xfe binary"
BYTES = bytes(range(256)) + b"\r\n\r\n\x00\xff"
NOTE = {"id": 1, "title": "Buy milk"}
ERROR = {"error": "no"}
ONE = ("X-Total", "1")
AT = ("Location", "/v1/notes/1")
MERGE = "application/merge-patch+json"
COOKIES = (("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; HttpOnly"))
GZIP, DEFLATE = ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate")
LONG = [{"id": number, "title": f"note {number}"} for number in range(40)]
MULTIPART = (
    b'--xYz\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n'
    b"\r\n" + BYTES + b"\r\n--xYz--\r\n"
)


def written() -> Iterator[Wire]:
    yield from _lists()
    yield from _notes()
    yield from _requests()
    yield from _others()


def _lists() -> Iterator[Wire]:
    """Lists: queries, repeated headers, cookies, credentials."""
    yield wire("GET", "/notes", 200, [], "", ("X-Total", "0"))
    yield wire("GET", "/notes?limit=5", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?limit=2&tag=cat&tag=dog", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?limit=500", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?limit=500", 422, ERROR)
    yield wire("GET", "/notes?limit=many", 400, ERROR)
    yield wire("GET", "/notes?limit=many", 200, [], "", ("X-Total", "0"))
    yield wire("GET", "/notes?limit=", 200, [], "", ("X-Total", "0"))
    yield wire("GET", "/notes?tag=a&tag=b%20c&tag=d%2Ce", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?tag=a%26b%20c&limit=1", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?tag=much-too-long-a-tag", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?tag=%C3%A9%F0%9F%98%80", 200, [NOTE | {"title": "é😀"}], "", ONE)
    yield wire("GET", "/notes?tag=", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes?unknown=1", 200, [NOTE], "", ONE)
    yield wire("GET", "/notes", 200, [NOTE])
    yield wire("GET", "/notes", 200, [NOTE], "", ("X-Total", "several"))
    yield wire("GET", "/notes", 200, [{"id": "1", "title": ""}, NOTE], "", ("X-Total", "2"))
    yield wire("GET", "/notes", 200, [NOTE], "", ONE, headers=(("X-Trace", "0aF"),))
    yield wire("GET", "/notes", 200, [NOTE], "", ONE, headers=(("X-Repeated", "one, two"),))
    yield wire("GET", "/notes", 200, [NOTE], "", ONE, headers=(("Cookie", "session=s3ss10n; theme=dark"),))
    yield wire("GET", "/notes", 200, [NOTE], "", ONE, headers=(("Cookie", "session=s3ss10n; theme=blue"),))
    yield wire("GET", "/notes", 401, {}, token=None)
    yield wire("GET", "/notes", 200, [NOTE], "", ONE, token=None)
    yield wire("GET", "/notes", 503, b"<h1>Busy</h1>", "text/html", ("Retry-After", "5"))
    yield wire("GET", "/notes", 200, [NOTE], "", ONE, *COOKIES)
    yield wire("GET", "/notes", 200, LONG, "", ("X-Total", "40"), is_chunked=True)
    yield wire("GET", "/notes", 200, LONG, "", ("X-Total", "40"), GZIP)
    yield wire("GET", "/notes", 200, [1], "", ONE, GZIP, is_chunked=True)
    yield wire("OPTIONS", "/notes", 204, None, "", ("Allow", "GET, POST"), token=None)


def _notes() -> Iterator[Wire]:
    """One note: errors, conditions, bodies that are not what they should be."""
    yield wire("GET", "/notes/1", 200, NOTE)
    yield wire("GET", "/notes/1", 200, NOTE | {"title": "ünïcödé ☃"})
    yield wire("GET", "/notes/1", 200, NOTE | {"weight": 10.0, "done": "yes"})
    yield wire("GET", "/notes/1", 200, {"id": 1})
    yield wire("GET", "/notes/1", 200, b"", JSON)
    yield wire("GET", "/notes/1", 304, None, "", ("ETag", '"1"'), headers=(("If-None-Match", '"1"'),))
    yield wire("GET", "/notes/2", 404, ERROR)
    yield wire("GET", "/notes/2", 404, {"error": ""})
    yield wire("GET", "/notes/2", 410, b"", JSON)
    yield wire("GET", "/notes/2", 418, {"error": "teapot"})
    yield wire("GET", "/notes/2", 500, b"<h1>Oops</h1>", "text/html")
    yield wire("GET", "/notes/one", 404, ERROR)
    yield wire("GET", "/notes/one", 200, NOTE)
    yield wire("GET", "/notes/%C5%BDofie", 404, ERROR)
    yield wire("GET", "/notes/1", 200, NOTE, "", GZIP)
    yield wire("GET", "/notes/1", 200, NOTE | {"id": "1"}, "", GZIP)
    yield wire("GET", "/notes/1", 200, NOTE | {"id": None}, "", DEFLATE)
    yield wire("HEAD", "/notes/1", 200)
    yield wire("HEAD", "/notes/1", 200, b"", JSON)
    yield wire("DELETE", "/notes/1", 204)
    yield wire("DELETE", "/notes/1", 200, {"ok": True})


def _requests() -> Iterator[Wire]:
    """Bodies of requests."""
    milk, long = {"title": "Milk"}, {"title": "Much too long a title"}
    yield wire("POST", "/notes", 201, NOTE, "", AT, body=milk)
    yield wire("POST", "/notes", 201, NOTE, body=milk)
    yield wire("POST", "/notes", 201, NOTE, "", AT, body=long)
    yield wire("POST", "/notes", 201, NOTE, "", AT, body={"title": "é☃", "weight": 1.5})
    yield wire("POST", "/notes", 422, ERROR, body={"done": True})
    yield wire("POST", "/notes", 422, ERROR, body={"title": ""})
    yield wire("POST", "/notes", 201, NOTE, "", AT, body=b'{"title": ', body_as=JSON)
    yield wire("POST", "/notes", 201, NOTE, "", AT, body=b"", body_as=JSON)
    yield wire("POST", "/notes", 201, NOTE, "", AT, body=b"title=Milk", body_as=FORM)
    yield wire("POST", "/notes", 201, NOTE, "", AT, body={"title": None}, headers=(GZIP,))
    yield wire("PUT", "/notes/1", 200, NOTE, body={"title": "Tea", "tags": ["a", "b"]})
    yield wire("PATCH", "/notes/1", 204, body={"done": False}, body_as=MERGE)
    yield wire("PATCH", "/notes/1", 204, body={}, body_as=MERGE)
    yield wire("PATCH", "/notes/1", 200, NOTE, body={"title": "Žofie"})
    for form in (b"user=eve&password=pass%26w%C3%B6rd", b"user=e&password=pa+ss&remember=maybe"):
        yield wire("POST", "/login", 200, {"ok": True}, "", *COOKIES, body=form, body_as=FORM, token=None)
    yield wire(
        "POST", "/login", 200, {"ok": True}, "", *COOKIES, body=b"user=eve&other=1", body_as=FORM, token=None
    )
    yield wire("POST", "/login", 200, {}, body=b"user=r%C3%A9x", body_as=FORM)
    elsewhere = ("Location", "/home")
    form = b"user=eve&password=pw"
    yield wire("POST", "/login", 302, None, "", elsewhere, body=form, body_as=FORM, token=None)


def _others() -> Iterator[Wire]:
    """Other media types, bytes, redirects, what is not documented."""
    yield wire("GET", "/text", 200, b"short", "text/plain")
    yield wire("GET", "/text", 200, "größer".encode("latin-1"), "text/plain; charset=iso-8859-1")
    yield wire("GET", "/text", 200, "naïve".encode(), "text/plain; charset=utf-8")
    yield wire("GET", "/nowhere", 404, b"Not here.", "text/plain")
    yield wire("GET", "/old", 301, None, "", ("Location", "/v1/notes"))
    yield wire("GET", "/old", 302, None, "", ("Location", "/v1/notes"))
    yield wire("GET", "/old", 302)
    yield wire("GET", "/files/a.png", 200, PNG, "image/png")
    yield wire("GET", "/files/a.png", 200, BYTES, "image/png")
    yield wire("GET", "/files/a.png", 200, PNG, JSON)
    yield wire("PUT", "/files/a.bin", 204, body=b"\x00\xff\x80", body_as="application/octet-stream")
    yield wire("PUT", "/files/a.bin", 204, body=BYTES, body_as="application/octet-stream")
    yield wire("PUT", "/files/a.bin", 200, body=MULTIPART, body_as="multipart/form-data; boundary=xYz")
