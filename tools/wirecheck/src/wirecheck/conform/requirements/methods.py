"""Methods: HEAD is supported where GET is, and undocumented methods are rejected without effect."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from msgspec import structs

from wirecheck.conform import writes
from wirecheck.conform.case import NOT_UNDOABLE, READS, Case, InconclusiveError
from wirecheck.conform.effects import UNDO, Write, observe
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.decode import essence
from wirecheck.spec import Operation, Spec

_WRITES = ("POST", "PUT", "PATCH")  # without DELETE: nothing would restore what it deletes
_HARMLESS: tuple[str, ...] = (
    "OPTIONS",
    "PATCH",
)  # without a body they have no effect, even where they are supported
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
        head = next((other for other in siblings if other.method == "HEAD"), None)
        test = partial(_supports_head, operation=operation, head=head)
        yield "methods", "responds to HEAD as to GET", test
    methods = [
        method for method in (_WRITES if undoable else ("OPTIONS", *_WRITES)) if method not in documented
    ]
    if methods and operation == (undoable or siblings)[0]:
        if undoable:
            test = partial(_rejects_writes, operation=operation, methods=methods, documented=documented)
        else:
            test = partial(_does_not_fail, operation=operation, documented=documented)
        yield "methods", "rejects undocumented methods", test
    if operation.method == "OPTIONS":
        test = partial(_lists_methods, operation=operation, documented=documented)
        yield "methods", "lists the documented methods in Allow", test


def _supports_head(session: Tester, operation: Operation, head: Operation | None) -> None:
    """A server may also support HEAD nowhere, unless it is documented.

    Some respond to every method that they do not support as to a path that they do not know.
    """
    case = session.requests.base(operation)
    observation = _send(session, case, "HEAD")
    if head is None:
        if observation.status in _UNSUPPORTED:
            return
        if observation.status == 404 and _send(session, case, "TRACE").status == 404:
            return
    get = session.read_state(case)
    if not get.accepted:
        raise InconclusiveError(f"GET is rejected, too ({get.status})")
    if not observation.accepted:
        session.record_violation(f"GET is accepted, but HEAD is not: {observation.status}", observation)
        return
    if session.things.says_itself(operation):
        return
    if problem := _difference(observation, get, head):
        again = session.send(case)
        if _difference(observation, again, head) == problem:
            session.record_violation(problem, observation)


def _difference(head: Observation, get: Observation, documented: Operation | None) -> str:
    """How a response to HEAD differs from that to GET (RFC 9110, 9.3.2); empty where it does not.

    A header may be missing, unless it is documented. A length of 0 is what servers send that drop the body.
    """
    if head.status != get.status:
        return f"the response to GET is {get.status}, that to HEAD is {head.status}"
    response = documented.response(head.status) if documented else None
    required = {header.name.lower() for header in response.headers} if response else set()
    for name in ("content-type", "content-length", "etag"):
        of_head, of_get = head.header(name), get.header(name)
        if not of_head and of_get and name in required:
            return f"the response to GET has {name}, that to HEAD has not"
        if of_head not in ("", "0") and of_get and essence(of_head) != essence(of_get):
            return f"{name} is {of_get} for GET, and {of_head} for HEAD"
    return ""


def _rejects_writes(
    session: Tester, operation: Operation, methods: Sequence[str], documented: Collection[str]
) -> None:
    """Sends the write by each method; an effect is undone."""
    writes.require_writable(session)
    case = next(writes.undoable(session, operation), None)
    if case is None:
        raise InconclusiveError(NOT_UNDOABLE)
    before = observe(session, case)
    for method in methods:
        observation = _require_rejection(session, case, method, documented)
        if not observation.accepted and method != methods[-1]:
            continue  # the effects of all rejected requests are observed at once
        as_write = session.observation(case, structs.replace(observation.exchange, method=operation.method))
        write = Write(case, as_write, before, observe(session, case, fresh=True))
        if write.changed_nothing and (before or not observation.accepted):
            continue
        if not observation.accepted:
            session.record_violation(
                f"undocumented methods ({', '.join(methods)}) change observable state", observation
            )
        writes.undo(session, write)


def _does_not_fail(session: Tester, operation: Operation, documented: Collection[str]) -> None:
    """An item that this session created gets all writes, without a body."""
    case, methods = session.requests.base(operation), _HARMLESS
    for resource in session.things.resources.values():
        if resource.item == operation.template and session.things.can_create(resource):
            keys = session.things.current(resource).keys
            case, methods = session.things.case(operation, keys), ("OPTIONS", *_WRITES)
    for method in methods:
        if method in documented:
            continue
        if method not in READS:
            writes.require_writable(session)
        _require_rejection(session, replace(case, body=None), method, documented)


def _lists_methods(session: Tester, operation: Operation, documented: Collection[str]) -> None:
    observation = session.require_success(session.requests.base(operation))
    _require_allow(session, observation, documented)


def _require_allow(session: Tester, observation: Observation, documented: Collection[str]) -> None:
    """Requires that Allow is true (RFC 9110, 10.2.1): a 405 has it, a response to OPTIONS need not.

    Frameworks that have a route for each method list only those of one route in a 405.
    """
    allowed = {method.strip().upper() for method in observation.header("allow").split(",")} - {""}
    status, method = observation.status, observation.exchange.method
    if status == 405 and not allowed:
        session.record_violation(f"{method} is rejected by 405, but the response has no Allow", observation)
    elif status == 405 and method in allowed:
        session.record_violation(f"{method} is rejected by 405, but Allow lists it", observation)
    elif status < 300 and method == "OPTIONS" and allowed:
        missing = sorted(set(documented) - allowed - {"HEAD", "OPTIONS"})
        if missing:
            session.record_violation(f"Allow does not list {', '.join(missing)}", observation)


def _require_rejection(session: Tester, case: Case, method: str, documented: Collection[str]) -> Observation:
    """Sends a case by an undocumented method; OPTIONS may be supported everywhere."""
    observation = _send(session, case, method)
    _require_allow(session, observation, documented)
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
