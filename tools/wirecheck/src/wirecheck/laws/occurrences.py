"""Where, in a value that fits one schema, values of schemas with invariants (x-invariants) stand."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.spec import Document, join
from wirecheck.spec.document import target

INVARIANTS = "x-invariants"

_Path = tuple[str | int, ...]
_Parts = Iterable[tuple[_Path, Any]]
"""Parts of a value, each with the path that leads to it."""

_Matches = Callable[[str], bool]

FitsSchema = Callable[[str, Any], bool]
"""Whether a value fits the schema at a pointer."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A value of a schema with invariants: the pointer of that schema, and the path to the value."""

    schema: str
    path: _Path
    value: Any


@dataclass(frozen=True, slots=True)
class _Step:
    """From a schema to one below it: ``parts`` of its values are values of the schema ``goal``.

    Where there is a ``condition``, a schema, only those of values that fit it (or, unless ``fitting``,
    of those that do not).
    """

    goal: str
    parts: Callable[[Any], _Parts]
    condition: str | None = None
    fitting: bool = True


def _has_invariants(schema: Any) -> bool:
    return isinstance(schema, dict) and INVARIANTS in schema


class Occurrences:
    """Finds the values of schemas with invariants, or of others for which ``is_home`` is true.

    What leads from a schema to others is worked out once, and only what leads to an invariant is
    kept: a value is looked at no further than invariants may apply. Schemas may be recursive.
    """

    def __init__(self, document: Document, is_home: Callable[[Any], bool] = _has_invariants) -> None:
        self._document = document
        self._is_home = is_home
        self._steps: dict[str, tuple[_Step, ...]] = {}  # by schema, of all that were explored
        self._leading = set[str]()  # those from which steps lead to them, and they themselves
        self._homes = set[str]()  # the schemas among them that have invariants

    def homes(self, schema: str) -> list[str]:
        """Pointers of the schemas with invariants that values of a schema may contain, or be."""
        self._explore(schema)
        pointers = [schema]
        for pointer in pointers:  # it grows
            pointers += [step.goal for step in self._steps[pointer] if step.goal not in pointers]
        return [pointer for pointer in dict.fromkeys(pointers) if pointer in self._homes]

    def find(self, schema: str, value: Any, fits: FitsSchema) -> Iterator[Occurrence]:
        """Everything in a value of a schema that has invariants, each once, parents before their parts.

        Of ``anyOf``, ``oneOf``, ``then`` and ``else`` only what ``fits`` says applies to the value.
        """
        self._explore(schema)
        pending: list[tuple[str, _Path, Any]] = [(schema, (), value)]
        visited = set[tuple[str, _Path]]()
        while pending:
            pointer, path, value = pending.pop()
            if (pointer, path) in visited:
                continue
            visited.add((pointer, path))
            if pointer in self._homes:
                yield Occurrence(pointer, path, value)
            for step in reversed(self._steps[pointer]):
                if step.condition is None or fits(step.condition, value) is step.fitting:
                    parts = [(step.goal, path + way, part) for way, part in step.parts(value)]
                    pending += reversed(parts)

    def _explore(self, schema: str) -> None:
        """Works out the steps from a schema, and from all below it, that lead to invariants."""
        if schema in self._steps:
            return
        steps = self._steps_below(schema)
        self._homes |= {pointer for pointer in steps if self._is_home(self._document.get(pointer))}
        leading = self._leading
        leading |= self._homes & steps.keys()
        grown = True
        while grown:
            further = {
                pointer
                for pointer in steps.keys() - leading
                if any(step.goal in leading for step in steps[pointer])
            }
            leading |= further
            grown = bool(further)
        for pointer, all_steps in steps.items():
            self._steps[pointer] = tuple(step for step in all_steps if step.goal in leading)

    def _steps_below(self, schema: str) -> dict[str, list[_Step]]:
        """All steps from a schema, and from those below it, that were not explored before."""
        steps: dict[str, list[_Step]] = {}
        pending = [schema]
        while pending:
            pointer = pending.pop()
            if pointer not in steps and pointer not in self._steps:
                steps[pointer] = list(_steps(self._document, pointer))
                pending += [step.goal for step in steps[pointer]]
        return steps


def _steps(document: Document, pointer: str) -> Iterator[_Step]:
    """From a schema to those that say something of its values, or of their members and items."""
    schema = document.get(pointer)
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield _Step(target(schema["$ref"]), _whole)
    for index in range(len(schema.get("allOf", ()))):
        yield _Step(join(pointer, "allOf", index), _whole)
    for keyword in ("anyOf", "oneOf"):
        for index in range(len(schema.get(keyword, ()))):
            branch = join(pointer, keyword, index)
            yield _Step(branch, _whole, branch)
    for keyword, fitting in (("then", True), ("else", False)):
        if keyword in schema and "if" in schema:
            yield _Step(join(pointer, keyword), _whole, join(pointer, "if"), fitting)
    yield from _members(document, pointer, schema)
    first = len(schema.get("prefixItems", ()))
    for index in range(first):
        yield _Step(join(pointer, "prefixItems", index), _items(index, index + 1))
    if "items" in schema:
        yield _Step(join(pointer, "items"), _items(first, None))


def _members(document: Document, pointer: str, schema: dict[str, Any]) -> Iterator[_Step]:
    names = schema.get("properties", {}).keys()
    matching = []
    for pattern in schema.get("patternProperties", {}):
        place = join(pointer, "patternProperties", pattern)
        matching.append(_matching(document, place, pattern))
        yield _Step(place, _named_like(matching[-1]))
    for name in names:
        yield _Step(join(pointer, "properties", name), _named(name))
    if "additionalProperties" in schema:
        yield _Step(join(pointer, "additionalProperties"), _others(names, matching))


def _matching(document: Document, place: str, pattern: str) -> _Matches:
    """Whether a pattern matches a name; raises SpecError for one that cannot be read, once it decides."""

    def matches(name: str) -> bool:
        try:
            return re.search(pattern, name) is not None
        except re.error:
            what = "this pattern cannot be read, so where invariants apply is unknown"
            raise document.error(place, what) from None

    return matches


def _whole(value: Any) -> _Parts:
    return [((), value)]


def _named(name: str) -> Callable[[Any], _Parts]:
    """The member of an object with a name."""
    return lambda value: [((name,), value[name])] if isinstance(value, dict) and name in value else []


def _named_like(matches: _Matches) -> Callable[[Any], _Parts]:
    """The members of an object with names that match."""
    return lambda value: [((name,), part) for name, part in _members_of(value) if matches(name)]


def _others(names: Collection[str], matching: Sequence[_Matches]) -> Callable[[Any], _Parts]:
    """The members of an object with other names."""
    return lambda value: [
        ((name,), part)
        for name, part in _members_of(value)
        if name not in names and not any(matches(name) for matches in matching)
    ]


def _members_of(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()


def _items(first: int, end: int | None) -> Callable[[Any], _Parts]:
    """The items of an array from one index on, up to another if there is one."""

    def parts(value: Any) -> _Parts:
        items = value[first:end] if isinstance(value, list) else ()
        return [((index,), item) for index, item in enumerate(items, first)]

    return parts
