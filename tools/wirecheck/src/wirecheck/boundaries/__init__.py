"""Values just inside and just outside of the named rules (x-rule) of a schema.

What a rule means is not known here. Candidates are made from the numbers in the schema and from
its listed examples, the engine tells on which side of the rule each of them is, and those that find
the most wrong servers (misreadings) stand first.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from weakref import WeakKeyDictionary

from wirecheck.boundaries.candidates import in_other_clothes, of_examples, of_numbers
from wirecheck.boundaries.combined import combined
from wirecheck.boundaries.misreadings import misreadings, most_telling
from wirecheck.boundaries.ruled_schema import Json, RuledSchema, short_texts
from wirecheck.boundaries.texts import in_turn
from wirecheck.engine import Engine
from wirecheck.spec import Spec

_MOST = 600  # cases made for all rules together
_RANKED = 60  # cases on one side of a rule that are compared; each costs about half a millisecond


@dataclass(frozen=True, slots=True)
class BoundaryValue:
    """A value beside the boundary of a rule.

    ``rule`` is the one rule that the value breaks, and nothing else of the schema; None when it
    breaks nothing. ``what`` names the case for people, each by another name. ``near`` is the rule
    at whose boundary it was found, None for an example of the schema.
    """

    value: Json
    rule: str | None
    what: str
    near: str | None


_KNOWN: WeakKeyDictionary[Spec, dict[str, Sequence[BoundaryValue]]] = WeakKeyDictionary()


def boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[BoundaryValue]:
    """The cases of the schema at a pointer: rules take turns, the most telling cases stand first.

    They take about a second to find, and are found once for a document.
    """
    known = _KNOWN.setdefault(spec, {})
    if schema not in known:
        known[schema] = _boundaries(spec, engine, schema)
    return known[schema]


def _boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[BoundaryValue]:
    subject = RuledSchema(spec.document, engine, schema)
    made = in_turn(*(_ranked(subject, rule) for rule in subject.invalid))
    listed = (BoundaryValue(value, None, "example, kept", None) for value in subject.valid)
    unique: dict[str, BoundaryValue] = {}
    for boundary in chain(islice(made, _MOST), listed):
        unique.setdefault(repr(boundary.value), boundary)
    named: Counter[str] = Counter()
    for key, boundary in unique.items():
        named[boundary.what] += 1
        if named[boundary.what] > 1:
            unique[key] = replace(boundary, what=f"{boundary.what} ({named[boundary.what]})")
    return tuple(unique.values())


def _ranked(subject: RuledSchema, rule: str) -> Iterator[BoundaryValue]:
    """The cases outside of a rule and those inside in turn, of each the most telling first."""
    readings = list(misreadings(subject.texts, short_texts(subject.invalid[rule])))
    sides: tuple[list[BoundaryValue], list[BoundaryValue]] = [], []
    for boundary in _boundary_values(subject, rule):
        sides[boundary.rule is None].append(boundary)
    for side in sides:
        texts = [boundary for boundary in side[:_RANKED] if isinstance(boundary.value, str)]
        order = most_telling([boundary.value for boundary in texts], partial(subject.breaks, rule), readings)
        telling = [texts[place] for place in order]
        side[:] = [*telling, *(boundary for boundary in side if boundary not in telling)]
    return in_turn(*sides)


def _boundary_values(subject: RuledSchema, rule: str) -> Iterator[BoundaryValue]:
    """What breaks nothing, or this rule and nothing else; each value once."""
    seen: set[str] = set()
    mixes = combined(subject, rule)  # more often in turn than the others, for they are the most telling
    clothes = in_other_clothes(subject, rule)
    numbers, examples = of_numbers(subject, rule), of_examples(subject, rule)
    groups = in_turn(mixes, mixes, mixes, mixes, numbers, examples, clothes, clothes)
    for what, value in chain.from_iterable(groups):
        broken, key = subject.broken(value), repr(value)
        if broken <= {rule} and key not in seen:
            seen.add(key)
            side = "broken" if broken else "kept"
            yield BoundaryValue(value, rule if broken else None, f"{rule}: {what}, {side}", rule)
