"""Laws of writes: a write has its documented effect, and then is undone (x-undo)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform.case import NOT_UNDOABLE, READS, Case, InconclusiveError
from wirecheck.conform.effects import UNDO, Write, check_laws, observe, undo_of
from wirecheck.conform.protocols import Tester
from wirecheck.conform.writes import (
    can_be_undone,
    irreversible,
    perform,
    require_writable,
    send_write,
    undo,
    undo_case,
    variants,
)
from wirecheck.spec import Operation, Spec

_IDEMPOTENT = {"PUT", "DELETE"}  # writes that may be repeated (RFC 9110, section 9.2.2)
_MAY_CONFLICT = {409, 429}  # an earlier write may prevent another one, or be one too many


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """The requirement for a write; an operation that only undoes another one is tested with that one."""
    undoing = {
        spec.document.get(other.pointer)[UNDO]["operation"]
        for other in spec.operations
        if UNDO in spec.document.get(other.pointer)
    }
    if operation.method not in READS and (
        operation.name not in undoing or UNDO in spec.document.get(operation.pointer)
    ):
        yield "laws", "has its documented effect, and can be undone", partial(_test, operation=operation)


def _test(session: Tester, operation: Operation) -> None:
    """Each known write is sent and undone; one of each kind is repeated, also after the next write."""
    require_writable(session)
    session.requests.require_prerequisites(operation)
    tested, kinds = False, set[tuple[str, bool]]()
    cases = [case for case in variants(session, operation) if can_be_undone(session, case)]
    for case, next_case in zip(cases, cases[1:] + cases[:1], strict=True):
        tested = True
        write = perform(session, case)
        kind = repr(case.body), write.changed_nothing
        is_new = kind not in kinds
        kinds.add(kind)
        with _remembered(session, write):
            _check_again(session, write)
            if is_new and undo_of(session, operation):
                _repeat(session, write)
                if next_case != case and (other := _send_after(session, next_case)):
                    _undo(session, other)
        if undo_of(session, operation):
            _undo(session, write, repeat=is_new)
    for case in _irreversible(session, operation):
        tested = True
        _check_again(session, perform(session, case))
    if not tested:
        raise InconclusiveError(NOT_UNDOABLE)


def _irreversible(session: Tester, operation: Operation) -> Iterator[Case]:
    """Irreversible writes of an operation, and of the one that undoes it."""
    undoing = undo_of(session, operation).get("operation", operation.name)
    for name in dict.fromkeys([operation.name, undoing]):
        yield from irreversible(session, name)


@contextmanager
def _remembered(session: Tester, write: Write) -> Iterator[None]:
    """If the context raises, a write that changed something is listed as not undone."""
    try:
        yield
    except BaseException:
        undoing = undo_case(session, write) if undo_of(session, write.case.operation) else None
        if undoing is not None and not write.changed_nothing:
            session.not_undone.append(undoing)
        raise


def _check_again(session: Tester, write: Write) -> None:
    """Checks the laws of a write with the state read once more."""
    check_laws(session, replace(write, after=observe(session, write.case, write.observation, fresh=True)))


def _repeat(session: Tester, write: Write) -> None:
    """Sends the same write once more."""
    repeated = _send_after(session, write.case)
    if repeated and undo_case(session, repeated) != undo_case(session, write):
        undo(session, repeated)


def _undo(session: Tester, write: Write, repeat: bool = False) -> None:
    """Undoes a write, and undoes it again with ``repeat``; a state that had existed before is restored."""
    undone = undo(session, write)
    if undone is None:
        return
    _check_again(session, undone)
    if repeat and undone.case.operation.method in _IDEMPOTENT:
        _send_after(session, undone.case, may_be_rejected=True)
    if write.changed_nothing:
        perform(session, write.case)


def _send_after(session: Tester, case: Case, may_be_rejected: bool = False) -> Write | None:
    """Sends a write after an earlier one, which may conflict; then it must be rejected without effect."""
    before = observe(session, case)
    observation = send_write(session, case, before, session.send)
    after = observe(session, case, observation if observation.accepted else None)
    write = Write(case, observation, before, after)
    if observation.accepted:
        check_laws(session, write)
        return write
    if observation.status not in _MAY_CONFLICT and not may_be_rejected and not observation.is_retired:
        session.record_violation(
            f"after an earlier write, the request is rejected: {observation.status}", observation
        )
    if observation.status != 429 and not write.changed_nothing:
        session.record_violation(
            "after an earlier write, the request is rejected, but it changes observable state", observation
        )
    return None
