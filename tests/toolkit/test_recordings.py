"""Recordings are read as they were written, or rejected with the place and the reason."""

import base64
import gzip
import io
import json
import re
import sys
import tempfile
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.paths import SHARED
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import FORMATS, coding, har, read, window
from wirecheck.recordings.coding import BODILESS

SHARED_RECORDINGS = SHARED / "recordings"
SECRET = "s3cr3t-t0ken"
BOM = b"\xef\xbb\xbf"
DEEP = "[" * 100_000
TITLES = ", ".join(format_.title for format_ in FORMATS.values())
LONG = "1" * 5_000
SURROGATES = st.characters(categories=["Cs"])
ANY_TEXT = st.text(st.characters() | SURROGATES, max_size=30)


# Builders


@pytest.fixture
def recording(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def read_bytes(name: str, content: bytes) -> list[Exchange]:
    """As the fixture, for tests that hypothesis runs many times over."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return list(read(path))


def har_entry(**changes: Any) -> dict[str, Any]:
    """An entry with the required members alone; ``response__status=1`` changes one of them."""
    entry: dict[str, Any] = {
        "request": {"method": "GET", "url": f"https://api.example/v1?access_token={SECRET}"},
        "response": {"status": 200},
    }
    for path, value in changes.items():
        *holders, name = path.split("__")
        member = entry
        for holder in holders:
            member = member.setdefault(holder, {})
        member[name] = value
    return entry


def har_file(*entries: object) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def jsonl_line(response: str = '"status": 200', request: str = "") -> str:
    url = f"https://api.example/v1?access_token={SECRET}"
    return f'{{"request": {{"method": "GET", "url": "{url}"{request}}}, {response}}}'


def only(exchanges: Iterator[Exchange]) -> Exchange:
    (exchange,) = exchanges
    return exchange


# Round trips

header_values = st.text(max_size=10).filter(lambda value: "\n" not in value)
header_lists = st.lists(
    st.tuples(st.text("abcdefgh-0123", min_size=1, max_size=8), header_values), max_size=3
).map(tuple)
bodies = st.none() | ANY_TEXT.map(lambda t: t.encode("utf-8", "surrogatepass")) | st.binary()
exchanges = st.builds(
    Exchange,
    source=st.just(""),
    entry=st.just(0),
    method=st.sampled_from(["GET", "POST", "PATCH"]),
    url=st.text(max_size=30),
    status=st.integers(100, 599),
    request_headers=header_lists,
    request_body=ANY_TEXT.map(lambda t: t.encode("utf-8", "surrogatepass")) | st.none(),
    response_headers=header_lists,
    response_body=bodies,
    elapsed=st.none() | st.integers(1, 100_000).map(lambda milliseconds: milliseconds / 1000),
)
# Real status codes without a body would turn "not recorded" into an empty body.
recordable = exchanges.filter(lambda e: e.status not in BODILESS or e.response_body is not None)
layouts = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 2, "\t"]),
        "separators": st.sampled_from([None, (",", ":"), (" ,\r\n ", "\t: ")]),
        "ensure_ascii": st.booleans(),
    }
)
strangers = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | ANY_TEXT,
        lambda children: st.lists(children, max_size=4)
        | st.dictionaries(ANY_TEXT, children, max_size=4),
        max_leaves=12,
    ),
    max_size=3,
)  # fmt: skip


def numbered(name: str, exchanges: list[Exchange]) -> list[Exchange]:
    return [
        structs.replace(exchange, source=f"{name}#{entry}", entry=entry)
        for entry, exchange in enumerate(exchanges)
    ]


def as_har_entry(exchange: Exchange) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "request": {
            "method": exchange.method,
            "url": exchange.url,
            "headers": as_har_headers(exchange.request_headers),
        },
        "response": {
            "status": exchange.status,
            "headers": as_har_headers(exchange.response_headers),
        },
        "time": -1 if exchange.elapsed is None else round(exchange.elapsed * 1000),
    }
    if exchange.request_body is not None:
        entry["request"]["postData"] = {"text": exchange.request_body.decode("utf-8", "surrogatepass")}
    if exchange.response_body is not None:
        entry["response"]["content"] = as_har_content(exchange.response_body)
    return entry


def as_har_headers(headers: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name.title(), "value": value} for name, value in headers]


def as_har_content(body: bytes) -> dict[str, str]:
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}
    # Two halves that stand side by side are one character once they went through JSON.
    if json.loads(json.dumps(text)) != text:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}
    return {"text": text}


def whole_pairs(exchange: Exchange) -> bool:
    """Whether its request body, which is text in HAR, survives JSON."""
    text = (exchange.request_body or b"").decode("utf-8", "surrogatepass")
    return bool(json.loads(json.dumps(text)) == text)


@pytest.mark.no_cover
@settings(max_examples=80, deadline=None)
@given(
    expected=st.lists(recordable.filter(whole_pairs), min_size=1, max_size=4),
    layout=layouts,
    before=strangers,
    after=strangers,
    bom=st.booleans(),
    size=st.integers(1, 300),
)
def test_a_har_comes_back_as_it_was_written_whatever_the_window(
    expected: list[Exchange],
    layout: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
    bom: bool,
    size: int,
) -> None:
    entries = [as_har_entry(exchange) | {"cache": before} for exchange in expected]
    log = {**before, "pages": [before, after], "entries": entries, **after}
    document = {"first": before, "log": log, "last": after}
    try:
        content = json.dumps(document, **layout).encode()
    except UnicodeEncodeError:
        content = json.dumps(document, **(layout | {"ensure_ascii": True})).encode()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(window, "WINDOW", size)
        assert read_bytes("a.har", BOM * bom + content) == numbered("a.har", expected)


@st.composite
def line_bodies(draw: st.DrawFn) -> tuple[bytes | None, str]:
    """A body, and the member of a line that contains it."""
    match draw(st.sampled_from(["none", "null", "text", "bytes", "json", "odd json"])):
        case "none":
            return None, ""
        case "null":
            return None, ', "body": null'
        case "text":
            written = json.dumps(draw(ANY_TEXT), ensure_ascii=True)
            return json.loads(written).encode("utf-8", "surrogatepass"), f', "body": {written}'
        case "bytes":
            body = draw(st.binary())
            return body, f', "body_base64": "{base64.b64encode(body).decode()}", "body": null'
        case "json":
            written = json.dumps(draw(strangers))
        case _:
            written = draw(st.sampled_from(ODD_JSON))
    return written.encode(), f', "body" :  {written}  '


ODD_JSON = [
    "38899687.0",
    LONG,
    "1e400",
    "-0",
    "false",
    '{"b" :1, "a":2,"b": 3}',
    '["\\u00e9", "é", "\\/", "😀", "\\ud83d\\ude00"]',
    '["\\ud83d", "\\\\ud83d", "\\uDE00\\ud83d\\\\", {"\\ud83d": "\\n"}]',
]


def as_line(exchange: Exchange, request_body: str, response_body: str, as_pairs: bool) -> str:
    request: dict[str, Any] = {"method": exchange.method, "url": exchange.url}
    response: dict[str, Any] = {"status": exchange.status, "request_id": [SECRET]}
    if exchange.elapsed is not None:
        response["elapsed"] = exchange.elapsed
    request["headers"] = as_line_headers(exchange.request_headers, as_pairs)
    response["headers"] = as_line_headers(exchange.response_headers, as_pairs)
    head, tail = json.dumps(request)[:-1], json.dumps(response)[1:-1]
    return f'{{"request": {head}{request_body}}}, {tail}{response_body}}}'


def as_line_headers(headers: tuple[tuple[str, str], ...], as_pairs: bool) -> object:
    if as_pairs:
        return [[name.title(), value] for name, value in headers]
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


@settings(max_examples=80, deadline=None)
@given(
    recorded=st.lists(
        st.tuples(exchanges, line_bodies(), line_bodies(), st.booleans()), min_size=1, max_size=4
    ),
    separator=st.sampled_from(["\n", "\r\n", "\n\n \t\n", "\r\n\r\n"]),
    name=st.sampled_from(["a.jsonl", "a.NDJSON", "a", "a.log"]),
    bom=st.booleans(),
)
def test_json_lines_come_back_as_they_were_written(
    recorded: list[tuple[Exchange, tuple[bytes | None, str], tuple[bytes | None, str], bool]],
    separator: str,
    name: str,
    bom: bool,
) -> None:
    lines, expected = [], []
    for exchange, (request_body, request_member), (body, member), as_pairs in recorded:
        lines.append(as_line(exchange, request_member, member, as_pairs))
        expected.append(
            structs.replace(
                exchange,
                request_body=request_body,
                response_body=body,
                request_headers=regrouped(exchange.request_headers, as_pairs),
                response_headers=regrouped(exchange.response_headers, as_pairs),
            )
        )
    content = BOM * bom + separator.join(["", *lines, ""]).encode()
    assert read_bytes(name, content) == numbered(name, expected)


def regrouped(headers: tuple[tuple[str, str], ...], as_pairs: bool) -> tuple[tuple[str, str], ...]:
    """The headers in the order of an object, where the values of one name are together."""
    if as_pairs:
        return headers
    names = list(dict.fromkeys(name for name, _ in headers))
    return tuple(sorted(headers, key=lambda header: names.index(header[0])))


# What may be missing, and what follows from it


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"request_headers": (), "response_headers": (), "elapsed": None}),
        ({}, {"request_body": None, "response_body": None}),
        ({"time": 1500}, {"elapsed": 1.5}),
        ({"time": 0.5}, {"elapsed": 0.0005}),
        ({"time": 0}, {"elapsed": None}),
        ({"time": -1}, {"elapsed": None}),
        ({"time": True}, {"elapsed": None}),
        ({"time": "12"}, {"elapsed": None}),
        ({"time": 10**400}, {"elapsed": None}),
        ({"request__headers": None, "response__content": None}, {"request_headers": ()}),
        ({"response__content__text": ""}, {"response_body": b""}),
        ({"response__content__text": "", "response__content__size": 9}, {"response_body": None}),
        ({"response__content__size": 0}, {"response_body": b""}),
        ({"response__content__size": 9}, {"response_body": None}),
        ({"response__content__size": -1}, {"response_body": None}),
        ({"response__bodySize": 0}, {"response_body": b""}),
        ({"response__bodySize": 0, "response__content__size": 9}, {"response_body": None}),
        ({"response__bodySize": -1}, {"response_body": None}),
        ({"response__status": 204}, {"response_body": b""}),
        ({"response__status": 304}, {"response_body": b""}),
        ({"response__status": 304, "response__content__size": 9}, {"response_body": None}),
        ({"response__content": {"text": "e30=", "encoding": "base64"}}, {"response_body": b"{}"}),
        ({"response__content": {"text": "e30=", "encoding": "utf-8"}}, {"response_body": b"e30="}),
        ({"response__content__text": "\ud83d!"}, {"response_body": b"\xed\xa0\xbd!"}),
        ({"response__content__text": DEEP}, {"response_body": DEEP.encode()}),
        ({"response__content__text": "{NaN\0"}, {"response_body": b"{NaN\0"}),
        (
            {"response__content__mimeType": "text/html; charset=x"},
            {"response_headers": (("content-type", "text/html; charset=x"),)},
        ),
        ({"response__content__mimeType": ""}, {"response_headers": ()}),
        ({"response__content__mimeType": "x-unknown"}, {"response_headers": ()}),
        (
            {
                "response__content__mimeType": "text/html",
                "response__headers": [{"name": "X-É", "value": "É"}],
            },
            {"response_headers": (("x-é", "É"),)},
        ),
        ({"request__bodySize": 0}, {"request_body": b""}),
        ({"request__bodySize": -1}, {"request_body": None}),
        ({"request__postData__text": "a=1"}, {"request_body": b"a=1"}),
        ({"request__postData__text": ""}, {"request_body": b""}),
        ({"request__postData__text": "", "request__bodySize": 9}, {"request_body": None}),
        ({"request__postData": {}}, {"request_body": None}),
        (
            {
                "request__postData": {
                    "mimeType": "application/x-www-form-urlencoded",
                    "params": [{"name": "a b", "value": "é&"}, {"name": "c"}],
                }
            },
            {
                "request_body": b"a+b=%C3%A9%26&c=",
                "request_headers": (("content-type", "application/x-www-form-urlencoded"),),
            },
        ),
        (
            {"request__postData__params": [{"name": "\ud83d", "value": "\ud83d"}]},
            {"request_body": b"%ED%A0%BD=%ED%A0%BD"},
        ),
        (
            {
                "request__postData": {
                    "mimeType": "Multipart/form-data; boundary=x",
                    "params": [{"name": "a", "value": "1"}],
                }
            },
            {"request_body": None},
        ),
        (
            {
                "request__postData": {"mimeType": "text/plain", "text": "x"},
                "request__headers": [{"name": "Content-TYPE", "value": "text/html"}],
            },
            {"request_headers": (("content-type", "text/html"),)},
        ),
        (
            {
                "request__postData": {"mimeType": "text/plain", "text": "x"},
                "request__headers": [{"name": "Accept", "value": "*/*"}],
            },
            {"request_headers": (("accept", "*/*"), ("content-type", "text/plain"))},
        ),
    ],
)
def test_what_a_har_leaves_out_was_not_recorded(
    recording: Callable[[str, bytes | str], Path],
    changes: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    exchange = only(read(recording("a.har", har_file(har_entry(**changes)))))
    assert {name: getattr(exchange, name) for name in expected} == expected


def test_entries_may_come_first_and_log_last(
    recording: Callable[[str, bytes | str], Path],
) -> None:
    log = {"entries": [har_entry(), har_entry()], "version": "1.2", "pages": [{"id": "p"}]}
    path = recording("a.har", json.dumps({"x": [[]], "y": {"log": 1}, "log": log, "z": 1.5}))
    assert [exchange.source for exchange in read(path)] == ["a.har#0", "a.har#1"]


# What cannot be read

FIRST = json.dumps(har_entry())
JSON_STARTS = '{"log": {"entries": ['
UNUSABLE = [
    ("a.har", "", "a.har: the file is empty"),
    ("a.har", " \r\n\t", "a.har: the file is empty"),
    ("a.har", BOM, "a.har: the file is empty"),
    ("a", "", "a: the file is empty"),
    ("a.har", "hello", "a.har: broken JSON at byte 0: Expecting value"),
    ("a.har", "nonsense", "a.har: broken JSON at byte 0: Expecting value"),
    ("a.har", "\0" * 99, "a.har: broken JSON at byte 0: Expecting value"),
    ("a.har", BOM + BOM, "a.har: broken JSON at byte 3: Expecting value"),
    ("a.har", "[]", "a.har: contains no exchange"),
    ("a.har", "[1]", "a.har#0: the entry is an integer, not an object"),
    ("a.har", '"x"', "a.har: the recording is a string, not an object"),
    ("a.har", "-1.5", "a.har: the recording is a number, not an object"),
    ("a.har", "true", "a.har: the recording is a boolean, not an object"),
    ("a.har", "{}", "a.har: log is missing"),
    ("a.har", '{"entries": []}', "a.har: contains no exchange"),
    ("a.har", '{"entries": [], "log": {}}', "a.har: log is there twice"),
    ("a.har", '{"log": null}', "a.har: log is null, not an object"),
    ("a.har", '{"log": []}', "a.har: log is an array, not an object"),
    ("a.har", '{"log": {}}', "a.har: log.entries is missing"),
    ("a.har", '{"log": {"entries": {}}}', "a.har: log.entries is an object, not an array"),
    ("a.har", '{"log": {"entries": "x"}}', "a.har: log.entries is a string, not an array"),
    ("a.har", '{"log": {"entries": []}}', "a.har: contains no exchange"),
    ("a.har", '{"log": {"entries": [], "entries": []}}', "a.har: log.entries is there twice"),
    ("a.har", '{"log": {"entries": []}, "log": {}}', "a.har: log is there twice"),
    ("a.har", '{"log": {"entries": []}} x', "a.har: broken JSON at byte 25: Extra data"),
    ("a.har", '{"log" 1}', "a.har: broken JSON at byte 7: Expecting ':' delimiter"),
    ("a.har", '{"log": {} "x"', "a.har: log.entries is missing"),
    ("a.har", '{"x": {} "y"', "a.har: broken JSON at byte 9: Expecting ',' delimiter"),
    (
        "a.har",
        '{"x": 1,}',
        "a.har: broken JSON at byte 8: Expecting property name enclosed in double quotes",
    ),
    ("a.har", JSON_STARTS + "1]}}", "a.har#0: the entry is an integer, not an object"),
    ("a.har", JSON_STARTS, "a.har#0: cut off: the file ends at byte 21"),
    ("a.har", JSON_STARTS + '{"x": "', "a.har#0: cut off: the file ends at byte 28"),
    (
        "a.har",
        f'{JSON_STARTS}"\té"',
        "a.har#0: broken JSON at byte 22: Invalid control character",
    ),
    (
        "a.har",
        f"{JSON_STARTS}{DEEP}",
        "a.har#0: nested too deeply in the value at byte 21",
    ),
    ("a.har", '{"x": ' + DEEP, "a.har: nested too deeply in the value at byte 7"),
    (
        "a.har",
        '{"x": NaN}',
        "a.har: NaN, Infinity, or a number of thousands of digits in the value at byte 6",
    ),
    (
        "a.har",
        f'{{"x": {LONG}}}',
        "a.har: NaN, Infinity, or a number of thousands of digits in the value at byte 6",
    ),
    (
        "a.har",
        b"\xff\xfe{\0}\0",
        "a.har: is in UTF-16: iconv -f UTF-16 -t UTF-8 FILE > traffic.har",
    ),
    ("a.har", BOM + b'{"x": "\xc3"}', "a.har: invalid UTF-8 at byte 10"),
    ("a.har", b'{"x": "\xc3', "a.har: invalid UTF-8 at byte 7"),
    ("a.har", b'{"x": "\xed\xa0\x80"}', "a.har: invalid UTF-8 at byte 7"),
    (
        "a.har",
        har_file(har_entry(response__status="OK"), har_entry(response__status=2.5)),
        "a.har#0: response.status is a string, not an integer",
    ),
    (
        "a.har",
        har_file(har_entry(response__status=200.0)),
        "a.har#0: response.status is a decimal number, not an integer",
    ),
    (
        "a.har",
        har_file(har_entry(response__status=True)),
        "a.har#0: response.status is a boolean, not an integer",
    ),
    ("a.har", har_file({"request": {}}), "a.har#0: request.method is missing"),
    ("a.har", har_file({}), "a.har#0: request is missing"),
    ("a.har", har_file(har_entry(request__url=None)), "a.har#0: request.url is null, not a string"),
    (
        "a.har",
        har_file(har_entry(**{"\ud800": 1})),
        "a.har#0: lone surrogate in the name of a member",
    ),
    ("a", '{"x": ' + DEEP, f"a: is not a recording of a known format ({TITLES})"),
    ("a.har", "{}\v", "a.har: log is missing"),
    ("a.har", '{"x":\v1}', "a.har: broken JSON at byte 5: Expecting value"),
    ("a.jsonl", "", "a.jsonl: contains no exchange"),
    ("a.jsonl", " \n\n\t", "a.jsonl: contains no exchange"),
    (
        "a.jsonl",
        "\n\n\n" + jsonl_line('"status": "200"'),
        "a.jsonl#0: line 4: status is a string, not an integer",
    ),
    (
        "a.jsonl",
        jsonl_line('"status": 2e2'),
        "a.jsonl#0: line 1: status is a decimal number, not an integer",
    ),
    ("a.jsonl", "[]", "a.jsonl#0: line 1: the entry is an array, not an object"),
    ("a.jsonl", '{"request": {}}', "a.jsonl#0: line 1: request.method is missing"),
    ("a.jsonl", "hello", "a.jsonl#0: line 1: broken JSON: invalid character (byte 0)"),
    ("a.jsonl", "\0", "a.jsonl#0: line 1: broken JSON: invalid character (byte 0)"),
    ("a.jsonl", jsonl_line()[:-1], "a.jsonl#0: line 1: broken JSON: Input data was truncated"),
    (
        "a.jsonl",
        jsonl_line() + jsonl_line(),
        f"a.jsonl#0: line 1: broken JSON: trailing characters (byte {len(jsonl_line()) + 1})",
    ),
    (
        "a.jsonl",
        f'{{"x": "\\ud83d", "body": {DEEP}',
        "a.jsonl#0: line 1: nested too deeply",
    ),
    ("a.jsonl", jsonl_line(f'"body": {DEEP}'), "a.jsonl#0: line 1: nested too deeply"),
    (
        "a.jsonl",
        f'{{"status": {LONG}}}',
        "a.jsonl#0: line 1: status: Integer value out of range",
    ),
    ("a.jsonl", '{"x": NaN}', "a.jsonl#0: line 1: broken JSON: invalid character (byte 6)"),
    ("a.jsonl", b'\n{"x": "\xff"}', "a.jsonl#0: line 2: invalid UTF-8 at byte 7 of the line"),
    (
        "a.jsonl",
        jsonl_line('"status": 200, "headers": {"X-Secret": "\\ud800"}'),
        "a.jsonl#0: line 1: broken JSON: lone surrogate outside of a body",
    ),
    (
        "a.jsonl",
        jsonl_line('"status": 200, "body": "\\ud8"'),
        "a.jsonl#0: line 1: broken JSON: invalid character in unicode escape (byte 119)",
    ),
    (
        "a.jsonl",
        jsonl_line(f'"status": 200, "headers": {{"{SECRET}": 1}}'),
        "a.jsonl#0: line 1: headers[...] is an integer, not a string or an array",
    ),
    (
        "a.jsonl",
        jsonl_line('"status": 200, "headers": [["a"]]'),
        "a.jsonl#0: line 1: headers[0]: Expected `array` of length 2",
    ),
    (
        "a.jsonl",
        jsonl_line('"status": 200, "elapsed": -1'),
        "a.jsonl#0: line 1: elapsed: Expected `float` >= 0.0",
    ),
    (
        "a.jsonl",
        jsonl_line('"status": 200, "body": 1, "body_base64": ""'),
        "a.jsonl#0: line 1: body and body_base64 are both present",
    ),
    (
        "a.jsonl",
        jsonl_line(request=', "body_base64": "e30=!"'),
        "a.jsonl#0: line 1: request.body_base64 is not valid base64",
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "message"), UNUSABLE, ids=[message for _, _, message in UNUSABLE]
)
def test_a_recording_that_cannot_be_read_is_rejected_with_place_and_reason(
    recording: Callable[[str, bytes | str], Path], name: str, content: bytes | str, message: str
) -> None:
    with pytest.raises(RecordingError) as caught:
        list(read(recording(name, content)))
    assert str(caught.value) == message


def test_the_place_is_the_same_whatever_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    before = f'{JSON_STARTS}{FIRST}], "é😀": [1, 2.5e1, '.encode()
    content = BOM + before + b'nope, "' + "é😀".encode() * 20
    message = f"broken JSON at byte {len(BOM + before)}: Expecting value"
    for size in range(1, len(content) + 1):
        monkeypatch.setattr(window, "WINDOW", size)
        assert [exchange.error for exchange in har.read("a", io.BytesIO(content))] == ["", message]


def test_a_file_that_cannot_be_opened_is_named_as_by_the_user(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.har", tmp_path / "no" / "such" / "folder.jsonl"):
        with pytest.raises(RecordingError) as caught:
            list(read(path))
        assert caught.value.where == str(path)


@pytest.mark.parametrize("name", ["a.har", "a.jsonl", "a"])
def test_a_failing_disk_is_an_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def readinto(self, _buffer: object) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda _path, *_, **__: Failing())
    with pytest.raises(RecordingError, match=f"^{name}: Input/output error$"):
        list(read(Path(name)))


SMALL_HAR = (
    json.dumps(
        {
            "log": {
                "version": 1.25e-3,
                "entries": [
                    har_entry(response__content__text="é😀\ud800\\", time=12.5),
                    har_entry(time=-1e3, comment="PLAIN"),
                ],
                "pages": [True, None, -0.5e-7, [], {}],
            },
            "last": 123,
        },
        indent=1,
    )
    .replace("PLAIN", "naïve 😀")
    .encode()
    + b"\r\n \n"
)


@pytest.mark.parametrize("size", [1, 7, 64, window.WINDOW])
def test_a_har_cut_off_anywhere_is_never_a_pass(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "WINDOW", size)
    complete = len(SMALL_HAR.rstrip())
    assert len(list(har.read("a.har", io.BytesIO(SMALL_HAR)))) == 2
    for length in range(complete):
        try:
            *before, last = har.read("a.har", io.BytesIO(SMALL_HAR[:length]))
        except RecordingError:
            continue
        assert last.error
        assert [exchange.status for exchange in before] == [200] * len(before) != []
    for length in range(complete, len(SMALL_HAR)):
        assert len(list(har.read("a.har", io.BytesIO(SMALL_HAR[:length])))) == 2


SMALL_JSONL = "\n".join([jsonl_line(), "", jsonl_line('"status": 404, "body": ["\\ud83d"]')])
TRUE = {"a.har": SMALL_HAR, "a.jsonl": SMALL_JSONL.encode(), "a": SMALL_JSONL.encode()}
SHARDS = st.binary(max_size=6) | st.sampled_from(
    [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e9", b"NaN", b"\\ud83d", b"\n"]
)


@settings(deadline=None)
@given(name=st.sampled_from(sorted(TRUE)), content=st.binary(), size=st.integers(1, 40))
@example(name="a", content=b"\xef\xbb", size=1)
def test_any_bytes_are_read_or_rejected(name: str, content: bytes, size: int) -> None:
    read_or_reject(name, content, size)


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(TRUE)),
    wounds=st.lists(
        st.tuples(st.integers(0, len(SMALL_HAR)), st.integers(0, 4), SHARDS), min_size=1, max_size=3
    ),
    size=st.integers(1, 2000),
)
def test_a_damaged_recording_is_read_or_rejected_without_showing_secrets(
    name: str, wounds: list[tuple[int, int, bytes]], size: int
) -> None:
    content = TRUE[name]
    for place, lost, shard in wounds:
        at = place % len(content)
        content = content[:at] + shard + content[at + lost :]
    read_or_reject(name, content, size)


def read_or_reject(name: str, content: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(window, "WINDOW", size)
        try:
            messages = [f"{each.source}: {each.error}" for each in read_bytes(name, content) if each.error]
        except RecordingError as error:
            messages = [str(error)]
        for message in messages:
            assert message.startswith(name)
            assert SECRET[:5] not in message
            assert len(message.splitlines()) == 1


# Which reader


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a", har_file(har_entry())),
        ("a.json", "\n \n" + har_file(har_entry())),
        ("a.HAR", har_file(har_entry())),
        ("a.txt", json.dumps({"log": {"entries": [har_entry()]}}, indent=2)),
        ("a.log", BOM.decode() + har_file(har_entry())),
        ("a", jsonl_line()),
        ("a.json", "\r\n \n" + jsonl_line() + "\n"),
        ("a.JsonL", jsonl_line()),
        ("a.txt", BOM.decode() + "\n" + jsonl_line('"status": 200, "body": "\\ud83d"')),
    ],
)
def test_the_format_is_detected_by_the_content(
    recording: Callable[[str, bytes | str], Path], name: str, content: str
) -> None:
    assert only(read(recording(name, content))).status == 200


def test_the_content_wins_over_the_ending(recording: Callable[[str, bytes | str], Path]) -> None:
    assert only(read(recording("a.HAR", jsonl_line()))).status == 200
    assert only(read(recording("a.jsonl", har_file(har_entry())))).status == 200


# Large files

PAGE = json.dumps({"data": [{"id": str(n), "text": 'Fête "😀"'} for n in range(1000)]})
MANY = 600


def large_har(entries: int) -> Iterator[str]:
    entry = json.dumps(har_entry(response__content__text=PAGE))
    yield JSON_STARTS
    yield from (f"{entry},\n" for _ in range(entries - 1))
    yield f"{entry}]}}}}"


def large_jsonl(entries: int) -> Iterator[str]:
    return (jsonl_line(f'"status": 200, "body": {PAGE}') + "\n" for _ in range(entries))


@pytest.mark.parametrize(
    ("name", "parts"), [("a.har", large_har), ("a.jsonl", large_jsonl), ("a", large_har)]
)
def test_memory_does_not_grow_with_the_recording(
    tmp_path: Path, name: str, parts: Callable[[int], Iterator[str]]
) -> None:
    path = tmp_path / name
    with path.open("w", encoding="utf-8") as file:
        file.writelines(parts(MANY))
    assert path.stat().st_size > 25_000_000
    counts: list[int] = []
    tracemalloc.start()
    try:
        assert sum(1 for _ in read(path, counts.append)) == MANY
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 14_000_000
    assert sum(counts) == path.stat().st_size
    assert len(counts) > 2


@pytest.mark.parametrize(
    "start", [JSON_STARTS + '{"request": {,', JSON_STARTS + DEEP, '{"x": nope', '{"log": [']
)
def test_an_early_error_is_reported_early(recording: Callable[[str, bytes | str], Path], start: str) -> None:
    path = recording("a.har", start + '{"x": ["y"]}, ' * 800_000)
    counts: list[int] = []
    with pytest.raises(RecordingError):
        list(read(path, counts.append))
    assert sum(counts) < 9_000_000


def test_the_first_exchanges_are_yielded_before_the_last_are_read(
    recording: Callable[[str, bytes | str], Path],
) -> None:
    path = recording("a.har", "".join(large_har(MANY))[:-1])
    counts: list[int] = []
    exchanges = read(path, counts.append)
    assert next(exchanges).source == "a.har#0"
    assert sum(counts) < 9_000_000
    assert [exchange.error for exchange in exchanges][-1].startswith("cut off")


def test_a_long_value_is_read_in_steps_that_double(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(io.BytesIO):
        reads = 0

        def read1(self, size: int | None = -1, /) -> bytes:
            self.reads += 1
            return super().read1(size)

    monkeypatch.setattr(window, "WINDOW", 16)
    file = Counting(har_file(har_entry(response__content__text=PAGE * 20)).encode())
    only(har.read("a.har", file))
    assert file.reads < 40


# Real recordings


@pytest.mark.skipif(not SHARED_RECORDINGS.exists(), reason="the shared recordings are not here")
def test_the_shared_recordings_are_equal_in_both_formats() -> None:
    in_har = list(read(SHARED_RECORDINGS / "recorded.har"))
    in_lines = list(read(SHARED_RECORDINGS / "recorded.jsonl"))
    assert len(in_har) == len(in_lines) == 149
    for each, other in zip(in_har, in_lines, strict=True):
        assert (each.method, each.url, each.status) == (other.method, other.url, other.status)
        assert each.response_body == other.response_body


# What recorders write besides the format


def packed(body: bytes, coding: str = "gzip") -> bytes:
    """A body with a content coding."""
    return gzip.compress(body) if coding == "gzip" else zlib.compress(body)


def in_base64(body: bytes) -> str:
    return base64.b64encode(body).decode()


def coded_entry(coding: str, text: Any, **more: Any) -> dict[str, Any]:
    """An entry whose response names a content coding."""
    headers = [{"name": "Content-Encoding", "value": coding}, {"name": "Server", "value": "x"}]
    return har_entry(
        response__headers=headers, response__content={"text": text, "encoding": "base64", **more}
    )


RAW_DEFLATE = zlib.compress(b"{}")[2:-4]
CODED: list[tuple[str, str, Any, dict[str, Any], bytes | None]] = [
    ("gzip", "gzip", in_base64(packed(b"{}")), {}, b"{}"),
    ("another name", "X-GZIP", in_base64(packed(b"{}")), {}, b"{}"),
    ("members one after the other", "gzip", in_base64(packed(b"[1,") + packed(b"2]")), {}, b"[1,2]"),
    ("zlib", "deflate", in_base64(packed(b"{}", "deflate")), {}, b"{}"),
    ("deflate without a header", "deflate", in_base64(RAW_DEFLATE), {}, b"{}"),
    ("two codings", "deflate, gzip", in_base64(packed(packed(b"{}", "deflate"))), {}, b"{}"),
    ("undone, and left in the headers", "gzip", in_base64(b"{}"), {}, b"{}"),
    ("text, undone", "gzip", "{}", {"encoding": None}, b"{}"),
    ("text of br, undone", "br", "{}", {"encoding": None}, b"{}"),
    ("identity", "identity", in_base64(b"{}"), {}, b"{}"),
    ("a charset in its place", "utf-8", in_base64(b"{}"), {}, b"{}"),
    ("cut off", "gzip", in_base64(packed(b"{}" * 99)[:-12]), {}, None),
    ("damaged", "gzip", in_base64(b"\x1f\x8b" + b"x" * 40), {}, None),
    ("br without a library", "br", in_base64(b"\x0b\x04\x80{}\x03"), {}, None),
    ("compress", "compress", in_base64(b"\x1f\x9d\x90\x7b"), {}, None),
    ("larger than any bound", "gzip", in_base64(packed(b" " * (2**23 + 1))), {}, None),
    ("chunks", "gzip", json.dumps([in_base64(packed(b"{}")[:9]), in_base64(packed(b"{}")[9:])]), {}, b"{}"),
    ("chunks, each of three bytes", "gzip", json.dumps([in_base64(packed(b"[0]"))]), {}, b"[0]"),
    ("chunks in hex", "gzip", json.dumps([packed(b"[0]").hex()]), {"encoding": None}, b"[0]"),
    (
        "chunks that are not named as such",
        "gzip",
        json.dumps([in_base64(packed(b"[0]"))]),
        {"encoding": None},
        b"[0]",
    ),
    ("a list of texts", "gzip", '["aGk="]', {"encoding": None}, b'["aGk="]'),
    ("broken chunks", "gzip", '["!"]', {}, None),
]


@pytest.mark.parametrize("case", CODED, ids=[case[0] for case in CODED])
def test_a_content_coding_is_undone_or_the_body_is_not_known(
    recording: Callable[[str, bytes | str], Path],
    case: tuple[str, str, Any, dict[str, Any], bytes | None],
) -> None:
    _, coding, text, more, body = case
    exchange = only(read(recording("a.har", har_file(coded_entry(coding, text, **more)))))
    assert exchange.response_body == body


class _Brotli:
    """Stands for the library, which is not a dependency."""

    class Decompressor:
        def process(self, body: bytes, output_buffer_limit: int) -> bytes:
            return (body * 10**6)[:output_buffer_limit] if body == b"\x00\xff" else b"{}"

        def is_finished(self) -> bool:
            return True


class _Zstandard:
    """Stands for the library, which is not a dependency."""

    class ZstdDecompressor:
        def stream_reader(self, body: bytes) -> io.BytesIO:
            return io.BytesIO(b"{}")


def test_codings_of_other_libraries_are_undone_where_they_are_installed(
    recording: Callable[[str, bytes | str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    zstd = b"\x28\xb5\x2f\xfd\x00"
    path = recording(
        "a.har",
        har_file(
            coded_entry("br", in_base64(b"\x00")),
            coded_entry("zstd", in_base64(zstd)),
            coded_entry("br", in_base64(b"\x00\xff")),
        ),
    )
    for name in ("brotli", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)
    assert [exchange.response_body for exchange in read(path)] == [None, None, None]
    monkeypatch.setitem(sys.modules, "brotli", _Brotli)
    monkeypatch.setitem(sys.modules, "zstandard", _Zstandard)
    monkeypatch.setattr(coding, "FREE", 100)
    assert [exchange.response_body for exchange in read(path)] == [b"{}", b"{}", None]


def test_the_coding_of_json_lines_and_of_requests_is_undone(
    recording: Callable[[str, bytes | str], Path],
) -> None:
    text, headers = in_base64(packed(b"{}")), ', "headers": {"Content-Encoding": "gzip"}'
    line = jsonl_line(
        f'"status": 200{headers}, "body_base64": "{text}"', f'{headers}, "body_base64": "{text}"'
    )
    entry = har_entry(
        request__headers=[{"name": "content-encoding", "value": "gzip"}],
        request__postData={"text": text, "encoding": "base64"},
        response__headers=[{"name": "content-encoding", "value": "gzip"}],
        response__content={"text": text, "encoding": "base64"},
    )
    for path in (recording("a.jsonl", line), recording("a.har", har_file(entry))):
        exchange = only(read(path))
        assert (exchange.request_body, exchange.response_body) == (b"{}", b"{}")


LOOSE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"response__status": "200"}, {"status": 200}),
    ({"request__headers": [{"name": "Age", "value": 5}]}, {"request_headers": (("age", "5"),)}),
    (
        {"request__headers": {"Age": [5, None], "B": True}},
        {"request_headers": (("age", "5"), ("age", ""), ("b", "true"))},
    ),
    (
        {"response__headers": [{"name": "Age", "value": 1.5}, 7, {"value": "x"}]},
        {"response_headers": (("age", "1.5"),)},
    ),
    ({"response__headers": "none"}, {"response_headers": ()}),
    ({"response__content__text": {SECRET: SECRET}}, {"response_body": None}),
    ({"response__content": {"text": "e30=!", "encoding": "base64"}}, {"response_body": None}),
    ({"response__content": {"text": "é", "encoding": "base64"}}, {"response_body": None}),
    ({"response__content": {"text": '{"n": 1}', "encoding": "base64", "size": 8}}, {"response_body": None}),
    ({"response__content": {"text": "true", "encoding": "base64", "size": 4}}, {"response_body": None}),
    ({"response__content": {"text": "e30", "encoding": "base64", "size": 2}}, {"response_body": b"{}"}),
    ({"response__content": {"text": "e30=", "encoding": "BASE64"}}, {"response_body": b"{}"}),
    ({"response__content": {"text": "e3\r\n0=", "encoding": "base64"}}, {"response_body": b"{}"}),
    ({"response__content": {"text": "_-8=", "encoding": "base64"}}, {"response_body": b"\xff\xef"}),
    ({"request__postData": {"text": "e30=", "encoding": "base64"}}, {"request_body": b"{}"}),
    ({"request__postData": {"text": "{}!", "encoding": "base64"}}, {"request_body": None}),
    ({"request__postData": {"text": {"a": 1}}}, {"request_body": None}),
    (
        {
            "request__headers": [{"name": "A", "value": "b"}],
            "request__cookies": [{"name": "s", "value": "1"}, {"name": "t", "value": "2"}],
        },
        {"request_headers": (("a", "b"), ("cookie", "s=1; t=2"))},
    ),
    (
        {
            "request__headers": [{"name": "cookie", "value": "s=1"}],
            "request__cookies": [{"name": "s", "value": "2"}],
        },
        {"request_headers": (("cookie", "s=1"),)},
    ),
    ({"request__cookies": [{"name": "s", "value": "1"}]}, {"request_headers": ()}),
    (
        {
            "response__headers": [{"name": "A", "value": "b"}],
            "response__cookies": [{"name": "s", "value": "1"}, {"name": "t", "value": "2"}],
        },
        {"response_headers": (("a", "b"), ("set-cookie", "s=1"), ("set-cookie", "t=2"))},
    ),
    (
        {
            "response__headers": [{"name": "Set-Cookie", "value": "s=1"}],
            "response__cookies": [{"name": "s", "value": "2"}],
        },
        {"response_headers": (("set-cookie", "s=1"),)},
    ),
    (
        {"request__url": "/a", "request__queryString": [{"name": "q", "value": "é&"}]},
        {"url": "/a?q=%C3%A9%26"},
    ),
    (
        {"request__url": "/a", "request__queryString": [{"name": "q", "value": "%C3%A9"}]},
        {"url": "/a?q=%C3%A9"},
    ),
    ({"request__url": "/a#b", "request__queryString": [{"name": "q", "value": 1}]}, {"url": "/a?q=1#b"}),
    ({"request__url": "/a?p=1", "request__queryString": [{"name": "q", "value": "2"}]}, {"url": "/a?p=1"}),
    ({"request__url": "/a", "request__queryString": []}, {"url": "/a"}),
    (
        {"response__content__size": 0, "response__headers": [{"name": "Content-Length", "value": "27"}]},
        {"response_body": None},
    ),
    (
        {"response__content__size": 0, "response__headers": [{"name": "Content-Length", "value": "0"}]},
        {"response_body": b""},
    ),
    ({"_fromCache": "disk", "response__content__size": 0, "response__bodySize": 0}, {"response_body": None}),
    ({"_fromCache": "memory", "response__content__text": "{}"}, {"response_body": b"{}"}),
    (
        {"_fromCache": "disk", "request__headers": [{"name": "Accept", "value": "*/*"}]},
        {"request_headers": ()},
    ),
    (
        {
            "request__headers": [{"name": "X-A", "value": "b"}],
            "response__headers": [{"name": "Content-Type", "value": "a/b"}, {"name": "X-A", "value": "b"}],
            "response___fetchedViaServiceWorker": True,
        },
        {"request_headers": (), "response_headers": (("content-type", "a/b"),)},
    ),
    ({"_resourceType": "Script"}, {"resource": "script"}),
    ({"_resourceType": "fetch", "response___serviceWorkerResponseSource": "network"}, {"resource": "fetch"}),
    (
        {"_resourceType": "fetch", "response___serviceWorkerResponseSource": "fallback-code"},
        {"resource": "synthetic"},
    ),
]


@pytest.mark.parametrize(("changes", "expected"), LOOSE)
def test_what_recorders_write_is_read_as_it_is_meant(
    recording: Callable[[str, bytes | str], Path], changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    entry = har_entry()
    for path, value in changes.items():
        head, _, tail = path.partition("__")
        target = entry
        if head in ("request", "response") and tail:
            *holders, name = [tail] if tail.startswith("_") else tail.split("__")
            target = entry[head]
            for holder in holders:
                target = target.setdefault(holder, {})
        else:
            name = path
        target[name] = value
    exchange = only(read(recording("a.har", har_file(entry))))
    assert {name: getattr(exchange, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (har_entry(response__status=200.5), "response.status is a decimal number, not an integer"),
        (har_entry(response__status=True), "response.status is a boolean, not an integer"),
        (har_entry(response__status="9" * 5000), "response.status is a string, not an integer"),
        ({"request": {}}, "request.method is missing"),
        (har_entry(response__content=[]), "response.content is an array, not an object"),
        (7, "the entry is an integer, not an object"),
    ],
)
def test_a_bad_entry_costs_only_itself(
    recording: Callable[[str, bytes | str], Path], entry: object, error: str
) -> None:
    bad, good = read(recording("a.har", har_file(entry, har_entry())))
    assert (bad.source, bad.error, good.source, good.error) == ("a.har#0", error, "a.har#1", "")
    with pytest.raises(RecordingError, match=f"^a.har#0: {re.escape(error)}$"):
        list(read(recording("a.har", har_file(entry, entry))))
