"""Findings in a file, until it is known which of them apply."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from typing import IO

import msgspec
from msgspec.structs import replace

from wirecheck.model import Finding

_IN_MEMORY = 8 * 1024 * 1024  # bytes of findings, beyond which they go to a temporary file
_AT_ONCE = 64 * 1024  # bytes of findings that are read at once

_Item = tuple[str, bool, Finding]
"""A host, whether the finding applies if that host is judged (or if it is not), and the finding."""


class FindingSpool:
    """Findings in a file, which is in memory while they are few, and made for the first of them.

    A line is a finding, or the number by which the entries of those that follow are shifted.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._encoder = msgspec.json.Encoder()
        self.size = 0

    @cached_property
    def _file(self) -> IO[bytes]:
        import tempfile

        return self._open.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))

    def append(self, *item: *_Item) -> None:
        self._write(self._encoder.encode(item) + b"\n")

    def extend(self, lines: bytes, shift: int) -> None:
        """Appends what another spool contained, whose entries are counted from ``shift``."""
        if lines:
            self._write(b"%d\n%b0\n" % (shift, lines) if shift else lines)

    def _write(self, lines: bytes) -> None:
        self._file.seek(0, os.SEEK_END)
        self.size += self._file.write(lines)

    def take(self) -> bytes:
        """Its lines, of which it contains none any more."""
        if not self.size:
            return b""
        self._file.seek(0)
        lines = self._file.read()
        self._file.seek(0)
        self._file.truncate()
        self.size = 0
        return lines

    def __iter__(self) -> Iterator[_Item]:
        if not self.size:
            return
        decoder = msgspec.json.Decoder(_Item)
        position = 0  # of this reader; others may read or write between two findings
        shift = 0
        while True:
            self._file.seek(position)
            lines = self._file.readlines(_AT_ONCE)
            position = self._file.tell()
            if not lines:
                return
            for line in lines:
                if not line.startswith(b"["):
                    shift = int(line)
                elif shift:
                    host, if_judged, finding = decoder.decode(line)
                    source, entry = shifted(finding.source, shift), finding.entry + shift
                    yield host, if_judged, replace(finding, source=source, entry=entry)
                else:
                    yield decoder.decode(line)

    def close(self) -> None:
        self._open.close()


def shifted(source: str, shift: int) -> str:
    """The source of an exchange, such as ``traffic.har#12``, whose entry is counted from another one."""
    if not shift:
        return source
    name, _, entry = source.rpartition("#")
    return f"{name}#{int(entry) + shift}"
