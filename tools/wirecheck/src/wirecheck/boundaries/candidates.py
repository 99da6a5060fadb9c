"""Candidates for values beside the boundary of a rule: by its numbers, or a step away from an example."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, cycle, islice

from wirecheck.boundaries import texts
from wirecheck.boundaries.ruled_schema import LONGEST, OF_TEXTS, Group, Pair, RuledSchema, numbers
from wirecheck.boundaries.texts import in_turn

_STARTS = 2  # texts that words are added to
_WORDS = 12  # words that are repeated
_NEAR = 2**-10  # beside a limit of numbers with fractions; exact in binary
_OF_ARRAYS = ("minItems", "maxItems")
_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


# Rules with numbers.


def of_numbers(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """At the limits that the schema names."""
    schema = subject.rules[rule]
    for number in numbers(schema, *OF_TEXTS):
        for kind, fill in texts.fills(subject.texts).items():
            if pair := _filled(subject, rule, int(number), fill):
                yield [(f"{len(text)} {kind}", text) for text in pair]
    for number in numbers(schema, *_OF_NUMBERS):
        for step in (1, _NEAR):
            if beside := subject.crossing(rule, (number - step, number, number + step)):
                yield [(f"{value}", value) for value in beside]
    listed = [value for value in (*subject.valid, *subject.invalid[rule]) if isinstance(value, list)]
    items = list({repr(item): item for item in chain.from_iterable(listed)}.values())
    for number in numbers(schema, *_OF_ARRAYS) if items else ():
        lists = (list(islice(cycle(items), length)) for length in _around(int(number)))
        if cut := subject.crossing(rule, lists):
            yield [(f"{len(value)} items", value) for value in cut]


def _filled(subject: RuledSchema, rule: str, number: int, fill: texts.Fill) -> tuple[str, str] | None:
    """Texts around a length, of one kind of characters alone or else behind an example."""
    starts = sorted(subject.texts, key=len)
    for start in ("", *(f"{text} " for text in starts), *starts):
        lengths = _around(number, least=len(start))
        if pair := subject.crossing(rule, (start + fill(length - len(start)) for length in lengths)):
            return pair
    return None


# Rules on texts: the boundary lies between an example that breaks one and what is made of it.


def of_examples(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """The listed examples; then pairs found by taking away from texts, or adding to them."""
    invalid = subject.misspelt(rule)
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
        first = index % len(starts)  # so that the first pairs are of different texts
        yield islice(_added(subject, rule, starts[first:] + starts[:first], what, added), _STARTS)


def _added(
    subject: RuledSchema, rule: str, starts: Iterable[str], what: str, added: Sequence[str]
) -> Iterator[Pair[str]]:
    for text in starts:
        longer = (" ".join([text, *added[:count]]).lstrip() for count in range(len(added) + 1))
        if pair := subject.crossing(rule, longer):
            yield what, pair


def in_other_clothes(subject: RuledSchema, rule: str) -> Iterator[Group]:
    """The same boundary in other scripts, cases and surroundings."""
    pairs = (
        next((pair for _, pair in subject.pairs(rule, text)), (text,)) for text in subject.misspelt(rule)
    )
    seeds: list[tuple[str, ...]] = list(pairs)
    if not subject.invalid[rule] and not any(numbers(subject.rules[rule], *OF_TEXTS)):
        seeds = [pair for text in subject.texts for _, pair in subject.pairs(rule, text)]
    return in_turn(*(_changed(subject, rule, seeds, what, mutate) for what, mutate in subject.mutations))


def _changed(
    subject: RuledSchema, rule: str, seeds: Iterable[tuple[str, ...]], what: str, mutate: texts.Mutation
) -> Iterator[Group]:
    for seed in seeds:
        group: Group = [(what, mutate(text)) for text in seed if mutate(text) != text]
        turned = any(subject.broken(mutate(text)) != subject.broken(text) for text in seed)
        if turned and what in texts.WORD_BY_WORD:
            outside = _partly(subject, mutate, seed[0])
            inside = (pair[1] for _, pair in subject.pairs(rule, outside))
            group[1:] = [(f"partly {what}", text) for text in (outside, *islice(inside, 1))]
        if group:
            yield group


def _partly(subject: RuledSchema, mutate: texts.Mutation, text: str) -> str:
    """A text with as many of its words changed as leave it on its side of the boundary."""
    pieces = re.split(r"(\w+)", text)
    for index, piece in enumerate(pieces):
        changed = [*pieces[:index], mutate(piece), *pieces[index + 1 :]]
        if subject.broken("".join(changed)) == subject.broken(text):
            pieces = changed
    return "".join(pieces)


def _around(number: int, least: int = 0) -> list[int]:
    return [size for size in (number - 1, number, number + 1) if least <= size <= LONGEST]
