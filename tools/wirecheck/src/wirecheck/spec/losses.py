"""What a client lacks of a document for its problems: operations that cannot be sent, and parts of others."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.spec.document import Document, Origin, join, target, tokens
from wirecheck.spec.operations import Operation


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a client lacks, and where the document says what the reason is.

    ``operation`` is method and path of an operation that is missing as a whole, None for a part of what
    is there: it is untyped, or not sent.
    """

    operation: str | None
    origin: Origin
    reason: str

    def __str__(self) -> str:
        what = f"{self.operation} cannot be generated: " if self.operation else ""
        return f"{self.origin.file}:{self.origin.line}: {what}#{self.origin.pointer}: {self.reason}"


def document_losses(document: Document, operations: Sequence[Operation]) -> tuple[list[Loss], list[Loss]]:
    """The operations that are missing for a problem of the document, and all other problems that matter."""
    needing = _needing(document, operations)
    missing, partial = list[Loss](), list[Loss]()
    for problem in document.problems:
        if problem.usable:
            continue
        names = [name for place in (problem.pointer, *problem.also) for name in _without(place, needing)]
        missing += [Loss(name, document.where(problem), problem.message) for name in dict.fromkeys(names)]
        if not names:
            partial.append(Loss(None, document.where(problem), problem.message))
    return missing, partial


def request_line(operation: Operation) -> str:
    """Method and path."""
    return f"{operation.method} {operation.template}"


def without_missing(operations: Sequence[Operation], missing: Sequence[Loss]) -> Sequence[Operation]:
    """The operations that can be generated."""
    names = {loss.operation for loss in missing}
    return [each for each in operations if request_line(each) not in names and each.template not in names]


def _without(pointer: str, needing: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The operations that cannot be sent as the document means them, without what stands at a pointer."""
    owner, *path = (*tokens(pointer), "")
    if owner == "paths" and len(path) == 2:  # all operations of a path
        yield path[0]
    else:
        yield from needing.get(pointer, ())


def _needing(document: Document, operations: Sequence[Operation]) -> Mapping[str, Sequence[str]]:
    """The operations by the places without which they cannot be sent."""
    needing = defaultdict[str, list[str]](list)
    for operation in operations:
        for pointer in dict.fromkeys(_essential(document, operation.pointer)):
            needing[pointer].append(request_line(operation))
    return needing


def _essential(document: Document, operation: str) -> Iterator[str]:
    """The places of a request without which it cannot be sent as the document means it."""
    yield operation
    for owner in (operation, operation.rpartition("/")[0]):
        parameters = join(owner, "parameters")
        yield parameters
        for index in range(len(_at(document, parameters) or ())):
            for pointer in _chain(document, join(parameters, index)):
                yield from (pointer, join(pointer, "name"), join(pointer, "in"))
                yield from _content(document, pointer)
    for pointer in _chain(document, join(operation, "requestBody")):
        yield pointer
        yield from _content(document, pointer)


def _content(document: Document, owner: str) -> Iterator[str]:
    content = join(owner, "content")
    yield content
    for name in _at(document, content) or ():
        yield from _chain(document, join(content, name))


def _chain(document: Document, pointer: str) -> Iterator[str]:
    """A pointer, and where the references lead that start there."""
    visited = dict[str, None]()
    while pointer not in visited:
        visited[pointer] = None
        value = _at(document, pointer)
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            pointer = target(value["$ref"])
    yield from visited


def _at(document: Document, pointer: str) -> Any:
    try:
        return document.get(pointer)
    except KeyError:
        return None
