"""The fast searches for secrets find what a look at each piece, and at each name, would find."""

from hypothesis import given
from hypothesis import strategies as st

from support.canaries import CANARY, HELD_OUT, NAMES, OTHER_NAMES
from wirecheck.masking.names import Names
from wirecheck.masking.spellings import GRAM, Grams
from wirecheck.masking.texts import is_secret_segment

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


@given(
    parts=st.lists(st.sampled_from(LETTERS), max_size=20),
    starts=st.lists(st.integers(0, 1500), max_size=20),
)
def test_pieces_are_found_in_long_texts_as_in_short_ones(parts: list[str], starts: list[int]) -> None:
    text = "".join(parts)
    text += f"{'y' * 1500}{text}"
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
