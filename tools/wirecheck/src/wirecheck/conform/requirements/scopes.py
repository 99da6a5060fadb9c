"""Scopes: a token needs those of the document and no others (x-scopes, where they depend on the request)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from wirecheck.cel import ONE_EXCHANGE, Expression
from wirecheck.conform import writes
from wirecheck.conform.case import NOT_UNDOABLE, READS, Case, InconclusiveError
from wirecheck.conform.effects import UNDO
from wirecheck.conform.error_types import of_credentials
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Operation, Spec, join

_EVALUATION_ERRORS = (KeyError, IndexError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class ScopePolicy:
    """The scopes that an operation requires: some ``always``, ``possible`` ones by some alternatives.

    ``conditions`` say by scope which requests require it; where none is true, the scopes are unknown.
    """

    always: frozenset[str]
    possible: frozenset[str]
    conditions: Mapping[str, Expression]

    @classmethod
    def of(cls, spec: Spec, operation: Operation) -> "ScopePolicy":
        """The policy of an operation. Raises SpecError for an invalid condition."""
        alternatives = [
            frozenset(scope for scopes in alternative.values() for scope in scopes)
            for alternative in spec.document.get(operation.security_pointer)
        ]
        always, possible = frozenset.intersection(*alternatives), frozenset.union(*alternatives)
        extension = spec.document.get(operation.pointer).get("x-scopes", {})
        try:
            conditions = {scope: Expression(text, ONE_EXCHANGE) for scope, text in extension.items()}
        except (AttributeError, TypeError, ValueError) as error:
            pointer = join(operation.pointer, "x-scopes")
            raise spec.document.error(pointer, f"the condition of a scope is invalid: {error}") from None
        return cls(always, possible, conditions)

    def requires(self, session: Tester, case: Case, scope: str) -> bool | None:
        """Whether a case requires a scope, None if that is unknown."""
        if not self.conditions:
            return True if scope in self.always else None if scope in self.possible else False
        views = {"request": session.request_view(case)}
        if any("response" in condition.variables for condition in self.conditions.values()):
            views["response"] = session.read_state(replace(case, credentials=None)).views[1]
        try:
            required = {name for name, condition in self.conditions.items() if condition(**views) is True}
        except _EVALUATION_ERRORS:
            return None
        return scope in required if required else None


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if not operation.security or () in operation.security:
        return
    policy = ScopePolicy.of(spec, operation)
    for scope in sorted(policy.conditions or policy.always):
        test = partial(_requires, operation=operation, policy=policy, scope=scope)
        yield "access", f"requires the scope {scope}", test
    can_be_done = operation.method in READS or UNDO in spec.document.get(operation.pointer)
    if policy.possible and can_be_done:
        test = partial(_requires_no_other, operation=operation, policy=policy)
        yield "access", "requires no other scope", test


def _requires(session: Tester, operation: Operation, policy: ScopePolicy, scope: str) -> None:
    """A token without a scope is rejected wherever the scope is required."""
    if scope not in session.tokens_without:
        raise InconclusiveError(f"no token without {scope} is known: --token-without {scope}=TOKEN")
    reads = operation.method in READS
    known = _reads(session, operation, policy) if reads else writes.variants(session, operation)
    cases = [
        (case, f"the scope is missing: {scope}")
        for case in (_without(session, case, scope) for case in known)
        if policy.requires(session, case, scope)
    ]
    if not cases:
        raise InconclusiveError(f"no known value requires the scope {scope}")
    writes.reject_all(session, cases, of_credentials(session.spec, operation, "scope"))


def _requires_no_other(session: Tester, operation: Operation, policy: ScopePolicy) -> None:
    """A token without a scope is authorized wherever the scope is not required; one write is enough."""
    if not session.tokens_without:
        raise InconclusiveError("no token without a scope is known: --token-without SCOPE=TOKEN")

    def check(case: Case) -> None:
        for scope in session.tokens_without:
            limited = _without(session, case, scope)
            if policy.requires(session, limited, scope) is False:
                problem = f"a request that does not require the scope is rejected without {scope}"
                writes.authorize(session, limited, problem)

    if operation.method in READS:
        session.test_each(_reads(session, operation, policy), check)
        return
    writes.require_writable(session)
    known = list(islice(writes.undoable(session, operation), 1))
    if not known:
        raise InconclusiveError(NOT_UNDOABLE)
    check(known[0])


def _reads(session: Tester, operation: Operation, policy: ScopePolicy) -> Iterable[Case]:
    """Known cases; one is enough where all require the same scopes."""
    return session.requests.cases(operation) if policy.conditions else [session.requests.base(operation)]


def _without(session: Tester, case: Case, scope: str) -> Case:
    """A case with the access token that lacks a scope."""
    limited = session.token_credentials(session.tokens_without[scope])
    credentials = {**session.target.credentials, **limited}
    return replace(session.requests.with_smallest_page(case), credentials=credentials)
