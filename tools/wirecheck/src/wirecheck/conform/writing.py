"""What a write changes, and what it must not: observed before and after, then undone (x-undo)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.cel import SEQUENCE, Expression
from wirecheck.conform.ask import READS, Ask, NoAnswerError
from wirecheck.conform.lab import REFUSED, Lab, UntestableError
from wirecheck.conform.observing import UNDO, Done, described, hold, observed
from wirecheck.conform.seen import Seen
from wirecheck.conform.target import REPEATS
from wirecheck.decode import property_schema
from wirecheck.spec import Operation

_NOT_FOUND = "what was done is not to be found, so it is not undone"


def refuses(
    lab: Lab, operation: Operation, credentials: Mapping[str, str], why: str, names: Collection[str]
) -> None:
    """Requests are refused for their credentials, without effect: of writes one of each kind."""
    base = lab.base(operation)
    asks = [base]
    if operation.method not in READS:
        asks = [ask for ask in variants(lab, operation) if ask.parameters == base.parameters]
        asks += lasting(lab, operation.name)
    all_unchanged(lab, [(replace(ask, credentials=credentials), why) for ask in asks], names)


def unchanged(lab: Lab, ask: Ask, why: str) -> None:
    """Sends a request that must be refused, as `all_unchanged` does."""
    all_unchanged(lab, [(ask, why)])


def all_unchanged(lab: Lab, asks: Sequence[tuple[Ask, str]], names: Collection[str] = ()) -> None:
    """Sends requests that must be refused, each with why, and then must have changed nothing.

    ``names`` are the API's own for what is wrong, of which a refusal tells one.
    """
    if asks[0][0].operation.method in READS:
        for ask, why in asks:
            lab.refused(ask, why, names)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    likes = [_as_laws_see(lab, ask) for ask, _ in asks]
    before, was_accepted = {like.key: observed(lab, like) for like in likes}, False
    for (ask, why), like in zip(asks, likes, strict=True):
        seen = send_write(lab, ask, before[like.key], partial(lab.refused, why=why, names=names))
        if seen.accepted:
            was_accepted = True
            undo(lab, Done(ask, seen, before[like.key], observed(lab, like)))
    if was_accepted:
        return
    changes = [Done(like, seen, before[like.key], observed(lab, like)) for like in likes]
    if not all(done.changed_nothing for done in changes):
        whys = ", or ".join(why for _, why in asks)
        lab.broken(f"{whys}: it is refused, but changes what can be read", seen)


def _as_laws_see(lab: Lab, ask: Ask) -> Ask:
    """A request that looks at the same: laws see nothing of one that breaks its schema."""
    like = replace(ask, credentials=None)
    return lab.base(ask.operation) if lab.request_view(like) is None else like


def taken(lab: Lab, ask: Ask) -> None:
    """Sends a request that must be accepted, holds it against the laws, and undoes it."""
    if ask.operation.method in READS:
        lab.accepted(ask)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    undo(lab, do(lab, ask))


def taken_as_said(lab: Lab, ask: Ask) -> None:
    """The same, but against those laws alone that see what the request says."""
    if ask.operation.method in READS or not described(lab, ask.operation):
        taken(lab, ask)
        return
    before = {} if lab.read_only else observed(lab, ask, of_what_is_said=True)
    with done_for_now(lab, ask) as (seen, _):
        hold(lab, Done(ask, seen, before, observed(lab, ask, seen, of_what_is_said=True)))


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
def done_for_now(lab: Lab, ask: Ask, refused: str = REFUSED) -> Iterator[tuple[Seen, Ask]]:
    """What was written is there, until it is undone: gives the answer, and the request that undoes it."""
    if lab.read_only:
        raise UntestableError("it writes")
    before = _to_undo(lab, ask)
    seen = send_write(lab, ask, before, partial(lab.accepted, refused=refused))
    undoing = what_undoes(lab, Done(ask, seen, before, _to_undo(lab, ask)))
    if undoing is None:
        lab.broken(_NOT_FOUND, seen)
        raise UntestableError(_NOT_FOUND)
    lab.left.append(undoing)
    yield seen, undoing
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
    undoing = what_undoes(lab, Done(ask, seen, before, _to_undo(lab, ask)))
    if undoing is None:
        lab.broken(_NOT_FOUND, seen)
        return
    lab.left.append(undoing)
    if lab.ask(replace(undoing, credentials=ask.credentials)).accepted:
        lab.left.remove(undoing)


def lasting(lab: Lab, name: str) -> Iterator[Ask]:
    """Writes of an operation that may be done though nothing undoes them."""
    return (lab.question(name, values) for values in lab.values.lasting.get(name, ()))


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


def do(lab: Lab, ask: Ask) -> Done:
    """A write, held against its laws."""
    before = observed(lab, ask)
    seen = send_write(lab, ask, before, lab.accepted)
    done = Done(ask, seen, before, observed(lab, ask, seen))
    hold(lab, done)
    return done


def send_write(lab: Lab, ask: Ask, before: Mapping[str, Seen], send: Callable[[Ask], Seen]) -> Seen:
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
    undoing = what_undoes(lab, done) if described(lab, ask.operation) else None
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
    undoing = what_undoes(lab, done)
    if undoing is None:
        lab.broken(_NOT_FOUND, done.seen)
        return None
    lab.left.append(undoing)
    undone = do(lab, undoing)
    lab.left.remove(undoing)
    return undone


def what_undoes(lab: Lab, done: Done) -> Ask | None:
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
