"""Parts of one file, which several processes may read at the same time."""

from collections.abc import Callable, Iterable, Iterator

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings.entries import unreadable
from wirecheck.recordings.window import WINDOW


class MisplacedError(Exception):
    """A part of a file cannot be read by itself: the file is to be read from its beginning to its end."""


def of_part(name: str, first: int, results: Iterable[Exchange | RecordingError]) -> Iterator[Exchange]:
    """The exchanges of a part, whose entries are numbered from ``first``; an unreadable entry costs itself.

    Raises MisplacedError where ``results`` raise RecordingError.
    """
    try:
        for entry, result in enumerate(results, first):
            yield (
                unreadable(f"{name}#{entry}", entry, result) if isinstance(result, RecordingError) else result
            )
    except RecordingError as error:
        raise MisplacedError(str(error)) from error


def spread(size: int, count: int, following: Callable[[int], int | None]) -> list[int]:
    """At most ``count - 1`` offsets that divide a file of some ``size`` into parts of about the same size.

    ``following`` gives the first offset behind another one where a part may begin. No part is smaller than a
    window, but perhaps the last one.
    """
    parts = min(count, size // WINDOW)
    offsets = list[int]()
    for part in range(1, parts):
        offset = following(max(size * part // parts, offsets[-1] + WINDOW if offsets else 0))
        if offset is None:
            break
        offsets.append(offset)
    return offsets
