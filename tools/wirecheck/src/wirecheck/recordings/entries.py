"""Entries that are not as their format has them: each costs itself, and not the recording."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from wirecheck.model import Exchange, RecordingError

_T = TypeVar("_T")


def exchanges(
    name: str, items: Iterable[_T | RecordingError], exchange_of: Callable[[str, int, _T], Exchange]
) -> Iterator[Exchange]:
    """The exchange of each item, by its source and its position; as ``tolerant`` bears errors.

    Those are raised by ``exchange_of`` and by ``items``, or are items themselves.
    """
    return tolerant(name, _results(name, items, exchange_of))


def _results(
    name: str, items: Iterable[_T | RecordingError], exchange_of: Callable[[str, int, _T], Exchange]
) -> Iterator[Exchange | RecordingError]:
    for entry, item in enumerate(items):
        source = f"{name}#{entry}"
        try:
            yield item if isinstance(item, RecordingError) else exchange_of(source, entry, item)
        except RecordingError as error:
            yield error
        except RecursionError:
            yield RecordingError(source, "nested too deeply")


def tolerant(name: str, results: Iterable[Exchange | RecordingError]) -> Iterator[Exchange]:
    """The exchanges of a recording; an entry that cannot be read costs itself.

    It becomes an exchange with an ``error``, as does an error that ``results`` raise, which ends them. Raises
    the first error where nothing can be read.
    """
    first: RecordingError | None = None
    is_readable = False
    entry = 0
    try:
        for result in results:
            if isinstance(result, RecordingError):
                first = first or result
                yield unreadable(f"{name}#{entry}", entry, result)
            else:
                is_readable = True
                yield result
            entry += 1
    except RecordingError as error:
        first = first or error
        if is_readable:
            yield unreadable(error.where, entry, error)
    if first is not None and not is_readable:
        raise first


def unreadable(source: str, entry: int, error: RecordingError) -> Exchange:
    """What stands for an entry that cannot be read."""
    what = str(error).removeprefix(f"{source}: ")
    return Exchange(source=source, entry=entry, method="", url="", status=0, error=what)
