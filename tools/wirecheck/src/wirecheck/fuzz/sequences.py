"""Sequences of writes, reads and undoing, drawn by hypothesis: laws hold after any of them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from wirecheck.boundaries import boundaries
from wirecheck.conform import writes
from wirecheck.conform.case import READS, NoResponseError, UnsentError
from wirecheck.conform.session import InconclusiveError
from wirecheck.decode import property_schema
from wirecheck.engine import Engine
from wirecheck.fuzz.bench import Bench, Failure
from wirecheck.fuzz.wire import Step
from wirecheck.spec import Operation

_CASES = 60  # texts about the rules of a field
_LONGEST = 10  # steps
_ROUND = 25  # sequences between two looks at the clock


def run(bench: Bench, seed: int, seconds: float, met: Callable[[Failure], None]) -> int:
    """Walks sequences for some seconds; gives how many."""
    import hypothesis
    from hypothesis import strategies as st

    chosen = [one for one in bench.spec.operations if one.name in bench.chosen]
    groups = [steps for one in chosen if (steps := list(_steps(bench, one)))]
    writes = [steps for steps in groups if steps[0].method not in READS]
    reads = [steps for steps in groups if steps[0].method in READS]
    if bench.read_only or not writes:
        return 0
    until = time.monotonic() + seconds

    def drawn(groups: list[list[Step]]) -> "st.SearchStrategy[Step]":
        return st.sampled_from(groups).flatmap(st.sampled_from)

    undo = st.integers(0, _LONGEST - 1).map(lambda index: Step(undoes=index))
    any_step = st.one_of(drawn(writes), drawn(writes), undo, *([drawn(reads)] if reads else []))
    walked = 0

    def walk(drawn: list[Step]) -> None:
        nonlocal walked
        if time.monotonic() >= until:
            return
        walked += 1
        for failure in bench.walk(_sound(drawn)).values():
            met(failure)

    settings = hypothesis.settings(
        max_examples=_ROUND,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    number = 0
    while time.monotonic() < until:
        given = hypothesis.given(st.lists(any_step, min_size=1, max_size=_LONGEST))(walk)
        hypothesis.seed(seed * 100_003 + number)(settings(given))()
        number += 1
    return walked


def _sound(drawn: list[Step]) -> list[Step]:
    """The steps without those that undo what was not done, or was undone already."""
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


def _steps(bench: Bench, operation: Operation) -> Iterator[Step]:
    """Requests of known values; of writes those that can be undone, with values about the rules, too."""
    undo = bench.spec.document.get(operation.pointer).get("x-undo")
    try:
        if operation.method in READS:
            cases = list(bench.cases(operation))
        elif undo:
            bench.require_prerequisites(operation)
            cases = list(writes.variants(bench, operation))
        else:
            return
    except (InconclusiveError, NoResponseError, UnsentError):
        return
    for case in cases:
        yield bench.target.wire(case)
    if not undo or operation.request_body is None or not isinstance(cases[0].body, dict):
        return
    schema, engine = operation.request_body.content[0].schema, Engine(bench.spec.document)
    for name in cases[0].body:
        pointer = schema and property_schema(bench.spec.document, schema, name)
        for boundary in boundaries(bench.spec, engine, pointer)[:_CASES] if pointer else ():
            yield bench.target.wire(replace(cases[0], body=cases[0].body | {name: boundary.value}))
