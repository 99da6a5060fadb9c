"""Replays a saved failure, to see whether it fails the same way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import httpx

from wirecheck import conform, fuzz
from wirecheck.conform import Requirement, SessionOptions, State
from wirecheck.conform.case import READ_ONLY, READS
from wirecheck.conform.saved import SavedFailure, api_name, load
from wirecheck.fuzz.saved import steps
from wirecheck.model import TargetError
from wirecheck.spec import Spec

_COSTLY = {"rules", "statuses"}  # kinds of requirements that need many writes, or spend a budget
_REPEATS = 3  # a server that has just started may fail only after a first request


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of a replay: VIOLATED if it fails the same way. ``message`` says how, or why not."""

    state: State
    message: str


def replay(path: Path, spec: Spec, options: SessionOptions, http: httpx.BaseTransport) -> Replayed:
    """Replays a saved failure. Raises RecordingError and TargetError."""
    saved = load(path)
    if saved.api != api_name(spec):
        raise TargetError(str(path), f"is a failure of {saved.api}, not of {api_name(spec)}")
    options = replace(options, seed=saved.seed)
    if saved.requirement:
        return _test_requirement(path, saved, spec, options, http)
    return _send_steps(saved, spec, options, http)


def _test_requirement(
    path: Path, saved: SavedFailure, spec: Spec, options: SessionOptions, http: httpx.BaseTransport
) -> Replayed:
    """Tests the requirement alone, then once more after others."""
    names = {requirement.name: requirement for requirement in conform.requirements(spec)}
    requirement = names.get(saved.requirement)
    if requirement is None:
        raise TargetError(str(path), f"the document no longer has the requirement {saved.requirement!r}")
    passing = (State.SATISFIED, ""), (State.INCONCLUSIVE, saved.inconclusive)
    with conform.open_session(spec, options, http) as session, conform.undoing(session):
        outcomes = (session.run(requirement) for _ in range(_REPEATS))
        outcome = next((tested for tested in outcomes if (tested.state, tested.reason) not in passing), None)
        if outcome is None:
            for before in _before(spec, requirement):
                session.run(before)
            after = session.run(requirement)
            outcome = after if after.state is State.VIOLATED else None
    if outcome is None:
        return _no_longer(saved)
    if outcome.state is State.VIOLATED:
        return Replayed(State.VIOLATED, outcome.counterexamples[0].message)
    return Replayed(State.INCONCLUSIVE, outcome.reason)


def _before(spec: Spec, requirement: Requirement) -> Iterator[Requirement]:
    """Requirements tested before that may have changed the state of the operation, without costly ones."""
    siblings = (other for other in conform.requirements(spec) if other.operation == requirement.operation)
    earlier = takewhile(lambda other: other.name != requirement.name, siblings)
    return (other for other in earlier if other.kind not in _COSTLY)


def _send_steps(
    saved: SavedFailure, spec: Spec, options: SessionOptions, http: httpx.BaseTransport
) -> Replayed:
    """Sends the steps one after the other."""
    session, failure_id = fuzz.open_session(spec, options, http), saved.failure.id
    if options.sends_only_reads and any(step.method not in READS for step in steps(saved)):
        return Replayed(State.INCONCLUSIVE, READ_ONLY)
    walks = (session.walk(steps(saved)) for _ in range(_REPEATS))
    failure = next((failures[failure_id] for failures in walks if failure_id in failures), None)
    if failure:
        return Replayed(State.VIOLATED, failure.message)
    session.check_access()
    if not session.authorized:
        return Replayed(State.INCONCLUSIVE, "every request was rejected")
    return _no_longer(saved)


def _no_longer(saved: SavedFailure) -> Replayed:
    return Replayed(State.SATISFIED, f"no longer fails: {saved.failure.message}")
