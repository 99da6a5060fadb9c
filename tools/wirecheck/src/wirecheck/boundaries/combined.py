"""Texts that test a rule in many ways at once and stay on their side of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import cycle, pairwise
from typing import TypeVar

from wirecheck.boundaries.ruled_schema import Group, RuledSchema
from wirecheck.boundaries.texts import AROUND, BETWEEN, WORD_BY_WORD, Variation, cuts, in_turn

T = TypeVar("T")
KeepsFailing = Callable[[str], bool]
"""Whether a text is still on its side of a rule."""

_CHANGES: list[Variation] = [
    *WORD_BY_WORD.values(),
    lambda word: word[:1],
    lambda word: f"_{word}",
    lambda word: f"7{word}",
]
_MIXES = len(_CHANGES)
_WORD = re.compile(r"\w")
_PIECES = re.compile(r"\w+|\s+|[^\w\s]+")
_TEMPTING = "@one www.example.com ftp://example.com one@example.com C# 1/2 <b> &amp; 50% :) ＃one"
"""Words that servers may misinterpret."""


def combined(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """The same boundary with much that a server could misread in one text."""
    violates = partial(subject.violates, rule)

    def is_valid(text: str) -> bool:
        return not subject.violated(text)

    invalid = subject.violating_texts(rule)
    if not invalid:
        return
    turned = (" ".join(invalid[index:] + invalid[:index]) for index in range(len(invalid)))
    seeds = list(dict.fromkeys([*invalid, *turned]))
    words = dict.fromkeys(word for text in subject.texts for word in text.split())
    appended = sorted(words, key=str.isalnum)  # those with signs first
    forms = _forms(subject.texts)
    for start, seed in zip(range(_MIXES), cycle(seeds), strict=False):
        mix = _mixed(seed, violates, start, forms)
        yield [("mixed", mix), *(("mixed", text) for text in _beside(subject, rule, mix))]
        if start < len(seeds):
            least = _shortest(seed, violates)
            yield [
                ("as short as possible", least),
                ("after examples", _joined(least, subject.texts, is_valid)),
            ]
            inside = next((pair[1] for _, pair in subject.pairs(rule, seed)), "")
            yield [("with near misses", _joined(inside, _near_misses(seed, is_valid), is_valid))]
        yield [("with a word of an example", f"{seed} {word}") for word in appended[start : start + 1]]
    for index, text in enumerate(subject.texts):
        others = subject.texts[index:] + subject.texts[:index]
        yield [("valid examples", _joined("", others[: index % 4 + 2], is_valid))]
        yield [("example, mixed", _mixed(text, is_valid, index, forms))]
    yield [(what, change(text)) for what, change in WORD_BY_WORD.items() for text in subject.texts[:1]]


def _forms(examples: Sequence[str]) -> list[Variation]:
    """Surroundings of a text: signs, examples, or examples in capitals."""
    around: list[Variation] = [form.format for form in AROUND.values()]
    before: list[Variation] = [partial("{}{}".format, text) for text in examples]
    capitals: list[Variation] = [partial("{}{}".format, text.upper()) for text in examples]
    return list(in_turn(around, before, capitals))


def _beside(subject: RuledSchema, rule: str, text: str) -> list[str]:
    """Parts of a text: the shortest that violates the rule, the longest that satisfies it."""
    pairs = [
        pair
        for _, walk in cuts(text)
        for pair in pairwise(walk)
        if subject.violates(rule, pair[0]) and not subject.violates(rule, pair[1])
    ]
    if not pairs:
        return []
    return [min((pair[0] for pair in pairs), key=len), max((pair[1] for pair in pairs), key=len)]


def _mixed(text: str, fits: KeepsFailing, start: int, forms: Sequence[Variation]) -> str:
    """Each word, sign and gap changed, some words like the one before, all in one of the forms.

    ``start`` is where to begin in the lists of changes.
    """
    pieces = _PIECES.findall(text)
    before = ""
    for index, piece in enumerate(pieces):
        left, right = "".join(pieces[:index]), "".join(pieces[index + 1 :])
        if piece.isspace():
            ways = [*BETWEEN.values()]
        elif _WORD.match(piece):
            ways = [*(change(piece) for change in _CHANGES), before]
        else:
            ways = [piece, piece * 2, f".{piece}", f"a{piece}", piece]
        changed = (way for way in _from(start + index, ways) if fits(f"{left}{way}{right}"))
        pieces[index] = next(changed, piece)
        before = pieces[index] if _WORD.match(piece) else before
    mix = "".join(pieces)
    return next(filter(fits, (form(mix) for form in _from(start, forms))), mix)


def _shortest(text: str, fits: KeepsFailing) -> str:
    """The text without every character that can be removed."""
    for index in reversed(range(len(text))):
        less = text[:index] + text[index + 1 :]
        text = less if fits(less) else text
    return text


def _joined(text: str, others: Iterable[str], fits: KeepsFailing) -> str:
    """The text with as many others appended as fit."""
    for other in others:
        longer = f"{text} {other}".lstrip()
        text = longer if fits(longer) else text
    return text


def _near_misses(text: str, fits: KeepsFailing) -> Iterator[str]:
    """Words that almost count: parts of the last word of a text, and edits of one of its characters."""
    yield from _TEMPTING.split()
    before, _, word = text.rpartition(" ")
    pieces = _PIECES.findall(word)
    yield from ("".join(pieces[index:]) for index in range(1, len(pieces)))
    yield from ("".join(pieces[:index]) for index in range(1, len(pieces)))
    for index, sign in enumerate(word):
        for other in ("", f" {sign}", f"{sign} ", f".{sign}", f"{sign}.", _wide(sign), sign.swapcase()):
            changed = f"{word[:index]}{other}{word[index + 1 :]}"
            if fits(f"{before} {changed}"):
                yield changed


def _wide(sign: str) -> str:
    """The full-width form of a character, if it has one."""
    return chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign


def _from(start: int, ways: Sequence[T]) -> Sequence[T]:
    start %= len(ways)
    return [*ways[start:], *ways[:start]]
