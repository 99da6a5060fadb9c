"""Reads the text of a document in JSON, with the line of each value; many times faster than as YAML."""

import json
import re
from dataclasses import dataclass
from math import isinf
from typing import Any

from wirecheck.spec.document import Place, SpecProblem, join

# Of a text that is JSON: what stands between values, then a string (a key has a colon), a bracket, or
# another value.
_TOKEN = re.compile(
    r'([ \t\r\n,]*)(?:("[^"\\]*(?:\\.[^"\\]*)*")(?:([ \t\r\n]*):)?|([\[{])|([\]}])|[^ \t\r\n,\[\]{}"]+)'
)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_MAX_DIGITS = 4000

_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_STRING = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")([ \r\n]*:)?')
_RAW = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class UnreadableError(ValueError):
    """The text is not JSON, or has something that is reported better by the reader of YAML."""


@dataclass(slots=True)
class _Level:
    """A collection whose end has not been read yet; ``before`` is how many values came before it."""

    place: Place
    is_object: bool
    key: str
    before: int


def read_json(text: str, depth: int, nodes: int) -> tuple[Any, Place, list[SpecProblem]]:
    """The value, its place, and repeated keys, of which the last one counts.

    Raises UnreadableError also for what is nested deeper than ``depth``, or has more values than ``nodes``.
    """
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_number)
        if _ESCAPED_SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise UnreadableError from None
    return value, *_Reader(depth, nodes).read(text)


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise UnreadableError
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if isinf(value):
        raise UnreadableError
    return value


class _Reader:
    """Finds the places of the values of a text that is JSON."""

    def __init__(self, depth: int, nodes: int) -> None:
        self._depth, self._most = depth, nodes
        self._nodes = 0
        self._levels: list[_Level] = []
        self._problems: list[SpecProblem] = []
        self._names: dict[str, str] = {}  # keys by how they are written, so that equal ones are one
        self._key, self._key_line = "", 0
        self._root: Place | None = None

    def read(self, text: str) -> tuple[Place, list[SpecProblem]]:
        line = 1
        for match in _TOKEN.finditer(text):
            space, string, before_colon, opening, closing = match.groups()
            if space:
                line += space.count("\n")
            if before_colon is not None:
                self._key, self._key_line = self._name(string), line
                line += before_colon.count("\n") if before_colon else 0
            elif closing is not None:
                level = self._levels.pop()
                level.place.nodes = self._nodes - level.before
            else:
                self._add(opening, line)
        assert self._root is not None, "every JSON text has a value"
        return self._root, self._problems

    def _add(self, opening: str | None, line: int) -> None:
        """Adds a place to the collection around it; it is open where the value is a collection itself."""
        place, key = Place(line), ""
        if not self._levels:
            self._root = place
        else:
            top = self._levels[-1]
            siblings = top.place.children
            if top.is_object:
                key, place.line = self._key, self._key_line
                if key in siblings:
                    self._repeated(key)
            else:
                key = str(len(siblings))
            siblings[key] = place
        if opening is not None:
            if len(self._levels) >= self._depth:
                raise UnreadableError
            self._levels.append(_Level(place, opening == "{", key, self._nodes))
        self._nodes += 1
        if self._nodes > self._most:
            raise UnreadableError

    def _repeated(self, key: str) -> None:
        what = f"the key {key!r} is there twice, and the last one counts"
        pointer = join("", *(level.key for level in self._levels[1:]), key)
        self._problems.append(SpecProblem(pointer, what, usable=True))

    def _name(self, token: str) -> str:
        if token not in self._names:
            self._names[token] = json.loads(token) if "\\" in token else token[1:-1]
        return self._names[token]


def json_as_yaml(text: str) -> str:
    """A JSON text as equivalent YAML for libyaml; any other text unchanged.

    libyaml rejects or misreads tabs outside of brackets, escaped surrogate pairs, the
    characters of _RAW, and keys that are long or on another line than their colon.
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text

    def character(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return match[1] + chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))

    text = _SURROGATES.sub(character, text.replace("\t", " "))
    text = _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _STRING.sub(lambda match: f"? {match[0]}" if match[2] else match[0], text)
