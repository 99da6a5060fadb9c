"""The rules of an API for what is sent to it (x-rule), checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .errors import RuleError
from .unset import UNSET


class Rule(NamedTuple):
    """A part of a schema with a name, and a sentence for people."""

    name: str
    message: str
    schema: Mapping[str, Any]


def check(parameter: str, value: object, rules: Sequence[Rule]) -> None:
    """Raises RuleError for the first rule that the value breaks; what is not given breaks none."""
    for rule in rules:
        if value is not UNSET and not fits(rule.schema, value):
            raise RuleError(parameter, rule.name, rule.message)


def fits(schema: Any, value: object) -> bool:
    """Whether the value fits, by the keywords of JSON Schema in KEYWORDS; others are no matter."""
    if isinstance(schema, bool):
        return schema
    return all(holds(schema[word], value) for word, holds in KEYWORDS.items() if word in schema)


def _of_text(holds: Callable[[Any, str], bool]) -> Callable[[Any, object], bool]:
    return lambda wanted, value: not isinstance(value, str) or holds(wanted, value)


def _of_number(holds: Callable[[Any, float], bool]) -> Callable[[Any, object], bool]:
    return lambda wanted, value: (
        isinstance(value, bool) or not isinstance(value, int | float) or holds(wanted, value)
    )


KEYWORDS: dict[str, Callable[[Any, object], bool]] = {
    "enum": lambda wanted, value: value in wanted,
    "const": lambda wanted, value: value == wanted,
    "minLength": _of_text(lambda wanted, text: len(text) >= wanted),
    "maxLength": _of_text(lambda wanted, text: len(text) <= wanted),
    "pattern": _of_text(lambda wanted, text: re.search(wanted, text) is not None),
    "minimum": _of_number(lambda wanted, number: number >= wanted),
    "maximum": _of_number(lambda wanted, number: number <= wanted),
    "exclusiveMinimum": _of_number(lambda wanted, number: number > wanted),
    "exclusiveMaximum": _of_number(lambda wanted, number: number < wanted),
    "not": lambda schema, value: not fits(schema, value),
    "allOf": lambda schemas, value: all(fits(schema, value) for schema in schemas),
    "anyOf": lambda schemas, value: any(fits(schema, value) for schema in schemas),
    "oneOf": lambda schemas, value: sum(fits(schema, value) for schema in schemas) == 1,
}
