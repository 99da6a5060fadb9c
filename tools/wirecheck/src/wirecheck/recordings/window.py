"""Reads a JSON document piece by piece, so that it may be larger than memory."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn, TypeVar

import msgspec

from wirecheck.decode import MAX_VALUES, has_many_values
from wirecheck.model import RecordingError

_T = TypeVar("_T")

WINDOW = 1 << 20
"""Bytes that are read at once; a longer value is read in steps that double."""

LONGEST = 1 << 28
"""Characters of one exchange in a recording."""

_LONG = 1 << 23  # characters of a value from which the values in it are counted

_LONGEST_TOKEN = 16
"""More characters than the longest token whose meaning depends on what follows, except for strings.

Such tokens are ``-Infinity``, a surrogate pair of escapes, and ``1e+``, which may go on as ``1e+9``:
a decision this close to the end of the window may turn out differently with more text.
"""

_MARGIN = 4 * _LONGEST_TOKEN  # bytes of as many characters

_NOT_BLANK = re.compile(rb"[^ \t\n\r]")
_GAP = re.compile(rb'\}[ \t\n\r]*,[ \t\n\r]*(\{)[ \t\n\r]*"[^"\\]*"')
"""The end of an object and the beginning of the next one, to the name of its first member."""

_AFTER_VALUE = re.compile(r"JSON is malformed: trailing characters \(byte ([0-9]+)\)")
_TRUNCATED = "Input data was truncated"

_DIGITS = bytes(0x31 if chr(byte) in "0123456789" else 0x30 for byte in range(256))
_LONG_NUMBER = 640  # digits: Python always converts shorter ones

_KINDS = {
    "{": "an object",
    "[": "an array",
    '"': "a string",
    "t": "a boolean",
    "f": "a boolean",
    "n": "null",
}


def _reject(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_reject)


class Window:
    """The part of a document that was read and not yet taken.

    ``where`` is the place that errors name: the file, and the entry if the caller adds it.
    Every method raises RecordingError when the document is not JSON in UTF-8, and none quotes it.
    """

    def __init__(self, where: str, file: BinaryIO) -> None:
        self.where = where
        self.gap, self._step = b"", 0
        self._file = file
        self._read = getattr(file, "read1", file.read)  # so that what precedes an error is not lost
        self._error: RecordingError | None = None  # which ends the document
        self._restart(codecs.getincrementaldecoder("utf-8-sig")(), 0)

    def _restart(self, decoder: codecs.IncrementalDecoder, offset: int) -> None:
        self._decoder = decoder
        self._bytes_read = offset
        self._ended = False
        self._data = b""
        self._at = 0
        self._text: str | None = None  # the same as the data, once it is needed
        self._same = (0, 0)  # a place in the data, and in the text
        self._has_long_number = False
        self._is_before_item = False

    def jump(self, offset: int) -> None:
        """Goes on at another place of the file, as if what is there were next."""
        self._file.seek(offset)
        self._restart(codecs.getincrementaldecoder("utf-8")(), offset)

    def offset(self) -> int:
        """Where in the file the next character is."""
        return self._byte(self._at)

    def peek(self) -> str:
        """The next character that is not white space, if it is ASCII; empty at the end of the file."""
        if (first := self._data[self._at : self._at + 1]) > b" ":
            return chr(first[0])
        while (match := _NOT_BLANK.search(self._data, self._at)) is None:
            self._at = len(self._data)
            if self._error:
                raise self._error
            if self._ended:
                return ""
            self._refill()
        self._at = match.start()
        return chr(match[0][0])

    def value(self) -> Any:
        """Takes the whole next value."""
        self.peek()
        while True:
            text, at = self._as_text()
            try:
                value, end = _DECODER.raw_decode(text, at)
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated string") or error.pos + _LONGEST_TOKEN > len(text)
                if self._ended or not is_cut:
                    position = self._at + len(text[at : error.pos].encode())
                    raise self._broken(error.msg, position) from None
            except RecursionError:
                raise self._in_value("nested too deeply") from None
            except ValueError:
                what = "NaN, Infinity, or a number of thousands of digits"
                raise self._in_value(what) from None
            else:
                if self._ended or end + _LONGEST_TOKEN <= len(text):
                    self._at += len(text[at:end].encode())
                    self._is_before_item = False
                    return value
            self._refill()

    def item(self, decoder: msgspec.json.Decoder[_T]) -> _T | None:
        """Takes the next value, an object in an array, if the decoder accepts it.

        None leaves it to ``value``, which alone raises errors. An object ends where the next one begins as
        others did before, or else where the decoder finds its end.
        """
        if not self._is_before_item:
            self.peek()
        while not self._has_long_number:
            end = self._data.find(self.gap, self._at, -_MARGIN) if self.gap else -1
            try:
                if end < 0:
                    decoder.decode(self._data[self._at :])
                    return None
                value = decoder.decode(self._data[self._at : end + 1])
            except RecursionError:
                return None
            except msgspec.DecodeError as error:
                if end >= 0 or not self._goes_on(str(error)):
                    return None
            else:
                self._at = end + self._step
                self._is_before_item = True
                return value
        return None

    def _goes_on(self, error: str) -> bool:
        """Whether to try again after an error of msgspec: with more of the document, or a gap."""
        if error == _TRUNCATED and not self._ended and b"\\u" not in self._data[-_LONGEST_TOKEN:]:
            self._refill()
            return True
        if match := _AFTER_VALUE.fullmatch(error):
            gap = _GAP.match(self._data, self._data.rfind(b"}", 0, self._at + int(match[1])))
            if gap and gap.end() + _MARGIN <= len(self._data):
                self.gap, self._step = gap.group(), gap.start(1) - gap.start()
                return True
        return False

    def skip(self) -> None:
        """Skips the next value, member by member or item by item."""
        match self.peek():
            case "{":
                for _ in self.members():
                    self.value()
            case "[":
                for _ in self.items():
                    self.value()
            case _:
                self.value()

    def members(self, place: str = "") -> Iterator[str]:
        """The names in the next object; the value of each must be taken before the next name.

        ``place`` is the name for the object in the error when the next value is not one.
        """
        self._enter("{", place)
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if self.peek() != '"':
                raise self._broken("Expecting property name enclosed in double quotes", self._at)
            name: str = self.value()
            self._pass(":")
            yield name
            if self._pass(",", "}") == "}":
                return

    def items(self, place: str = "") -> Iterator[None]:
        """Stops before each value in the next array, which must be taken before the next stop."""
        self._enter("[", place)
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield
            if not self._is_before_item and self._pass(",", "]") == "]":
                return

    def end(self) -> None:
        """Raises RecordingError unless nothing but white space is left."""
        if self.peek():
            raise self._broken("Extra data", self._at)

    def _enter(self, bracket: str, place: str) -> None:
        first = self.peek()
        if first != bracket:
            if first not in _KINDS or first in "tfn":
                self.value()  # raises its own error where this is not JSON at all
            kind = _KINDS.get(first, "a number")
            raise RecordingError(self.where, f"{place} is {kind}, not {_KINDS[bracket]}")
        self._at += 1

    def _pass(self, *delimiters: str) -> str:
        delimiter = self.peek()
        if delimiter not in delimiters:
            raise self._broken(f"Expecting {delimiters[0]!r} delimiter", self._at)
        self._at += 1
        return delimiter

    def _refill(self) -> None:
        rest = self._data[self._at :]
        length = len(rest) if rest.isascii() else len(rest.decode())
        if length > LONGEST or (length > _LONG and has_many_values(rest)):
            what = f"a value of more than {LONGEST:,} characters or {MAX_VALUES:,} values is not read"
            raise RecordingError(self.where, what)
        data = b""
        try:
            data = self._read(max(WINDOW, length))
        except RecordingError as error:
            self._error = error
        self._bytes_read += len(data)
        self._ended = not data
        self._data, self._text, self._at, self._same = rest + self._decoded(data), None, 0, (0, 0)
        self._has_long_number = _has_long_number(self._data)

    def _decoded(self, data: bytes) -> bytes:
        """The characters that are whole with more data, without a byte order mark at the beginning."""
        undecoded, is_at_start = self._decoder.getstate()
        if data.isascii() and not undecoded and not is_at_start:
            return data
        try:
            self._decoder.decode(data, self._ended and not self._error)
        except UnicodeDecodeError as error:
            at = self._bytes_read - len(error.object) + error.start
            raise RecordingError(self.where, f"invalid UTF-8 at byte {at}") from None
        data = undecoded + data
        undecoded, _ = self._decoder.getstate()
        data = data[: len(data) - len(undecoded)]
        return data.removeprefix(codecs.BOM_UTF8) if is_at_start else data

    def _as_text(self) -> tuple[str, int]:
        """The data as a text, and the place in it."""
        text = self._text = self._data.decode() if self._text is None else self._text
        if text.isascii():
            return text, self._at
        at, place = self._same
        place += len(self._data[at : self._at].decode())
        self._same = (self._at, place)
        return text, place

    def _broken(self, message: str, position: int) -> RecordingError:
        if self._error:
            return self._error
        if position >= len(self._data) or message.startswith("Unterminated string"):
            return RecordingError(self.where, f"cut off: the file ends at byte {self._bytes_read}")
        message = message.removesuffix(" at")
        return RecordingError(self.where, f"broken JSON at byte {self._byte(position)}: {message}")

    def _in_value(self, what: str) -> RecordingError:
        return RecordingError(self.where, f"{what} in the value at byte {self._byte(self._at)}")

    def _byte(self, position: int) -> int:
        undecoded, _ = self._decoder.getstate()
        return self._bytes_read - len(undecoded) - len(self._data) + position


def _has_long_number(data: bytes) -> bool:
    """Whether a number may have so many digits that only Python decides whether it is accepted.

    Of so many, several in a row are among those characters that are looked at first.
    """
    ones = b"1" * 5
    step = _LONG_NUMBER // (len(ones) + 1)
    are_digits = data[::step].translate(_DIGITS)
    at = are_digits.find(ones)
    while at >= 0 and not data[at * step : (at + len(ones) - 1) * step].isdigit():
        at = are_digits.find(ones, at + 1)
    return at >= 0
