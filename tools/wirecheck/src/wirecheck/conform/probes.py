"""Probes: values in their places within a request, which a server must accept, reject, or survive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from wirecheck.conform.case import READ_ONLY, READS, Case, InconclusiveError, NoResponseError
from wirecheck.conform.compare import differences
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.resources import Resource, item_of
from wirecheck.spec import Operation

_MALFORMED = {400, 422}  # statuses that reject malformed values
_REPEATED = 4  # further requests with a value whose rejection may be a violation
_OTHER_FAILURES = {501, 503}  # statuses that may be documented limits of a server rather than crashes


@dataclass(frozen=True, slots=True)
class Probe:
    """A value in a place of a request.

    ``name`` is that of the parameter or member, ``what`` completes a sentence about it. ``having`` puts the
    value into a case, None where the case does not fit the schema then. ``is_documented`` says that the value
    is at a documented limit, so that its rejection is a violation. ``path`` leads to a member of the body
    that is stored as sent, None for anything else.
    """

    name: str
    what: str
    value: Any
    pointer: str
    having: Callable[[Case], Case | None] = field(repr=False)
    is_documented: bool = False
    path: tuple[str | int, ...] | None = None

    @property
    def sentence(self) -> str:
        return f"{self.name} {self.what}"


def require_writable(session: Tester, operation: Operation) -> None:
    """Raises InconclusiveError for a write in a read-only session."""
    if operation.method not in READS and session.read_only:
        raise InconclusiveError(READ_ONLY)


def failed(observation: Observation) -> bool:
    """Whether a response says that the server failed: never a response to what a client sent."""
    return observation.status >= 500 and observation.status not in _OTHER_FAILURES


def succeeded(observation: Observation) -> bool:
    return 200 <= observation.status < 300


def send(session: Tester, case: Case) -> Observation:
    """Sends a case, once more where the server closed the connection, as some do after a failure.

    Raises InconclusiveError for a response 429.
    """
    try:
        observation = session.send(case)
    except NoResponseError:
        observation = session.send(case)
    if observation.status == 429:
        raise InconclusiveError(observation.rate_limited)
    return observation


def send_unjudged(session: Tester, case: Case) -> Observation:
    """Sends a case that a framework may reject before it reaches the API, by a status of its own.

    Raises InconclusiveError for a response 429.
    """
    session.forget_state()
    observation = session.observation(case, session.target.send(case))
    session.things.ledger.take(observation)
    if observation.status == 429:
        raise InconclusiveError(observation.rate_limited)
    return observation


def require_all_rejected(session: Tester, base: Callable[[], Case], probes: Sequence[Probe]) -> int:
    """Sends each probe alone; each must be rejected, and none may make the server fail; how many were sent.

    ``base`` makes a case that is accepted without the probe.
    """
    sent = 0
    for probe in probes:
        case = probe.having(base())
        if case is None:
            continue
        session.require_control(case.operation)
        observation, sent = send(session, case), sent + 1
        if succeeded(observation):
            problem = f"{probe.sentence}, but the request is accepted: {observation.status}"
            session.record_violation(problem, observation, probe.pointer)
        elif failed(observation):
            record_failure(session, probe.sentence, observation, probe.pointer)
    return sent


def record_failure(session: Tester, sentence: str, observation: Observation, pointer: str = "") -> None:
    session.record_violation(
        f"{sentence}, and the server fails instead of accepting or rejecting it: {observation.status}",
        observation,
        pointer,
    )


class Survey:
    """Sends probes that a server must survive, several in one request as long as it accepts them.

    Those at documented limits must be accepted where the same request with usual values is. What is
    accepted must be stored as it was sent. ``base`` makes a case that is accepted without probes.
    """

    def __init__(self, session: Tester, operation: Operation, base: Callable[[], Case]) -> None:
        require_writable(session, operation)
        self._session, self._base = session, base
        self._rejected = set[str]()  # names of places that are sent alone
        self._resource = _resource_of(session, operation)
        self.is_conclusive = False

    def send(self, probes: Sequence[Probe]) -> None:
        """Sends probes of different places together, and alone where they are not accepted."""
        together = [probe for probe in probes if probe.name not in self._rejected]
        alone = [probe for probe in probes if probe.name in self._rejected]
        if together:
            alone += self._send_together(together)
        for probe in alone:
            self._send_alone(probe)

    def _send_together(self, probes: Sequence[Probe]) -> list[Probe]:
        """Those that have to be sent alone."""
        base = case = self._base()
        applied = []
        for probe in probes:
            if (candidate := probe.having(case)) is not None:
                case = candidate
                applied.append(probe)
        if not applied:
            return []
        observation = self._sent(case)
        if succeeded(observation):
            self._compare(applied, observation)
        elif len(applied) == 1:
            self._judge(applied[0], base, observation)
        else:
            return applied
        return []

    def _send_alone(self, probe: Probe) -> None:
        base = self._base()
        case = probe.having(base)
        if case is None:
            return
        observation = self._sent(case)
        if succeeded(observation):
            self._compare([probe], observation)
        else:
            self._judge(probe, base, observation)

    def _sent(self, case: Case) -> Observation:
        observation = send(self._session, case)
        self.is_conclusive = True
        return observation

    def _judge(self, probe: Probe, base: Case, observation: Observation) -> None:
        """Judges the response that does not accept a probe that was sent alone, in a base."""
        if failed(observation):
            record_failure(self._session, probe.sentence, observation, probe.pointer)
            return
        self._rejected.add(probe.name)
        if not probe.is_documented or observation.status not in _MALFORMED:
            return
        if self._is_the_reason(probe, base):
            problem = f"{probe.sentence}, which is within its limits, but is rejected: {observation.status}"
            self._session.record_violation(problem, observation, probe.pointer)

    def _is_the_reason(self, probe: Probe, base: Case) -> bool:
        """Whether requests with the value are rejected, always, that are accepted without it.

        Once may be a coincidence: another value of the request may be in use, or be one that is rejected.
        """
        confirmed = int(self._is_accepted(base))
        for _ in range(_REPEATED):
            if confirmed > 1:
                return True
            base = self._base()
            case = probe.having(base)
            if case is None or self._sent(case).status not in _MALFORMED:
                return False
            confirmed += self._is_accepted(base)
        return confirmed > 1

    def _is_accepted(self, case: Case) -> bool:
        return succeeded(self._sent(case))

    def _compare(self, probes: Sequence[Probe], observation: Observation) -> None:
        """Compares what was accepted with what the response, or else a read, shows of it."""
        compared = [probe for probe in probes if probe.path is not None]
        if self._resource is None or not compared:
            return
        item = item_of(observation.body, self._resource.thing)
        if not isinstance(item, dict) or not any(probe.path and probe.path[0] in item for probe in compared):
            thing = self._session.things.ledger.created_by(observation)
            if thing is None or self._resource.read is None:
                return
            read = self._session.things.case(self._resource.read, thing.keys)
            observation = self._session.send(read)
            item = item_of(observation.body, self._resource.thing) if succeeded(observation) else None
        for probe in compared:
            stored = _at(item, probe.path or ())
            for difference in differences(probe.value, stored) if stored is not _NOTHING else ():
                problem = f"{probe.sentence}, but it is not stored as it was sent: {difference.as_difference}"
                self._session.record_violation(problem, observation, probe.pointer)


def _resource_of(session: Tester, operation: Operation) -> Resource | None:
    """The resource that a write creates or changes."""
    for resource in session.things.derived.values():
        if operation in (resource.create, resource.replace, resource.patch):
            return resource
    return None


_NOTHING = object()


def _at(item: Any, path: Sequence[str | int]) -> Any:
    """The value at a path, _NOTHING where there is none."""
    for key in path:
        try:
            item = item[key]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return item
