"""Which problems of a document something in it meets: at its own place, below it, or by a reference."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from wirecheck.spec.document import Document, SpecProblem, target

# Members whose absence violates what the object around them requires.
_MEMBERS = ("content", "responses", "not")
# Keywords that reject more where something below them was left out, or below others beside them.
_NEGATIVE = frozenset({"not", "oneOf"})
_UNEVALUATED = ("properties", "patternProperties", "prefixItems", "items", "allOf", "anyOf", "oneOf", "$ref")
_SIBLINGS = {
    "additionalProperties": ("properties", "patternProperties"),
    "unevaluatedProperties": _UNEVALUATED,
    "unevaluatedItems": _UNEVALUATED,
    "items": ("prefixItems",),
    "then": ("if",),
    "else": ("if",),
}


class Reach:
    """The problems that keep parts of a document from being used."""

    def __init__(self, document: Document) -> None:
        self._document = document
        places = (
            (place, problem)
            for problem in document.problems
            if not problem.usable
            for place in (problem.pointer, *problem.also)
        )
        self._problems = sorted(places, key=lambda entry: entry[0])
        self._pointers = [place for place, _ in self._problems]
        self._known: dict[str, frozenset[SpecProblem]] = {}

    def __bool__(self) -> bool:
        return bool(self._problems)

    def at(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems at a pointer itself."""
        return frozenset(
            problem for problem in self._below(pointer) if pointer in (problem.pointer, *problem.also)
        )

    def below(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems at a pointer, below it, and where references below it lead."""
        if not self._problems:
            return frozenset()
        if pointer not in self._known:
            pending, visited, met = [pointer], {pointer}, set[SpecProblem]()
            while pending:
                at = pending.pop()
                met.update(self._below(at))
                for ref in self._references(at):
                    if ref not in visited:
                        visited.add(ref)
                        pending.append(ref)
            self._known[pointer] = frozenset(met)
        return self._known[pointer]

    def decides(self, pointer: str) -> bool:
        """Whether a violation of what stands at a pointer may only stem from what was left out."""
        places = [pointer, *(pointer.rsplit("/", up)[0] for up in range(1, pointer.count("/")))]
        if any(self.at(f"{pointer}/{member}") for member in _MEMBERS):
            return True
        for place in places:
            parent, _, keyword = place.rpartition("/")
            if self.at(place) or (keyword in _NEGATIVE and self.below(place)):
                return True
            if any(self.below(f"{parent}/{sibling}") for sibling in _SIBLINGS.get(keyword, ())):
                return True
        return False

    def _below(self, pointer: str) -> Iterator[SpecProblem]:
        index = bisect_left(self._pointers, pointer)
        while index < len(self._pointers) and self._pointers[index].startswith(pointer):
            if self._pointers[index] == pointer or self._pointers[index].startswith(f"{pointer}/"):
                yield self._problems[index][1]
            index += 1

    def _references(self, pointer: str) -> Iterator[str]:
        try:
            pending: list[Any] = [self._document.get(pointer)]
        except KeyError:
            return
        while pending:
            value = pending.pop()
            if isinstance(value, dict):
                if isinstance(ref := value.get("$ref"), str) and ref.startswith("#"):
                    yield target(ref)
                pending += value.values()
            elif isinstance(value, list):
                pending += value
