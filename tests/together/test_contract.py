"""The bundled contract says what it promises to say, and its rules mean what they say."""

import re
import signal
import unicodedata
from collections.abc import Iterator
from types import FrameType
from typing import Any

import jsonschema
import pytest

from support.paths import CONTRACT
from wirecheck.engine import Engine
from wirecheck.lint import Ruleset, lint
from wirecheck.spec import Kind, load, walk

REFERENCE = {
    "comments": {"listComments", "createComment", "deleteComment"},
    "geographies": {"listGeographyRecentMedia"},
    "likes": {"listLikes", "likeMedia", "unlikeMedia"},
    "locations": {"searchLocations", "getLocation", "listLocationRecentMedia"},
    "media": {"listPopularMedia", "searchMedia", "getMediaByShortcode", "getMedia"},
    "relationships": {
        *("listRequestedBy", "listFollowedBy", "listFollows", "getRelationship", "updateRelationship"),
    },
    "tags": {"searchTags", "getTag", "listTagRecentMedia"},
    "users": {"searchUsers", "getFeed", "listLikedMedia", "getUser", "listUserRecentMedia"},
}
ADDITIONS = {"subscriptions", "oauth", "embedding"}
SPEC = load(CONTRACT)
DOCUMENT = SPEC.document
COMMENT = "/components/schemas/CommentText"


def text(value: Any, path: Any) -> str:
    return str(value)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    return ((one.name, DOCUMENT.get(one.pointer)) for one in SPEC.operations)


def test_the_linter_finds_no_problem_by_any_rule_set() -> None:
    assert lint(SPEC, list(Ruleset)) == []


def test_it_has_the_27_operations_of_the_reference_under_one_tag_each() -> None:
    found: dict[str, set[str]] = {}
    for name, operation in operations():
        [tag] = operation["tags"]
        found.setdefault(tag, set()).add(name)
    assert {tag: names for tag, names in found.items() if tag not in ADDITIONS} == REFERENCE
    assert sum(map(len, REFERENCE.values())) == 27


def test_additions_are_marked() -> None:
    for _, operation in operations():
        marked = "(addition)" in operation["summary"]
        assert marked == (operation["tags"][0] in ADDITIONS)
    assert {tag["name"] for tag in DOCUMENT.data["tags"] if "Addition" in tag["description"]} >= ADDITIONS


def test_what_was_withdrawn_is_deprecated() -> None:
    withdrawn = {name for name, operation in operations() if operation.get("deprecated")}
    assert withdrawn == {"listGeographyRecentMedia", "listPopularMedia", "getFeed"}


def test_no_response_is_left_to_default() -> None:
    for one in SPEC.operations:
        assert all(re.fullmatch("[234][0-9][0-9]", status) for status in one.statuses), one.name


def test_operations_of_the_reference_document_their_refusals() -> None:
    names = set().union(*REFERENCE.values())
    for one in SPEC.operations:
        if one.name in names:
            assert {"200", "400", "403", "429"} <= set(one.statuses), one.name
            assert one.security, one.name
    assert [one.name for one in SPEC.operations if "404" in one.statuses and one.name in names] == ["getUser"]


def test_every_string_parameter_is_bounded() -> None:
    for node in walk(DOCUMENT):
        if node.kind is Kind.PARAMETER and node.ref is None:
            schema = node.value["schema"]
            assert schema["type"] != "string" or "enum" in schema or "maxLength" in schema, node.pointer


def test_every_parameter_and_every_response_has_an_example() -> None:
    for node in walk(DOCUMENT):
        if node.ref is None and node.kind in (Kind.PARAMETER, Kind.HEADER, Kind.MEDIA_TYPE):
            assert "example" in node.value or node.value.get("examples"), node.pointer


def test_statuses_are_repeated_in_the_body() -> None:
    engine = Engine(DOCUMENT)
    refusal = {"error_type": "OAuthException", "error_message": "no"}
    for one in SPEC.operations:
        for response in one.responses:
            if one.name in set().union(*REFERENCE.values()) and response.status != "200":
                [media_type] = response.content
                assert media_type.schema is not None
                right, wrong = {"code": int(response.status), **refusal}, {"code": 418, **refusal}
                assert engine.is_valid(media_type.schema, right)
                assert engine.is_valid(media_type.schema, {"meta": right})
                assert not engine.is_valid(media_type.schema, wrong)
                assert not engine.is_valid(media_type.schema, {"meta": wrong})


def test_only_errors_of_comments_and_of_oauth_may_be_flat() -> None:
    engine = Engine(DOCUMENT)
    for name, valid in (("OAuthException", True), ("APICommentTooLongError", True), ("APIError", False)):
        error = {"code": 400, "error_type": name, "error_message": "no"}
        assert engine.is_valid("/components/schemas/FlatError", error) == valid
    assert not engine.is_valid("/components/schemas/EmptyEnvelope", {"meta": {"code": 400}, "data": None})


def test_writes_answer_null() -> None:
    engine = Engine(DOCUMENT)
    for name in ("deleteComment", "likeMedia", "unlikeMedia"):
        operation = next(one for one in SPEC.operations if one.name == name)
        response = operation.response(200)
        assert response is not None
        schema = response.content[0].schema
        assert schema is not None
        assert engine.is_valid(schema, {"meta": {"code": 200}, "data": None})
        assert not engine.is_valid(schema, {"meta": {"code": 200}, "data": {}})
        assert not engine.is_valid(schema, {"meta": {"code": 200}})


def test_objects_are_open() -> None:
    for node in walk(DOCUMENT):
        if node.kind is Kind.SCHEMA and isinstance(node.value, dict):
            assert node.value.get("additionalProperties", True) is True, node.pointer
            assert "unevaluatedProperties" not in node.value, node.pointer


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
EPOCH = 1314220021721


def examples_of(name: str) -> Iterator[dict[str, Any]]:
    """Every object in an example that has a member of that name."""
    pending: list[Any] = [node.value for node in walk(DOCUMENT) if node.kind is Kind.MEDIA_TYPE]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += value.values()
            if name in value and "id" in value:
                yield value
        elif isinstance(value, list):
            pending += value


def test_example_ids_carry_their_time_and_their_shortcode() -> None:
    media = list(examples_of("link"))
    assert len(media) > 3
    for one in media:
        number, owner = one["id"].split("_")
        code = re.findall("/p/([^/]+)/", one["link"])[0]
        decoded = 0
        for character in code:
            decoded = decoded * 64 + ALPHABET.index(character)
        assert decoded == int(number)
        assert owner == one["user"]["id"]
        assert ((int(number) >> 23) + EPOCH) // 1000 == int(one["created_time"])


# The rules of comments. For each text: the rules it breaks.
LONG = "max-length"
TAGS = "max-hashtags"
URLS = "max-urls"
CAPITALS = "not-all-capitals"
RULES: list[tuple[str, set[str]]] = [
    ("fine", set()),
    ("x" * 300, set()),
    ("x" * 301, {LONG}),
    ("é" * 300, set()),
    ("🌅" * 300, set()),
    ("🌅" * 301, {LONG}),
    ("e\u0301" * 150, set()),
    ("e\u0301" * 150 + "x", {LONG}),
    ("#a #b #c #d", set()),
    ("#a #b #c #d #e", {TAGS}),
    ("#a#b#c#d#e", {TAGS}),
    ("#a ##b #c #d #e", {TAGS}),
    ("#a #b #c #d # e", set()),
    ("#a #b #c #d #", set()),
    ("#a #b #c #d #!", set()),
    ("#a #b #c #d #_", {TAGS}),
    ("#один #два #三 #tέσσερα #5", {TAGS}),
    ("#a\n#b\n#c\n#d\n#e", {TAGS}),
    ("#a #b #c #d #🌅", {TAGS}),
    ("see http://a.example", set()),
    ("see http://a.example and https://b.example", {URLS}),
    ("HTTP://a.example\nhTTps://b.example", {URLS}),
    ("http://a.example/?u=https://b.example", {URLS}),
    ("a.example and b.example", set()),
    ("LOUD", {CAPITALS}),
    ("LOUD 2015!", {CAPITALS}),
    ("LOUD\nAND LOUD", {CAPITALS}),
    ("LOUd", set()),
    ("A", {CAPITALS}),
    ("2015", set()),
    ("!?", set()),
    ("美しい", set()),
    ("شكرا", set()),
    ("ŁÓDŹ", {CAPITALS}),
    ("łÓDŹ", set()),
    ("ΑΘΗΝΑ", {CAPITALS}),
    ("Αθήνα", set()),
    ("МОСКВА", {CAPITALS}),
    ("МОСКВа", set()),
    ("ЇЖАК", {CAPITALS}),
    ("ԵՐԵՎԱՆ", {CAPITALS}),
    ("ẞTRASSE", {CAPITALS}),
    ("STRAßE", set()),
    ("VIỆT NAM", {CAPITALS}),
    ("Việt", set()),
    ("\uff2c\uff2f\uff35\uff24", {CAPITALS}),
    ("#A #B #C #D #E", {TAGS, CAPITALS}),
]


@pytest.mark.parametrize(("comment", "broken"), RULES, ids=[ascii(comment)[:30] for comment, _ in RULES])
def test_the_rules_of_comments(comment: str, broken: set[str]) -> None:
    engine = Engine(DOCUMENT)
    found = {
        DOCUMENT.get(violation.rule)["x-rule"] if violation.rule else violation.spec_pointer
        for violation in engine.violations(COMMENT, comment, text)
    }
    assert found == broken
    validator = jsonschema.Draft202012Validator(DOCUMENT.get(COMMENT))
    assert validator.is_valid(comment) == (not broken)


def test_the_limits_stand_among_the_examples() -> None:
    examples = DOCUMENT.get(COMMENT)["examples"]
    assert {299, 300} <= {len(one) for one in examples}
    assert any(len(re.findall("#", one)) == 4 for one in examples)
    assert any(one.count("://") == 1 for one in examples)
    assert any(sum(character.islower() for character in one) == 1 and one.upper() != one for one in examples)
    assert any(not one.isascii() for one in examples)
    assert any(ord(character) > 0xFFFF for one in examples for character in one)
    assert {part["x-rule"] for part in DOCUMENT.get(COMMENT)["allOf"]} == DOCUMENT.get(COMMENT)[
        "x-invalid-examples"
    ].keys()


def test_capital_and_small_letters_are_those_of_unicode() -> None:
    rule = DOCUMENT.get(f"{COMMENT}/allOf/3/not")
    upper, lower = re.compile(rule["pattern"]), re.compile(rule["not"]["pattern"])
    blocks = [(0x41, 0x24F), (0x250, 0x2AF), (0x370, 0x52F), (0x531, 0x587), (0x1E00, 0x1EFF)]
    for first, last in [*blocks, (0xFF21, 0xFF5A)]:
        for character in map(chr, range(first, last + 1)):
            category = unicodedata.category(character)
            assert bool(upper.match(character)) == (category == "Lu"), ascii(character)
            assert bool(lower.match(character)) == (category == "Ll"), ascii(character)


def test_the_document_survives_normalisation() -> None:
    content = CONTRACT.read_text(encoding="utf-8")
    assert unicodedata.normalize("NFC", content) == content


@pytest.fixture
def at_most_twenty_seconds() -> Iterator[None]:
    """Fails what would hang: catastrophic backtracking takes ages, not seconds."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError("a pattern backtracks without end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("at_most_twenty_seconds")
@pytest.mark.parametrize(
    "piece", ["#", "#a", "# ", "##a", "http://", "https:/", "hhttp", "A", "a", "Á!", "\n"]
)
def test_no_pattern_backtracks_without_end(piece: str) -> None:
    patterns = {
        node.value["pattern"]
        for node in walk(DOCUMENT)
        if node.kind is Kind.SCHEMA and isinstance(node.value, dict) and "pattern" in node.value
    }
    assert len(patterns) >= 6
    few = piece * 4 + "x" * 20_000
    many = "x" + piece * 20_000
    for pattern in patterns:
        for subject in (few, many, few + many, piece * 4 + many[:-1].replace("#", "")):
            re.search(pattern, subject)
