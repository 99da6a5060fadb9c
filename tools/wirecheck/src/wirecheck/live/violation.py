"""What clients raise or warn of when an exchange violates the document."""

from collections.abc import Sequence
from enum import StrEnum

from wirecheck.model import Finding


class OnViolation(StrEnum):
    """What a client does once an exchange violated the document, besides collecting what was found."""

    RAISE = "raise"
    WARN = "warn"
    COLLECT = "collect"


class ViolationError(AssertionError):
    """An exchange violates the document; ``findings`` are the errors that say how."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(_message(findings))
        self.findings = tuple(findings)

    def __reduce__(self) -> tuple[type["ViolationError"], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)


class ViolationWarning(UserWarning):
    """An exchange violates the document."""


def _message(findings: Sequence[Finding]) -> str:
    first, others = findings[0], len(findings) - 1
    more = f" (and {others} more)" if others else ""
    return (
        f"{first.method} {first.path}: {first.status}: {first.message} [{first.check}], "
        f"defined at {first.spec_file}:{first.line}{more}"
    )
