"""Responses that are read piece by piece: streams of items, and streaming responses."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instagram_client import (
    APIConnectionError,
    NotFoundError,
    ResponseFormatError,
    StreamError,
)
from instagram_client._runtime import inflate
from instagram_client._runtime.endpoints import BodyKind, Call, Endpoint
from instagram_client._runtime.streams import EventParser, Item, LineParser
from instagram_client.models import Media, Meta
from support.fake_wire import (
    TOKEN,
    Time,
    Wire,
    error_response,
    fake_time,
    media,
    page,
    person,
    success,
)
from support.sides import Side, both_sides, run

time = pytest.fixture(fake_time)

# Server-sent events: the examples of the HTML standard (9.2.6), and more

EVENTS: dict[str, tuple[bytes, list[tuple[str, bytes]]]] = {
    "one of three lines": (b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", b"YHOO\n+2\n10")]),
    "a comment, and a field that follows an id": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        [("message", b"first event"), ("message", b"second event"), ("message", b" third event")],
    ),
    "empty data, and an incomplete event": (
        b"data\n\ndata\ndata\n\ndata:",
        [("message", b""), ("message", b"\n")],
    ),
    "a space after the colon": (b"data:test\n\ndata: test\n\n", [("message", b"test"), ("message", b"test")]),
    "names": (
        b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: 1\n\n",
        [("add", b"73857293"), ("remove", b"2153"), ("message", b"1")],
    ),
    "a name without data is forgotten": (b"event: add\n\ndata: 1\n\n", [("message", b"1")]),
    "a byte order mark": (b"\xef\xbb\xbfdata: 1\n\n", [("message", b"1")]),
    "unknown fields": (b"retry: 10\nfoo: bar\nData: x\ndata: 1\n\n", [("message", b"1")]),
    "no event": (b"\n\n\n", []),
    "a line separator of Unicode is none": (
        "data: a\u2028b\n\n".encode(),
        [("message", "a\u2028b".encode())],
    ),
}


def parsed(parser: EventParser | LineParser, *pieces: bytes) -> list[Item]:
    items = [item for piece in pieces for item in parser.feed(piece)]
    return [*items, *parser.end()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(("body", "events"), EVENTS.values(), ids=EVENTS)
def test_events_are_those_of_the_standard(body: bytes, events: list[tuple[str, bytes]], end: bytes) -> None:
    expected = [Item(data, event) for event, data in events]
    body = body.replace(b"\n", end)
    assert parsed(EventParser(), body) == expected
    assert parsed(EventParser(), *(bytes([byte]) for byte in body)) == expected


@given(
    body=st.lists(st.sampled_from([b"data: a", b"data", b"event: x", b":", b"\n", b"\r", b"\r\n", b"y"])).map(
        b"".join
    ),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_how_a_body_is_cut_makes_no_difference(body: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(body)]
    pieces = [body[start:end] for start, end in pairwise(places)]
    for parser in (EventParser, LineParser):
        assert parsed(parser(), *pieces) == parsed(parser(), body)


def test_json_lines_may_lack_the_last_end_and_have_empty_ones() -> None:
    items = parsed(LineParser(), b'\xef\xbb\xbf{"a":1}\r\n\n  \n{"a"', b":2}\n3")
    assert [item.data.strip() for item in items] == [b'{"a":1}', b'{"a":2}', b"3"]


def test_a_line_has_a_longest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instagram_client._runtime.streams.LONGEST", 10)
    with pytest.raises(ValueError, match="a line has more than 10 bytes"):
        parsed(LineParser(), b"123456", b"7890123")
    assert len(parsed(LineParser(), b"123456\n", b"7890123\n")) == 2


# Streams of items


class Pieces(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body in pieces; an exception breaks it."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = pieces
        self.sent = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.sent += 1
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


def responding(body: Pieces, **headers: str) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: httpx2.Response(200, headers=headers, stream=body)


def stream_call(kind: BodyKind, item: str = "Any") -> Any:
    """A call whose items have a type."""
    types = {"200": item}
    return Call(
        Endpoint("a.watch", "watch", "GET", "/a", reads=True, success=("200",), kind=kind, types=types), {}
    )


async def _all(wire: Wire, call: Any, most: int | None) -> list[Any]:
    found: list[Any] = []
    async with await wire.client._core.items(call) as stream:
        async for item in stream:
            found.append(item)
            if len(found) == most:
                break
    return found


def items(wire: Wire, call: Any, most: int | None = None) -> list[Any]:
    """The items of a stream, until there are that many."""
    if wire.side == "async":
        return asyncio.run(_all(wire, call, most))
    found: list[Any] = []
    with wire.client._core.items(call) as stream:
        for item in stream:
            found.append(item)
            if len(found) == most:
                break
    return found


@both_sides
def test_events_become_items(side: Side, time: Time) -> None:
    body = Pieces(b'data: {"n": 1}\n\nda', b"ta: 2\n\ndata: text\n\n", b"data: [DONE]\n\ndata: 3\n\n")
    wire = Wire(side, responding(body))
    assert items(wire, stream_call("events")) == [{"n": 1}, 2, "text"]
    assert body.is_closed


@both_sides
def test_lines_become_items(side: Side, time: Time) -> None:
    wire = Wire(side, responding(Pieces(b'{"code": 1}\n{"code"', b': 2}\n"[DONE]"')))
    found = items(wire, stream_call("lines", "Meta | str"))
    assert found == [Meta(code=1), Meta(code=2), "[DONE]"]


@both_sides
def test_items_arrive_before_the_end_and_a_block_closes(side: Side, time: Time) -> None:
    body = Pieces(b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n")
    assert items(Wire(side, responding(body)), stream_call("events"), most=1) == [1]
    assert (body.sent, body.is_closed) == (1, True)


def test_a_stream_goes_on_where_a_loop_left_it(time: Time) -> None:
    wire = Wire("sync", responding(Pieces(b"data: 1\n\ndata: 2\n\ndata: 3\n\n")))
    stream = wire.client._core.items(stream_call("events"))
    assert next(stream) == 1
    assert next(iter(stream)) == 2
    assert list(stream) == [3]
    assert list(stream) == []
    stream.close()


def test_an_asynchronous_stream_hands_out_one_item_after_another(time: Time) -> None:
    body = Pieces(b"data: 1\n\n", b"data: 2\n\n")

    async def read() -> list[Any]:
        wire = Wire("async", responding(body))
        stream = await wire.client._core.items(stream_call("events"))
        found = [await anext(stream), await anext(stream)]
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        return found

    assert asyncio.run(read()) == [1, 2]
    assert body.is_closed


async def _raw(wire: Wire, call: Any) -> tuple[Any, list[Any]]:
    raw = await wire.client._core.raw_items(call)
    return raw, [item async for item in raw.parse()]


@both_sides
def test_a_raw_response_parses_to_its_items(side: Side, time: Time) -> None:
    wire = Wire(side, responding(Pieces(b"data: 1\n\n", b"data: 2\n\n"), **{"X-A": "1"}))
    call = stream_call("events")
    if side == "async":
        raw, found = asyncio.run(_raw(wire, call))
    else:
        raw = wire.client._core.raw_items(call)
        found = list(raw.parse())
    assert found == [1, 2]
    assert (raw.status_code, raw.headers["X-A"], raw.content) == (200, "1", b"data: 1\n\ndata: 2\n\n")


@both_sides
@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("events", b'event: error\ndata: {"message": "busy", "code": 7}\n\n', "a.watch: busy"),
        ("events", b"event: error\ndata: gone\n\n", "a.watch: gone"),
        (
            "events",
            b'data: {"error": {"message": "busy", "type": "overload"}}\n\n',
            "a.watch: overload: busy",
        ),
        ("lines", b'{"error": "busy"}\n', "a.watch: busy"),
    ],
)
def test_an_error_inside_is_raised(side: Side, kind: BodyKind, data: bytes, message: str, time: Time) -> None:
    body = Pieces(data)
    with pytest.raises(StreamError) as caught:
        items(Wire(side, responding(body)), stream_call(kind))
    assert str(caught.value) == message
    assert caught.value.status_code == 200
    assert caught.value.body
    assert body.is_closed


@both_sides
def test_a_member_called_error_is_not_always_one(side: Side, time: Time) -> None:
    data = b'{"error": null}\n{"error": "E1", "line": 3}\n'
    assert len(items(Wire(side, responding(Pieces(data))), stream_call("lines"))) == 2


@both_sides
def test_an_item_that_cannot_be_read_names_itself(side: Side, time: Time) -> None:
    for data, reason in (
        (b"{broken\n", "the body is not JSON"),
        (b'{"n": 1}\n', "Meta: 'code' is missing"),
        (b"3\n", "Meta: a number is not an object"),
    ):
        with pytest.raises(ResponseFormatError, match=rf"a\.watch: 200, but {reason}") as caught:
            items(Wire(side, responding(Pieces(data))), stream_call("lines", "Meta"))
        assert caught.value.snippet == data.decode().strip()


@both_sides
def test_a_stream_that_breaks_is_a_connection_error(side: Side, time: Time) -> None:
    body = Pieces(b"data: 1\n\n", httpx2.ReadError("reset"))
    with pytest.raises(APIConnectionError, match=r"a\.watch: ReadError: reset"):
        items(Wire(side, responding(body)), stream_call("events"))
    assert body.is_closed


@both_sides
def test_a_status_is_checked_and_retried_before_a_stream_begins(side: Side, time: Time) -> None:
    failing, body = Pieces(b"busy"), Pieces(b"data: 1\n\n")
    responses = iter([httpx2.Response(503, stream=failing), httpx2.Response(200, stream=body)])
    wire = Wire(side, lambda _: next(responses))
    assert items(wire, stream_call("events")) == [1]
    assert failing.is_closed
    assert time.waits == [0.5]
    with pytest.raises(NotFoundError, match="404 APIOddError: No") as caught:
        items(Wire(side, lambda _: error_response(404)), stream_call("events"))
    assert caught.value.body["meta"]["error_type"] == "APIOddError"


@both_sides
def test_secrets_in_items_are_masked(side: Side, time: Time) -> None:
    data = b'data: {"url": "https://x.test/?access_token=' + TOKEN.encode() + b'"}\n\n'
    call = stream_call("events")
    call.endpoint = call.endpoint._replace(security=(("access_token",),))
    [item] = items(Wire(side, responding(Pieces(data))), call)
    assert item == {"url": "https://x.test/?access_token=***"}


@both_sides
def test_a_line_without_an_end_is_a_format_error(
    side: Side, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("instagram_client._runtime.streams.LONGEST", 10)
    body = Pieces(b"1\n", b'"123456', b"7890123")
    with pytest.raises(ResponseFormatError, match=r"a\.watch: 200, but a line has more than 10 bytes: ''"):
        items(Wire(side, responding(body)), stream_call("lines"))
    assert body.is_closed


# Streaming responses


async def _opened(wire: Wire, method: Callable[[Any], Any], use: Callable[[Any], Any]) -> Any:
    async with method(wire.client) as response:
        result = use(response)
        if hasattr(result, "__aiter__"):
            return [part async for part in result]
        return await result


def opened(wire: Wire, method: Callable[[Any], Any], use: Callable[[Any], Any]) -> Any:
    """What is read from a streaming response."""
    if wire.side == "async":
        return asyncio.run(_opened(wire, method, use))
    with method(wire.client) as response:
        result = use(response)
        return list(result) if hasattr(result, "__next__") else result


def get_media(client: Any) -> Any:
    return client.media.with_streaming_response.get("1_1001")


@both_sides
def test_a_body_is_read_in_pieces(side: Side, time: Time) -> None:
    body = b"one\ntw\xc3\xb6\r\nthree"
    for use, expected in [
        (lambda response: response.iter_bytes(), [b"one\ntw\xc3", b"\xb6\r\nthree"]),
        (lambda response: response.iter_bytes(6), [b"one\ntw", b"\xc3\xb6\r\nth", b"ree"]),
        (lambda response: response.iter_text(), ["one\ntw", "ö\r\nthree"]),
        (lambda response: response.iter_lines(), ["one", "twö", "three"]),
        (lambda response: response.read(), body),
    ]:
        pieces = Pieces(body[:7], body[7:])
        assert opened(Wire(side, responding(pieces)), get_media, use) == expected
        assert pieces.is_closed


@both_sides
def test_a_streaming_response_has_status_and_headers_before_its_body(side: Side, time: Time) -> None:
    pieces = Pieces(b"x")

    def use(response: Any) -> Any:
        assert (response.status_code, response.headers["X-A"], response.request_id) == (200, "1", "r")
        assert response.rate_limit.limit is None
        assert "StreamingResponse 200>" in repr(response)
        assert pieces.sent == 0
        return response.read()

    headers = {"X-A": "1", "X-Request-Id": "r"}
    assert opened(Wire(side, responding(pieces, **headers)), get_media, use) == b"x"


@both_sides
def test_a_body_that_is_not_read_is_closed(side: Side, time: Time) -> None:
    pieces = Pieces(b"one", b"two")

    def fail(_: Any) -> Any:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        opened(Wire(side, responding(pieces)), get_media, fail)
    assert (pieces.sent, pieces.is_closed) == (0, True)


@both_sides
def test_a_streaming_response_parses_to_what_the_method_returns(side: Side, time: Time) -> None:
    found = opened(Wire(side, success(media())), get_media, lambda response: response.parse())
    assert isinstance(found, Media)
    wire = Wire(side, page([person(1)], {"next_cursor": "a"}), page([person(2)]))
    first = opened(
        wire,
        lambda client: client.relationships.with_streaming_response.follows("self"),
        lambda response: response.parse(),
    )
    assert [user.id for user in first.data] == ["1"]
    assert [user.id for user in run(first.next_page()).data] == ["2"]


@both_sides
def test_a_streaming_response_parses_to_a_stream(side: Side, time: Time) -> None:
    body = Pieces(b"data: 1\n\n", b"data: 2\n\n")
    wire = Wire(side, responding(body))

    def method(client: Any) -> Any:
        return client._core.streaming_items(stream_call("events"))

    async def first(response: Any) -> Any:
        return await anext(await response.parse())

    assert opened(wire, method, first if side == "async" else lambda response: next(response.parse())) == 1
    assert (body.sent, body.is_closed) == (1, True)


@both_sides
def test_a_streaming_response_that_breaks_is_not_parsed(side: Side, time: Time) -> None:
    wire = Wire(side, responding(Pieces(b'{"meta": ', httpx2.ReadError("reset"))))
    with pytest.raises(APIConnectionError, match=r"media\.get: ReadError: reset"):
        opened(wire, get_media, lambda response: response.parse())


@both_sides
def test_an_error_is_raised_when_a_response_is_opened(side: Side, time: Time) -> None:
    with pytest.raises(NotFoundError) as caught:
        opened(Wire(side, lambda _: error_response(404)), get_media, lambda response: response.read())
    assert caught.value.error_type == "APIOddError"


@both_sides
def test_a_file_appears_once_it_is_complete(side: Side, time: Time, tmp_path: Path) -> None:
    target = tmp_path / "photo.jpg"
    pieces = Pieces(b"one ", b"two")
    opened(Wire(side, responding(pieces)), get_media, lambda response: response.write_to_file(target))
    assert target.read_bytes() == b"one two"
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
    broken = Pieces(b"half", httpx2.ReadError("reset"))
    with pytest.raises(APIConnectionError, match="ReadError"):
        opened(
            Wire(side, responding(broken)), get_media, lambda response: response.write_to_file(str(target))
        )
    assert target.read_bytes() == b"one two"
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


@both_sides
def test_bounds_are_for_whole_bodies_not_for_streams(
    side: Side, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inflate, "LONGEST", 1000)
    packed = gzip.compress(bytes(5000))
    for body, coding in ((bytes(5000), "identity"), (packed, "gzip")):
        responds = responding(Pieces(body), **{"Content-Encoding": coding})
        parts = opened(Wire(side, responds), get_media, lambda response: response.iter_bytes())
        assert sum(map(len, parts)) == 5000
        with pytest.raises(APIConnectionError, match="more than 1,000 bytes"):
            opened(Wire(side, responds), get_media, lambda response: response.read())


def test_a_bomb_is_streamed_in_pieces_of_bounded_length() -> None:
    packed = gzip.compress(bytes(2**25))
    pieces = list(inflate.Decoder("gzip", streamed=True).decode(packed))
    assert sum(map(len, pieces)) == 2**25
    assert max(map(len, pieces)) <= 2**20


# Other results


@both_sides
def test_a_binary_result_stays_as_it_is(side: Side, time: Time) -> None:
    """Even what looks like UTF-16 is not converted."""
    body = b"\x00P\x00N\x00G\x00!"
    call: Any = Call(Endpoint("a.photo", "photo", "GET", "/a", kind="binary", success=("200",)), {})
    assert run(Wire(side, responding(Pieces(body))).client._core.result(call)) == body


@both_sides
@pytest.mark.parametrize(
    ("kind", "body", "result"),
    [("text", "grüß".encode(), "grüß"), ("nothing", b"ignored", None), ("json", b"", None)],
)
def test_a_result_is_what_the_document_says_of_the_body(
    side: Side, kind: BodyKind, body: bytes, result: str | None, time: Time
) -> None:
    call: Any = Call(Endpoint("a.b", "b", "GET", "/a", kind=kind, success=("200",), payload=("data",)), {})
    call.endpoint = call.endpoint._replace(payload=() if result else ("data",))
    wire = Wire(side, responding(Pieces(body), **{"Content-Type": "text/plain; charset=utf-8"}))
    assert run(wire.client._core.result(call)) == result
