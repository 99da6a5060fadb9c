"""What a write does, as its laws say; then it is undone (x-undo)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform.ask import READS, Ask
from wirecheck.conform.lab import Lab, UntestableError
from wirecheck.conform.observing import UNDO, Done, described, hold, observed
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


def _does(lab: Lab, operation: Operation) -> None:
    """Each known write is done and undone; of each kind one is done again, and amid the next one, too."""
    if lab.read_only:
        raise UntestableError("it writes")
    lab.require_means(operation)
    tested, kinds = False, set[tuple[str, bool]]()
    asks = [ask for ask in variants(lab, operation) if can_be_undone(lab, ask)]
    for ask, other in zip(asks, asks[1:] + asks[:1], strict=True):
        tested = True
        done = do(lab, ask)
        kind = repr(ask.body), done.changed_nothing
        is_new = kind not in kinds
        kinds.add(kind)
        with _left_otherwise(lab, done):
            _look_again(lab, done)
            if is_new and described(lab, operation):
                _twice(lab, done)
                if other != ask and (beside := _besides(lab, other)):
                    _take_back(lab, beside)
        if described(lab, operation):
            _take_back(lab, done, again=is_new)
    for ask in _lasting(lab, operation):
        tested = True
        _look_again(lab, do(lab, ask))
    if not tested:
        raise UntestableError("it could not be undone: give --values of other things")


def _lasting(lab: Lab, operation: Operation) -> Iterator[Ask]:
    """Writes that may be done though nothing undoes them: of an operation, and of what undoes it."""
    undoing = described(lab, operation).get("operation", operation.name)
    for name in dict.fromkeys([operation.name, undoing]):
        yield from lasting(lab, name)


@contextmanager
def _left_otherwise(lab: Lab, done: Done) -> Iterator[None]:
    """Where something goes wrong, it is remembered what would undo a write that changed anything."""
    try:
        yield
    except BaseException:
        undoing = what_undoes(lab, done) if described(lab, done.ask.operation) else None
        if undoing is not None and not done.changed_nothing:
            lab.left.append(undoing)
        raise


def _look_again(lab: Lab, done: Done) -> None:
    """A write keeps its laws at a second look, too."""
    hold(lab, replace(done, after=observed(lab, done.ask, done.seen, anew=True)))


def _twice(lab: Lab, done: Done) -> None:
    """The same once more, when it was done already."""
    again = _besides(lab, done.ask)
    if again and what_undoes(lab, again) != what_undoes(lab, done):
        undo(lab, again)


def _take_back(lab: Lab, done: Done, again: bool = False) -> None:
    """Undoes a write, and tries that ``again``; what it found done before is done again."""
    undone = undo(lab, done)
    if undone is None:
        return
    _look_again(lab, undone)
    if again and undone.ask.operation.method in _IDEMPOTENT:
        _besides(lab, undone.ask, may_be_refused=True)
    if done.changed_nothing:
        do(lab, done.ask)


def _besides(lab: Lab, ask: Ask, may_be_refused: bool = False) -> Done | None:
    """A write beside what was done already; where that is in its way, it is refused without effect."""
    before = observed(lab, ask)
    seen = send_write(lab, ask, before, lab.ask)
    done = Done(ask, seen, before, observed(lab, ask, seen if seen.accepted else None))
    if seen.accepted:
        hold(lab, done)
        return done
    if seen.status not in _IN_THE_WAY and not may_be_refused and not seen.is_retired:
        lab.broken(f"beside what was done already it is refused: {seen.status}", seen)
    if seen.status != 429 and not done.changed_nothing:
        lab.broken("beside what was done already it is refused, but changes what can be read", seen)
    return None
