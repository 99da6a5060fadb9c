"""Processes that work on tasks at the same time, and whose results are in the order of the tasks."""

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from wirecheck.recordings import Task

_Result = TypeVar("_Result")

_AHEAD = 4
"""Tasks for each process that are begun before the results of the first one were taken."""
_KEPT = 2
"""Results of a task that are received before its turn."""


class UnfinishedError(Exception):
    """A task was not finished: something was raised, or the process was killed."""


@dataclass(slots=True)
class _Begun(Generic[_Result]):
    """A task that is worked on, with the results that are not taken yet."""

    task: "Task"
    results: deque[_Result] = field(default_factory=deque)
    is_over: bool = False
    is_finished: bool = False


class Workers(Generic[_Result]):
    """Copies of this process, at most ``count``; each gives the results of its tasks by ``work``."""

    def __init__(self, count: int, work: "Callable[[Task], Iterator[_Result]]") -> None:
        self._workers = list[_Worker[_Result]]()
        self._most = count * _AHEAD
        with contextlib.suppress(OSError):  # too many processes
            for _ in range(count):
                inherited = [worker.connection for worker in self._workers]
                self._workers.append(_Worker(work, inherited))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()

    def results(self, tasks: "Iterable[Task]") -> "Iterator[tuple[Task, Iterator[_Result]]]":
        """The tasks, in their order, each with its results; these raise UnfinishedError if they are not all.

        A task that is not shared has none. Tasks are taken shortly before they are worked on. Results that
        are not taken are dropped.
        """
        remaining, begun = iter(tasks), deque[_Begun[_Result]]()
        while self._begin(remaining, begun):
            yield begun[0].task, self._results(remaining, begun)
            with contextlib.suppress(UnfinishedError):
                for _ in self._results(remaining, begun):
                    pass
            begun.popleft()

    def _results(self, remaining: "Iterator[Task]", begun: deque[_Begun[_Result]]) -> Iterator[_Result]:
        first = begun[0]
        while first.results or not first.is_over:
            if first.results:
                yield first.results.popleft()
            else:
                self._begin(remaining, begun)
                self._receive(first)
        if not first.is_finished:
            raise UnfinishedError

    def _begin(self, remaining: "Iterator[Task]", begun: deque[_Begun[_Result]]) -> bool:
        """Gives tasks to processes that are idle; says whether any task is begun."""
        while len(begun) < self._most and self._has_capacity():
            task = next(remaining, None)
            if task is None:
                break
            begun.append(_Begun(task))
            if task.shared:
                self._assign(begun[-1])
            else:
                begun[-1].is_over = True
        return bool(begun)

    def _has_capacity(self) -> bool:
        return any(worker.is_idle for worker in self._workers) or not self._workers

    def _assign(self, task: _Begun[_Result]) -> None:
        for worker in [worker for worker in self._workers if worker.is_idle]:
            if worker.assign(task):
                return
            self._remove(worker)
        task.is_over = True

    def _receive(self, first: _Begun[_Result]) -> None:
        """Waits for results: for all of the first task, and for few of each other one."""
        workers = [worker for worker in self._workers if worker.is_expected(first)]
        ready = wait([worker.connection for worker in workers])
        for worker in workers:
            if worker.connection in ready and not worker.receive():
                self._remove(worker)

    def _remove(self, worker: "_Worker[_Result]") -> None:
        self._workers.remove(worker)
        worker.close()


class _Worker(Generic[_Result]):
    """A copy of this process, with connections that it has ``inherited`` without need.

    It gets a task only while it is idle: two processes that send at the same time might wait for each other.
    """

    def __init__(
        self, work: "Callable[[Task], Iterator[_Result]]", inherited: Iterable["Connection"]
    ) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self.begun = deque[_Begun[_Result]]()
        self._process = context.Process(
            target=_serve, args=(work, theirs, [self.connection, *inherited]), daemon=True
        )
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until the copy ignores it
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()

    @property
    def is_idle(self) -> bool:
        return not self.begun

    def assign(self, task: _Begun[_Result]) -> bool:
        """Whether the process takes a task; if not, it was killed."""
        try:
            self.connection.send(task.task)
        except OSError:
            return self._lose()
        self.begun.append(task)
        return True

    def is_expected(self, first: _Begun[_Result]) -> bool:
        task = self.begun[0] if self.begun else None
        return task is not None and (task is first or len(task.results) < _KEPT)

    def receive(self) -> bool:
        """Receives a result, or the end of a task; says whether the process is still there."""
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            return self._lose()
        if isinstance(message, bool):
            task = self.begun.popleft()
            task.is_over, task.is_finished = True, message
        else:
            self.begun[0].results.append(message)
        return True

    def _lose(self) -> bool:
        for task in self.begun:
            task.is_over = True
        return False

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()


def _serve(  # pragma: no cover - only in the copies, of which coverage sees nothing
    work: "Callable[[Task], Iterator[_Result]]", connection: Connection, inherited: Iterable[Connection]
) -> None:
    """Works until the process is gone that alone reacts to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for each in inherited:
        each.close()
    with contextlib.suppress(EOFError, OSError):
        while True:
            for message in _messages(work, connection.recv()):
                connection.send(message)


def _messages(  # pragma: no cover - only in the copies
    work: "Callable[[Task], Iterator[_Result]]", task: "Task"
) -> "Iterator[_Result | bool]":
    """The results of a task, and at its end whether it was finished. If not, the other side sees why."""
    try:
        yield from work(task)
    except Exception:
        yield False
    else:
        yield True
