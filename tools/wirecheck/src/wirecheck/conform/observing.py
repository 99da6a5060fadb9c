"""What is seen of a thing before and after a request, held against the laws of the operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wirecheck.cel import View
from wirecheck.conform.case import Case
from wirecheck.conform.observation import Observation
from wirecheck.conform.session import Session
from wirecheck.laws import Law, applying
from wirecheck.spec import Operation

UNDO = "x-undo"


@dataclass(frozen=True, slots=True)
class Done:
    """A write. ``before`` and ``after`` are answers, by the law that asked for them."""

    case: Case
    observation: Observation
    before: Mapping[str, Observation]
    after: Mapping[str, Observation]

    @property
    def changed_nothing(self) -> bool:
        """Nothing that was looked at."""
        both = self.before.keys() & self.after.keys()
        return all(self.before[name].payload == self.after[name].payload for name in both)


def hold(session: Session, done: Done) -> None:
    """Holds what was observed against the laws of the operation."""
    for law in session.laws.get(done.case.operation.name, ()):
        if law.name in done.before and law.name in done.after:
            hold_law(session, law, done.observation, done.before[law.name], done.after[law.name])


def hold_law(
    session: Session,
    law: Law,
    observation: Observation,
    before: Observation,
    after: Observation,
    item: Any = None,
) -> None:
    """Holds an answer, or an item of it, against what ``then`` answers."""
    request, response = observation.views
    _, earlier = before.views
    _, later = after.views
    if request is None or response is None or earlier is None or later is None:
        return  # the judge has told why
    if not law.satisfied(request, response, earlier, later, observation.exchange.source, item):
        session.broken(f"{law.name}: {law.message}", observation, f"#{law.pointer}")


def observed(
    session: Session,
    case: Case,
    observation: Observation | None = None,
    *,
    anew: bool = False,
    of_what_is_said: bool = False,
) -> dict[str, Observation]:
    """What the laws of a write look at, as it was since the last write, or ``anew`` as it is now.

    Only those that see what the request says, if nothing else counts.
    """
    if anew:
        session.looked.clear()
    request = session.request_view(case)
    response = observation.views[1] if observation else {}
    if request is None or response is None:
        return {}
    found = {}
    for law, question in _questions(session, case, request, response, of_what_is_said):
        answer = session.look(question)
        if tells(session, law, answer):
            found[law.name if law else UNDO] = answer
    return found


def _questions(
    session: Session, case: Case, request: View, response: View, of_what_is_said: bool
) -> Iterator[tuple[Law | None, Case]]:
    """What laws ask, and what undoing does (None); items of an answer are asked about elsewhere."""
    laws = [
        law for law in session.laws.get(case.operation.name, ()) if law.then is not None and law.each is None
    ]
    for law in applying(laws, request):
        if of_what_is_said and not law.reads_request_values:
            continue
        yield law, session.question(str(law.then), case.named() | law.arguments(request, response))
    way = described(session, case.operation)
    if "then" in way:
        yield None, session.question(way["then"], case.named())


def tells(session: Session, law: Law | None, observation: Observation) -> bool:
    """Whether an answer says anything about a law; a refusal does if it is one of what was asked for."""
    if observation.accepted or law is None or not law.covers_rejections:
        return observation.accepted
    return 400 <= observation.status < 500 and observation.status != 429 and not observation.is_retired


def described(session: Session, operation: Operation) -> dict[str, Any]:
    """How an operation is undone; empty if nothing says so."""
    value: dict[str, Any] = session.spec.document.get(operation.pointer).get(UNDO, {})
    return value
