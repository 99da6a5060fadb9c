"""What is told while a command works, on a terminal only, and how it is interrupted."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import click


@contextlib.contextmanager
def steps(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar that takes so many steps at a time."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr, width=30) as bar:
        yield bar.update


@contextlib.contextmanager
def counting(total: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar over things done one after the other."""
    with steps(total, label) as advance:
        yield lambda: advance(1)


@contextlib.contextmanager
def timing(seconds: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar over seconds from the first call on."""
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
def put_off(advance: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Puts a first Ctrl-C off until after the next step; a second one comes at once."""
    asked = False

    def remember(*_: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.write(2, b"\nwirecheck: ends when it has undone what it did; Ctrl-C again ends at once\n")

    def progress() -> None:
        nonlocal asked
        advance()
        if asked:
            asked = False
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield progress
    finally:
        signal.signal(signal.SIGINT, before)
