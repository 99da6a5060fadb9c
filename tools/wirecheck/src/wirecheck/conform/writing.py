"""What a write changes, and what it must not: observed before and after, then undone (x-undo)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.cel import SEQUENCE, Expression
from wirecheck.conform.case import READS, Case, NoResponseError
from wirecheck.conform.observation import Observation
from wirecheck.conform.observing import UNDO, Done, described, hold, observed
from wirecheck.conform.session import REFUSED, InconclusiveError, Session
from wirecheck.conform.target import REPEATS
from wirecheck.decode import property_schema
from wirecheck.spec import Operation

_NOT_FOUND = "what was done is not to be found, so it is not undone"


def refuses(
    session: Session, operation: Operation, credentials: Mapping[str, str], why: str, names: Collection[str]
) -> None:
    """Requests are refused for their credentials, without effect: of writes one of each kind."""
    base = session.base(operation)
    cases = [base]
    if operation.method not in READS:
        cases = [case for case in variants(session, operation) if case.parameters == base.parameters]
        cases += lasting(session, operation.name)
    all_unchanged(session, [(replace(case, credentials=credentials), why) for case in cases], names)


def unchanged(session: Session, case: Case, why: str) -> None:
    """Sends a request that must be refused, as `all_unchanged` does."""
    all_unchanged(session, [(case, why)])


def all_unchanged(session: Session, cases: Sequence[tuple[Case, str]], names: Collection[str] = ()) -> None:
    """Sends requests that must be refused, each with why, and then must have changed nothing.

    ``names`` are the API's own for what is wrong, of which a refusal tells one.
    """
    if cases[0][0].operation.method in READS:
        for case, why in cases:
            session.refused(case, why, names)
        return
    if session.read_only:
        raise InconclusiveError("it writes")
    likes = [_as_laws_see(session, case) for case, _ in cases]
    before, was_accepted = {like.key: observed(session, like) for like in likes}, False
    for (case, why), like in zip(cases, likes, strict=True):
        observation = send_write(
            session, case, before[like.key], partial(session.refused, why=why, names=names)
        )
        if observation.accepted:
            was_accepted = True
            undo(session, Done(case, observation, before[like.key], observed(session, like)))
    if was_accepted:
        return
    changes = [Done(like, observation, before[like.key], observed(session, like)) for like in likes]
    if not all(done.changed_nothing for done in changes):
        whys = ", or ".join(why for _, why in cases)
        session.broken(f"{whys}: it is refused, but changes what can be read", observation)


def _as_laws_see(session: Session, case: Case) -> Case:
    """A request that looks at the same: laws see nothing of one that breaks its schema."""
    like = replace(case, credentials=None)
    return session.base(case.operation) if session.request_view(like) is None else like


def taken(session: Session, case: Case) -> None:
    """Sends a request that must be accepted, holds it against the laws, and undoes it."""
    if case.operation.method in READS:
        session.accepted(case)
        return
    if session.read_only:
        raise InconclusiveError("it writes")
    undo(session, do(session, case))


def taken_as_said(session: Session, case: Case) -> None:
    """The same, but against those laws alone that see what the request says."""
    if case.operation.method in READS or not described(session, case.operation):
        taken(session, case)
        return
    before = {} if session.read_only else observed(session, case, of_what_is_said=True)
    with done_for_now(session, case) as (observation, _):
        hold(
            session,
            Done(case, observation, before, observed(session, case, observation, of_what_is_said=True)),
        )


def let_in(session: Session, case: Case, refused: str = REFUSED) -> None:
    """Sends a request that must be accepted, and what undoes it; what they do is looked at elsewhere.

    ``refused`` says what is wrong if they are not.
    """
    if case.operation.method in READS:
        session.accepted(case, refused)
        return
    with done_for_now(session, case, refused):
        pass


@contextmanager
def done_for_now(session: Session, case: Case, refused: str = REFUSED) -> Iterator[tuple[Observation, Case]]:
    """What was written is there, until it is undone: gives the answer, and the request that undoes it."""
    if session.read_only:
        raise InconclusiveError("it writes")
    before = _to_undo(session, case)
    observation = send_write(session, case, before, partial(session.accepted, refused=refused))
    undoing = what_undoes(session, Done(case, observation, before, _to_undo(session, case)))
    if undoing is None:
        session.broken(_NOT_FOUND, observation)
        raise InconclusiveError(_NOT_FOUND)
    session.left.append(undoing)
    yield observation, undoing
    session.accepted(replace(undoing, credentials=case.credentials), refused)
    session.left.remove(undoing)


def tried(session: Session, case: Case) -> None:
    """Sends a request whatever is answered; a write that is accepted is undone, now or in the end."""
    if case.operation.method in READS:
        session.send(case)
        return
    if session.read_only:
        raise InconclusiveError("it writes")
    before = _to_undo(session, case)
    observation = session.send(case)
    if not observation.accepted or not described(session, case.operation):
        return
    undoing = what_undoes(session, Done(case, observation, before, _to_undo(session, case)))
    if undoing is None:
        session.broken(_NOT_FOUND, observation)
        return
    session.left.append(undoing)
    if session.send(replace(undoing, credentials=case.credentials)).accepted:
        session.left.remove(undoing)


def lasting(session: Session, name: str) -> Iterator[Case]:
    """Writes of an operation that may be done though nothing undoes them."""
    return (session.question(name, values) for values in session.values.lasting.get(name, ()))


def variants(session: Session, operation: Operation) -> Iterator[Case]:
    """Known requests, and those with values of an enumerated field of the body that are in no known one."""
    bodies = session.bodies(operation) or [None]
    for case in session.cases(operation):
        for body in [*bodies, *_enumerated(session, operation, bodies)]:
            yield replace(case, body=body)


def _enumerated(session: Session, operation: Operation, bodies: Sequence[Any]) -> Iterator[dict[str, Any]]:
    document, content = session.spec.document, operation.request_body and operation.request_body.content
    schema = content[0].schema if content else None
    if schema is None or not isinstance(bodies[0], dict):
        return
    for name in bodies[0]:
        pointer = property_schema(document, schema, name)
        field = document.get(document.follow(pointer)) if pointer else {}
        known = [body.get(name) for body in bodies]
        for value in field.get("enum", []):
            if value not in known and session.takes(schema, body := bodies[0] | {name: value}):
                yield body


def do(session: Session, case: Case) -> Done:
    """A write, held against its laws."""
    before = observed(session, case)
    observation = send_write(session, case, before, session.accepted)
    done = Done(case, observation, before, observed(session, case, observation))
    hold(session, done)
    return done


def send_write(
    session: Session, case: Case, before: Mapping[str, Observation], send: Callable[[Case], Observation]
) -> Observation:
    """The answer to a write. Where it is lost, what was done all the same is undone, and it is sent again."""
    for _ in range(REPEATS):
        try:
            return send(case)
        except NoResponseError as lost:
            if not _is_as_before(session, lost, before):
                send = partial(_sent_in_doubt, session)
    try:
        return send(case)
    except NoResponseError as lost:
        _is_as_before(session, lost, before)
        raise


def _sent_in_doubt(session: Session, case: Case) -> Observation:
    """A write that was perhaps done before, for which it may be refused."""
    observation = session.send(case)
    if not observation.accepted:
        raise InconclusiveError("an answer was lost, and nothing tells what was done")
    return observation


def _is_as_before(session: Session, lost: NoResponseError, before: Mapping[str, Observation]) -> bool:
    """Undoes a write without an answer, if it was done; whether all is now as before for certain.

    Raises UntestableError where it cannot be undone, and NoAnswerError if that comes again.
    """
    case = lost.case
    done = Done(case, session.unsent(case), before, observed(session, replace(case, credentials=None)))
    if before and done.changed_nothing:
        return True
    if not before and not described(session, case.operation):
        return False
    undoing = what_undoes(session, done) if described(session, case.operation) else None
    if undoing is None:
        if session.target.silence(case.operation) > 1:
            raise lost
        raise InconclusiveError("an answer was lost, and what was done cannot be undone")
    session.left.append(undoing)
    session.accepted(undoing)
    session.left.remove(undoing)
    return True


def undoable(session: Session, operation: Operation) -> Iterator[Case]:
    """Known writes that something undoes."""
    if described(session, operation):
        yield from (case for case in variants(session, operation) if can_be_undone(session, case))


def _to_undo(session: Session, case: Case) -> dict[str, Observation]:
    """What undoing looks at, as it is now."""
    way = described(session, case.operation)
    observation = session.look(session.question(way["then"], case.named())) if "then" in way else None
    return {UNDO: observation} if observation and observation.accepted else {}


def can_be_undone(session: Session, case: Case) -> bool:
    """Whether undoing a write would restore what was (x-undo, when)."""
    way = described(session, case.operation)
    if "when" not in way:
        return True
    before = _to_undo(session, case).get(UNDO)
    views = {"request": session.request_view(case), "before": before and before.views[1]}
    if None in views.values():
        return False
    return Expression(way["when"], {"request", "before"})(**views) is True


def undo(session: Session, done: Done) -> Done | None:
    """Undoes a write, by an operation that has laws of its own; None if nothing does."""
    if not described(session, done.case.operation):
        return None
    undoing = what_undoes(session, done)
    if undoing is None:
        session.broken(_NOT_FOUND, done.observation)
        return None
    session.left.append(undoing)
    undone = do(session, undoing)
    session.left.remove(undoing)
    return undone


def what_undoes(session: Session, done: Done) -> Case | None:
    """What undoes a write; None if that cannot be told."""
    way = described(session, done.case.operation)
    request, response = done.observation.views
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
    return session.question(way["operation"], done.case.named() | arguments)
