"""Texts that match a format or a pattern."""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from typing import Any

codes: Any = import_module("re._constants")
parser: Any = import_module("re._parser")  # that of `re`, which has no public interface
_MOST_REPEATED = 20  # characters for a repetition without an end
_EPOCH = datetime(2024, 1, 1, 12, tzinfo=UTC)


def of_format(name: str, index: int) -> str | None:
    """A text of a format, another one for each index; None for a format that is not known."""
    make = _FORMATS.get(name)
    return make(index) if make else None


def _moment(index: int) -> datetime:
    return _EPOCH + timedelta(days=index, seconds=index)


_FORMATS: dict[str, Callable[[int], str]] = {
    "date-time": lambda index: _moment(index).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "date": lambda index: _moment(index).strftime("%Y-%m-%d"),
    "time": lambda index: _moment(index).strftime("%H:%M:%SZ"),
    "duration": lambda index: f"P{index + 1}D",
    "uuid": lambda index: str(uuid.UUID(int=0x57495245434845434B00 + index, version=4)),
    "email": lambda index: f"wirecheck{index}@example.com",
    "idn-email": lambda index: f"wirecheck{index}@example.com",
    "hostname": lambda index: f"host{index}.example.com",
    "ipv4": lambda index: f"192.0.2.{index % 254 + 1}",
    "ipv6": lambda index: f"2001:db8::{index + 1:x}",
    "uri": lambda index: f"https://example.com/{index}",
    "url": lambda index: f"https://example.com/{index}",
    "iri": lambda index: f"https://example.com/{index}",
    "uri-reference": lambda index: f"/{index}",
    "byte": lambda index: "d2lyZWNoZWNr" if index == 0 else f"{index:04d}",
    "password": lambda index: f"Wirecheck-{index}-pass",
    "decimal": lambda index: f"{index + 1}.50",
    "json-pointer": lambda index: f"/{index}",
    "regex": lambda index: f"a{{{index + 1}}}",
}


def of_pattern(pattern: str, index: int, shortest: int, longest: int | None) -> Iterator[str]:
    """Texts that match a pattern, within limits of length if that is possible; none where it is not."""
    try:
        parsed = _parsed(pattern)
    except (re.error, OverflowError, RecursionError):
        return
    anchored = pattern.startswith("^") and pattern.endswith("$")
    for extra in (0, 1, shortest, _MOST_REPEATED, 2 * shortest):
        try:
            text = _Writer(index, extra).sequence(parsed)
        except ValueError:
            return
        if len(text) < shortest and not anchored:
            text += "x" * (shortest - len(text))
        if len(text) >= shortest and (longest is None or len(text) <= longest):
            yield text


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> Any:
    return parser.parse(_as_python(pattern))


def _as_python(pattern: str) -> str:
    """A pattern of ECMA-262 as Python writes it."""
    return re.sub(r"\(\?<(?![=!])", "(?P<", pattern).replace(r"\p{L}", "[a-zA-Z]").replace(r"\d", "[0-9]")


class _Writer:
    """Writes a text for a parsed pattern; repetitions are ``extra`` times longer than they must be."""

    def __init__(self, index: int, extra: int) -> None:
        self._index, self._extra = index, extra
        self._groups: dict[int, str] = {}

    def sequence(self, parsed: Any) -> str:
        return "".join(self._token(code, argument) for code, argument in parsed)

    def _token(self, code: Any, argument: Any) -> str:
        if code is codes.LITERAL:
            return chr(argument)
        if code is codes.ANY:
            return self._varied("abcdefghij")
        if code is codes.NOT_LITERAL:
            return self._varied("abcdefghij".replace(chr(argument), ""))
        if code is codes.IN:
            return self._varied(_characters(tuple(argument)))
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)):
            least, most, repeated = argument
            count = min(int(most), int(least) + self._extra)
            return "".join(self.sequence(repeated) for _ in range(count))
        if code is codes.SUBPATTERN:
            number, _, _, inner = argument
            text = self.sequence(inner)
            self._groups[number or 0] = text
            return text
        if code is codes.BRANCH:
            return self.sequence(argument[1][self._index % len(argument[1])])
        if code is codes.GROUPREF:
            return self._groups.get(argument, "")
        if code in (codes.AT, codes.ASSERT_NOT):
            return ""
        raise ValueError(code)  # lookahead and the like: the text might contradict it

    def _varied(self, characters: str) -> str:
        """One of some characters: another one for another index."""
        if not characters:
            raise ValueError("no character is allowed")
        position, self._index = self._index % len(characters), self._index // len(characters)
        return characters[position]


_PREFERRED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. "


@lru_cache(maxsize=1024)
def _characters(members: tuple[tuple[Any, Any], ...]) -> str:
    """The usual characters of a class; those that it names itself where it has none of them."""
    negated = bool(members) and members[0][0] is codes.NEGATE
    named = members[1:] if negated else members
    usual = "".join(
        character for character in _PREFERRED if any(_has(part, character) for part in named) is not negated
    )
    if usual or negated:
        return usual
    literals = [chr(value) for code, value in named if code is codes.LITERAL]
    ranges = [chr(value[0]) for code, value in named if code is codes.RANGE]
    return "".join((*literals, *ranges))


def _has(part: tuple[Any, Any], character: str) -> bool:
    code, value = part
    if code is codes.LITERAL:
        return bool(ord(character) == value)
    if code is codes.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    classes: dict[Any, str] = {
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_NOT_WORD: r"\W",
        codes.CATEGORY_NOT_SPACE: r"\S",
    }
    return re.match(classes.get(value, "(?!)"), character, re.ASCII) is not None
