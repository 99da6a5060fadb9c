"""The judging of the exchanges of recordings: by this process, or by several with the same result."""

import math
import os
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct, field

from wirecheck.cli.progress import Interruption, steps
from wirecheck.cli.reading import mention_passed_over
from wirecheck.escapes import printable
from wirecheck.limits import many_deadlines
from wirecheck.model import Exchange, LimitError, RecordingError, WirecheckError
from wirecheck.recordings import Batch, FilePart, Inventory, Recordings, Task
from wirecheck.reports.collect import Collected, Collector
from wirecheck.reports.finding_spool import shifted

if TYPE_CHECKING:
    from wirecheck.checks import Judge
    from wirecheck.cli.base_path import BasePaths
    from wirecheck.cli.selection import Selection


_ROUNDS = 4  # tasks for each process, at least


class Sizes(Struct, frozen=True):
    """How work is shared, in bytes.

    One process has judged ``small`` recordings before several could begin. A task is neither smaller than
    ``least`` nor larger than ``most``; what was found is returned once it is a ``result``.
    """

    small: int = 4 << 20
    least: int = 1 << 20
    most: int = 4 << 20
    result: int = 1 << 20

    def of_task(self, effort: int, jobs: int) -> int:
        """Small enough for all processes to end at about the same time, after as many tasks each."""
        rounds = max(_ROUNDS, math.ceil(effort / (jobs * self.most)))
        return max(self.least, math.ceil(effort / (jobs * rounds)))


SIZES = Sizes()


class Judged(Struct, frozen=True):
    """What came of a number of exchanges, for which so many bytes were ``read``.

    ``unjudged`` are the sources of those that could not be judged, and why. The last ones of a task have the
    ``inventory`` of its files.
    """

    count: int
    read: int
    unjudged: list[tuple[str, str]]
    collected: Collected
    base_paths: Counter[str]
    left_out: int
    inventory: Inventory | None


class Run(Struct):
    """The judging of all exchanges by at most as many processes as ``jobs``.

    ``strict`` says whether each entry must be readable. ``unjudged`` exchanges could not be judged.
    """

    judge: "Judge"
    selection: "Selection"
    collector: Collector
    base_paths: "BasePaths"
    recordings: Recordings
    strict: bool
    jobs: int
    sizes: Sizes = field(default_factory=lambda: SIZES)
    interruption: Interruption = field(default_factory=Interruption)
    unjudged: int = 0

    def judge_all(self) -> None:
        """Judges exchanges until they end, or until Ctrl-C. Raises RecordingError."""
        with self.interruption.ending("reporting what was checked so far"), many_deadlines():
            with steps(self.recordings.size, "checking") as advance:
                effort = self.recordings.effort
                if self.jobs > 1 and effort > self.sizes.small and _can_copy():
                    self._share(self.sizes.of_task(effort, self.jobs), advance)
                else:
                    self._judge(self.recordings.everything(), advance)
            self.recordings.finish()
            mention_passed_over(self.recordings.passed_over)

    def _judge(self, task: Batch, advance: Callable[[int], None], merged: int = 0) -> None:
        """Judges the exchanges of a task after those that are merged."""
        with closing(self._exchanges(task, advance)) as exchanges:
            for exchange in islice(exchanges, merged, None):
                with self.interruption.deferred:
                    if unjudged := self._judge_one(exchange):
                        self._mention(*unjudged)

    def _exchanges(self, task: Task, advance: Callable[[int], None]) -> Generator[Exchange]:
        for exchange in self.recordings.exchanges(task, advance):
            if exchange.error and self.strict:
                raise RecordingError(exchange.source, exchange.error)
            yield exchange

    def _judge_one(self, exchange: Exchange) -> tuple[str, str] | None:
        """Judges an exchange; where that cannot be done, its source and why."""
        try:
            verdict = self.judge.judge(exchange)
        except LimitError as error:
            return error.where, error.what
        except WirecheckError:
            raise
        except Exception as error:  # a bug of wirecheck costs this exchange, not the others
            return exchange.source, f"not judged: wirecheck failed: {_raised(error)}"
        self.collector.add(self.selection.of(verdict), exchange)
        if verdict.operation is None and verdict.skipped is None:
            self.base_paths.add(exchange)
        return None

    def _mention(self, source: str, what: str) -> None:
        click.echo(f"wirecheck: {printable(f'{source}: {what}')}", err=True)
        self.unjudged += 1

    def _share(self, size: int, advance: Callable[[int], None]) -> None:
        """Judges all exchanges in tasks of about a size.

        A task that a worker does not finish is done again by this process, after what is merged: whatever
        is wrong with it comes up in its turn, as if there were no workers.
        """
        from wirecheck.cli.workers import UnfinishedError, Workers

        whole = set[int]()
        tasks = self.recordings.tasks(size, whole)
        first = list(islice(tasks, self.jobs))
        if len(first) < 2:
            self._judge(self.recordings.everything(), advance)
            return
        merged = 0  # exchanges of the task, or of the file that it is a part of
        with Workers(len(first), self._work) as workers:
            for task, results in workers.results(chain(first, tasks)):
                if not isinstance(task, FilePart) or not task.start:
                    merged = 0
                elif task.position in whole:
                    continue
                shift = merged
                try:
                    if self.recordings.is_outdated(task):
                        raise UnfinishedError
                    for judged in results:
                        with self.interruption.deferred:
                            self._merge(task, judged, shift)
                            merged += judged.count
                            advance(judged.read)
                except UnfinishedError:
                    if isinstance(task, FilePart):
                        whole.add(task.position)
                    batch = Batch((task.input,)) if isinstance(task, FilePart) else task
                    self._judge(batch, advance, merged)

    def _merge(self, task: Task, judged: Judged, shift: int) -> None:
        """Adds what came of exchanges whose entries are counted from ``shift``."""
        tallies = judged.collected.tallies
        if shift and tallies.unreadable and not self.collector.unreadable:
            tallies.unreadable = self._first_error(task, shift)
        self.collector.merge(judged.collected, shift)
        for source, what in judged.unjudged:
            self._mention(shifted(source, shift), what)
        self.base_paths.merge(judged.base_paths)
        self.selection.omitted += judged.left_out
        if judged.inventory is not None:
            self.recordings.inventory.merge(judged.inventory)

    def _first_error(self, task: Task, shift: int) -> str:
        """The first entry of a task that cannot be read, and why, counted from ``shift``."""
        with closing(self.recordings.exchanges(task, first=shift)) as exchanges:
            return next(f"{exchange.source}: {exchange.error}" for exchange in exchanges if exchange.error)

    def _work(self, task: Task) -> Iterator[Judged]:  # pragma: no cover - only in copies of this process
        """What comes of a task. Raises UnfinishedError for a beginning of a file without readable entries.

        Whether that file can be read at all depends on its other parts.
        """
        self.recordings.inventory = Inventory()
        self._take()  # what a task left behind that was not finished
        read = count = 0
        unjudged = list[tuple[str, str]]()

        def advance(size: int) -> None:
            nonlocal read
            read += size

        is_readable = not isinstance(task, FilePart) or task.start > 0
        with closing(self._exchanges(task, advance)) as exchanges:
            for exchange in exchanges:
                is_readable = is_readable or not exchange.error
                count += 1
                if reason := self._judge_one(exchange):
                    unjudged.append(reason)
                if is_readable and self.collector.has(self.sizes.result):
                    yield Judged(count, read, unjudged, *self._take(), None)
                    read = count = 0
                    unjudged = []
        if not is_readable:
            from wirecheck.cli.workers import UnfinishedError

            raise UnfinishedError
        read = task.size if isinstance(task, FilePart) else read
        yield Judged(count, read, unjudged, *self._take(), self.recordings.inventory)

    def _take(self) -> tuple[Collected, Counter[str], int]:  # pragma: no cover - only in copies
        """What was found since the last time."""
        left_out, self.selection.omitted = self.selection.omitted, 0
        return self.collector.take(), self.base_paths.take(), left_out


def _raised(error: Exception) -> str:
    """The kind of an error, and where it was raised; its message might hold a secret."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"


def _can_copy() -> bool:
    """Whether this process can be copied: of its threads, only the one that does it is in the copy."""
    return hasattr(os, "fork") and threading.active_count() == 1
