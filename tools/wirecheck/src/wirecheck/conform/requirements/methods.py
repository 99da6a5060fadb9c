"""Methods: HEAD is supported where GET is, and undocumented methods are rejected without effect."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writes
from wirecheck.conform.case import NOT_UNDOABLE, READS, Case, InconclusiveError
from wirecheck.conform.effects import UNDO, Write, observe
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Operation, Spec

_WRITES = ("POST", "PUT", "PATCH")  # without DELETE: nothing would restore what it deletes
_HARMLESS = ("OPTIONS", "PATCH")  # without a body they have no effect, even where they are supported
_UNSUPPORTED = {405, 501}  # rejections of a method that the server does not support (RFC 9110, 9.1)


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """The first undoable write of a path is sent by other methods; other paths get harmless ones."""
    path = operation.pointer.rpartition("/")[0]
    siblings = [other for other in spec.operations if other.pointer.rpartition("/")[0] == path]
    undoable = [
        other for other in siblings if other.method in _WRITES and UNDO in spec.document.get(other.pointer)
    ]
    documented = {other.method for other in siblings}
    if operation.method == "GET":
        yield "methods", "responds to HEAD as to GET", partial(_supports_head, operation=operation)
    methods = [method for method in (_WRITES if undoable else _HARMLESS) if method not in documented]
    if methods and operation == (undoable or siblings)[0]:
        rejects = _rejects_writes if undoable else _does_not_fail
        test = partial(rejects, operation=operation, methods=methods)
        yield "methods", "rejects undocumented methods", test


def _supports_head(session: Tester, operation: Operation) -> None:
    """A server may also support HEAD nowhere."""
    case = session.requests.base(operation)
    observation = _send(session, case, "HEAD")
    if observation.accepted or observation.status in _UNSUPPORTED:
        return
    if session.require_success(case):
        session.record_violation(f"GET is accepted, but HEAD is not: {observation.status}", observation)


def _rejects_writes(session: Tester, operation: Operation, methods: Sequence[str]) -> None:
    """Sends the write by each method; an effect is undone."""
    writes.require_writable(session)
    case = next(writes.undoable(session, operation), None)
    if case is None:
        raise InconclusiveError(NOT_UNDOABLE)
    before = observe(session, case)
    for method in methods:
        observation = _require_rejection(session, case, method)
        if not observation.accepted and method != methods[-1]:
            continue  # the effects of all rejected requests are observed at once
        as_write = session.observation(case, replace(observation.exchange, method=operation.method))
        write = Write(case, as_write, before, observe(session, case, fresh=True))
        if write.changed_nothing and (before or not observation.accepted):
            continue
        if not observation.accepted:
            session.record_violation(
                f"undocumented methods ({', '.join(methods)}) change observable state", observation
            )
        writes.undo(session, write)


def _does_not_fail(session: Tester, operation: Operation, methods: Sequence[str]) -> None:
    for method in methods:
        if method not in READS:
            writes.require_writable(session)
        _require_rejection(session, replace(session.requests.base(operation), body=None), method)


def _require_rejection(session: Tester, case: Case, method: str) -> Observation:
    """Sends a case by an undocumented method; OPTIONS may be supported everywhere."""
    observation = _send(session, case, method)
    if observation.accepted and method != "OPTIONS":
        session.record_violation(
            f"{method} is not documented, but it is accepted: {observation.status}", observation
        )
    elif observation.status >= 500 and observation.status not in _UNSUPPORTED:
        session.record_violation(
            f"{method} is not documented, but the server fails instead of rejecting it: {observation.status}",
            observation,
        )
    return observation


def _send(session: Tester, case: Case, method: str) -> Observation:
    """Sends a case by another method. The response is undocumented, so it is not judged."""
    other = replace(case, method=method)
    return session.observation(other, session.target.send(other))
