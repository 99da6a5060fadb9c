"""Reads a JSON document piece by piece, so that it may be larger than memory."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from wirecheck.decode import MAX_VALUES, has_many_values
from wirecheck.model import RecordingError

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

_NOT_BLANK = re.compile(r"[^ \t\n\r]")

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
    """The part of a document's text that was read and not yet taken.

    ``where`` is the place that errors name: the file, and the entry if the caller adds it.
    Every method raises RecordingError when the text is not JSON, and none quotes the text.
    """

    def __init__(self, where: str, file: BinaryIO) -> None:
        self.where = where
        self._file = file
        self._read = getattr(file, "read1", file.read)  # so that what precedes an error is not lost
        self._error: RecordingError | None = None  # which ends the text
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._bytes_read = 0
        self._ended = False
        self._text = ""
        self._at = 0

    def jump(self, offset: int) -> None:
        """Goes on at another place of the file, as if what is there were next."""
        self._file.seek(offset)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._bytes_read = offset
        self._ended = False
        self._text = ""
        self._at = 0

    def offset(self) -> int:
        """Where in the file the next character is."""
        return self._byte(self._at)

    def peek(self) -> str:
        """The next character that is not white space; empty at the end of the file."""
        while (match := _NOT_BLANK.search(self._text, self._at)) is None:
            self._at = len(self._text)
            if self._error:
                raise self._error
            if self._ended:
                return ""
            self._refill()
        self._at = match.start()
        return match.group()

    def value(self) -> Any:
        """Takes the whole next value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._may_be_cut(error):
                    raise self._broken(error.msg, error.pos) from None
            except RecursionError:
                raise self._in_value("nested too deeply") from None
            except ValueError:
                what = "NaN, Infinity, or a number of thousands of digits"
                raise self._in_value(what) from None
            else:
                if self._ended or end + _LONGEST_TOKEN <= len(self._text):
                    self._at = end
                    return value
            self._refill()

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
            if self._pass(",", "]") == "]":
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
        length = len(self._text) - self._at
        if length > LONGEST or (length > _LONG and has_many_values(self._text[self._at :].encode())):
            what = f"a value of more than {LONGEST:,} characters or {MAX_VALUES:,} values is not read"
            raise RecordingError(self.where, what)
        data = b""
        try:
            data = self._read(max(WINDOW, len(self._text) - self._at))
        except RecordingError as error:
            self._error = error
        self._bytes_read += len(data)
        self._ended = not data
        try:
            text = self._decoder.decode(data, self._ended and not self._error)
        except UnicodeDecodeError as error:
            at = self._bytes_read - len(error.object) + error.start
            raise RecordingError(self.where, f"invalid UTF-8 at byte {at}") from None
        self._text = self._text[self._at :] + text
        self._at = 0

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        unterminated = error.msg.startswith("Unterminated string")
        return unterminated or error.pos + _LONGEST_TOKEN > len(self._text)

    def _broken(self, message: str, position: int) -> RecordingError:
        if self._error:
            return self._error
        if position >= len(self._text) or message.startswith("Unterminated string"):
            return RecordingError(self.where, f"cut off: the file ends at byte {self._bytes_read}")
        message = message.removesuffix(" at")
        return RecordingError(self.where, f"broken JSON at byte {self._byte(position)}: {message}")

    def _in_value(self, what: str) -> RecordingError:
        return RecordingError(self.where, f"{what} in the value at byte {self._byte(self._at)}")

    def _byte(self, position: int) -> int:
        undecoded, _ = self._decoder.getstate()
        return self._bytes_read - len(undecoded) - len(self._text[position:].encode())
