"""Entries that are not as their format has them: each costs itself, and not the recording."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from wirecheck.model import Exchange, RecordingError

_T = TypeVar("_T")


def exchanges(
    name: str, items: Iterable[_T], exchange_of: Callable[[str, int, _T], Exchange]
) -> Iterator[Exchange]:
    """The exchange of each item, by its source and its position.

    Where RecordingError is raised, the exchange has an ``error``; raised by ``items``, it is the last one.
    Raises the first error where nothing can be read.
    """
    first: RecordingError | None = None
    is_readable = False
    count = 0
    try:
        for item in items:
            source = f"{name}#{count}"
            try:
                exchange = exchange_of(source, count, item)
                is_readable = True
            except RecordingError as error:
                first = first or error
                exchange = _unreadable(source, count, error)
            yield exchange
            count += 1
    except RecordingError as error:
        first = first or error
        if is_readable:
            yield _unreadable(error.where, count, error)
    if first is not None and not is_readable:
        raise first


def _unreadable(source: str, entry: int, error: RecordingError) -> Exchange:
    return Exchange(source=source, entry=entry, method="", url="", status=0, error=error.what)
