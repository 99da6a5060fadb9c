"""Values beside the boundaries of rules: they are where they are said to be, and catch who counts wrongly."""

import html
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from support.paths import CONTRACT
from wirecheck.boundaries import BoundaryValue, boundaries
from wirecheck.engine import Engine
from wirecheck.spec import Document, Spec, load
from wirecheck.spec.document import Place

Json = Any
Counted = Callable[[str], bool]  # whether a text breaks a rule
COMMENT = "/components/schemas/CommentText"


@pytest.fixture(scope="module")
def comments(spec: Spec) -> Sequence[BoundaryValue]:
    return boundaries(spec, Engine(spec.document), COMMENT)


def invented(schema: Json, **others: Json) -> Sequence[BoundaryValue]:
    """The cases of a schema in a document of its own, beside others."""
    data = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"S": schema, **others}}}
    document = Document("invented", data, Place(1))
    return boundaries(Spec(document), Engine(document), "/components/schemas/S")


def values(cases: Sequence[BoundaryValue], rule: str, *, broken: bool) -> list[Any]:
    return [case.value for case in cases if case.near == rule and (case.rule is not None) == broken]


# What the four rules say, counted without a pattern of the document.


def hashtags(text: str) -> list[str]:
    punctuation = "".join(map(chr, [*range(33, 48), *range(58, 65), *range(91, 95), 96, *range(123, 127)]))
    return re.findall(rf"#[^\s{re.escape(punctuation)}][^\s#]*", text)


def urls(text: str) -> int:
    return text.lower().count("http://") + text.lower().count("https://")


def all_capitals(text: str) -> bool:
    return any(map(str.isupper, text)) and not any(map(str.islower, text))


COMMENT_RULES: dict[str, Counted] = {
    "max-length": lambda text: len(text) > 300,
    "max-hashtags": lambda text: len(hashtags(text)) > 4,
    "max-urls": lambda text: urls(text) > 1,
    "not-all-capitals": all_capitals,
}


def script(text: str) -> set[str]:
    """The scripts of the letters of a text, by the first words of their names."""
    return {unicodedata.name(one).split()[0].split("-")[0] for one in text if one.isalpha()}


def assert_true(cases: Sequence[BoundaryValue], rules: dict[str, Counted]) -> None:
    for case in cases:
        broken = {rule for rule, breaks in rules.items() if breaks(case.value)}
        assert broken == ({case.rule} if case.rule else set()), case


def test_every_case_is_on_the_side_it_is_said_to_be_on(comments: Sequence[BoundaryValue]) -> None:
    assert_true(comments, COMMENT_RULES)


@pytest.mark.parametrize("rule", COMMENT_RULES)
def test_each_rule_has_both_sides_in_its_first_cases(comments: Sequence[BoundaryValue], rule: str) -> None:
    first = [case.rule for case in comments if case.near == rule][:5]
    assert {rule, None} == set(first)


def test_the_cases_are_few_different_and_named_apart(comments: Sequence[BoundaryValue]) -> None:
    assert 100 < len(comments) <= 620
    assert len({case.value for case in comments}) == len(comments)
    assert len({case.what for case in comments}) == len(comments)
    spec = load(CONTRACT)
    started = time.process_time()
    boundaries(spec, Engine(spec.document), COMMENT)
    assert time.process_time() - started < 4  # seconds, with coverage; a quarter without


def test_examples_of_the_schema_are_cases(spec: Spec, comments: Sequence[BoundaryValue]) -> None:
    schema = spec.document.get(COMMENT)
    by_value = {case.value: case.rule for case in comments}
    assert [by_value[value] for value in schema["examples"]] == [None] * len(schema["examples"])
    for rule, invalid in schema["x-invalid-examples"].items():
        assert [by_value[value] for value in invalid] == [rule] * len(invalid)


@pytest.mark.parametrize(("length", "broken"), [(300, False), (301, True)])
def test_lengths_are_exact_in_every_kind_of_character(
    comments: Sequence[BoundaryValue], length: int, broken: bool
) -> None:
    texts = [text for text in values(comments, "max-length", broken=broken) if len(text) == length]
    assert any(text.isascii() for text in texts)
    assert any(script(text) == {"CYRILLIC"} for text in texts)
    assert any(script(text) == {"CJK"} for text in texts)
    assert any(all(ord(one) > 0xFFFF for one in text) for text in texts)
    assert any(sum(map(unicodedata.combining, text)) and len(script(text)) == 1 for text in texts)
    assert any(text != text.strip() for text in texts)
    assert any(len(script(text)) > 1 and any(ord(one) > 0xFFFF for one in text) for text in texts)


def test_beyond_a_length_nothing_is_far(comments: Sequence[BoundaryValue]) -> None:
    assert {len(text) for text in values(comments, "max-length", broken=True)} == {301}


@pytest.mark.parametrize(("count", "broken"), [(4, False), (5, True)])
def test_hashtags_come_in_many_scripts(comments: Sequence[BoundaryValue], count: int, broken: bool) -> None:
    texts = [one for one in values(comments, "max-hashtags", broken=broken) if len(hashtags(one)) == count]
    scripts = [script("".join(hashtags(text))) for text in texts]
    for wanted in ("LATIN", "CYRILLIC", "GREEK", "CJK", "ARABIC"):
        assert {wanted} in scripts
    assert any(tag.strip("#").isdigit() for text in texts for tag in hashtags(text))
    assert any(len(set(hashtags(text))) == 1 for text in texts)
    assert any(len(text.split()) == 1 for text in texts)


def test_urls_come_in_both_schemes_and_cases(comments: Sequence[BoundaryValue]) -> None:
    one = [text for text in values(comments, "max-urls", broken=False) if urls(text) == 1]
    for scheme in ("http://", "https://", "HTTP://"):
        assert any(scheme in text for text in one)
    two = [text for text in values(comments, "max-urls", broken=True) if urls(text) == 2]
    assert any("http://" in text and "https://" in text for text in two)
    assert any("HTTP://" in text and "HTTPS://" in text for text in two)
    assert any(text.count("http://") == 2 for text in two)
    assert any(text.count("https://") == 2 for text in two)


@pytest.mark.parametrize("wanted", ["LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "FULLWIDTH"])
def test_capitals_come_in_many_alphabets(comments: Sequence[BoundaryValue], wanted: str) -> None:
    kept = values(comments, "not-all-capitals", broken=False)
    assert any(
        script(text) == {wanted} and sum(map(str.islower, text)) == 1 < sum(map(str.isupper, text))
        for text in kept
    )
    assert any(script(text) == {wanted} for text in values(comments, "not-all-capitals", broken=True))


def test_caseless_scripts_and_digits_are_no_capitals(comments: Sequence[BoundaryValue]) -> None:
    kept = values(comments, "not-all-capitals", broken=False)
    for wanted in ("CJK", "ARABIC", "HEBREW", "DEVANAGARI", "THAI"):
        assert any(script(text) == {wanted} for text in kept)
    assert any(text.replace(" ", "").isdigit() for text in kept)
    broken = values(comments, "not-all-capitals", broken=True)
    assert any(re.search("[0-9]", text) for text in broken)
    assert any(re.search(r"[!.,]", text) for text in broken)


# Servers that count wrongly: the name of what they do -> the rule, and what breaks it for them.

WRONG: dict[str, tuple[str, Counted]] = {
    "one character less": ("max-length", lambda text: len(text) > 299),
    "one character more": ("max-length", lambda text: len(text) > 301),
    "bytes": ("max-length", lambda text: len(text.encode()) > 300),
    "UTF-16 units": ("max-length", lambda text: len(text.encode("utf-16-le")) > 600),
    "graphemes": (
        "max-length",
        lambda text: sum(not unicodedata.combining(one) for one in text) > 300,
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
        lambda text: sum(one[0] == "#" for one in text.split()) > 4,
    ),
    "hashtags between blanks": (
        "max-hashtags",
        lambda text: sum(one[:1] == "#" for one in text.split(" ")) > 4,
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
        lambda text: sum(one.lower().startswith("http") for one in text.split()) > 1,
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
        lambda text: all(one.isupper() or one.isspace() for one in text),
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


def first_cases(comments: Sequence[BoundaryValue]) -> list[BoundaryValue]:
    """About as many as sixty writes an hour have room for."""
    sides = [
        [case for case in comments if case.near == rule and (case.rule is not None) == broken]
        for rule in COMMENT_RULES
        for broken in (True, False)
    ]
    return [
        case
        for outside, inside in zip(sides[::2], sides[1::2], strict=True)
        for case in (*outside[:5], *inside[:2])
    ]


@pytest.mark.parametrize("wrong", WRONG)
def test_who_counts_wrongly_is_caught_by_the_first_cases(
    comments: Sequence[BoundaryValue], wrong: str
) -> None:
    rule, refused = WRONG[wrong]
    first = [case for case in first_cases(comments) if case.rule in (rule, None)]
    assert any(refused(case.value) != (case.rule is not None) for case in first)


@pytest.mark.parametrize(
    ("rule", "counted"), [("max-hashtags", lambda text: len(hashtags(text))), ("max-urls", urls)]
)
def test_a_value_that_combines_much_is_beside_the_boundary(
    comments: Sequence[BoundaryValue], rule: str, counted: Callable[[str], int]
) -> None:
    mixed = [case for case in comments if case.near == rule and ": mixed," in case.what]
    most = max(counted(case.value) for case in mixed if case.rule is None)
    assert sum(counted(case.value) == most + 1 for case in mixed if case.rule) > 5
    assert sum(counted(case.value) == most for case in mixed if case.rule is None) > 5
    assert all(len(script(case.value)) > 1 for case in mixed[:5] if case.rule)


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
SHOUT_RULES: dict[str, Counted] = {
    "few-exclamation-marks": lambda text: text.count("!") > 3,
    "nothing-is-free": lambda text: any(
        text[at : at + 4].translate({ord(a): b for a, b in zip("FRE", "fre", strict=True)}) == "free"
        for at in range(len(text))
    ),
    "two-words": lambda text: len([word for word in text.split(" ") if word]) < 2,
    "not-short": lambda text: len(text) < 6,
}


def test_rules_of_another_schema_have_their_boundaries() -> None:
    cases = invented(SHOUTS)
    assert_true(cases, SHOUT_RULES)
    assert {text.count("!") for text in values(cases, "few-exclamation-marks", broken=True)} >= {4, 5}
    assert 3 in {text.count("!") for text in values(cases, "few-exclamation-marks", broken=False)}
    free = values(cases, "nothing-is-free", broken=True)
    assert any("FREE" in text for text in free)
    assert any("free" in text.split() for text in free)
    assert any("fr ee" in text or "f ree" in text for text in values(cases, "nothing-is-free", broken=False))
    assert any(len(text.split()) == 2 for text in values(cases, "two-words", broken=False))
    assert "Goodbye" in values(cases, "two-words", broken=True)
    assert {len(text) for text in values(cases, "not-short", broken=True)} == {5}
    assert 6 in {len(text) for text in values(cases, "not-short", broken=False)}


def test_a_rule_without_examples_of_what_breaks_it_has_those_made_of_valid_ones() -> None:
    schema = {**SHOUTS, "x-invalid-examples": {}}
    cases = invented(schema)
    assert_true(cases, SHOUT_RULES)
    assert any(case.rule == "two-words" for case in cases)


def test_a_reference_to_a_schema_has_its_cases() -> None:
    assert [case.what for case in invented({"$ref": "#/components/schemas/Shout"}, Shout=SHOUTS)] == [
        case.what for case in invented(SHOUTS)
    ]


def test_what_breaks_the_rest_of_a_schema_is_no_case() -> None:
    cases = invented({**SHOUTS, "maxLength": 40})
    assert_true(cases, {**SHOUT_RULES, "": lambda text: len(text) > 40})


def rule(name: str, examples: Sequence[Json] = (), **schema: Json) -> Json:
    return {"allOf": [{"x-rule": name, "x-message": "No.", **schema}], "examples": list(examples)}


@pytest.mark.parametrize(
    ("schema", "kept", "broken"),
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
    schema: Json, kept: list[Json], broken: list[Json]
) -> None:
    cases = invented(schema)
    assert [case.value for case in cases if case.rule == "r"] == broken
    found = [case.value for case in cases if case.near == "r" and case.rule is None]
    assert found == [value for index, value in enumerate(kept) if value not in kept[:index]]


def test_a_listed_value_that_is_no_text_is_a_case_and_what_breaks_two_rules_is_none() -> None:
    schema = {**rule("r", [{"a": 1}], required=["a"]), "type": "object", "maxProperties": 1}
    cases = invented({**schema, "x-invalid-examples": {"r": [{"b": 1}, {"b": 1, "c": 2}]}})
    assert [(case.value, case.rule, case.what) for case in cases] == [
        ({"b": 1}, "r", "r: listed, broken"),
        ({"a": 1}, None, "example, kept"),
    ]


def test_a_length_behind_a_form_that_must_be_kept_is_tried_there() -> None:
    cases = invented({"type": "string", "pattern": "^id-", **rule("r", ["id-7"], maxLength=20)})
    lengths = {(len(case.value), case.rule) for case in cases if case.near == "r"}
    assert lengths >= {(20, None), (21, "r")}
    assert all(case.value.startswith("id-") for case in cases)


def test_a_schema_without_rules_has_its_examples() -> None:
    assert [case.value for case in invented({"type": "string", "examples": ["a", 5]})] == ["a"]


def test_examples_of_no_use_are_passed_over() -> None:
    schema = {"type": "string", **rule("r", maxLength=2), "examples": 5, "x-invalid-examples": {"r": "abc"}}
    assert {len(case.value) for case in invented(schema)} == {2, 3}
    assert invented({**schema, "x-invalid-examples": ["abc"]}) == invented(schema)
    assert invented({**schema, "allOf": [True, *schema["allOf"]]}) == invented(schema)


def test_long_examples_take_no_long_time() -> None:
    long = " ".join(["plain words"] * 2_000)
    pattern = {"not": {"pattern": r"bad[\s\S]*bad"}}
    schema = {"type": "string", **rule("r", ["short", long], **pattern)}
    started = time.process_time()
    cases = invented({**schema, "x-invalid-examples": {"r": [f"{long} bad bad", "bad bad"]}})
    assert time.process_time() - started < 2
    assert {case.rule for case in cases} == {"r", None}


def test_the_cases_are_the_same_in_every_process() -> None:
    program = (
        "from wirecheck.spec import load; from wirecheck.engine import Engine;"
        "from wirecheck.boundaries import boundaries;"
        f"from pathlib import Path; spec = load(Path({str(CONTRACT)!r}));"
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
