"""Whether the server lets anybody in: refusals that everybody gets tell nothing of its promises."""

from collections.abc import Callable
from functools import cached_property

from wirecheck.conform.case import READS
from wirecheck.conform.encode import token_schemes
from wirecheck.spec import Operation, Spec

_OF_TOKENS = {400, 401, 403}


class Preflight:
    """``refusal`` tries an operation that reads: the status that refuses it, 0 for none, None unknown."""

    def __init__(self, spec: Spec, refusal: Callable[[Operation], int | None]) -> None:
        self._operations = {one.name: one for one in spec.operations}
        self._tokens = frozenset(token_schemes(spec))
        self._refusal = refusal

    def why_not(self, name: str) -> str:
        """Why an operation is refused whatever is asked; empty if it need not be."""
        concerned = not self._is_of_token or self._wants_token(self._operations[name])
        return self.closed if concerned else ""

    @cached_property
    def closed(self) -> str:
        """Why nobody is let in; empty if somebody is."""
        told = ", ".join(map(str, sorted(self._refused)))
        if self._is_of_token:
            return f"no valid token: the server refuses all requests ({told})"
        return f"the server refuses all requests ({told}): is that its URL?" if told else ""

    @property
    def _is_of_token(self) -> bool:
        return bool(self._tokens) and not self._refused.isdisjoint(_OF_TOKENS)

    @cached_property
    def _refused(self) -> set[int]:
        """How all known reads are refused that want the token, or just all; nothing if one is let in."""
        reads = [one for one in self._operations.values() if one.method in READS]
        refused = set[int]()
        for operation in [one for one in reads if self._wants_token(one)] or reads:
            status = self._refusal(operation)
            if status == 0:
                return set()
            refused |= {status} if status else set()
        return refused

    def _wants_token(self, operation: Operation) -> bool:
        return any(scheme.name in self._tokens for scheme in operation.schemes)
