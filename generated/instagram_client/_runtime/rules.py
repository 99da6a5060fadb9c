"""The rules of an API for its input (x-rule), checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .unset import UNSET


class Rule(NamedTuple):
    """A part of a schema with a name, and a sentence for people."""

    name: str
    message: str
    schema: Mapping[str, Any]


def check(parameter: str, value: object, rules: Sequence[Rule]) -> None:
    """Raises RuleError for the first rule that the value violates; UNSET violates none."""
    from .errors import (
        RuleError,  # late: wirecheck reads the table below without httpx2
    )

    for rule in rules:
        if value is not UNSET and not satisfies(rule.schema, value):
            raise RuleError(parameter, rule.name, rule.message)


def satisfies(schema: Any, value: object) -> bool:
    """Whether the value is valid, by the keywords of JSON Schema in KEYWORDS; others are ignored."""
    if isinstance(schema, bool):
        return schema
    return all(
        is_valid(schema[word], value) for word, is_valid in KEYWORDS.items() if word in schema
    )


def _for_text(is_valid: Callable[[Any, str], bool]) -> Callable[[Any, object], bool]:
    return lambda expected, value: not isinstance(value, str) or is_valid(expected, value)


def _for_numbers(is_valid: Callable[[Any, float], bool]) -> Callable[[Any, object], bool]:
    return lambda expected, value: (
        isinstance(value, bool) or not isinstance(value, int | float) or is_valid(expected, value)
    )


KEYWORDS: dict[str, Callable[[Any, object], bool]] = {
    "enum": lambda expected, value: value in expected,
    "const": lambda expected, value: value == expected,
    "minLength": _for_text(lambda expected, text: len(text) >= expected),
    "maxLength": _for_text(lambda expected, text: len(text) <= expected),
    "pattern": _for_text(lambda expected, text: re.search(expected, text) is not None),
    "minimum": _for_numbers(lambda expected, number: number >= expected),
    "maximum": _for_numbers(lambda expected, number: number <= expected),
    "exclusiveMinimum": _for_numbers(lambda expected, number: number > expected),
    "exclusiveMaximum": _for_numbers(lambda expected, number: number < expected),
    "not": lambda schema, value: not satisfies(schema, value),
    "allOf": lambda schemas, value: all(satisfies(schema, value) for schema in schemas),
    "anyOf": lambda schemas, value: any(satisfies(schema, value) for schema in schemas),
    "oneOf": lambda schemas, value: sum(satisfies(schema, value) for schema in schemas) == 1,
}
