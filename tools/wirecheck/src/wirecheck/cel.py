"""Expressions of laws, in CEL, the Common Expression Language (https://cel.dev).

Nothing imports it before there is an expression.
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

from wirecheck.excerpt import Excerpt, WalkedOverError, bare, bound

View = dict[str, Any]
"""A request ({method, path, query, body, credentials}) or an answer ({status, headers, body})."""

ONE_EXCHANGE = frozenset({"request", "response"})
SEQUENCE = ONE_EXCHANGE | {"before", "then"}
ITEM = frozenset({"item"})

_EARTH = 6_371_000.0  # metres, the mean radius
_LARGEST = (1 << 63) - 1  # of the integers that CEL has


# Functions of our own. They are total over what a body may hold where their types fit.


def ascending(values: list[Any]) -> bool:
    """Whether none is smaller than the one before."""
    return all(one <= other for one, other in pairwise(values))


def descending(values: list[Any]) -> bool:
    """Whether none is larger than the one before."""
    return all(one >= other for one, other in pairwise(values))


def distinct(values: list[Any]) -> bool:
    """Whether no two are the same."""
    try:
        return len(set(values)) == len(values)
    except TypeError:  # objects, lists
        return all(one not in values[:index] for index, one in enumerate(values))


def distance(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Metres between two points in degrees, on the sphere."""
    one, other, turn = math.radians(lat), math.radians(other_lat), math.radians(other_lng - lng)
    half = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(turn / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(half, 1.0)))


def find(text: str, pattern: str) -> str:
    """What a pattern finds first: its first group if it has one; empty when it finds nothing."""
    found = re.search(pattern, text)
    return (found[1 if found.re.groups else 0] or "") if found else ""


def integer(text: str) -> int:
    """The number that a text begins with; 0 when with none, 2^63-1 for all beyond."""
    found = _DIGITS.match(text)
    digits = found[0] if found else "0"
    if len(digits) > len(str(_LARGEST)) + 1:  # as far as Python reads numbers
        return -_LARGEST if digits[0] == "-" else _LARGEST
    return max(-_LARGEST, min(int(digits), _LARGEST))


def lower(text: str) -> str:
    """The text in small letters, composed (NFC), for comparing."""
    return unicodedata.normalize("NFC", text.lower())


def number(text: str, alphabet: str) -> str:
    """The number whose digits by value are those of an alphabet, in decimal, as ids are written.

    Empty for a text with another character.
    """
    value, values = 0, {digit: value for value, digit in enumerate(alphabet)}
    if not text or not values.keys() >= set(text) or len(text) > 100:
        return ""
    for digit in text:
        value = value * len(alphabet) + values[digit]
    return str(value)


def without(values: list[Any], others: list[Any]) -> list[Any]:
    """The items of a list that another lacks."""
    known = {msgspec.json.encode(one, order="sorted") for one in others}
    return [one for one in values if msgspec.json.encode(one, order="sorted") not in known]


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
_DIGITS = re.compile(r"-?[0-9]+")
_MEMBER = re.compile(r"(?<![\w.])(request|response|before|then)\b(?:\s*\.\s*(\w+))?")
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+")
_FILTER = re.compile(r"\s*([\w.]+)\.filter\(\s*(\w+)\s*,(.*)\)\s*", re.DOTALL)


class Known:
    """Values of variables, converted once for all expressions that see the same of them."""

    def __init__(self, variables: View) -> None:
        self.variables = variables
        self._contexts: dict[frozenset[str], Any] = {}

    def context(self, names: frozenset[str]) -> Any:
        """What CEL wants of those that are named."""
        import cel

        if names not in self._contexts:
            seen = {name: value for name, value in self.variables.items() if name in names}
            self._contexts[names] = cel.Context(variables=seen, functions=FUNCTIONS)
        return self._contexts[names]


class Expression:
    """An expression in CEL, compiled once.

    Raises ValueError, whose message completes a sentence about it, unless it is one over the
    variables and the known functions.
    """

    def __init__(self, text: str, variables: Iterable[str]) -> None:
        import cel

        logging.getLogger("cel").disabled = True  # it tells what a function failed on, which may be secret
        try:
            self._program = cel.compile(text)
        except ValueError as error:
            reason = str(error).partition(": ERROR: ")[2].splitlines() or [str(error)]
            raise ValueError(f"is no CEL: {reason[0]}") from None
        self.text = text
        self.bare = bare(text)
        self.variables = frozenset(self._program.variables()) - bound(text)
        functions = {name for name in self._program.functions() if _WORD.fullmatch(name)} - {"_"}
        for what, unknown in (
            ("variable", self.variables - set(variables)),
            ("function", functions - _BUILT_IN - FUNCTIONS.keys()),
        ):
            if unknown:
                raise ValueError(f"uses the {what} {min(unknown)}, which is not known here")
        self._excerpt = Excerpt(text)
        self._members = {
            variable: {member for name, member in _MEMBER.findall(self.bare) if name == variable}
            for variable in SEQUENCE
        }
        self.path = tuple(text.split(".")) if _PATH.fullmatch(text) else ()
        self._filter = _filter(text, variables)

    def __call__(self, **variables: Any) -> Any:
        """Its value; raises what CEL raises when there is none."""
        return self.on(Known(variables))

    def on(self, known: Known) -> Any:
        """Its value, as of a call."""
        if self.path:
            return reduce(getitem, self.path, known.variables)
        if self._filter and isinstance(values := self._filter.of.on(known), list):
            return [one for one in values if self._filter.takes(one, known)]
        return self._program.execute(known.context(self.variables))

    def of(self, **variables: Any) -> Known:
        """As much of requests, answers and an item as the expression can tell: what is converted costs."""
        wanted = variables.keys() & self.variables
        try:
            return Known({name: self._seen(name, variables[name]) for name in wanted})
        except WalkedOverError:
            return Known({name: variables[name] for name in wanted})

    def _seen(self, variable: str, value: Any) -> Any:
        if variable not in SEQUENCE:
            return self._excerpt.of(value)
        members = self._members[variable]
        if "" in members:
            raise WalkedOverError
        return {
            name: self._excerpt.of(value[name], name) if name == "body" else value[name]
            for name in members & value.keys()
        }


@dataclass(frozen=True, slots=True)
class _Filter:
    """The items of a list for which something holds: CEL would convert the list, and copy it for each."""

    of: Expression
    name: str
    holds: Expression

    def takes(self, item: Any, known: Known) -> bool:
        found = self.holds.on(self.holds.of(**known.variables | {self.name: item}))
        if not isinstance(found, bool):
            raise TypeError(f"{self.holds.text} is neither true nor false")
        return found


def _filter(text: str, variables: Iterable[str]) -> _Filter | None:
    """An expression that only filters a list; None for any other."""
    found = _FILTER.fullmatch(text)
    if found is None or not _PATH.fullmatch(found[1]) or found[2] in SEQUENCE | ITEM:
        return None
    depths = accumulate({"(": 1, ")": -1}.get(one, 0) for one in bare(found[3]))
    if min(depths, default=0) < 0:  # the last parenthesis closes another
        return None
    return _Filter(Expression(found[1], variables), found[2], Expression(found[3], {*variables, found[2]}))


@lru_cache(maxsize=1024)
def compiled(text: str, variables: frozenset[str]) -> Expression:
    """An expression that is known already is not compiled again."""
    return Expression(text, variables)
