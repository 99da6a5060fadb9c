"""How much work a value may be for the schema engine: an upper bound of its steps, counted in advance.

The engine evaluates each alternative of each alternative: schemas that refer to one another more than once
can multiply with each level of a value, as repetitions of a pattern can with one another.
"""

import math
import re
from typing import Any

import msgspec
from msgspec import Struct

from wirecheck.spec import Document, join
from wirecheck.spec.document import target

_USUAL = 300  # steps on one value
_LINEAR = 400  # repetitions within repetitions that the engine searches for quickly
_COUNT = re.compile(r"(\)?)\{(?:[0-9]{1,9},)?([0-9]{1,9})")
_BACKTRACKING = re.compile(r"\(\?<?[=!]|\\[1-9]")
_LOOKED_UP = ("unevaluatedProperties", "unevaluatedItems")


class _ExceededError(Exception):
    """A value takes more steps than it may."""


class _Parts(Struct):
    """The schemas within one, as pointers.

    Of the ``same`` value; of the members that are ``named``; of its ``others``, items among them; of members
    that match, whether they are named or not.
    """

    same: list[str] = []
    named: dict[str, list[str]] = {}
    others: list[str] = []
    matching: list[str] = []

    def all(self) -> list[str]:
        members = (pointer for pointers in self.named.values() for pointer in pointers)
        return [*self.same, *members, *self.others, *self.matching]


class Effort:
    """Counts steps with the schemas of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._most: dict[str, float] = {}  # steps on the most laborious part of a value
        self._parts: dict[str, _Parts] = {}

    def is_risky(self, schema: str) -> bool:
        """Whether a value may take many more steps than there are values in it."""
        if schema not in self._most:
            self._explore(schema)
        return self._most[schema] > _USUAL

    def exceeds(self, schema: str, value: Any, most: float) -> bool:
        """Whether a value may take more steps; also one that is nested too deeply to count."""
        if not self.is_risky(schema):
            return not _is_small(value, most) and size(value) > most
        try:
            return self._steps(schema, value, {}, most) > most
        except (RecursionError, _ExceededError):
            return True

    def _steps(self, pointer: str, value: Any, known: dict[tuple[str, int], float], most: float) -> float:
        """An upper bound of the steps; raises _ExceededError once it is certain to be above ``most``."""
        key = (pointer, id(value))
        if key in known:
            return known[key]
        if len(known) > most:  # each of them counts at least once
            raise _ExceededError
        known[key] = 0  # where a schema leads back to itself with the same value
        parts, schema = self._within(pointer), self._schema(pointer)
        steps = sum(self._steps(part, value, known, most) for part in parts.same)
        if isinstance(value, dict | list):
            if _is_looked_up(schema):
                steps *= 2 + len(value)  # each member is looked up in all of them
            members = value.items() if isinstance(value, dict) else (("", item) for item in value)
            for name, member in members:
                for part in (*parts.named.get(name, parts.others), *parts.matching):
                    steps += self._steps(part, member, known, most)
        known[key] = steps + 1 + _own(schema) * (len(value) if isinstance(value, str) else 1)
        return known[key]

    def _explore(self, schema: str) -> None:
        """Counts the steps on the most laborious part of a value, for a schema and all within it."""
        users = self._users(schema)
        missing = {pointer: _missing(self._within(pointer).all(), self._most) for pointer in users}
        ready = [pointer for pointer in users if not missing[pointer]]
        for pointer in ready:  # it grows: a schema comes after those within it
            self._most[pointer] = self._of(pointer)
            for user in users[pointer]:
                missing[user] -= 1
                if not missing[user]:
                    ready.append(user)
        circular = [pointer for pointer in users if pointer not in self._most]
        multiplies = any(self._multiplies(pointer) for pointer in circular)
        self._most |= {pointer: math.inf if multiplies else self._of(pointer) for pointer in circular}

    def _users(self, schema: str) -> dict[str, list[str]]:
        """For a schema and each one within it that is not counted yet, the schemas that it is within."""
        users: dict[str, list[str]] = {schema: []}
        pointers = [schema]
        for pointer in pointers:  # it grows
            for part in self._within(pointer).all():
                if part not in users and part not in self._most:
                    users[part] = []
                    pointers.append(part)
                if part in users:
                    users[part].append(pointer)
        return users

    def _multiplies(self, pointer: str) -> bool:
        """Whether more than one way leads on from a schema of a circle, for the same value or member."""
        parts, most = self._within(pointer), self._most
        by_name = max((_missing(named, most) for named in parts.named.values()), default=0)
        members = max(by_name, _missing(parts.others, most)) + _missing(parts.matching, most)
        return _missing(parts.same, most) + members > 1

    def _of(self, pointer: str) -> float:
        """The steps of a schema on the most laborious part of a value; those of circles count as 1."""
        parts, schema, most = self._within(pointer), self._schema(pointer), self._most
        same = sum(most.get(part, 1) for part in parts.same) * (4 if _is_looked_up(schema) else 1)
        named = (sum(most.get(part, 1) for part in parts) for parts in (*parts.named.values(), parts.others))
        members = max(named, default=0) + sum(most.get(part, 1) for part in parts.matching)
        return same + max(1, members) + 100 * _own(schema)

    def _within(self, pointer: str) -> _Parts:
        if pointer not in self._parts:
            schema = self._schema(pointer)
            self._parts[pointer] = _parts(pointer, schema) if isinstance(schema, dict) else _Parts()
        return self._parts[pointer]

    def _schema(self, pointer: str) -> Any:
        """The schema at a pointer, None where a reference leads nowhere."""
        try:
            return self._document.get(pointer)
        except KeyError:
            return None


def _is_looked_up(schema: Any) -> bool:
    return isinstance(schema, dict) and not schema.keys().isdisjoint(_LOOKED_UP)


def _missing(pointers: list[str], known: dict[str, float]) -> int:
    return sum(pointer not in known for pointer in pointers)


def _parts(pointer: str, schema: dict[str, Any]) -> _Parts:
    def below(*keywords: str) -> list[str]:
        """The schemas in keywords that have a list of them, or a map."""
        pointers = []
        for keyword in keywords:
            value = schema.get(keyword)
            if isinstance(value, list | dict):
                keys = range(len(value)) if isinstance(value, list) else value
                pointers += [join(pointer, keyword, key) for key in keys]
        return pointers

    def itself(*keywords: str) -> list[str]:
        return [join(pointer, keyword) for keyword in keywords if keyword in schema]

    references = (schema[keyword] for keyword in ("$ref", "$dynamicRef") if keyword in schema)
    led_to = [target(ref) for ref in references if isinstance(ref, str) and ref.startswith("#/")]
    properties = schema.get("properties")
    names = properties if isinstance(properties, dict) else ()
    composed = below("allOf", "anyOf", "oneOf", "dependentSchemas")
    return _Parts(
        same=[*led_to, *composed, *itself("not", "if", "then", "else")],
        named={name: [join(pointer, "properties", name)] for name in names},
        others=[*itself("additionalProperties", *_LOOKED_UP, "items"), *below("prefixItems")],
        matching=[*below("patternProperties"), *itself("contains")],
    )


def _own(schema: Any) -> float:
    """The steps that keywords with a search of their own take, for each character of a text."""
    if not isinstance(schema, dict):
        return 0
    names = schema.get("propertyNames")
    patterns = [schema.get("pattern"), names.get("pattern") if isinstance(names, dict) else None]
    by_pattern, options = schema.get("patternProperties"), schema.get("enum")
    patterns += by_pattern if isinstance(by_pattern, dict) else ()
    weights = [_weight(pattern) for pattern in patterns if isinstance(pattern, str)]
    return sum(weights) + (len(options) // 1000 if isinstance(options, list) else 0)


def _weight(pattern: str) -> float:
    if _BACKTRACKING.search(pattern):
        return 10
    single, nested = 1, 1
    for close, count in _COUNT.findall(pattern):
        nested *= int(count) if close else 1
        single = single if close else max(single, int(count))
    return single * nested / 100 if single * nested > _LINEAR else 0


def _is_small(value: Any, most: float) -> bool:
    """Whether a value is small for certain: as JSON, each value and each character takes at least a byte."""
    try:
        return len(msgspec.json.encode(value)) <= most
    except (ValueError, RecursionError):
        return False


def size(value: Any, *, with_texts: bool = True) -> int:
    """The number of values in a value and, unless ``with_texts`` is false, of the characters of its texts."""
    total, pending = 0, [value]
    while pending:
        total += 1
        members = pending.pop()
        if isinstance(members, str):
            total += len(members) if with_texts else 0
        elif isinstance(members, dict | list):
            pending.extend(members.values() if isinstance(members, dict) else members)
    return total
