"""Whether what arrived is what was passed, as far as texts can say that."""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any


def same(given: Any, arrived: Any) -> bool:
    """Whether a value is what was passed: texts stand for scalars, one item for a list of one."""
    if isinstance(given, bytes):
        return isinstance(arrived, str | bytes)
    if isinstance(given, dict):
        return isinstance(arrived, dict) and _same_members(given, arrived)
    if isinstance(given, list) or isinstance(arrived, list):
        return _same_items(_items(given), _items(arrived))
    return _text(given) == _text(arrived) or _moment(given) == _moment(arrived) is not None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _same_items(given: list[Any], arrived: list[Any]) -> bool:
    return len(given) == len(arrived) and all(map(same, given, arrived))


def _same_members(given: Mapping[str, Any], arrived: Mapping[str, Any]) -> bool:
    """Whether two objects have the same members; null is as good as none."""
    names = {name for members in (given, arrived) for name, value in members.items() if value is not None}
    return all(name in given and name in arrived and same(given[name], arrived[name]) for name in names)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d|\d\d:\d\d", value):
        return None
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


def difference(given: Any, arrived: Any, path: str = "") -> str:
    """The first place where two values differ, in words."""
    if isinstance(given, dict) and isinstance(arrived, dict):
        return _of_members(given, arrived, path)
    if isinstance(given, list) and isinstance(arrived, list) and len(given) == len(arrived):
        return _of_items(given, arrived, path)
    return f"{path or 'all of it'}: {given!r:.80} as {arrived!r:.80}"


def _of_members(given: Mapping[str, Any], arrived: Mapping[str, Any], path: str) -> str:
    for name in [*given, *arrived]:
        if name not in arrived:
            return f"{path}/{name} is lost"
        if name not in given:
            return f"{path}/{name} is added: {arrived[name]!r:.80}"
        if not same(given[name], arrived[name]):
            return difference(given[name], arrived[name], f"{path}/{name}")
    return f"{path} differs"


def _of_items(given: Sequence[Any], arrived: Sequence[Any], path: str) -> str:
    for item, other in zip(given, arrived, strict=True):
        if not same(item, other):
            return difference(item, other, f"{path}/*")
    return f"{path} differs"
