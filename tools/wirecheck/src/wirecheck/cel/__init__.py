"""Expressions of laws and invariants, in CEL, the Common Expression Language (https://cel.dev).

Python reads and evaluates them. The library, which is slow to import, decides on what is rare, or an error.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from wirecheck.cel.functions import FUNCTIONS, BudgetError
from wirecheck.cel.python import MAX_STEPS, Function, certain_tree, function
from wirecheck.cel.syntax import OperatorCall, Term, macro_depth, parse, paths, plain_path
from wirecheck.model import LimitError

__all__ = [
    "FUNCTIONS",
    "ITEM",
    "ONE_EXCHANGE",
    "REQUEST",
    "SELF",
    "SEQUENCE",
    "BudgetError",
    "Expression",
    "Test",
    "View",
    "compiled",
    "conjunction",
]

View = dict[str, Any]
"""A request ({method, path, query, body, credentials}) or a response ({status, headers, body})."""

REQUEST = frozenset({"request"})
ONE_EXCHANGE = REQUEST | {"response"}
SEQUENCE = ONE_EXCHANGE | {"before", "then"}
ITEM = frozenset({"item"})
SELF = frozenset({"self"})

Test = Callable[..., bool]
"""Whether something is certainly true of each of some values; it takes a list for each of its variables."""

MAX_LENGTH = 2_000  # characters of an expression

_BUILT_IN = frozenset(
    {
        *("size", "type", "int", "uint", "double", "string", "bytes", "timestamp", "duration"),
        *("contains", "startsWith", "endsWith", "matches"),
        *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
        *("getHours", "getMinutes", "getSeconds", "getMilliseconds"),
    }
)
_WORD = "[A-Za-z_][A-Za-z0-9_]*"
_LITERAL = r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\""


class Expression:
    """An expression in CEL, compiled once: on first use where it is ``known`` to compile, else now.

    Raises ValueError, whose message completes a sentence about the expression, where it does not
    compile, or uses other variables or functions than are known.
    """

    def __init__(self, text: str, variables: Iterable[str], *, known: bool = False) -> None:
        self.text = text
        if known:
            return
        if len(text) > MAX_LENGTH:
            raise ValueError(f"is longer than {MAX_LENGTH:,} characters")
        try:
            certain = certain_tree(text)
            functions = frozenset[str]() if certain else self._functions_by_library()
            self.tree = certain or parse(text)
            self._depth = macro_depth(self.tree)
            unknown_variables = self.variables - set(variables)
        except RecursionError:
            raise ValueError("is nested too deeply") from None
        except ValueError as error:
            reason = str(error).partition(": ERROR: ")[2].splitlines() or [str(error)]
            raise ValueError(f"is not CEL: {reason[0]}") from None
        for what, unknown in (
            ("variable", unknown_variables),
            ("function", functions - _BUILT_IN - FUNCTIONS.keys()),
        ):
            if unknown:
                raise ValueError(f"uses the {what} {min(unknown)}, which does not exist here")

    @cached_property
    def bare(self) -> str:
        """The text without what is in its literals."""
        return re.sub(_LITERAL, "''", self.text)

    @cached_property
    def tree(self) -> Term:
        return parse(self.text)

    @cached_property
    def _depth(self) -> int:
        return macro_depth(self.tree)

    @cached_property
    def paths(self) -> list[tuple[str, ...]]:
        """What it reads: a variable, and the members that lead from it."""
        return [*paths(self.tree)]

    @cached_property
    def path(self) -> tuple[str, ...]:
        return plain_path(self.tree)

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(path[0] for path in self.paths)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.variables)

    @cached_property
    def _function(self) -> Function | None:
        return function([self.tree], self._names)

    def __call__(self, /, **variables: Any) -> Any:
        """The value of the expression; raises what CEL raises where it has none, and BudgetError."""
        value = self.quickly(**variables)
        return self._by_library(variables) if value is None else value

    def quickly(self, /, **variables: Any) -> Any:
        """The value as Python finds it; None where it declines to, or where the value is null."""
        if self._function is None:
            return None
        try:
            return self._function(*[variables[name] for name in self._names])
        except LimitError:
            raise
        except Exception:
            return None

    @cached_property
    def _program(self) -> Any:
        import logging

        import cel

        logging.getLogger("cel").disabled = True  # it logs the arguments of failing functions
        return cel.compile(self.text)

    def _functions_by_library(self) -> frozenset[str]:
        """The functions that an expression calls; raises ValueError where it is not CEL."""
        return frozenset(name for name in self._program.functions() if re.fullmatch(_WORD, name)) - {"_"}

    def _by_library(self, variables: Mapping[str, Any]) -> Any:
        """The value by the library, which converts, and copies, what the expression reads."""
        import cel

        read = _cut(variables, self.paths)
        if self._depth > 1 and _longest(read) ** self._depth > MAX_STEPS:
            raise BudgetError
        return self._program.execute(cel.Context(variables=read, functions=FUNCTIONS))


Rule = tuple[Expression | None, Expression]
"""An expression that must be true, and the condition on which it must be, None where it always must."""


@lru_cache(maxsize=1024)
def conjunction(rules: tuple[Rule, ...], variables: tuple[str, ...]) -> Test:
    """Tests whether values of some variables certainly satisfy all rules; false also by doubt."""
    if not rules:
        return lambda *_: True
    terms = [
        rule.tree if when is None else OperatorCall("||", (OperatorCall("!", (when.tree,)), rule.tree))
        for when, rule in rules
    ]
    satisfied = function(terms, variables)

    def test(*values: list[Any]) -> bool:
        try:
            return satisfied is not None and all(one is True for one in map(satisfied, *values))
        except LimitError:
            raise
        except Exception:
            return False

    return test


def _cut(value: Any, ways: Iterable[tuple[str, ...]]) -> Any:
    """As much of a value as some paths lead to."""
    if not isinstance(value, Mapping) or not all(ways):
        return value
    names = {way[0] for way in ways} & value.keys()
    return {name: _cut(value[name], [way[1:] for way in ways if way[0] == name]) for name in names}


def _longest(value: Any) -> int:
    """The length of the longest list or object within a value."""
    longest, pending = 0, [value]
    while pending:
        members = pending.pop()
        if isinstance(members, dict | list):
            longest = max(longest, len(members))
            pending.extend(members.values() if isinstance(members, dict) else members)
    return longest


@lru_cache(maxsize=1024)
def compiled(text: str, variables: frozenset[str], *, known: bool = False) -> Expression:
    """The expression of a text, compiled once for all laws that share it."""
    return Expression(text, variables, known=known)
