"""Effects of a request: state observed before and after it, checked against the laws of its operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wirecheck.cel import View
from wirecheck.conform.case import Case
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.laws import Law, applying
from wirecheck.spec import Operation

UNDO = "x-undo"


@dataclass(frozen=True, slots=True)
class Write:
    """A request that was sent, with the state ``before`` and ``after`` it, by the law that reads it."""

    case: Case
    observation: Observation
    before: Mapping[str, Observation]
    after: Mapping[str, Observation]

    @property
    def changed_nothing(self) -> bool:
        """Whether all observed state is unchanged."""
        names = self.before.keys() & self.after.keys()
        return all(self.before[name].payload == self.after[name].payload for name in names)


def check_laws(session: Tester, write: Write) -> None:
    """Records a violation for each law of the operation that the observed state violates."""
    for law, before, after in _observed_laws(session, write):
        check_law(session, law, write.observation, before, after)


def are_laws_satisfied(session: Tester, write: Write) -> bool:
    """Whether the observed state violates no law of the operation."""
    return all(
        _is_satisfied(law, write.observation, before, after)
        for law, before, after in _observed_laws(session, write)
    )


def _observed_laws(session: Tester, write: Write) -> Iterator[tuple[Law, Observation, Observation]]:
    """The laws of a write whose state was observed, with what was observed before and after it."""
    for law in session.laws.get(write.case.operation.name, ()):
        if law.name in write.before and law.name in write.after:
            yield law, write.before[law.name], write.after[law.name]


def check_law(
    session: Tester,
    law: Law,
    observation: Observation,
    before: Observation,
    after: Observation,
    item: Any = None,
) -> None:
    """Checks a response, or an ``item`` of it, against what the operation of ``then`` returned."""
    if not _is_satisfied(law, observation, before, after, item):
        session.record_violation(f"{law.name}: {law.message}", observation, f"#{law.pointer}")


def _is_satisfied(
    law: Law, observation: Observation, before: Observation, after: Observation, item: Any = None
) -> bool:
    request, response = observation.views
    _, earlier = before.views
    _, later = after.views
    if request is None or response is None or earlier is None or later is None:
        return True  # the judge has reported the schema violation
    return law.satisfied(request, response, earlier, later, observation.exchange.source, item)


def observe(
    session: Tester,
    case: Case,
    observation: Observation | None = None,
    *,
    fresh: bool = False,
    request_values_only: bool = False,
) -> dict[str, Observation]:
    """The state that the laws of a write read, by law.

    State that was read since the last write is reused unless it must be ``fresh``. With
    ``request_values_only`` only laws about values of the request are considered.
    """
    if fresh:
        session.forget_state()
    request = session.request_view(case)
    response = observation.views[1] if observation else {}
    if request is None or response is None:
        return {}
    state = {}
    for law, read in _state_reads(session, case, request, response, request_values_only):
        result = session.read_state(read)
        if is_conclusive(law, result):
            state[law.name if law else UNDO] = result
    return state


def _state_reads(
    session: Tester, case: Case, request: View, response: View, request_values_only: bool
) -> Iterator[tuple[Law | None, Case]]:
    """The reads of laws, and that of undoing (None); laws of single items are checked elsewhere."""
    laws = [
        law for law in session.laws.get(case.operation.name, ()) if law.then is not None and law.each is None
    ]
    for law in applying(laws, request):
        if request_values_only and not law.reads_request_values:
            continue
        yield law, session.requests.case_for(str(law.then), case.named() | law.arguments(request, response))
    undo = undo_of(session, case.operation)
    if "then" in undo:
        yield None, session.requests.case_for(undo["then"], case.named())


def is_conclusive(law: Law | None, observation: Observation) -> bool:
    """Whether a response can be used with a law; a rejection can where the law covers rejections."""
    if observation.accepted or law is None or not law.covers_rejections:
        return observation.accepted
    return 400 <= observation.status < 500 and observation.status != 429 and not observation.is_retired


def undo_of(session: Tester, operation: Operation) -> dict[str, Any]:
    """How an operation is undone (x-undo); empty if that is not documented."""
    value: dict[str, Any] = session.spec.document.get(operation.pointer).get(UNDO, {})
    return value
