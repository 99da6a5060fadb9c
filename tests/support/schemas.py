"""Schemas that describe a value more or less, and JSON texts that spell a value more or less."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Json = Any

_NAMES = st.sampled_from(["a", "b", "id", "é", "$ref", "", "a.b", 'q"', "x-y"])
_TEXTS = st.sampled_from(
    ["", "a", "ab", "12", "😀", "é", "a\n", "2015-11-28", "2015-11-28T00:00:00Z", "https://h/a", "a@b.de"]
) | st.text(max_size=4)
_INTEGERS = st.integers(-3, 20) | st.sampled_from(
    [2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**30]
)
_REALS = st.sampled_from([0.5, 1.0, -0.0, 1e15, 1e300, 2.0**53, 1e-7]) | st.floats(-10, 10)
_SCALARS = st.none() | st.booleans() | _INTEGERS | _REALS | _TEXTS
values: st.SearchStrategy[Json] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=8,
)
_PATTERNS = st.sampled_from(["^[a-z0-9]{2}", "[0-9]", "^a", "^(?!x)", "b|c"])
_FORMATS = st.sampled_from(["date", "date-time", "uri", "email", "uuid", "ipv4", "password", "regex", "time"])
_UNIONS = st.sampled_from(["anyOf", "oneOf"])
_NUMBER_FORMATS = st.sampled_from(["int32", "int64", "uint64", "float", "double"])


_REFERRED = "x-referred"  # a schema in the place of a reference


@st.composite
def documents(draw: st.DrawFn, value: Json) -> dict[str, Json]:
    """A document with a schema at /s that describes a value, though perhaps not truly."""
    document: dict[str, Json] = {}
    document["s"] = _with_references(draw(schemas(value)), document)
    return document


def _with_references(value: Json, document: dict[str, Json]) -> Json:
    """A schema in which those that are referred to stand elsewhere in the document."""
    if isinstance(value, list):
        return [_with_references(item, document) for item in value]
    if not isinstance(value, dict):
        return value
    if _REFERRED in value:
        name = f"d{len(document)}"
        document[name] = True
        document[name] = _with_references(value[_REFERRED], document)
        return {"$ref": f"#/{name}"}
    return {name: _with_references(member, document) for name, member in value.items()}


@st.composite
def schemas(draw: st.DrawFn, value: Json) -> Json:
    """A schema of a value, though perhaps not a true one."""
    schema: dict[str, Json] = {}
    if draw(st.integers(0, 9)):
        schema["type"] = draw(st.sampled_from(_types(value)))
    _own(draw, schema, value)
    if not draw(st.integers(0, 9)):
        schema[draw(st.sampled_from(["enum", "examples"]))] = [value, *draw(st.lists(_SCALARS, max_size=2))]
    if not draw(st.integers(0, 19)):
        schema["const"] = value
    return draw(st.sampled_from(_WRAPPERS))(draw, schema, value) if draw(st.booleans()) else schema


def _types(value: Json) -> list[Json]:
    """What the type of a value may be said to be."""
    match value:
        case None:
            return ["null", ["null", "string"], ["object", "null"]]
        case bool():
            return ["boolean", ["boolean", "null"], ["boolean", "integer"]]
        case int():
            return ["integer", "number", ["integer", "string"], ["number", "null"]]
        case float():
            return ["number", ["number", "string"], "integer", ["integer", "number"]]
        case str():
            return ["string", ["string", "null"], ["integer", "string", "boolean"]]
        case list():
            return ["array", ["array", "null"], ["array", "object", "string"]]
        case _:
            return ["object", ["object", "null"], ["array", "object", "string"]]


def _own(draw: st.DrawFn, schema: dict[str, Json], value: Json) -> None:
    """Adds keywords about values of the type of a value."""

    def maybe(keyword: str, strategy: Callable[[], Json]) -> None:
        if not draw(st.integers(0, 3)):
            schema[keyword] = strategy()

    near = st.sampled_from([-1, 0, 0, 0, 1])
    if isinstance(value, str):
        maybe("minLength", lambda: max(0, len(value) - 1 + draw(near)))
        maybe("maxLength", lambda: len(value) + 1 + draw(near))
        maybe("pattern", lambda: draw(_PATTERNS))
        maybe("format", lambda: draw(_FORMATS))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        maybe("minimum", lambda: value - 1 + draw(near))
        maybe("maximum", lambda: value + 1 + draw(near))
        maybe("exclusiveMinimum", lambda: value - 1.5 + draw(near))
        maybe("exclusiveMaximum", lambda: value + 1 + draw(near))
        maybe("multipleOf", lambda: draw(st.sampled_from([1, 2, 5])))
        maybe("format", lambda: draw(_NUMBER_FORMATS))
    elif isinstance(value, list):
        if value:
            items = st.sampled_from(value).flatmap(schemas)
            maybe("items", lambda: draw(items | st.just({"$ref": "#/s"})))
            maybe("prefixItems", lambda: [draw(schemas(value[0]))] if draw(st.booleans()) else [True])
        maybe("minItems", lambda: max(0, len(value) - 1 + draw(near)))
        maybe("maxItems", lambda: len(value) + 1 + draw(near))
        maybe("uniqueItems", lambda: draw(st.booleans()))
    elif isinstance(value, dict):
        _own_of_object(draw, schema, value, maybe)


def _own_of_object(
    draw: st.DrawFn,
    schema: dict[str, Json],
    value: dict[str, Json],
    maybe: Callable[[str, Callable[[], Json]], None],
) -> None:
    names = [*value, "other"]
    schema["properties"] = {name: draw(schemas(value[name])) for name in value if draw(st.integers(0, 4))}
    if not draw(st.integers(0, 4)):
        del schema["properties"]
    if not draw(st.integers(0, 5)):
        schema["properties"] = {**schema.get("properties", {}), "a": {"$ref": "#/s"}}
    maybe("required", lambda: draw(st.lists(st.sampled_from(names), unique=True, max_size=2)))
    maybe("required", lambda: list(value))
    any_value = next(iter(value.values()), 1)
    maybe("additionalProperties", lambda: draw(st.booleans() | schemas(any_value)))
    maybe("minProperties", lambda: max(0, len(value) - draw(st.integers(0, 2))))
    maybe("maxProperties", lambda: len(value) + draw(st.integers(0, 2)))
    maybe(
        "dependentRequired",
        lambda: {draw(st.sampled_from(names)): draw(st.lists(st.sampled_from(names), max_size=1))},
    )
    if not draw(st.integers(0, 9)):
        keyword = draw(st.sampled_from(["patternProperties", "propertyNames", "unevaluatedProperties"]))
        schema[keyword] = {
            "patternProperties": {"^a": draw(schemas(any_value))},
            "propertyNames": {"maxLength": 3},
            "unevaluatedProperties": False,
        }[keyword]


Wrapper = Callable[[st.DrawFn, Json, Json], Json]

_WRAPPERS: list[Wrapper] = [
    lambda draw, schema, _: {_REFERRED: schema},
    lambda draw, schema, value: {"allOf": [schema, draw(schemas(value))]},
    lambda draw, schema, value: {**schema, "allOf": [draw(schemas(value))]},
    lambda draw, schema, _: {draw(_UNIONS): [schema, {"type": "null"}]},
    lambda draw, schema, _: {draw(_UNIONS): [{"type": "null"}, schema, {"type": ["string", "integer"]}]},
    lambda draw, schema, value: {draw(_UNIONS): [schema, draw(schemas(value))]},
    lambda draw, schema, _: {draw(_UNIONS): [schema, draw(schemas(draw(_SCALARS)))]},
    lambda draw, schema, _: {"not": draw(schemas(draw(_SCALARS))), **schema},
    lambda draw, schema, value: {"if": draw(schemas(value)), "then": schema, "else": draw(st.booleans())},
    lambda draw, schema, _: True,
    lambda draw, schema, _: {**schema, "unevaluatedProperties": False},
]


@st.composite
def texts(draw: st.DrawFn, value: Json) -> bytes:
    """A JSON text of a value, or of one that is a little different, or almost one."""
    if not draw(st.integers(0, 2)):
        value = _changed(draw, value)
    text = _spelled(draw, value)
    if not draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(_DAMAGE)) + text[at + draw(st.integers(0, 1)) :]
    return text


def _changed(draw: st.DrawFn, value: Json) -> Json:
    """A value with a part of another."""
    if isinstance(value, dict) and draw(st.integers(0, 3)):
        name = draw(st.sampled_from([*value, "other", "a"]))
        if name in value and draw(st.booleans()):
            return {key: member for key, member in value.items() if key != name}
        return {**value, name: _changed(draw, value.get(name, value))}
    if isinstance(value, list) and value and draw(st.integers(0, 3)):
        return [*value[1:], _changed(draw, value[0])]
    return draw(values)


_DAMAGE = [
    b"",
    b"\xff",
    b"\x00",
    b"\n",
    b'"',
    b"\\",
    b",",
    b"]",
    b"}",
    b"[",
    b"1",
    b"e",
    b"e400",
    b".0",
    b"-",
    b"\xef\xbb\xbf",
]
_DAMAGE += [
    b"\xc0\x80",
    b"\xed\xa0\x80",
    rb"\ud800",
    rb"\udc00",
    rb"\u0000",
    rb"\x41",
    b"NaN",
    b"9" * 400,
    b"9" * 5000,
    b" ",
]
_HIDDEN = [
    b'"\xff"',
    rb'"\ud800"',
    rb'"\udc00x"',
    b"1e400",
    b"9" * 5000,
    b'"\x01"',
    b"NaN",
    b"01",
    b"[1,]",
    b"[" * 300 + b"]" * 300,
]
_HIDDEN += [b'{"a":1,"a":1}', b"1", b'"a"', b"null", b'{"\xff":1}', b"{}", b"[[[]]]", b"1.0", b"-0"]


def _spelled(draw: st.DrawFn, value: Json) -> bytes:
    """A text of a value; rarely with what is no JSON, or another value, hidden in it."""
    if not draw(st.integers(0, 79)):
        return draw(st.sampled_from(_HIDDEN))
    if isinstance(value, dict):
        members = [_text(draw, name) + b":" + _spelled(draw, member) for name, member in value.items()]
        if members and not draw(st.integers(0, 9)):  # the same name twice
            members.insert(
                draw(st.integers(0, 1)),
                _text(draw, next(iter(value))) + b":" + draw(st.sampled_from(_HIDDEN)),
            )
        return b"{" + b", ".join(members) + b"}"
    if isinstance(value, list):
        return b"[" + b", ".join(_spelled(draw, item) for item in value) + b"]"
    if isinstance(value, str):
        return _text(draw, value)
    text = json.dumps(value).encode()
    if isinstance(value, int | float) and not isinstance(value, bool) and not draw(st.integers(0, 5)):
        return draw(st.sampled_from([f"{value:.1f}", f"{value:e}", f"{value}0", f"-{value}"])).encode()
    return text


def _text(draw: st.DrawFn, value: str) -> bytes:
    if not draw(st.integers(0, 3)):
        units = value.encode("utf-16-be")
        return b'"%b"' % b"".join(
            rb"\u%02x%02x" % (units[at], units[at + 1]) for at in range(0, len(units), 2)
        )
    return json.dumps(value, ensure_ascii=draw(st.booleans())).encode()
