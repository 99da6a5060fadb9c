"""Values inside parsed JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901), None if there is none."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return None
    return document


def first_string(document: Any, pointers: Iterable[str]) -> str | None:
    """The first string at one of the pointers."""
    values = (at(document, pointer) for pointer in pointers)
    return next((value for value in values if isinstance(value, str)), None)
