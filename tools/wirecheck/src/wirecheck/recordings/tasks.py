"""Cuts recordings into tasks, which several processes may read at the same time."""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import ClassVar

from msgspec import Struct

from wirecheck.recordings.inputs import InputFile

_PER_FILE = 1 << 15
"""Bytes that are read in the time that it takes to open a file."""


class Batch(Struct, frozen=True):
    """Some of the inputs. Those that are not ``shared`` are only read by this process."""

    inputs: Iterable[InputFile]
    shared: bool = True


class FilePart(Struct, frozen=True):
    """What an input of a format has between two offsets, by guess; ``stop`` is -1 at the end.

    ``position`` is that of the input among all of them.
    """

    input: InputFile
    position: int
    format_: str
    start: int
    stop: int
    size: int
    shared: ClassVar[bool] = True


Task = Batch | FilePart


def effort(size: int, count: int) -> int:
    """How much there is to read in a number of files: their size in bytes, and what opening them takes."""
    return size + count * _PER_FILE


def cut(
    inputs: Iterable[InputFile],
    size: int,
    parts: Callable[[int, InputFile], Iterable[FilePart]],
    left_out: Callable[[InputFile], bool],
    whole: Container[int],
) -> Iterator[Task]:
    """The tasks, each with an effort of about ``size``, in the order of the inputs but those ``left_out``.

    ``parts`` gives those of a large input, if it has any; of one whose position is in ``whole`` by then, no
    more are needed.
    """
    batch, filled = list[InputFile](), 0
    for position, source in enumerate(inputs):
        if left_out(source):
            continue
        is_small = 0 < source.size <= size
        if is_small:
            batch.append(source)
            filled += effort(source.size, 1)
        if batch and (filled >= size or not is_small):
            yield Batch(tuple(batch))
            batch, filled = [], 0
        if not source.size:  # standard input, a pipe, or an empty file
            yield Batch((source,), shared=False)
        elif not is_small:
            part: FilePart | None = None
            for part in parts(position, source):
                if position in whole:
                    break
                yield part
            if part is None:
                yield Batch((source,))
    if batch:
        yield Batch(tuple(batch))
