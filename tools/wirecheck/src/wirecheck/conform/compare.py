"""Compares what was sent with what a server returns: as people would, who know what servers normalize."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from wirecheck.spec import join

_VOLATILE = re.compile(
    r"updated|modified|changed|edited|version|revision|etag|timestamp|last_?(?:seen|used|access|activity)|server_?time|^now$",
    re.IGNORECASE,
)
_SHOWN = 60  # characters of a value in a message
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """A member that is not as expected; ``actual`` is None, too, where it is missing."""

    pointer: str
    expected: Any
    actual: Any
    is_missing: bool = False

    @property
    def as_difference(self) -> str:
        """The rest of a sentence about what was expected."""
        if self.is_missing:
            return f"{self.pointer} is missing"
        return f"{self.pointer or 'it'} is {_shown(self.actual)}, not {_shown(self.expected)}"

    @property
    def as_change(self) -> str:
        """The rest of a sentence about what changed."""
        if self.is_missing:
            return f"{self.pointer} is gone"
        return f"{self.pointer or 'it'} became {_shown(self.actual)}"


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def differences(expected: Any, actual: Any, declared: Collection[str] = ()) -> Iterator[Difference]:
    """Where a value that was returned differs from one that was sent.

    Members that are missing differ only where they are ``declared``; further ones never do.
    """
    return _differences(expected, actual, "", declared)


def changes(before: Any, after: Any, names: Collection[str] = ()) -> Iterator[Difference]:
    """Where a thing changed, but for members of some names, and those that usually change by themselves.

    Both are what a server returned, so that texts must be the same to the letter.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield from _differences(before, after, "", (), is_exact=True)
        return
    for name in before:
        if name in names or _VOLATILE.search(name):
            continue
        if name not in after:
            yield Difference(join("", name), before[name], None, is_missing=True)
        else:
            yield from _differences(before[name], after[name], join("", name), (), is_exact=True)


def _differences(
    expected: Any, actual: Any, pointer: str, declared: Collection[str], *, is_exact: bool = False
) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if name in actual:
                yield from _differences(value, actual[name], join(pointer, name), (), is_exact=is_exact)
            elif name in declared and value is not None:
                yield Difference(join(pointer, name), value, None, is_missing=True)
    elif isinstance(expected, list) and isinstance(actual, list):
        if not _same_items(expected, actual, is_exact=is_exact):
            yield Difference(pointer, expected, actual)
    elif not _is_same(expected, actual, is_exact=is_exact):
        yield Difference(pointer, expected, actual)


def _same_items(expected: list[Any], actual: list[Any], *, is_exact: bool) -> bool:
    """Whether a list has the same items, in any order; a server may add some to a list of scalars sent."""
    if (
        0 < len(expected) < len(actual)
        and not is_exact
        and not any(isinstance(item, dict | list) for item in actual)
    ):
        return {*map(_key, expected)} <= {*map(_key, actual)}
    if len(expected) != len(actual):
        return False
    pairs = zip(expected, actual, strict=True)
    if all(not list(_differences(one, other, "", (), is_exact=is_exact)) for one, other in pairs):
        return True
    return sorted(map(_key, expected)) == sorted(map(_key, actual))


def _key(value: Any) -> bytes:
    return msgspec.json.encode(_normal(value) if isinstance(value, str) else value, order="sorted")


def _is_same(expected: Any, actual: Any, *, is_exact: bool) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool) or expected is None or actual is None:
        return expected is actual
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return expected == actual or abs(expected - actual) <= 1e-9 * max(abs(expected), abs(actual))
    if isinstance(expected, dict | list) or isinstance(actual, dict | list):
        return False
    one, other = str(expected), str(actual)
    is_equal = one == other if is_exact else _normal(one) == _normal(other)
    return is_equal or _same_number(one, other) or _same_instant(one, other)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold().rstrip("/")


def _same_number(one: str, other: str) -> bool:
    if not (_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)):
        return False
    return float(one) == float(other)


def _same_instant(one: str, other: str) -> bool:
    first, second = _instant(one), _instant(other)
    if first is None or second is None:
        return False
    return abs((first - second).total_seconds()) < 1


def _instant(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
