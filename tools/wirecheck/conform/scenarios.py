"""What a write changes, and what it must not: observed before and after, then undone (x-undo)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.cel import SEQUENCE, Expression
from wirecheck.conform.lab import REFUSED, Lab, Seen, UntestableError
from wirecheck.conform.observing import UNDO, Done, described, hold, observed
from wirecheck.conform.target import READS, REPEATS, Ask, NoAnswerError
from wirecheck.decode import property_schema
from wirecheck.spec import Operation, Spec

_NOT_FOUND = "what was done is not to be found, so it is not undone"
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


def refuses(lab: Lab, operation: Operation, credentials: Mapping[str, str], why: str) -> None:
    """Requests are refused for their credentials, without effect: of writes one of each kind."""
    base = lab.base(operation)
    asks = [base]
    if operation.method not in READS:
        asks = [ask for ask in variants(lab, operation) if ask.parameters == base.parameters]
        asks += lasting(lab, operation.name)
    lab.each((replace(ask, credentials=credentials) for ask in asks), lambda ask: unchanged(lab, ask, why))


def unchanged(lab: Lab, ask: Ask, why: str) -> None:
    """Sends a request that must be refused, and then must have changed nothing."""
    all_unchanged(lab, [(ask, why)])


def all_unchanged(lab: Lab, asks: Sequence[tuple[Ask, str]]) -> None:
    """Sends requests that must be refused, each with why; looks once at what all of them would change."""
    if asks[0][0].operation.method in READS:
        for ask, why in asks:
            lab.refused(ask, why)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    like = replace(asks[0][0], credentials=None)
    if lab.request_view(like) is None:  # laws see nothing of a request that breaks its schema
        like = lab.base(like.operation)
    before, was_accepted = observed(lab, like), False
    for ask, why in asks:
        seen = _sent(lab, ask, before, partial(lab.refused, why=why))
        if seen.accepted:
            was_accepted = True
            undo(lab, Done(ask, seen, before, observed(lab, like)))
    if not was_accepted and not Done(ask, seen, before, observed(lab, like)).changed_nothing:
        whys = ", or ".join(why for _, why in asks)
        lab.broken(f"{whys}: it is refused, but changes what can be read", seen)


def taken(lab: Lab, ask: Ask) -> None:
    """Sends a request that must be accepted, holds it against the laws, and undoes it."""
    if ask.operation.method in READS:
        lab.accepted(ask)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    undo(lab, _done(lab, ask))


def let_in(lab: Lab, ask: Ask, refused: str = REFUSED) -> None:
    """Sends a request that must be accepted, and what undoes it; what they do is looked at elsewhere.

    ``refused`` says what is wrong if they are not.
    """
    if ask.operation.method in READS:
        lab.accepted(ask, refused)
        return
    with done_for_now(lab, ask, refused):
        pass


@contextmanager
def done_for_now(lab: Lab, ask: Ask, refused: str = REFUSED) -> Iterator[Ask]:
    """What was written is there, until it is undone by the request that is given."""
    if lab.read_only:
        raise UntestableError("it writes")
    before = _to_undo(lab, ask)
    seen = _sent(lab, ask, before, partial(lab.accepted, refused=refused))
    undoing = _undoing(lab, Done(ask, seen, before, _to_undo(lab, ask)))
    if undoing is None:
        lab.broken(_NOT_FOUND, seen)
        raise UntestableError(_NOT_FOUND)
    lab.left.append(undoing)
    yield undoing
    lab.accepted(replace(undoing, credentials=ask.credentials), refused)
    lab.left.remove(undoing)


def tried(lab: Lab, ask: Ask) -> None:
    """Sends a request whatever is answered; a write that is accepted is undone, now or in the end."""
    if ask.operation.method in READS:
        lab.ask(ask)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    before = _to_undo(lab, ask)
    seen = lab.ask(ask)
    if not seen.accepted or not described(lab, ask.operation):
        return
    undoing = _undoing(lab, Done(ask, seen, before, _to_undo(lab, ask)))
    if undoing is None:
        lab.broken(_NOT_FOUND, seen)
        return
    lab.left.append(undoing)
    if lab.ask(replace(undoing, credentials=ask.credentials)).accepted:
        lab.left.remove(undoing)


def _does(lab: Lab, operation: Operation) -> None:
    """Each known write is done, done again, and undone after the next one has come and gone."""
    if lab.read_only:
        raise UntestableError("it writes")
    lab.require_means(operation)
    tested = False
    asks = [ask for ask in variants(lab, operation) if can_be_undone(lab, ask)]
    for ask, other in zip(asks, asks[1:] + asks[:1], strict=True):
        tested = True
        done = _done(lab, ask)
        with _left_otherwise(lab, done):
            _look_again(lab, done)
            if described(lab, operation):
                _twice(lab, done)
                if other != ask and (beside := _besides(lab, other)):
                    _take_back(lab, beside)
        if described(lab, operation):
            _take_back(lab, done)
    for ask in _lasting(lab, operation):
        tested = True
        _look_again(lab, _done(lab, ask))
    if not tested:
        raise UntestableError("it could not be undone: give --values of other things")


def _lasting(lab: Lab, operation: Operation) -> Iterator[Ask]:
    """Writes that may be done though nothing undoes them: of an operation, and of what undoes it."""
    undoing = described(lab, operation).get("operation", operation.name)
    for name in dict.fromkeys([operation.name, undoing]):
        yield from lasting(lab, name)


def lasting(lab: Lab, name: str) -> Iterator[Ask]:
    """Writes of an operation that may be done though nothing undoes them."""
    return (lab.question(name, values) for values in lab.values.lasting.get(name, ()))


@contextmanager
def _left_otherwise(lab: Lab, done: Done) -> Iterator[None]:
    """Where something goes wrong, it is remembered what would undo a write that changed anything."""
    try:
        yield
    except BaseException:
        undoing = _undoing(lab, done) if described(lab, done.ask.operation) else None
        if undoing is not None and not done.changed_nothing:
            lab.left.append(undoing)
        raise


def _look_again(lab: Lab, done: Done) -> None:
    """A write keeps its laws at a second look, too."""
    hold(lab, replace(done, after=observed(lab, done.ask, done.seen, anew=True)))


def _twice(lab: Lab, done: Done) -> None:
    """The same once more, when it was done already."""
    again = _besides(lab, done.ask)
    if again and _undoing(lab, again) != _undoing(lab, done):
        undo(lab, again)


def _take_back(lab: Lab, done: Done) -> None:
    """Undoes a write, and tries that again; what it found done before is done again."""
    undone = undo(lab, done)
    if undone is None:
        return
    _look_again(lab, undone)
    if undone.ask.operation.method in _IDEMPOTENT:
        _besides(lab, undone.ask, may_be_refused=True)
    if done.changed_nothing:
        _done(lab, done.ask)


def _besides(lab: Lab, ask: Ask, may_be_refused: bool = False) -> Done | None:
    """A write beside what was done already; where that is in its way, it is refused without effect."""
    before = observed(lab, ask)
    seen = _sent(lab, ask, before, lab.ask)
    done = Done(ask, seen, before, observed(lab, ask, seen if seen.accepted else None))
    if seen.accepted:
        hold(lab, done)
        return done
    if seen.status not in _IN_THE_WAY and not may_be_refused and not lab.is_retired(seen):
        lab.broken(f"beside what was done already it is refused: {seen.status}", seen)
    if seen.status != 429 and not done.changed_nothing:
        lab.broken("beside what was done already it is refused, but changes what can be read", seen)
    return None


def variants(lab: Lab, operation: Operation) -> Iterator[Ask]:
    """Known requests, and those with values of an enumerated field of the body that are in no known one."""
    bodies = lab.bodies(operation) or [None]
    for ask in lab.asks(operation):
        for body in [*bodies, *_enumerated(lab, operation, bodies)]:
            yield replace(ask, body=body)


def _enumerated(lab: Lab, operation: Operation, bodies: Sequence[Any]) -> Iterator[dict[str, Any]]:
    document, content = lab.spec.document, operation.request_body and operation.request_body.content
    schema = content[0].schema if content else None
    if schema is None or not isinstance(bodies[0], dict):
        return
    for name in bodies[0]:
        pointer = property_schema(document, schema, name)
        field = document.get(document.follow(pointer)) if pointer else {}
        known = [body.get(name) for body in bodies]
        for value in field.get("enum", []):
            if value not in known and lab.takes(schema, body := bodies[0] | {name: value}):
                yield body


def _done(lab: Lab, ask: Ask) -> Done:
    """A write, held against its laws."""
    before = observed(lab, ask)
    seen = _sent(lab, ask, before, lab.accepted)
    done = Done(ask, seen, before, observed(lab, ask, seen))
    hold(lab, done)
    return done


def _sent(lab: Lab, ask: Ask, before: Mapping[str, Seen], send: Callable[[Ask], Seen]) -> Seen:
    """The answer to a write. Where it is lost, what was done all the same is undone, and it is sent again."""
    for _ in range(REPEATS):
        try:
            return send(ask)
        except NoAnswerError as lost:
            if not _is_as_before(lab, lost, before):
                send = partial(_sent_in_doubt, lab)
    try:
        return send(ask)
    except NoAnswerError as lost:
        _is_as_before(lab, lost, before)
        raise


def _sent_in_doubt(lab: Lab, ask: Ask) -> Seen:
    """A write that was perhaps done before, for which it may be refused."""
    seen = lab.ask(ask)
    if not seen.accepted:
        raise UntestableError("an answer was lost, and nothing tells what was done")
    return seen


def _is_as_before(lab: Lab, lost: NoAnswerError, before: Mapping[str, Seen]) -> bool:
    """Undoes a write without an answer, if it was done; whether all is now as before for certain.

    Raises UntestableError where it cannot be undone, and NoAnswerError if that comes again.
    """
    ask = lost.ask
    done = Done(ask, lab.unsent(ask), before, observed(lab, replace(ask, credentials=None)))
    if before and done.changed_nothing:
        return True
    if not before and not described(lab, ask.operation):
        return False
    undoing = _undoing(lab, done) if described(lab, ask.operation) else None
    if undoing is None:
        if lab.target.silence(ask.operation) > 1:
            raise lost
        raise UntestableError("an answer was lost, and what was done cannot be undone")
    lab.left.append(undoing)
    lab.accepted(undoing)
    lab.left.remove(undoing)
    return True


def undoable(lab: Lab, operation: Operation) -> Iterator[Ask]:
    """Known writes that something undoes."""
    if described(lab, operation):
        yield from (ask for ask in variants(lab, operation) if can_be_undone(lab, ask))


def _to_undo(lab: Lab, ask: Ask) -> dict[str, Seen]:
    """What undoing looks at, as it is now."""
    way = described(lab, ask.operation)
    seen = lab.look(lab.question(way["then"], ask.named())) if "then" in way else None
    return {UNDO: seen} if seen and seen.accepted else {}


def can_be_undone(lab: Lab, ask: Ask) -> bool:
    """Whether undoing a write would restore what was (x-undo, when)."""
    way = described(lab, ask.operation)
    if "when" not in way:
        return True
    before = _to_undo(lab, ask).get(UNDO)
    views = {"request": lab.request_view(ask), "before": before and before.views[1]}
    if None in views.values():
        return False
    return Expression(way["when"], {"request", "before"})(**views) is True


def undo(lab: Lab, done: Done) -> Done | None:
    """Undoes a write, by an operation that has laws of its own; None if nothing does."""
    if not described(lab, done.ask.operation):
        return None
    undoing = _undoing(lab, done)
    if undoing is None:
        lab.broken(_NOT_FOUND, done.seen)
        return None
    lab.left.append(undoing)
    undone = _done(lab, undoing)
    lab.left.remove(undoing)
    return undone


def _undoing(lab: Lab, done: Done) -> Ask | None:
    """What undoes a write; None if that cannot be told."""
    way = described(lab, done.ask.operation)
    request, response = done.seen.views
    views = {
        "request": request,
        "response": response,
        "before": done.before[UNDO].views[1] if UNDO in done.before else None,
        "then": done.after[UNDO].views[1] if UNDO in done.after else None,
    }
    try:
        arguments = {name: Expression(text, SEQUENCE)(**views) for name, text in way.get("with", {}).items()}
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError):
        return None
    return lab.question(way["operation"], done.ask.named() | arguments)
