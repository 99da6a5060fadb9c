"""Raw messages are read as a client and a server understand them, or else are not known."""

import gzip

import pytest

from wirecheck.model import RecordingError
from wirecheck.recordings import messages

BODIES = {
    "as long as it says": (b"Content-Length: 2\r\n\r\n[]", b"[]"),
    "without a length": (b"\r\n[]", b"[]"),
    "shorter than its length": (b"Content-Length: 3\r\n\r\n[]", None),
    "longer than its length": (b"Content-Length: 1\r\n\r\n[]", None),
    "with zeros before its length": (b"Content-Length: 0002\r\n\r\n[]", b"[]"),
    "with a length of thousands of digits": (b"Content-Length: " + b"9" * 9_999 + b"\r\n\r\n[]", None),
    "with a length that is no number": (b"Content-Length: -2\r\n\r\n[]", b"[]"),
    "decompressed by the recorder": (b"Content-Encoding: gzip\r\nContent-Length: 22\r\n\r\n[]", b"[]"),
    "compressed": (b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"[]"), b"[]"),
    "compressed and cut off": (b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"[]")[:-9], None),
    "chunked": (b"Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1;a=b\r\n]\r\n0\r\nX: y\r\n\r\n", b"[]"),
    "chunked, and put together": (b"Transfer-Encoding: chunked\r\n\r\n[]", b"[]"),
    "chunked and cut off": (b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n", None),
    "cut off within a chunk": (b"Transfer-Encoding: chunked\r\n\r\n9\r\n[]", None),
    "with a gigantic chunk": (b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n[]", None),
    "with a chunk of the wrong size": (b"Transfer-Encoding: chunked\r\n\r\n1\r\n[]\r\n0\r\n\r\n", None),
    "chunked, of no chunk": (b"Transfer-Encoding: chunked\r\n\r\n", None),
    "with line feeds alone": (b"Content-Type: text/plain\n\n[]", b"[]"),
    "without an end of the head": (b"Content-Type: text/plain", b""),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_what_was_sent_or_not_known(name: str) -> None:
    rest, body = BODIES[name]
    assert messages.response("a#0", b"HTTP/1.1 200 OK\r\n" + rest, "GET").body == body
    assert messages.request("a#0", b"POST / HTTP/1.1\r\n" + rest).body == body


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("GET", 101)])
def test_a_response_that_never_has_a_body_has_an_empty_one(method: str, status: int) -> None:
    raw = f"HTTP/1.1 {status}\r\nContent-Length: 9\r\n\r\n".encode()
    assert messages.response("a#0", raw, method).body == b""


def test_interim_responses_precede_the_final_one() -> None:
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/2 201 Created\r\n\r\n[]"
    assert messages.response("a#0", raw, "POST") == (201, (), b"[]")


def test_header_fields_keep_their_order_and_repetitions() -> None:
    raw = (
        b"GET /a%20b?c=d HTTP/1.1\r\nHost: pets.test\r\nSet-Cookie: a\r\nset-cookie:b \r\n"
        b"Folded: one,\r\n \ttwo\r\n"
        b"no field\r\nLatin: \xe9\r\n\r\n"
    )
    request = messages.request("a#0", raw)
    assert (request.method, request.target) == ("GET", "/a%20b?c=d")
    assert request.headers == (
        ("host", "pets.test"),
        ("set-cookie", "a"),
        ("set-cookie", "b"),
        ("folded", "one, two"),
        ("latin", "é"),
    )


@pytest.mark.parametrize(
    "line", ["GET /pets HTTP/2", "GET /pets", "GET /pets HTTP/1.0", "GET  /pets  HTTP/3"]
)
def test_a_request_line_may_be_of_any_version(line: str) -> None:
    assert messages.request("a#0", line.encode() + b"\r\n\r\n")[:2] == ("GET", "/pets")


@pytest.mark.parametrize("raw", [b"", b"\x16\x03\x01", b"\r\n\r\n", b"GET", b"{} /", b": a\r\n\r\n"])
def test_what_is_no_message_is_an_error(raw: bytes) -> None:
    with pytest.raises(RecordingError, match=r"^a#0: the request does not begin with a method and a target$"):
        messages.request("a#0", raw)
    with pytest.raises(RecordingError, match=r"^a#0: the response does not begin with a status line$"):
        messages.response("a#0", raw, "GET")


def test_a_flood_of_headers_is_an_error() -> None:
    with pytest.raises(RecordingError, match="more than 10,000 header fields"):
        messages.request("a#0", b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * 10_001)
