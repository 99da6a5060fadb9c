"""Progress on a terminal, and interruption of a running command."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

import click


@contextlib.contextmanager
def steps(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar; gives a function that advances it by a number of steps."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr, width=30) as bar:
        yield bar.update


@contextlib.contextmanager
def counting(total: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar; gives a function that advances it by one step."""
    with steps(total, label) as advance:
        yield lambda: advance(1)


@contextlib.contextmanager
def timing(seconds: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar over seconds; gives a function that advances it by the time since its first call."""
    began, shown = 0.0, 0
    with steps(seconds, label) as advance:

        def tick() -> None:
            nonlocal began, shown
            began = began or time.monotonic()
            passed = min(seconds, int(time.monotonic() - began))
            advance(passed - shown)
            shown = passed

        yield tick


@contextlib.contextmanager
def deferring_interrupts(advance: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Defers a first Ctrl-C until the next step has ended; a second one takes effect at once."""
    requested = False

    def defer(*_: object) -> None:
        nonlocal requested
        requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.write(2, b"\nwirecheck: stopping once writes are undone; press Ctrl-C again to stop at once\n")

    def progress() -> None:
        nonlocal requested
        advance()
        if requested:
            requested = False
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, defer)
    try:
        yield progress
    finally:
        signal.signal(signal.SIGINT, before)


class Interruption:
    """Ends a loop at a first Ctrl-C, and the process at a second one."""

    def __init__(self) -> None:
        self.requested = False
        self._is_deferred = False

    @contextlib.contextmanager
    def ending(self, result: str) -> Iterator[None]:
        """A block that a Ctrl-C ends, to no harm of what comes after it; ``result`` says what that is.

        Only in the main thread, which is the only one that receives signals.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def end(*_: object) -> None:
            self.requested = True
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.write(2, f"\nwirecheck: interrupted: {result}; press Ctrl-C again to stop at once\n".encode())
            if not self._is_deferred:
                raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, end)
        try:
            yield
        except KeyboardInterrupt:
            if not self.requested:
                raise
        finally:
            if not self.requested:
                signal.signal(signal.SIGINT, before)

    @property
    def deferred(self) -> Self:
        """A context manager for a part of that block which is not left half done."""
        return self

    def __enter__(self) -> None:
        self._is_deferred = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._is_deferred = False
        if self.requested and kind is None:
            raise KeyboardInterrupt
