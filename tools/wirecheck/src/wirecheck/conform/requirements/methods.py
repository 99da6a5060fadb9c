"""HEAD is answered as GET, and methods that a path does not have are refused, without effect."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import READS, Case
from wirecheck.conform.observation import Observation
from wirecheck.conform.observing import UNDO, Done, observed
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.spec import Operation, Spec

_WRITES = ("POST", "PUT", "PATCH")  # but not DELETE: what that takes away, nothing brings back
_EMPTY = ("OPTIONS", "PATCH")  # what changes nothing when it says nothing, even where it is known
_UNSUPPORTED = {405, 501}  # how a method is refused that the server does not have (RFC 9110, 9.1)


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """Of a path its first write is tried by other methods, if something undoes it."""
    path = operation.pointer.rpartition("/")[0]
    siblings = [one for one in spec.operations if one.pointer.rpartition("/")[0] == path]
    undone = [one for one in siblings if one.method in _WRITES and UNDO in spec.document.get(one.pointer)]
    known = {one.method for one in siblings}
    if operation.method == "GET":
        yield "methods", "answers HEAD as GET", partial(_answers_head, operation=operation)
    methods = [method for method in (_WRITES if undone else _EMPTY) if method not in known]
    if methods and operation == (undone or siblings)[0]:
        test = partial(_does_nothing if undone else _fails_never, operation=operation, methods=methods)
        yield "methods", "refuses methods that the path lacks", test


def _answers_head(session: Session, operation: Operation) -> None:
    """Or refuses it as a method that no path has."""
    case = session.base(operation)
    observation = _sent(session, case, "HEAD")
    if not observation.accepted and observation.status not in _UNSUPPORTED and session.accepted(case):
        session.broken(f"GET is answered, but HEAD is not: {observation.status}", observation)


def _does_nothing(session: Session, operation: Operation, methods: Sequence[str]) -> None:
    """The same request as the write's; what it does all the same is undone."""
    if session.read_only:
        raise InconclusiveError("it writes")
    case = next(writing.undoable(session, operation), None)
    if case is None:
        raise InconclusiveError("it could not be undone: give --values of other things")
    before = observed(session, case)
    for method in methods:
        observation = _refused(session, case, method)
        if not observation.accepted and method != methods[-1]:
            continue  # what all refusals have changed is looked at once
        as_written = session.observation(case, replace(observation.exchange, method=operation.method))
        done = Done(case, as_written, before, observed(session, case, anew=True))
        if done.changed_nothing and (before or not observation.accepted):
            continue
        if not observation.accepted:
            session.broken(
                f"the path lacks {' and '.join(methods)}, but what can be read has changed", observation
            )
        writing.undo(session, done)


def _fails_never(session: Session, operation: Operation, methods: Sequence[str]) -> None:
    for method in methods:
        if session.read_only and method not in READS:
            raise InconclusiveError("it writes")
        _refused(session, replace(session.base(operation), body=None), method)


def _refused(session: Session, case: Case, method: str) -> Observation:
    """The answer to a method that the path lacks; OPTIONS may be answered everywhere."""
    observation = _sent(session, case, method)
    if observation.accepted and method != "OPTIONS":
        session.broken(f"the path lacks {method}, but it is accepted: {observation.status}", observation)
    elif observation.status >= 500 and observation.status not in _UNSUPPORTED:
        session.broken(
            f"the path lacks {method}, which is no reason to fail: {observation.status}", observation
        )
    return observation


def _sent(session: Session, case: Case, method: str) -> Observation:
    """The document has no word on it, so it is not judged."""
    asked = replace(case, method=method)
    return session.observation(asked, session.target.send(asked))
