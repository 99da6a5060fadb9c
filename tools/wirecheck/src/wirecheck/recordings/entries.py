"""Entries that are not as their format has them: each costs itself, and not the recording."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from wirecheck.model import Exchange, RecordingError

_T = TypeVar("_T")


def exchanges(
    name: str, items: Iterable[_T], exchange_of: Callable[[str, int, _T], Exchange]
) -> Iterator[Exchange]:
    """The exchange of each item, by its source and its position.

    One that raises RecordingError becomes an exchange with an ``error``; raises RecordingError where
    all are such.
    """
    problem: RecordingError | None = None
    is_readable = False
    for entry, item in enumerate(items):
        source = f"{name}#{entry}"
        try:
            exchange = exchange_of(source, entry, item)
            is_readable = True
        except RecordingError as error:
            problem = problem or error
            exchange = Exchange(source=source, entry=entry, method="", url="", status=0, error=error.what)
        yield exchange
    if problem is not None and not is_readable:
        raise problem
