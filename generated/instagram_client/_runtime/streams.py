"""Streams of items: server-sent events and JSON Lines, read piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .inflate import LONGEST

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class Item(NamedTuple):
    """An item of a stream. ``event`` is the name of a server-sent event."""

    data: bytes
    event: str = ""


class _Lines:
    """Splits what arrives into lines."""

    _end = re.compile(rb"\n")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self._is_first = True
        self._after_return = False

    def lines(self, data: bytes) -> Iterator[bytes]:
        """The lines that data completes. Raises ValueError for one that is too long to be held."""
        if self._after_return:
            data = data.removeprefix(b"\n")
        if data:
            self._after_return = self._end is _LINE_END and data.endswith(b"\r")
        first, *others = self._end.split(data)
        self._hold(first)
        for other in others:
            yield self.rest()
            self._hold(other)

    def rest(self) -> bytes:
        """The line that is not complete yet."""
        line = b"".join(self._parts)
        self._parts.clear()
        self._length = 0
        if self._is_first:
            self._is_first = False
            return line.removeprefix(_BOM)
        return line

    def _hold(self, part: bytes) -> None:
        self._parts.append(part)
        self._length += len(part)
        if self._length > LONGEST:
            raise ValueError(f"a line has more than {LONGEST:,} bytes")


class EventParser(_Lines):
    """Server-sent events, as the HTML standard parses them (9.2.6)."""

    _end = _LINE_END

    def __init__(self) -> None:
        super().__init__()
        self._event = ""
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[Item]:
        """The events that data completes."""
        for line in self.lines(data):
            if line:
                self._read(line)
            else:
                if self._data:
                    yield Item(b"\n".join(self._data), self._event or "message")
                self._event, self._data = "", []

    def end(self) -> Iterator[Item]:
        """Nothing: an event that no empty line ends is incomplete."""
        return iter(())

    def _read(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
        elif field == b"event":
            self._event = value.decode(errors="replace")


class LineParser(_Lines):
    """JSON Lines: each line is an item, empty ones aside."""

    def feed(self, data: bytes) -> Iterator[Item]:
        """The items that data completes."""
        return (Item(line) for line in self.lines(data) if line.strip())

    def end(self) -> Iterator[Item]:
        """The last line, which may lack its end."""
        return (Item(line) for line in [self.rest()] if line.strip())
