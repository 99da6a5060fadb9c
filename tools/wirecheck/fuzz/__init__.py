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
from wirecheck.fuzz import generated, saved, sequences
from wirecheck.fuzz.bench import Bench, Failure
from wirecheck.fuzz.shrink import Steps, shrunk
from wirecheck.fuzz.wire import Wires
from wirecheck.model import TargetError
from wirecheck.spec import Spec, bundled, load

__all__ = ["Failure", "Flaky", "Found", "Fuzzed", "Options", "Replayed", "fuzz", "replay", "to_text"]

_REPEATS = 3  # how often a failure is repeated to see whether it stays
_OF_SEQUENCES = 0.4  # of the time
_SHRINKING = 20.0  # seconds for one failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(conform.Options):
    """``time`` in seconds; to start, and to make failures small, comes on top.

    ``save`` is a folder for reproductions. ``operations`` are the names of some, all if empty.
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
class Flaky:
    """A failure that was met, and in so many repetitions came again."""

    failure: Failure
    repeated: int
    came: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """What came of it.

    ``answered`` counts answers by the hundreds of their status, ``let_in`` those with 2xx that want the
    access token, where the document knows one, and those that say that an operation is retired;
    ``failed`` counts requests that went well when repeated.
    """

    failures: tuple[Found, ...]
    flaky: tuple[Flaky, ...]
    seed: int
    exchanges: int
    failed: int
    sequences: int
    let_in: int
    answered: dict[int, int]

    @property
    def state(self) -> State:
        """Unknown where the server let nobody in: behind its refusals nothing was seen."""
        if self.failures:
            return State.BROKEN
        return State.KEPT if self.let_in and self.answered.get(2) else State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Replayed:
    """Whether a saved failure fails the same way; ``message`` says how, or why nothing can be told."""

    state: State
    message: str

    @property
    def kept(self) -> bool:
        return self.state is State.KEPT


def to_text(fuzzed: Fuzzed) -> Iterator[str]:
    """For people."""
    for one in fuzzed.failures:
        yield f"{one.failure.operation}: {one.failure.message}\n  promised at {one.failure.promise}\n"
        yield textwrap.indent(f"{one.curl}\n{one.python}\n", "  ")
        yield f"  saved as {one.saved}\n\n" if one.saved else "\n"
    for flaky in fuzzed.flaky:
        rate = f"came again {flaky.came} of {flaky.repeated} times"
        yield f"{flaky.failure.operation}: {flaky.failure.message}\n  {rate}, so that it is not counted\n\n"
    if fuzzed.failed:
        yield f"{fuzzed.failed} requests failed and went well when repeated\n"
    if fuzzed.state is State.UNKNOWN:
        yield "could not tell: the server let nobody in\n"
    yield (
        f"{len(fuzzed.failures)} promises broken in {fuzzed.exchanges} exchanges, "
        f"{fuzzed.sequences} sequences; seed {fuzzed.seed}\n"
    )


def fuzz(
    spec: Spec, options: Options, http: httpx.Client, found: Callable[[Found], None] = lambda one: None
) -> Fuzzed:
    """Asks for as long as there is time; ``found`` is told of each failure when it is made small.

    Raises TargetError when the server does not answer, and what a document raises that is unusable.
    """
    bench = _bench(spec, options, http)
    names = {one.name for one in spec.operations}
    if unknown := options.operations - names:
        raise TargetError("fuzz", f"there is no operation {min(unknown)!r}")
    bench.chosen = options.operations or frozenset(names)
    met: dict[str, tuple[Failure, list[Steps]]] = {}

    def remember(failure: Failure, *histories: Steps) -> None:
        if failure.id not in met or len(met[failure.id][1]) < _REPEATS:
            met.setdefault(failure.id, (failure, []))[1].extend(histories or [failure.steps])

    share = 0.0 if options.read_only else _OF_SEQUENCES
    generated.run(
        bench,
        options.seed,
        options.workers,
        options.time * (1 - share),
        lambda failure, steps: remember(failure, steps[-1:], steps),
    )
    walked = sequences.run(bench, options.seed, options.time * share, remember)
    failures, flaky = [], []
    for failure, histories in met.values():
        stays = next(
            (steps for steps in sorted(histories, key=len) if _fails(bench, failure.id, steps)), None
        )
        if stays is None:
            came = sum(_fails(bench, failure.id, histories[0]) for _ in range(_REPEATS))
            flaky.append(Flaky(failure, _REPEATS, came))
            continue
        one = _shown(spec, options, bench, _small(bench, failure, stays))
        failures.append(one)
        found(one)
    return Fuzzed(
        failures=tuple(failures),
        flaky=tuple(flaky),
        seed=options.seed,
        exchanges=bench.target.sent.total(),
        failed=bench.target.failed.total(),
        sequences=walked,
        let_in=bench.let_in,
        answered=dict(bench.answered),
    )


def replay(
    path: Path,
    *,
    url: str,
    token: str | None = None,
    spec: Spec | Path | str | None = None,
    http: httpx.Client | None = None,
    options: conform.Options | None = None,
) -> Replayed:
    """Repeats a saved failure. Raises RecordingError and TargetError."""
    file = saved.load(path)
    document = spec if isinstance(spec, Spec) else load(Path(spec) if spec else bundled())
    if file.api != saved.api(document):
        raise TargetError(str(path), f"is a failure of {file.api}, not of {saved.api(document)}")
    chosen = options or conform.Options(url=url, token=token)
    with _client(http) as client:
        bench = _bench(document, chosen, client)
        if chosen.read_only and any(step.method not in ("GET", "HEAD") for step in saved.steps(file)):
            return Replayed(State.UNKNOWN, "it writes")
        met = bench.walk(saved.steps(file))
        if file.broken.id in met:
            return Replayed(State.BROKEN, met[file.broken.id].message)
        if file.broken.status < 300 and not bench.let_in:
            return Replayed(State.UNKNOWN, "the server refuses what it took then")
        return Replayed(State.KEPT, f"no longer: {file.broken.message}")


def _bench(spec: Spec, options: conform.Options, http: httpx.Client) -> Bench:
    lab = conform.laboratory(spec, options, http)
    target = Wires(spec, options.url, lab.target.credentials, http, rate=options.rate)
    return Bench(spec, target, lab.values, seed=options.seed, read_only=options.read_only)


def _fails(bench: Bench, failure: str, steps: Steps) -> bool:
    return failure in bench.walk(steps)


def _small(bench: Bench, failure: Failure, steps: Steps) -> Failure:
    """The failure with the fewest steps, as it is met there."""
    until = time.monotonic() + _SHRINKING

    def fails(fewer: Steps) -> bool:
        return time.monotonic() < until and _fails(bench, failure.id, fewer)

    steps = shrunk(steps, fails)
    return bench.walk(steps).get(failure.id, replace(failure, steps=steps))


def _shown(spec: Spec, options: Options, bench: Bench, failure: Failure) -> Found:
    path = saved.save(options.save, spec, options.seed, failure) if options.save else None
    return Found(failure, saved.curl(bench, failure.steps), saved.snippet(bench, failure.steps), path)


@contextmanager
def _client(http: httpx.Client | None) -> Iterator[httpx.Client]:
    if http is not None:
        yield http
        return
    with httpx.Client(timeout=30) as client:
        yield client
