"""Where, in a value that fits one schema, values of schemas with invariants (x-invariants) stand."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from msgspec import Struct

from wirecheck.spec import Document, join
from wirecheck.spec.document import target

INVARIANTS = "x-invariants"

_Path = tuple[str | int, ...]
Matches = Callable[[str], bool]

Way = None | str | slice | Matches
"""Parts of a value: itself, the member with a name, some items, or the members whose names match."""

FitsSchema = Callable[[str, Any], bool]
"""Whether a value fits the schema at a pointer."""


class Occurrence(Struct, frozen=True):
    """A value of a schema with invariants: the pointer of that schema, and the path to the value."""

    schema: str
    path: _Path
    value: Any


class SchemaStep(Struct, frozen=True):
    """From a schema to one below it: some parts of its values are values of the schema ``goal``.

    Where there is a ``condition``, a schema, only those of values that fit it (or, unless ``fitting``,
    of those that do not).
    """

    goal: str
    way: Way = None
    condition: str | None = None
    fitting: bool = True


def _has_invariants(schema: Any) -> bool:
    return isinstance(schema, dict) and INVARIANTS in schema


class Occurrences:
    """Finds the values of schemas with invariants, or of others for which ``has_marks`` is true.

    What leads from a schema to others is worked out once, and only what leads to an invariant is
    kept: a value is looked at no further than invariants may apply. Schemas may be recursive.
    """

    def __init__(self, document: Document, has_marks: Callable[[Any], bool] = _has_invariants) -> None:
        self._document = document
        self._has_marks = has_marks
        self._steps: dict[str, tuple[SchemaStep, ...]] = {}  # by schema, of all that were explored
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
                    for key, part in reversed(_parts(step.way, value)):
                        pending.append((step.goal, path + key, part))

    def steps(self, schema: str) -> tuple[SchemaStep, ...]:
        """The steps from a schema that lead to invariants."""
        self._explore(schema)
        return self._steps[schema]

    def is_home(self, schema: str) -> bool:
        """Whether a schema has invariants, of those that were explored."""
        return schema in self._homes

    def _explore(self, schema: str) -> None:
        """Works out the steps from a schema, and from all below it, that lead to invariants."""
        if schema in self._steps:
            return
        steps = self._steps_below(schema)
        self._homes |= {pointer for pointer in steps if self._has_marks(self._document.get(pointer))}
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

    def _steps_below(self, schema: str) -> dict[str, list[SchemaStep]]:
        """All steps from a schema, and from those below it, that were not explored before."""
        steps: dict[str, list[SchemaStep]] = {}
        pending = [schema]
        while pending:
            pointer = pending.pop()
            if pointer not in steps and pointer not in self._steps:
                steps[pointer] = list(_steps(self._document, pointer))
                pending += [step.goal for step in steps[pointer]]
        return steps


def _steps(document: Document, pointer: str) -> Iterator[SchemaStep]:
    """From a schema to those that say something of its values, or of their members and items."""
    schema = document.get(pointer)
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield SchemaStep(target(schema["$ref"]))
    for index in range(len(schema.get("allOf", ()))):
        yield SchemaStep(join(pointer, "allOf", index))
    for keyword in ("anyOf", "oneOf"):
        for index in range(len(schema.get(keyword, ()))):
            branch = join(pointer, keyword, index)
            yield SchemaStep(branch, condition=branch)
    for keyword, fitting in (("then", True), ("else", False)):
        if keyword in schema and "if" in schema:
            yield SchemaStep(join(pointer, keyword), None, join(pointer, "if"), fitting)
    yield from _members(document, pointer, schema)
    first = len(schema.get("prefixItems", ()))
    for index in range(first):
        yield SchemaStep(join(pointer, "prefixItems", index), slice(index, index + 1))
    if "items" in schema:
        yield SchemaStep(join(pointer, "items"), slice(first, None))


def _members(document: Document, pointer: str, schema: dict[str, Any]) -> Iterator[SchemaStep]:
    names = schema.get("properties", {}).keys()
    matching = []
    for pattern in schema.get("patternProperties", {}):
        place = join(pointer, "patternProperties", pattern)
        matching.append(_matching(document, place, pattern))
        yield SchemaStep(place, matching[-1])
    for name in names:
        yield SchemaStep(join(pointer, "properties", name), name)
    if "additionalProperties" in schema:
        yield SchemaStep(join(pointer, "additionalProperties"), _others(names, matching))


def _matching(document: Document, place: str, pattern: str) -> Matches:
    """Whether a pattern matches a name; raises SpecError for one that cannot be read, once it decides."""

    def matches(name: str) -> bool:
        try:
            return re.search(pattern, name) is not None
        except re.error:
            what = "this pattern cannot be read, so where invariants apply is unknown"
            raise document.error(place, what) from None

    return matches


def _others(names: Collection[str], matching: Sequence[Matches]) -> Matches:
    """Whether a member of an object has another name."""
    return lambda name: name not in names and not any(matches(name) for matches in matching)


def _parts(way: Way, value: Any) -> list[tuple[_Path, Any]]:
    """Parts of a value, each with the path that leads to it."""
    match way:
        case None:
            return [((), value)]
        case slice():
            items = value[way] if isinstance(value, list) else ()
            return [((index,), item) for index, item in enumerate(items, way.start)]
        case str():
            return [((way,), value[way])] if isinstance(value, dict) and way in value else []
    members = value.items() if isinstance(value, dict) else ()
    return [((name,), part) for name, part in members if way(name)]
