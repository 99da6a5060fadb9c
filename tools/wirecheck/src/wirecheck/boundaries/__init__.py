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
from wirecheck.boundaries.subject import Json, Subject, short_texts
from wirecheck.boundaries.texts import in_turn
from wirecheck.engine import Engine
from wirecheck.spec import Spec

_MOST = 600  # cases made for all rules together
_RANKED = 60  # cases on one side of a rule that are compared; each costs about half a millisecond


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


_KNOWN: WeakKeyDictionary[Spec, dict[str, Sequence[Case]]] = WeakKeyDictionary()


def boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[Case]:
    """The cases of the schema at a pointer: rules take turns, the most telling cases stand first.

    They take about a second to find, and are found once for a document.
    """
    known = _KNOWN.setdefault(spec, {})
    if schema not in known:
        known[schema] = _boundaries(spec, engine, schema)
    return known[schema]


def _boundaries(spec: Spec, engine: Engine, schema: str) -> Sequence[Case]:
    subject = Subject(spec.document, engine, schema)
    made = in_turn(*(_ranked(subject, rule) for rule in subject.invalid))
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


def _ranked(subject: Subject, rule: str) -> Iterator[Case]:
    """The cases outside of a rule and those inside in turn, of each the most telling first."""
    readings = list(misreadings(subject.texts, short_texts(subject.invalid[rule])))
    sides: tuple[list[Case], list[Case]] = [], []
    for case in _cases(subject, rule):
        sides[case.rule is None].append(case)
    for side in sides:
        texts = [case for case in side[:_RANKED] if isinstance(case.value, str)]
        order = most_telling([case.value for case in texts], partial(subject.breaks, rule), readings)
        telling = [texts[place] for place in order]
        side[:] = [*telling, *(case for case in side if case not in telling)]
    return in_turn(*sides)


def _cases(subject: Subject, rule: str) -> Iterator[Case]:
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
            yield Case(value, rule if broken else None, f"{rule}: {what}, {side}", rule)
