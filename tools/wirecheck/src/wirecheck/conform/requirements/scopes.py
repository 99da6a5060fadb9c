"""A token needs the scopes of the document and no others (x-scopes, where they depend on the request)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from wirecheck.cel import ONE_EXCHANGE, Expression
from wirecheck.conform import writing
from wirecheck.conform.case import READS, Case
from wirecheck.conform.error_types import of_credentials
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.spec import Operation, Spec, join

_NO_VALUE = (KeyError, IndexError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class ScopeDemand:
    """What scopes an operation wants: some ``always``, the ``possible`` ones by some of its alternatives.

    ``when`` tells by scope which requests want it; where it tells of none, nothing is known.
    """

    always: frozenset[str]
    possible: frozenset[str]
    when: Mapping[str, Expression]

    @classmethod
    def of(cls, spec: Spec, operation: Operation) -> "ScopeDemand":
        """Raises SpecError where a condition is none."""
        alternatives = [
            frozenset(scope for scopes in together.values() for scope in scopes)
            for together in spec.document.get(operation.security_pointer)
        ]
        always, possible = frozenset.intersection(*alternatives), frozenset.union(*alternatives)
        written = spec.document.get(operation.pointer).get("x-scopes", {})
        try:
            when = {scope: Expression(text, ONE_EXCHANGE) for scope, text in written.items()}
        except (AttributeError, TypeError, ValueError) as error:
            where = join(operation.pointer, "x-scopes")
            raise spec.document.error(where, f"a condition of a scope is none: {error}") from None
        return cls(always, possible, when)

    def wants(self, session: Session, case: Case, scope: str) -> bool | None:
        """Whether a request wants a scope, None if that cannot be told."""
        if not self.when:
            return True if scope in self.always else None if scope in self.possible else False
        views = {"request": session.request_view(case)}
        if any("response" in condition.variables for condition in self.when.values()):
            views["response"] = session.look(replace(case, credentials=None)).views[1]
        try:
            told = {name for name, condition in self.when.items() if condition(**views) is True}
        except _NO_VALUE:
            return None
        return scope in told if told else None


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if not operation.security or () in operation.security:
        return
    wanted = ScopeDemand.of(spec, operation)
    for scope in sorted(wanted.when or wanted.always):
        test = partial(_wants, operation=operation, wanted=wanted, scope=scope)
        yield "access", f"wants the scope {scope}", test
    can_be_done = operation.method in READS or "x-undo" in spec.document.get(operation.pointer)
    if wanted.possible and can_be_done:
        test = partial(_wants_no_other, operation=operation, wanted=wanted)
        yield "access", "wants no other scope", test


def _wants(session: Session, operation: Operation, wanted: ScopeDemand, scope: str) -> None:
    """A token without a scope is refused, wherever it is wanted."""
    if scope not in session.lacking:
        raise InconclusiveError(f"no token without {scope} is known: --token-without {scope}=TOKEN")

    reads = operation.method in READS
    known = _reads(session, operation, wanted) if reads else writing.variants(session, operation)
    less = [_without(session, case, scope) for case in known]
    cases = [(case, f"the scope is missing: {scope}") for case in less if wanted.wants(session, case, scope)]
    if not cases:
        raise InconclusiveError(f"no known value wants the scope {scope}")
    writing.all_unchanged(session, cases, of_credentials(session.spec, operation, "scope"))


def _wants_no_other(session: Session, operation: Operation, wanted: ScopeDemand) -> None:
    """A token without a scope is let in, wherever it is not wanted; of writes one is enough."""
    if not session.lacking:
        raise InconclusiveError("no token without a scope is known: --token-without SCOPE=TOKEN")

    def takes(case: Case) -> None:
        for scope in session.lacking:
            less = _without(session, case, scope)
            if wanted.wants(session, less, scope) is False:
                needless = f"a request that needs no such scope is refused without {scope}"
                writing.let_in(session, less, needless)

    if operation.method in READS:
        session.each(_reads(session, operation, wanted), takes)
        return
    if session.read_only:
        raise InconclusiveError("it writes")
    known = list(islice(writing.undoable(session, operation), 1))
    if not known:
        raise InconclusiveError("it could not be undone: give --values of other things")
    takes(known[0])


def _reads(session: Session, operation: Operation, wanted: ScopeDemand) -> Iterable[Case]:
    """Known requests; one is enough where all want the same scopes."""
    return session.cases(operation) if wanted.when else [session.base(operation)]


def _without(session: Session, case: Case, scope: str) -> Case:
    credentials = {**session.target.credentials, **session.as_token(session.lacking[scope])}
    return replace(session.light(case), credentials=credentials)
