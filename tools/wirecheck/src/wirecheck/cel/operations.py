"""What CEL does with values of JSON, in Python, as the library does it.

Everything here gives the library's value or declines by an exception of any kind: for what is an error
in CEL, and wherever the two might differ. Types are compared by identity, since a bool is no int.
"""

import operator
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

from wirecheck.cel.functions import FUNCTIONS, exponent

_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1  # of the ints that CEL has
_EXACT = 1 << 53  # up to here every int is a double
_INT = re.compile(r"[+-]?[0-9]+")
_CHARACTER = "[A-Za-z0-9_ ./:@-]"
_RANGE = "(?:a-z|A-Z|0-9|[A-Za-z0-9_ .])"
_PLAIN_PATTERN = re.compile(rf"\^?(?:(?:{_CHARACTER}|\[\^?{_RANGE}+-?\])(?:[*+?]|\{{[0-9]{{1,2}}\}})?)*\$?")
_LONG_PATTERN = 60  # characters; Rust rejects what takes too much memory
_LONG_SEARCH = 1_000_000  # for Python, which backtracks
_DOUBLE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


_TIMESTAMP = re.compile(  # as exact as Python has them
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


class DeclinedError(Exception):
    """The value is left to the library."""


def declines() -> NoReturn:
    raise DeclinedError


def fits(value: int) -> bool:
    """Whether it is an int in CEL, too."""
    return _SMALLEST <= value <= _LARGEST


def _int(value: int) -> int:
    return value if _SMALLEST <= value <= _LARGEST else declines()


def _truth(value: Any) -> bool:
    return value if type(value) is bool else declines()


def _comparable(first: Any, second: Any) -> bool:
    """Whether two values, no texts, are ordered in Python as in the library, which converts to double."""
    kind, other = type(first), type(second)
    if kind is other:
        return kind is float or kind is datetime or (kind is int and fits(first) and fits(second))
    if kind is int:
        return other is float and -_EXACT <= first <= _EXACT
    return kind is float and other is int and -_EXACT <= second <= _EXACT


def _equal(first: Any, second: Any) -> bool:
    kind = type(first)
    if kind is type(second):
        if kind is str:
            return bool(first == second)
        if kind is list:
            return len(first) == len(second) and all(map(_equal, first, second))
        if kind is dict:
            return first.keys() == second.keys() and all(map(_equal, first.values(), map(second.get, first)))
        return bool(first == second) if kind not in (int, float) or _comparable(first, second) else declines()
    if kind not in (int, float) or type(second) not in (int, float):
        return False
    return bool(first == second) if _comparable(first, second) else declines()


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def ordered(first: Any, second: Any) -> bool:
        kind = type(first)
        if kind is type(second) and (
            kind is str
            or (kind is int and _SMALLEST <= first <= _LARGEST and _SMALLEST <= second <= _LARGEST)
        ):
            return compare(first, second)
        is_ordered = _comparable(first, second) and (first <= second or second <= first)  # no NaN
        return compare(first, second) if is_ordered else declines()

    return ordered


def _within(item: Any, values: Any) -> bool:
    is_text = type(item) is str
    if type(values) is list:
        return item in values if is_text else any(_equal(value, item) for value in values)
    return item in values if is_text and type(values) is dict else declines()


def _arithmetic(operation: Callable[[Any, Any], Any], *kinds: type) -> Callable[[Any, Any], Any]:
    def result(first: Any, second: Any) -> Any:
        kind = type(first)
        if kind is not type(second) or kind not in kinds:
            declines()
        return _int(operation(_int(first), _int(second))) if kind is int else operation(first, second)

    return result


def _of_ints(operation: Callable[[int, int], int]) -> Callable[[int, int], int]:
    """An operation on values that are known to be ints in CEL."""

    def result(first: int, second: int) -> int:
        value = operation(first, second)
        return value if _SMALLEST <= value <= _LARGEST else declines()

    return result


def _quotient(first: Any, second: Any) -> Any:
    """CEL rounds towards zero, Python down."""
    if type(first) is float:
        return first / second
    if first >= 0 < second:
        return first // second
    quotient = abs(first) // abs(second)
    return quotient if (first < 0) is (second < 0) else -quotient


def _remainder(first: int, second: int) -> int:
    return first - second * _int(_quotient(first, second))


def _negative(value: Any) -> Any:
    if type(value) is float:
        return -value
    return _int(-_int(value)) if type(value) is int else declines()


def _has(value: Any, member: str) -> bool:
    return member in value if type(value) is dict else declines()


def _item(values: Any, index: Any) -> Any:
    if type(values) is list and type(index) is int and index >= 0:
        return values[index]
    return values[index] if type(values) is dict and type(index) is str else declines()


def _items(values: Any, longest: float) -> list[Any]:
    """A list, which a macro may walk over."""
    return values if type(values) is list and len(values) <= longest else declines()


def _size(value: Any) -> int:
    kind = type(value)
    if kind is list or kind is dict:
        return len(value)
    return len(value.encode()) if kind is str else declines()


def _to_int(value: Any) -> int:
    kind = type(value)
    if kind is float:
        return int(value) if _SMALLEST < value < _LARGEST else declines()
    is_number = kind is int or (kind is str and _INT.fullmatch(value))
    return _int(int(value)) if is_number else declines()


def _to_double(value: Any) -> float:
    kind = type(value)
    is_number = kind is float or (kind is int and fits(value)) or (kind is str and _DOUBLE.fullmatch(value))
    return float(value) if is_number else declines()


def _to_string(value: Any) -> str:
    if type(value) is int:
        return str(_int(value))
    return value if type(value) is str else declines()


def _to_timestamp(value: Any) -> datetime:
    return datetime.fromisoformat(value) if _TIMESTAMP.fullmatch(value) else declines()


def _matches(text: Any, pattern: Any) -> bool:
    if type(text) is not str or len(text) ** exponent(pattern) > _LONG_SEARCH:
        declines()
    return _pattern(pattern).search(text) is not None


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of what means the same in Python and in Rust."""
    if len(pattern) > _LONG_PATTERN or not _PLAIN_PATTERN.fullmatch(pattern):
        declines()
    return re.compile(pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""))


def _own(function: Callable[..., Any]) -> Callable[..., Any]:
    """One of our own functions. The library gives it doubles for integers that it does not have."""

    def called(*arguments: Any) -> Any:
        for argument in arguments:
            if type(argument) is not str:
                _require_plain(argument)
        return function(*arguments)

    return called


def _require_plain(value: Any) -> None:
    kind = type(value)
    if kind is int:
        _int(value)
    elif kind is datetime:
        declines()
    elif kind is list or kind is dict:
        for part in value if kind is list else value.values():
            if type(part) is not str and not (type(part) is int and _SMALLEST <= part <= _LARGEST):
                _require_plain(part)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "all": all,
    "any": any,
    "sum": sum,
    "truth": _truth,
    "has": _has,
    "item": _item,
    "items": _items,
    "negative": _negative,
    "==": _equal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": _within,
    "+": _arithmetic(operator.add, int, float, str, list),
    "-": _arithmetic(operator.sub, int, float),
    "*": _arithmetic(operator.mul, int, float),
    "/": _arithmetic(_quotient, int, float),
    "%": _arithmetic(_remainder, int),
    "int+": _of_ints(operator.add),
    "int-": _of_ints(operator.sub),
    "int*": _of_ints(operator.mul),
    "int/": _of_ints(_quotient),
    "int%": _of_ints(_remainder),
}
"""By the names that the functions of Python made from expressions use; operators by their signs.

Those with ``int`` are for what is an int for certain.
"""

_OF_TEXTS = {"find", "integer", "lower"}  # by an error for anything else

FUNCTION_KINDS: dict[str, type] = {
    **dict.fromkeys(("ascending", "descending", "distinct"), bool),
    **dict.fromkeys(("find", "lower", "number", "string"), str),
    **dict.fromkeys(("int", "integer", "size"), int),
    **dict.fromkeys(("distance", "double"), float),
}
"""What functions give, as far as it is always the same."""

CALLS: dict[str, Callable[..., Any]] = {
    **{name: function if name in _OF_TEXTS else _own(function) for name, function in FUNCTIONS.items()},
    "size": _size,
    "int": _to_int,
    "double": _to_double,
    "string": _to_string,
    "timestamp": _to_timestamp,
}
METHODS: dict[str, Callable[..., bool | int]] = {
    "size": _size,
    "matches": _matches,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}
"""Functions of a target; those of texts decline where they get anything else, by TypeError."""
