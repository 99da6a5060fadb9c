"""A preflight check: where every request is rejected, no requirement can be verified."""

from collections.abc import Callable
from functools import cached_property

from wirecheck.conform.case import OF_ACCESS, READS
from wirecheck.conform.encoding import token_schemes
from wirecheck.spec import Operation, Spec

_INVALID_TOKEN = {400, 401, 403}


class Preflight:
    """Sends one request of each reading operation, when first needed, until one is authorized.

    ``rejection`` sends it: the status of the rejection, 0 for an authorized request, None if unknown.
    """

    def __init__(
        self, spec: Spec, rejection: Callable[[Operation], int | None], *, has_credentials: bool
    ) -> None:
        self._has_credentials = has_credentials
        self._operations = {operation.name: operation for operation in spec.operations}
        self._tokens = frozenset(token_schemes(spec))
        self._rejection = rejection

    def failure_of(self, name: str) -> str:
        """Why all requests of an operation are rejected; empty if they need not be."""
        concerned = not self._is_of_token or self._requires_token(self._operations[name])
        return self.failure if concerned else ""

    @cached_property
    def failure(self) -> str:
        """Why all requests are rejected; empty if one was authorized."""
        statuses = ", ".join(map(str, sorted(self._statuses)))
        if self._is_of_token:
            return f"no valid token: the server rejects all requests ({statuses})"
        return f"the server rejects all requests ({statuses}): is its URL correct?" if statuses else ""

    @property
    def is_of_access(self) -> bool:
        """Whether no credentials are known, and all that require some are rejected as the document says."""
        return (
            not self._has_credentials
            and bool(self._rejections)
            and all(
                bool(operation.security) and (status in OF_ACCESS or operation.response(status) is not None)
                for operation, status in self._rejections
            )
        )

    @property
    def _is_of_token(self) -> bool:
        return bool(self._tokens) and not self._statuses.isdisjoint(_INVALID_TOKEN)

    @property
    def _statuses(self) -> set[int]:
        return {status for _, status in self._rejections}

    @cached_property
    def _rejections(self) -> list[tuple[Operation, int]]:
        """What rejects reads (those that require the token, if any); nothing if one is authorized."""
        reads = [operation for operation in self._operations.values() if operation.method in READS]
        rejections = list[tuple[Operation, int]]()
        for operation in [read for read in reads if self._requires_token(read)] or reads:
            status = self._rejection(operation)
            if status == 0:
                return []
            rejections += [(operation, status)] if status else []
        return rejections

    def _requires_token(self, operation: Operation) -> bool:
        return any(scheme.name in self._tokens for scheme in operation.schemes)
