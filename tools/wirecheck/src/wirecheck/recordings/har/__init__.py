"""HAR 1.2, the HTTP Archive: http://www.softwareishard.com/blog/har-12-spec/."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings.entries import tolerant
from wirecheck.recordings.har.entry import DECODER, entry_of, exchange
from wirecheck.recordings.opening import Attached, Opened, nothing
from wirecheck.recordings.parts import of_part, spread
from wirecheck.recordings.window import WINDOW, Window

_OF_LOG = frozenset({"version", "creator", "browser", "pages", "entries", "_recordingName"})


def looks_like(start: bytes) -> bool:
    """Whether a file begins as a HAR, or as its log or its entries alone."""
    window = Window("", io.BytesIO(start))
    try:
        if window.peek() == "[":
            return _begins_with_entry(window)
        for name in window.members():
            if name == "log" and window.peek() == "{":
                return _begins_as_log(window)
            if name == "entries" and window.peek() == "[":
                return _begins_with_entry(window)
            window.skip()
    except RecordingError:
        pass
    return False


def _begins_as_log(window: Window) -> bool:
    for name in window.members():
        if name in _OF_LOG:
            return True
        window.skip()
    return False


def _begins_with_entry(window: Window) -> bool:
    for _ in window.items():
        entry = window.value()
        request = entry.get("request") if isinstance(entry, dict) else None
        return isinstance(request, dict) and {"method", "url"} <= request.keys()
    return False


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a HAR file, in the order of its ``log.entries``.

    An entry that is not as the format has it becomes an exchange with an ``error``, as does the place where
    a file is cut off or broken; raises RecordingError where nothing can be read.
    """
    window = Window(name, file)
    if not window.peek():
        raise RecordingError(name, "the file is empty")
    attached = file.attached if isinstance(file, Opened) else nothing
    return tolerant(name, _results(name, window, attached))


def _results(name: str, window: Window, attached: Attached) -> Iterator[Exchange | RecordingError]:
    for entry, _ in enumerate(_entries(window)):
        yield _result(window, name, entry, attached)


def _result(window: Window, name: str, entry: int, attached: Attached) -> Exchange | RecordingError:
    source = window.where = f"{name}#{entry}"
    parsed = window.item(DECODER)
    value = window.value() if parsed is None else None
    try:
        return exchange(source, entry, parsed or entry_of(source, value), attached)
    except RecordingError as error:
        return error


def read_part(name: str, file: BinaryIO, stop: int, first: int) -> Iterator[Exchange]:
    """The exchanges from the position of a file to the entry that begins at the offset ``stop``.

    That position is the beginning of the file, or a guess where an entry begins: it is right if the part
    before ends there. A ``stop`` of -1 is the end of the file. The entries are numbered from ``first``.
    Raises MisplacedError where there are no entries, one after the other, up to ``stop``.
    """
    return of_part(name, first, _part(name, file, stop, first))


def _part(name: str, file: BinaryIO, stop: int, first: int) -> Iterator[Exchange | RecordingError]:
    start = file.tell()
    file.seek(0)
    window = Window(name, file)
    attached = file.attached if isinstance(file, Opened) else nothing
    for entry, _ in enumerate(_entries(window), first):
        if entry == first and start:
            window.jump(start)
        window.peek()
        if stop >= 0 and (offset := window.offset()) >= stop:
            if offset > stop:
                raise RecordingError(name, f"no entry begins at byte {stop}")
            return
        yield _result(window, name, entry, attached)
    if stop >= 0:
        raise RecordingError(name, f"the entries end before byte {stop}")


def boundaries(file: BinaryIO, size: int, count: int) -> list[int]:
    """Offsets at which entries begin, or so it seems, to read a file of some ``size`` in ``count`` parts.

    Fewer where the file is small or ends earlier; none where its entries do not begin alike.
    """
    file.seek(0)
    window = Window("", file)
    try:
        for _ in _entries(window):
            window.item(DECODER)
            break
    except RecordingError:
        return []
    gap = window.gap

    def following(offset: int) -> int | None:
        file.seek(offset)
        end = b""
        while data := file.read(WINDOW):
            data = end + data
            if (found := data.find(gap)) >= 0:
                return offset + found + gap.index(b"{")
            end = data[-len(gap) :]
            offset += len(data) - len(end)
        return None

    return spread(size, count, following) if gap else []


def _entries(window: Window) -> Iterator[None]:
    """Stops before each entry; after the last one it reads the rest of the file.

    Some programs write the list of entries without the log around it.
    """
    if window.peek() == "[":
        yield from window.items()
    else:
        for name in _member(window, "the recording", "log", "entries"):
            if name == "entries":
                yield from window.items("entries")
            else:
                for _ in _member(window, "log", "entries"):
                    yield from window.items("log.entries")
    window.end()


def _member(window: Window, owner: str, *names: str) -> Iterator[str]:
    """Stops before the value of the member with one of the names, and skips all others."""
    within = f"{owner}." if owner == "log" else ""
    is_present = False
    for member in window.members(owner):
        if member not in names:
            window.skip()
        elif is_present:
            raise RecordingError(window.where, f"{within}{member} is there twice")
        else:
            is_present = True
            yield member
    if not is_present:
        raise RecordingError(window.where, f"{within}{names[0]} is missing")
