"""Parameters as the tables of the OpenAPI Specification and of RFC 6570 have them, in whole requests."""

from typing import Any

import pytest

from wirecheck.encode.forms import Part
from wirecheck.encode.messages import Message, message
from wirecheck.encode.parameters import Parameter
from wirecheck.encode.texts import EncodingError

BLUE, COLORS, RGB = "blue", ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}

# OpenAPI 3.2.0, "Style Examples", for a parameter named color: style, explode, place, value, on the wire.
# For null in a query or a cookie see test_null_is_not_sent.
STYLE_EXAMPLES: list[tuple[str, bool, str, Any, str]] = [
    ("matrix", False, "path", None, ";color"),
    ("matrix", False, "path", BLUE, ";color=blue"),
    ("matrix", False, "path", COLORS, ";color=blue,black,brown"),
    ("matrix", False, "path", RGB, ";color=R,100,G,200,B,150"),
    ("matrix", True, "path", None, ";color"),
    ("matrix", True, "path", BLUE, ";color=blue"),
    ("matrix", True, "path", COLORS, ";color=blue;color=black;color=brown"),
    ("matrix", True, "path", RGB, ";R=100;G=200;B=150"),
    ("label", False, "path", None, "."),
    ("label", False, "path", BLUE, ".blue"),
    ("label", False, "path", COLORS, ".blue,black,brown"),
    ("label", False, "path", RGB, ".R,100,G,200,B,150"),
    ("label", True, "path", None, "."),
    ("label", True, "path", BLUE, ".blue"),
    ("label", True, "path", COLORS, ".blue.black.brown"),
    ("label", True, "path", RGB, ".R=100.G=200.B=150"),
    ("simple", False, "path", None, ""),
    ("simple", False, "path", BLUE, "blue"),
    ("simple", False, "path", COLORS, "blue,black,brown"),
    ("simple", False, "path", RGB, "R,100,G,200,B,150"),
    ("simple", True, "path", None, ""),
    ("simple", True, "path", BLUE, "blue"),
    ("simple", True, "path", COLORS, "blue,black,brown"),
    ("simple", True, "path", RGB, "R=100,G=200,B=150"),
    ("simple", False, "header", BLUE, "blue"),
    ("simple", False, "header", COLORS, "blue,black,brown"),
    ("simple", False, "header", RGB, "R,100,G,200,B,150"),
    ("simple", True, "header", COLORS, "blue,black,brown"),
    ("simple", True, "header", RGB, "R=100,G=200,B=150"),
    ("form", False, "query", BLUE, "color=blue"),
    ("form", False, "query", COLORS, "color=blue,black,brown"),
    ("form", False, "query", RGB, "color=R,100,G,200,B,150"),
    ("form", True, "query", BLUE, "color=blue"),
    ("form", True, "query", COLORS, "color=blue&color=black&color=brown"),
    ("form", True, "query", RGB, "R=100&G=200&B=150"),
    ("spaceDelimited", False, "query", COLORS, "color=blue%20black%20brown"),
    ("spaceDelimited", False, "query", RGB, "color=R%20100%20G%20200%20B%20150"),
    ("pipeDelimited", False, "query", COLORS, "color=blue%7Cblack%7Cbrown"),
    ("pipeDelimited", False, "query", RGB, "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("deepObject", True, "query", RGB, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    ("cookie", False, "cookie", BLUE, "color=blue"),
    ("cookie", False, "cookie", COLORS, "color=blue,black,brown"),
    ("cookie", False, "cookie", RGB, "color=R,100,G,200,B,150"),
    ("cookie", True, "cookie", BLUE, "color=blue"),
    ("cookie", True, "cookie", COLORS, "color=blue; color=black; color=brown"),
    ("cookie", True, "cookie", RGB, "R=100; G=200; B=150"),
]

# RFC 6570, 3.2, of one variable: the expressions {x}, {x*}, {.x}, {;x}, {?x} and {+x} with their values.
KEYS = {"semi": ";", "dot": ".", "comma": ","}
COUNT, DOM = ["one", "two", "three"], ["example", "com"]
RED = ["red", "green", "blue"]
URI_TEMPLATES: list[tuple[str, bool, bool, str, Any, str]] = [
    ("simple", False, False, "count", COUNT, "one,two,three"),
    ("simple", True, False, "count", COUNT, "one,two,three"),
    ("simple", False, False, "var", "value", "value"),
    ("simple", False, False, "hello", "Hello World!", "Hello%20World%21"),
    ("simple", False, False, "half", "50%", "50%25"),
    ("simple", False, False, "list", RED, "red,green,blue"),
    ("simple", False, False, "keys", KEYS, "semi,%3B,dot,.,comma,%2C"),
    ("simple", True, False, "keys", KEYS, "semi=%3B,dot=.,comma=%2C"),
    ("label", False, False, "who", "fred", ".fred"),
    ("label", False, False, "half", "50%", ".50%25"),
    ("label", True, False, "dom", DOM, ".example.com"),
    ("label", False, False, "list", RED, ".red,green,blue"),
    ("label", True, False, "list", RED, ".red.green.blue"),
    ("matrix", False, False, "who", "fred", ";who=fred"),
    ("matrix", False, False, "half", "50%", ";half=50%25"),
    ("matrix", False, False, "empty", "", ";empty"),
    ("matrix", False, False, "hello", "Hello World!", ";hello=Hello%20World%21"),
    ("matrix", False, False, "count", COUNT, ";count=one,two,three"),
    ("matrix", True, False, "count", COUNT, ";count=one;count=two;count=three"),
    ("matrix", False, False, "list", RED, ";list=red,green,blue"),
    ("matrix", True, False, "list", RED, ";list=red;list=green;list=blue"),
    ("matrix", False, False, "keys", KEYS, ";keys=semi,%3B,dot,.,comma,%2C"),
    ("matrix", True, False, "keys", KEYS, ";semi=%3B;dot=.;comma=%2C"),
    ("matrix", True, False, "keys", {"a": "", "b": "1"}, ";a;b=1"),
    ("form", False, False, "who", "fred", "who=fred"),
    ("form", False, False, "half", "50%", "half=50%25"),
    ("form", False, False, "empty", "", "empty="),
    ("form", False, False, "hello", "Hello World!", "hello=Hello%20World%21"),
    ("form", False, False, "list", RED, "list=red,green,blue"),
    ("form", True, False, "list", RED, "list=red&list=green&list=blue"),
    ("form", False, False, "keys", KEYS, "keys=semi,%3B,dot,.,comma,%2C"),
    ("form", True, False, "keys", KEYS, "semi=%3B&dot=.&comma=%2C"),
    ("form", False, True, "hello", "Hello World!", "hello=Hello%20World!"),
    ("form", False, True, "half", "50%", "half=50%25"),
    ("form", False, True, "base", "http://example.com/home/", "base=http://example.com/home/"),
    ("form", False, True, "path", "/foo/bar,1024", "path=/foo/bar,1024"),
    ("form", False, True, "list", RED, "list=red,green,blue"),
    # OpenAPI 3.2.0, appendix C: what is escaped already stays, and what a query has no place for is escaped.
    ("form", True, True, "formulas", {"a": "x%2By", "b": "x/y", "c": "x^y"}, "a=x%2By&b=x/y&c=x%5Ey"),
    ("form", True, True, "q", "a&b=c+d#e[f]", "q=a%26b%3Dc%2Bd%23e%5Bf%5D"),
    ("form", False, True, "q", ["a,b", "c/d"], "q=a%2Cb,c/d"),
    ("label", True, True, "q", ["a.b", "@"], ".a%2Eb.@"),
    ("matrix", True, True, "q", "a;b=@", ";q=a%3Bb=@"),
]

# Beyond the tables: what is nested, empty, null or no text.
OTHERS: list[tuple[str, bool, str, Any, str]] = [
    ("form", True, "query", True, "p=true"),
    ("form", True, "query", 5, "p=5"),
    ("form", True, "query", 0.1, "p=0.1"),
    ("form", True, "query", 1e22, "p=1e%2B22"),
    ("form", True, "query", 2**70, "p=1180591620717411303424"),
    ("form", True, "query", [1, None, 2], "p=1&p=&p=2"),
    ("form", False, "query", [1, None, 2], "p=1,,2"),
    ("form", False, "query", [], "p="),
    ("form", True, "query", [], ""),
    ("form", True, "query", {}, ""),
    ("form", True, "query", {"a": None, "b": 1}, "b=1"),
    ("form", False, "query", {"a": None, "b": 1}, "p=b,1"),
    ("form", True, "query", {"a": [1, None]}, "a=%5B1%2Cnull%5D"),
    ("form", True, "query", [{"a": None}], "p=%7B%22a%22%3Anull%7D"),
    ("pipeDelimited", True, "query", [1, 2], "p=1&p=2"),
    ("deepObject", True, "query", {}, ""),
    ("deepObject", True, "query", {"a": {"b": {"c": 1}}}, "p%5Ba%5D%5Bb%5D%5Bc%5D=1"),
    ("deepObject", True, "query", {"a": [1, 2], "b": None, "c": {"d": None}}, "p%5Ba%5D=1&p%5Ba%5D=2"),
    (
        "deepObject",
        True,
        "query",
        {"a": [{"b": 1}, {"b": 2}]},
        "p%5Ba%5D%5B0%5D%5Bb%5D=1&p%5Ba%5D%5B1%5D%5Bb%5D=2",
    ),
    ("simple", False, "header", False, "false"),
    ("simple", False, "header", "é", "é"),
    ("simple", False, "header", "a%b, c", "a%b, c"),
    ("simple", False, "header", [], ""),
    ("form", True, "cookie", "a;b é", "p=a%3Bb%20%C3%A9"),
    ("form", True, "cookie", [1, 2], "p=1; p=2"),
    (
        "cookie",
        True,
        "cookie",
        {"greeting": "Hello%2C world!", "code": 42},
        "greeting=Hello%2C world!; code=42",
    ),
    ("matrix", True, "path", [], ";p"),
    ("matrix", False, "path", [], ";p"),
    ("label", True, "path", "a.b", ".a%2Eb"),
    ("simple", False, "path", "a/b?c#d", "a%2Fb%3Fc%23d"),
    ("simple", False, "path", -1.5, "-1.5"),
]


def sent(each: Parameter, value: Any, template: str = "/x{p}y") -> str:
    """What a request has of its only parameter, without what stands around it."""
    template = template.replace("{p}", f"{{{each.name}}}") if each.place == "path" else "/"
    return text_of(each, message("GET", template, [each], [], {each.argument: value}))


def text_of(each: Parameter, request: Message) -> str:
    match each.place:
        case "path":
            return request.path.removeprefix("/x").removesuffix("y")
        case "header" | "cookie":
            return "".join(text for _, text in request.headers)
    return "&".join(f"{name}={text}" if name else text for name, text in request.query)


@pytest.mark.parametrize(("style", "explode", "place", "value", "text"), STYLE_EXAMPLES)
def test_styles_are_those_of_the_specification(
    style: str, explode: bool, place: str, value: Any, text: str
) -> None:
    assert sent(Parameter("c", "color", place, style, explode), value) == text


@pytest.mark.parametrize(("style", "explode", "reserved", "name", "value", "text"), URI_TEMPLATES)
def test_styles_are_those_of_uri_templates(
    style: str, explode: bool, reserved: bool, name: str, value: Any, text: str
) -> None:
    place = "query" if style == "form" else "path"
    assert sent(Parameter("a", name, place, style, explode, reserved), value) == text


@pytest.mark.parametrize(("style", "explode", "place", "value", "text"), OTHERS)
def test_other_values_have_a_place_in_styles(
    style: str, explode: bool, place: str, value: Any, text: str
) -> None:
    assert sent(Parameter("a", "p", place, style, explode), value) == text


@pytest.mark.parametrize(
    ("place", "style"),
    [
        ("query", "form"),
        ("query", "deepObject"),
        ("header", "simple"),
        ("cookie", "form"),
        ("cookie", "cookie"),
    ],
)
def test_null_is_not_sent(place: str, style: str) -> None:
    each = Parameter("a", "p", place, style, explode=True)
    assert message("GET", "/", [each], [], {"a": None}) == message("GET", "/", [each], [], {})
    assert message("GET", "/", [each], [], {}) == Message("GET", "/", (), (), None)


def test_names_are_escaped() -> None:
    assert sent(Parameter("a", "filter[é]", "query", "form", True), 1) == "filter%5B%C3%A9%5D=1"
    assert sent(Parameter("a", "x&y", "query", "form", False, reserved=True), [1, 2]) == "x%26y=1,2"


@pytest.mark.parametrize(
    ("place", "media_type", "value", "text"),
    [
        ("query", "application/json", {"a": [1, None]}, "p=%7B%22a%22%3A%5B1%2Cnull%5D%7D"),
        ("query", "application/json", "x", "p=%22x%22"),
        ("query", "application/vnd.x+json; v=1", [True], "p=%5Btrue%5D"),
        ("query", "text/plain", True, "p=true"),
        ("path", "application/json", {"a": "/"}, "%7B%22a%22%3A%22%2F%22%7D"),
        ("header", "application/json", {"é": "😀"}, '{"\\u00e9":"\\ud83d\\ude00"}'),
        (
            "cookie",
            "application/json",
            {"a": 1},
            "p={%22a%22:1}",
        ),
        ("querystring", "application/json", {"a": 1}, "%7B%22a%22%3A1%7D"),
        ("querystring", "text/plain", "a b&c", "a%20b%26c"),
        ("querystring", "application/x-www-form-urlencoded", {"a": "b c", "d": [1, 2]}, "a=b+c&d=1&d=2"),
    ],
)
def test_content_is_written_by_its_media_type(place: str, media_type: str, value: Any, text: str) -> None:
    assert sent(Parameter("a", "p", place, "", False, media_type=media_type), value) == text


def test_a_query_string_has_the_encoding_of_a_form() -> None:
    media_type = "application/x-www-form-urlencoded"
    parts = {"d": Part(style="pipeDelimited", explode=False)}
    each = Parameter("a", "p", "querystring", "", False, media_type=media_type, parts=parts)
    assert message("GET", "/", [each], [], {"a": {"d": [1, 2]}}).query == (("", "d=1%7C2"),)


def test_each_parameter_is_in_its_place() -> None:
    parameters = [
        Parameter("trip_id", "id", "path", "simple", False),
        Parameter("kind", "id", "query", "form", True),
        Parameter("trace", "X-Trace", "header", "simple", False),
        Parameter("lang", "lang", "cookie", "form", True),
        Parameter("other", "other", "cookie", "cookie", True),
        Parameter("unused", "unused", "query", "form", True),
    ]
    values = {"trip_id": "a b", "kind": "x", "trace": 5, "lang": "de", "other": True}
    request = message("GET", "/trips/{id}/café", parameters, [], values)
    headers = (("X-Trace", "5"), ("Cookie", "lang=de; other=true"))
    assert request == Message("GET", "/trips/a%20b/caf%C3%A9", (("id", "x"),), headers, None)


def test_a_path_may_have_a_query() -> None:
    parameters = [Parameter("a", "a", "path", "simple", False), Parameter("b", "b", "query", "form", True)]
    request = message("GET", "/x?kind={a}&old", parameters, [], {"a": "..", "b": 1})
    assert (request.path, request.query) == ("/x", (("kind", ".."), ("old", ""), ("b", "1")))


def in_path(template: str, value: Any, style: str = "simple", explode: bool = False) -> Message:
    return message("GET", template, [Parameter("it", "p", "path", style, explode)], [], {"it": value})


ELSEWHERE: list[tuple[str, Any, str, bool]] = [
    ("/a/{p}/b", "", "simple", False),
    ("/a/{p}/b", ".", "simple", False),
    ("/a/{p}/b", "..", "simple", False),
    ("/a/{p}/b", [".."], "simple", False),
    ("/a/{p}/b", [], "simple", False),
    ("/a/{p}/b", {}, "simple", True),
    ("/a/{p}/b", None, "simple", False),
    ("/a/{p}", "..", "simple", False),
    ("/{p}?x=1", "..", "simple", False),
    ("/{p};v=1", "..", "simple", False),
    ("/a/.{p}", ".", "simple", False),
    ("/a/.{p}", "", "simple", False),
    ("/a/{p}.", "", "simple", False),
    ("/a/{p}", "", "label", False),
    ("/a/{p}", ".", "label", False),
    ("/a/{p}", None, "label", True),
    ("/a/{p}", [], "label", True),
    ("/a/..{p}", "x", "matrix", True),
]


@pytest.mark.parametrize(("template", "value", "style", "explode"), ELSEWHERE)
def test_a_path_that_would_lead_elsewhere_is_rejected(
    template: str, value: Any, style: str, explode: bool
) -> None:
    with pytest.raises(EncodingError) as caught:
        in_path(template, value, style, explode)
    assert (caught.value.argument, caught.value.rule) == ("it", "path-value")


@pytest.mark.parametrize(
    ("template", "value", "path"),
    [
        ("/a/{p}", "...", "/a/..."),
        ("/a/{p}", "../b", "/a/..%2Fb"),
        ("/a/{p}", "%2e%2e", "/a/%252e%252e"),
        ("/a/v{p}", "..", "/a/v.."),
        ("/a/{p}:cancel", "", "/a/:cancel"),
        ("/a/{p}/", "x", "/a/x/"),
        ("//{p}", "x", "//x"),
    ],
)
def test_a_segment_counts_as_a_whole(template: str, value: str, path: str) -> None:
    assert in_path(template, value).path == path


def test_a_path_needs_all_values() -> None:
    with pytest.raises(EncodingError, match="it: The path lacks a value"):
        message("GET", "/{p}", [Parameter("it", "p", "path", "simple", False)], [], {})


@pytest.mark.parametrize("text", ["a\r\nX: y", "a\nb", "a\0", "\x7f", "€", " a", "a\t", "\ud800"])
def test_what_headers_cannot_have_is_rejected(text: str) -> None:
    values: list[Any] = [text, ["x", text]]
    for value in values if text.strip() == text else [text]:
        with pytest.raises(EncodingError) as caught:
            sent(Parameter("a", "X-A", "header", "simple", False), value)
        assert (caught.value.argument, caught.value.rule) == ("a", "header")


@pytest.mark.parametrize("text", ["a; b=c", "a\r\n", "€"])
def test_what_unescaped_cookies_cannot_have_is_rejected(text: str) -> None:
    with pytest.raises(EncodingError, match=r"^a: "):
        sent(Parameter("a", "p", "cookie", "cookie", True), text)


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf"), b"x", object()])
def test_what_no_text_can_say_is_rejected(value: Any) -> None:
    for each in (value, [value], {"a": value}):
        with pytest.raises(EncodingError) as caught:
            sent(Parameter("a", "p", "query", "form", True), each)
        assert caught.value.argument == "a"
