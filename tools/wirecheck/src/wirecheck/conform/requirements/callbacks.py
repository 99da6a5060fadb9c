"""Callbacks: a server must respect the response of a callback (x-answer)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from wirecheck.conform import listener, writes
from wirecheck.conform.case import InconclusiveError
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Operation, Spec

_WRONG_REPLIES = {
    "another text": lambda reply: (reply[0], "x"),
    "additional text": lambda reply: (reply[0], f"{reply[1]}x"),
    "an empty body": lambda reply: (reply[0], ""),
    "404": lambda reply: (404, reply[1]),
}


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if listener.has_checked_reply(spec, operation):
        yield "callbacks", "respects the response of its callback", partial(_respects, operation=operation)


def _respects(session: Tester, operation: Operation) -> None:
    case = session.requests.base(operation)
    own = session.listener.values.get(operation.name, {}) if session.listener else {}
    if session.listener is None or not own.items() <= case.named().items():
        raise InconclusiveError("its callback is on another server")
    writes.accept(session, case)
    for reply, changed in _WRONG_REPLIES.items():
        with session.listener.replying(changed):
            writes.reject(session, case, f"its callback responds with {reply}")
