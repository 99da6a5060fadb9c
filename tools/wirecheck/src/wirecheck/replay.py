"""What was saved of a broken promise, repeated: does it fail the same way?"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import httpx

from wirecheck import conform, fuzz
from wirecheck.conform import Options, Promise, State
from wirecheck.conform.ask import READS
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


def replay(path: Path, spec: Spec, options: Options, http: httpx.BaseTransport) -> Replayed:
    """Repeats a saved failure. Raises RecordingError and TargetError."""
    file = load(path)
    if file.api != api(spec):
        raise TargetError(str(path), f"is a failure of {file.api}, not of {api(spec)}")
    options = replace(options, seed=file.seed)
    return _tested(path, file, spec, options, http) if file.test else _walked(file, spec, options, http)


def _tested(path: Path, file: File, spec: Spec, options: Options, http: httpx.BaseTransport) -> Replayed:
    """The promise, tested alone, and where that is kept once more after others."""
    promise = next((one for one in conform.promises(spec) if one.name == file.test), None)
    if promise is None:
        raise TargetError(str(path), f"the document no longer promises {file.test!r}")
    with conform.laboratory(spec, options, http) as lab:
        runs = (lab.run(promise) for _ in range(_REPEATS))
        kept = (State.KEPT, ""), (State.UNKNOWN, file.untold)
        outcome = next((one for one in runs if (one.state, one.reason) not in kept), None)
        if outcome is None:
            for before in _before(spec, promise):
                lab.run(before)
            after = lab.run(promise)
            outcome = after if after.state is State.BROKEN else None
        with suppress(TargetError):
            lab.tidy()
    if outcome is None:
        return _no_longer(file)
    if outcome.state is State.BROKEN:
        return Replayed(State.BROKEN, outcome.breaches[0].message)
    return Replayed(State.UNKNOWN, outcome.reason)


def _before(spec: Spec, promise: Promise) -> Iterator[Promise]:
    """What was tested of the operation before and may have left something behind; not all, for the cost."""
    alike = (one for one in conform.promises(spec) if one.operation == promise.operation)
    return (one for one in takewhile(lambda one: one.name != promise.name, alike) if one.kind not in _COSTLY)


def _walked(file: File, spec: Spec, options: Options, http: httpx.BaseTransport) -> Replayed:
    """The steps, one after the other."""
    bench = fuzz.bench_of(spec, options, http)
    if options.read_only and any(step.method not in READS for step in steps(file)):
        return Replayed(State.UNKNOWN, "it writes")
    walks = (bench.walk(steps(file)) for _ in range(_REPEATS))
    failure = next((met[file.broken.id] for met in walks if file.broken.id in met), None)
    if failure:
        return Replayed(State.BROKEN, failure.message)
    bench.knock()
    if not bench.let_in:
        return Replayed(State.UNKNOWN, "the server lets nobody in")
    return _no_longer(file)


def _no_longer(file: File) -> Replayed:
    return Replayed(State.KEPT, f"no longer: {file.broken.message}")
