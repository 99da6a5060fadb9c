"""Strategies for exchanges that are damaged, and for noise."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from support.judging import DEEP, HOST
from wirecheck.model import Exchange

ODD_TEXTS = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "%",
        "%ff",
        "%00",
        "\x1b[31m",
        "\u202e",
        "{",
        "..",
        "//",
        "?",
        "#",
        "&",
        "=",
        "9" * 400,
        "NaN",
    ]
)
HEADERS_OF_ANY_KIND = st.lists(
    st.tuples(
        st.sampled_from(["content-type", "authorization", "cookie", "x-ratelimit-limit", "location"])
        | ODD_TEXTS.map(str.lower),
        ODD_TEXTS
        | st.sampled_from(
            ["multipart/form-data", "multipart/form-data; boundary=\udc80", "application/json", ";"]
        ),
    ),
    max_size=3,
).map(tuple)
BODIES_OF_ANY_KIND = (
    st.none() | st.binary(max_size=40) | st.sampled_from([b"", b"null", b"[]", DEEP, b"{}" * 3, b"1e999"])
)
NOISE = st.builds(
    Exchange,
    source=st.just("noise.har#3"),
    entry=st.just(3),
    method=ODD_TEXTS,
    url=ODD_TEXTS | ODD_TEXTS.map(f"{HOST}/v1/topics/".__add__),
    status=st.integers(-(2**70), 2**70),
    request_headers=HEADERS_OF_ANY_KIND,
    request_body=BODIES_OF_ANY_KIND,
    response_headers=HEADERS_OF_ANY_KIND,
    response_body=BODIES_OF_ANY_KIND,
)


@st.composite
def damaged_exchanges(draw: st.DrawFn, faithful: Sequence[Exchange]) -> Exchange:
    """One of the exchanges with one to three changes."""
    exchange = draw(st.sampled_from(faithful))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(
            st.sampled_from(
                ["method", "url", "status", "request_headers", "response_headers", "body", "body"]
            )
        )
        match name:
            case "method":
                change: dict[str, Any] = {
                    name: draw(st.sampled_from(["GET", "POST", "HEAD", "DELETE"]) | ODD_TEXTS)
                }
            case "url":
                change = {name: draw(spliced(exchange.url))}
            case "status":
                change = {name: draw(st.integers(0, 600) | st.sampled_from([200, 400, 403, 429]))}
            case "body":
                which = draw(st.sampled_from(["request_body", "response_body"]))
                change = {which: draw(st.none() | damaged(getattr(exchange, which) or b""))}
            case _:
                change = {
                    name: getattr(exchange, name)[draw(st.integers(0, 2)) :] + draw(HEADERS_OF_ANY_KIND)
                }
        exchange = structs.replace(exchange, **change)
    return exchange


def spliced(text: str) -> st.SearchStrategy[str]:
    """The text with a part replaced."""
    return st.builds(
        lambda at, length, more: text[:at] + more + text[at + length :],
        st.integers(0, len(text)),
        st.integers(0, 8),
        ODD_TEXTS,
    )


def damaged(body: bytes) -> st.SearchStrategy[bytes]:
    """The body with some bytes replaced or, if it is JSON, with a part of its value replaced."""
    bytewise = st.builds(
        lambda at, length, more: body[:at] + more + body[at + length :],
        st.integers(0, len(body)),
        st.integers(0, 8),
        st.binary(max_size=6)
        | st.sampled_from([b"\\ud800", b"null", b"NaN", b"\xef\xbb\xbf", b'"', b"1e999"]),
    )
    try:
        value = json.loads(body)
    except ValueError:
        return bytewise
    return bytewise | replaced(value).map(lambda other: json.dumps(other).encode())


def replaced(value: Any) -> st.SearchStrategy[Any]:
    """The JSON value with a part replaced."""
    scalars = (
        st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | ODD_TEXTS
    )
    other: st.SearchStrategy[Any] = (
        scalars | st.just([]) | st.just({}) | st.just([[]]) | st.dictionaries(ODD_TEXTS, scalars, max_size=2)
    )
    if isinstance(value, dict) and value:
        return other | st.sampled_from(sorted(value)).flatmap(
            lambda key: (
                st.just({name: value[name] for name in value if name != key})
                | replaced(value[key]).map(lambda inner: {**value, key: inner})
            )
        )
    if isinstance(value, list) and value:
        return other | replaced(value[0]).map(lambda inner: [inner, *value])
    return other
