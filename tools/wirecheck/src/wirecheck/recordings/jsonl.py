"""JSON Lines with one exchange a line, as docs/recordings.md describes them."""

import codecs
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Annotated, BinaryIO, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings.coding import uncoded
from wirecheck.recordings.entries import tolerant
from wirecheck.recordings.parts import of_part, spread
from wirecheck.recordings.shape import misfit
from wirecheck.recordings.window import LONGEST, WINDOW

_T = TypeVar("_T")
_Headers = dict[str, str | list[str]] | list[tuple[str, str]] | None


class _Message(Struct):
    headers: _Headers = None
    body: Raw = Raw(b"null")
    body_base64: str | None = None


class _Request(_Message, kw_only=True):
    method: str
    url: str
    has_query: bool | None = None


class _Line(_Message, kw_only=True):
    request: _Request
    status: int
    elapsed: Annotated[float, Meta(ge=0)] | None = None
    resource: str | None = None


class _SketchedRequest(Struct):
    url: Raw


class _Sketch(Struct):
    request: _SketchedRequest


_LINE = msgspec.json.Decoder(_Line)
_STRING = msgspec.json.Decoder(str)
_SKETCH = msgspec.json.Decoder(_Sketch)

_ESCAPES = re.compile(
    rb"(\\[^u] | \\ud[89ab]..\\ud[c-f]..) | \\(?=ud[89a-f][0-9a-f]{2})", re.IGNORECASE | re.VERBOSE
)
"""Matches escapes to keep, in the group, or else the backslash of a lone surrogate."""

_MASK = b"\xff"
"""Replaces that backslash: msgspec accepts it within a raw body, and it never occurs in UTF-8."""


def looks_like(start: bytes) -> bool:
    """Whether a file begins with a line of JSON Lines: an object with the ``url`` of a ``request``."""
    line = start.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
    try:
        _decoded(line, _SKETCH)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a JSON Lines file; blank lines are skipped and not counted.

    A line that is not as the format has it becomes an exchange with an ``error``; raises RecordingError
    where all are such.
    """
    return tolerant(name, _results(name, file))


def read_part(name: str, file: BinaryIO, stop: int, first: int) -> Iterator[Exchange]:
    """The exchanges from the position of a file to the line that begins at the offset ``stop``.

    That position is the beginning of the file or of a line. A ``stop`` of -1 is the end of the file. The
    entries are numbered from ``first``, and their lines from ``first + 1``. Raises MisplacedError where no
    line begins at ``stop``, and for a blank line, which would change those numbers.
    """
    return of_part(name, first, _part(name, file, stop, first))


def _part(name: str, file: BinaryIO, stop: int, first: int) -> Iterator[Exchange | RecordingError]:
    start = offset = file.tell()
    entry = first
    while offset != stop and (line := file.readline(LONGEST + 1)):
        offset += len(line)
        text = line.removeprefix(codecs.BOM_UTF8) if offset == len(line) else line
        if len(line) > LONGEST or not text or text.isspace() or (stop >= 0 and offset > stop):
            raise RecordingError(name, f"the lines from byte {start} cannot be read by themselves")
        yield _result(name, entry, entry + 1, text)
        entry += 1
    if stop >= 0 and offset != stop:
        raise RecordingError(name, f"the lines end before byte {stop}")


def boundaries(file: BinaryIO, size: int, count: int) -> list[int]:
    """Where lines begin, to read a file of some ``size`` in ``count`` parts; fewer of a small file."""

    def following(offset: int) -> int | None:
        file.seek(offset)
        line = file.readline(LONGEST)
        return offset + len(line) if line.endswith(b"\n") and offset + len(line) < size else None

    return spread(size, count, following)


def _results(name: str, file: BinaryIO) -> Iterator[Exchange | RecordingError]:
    for entry, (number, line) in enumerate(_lines(file)):
        yield _result(name, entry, number, line)


def _result(name: str, entry: int, number: int, line: bytes) -> Exchange | RecordingError:
    try:
        return _exchange(f"{name}#{entry}", entry, number, line)
    except RecordingError as error:
        return error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers; of one that is too long only the beginning."""
    for number, line in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), start=1):
        if len(line) > LONGEST:
            while (rest := file.readline(WINDOW)) and not rest.endswith(b"\n"):
                pass
        text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if text and not text.isspace():
            yield number, text


def _exchange(source: str, entry: int, number: int, line: bytes) -> Exchange:
    where = f"{source}: line {number}"
    if len(line) > LONGEST:
        raise RecordingError(where, f"a line of more than {LONGEST:,} bytes is not read")
    parsed = _parsed(where, line)
    request = parsed.request
    request_headers, response_headers = _headers(request.headers), _headers(parsed.headers)
    return Exchange(
        source=source,
        entry=entry,
        method=request.method,
        url=request.url,
        has_query=request.has_query is not False,
        status=parsed.status,
        request_headers=request_headers,
        request_body=_body(where, "request.", request, request_headers),
        response_headers=response_headers,
        response_body=_body(where, "", parsed, response_headers),
        elapsed=parsed.elapsed,
        resource=(parsed.resource or "").lower(),
    )


def _parsed(where: str, line: bytes) -> _Line:
    try:
        if not line.isascii():
            line.decode()
        return _decoded(line, _LINE)
    except msgspec.ValidationError as error:
        raise RecordingError(where, misfit(error)) from None
    except msgspec.DecodeError as error:
        what = str(error).removeprefix("JSON is malformed: ")
        raise RecordingError(where, f"broken JSON: {what}") from None
    except UnicodeDecodeError as error:
        raise RecordingError(where, f"invalid UTF-8 at byte {error.start} of the line") from None
    except RecursionError:
        raise RecordingError(where, "nested too deeply") from None


def _decoded(line: bytes, decoder: msgspec.json.Decoder[_T]) -> _T:
    """The decoded line, whose bodies may contain lone surrogates."""
    try:
        return decoder.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        masked = _ESCAPES.sub(lambda escape: escape[1] or _MASK, line)
        if masked == line:
            raise
    try:
        return decoder.decode(masked)
    except UnicodeDecodeError:
        raise msgspec.DecodeError("lone surrogate outside of a body") from None


def _headers(headers: _Headers) -> Headers:
    if not headers:
        return ()
    if isinstance(headers, list):
        return tuple([(name.lower(), value) for name, value in headers])
    return tuple(
        [
            (name.lower(), value)
            for name, values in headers.items()
            for value in ((values,) if isinstance(values, str) else values)
        ]
    )


def _body(where: str, place: str, message: _Message, headers: Headers) -> bytes | None:
    body = bytes(message.body).replace(_MASK, b"\\")
    if message.body_base64 is not None:
        if body != b"null":
            raise RecordingError(where, f"{place}body and {place}body_base64 are both present")
        return uncoded(_from_base64(where, place, message.body_base64), headers)
    if body.startswith(b'"'):
        return _text(body).encode("utf-8", "surrogatepass")
    return None if body == b"null" else body


def _text(body: bytes) -> str:
    """The value of a string in JSON, which may contain lone surrogates."""
    try:
        return _STRING.decode(body)
    except msgspec.DecodeError:
        text: str = json.loads(body.decode())
        return text


def _from_base64(where: str, place: str, text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise RecordingError(where, f"{place}body_base64 is not valid base64") from None
