"""A request in the terms of the document, and what may become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wirecheck.model import TargetError
from wirecheck.spec import Operation

READS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request in the terms of the document.

    ``parameters`` by location and name. ``credentials`` by security scheme, None for those of the
    run. ``method`` where it is not that of the operation, ``media_type`` where it is not the usual one;
    ``in_query`` puts the fields of the body there. ``address`` goes in place of path and query, with
    the credentials in them: that of the next page, as an answer has it.
    """

    operation: Operation
    parameters: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    body: Any = None
    credentials: Mapping[str, str] | None = None
    method: str | None = None
    media_type: str | None = None
    in_query: bool = False
    address: str | None = field(default=None, repr=False)

    @property
    def where(self) -> str:
        """Its place in the document, for people."""
        return f"{self.method or self.operation.method} {self.operation.template}"

    @property
    def key(self) -> str:
        """The same where requests are the same."""
        said = self.parameters, self.body, self.credentials, self.method, self.media_type, self.in_query
        return repr((self.operation.name, *said, self.address))

    def having(self, location: str, name: str, value: Any) -> "Case":
        return replace(self, parameters={**self.parameters, (location, name): value})

    def without(self, location: str, name: str) -> "Case":
        kept = {key: value for key, value in self.parameters.items() if key != (location, name)}
        return replace(self, parameters=kept)

    def named(self) -> dict[str, Any]:
        """Parameters, and fields of the body, by name alone."""
        fields = self.body if isinstance(self.body, dict) else {}
        return {name: value for (_, name), value in self.parameters.items()} | fields


class NoResponseError(TargetError):
    """One request was not answered, or not in HTTP; the server is there. A write may have been done."""

    def __init__(self, where: str, what: str, case: Case) -> None:
        super().__init__(where, what)
        self.case = case


class UnsentError(TargetError):
    """A request was not sent: HTTP has no place for its values, or its operation no longer answers."""
