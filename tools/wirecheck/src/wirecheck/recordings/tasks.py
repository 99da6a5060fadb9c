"""Cuts recordings into tasks, which several processes may read at the same time."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from wirecheck.recordings.inputs import InputFile

_PER_FILE = 1 << 15
"""Bytes that are read in the time that it takes to open a file."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of the inputs, by their positions. Those that are not ``shared`` are only read by this process."""

    inputs: tuple[int, ...]
    shared: bool = True


@dataclass(frozen=True, slots=True)
class FilePart:
    """What an input of a format has between two offsets, by guess; ``stop`` is -1 at the end."""

    input: int
    format_: str
    start: int
    stop: int
    size: int
    shared: ClassVar[bool] = True


Task = Batch | FilePart


def effort(inputs: Iterable[InputFile]) -> int:
    """How much there is to read: bytes, and what opening the files takes."""
    return sum(source.size + _PER_FILE for source in inputs)


def cut(
    inputs: Iterable[InputFile],
    size: int,
    parts: Callable[[int], Iterable[FilePart]],
    left_out: Callable[[InputFile], bool],
    whole: Container[int],
) -> Iterator[Task]:
    """The tasks, each with an effort of about ``size``, in the order of the inputs but those ``left_out``.

    ``parts`` gives those of a large input, if it has any; of one that is in ``whole`` by then, no more are
    needed.
    """
    batch, filled = list[int](), 0
    for index, source in enumerate(inputs):
        if left_out(source):
            continue
        if 0 < source.size <= size:
            batch.append(index)
            filled += effort([source])
        if batch and (index != batch[-1] or filled >= size):
            yield Batch(tuple(batch))
            batch, filled = [], 0
        if not source.size:  # standard input, a pipe, or an empty file
            yield Batch((index,), shared=False)
        elif source.size > size:
            part: FilePart | None = None
            for part in parts(index):
                if index in whole:
                    break
                yield part
            if part is None:
                yield Batch((index,))
    if batch:
        yield Batch(tuple(batch))
