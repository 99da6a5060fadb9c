"""Sequences of what can be done with things: create, read, replace, patch, delete, list, in any order.

Before they are drawn at random, each value at a limit of a body is sent once, and each one beyond it.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from wirecheck.conform.case import Case, InconclusiveError, NoResponseError, UnsentError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.places import in_rounds, probes_inside, probes_outside, shapes
from wirecheck.conform.probes import Probe
from wirecheck.fuzz.keys import key_of_step
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.wire import Step
from wirecheck.resources import Keys, Resource, parents, places
from wirecheck.samples import members
from wirecheck.spec import Operation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_SLOTS = 3  # things of each resource
_PATCHED = 6  # members that are patched one by one
_LONGEST_TEXT = 5000  # characters
_LONGEST = 8  # steps that are drawn; others create what these need

Drawn = tuple[int, int, int, int]
"""The numbers of a resource, an operation of it, a thing, and a body.

Half of all steps are of the usual resource of the sequence.
"""


@dataclass(frozen=True, slots=True)
class DescribedResource:
    """A resource with cases of each of its operations, without keys but those of new things."""

    resource: Resource
    cases: dict[str, list[Case]]


def described(session: FuzzSession) -> list[DescribedResource]:
    """The resources that only the document describes, and that can be created."""
    resources = [resource for resource in session.things.derived.values() if _is_chosen(session, resource)]
    found: list[DescribedResource] = []
    for resource in resources:
        with suppress(InconclusiveError, NoResponseError, UnsentError):
            found.append(_described(session, resource))
    return found


def at_limits(session: FuzzSession, things: Sequence[DescribedResource]) -> Iterator[Sequence[Step]]:
    """A write of a thing for each value of its members that is at a limit, or beyond one.

    First come those at the first limit of each member, then those at the second one, and so on.
    """
    groups: list[list[tuple[DescribedResource, Operation, Probe]]] = []
    for thing in things:
        for operation in (thing.resource.create, thing.resource.replace, thing.resource.patch):
            if operation is None or operation.name not in thing.cases:
                continue
            with suppress(InconclusiveError, NoResponseError, UnsentError):
                places = [place for variant in shapes(session, operation) for place in variant.places]
                for index, place in enumerate(places):
                    probes = probes_inside(session, place, index) + probes_outside(session, operation, place)
                    groups.append([(thing, operation, probe) for probe in probes])
    for thing, operation, probe in chain.from_iterable(in_rounds(groups)):
        base = thing.cases[operation.name][0]
        body = next(session.things.bodies(operation), None)
        if (case := probe.having(replace(base, body=body))) is not None:
            yield session.links.linked(_Plan(session, things).write(thing, case))


def of_things(
    session: FuzzSession, things: Sequence[DescribedResource]
) -> "SearchStrategy[Sequence[Step]] | None":
    """Sequences for resources that only the document describes; None where there are none."""
    from hypothesis import strategies as st

    if not things:
        return None
    number = st.integers(0, 23)
    drawn = st.tuples(number, number, st.integers(0, _SLOTS - 1), number)
    plans = st.tuples(number, st.lists(drawn, min_size=2, max_size=_LONGEST))
    return plans.map(lambda plan: session.links.linked(_Plan(session, things).steps(*plan)))


def _is_chosen(session: FuzzSession, resource: Resource) -> bool:
    is_chosen = any(operation.name in session.chosen for operation in resource.operations)
    return is_chosen and session.things.can_create(resource)


def _described(session: FuzzSession, resource: Resource) -> DescribedResource:
    """Raises InconclusiveError where no case of creating is known."""
    cases: dict[str, list[Case]] = {}
    assert resource.create is not None
    within = session.things.create(resource).keys
    for operation in resource.operations:
        if operation.name in session.chosen or operation == resource.create:
            with suppress(InconclusiveError):
                cases[operation.name] = list(_cases(session, resource, operation, within))
    if resource.create.name not in cases:
        raise InconclusiveError(f"no case of {resource.create.name} is known")
    return DescribedResource(resource, cases)


def _cases(session: FuzzSession, resource: Resource, operation: Operation, within: Keys) -> Iterator[Case]:
    """Cases with new bodies: as accepted before, of all members, of the required ones alone."""
    things = session.things
    outer = {place: key for place, key in within.items() if place != resource.place}
    for kind in (None, 1, 2):
        body = next(things.bodies(operation, kind), None)
        yield replace(things.case(operation, outer if operation == resource.create else within), body=body)
    if (operation == resource.create and not resource.is_upsert) or not isinstance(body, dict):
        return
    complete = next(things.bodies(operation, 1), body)
    if operation == resource.patch:
        for name in list(complete)[:_PATCHED]:
            yield replace(things.case(operation, within), body={name: complete[name]})
    yield replace(things.case(operation, within), body=_longest(session, operation, complete))


def _longest(session: FuzzSession, operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    """A body whose texts are as long as the document allows."""
    schema = next((content.schema for content in media_types(operation)), None)
    for name, found in members(session.spec.document, schema).items():
        longest = found.limits.get("maxLength", 0)
        longer = {**body, name: "a" * min(longest, _LONGEST_TEXT)}
        is_text = isinstance(body.get(name), str) and found.options is None
        if is_text and longest > len(body[name]) and schema and session.requests.is_valid(schema, longer):
            body = longer
    return body


@dataclass
class _Plan:
    """Turns what is drawn into steps; ``created`` has the index of the step that created a thing."""

    session: FuzzSession
    described: Sequence[DescribedResource]
    created: dict[tuple[str, int], int] = field(default_factory=dict)
    made: list[Step] = field(default_factory=list)

    def steps(self, usual: int, plan: Sequence[Drawn]) -> list[Step]:
        for number, verb, slot, variant in plan:
            chosen = usual if number % 2 else number // 2
            described = self.described[chosen % len(self.described)]
            resource = described.resource
            names = list(described.cases)
            name = names[verb % len(names)]
            cases = described.cases[name]
            if (resource.collection, slot) not in self.created:
                self._create(resource, slot)
            if resource.is_upsert or name != getattr(resource.create, "name", ""):
                self._add(resource, cases[variant % len(cases)], slot)
        return self.made

    def write(self, thing: DescribedResource, case: Case) -> list[Step]:
        """The steps to one write, of a new thing unless it creates that."""
        resource = thing.resource
        if case.operation != resource.create:
            self._create(resource, 0)
        else:
            self._create_around(resource, 0)
        self._add(resource, case, 0)
        return self.made

    def _create(self, resource: Resource, slot: int) -> None:
        """Adds the steps that create a thing, and what it lies within."""
        self._create_around(resource, slot)
        described = self._of(resource)
        create = resource.create
        if described is not None and create is not None:
            cases = described.cases[create.name]
            self._add(resource, cases[slot % len(cases)], slot)
            self.created[resource.collection, slot] = len(self.made) - 1

    def _create_around(self, resource: Resource, slot: int) -> None:
        for outer in parents(resource, self.session.things.resources):
            if self._of(outer) and (outer.collection, _outer(slot)) not in self.created:
                self._create(outer, _outer(slot))

    def _of(self, resource: Resource) -> DescribedResource | None:
        return next((described for described in self.described if described.resource == resource), None)

    def _add(self, resource: Resource, case: Case, slot: int) -> None:
        """Adds a step with placeholders for the keys of what was created."""
        for place, name in places(case.operation.template).items():
            for other in (resource, *parents(resource, self.session.things.resources)):
                number = slot if other == resource else _outer(slot)
                index = self.created.get((other.collection, number))
                if other.place == place and index is not None:
                    case = case.having("path", name, key_of_step(index))
        self.made.append(self.session.target.wire(case))


def _outer(slot: int) -> int:
    """The number of the thing within which a thing lies: two of them lie within the same one."""
    return slot - slot % 2
