"""Recordings that are damaged or made to hurt are errors with a place, quickly and in little memory."""

import io
import random
import tracemalloc
from types import ModuleType

import pytest

from support import wire_formats
from support.wire_formats import flow_state, tnetstring
from support.wires import TOKEN, WIRES
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import access_log, burp, mitmproxy, warc

WHOLE: dict[str, tuple[ModuleType, bytes]] = {
    "mitmproxy": (mitmproxy, wire_formats.flows(WIRES[23:25])),
    "burp": (burp, wire_formats.burp(WIRES[23:25])),
    "warc": (warc, wire_formats.warc(WIRES[23:25])),
    "access log": (access_log, b'{"method":"GET","uri":"/","args":"a=\\x41","status":200}\n' * 2),
}
FIRST_FLOW = wire_formats.flows(WIRES[23:24])
GOOD = tnetstring(flow_state(WIRES[0]))


def read(reader: ModuleType, data: bytes) -> tuple[list[Exchange], str]:
    """The exchanges before the error that ends the recording, and that error."""
    exchanges = list[Exchange]()
    try:
        exchanges.extend(reader.read("a", io.BytesIO(data)))
    except RecordingError as error:
        return exchanges, str(error)
    return exchanges, next((each.error for each in exchanges if each.error), "")


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_is_cut_off_anywhere_is_read_up_to_there(kind: str) -> None:
    reader, data = WHOLE[kind]
    for end in range(0, len(data), 7):
        exchanges, error = read(reader, data[:end])
        assert sum(not each.error for each in exchanges) <= 2
        assert TOKEN not in error
        is_whole = data[:end].rstrip() in (b"", FIRST_FLOW, data.rstrip())
        if kind in ("mitmproxy", "burp") and not is_whole:
            assert error


@pytest.mark.parametrize("kind", WHOLE)
def test_damaged_bytes_never_raise_anything_else(kind: str) -> None:
    reader, data = WHOLE[kind]
    chance = random.Random(17)
    for _ in range(400):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(damaged))
            piece = chance.choice(
                [b"", b"9", b"-", b":", b"\xff", b"\0", b"<", b"&", b"\r\n", b"{", b'"', b"]"]
            )
            damaged[at : at + chance.randint(0, 2)] = piece
        reader.looks_like(bytes(damaged))
        exchanges, error = read(reader, bytes(damaged))
        assert all(each.source and each.status >= 0 for each in exchanges)
        assert TOKEN not in error


FLOWS: dict[str, tuple[bytes, str]] = {
    "a length that lies": (b"999999999:x}", "a flow of more than 268,435,456 bytes is not read"),
    "a length beyond the end": (b"99999999:x}", "cut off: the file ends within the flow"),
    "a length of too many digits": (b"9" * 50 + b":", "not a flow of mitmproxy: its length is missing"),
    "a negative length": (b"-5:hello,", "not a flow of mitmproxy: its length is missing"),
    "no length": (b":hello,", "not a flow of mitmproxy: its length is missing"),
    "garbage between flows": (b"\n" + GOOD, "not a flow of mitmproxy: its length is missing"),
    "JSON": (b'{"log": {}}', "not a flow of mitmproxy: its length is missing"),
    "an inner length that lies": (b"9:999:type,}", "the flow is broken: a length in it is wrong"),
    "an inner length that is negative": (b"8:-5:type,}", "the flow is broken: a length in it is wrong"),
    "an inner length that is missing": (b"5:type,}", "the flow is broken: a length in it is wrong"),
    "a value without a type": (b"6:4:type}", "the flow is broken: a length in it is wrong"),
    "another type": (b"4:true!", "the flow is not a dictionary"),
    "an unknown type": (b"4:true?", "the flow is not a dictionary"),
    "no members": (b"0:}", "request is not a dictionary"),
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_broken_flow_is_named(name: str) -> None:
    data, error = FLOWS[name]
    exchanges, _ = read(mitmproxy, GOOD + data)
    assert [each.error for each in exchanges][:2] == ["", error]
    assert exchanges[1].source == "a#1"
    with pytest.raises(RecordingError, match=r"^a#0: "):
        list(mitmproxy.read("a", io.BytesIO(data)))


@pytest.mark.parametrize("name", ["metadata", "request", "version"])
def test_the_depth_of_a_flow_does_not_matter(name: str) -> None:
    deep = b"0:~"
    for _ in range(5_000):
        deep = b"%d:%s]" % (len(deep), deep)
    members = GOOD[GOOD.index(b":") + 1 : -1] + tnetstring(name) + deep
    first, second = mitmproxy.read("a", io.BytesIO(GOOD + b"%d:%s}" % (len(members), members)))
    assert (first.error, second.error) == ("", "request is not a dictionary" if name == "request" else "")


def test_memory_does_not_grow_with_what_is_not_needed() -> None:
    junk = b"1:a;0:~" * 500_000
    hostile = {
        "the flow has more than 10,000 values": (mitmproxy, b"%d:%s}" % (len(junk), junk)),
        "line 50001 is not that of an access log": (access_log, b"\n" * 50_000 + b'{"a":' * 50_000),
        "the item has neither a URL nor a request": (
            burp,
            b"<items><item>" + b"<a/>" * 50_000 + b"</item></items>",
        ),
    }
    for error, (reader, data) in hostile.items():
        tracemalloc.start()
        assert read(reader, data)[1] in (error, f"a#0: {error}")
        assert tracemalloc.get_traced_memory()[1] < 4 * len(data) + 2**23
        tracemalloc.stop()


def test_many_interim_responses_take_linear_time() -> None:
    block = b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000
    record = wire_formats.warc_record("response", 0, "http://pets.test/", block)
    exchanges, error = read(warc, record)
    assert error == "a#0: the response does not begin with a status line"
    assert len(exchanges) == 1
