"""Candidates for boundary values of a rule: at its limits, or one step away from an example."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, cycle, islice

from wirecheck.boundaries import texts
from wirecheck.boundaries.ruled_schema import LONGEST, OF_TEXTS, Group, Pair, RuledSchema, numbers
from wirecheck.boundaries.texts import in_turn

_STARTS = 2  # texts to which words are added
_WORDS = 12  # words that are repeated
_NEAR = 2**-10  # beside a limit of numbers with fractions; exact in binary
_OF_ARRAYS = ("minItems", "maxItems")
_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


# Rules with limits.


def at_limits(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """Values at the limits in the schema."""
    schema = subject.rules[rule]
    for number in numbers(schema, *OF_TEXTS):
        for kind, fill in texts.fills(subject.texts).items():
            if pair := _filled(subject, rule, int(number), fill):
                yield [(f"{len(text)} {kind}", text) for text in pair]
    for number in numbers(schema, *_OF_NUMBERS):
        for step in (1, _NEAR):
            if beside := subject.crossing(rule, (number - step, number, number + step)):
                yield [(f"{value}", value) for value in beside]
    yield from _lists_at_limits(subject, rule)


def _lists_at_limits(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """Lists made of the items of the examples."""
    listed = [value for value in (*subject.valid, *subject.invalid[rule]) if isinstance(value, list)]
    items = list({repr(item): item for item in chain.from_iterable(listed)}.values())
    if not items:
        return
    for number in numbers(subject.rules[rule], *_OF_ARRAYS):
        lists = (list(islice(cycle(items), length)) for length in _around(int(number)))
        if pair := subject.crossing(rule, lists):
            yield [(f"{len(value)} items", value) for value in pair]


def _filled(subject: RuledSchema, rule: str, number: int, fill: texts.Fill) -> tuple[str, str] | None:
    """Texts around a length, of one kind of characters, alone or after an example."""
    starts = sorted(subject.texts, key=len)
    for start in ("", *(f"{text} " for text in starts), *starts):
        lengths = _around(number, least=len(start))
        if pair := subject.crossing(rule, (start + fill(length - len(start)) for length in lengths)):
            return pair
    return None


# Rules for texts: the boundary lies between a violating example and a text made of it.


def from_examples(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """The listed examples; then pairs found by shortening, extending and editing texts."""
    invalid = subject.violating_texts(rule)
    listed = ([("listed", value)] for value in subject.invalid[rule])
    shrunk = in_turn(*(subject.pairs(rule, text) for text in invalid))
    grown = in_turn(*_grown(subject, rule, invalid))
    changed = in_turn(*(subject.pairs(rule, text) for text in subject.texts))
    for sources in ((shrunk, grown), (changed,)):
        pairs = ([(what, value) for value in pair] for what, pair in in_turn(*sources))
        yield from in_turn(listed, pairs)


def _grown(subject: RuledSchema, rule: str, invalid: Sequence[str]) -> Iterator[Iterator[Pair[str]]]:
    words = list(dict.fromkeys(word for text in invalid for word in text.split()))[:_WORDS]
    longest = 2 * max(map(len, invalid), default=0)
    many = [("a word repeated", [word] * (longest // len(word))) for word in words]
    starts = ["", *subject.texts]
    for index, (what, added) in enumerate([*many, *(("words added", text.split()) for text in invalid)]):
        first = index % len(starts)  # so that the first pairs come from different texts
        yield islice(_added(subject, rule, starts[first:] + starts[:first], what, added), _STARTS)


def _added(
    subject: RuledSchema, rule: str, starts: Iterable[str], what: str, added: Sequence[str]
) -> Iterator[Pair[str]]:
    for text in starts:
        longer = (" ".join([text, *added[:count]]).lstrip() for count in range(len(added) + 1))
        if pair := subject.crossing(rule, longer):
            yield what, pair


def varied(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """The same boundary in other scripts, cases and surroundings."""
    pairs = (
        next((pair for _, pair in subject.pairs(rule, text)), (text,))
        for text in subject.violating_texts(rule)
    )
    seeds: list[tuple[str, ...]] = list(pairs)
    if not subject.invalid[rule] and not any(numbers(subject.rules[rule], *OF_TEXTS)):
        seeds = [pair for text in subject.texts for _, pair in subject.pairs(rule, text)]
    return in_turn(*(_changed(subject, rule, seeds, what, vary) for what, vary in subject.variations))


def _changed(
    subject: RuledSchema, rule: str, seeds: Iterable[tuple[str, ...]], what: str, vary: texts.Variation
) -> Iterator[Group]:
    for seed in seeds:
        group: Group = [(what, vary(text)) for text in seed if vary(text) != text]
        turned = any(subject.violated(vary(text)) != subject.violated(text) for text in seed)
        if turned and what in texts.WORD_BY_WORD:
            outside = _partly(subject, vary, seed[0])
            inside = (pair[1] for _, pair in subject.pairs(rule, outside))
            group[1:] = [(f"partly {what}", text) for text in (outside, *islice(inside, 1))]
        if group:
            yield group


def _partly(subject: RuledSchema, vary: texts.Variation, text: str) -> str:
    """The text with as many words changed as leave it on its side of the boundary."""
    pieces = re.split(r"(\w+)", text)
    for index, piece in enumerate(pieces):
        changed = [*pieces[:index], vary(piece), *pieces[index + 1 :]]
        if subject.violated("".join(changed)) == subject.violated(text):
            pieces = changed
    return "".join(pieces)


def _around(number: int, least: int = 0) -> list[int]:
    return [size for size in (number - 1, number, number + 1) if least <= size <= LONGEST]
