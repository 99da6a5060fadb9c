"""Members of bodies by their effective schemas: limits from both sides, unusual values, broken bodies."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from wirecheck.conform import probes
from wirecheck.conform.case import InconclusiveError
from wirecheck.conform.places import (
    Slot,
    body_schema,
    in_rounds,
    is_json_body,
    minimal_probes,
    probes_inside,
    probes_outside,
    probes_tolerated,
    probes_unusual,
    shapes,
)
from wirecheck.conform.probes import Probe, Survey
from wirecheck.conform.protocols import Tester
from wirecheck.conform.things import derived_resources
from wirecheck.samples import facets, members
from wirecheck.samples.limits import MISSING
from wirecheck.spec import Operation, Spec

_VALUES = 40  # beyond the limits of a body
_FEWEST = 5  # of them for each member
_NESTED = 200  # arrays within each other


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    schema = body_schema(operation)
    if schema is None:
        return
    names, required = _members(spec, schema)
    for name in required:
        yield "body", f"requires {name}", partial(_requires, operation=operation, name=name)
    if any(facets(spec.document, pointer).is_closed for pointer in _alternatives(spec, schema)):
        yield "body", "enforces the limits of the body", partial(_enforces_own_limits, operation=operation)
    most = max(_FEWEST, _VALUES // max(len(names), 1))
    for name in names:
        is_required = name in required
        test = partial(_enforces_limits, operation=operation, name=name, most=most, is_required=is_required)
        yield "body", f"enforces the limits of {name}", test
    if _can_be_undone(spec, operation):
        test = partial(_survives, operation=operation, make=_inside)
        yield "body", "accepts values at the limits of members, and stores them", test
        test = partial(_survives, operation=operation, make=_unusual)
        yield "body", "does not fail on unusual values of members", test
        if is_json_body(operation):
            test = partial(_stores_nothing_invalid, operation=operation)
            yield "body", "does not store values that the schema does not allow", test
    if is_json_body(operation):
        yield "body", "rejects bodies that are broken", partial(_rejects_broken, operation=operation)


def _members(spec: Spec, schema: str) -> tuple[list[str], list[str]]:
    """The members that requests may have, of all alternatives, and those that all require."""
    required = facets(spec.document, schema).required
    writable = [name for name, found in members(spec.document, schema).items() if not found.read_only]
    return writable, [name for name in writable if name in required]


def _can_be_undone(spec: Spec, operation: Operation) -> bool:
    """Whether an accepted write changes nothing but what this session created and can delete."""
    resources = derived_resources(spec).values()
    return any(
        resource.delete is not None and operation in (resource.create, resource.replace, resource.patch)
        for resource in resources
    )


def _requires(session: Tester, operation: Operation, name: str) -> None:
    def is_concerned(probe: Probe, place: Slot) -> bool:
        return place.path == (name,) and probe.value is MISSING

    _reject(session, operation, is_concerned, 1)


def _enforces_limits(session: Tester, operation: Operation, name: str, most: int, is_required: bool) -> None:
    """``is_required`` is whether another requirement leaves the member out; else an alternative may."""

    def is_concerned(probe: Probe, place: Slot) -> bool:
        is_tested = is_required and len(place.path) == 1 and probe.value is MISSING
        return place.path[:1] == (name,) and not is_tested

    _reject(session, operation, is_concerned, most)


def _enforces_own_limits(session: Tester, operation: Operation) -> None:
    """Those of the whole body: it has no members but those that the schema allows."""
    _reject(session, operation, lambda _, place: place.path == (), _FEWEST)


def _alternatives(spec: Spec, schema: str) -> Iterator[str]:
    """A schema, and the alternatives of its unions."""
    yield schema
    yield from chain.from_iterable(facets(spec.document, schema).branches)


def _reject(
    session: Tester, operation: Operation, is_concerned: Callable[[Probe, Slot], bool], most: int
) -> None:
    """Requires that the server rejects those probes from outside that are concerned."""
    probes.require_writable(session, operation)
    sent = 0
    for shape in shapes(session, operation):
        groups = [
            [probe for probe in probes_outside(session, operation, place) if is_concerned(probe, place)]
            for place in shape.places
        ]
        chosen = list(chain.from_iterable(in_rounds(groups)))[: most - sent]
        sent += probes.require_all_rejected(session, shape.base, chosen)
    if not sent:
        raise InconclusiveError("no value beyond the limits is known")


def _survives(session: Tester, operation: Operation, make: Callable[[Tester, Slot], list[Probe]]) -> None:
    """Probes of all places are sent, several in one request as long as they are accepted."""
    conclusive = False
    for shape in shapes(session, operation):
        survey = Survey(session, operation, shape.base)
        places = [place for place in shape.places if not _is_own_key(session, operation, place)]
        for together in _batches(session, places, make):
            survey.send(together)
        conclusive = conclusive or survey.is_conclusive
    if not conclusive:
        raise InconclusiveError("no value at a limit is known")


def _batches(
    session: Tester, places: Sequence[Slot], make: Callable[[Tester, Slot], list[Probe]]
) -> Iterator[list[Probe]]:
    """Probes of members that do not lie within each other, so that they fit into one body."""
    yield from ([probe] for place in places for probe in minimal_probes(session, place))
    leaves = [place for place in places if not _has_members(place)]
    yield from in_rounds([make(session, place) for place in leaves])
    for place in places:
        if _has_members(place) and place.path:
            yield from ([probe] for probe in make(session, place))


def _is_own_key(session: Tester, operation: Operation, place: Slot) -> bool:
    """Whether a place is the key of the thing that is replaced or patched, which is that of the path."""
    return bool(place.path) and any(
        operation in (resource.replace, resource.patch)
        and place.path in (resource.key_members[:1], (*resource.thing, *resource.key_members[:1]))
        for resource in session.things.derived.values()
    )


def _has_members(place: Slot) -> bool:
    return place.facets.is_object or place.facets.is_array


def _inside(session: Tester, place: Slot) -> list[Probe]:
    return probes_inside(session, place, sum(map(ord, place.name)))


def _unusual(session: Tester, place: Slot) -> list[Probe]:
    return probes_unusual(session, place) if place.path else []


def _stores_nothing_invalid(session: Tester, operation: Operation) -> None:
    """A server may take null for a missing member, or a number for a text, but must not store it."""
    probes.require_writable(session, operation)
    session.require_control(operation)
    sent = 0
    for shape in shapes(session, operation):
        for place in shape.places:
            if len(place.path) == 1:
                found = probes_tolerated(session, place)
                sent += probes.require_none_stored(session, shape.base, found)
    if not sent:
        raise InconclusiveError("no such value is known")


def _rejects_broken(session: Tester, operation: Operation) -> None:
    """Bodies that are not JSON, or not of its type, are rejected."""
    probes.require_writable(session, operation)
    session.require_control(operation)
    schema = str(body_schema(operation))
    is_valid = session.things.samples.is_valid
    text = json.dumps(session.requests.base(operation).body).encode()
    broken: dict[str, tuple[bytes, bool]] = {
        "is unfinished JSON": (text[:-1] if len(text) > 1 else b"{", True),
        "is not JSON": (b"<not json>", True),
        "is not UTF-8": (b'{"\xff": "\xfe"}', False),
        "is deeply nested": (b"[" * _NESTED + b"]" * _NESTED, False),
        "is null": (b"null", False),
        "is an array": (b"[]", False),
        "is a text": (b'"wirecheck"', not is_valid(schema, "wirecheck")),
        "is a number": (b"5", not is_valid(schema, 5)),
        "is empty": (
            b"",
            bool(operation.request_body and operation.request_body.required and not is_valid(schema, {})),
        ),
    }
    for what, (content, must_be_rejected) in broken.items():
        case = replace(session.requests.base(operation), content=content)
        observation = probes.send_unjudged(session, case)
        if probes.failed(observation):
            probes.record_failure(session, f"the body {what}", observation)
        elif must_be_rejected and probes.succeeded(observation):
            problem = f"the body {what}, but the request is accepted: {observation.status}"
            session.record_violation(problem, observation)
