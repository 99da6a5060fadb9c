"""Functions that CEL lacks.

They are total over whatever a body may hold, as long as the types fit.
"""

import math
import operator
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec

MAX_SEARCH = 100_000_000  # of `find`: the length of the text ^ (1 + repetitions in the pattern)

_EARTH = 6_371_000.0  # metres, the mean radius
_LARGEST = (1 << 63) - 1  # of the integers that CEL has
_PATTERN_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?[:=!])?|[*+?][?+]?|\{[0-9,]+\}\??|.", re.DOTALL
)
_LONGEST_PATTERN = 1000  # characters
_MOST_DIGITS = 100
_SHORT = 18  # digits of a number that certainly is an integer of CEL
_NESTED = 100  # no text of two characters is short enough
_leading_digits = re.compile(r"-?[0-9]+").match


class BudgetError(ValueError):
    """An expression takes more steps than an evaluation may."""


def ascending(values: list[Any]) -> bool:
    """Whether no item is smaller than the one before."""
    return all(map(operator.le, values, islice(values, 1, None)))


def descending(values: list[Any]) -> bool:
    """Whether no item is larger than the one before."""
    return all(map(operator.ge, values, islice(values, 1, None)))


def distinct(values: list[Any]) -> bool:
    """Whether no two items are the same."""
    try:
        return len(set(values)) == len(values)
    except TypeError:  # objects, lists
        return len({msgspec.json.encode(item, order="sorted") for item in values}) == len(values)


def distance(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Metres between two points in degrees, on the sphere."""
    start, end, turn = math.radians(lat), math.radians(other_lat), math.radians(other_lng - lng)
    half = math.sin((end - start) / 2) ** 2 + math.cos(start) * math.cos(end) * math.sin(turn / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(half, 1.0)))


def find(text: str, pattern: str) -> str:
    """The first match of a pattern, or the first group of it if it has groups; empty without a match.

    Raises BudgetError for a text that is too long for the pattern, as Python's search backtracks.
    """
    return finder(pattern)(text)


@lru_cache(maxsize=256)
def finder(pattern: str) -> Callable[[str], str]:
    """``find`` with a pattern, which is compiled once it is needed."""
    most = longest(MAX_SEARCH, exponent(pattern))
    compiled: re.Pattern[str] | None = None
    group = 0

    def found(text: str) -> str:
        nonlocal compiled, group
        if len(text) > most:
            raise BudgetError
        if compiled is None:
            compiled = re.compile(pattern)
            group = min(compiled.groups, 1)
        match = compiled.search(text)
        return (match[group] or "") if match else ""

    return found


def longest(most: int, power: int) -> int:
    """The largest length whose power is no larger than something."""
    length = int(most ** (1 / power)) + 1
    while length**power > most:
        length -= 1
    return length


@lru_cache(maxsize=256)
def exponent(pattern: str) -> int:
    """How the time of a search may grow: 1 and one for each repetition, many for nested ones."""
    if len(pattern) > _LONGEST_PATTERN:
        return _NESTED
    repetitions, nested, groups = 0, False, [False]
    tokens = _PATTERN_TOKEN.findall(pattern)
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if token[0] == "(":
            groups.append(False)
        elif token == ")":
            varies = len(groups) > 1 and groups.pop()
            nested |= varies and following[:1] in ("*", "+", "{")
            groups[-1] |= varies
        elif token == "|" or token[0] in "*+?{":
            repetitions += token != "|"
            groups[-1] = True
    return _NESTED if nested else 1 + repetitions


def integer(text: str) -> int:
    """The number that a text begins with; 0 without one, 2^63-1 for all that are larger."""
    if len(text) <= _SHORT and text.isascii() and text.isdecimal():
        return int(text)
    match = _leading_digits(text)
    if match is None:
        return 0
    digits = match[0]
    if len(digits) > _MOST_DIGITS:  # Python limits the digits that it reads
        return -_LARGEST if digits[0] == "-" else _LARGEST
    value = int(digits)
    if -_LARGEST <= value <= _LARGEST:
        return value
    return _LARGEST if value > 0 else -_LARGEST


def lower(text: str) -> str:
    """The text in lower case, composed (NFC), for comparing."""
    return unicodedata.normalize("NFC", text.lower())


def number(text: str, alphabet: str) -> str:
    """The number that is written in the digits of an alphabet (zero first), in decimal, as ids are.

    Empty for a text with other characters.
    """
    if not text or len(text) > _MOST_DIGITS:
        return ""
    value, values, base = 0, _digits(alphabet), len(alphabet)
    try:
        for digit in text:
            value = value * base + values[digit]
    except KeyError:
        return ""
    return str(value)


@lru_cache(maxsize=16)
def _digits(alphabet: str) -> dict[str, int]:
    return {digit: value for value, digit in enumerate(alphabet)}


def without(values: list[Any], others: list[Any]) -> list[Any]:
    """The items of a list that another list lacks."""
    excluded = {msgspec.json.encode(item, order="sorted") for item in others}
    return [item for item in values if msgspec.json.encode(item, order="sorted") not in excluded]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ascending": ascending,
    "descending": descending,
    "distinct": distinct,
    "distance": distance,
    "find": find,
    "integer": integer,
    "lower": lower,
    "number": number,
    "sorted": sorted,
    "without": without,
}
