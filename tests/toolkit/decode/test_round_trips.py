"""What the codec writes it reads: every style in every place, for values of every type.

The examples follow the settings of hypothesis: `pytest --hypothesis-profile=thorough` tries 100,000 of them.
"""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from support.decoding import document, media_type, parameter, reader
from wirecheck import decode
from wirecheck.decode.encoding import written_body, written_parameter
from wirecheck.encode.forms import joined
from wirecheck.encode.styles import written
from wirecheck.model import Exchange
from wirecheck.spec import MediaType, Operation, Parameter

PLACES: dict[str, tuple[str, ...]] = {
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "path": ("simple", "label", "matrix"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}
"""By the location of a parameter the styles that it may have."""

SCALARS: dict[str, Any] = {
    "string": st.text(max_size=8) | st.text("a1%+,;=|&.[]{}#?/ \"'\\éß😀", max_size=8),
    "integer": st.integers(-(2**70), 2**70),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60),
    "boolean": st.booleans(),
    "null": st.none(),
}
NAMES = ("a", "b b", "c,d", "é", "x.y", "n-1")
OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": kind} for name, kind in zip(NAMES, (*SCALARS, "string"), strict=True)},
    "patternProperties": {"^is_": {"type": "boolean"}},
    "additionalProperties": {"type": "integer"},
}
MEMBERS: dict[str, Any] = {
    **{name: SCALARS[kind] for name, kind in zip(NAMES, (*SCALARS, "string"), strict=True)},
    "is_new": SCALARS["boolean"],
    "other": SCALARS["integer"],
}
SCHEMAS: dict[str, Any] = {
    **{kind: {"type": kind} for kind in SCALARS},
    **{f"array of {kind}": {"type": "array", "items": {"type": kind}} for kind in SCALARS},
    "array of object": {"type": "array", "items": OBJECT},
    "object": OBJECT,
}
OBJECTS = st.fixed_dictionaries({}, optional=MEMBERS)
VALUES: dict[str, Any] = {
    **SCALARS,
    **{f"array of {kind}": st.lists(values, max_size=4) for kind, values in SCALARS.items()},
    "array of object": st.lists(OBJECTS, max_size=3),
    "object": OBJECTS,
}
SOURCES = {kind: reader(document(schema)) for kind, schema in SCHEMAS.items()}


def sent(source: decode.ValueReader, each: Parameter, pairs: decode.Pairs) -> decode.SentParameter:
    """What a request has of its only parameter, written on the wire as names and values."""
    written = joined(pairs)
    headers = {
        "header": [("p", text) for _, text in pairs],
        "cookie": [("cookie", "; ".join(f"{name}={text}" for name, text in pairs))],
    }
    exchange = Exchange(
        source="",
        entry=0,
        method="GET",
        url=f"https://h/{'?' if each.location in ('query', 'querystring') else ''}{written}",
        status=200,
        request_headers=(("host", "h"), *headers.get(each.location, [])),
    )
    operation = Operation("", "GET", "/", "", (each,), None, (), (), "")
    in_path = {"p": pairs[0][1]} if each.location == "path" else {}
    return decode.RequestReader(source).read(operation, exchange, in_path).parameters[0]


def texts_of(value: Any) -> list[str]:
    """The texts that a value has on the wire, without the delimiters of its style."""
    if isinstance(value, dict):
        return [text for name, member in value.items() for text in (name, *texts_of(member))]
    items = value if isinstance(value, list) else [value]
    return ["" if item is None else item if isinstance(item, str) else json.dumps(item) for item in items]


def is_expressible(each: Parameter, value: Any) -> bool:
    """Whether a style can say a value at all, and says nothing else by the same text.

    A list of one empty text is written like an empty list. Headers and unescaped cookies have no escapes,
    and a list of texts that are delimited by spaces or pipes has no text with one.
    """
    texts, is_list = texts_of(value), isinstance(value, list)
    repeated = each.explode and each.location in ("query", "cookie")
    if is_list and texts == [""] and not repeated:
        return False
    forbidden = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(each.style, "")
    if each.location == "cookie" and each.explode and isinstance(value, dict) and "other" in value:
        return False  # cookies have any other names
    if each.location == "header":
        forbidden = "," if isinstance(value, list | dict) else ""
    if each.style == "cookie":
        forbidden = ";," if isinstance(value, list | dict) else ";"
    if each.location == "header" or each.style == "cookie":
        return all(
            text.isprintable() and text == text.strip() and not set(text) & set(forbidden) for text in texts
        )
    return not any(set(text) & set(forbidden) for text in texts) or not isinstance(value, list | dict)


@st.composite
def parameters(draw: st.DrawFn) -> tuple[str, Parameter, Any]:
    """A kind of value, a parameter for it, and a value."""
    location = draw(st.sampled_from(list(PLACES)))
    style = draw(st.sampled_from(PLACES[location]))
    kind = "object" if style == "deepObject" else draw(st.sampled_from(list(VALUES)))
    explode = style == "deepObject" or draw(st.booleans())
    each = parameter(location=location, style=style, explode=explode)
    return kind, each, draw(VALUES[kind].filter(lambda value: is_expressible(each, value)))


@given(drawn=parameters(), reserved=st.booleans())
def test_a_written_parameter_is_read_as_it_was(drawn: tuple[str, Parameter, Any], reserved: bool) -> None:
    kind, each, value = drawn
    source = SOURCES[kind]
    style = decode.style_of(each)._replace(reserved=reserved)
    pairs = written(style, value)
    if not pairs:
        assert value in ([], {})
        return
    result = sent(source, each, pairs)
    assert result.values == (value,)
    assert [type(part) for part in result.values] == [type(value)]


FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        **SCHEMAS,
        "comma": SCHEMAS["array of integer"],
        "pipe": SCHEMAS["array of integer"],
        "deep": OBJECT,
        "json": SCHEMAS["array of string"],
    },
    "additionalProperties": {"type": ["integer", "boolean"]},
}
ENCODING: dict[str, Any] = {
    "comma": {"explode": False},
    "pipe": {"style": "pipeDelimited", "explode": False},
    "deep": {"style": "deepObject", "explode": True},
    "json": {"contentType": "application/json"},
}
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        **{name: values.filter(lambda value: value != []) for name, values in VALUES.items()},
        "comma": st.lists(SCALARS["integer"], min_size=1, max_size=4),
        "pipe": st.lists(SCALARS["integer"], min_size=1, max_size=4),
        "deep": OBJECTS.filter(bool),
        "json": st.lists(SCALARS["string"], min_size=1, max_size=4),
        "more": SCALARS["integer"] | SCALARS["boolean"],
    },
)
FORM_SOURCE = reader(document(FORM, form={"encoding": ENCODING}))


@given(value=FIELDS, name=st.sampled_from([decode.FORM, decode.MULTIPART]))
def test_a_written_form_is_read_as_it_was(value: dict[str, Any], name: str) -> None:
    described = MediaType(name, "/form", "/s")
    body, content_type = written_body(FORM_SOURCE.document, described, value)
    if not body:
        assert not value
        return
    result = decode.decoded_body(FORM_SOURCE, described, content_type, body)
    assert result.value == value
    assert (result.error, result.unknown) == ("", frozenset())


@given(data=st.data(), kind=st.sampled_from(list(SCALARS)))
def test_a_written_text_is_read_as_it_was(data: st.DataObject, kind: str) -> None:
    value = data.draw(SCALARS[kind])
    body, content_type = written_body(SOURCES[kind].document, media_type("text/plain"), value)
    result = decode.decoded_body(SOURCES[kind], media_type("text/plain"), content_type, body)
    assert result.value == value


@given(data=st.data(), kind=st.sampled_from(list(VALUES)))
def test_a_written_json_text_is_read_as_it_was(data: st.DataObject, kind: str) -> None:
    value = data.draw(VALUES[kind])
    described = media_type("application/vnd.things+json")
    body, content_type = written_body(SOURCES[kind].document, described, value)
    assert decode.decoded_body(SOURCES[kind], described, content_type, body).value == value


CONTENTS = ("application/json", "text/plain")
LOCATIONS = ("query", "path", "header", "querystring")


@given(data=st.data(), name=st.sampled_from(CONTENTS), location=st.sampled_from(LOCATIONS))
def test_a_written_content_is_read_as_it_was(data: st.DataObject, name: str, location: str) -> None:
    kind = data.draw(st.sampled_from(list(VALUES if name == "application/json" else SCALARS)))
    each = parameter(location=location, media_type=name)
    value = data.draw(
        VALUES[kind].filter(lambda value: location != "header" or is_expressible(each, [value]))
    )
    pairs = written_parameter(SOURCES[kind].document, each, value)
    if location == "querystring" and not pairs[0][1]:
        return  # an empty query is no query
    assert sent(SOURCES[kind], each, pairs).values == (value,)


PET = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string", "xml": {"name": "called", "prefix": "p", "namespace": "urn:pets"}},
        "tags": {**SCHEMAS["array of string"], "xml": {"wrapped": True, "name": "tagging"}},
        "weights": {"type": "array", "items": {"type": "number", "xml": {"name": "weight"}}},
        "owner": {"type": "object", "properties": {"age": {"type": "integer"}, "old": {"type": "boolean"}}},
        "note": {"type": "object", "properties": {"text": {"type": "string", "xml": {"nodeType": "text"}}}},
    },
    "xml": {"namespace": "urn:pet"},
}
PETS = st.fixed_dictionaries(
    {},
    optional={
        "id": SCALARS["integer"],
        "name": SCALARS["string"],
        "tags": VALUES["array of string"],
        "weights": st.lists(SCALARS["number"], min_size=1, max_size=3),
        "owner": st.fixed_dictionaries({}, optional={"age": SCALARS["integer"], "old": SCALARS["boolean"]}),
        "note": st.fixed_dictionaries({"text": SCALARS["string"]}),
    },
)
PET_SOURCE = reader(document(PET))


@given(value=PETS)
def test_written_xml_is_read_as_it_was(value: Any) -> None:
    described = media_type("application/xml")
    try:
        body, content_type = written_body(PET_SOURCE.document, described, value)
    except decode.UndecidedError:
        assert re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "".join(texts_of(value)))
        return
    result = decode.decoded_body(PET_SOURCE, described, content_type, body)
    assert (result.readable, result.value) == (True, value)
