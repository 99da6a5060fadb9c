"""Writes: sent, checked for side effects, and undone (x-undo)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.cel import SEQUENCE, Expression
from wirecheck.conform.case import KNOWN_REJECTED, READ_ONLY, READS, Case, InconclusiveError, NoResponseError
from wirecheck.conform.effects import UNDO, Write, are_laws_satisfied, check_laws, observe, undo_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.target import RETRIES
from wirecheck.decode import property_schema
from wirecheck.spec import Operation

_NOT_IDENTIFIED = "what was written cannot be identified, so it is not undone"


def reject_credentials(
    session: Tester, operation: Operation, credentials: Mapping[str, str], why: str, names: Collection[str]
) -> None:
    """Requires that these credentials are rejected without effect, by one write of each kind."""
    base = session.requests.base(operation)
    cases = [base]
    if operation.method not in READS:
        cases = [base] if base.is_guess else []
        cases += [case for case in variants(session, operation) if case.parameters == base.parameters]
        cases += irreversible(session, operation.name)
    reject_all(session, [(replace(case, credentials=credentials), why) for case in cases], names)


def reject(session: Tester, case: Case, why: str) -> None:
    """Sends one case that must be rejected, as `reject_all` does."""
    reject_all(session, [(case, why)])


def reject_all(session: Tester, cases: Sequence[tuple[Case, str]], names: Collection[str] = ()) -> None:
    """Sends cases that must be rejected, each with the reason, and requires that none has an effect.

    ``names`` are the error types, one of which a rejection must have.
    """
    if not cases:
        raise InconclusiveError("there is nothing to reject")
    session.require_control(cases[0][0].operation)
    if cases[0][0].operation.method in READS:
        for case, why in cases:
            session.require_rejection(case, why, names)
        return
    require_writable(session)
    valid = [_valid_counterpart(session, case) for case, _ in cases]
    before, was_accepted = {case.key: observe(session, case) for case in valid}, False
    for (case, why), counterpart in zip(cases, valid, strict=True):
        state = before[counterpart.key]
        send = partial(session.require_rejection, why=why, names=names)
        observation = send_write(session, case, state, send)
        if observation.accepted:
            was_accepted = True
            undo(session, Write(case, observation, state, observe(session, counterpart)))
    if was_accepted:
        return
    writes = [Write(case, observation, before[case.key], observe(session, case)) for case in valid]
    if not all(write.changed_nothing for write in writes):
        reasons = ", or ".join(why for _, why in cases)
        session.record_violation(
            f"{reasons}: the request is rejected, but it changes observable state", observation
        )


def require_writable(session: Tester) -> None:
    """Raises InconclusiveError in a read-only session."""
    if session.read_only:
        raise InconclusiveError(READ_ONLY)


def _valid_counterpart(session: Tester, case: Case) -> Case:
    """A case that reads the same state, but is valid: laws cannot see one that violates its schema."""
    counterpart = replace(case, credentials=None)
    return session.requests.base(case.operation) if session.request_view(counterpart) is None else counterpart


def accept(session: Tester, case: Case) -> None:
    """Sends a case that must succeed, checks its laws, and undoes it."""
    if case.operation.method in READS:
        session.require_success(case)
        return
    require_writable(session)
    undo(session, perform(session, case))


def accept_request_values(session: Tester, case: Case) -> None:
    """As `accept`, but checks only the laws about values of the request."""
    if case.operation.method in READS or not undo_of(session, case.operation):
        accept(session, case)
        return
    before = {} if session.read_only else observe(session, case, request_values_only=True)
    with written(session, case) as (observation, _):
        after = observe(session, case, observation, request_values_only=True)
        check_laws(session, Write(case, observation, before, after))


def authorize(session: Tester, case: Case, problem: str = KNOWN_REJECTED) -> None:
    """Sends a case that must succeed, and undoes it, without checking laws.

    ``problem`` is the violation if it does not succeed.
    """
    if case.operation.method in READS:
        session.require_success(case, problem)
        return
    with written(session, case, problem):
        pass


@contextmanager
def written(session: Tester, case: Case, problem: str = KNOWN_REJECTED) -> Iterator[tuple[Observation, Case]]:
    """A write that exists within the context: gives its observation, and the case that will undo it."""
    require_writable(session)
    before = _undo_state(session, case)
    observation = send_write(session, case, before, partial(session.require_success, problem=problem))
    undoing = undo_case(session, Write(case, observation, before, _undo_state(session, case)))
    if undoing is None:
        session.record_violation(_NOT_IDENTIFIED, observation)
        raise InconclusiveError(_NOT_IDENTIFIED)
    session.not_undone.append(undoing)
    yield observation, undoing
    session.require_success(replace(undoing, credentials=case.credentials), problem)
    session.not_undone.remove(undoing)


def attempt(session: Tester, case: Case) -> None:
    """Sends a case whatever the response is; an accepted write is undone, now or at the end of the run."""
    if case.operation.method in READS:
        session.send(case)
        return
    require_writable(session)
    before = _undo_state(session, case)
    observation = session.send(case)
    if not observation.accepted or not undo_of(session, case.operation):
        return
    undoing = undo_case(session, Write(case, observation, before, _undo_state(session, case)))
    if undoing is None:
        session.record_violation(_NOT_IDENTIFIED, observation)
        return
    session.not_undone.append(undoing)
    if session.send(replace(undoing, credentials=case.credentials)).accepted:
        session.not_undone.remove(undoing)


def irreversible(session: Tester, name: str) -> Iterator[Case]:
    """Writes of an operation that may be sent although nothing undoes them."""
    return (
        session.requests.case_for(name, values)
        for values in session.requests.values.irreversible.get(name, ())
    )


def variants(session: Tester, operation: Operation) -> Iterator[Case]:
    """Known cases, and those with further values of the enumerated fields of the body."""
    bodies = session.requests.bodies(operation) or [None]
    for case in session.requests.cases(operation):
        for body in [*bodies, *_enumerated(session, operation, bodies)]:
            yield replace(case, body=body)


def _enumerated(session: Tester, operation: Operation, bodies: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Bodies with the values of enumerated fields that no known body has."""
    document, content = session.spec.document, operation.request_body and operation.request_body.content
    schema = content[0].schema if content else None
    if schema is None or not isinstance(bodies[0], dict):
        return
    for name in bodies[0]:
        pointer = property_schema(document, schema, name)
        field = document.get(document.follow(pointer)) if pointer else {}
        used = [body.get(name) for body in bodies]
        for value in field.get("enum", []):
            body = bodies[0] | {name: value}
            if value not in used and session.requests.is_valid(schema, body):
                yield body


def perform(session: Tester, case: Case) -> Write:
    """Sends a write that must succeed, and checks its laws."""
    before = observe(session, case)
    observation = send_write(session, case, before, session.require_success)

    def read() -> Write:
        return Write(case, observation, before, observe(session, case, observation))

    write = session.settled(read, lambda write: are_laws_satisfied(session, write))
    check_laws(session, write)
    return write


def send_write(
    session: Tester, case: Case, before: Mapping[str, Observation], send: Callable[[Case], Observation]
) -> Observation:
    """Sends a write. If its response is lost, its effect is undone if there is any, and it is sent again."""
    for _ in range(RETRIES):
        try:
            return send(case)
        except NoResponseError as error:
            if not _restored(session, error, before):
                send = partial(_send_in_doubt, session)
    try:
        return send(case)
    except NoResponseError as error:
        _restored(session, error, before)
        raise


def _send_in_doubt(session: Tester, case: Case) -> Observation:
    """Sends a write that may have taken effect before, and may be rejected for that."""
    observation = session.send(case)
    if not observation.accepted:
        raise InconclusiveError("a response was lost, and nothing shows whether the write took effect")
    return observation


def _restored(session: Tester, error: NoResponseError, before: Mapping[str, Observation]) -> bool:
    """Undoes a write without a response if it took effect; whether the state is certainly as ``before``.

    Raises InconclusiveError if it cannot be undone, and the error if responses are lost repeatedly.
    """
    case = error.case
    after = observe(session, replace(case, credentials=None))
    write = Write(case, session.without_response(case), before, after)
    if before and write.changed_nothing:
        return True
    if not before and not undo_of(session, case.operation):
        return False
    undoing = undo_case(session, write) if undo_of(session, case.operation) else None
    if undoing is None:
        if session.target.unanswered(case.operation) > 1:
            raise error
        raise InconclusiveError("a response was lost, and the write cannot be undone")
    session.not_undone.append(undoing)
    session.require_success(undoing)
    session.not_undone.remove(undoing)
    return True


def undoable(session: Tester, operation: Operation) -> Iterator[Case]:
    """Known writes that can be undone."""
    if undo_of(session, operation):
        yield from (case for case in variants(session, operation) if can_be_undone(session, case))


def _undo_state(session: Tester, case: Case) -> dict[str, Observation]:
    """The state that undoing reads, as it is now."""
    recipe = undo_of(session, case.operation)
    if "then" not in recipe:
        return {}
    observation = session.read_state(session.requests.case_for(recipe["then"], case.named()))
    return {UNDO: observation} if observation.accepted else {}


def can_be_undone(session: Tester, case: Case) -> bool:
    """Whether undoing a write would restore the state before it (x-undo, when)."""
    recipe = undo_of(session, case.operation)
    if "when" not in recipe:
        return True
    before = _undo_state(session, case).get(UNDO)
    views = {"request": session.request_view(case), "before": before and before.views[1]}
    if None in views.values():
        return False
    return Expression(recipe["when"], {"request", "before"})(**views) is True


def undo(session: Tester, write: Write) -> Write | None:
    """Undoes a write, by an operation with laws of its own; None if that is not documented or fails."""
    if not undo_of(session, write.case.operation):
        return None
    undoing = undo_case(session, write)
    if undoing is None:
        session.record_violation(_NOT_IDENTIFIED, write.observation)
        return None
    session.not_undone.append(undoing)
    undone = perform(session, undoing)
    session.not_undone.remove(undoing)
    return undone


def undo_case(session: Tester, write: Write) -> Case | None:
    """The case that undoes a write; None if what was written cannot be identified."""
    recipe = undo_of(session, write.case.operation)
    request, response = write.observation.views
    views = {
        "request": request,
        "response": response,
        "before": write.before[UNDO].views[1] if UNDO in write.before else None,
        "then": write.after[UNDO].views[1] if UNDO in write.after else None,
    }
    try:
        arguments = {
            name: Expression(text, SEQUENCE)(**views) for name, text in recipe.get("with", {}).items()
        }
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError):
        return None
    return session.requests.case_for(recipe["operation"], write.case.named() | arguments)
