"""The reference tables of styles: those of the OpenAPI Specification and of RFC 6570, both ways."""

from typing import Any

import pytest

from support.decoding import document, parameter, reader
from wirecheck import decode
from wirecheck.encode.forms import joined
from wirecheck.encode.styles import written
from wirecheck.model import Exchange
from wirecheck.spec import Operation

TEXT = {"type": "string"}
LIST = {"type": "array", "items": TEXT}
COLORS = {"type": "object", "properties": {name: {"type": "integer"} for name in ("R", "G", "B")}}
BLUE, COLOR_LIST, COLOR = "blue", ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}

# OpenAPI 3.0.4 and 3.1.1, "Style Examples", for a parameter named color: style, explode, location, the value,
# and what stands on the wire.
STYLE_EXAMPLES: list[tuple[str, bool, str, Any, str]] = [
    ("matrix", False, "path", "", ";color"),
    ("matrix", False, "path", BLUE, ";color=blue"),
    ("matrix", False, "path", COLOR_LIST, ";color=blue,black,brown"),
    ("matrix", False, "path", COLOR, ";color=R,100,G,200,B,150"),
    ("matrix", True, "path", BLUE, ";color=blue"),
    ("matrix", True, "path", COLOR_LIST, ";color=blue;color=black;color=brown"),
    ("matrix", True, "path", COLOR, ";R=100;G=200;B=150"),
    ("label", False, "path", "", "."),
    ("label", False, "path", BLUE, ".blue"),
    ("label", False, "path", COLOR_LIST, ".blue,black,brown"),
    ("label", False, "path", COLOR, ".R,100,G,200,B,150"),
    ("label", True, "path", BLUE, ".blue"),
    ("label", True, "path", COLOR_LIST, ".blue.black.brown"),
    ("label", True, "path", COLOR, ".R=100.G=200.B=150"),
    ("simple", False, "path", "", ""),
    ("simple", False, "path", BLUE, "blue"),
    ("simple", False, "path", COLOR_LIST, "blue,black,brown"),
    ("simple", False, "path", COLOR, "R,100,G,200,B,150"),
    ("simple", True, "path", BLUE, "blue"),
    ("simple", True, "path", COLOR_LIST, "blue,black,brown"),
    ("simple", True, "path", COLOR, "R=100,G=200,B=150"),
    ("simple", False, "header", COLOR_LIST, "blue,black,brown"),
    ("simple", False, "header", COLOR, "R,100,G,200,B,150"),
    ("simple", True, "header", COLOR, "R=100,G=200,B=150"),
    ("form", False, "query", "", "color="),
    ("form", False, "query", BLUE, "color=blue"),
    ("form", False, "query", COLOR_LIST, "color=blue,black,brown"),
    ("form", False, "query", COLOR, "color=R,100,G,200,B,150"),
    ("form", True, "query", "", "color="),
    ("form", True, "query", BLUE, "color=blue"),
    ("form", True, "query", COLOR_LIST, "color=blue&color=black&color=brown"),
    ("form", True, "query", COLOR, "R=100&G=200&B=150"),
    ("form", False, "cookie", COLOR_LIST, "color=blue,black,brown"),
    ("form", False, "cookie", COLOR, "color=R,100,G,200,B,150"),
    ("form", True, "cookie", COLOR_LIST, "color=blue&color=black&color=brown"),
    ("form", True, "cookie", COLOR, "R=100&G=200&B=150"),
    ("spaceDelimited", False, "query", COLOR_LIST, "color=blue%20black%20brown"),
    ("spaceDelimited", False, "query", COLOR, "color=R%20100%20G%20200%20B%20150"),
    ("spaceDelimited", True, "query", COLOR_LIST, "color=blue&color=black&color=brown"),
    ("pipeDelimited", False, "query", COLOR_LIST, "color=blue%7Cblack%7Cbrown"),
    ("pipeDelimited", False, "query", COLOR, "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("pipeDelimited", True, "query", COLOR_LIST, "color=blue&color=black&color=brown"),
    ("deepObject", True, "query", COLOR, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
]
SCHEMAS: dict[type, Any] = {str: TEXT, list: LIST, dict: COLORS}
NAMED = {"query", "cookie"}


def read(each: Any, schema: Any, text: str, name: str = "color") -> tuple[Any, ...]:
    """The values of a parameter of which a text stands on the wire; in a cookie, & separates cookies."""
    headers = {"header": ((name.lower(), text),), "cookie": (("cookie", text.replace("&", "; ")),)}
    exchange = Exchange(
        source="",
        entry=0,
        method="GET",
        url=f"https://h/?{text}" if each.location == "query" else "https://h/",
        status=200,
        request_headers=(("host", "h"), *headers.get(each.location, ())),
    )
    operation = Operation("", "GET", "/", "", (each,), None, (), (), "")
    requests = decode.RequestReader(reader(document(schema)))
    return requests.read(operation, exchange, {name: text}).parameters[0].values


@pytest.mark.parametrize(("style", "explode", "location", "value", "text"), STYLE_EXAMPLES)
def test_styles_are_those_of_the_specification(
    style: str, explode: bool, location: str, value: Any, text: str
) -> None:
    each = parameter(name="color", location=location, style=style, explode=explode)
    pairs = written(decode.style_of(each), value)
    assert (joined(pairs) if location in NAMED else pairs[0][1]) == text
    assert read(each, SCHEMAS[type(value)], text) == (value,)


# RFC 6570, 3.2: expressions {?x}, {x}, {.x}, {;x} of one variable; an undefined one and an empty list or
# object expand to nothing there, and to an empty value in OpenAPI.
WORDS: list[tuple[str, bool, str, str, Any, str]] = [
    ("simple", False, "path", "var", "value", "value"),
    ("simple", False, "path", "hello", "Hello World!", "Hello%20World%21"),
    ("simple", False, "path", "half", "50%", "50%25"),
    ("simple", False, "path", "list", ["red", "green", "blue"], "red,green,blue"),
    ("simple", False, "path", "keys", {"semi": ";", "dot": ".", "comma": ","}, "semi,%3B,dot,.,comma,%2C"),
    ("simple", True, "path", "keys", {"semi": ";", "dot": ".", "comma": ","}, "semi=%3B,dot=.,comma=%2C"),
    ("label", False, "path", "who", "fred", ".fred"),
    ("label", False, "path", "half", "50%", ".50%25"),
    ("label", False, "path", "list", ["red", "green", "blue"], ".red,green,blue"),
    ("label", True, "path", "list", ["red", "green", "blue"], ".red.green.blue"),
    ("label", True, "path", "keys", {"semi": ";", "comma": ","}, ".semi=%3B.comma=%2C"),
    ("matrix", False, "path", "who", "fred", ";who=fred"),
    ("matrix", False, "path", "empty", "", ";empty"),
    ("matrix", False, "path", "hello", "Hello World!", ";hello=Hello%20World%21"),
    ("matrix", False, "path", "list", ["red", "green", "blue"], ";list=red,green,blue"),
    ("matrix", True, "path", "list", ["red", "green", "blue"], ";list=red;list=green;list=blue"),
    ("matrix", False, "path", "keys", {"semi": ";", "comma": ","}, ";keys=semi,%3B,comma,%2C"),
    ("matrix", True, "path", "keys", {"semi": ";", "comma": ","}, ";semi=%3B;comma=%2C"),
    ("form", False, "query", "who", "fred", "who=fred"),
    ("form", False, "query", "half", "50%", "half=50%25"),
    ("form", False, "query", "list", ["red", "green", "blue"], "list=red,green,blue"),
    ("form", True, "query", "list", ["red", "green", "blue"], "list=red&list=green&list=blue"),
    ("form", False, "query", "keys", {"semi": ";", "comma": ","}, "keys=semi,%3B,comma,%2C"),
    ("form", True, "query", "keys", {"semi": ";", "comma": ","}, "semi=%3B&comma=%2C"),
]


@pytest.mark.parametrize(("style", "explode", "location", "name", "value", "text"), WORDS)
def test_styles_are_those_of_uri_templates(
    style: str, explode: bool, location: str, name: str, value: Any, text: str
) -> None:
    each = parameter(name=name, location=location, style=style, explode=explode)
    pairs = written(decode.style_of(each), value)
    assert (joined(pairs) if location in NAMED else pairs[0][1]) == text
    schemas: dict[type, Any] = {
        str: TEXT,
        list: LIST,
        dict: {"type": "object", "additionalProperties": TEXT},
    }
    assert read(each, schemas[type(value)], text, name) == (value,)


def test_reserved_characters_stay_where_they_are_allowed() -> None:
    style = decode.Style("p", "form", True, "query", reserved=True)
    assert written(style, "a/b?c:d@e f&g=h+i#j") == [("p", "a/b?c:d@e%20f%26g%3Dh%2Bi%23j")]


SENT: list[tuple[str, dict[str, Any], Any, str, Any]] = [
    # What clients send, in other ways than the tables have it: parameter, schema, text, value.
    ("an encoded comma is text", {"explode": False}, LIST, "p=Lee%2CAnn,Bo", ["Lee,Ann", "Bo"]),
    (
        "an encoded comma delimits what must be",
        {"explode": False},
        {**LIST, "minItems": 2},
        "p=a%2Cb",
        ["a", "b"],
    ),
    ("numbers", {"explode": False}, {"type": "array", "items": {"type": "integer"}}, "p=4%2C5", [4, 5]),
    ("names in brackets", {}, LIST, "p[]=1&p[]=2", ["1", "2"]),
    ("encoded names in brackets", {}, LIST, "p%5B%5D=1&p%5b%5d=2", ["1", "2"]),
    ("indexes", {}, LIST, "p[1]=b&p[0]=a", ["a", "b"]),
    ("many indexes", {}, LIST, "&".join(f"p[{n}]={n}" for n in range(11)), [str(n) for n in range(11)]),
    ("repeated where they are delimited", {"explode": False}, LIST, "p=1&p=2", ["1", "2"]),
    ("a plus for a space", {"style": "spaceDelimited", "explode": False}, LIST, "p=a+b", ["a", "b"]),
    ("a pipe as it is", {"style": "pipeDelimited", "explode": False}, LIST, "p=a|b%7Cc", ["a", "b|c"]),
    ("an encoded pipe", {"style": "pipeDelimited", "explode": False}, LIST, "p=a%7cb", ["a", "b"]),
    (
        "a plus that is meant",
        {},
        {"type": "string", "format": "date-time"},
        "p=2024-01-01T00:00:00+01:00",
        "2024-01-01T00:00:00+01:00",
    ),
    ("encoded brackets", {"style": "deepObject"}, COLORS, "p%5BR%5D=1", {"R": 1}),
    (
        "nested keys",
        {"style": "deepObject"},
        {"properties": {"a": COLORS}},
        "p[a][R]=1&p[a][G]=2",
        {"a": {"R": 1, "G": 2}},
    ),
    (
        "a list in an object",
        {"style": "deepObject"},
        {"properties": {"a": LIST}},
        "p[a]=1&p[a]=2",
        {"a": ["1", "2"]},
    ),
    (
        "a list of one in an object",
        {"style": "deepObject"},
        {"properties": {"a": LIST}},
        "p[a]=1",
        {"a": ["1"]},
    ),
    (
        "a list in brackets in an object",
        {"style": "deepObject"},
        {"properties": {"a": LIST}},
        "p[a][]=1",
        {"a": ["1"]},
    ),
    ("an object as JSON", {"style": "deepObject"}, COLORS, "p=%7B%22R%22:1%7D", {"R": 1}),
    ("an object in brackets", {"style": "form"}, COLORS, "p[R]=1&p[G]=2", {"R": 1, "G": 2}),
    (
        "a union of a list and a number",
        {},
        {"anyOf": [{"type": "array", "minItems": 2}, {"type": "integer"}]},
        "p=7",
        7,
    ),
    ("a union of a number and null", {}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "p=", None),
    ("a union of an object and a text", {"explode": False}, {"oneOf": [COLORS, TEXT]}, "p=x", "x"),
    (
        "the alternative that fits",
        {"explode": False},
        {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"k": {"const": "n"}, "v": {"type": "integer"}},
                    "required": ["k"],
                },
                {
                    "type": "object",
                    "properties": {"k": {"const": "t"}, "v": {"type": "string"}},
                    "required": ["k"],
                },
            ]
        },
        "p=k,n,v,5",
        {"k": "n", "v": 5},
    ),
    ("numbers by enum alone", {}, {"enum": [1, 2]}, "p=2", 2),
    (
        "a header with spaces",
        {"location": "header", "style": "simple", "explode": True},
        COLORS,
        "R=1, G=2",
        {"R": 1, "G": 2},
    ),
    ("an escaped header", {"location": "header", "style": "simple"}, {"enum": ["a b"]}, "a%20b", "a b"),
    ("an escaped cookie", {"location": "cookie"}, TEXT, "p=a%20b", "a b"),
    ("a cookie as it is", {"location": "cookie"}, {"enum": ["a%20b"]}, "p=a%20b", "a%20b"),
    ("an unescaped cookie", {"location": "cookie", "style": "cookie"}, TEXT, "p=a%20b", "a%20b"),
]


@pytest.mark.parametrize(
    ("changes", "schema", "text", "value"), [case[1:] for case in SENT], ids=[case[0] for case in SENT]
)
def test_what_clients_send_is_understood(changes: dict[str, Any], schema: Any, text: str, value: Any) -> None:
    assert read(parameter(**changes), schema, text, "p") == (value,)
