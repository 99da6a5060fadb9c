"""Values just inside and just outside of the named rules (x-rule) of a schema.

What a rule means is not known here. Candidates are made from the numbers in the schema and from
its listed examples, and the engine tells on which side of the rule each of them is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, cycle, islice, pairwise
from typing import Any, TypeVar

from wirecheck.boundaries import texts
from wirecheck.boundaries.texts import in_turn
from wirecheck.engine import Engine, Violation
from wirecheck.spec import Document, Spec, join
from wirecheck.spec.document import target

Json = Any
T = TypeVar("T")
Pair = tuple[str, tuple[T, T]]  # how it was found; the value outside of a rule, the value inside
Group = list[tuple[str, Json]]  # candidates that belong together: what each is, and its value

_MOST = 400  # cases made for all rules together
_LONGEST = 20_000  # characters or items of a value
_SEARCHED = 1_000  # characters of an example that others are made of
_WORDS = 12  # words that are repeated
_NEAR = 2**-10  # beside a limit of numbers with fractions; exact in binary
_OF_TEXTS = ("minLength", "maxLength")
_OF_ARRAYS = ("minItems", "maxItems")
_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


@dataclass(frozen=True, slots=True)
class Case:
    """A value beside the boundary of a rule.

    ``rule`` is the one rule that the value breaks, and nothing else of the schema; None when it
    breaks nothing. ``what`` names the case for people, each by another name. ``near`` is the rule
    at whose boundary it was found, None for an example of the schema.
    """

    value: Json
    rule: str | None
    what: str
    near: str | None


def boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[Case]:
    """The cases of the schema at a pointer: rules take turns, the most telling cases stand first."""
    subject = _Subject(spec.document, engine, schema)
    made = in_turn(*(subject.cases(rule) for rule in subject.invalid))
    listed = (Case(value, None, "example, kept", None) for value in subject.valid)
    unique: dict[str, Case] = {}
    for case in chain(islice(made, _MOST), listed):
        unique.setdefault(repr(case.value), case)
    named: Counter[str] = Counter()
    for key, case in unique.items():
        named[case.what] += 1
        if named[case.what] > 1:
            unique[key] = replace(case, what=f"{case.what} ({named[case.what]})")
    return tuple(unique.values())


class _Subject:
    """A schema with its rules and examples. ``invalid`` has the examples of every rule by its name."""

    def __init__(self, document: Document, engine: Engine, schema: str) -> None:
        self._document, self._engine, self._schema = document, engine, schema
        self._known: dict[str, frozenset[str]] = {}
        parts = [document.get(pointer) for pointer in _parts(document, schema)]
        self._rules = {str(part["x-rule"]): part for part in parts if "x-rule" in part}
        listed = chain.from_iterable(_as(list, part.get("examples")) for part in parts)
        self.valid = [value for value in listed if not self._broken(value)]
        filed = [_as(dict, part.get("x-invalid-examples")) for part in parts]
        self.invalid: dict[str, list[Json]] = {
            rule: [
                value for one in filed for value in _as(list, one.get(rule)) if self._broken(value) == {rule}
            ]
            for rule in self._rules
        }
        self._texts = _short_texts(self.valid)
        self._mutations = texts.mutations(
            self._texts, [number for number in _numbers(parts, *_OF_TEXTS) if number <= _LONGEST]
        )

    def cases(self, rule: str) -> Iterator[Case]:
        """What breaks nothing, or this rule and nothing else; each value once."""
        seen: set[str] = set()
        mutated = self._mutated(rule)  # more often in turn than the others, for it has the most kinds
        groups = in_turn(self._sizes(rule), self._found(rule), mutated, mutated, mutated)
        for what, value in chain.from_iterable(groups):
            broken, key = self._broken(value), repr(value)
            if broken <= {rule} and key not in seen:
                seen.add(key)
                side = "broken" if broken else "kept"
                yield Case(value, rule if broken else None, f"{rule}: {what}, {side}", rule)

    def _broken(self, value: Json) -> frozenset[str]:
        """The names of the rules that a value breaks; an empty one stands for the rest of the schema."""
        key = repr(value)
        if key not in self._known:
            pointers = [violation.rule for violation in self._violations(value)]
            self._known[key] = frozenset(
                str(self._document.get(pointer)["x-rule"]) if pointer else "" for pointer in pointers
            )
        return self._known[key]

    def _violations(self, value: Json) -> list[Violation]:
        return self._engine.violations(self._schema, value, lambda shown, path: "")

    def _crossing(self, rule: str, walk: Iterable[T]) -> tuple[T, T] | None:
        """The first two neighbours with the boundary between them: outside, inside."""
        outside, inside = frozenset({rule}), frozenset[str]()
        for one, other in pairwise(walk):
            match self._broken(one), self._broken(other):
                case sides if sides == (outside, inside):
                    return one, other
                case sides if sides == (inside, outside):
                    return other, one
        return None

    # Rules with numbers.

    def _sizes(self, rule: str) -> Iterator[Group]:
        schema = self._rules[rule]
        for number in _numbers(schema, *_OF_TEXTS):
            for kind, fill in texts.fills(self._texts).items():
                if pair := self._filled(rule, int(number), fill):
                    yield [(f"{len(text)} {kind}", text) for text in pair]
        for number in _numbers(schema, *_OF_NUMBERS):
            for step in (1, _NEAR):
                if beside := self._crossing(rule, (number - step, number, number + step)):
                    yield [(f"{value}", value) for value in beside]
        listed = [value for value in (*self.valid, *self.invalid[rule]) if isinstance(value, list)]
        items = list({repr(item): item for item in chain.from_iterable(listed)}.values())
        for number in _numbers(schema, *_OF_ARRAYS) if items else ():
            lists = (list(islice(cycle(items), length)) for length in _around(int(number)))
            if cut := self._crossing(rule, lists):
                yield [(f"{len(value)} items", value) for value in cut]

    def _filled(self, rule: str, number: int, fill: texts.Fill) -> tuple[str, str] | None:
        """Texts around a length, of one kind of characters alone or else behind an example."""
        starts = sorted(self._texts, key=len)
        for start in ("", *(f"{text} " for text in starts), *starts):
            lengths = _around(number, least=len(start))
            if pair := self._crossing(rule, (start + fill(length - len(start)) for length in lengths)):
                return pair
        return None

    # Rules on texts: the boundary lies between an example that breaks one and what is made of it.

    def _found(self, rule: str) -> Iterator[Group]:
        """The listed examples; then pairs found by taking away from texts, or adding to them."""
        invalid = self._misspelt(rule)
        listed = ([("listed", value)] for value in self.invalid[rule])
        shrunk = in_turn(*(self._pairs(rule, text) for text in invalid))
        grown = in_turn(*self._grown(rule, invalid))
        changed = in_turn(*(self._pairs(rule, text) for text in self._texts))
        for sources in ((shrunk, grown), (changed,)):
            pairs = ([(what, value) for value in pair] for what, pair in in_turn(*sources))
            yield from in_turn(listed, pairs)

    def _misspelt(self, rule: str) -> list[str]:
        """The listed texts that break a rule by more than their length, of which _sizes knows better ones."""
        return [
            text
            for text in _short_texts(self.invalid[rule])
            if not any(violation.keyword in _OF_TEXTS for violation in self._violations(text))
        ]

    def _pairs(self, rule: str, text: str) -> Iterator[Pair[str]]:
        edits = ((what, ((text, other) for other in edited)) for what, edited in texts.edits(text))
        cuts = ((what, [walk]) for what, walk in texts.cuts(text))
        for what, walks in in_turn(cuts, edits):
            if pair := next(filter(None, (self._crossing(rule, walk) for walk in walks)), None):
                yield what, pair

    def _grown(self, rule: str, invalid: Sequence[str]) -> Iterator[Iterator[Pair[str]]]:
        words = list(dict.fromkeys(word for text in invalid for word in text.split()))[:_WORDS]
        longest = 2 * max(map(len, invalid), default=0)
        many = [("a word repeated", [word] * (longest // len(word))) for word in words]
        starts = ["", *self._texts]
        for index, (what, added) in enumerate([*many, *(("words added", text.split()) for text in invalid)]):
            first = index % len(starts)  # so that the first pairs are of different texts
            yield self._added(rule, starts[first:] + starts[:first], what, added)

    def _added(
        self, rule: str, starts: Iterable[str], what: str, added: Sequence[str]
    ) -> Iterator[Pair[str]]:
        for text in starts:
            longer = (" ".join([text, *added[:count]]).lstrip() for count in range(len(added) + 1))
            if pair := self._crossing(rule, longer):
                yield what, pair

    def _mutated(self, rule: str) -> Iterator[Group]:
        """The same boundary in other scripts, cases and surroundings."""
        pairs = (
            next((pair for _, pair in self._pairs(rule, text)), (text,)) for text in self._misspelt(rule)
        )
        seeds: list[tuple[str, ...]] = list(pairs)
        if not self.invalid[rule] and not any(_numbers(self._rules[rule], *_OF_TEXTS)):
            seeds = [pair for text in self._texts for _, pair in self._pairs(rule, text)]
        return in_turn(*(self._changed(rule, seeds, what, mutate) for what, mutate in self._mutations))

    def _changed(
        self, rule: str, seeds: Iterable[tuple[str, ...]], what: str, mutate: texts.Mutation
    ) -> Iterator[Group]:
        for seed in seeds:
            group: Group = [(what, mutate(text)) for text in seed if mutate(text) != text]
            turned = any(self._broken(mutate(text)) != self._broken(text) for text in seed)
            if turned and what in texts.WORD_BY_WORD:
                outside = self._partly(mutate, seed[0])
                inside = (pair[1] for _, pair in self._pairs(rule, outside))
                group[1:] = [(f"partly {what}", text) for text in (outside, *islice(inside, 1))]
            if group:
                yield group

    def _partly(self, mutate: texts.Mutation, text: str) -> str:
        """A text with as many of its words changed as leave it on its side of the boundary."""
        pieces = re.split(r"(\w+)", text)
        for index, piece in enumerate(pieces):
            changed = [*pieces[:index], mutate(piece), *pieces[index + 1 :]]
            if self._broken("".join(changed)) == self._broken(text):
                pieces = changed
        return "".join(pieces)


def _parts(document: Document, schema: str) -> list[str]:
    """A schema and what it is made of by $ref and allOf, as pointers to objects, in their order."""
    pending, seen = [schema], list[str]()
    while pending:
        pointer = pending.pop()
        value = document.get(pointer)
        if pointer in seen or not isinstance(value, dict):
            continue
        seen.append(pointer)
        pending += [join(pointer, "allOf", index) for index in reversed(range(len(value.get("allOf", []))))]
        if "$ref" in value:
            pending.append(target(value["$ref"]))
    return seen


def _numbers(schema: Json, *keywords: str) -> Iterator[int | float]:
    """What some keywords say, however deep in a schema they stand."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key in keywords and isinstance(value, int | float):
            yield value
        elif isinstance(value, dict | list):
            yield from _numbers(value, *keywords)


def _around(number: int, least: int = 0) -> list[int]:
    return [size for size in (number - 1, number, number + 1) if least <= size <= _LONGEST]


def _short_texts(values: Iterable[Json]) -> list[str]:
    return [value for value in values if isinstance(value, str) and len(value) <= _SEARCHED]


def _as(kind: type[T], value: Json) -> T:
    """A value of that type, or an empty one in place of any other."""
    return value if isinstance(value, kind) else kind()
