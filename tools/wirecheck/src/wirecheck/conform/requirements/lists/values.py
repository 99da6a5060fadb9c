"""Values of members: whether they fit a filter, and whether they are in an order."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from wirecheck.conform.listing import ListFilter, Member, Operator
from wirecheck.resources import MemberPath

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"([0-9]+)")
_DAY = timedelta(days=1)


def member(item: Any, path: MemberPath) -> Any:
    """The value at a path of members of an item, None where there is none."""
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def instant(value: Any) -> datetime | None:
    """A day or an instant in ISO 8601, in UTC where it has no zone; None for other values."""
    if not isinstance(value, str) or not re.match(r"[0-9]{4}-[0-9]{2}", value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def number(value: Any) -> float | None:
    """A number, or a text that is one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def fits(found: ListFilter, leaf: Member, item: Any, values: Sequence[Any]) -> bool | None:
    """Whether an item fits values of a filter by one of its members; None where that is open."""
    actual = member(item, leaf.path)
    if found.operator in (Operator.FROM, Operator.UNTIL):
        return _is_within(found, actual, values[0])
    actuals = actual if isinstance(actual, list) else [actual]
    if any(isinstance(own, dict | list) for own in actuals):
        return None
    if actual is None and False in values:
        return None  # a flag that is not set
    equal = [any(_is_equal(found, own, value) for own in actuals) for value in values]
    return all(equal) if found.needs_all else any(equal)


def contains(item: Any, text: str) -> bool:
    """Whether a text is anywhere in an item, in any case."""
    if isinstance(item, dict | list):
        inner = item.values() if isinstance(item, dict) else item
        return any(contains(value, text) for value in inner)
    return _folded(text) in _folded(str(item))


def _is_equal(found: ListFilter, own: Any, value: Any) -> bool:
    if found.operator == Operator.CONTAINS:
        parts = [str(value), *_WORD.findall(str(value))]
        return own is not None and any(_folded(part) in _folded(str(own)) for part in parts)
    if isinstance(own, bool) or isinstance(value, bool) or own is None:
        return own is value
    if isinstance(own, int | float) or isinstance(value, int | float):
        return number(own) == number(value)
    return str(own) == str(value) or str(own).casefold() == str(value).casefold()


def _is_within(found: ListFilter, own: Any, value: Any) -> bool | None:
    """Whether a value is on the right side of a bound; None on the bound itself where that is open."""
    if own is None:
        return None
    if (bound := number(value)) is not None:
        actual = number(own)
        return None if actual is None else _is_beyond(found, actual - bound)
    limit, moment = instant(value), instant(own)
    if limit is None or moment is None:
        return None
    if len(str(value)) != len(str(own)) and abs(moment - limit) <= 2 * _DAY and is_day(value) != is_day(own):
        return None  # how a day and an instant compare depends on zones
    return _is_beyond(found, (moment - limit).total_seconds())


def is_day(value: Any) -> bool:
    """Whether a value is a day, without a time."""
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_beyond(found: ListFilter, difference: float) -> bool | None:
    if difference == 0:
        return found.includes_bound
    return (difference > 0) == (found.operator == Operator.FROM)


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


def is_ordered(values: Sequence[Any], options: Sequence[Any] | None, *, descends: bool) -> bool:
    """Whether values are in an order that a server may mean, nulls aside.

    Texts may be ordered with or without regard to case, accents, punctuation and numbers within them, and
    enumerated ones as the document lists them; days and instants by time.
    """
    present = [value for value in values if value is not None]
    return any(_is_monotonic(keys, descends=descends) for keys in _keys(present, options))


def _keys(values: Sequence[Any], options: Sequence[Any] | None) -> Iterator[Sequence[Any]]:
    """Forms of the values by which they may be compared."""
    if all(isinstance(value, int | float) for value in values):
        yield values
        return
    for convert in (number, instant):
        converted = [convert(value) for value in values]
        if None not in converted:
            yield converted
    if options and all(value in options for value in values):
        yield [list(options).index(value) for value in values]
    for form in _FORMS:
        yield [form(str(value)) for value in values]


def _natural(text: str) -> list[tuple[int, Any]]:
    parts = (part for part in _DIGITS.split(_folded(text)) if part)
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]


_FORMS: tuple[Callable[[str], Any], ...] = (
    str,
    str.casefold,
    _folded,
    lambda text: re.sub(r"[\W_]", "", _folded(text)),
    lambda text: re.sub(r"[^\w\s]", "", _folded(text)),
    _natural,
    lambda text: text.encode("utf-16-be"),
    lambda text: text.swapcase(),
)


def _is_monotonic(keys: Sequence[Any], *, descends: bool) -> bool:
    return all(second <= first if descends else first <= second for first, second in pairwise(keys))
