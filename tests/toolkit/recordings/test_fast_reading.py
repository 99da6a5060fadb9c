"""What is read fast is what is read slowly, and what is read in parts is what is read in one."""

import io
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import Reader, har, jsonl, parts, window

URL = "https://api.example/v1"
WINDOWS = st.sampled_from([1, 64, 700, 2000, window.WINDOW])
ODD_VALUES = st.sampled_from(
    [
        None,
        True,
        "200",
        200.0,
        -999,
        10**30,
        1e300,
        "",
        [],
        {},
        "\ud800",
        "größe 😀",
        [["a"]],
        {"a": [1, None]},
    ]
)
ODD_BYTES = st.sampled_from(
    [
        b"",
        b'"',
        b"\\",
        b"{",
        b"}",
        b"},{",
        b"]",
        b",",
        b" \n\t ",
        b"\x01",
        b"\xff",
        b"\xc3",
        "ß".encode(),
        b"\xef\xbb\xbf",
        b"01",
        b"1." + b"0" * 700,
        b"1" * 5000,
        b"1e400",
        b"NaN",
        b"\f",
        b"\\ud800",
        b"\\ud83d\\ude00",
        b'"status": "200", ',
        b'"x": NaN, ',
        b'"\\udc00": 1, ',
        b'"headers": {"A": ["b", 1]}, ',
        b'"request": null, ',
        b'"entries": [], ',
        b"[" * 2000,
    ]
)


def named(**members: Any) -> list[dict[str, Any]]:
    return [
        {"name": name.replace("_", "-"), "value": value, "comment": ""} for name, value in members.items()
    ]


PLAIN = st.sampled_from(
    [[], named(Content_Type="text/html"), named(Cookie="a=b", X_A="ü", content_length="3")]
)
LISTS = PLAIN | st.sampled_from(
    [
        {"X-A": ["b", 5]},
        None,
        [*named(X_A=5), {"name": "X-B"}, {"value": ""}, 7],
        [{"name": ":path", "value": "/"}, *named(X_A="a\nb", Content_Encoding="gzip")],
    ]
)
TEXTS = st.sampled_from(["", "abc", '{"a": "\\u00fc"}', "größe 😀", '["1f8b"]', "YWJj"])


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """An entry as programs write it; one in two has something odd."""
    is_odd = draw(st.booleans())
    lists = LISTS if is_odd else PLAIN
    content = {"size": 3, "mimeType": "text/plain", "text": draw(TEXTS)}
    request = {"method": "GET", "url": URL, "headers": draw(lists), "queryString": draw(lists)}
    response = {"status": 200, "headers": draw(lists), "cookies": [], "content": content}
    entry = {
        "startedDateTime": "2015",
        "time": 5,
        "request": request,
        "response": response,
        "cache": {"a": 1.5},
    }
    if is_odd:
        owner = draw(st.sampled_from([entry, request, response, content]))
        owner[draw(st.sampled_from([*owner, "postData", "encoding", "_x"]))] = draw(ODD_VALUES)
        return draw(st.sampled_from([entry, dict(reversed(entry.items()))]))
    return entry


LAYOUTS: list[Callable[[Any], Any]] = [
    lambda entries: {"log": {"version": "1.2", "entries": entries}},
    lambda entries: {"a": [{}, "b"], "log": {"entries": entries, "pages": [1.5], "comment": "ü"}, "z": None},
    lambda entries: entries,
    lambda entries: {"entries": entries},
]


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """The content as it is, cut off, or with a few odd bytes in it."""
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(ODD_BYTES) + content[at + draw(st.sampled_from([0, 0, 1, 5])) :]
    return content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 5)) == 0 else content


@st.composite
def har_files(draw: st.DrawFn) -> bytes:
    value = draw(st.sampled_from(LAYOUTS))(draw(st.lists(entries(), min_size=1, max_size=8)))
    indent = draw(st.sampled_from([None, None, 0, 2, 60]))
    content = json.dumps(value, indent=indent, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")
    return draw(broken(draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content))


@st.composite
def jsonl_files(draw: st.DrawFn) -> bytes:
    lines = list[bytes]()
    for entry in draw(st.lists(entries(), min_size=1, max_size=8)):
        body = {draw(st.sampled_from(["body", "body_base64"])): draw(TEXTS | ODD_VALUES)}
        request = {"method": "GET", "url": URL, "headers": {"A": "b"}}
        line = {"request": request, "status": 200, "headers": {"X-B": ["c", "d"]}, **body}
        if draw(st.integers(0, 3)) == 0:
            line[draw(st.sampled_from([*line, "elapsed", "resource"]))] = entry["time"]
        lines.append(json.dumps(line).encode())
    return draw(broken(b"\n".join(lines)))


def outcomes(read: Reader, content: bytes) -> list[tuple[int, Exchange | str]]:
    """What is read, or why it is not, each with the number of bytes that were read up to there."""
    file = io.BytesIO(content)
    outcomes = list[tuple[int, Exchange | str]]()
    try:
        outcomes.extend((file.tell(), exchange) for exchange in read("a", file))
    except RecordingError as error:
        outcomes.append((file.tell(), str(error)))
    return outcomes


@settings(max_examples=120)
@given(content=har_files(), size=WINDOWS)
def test_a_har_is_read_as_python_reads_json(content: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "WINDOW", size)
        fast = outcomes(har.read, content)
        patch.setattr(window.Window, "item", lambda *_: None)
        assert fast == outcomes(har.read, content)


def in_parts(format_: ModuleType, content: bytes, count: int) -> list[Exchange]:
    offsets = format_.boundaries(io.BytesIO(content), len(content), count)
    exchanges = list[Exchange]()
    for start, stop in zip([0, *offsets], [*offsets, -1], strict=True):
        file = io.BytesIO(content)
        file.seek(start)
        exchanges.extend(format_.read_part("a", file, stop, len(exchanges)))
    return exchanges


@settings(max_examples=120)
@given(data=st.data(), format_=st.sampled_from([har, jsonl]), size=st.sampled_from([200, 500, 1000]))
def test_parts_are_the_whole_or_say_that_they_are_not(
    data: st.DataObject, format_: ModuleType, size: int
) -> None:
    content = data.draw(har_files() if format_ is har else jsonl_files())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "WINDOW", size)
        patch.setattr(parts, "WINDOW", size)
        try:
            exchanges = in_parts(format_, content, 4)
        except parts.MisplacedError:
            return
        if any(not exchange.error for exchange in exchanges):
            assert exchanges == list(format_.read("a", io.BytesIO(content)))
