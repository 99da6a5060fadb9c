"""What is on the wire is decoded into values, whatever it is."""

import json
import math
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wirecheck import decode
from wirecheck.spec import Document, Parameter
from wirecheck.spec.document import read

ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=40)


def document(schema: Any, **others: Any) -> Document:
    """A document with a schema at /s, and with others."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps({"s": schema, **others}))
        return read(path)


# URLs


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("https://h/a/b?c=d", "/a/b", "c=d"),
        ("https://h/a?b#c?d", "/a", "b"),
        ("https://h/a#b?c", "/a", ""),
        ("https://h", "/", ""),
        ("https://h?a=b", "/", "a=b"),
        ("https://h/a?b?c", "/a", "b?c"),
        ("https://user:pass@h:1/a", "/a", ""),
        ("http://[::1]:8080/a", "/a", ""),
        ("http://[broken/a?b", "/a", "b"),
        ("http://h:port/a", "/a", ""),
        ("/a?b", "/a", "b"),
        ("//h/a", "/a", ""),
        ("/a:b/c", "/a:b/c", ""),
        ("a/b", "a/b", ""),
        ("?a=b", "/", "a=b"),
        ("#a", "/", ""),
        ("", "/", ""),
        ("https://h//a", "//a", ""),
        ("https://h/%zz?%", "/%zz", "%"),
        ("https://h/a\nb?c\nd", "/a\nb", "c\nd"),
    ],
)
def test_a_url_is_split_even_if_it_is_malformed(url: str, path: str, query: str) -> None:
    assert decode.split_url(url) == (path, query)


@given(url=ANY_TEXT)
@example(url="http://[")
@example(url="http://h:99999999/")
def test_any_text_can_be_split(url: str) -> None:
    path, query = decode.split_url(url)
    assert path
    assert path in url or path == "/"
    assert query in url
    decode.query_pairs(query)


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", []),
        ("&&", []),
        ("a=1&a=2", [("a", "1"), ("a", "2")]),
        ("a", [("a", "")]),
        ("=a", [("", "a")]),
        ("a=b=c", [("a", "b=c")]),
        ("a+b=c+d", [("a b", "c d")]),
        ("a%2Bb=%26%3D", [("a+b", "&=")]),
        ("a=%E2%82%AC", [("a", "€")]),
        ("a=%FF", [("a", "�")]),
        ("a=%zz%", [("a", "%zz%")]),
        ("a;b=c", [("a;b", "c")]),
    ],
)
def test_a_query_is_decoded_as_a_form(query: str, pairs: decode.Pairs) -> None:
    assert decode.query_pairs(query) == pairs
    assert decode.form_fields(query.encode(), "") == pairs


# Media types


@pytest.mark.parametrize(
    ("actual", "documented", "fit"),
    [
        ("application/json", "application/json", True),
        ("application/json", "Application/JSON; charset=utf-8", True),
        ("application/json", "application/*", True),
        ("application/json", "*/*", True),
        ("application/json", "text/*", False),
        ("application/json", "application/*+json", False),
        ("application/problem+json", "application/json", False),
        ("applications/json", "application/*", False),
        ("", "application/*", False),
        ("", "*/*", True),
    ],
)
def test_a_media_type_fits_the_documented_one(actual: str, documented: str, fit: bool) -> None:
    assert decode.fits(actual, documented) is fit


@pytest.mark.parametrize(
    ("content_type", "essence", "is_json"),
    [
        ("application/json", "application/json", True),
        (" Application/JSON ; charset=UTF-8", "application/json", True),
        ("application/vnd.api+json;v=1", "application/vnd.api+json", True),
        ("text/json", "text/json", False),
        ("application/jsonp", "application/jsonp", False),
        ("application/x-ndjson", "application/x-ndjson", False),
        ("", "", False),
        (";", "", False),
    ],
)
def test_a_media_type_is_read_without_its_parameters(content_type: str, essence: str, is_json: bool) -> None:
    assert decode.essence(content_type) == essence
    assert decode.is_json(essence) is is_json


def test_header_values_are_those_of_the_name_in_order() -> None:
    assert decode.header_values([("a", "1"), ("b", "2"), ("a", "3")], "A") == ["1", "3"]


# Readings


READINGS: list[tuple[str, set[str], list[Any]]] = [
    ("5", {"integer"}, [5]),
    ("5", {"string"}, ["5"]),
    ("5", {"string", "integer"}, ["5", 5]),
    ("5", set(), ["5", 5]),
    ("a", set(), ["a"]),
    ("-5", {"integer"}, [-5]),
    ("+5", {"integer"}, [5]),
    ("1.0", {"integer"}, [1.0]),
    ("1.5", {"number"}, [1.5]),
    (".5", {"number"}, [0.5]),
    ("1e3", {"number"}, [1000.0]),
    ("1e400", {"number"}, ["1e400"]),
    ("1" * 5000, {"integer"}, ["1" * 5000]),
    ("5" * 400, {"integer"}, [int("5" * 400)]),
    ("1_000", {"integer"}, ["1_000"]),
    (" 5", {"integer"}, [" 5"]),
    ("5\n", {"integer"}, ["5\n"]),
    ("٣", {"integer"}, ["٣"]),
    ("0x5", {"integer"}, ["0x5"]),
    ("NaN", {"number"}, ["NaN"]),
    ("inf", {"number"}, ["inf"]),
    ("", {"integer"}, [""]),
    ("true", {"boolean"}, [True]),
    ("True", {"boolean"}, ["True"]),
    ("1", {"boolean"}, ["1"]),
    ("", {"null"}, [None]),
    ("", {"string", "null"}, ["", None]),
    ("null", {"integer", "null"}, [None]),
    ("x", {"integer", "boolean", "null"}, ["x"]),
]


@pytest.mark.parametrize(("text", "types", "values"), READINGS)
def test_a_text_has_the_readings_that_the_types_allow(text: str, types: set[str], values: list[Any]) -> None:
    result = decode.readings(text, frozenset(types))
    assert result == values
    assert [type(value) for value in result] == [type(value) for value in values]


TYPES = st.frozensets(
    st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object", "odd"])
)


@given(text=ANY_TEXT | st.from_regex(r"\A[+-]?[0-9.eE]{1,20}\Z"), types=TYPES)
def test_any_text_has_a_reading(text: str, types: frozenset[str]) -> None:
    result = decode.readings(text, types)
    assert result
    assert text in result or "string" not in types
    assert all(math.isfinite(value) for value in result if isinstance(value, float))


SCHEMA_TYPES: list[tuple[Any, set[str]]] = [
    ({"type": "integer"}, {"integer"}),
    ({"type": ["integer", "null"]}, {"integer", "null"}),
    ({}, set()),
    (True, set()),
    ({"$ref": "#/other"}, {"boolean"}),
    ({"$ref": "#/other", "type": "string"}, {"boolean", "string"}),
    (
        {"allOf": [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"oneOf": [{"type": "null"}]}]}]},
        {"string", "integer", "null"},
    ),
    ({"not": {"type": "string"}}, set()),
    ({"allOf": [{"$ref": "#/s"}], "type": "number"}, {"number"}),
    ({"type": 5}, set()),
    ({"type": [{}, None, "null"]}, {"null"}),
    ({"type": {"string": 1}}, set()),
]


@pytest.mark.parametrize(("schema", "types"), SCHEMA_TYPES)
def test_the_types_of_a_schema_are_found_through_its_parts(schema: Any, types: set[str]) -> None:
    assert decode.schema_types(document(schema, other={"type": "boolean"}), "/s") == types


def test_a_property_is_found_through_references_and_compositions() -> None:
    result = document(
        {"allOf": [{"$ref": "#/other"}, {"properties": {"a/b": {}}}]},
        other={"properties": {"c": {}, "s": True}},
    )
    assert decode.property_schema(result, "/s", "a/b") == "/s/allOf/1/properties/a~1b"
    assert decode.property_schema(result, "/s", "c") == "/other/properties/c"
    assert decode.property_schema(result, "/s", "d") is None


# Parameters: style, explode, location, schema, texts, the readings of each value.


INTEGERS = {"type": "array", "items": {"type": "integer"}}
PARAMETERS: list[tuple[str, bool, str, Any, list[str], list[list[Any]]]] = [
    ("form", True, "query", {"type": "integer"}, ["5"], [[5]]),
    ("form", True, "query", {"type": "integer"}, ["5", "x"], [[5], ["x"]]),
    ("form", True, "query", {}, ["5"], [["5", 5]]),
    ("form", True, "query", INTEGERS, ["1", "2"], [[[1, 2]]]),
    ("form", True, "query", INTEGERS, ["1,2"], [[["1,2"]]]),
    ("form", False, "query", INTEGERS, ["1,2"], [[[1, 2]]]),
    ("form", False, "query", INTEGERS, ["1,2", "3"], [[[1, 2, 3]]]),
    ("form", False, "query", INTEGERS, [""], [[[]]]),
    ("form", False, "query", INTEGERS, ["1,x,"], [[[1, "x"]]]),
    ("form", True, "query", {"type": "array", "items": {"type": ["string", "integer"]}}, ["1"], [[["1"]]]),
    (
        "form",
        True,
        "query",
        {"type": ["array", "string"], "items": {"type": "string"}},
        ["a"],
        [[["a"], "a"]],
    ),
    ("form", True, "query", {"$ref": "#/ints"}, ["1"], [[[1]]]),
    ("form", True, "query", {"allOf": [{"type": "array"}, {"$ref": "#/ints"}]}, ["1"], [[[1]]]),
    ("form", True, "query", {"type": "array"}, ["1"], [[["1"]]]),
    ("form", True, "query", {"type": "array", "items": True}, ["1"], [[["1"]]]),
    ("form", True, "query", {"type": "object"}, ["a"], []),
    ("deepObject", True, "query", {"type": "object"}, ["a"], []),
    ("spaceDelimited", False, "query", INTEGERS, ["1 2"], [[[1, 2]]]),
    ("pipeDelimited", False, "query", INTEGERS, ["1|2"], [[[1, 2]]]),
    ("simple", False, "path", INTEGERS, ["1,2"], [[[1, 2]]]),
    ("simple", False, "path", {"type": "string"}, ["1,2"], [["1,2"]]),
    ("simple", False, "header", INTEGERS, ["1, 2 ,\t3"], [[[1, 2, 3]]]),
    ("simple", False, "header", INTEGERS, ["1", "2"], [[[1, 2]]]),
    ("label", False, "path", {"type": "integer"}, [".5"], [[5]]),
    ("label", True, "path", INTEGERS, [".1.2"], [[[1, 2]]]),
    ("label", False, "path", INTEGERS, [".1.2"], [[[1, 2]]]),
    ("label", False, "path", INTEGERS, [".1,2"], [[[1, 2]]]),
    ("matrix", False, "path", {"type": "integer"}, [";p=5"], [[5]]),
    ("matrix", False, "path", INTEGERS, [";p=1,2"], [[[1, 2]]]),
    ("matrix", True, "path", INTEGERS, [";p=1;p=2"], [[[1, 2]]]),
    ("unheard", False, "query", INTEGERS, ["1,2"], [[[1, 2]]]),
]


def parameter(**changes: Any) -> Parameter:
    values: dict[str, Any] = {
        "name": "p",
        "location": "query",
        "pointer": "",
        "required": False,
        "schema": "/s",
        "style": "form",
        "explode": True,
    }
    return Parameter(**{**values, **changes})


@pytest.mark.parametrize(("style", "explode", "location", "schema", "texts", "readings"), PARAMETERS)
def test_a_parameter_is_read_by_its_style(
    style: str, explode: bool, location: str, schema: Any, texts: list[str], readings: list[list[Any]]
) -> None:
    each = parameter(style=style, explode=explode, location=location)
    assert decode.parameter_readings(document(schema, ints=INTEGERS), each, texts) == readings


@pytest.mark.parametrize(
    ("text", "value"), [('{"a":[1]}', {"a": [1]}), ("{", "{"), ("5", 5), ("", ""), ("\ud800", "\ud800")]
)
def test_a_parameter_with_content_is_json_or_the_text_itself(text: str, value: Any) -> None:
    each = parameter(media_type="application/json")
    assert decode.parameter_readings(document({}), each, [text]) == [[value]]


def test_a_parameter_without_a_schema_is_a_text() -> None:
    assert decode.parameter_readings(document({}), parameter(schema=None), ["5"]) == [["5"]]


@given(
    style=st.sampled_from(
        ["form", "simple", "spaceDelimited", "pipeDelimited", "label", "matrix", "deepObject"]
    ),
    explode=st.booleans(),
    texts=st.lists(ANY_TEXT, min_size=1, max_size=3),
    schema=st.sampled_from([schema for _, _, _, schema, _, _ in PARAMETERS]),
)
def test_any_parameter_can_be_read(style: str, explode: bool, texts: list[str], schema: Any) -> None:
    result = decode.parameter_readings(
        SCHEMAS[json.dumps(schema)], parameter(style=style, explode=explode), texts
    )
    assert all(result)
    assert len(result) <= len(texts)


SCHEMAS = {json.dumps(schema): document(schema, ints=INTEGERS) for _, _, _, schema, _, _ in PARAMETERS}


# Forms


FORM = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "count": {"type": "integer"},
        "either": {"type": ["string", "integer"]},
        "many": INTEGERS,
        "any": {"type": "array"},
    },
}


@pytest.mark.parametrize(
    ("fields", "readings"),
    [
        ([], [{}]),
        ([("text", "5"), ("count", "5")], [{"text": "5", "count": 5}]),
        ([("count", "x")], [{"count": "x"}]),
        ([("count", "1"), ("count", "2")], [{"count": 2}]),
        ([("either", "5")], [{"either": "5"}, {"either": 5}]),
        ([("many", "1"), ("many", "2")], [{"many": [1, 2]}]),
        ([("many", "1")], [{"many": [1]}]),
        ([("any", "1")], [{"any": ["1"]}]),
        ([("unknown", "5")], [{"unknown": "5"}]),
    ],
)
def test_a_form_is_read_by_its_schema(fields: decode.Pairs, readings: list[dict[str, Any]]) -> None:
    assert decode.form_readings(document(FORM), "/s", fields) == readings


def part(value: str | bytes, *headers: str, disposition: str = 'form-data; name="a"') -> bytes:
    head = "".join(f"{line}\r\n" for line in (f"Content-Disposition: {disposition}", *headers))
    return (
        b"--b\r\n" + head.encode() + b"\r\n" + (value.encode() if isinstance(value, str) else value) + b"\r\n"
    )


END = b"--b--\r\n"
BOUNDARY = "multipart/form-data; boundary=b"
MULTIPART: dict[str, tuple[bytes, decode.Pairs]] = {
    "one field": (part("v") + END, [("a", "v")]),
    "two fields of one name": (part("v") + part("w") + END, [("a", "v"), ("a", "w")]),
    "an empty field": (part("") + END, [("a", "")]),
    "line breaks": (part("v\r\nw\n\r\n") + END, [("a", "v\r\nw\n\r\n")]),
    "UTF-8": (part("é😀") + END, [("a", "é😀")]),
    "bytes that are none": (part(b"\xff") + END, [("a", "�")]),
    "a type": (part("v", "Content-Type: text/plain; charset=utf-8") + END, [("a", "v")]),
    "a file": (part("v", disposition='form-data; name="a"; filename="x.txt"') + END, [("a", "v")]),
    "base64": (part("dg==", "Content-Transfer-Encoding: base64") + END, [("a", "v")]),
    "a name in UTF-8": (part("v", disposition='form-data; name="é"') + END, [("é", "v")]),
    "a quoted name": (part("v", disposition='form-data; name="a\\"b;c"') + END, [('a"b;c', "v")]),
    "a bare name": (part("v", disposition="form-data; name=a") + END, [("a", "v")]),
    "no name": (part("v", disposition="form-data") + END, []),
    "no end": (part("v"), [("a", "v")]),
    "a preamble": (b"hello\r\n" + part("v") + END + b"bye", [("a", "v")]),
    "bare line feeds": (part("v").replace(b"\r\n", b"\n") + b"--b--\n", [("a", "v")]),
    "no headers": (b"--b\r\n\r\nv\r\n" + END, []),
    "a mixed part": (
        part("--c\r\n\r\nx\r\n--c--", "Content-Type: multipart/mixed; boundary=c") + END,
        [("a", "")],
    ),
    "something like the boundary": (part("--bc") + END, [("a", "--bc")]),
}


@pytest.mark.parametrize("case", MULTIPART)
def test_a_multipart_form_has_fields(case: str) -> None:
    body, fields = MULTIPART[case]
    assert decode.multipart_fields(body, BOUNDARY) == fields


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (part("v") + END, "multipart/form-data"),
        (part("v") + END, "multipart/form-data; boundary=other"),
        (b"a=v", BOUNDARY),
        (b"", BOUNDARY),
        (part("v") + END, ""),
        (part("v") + END, "multipart/form-data; boundary="),
    ],
)
def test_what_is_not_a_multipart_form_cannot_be_decoded(body: bytes, content_type: str) -> None:
    with pytest.raises(decode.UndecodableError, match="is not a multipart form"):
        decode.multipart_fields(body, content_type)


@given(
    body=st.binary(max_size=40)
    | st.lists(st.sampled_from([part("v"), END, b"--b", b"\r\n", b"\xff", b":"])).map(b"".join),
    content_type=st.just(BOUNDARY)
    | ANY_TEXT
    | ANY_TEXT.map(lambda text: f"multipart/form-data; boundary={text}"),
)
def test_any_form_is_decoded_or_rejected(body: bytes, content_type: str) -> None:
    for read_form in decode.FORMS.values():
        try:
            fields = read_form(body, content_type)
        except decode.UndecodableError:
            continue
        assert all(isinstance(text, str) for field in fields for text in field)


# JSON


JSON: list[tuple[bytes, Any]] = [
    (b"null", None),
    (b' \t\r\n{"a":[1,2.5,-0,1e2,"b",true,false]} \n', {"a": [1, 2.5, 0, 100.0, "b", True, False]}),
    (b'"\\ud83d\\ude00\\u0000\\/"', "😀\0/"),
    (b'"\xc2\x85\x7f\xe2\x80\xa8"', "\x85\x7f\u2028"),
    (b'{"a":1,"a":2}', {"a": 2}),
    (b'{"":0}', {"": 0}),
    (str(2**70).encode(), 2**70),
    (b"-" + str(2**64).encode(), -(2**64)),
    (b"0.1", 0.1),
    (b"1E-400", 0.0),
]


@pytest.mark.parametrize(("body", "value"), JSON)
def test_json_is_read(body: bytes, value: Any) -> None:
    result = decode.json_value(body)
    assert result == value
    assert type(result) is type(value)


NOT_JSON: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is empty"),
    "white space only": (b" \r\n\t", "is empty"),
    "a byte order mark": (b'\xef\xbb\xbf{"a":1}', "byte order mark"),
    "UTF-16": ('{"a":1}'.encode("utf-16"), "is not JSON"),
    "NaN": (b"[NaN]", "invalid character (byte 1)"),
    "Infinity": (b"-Infinity", "is not JSON"),
    "a lone high surrogate": (b'["\\ud83d"]', "a lone surrogate"),
    "a lone low surrogate": (b'["\\ude00"]', "surrogate pair"),
    "two high surrogates": (b'["\\ud83d\\ud83d"]', "surrogate pair"),
    "a lone surrogate as key": (b'{"\\ud83d":1}', "a lone surrogate"),
    "an encoded surrogate": (b'"\xed\xa0\x80"', "is not UTF-8"),
    "invalid UTF-8": (b'{"a":"b\xff"}', "is not UTF-8"),
    "invalid UTF-8 in a key": (b'{"\xff":1}', "is not UTF-8"),
    "overlong UTF-8": (b'"\xc0\xaf"', "is not UTF-8"),
    "invalid UTF-8 outside of strings": (b"[\xff]", "is not JSON"),
    "a cut": (b'{"a":', "it ends too early"),
    "a cut string": (b'{"a":"b', "it ends too early"),
    "a cut behind a pair": (b'{"a":"\\ud83d\\ude00', "it ends too early"),
    "a tail": (b"{} x", "trailing characters (byte 4)"),
    "two texts": (b"{}{}", "trailing characters"),
    "a trailing comma": (b"[1,]", "trailing comma"),
    "a trailing comma in an object": (b'{"a":1,}', "trailing comma"),
    "single quotes": (b"{'a':1}", "is not JSON"),
    "a bare key": (b"{a:1}", "is not JSON"),
    "a comment": (b"{} // no", "is not JSON"),
    "a raw line break": (b'"a\nb"', "invalid character"),
    "a raw tab": (b'"\t"', "invalid character"),
    "a raw null": (b'"\0"', "invalid character"),
    "an unknown escape": (b'"\\x41"', "invalid escape"),
    "a leading zero": (b"01", "is not JSON"),
    "a plus": (b"+1", "is not JSON"),
    "a bare point": (b".5", "is not JSON"),
    "a point at the end": (b"1.", "is not JSON"),
    "an octal": (b"0o7", "is not JSON"),
    "a form feed": (b"\x0c1", "is not JSON"),
    "a no-break space": (b"\xc2\xa01", "is not JSON"),
    "a vertical tab at the end": (b"1\x0b", "is not JSON"),
    "True": (b"True", "is not JSON"),
    "HTML": (b"<!doctype html>", "is not JSON"),
    "JSONP": (b"f({})", "is not JSON"),
    "a number beyond all": (b"1e400", "too large to read"),
    "100,000 brackets": (b"[" * 100_000, "nested too deeply"),
    "100,000 closed brackets": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "100,000 objects": (b'{"a":' * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("case", NOT_JSON)
def test_what_is_not_json_is_rejected_with_the_reason(case: str) -> None:
    body, why = NOT_JSON[case]
    with pytest.raises(decode.UndecodableError) as caught:
        decode.json_value(body)
    assert why in str(caught.value)
    assert str(caught.value).isprintable()


def test_brackets_in_texts_do_not_nest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "DEEPEST", 3)
    assert decode.json_value(b'[["[[[[\\"[["], [1], [2], {"a": 3}]') == [['[[[["[['], [1], [2], {"a": 3}]
    assert decode.json_value(b"[[[1]], [], []]") == [[[1]], [], []]
    with pytest.raises(decode.UndecodableError, match="nested too deeply"):
        decode.json_value(b'[[{"a": [1]}]]')


@given(
    body=st.binary(max_size=30)
    | st.text(max_size=30).map(lambda text: text.encode())
    | st.text('[]{}",:\\u0123dDeE+-. \ntrufalsn', max_size=20).map(str.encode)
)
def test_any_bytes_are_json_or_rejected_with_the_reason(body: bytes) -> None:
    try:
        value = decode.json_value(body)
    except decode.UndecodableError:
        return
    assert json.loads(body) == value
    json.dumps(value, allow_nan=False)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(value=VALUES, ascii_only=st.booleans())
def test_any_json_value_is_read_back(value: Any, ascii_only: bool) -> None:
    assert decode.json_value(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize("text", ["9" * 90_000, "9" * 90_000 + "x", "9" * 45_000 + "." + "9" * 45_000 + "x"])
def test_many_digits_are_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    assert decode.readings(text, frozenset({"number"})) == [text]
    assert time.process_time() - began < 1
