"""Runs mutated inputs through a door, each under limits of time and memory, and reports those that fail.

Inputs run in batches, each in a process of its own, so that an input that hangs, crashes the interpreter or
takes all memory is an ordinary failure, and what one batch leaves in caches is gone with it.
"""

import gc
import itertools
import json
import mmap
import os
import re
import resource
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

from fuzz_inputs.mutator import LONGEST, Mutator

CANARY = "Zq7Xk2Vw9Rt4Lm8Pc3Yd6"
"""A secret. An input holds it only where it is secret, or repeated; nothing that is printed may show it."""

MAX_SECONDS = 2.0  # of CPU for one input
MAX_GROWTH = 200  # MiB of one input beside the program, which takes less than 100
_SUSPICIOUS_SECONDS, _SUSPICIOUS_GROWTH = 1.0, 24
_BATCH_GROWTH = 64  # MiB, after which a batch ends early, so that it does not hide what one input takes
_STUCK = 30.0  # seconds of the clock, after which a process is killed
_ADDRESS_SPACE = 2 << 30  # bytes beside those of the program
_HEADER = struct.Struct("qq")
_CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_COLOUR = re.compile(r"\x1b\[(?:\d{1,2}(?:;\d{1,2})*)m")  # those of click.style; hostile inputs have others

Run = Callable[[bytes], Iterable[str]]
"""Feeds an input through a door; yields every text that a command would print for it.

Raises one of the documented errors where the input is unusable.
"""


class Slow(BaseException):
    """An input takes far too long. Not an Exception, so that nothing catches it."""


@dataclass(frozen=True, slots=True)
class Door:
    """A place where foreign input comes in.

    ``mutant`` makes an input, ``errors`` are the documented ones, ``batch`` is the number of inputs that one
    process takes, ``share`` the part of the inputs of a run.
    """

    name: str
    mutant: Callable[[Mutator], bytes]
    run: Run
    errors: tuple[type[Exception], ...]
    vocabulary: dict[str, Sequence[Any]] = field(default_factory=dict)
    batch: int = 1000
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that fails, and how. ``kind`` is the same for inputs that fail in the same way."""

    kind: str
    detail: str
    content: bytes


@dataclass(slots=True)
class Tally:
    """What a door did: numbers of inputs, rejected ones and failures; CPU seconds; extremes in s and MiB."""

    inputs: int = 0
    rejected: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    peak: float = 0.0
    failures: int = 0

    def add(self, other: "Tally") -> None:
        self.inputs += other.inputs
        self.rejected += other.rejected
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.peak = max(self.peak, other.peak)
        self.failures += other.failures


def peak() -> float:
    """The highest memory of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def problem(door: Door, content: bytes) -> tuple[str, str] | None:
    """Feeds one input; kind and detail of its failure, None if it passes, or is rejected as documented.

    Raises the documented error.
    """
    try:
        for text in door.run(content):
            shown = _COLOUR.sub("", text)
            if control := _CONTROL.search(shown):
                around = shown[max(0, control.start() - 60) : control.end() + 20]
                return "control character", f"{control[0]!a} in {around!a}"
            if CANARY in shown:
                at = shown.index(CANARY)
                return "secret shown", ascii(shown[max(0, at - 200) : at + 60])
    except door.errors as error:
        text = str(error)
        if CANARY in text:
            return "secret shown in an error", ascii(text[:400])
        raise
    return None


def failure(door: Door, content: bytes) -> tuple[tuple[str, str] | None, bool]:
    """The problem of an input, if any, and whether the input was rejected."""
    try:
        return problem(door, content), False
    except door.errors:
        return None, True
    except _ShrunkError as shrunk:
        return ("shrunk", shrunk.content.decode("latin-1")), False
    except Slow:
        return ("slow", f"more than {_STUCK / 3:.0f} s: {_place(sys.exc_info()[1])}"), False
    except BaseException as error:
        detail = "".join(traceback.format_exception(error))
        return (f"{type(error).__name__} {_place(error)}", detail[-3000:]), False


def _place(error: BaseException | None) -> str:
    """The innermost function of the product, and the function where an error was raised."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    own = [frame for frame in frames if "/wirecheck/" in frame.filename or "_client/" in frame.filename]
    places = [own[-1]] if own else []
    places += [frame for frame in frames[-1:] if frame not in places]
    return " < ".join(f"{Path(frame.filename).name}:{frame.name}" for frame in reversed(places))


class _Current:
    """The input that a process works on, in memory that its parent can read."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _HEADER.size + 2 * LONGEST)

    def set(self, number: int, content: bytes) -> None:
        content = content[: 2 * LONGEST]
        self._memory[: _HEADER.size] = _HEADER.pack(number, len(content))
        self._memory[_HEADER.size : _HEADER.size + len(content)] = content

    def get(self) -> tuple[int, bytes]:
        number, length = _HEADER.unpack(self._memory[: _HEADER.size])
        return number, self._memory[_HEADER.size : _HEADER.size + length]


def batch(door: Door, seed: object, count: int | None = None) -> tuple[Tally, list[Failure]]:
    """Runs inputs that follow from a seed, in a process of its own."""
    contents = itertools.islice(inputs(door, seed), door.batch if count is None else count)
    tally, suspicious = _in_process(door, contents, f"died at seed {seed!r}")
    failures = []
    for suspect in suspicious:
        if suspect.kind in ("slow", "fat"):
            failures += replay(door, suspect.content)  # alone, nothing else takes time or memory
        else:
            failures.append(suspect)
    tally.failures = len(failures)
    return tally, failures


def replay(door: Door, content: bytes) -> list[Failure]:
    """Feeds one input in a process of its own; its failure, if it fails."""
    return _in_process(door, iter([content]), "died", alone=True)[1]


def inputs(door: Door, seed: object) -> Iterator[bytes]:
    """The inputs of a door that follow from a seed, without end."""
    mutator = Mutator((seed, door.name), door.vocabulary)
    while True:
        with suppress(RecursionError):  # a value that became too deep to be written
            content = door.mutant(mutator)
            if len(content) <= LONGEST:
                yield content


def warm(door: Door) -> None:
    """Imports and compiles what a door needs, so that no single input pays for it."""
    for content in itertools.islice(inputs(door, "warm"), 20):
        failure(door, content)


def _in_process(
    door: Door, contents: Iterator[bytes], died: str, *, alone: bool = False
) -> tuple[Tally, list[Failure]]:
    current = _Current()
    current.set(-1, b"")
    with tempfile.TemporaryFile("w+") as results:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _work(door, contents, current, alone, results.write)
                results.flush()
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        code, seconds = _awaited(child, current)
        results.seek(0)
        lines = [json.loads(line) for line in results] if not code else []
    tally = Tally(seconds=seconds)
    failures = []
    for entry in lines:
        if "failure" in entry:
            kind, detail, content = entry["failure"]
            failures.append(Failure(kind, detail, content.encode("latin-1")))
        else:
            for name, value in entry.items():
                setattr(tally, name, value)
    if code:
        number, content = current.get()
        tally.inputs = number + 1
        failures.append(Failure(f"process {died.partition(' ')[0]} {code}", died, content))
    return tally, failures


def _awaited(child: int, current: _Current) -> tuple[str, float]:
    """Waits for a process; why it died, empty if it did not, and its CPU time. Kills one that is stuck."""
    last, since, pause = -2, time.monotonic(), 0.002
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return "" if code == 0 else f"with {code}", usage.ru_utime + usage.ru_stime
        number = current.get()[0]
        if number != last:
            last, since = number, time.monotonic()
        elif time.monotonic() - since > 4 * _STUCK:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "stuck", time.monotonic() - since
        time.sleep(pause)
        pause = min(0.1, pause * 1.5)


def _work(
    door: Door, contents: Iterator[bytes], current: _Current, alone: bool, write: Callable[[str], object]
) -> None:
    """Feeds inputs, and writes failures and the tally, a line each. Runs in a process of its own."""

    def too_slow(_: int, __: FrameType | None) -> None:
        raise Slow

    signal.signal(signal.SIGPROF, too_slow)
    warnings.simplefilter("error")  # some warnings print a traceback
    own = int(Path("/proc/self/statm").read_text().split()[0]) * mmap.PAGESIZE
    resource.setrlimit(resource.RLIMIT_AS, (own + _ADDRESS_SPACE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()
    start = before = peak()
    tally = Tally()
    kinds: dict[str, int] = {}
    for number, content in enumerate(contents):
        current.set(number, content)
        signal.setitimer(signal.ITIMER_PROF, 2 * _STUCK if alone else _STUCK / 3)
        began = time.process_time()
        found, is_rejected = failure(door, content)
        seconds = time.process_time() - began
        signal.setitimer(signal.ITIMER_PROF, 0)
        highest = peak()
        tally.inputs += 1
        tally.rejected += is_rejected
        tally.slowest = max(tally.slowest, seconds)
        if found is None and seconds > (MAX_SECONDS if alone else _SUSPICIOUS_SECONDS):
            found = "slow", f"{seconds:.1f} s"
        if found is None and highest - before > (MAX_GROWTH if alone else _SUSPICIOUS_GROWTH):
            found = "fat", f"{highest - before:.0f} MiB"
        if found is not None:
            kinds[found[0]] = kinds.get(found[0], 0) + 1
            if kinds[found[0]] <= 3:
                write(json.dumps({"failure": [*found, content.decode("latin-1")]}) + "\n")
        before = highest
        if highest - start > _BATCH_GROWTH:
            break
    tally.peak = before
    write(json.dumps({name: value for name, value in asdict(tally).items() if value}))


def minimised(door: Door, found: Failure, seconds: float = 20.0) -> bytes:
    """A shorter input that fails in the same way."""
    if found.kind in ("slow", "fat") or found.kind.startswith("process"):
        return _shrunk(found.content, lambda content: found.kind in _kinds(replay(door, content)), seconds)

    def fails(content: bytes) -> bool:
        problem, _ = failure(door, content)
        return problem is not None and problem[0] == found.kind

    # Many tries in one process, which returns the shortest input as if it were an ordinary failure.
    def shrink(content: bytes) -> Iterator[str]:
        raise _ShrunkError(_shrunk(content, fails, seconds))
        yield ""

    shrinking = replace(door, run=shrink)
    shrunk = _in_process(shrinking, iter([found.content]), "died", alone=True)[1]
    contents = [other.detail.encode("latin-1") for other in shrunk if other.kind == "shrunk"]
    return contents[0] if contents else found.content


class _ShrunkError(Exception):
    """Carries a shorter input."""

    def __init__(self, content: bytes) -> None:
        self.content = content


def _kinds(failures: Iterable[Failure]) -> set[str]:
    return {other.kind for other in failures}


def _shrunk(content: bytes, fails: Callable[[bytes], bool], seconds: float) -> bytes:
    """Leaves out pieces, the large ones first, for some seconds."""
    until = time.monotonic() + seconds
    size = len(content) // 2
    while size and time.monotonic() < until:
        position, shorter = 0, content
        while position < len(shorter) and time.monotonic() < until:
            candidate = shorter[:position] + shorter[position + size :]
            if fails(candidate):
                shorter = candidate
            else:
                position += size
        size = size if len(shorter) < len(content) and size <= len(shorter) else size // 2
        content = shorter
    return content
