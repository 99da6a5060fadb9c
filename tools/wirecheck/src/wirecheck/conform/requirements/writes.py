"""What a write does, as its laws say; then it is undone (x-undo)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform.case import READS, Case
from wirecheck.conform.observing import UNDO, Done, described, hold, observed
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.conform.writing import can_be_undone, do, lasting, send_write, undo, variants, what_undoes
from wirecheck.spec import Operation, Spec

_IDEMPOTENT = {"PUT", "DELETE"}  # writes that may be sent twice (RFC 9110, section 9.2.2)
_IN_THE_WAY = {409, 429}  # what else was done, or how much


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """Of an operation that writes; what undoes another is tested there."""
    undoes = {
        spec.document.get(one.pointer)[UNDO]["operation"]
        for one in spec.operations
        if UNDO in spec.document.get(one.pointer)
    }
    if operation.method not in READS and (
        operation.name not in undoes or UNDO in spec.document.get(operation.pointer)
    ):
        yield "laws", "does what it says, and is undone", partial(_does, operation=operation)


def _does(session: Session, operation: Operation) -> None:
    """Each known write is done and undone; of each kind one is done again, and amid the next one, too."""
    if session.read_only:
        raise InconclusiveError("it writes")
    session.require_means(operation)
    tested, kinds = False, set[tuple[str, bool]]()
    cases = [case for case in variants(session, operation) if can_be_undone(session, case)]
    for case, other in zip(cases, cases[1:] + cases[:1], strict=True):
        tested = True
        done = do(session, case)
        kind = repr(case.body), done.changed_nothing
        is_new = kind not in kinds
        kinds.add(kind)
        with _left_otherwise(session, done):
            _look_again(session, done)
            if is_new and described(session, operation):
                _twice(session, done)
                if other != case and (beside := _besides(session, other)):
                    _take_back(session, beside)
        if described(session, operation):
            _take_back(session, done, again=is_new)
    for case in _lasting(session, operation):
        tested = True
        _look_again(session, do(session, case))
    if not tested:
        raise InconclusiveError("it could not be undone: give --values of other things")


def _lasting(session: Session, operation: Operation) -> Iterator[Case]:
    """Writes that may be done though nothing undoes them: of an operation, and of what undoes it."""
    undoing = described(session, operation).get("operation", operation.name)
    for name in dict.fromkeys([operation.name, undoing]):
        yield from lasting(session, name)


@contextmanager
def _left_otherwise(session: Session, done: Done) -> Iterator[None]:
    """Where something goes wrong, it is remembered what would undo a write that changed anything."""
    try:
        yield
    except BaseException:
        undoing = what_undoes(session, done) if described(session, done.case.operation) else None
        if undoing is not None and not done.changed_nothing:
            session.left.append(undoing)
        raise


def _look_again(session: Session, done: Done) -> None:
    """A write keeps its laws at a second look, too."""
    hold(session, replace(done, after=observed(session, done.case, done.observation, anew=True)))


def _twice(session: Session, done: Done) -> None:
    """The same once more, when it was done already."""
    again = _besides(session, done.case)
    if again and what_undoes(session, again) != what_undoes(session, done):
        undo(session, again)


def _take_back(session: Session, done: Done, again: bool = False) -> None:
    """Undoes a write, and tries that ``again``; what it found done before is done again."""
    undone = undo(session, done)
    if undone is None:
        return
    _look_again(session, undone)
    if again and undone.case.operation.method in _IDEMPOTENT:
        _besides(session, undone.case, may_be_refused=True)
    if done.changed_nothing:
        do(session, done.case)


def _besides(session: Session, case: Case, may_be_refused: bool = False) -> Done | None:
    """A write beside what was done already; where that is in its way, it is refused without effect."""
    before = observed(session, case)
    observation = send_write(session, case, before, session.send)
    done = Done(
        case, observation, before, observed(session, case, observation if observation.accepted else None)
    )
    if observation.accepted:
        hold(session, done)
        return done
    if observation.status not in _IN_THE_WAY and not may_be_refused and not observation.is_retired:
        session.broken(f"beside what was done already it is refused: {observation.status}", observation)
    if observation.status != 429 and not done.changed_nothing:
        session.broken(
            "beside what was done already it is refused, but changes what can be read", observation
        )
    return None
