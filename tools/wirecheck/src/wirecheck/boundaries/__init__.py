"""Values just inside and just outside of the named rules (x-rule) of a schema.

Nothing here knows what a rule means. Candidates are made from the numbers in the schema and from its
listed examples, the engine decides on which side of the rule each of them is, and those that detect the
most mutants of a server stand first.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from weakref import WeakKeyDictionary

from wirecheck.boundaries.candidates import at_limits, from_examples, varied
from wirecheck.boundaries.combined import combined
from wirecheck.boundaries.operators import detection_order, mutation_operators
from wirecheck.boundaries.ruled_schema import Json, RuledSchema, short_texts
from wirecheck.boundaries.texts import in_turn
from wirecheck.engine import Engine
from wirecheck.spec import Spec

_MOST = 600  # values made for all rules together
_RANKED = 60  # values on one side of a rule that are ranked; each costs about half a millisecond


@dataclass(frozen=True, slots=True)
class BoundaryValue:
    """A value beside the boundary of a rule.

    ``rule`` is the one rule that the value violates, and nothing else of the schema; None for a valid
    value. ``what`` is a label for people, unique within the schema. ``near`` is the rule at whose
    boundary the value was found, None for an example of the schema.
    """

    value: Json
    rule: str | None
    what: str
    near: str | None


_CACHE: WeakKeyDictionary[Spec, dict[str, Sequence[BoundaryValue]]] = WeakKeyDictionary()


def boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[BoundaryValue]:
    """Values for the schema at a pointer: rules take turns, those that detect the most mutants come first.

    Takes about a second, once for each schema of a document.
    """
    cached = _CACHE.setdefault(spec, {})
    if schema not in cached:
        cached[schema] = _boundaries(spec, engine, schema)
    return cached[schema]


def _boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[BoundaryValue]:
    subject = RuledSchema(spec.document, engine, schema)
    ranked = in_turn(*(_ranked(subject, rule) for rule in subject.invalid))
    listed = (BoundaryValue(value, None, "example, valid", None) for value in subject.valid)
    unique: dict[str, BoundaryValue] = {}
    for boundary in chain(islice(ranked, _MOST), listed):
        unique.setdefault(repr(boundary.value), boundary)
    labels: Counter[str] = Counter()
    for key, boundary in unique.items():
        labels[boundary.what] += 1
        if labels[boundary.what] > 1:
            unique[key] = replace(boundary, what=f"{boundary.what} ({labels[boundary.what]})")
    return tuple(unique.values())


def _ranked(subject: RuledSchema, rule: str) -> Iterator[BoundaryValue]:
    """Values that violate a rule and values that satisfy it in turn, the best of each first."""
    operators = list(mutation_operators(subject.texts, short_texts(subject.invalid[rule])))
    sides: tuple[list[BoundaryValue], list[BoundaryValue]] = [], []
    for boundary in _boundary_values(subject, rule):
        sides[boundary.rule is None].append(boundary)
    for side in sides:
        texts = [boundary for boundary in side[:_RANKED] if isinstance(boundary.value, str)]
        values = [boundary.value for boundary in texts]
        best = [texts[index] for index in detection_order(values, partial(subject.violates, rule), operators)]
        side[:] = [*best, *(boundary for boundary in side if boundary not in best)]
    return in_turn(*sides)


def _boundary_values(subject: RuledSchema, rule: str) -> Iterator[BoundaryValue]:
    """Valid values and those that violate only this rule, each once."""
    yielded: set[str] = set()
    mixes = combined(subject, rule)  # more often in turn than the others, as they detect the most mutants
    variants = varied(subject, rule)
    limits, examples = at_limits(subject, rule), from_examples(subject, rule)
    groups = in_turn(mixes, mixes, mixes, mixes, limits, examples, variants, variants)
    for what, value in chain.from_iterable(groups):
        violated, key = subject.violated(value), repr(value)
        if violated <= {rule} and key not in yielded:
            yielded.add(key)
            side = "violated" if violated else "satisfied"
            yield BoundaryValue(value, rule if violated else None, f"{rule}: {what}, {side}", rule)
