"""Texts that test a rule: of a given length, one step away from another, or variations of another."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, zip_longest
from typing import Any, TypeVar

T = TypeVar("T")
Fill = Callable[[int], str]
"""Gives a text of so many characters."""
Variation = Callable[[str], str]


def in_turn(*sources: Iterable[T]) -> Iterator[T]:
    """The first item of each source, then the second of each, and so on."""
    nothing: Any = object()
    for row in zip_longest(*sources, fillvalue=nothing):
        yield from (item for item in row if item is not nothing)


# Scripts.

_CASED = {
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "accented Latin": "áāăąćčçďéěęëíîñňóöøőřšśťúüůýžźæœ",
    "Armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "full-width Latin": "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ",
    "Latin": "abcdefghijklmnopqrstuvwxyz",
}
_CASELESS = {
    "CJK": "日月火水木金土山川田人口目耳手足花草風雨雪光海空星夜春夏秋冬",
    "digits": "0123456789",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "Devanagari": "अआइईउऊएऐओऔकखगघचछजझटठडढतथदधनपफबभमयरलवशसह",
    "emoji": "🌅🌊🌋🌌🌍🌙🌱🌲🌳🌴🌵🌷🌸🌹🌺🌻🌼🍀🍁🍂🍃🍇🍉🍊🍋🍌",
    "Thai": "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสหอฮ",
}
_SCRIPTS = dict(in_turn(_CASED.items(), _CASELESS.items()))


def _written(alphabet: str, text: str) -> str:
    """The text in another alphabet: equal letters alike, capitals as capitals."""
    if not set(filter(str.isalpha, text.lower())).isdisjoint(alphabet):
        return text

    def letter(character: str) -> str:
        other = alphabet[ord(character.lower()[0]) % len(alphabet)]
        return other.upper() if character.isupper() else other

    return "".join(letter(character) if character.isalpha() else character for character in text)


# Texts of a length. A server that counts bytes, UTF-16 units, graphemes, or the characters of the trimmed,
# normalised or escaped text, is wrong about one of them: about the longest valid texts, or the shortest
# invalid ones.


_EXAMPLE = 40  # characters of one of several examples in a text


def fills(texts: Sequence[str]) -> dict[str, Fill]:
    """Kind of characters -> a function that gives a text of them. ``texts`` are valid."""
    words = next((text for text in texts if re.search("[a-zA-Z]{3}", text) and text.isascii()), "plain words")

    def filled(unit: str) -> Fill:
        def fill(length: int) -> str:
            text = (unit * (length // len(unit) + 1))[:length]
            return f"{text[:-1]}." if text[-1:].isspace() else text

        return fill

    letters = re.sub(r"\W", "", words)
    kinds = f"{words} é日🌅e\u0301🇳🇴👩\u200d👧 &\t\r\n\n  "
    examples = " ".join(text for text in texts if len(text) <= _EXAMPLE)
    return {
        "letters and spaces": filled(f"{words} "),
        "emoji": filled("🌅🌊"),
        "combining marks": lambda length: ("e" + "\u0301" * length)[:length],
        "CJK characters": filled(_CASELESS["CJK"]),
        "characters of many kinds": lambda length: f" {filled(kinds)(length - 2)}\n"[:length],
        "characters after examples": lambda length: f"{examples} {filled(kinds)(length)}"[:length],
        "Cyrillic letters": filled(f"{_written(_CASED['Cyrillic'], words)} "),
        "characters with a space at the end": lambda length: (filled(letters)(length - 1) + " ")[:length],
        "letters and combining marks in turn": filled("e\u0301"),
        "characters of joined emoji": filled("👩\u200d👩\u200d👧\u200d👦"),
        "letters": filled(letters),
        "characters of flags": filled("🇳🇴"),
        "characters in lines": filled(f"{letters[:5]}\r\n"),
        "signs that HTML escapes": filled('&<>"'),
        "characters with a space at the beginning": lambda length: (" " + filled(letters)(length - 1))[
            :length
        ],
    }


# Steps from a text towards the boundary.

_UNITS = {
    "word": re.compile(r"\s*\S+|\s+$"),
    "part of a word": re.compile(r"\s*[^\w\s]*\w+|\W+"),
    "character": re.compile(r"[\s\S]"),
}


def cuts(text: str) -> Iterator[tuple[str, list[str]]]:
    for unit, pattern in _UNITS.items():
        beginnings = list(accumulate(pattern.findall(text), initial=""))
        yield f"a {unit} less at the end", beginnings[::-1]
        yield f"a {unit} less at the beginning", [text[len(beginning) :].lstrip() for beginning in beginnings]


def edits(text: str) -> Iterator[tuple[str, Iterator[str]]]:
    for where, places in (("last", range(len(text))[::-1]), ("first", range(len(text)))):
        parts = [(text[:index], text[index], text[index + 1 :]) for index in places]
        yield (
            f"the {where} letter in the other case",
            (before + letter.swapcase() + after for before, letter, after in parts),
        )
        yield (
            f"a space at the {where} place",
            (f"{before} {letter}{after}" for before, letter, after in parts if before),
        )
        yield f"the {where} character less", (before + after for before, _, after in parts)


# Variations that may leave a text beside the boundary.


def _alternating(text: str) -> str:
    return "".join(sign.upper() if index % 2 else sign.lower() for index, sign in enumerate(text))


_LETTERS: dict[str, Variation] = {
    "in capitals": str.upper,
    "in lower case": str.lower,
    "in alternating case": _alternating,
    "with upper and lower case swapped": str.swapcase,
    "with initial capitals": str.title,
    "with combining marks": partial(re.sub, r"[^\W\d_]", "\\g<0>\u0308"),
    "decomposed": partial(unicodedata.normalize, "NFD"),
}
_WRITTEN: dict[str, Variation] = {
    f"in {name}": partial(_written, alphabet) for name, alphabet in _SCRIPTS.items()
}
WORD_BY_WORD = {**_WRITTEN, **_LETTERS}
"""Variations that apply to single words of a text, too."""
BETWEEN = {
    "nothing": "",
    "line feeds": "\n",
    "digits": " 2015 ",
    "tabs": "\t",
    "commas": ", ",
    "emoji": " 🌅 ",
    "line ends of two characters": "\r\n",
    "two spaces": "  ",
}
AROUND = {
    "digits before": "2015 {}",
    "punctuation after": "{}!!!",
    "emoji around": "🌅 {} 🌅",
    "brackets around": "({})",
    "digits after": "{} 2015",
    "punctuation before": "... {}",
    "quotation marks around": '"{}"',
    "a line feed after": "{}\n",
    "a space before": " {}",
}


def variations(texts: Sequence[str], lengths: Sequence[int | float]) -> list[tuple[str, Variation]]:
    """Labels and variations. ``texts`` are valid, ``lengths`` are limits of the schema."""
    between: dict[str, Variation] = {
        f"with {name} between words": partial(re.sub, r"\s+", gap) for name, gap in BETWEEN.items()
    }
    around: dict[str, Variation] = {f"with {name}": form.format for name, form in AROUND.items()}
    others: dict[str, Variation] = {
        "with spaces after signs": partial(re.sub, r"[^\w\s]", r"\g<0> "),
        "with signs doubled": partial(re.sub, r"[^\w\s]", r"\g<0>\g<0>"),
        "with words in reverse order": lambda text: " ".join(reversed(text.split())),
    }
    behind: dict[str, Variation] = {
        f"after {name}, {length} characters in all": partial(_behind, filler, int(length))
        for length in sorted(lengths, reverse=True)
        for name, filler in (("words", next(iter(texts), "words")), ("digits", "2015"))
    }
    written = iter(_WRITTEN.items())  # in turn more than once, for there are many scripts
    far = in_turn(behind.items(), others.items())
    return list(in_turn(written, _LETTERS.items(), between.items(), written, far, around.items()))


def _behind(filler: str, length: int, text: str) -> str:
    """The text at the end of a longer one of that length."""
    room = length - len(text) - 1
    return f"{(f'{filler} ' * (room // len(filler) + 1))[:room]} {text}" if room > 0 else text
