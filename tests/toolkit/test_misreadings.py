"""Misreadings stand for wrong servers, and the texts that find the most of them come first."""

from collections.abc import Callable

import pytest

from wirecheck.boundaries.misreadings import misreadings, most_telling

KEPT, BROKEN = ["Lovely light", "see https://example.com"], ["#one #two http://example.org"]


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
        ("LOUD", "Lovely light"),  # too short to be looked at
        ("Lovely Light", "#one #two http://example.org"),  # refused for its initial capitals
        ("a #b", "a "),
        ("a http://b", "a ://b"),
    ],
)
def test_there_is_a_misreading_of_what_servers_take_wrongly(text: str, misread: str) -> None:
    assert misread in {read(text) for read in misreadings(KEPT, BROKEN)}


def test_any_text_can_be_misread_without_examples() -> None:
    for text in ("", "\x00", "🌅" * 300, "a" * 1000, "\ud800\u2028"):
        assert all(isinstance(read(text), str) for read in misreadings([], []))


def longer_than_three(text: str) -> bool:
    return len(text) > 3


SPACES: list[Callable[[str], str]] = [str.strip, lambda text: text.replace("  ", " "), str.rstrip]


def test_the_text_that_finds_the_most_comes_first_and_one_that_finds_nothing_last() -> None:
    texts = ["abcd", "a  b", " abc", "ab  "]
    assert [texts[place] for place in most_telling(texts, longer_than_three, SPACES)] == [
        "ab  ",
        "a  b",  # once all was found, what finds something again
        " abc",
        "abcd",
    ]


def test_what_the_first_texts_miss_comes_next() -> None:
    texts = ["ab  ", "cd  ", "abc\u0301"]
    readings = [*SPACES, lambda text: text.replace("\u0301", "")]
    assert [texts[place] for place in most_telling(texts, longer_than_three, readings)] == [
        "ab  ",
        "abc\u0301",
        "cd  ",
    ]
