"""What a client does not send, and what it does not read."""

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from instagram_client import APIConnectionError, InstagramError, RuleError
from instagram_client._runtime import bounds, inflate
from instagram_client._runtime.encode.messages import message
from instagram_client._runtime.encode.parameters import Parameter
from instagram_client._runtime.encode.texts import EncodingError
from support.fake_wire import Time, Wire, fake_time, get_user, http_client, maker, success, user
from support.serving import callback
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)

# Paths

ELSEWHERE = ["", ".", ".."]


@both_sides
@pytest.mark.parametrize("value", ELSEWHERE)
@pytest.mark.parametrize("place", [0, 1])
def test_a_path_value_that_leads_elsewhere_is_not_sent(
    side: Side, value: str, place: int, time: Time
) -> None:
    values = ["1_1", "2"]
    values[place] = value
    wire = Wire(side, success())
    with pytest.raises(RuleError) as caught:
        wire.call(lambda client: client.comments.delete(*values))
    assert caught.value.parameter == ("media_id", "comment_id")[place]
    assert caught.value.rule == "path-value"
    assert wire.requests == []


@both_sides
@pytest.mark.parametrize("value", ELSEWHERE)
def test_raw_responses_and_lists_check_path_values_too(side: Side, value: str, time: Time) -> None:
    wire = Wire(side, success())
    for call in (
        lambda client: client.media.with_raw_response.get(value),
        lambda client: client.users.recent_media(value),
    ):
        with pytest.raises(RuleError):
            wire.call(call)
    assert wire.requests == []


def url_path(template: str, /, **values: object) -> str:
    """The path of a request with values in it."""
    parameters = [Parameter(name, name, "path", "simple", explode=False) for name in values]
    return message("GET", template, parameters, [], values).path


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        (".a", ".a"),
        ("c?d#e", "c%3Fd%23e"),
        ("ü €", "%C3%BC%20%E2%82%AC"),
        (7, "7"),
    ],
)
def test_other_path_values_are_encoded(value: object, sent: str) -> None:
    assert url_path("/u/{template}/k", template=value) == f"/u/{sent}/k"


def test_values_that_share_a_segment_are_checked_together() -> None:
    assert url_path("/{a}.{b}", a="x", b="y") == "/x.y"
    assert url_path("/{a}{b}/c", a="x", b="") == "/x/c"
    with pytest.raises(EncodingError, match=r"^a: "):
        url_path("/{a}{b}/c", a="", b="")
    with pytest.raises(EncodingError, match=r"^a: "):
        url_path("/{a}{b}/c", a=".", b=".")


# Bodies


def compressed(body: bytes, window: int) -> bytes:
    compressor = zlib.compressobj(wbits=window)
    return compressor.compress(body) + compressor.flush()


GZIP, ZLIB, BARE = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
USER = success(user()).content


def respond_with(body: bytes, coding: str) -> Callable[..., tuple[int, dict[str, str], bytes]]:
    return lambda *_: (200, {"Content-Encoding": coding, "Content-Type": "application/json"}, body)


def fetched(side: Side, body: bytes, coding: str) -> Any:
    """What a client returns for a body on a real connection."""
    with callback(respond_with(body, coding)) as address:
        return run(get_user(maker(side)(base_url=f"{address}/v1", access_token="t", max_retries=0)))


@both_sides
@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (USER, ""),
        (USER, "identity"),
        (USER, "utf-8"),
        (compressed(USER, GZIP), "gzip"),
        (compressed(USER, GZIP), "X-GZip"),
        (compressed(USER, GZIP) + b"padding", "gzip"),
        (compressed(USER, ZLIB), "deflate"),
        (compressed(USER, BARE), "deflate"),
        (compressed(USER, GZIP), "identity, gzip"),
    ],
)
def test_a_body_of_one_coding_is_read(side: Side, body: bytes, coding: str) -> None:
    assert fetched(side, body, coding).username == "user1001"


@both_sides
@pytest.mark.parametrize(
    ("body", "coding", "problem"),
    [
        (gzip.compress(gzip.compress(bytes(2**20))), "gzip, gzip", "compressed more than once"),
        (gzip.compress(gzip.compress(USER)), "deflate,gzip", "compressed more than once"),
        (b"x", "br", "compressed with br, but only gzip, deflate are accepted"),
        (b"x", "zstd", "compressed with zstd"),
        (gzip.compress(bytes(2**25)), "gzip", "the body has more than 8,388,608 bytes, received as "),
        (compressed(bytes(2**25), BARE), "deflate", "the body has more than "),
        (b"x" * 100, "gzip", "incorrect header check"),
    ],
    ids=["gzip-gzip", "deflate-gzip", "br", "zstd", "gzip", "deflate", "malformed"],
)
def test_a_body_beyond_the_bounds_is_an_error(side: Side, body: bytes, coding: str, problem: str) -> None:
    with pytest.raises(APIConnectionError, match=problem):
        fetched(side, body, coding)


@both_sides
def test_a_body_has_a_longest_length(side: Side, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "LONGEST", 1000)
    for body, coding in ((bytes(1001), ""), (gzip.compress(bytes(1001)), "gzip")):
        with pytest.raises(APIConnectionError, match="more than 1,000 bytes"):
            fetched(side, body, coding)


def test_a_body_that_arrives_in_pieces_is_bounded_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "FREE", 1000)

    def decoded(body: bytes) -> bytes:
        decoder = inflate.Decoder("gzip")
        return b"".join(piece for byte in body for piece in decoder.decode(bytes([byte])))

    with pytest.raises(inflate.BodyError, match="more than"):
        decoded(gzip.compress(bytes(10**6)))
    whole = bytes(range(256)) * 1000
    assert decoded(gzip.compress(whole, 0)) == whole


@both_sides
def test_only_codings_that_are_bounded_are_accepted(side: Side, time: Time) -> None:
    wire = Wire(side, success(user()))
    http = http_client(side, headers={"Accept-Encoding": "br"}, transport=wire.transport)
    run(get_user(maker(side)(access_token="t", http_client=http)))
    assert [request.headers["Accept-Encoding"] for request in wire.requests] == ["gzip, deflate"]


@both_sides
@pytest.mark.parametrize("cookie", [f"a=b; Max-Age={'9' * 400}", "a=\xb2", "a=\x01"])
def test_a_cookie_that_cannot_be_kept_is_left_out(side: Side, cookie: str, time: Time) -> None:
    cookies = [
        (b"Set-Cookie", cookie.encode("latin-1")),
        (b"Set-Cookie", b"c=d; Max-Age=60"),
        (b"X", b"\xb2"),
    ]
    response = httpx2.Response(200, headers=cookies, json={"meta": {"code": 200}, "data": user()})
    wire = Wire(side, response, response)
    for _ in range(2):
        raw = wire.call(lambda client: client.users.with_raw_response.get("1001"))
        assert raw.headers.get_list("Set-Cookie") == ["c=d; Max-Age=60"]
    assert wire.requests[1].headers.get("Cookie", "c=d") == "c=d"


@both_sides
@pytest.mark.parametrize("location", ["t:6", "http://[::1", "//"])
def test_a_redirect_to_no_address_is_an_error_of_the_client(side: Side, location: str, time: Time) -> None:
    wire = Wire(side, lambda _: httpx2.Response(302, headers={"Location": location}))
    with pytest.raises(InstagramError):
        wire.call(lambda client: client.users.get("1001"))


def test_what_follows_a_compressed_body_is_left_out() -> None:
    packed = gzip.compress(b"body")
    decoder = inflate.Decoder("gzip")
    assert b"".join([*decoder.decode(packed), *decoder.decode(b"more"), *decoder.decode(packed)]) == b"body"


@pytest.mark.parametrize("header", [("X-A", "a\nb"), ("X-A", "a\0b"), ("X A", "b"), ("", "b")])
def test_a_header_that_would_end_before_its_end_is_not_sent(header: tuple[str, str]) -> None:
    request = httpx2.Request("GET", "http://a.example/", headers=[header])
    with pytest.raises(httpx2.LocalProtocolError, match=rf"^the header b{header[0]!r} cannot be sent$"):
        bounds.accepting(request)
