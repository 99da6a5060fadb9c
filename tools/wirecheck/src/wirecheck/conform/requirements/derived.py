"""Requirements without any extension: what each needs of a document, and which standard demands it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wirecheck.conform.outcome import Requirement
from wirecheck.conform.protocols import Tester
from wirecheck.resources import Resource
from wirecheck.spec import Operation, Spec

Applies = Callable[[Spec, Operation], bool]


@dataclass(frozen=True, slots=True)
class OfResource:
    """A requirement on each resource that has the operations it ``needs``; it belongs to the first of them.

    ``applies`` says whether the document supports it for such a resource.

    ``source`` is the sentence of a standard or of the document that demands it.
    """

    kind: str
    what: str
    source: str
    needs: tuple[str, ...]
    test: Callable[[Tester, Resource], None] = field(repr=False)
    when: Callable[[Resource], bool] = field(repr=False)

    def requirements(self, resources: Mapping[str, Resource]) -> Iterator[Requirement]:
        for resource in resources.values():
            operations: list[Operation | None] = [getattr(resource, name) for name in self.needs]
            if operations[0] is not None and None not in operations and self.when(resource):
                test = _Bound(self.test, resource)
                yield Requirement(operations[0].name, self.kind, self.what, test, self.source)


@dataclass(frozen=True, slots=True)
class OfOperation:
    """A requirement on each operation to which it ``applies``."""

    kind: str
    what: str
    source: str
    applies: Applies = field(repr=False)
    test: Callable[[Tester, Operation], None] = field(repr=False)

    def requirements(self, spec: Spec) -> Iterator[Requirement]:
        for operation in spec.operations:
            if self.applies(spec, operation):
                test = _Bound(self.test, operation)
                yield Requirement(operation.name, self.kind, self.what, test, self.source)


def of_resource(
    kind: str, what: str, source: str, *needs: str, when: Callable[[Resource], bool] = lambda _: True
) -> Callable[[Callable[[Tester, Resource], None]], OfResource]:
    """Makes a requirement of a function, on resources with the operations it needs, ``when`` it applies."""
    return lambda test: OfResource(kind, what, source, needs, test, when)


def of_operation(
    kind: str, what: str, source: str, applies: Applies
) -> Callable[[Callable[[Tester, Operation], None]], OfOperation]:
    """Makes a requirement on operations of a function."""
    return lambda test: OfOperation(kind, what, source, applies, test)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A test of one resource or operation."""

    test: Callable[[Tester, Any], None]
    subject: Any

    def __call__(self, session: Tester) -> None:
        self.test(session, self.subject)
