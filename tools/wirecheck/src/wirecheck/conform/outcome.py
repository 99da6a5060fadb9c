"""Requirements of a document, and what became of testing them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from wirecheck.conform.protocols import Tester


class State(StrEnum):
    """The outcome of testing a requirement."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"


WITHOUT_CREDENTIALS = "rejects requests without credentials"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that the document requires of a server.

    ``kind`` groups requirements, ``what`` completes the sentence "the server ...". ``test`` records
    violations in the session, or raises InconclusiveError. ``source`` is the sentence of a standard that
    demands it, empty where the document does.
    """

    operation: str
    kind: str
    what: str
    test: Callable[[Tester], None] = field(repr=False)
    source: str = ""

    @property
    def needs_credentials(self) -> bool:
        """Whether nothing can be said of an operation that requires credentials if none are known."""
        return self.what != WITHOUT_CREDENTIALS

    @property
    def name(self) -> str:
        """Unique and stable: the id of a test, and the key of a saved reproduction."""
        return f"{self.operation}: {self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A violation with the request that shows it (a command without secrets).

    ``status`` is that of the response, None if there was none.
    """

    message: str
    spec_pointer: str
    request: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of testing a requirement, which took some ``seconds``.

    ``reason`` says why it is inconclusive.
    """

    requirement: Requirement
    state: State
    counterexamples: tuple[Counterexample, ...] = ()
    reason: str = ""
    seconds: float = field(default=0.0, compare=False)
