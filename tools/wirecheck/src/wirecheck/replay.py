"""What was saved of a broken promise, repeated: does it fail the same way?"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import httpx

from wirecheck import conform, fuzz
from wirecheck.conform import Requirement, SessionOptions, State
from wirecheck.conform.case import READS
from wirecheck.conform.saved import File, api, load
from wirecheck.fuzz.saved import steps
from wirecheck.model import TargetError
from wirecheck.spec import Spec

_COSTLY = {"rules", "statuses"}  # kinds of promises that are tested by many writes, or spend a budget
_REPEATS = 3  # a server that was just started may fail only after it was asked before


@dataclass(frozen=True, slots=True)
class Replayed:
    """Whether a saved failure fails the same way; ``message`` says how, or why nothing can be told."""

    state: State
    message: str


def replay(path: Path, spec: Spec, options: SessionOptions, http: httpx.BaseTransport) -> Replayed:
    """Repeats a saved failure. Raises RecordingError and TargetError."""
    file = load(path)
    if file.api != api(spec):
        raise TargetError(str(path), f"is a failure of {file.api}, not of {api(spec)}")
    options = replace(options, seed=file.seed)
    return _tested(path, file, spec, options, http) if file.test else _walked(file, spec, options, http)


def _tested(
    path: Path, file: File, spec: Spec, options: SessionOptions, http: httpx.BaseTransport
) -> Replayed:
    """The promise, tested alone, and where that is kept once more after others."""
    requirement = next((one for one in conform.requirements(spec) if one.name == file.test), None)
    if requirement is None:
        raise TargetError(str(path), f"the document no longer promises {file.test!r}")
    with conform.open_session(spec, options, http) as session:
        runs = (session.run(requirement) for _ in range(_REPEATS))
        kept = (State.SATISFIED, ""), (State.INCONCLUSIVE, file.untold)
        outcome = next((one for one in runs if (one.state, one.reason) not in kept), None)
        if outcome is None:
            for before in _before(spec, requirement):
                session.run(before)
            after = session.run(requirement)
            outcome = after if after.state is State.VIOLATED else None
        with suppress(TargetError):
            session.tidy()
    if outcome is None:
        return _no_longer(file)
    if outcome.state is State.VIOLATED:
        return Replayed(State.VIOLATED, outcome.counterexamples[0].message)
    return Replayed(State.INCONCLUSIVE, outcome.reason)


def _before(spec: Spec, requirement: Requirement) -> Iterator[Requirement]:
    """What was tested of the operation before and may have left something behind; not all, for the cost."""
    alike = (one for one in conform.requirements(spec) if one.operation == requirement.operation)
    return (
        one for one in takewhile(lambda one: one.name != requirement.name, alike) if one.kind not in _COSTLY
    )


def _walked(file: File, spec: Spec, options: SessionOptions, http: httpx.BaseTransport) -> Replayed:
    """The steps, one after the other."""
    bench = fuzz.bench_of(spec, options, http)
    if options.read_only and any(step.method not in READS for step in steps(file)):
        return Replayed(State.INCONCLUSIVE, "it writes")
    walks = (bench.walk(steps(file)) for _ in range(_REPEATS))
    failure = next((met[file.broken.id] for met in walks if file.broken.id in met), None)
    if failure:
        return Replayed(State.VIOLATED, failure.message)
    bench.knock()
    if not bench.let_in:
        return Replayed(State.INCONCLUSIVE, "the server lets nobody in")
    return _no_longer(file)


def _no_longer(file: File) -> Replayed:
    return Replayed(State.SATISFIED, f"no longer: {file.broken.message}")
