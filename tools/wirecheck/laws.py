"""The laws of a document (x-laws): what holds within an exchange, or between one and the next.

They are written in CEL, the Common Expression Language (https://cel.dev), which nothing imports
before there is a law.
"""

import logging
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec

from wirecheck.model import SpecError
from wirecheck.spec import Operation, Spec, join

View = dict[str, Any]
"""A request ({method, path, query, body, credentials}) or an answer ({status, headers, body})."""

ONE_EXCHANGE = frozenset({"request", "response"})
SEQUENCE = ONE_EXCHANGE | {"before", "then"}
ITEM = frozenset({"item"})

_EARTH = 6_371_000.0  # metres, the mean radius
_LARGEST = (1 << 63) - 1  # of the integers that CEL has
_DEEPEST = 50  # levels of a body, far below what any law names


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
    digits = find(text, "^-?[0-9]+")
    if len(digits) > len(str(_LARGEST)) + 1:  # as far as Python reads numbers
        return -_LARGEST if digits[0] == "-" else _LARGEST
    return max(-_LARGEST, min(int(digits or "0"), _LARGEST))


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
_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_STATUS = re.compile(r"\bthen\.status\b")
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|filter|map)\(\s*([A-Za-z_][A-Za-z0-9_]*)\s*,")


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
        bare = self.bare = _LITERAL.sub("''", text)
        self.variables = frozenset(self._program.variables()) - set(_BOUND.findall(bare))
        functions = {name for name in self._program.functions() if _WORD.fullmatch(name)} - {"_"}
        self._functions = {name: FUNCTIONS[name] for name in functions & FUNCTIONS.keys()}
        for what, unknown in (
            ("variable", self.variables - set(variables)),
            ("function", functions - _BUILT_IN - FUNCTIONS.keys()),
        ):
            if unknown:
                raise ValueError(f"uses the {what} {min(unknown)}, which is not known here")
        literals = (one or other for one, other in _LITERAL.findall(text))
        self._names = frozenset(_WORD.findall(text)).union(literals)

    def __call__(self, **variables: Any) -> Any:
        """Its value; raises what CEL raises when there is none."""
        import cel

        seen = {name: value for name, value in variables.items() if name in self.variables}
        return self._program.execute(cel.Context(variables=seen, functions=self._functions))

    def cut(self, view: View) -> View:
        """An answer with as much of its body as the expression names: what is converted costs."""
        return {**view, "body": _cut(view["body"], self._names, _DEEPEST)}


@lru_cache(maxsize=1024)
def _compiled(text: str, variables: frozenset[str]) -> Expression:
    return Expression(text, variables)


def _cut(value: Any, names: frozenset[str], depth: int) -> Any:
    """Of objects the members with these names; of one that has none of them a digest, to compare it by."""
    if isinstance(value, list) and depth:
        return [_cut(one, names, depth - 1) for one in value]
    if not isinstance(value, dict) or not value or not depth:
        return value
    return {key: _cut(value[key], names, depth - 1) for key in names if key in value} or _digest(value)


def _digest(value: View) -> View:
    try:
        return {"": hash(msgspec.json.encode(value, order="sorted"))}
    except RecursionError:
        return value


@dataclass(frozen=True, slots=True)
class Law:
    """What holds of an operation, by name. ``pointer`` is where it stands in the document.

    ``then`` names the operation that is asked before and after, by the parameters of ``with_``;
    it is None for a law of one exchange. ``each`` gives items of the answer, for each of which it is
    asked. A law that cannot be evaluated raises SpecError, which names the ``source`` of the exchange.
    """

    name: str
    says: str
    pointer: str
    when: Expression | None
    holds: Expression
    then: str | None
    with_: Mapping[str, Expression]
    each: Expression | None
    operation: str
    where: str = field(repr=False)

    @property
    def takes_refusals(self) -> bool:
        """Whether it says something of an answer of ``then`` that is no success."""
        return self.then is not None and _STATUS.search(self.holds.bare) is not None

    @property
    def follows_answers(self) -> bool:
        """Whether what it asks depends on the answer."""
        return self.each is not None or any("response" in one.variables for one in self.with_.values())

    def applies(self, request: View, source: str = "") -> bool:
        """Whether there is something to hold, by the request alone."""
        return self.when is None or self._truth(self.when, source, request=request)

    def kept(
        self,
        request: View,
        response: View,
        before: View | None = None,
        then: View | None = None,
        source: str = "",
        item: Any = None,
    ) -> bool:
        """Whether it holds, of an item if it is about items.

        ``before`` and ``then`` are answers of the operation ``then``.
        """
        if self.then is None:
            return self._truth(self.holds, source, request=request, response=self.holds.cut(response))
        views = {"request": request, "response": response, "before": before, "then": then, "item": item}
        return self._truth(self.holds, source, **views)

    def items(self, request: View, response: View, source: str = "") -> list[Any]:
        """What it is about: items of an answer, or None for the whole."""
        if self.each is None:
            return [None]
        found = self._value(self.each, source, request=request, response=response)
        if not isinstance(found, list):
            raise self._trouble(source, "each gives no list")
        return found

    def arguments(
        self, request: View, response: View | None = None, source: str = "", item: Any = None
    ) -> dict[str, Any]:
        """The parameters to ask the operation ``then`` with; those of a write need no answer."""
        views = {"request": request, "response": response, "item": item}
        return {name: self._value(one, source, **views) for name, one in self.with_.items()}

    def _truth(self, expression: Expression, source: str, **views: Any) -> bool:
        value = self._value(expression, source, **views)
        if not isinstance(value, bool):
            raise self._trouble(source, "it is neither true nor false")
        return value

    def _value(self, expression: Expression, source: str, **views: Any) -> Any:
        try:
            return expression(**views)
        except KeyError as error:
            key = str(error.args[0])
            named = f'"{key}"' if key in expression.text else "a member"
            raise self._trouble(source, f"{named} is not there (ask with has() before)") from None
        except Exception as error:  # of the many that the library raises; their texts may hold values
            raise self._trouble(source, f"{type(error).__name__} in {expression.text}") from None

    def _trouble(self, source: str, reason: str) -> SpecError:
        on = f" on {source}" if source else ""
        what = f"#{self.pointer}: the law {self.name} of {self.operation} cannot be evaluated{on}: {reason}"
        return SpecError(self.where, what)


Laws = Mapping[str, tuple[Law, ...]]
"""The laws by the name of their operation."""


def laws(spec: Spec) -> Laws:
    """All laws of a document, compiled; raises SpecError where one is none."""
    return {
        operation.name: tuple(_law(spec, operation, name) for name in found)
        for operation in spec.operations
        if (found := _written(spec, operation))
    }


def _written(spec: Spec, operation: Operation) -> View:
    written: Any = spec.document.get(operation.pointer).get("x-laws", {})
    if not isinstance(written, dict):
        raise spec.document.error(join(operation.pointer, "x-laws"), "an object of laws is wanted here")
    return written


def _law(spec: Spec, operation: Operation, name: str) -> Law:
    document, pointer = spec.document, join(operation.pointer, "x-laws", name)
    written = document.get(pointer)
    try:
        then, item = written.get("then"), ITEM if "each" in written else frozenset[str]()
        return Law(
            name=name,
            says=written["says"],
            pointer=pointer,
            when=_compiled(written["when"], frozenset({"request"})) if "when" in written else None,
            holds=_compiled(written["holds"], ONE_EXCHANGE if then is None else SEQUENCE | item),
            then=then,
            with_={key: _compiled(one, ONE_EXCHANGE | item) for key, one in written.get("with", {}).items()},
            each=_compiled(written["each"], ONE_EXCHANGE) if "each" in written else None,
            operation=operation.name,
            where=f"{document.name}:{document.line(pointer)}",
        )
    except ValueError as error:
        raise document.error(pointer, f"an expression of this law {error}") from None
    except (AttributeError, KeyError, TypeError):
        raise document.error(pointer, "is no law: `wirecheck lint` says why") from None
