"""A session with a server: it sends cases, judges every exchange and records violations."""

import traceback
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from wirecheck.cel import View
from wirecheck.checks import Judge, is_of_server
from wirecheck.checks.views import request_view
from wirecheck.conform.case import (
    GONE,
    KNOWN_REJECTED,
    READ_ONLY,
    READS,
    Case,
    InconclusiveError,
    NoResponseError,
    UnsentError,
)
from wirecheck.conform.encoding import carrying, token_schemes
from wirecheck.conform.gaps import Gaps
from wirecheck.conform.listener import Listener
from wirecheck.conform.observation import Observation
from wirecheck.conform.outcome import Counterexample, Outcome, Requirement, State
from wirecheck.conform.preflight import Preflight
from wirecheck.conform.protocols import Read
from wirecheck.conform.requests import Requests
from wirecheck.conform.single_use import Fetcher
from wirecheck.conform.target import Target
from wirecheck.conform.things import Things
from wirecheck.conform.values import Values
from wirecheck.decode import payload_name
from wirecheck.engine import engines
from wirecheck.escapes import printable
from wirecheck.laws import laws
from wirecheck.model import Exchange, Finding, LimitError, Side, WirecheckError
from wirecheck.spec import Operation, Spec

_MAX_VIOLATIONS = 20  # of one requirement
_FORMATS = {"date-time", "date", "uuid"}
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds between reads of what has not settled yet
_UNDO_SECONDS = 30.0  # in the end, for all that is not undone
_UNDO_RESPONSE_SECONDS = 5.0


class Session:
    """Sends cases to the target, and remembers what was observed.

    ``tokens_without`` maps a scope to an access token that lacks it, ``tokens_of`` the name of another user
    to a token of that user. ``listener`` receives callbacks,
    None for no callbacks; the session closes it. ``fetcher`` obtains values that can be used once, for
    ``requests``. ``settle`` is how many seconds the effect of a write may take to be seen by reads.
    ``skips`` says whether what a check finds at an operation is not recorded.
    ``statuses`` are the statuses observed, by operation. ``failed_recipes`` are recipes that did not
    provoke their status. ``gaps`` are those of the document. ``not_undone`` are the cases that would undo
    writes not undone yet.
    """

    def __init__(
        self,
        spec: Spec,
        target: Target,
        values: Values,
        *,
        seed: int = 0,
        read_only: bool = False,
        settle: float = 0.0,
        skips: Callable[[str, str], bool] = lambda check, operation: False,
        tokens_without: Mapping[str, str] | None = None,
        tokens_of: Mapping[str, str] | None = None,
        listener: Listener | None = None,
        fetcher: Fetcher | None = None,
        also: Sequence[str] = (),
    ) -> None:
        self.spec, self.target, self.read_only = spec, target, read_only
        self.settle, self.listener, self._skips = settle, listener, skips
        self.tokens_without, self.tokens_of = tokens_without or {}, tokens_of or {}
        engine = engines(spec)[Side.REQUEST]
        self.things = Things(spec, values, engine.is_valid, self.send, read_only=read_only)
        self.requests = Requests(spec, values, target.send, self.things, seed=seed, fetcher=fetcher)
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.not_undone: list[Case] = []
        self.failed_recipes: list[Mapping[str, Any]] = []
        self._judge = Judge(spec, also=also)
        self.laws = laws(spec)
        self._succeeded: set[str] = set()  # names of operations
        self._violations: list[Counterexample] = []
        self.has_erred = False  # whether a bug kept a requirement from being tested
        self._is_derived = False  # whether no part of the document states the current requirement itself
        self._known = set[str]()  # fingerprints of the findings of this run
        self._limit = ""  # why a response of the current requirement was not judged
        self._last: Observation | None = None
        self._unjudged: Observation | None = None
        target.while_waiting = self.judge_pending
        self._state: dict[str, Observation] = {}
        self.gaps = Gaps(spec, trusts_document=values.has_extensions)
        self.preflight = Preflight(spec, self._rejection, has_credentials=bool(target.credentials))

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        if self.listener:
            self.listener.close()

    def run(self, requirement: Requirement) -> Outcome:
        """Tests one requirement. Raises TargetError when the server is unreachable."""
        self._violations, self._limit, self._is_derived = [], "", bool(requirement.source)
        reason, earlier, began = "", self.things.ledger.things, self.target.now
        try:
            failure = self.preflight.failure_of(requirement.operation)
            if failure and (requirement.needs_credentials or not self.preflight.is_of_access):
                raise InconclusiveError(failure)
            requirement.test(self)
        except InconclusiveError as error:
            reason = str(error)
        except (UnsentError, LimitError) as error:
            reason = error.what
        except NoResponseError as error:
            pointer = f"#{error.case.operation.pointer}"
            self._violations.append(
                Counterexample(printable(error.what), pointer, self.command(error.case), None)
            )
        except WirecheckError:
            raise
        except Exception as error:  # a bug of wirecheck costs this requirement, not the others
            traceback.print_tb(error.__traceback__)  # the message might hold a secret
            self.has_erred, reason = True, f"wirecheck failed: {type(error).__name__}"
        with suppress(InconclusiveError, UnsentError, NoResponseError):
            self.things.tidy(earlier)
        self.judge_pending()
        counterexamples, reason = tuple(dict.fromkeys(self._violations)), reason or self._limit
        state = State.VIOLATED if counterexamples else State.INCONCLUSIVE if reason else State.SATISFIED
        return Outcome(requirement, state, counterexamples, reason, self.target.now - began)

    def send(self, case: Case) -> Observation:
        """Sends a case. Its response is judged while the session waits for the next one.

        Raises InconclusiveError for a write in a read-only session.
        """
        if self.read_only and (case.method or case.operation.method) not in READS:
            raise InconclusiveError(READ_ONLY)
        case = self.requests.fresh(case)
        if (case.method or case.operation.method) not in READS:
            self.forget_state()  # even where no response arrives
        exchange = self.target.send(case)
        self.judge_pending()
        if case.method is None:
            self.statuses[case.operation.name].add(exchange.status)
        observation = self._last = self._unjudged = self.observation(case, exchange)
        self.things.ledger.take(observation)
        if observation.accepted and case.method is None:
            self._succeeded.add(case.operation.name)
        for callback, request in self.listener.received() if self.listener else ():
            for violation in self._judge.called(callback, request):
                self.record_violation(
                    f"the request to the callback is wrong: {violation.message}",
                    observation,
                    f"#{violation.spec_pointer}",
                )
        return observation

    def judge_pending(self) -> None:
        """Judges the last response, unless that was done already."""
        observation, self._unjudged = self._unjudged, None
        if observation is None:
            return
        for finding in self._findings(observation):
            if self._counts(finding) and not self._skips(finding.check, observation.case.operation.name):
                if self.gaps.take(finding, observation.case.operation):
                    continue
                if self._is_of_another(finding):
                    continue
                self.record_violation(
                    f"{finding.check}: {finding.message}", observation, finding.spec_pointer
                )
        credentials = observation.case.credentials
        if observation.repeats_secret(self.target.credentials if credentials is None else credentials):
            self.record_violation("the response repeats a secret of its request", observation)
        if observation.told_status not in (None, observation.status):
            problem = (
                f"the problem document says that the status is {observation.told_status} (RFC 9457, 3.1.2)"
            )
            self.record_violation(problem, observation)
        for name in observation.missing_limit_headers():
            self.record_violation(f"the response header {name} is missing", observation)

    def _is_of_another(self, finding: Finding) -> bool:
        """Whether another requirement was violated by it before: one cause, one violation."""
        is_known = finding.fingerprint in self._known
        self._known.add(finding.fingerprint)
        return is_known and (self._is_derived or not self.gaps.trusts_document)

    def _counts(self, finding: Finding) -> bool:
        """Whether a finding counts against the server; that of a usual format does on a plain document."""
        if is_of_server(finding) or self.gaps.trusts_document or finding.side is not Side.RESPONSE:
            return is_of_server(finding)
        pointer = finding.spec_pointer.removeprefix("#")
        return pointer.endswith("/format") and self.spec.document.get(pointer) in _FORMATS

    def _findings(self, observation: Observation) -> tuple[Finding, ...]:
        try:
            accepted = self._judge.accepted(observation.exchange)
            return () if accepted else self._judge.verdict(observation.subject).findings
        except LimitError as error:
            self._limit = error.what
            return ()

    def read_state(self, case: Case) -> Observation:
        """Sends a case that only reads, unless the same was read since the last write."""
        key = case.key
        if key not in self._state:
            self._state[key] = self.send(case)
        return self._state[key]

    def forget_state(self) -> None:
        """Makes the next `read_state` send its case again."""
        self._state.clear()

    def settled(self, read: Callable[[], Read], is_right: Callable[[Read], bool]) -> Read:
        """What ``read`` gives, which reads after a write: again while it is not right and may still settle.

        It is called at least once; the last result is returned, right or not.
        """
        until, pause = self.target.now + self.settle, _FIRST_PAUSE
        result = read()
        while (left := until - self.target.now) > 0 and not is_right(result):
            self.target.wait(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)
            self.forget_state()
            result = read()
        return result

    def record_violation(self, message: str, observation: Observation, spec_pointer: str = "") -> None:
        """Records a violation of the current requirement, up to a maximum number."""
        self.judge_pending()
        if len(self._violations) >= _MAX_VIOLATIONS:
            return
        pointer = spec_pointer or f"#{observation.case.operation.pointer}"
        masked = observation.subject.masked
        shown = printable(self.target.masked(masked.text(message)))
        command = masked.text(self.command(observation.case))
        self._violations.append(Counterexample(shown, pointer, command, observation.status))

    def command(self, case: Case) -> str:
        """The request as a command for people, without secrets."""
        return printable(self.target.masked(self.target.curl(case)))

    def test_each(self, cases: Iterable[Case], test: Callable[[Case], object]) -> None:
        """Tests all cases. Raises InconclusiveError if every single one is inconclusive."""
        conclusive, reason = False, ""
        for case in cases:
            try:
                test(case)
                conclusive = True
            except InconclusiveError as error:
                reason = str(error)
        if not conclusive:
            raise InconclusiveError(reason)

    def require_success(self, case: Case, problem: str = KNOWN_REJECTED) -> Observation:
        """Sends a case of known values, which must succeed; ``problem`` is the violation if it does not.

        Raises InconclusiveError if it does not, whatever the reason.
        """
        observation = self.send(case)
        if observation.accepted:
            return observation
        if observation.status == 429:
            raise InconclusiveError(observation.rate_limited)
        if observation.is_retired:
            raise InconclusiveError("the operation is retired")
        if observation.status in (401, 403) and (reason := self._lacks_credentials(case)):
            raise InconclusiveError(reason)
        if case.is_guess and observation.status // 100 == 4:
            problem = f"no request is known that {case.operation.name} accepts ({observation.status})"
            raise InconclusiveError(f"{problem}: give an example, or --values")
        self.record_violation(f"{problem}: {observation.status}", observation)
        raise InconclusiveError("rejected")

    def _lacks_credentials(self, case: Case) -> str:
        """Why this session has no credentials for a request; empty if it has them."""
        operation, known = case.operation, self.target.credentials
        alternatives = [{scheme.name for scheme in schemes} for schemes in carrying(operation)]
        if alternatives and not any(names <= known.keys() for names in alternatives):
            missing = " and ".join(sorted(set().union(*alternatives) - known.keys()))
            return f"no credentials for {missing} are known: give --values"
        if not alternatives and {"401", "403"} & set(operation.statuses):
            return f"{operation.name} needs credentials that the document does not describe: give --values"
        return ""

    def require_rejection(self, case: Case, why: str, names: Collection[str] = ()) -> Observation:
        """Sends a case that must be rejected, by one of the error types ``names`` if there are any.

        Raises InconclusiveError for a response 429, which would have rejected a valid request, too.
        """
        observation = self.send(case)
        if observation.status == 429:
            raise InconclusiveError(observation.rate_limited)
        if observation.accepted:
            self.record_violation(f"{why}, but the request is accepted: {observation.status}", observation)
        elif names and observation.error_type not in {None, *names} and not observation.is_retired:
            expected = " or ".join(sorted(names))
            self.record_violation(
                f"{why}, but the error type is {observation.error_type}, not {expected}", observation
            )
        return observation

    def require_control(self, operation: Operation) -> None:
        """Requires that a valid request succeeds, so that the rejection of an invalid one says something.

        Raises InconclusiveError if none does.
        """
        if operation.name in self._succeeded:
            return
        base = self.requests.base(operation)
        if not base.is_guess and self.gaps.trusts_document:
            return
        if operation.method in READS:
            self.require_success(base)
        else:
            self.things.attempt(operation, self.things.path_values(operation))

    def undo_remaining(self) -> None:
        """Tries once more to undo what is not undone; a resource that is gone needs no undoing.

        It has a time limit of its own. Raises TargetError when the server is unreachable.
        """
        self.target.limit_time(_UNDO_SECONDS, of_response=_UNDO_RESPONSE_SECONDS)
        for thing in reversed(self.things.ledger.things):
            with suppress(InconclusiveError, UnsentError, NoResponseError):
                if not self.target.time_is_up:
                    self.things.ledger.delete(thing)
        for case in list(self.not_undone):
            with suppress(UnsentError, NoResponseError):
                if not self.target.time_is_up and self._is_undone_by(case):
                    self.not_undone.remove(case)

    def _is_undone_by(self, case: Case) -> bool:
        status = self.target.send(case).status
        return status < 400 or status in GONE

    def has_observed(self, operation: Operation, status: str) -> bool:
        """Whether a documented status (or range) of an operation was observed."""
        return any(
            response.status == status
            for code in self.statuses[operation.name]
            if (response := operation.response(code))
        )

    @property
    def last(self) -> Observation:
        """The newest observation."""
        assert self._last is not None
        return self._last

    def observation(self, case: Case, exchange: Exchange) -> Observation:
        """An observation that is not judged."""
        payload = self._payload_name(case.operation, exchange.status)
        return Observation(case, self._judge.subject(exchange), payload)

    def without_response(self, case: Case) -> Observation:
        """An observation of a request whose response is unknown."""
        return self.observation(case, self.target.unsent(case))

    def request_view(self, case: Case) -> View | None:
        """A request as laws see it, before it is sent."""
        return request_view(self._judge.subject(self.target.unsent(case)))

    def token_credentials(self, token: str) -> dict[str, str]:
        """Credentials that carry another access token."""
        return {name: token for name in token_schemes(self.spec) if name in self.target.credentials}

    def _rejection(self, operation: Operation) -> int | None:
        """The status that rejects a case of known values, 0 if it is authorized, None if that is unknown."""
        try:
            case = self.requests.base(operation)
            exchange = self.target.send(self.requests.fresh(case))
        except (InconclusiveError, NoResponseError, UnsentError):
            return None
        if exchange.status == 429 or self.observation(case, exchange).is_retired:
            return 0
        return exchange.status if exchange.status // 100 == 4 else 0

    def _payload_name(self, operation: Operation, status: int) -> str:
        """The property of a response that holds its payload (x-payload); empty for none."""
        response = operation.response(status)
        schemas = [content.schema for content in response.content if content.schema] if response else []
        names = (payload_name(self.spec.document, schema) for schema in schemas)
        return next((name for name in names if name), "")
