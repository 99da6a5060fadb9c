"""Mutated inputs for all doors or some. The exit code is 1 if an input failed."""

import argparse
import hashlib
import itertools
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from fuzz_inputs.common import CORPUS, folder_for_files
from fuzz_inputs.doors import doors
from fuzz_inputs.harness import Door, Failure, Tally, batch, minimised, warm

_KEPT = 3  # failures of one kind that are minimised and written
_EVERY = 60.0  # seconds between two reports of progress
_FORK = multiprocessing.get_context("fork")

Tallies = dict[str, Tally]


class Findings:
    """The failures of a run: of each kind, a few are minimised and written."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._kinds = folder, dict[tuple[str, str], int]()

    def add(self, door: Door, failure: Failure) -> None:
        count = self._kinds.get((door.name, failure.kind), 0)
        self._kinds[door.name, failure.kind] = count + 1
        if count >= _KEPT:
            return
        content = minimised(door, failure)
        path = self._folder / door.name / f"found-{hashlib.sha256(content).hexdigest()[:10]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        _say(f"FAILED {door.name}: {failure.kind}\n  {path}\n  {failure.detail.strip()[-1500:]}")


def main() -> int:
    options = _options()
    if options.jobs == 1:
        began = shown = time.monotonic()

        def show(tallies: Tallies) -> None:
            nonlocal shown
            if time.monotonic() - shown > _EVERY:
                shown = time.monotonic()
                _say(_table(tallies, shown - began))

        tallies = run(options, 0, show)
        _say(_table(tallies, time.monotonic() - began))
        return 1 if any(tally.failures for tally in tallies.values()) else 0
    return _side_by_side(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz-inputs", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.0, help="end after some seconds")
    parser.add_argument("--inputs", type=int, default=0, help="end after a number of inputs")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same inputs")
    parser.add_argument("--door", default="", help="only doors whose name begins like this")
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes side by side, each with inputs of its own"
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where failures are written")
    return parser.parse_args()


def run(options: argparse.Namespace, job: int, report: Callable[[Tallies], None]) -> Tallies:
    """Runs batches until the time is up or the inputs of this job are done; reports after each."""
    chosen = {name: door for name, door in doors().items() if name.startswith(options.door)}
    if not chosen:
        sys.exit(f"there is no door {options.door!r}: {', '.join(doors())}")
    findings, tallies = Findings(options.corpus), {name: Tally() for name in chosen}
    with folder_for_files():
        for door in chosen.values():
            warm(door)
        began = time.monotonic()
        for door, number in _schedule(chosen, tallies):
            done, elapsed = sum(tally.inputs for tally in tallies.values()), time.monotonic() - began
            if 0 < options.seconds <= elapsed or 0 < options.inputs <= done * options.jobs:
                break
            tally, failures = batch(door, (options.seed, number * options.jobs + job))
            tallies[door.name].add(tally)
            for failure in failures:
                findings.add(door, failure)
            report(tallies)
        return tallies


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _schedule(chosen: dict[str, Door], tallies: Tallies) -> Iterator[tuple[Door, int]]:
    """Batches without end, and their numbers; next is the door that is farthest behind its share of time."""
    numbers = dict.fromkeys(chosen, 0)
    while True:
        name = min(chosen, key=lambda name: tallies[name].seconds / chosen[name].share)
        yield chosen[name], numbers[name]
        numbers[name] += 1


def _side_by_side(options: argparse.Namespace) -> int:
    """Runs jobs in processes of their own; each publishes its tallies in a file."""
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name, str(job)) for job in range(options.jobs)]
        jobs = [_FORK.Process(target=_job, args=(options, job, file)) for job, file in enumerate(files)]
        for process in jobs:
            process.start()
        began = time.monotonic()
        for process in itertools.cycle(jobs):
            process.join(_EVERY)
            if not any(other.is_alive() for other in jobs):
                break
            if process.is_alive():
                _say(_table(_summed(files), time.monotonic() - began))
        _say(_table(_summed(files), time.monotonic() - began))
        if any(process.exitcode for process in jobs):
            return 2
        return 1 if any(tally.failures for tally in _summed(files).values()) else 0


def _job(options: argparse.Namespace, job: int, file: Path) -> None:
    """Runs a job in this process."""

    def publish(tallies: Tallies) -> None:
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps({name: asdict(tally) for name, tally in tallies.items()}))
        draft.rename(file)

    run(options, job, publish)


def _summed(files: list[Path]) -> Tallies:
    summed: Tallies = {}
    for file in files:
        for name, tally in json.loads(file.read_text()).items() if file.exists() else ():
            summed.setdefault(name, Tally()).add(Tally(**tally))
    return summed


_COLUMNS = "{:20} {:>11} {:>9} {:>9} {:>8} {:>9} {:>9}".format


def _table(tallies: Tallies, elapsed: float) -> str:
    lines = [_COLUMNS("door", "inputs", "rejected", "per CPU s", "slowest", "peak", "failures")]
    for name, tally in tallies.items():
        rate, rejected = tally.inputs / max(tally.seconds, 0.01), tally.rejected / max(tally.inputs, 1)
        extremes = f"{tally.slowest:.2f} s", f"{tally.peak:.0f} MiB"
        lines.append(
            _COLUMNS(name, f"{tally.inputs:,}", f"{rejected:.0%}", f"{rate:,.0f}", *extremes, tally.failures)
        )
    total = sum(tally.inputs for tally in tallies.values())
    return "\n".join([*lines, f"{'all':20} {total:11,} in {elapsed:,.0f} s\n"])


if __name__ == "__main__":
    sys.exit(main())
