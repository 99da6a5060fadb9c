"""What values must fulfil beyond their types."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

ValueCheck = Callable[[Any], bool]
"""Whether a decoded value fulfils what its type does not say."""

_MANY = 1000  # texts that are remembered
_LONG = 200  # characters of a text that is not
_DEEP = 100  # levels of a value of any type


class Remembering:
    """A check of texts that remembers those that passed it, for they occur again and again.

    Values that are no text pass. ``passed`` has texts, None and UNSET, never what equals a value of another
    type.
    """

    __slots__ = ("_check", "passed")

    def __init__(self, check: ValueCheck) -> None:
        self._check = check
        self.passed: set[str | UnsetType | None] = set()

    def __call__(self, value: Any) -> bool:
        if not isinstance(value, str | UnsetType | None):
            return True
        if value in self.passed:
            return True
        if isinstance(value, str):
            if not self._check(value):
                return False
            if len(value) > _LONG:
                return True
        if len(self.passed) >= _MANY:
            self.passed.clear()
        self.passed.add(value)
        return True


def by_type(checks: Mapping[type, ValueCheck]) -> ValueCheck:
    """A check by the type of the value; values of other types pass."""

    def check(value: Any) -> bool:
        own = checks.get(type(value))
        return own is None or own(value)

    return check


def is_shallow(value: Any) -> bool:
    """Whether a value is nested to few levels, so that it can be decoded wherever it stands."""
    level = [value]
    for _ in range(_DEEP):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False


def of_items(check: ValueCheck) -> ValueCheck:
    return check if check is is_shallow else lambda items: all(map(check, items))


def of_members(check: ValueCheck) -> ValueCheck:
    return check if check is is_shallow else lambda members: all(map(check, members.values()))


def both(first: ValueCheck, second: ValueCheck) -> ValueCheck:
    return lambda value: first(value) and second(value)


def of_fields(
    checks: Mapping[str, ValueCheck],
    dependent: Iterable[tuple[str, str]],
    optional: Sequence[str],
    fewest: int,
    most: int,
) -> Callable[[Any], None]:
    """The ``__post_init__`` of a structure, which raises ValueError where its fields fail.

    The second field of each of the ``dependent`` pairs must be set where the first is. So many of
    the ``optional`` fields must be set, and may be.
    """
    names: dict[str, object] = {"UNSET": UNSET}
    conditions = []
    for index, (field, check) in enumerate(checks.items()):
        names[f"check{index}"] = check
        condition = f"check{index}(value)"
        if isinstance(check, Remembering):
            names[f"passed{index}"] = check.passed
            condition = f"value in passed{index} or {condition}"
        else:
            condition = f"value is UNSET or {condition}"
        conditions.append(f"    value = self.{field}\n    if not ({condition}): raise ValueError")
    for field, other in dependent:
        condition = f"self.{field} is not UNSET and self.{other} is UNSET"
        conditions.append(f"    if {condition}: raise ValueError")
    if fewest > 0 or most < len(optional):
        count = " + ".join(f"(self.{field} is not UNSET)" for field in optional) or "0"
        conditions.append(f"    if not {fewest} <= {count} <= {most}: raise ValueError")
    exec("\n".join(["def __post_init__(self):", *conditions]), names)
    post_init: Callable[[Any], None] = names["__post_init__"]  # type: ignore[assignment]  # it was just defined
    return post_init
