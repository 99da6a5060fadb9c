"""Expressions of laws and invariants, in CEL, the Common Expression Language (https://cel.dev).

The library is imported with the first expression, not before.
"""

import logging
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import accumulate, pairwise
from operator import getitem
from typing import Any

import msgspec

from wirecheck.excerpt import Excerpt, WholeValueError, bare, bound

View = dict[str, Any]
"""A request ({method, path, query, body, credentials}) or a response ({status, headers, body})."""

REQUEST = frozenset({"request"})
ONE_EXCHANGE = REQUEST | {"response"}
SEQUENCE = ONE_EXCHANGE | {"before", "then"}
ITEM = frozenset({"item"})
SELF = frozenset({"self"})

MAX_LENGTH = 2_000  # characters of an expression
MAX_STEPS = 5_000_000  # of nested macros such as `all`: the length of the longest list ^ their depth
MAX_SEARCH = 100_000_000  # of `find`: the length of the text ^ (1 + repetitions in the pattern)

_EARTH = 6_371_000.0  # metres, the mean radius
_LARGEST = (1 << 63) - 1  # of the integers that CEL has


class BudgetError(ValueError):
    """An expression takes more steps than an evaluation may."""


# Functions of our own. They are total over whatever a body may hold, as long as the types fit.


def ascending(values: list[Any]) -> bool:
    """Whether no item is smaller than the one before."""
    return all(first <= second for first, second in pairwise(values))


def descending(values: list[Any]) -> bool:
    """Whether no item is larger than the one before."""
    return all(first >= second for first, second in pairwise(values))


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
    if len(text) ** _exponent(pattern) > MAX_SEARCH:
        raise BudgetError
    match = re.search(pattern, text)
    return (match[1 if match.re.groups else 0] or "") if match else ""


@lru_cache(maxsize=256)
def _exponent(pattern: str) -> int:
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
    match = _DIGITS.match(text)
    digits = match[0] if match else "0"
    if len(digits) > len(str(_LARGEST)) + 1:  # Python limits the digits that it reads
        return -_LARGEST if digits[0] == "-" else _LARGEST
    return max(-_LARGEST, min(int(digits), _LARGEST))


def lower(text: str) -> str:
    """The text in lower case, composed (NFC), for comparing."""
    return unicodedata.normalize("NFC", text.lower())


def number(text: str, alphabet: str) -> str:
    """The number that is written in the digits of an alphabet (zero first), in decimal, as ids are.

    Empty for a text with other characters.
    """
    value, values = 0, {digit: value for value, digit in enumerate(alphabet)}
    if not text or not values.keys() >= set(text) or len(text) > 100:
        return ""
    for digit in text:
        value = value * len(alphabet) + values[digit]
    return str(value)


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
_BUILT_IN = frozenset(
    {
        *("size", "type", "int", "uint", "double", "string", "bytes", "timestamp", "duration"),
        *("contains", "startsWith", "endsWith", "matches"),
        *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
        *("getHours", "getMinutes", "getSeconds", "getMilliseconds"),
    }
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATTERN_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?[:=!])?|[*+?][?+]?|\{[0-9,]+\}\??|.", re.DOTALL
)
_LONGEST_PATTERN = 1000  # characters
_NESTED = 100  # no text of two characters is short enough
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(|[()]")
_DIGITS = re.compile(r"-?[0-9]+")
_MEMBER = re.compile(r"(?<![\w.])(request|response|before|then)\b(?:\s*\.\s*(\w+))?")
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+")
_FILTER = re.compile(r"\s*([\w.]+)\.filter\(\s*(\w+)\s*,(.*)\)\s*", re.DOTALL)


class Known:
    """Values of variables, converted once for all expressions that use the same of them."""

    def __init__(self, variables: View) -> None:
        self.variables = variables
        self._contexts: dict[frozenset[str], Any] = {}

    def context(self, names: frozenset[str]) -> Any:
        """The CEL context with the named variables."""
        import cel

        if names not in self._contexts:
            chosen = {name: value for name, value in self.variables.items() if name in names}
            self._contexts[names] = cel.Context(variables=chosen, functions=FUNCTIONS)
        return self._contexts[names]


class Expression:
    """An expression in CEL, compiled once.

    Raises ValueError, whose message completes a sentence about the expression, where it does not
    compile, or uses other variables or functions than are known.
    """

    def __init__(self, text: str, variables: Iterable[str]) -> None:
        import cel

        if len(text) > MAX_LENGTH:
            raise ValueError(f"is longer than {MAX_LENGTH:,} characters")
        logging.getLogger("cel").disabled = True  # it logs the arguments of failing functions
        try:
            self._program = cel.compile(text)
        except ValueError as error:
            reason = str(error).partition(": ERROR: ")[2].splitlines() or [str(error)]
            raise ValueError(f"is not CEL: {reason[0]}") from None
        self.text = text
        self.bare = bare(text)
        self.variables = frozenset(self._program.variables()) - bound(text)
        functions = {name for name in self._program.functions() if _WORD.fullmatch(name)} - {"_"}
        for what, unknown in (
            ("variable", self.variables - set(variables)),
            ("function", functions - _BUILT_IN - FUNCTIONS.keys()),
        ):
            if unknown:
                raise ValueError(f"uses the {what} {min(unknown)}, which does not exist here")
        self._excerpt = Excerpt(text)
        self._members = {
            variable: {member for name, member in _MEMBER.findall(self.bare) if name == variable}
            for variable in SEQUENCE
        }
        self.path = tuple(text.split(".")) if _PATH.fullmatch(text) else ()
        self._filter = _filter(text, variables)
        self._depth = _macro_depth(self.bare)

    def __call__(self, /, **variables: Any) -> Any:
        """The value of the expression; raises what CEL raises where it has none, and BudgetError."""
        return self.on(Known(variables))

    def on(self, known: Known) -> Any:
        """The same, over values that may be converted already."""
        if self.path:
            return reduce(getitem, self.path, known.variables)
        if self._filter and isinstance(values := self._filter.of.on(known), list):
            return [item for item in values if self._filter.takes(item, known)]
        if self._depth > 1:
            longest = max((_longest(known.variables[name]) for name in self.variables), default=0)
            if longest**self._depth > MAX_STEPS:
                raise BudgetError
        return self._program.execute(known.context(self.variables))

    def of(self, /, **variables: Any) -> Known:
        """As much of the variables as the expression depends on: conversion is what costs."""
        used = variables.keys() & self.variables
        try:
            return Known({name: self._excerpt_of(name, variables[name]) for name in used})
        except WholeValueError:
            return Known({name: variables[name] for name in used})

    def _excerpt_of(self, variable: str, value: Any) -> Any:
        if variable not in SEQUENCE:
            return self._excerpt.of(value)
        members = self._members[variable]
        if "" in members:
            raise WholeValueError
        return {
            name: self._excerpt.of(value[name], name) if name == "body" else value[name]
            for name in members & value.keys()
        }


def _macro_depth(text: str) -> int:
    """How many macros such as ``all`` are within each other, at most."""
    depth = deepest = 0
    parentheses: list[bool] = []
    for token in _MACRO.findall(text):
        if token == ")":
            depth -= parentheses.pop() if parentheses else False
        else:
            parentheses.append(token != "(")
            depth += token != "("
            deepest = max(deepest, depth)
    return deepest


def _longest(value: Any) -> int:
    """The length of the longest list or object within a value."""
    longest, pending = 0, [value]
    while pending:
        members = pending.pop()
        if isinstance(members, dict | list):
            longest = max(longest, len(members))
            pending.extend(members.values() if isinstance(members, dict) else members)
    return longest


@dataclass(frozen=True, slots=True)
class _Filter:
    """The items of a list that satisfy a condition: CEL would convert the list, and copy it for each."""

    of: Expression
    name: str
    condition: Expression

    def takes(self, item: Any, known: Known) -> bool:
        value = self.condition.on(self.condition.of(**known.variables | {self.name: item}))
        if not isinstance(value, bool):
            raise TypeError(f"{self.condition.text} is neither true nor false")
        return value


def _filter(text: str, variables: Iterable[str]) -> _Filter | None:
    """An expression that only filters a list; None for any other."""
    match = _FILTER.fullmatch(text)
    if match is None or not _PATH.fullmatch(match[1]) or match[2] in SEQUENCE | ITEM | SELF:
        return None
    depths = accumulate({"(": 1, ")": -1}.get(character, 0) for character in bare(match[3]))
    if min(depths, default=0) < 0:  # the last parenthesis closes another
        return None
    return _Filter(Expression(match[1], variables), match[2], Expression(match[3], {*variables, match[2]}))


@lru_cache(maxsize=1024)
def compiled(text: str, variables: frozenset[str]) -> Expression:
    """The expression of a text, compiled once for all laws that share it."""
    return Expression(text, variables)
