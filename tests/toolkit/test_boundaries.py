"""Values beside the boundaries of rules are on the stated side, and detect servers that count wrongly."""

import html
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from support.paths import SPECS
from wirecheck.boundaries import BoundaryValue, boundaries
from wirecheck.engine import Engine
from wirecheck.spec import Document, Spec, load
from wirecheck.spec.document import Place

Json = Any
Violates = Callable[[str], bool]  # whether a text violates a rule
GUESTBOOK = SPECS / "guestbook.yaml"
COMMENT = "/components/schemas/Comment"


@pytest.fixture(scope="module")
def comments() -> Sequence[BoundaryValue]:
    spec = load(GUESTBOOK)
    return boundaries(spec, Engine(spec.document), COMMENT)


def values_of(schema: Json, **others: Json) -> Sequence[BoundaryValue]:
    """The boundary values of a schema in a document of its own, beside others."""
    data = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"S": schema, **others}}}
    document = Document("invented", data, Place(1))
    return boundaries(Spec(document), Engine(document), "/components/schemas/S")


def near(values: Sequence[BoundaryValue], rule: str, *, violated: bool) -> list[Any]:
    """The values at the boundary of a rule, of one side."""
    return [value.value for value in values if value.near == rule and (value.rule is not None) == violated]


# The four rules, counted without the patterns of the document.


def hashtags(text: str) -> list[str]:
    punctuation = "".join(map(chr, [*range(33, 48), *range(58, 65), *range(91, 95), 96, *range(123, 127)]))
    return re.findall(rf"#[^\s{re.escape(punctuation)}][^\s#]*", text)


def urls(text: str) -> int:
    return text.lower().count("http://") + text.lower().count("https://")


def all_capitals(text: str) -> bool:
    return any(map(str.isupper, text)) and not any(map(str.islower, text))


COMMENT_RULES: dict[str, Violates] = {
    "max-length": lambda text: len(text) > 300,
    "max-hashtags": lambda text: len(hashtags(text)) > 4,
    "max-urls": lambda text: urls(text) > 1,
    "not-all-capitals": all_capitals,
}


def script(text: str) -> set[str]:
    """The scripts of the letters of a text, by the first words of their names."""
    return {unicodedata.name(sign).split()[0].split("-")[0] for sign in text if sign.isalpha()}


def assert_sides(values: Sequence[BoundaryValue], rules: dict[str, Violates]) -> None:
    for value in values:
        violated = {rule for rule, violates in rules.items() if violates(value.value)}
        assert violated == ({value.rule} if value.rule else set()), value


@pytest.mark.no_cover
def test_every_value_is_on_its_stated_side(comments: Sequence[BoundaryValue]) -> None:
    assert_sides(comments, COMMENT_RULES)


@pytest.mark.parametrize("rule", COMMENT_RULES)
def test_each_rule_has_both_sides_in_its_first_values(comments: Sequence[BoundaryValue], rule: str) -> None:
    first = [value.rule for value in comments if value.near == rule][:5]
    assert {rule, None} == set(first)


@pytest.mark.no_cover
def test_the_values_are_few_and_distinct_and_so_are_their_labels(comments: Sequence[BoundaryValue]) -> None:
    assert 100 < len(comments) <= 620
    assert len({value.value for value in comments}) == len(comments)
    assert len({value.what for value in comments}) == len(comments)
    spec = load(GUESTBOOK)
    started = time.process_time()
    boundaries(spec, Engine(spec.document), COMMENT)
    assert time.process_time() - started < 4  # seconds, with coverage; a quarter without


def test_examples_of_the_schema_are_included(comments: Sequence[BoundaryValue]) -> None:
    schema = load(GUESTBOOK).document.get(COMMENT)
    by_value = {value.value: value.rule for value in comments}
    assert [by_value[value] for value in schema["examples"]] == [None] * len(schema["examples"])
    for rule, invalid in schema["x-invalid-examples"].items():
        assert [by_value[value] for value in invalid] == [rule] * len(invalid)


@pytest.mark.parametrize(("length", "violated"), [(300, False), (301, True)])
def test_lengths_are_exact_in_every_kind_of_character(
    comments: Sequence[BoundaryValue], length: int, violated: bool
) -> None:
    texts = [text for text in near(comments, "max-length", violated=violated) if len(text) == length]
    assert any(text.isascii() for text in texts)
    assert any(script(text) == {"CYRILLIC"} for text in texts)
    assert any(script(text) == {"CJK"} for text in texts)
    assert any(all(ord(sign) > 0xFFFF for sign in text) for text in texts)
    assert any(sum(map(unicodedata.combining, text)) and len(script(text)) == 1 for text in texts)
    assert any(text != text.strip() for text in texts)
    assert any(len(script(text)) > 1 and any(ord(sign) > 0xFFFF for sign in text) for text in texts)


def test_a_length_is_exceeded_by_one_character(comments: Sequence[BoundaryValue]) -> None:
    assert {len(text) for text in near(comments, "max-length", violated=True)} == {301}


@pytest.mark.parametrize(("count", "violated"), [(4, False), (5, True)])
def test_hashtags_come_in_many_scripts(comments: Sequence[BoundaryValue], count: int, violated: bool) -> None:
    texts = [
        text for text in near(comments, "max-hashtags", violated=violated) if len(hashtags(text)) == count
    ]
    scripts = [script("".join(hashtags(text))) for text in texts]
    for alphabet in ("LATIN", "CYRILLIC", "GREEK", "CJK", "ARABIC"):
        assert {alphabet} in scripts
    assert any(tag.strip("#").isdigit() for text in texts for tag in hashtags(text))
    assert any(len(set(hashtags(text))) == 1 for text in texts)
    assert any(len(text.split()) == 1 for text in texts)


def test_urls_come_in_both_schemes_and_cases(comments: Sequence[BoundaryValue]) -> None:
    one = [text for text in near(comments, "max-urls", violated=False) if urls(text) == 1]
    for scheme in ("http://", "https://", "HTTP://"):
        assert any(scheme in text for text in one)
    two = [text for text in near(comments, "max-urls", violated=True) if urls(text) == 2]
    assert any("http://" in text and "https://" in text for text in two)
    assert any("HTTP://" in text and "HTTPS://" in text for text in two)
    assert any(text.count("http://") == 2 for text in two)
    assert any(text.count("https://") == 2 for text in two)


@pytest.mark.parametrize("alphabet", ["LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "FULLWIDTH"])
def test_capitals_come_in_many_alphabets(comments: Sequence[BoundaryValue], alphabet: str) -> None:
    satisfied = near(comments, "not-all-capitals", violated=False)
    assert any(
        script(text) == {alphabet} and sum(map(str.islower, text)) == 1 < sum(map(str.isupper, text))
        for text in satisfied
    )
    assert any(script(text) == {alphabet} for text in near(comments, "not-all-capitals", violated=True))


def test_caseless_scripts_and_digits_are_no_capitals(comments: Sequence[BoundaryValue]) -> None:
    satisfied = near(comments, "not-all-capitals", violated=False)
    for alphabet in ("CJK", "ARABIC", "HEBREW", "DEVANAGARI", "THAI"):
        assert any(script(text) == {alphabet} for text in satisfied)
    assert any(text.replace(" ", "").isdigit() for text in satisfied)
    violated = near(comments, "not-all-capitals", violated=True)
    assert any(re.search("[0-9]", text) for text in violated)
    assert any(re.search(r"[!.,]", text) for text in violated)


# Servers that count wrongly: what they do -> the rule, and when they consider it violated.

WRONG: dict[str, tuple[str, Violates]] = {
    "one character less": ("max-length", lambda text: len(text) > 299),
    "one character more": ("max-length", lambda text: len(text) > 301),
    "bytes": ("max-length", lambda text: len(text.encode()) > 300),
    "UTF-16 units": ("max-length", lambda text: len(text.encode("utf-16-le")) > 600),
    "graphemes": (
        "max-length",
        lambda text: sum(not unicodedata.combining(sign) for sign in text) > 300,
    ),
    "composed characters": ("max-length", lambda text: len(unicodedata.normalize("NFC", text)) > 300),
    "characters of HTML": ("max-length", lambda text: len(html.escape(text)) > 300),
    "trimmed text": ("max-length", lambda text: len(text.strip()) > 300),
    "letters alone": ("max-length", lambda text: sum(map(str.isalpha, text)) > 300),
    "lines with their ends as one": ("max-length", lambda text: len(text.replace("\r\n", "\n")) > 300),
    "one hashtag less": ("max-hashtags", lambda text: len(hashtags(text)) > 3),
    "one hashtag more": ("max-hashtags", lambda text: len(hashtags(text)) > 5),
    "ASCII hashtags": ("max-hashtags", lambda text: len(re.findall(r"#[a-zA-Z0-9_]", text)) > 4),
    "hashtags of letters": ("max-hashtags", lambda text: len(re.findall(r"#[^\W\d]", text)) > 4),
    "distinct hashtags": ("max-hashtags", lambda text: len(set(hashtags(text))) > 4),
    "words that are hashtags": (
        "max-hashtags",
        lambda text: sum(word[0] == "#" for word in text.split()) > 4,
    ),
    "hashtags between blanks": (
        "max-hashtags",
        lambda text: sum(word[:1] == "#" for word in text.split(" ")) > 4,
    ),
    "number signs": ("max-hashtags", lambda text: text.count("#") > 4),
    "hashtags at the beginning": ("max-hashtags", lambda text: len(hashtags(text[:100])) > 4),
    "hashtags of the first line": ("max-hashtags", lambda text: len(hashtags(text.split("\n")[0])) > 4),
    "http alone": ("max-urls", lambda text: text.lower().count("http://") > 1),
    "small letters alone": ("max-urls", lambda text: len(re.findall("https?://", text)) > 1),
    "one URL less": ("max-urls", lambda text: urls(text) > 0),
    "colons and slashes": ("max-urls", lambda text: text.count("://") > 1),
    "distinct URLs": ("max-urls", lambda text: len(set(re.findall(r"(?i)https?://\S*", text))) > 1),
    "words that are URLs": (
        "max-urls",
        lambda text: sum(word.lower().startswith("http") for word in text.split()) > 1,
    ),
    "URLs in one line": ("max-urls", lambda text: bool(re.search("(?i)https?://.*https?://", text))),
    "URLs of ASCII": ("max-urls", lambda text: len(re.findall(r"(?i)https?://[a-z]", text)) > 1),
    "capitals of ASCII": (
        "not-all-capitals",
        lambda text: bool(re.search("[A-Z]", text)) and not re.search("[a-z]", text),
    ),
    "nothing but capitals": ("not-all-capitals", lambda text: text.isalpha() and text.isupper()),
    "capitals and blanks": (
        "not-all-capitals",
        lambda text: all(sign.isupper() or sign.isspace() for sign in text),
    ),
    "no small letters": ("not-all-capitals", lambda text: not any(map(str.islower, text))),
    "upper-casing changes nothing": ("not-all-capitals", lambda text: text == text.upper()),
    "nearly all capitals": (
        "not-all-capitals",
        lambda text: sum(map(str.isupper, text)) > 5 * sum(map(str.islower, text)) and len(text) > 5,
    ),
    "capitals at the beginning": ("not-all-capitals", lambda text: all_capitals(text[:1])),
    "capitals in the first word": (
        "not-all-capitals",
        lambda text: bool(text.split()) and all_capitals(text.split()[0]),
    ),
}


def first_values(comments: Sequence[BoundaryValue]) -> list[BoundaryValue]:
    """About as many as can be sent where sixty writes an hour are allowed."""
    first: list[BoundaryValue] = []
    for rule in COMMENT_RULES:
        of_rule = [value for value in comments if value.near == rule]
        first += [value for value in of_rule if value.rule is not None][:5]
        first += [value for value in of_rule if value.rule is None][:2]
    return first


@pytest.mark.parametrize("wrong", WRONG)
def test_a_server_that_counts_wrongly_is_detected_by_the_first_values(
    comments: Sequence[BoundaryValue], wrong: str
) -> None:
    rule, rejects = WRONG[wrong]
    first = [value for value in first_values(comments) if value.rule in (rule, None)]
    assert any(rejects(value.value) != (value.rule is not None) for value in first)


@pytest.mark.parametrize(
    ("rule", "counted"), [("max-hashtags", lambda text: len(hashtags(text))), ("max-urls", urls)]
)
def test_a_value_that_combines_much_is_beside_the_boundary(
    comments: Sequence[BoundaryValue], rule: str, counted: Callable[[str], int]
) -> None:
    mixed = [value for value in comments if value.near == rule and ": mixed," in value.what]
    most = max(counted(value.value) for value in mixed if value.rule is None)
    assert sum(counted(value.value) == most + 1 for value in mixed if value.rule) > 5
    assert sum(counted(value.value) == most for value in mixed if value.rule is None) > 5
    assert all(len(script(value.value)) > 1 for value in mixed[:5] if value.rule)


# Other schemas.

SHOUTS: Json = {
    "type": "string",
    "allOf": [
        {
            "x-rule": "few-exclamation-marks",
            "x-message": "At most 3 exclamation marks.",
            "not": {"pattern": r"![\s\S]*![\s\S]*![\s\S]*!"},
        },
        {
            "x-rule": "nothing-is-free",
            "x-message": "Not the word free.",
            "not": {"pattern": "[fF][rR][eE][eE]"},
        },
        {"x-rule": "two-words", "x-message": "At least 2 words.", "pattern": "[^ ] +[^ ]"},
        {"x-rule": "not-short", "x-message": "At least 6 characters.", "minLength": 6},
    ],
    "examples": ["Good day", "How nice! Thank you!"],
    "x-invalid-examples": {
        "few-exclamation-marks": ["Oh! no! yes! maybe! well!"],
        "nothing-is-free": ["Take it, it is free for all"],
        "two-words": ["Goodbye"],
    },
}
SHOUT_RULES: dict[str, Violates] = {
    "few-exclamation-marks": lambda text: text.count("!") > 3,
    "nothing-is-free": lambda text: any(
        text[at : at + 4].translate({ord(a): b for a, b in zip("FRE", "fre", strict=True)}) == "free"
        for at in range(len(text))
    ),
    "two-words": lambda text: len([word for word in text.split(" ") if word]) < 2,
    "not-short": lambda text: len(text) < 6,
}


def test_rules_of_another_schema_have_their_boundaries() -> None:
    values = values_of(SHOUTS)
    assert_sides(values, SHOUT_RULES)
    assert {text.count("!") for text in near(values, "few-exclamation-marks", violated=True)} >= {4, 5}
    assert 3 in {text.count("!") for text in near(values, "few-exclamation-marks", violated=False)}
    free = near(values, "nothing-is-free", violated=True)
    assert any("FREE" in text for text in free)
    assert any("free" in text.split() for text in free)
    assert any("fr ee" in text or "f ree" in text for text in near(values, "nothing-is-free", violated=False))
    assert any(len(text.split()) == 2 for text in near(values, "two-words", violated=False))
    assert "Goodbye" in near(values, "two-words", violated=True)
    assert {len(text) for text in near(values, "not-short", violated=True)} == {5}
    assert 6 in {len(text) for text in near(values, "not-short", violated=False)}


def test_a_rule_without_invalid_examples_has_values_made_of_valid_ones() -> None:
    schema = {**SHOUTS, "x-invalid-examples": {}}
    values = values_of(schema)
    assert_sides(values, SHOUT_RULES)
    assert any(value.rule == "two-words" for value in values)


def test_a_reference_to_a_schema_has_its_values() -> None:
    assert [value.what for value in values_of({"$ref": "#/components/schemas/Shout"}, Shout=SHOUTS)] == [
        value.what for value in values_of(SHOUTS)
    ]


def test_a_value_that_violates_the_rest_of_a_schema_is_left_out() -> None:
    values = values_of({**SHOUTS, "maxLength": 40})
    assert_sides(values, {**SHOUT_RULES, "": lambda text: len(text) > 40})


def rule(name: str, examples: Sequence[Json] = (), **schema: Json) -> Json:
    return {"allOf": [{"x-rule": name, "x-message": "No.", **schema}], "examples": list(examples)}


@pytest.mark.parametrize(
    ("schema", "satisfied", "violated"),
    [
        ({"type": "integer", **rule("r", maximum=200)}, [200], [201]),
        ({"type": "integer", **rule("r", minimum=1)}, [1], [0]),
        ({"type": "integer", **rule("r", exclusiveMaximum=8)}, [7], [8]),
        ({"type": "integer", **rule("r", anyOf=[{"maximum": 4}, {"minimum": 8}])}, [4, 8], [5, 7]),
        ({"type": "integer", **rule("r", multipleOf=5)}, [5], [4]),
        ({"type": "number", **rule("r", maximum=90)}, [90, 90], [91, 90 + 2**-10]),
        ({"type": "array", **rule("r", [["a", "b"]], maxItems=3)}, [["a", "b", "a"]], [["a", "b", "a", "b"]]),
        ({"type": "string", **rule("r", enum=["yes", "no"])}, [], []),
    ],
)
def test_numbers_and_lists_have_both_sides_of_a_limit(
    schema: Json, satisfied: list[Json], violated: list[Json]
) -> None:
    values = values_of(schema)
    assert [value.value for value in values if value.rule == "r"] == violated
    valid = [value.value for value in values if value.near == "r" and value.rule is None]
    assert valid == [value for index, value in enumerate(satisfied) if value not in satisfied[:index]]


def test_a_listed_value_need_not_be_a_text_but_violates_one_rule_only() -> None:
    schema = {**rule("r", [{"a": 1}], required=["a"]), "type": "object", "maxProperties": 1}
    values = values_of({**schema, "x-invalid-examples": {"r": [{"b": 1}, {"b": 1, "c": 2}]}})
    assert [(value.value, value.rule, value.what) for value in values] == [
        ({"b": 1}, "r", "r: listed, violated"),
        ({"a": 1}, None, "example, valid"),
    ]


def test_a_length_is_tested_after_a_required_prefix() -> None:
    values = values_of({"type": "string", "pattern": "^id-", **rule("r", ["id-7"], maxLength=20)})
    lengths = {(len(value.value), value.rule) for value in values if value.near == "r"}
    assert lengths >= {(20, None), (21, "r")}
    assert all(value.value.startswith("id-") for value in values)


def test_a_schema_without_rules_has_its_examples() -> None:
    assert [value.value for value in values_of({"type": "string", "examples": ["a", 5]})] == ["a"]


def test_malformed_examples_are_ignored() -> None:
    schema = {"type": "string", **rule("r", maxLength=2), "examples": 5, "x-invalid-examples": {"r": "abc"}}
    assert {len(value.value) for value in values_of(schema)} == {2, 3}
    assert values_of({**schema, "x-invalid-examples": ["abc"]}) == values_of(schema)
    assert values_of({**schema, "allOf": [True, *schema["allOf"]]}) == values_of(schema)


def test_long_examples_take_no_long_time() -> None:
    long = " ".join(["plain words"] * 2_000)
    pattern = {"not": {"pattern": r"bad[\s\S]*bad"}}
    schema = {"type": "string", **rule("r", ["short", long], **pattern)}
    started = time.process_time()
    values = values_of({**schema, "x-invalid-examples": {"r": [f"{long} bad bad", "bad bad"]}})
    assert time.process_time() - started < 2
    assert {value.rule for value in values} == {"r", None}


def test_the_values_are_the_same_in_every_process() -> None:
    program = (
        "from wirecheck.spec import load; from wirecheck.engine import Engine;"
        "from wirecheck.boundaries import boundaries;"
        f"from pathlib import Path; spec = load(Path({str(GUESTBOOK)!r}));"
        f"print(ascii(boundaries(spec, Engine(spec.document), {COMMENT!r})))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
