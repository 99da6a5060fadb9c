"""The values that everything else passes around, and the errors it raises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Severity(StrEnum):
    """How grave a broken promise is, gravest first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Side(StrEnum):
    """Who broke the promise: the one that asked, or the one that answered."""

    REQUEST = "request"
    RESPONSE = "response"


Headers = tuple[tuple[str, str], ...]
"""Name and value of each header in the order of the wire, names in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, as they stood on the wire.

    Bodies are bytes without content coding. None in place of a body, and an empty
    tuple in place of headers, mean "not recorded": nothing is concluded from them.
    ``elapsed`` is in seconds, None when nobody measured. ``source`` says where to
    look: ``traffic.har#12``; ``entry`` is that position, counted from 0. What may
    hold a secret is left out of the repr.
    """

    source: str
    entry: int
    method: str
    url: str = field(repr=False)
    status: int
    request_headers: Headers = field(default=(), repr=False)
    request_body: bytes | None = field(default=None, repr=False)
    response_headers: Headers = field(default=(), repr=False)
    response_body: bytes | None = field(default=None, repr=False)
    elapsed: float | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """What a check found wrong; the judge adds who, where and how grave.

    ``promise`` is the pointer in the document where the promise stands, as a URI
    fragment without the ``#``. ``pointer`` is the JSON pointer into the body, None
    when the breach is not in a body. ``severity`` is set only where one breach is
    graver or lighter than its check.
    """

    message: str
    spec_pointer: str
    pointer: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken promise, as docs/report.schema.json describes it. It holds no secret."""

    source: str
    entry: int
    check: str
    severity: Severity
    side: Side
    operation: str | None
    method: str
    path: str
    status: int
    pointer: str | None
    spec_pointer: str
    line: int
    message: str
    fingerprint: str


class FindingStore(Protocol):
    """Findings in the order they were found; may be iterated more than once."""

    def __iter__(self) -> Iterator[Finding]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What judging recordings gave.

    ``operations`` has every operation of the document with the number of exchanges that
    belonged to it; ``unmatched`` exchanges belonged to none. ``severities`` and ``checks``
    count the findings.
    """

    spec: str
    title: str
    version: str
    exchanges: int
    unmatched: int
    operations: dict[str, int]
    severities: dict[Severity, int]
    checks: dict[str, int]
    findings: FindingStore

    @property
    def judged(self) -> int:
        """How many exchanges belonged to an operation."""
        return self.exchanges - self.unmatched


class WirecheckError(Exception):
    """Input that cannot be used: no verdict is possible, the exit code is 2.

    ``where`` names file, entry and place as far as they are known.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class SpecError(WirecheckError):
    """The OpenAPI document cannot be read, or is none."""


class RecordingError(WirecheckError):
    """A recording cannot be read."""


class OutputError(WirecheckError):
    """A result cannot be written where it was asked for."""


class TargetError(WirecheckError):
    """A server cannot be tested: it does not answer, or too little is known of it."""
