"""WARC, the format of web archives (ISO 28500): https://iipc.github.io/warc-specifications/.

A request and its response are records of their own, in any order and with others in between. The file is
read as plain text: who opened it has undone gzip. Nothing but the frame of a record is WARC's own, so it is
read here: warcio quotes what it cannot read on standard error, and takes a broken end for the end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import messages
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.window import LONGEST, WINDOW

_MOST_WAITING = 256
"""Records that may wait for the other half of their exchange; their bytes are bounded by LONGEST."""

_LONGEST_FIELD = 1 << 16
_MOST_FIELDS = 1_000
_VERSION = re.compile(rb"WARC/[0-9]\.[0-9]{1,2}\s*")
_LENGTH = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class _Record:
    """A record with a message; ``others`` are the ids of records of the same exchange."""

    id: str
    uri: str
    is_request: bool
    others: frozenset[str]
    data: bytes
    has_body: bool


_Pair = tuple[_Record | None, _Record | None]
"""A request and its response."""

_Fields = list[tuple[str, str]]


def looks_like(start: bytes) -> bool:
    """Whether the file starts with a record."""
    return _VERSION.match(start) is not None


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of an archive, each where its second record stands.

    A response alone is one to GET, a request alone has the status 0.
    """
    yield from exchanges(name, _pairs(_records(name, file)), _exchange)


def _records(name: str, file: BinaryIO) -> Iterator[_Record]:
    """The records with a request or a response of HTTP; all others are skipped."""
    for number in count():
        where = f"{name}: record {number}"
        if (fields := _fields(where, file)) is None:
            return
        text = _field(fields, "content-length")
        if not _LENGTH.fullmatch(text):
            raise RecordingError(where, "Content-Length is not a number")
        length, kind = int(text), _field(fields, "warc-type")
        uri = _field(fields, "warc-target-uri").strip("<>")
        if kind not in ("request", "response", "revisit") or not uri.startswith(("http:", "https:")):
            _skip(where, file, length)
            continue
        if length > LONGEST:
            raise RecordingError(where, f"a record of more than {LONGEST:,} bytes is not read")
        data = file.read(length)
        if len(data) < length:
            raise RecordingError(where, "cut off: the file ends within the record")
        is_partial = any(_field(fields, part) for part in ("warc-truncated", "warc-segment-number"))
        yield _Record(
            id=_field(fields, "warc-record-id"),
            uri=uri,
            is_request=kind == "request",
            others=frozenset(value for name, value in fields if name == "warc-concurrent-to"),
            data=data,
            has_body=kind != "revisit" and not is_partial,
        )


def _fields(where: str, file: BinaryIO) -> _Fields | None:
    """The named fields of the next record; None at the end of the file."""
    while (line := file.readline(_LONGEST_FIELD)) and not line.strip():
        pass
    if not line:
        return None
    if not _VERSION.fullmatch(line):
        raise RecordingError(where, "does not begin with WARC/1.0 or WARC/1.1")
    fields: _Fields = []
    while (line := file.readline(_LONGEST_FIELD)).strip():
        name, _, value = messages.text(line).partition(":")
        fields.append((name.strip().lower(), value.strip()))
        if len(fields) > _MOST_FIELDS or not line.endswith(b"\n"):
            break
    if not line.endswith(b"\n"):
        what = "a field that is too long" if len(line) == _LONGEST_FIELD else "cut off within the fields"
        raise RecordingError(where, what)
    if len(fields) > _MOST_FIELDS:
        raise RecordingError(where, f"more than {_MOST_FIELDS:,} fields")
    return fields


def _field(fields: _Fields, name: str) -> str:
    return next((value for field, value in fields if field == name), "")


def _skip(where: str, file: BinaryIO, length: int) -> None:
    while length:
        data = file.read(min(length, WINDOW))
        if not data:
            raise RecordingError(where, "cut off: the file ends within the record")
        length -= len(data)


def _pairs(records: Iterator[_Record]) -> Iterator[_Pair]:
    waiting = list[_Record]()
    problem: RecordingError | None = None
    try:
        for record in records:
            if (other := _partner(record, waiting)) is not None:
                waiting.remove(other)
                yield (record, other) if record.is_request else (other, record)
                continue
            waiting.append(record)
            while len(waiting) > _MOST_WAITING or sum(len(held.data) for held in waiting) > LONGEST:
                yield _alone(waiting.pop(0))
    except RecordingError as error:  # the records before it can be read
        problem = error
    yield from map(_alone, waiting)
    if problem is not None:
        raise problem


def _partner(record: _Record, waiting: list[_Record]) -> _Record | None:
    """The record of the same exchange: by the ids, or else the first with the same URI and none named."""
    others = [other for other in waiting if other.is_request != record.is_request]
    for other in others:
        if other.id in record.others or record.id in other.others:
            return other
    same = (other for other in others if other.uri == record.uri and not (other.others or record.others))
    return next(same, None)


def _alone(record: _Record) -> _Pair:
    return (record, None) if record.is_request else (None, record)


def _exchange(source: str, entry: int, pair: _Pair) -> Exchange:
    sent, received = pair
    request = messages.request(source, sent.data) if sent else None
    method = request.method if request else "GET"
    response = messages.response(source, received.data, method) if received else None
    return Exchange(
        source=source,
        entry=entry,
        method=method,
        url=next(record.uri for record in pair if record),
        status=response.status if response else 0,
        request_headers=request.headers if request else (),
        request_body=request.body if request and sent and sent.has_body else None,
        response_headers=response.headers if response else (),
        response_body=response.body if response and received and received.has_body else None,
    )
