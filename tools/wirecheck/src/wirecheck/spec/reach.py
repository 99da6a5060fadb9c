"""Which problems of a document something in it meets: at its own place, below it, or by a reference."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from wirecheck.spec.document import Document, SpecProblem, target


class Reach:
    """The problems that keep parts of a document from being used."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._problems = sorted(
            (problem for problem in document.problems if not problem.usable), key=lambda each: each.pointer
        )
        self._pointers = [problem.pointer for problem in self._problems]
        self._known: dict[str, frozenset[SpecProblem]] = {}

    def __bool__(self) -> bool:
        return bool(self._problems)

    def at(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems at a pointer itself."""
        return frozenset(problem for problem in self._below(pointer) if problem.pointer == pointer)

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

    def _below(self, pointer: str) -> Iterator[SpecProblem]:
        index = bisect_left(self._pointers, pointer)
        while index < len(self._pointers) and self._pointers[index].startswith(pointer):
            if self._pointers[index] == pointer or self._pointers[index].startswith(f"{pointer}/"):
                yield self._problems[index]
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
