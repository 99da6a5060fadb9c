"""Fuzzing: generated requests and sequences of writes, for as long as there is time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from wirecheck import conform
from wirecheck.conform.case import NoResponseError, UnsentError
from wirecheck.conform.saved import write
from wirecheck.conform.target import TIME_IS_UP
from wirecheck.fuzz import proxy, sequences
from wirecheck.fuzz.report import FlakyFailure, FuzzReport, Reproduction, to_text
from wirecheck.fuzz.reproduction import curl, snippet
from wirecheck.fuzz.saved import file_of
from wirecheck.fuzz.session import Failure, FuzzSession
from wirecheck.fuzz.shrink import Steps, shrunk
from wirecheck.fuzz.wire import WireTarget
from wirecheck.model import TargetError
from wirecheck.spec import Spec

__all__ = [
    "Failure",
    "FlakyFailure",
    "FuzzOptions",
    "FuzzReport",
    "Reproduction",
    "fuzz",
    "open_session",
    "to_text",
]

_ATTEMPTS = 3  # repetitions of a failure that tell whether it is flaky
_SEQUENCES_SHARE = 0.4  # of the time
_SHRINKING = 20.0  # seconds for one failure


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzOptions(conform.SessionOptions):
    """``time`` in seconds, without starting and without shrinking failures.

    ``max_time`` limits these, too. ``workers`` are threads that generate requests; requests are sent one at
    a time all the same. ``save`` is the folder for reproductions. ``operations`` are ids; empty means all.
    """

    time: float = 60.0
    workers: int = 1
    save: Path | None = None
    operations: frozenset[str] = frozenset()


class _Phases:
    """Phases of a run, each of which may end early: the server is lost, or the run is interrupted."""

    def __init__(self, session: FuzzSession) -> None:
        self._session = session
        self.lost, self.interrupted = "", False

    @contextmanager
    def phase(self) -> Iterator[None]:
        """Raises TargetError if the server never responded."""
        try:
            yield
        except KeyboardInterrupt:
            self.interrupted = True
        except TargetError as error:
            if not self._session.responses:
                raise
            self.lost = str(error)


class _Collected:
    """Failures by id, each with the first few histories of steps that led to it."""

    def __init__(self) -> None:
        self.failures: dict[str, tuple[Failure, list[Steps]]] = {}

    def add(self, failure: Failure, *histories: Steps) -> None:
        _, collected = self.failures.setdefault(failure.id, (failure, []))
        if len(collected) < _ATTEMPTS:
            collected.extend(histories or [failure.steps])


def fuzz(
    spec: Spec, options: FuzzOptions, http: httpx.BaseTransport, progress: Callable[[], None] = lambda: None
) -> FuzzReport:
    """Fuzz a server. ``progress`` is called now and then; it may raise KeyboardInterrupt to end the run.

    Raises TargetError when the server does not respond, SpecError for an unusable document.
    """
    session = open_session(spec, options, http, progress)
    names = {operation.name for operation in spec.operations}
    if unknown := options.operations - names:
        raise TargetError("fuzz", f"there is no operation {min(unknown)!r}")
    if not names:
        raise TargetError("fuzz", "the document has no operations")
    session.chosen = options.operations or frozenset(names)
    with conform.undoing(session):
        report = _searched(spec, options, session)
    return replace(report, not_undone=tuple(conform.not_undone(session)))


def _searched(spec: Spec, options: FuzzOptions, session: FuzzSession) -> FuzzReport:
    collected, phases = _Collected(), _Phases(session)
    walked = 0
    with phases.phase():
        walked = _collect(options, session, collected, phases)
    failures, flaky = _reproduced(spec, options, session, collected, phases)
    with phases.phase(), suppress(NoResponseError, UnsentError):
        session.undo_remaining()
    if session.target.time_is_up:
        phases.lost = phases.lost or TIME_IS_UP
    return FuzzReport(
        failures=tuple(failures),
        flaky=tuple(flaky),
        seed=options.seed,
        exchanges=session.target.sent.total(),
        retried=session.target.recovered.total(),
        sequences=walked,
        authorized=session.authorized,
        responses=dict(session.responses),
        lost=phases.lost,
        interrupted=phases.interrupted,
    )


def _collect(options: FuzzOptions, session: FuzzSession, collected: _Collected, phases: _Phases) -> int:
    """Collects failures by generated requests, then by sequences; the number of sequences."""
    share = 0.0 if options.sends_only_reads else _SEQUENCES_SHARE
    seconds = options.time if options.max_time is None else min(options.time, options.max_time)
    session.check_access()
    problem = proxy.run(session, options.seed, options.workers, seconds * (1 - share), collected.add)
    walked = sequences.run(session, options.seed, seconds * share, collected.add)
    if problem and not walked:
        raise TargetError("fuzz", problem)
    phases.lost = problem or ""
    return walked


def _reproduced(
    spec: Spec, options: FuzzOptions, session: FuzzSession, collected: _Collected, phases: _Phases
) -> tuple[list[Reproduction], list[FlakyFailure]]:
    """The failures that happen again, shrunk, and those that do not, or for which there is no time."""
    failures: list[Reproduction] = []
    flaky = {id_: FlakyFailure(failure, 0, 0) for id_, (failure, _) in collected.failures.items()}
    with phases.phase():
        for id_, (failure, histories) in collected.failures.items():
            if session.target.time_is_up:
                break
            seconds = min(_SHRINKING, session.target.time_left / len(collected.failures))
            shrinking = 0.0 if phases.interrupted else seconds
            outcome = _repeated(session, failure, histories, shrinking)
            if isinstance(outcome, FlakyFailure):
                flaky[id_] = FlakyFailure(failure, 0, 0) if session.target.time_is_up else outcome
            else:
                failures.append(_reproduction(spec, options, session, outcome))
                del flaky[id_]
    return failures, list(flaky.values())


def open_session(
    spec: Spec,
    options: conform.SessionOptions,
    http: httpx.BaseTransport,
    progress: Callable[[], None] = lambda: None,
) -> FuzzSession:
    """A session that walks steps. Raises TargetError for a server that may not be tested."""
    session = conform.open_session(spec, replace(options, listen=None), http)
    target = WireTarget(
        spec,
        options.url,
        session.target.credentials,
        http,
        secrets=[
            *options.tokens_without.values(),
            *options.tokens_of.values(),
            *session.requests.values.secrets,
        ],
        rate=options.rate,
        also=options.also,
    )
    if options.max_time is not None:
        target.limit_time(options.max_time)
    return FuzzSession(
        spec,
        target,
        session.requests.values,
        seed=options.seed,
        read_only=options.sends_only_reads,
        settle=options.settle,
        skips=options.skips,
        progress=progress,
        also=options.also,
    )


def _repeated(
    session: FuzzSession, failure: Failure, histories: list[Steps], seconds: float
) -> Failure | FlakyFailure:
    """The failure with as few steps as are found in some seconds, or flaky if no history repeats it."""
    for steps in sorted(histories, key=len):
        if _fails(session, failure.id, steps):
            return _shrunk(session, failure, steps, seconds)
    reproduced = sum(_fails(session, failure.id, histories[0]) for _ in range(_ATTEMPTS))
    return FlakyFailure(failure, _ATTEMPTS, reproduced)


def _fails(session: FuzzSession, failure: str, steps: Steps) -> bool:
    return failure in session.walk(steps)


def _shrunk(session: FuzzSession, failure: Failure, steps: Steps, seconds: float) -> Failure:
    until = time.monotonic() + seconds

    def fails(fewer: Steps) -> bool:
        return time.monotonic() < until and _fails(session, failure.id, fewer)

    steps = shrunk(steps, fails)
    return session.walk(steps).get(failure.id, replace(failure, steps=steps))


def _reproduction(spec: Spec, options: FuzzOptions, session: FuzzSession, failure: Failure) -> Reproduction:
    path = write(options.save, file_of(spec, options.seed, failure)) if options.save else None
    return Reproduction(failure, curl(session, failure.steps), snippet(session, failure.steps), path)
