"""Mutation operators misread texts as wrong servers do; texts that detect the most of them come first."""

from collections.abc import Callable

import pytest

from wirecheck.boundaries.operators import detection_order, mutation_operators

VALID, INVALID = ["Lovely light", "see https://example.com"], ["#one #two http://example.org"]


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("é", "Ã©"),  # bytes
        ("a🌅", "axx"),  # units of UTF-16
        ("e\u0301", "é"),
        ("é", "e\u0301"),
        ("e\u0301", "e"),
        ("🇳🇴", "x"),
        ("👩\u200d👧", "x"),
        ("日", "xx"),  # twice as wide
        (" a b ", "a b"),
        ("a \n b", "a b"),
        ("a\r\nb", "a\nb"),
        ("a\nb", "a\r\nb"),
        ("a\nb", "a"),
        ("a<b", "a&lt;b"),
        ("a b", "a%20b"),
        ("Ab", "ab"),
        ("#a #b #a", "#a #b "),
        ("#a #b #A", "#a #b "),
        ("#a#b", "#a"),
        ("#a##b", "#a#"),
        ("#2015 #a", " #a"),
        ("#_a #a", " #a"),
        ("#é #a", " #a"),
        ("hTTp://a HTTP://a", "://a HTTP://a"),
        ("@a", "#a"),
        ("＃a", "#a"),
        ("a # b", "a #b"),
        ("LOUD 2015", "LOUD xxxx"),
        ("LOUD!", "LOUDx"),
        ("LOUD", "Lovely light"),  # too short to be checked
        ("Lovely Light", "#one #two http://example.org"),  # rejected for its initial capitals
        ("a #b", "a "),
        ("a http://b", "a ://b"),
    ],
)
def test_there_is_an_operator_for_each_common_mistake(text: str, misread: str) -> None:
    assert misread in {operator(text) for operator in mutation_operators(VALID, INVALID)}


def test_operators_apply_to_any_text_without_examples() -> None:
    for text in ("", "\x00", "🌅" * 300, "a" * 1000, "\ud800\u2028"):
        assert all(isinstance(operator(text), str) for operator in mutation_operators([], []))


def longer_than_three(text: str) -> bool:
    return len(text) > 3


SPACES: list[Callable[[str], str]] = [str.strip, lambda text: text.replace("  ", " "), str.rstrip]


def test_the_text_that_detects_the_most_comes_first_and_one_that_detects_nothing_last() -> None:
    texts = ["abcd", "a  b", " abc", "ab  "]
    assert [texts[index] for index in detection_order(texts, longer_than_three, SPACES)] == [
        "ab  ",
        "a  b",  # once all are detected, a text that detects some again
        " abc",
        "abcd",
    ]


def test_a_text_that_detects_what_the_first_ones_miss_comes_next() -> None:
    texts = ["ab  ", "cd  ", "abc\u0301"]
    operators = [*SPACES, lambda text: text.replace("\u0301", "")]
    assert [texts[index] for index in detection_order(texts, longer_than_three, operators)] == [
        "ab  ",
        "abc\u0301",
        "cd  ",
    ]
