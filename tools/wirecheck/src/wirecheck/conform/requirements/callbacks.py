"""What the answer of a callback is good for: a server that calls one must heed it (x-answer)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from wirecheck.conform import listener, writing
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.spec import Operation, Spec

_OTHERWISE = {
    "another text": lambda reply: (reply[0], "x"),
    "more than it is asked for": lambda reply: (reply[0], f"{reply[1]}x"),
    "nothing": lambda reply: (reply[0], ""),
    "404": lambda reply: (404, reply[1]),
}


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """Of an operation that has such a callback."""
    if listener.counts(spec, operation):
        yield "callbacks", "wants the answer of its callback", partial(_heeds, operation=operation)


def _heeds(session: Session, operation: Operation) -> None:
    case = session.base(operation)
    ours = session.listener.values.get(operation.name, {}) if session.listener else {}
    if session.listener is None or not ours.items() <= case.named().items():
        raise InconclusiveError("its callback is elsewhere")
    writing.taken(session, case)
    for what, changed in _OTHERWISE.items():
        with session.listener.answering(changed):
            writing.unchanged(session, case, f"its callback answers {what}")
