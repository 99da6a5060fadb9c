"""HEAD is answered as GET, and methods that a path does not have are refused, without effect."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.ask import READS, Ask
from wirecheck.conform.lab import Lab, UntestableError
from wirecheck.conform.observing import UNDO, Done, observed
from wirecheck.conform.seen import Seen
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


def _answers_head(lab: Lab, operation: Operation) -> None:
    """Or refuses it as a method that no path has."""
    ask = lab.base(operation)
    seen = _sent(lab, ask, "HEAD")
    if not seen.accepted and seen.status not in _UNSUPPORTED and lab.accepted(ask):
        lab.broken(f"GET is answered, but HEAD is not: {seen.status}", seen)


def _does_nothing(lab: Lab, operation: Operation, methods: Sequence[str]) -> None:
    """The same request as the write's; what it does all the same is undone."""
    if lab.read_only:
        raise UntestableError("it writes")
    ask = next(writing.undoable(lab, operation), None)
    if ask is None:
        raise UntestableError("it could not be undone: give --values of other things")
    before = observed(lab, ask)
    for method in methods:
        seen = _refused(lab, ask, method)
        if not seen.accepted and method != methods[-1]:
            continue  # what all refusals have changed is looked at once
        as_written = lab.seen(ask, replace(seen.exchange, method=operation.method))
        done = Done(ask, as_written, before, observed(lab, ask, anew=True))
        if done.changed_nothing and (before or not seen.accepted):
            continue
        if not seen.accepted:
            lab.broken(f"the path lacks {' and '.join(methods)}, but what can be read has changed", seen)
        writing.undo(lab, done)


def _fails_never(lab: Lab, operation: Operation, methods: Sequence[str]) -> None:
    for method in methods:
        if lab.read_only and method not in READS:
            raise UntestableError("it writes")
        _refused(lab, replace(lab.base(operation), body=None), method)


def _refused(lab: Lab, ask: Ask, method: str) -> Seen:
    """The answer to a method that the path lacks; OPTIONS may be answered everywhere."""
    seen = _sent(lab, ask, method)
    if seen.accepted and method != "OPTIONS":
        lab.broken(f"the path lacks {method}, but it is accepted: {seen.status}", seen)
    elif seen.status >= 500 and seen.status not in _UNSUPPORTED:
        lab.broken(f"the path lacks {method}, which is no reason to fail: {seen.status}", seen)
    return seen


def _sent(lab: Lab, ask: Ask, method: str) -> Seen:
    """The document has no word on it, so it is not judged."""
    asked = replace(ask, method=method)
    return lab.seen(asked, lab.target.send(asked))
