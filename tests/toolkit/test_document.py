"""A document is read as YAML 1.2 or JSON define it, or rejected with file and line."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, Place, join, target, tokens
from wirecheck.spec.text import MAX_DEPTH, read

LONG = "1" * 5_000
DEEP = 100_000


# Builders


def document(content: str | bytes) -> Document:
    """The document of a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.yaml")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path)


def rejection(content: str | bytes) -> tuple[int, str]:
    """The line at which an unusable document is rejected (0 where none is named), and the reason."""
    with pytest.raises(SpecError) as caught:
        document(content)
    match = re.fullmatch(r".*/api\.yaml(?::(\d+))?: (.+)", str(caught.value))
    assert match, f"not `file:line: what` in one line: {caught.value}"
    return int(match[1] or 0), match[2]


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


# Scalars


# What is written, what YAML 1.2 reads (section 10.3.2), whether YAML 1.1 reads something else.
SCALARS: list[tuple[str, Any, bool]] = [
    ("NO", "NO", True),
    ("no", "no", True),
    ("on", "on", True),
    ("Off", "Off", True),
    ("yes", "yes", True),
    ("nO", "nO", False),
    ("true", True, False),
    ("True", True, False),
    ("TRUE", True, False),
    ("tRUE", "tRUE", False),
    ("false", False, False),
    ("12:30", "12:30", True),
    ("190:20:30.15", "190:20:30.15", True),
    ("1_000", "1_000", True),
    ("1_000.5", "1_000.5", True),
    ("0o17", 15, True),
    ("0O17", "0O17", False),
    ("0o18", "0o18", False),
    ("0b11", "0b11", True),
    ("0x1F", 31, False),
    ("0xG", "0xG", False),
    ("-0x1", "-0x1", True),
    ("012", 12, True),
    ("-012", -12, True),
    ("0012", 12, True),
    ("019", 19, True),
    ("0", 0, False),
    ("00", 0, False),
    ("-0", 0, False),
    ("+12", 12, False),
    ("2015-11-28", "2015-11-28", True),
    ("2015-11-28T10:00:00Z", "2015-11-28T10:00:00Z", True),
    ("~", None, False),
    ("", None, False),
    ("null", None, False),
    ("Null", None, False),
    ("nULL", "nULL", False),
    ("1e3", 1000.0, True),
    ("1E+3", 1000.0, True),
    ("1.5e-3", 0.0015, False),
    ("1.", 1.0, False),
    (".5", 0.5, False),
    ("-.5", -0.5, True),
    (".", ".", False),
    ("+", "+", False),
    ("1e", "1e", False),
    ("1.2.3", "1.2.3", False),
    ("=", "=", True),
    ("３", "３", False),
    ("٣", "٣", False),
    ("'NO'", "NO", False),
    ('"12:30"', "12:30", False),
    ("'012'", "012", False),
    ("''", "", False),
    ('"null"', "null", False),
    ('"1e3"', "1e3", False),
    ("!!str 012", "012", False),
    ("!!str null", "null", False),
    ("! 012", "012", False),
    ('! "012"', "012", False),
    ("|-\n  012", "012", False),
    (">-\n  no\n  yes", "no yes", False),
    (r'"\x41\u00e9\U0001F600\/"', "Aé😀/", False),
    ("'it''s'", "it's", False),
    ("a # comment", "a", False),
    ("a#b", "a#b", False),
]


@pytest.mark.parametrize(("text", "value", "ambiguous"), SCALARS)
def test_a_scalar_has_the_meaning_of_yaml_1_2(text: str, value: Any, ambiguous: bool) -> None:
    result = document(f"# one\n\na: {text}\n")
    assert result.data == {"a": value}
    assert type(result.data["a"]) is type(value)
    assert result.ambiguous == (((3, text),) if ambiguous else ())


@pytest.mark.parametrize("text", ["NO", "on", "12:30", "012", "1e3", "2015-11-28"])
def test_an_unquoted_key_is_as_ambiguous_as_a_value(text: str) -> None:
    result = document(f"a:\n  {text}: b")
    assert result.data == {"a": {text: "b"}}
    assert result.ambiguous == ((2, text),)
    assert document(f"a:\n  '{text}': b").ambiguous == ()


def test_whole_numbers_keep_all_their_digits() -> None:
    assert document(f"a: {'9' * 60}").data == {"a": int("9" * 60)}


KEYS = [
    ("200: a", "200"),
    ("'200': a", "200"),
    ("1.50: a", "1.50"),
    ("true: a", "true"),
    ("~: a", "~"),
    ("'': a", ""),
    ("!!str 200: a", "200"),
    ("? 200\n: a", "200"),
    ("'<<': a", "<<"),
    ("/a/{b}: a", "/a/{b}"),
    (f"? {'k' * 3000}\n: a", "k" * 3000),
    ('{"<<": a}', "<<"),
    ("{? k : a}", "k"),
]


@pytest.mark.parametrize(("text", "key"), KEYS)
def test_keys_are_strings_as_they_are_written(text: str, key: str) -> None:
    assert document(text).data == {key: "a"}


# What is rejected


REFUSED: dict[str, tuple[str | bytes, int, str]] = {
    "empty": ("", 0, "is empty"),
    "a comment only": ("# nothing\n", 0, "is empty"),
    "a byte order mark only": (b"\xef\xbb\xbf", 0, "is empty"),
    "invalid UTF-8": (b"a: 1\nb: \xff\n", 2, "is not UTF-8 (byte 8)"),
    "an encoded surrogate": (b"a: \xed\xa0\x80", 1, "is not UTF-8"),
    "UTF-16": ("a: 1".encode("utf-16"), 1, "is not UTF-8"),
    "a control character": ("a: é\nb: é\x01\n", 2, "U+0001"),
    "a null byte": ("a: 1\n\0", 2, "U+0000"),
    "a merge key with a string": ("a: 1\nc:\n  <<: b", 3, "a merge key (<<) must have an object"),
    "a merge key with a list of strings": ("a: {<<: [b]}", 1, "a merge key (<<) must have an object"),
    "a merge key with null": ("<<:", 1, "a merge key (<<) must have an object"),
    "a foreign tag": ("a:\n  b: !secret x", 2, "the tag '!secret' is not JSON"),
    "a foreign tag on a map": ("a: !map {}", 1, "the tag '!map'"),
    "a foreign tag on a key": ("!key a: 1", 1, "the tag '!key'"),
    "a tag with a line break": ("a: !%0Aevil 1", 1, "the tag"),
    "a binary": ("a: !!binary aGk=", 1, "the tag"),
    "a timestamp by tag": ("a: !!timestamp 2015-11-28", 1, "the tag"),
    "a set": ("a: !!set {b}", 1, "the tag"),
    "a python object": ("a: !!python/object/apply:os.system [id]", 1, "the tag"),
    "the tag of a list on a map": ("a: !!seq {}", 1, "the tag"),
    "the tag of a map on a list": ("a: !!map []", 1, "the tag"),
    "two documents": ("a: 1\n---\nb: 2", 2, "more than one document"),
    "two documents, the first empty": ("---\n---\na: 1", 2, "more than one document"),
    "two JSON documents": ('{"a": 1}\n{"b": 2}', 2, "neither YAML nor JSON"),
    "a list as key": ("a: 1\n? [b]\n: 2", 2, "a key must be a plain string"),
    "a map as key": ("? {a: 1}\n: 2", 1, "a key must be a plain string"),
    "an alias as key": ("a: &a b\n*a : 2", 2, "a key must be a plain string"),
    "an unknown alias": ("a: 1\nb: *a", 2, "*a does not name a complete value"),
    "a cyclic list": ("a: &a [1, *a]", 1, "*a does not name a complete value"),
    "a cyclic map": ("&a a: 1\nb: &b\n  c: *b", 3, "*b does not name a complete value"),
    "a cyclic root": ("&a\nb: *a", 2, "*a does not name a complete value"),
    "billion laughs": (laughs(10), 5, "aliases expand"),
    "an open bracket": ("a: [1,\nb", 3, "neither YAML nor JSON"),
    "a tab as indentation": ("a:\n\tb: 1", 2, "neither YAML nor JSON"),
    "a colon too many": ("a: b: c", 1, "neither YAML nor JSON"),
    "an unknown directive": ("%YAML 2.0\n---\na: 1", 1, "neither YAML nor JSON"),
    "an unknown escape": ('a: "\\q"', 1, "neither YAML nor JSON"),
    "a lone surrogate": ('{"a": "\\ud83d"}', 1, "neither YAML nor JSON"),
    "surrogates the wrong way round": ('{"a": "\\ude00\\ud83d"}', 1, "neither YAML nor JSON"),
    "surrogates apart": ('{"a": "\\ud83d \\ude00"}', 1, "neither YAML nor JSON"),
    "surrogates of no digits": ('{"a": "\\ud8zz\\udczz"}', 1, "neither YAML nor JSON"),
    "JSON cut short": ('{"a": 1,\n "b": ', 3, "neither YAML nor JSON"),
    "JSON with a tail": ('{"a": 1} x', 1, "neither YAML nor JSON"),
    "an infinite number": ("a: 1\nb: 1e400", 2, "too large"),
    "a JSON number beyond all": ('{"a": -1e400}', 1, "too large"),
    "a whole number beyond all": (f"a: {LONG}", 1, "too large"),
    "100,000 brackets": ("a: " + "[" * DEEP, 1, f"more than {MAX_DEPTH} levels"),
    "100,000 closed brackets": ("a: " + "[" * DEEP + "]" * DEEP, 1, f"more than {MAX_DEPTH} levels"),
    "100,000 brackets in JSON": ('{"a":' * DEEP, 1, f"more than {MAX_DEPTH} levels"),
    "100,000 braces": ("{" * DEEP, 1, "a key must be a plain string"),
    "100,000 items in items": ("- " * DEEP, 1, f"more than {MAX_DEPTH} levels"),
    "100,000 questions": ("? " * DEEP, 1, "a key must be a plain string"),
    "1,000 blocks in blocks": (
        "\n".join(" " * depth + "a:" for depth in range(1_000)),
        MAX_DEPTH + 1,
        f"more than {MAX_DEPTH} levels",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_json_cannot_express_is_rejected_at_its_line(case: str) -> None:
    content, line, what = REFUSED[case]
    actual_line, reason = rejection(content)
    assert what in reason
    assert actual_line == line


# The text -> the line, the pointer, and what is read.
REPEATED: dict[str, tuple[str, int, str, Any]] = {
    "a key twice": ("a: 1\nb: 2\na: 3", 3, "/a", {"a": 3, "b": 2}),
    "a key twice, once quoted": ("1: a\n'1': b", 2, "/1", {"1": "b"}),
    "a key twice in JSON": ('{"a": 1,\n "\\u0061": 2}', 2, "/a", {"a": 2}),
    "a key twice in a flow": ("a: {b/: 1, b/: 2}", 1, "/a/b~1", {"a": {"b/": 2}}),
    "an object twice": ("a: {b: 1}\na:\n  c: 1", 2, "/a", {"a": {"c": 1}}),
}


@pytest.mark.parametrize("case", REPEATED)
def test_the_last_of_two_keys_counts_which_is_a_problem(case: str) -> None:
    content, line, pointer, data = REPEATED[case]
    result = document(content)
    assert result.data == data
    [problem] = result.problems
    assert (result.line(problem.pointer), problem.pointer) == (line, pointer)
    assert "is there twice, and the last one counts" in problem.message
    assert problem.usable


# The text -> what it means, and the lines of some values.
MERGED: dict[str, tuple[str, Any, dict[str, int]]] = {
    "an alias": ("a: &a {b: 1}\nc:\n  <<: *a", {"a": {"b": 1}, "c": {"b": 1}}, {"/c": 2, "/c/b": 1}),
    "in a flow": ("a: {<<: {b: 1}}", {"a": {"b": 1}}, {"/a/b": 1}),
    "own members win, before": (
        "a: &a\n  b: 1\n  d: 2\nc:\n  b: 3\n  <<: *a",
        {"a": {"b": 1, "d": 2}, "c": {"b": 3, "d": 2}},
        {"/c/b": 5, "/c/d": 3},
    ),
    "own members win, after": (
        "a: &a {b: 1}\nc:\n  <<: *a\n  b: 3",
        {"a": {"b": 1}, "c": {"b": 3}},
        {"/c/b": 4},
    ),
    "the first of a list wins": (
        "- &a {b: 1}\n- &b {b: 2,\n   c: 3}\n- <<: [*a, *b]",
        [{"b": 1}, {"b": 2, "c": 3}, {"b": 1, "c": 3}],
        {"/2/b": 1, "/2/c": 3},
    ),
    "of a merge": (
        "- &a {b: 1}\n- &c\n  <<: *a\n  d: 2\n- <<: *c",
        [{"b": 1}, {"b": 1, "d": 2}, {"b": 1, "d": 2}],
        {"/2/b": 1, "/2/d": 4},
    ),
    "quoted, it is a key": ("a: {'<<': {b: 1}}", {"a": {"<<": {"b": 1}}}, {"/a/<</b": 1}),
}


@pytest.mark.parametrize("case", MERGED)
def test_merge_keys_are_those_of_yaml_1_1(case: str) -> None:
    content, data, lines = MERGED[case]
    result = document(content)
    assert result.data == data
    assert {pointer: result.line(pointer) for pointer in lines} == lines
    assert result.problems == ()


def test_merges_count_as_aliases_do() -> None:
    levels = [f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: *a{n - 1}}}" for n in range(1, 40)]
    assert "aliases expand" in rejection("a0: &a0 {b: 1}\n" + "\n".join(levels))[1]


def test_depth_is_rejected_only_beyond_the_limit() -> None:
    brackets = MAX_DEPTH - 1  # the object at the top is a level too
    nested: Any = document("a: " + "[" * brackets + "]" * brackets).data["a"]
    for _ in range(brackets - 1):
        (nested,) = nested
    assert nested == []
    assert rejection("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)[1].startswith("is nested")


def test_a_few_aliases_are_allowed() -> None:
    data = document(laughs(4)).data
    assert json.dumps(data["a3"]).count("lol") == 10**4


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read(tmp_path / "gone.yaml")
    assert caught.value.where == str(tmp_path / "gone.yaml")
    assert "cannot be read" in caught.value.what


def test_a_directory_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read(tmp_path)
    assert caught.value.where == str(tmp_path)
    assert "cannot be read" in caught.value.what


# Valid documents with a little damage: pure noise never gets past the scanner.
TRUTHS = [
    '{"openapi": "3.1.0", "paths": {"/a": {"get": {"x": ["\\ud83d\\ude00", 1.5e3, null, "\\u00e9\\\\"]}}}}',
    "openapi: 3.1.0\npaths:\n  /a/{b}: &b\n    get: {x: [NO, 012, ~, 'q', \"\\u00e9\"]}\n  /c: *b\n",
    "a: |\n  text\nb: >-\n  folded\n? c\n: - d\n  - e: !!str 1\n%k: 2\n",
]
SPICE = st.sampled_from(
    [*'{}[]:,-?&*!|>"%@`#~\\\t\n ', "'", "---", "<<: ", "\\ud83d", "\\u", "\x85", "\x7f", "!%0A"]
)


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TRUTHS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 6)))
        text = text[:start] + draw(SPICE | st.text(max_size=3)) + text[end:]
    return text


def read_or_rejected(content: bytes) -> None:
    result: Document | SpecError
    try:
        result = document(content)
    except SpecError as error:
        result = error
    if isinstance(result, SpecError):
        assert len(str(result).splitlines()) == 1
        assert result.where.rpartition("/")[2].startswith("api.yaml")
    else:
        json.dumps(result.data, allow_nan=False).encode()
        assert 1 <= result.line("") <= content.count(b"\n") + content.count(b"\r") + 1


@given(content=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8")))
@example(content=b"\xef\xbb\xbf\xef\xbb\xbfa: 1")
def test_any_bytes_are_read_or_rejected(content: bytes) -> None:
    read_or_rejected(content)


@settings(max_examples=150)
@given(text=damaged_texts())
@example(text='{"a":"\\ud8zz\\udczz"}')
@example(text="!%0Aevil a: 1")
def test_a_damaged_document_is_read_or_rejected(text: str) -> None:
    read_or_rejected(text.encode("utf-8"))


# JSON


JSON_TEXTS: list[tuple[str, Any]] = [
    ('\t{\t"a"\t:\t1\t,\n\t"b":\t[\t]\t}\t\n\t', {"a": 1, "b": []}),
    ('{"a"\n:\n1}', {"a": 1}),
    ('{"a"\r\n\t: {"b"\n\n:2}}', {"a": {"b": 2}}),
    ('{"a":1,"b":2}', {"a": 1, "b": 2}),
    ('{"a":"\\ud83d\\ude00"}', {"a": "😀"}),
    ('{"a":"\\uD83D\\uDE00\\ud83d\\ude01"}', {"a": "😀😁"}),
    ('{"\\ud83d\\ude00":1}', {"😀": 1}),
    (r'{"a":"\\ud83d\\ude00"}', {"a": r"\ud83d\ude00"}),
    (r'{"a":"\\\ud83d\ude00"}', {"a": "\\😀"}),
    (r'{"a":"\/\b\f\n\r\t\"\\"}', {"a": '/\b\f\n\r\t"\\'}),
    (r'{"a":"\u0000\u001f"}', {"a": "\0\x1f"}),
    (r'{"a":"\t\t"}', {"a": "\t\t"}),
    (
        '{"a":"x \x85 \x7f\x9f \u2028 \u2029\ufeff\ufffe\uffff"}',
        {"a": "x \x85 \x7f\x9f \u2028 \u2029\ufeff\ufffe\uffff"},
    ),
    ('{"a":["x:",":y"],"b":"\\": {"}', {"a": ["x:", ":y"], "b": '": {'}),
    ('{"a":"# no comment","b":"&x *y !z"}', {"a": "# no comment", "b": "&x *y !z"}),
    (json.dumps({"k" * 5000: 1}), {"k" * 5000: 1}),
    ('{"":{"":[]}}', {"": {"": []}}),
    ('\ufeff{"a":1}', {"a": 1}),
    ('{"a":-0.0}', {"a": -0.0}),
    ('{"a":1E2,"b":12345678901234567890123}', {"a": 100.0, "b": 12345678901234567890123}),
    ('{"a":"NO","b":"12:30","on":true}', {"a": "NO", "b": "12:30", "on": True}),
]


@pytest.mark.parametrize(("text", "value"), JSON_TEXTS)
def test_json_has_the_meaning_of_rfc_8259(text: str, value: Any) -> None:
    assert document(text).data == value


def test_yaml_in_braces_keeps_its_tabs() -> None:
    assert document("{a: 'x\ty', b: \"\tz\"} # not JSON").data == {"a": "x\ty", "b": "\tz"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)
LAYOUTS: list[dict[str, Any]] = [
    {},
    {"indent": 2},
    {"indent": "\t"},
    {"indent": 0, "ensure_ascii": False},
    {"separators": (",", ":")},
    {"separators": (",", ":"), "ensure_ascii": False},
    {"separators": ("\t,\r\n", "\n\t:\t")},
    {"separators": ("\n,", "\r\n:"), "ensure_ascii": False},
]


@settings(max_examples=100)
@given(data=st.dictionaries(st.text(), JSON, max_size=5), layout=st.sampled_from(LAYOUTS))
@example(data={"a": ["x:", ":y"]}, layout=LAYOUTS[4])
@example(data={"a": 5e-324, "b": 1.7976931348623157e308, "c": 10**400}, layout=LAYOUTS[0])
def test_json_in_any_layout_reads_back_equal(data: dict[str, Any], layout: dict[str, Any]) -> None:
    assert json.dumps(document(json.dumps(data, **layout)).data) == json.dumps(data)


# Lines and pointers


LINED = """\
openapi: 3.1.0

paths:
  /a~b/{c}:
    get: &get
      tags: [one,
        two]
      200:
        - x: 1
        -
          y: 2
    put: *get
  "":
    ? complex
    :
      deep: 1
list:
- - a
  - b
"""
LINES = {
    "": 1,
    "/openapi": 1,
    "/paths": 3,
    "/paths/~1a~0b~1{c}": 4,
    "/paths/~1a~0b~1{c}/get": 5,
    "/paths/~1a~0b~1{c}/get/tags/0": 6,
    "/paths/~1a~0b~1{c}/get/tags/1": 7,
    "/paths/~1a~0b~1{c}/get/200": 8,
    "/paths/~1a~0b~1{c}/get/200/0/x": 9,
    "/paths/~1a~0b~1{c}/get/200/1": 11,  # not that of its dash
    "/paths/~1a~0b~1{c}/get/200/1/y": 11,
    "/paths/~1a~0b~1{c}/put": 12,  # of the alias,
    "/paths/~1a~0b~1{c}/put/200/1/y": 11,  # and of its value where that is written
    "/paths/": 13,
    "/paths//complex": 14,
    "/paths//complex/deep": 16,
    "/list/0/0": 18,
    "/list/0/1": 19,
    # The nearest ancestor that exists.
    "/nothing": 1,
    "/paths/~1a~0b~1{c}/get/tags/9": 6,
    "/paths/~1a~0b~1{c}/get/tags/x/y": 6,
    "/openapi/deeper": 1,
}


@pytest.mark.parametrize(("pointer", "line"), LINES.items())
def test_a_line_is_that_of_the_key_or_the_item(pointer: str, line: int) -> None:
    assert document(LINED).line(pointer) == line


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_what_broke_lines_in_yaml_1_1_is_a_character_like_any_other(character: str) -> None:
    text = "a{0}b: c{0}d # e{0}f\nquoted: 'g{0} h'\nblock: |\n  i{0}j: k\n  l\n'x{0}': [m{0},\n  n]\n"
    read = document(text.format(character))
    assert read.data == {
        f"a{character}b": f"c{character}d",
        "quoted": f"g{character} h",
        "block": f"i{character}j: k\nl\n",
        f"x{character}": [f"m{character}", "n"],
    }
    assert [read.line(f"/{name}") for name in ("quoted", "block", f"x{character}")] == [2, 3, 6]


def test_lines_of_json_are_those_of_its_file() -> None:
    result = document('{\n"a"\n:\n{"b":\n[1,\n2]\n}}')
    assert [result.line(pointer) for pointer in ("", "/a", "/a/b", "/a/b/0", "/a/b/1")] == [1, 2, 4, 5, 6]


def test_an_alias_has_the_same_value() -> None:
    data = document(LINED).data["paths"]["/a~b/{c}"]
    assert data["put"] == data["get"] == {"tags": ["one", "two"], "200": [{"x": 1}, {"y": 2}]}


def test_an_anchor_may_be_used_again_for_something_else() -> None:
    assert document("a: &x 1\nb: *x\nc: &x 2\nd: *x").data == {"a": 1, "b": 1, "c": 2, "d": 2}


# RFC 6901, section 5, and what is not an index (section 4).
RFC_6901 = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
    "~1": 9,
}
POINTERS = {
    "/foo": ["bar", "baz"],
    "/foo/0": "bar",
    "/": 0,
    "/a~1b": 1,
    "/c%d": 2,
    "/e^f": 3,
    "/g|h": 4,
    "/i\\j": 5,
    '/k"l': 6,
    "/ ": 7,
    "/m~0n": 8,
    "/~01": 9,
}


@pytest.mark.parametrize(("pointer", "value"), POINTERS.items())
def test_a_pointer_names_the_value_that_rfc_6901_defines(pointer: str, value: Any) -> None:
    assert document(json.dumps(RFC_6901)).get(pointer) == value


@pytest.mark.parametrize(
    "pointer", ["/foo/2", "/foo/-", "/foo/-1", "/foo/+1", "/foo/٣", "/foo/", "/no", "/a~1b/0"]
)
def test_a_pointer_to_nothing_is_a_key_error(pointer: str) -> None:
    with pytest.raises(KeyError):
        document(json.dumps(RFC_6901)).get(pointer)


@pytest.mark.parametrize("index", ["01", "00", "0x1", LONG])
def test_what_is_not_an_index_names_no_item(index: str) -> None:
    with pytest.raises(KeyError):
        document('{"foo": [1, 2]}').get(f"/foo/{index}")


@given(keys=st.lists(st.text()))
def test_joined_keys_come_back_as_tokens(keys: list[str]) -> None:
    assert list(tokens(join("", *keys))) == keys


@given(keys=st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4), value=st.integers())
def test_a_value_is_where_its_keys_lead(keys: list[str], value: int) -> None:
    data: Any = value
    for key in reversed(keys):
        data = {key: [data]}
    pointer = "".join(join("", key, 0) for key in keys)
    assert document(json.dumps(data)).get(pointer) == value


def test_the_target_of_a_reference_is_percent_decoded() -> None:
    assert target("#/paths/~1a~1%7Bb%7D/x%25y") == "/paths/~1a~1{b}/x%y"


def test_a_chain_of_references_is_followed_to_its_end() -> None:
    result = document("a: {$ref: '#/b'}\nb: {$ref: '#/c~1d'}\nc/d: {e: 1}")
    assert result.follow("/a") == "/c~1d"
    assert result.follow("/c~1d/e") == "/c~1d/e"


def test_a_circle_of_references_is_rejected() -> None:
    with pytest.raises(SpecError, match=r"api\.yaml:\d: .*leads back to itself"):
        document("a: {$ref: '#/b'}\nb: {$ref: '#/a'}").follow("/a")


@pytest.mark.parametrize(
    ("data", "is_there"),
    [
        ({"a": [{"format": "password"}]}, True),
        ({"a": {"format": "pass"}, "password": "format"}, False),
        ({"a": 'in a text: "format":"password"'}, False),
        ({"format": "password", "a": "\ud800"}, True),
        ({"format": "date", "a": "\ud800"}, False),
    ],
    ids=["nested", "other values", "quoted", "beside a lone surrogate", "not beside a lone surrogate"],
)
def test_a_member_is_found_wherever_it_is(data: dict[str, Any], is_there: bool) -> None:
    assert Document("a.yaml", data, Place(1)).has_member("format", "password") == is_there
