"""What a client lacks of a document: operations that cannot be generated, and parts of others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wirecheck.model import SpecError
from wirecheck.spec import Document, Operation, Origin, Reach, Spec, SpecProblem
from wirecheck.spec.document import tokens
from wirecheck.spec.structure import METHODS

_ESSENTIAL = re.compile(
    r"(?:/parameters/[^/]+(?:/(?:name|in|content(?:/[^/]+)?))?"
    r"|/requestBody(?:/content(?:/[^/]+)?)?"
    r"|/components/requestBodies/[^/]+(?:/content(?:/[^/]+)?)?)"
)
"""The places of a request without which it cannot be sent as the document means it."""


class MissingOperationsError(SpecError):
    """Operations cannot be generated; ``losses`` has a reason for each."""

    def __init__(self, losses: "Sequence[Loss]") -> None:
        where, _, what = str(losses[0]).partition(": ")
        count = f" (the first of {len(losses)} operations)" if losses[1:] else ""
        super().__init__(where, f"{what}{count}; --allow-missing leaves {'them' if losses[1:] else 'it'} out")
        self.losses = losses


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


def document_losses(spec: Spec) -> tuple[list[Loss], list[Loss]]:
    """The operations that are missing for a problem of the document, and all other problems that matter."""
    document = spec.document
    missing, partial = list[Loss](), list[Loss]()
    for problem in document.problems:
        if problem.usable:
            continue
        operations = [*_operations_without(spec, problem)]
        missing += [Loss(name, document.where(problem), problem.message) for name in operations]
        if not operations:
            partial.append(Loss(None, document.where(problem), problem.message))
    return missing, partial


def _operations_without(spec: Spec, problem: SpecProblem) -> Iterator[str]:
    """The operations that cannot be sent as the document means them, by method and path."""
    for pointer in (problem.pointer, *problem.also):
        path = tokens(pointer)
        if path[:1] == ("paths",) and len(path) == 2:
            yield path[1]
        elif path[:1] == ("paths",) and len(path) == 3 and path[2] in METHODS:
            yield f"{path[2].upper()} {path[1]}"
        elif any(pointer.endswith(match[0]) for match in _ESSENTIAL.finditer(pointer)):
            reach = Reach(spec.document)
            yield from (request_line(each) for each in spec.operations if _meets(reach, each, problem))


def _meets(reach: Reach, operation: Operation, problem: SpecProblem) -> bool:
    item = operation.pointer.rpartition("/")[0]
    return any(problem in reach.below(pointer) for pointer in (operation.pointer, f"{item}/parameters"))


def request_line(operation: Operation) -> str:
    return f"{operation.method} {operation.template}"


def own_loss(document: Document, operation: Operation, reason: str) -> Loss:
    """An operation that cannot be generated for a reason of the generator's own."""
    return Loss(request_line(operation), document.origin(operation.pointer), reason)


def without_missing(operations: Sequence[Operation], missing: Sequence[Loss]) -> Sequence[Operation]:
    """The operations that can be generated."""
    names = {loss.operation for loss in missing}
    return [each for each in operations if request_line(each) not in names and each.template not in names]
