"""Beyond the conformance suite: requests that nobody wrote down, for as long as there is time."""

import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from wirecheck import conform
from wirecheck.conform import State
from wirecheck.conform.saved import write
from wirecheck.fuzz import generated, sequences
from wirecheck.fuzz.bench import Bench, Failure
from wirecheck.fuzz.saved import file_of
from wirecheck.fuzz.shown import curl, snippet
from wirecheck.fuzz.shrink import Steps, shrunk
from wirecheck.fuzz.wire import Wires
from wirecheck.model import TargetError
from wirecheck.spec import Spec

__all__ = ["Failure", "Found", "FuzzOptions", "Fuzzed", "Unsure", "bench_of", "fuzz", "to_text"]

_REPEATS = 3  # how often a failure is repeated to see whether it stays
_OF_SEQUENCES = 0.4  # of the time
_SHRINKING = 20.0  # seconds for one failure


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzOptions(conform.SessionOptions):
    """``time`` in seconds; to start, and to make failures small, comes on top.

    ``workers`` are threads that make requests, which are sent one at a time all the same. ``save`` is a
    folder for reproductions. ``operations`` are the names of some, all if empty.
    """

    time: float = 60.0
    workers: int = 1
    save: Path | None = None
    operations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A failure and how to repeat it: ``curl`` and ``python`` hold no secret."""

    failure: Failure
    curl: str
    python: str
    saved: Path | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """A failure that was met, and in so many repetitions came again; it could not be repeated if 0."""

    failure: Failure
    repeated: int
    came: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """What came of it.

    ``answered`` counts answers by the hundreds of their status, ``let_in`` those with 2xx that want the
    access token, where the document knows one, and those that say that an operation is retired;
    ``failed`` counts requests that went well when repeated. ``gone`` says how the server was lost
    before the time was up.
    """

    failures: tuple[Found, ...]
    unsure: tuple[Unsure, ...]
    seed: int
    exchanges: int
    failed: int
    sequences: int
    let_in: int
    answered: dict[int, int]
    gone: str = ""
    interrupted: bool = False

    @property
    def state(self) -> State:
        """Unknown where the server was lost, or let nobody in: behind its refusals nothing was seen."""
        if self.failures:
            return State.VIOLATED
        told = self.let_in and self.answered.get(2) and not self.gone
        return State.SATISFIED if told else State.INCONCLUSIVE


def to_text(fuzzed: Fuzzed) -> Iterator[str]:
    """For people."""
    for one in fuzzed.failures:
        yield f"{one.failure.operation}: {one.failure.message}\n  promised at {one.failure.spec_pointer}\n"
        yield textwrap.indent(f"{one.curl}\n{one.python}\n", "  ")
        yield f"  saved as {one.saved}\n\n" if one.saved else "\n"
    for unsure in fuzzed.unsure:
        came = f"came again {unsure.came} of {unsure.repeated} times, so that it is not counted"
        told = came if unsure.repeated else "there was no chance to repeat it, so that it is not counted"
        yield f"{unsure.failure.operation}: {unsure.failure.message}\n  {told}\n\n"
    if fuzzed.failed:
        yield f"{fuzzed.failed} requests failed and went well when repeated\n"
    if fuzzed.gone:
        yield f"could not go on: {fuzzed.gone}\n"
    elif fuzzed.state is State.INCONCLUSIVE:
        yield "could not tell: the server let nobody in\n"
    yield (
        f"{len(fuzzed.failures)} promises broken in {fuzzed.exchanges} exchanges, "
        f"{fuzzed.sequences} sequences; seed {fuzzed.seed}\n"
    )


class _Ending:
    """Parts of a run, of which each may end early: the server is lost, or the run is interrupted."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.gone, self.interrupted = "", False

    @contextmanager
    def part(self) -> Iterator[None]:
        """Raises TargetError where nothing was ever answered."""
        try:
            yield
        except KeyboardInterrupt:
            self.interrupted = True
        except TargetError as error:
            if not self._bench.answered:
                raise
            self.gone = str(error)


def fuzz(
    spec: Spec, options: FuzzOptions, http: httpx.BaseTransport, progress: Callable[[], None] = lambda: None
) -> Fuzzed:
    """Asks for as long as there is time; ``progress`` is called now and then, and may interrupt.

    Raises TargetError when the server does not answer, and what a document raises that is unusable.
    """
    bench = bench_of(spec, options, http, progress)
    names = {one.name for one in spec.operations}
    if unknown := options.operations - names:
        raise TargetError("fuzz", f"there is no operation {min(unknown)!r}")
    bench.chosen = options.operations or frozenset(names)
    met: dict[str, tuple[Failure, list[Steps]]] = {}

    def remember(failure: Failure, *histories: Steps) -> None:
        if failure.id not in met or len(met[failure.id][1]) < _REPEATS:
            met.setdefault(failure.id, (failure, []))[1].extend(histories or [failure.steps])

    share = 0.0 if options.read_only else _OF_SEQUENCES
    walked, ending = 0, _Ending(bench)
    with ending.part():
        bench.knock()
        generated.run(
            bench,
            options.seed,
            options.workers,
            options.time * (1 - share),
            lambda failure, steps: remember(failure, steps[-1:], steps),
        )
        walked = sequences.run(bench, options.seed, options.time * share, remember)
    failures: list[Found] = []
    unsure = {id_: Unsure(failure, 0, 0) for id_, (failure, _) in met.items()}
    with ending.part():
        for id_, (failure, histories) in met.items():
            stays = next((steps for steps in sorted(histories, key=len) if _fails(bench, id_, steps)), None)
            if stays is None:
                came = sum(_fails(bench, id_, histories[0]) for _ in range(_REPEATS))
                unsure[id_] = Unsure(failure, _REPEATS, came)
                continue
            small = _small(bench, failure, stays, 0.0 if ending.interrupted else _SHRINKING)
            failures.append(_shown(spec, options, bench, small))
            del unsure[id_]
    return Fuzzed(
        failures=tuple(failures),
        unsure=tuple(unsure.values()),
        seed=options.seed,
        exchanges=bench.target.sent.total(),
        failed=bench.target.recovered.total(),
        sequences=walked,
        let_in=bench.let_in,
        answered=dict(bench.answered),
        gone=ending.gone,
        interrupted=ending.interrupted,
    )


def bench_of(
    spec: Spec,
    options: conform.SessionOptions,
    http: httpx.BaseTransport,
    progress: Callable[[], None] = lambda: None,
) -> Bench:
    """Where steps are walked. Raises TargetError for a server that may not be tested."""
    session = conform.open_session(spec, replace(options, listen=None), http)
    target = Wires(spec, options.url, session.target.credentials, http, rate=options.rate)
    return Bench(
        spec, target, session.values, seed=options.seed, read_only=options.read_only, progress=progress
    )


def _fails(bench: Bench, failure: str, steps: Steps) -> bool:
    return failure in bench.walk(steps)


def _small(bench: Bench, failure: Failure, steps: Steps, seconds: float) -> Failure:
    """The failure with the fewest steps that are found in some seconds, as it is met there."""
    until = time.monotonic() + seconds

    def fails(fewer: Steps) -> bool:
        return time.monotonic() < until and _fails(bench, failure.id, fewer)

    steps = shrunk(steps, fails)
    return bench.walk(steps).get(failure.id, replace(failure, steps=steps))


def _shown(spec: Spec, options: FuzzOptions, bench: Bench, failure: Failure) -> Found:
    path = write(options.save, file_of(spec, options.seed, failure)) if options.save else None
    return Found(failure, curl(bench, failure.steps), snippet(bench, failure.steps), path)
