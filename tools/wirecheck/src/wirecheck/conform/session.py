"""A session with a server: it sends cases, judges every exchange and records violations."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from wirecheck.boundaries import BoundaryValue, boundaries
from wirecheck.cel import View
from wirecheck.checks import Judge, is_of_server
from wirecheck.checks.views import request_view
from wirecheck.conform.case import READS, Case, NoResponseError, UnsentError
from wirecheck.conform.encoding import media_types, token_schemes
from wirecheck.conform.listener import Listener
from wirecheck.conform.observation import Observation
from wirecheck.conform.preflight import Preflight
from wirecheck.conform.single_use import Fetcher
from wirecheck.conform.target import Target
from wirecheck.conform.values import Values
from wirecheck.decode import payload_name
from wirecheck.engine import Engine
from wirecheck.laws import laws
from wirecheck.model import Exchange, Finding, LimitError
from wirecheck.redact import printable
from wirecheck.spec import Operation, Parameter, Spec

KNOWN_REJECTED = "a request with known values is rejected"
READ_ONLY = "it writes, and this session is read-only"
NOT_UNDOABLE = "no known write can be undone: give --values of other resources"
_UNSHUFFLED = 20  # boundary values of a rule that come first whatever the seed
_MAX_VIOLATIONS = 20  # of one requirement
_NOT_THERE = {404, 410}


class State(StrEnum):
    """The outcome of testing a requirement."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"


class InconclusiveError(Exception):
    """A requirement cannot be verified; the message says why."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that the document requires of a server.

    ``kind`` groups requirements, ``what`` completes the sentence "the server ...". ``test`` records
    violations in the session, or raises InconclusiveError.
    """

    operation: str
    kind: str
    what: str
    test: Callable[["Session"], None] = field(repr=False)

    @property
    def name(self) -> str:
        """Unique and stable: the id of a test, and the key of a saved reproduction."""
        return f"{self.operation}: {self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A violation with the request that shows it (a command without secrets).

    ``status`` is that of the response, None if there was none.
    """

    message: str
    spec_pointer: str
    request: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of testing a requirement; ``reason`` says why it is inconclusive."""

    requirement: Requirement
    state: State
    counterexamples: tuple[Counterexample, ...] = ()
    reason: str = ""


class Session:
    """Sends cases to the target, and remembers what was observed.

    ``tokens_without`` maps a scope to an access token that lacks it. ``listener`` receives callbacks,
    None for no callbacks; the session closes it. ``fetcher`` obtains values that can be used once.
    ``statuses`` are the statuses observed, by operation. ``failed_recipes`` are recipes that did not
    provoke their status. ``not_undone`` are the cases that would undo writes not undone yet.
    """

    def __init__(
        self,
        spec: Spec,
        target: Target,
        values: Values,
        *,
        seed: int = 0,
        read_only: bool = False,
        tokens_without: Mapping[str, str] | None = None,
        listener: Listener | None = None,
        fetcher: Fetcher | None = None,
        also: Sequence[str] = (),
    ) -> None:
        self.spec, self.target, self.values = spec, target, values
        self.seed, self.read_only = seed, read_only
        self.tokens_without, self.listener, self.fetcher = tokens_without or {}, listener, fetcher
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.not_undone: list[Case] = []
        self.failed_recipes: list[Mapping[str, Any]] = []
        self._judge, self._engine = Judge(spec, also=also), Engine(spec.document)
        self.laws = laws(spec)
        self._boundaries: dict[str, Sequence[BoundaryValue]] = {}
        self._bases: dict[str, Case] = {}
        self._violations: list[Counterexample] = []
        self._limit = ""  # why a response of the current requirement was not judged
        self._last: Observation | None = None
        self._unjudged: Observation | None = None
        target.while_waiting = self.judge_pending
        self._state: dict[str, Observation] = {}
        self.preflight = Preflight(spec, self._rejection)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        if self.listener:
            self.listener.close()

    def run(self, requirement: Requirement) -> Outcome:
        """Tests one requirement. Raises TargetError when the server is unreachable."""
        self._violations, self._limit = [], ""
        reason = ""
        try:
            if failure := self.preflight.failure_of(requirement.operation):
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
        self.judge_pending()
        counterexamples, reason = tuple(dict.fromkeys(self._violations)), reason or self._limit
        state = State.VIOLATED if counterexamples else State.INCONCLUSIVE if reason else State.SATISFIED
        return Outcome(requirement, state, counterexamples, reason)

    def send(self, case: Case) -> Observation:
        """Sends a case. Its response is judged while the session waits for the next one."""
        case = self._with_fresh_values(case)
        if (case.method or case.operation.method) not in READS:
            self.forget_state()  # even where no response arrives
        exchange = self.target.send(case)
        self.judge_pending()
        if case.method is None:
            self.statuses[case.operation.name].add(exchange.status)
        observation = self._last = self._unjudged = self.observation(case, exchange)
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
            if is_of_server(finding):
                self.record_violation(
                    f"{finding.check}: {finding.message}", observation, finding.spec_pointer
                )
        credentials = observation.case.credentials
        if observation.repeats_secret(self.target.credentials if credentials is None else credentials):
            self.record_violation("the response repeats a secret of its request", observation)
        for name in observation.missing_limit_headers():
            self.record_violation(f"the response header {name} is missing", observation)

    def _findings(self, observation: Observation) -> tuple[Finding, ...]:
        try:
            return self._judge.verdict(observation.subject).findings
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
        self.record_violation(f"{problem}: {observation.status}", observation)
        raise InconclusiveError("rejected")

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

    def undo_remaining(self) -> None:
        """Tries once more to undo what is not undone; a resource that is gone needs no undoing."""
        for case in list(self.not_undone):
            status = self.target.send(case).status
            if status < 400 or status in _NOT_THERE:
                self.not_undone.remove(case)

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

    def cases(self, operation: Operation) -> Iterator[Case]:
        """Cases of known values: the base, and one for each further value of a required parameter.

        Raises InconclusiveError if a required value is not known.
        """
        base = self.base(operation)
        yield base
        for parameter in operation.parameters:
            if parameter.required:
                for value in self.known_values(operation, parameter)[1:]:
                    yield base.having(parameter.location, parameter.name, value)

    def with_page_size(self, case: Case, size: int) -> Case:
        """The case for pages of a size, or the nearest size allowed by the document (x-pagination, limit)."""
        document = self.spec.document
        limit = document.get(case.operation.pointer).get("x-pagination", {}).get("limit")
        for parameter in case.operation.parameters:
            if parameter.name == limit:
                schema = document.get(document.follow(parameter.schema)) if parameter.schema else {}
                least, most = schema.get("minimum", size), schema.get("maximum", size)
                return case.having("query", limit, min(max(size, least), most))
        return case

    def with_smallest_page(self, case: Case) -> Case:
        """The case for the smallest page, where the items do not matter."""
        return self.with_page_size(case, 1)

    def base(self, operation: Operation) -> Case:
        """A case of known values: the required ones, and optional ones if a GET fails without them.

        Raises InconclusiveError if a required value is not known.
        """
        if operation.name not in self._bases:
            self._bases[operation.name] = self._new_base(operation)
        return self._bases[operation.name]

    def _new_base(self, operation: Operation) -> Case:
        base = Case(operation=operation, body=next(iter(self.bodies(operation)), None))
        for parameter in operation.parameters:
            if parameter.required:
                value = self.known_values(operation, parameter)[0]
                base = base.having(parameter.location, parameter.name, value)
        if operation.method != "GET" or self._succeeds(base):
            return base
        fuller = base
        for parameter in operation.parameters:
            if not parameter.required and (values := self.values.of(operation, parameter)):
                fuller = fuller.having(parameter.location, parameter.name, values[0])
                if self._succeeds(fuller):
                    return fuller
        return base

    def _succeeds(self, case: Case) -> bool:
        return self.target.send(self._with_fresh_values(case, case)).status < 400

    def _with_fresh_values(self, case: Case, known: Case | None = None) -> Case:
        """The case with fresh values where it has the single-use values of the known one."""
        if self.fetcher is None or case.operation.name not in self.fetcher.recipes:
            return case
        return self.fetcher.refreshed(case, known or self.base(case.operation))

    def require_prerequisites(self, operation: Operation) -> None:
        """Raises InconclusiveError if an operation needs values that are not provided (x-needs)."""
        needs = self.spec.document.get(operation.pointer).get("x-needs")
        provided = {*self.values.operations, *(self.fetcher.recipes if self.fetcher else ())}
        if needs and operation.name not in provided:
            raise InconclusiveError(f"it needs --values: {str(needs).rstrip('.')}")

    def case_for(self, name: str, values: Mapping[str, Any]) -> Case:
        """A case of an operation with values by name, completed by known values.

        Raises InconclusiveError if a required value is missing.
        """
        operation = next(operation for operation in self.spec.operations if operation.name == name)
        case = Case(operation=operation)
        for parameter in operation.parameters:
            if parameter.name in values:
                case = case.having(parameter.location, parameter.name, values[parameter.name])
            elif parameter.required:
                value = self.known_values(operation, parameter)[0]
                case = case.having(parameter.location, parameter.name, value)
        bodies = self.bodies(operation)
        if bodies and isinstance(bodies[0], dict):
            fields = {key: values[key] for key in bodies[0] if key in values}
            return replace(case, body=bodies[0] | fields)
        return replace(case, body=bodies[0]) if bodies else case

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

    def boundaries(self, schema: str, rule: str, *, inside: bool) -> Sequence[BoundaryValue]:
        """Values just inside or just outside of a rule: the most revealing first, the rest by seed."""
        if schema not in self._boundaries:
            self._boundaries[schema] = boundaries(self.spec, self._engine, schema)
        violated = None if inside else rule
        values = [value for value in self._boundaries[schema] if (value.rule, value.near) == (violated, rule)]
        further = values[_UNSHUFFLED:]
        random.Random(self.seed).shuffle(further)
        return values[:_UNSHUFFLED] + further

    def is_valid(self, schema: str, value: Any) -> bool:
        """Whether a value satisfies the schema at a pointer."""
        return self._engine.is_valid(schema, value)

    def token_credentials(self, token: str) -> dict[str, str]:
        """Credentials that carry another access token."""
        return {name: token for name in token_schemes(self.spec) if name in self.target.credentials}

    def known_values(self, operation: Operation, parameter: Parameter) -> list[Any]:
        """The known values of a parameter. Raises InconclusiveError if there are none."""
        values = self.values.of(operation, parameter)
        if not values:
            raise InconclusiveError(f"no value of {parameter.name} is known: give an example, or --values")
        return values

    def bodies(self, operation: Operation) -> list[Any]:
        """The known bodies. Raises InconclusiveError if a required one is unknown, or none can be written."""
        bodies = self.values.body(operation)
        content = operation.request_body.content if operation.request_body else ()
        if bodies and content and not media_types(operation):
            listed = " or ".join(media_type.name for media_type in content)
            raise InconclusiveError(f"bodies of the media type {listed} cannot be written")
        if not bodies and operation.request_body and operation.request_body.required:
            raise InconclusiveError("no body is known: give an example")
        return bodies

    def _rejection(self, operation: Operation) -> int | None:
        """The status that rejects a case of known values, 0 if it is authorized, None if that is unknown."""
        try:
            case = self.base(operation)
            exchange = self.target.send(self._with_fresh_values(case))
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
