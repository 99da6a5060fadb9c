"""A schema with its named rules, and on which side of them a value is."""

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import Any, TypeVar

from wirecheck.boundaries import texts
from wirecheck.boundaries.texts import in_turn
from wirecheck.decode import parts
from wirecheck.engine import Engine, SchemaViolation
from wirecheck.spec import Document

Json = Any
T = TypeVar("T")
Pair = tuple[str, tuple[T, T]]  # how it was found; the value outside of a rule, the value inside
Group = list[tuple[str, Json]]  # candidates that belong together: what each is, and its value

LONGEST = 20_000  # characters or items of a value
OF_TEXTS = ("minLength", "maxLength")
_SEARCHED = 1_000  # characters of an example that others are made of


class RuledSchema:
    """``texts`` are short valid examples. ``invalid`` has the examples of every rule by its name."""

    def __init__(self, document: Document, engine: Engine, schema: str) -> None:
        self._document, self._engine, self._schema = document, engine, schema
        self._known: dict[str, frozenset[str]] = {}
        pointers = parts(document, schema, ("allOf",))
        found = [document.get(pointer) for pointer in pointers]
        named = {pointer: part for pointer, part in zip(pointers, found, strict=True) if "x-rule" in part}
        self.rules = {str(part["x-rule"]): part for part in named.values()}
        self._pointers = {str(part["x-rule"]): pointer for pointer, part in named.items()}
        listed = chain.from_iterable(_as(list, part.get("examples")) for part in found)
        self.valid = [value for value in listed if not self.broken(value)]
        filed = [_as(dict, part.get("x-invalid-examples")) for part in found]
        self.invalid: dict[str, list[Json]] = {
            rule: [
                value for one in filed for value in _as(list, one.get(rule)) if self.broken(value) == {rule}
            ]
            for rule in self.rules
        }
        self.texts = short_texts(self.valid)
        self.mutations = texts.mutations(
            self.texts, [number for number in numbers(found, *OF_TEXTS) if number <= LONGEST]
        )

    def broken(self, value: Json) -> frozenset[str]:
        """The names of the rules that a value breaks; an empty one stands for the rest of the schema."""
        key = repr(value)
        if key not in self._known:
            pointers = [violation.rule for violation in self.violations(value)]
            self._known[key] = frozenset(
                str(self._document.get(pointer)["x-rule"]) if pointer else "" for pointer in pointers
            )
        return self._known[key]

    def breaks(self, rule: str, text: str) -> bool:
        """Whether a text breaks a rule, whatever else it breaks; faster."""
        return not self._engine.is_valid(self._pointers[rule], text)

    def violations(self, value: Json) -> list[SchemaViolation]:
        return self._engine.violations(self._schema, value, lambda shown, path: "")

    def crossing(self, rule: str, walk: Iterable[T]) -> tuple[T, T] | None:
        """The first two neighbours with the boundary between them: outside, inside."""
        outside, inside = frozenset({rule}), frozenset[str]()
        for one, other in pairwise(walk):
            match self.broken(one), self.broken(other):
                case sides if sides == (outside, inside):
                    return one, other
                case sides if sides == (inside, outside):
                    return other, one
        return None

    def misspelt(self, rule: str) -> list[str]:
        """The listed texts that break a rule by more than their length, of which _sizes knows better ones."""
        return [
            text
            for text in short_texts(self.invalid[rule])
            if not any(violation.keyword in OF_TEXTS for violation in self.violations(text))
        ]

    def pairs(self, rule: str, text: str) -> Iterator[Pair[str]]:
        edits = ((what, ((text, other) for other in edited)) for what, edited in texts.edits(text))
        cuts = ((what, [walk]) for what, walk in texts.cuts(text))
        for what, walks in in_turn(cuts, edits):
            if pair := next(filter(None, (self.crossing(rule, walk) for walk in walks)), None):
                yield what, pair


def numbers(schema: Json, *keywords: str) -> Iterator[int | float]:
    """What some keywords say, however deep in a schema they stand."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key in keywords and isinstance(value, int | float):
            yield value
        elif isinstance(value, dict | list):
            yield from numbers(value, *keywords)


def short_texts(values: Iterable[Json]) -> list[str]:
    return [value for value in values if isinstance(value, str) and len(value) <= _SEARCHED]


def _as(kind: type[T], value: Json) -> T:
    """A value of that type, or an empty one in place of any other."""
    return value if isinstance(value, kind) else kind()
