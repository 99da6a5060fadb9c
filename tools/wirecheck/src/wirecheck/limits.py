"""Limits in time and memory for one exchange: of Python code, and of the schema engine below it."""

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from types import FrameType

from wirecheck.model import LimitError

SECONDS = 10
"""For one exchange. A large value may take as long once more in the schema engine, a smaller one less."""
_LARGE = 1_000_000
"""Values and characters of what may take all that time."""
MEMORY = 2**30
"""Bytes that the schema engine may add for one value."""

_MAY_FORK = ContextVar("may_fork", default=True)


class _Alarm:
    """The timer of deadlines. Its handler is put in place for each of them, or once for many."""

    def __init__(self) -> None:
        self.what = ""
        self._is_in_place = False

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """A block in which the alarm is handled."""
        if self._is_in_place:
            yield
            return
        before = signal.signal(signal.SIGALRM, self._expire)
        self._is_in_place = True
        try:
            yield
        finally:
            self._is_in_place = False
            signal.signal(signal.SIGALRM, before)

    def _expire(self, _signal: int, _frame: FrameType | None) -> None:
        raise LimitError("", f"{self.what} takes more than {SECONDS} seconds")


_ALARM = _Alarm()


@contextmanager
def many_deadlines() -> Iterator[None]:
    """A block in which each deadline costs less."""
    with _ALARM.in_place() if _has_timer() else nullcontext():
        yield


@contextmanager
def deadline(what: str) -> Iterator[None]:
    """Raises LimitError, at the next step in Python, once the block takes longer than SECONDS.

    Only in the main thread, of systems that have timers, and where no other timer runs.
    """
    if not _has_timer() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return
    with _ALARM.in_place():
        _ALARM.what = what
        signal.setitimer(signal.ITIMER_REAL, SECONDS, 0.5)  # again, in case a library swallows the error
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _has_timer() -> bool:
    return sys.platform != "win32" and threading.current_thread() is threading.main_thread()


@contextmanager
def without_forks() -> Iterator[None]:
    """Raises LimitError in place of each rehearsal: a process with threads of others must not be copied."""
    token = _MAY_FORK.set(False)
    try:
        yield
    finally:
        _MAY_FORK.reset(token)


def rehearse(call: Callable[[], object], what: str, size: int, *, is_long: bool = False) -> None:
    """Makes a call in a copy of this process, which is ended at the limits; raises LimitError then.

    The schema engine cannot be interrupted, so that what may take very long is tried like this before.
    ``size`` is the number of values and characters that the call is about; one that ``is_long`` has so many
    characters alone, and is not rehearsed where that would raise LimitError for want of a copy.
    """
    seconds = SECONDS * min(1, 0.05 + size / _LARGE)
    if not _MAY_FORK.get():
        if is_long:
            return
        raise LimitError("", f"{what} may take more than {seconds:.1f} seconds or {MEMORY // 2**30} GiB")
    if sys.platform == "win32":
        return
    child = os.fork()
    if child == 0:
        _rehearse(call, seconds)
    _, status = os.waitpid(child, 0)
    if status:
        raise LimitError("", f"{what} takes more than {seconds:.1f} seconds or {MEMORY // 2**30} GiB")


def _rehearse(call: Callable[[], object], seconds: float) -> None:  # pragma: no cover - only in the copy
    """The copy: it writes nothing, and the kernel ends it, also within the engine."""
    if sys.platform == "win32":
        return
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of the processor, however busy it is
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine writes about an allocation that fails
    try:
        _limit_memory()
        call()
    except MemoryError:
        os._exit(1)
    except BaseException:
        os._exit(0)  # the call itself will raise it, too
    os._exit(0)


def _limit_memory() -> None:  # pragma: no cover - only in the copy
    if sys.platform == "linux":
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = used + MEMORY if most == resource.RLIM_INFINITY else min(used + MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
