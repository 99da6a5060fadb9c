"""Which laws and invariants an exchange might violate, found out in one pass over its body."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from msgspec import Struct

from wirecheck.cel import Test, View, conjunction
from wirecheck.laws.law import Law, Laws
from wirecheck.laws.occurrences import FitsSchema, Matches, Occurrences
from wirecheck.model import LimitError

_MOST_PLACES = 1000  # that are kept; each combination of alternatives has its own
_EVERY = slice(0, None)

_Schemas = frozenset[str]
_NONE: _Schemas = frozenset()


class _Place(Struct, frozen=True):
    """Where values stand that are of some schemas, all at the same time: their invariants and their parts.

    ``satisfied`` says whether all of some values certainly satisfy them. The schemas of parts are those that
    lead to further invariants; ``each`` are the schemas of all items, where they do not depend on the index.
    """

    invariants: tuple[Law, ...]
    satisfied: Test
    members: dict[str, _Schemas]
    matching: list[tuple[Matches, str]]
    each: _Schemas
    items: list[tuple[slice, str]]

    def parts(self, values: list[Any]) -> Iterator[tuple[_Schemas, list[Any]]]:
        """The parts of some values that lead to further invariants, with their schemas."""
        if self.each:
            yield self.each, [item for value in values if isinstance(value, list) for item in value]
        elif self.items:
            yield from self._items_of([value for value in values if isinstance(value, list)])
        if self.matching:
            yield from self._members_of([value for value in values if isinstance(value, dict)])
        else:
            for name, schemas in self.members.items():
                yield schemas, [value[name] for value in values if isinstance(value, dict) and name in value]

    def _items_of(self, lists: list[list[Any]]) -> Iterable[tuple[_Schemas, list[Any]]]:
        parts = defaultdict[_Schemas, list[Any]](list)
        for items in lists:
            for index, item in enumerate(items):
                parts[frozenset(goal for way, goal in self.items if _is_in(way, index))].append(item)
        return parts.items()

    def _members_of(self, objects: list[dict[str, Any]]) -> Iterable[tuple[_Schemas, list[Any]]]:
        parts = defaultdict[_Schemas, list[Any]](list)
        for value in objects:
            for name, part in value.items():
                goals = {goal for matches, goal in self.matching if matches(name)}
                parts[self.members.get(name, _NONE) | goals].append(part)
        return parts.items()


class LawPlan:
    """The laws of an operation, and which of them an exchange might violate.

    A law in doubt may be satisfied all the same; one that is not in doubt is satisfied for certain.
    """

    def __init__(self, laws: Iterable[Law], occurrences: Occurrences) -> None:
        self.laws = tuple(laws)
        self.of_exchange = tuple(law for law in self.laws if law.then is None and law.schema is None)
        self.invariants = tuple(law for law in self.laws if law.schema is not None)
        self.occurrences = occurrences
        self._places: dict[_Schemas, _Place] = {}
        self._simple: dict[_Schemas, _Place] = {}

    @cached_property
    def reads_headers(self) -> bool:
        return any(law.reads_headers for law in self.of_exchange)

    @cached_property
    def reads_of_request(self) -> frozenset[str]:
        """The members of a request that its laws of one exchange read."""
        return frozenset(name for law in self.of_exchange for name in law.reads_of_request)

    @cached_property
    def _satisfied(self) -> Test:
        """Whether requests and responses certainly satisfy the laws of one exchange that have no ``each``."""
        laws = [law for law in self.of_exchange if law.each is None]
        return conjunction(tuple((law.when, law.rule) for law in laws), ("request", "response"))

    def in_doubt(self, request: View, response: View) -> list[Law]:
        """The laws of one exchange that a request and its response might violate."""
        satisfied = self._satisfied([request], [response])
        return [
            law
            for law in self.of_exchange
            if not (satisfied and law.each is None) and not law.is_certain(request, response)
        ]

    def invariants_in_doubt(self, schema: str, body: Any, fits: FitsSchema) -> list[Law]:
        """The invariants that parts of a body, a value of a schema, might violate."""
        if not self.invariants:
            return []
        try:
            in_doubt = {law.pointer for law in self._in_doubt(frozenset((schema,)), body, fits)}
        except LimitError:
            raise
        except Exception:  # it is nested too deeply, or the document turns out to be unusable
            return list(self.invariants)
        return [law for law in self.invariants if law.pointer in in_doubt]

    def _in_doubt(self, schemas: _Schemas, value: Any, fits: FitsSchema) -> Iterator[Law]:
        """The invariants that a value of some schemas, or a part of it, might violate."""
        pending = [(schemas, [value])]
        while pending:
            schemas, values = pending.pop()
            for place, alike in self._placed(schemas, values, fits) if values else ():
                if not place.satisfied(alike):
                    yield from (law for law in place.invariants if not all(map(law.is_certain_of, alike)))
                pending.extend(place.parts(alike))

    def _placed(
        self, schemas: _Schemas, values: list[Any], fits: FitsSchema
    ) -> Iterable[tuple[_Place, list[Any]]]:
        """Where values of some schemas stand, with all that stand there."""
        if place := self._simple.get(schemas):
            return ((place, values),)
        placed: dict[int, tuple[_Place, list[Any]]] = {}
        for value in values:
            place = self._place(schemas, value, fits)
            placed.setdefault(id(place), (place, []))[1].append(value)
        return placed.values()

    def _place(self, schemas: _Schemas, value: Any, fits: FitsSchema) -> _Place:
        """Where a value of some schemas stands, with the alternatives that it fits."""
        applying, is_open = list(schemas), False
        for schema in applying:  # it grows
            for step in self.occurrences.steps(schema):
                is_open |= step.condition is not None
                applies = step.condition is None or fits(step.condition, value) is step.fitting
                if step.way is None and applies and step.goal not in applying:
                    applying.append(step.goal)
        key = frozenset(applying)
        if key not in self._places:
            if len(self._places) == _MOST_PLACES:
                self._places.clear()
                self._simple.clear()
            self._places[key] = self._new_place(key)
        if not is_open:
            self._simple[schemas] = self._places[key]
        return self._places[key]

    def _new_place(self, schemas: _Schemas) -> _Place:
        steps = [step for schema in sorted(schemas) for step in self.occurrences.steps(schema)]
        members = defaultdict[str, set[str]](set)
        matching, items = [], []
        for step in steps:
            match step.way:
                case None:
                    pass
                case str(name):
                    members[name].add(step.goal)
                case slice():
                    items.append((step.way, step.goal))
                case matches:
                    matching.append((matches, step.goal))
        invariants = tuple(law for law in self.invariants if law.schema in schemas)
        return _Place(
            invariants,
            conjunction(tuple((law.when, law.rule) for law in invariants), ("self",)),
            {name: frozenset(goals) for name, goals in members.items()},
            matching,
            frozenset(goal for _, goal in items) if all(way == _EVERY for way, _ in items) else _NONE,
            items,
        )


class LawPlans:
    """The plans of all operations, each made on first use."""

    def __init__(self, laws: Laws, occurrences: Occurrences) -> None:
        self._laws = laws
        self._occurrences = occurrences
        self._plans: dict[str, LawPlan] = {}

    def of(self, operation: str) -> LawPlan:
        if operation not in self._plans:
            self._plans[operation] = LawPlan(self._laws.get(operation, ()), self._occurrences)
        return self._plans[operation]


def _is_in(way: slice, index: int) -> bool:
    return way.start <= index and (way.stop is None or index < way.stop)
