"""Writes exchanges as recordings, one at a time. A format is one module."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wirecheck.model import Exchange
from wirecheck.recordings.writing import har, jsonl, vcr


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: what people call it, the endings of its files, and the function that writes it."""

    title: str
    endings: tuple[str, ...]
    write: Callable[[Iterable[Exchange]], Iterator[bytes]]


WRITERS: dict[str, Writer] = {
    "har": Writer("HAR 1.2", (".har",), har.write),
    "jsonl": Writer("JSON Lines", (".jsonl", ".ndjson"), jsonl.write),
    "vcr": Writer("VCR cassette", (".yaml", ".yml"), vcr.write),
}


def writer_for(name: str) -> Writer | None:
    """The format of a file by the ending of its name, ``.gz`` left aside; None for any other ending."""
    name = name.lower().removesuffix(".gz")
    return next((writer for writer in WRITERS.values() if name.endswith(writer.endings)), None)


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip file, the same bytes at any time (RFC 1952)."""
    compressor = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        if compressed := compressor.compress(piece):
            yield compressed
    yield compressor.flush()
