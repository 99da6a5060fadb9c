"""What the encoder writes the judge reads as it was, by a document that says the same of it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from support.decoding import document, media_type, parameter, reader
from wirecheck import decode
from wirecheck.encode.bodies import Body
from wirecheck.encode.files import Content
from wirecheck.encode.forms import Part, joined
from wirecheck.encode.messages import Message, message
from wirecheck.encode.parameters import Parameter
from wirecheck.model import Exchange
from wirecheck.spec import MediaType, Operation

FEW = settings(max_examples=60)
TEXTS = st.text("ab1%+,;=|&.[]{}#?/ \"'\\éß😀", max_size=5)
SCALARS: dict[str, Any] = {
    "string": TEXTS,
    "integer": st.integers(-(2**70), 2**70),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
}
INNER = {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "string"}}}
INNERS = st.fixed_dictionaries({}, optional={"x": SCALARS["integer"], "y": TEXTS})
OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{f"a {kind}": {"type": kind} for kind in SCALARS},
        "maybe": {"type": ["integer", "null"]},
        "inner": INNER,
        "list": {"type": "array", "items": {"type": ["integer", "null"]}},
        "inners": {"type": "array", "items": INNER},
    },
}
FLAT = {f"a {kind}": values for kind, values in SCALARS.items()} | {"maybe": st.none() | st.integers()}
DEEP = {
    "inner": INNERS.filter(bool),
    "list": st.lists(st.none() | st.integers(), min_size=1, max_size=3),
    "inners": st.lists(INNERS.filter(bool), min_size=1, max_size=3),
}
SCHEMAS: dict[str, Any] = {
    **{kind: {"type": kind} for kind in SCALARS},
    **{f"list of {kind}": {"type": "array", "items": {"type": kind}} for kind in SCALARS},
    "list of null": {"type": "array", "items": {"type": ["integer", "null"]}},
    "list of object": {"type": "array", "items": INNER},
    "object": OBJECT,
}
VALUES: dict[str, Any] = {
    **SCALARS,
    **{f"list of {kind}": st.lists(values, max_size=4) for kind, values in SCALARS.items()},
    "list of null": st.lists(st.none() | st.integers(), max_size=4),
    "list of object": st.lists(INNERS, max_size=3),
    "object": st.fixed_dictionaries({}, optional=FLAT | DEEP),
}
SOURCES = {kind: reader(document(schema)) for kind, schema in SCHEMAS.items()}
STYLES: dict[str, tuple[str, ...]] = {
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "path": ("simple", "label", "matrix"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}


def body_of(request: Message) -> bytes:
    return b"".join(request.content) if isinstance(request.content, Content) else request.content or b""


def values_of(kind: str, each: Parameter, request: Message) -> tuple[Any, ...]:
    """What the judge has of the only parameter of a request, at the template /x{p}."""
    query = joined(list(request.query))
    exchange = Exchange(
        source="",
        entry=0,
        method="GET",
        url=f"https://h{request.path}{'?' if query else ''}{query}",
        status=200,
        request_headers=(("host", "h"), *((name.lower(), text) for name, text in request.headers)),
    )
    described = parameter(
        location=each.place, style=each.style, explode=each.explode, media_type=each.media_type
    )
    operation = Operation("", "GET", "/", "", (described,), None, (), (), "")
    in_path = {"p": request.path.removeprefix("/x")} if each.place == "path" else {}
    return decode.RequestReader(SOURCES[kind]).read(operation, exchange, in_path).parameters[0].values


def is_expressible(each: Parameter, value: Any) -> bool:
    """Whether a style can say a value, and says nothing else by the same text.

    A list of one empty text is written like an empty list. What is not escaped has no delimiter within.
    """
    is_structured = isinstance(value, list | dict)
    texts = list(texts_of(value))
    if texts == [""] and isinstance(value, list) and not (each.explode and each.place in ("query", "cookie")):
        return False
    delimiters = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(each.style, "")
    if each.reserved and re.search("%[0-9a-fA-F]{2}", "".join(texts)):
        return False  # it counts as escaped
    if each.place == "header" or each.style == "cookie":
        delimiters = "," if is_structured else ""
        whole = "".join(texts)
        if not whole.isascii() or any(text != text.strip() for text in texts) or re.search("[%;]", whole):
            return False
    return not is_structured or not set("".join(texts)) & set(delimiters)


def texts_of(value: Any) -> Any:
    """The texts in a value; an object in a list is JSON."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from ([name, *texts_of(member)] if member is not None else [])
    elif isinstance(value, list):
        for item in value:
            yield from [json.dumps(item, separators=(",", ":"))] if isinstance(item, dict) else texts_of(item)
    else:
        yield "" if value is None else value if isinstance(value, str) else ""


def without_null(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: member for name, member in value.items() if member is not None}


@st.composite
def parameters(draw: st.DrawFn) -> tuple[str, Parameter, Any]:
    """A kind of value, a parameter for it, and a value."""
    place = draw(st.sampled_from(list(STYLES)))
    style = draw(st.sampled_from(STYLES[place]))
    kind = "object" if style == "deepObject" else draw(st.sampled_from(list(VALUES)))
    reserved = place in ("query", "path") and draw(st.booleans())
    each = Parameter("it", "p", place, style, style == "deepObject" or draw(st.booleans()), reserved)
    values = VALUES[kind]
    if kind == "object" and style != "deepObject":
        values = st.fixed_dictionaries({}, optional=FLAT)
    return kind, each, draw(values.filter(lambda value: is_expressible(each, value)))


@given(drawn=parameters())
def test_a_parameter_is_read_as_it_was(drawn: tuple[str, Parameter, Any]) -> None:
    kind, each, value = drawn
    request = message("GET", "/x{p}" if each.place == "path" else "/", [each], [], {"it": value})
    expected = without_null(value)
    if not expected and isinstance(expected, list | dict) and not (request.query or request.headers):
        return  # there is nothing to send
    assert values_of(kind, each, request) == (expected,)


@FEW
@given(data=st.data(), place=st.sampled_from(["query", "path", "header", "querystring"]))
def test_content_is_read_as_it_was(data: st.DataObject, place: str) -> None:
    kind = data.draw(st.sampled_from(list(VALUES)))
    each = Parameter("it", "p", place, "", False, media_type="application/json")
    value = data.draw(VALUES[kind])
    if place == "header" and "%" in str(value):
        return  # it may be escaped, or not
    request = message("GET", "/x{p}" if place == "path" else "/", [each], [], {"it": value})
    assert values_of(kind, each, request) == (value,)


FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        **SCHEMAS,
        "comma": SCHEMAS["list of integer"],
        "pipe": SCHEMAS["list of integer"],
        "deep": OBJECT,
        "json": SCHEMAS["list of string"],
    },
}
ENCODING: dict[str, Any] = {
    "comma": {"explode": False},
    "pipe": {"style": "pipeDelimited", "explode": False},
    "deep": {"style": "deepObject", "explode": True},
    "json": {"contentType": "application/json"},
}
PARTS: Mapping[str, Part] = {
    "comma": Part(style="form", explode=False),
    "pipe": Part(style="pipeDelimited", explode=False),
    "deep": Part(style="deepObject"),
    "json": Part(media_type="application/json"),
}
MEMBERS: dict[str, Any] = {
    **{kind: values.filter(lambda value: value != []) for kind, values in VALUES.items()},
    "comma": st.lists(SCALARS["integer"], min_size=1, max_size=4),
    "pipe": st.lists(SCALARS["integer"], min_size=1, max_size=4),
    "deep": st.fixed_dictionaries({}, optional=FLAT | DEEP),
    "json": st.lists(SCALARS["string"], min_size=1, max_size=4),
}
FORM_SOURCE = reader(document(FORM_SCHEMA, form={"encoding": ENCODING}))


@FEW
@given(
    value=st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in MEMBERS.items()}),
    name=st.sampled_from([decode.FORM, decode.MULTIPART]),
)
def test_a_form_is_read_as_it_was(value: dict[str, Any], name: str) -> None:
    request = message("POST", "/", [], [Body(name, PARTS)], {"body": value})
    expected = without_null(value)
    if "deep" in expected:
        expected["deep"] = without_null(expected["deep"])
        if not expected["deep"]:
            del expected["deep"]
    content_type = dict(request.headers)["Content-Type"]
    result = decode.decoded_body(FORM_SOURCE, MediaType(name, "/form", "/s"), content_type, body_of(request))
    assert result.value == expected
    assert (result.error, result.unknown) == ("", frozenset())


@FEW
@given(
    data=st.data(), name=st.sampled_from(["application/json", "application/x-ndjson", "application/json-seq"])
)
def test_json_is_read_as_it_was(data: st.DataObject, name: str) -> None:
    kind = data.draw(st.sampled_from([kind for kind in VALUES if kind.startswith("list")]))
    value = data.draw(VALUES[kind])
    request = message("POST", "/", [], [Body(name)], {"body": value})
    assert decode.decoded_body(SOURCES[kind], media_type(name), name, body_of(request)).value == value
