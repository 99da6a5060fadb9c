"""A schema with its named rules, which decides on which side of a rule a value is."""

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
Pair = tuple[str, tuple[T, T]]  # a label; the value that violates a rule, the value that satisfies it
Group = list[tuple[str, Json]]  # candidates that belong together: label and value of each

LONGEST = 20_000  # characters or items of a value
OF_TEXTS = ("minLength", "maxLength")
_SEARCHED = 1_000  # characters of an example from which others are made


class RuledSchema:
    """``texts`` are short valid examples; ``invalid`` has the violating examples by the name of the rule."""

    def __init__(self, document: Document, engine: Engine, schema: str) -> None:
        self._document, self._engine, self._schema = document, engine, schema
        self._cache: dict[str, frozenset[str]] = {}
        pointers = parts(document, schema, ("allOf",))
        schemas = [document.get(pointer) for pointer in pointers]
        ruled = {pointer: part for pointer, part in zip(pointers, schemas, strict=True) if "x-rule" in part}
        self.rules = {str(part["x-rule"]): part for part in ruled.values()}
        self._pointers = {str(part["x-rule"]): pointer for pointer, part in ruled.items()}
        listed = chain.from_iterable(_as(list, part.get("examples")) for part in schemas)
        self.valid = [value for value in listed if not self.violated(value)]
        self.invalid = {rule: list(self._invalid(rule, schemas)) for rule in self.rules}
        self.texts = short_texts(self.valid)
        self.variations = texts.variations(
            self.texts, [number for number in numbers(schemas, *OF_TEXTS) if number <= LONGEST]
        )

    def _invalid(self, rule: str, schemas: Iterable[Json]) -> Iterator[Json]:
        """The listed values that violate a rule and nothing else."""
        for part in schemas:
            by_rule = _as(dict, part.get("x-invalid-examples"))
            yield from (value for value in _as(list, by_rule.get(rule)) if self.violated(value) == {rule})

    def violated(self, value: Json) -> frozenset[str]:
        """The names of the rules that a value violates; an empty one stands for the rest of the schema."""
        key = repr(value)
        if key not in self._cache:
            pointers = [violation.rule for violation in self.violations(value)]
            self._cache[key] = frozenset(
                str(self._document.get(pointer)["x-rule"]) if pointer else "" for pointer in pointers
            )
        return self._cache[key]

    def violates(self, rule: str, text: str) -> bool:
        """Whether a text violates a rule, whatever else it violates; faster."""
        return not self._engine.is_valid(self._pointers[rule], text)

    def violations(self, value: Json) -> list[SchemaViolation]:
        return self._engine.violations(self._schema, value, lambda shown, path: "")

    def crossing(self, rule: str, walk: Iterable[T]) -> tuple[T, T] | None:
        """The first two neighbours with the boundary between them: the violating one, the valid one."""
        outside, inside = frozenset({rule}), frozenset[str]()
        for left, right in pairwise(walk):
            sides = self.violated(left), self.violated(right)
            if sides == (outside, inside):
                return left, right
            if sides == (inside, outside):
                return right, left
        return None

    def violating_texts(self, rule: str) -> list[str]:
        """The listed texts that violate a rule by more than their length, which at_limits tests better."""
        return [
            text
            for text in short_texts(self.invalid[rule])
            if not any(violation.keyword in OF_TEXTS for violation in self.violations(text))
        ]

    def pairs(self, rule: str, text: str) -> Iterator[Pair[str]]:
        edits = ((what, ((text, edit) for edit in edited)) for what, edited in texts.edits(text))
        cuts = ((what, [walk]) for what, walk in texts.cuts(text))
        for what, walks in in_turn(cuts, edits):
            if pair := next(filter(None, (self.crossing(rule, walk) for walk in walks)), None):
                yield what, pair


def numbers(schema: Json, *keywords: str) -> Iterator[int | float]:
    """The numbers of some keywords, at any depth of a schema."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key in keywords and isinstance(value, int | float):
            yield value
        elif isinstance(value, dict | list):
            yield from numbers(value, *keywords)


def short_texts(values: Iterable[Json]) -> list[str]:
    return [value for value in values if isinstance(value, str) and len(value) <= _SEARCHED]


def _as(kind: type[T], value: Json) -> T:
    """The value if it has that type, else an empty one."""
    return value if isinstance(value, kind) else kind()
