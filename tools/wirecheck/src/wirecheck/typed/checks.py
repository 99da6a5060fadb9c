"""What values must fulfil beyond their types."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from wirecheck.typed.texts import Recognise

ValueCheck = Callable[[Any], bool]
"""Whether a decoded value fulfils what its type does not say."""

_MANY = 1000  # texts that are remembered
_LONG = 200  # characters of a text that is not
_DEEP = 100  # levels of a value of any type
_TEXT_OR_NOTHING = (str, UnsetType, type(None))


class Remembering:
    """A check of texts that remembers some of those that passed it, for they occur again and again.

    It need not be asked about texts that ``recognise`` knows to pass it. Values that are no text pass.
    ``passed`` has texts, None and UNSET, never what equals a value of another type.
    """

    __slots__ = ("_check", "passed", "recognise")

    def __init__(self, check: ValueCheck, recognise: Recognise | None = None) -> None:
        self._check = check
        self.recognise = recognise
        self.passed: set[str | UnsetType | None] = set()

    def __call__(self, value: Any) -> bool:
        if not isinstance(value, _TEXT_OR_NOTHING):
            return True
        if value in self.passed:
            return True
        if isinstance(value, str):
            if not ((self.recognise and self.recognise(value)) or self._check(value)):
                return False
            if len(value) > _LONG:
                return True
        if len(self.passed) >= _MANY:
            self.passed.clear()
        self.passed.add(value)
        return True

    def condition(self, index: int, names: dict[str, object]) -> str:
        """The same as an expression about ``value``, with what it needs among the names.

        Once there are many texts, it remembers no more of those that are recognised.
        """
        names |= {f"check{index}": self, f"passed{index}": self.passed, f"recognise{index}": self.recognise}
        if not self.recognise:
            return f"value in passed{index} or check{index}(value)"
        is_known = f"len(value) > {_LONG} or len(passed{index}) >= {_MANY} or not passed{index}.add(value)"
        is_recognised = f"value.__class__ is str and recognise{index}(value) and ({is_known})"
        return f"value in passed{index} or {is_recognised} or check{index}(value)"


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
        if isinstance(check, Remembering):
            condition = check.condition(index, names)
        else:
            names[f"check{index}"] = check
            condition = f"value is UNSET or check{index}(value)"
        conditions.append(f"    value = self.{field}\n    if not ({condition}): raise ValueError")
    needing: dict[str, list[str]] = {}
    for field, other in dependent:
        needing.setdefault(other, []).append(f"self.{field} is UNSET")
    for other, are_absent in needing.items():
        conditions.append(
            f"    if self.{other} is UNSET and not ({' and '.join(are_absent)}): raise ValueError"
        )
    if fewest > 0 or most < len(optional):
        count = " + ".join(f"(self.{field} is not UNSET)" for field in optional) or "0"
        conditions.append(f"    if not {fewest} <= {count} <= {most}: raise ValueError")
    exec("\n".join(["def __post_init__(self):", *conditions]), names)
    post_init: Callable[[Any], None] = names["__post_init__"]  # type: ignore[assignment]  # it was just defined
    return post_init
