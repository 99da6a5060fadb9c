"""Sequences of writes, reads and undoing, drawn by hypothesis: laws must be satisfied after each of them."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wirecheck.boundaries import boundaries
from wirecheck.conform import writes
from wirecheck.conform.case import READS, InconclusiveError, NoResponseError, UnsentError
from wirecheck.decode import property_schema
from wirecheck.engine import Engine
from wirecheck.fuzz.access import carries, without_valid
from wirecheck.fuzz.session import Failure, FuzzSession
from wirecheck.fuzz.things import at_limits, described, of_things
from wirecheck.fuzz.wire import Step
from wirecheck.spec import Operation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ACCESS_UNTIL, _LIMITS_UNTIL = 0.25, 0.6  # shares of the time
_CASES = 60  # values beside the rules of a field
_LONGEST = 10  # steps
_ROUND = 25  # sequences between two checks of the time


def run(session: FuzzSession, seed: int, seconds: float, report: Callable[[Failure], None]) -> int:
    """Walk sequences for some seconds; the number of them."""
    if session.read_only:
        return 0
    began, things = time.monotonic(), described(session)
    kinds = [kind for kind in (_of_extensions(session), of_things(session, things)) if kind is not None]
    walked = _walk_all(session, _without_credentials(session), began + seconds * _ACCESS_UNTIL, report)
    walked += _walk_all(session, at_limits(session, things), began + seconds * _LIMITS_UNTIL, report)
    left = max(began + seconds - time.monotonic(), 0.0)
    return walked + sum(_walk(session, kind, seed, left / len(kinds), report) for kind in kinds)


def _walk_all(
    session: FuzzSession,
    sequences: Iterable[Sequence[Step]],
    until: float,
    report: Callable[[Failure], None],
) -> int:
    """Walk sequences one after the other until a moment; the number of them."""
    walked = 0
    for steps in sequences:
        if time.monotonic() >= until:
            break
        walked += 1
        for failure in session.walk(steps).values():
            report(failure)
    return walked


def _without_credentials(session: FuzzSession) -> Iterator[Sequence[Step]]:
    """A request of each operation that requires credentials, without them, and with broken ones."""
    for operation in session.spec.operations if session.things.derived else ():
        if operation.name not in session.chosen or not session.is_guarded(operation):
            continue
        if operation.method not in READS and not session.things.is_derived(operation):
            continue
        session.failures = []
        try:
            step = session.target.wire(session.requests.base(operation))
        except (InconclusiveError, NoResponseError, UnsentError):
            continue
        for variant in without_valid(step, session.target.credentials):
            if not carries(variant, session.target.credentials):
                yield session.links.linked([variant])


def _walk(
    session: FuzzSession,
    kind: "SearchStrategy[Sequence[Step]]",
    seed: int,
    seconds: float,
    report: Callable[[Failure], None],
) -> int:
    """Walk sequences of a kind for some seconds; the number of them."""
    import hypothesis

    until, walked = time.monotonic() + seconds, 0

    def walk(drawn: Sequence[Step]) -> None:
        nonlocal walked
        if time.monotonic() >= until:
            return
        walked += 1
        for failure in session.walk(drawn).values():
            report(failure)

    settings = hypothesis.settings(
        max_examples=_ROUND,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    number = 0
    while time.monotonic() < until:
        hypothesis.seed(seed * 100_003 + number)(settings(hypothesis.given(kind)(walk)))()
        number += 1
    return walked


def _of_extensions(session: FuzzSession) -> "SearchStrategy[Sequence[Step]] | None":
    """Writes that extensions describe, their undoing, and reads; None where there are none."""
    from hypothesis import strategies as st

    chosen = [operation for operation in session.spec.operations if operation.name in session.chosen]
    groups = [steps for operation in chosen if (steps := list(_steps(session, operation)))]
    writes = [steps for steps in groups if steps[0].method not in READS]
    reads = [steps for steps in groups if steps[0].method in READS]
    if not writes:
        return None

    def drawn(groups: list[list[Step]]) -> "SearchStrategy[Step]":
        return st.sampled_from(groups).flatmap(st.sampled_from)

    undo = st.integers(0, _LONGEST - 1).map(lambda index: Step(undoes=index))
    any_step = st.one_of(drawn(writes), drawn(writes), undo, *([drawn(reads)] if reads else []))
    return st.lists(any_step, min_size=1, max_size=_LONGEST).map(_sound)


def _sound(drawn: list[Step]) -> list[Step]:
    """The steps without those that undo what was not done or is undone already."""
    steps: list[Step] = []
    open_: list[int] = []
    for step in drawn:
        if step.undoes is None:
            if step.method not in READS:
                open_.append(len(steps))
            steps.append(step)
        elif open_:
            steps.append(Step(undoes=open_.pop(step.undoes % len(open_))))
    return steps


def _steps(session: FuzzSession, operation: Operation) -> Iterator[Step]:
    """Requests of known values; writes only if they can be undone, also with values beside the rules."""
    undo = session.spec.document.get(operation.pointer).get("x-undo")
    try:
        if operation.method in READS:
            cases = list(session.requests.cases(operation))
        elif undo:
            session.requests.require_prerequisites(operation)
            cases = list(writes.variants(session, operation))
        else:
            return
    except (InconclusiveError, NoResponseError, UnsentError):
        return
    for case in cases:
        yield session.target.wire(case)
    if not undo or operation.request_body is None or not isinstance(cases[0].body, dict):
        return
    schema, engine = operation.request_body.content[0].schema, Engine(session.spec.document)
    for name in cases[0].body:
        pointer = schema and property_schema(session.spec.document, schema, name)
        for boundary in boundaries(session.spec, engine, pointer)[:_CASES] if pointer else ():
            yield session.target.wire(replace(cases[0], body=cases[0].body | {name: boundary.value}))
