"""A case: a request about to be sent, in the terms of the document."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wirecheck.model import TargetError
from wirecheck.spec import Operation

READS = {"GET", "HEAD", "OPTIONS"}
GONE = {404, 410}
OF_ACCESS = {401, 403}
UNDECIDED = OF_ACCESS | {429}
"""Statuses that say nothing of what a request is about."""
KNOWN_REJECTED = "a request with known values is rejected"
READ_ONLY = "it writes, and this session is read-only (see --write, --read-only)"
NOT_UNDOABLE = "no known write can be undone: give --values of other resources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request about to be sent, in the terms of the document.

    ``parameters`` are by location and name. ``credentials`` are by security scheme, None for those
    of the session. ``method`` overrides that of the operation, ``media_type`` the preferred one of
    the body; ``content`` is the body as it stands on the wire in place of ``body``. ``in_query`` sends the
    fields of the body in the query. ``address`` replaces the whole
    URL, credentials included: that of the next page, as a response gives it. ``is_guess`` says that values
    were derived from schemas, so that the server may have reasons to reject it.
    """

    operation: Operation
    parameters: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    body: Any = None
    credentials: Mapping[str, str] | None = None
    method: str | None = None
    media_type: str | None = None
    content: bytes | None = field(default=None, repr=False)
    in_query: bool = False
    address: str | None = field(default=None, repr=False)
    is_guess: bool = False

    @property
    def title(self) -> str:
        """Method and path template, for people."""
        return f"{self.method or self.operation.method} {self.operation.template}"

    @property
    def key(self) -> str:
        """Equal for equal requests."""
        content = self.parameters, self.body, self.credentials, self.method, self.media_type, self.in_query
        return repr((self.operation.name, *content, self.content, self.address))

    def having(self, location: str, name: str, value: Any) -> "Case":
        return replace(self, parameters={**self.parameters, (location, name): value})

    def without(self, location: str, name: str) -> "Case":
        remaining = {key: value for key, value in self.parameters.items() if key != (location, name)}
        return replace(self, parameters=remaining)

    def named(self) -> dict[str, Any]:
        """Parameters and fields of the body by name alone."""
        fields = self.body if isinstance(self.body, dict) else {}
        return {name: value for (_, name), value in self.parameters.items()} | fields


class InconclusiveError(Exception):
    """A requirement cannot be verified; the message says why."""


class NoResponseError(TargetError):
    """A request got no valid response from a server that is up. A write may have taken effect."""

    def __init__(self, title: str, problem: str, case: Case) -> None:
        super().__init__(title, problem)
        self.case = case


class UnsentError(TargetError):
    """A request was not sent: its values cannot be written in HTTP, or its operation stopped responding."""
