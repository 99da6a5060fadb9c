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

    ``satisfied`` says whether a value certainly satisfies them. The schemas of parts are those that lead to
    further invariants; ``each`` are the schemas of all items, where they do not depend on the index.
    """

    invariants: tuple[Law, ...]
    satisfied: Test
    members: dict[str, _Schemas]
    matching: list[tuple[Matches, str]]
    each: _Schemas
    items: list[tuple[slice, str]]

    @property
    def has_parts(self) -> bool:
        return bool(self.members or self.items or self.matching)

    def parts(self, value: Any) -> Iterator[tuple[_Schemas, Any]]:
        """The parts of a value that lead to further invariants, with their schemas."""
        if isinstance(value, list) and self.items:
            for index, item in enumerate(value):
                yield self.each or frozenset(goal for way, goal in self.items if _is_in(way, index)), item
        elif isinstance(value, dict) and self.matching:
            for name, part in value.items():
                goals = {goal for matches, goal in self.matching if matches(name)}
                yield self.members.get(name, _NONE) | goals, part
        elif isinstance(value, dict):
            for name, schemas in self.members.items():
                if name in value:
                    yield schemas, value[name]


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
        self._simple: dict[_Schemas, _Place | None] = {}

    @cached_property
    def reads_headers(self) -> bool:
        return any(law.reads_headers for law in self.of_exchange)

    @cached_property
    def reads_of_request(self) -> frozenset[str]:
        """The members of a request that its laws of one exchange read."""
        return frozenset(name for law in self.of_exchange for name in law.reads_of_request)

    def applying(self, request: View) -> list[Law]:
        """The laws of one exchange, but those that certainly do not apply to a request."""
        return [law for law in self.of_exchange if law.applies_quickly(request) is not False]

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
        pending = [(schemas, value)]
        while pending:
            schemas, value = pending.pop()
            place = self._simple.get(schemas) or self._place(schemas, value, fits)
            if not place.satisfied(value):
                yield from (law for law in place.invariants if not law.is_certain_of(value))
            if place.has_parts:
                pending.extend(place.parts(value))

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
            conjunction(tuple(law.rule for law in invariants)),
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
