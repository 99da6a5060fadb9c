"""The fast searches for secrets find what a look at each piece, and at each name, would find."""

import base64
import hashlib
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.canaries import CANARY, HELD_OUT, NAMES, OTHER_NAMES
from wirecheck.masking.names import Names, alternatives
from wirecheck.masking.spellings import GRAM, Grams, Index
from wirecheck.masking.texts import is_secret_segment, masked
from wirecheck.redact.members import MemberNames
from wirecheck.redact.places import Places

ADDED = ("X-Company-Pass", "deviceThing2", "zip7x", "\u212aelvin")
LETTERS = ["a", "b", "\xe9", "\xff", "ab", "abab", "k7Qm2xW9", "x" * 300]
WORDS = [
    *(*NAMES, *OTHER_NAMES, *HELD_OUT.split()),
    *(
        "a",
        "key",
        "CODE",
        "o",
        "to\u212aen",
        "\u0130",
        "to",
        "ken",
        "_",
        "-",
        ".",
        " ",
        "2",
        "magic",
        "Verify",
    ),
    *("deviceThing", "thing2", "ZIP7X", "kelvin", "company", "pass", "n" * 150),
]


class Thorough(Names):
    """Judges each name by the whole table."""

    def has_piece(self, text: str) -> bool:
        return True


TABLES = [(Names(ADDED), Thorough(ADDED)), (Names(with_codes=True), Thorough(with_codes=True))]


@pytest.mark.parametrize("between", [0, 100, 1500])
@given(
    parts=st.lists(st.sampled_from(LETTERS), max_size=20),
    starts=st.lists(st.integers(0, 1500), max_size=20),
)
def test_pieces_are_found_in_texts_of_any_length(between: int, parts: list[str], starts: list[int]) -> None:
    text = "".join(parts)
    text += f"{'y' * between}{text}"
    pieces = {text[start : start + GRAM] for start in starts if start + GRAM <= len(text)}
    grams = Grams()
    for piece in pieces:
        grams.add(piece)
        assert piece in {found for _, found in grams.found(text)}
    places = ((start, text[start : start + GRAM]) for start in range(len(text) - GRAM + 1))
    assert list(grams.found(text)) == [place for place in places if place[1] in pieces]


@given(
    name=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join), tables=st.sampled_from(TABLES)
)
def test_a_name_without_any_piece_is_none_of_a_secret(name: str, tables: tuple[Names, Thorough]) -> None:
    table, thorough = tables
    assert table.strength(name) == thorough.strength(name)
    assert table.is_mentioned(name) == thorough.is_mentioned(name)
    assert is_secret_segment(table, name, CANARY) == is_secret_segment(thorough, name, CANARY)


OTHERS = [hashlib.sha256(str(number).encode()).hexdigest()[:32] for number in range(60)]
SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda secret: secret[::-1],
    lambda secret: secret[3:16],
    lambda secret: "-".join((secret[:5], secret[5:])),
    lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()),
    lambda secret: secret.encode().hex(),
    lambda secret: quote(base64.b64encode(f"me:{secret}".encode())),
    lambda secret: base64.b32encode(secret.encode()).decode(),
]


SECRETS = [*OTHERS[:3], "k7Qm2", "correct horse", CANARY]


@given(
    secrets=st.lists(st.sampled_from(SECRETS), min_size=1, max_size=2),
    parts=st.lists(st.sampled_from([*SECRETS, "Correct", "media"]), min_size=1, max_size=3),
    spelling=st.sampled_from(SPELLINGS),
    between=st.sampled_from(["", " ", "/", "\u00e9 ", "\n"]),
)
def test_a_few_secrets_are_found_wherever_they_are_found_among_many(
    secrets: list[str], parts: list[str], spelling: Callable[[str], str], between: str
) -> None:
    text = between.join(map(spelling, parts))
    few, many = Index(secrets), Index([*secrets, *OTHERS[4:]])
    assert sorted(set(few.spans(text))) == sorted(set(many.spans(text)))


SIGNS = [
    *("=", ": ", "/", " ", "'", '"', "?", "&", "<", ">", "@", "name=", "1234", "k7Qm2xW9pL4z"),
    *("//me:k7Qm2xW9pL4z@host", "?a=", '{"k7Qm2xW9pL4zR8vT": 1}', "token", "pin"),
    *("%70in=1234", "\\u0070in=1234"),
]


@given(parts=st.lists(st.sampled_from(SIGNS), max_size=4))
def test_a_text_without_pieces_of_names_has_nothing_secret_by_name(parts: list[str]) -> None:
    text, nothing = "".join(parts), Index(())
    for names, thorough in TABLES:
        assert masked(text, names, nothing, "*") == masked(text, thorough, nothing, "*")
        found = [
            list(Places(each, MemberNames(each, tuple), 1000).in_header("x-note", text))
            for each in (names, thorough)
        ]
        assert found[0] == found[1]


@given(st.frozensets(st.text("ab|(.", min_size=1, max_size=4), min_size=1), st.text("ab|(.", max_size=12))
def test_an_expression_of_words_finds_what_has_one_of_them(words: frozenset[str], text: str) -> None:
    assert bool(re.search(alternatives(words), text)) == any(word in text for word in words)
