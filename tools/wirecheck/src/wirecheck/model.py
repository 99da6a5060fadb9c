"""The values that the packages exchange, and the errors that they raise."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct


class Severity(StrEnum):
    """How severe a finding is, the most severe first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Side(StrEnum):
    """Which side is at fault: the request (the client) or the response (the server)."""

    REQUEST = "request"
    RESPONSE = "response"


Headers = tuple[tuple[str, str], ...]
"""Name and value of each header, in the order of the wire; names in lower case."""

_MAY_BE_SECRET = frozenset({"url", "request_headers", "request_body", "response_headers", "response_body"})


class Exchange(Struct, frozen=True, kw_only=True):
    """One request and its response, as they stood on the wire.

    Bodies are bytes without content coding. A body of None and empty headers mean "not
    recorded": nothing is concluded from them, nor from a query where ``has_query`` is
    false. ``elapsed`` is in seconds, None when it was
    not measured. ``source`` says where to look (``traffic.har#12``), ``entry`` is the
    position in the recording, counted from 0. ``resource`` is what a browser requested it as, in
    lower case (``document``, ``script``, ``fetch``), ``synthetic`` where a script in the browser made
    the response, empty where that is unknown. ``operation`` names the operation where only the response was
    recorded: ``url`` is then its template, and nothing is concluded from the request. ``error`` says why an
    entry of a recording could not be read, whose other fields mean nothing. Fields that may contain a secret
    are left out of the repr.
    """

    source: str
    entry: int
    method: str
    url: str
    has_query: bool = True
    status: int
    request_headers: Headers = ()
    request_body: bytes | None = None
    response_headers: Headers = ()
    response_body: bytes | None = None
    elapsed: float | None = None
    resource: str = ""
    operation: str = ""
    error: str = ""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What is shown, also by the library rich."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__ if name not in _MAY_BE_SECRET]

    def __repr__(self) -> str:
        return f"Exchange({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"


class Violation(Struct, frozen=True):
    """What a check found wrong; the judge makes a Finding of it.

    ``spec_pointer`` is the JSON pointer of what is violated in the document, without ``#``.
    ``pointer`` is the JSON pointer into the body, None when the violation is not in a body.
    ``severity`` is set only where it differs from the severity of the check. ``kind`` tells it apart
    from others of the check at that place of the body, in words that outlast a rearrangement of the
    document: a keyword, the name of a parameter, of a rule or of a law.
    """

    message: str
    spec_pointer: str
    pointer: str | None = None
    severity: Severity | None = None
    kind: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """One violation with its place, as docs/report.schema.json describes it. It contains no secret."""

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
    spec_file: str
    spec_pointer: str
    line: int
    message: str
    fingerprint: str
    query: str = ""


class MarkedLines(Struct, frozen=True, kw_only=True):
    """Some lines of a text, none of them long.

    ``marked`` are those that a finding is about: the indices of the first and of the one behind the last, the
    same where there is none. ``first`` is the number of the first line within its text, None where lines
    between them are left out.
    """

    lines: tuple[str, ...]
    marked: tuple[int, int] = (0, 0)
    first: int | None = None


class Evidence(Struct, frozen=True, kw_only=True):
    """What a report shows of the exchange of a finding. It contains no secret, and is a few KB at most.

    ``curl`` are lines for bash that repeat the request. ``body`` is an excerpt of the body of the side that
    is at fault, None where it has none that can be shown; ``body_note`` says what that body is. ``document``
    are the lines of the document that are violated, None where they cannot be read again.
    """

    curl: str
    body: MarkedLines | None
    body_note: str
    request_headers: Headers
    response_headers: Headers
    elapsed: float | None
    document: MarkedLines | None


class DocumentProblem(Struct, frozen=True, kw_only=True):
    """What cannot be used of the document, and how many exchanges were not fully judged for it.

    ``pointer`` is a JSON pointer with ``#``, into the file.
    """

    file: str
    line: int
    pointer: str
    message: str
    exchanges: int


class KnownFinding(Struct, frozen=True, kw_only=True):
    """A finding of an earlier run that is accepted, why, and up to which day."""

    fingerprint: str
    check: str
    operation: str | None = None
    message: str
    reason: str = ""
    expires: date | None = None


class FindingStore(Protocol):
    """Findings in the order of the exchanges; may be iterated more than once."""

    def __iter__(self) -> Iterator[Finding]: ...


class EvidenceStore(Protocol):
    """The evidence of the first findings of each kind."""

    def of(self, finding: Finding) -> Evidence | None: ...


class Report(Struct, frozen=True, kw_only=True):
    """The result of judging recordings.

    ``operations`` maps every operation of the document to the number of its exchanges;
    ``unmatched`` exchanges belong to no operation, ``partial`` ones were not fully judged, because of
    ``problems``. ``severities`` and ``checks`` count the findings. Exchanges that were not judged are
    counted by the name of their host in ``other_hosts``, or else by the reason in ``skipped``; all of
    them are unmatched. ``unreadable`` names the first entry that could not be read, and why.
    ``known`` counts what is not among the findings because a baseline has it, by fingerprint; of that
    baseline, ``resolved`` was not found again, and ``expired`` is accepted no longer. A report that was
    ``interrupted`` is about the exchanges up to then. ``failing`` are the severities that count as
    violations, ``not_run`` the checks that were left out. ``recordings`` are the names of what the exchanges
    are from, the first ones of many. ``evidence`` is None where no report needs it.
    """

    spec: str
    title: str
    version: str
    exchanges: int
    unmatched: int
    partial: int
    problems: tuple[DocumentProblem, ...]
    operations: dict[str, int]
    severities: dict[Severity, int]
    checks: dict[str, int]
    findings: FindingStore
    other_hosts: dict[str, int] = {}
    skipped: dict[str, int] = {}
    unreadable: str = ""
    known: dict[str, int] = {}
    resolved: tuple[KnownFinding, ...] = ()
    expired: tuple[KnownFinding, ...] = ()
    interrupted: bool = False
    failing: tuple[Severity, ...] = (Severity.ERROR,)
    not_run: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    evidence: EvidenceStore | None = None

    @property
    def checked(self) -> int:
        """The number of exchanges that were not left out, whether or not they belong to an operation."""
        return self.exchanges - sum(self.other_hosts.values()) - sum(self.skipped.values())

    @property
    def baselined(self) -> int:
        """The number of findings that the baseline has."""
        return sum(self.known.values())

    @property
    def judged(self) -> int:
        """The number of exchanges that belong to an operation."""
        return self.exchanges - self.unmatched


class WirecheckError(Exception):
    """Unusable input: no verdict is possible, and the exit code is 2.

    ``where`` names the file, the entry and the place, as far as they are known.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


class SpecError(WirecheckError):
    """The OpenAPI document cannot be found, read or used."""


class RecordingError(WirecheckError):
    """A recording cannot be read."""


class LimitError(WirecheckError):
    """An exchange or a value takes more time or memory than it may: it is not judged."""


class OutputError(WirecheckError):
    """A result cannot be written to the requested place."""


class TargetError(WirecheckError):
    """A server cannot be tested: it does not respond, or too little is known about it."""
