"""What a client lacks for a reason of the generator's own, and the error for all that it lacks."""

from collections.abc import Sequence

from wirecheck.model import SpecError
from wirecheck.spec import Document, Operation
from wirecheck.spec.losses import Loss, request_line


class MissingOperationsError(SpecError):
    """Operations cannot be generated; ``losses`` has a reason for each."""

    def __init__(self, losses: "Sequence[Loss]") -> None:
        where, _, what = str(losses[0]).partition(": ")
        count = f" (the first of {len(losses)} operations)" if losses[1:] else ""
        super().__init__(where, f"{what}{count}; --allow-missing leaves {'them' if losses[1:] else 'it'} out")
        self.losses = losses


def own_loss(document: Document, operation: Operation, reason: str) -> Loss:
    """An operation that cannot be generated for a reason of the generator's own."""
    return Loss(request_line(operation), document.origin(operation.pointer), reason)
