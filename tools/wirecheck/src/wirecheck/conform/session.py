"""Where promises are tested: every exchange is judged, every breach remembered."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from wirecheck.boundaries import BoundaryValue, boundaries
from wirecheck.cel import View
from wirecheck.checks import Judge
from wirecheck.checks.views import request_view
from wirecheck.conform.case import READS, Case, NoResponseError, UnsentError
from wirecheck.conform.encode import token_schemes
from wirecheck.conform.fetched import Fetcher
from wirecheck.conform.listener import Listener
from wirecheck.conform.observation import Observation
from wirecheck.conform.preflight import Preflight
from wirecheck.conform.target import Target
from wirecheck.conform.values import Values
from wirecheck.decode import payload_name
from wirecheck.engine import Engine
from wirecheck.laws import laws
from wirecheck.model import Exchange, Severity
from wirecheck.redact import printable
from wirecheck.spec import Operation, Parameter, Spec

_SEEDED = 20  # from which on a seed chooses among the values of a rule
REFUSED = "a request with known values is refused"
_ENOUGH = 20  # breaches of one promise
_NOTHING_THERE = {404, 410}


class State(StrEnum):
    """What became of a promise."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"


class InconclusiveError(Exception):
    """Nothing can be said of a promise, and why."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that can be tested. ``kind`` groups promises, ``what`` completes "the server ...".

    ``test`` tells what is broken to the lab, or raises UntestableError.
    """

    operation: str
    kind: str
    what: str
    test: Callable[["Session"], None] = field(repr=False)

    @property
    def name(self) -> str:
        """Unique and stable: for selecting, and for names of tests."""
        return f"{self.operation}: {self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """What was broken, by which request (a command without secrets), answered with what."""

    message: str
    spec_pointer: str
    request: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a promise; ``reason`` says why nothing could be told."""

    requirement: Requirement
    state: State
    counterexamples: tuple[Counterexample, ...] = ()
    reason: str = ""


class Session:
    """Asks the target and remembers.

    ``lacking`` holds access tokens by the scope that they lack. ``listener`` is what the server may
    call, None for nothing; the lab closes it. ``fetcher`` has values that are good for once.
    ``statuses`` counts what was answered, by operation. ``vain`` are ways to provoke a status that
    did not. ``left`` would undo what was done and is not yet undone. ``looked`` are answers to
    questions since the last write.
    """

    def __init__(
        self,
        spec: Spec,
        target: Target,
        values: Values,
        *,
        seed: int = 0,
        read_only: bool = False,
        lacking: Mapping[str, str] | None = None,
        listener: Listener | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self.spec, self.target, self.values = spec, target, values
        self.seed, self.read_only = seed, read_only
        self.lacking, self.listener, self.fetcher = lacking or {}, listener, fetcher
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.left: list[Case] = []
        self.vain: list[Mapping[str, Any]] = []
        self._judge, self._engine = Judge(spec), Engine(spec.document)
        self.laws = laws(spec)
        self._boundaries: dict[str, Sequence[BoundaryValue]] = {}
        self._bases: dict[str, Case] = {}
        self._breaches: list[Counterexample] = []
        self._last: Observation | None = None
        self._unjudged: Observation | None = None
        target.meanwhile = self.catch_up
        self.looked: dict[str, Observation] = {}
        self._token_schemes = frozenset(token_schemes(spec))
        self.preflight = Preflight(spec, self._refusal)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        if self.listener:
            self.listener.close()

    def run(self, requirement: Requirement) -> Outcome:
        """Tests one promise. Raises TargetError when nobody is there."""
        self._breaches = []
        reason = ""
        try:
            if refused := self.preflight.why_not(requirement.operation):
                raise InconclusiveError(refused)
            requirement.test(self)
        except InconclusiveError as error:
            reason = str(error)
        except UnsentError as error:
            reason = error.what
        except NoResponseError as error:
            where = f"#{error.case.operation.pointer}"
            self._breaches.append(
                Counterexample(printable(error.what), where, self.command(error.case), None)
            )
        self.catch_up()
        counterexamples = tuple(dict.fromkeys(self._breaches))
        state = State.VIOLATED if counterexamples else State.INCONCLUSIVE if reason else State.SATISFIED
        return Outcome(requirement, state, counterexamples, reason)

    def send(self, case: Case) -> Observation:
        """The answer. It is judged while the next one is awaited, which takes no time of its own."""
        case = self._fresh(case)
        if (case.method or case.operation.method) not in READS:
            self.looked.clear()  # even where the answer is lost
        exchange = self.target.send(case)
        self.catch_up()
        if case.method is None:
            self.statuses[case.operation.name].add(exchange.status)
        observation = self._last = self._unjudged = self.observation(case, exchange)
        for callback, called in self.listener.called() if self.listener else ():
            for violation in self._judge.called(callback, called):
                self.broken(
                    f"the callback is called as it should not: {violation.message}",
                    observation,
                    f"#{violation.spec_pointer}",
                )
        return observation

    def catch_up(self) -> None:
        """Judges the last answer, if it is not judged yet."""
        observation, self._unjudged = self._unjudged, None
        if observation is None:
            return
        for finding in self._judge.verdict(observation.subject).findings:
            if finding.severity is Severity.ERROR:
                self.broken(f"{finding.check}: {finding.message}", observation, finding.spec_pointer)
        given = observation.case.credentials
        if observation.echoes(self.target.credentials if given is None else given):
            self.broken("the answer repeats a secret", observation)
        for name in observation.untold_limits():
            self.broken(f"the answer does not tell {name}", observation)

    def look(self, case: Case) -> Observation:
        """The answer to what only reads: the last one, if nothing was written since."""
        key = case.key
        if key not in self.looked:
            self.looked[key] = self.send(case)
        return self.looked[key]

    def broken(self, message: str, observation: Observation, spec_pointer: str = "") -> None:
        """Remember that the promise is broken; when it was so often enough, that is known."""
        self.catch_up()
        if len(self._breaches) >= _ENOUGH:
            return
        where = spec_pointer or f"#{observation.case.operation.pointer}"
        view = observation.subject.masked
        shown = printable(self.target.shown(view.text(message)))
        command = view.text(self.command(observation.case))
        self._breaches.append(Counterexample(shown, where, command, observation.status))

    def command(self, case: Case) -> str:
        """A request for people, without secrets."""
        return printable(self.target.shown(self.target.curl(case)))

    def each(self, cases: Iterable[Case], test: Callable[[Case], object]) -> None:
        """Test all of them. Raises UntestableError if nothing can be said of any."""
        told, reason = False, ""
        for case in cases:
            try:
                test(case)
                told = True
            except InconclusiveError as error:
                reason = str(error)
        if not told:
            raise InconclusiveError(reason)

    def accepted(self, case: Case, refused: str = REFUSED) -> Observation:
        """An answer that must be a success: the request has only values that are known to work.

        Raises UntestableError if the operation is gone, or too much was asked.
        """
        observation = self.send(case)
        if observation.accepted:
            return observation
        if observation.status == 429:
            raise InconclusiveError(observation.too_much)
        if observation.is_retired:
            raise InconclusiveError("the operation is retired")
        self.broken(f"{refused}: {observation.status}", observation)
        raise InconclusiveError("refused")

    def refused(self, case: Case, why: str, names: Collection[str] = ()) -> Observation:
        """An answer that must be a documented refusal, by one of the names, if the document has any.

        Raises UntestableError if too much was asked, so that it would have been refused anyway.
        """
        observation = self.send(case)
        if observation.status == 429:
            raise InconclusiveError(observation.too_much)
        if observation.accepted:
            self.broken(f"{why}, but it is accepted: {observation.status}", observation)
        elif names and observation.error_type not in {None, *names} and not observation.is_retired:
            wanted = " or ".join(sorted(names))
            self.broken(f"{why}, but it is refused as {observation.error_type}, not as {wanted}", observation)
        return observation

    def tidy(self) -> None:
        """Tries once more to undo what is left; what the server no longer has needs no undoing."""
        for case in list(self.left):
            status = self.target.send(case).status
            if status < 400 or status in _NOTHING_THERE:
                self.left.remove(case)

    def has_seen(self, operation: Operation, status: str) -> bool:
        """Whether a documented status was answered."""
        return any(
            response.status == status
            for one in self.statuses[operation.name]
            if (response := operation.response(one))
        )

    @property
    def last(self) -> Observation:
        """The newest answer."""
        assert self._last is not None
        return self._last

    def cases(self, operation: Operation) -> Iterator[Case]:
        """Requests of known values, one for each value that is required. Raises UntestableError."""
        base = self.base(operation)
        yield base
        for parameter in operation.parameters:
            if parameter.required:
                for value in self.known(operation, parameter)[1:]:
                    yield base.having(parameter.location, parameter.name, value)

    def sized(self, case: Case, size: int) -> Case:
        """The same for pages of a size, or of the next one that the document allows (x-pagination, limit)."""
        document = self.spec.document
        limit = document.get(case.operation.pointer).get("x-pagination", {}).get("limit")
        for parameter in case.operation.parameters:
            if parameter.name == limit:
                schema = document.get(document.follow(parameter.schema)) if parameter.schema else {}
                least, most = schema.get("minimum", size), schema.get("maximum", size)
                return case.having("query", limit, min(max(size, least), most))
        return case

    def light(self, case: Case) -> Case:
        """The same for the smallest page, where it does not matter what is listed."""
        return self.sized(case, 1)

    def base(self, operation: Operation) -> Case:
        """A request of known values: the required ones, and as many others as the server wants.

        Raises UntestableError if a required value is not known.
        """
        if operation.name not in self._bases:
            self._bases[operation.name] = self._base(operation)
        return self._bases[operation.name]

    def _base(self, operation: Operation) -> Case:
        base = Case(operation=operation, body=next(iter(self.bodies(operation)), None))
        for parameter in operation.parameters:
            if parameter.required:
                base = base.having(parameter.location, parameter.name, self.known(operation, parameter)[0])
        if operation.method != "GET" or self.target.send(self._fresh(base, base)).status < 400:
            return base
        fuller = base
        for parameter in operation.parameters:
            if not parameter.required and (known := self.values.of(operation, parameter)):
                fuller = fuller.having(parameter.location, parameter.name, known[0])
                if self.target.send(self._fresh(fuller, fuller)).status < 400:
                    return fuller
        return base

    def _fresh(self, case: Case, known: Case | None = None) -> Case:
        """The request, its values fresh where they are those of the known one and good for once."""
        if self.fetcher is None or case.operation.name not in self.fetcher.ways:
            return case
        return self.fetcher.refreshed(case, known or self.base(case.operation))

    def require_means(self, operation: Operation) -> None:
        """Raises UntestableError if a success needs what no example can give (x-needs), nor values did."""
        needs = self.spec.document.get(operation.pointer).get("x-needs")
        given = {*self.values.operations, *(self.fetcher.ways if self.fetcher else ())}
        if needs and operation.name not in given:
            means = str(needs).rstrip(".")
            raise InconclusiveError(f"it needs what --values must give: {means}")

    def question(self, name: str, values: Mapping[str, Any]) -> Case:
        """A request of an operation with values by name; what is not given is known.

        Raises UntestableError.
        """
        operation = next(one for one in self.spec.operations if one.name == name)
        case = Case(operation=operation)
        for parameter in operation.parameters:
            if parameter.name in values:
                case = case.having(parameter.location, parameter.name, values[parameter.name])
            elif parameter.required:
                case = case.having(parameter.location, parameter.name, self.known(operation, parameter)[0])
        bodies = self.bodies(operation)
        if bodies and isinstance(bodies[0], dict):
            fields = {key: values[key] for key in bodies[0] if key in values}
            return replace(case, body=bodies[0] | fields)
        return case

    def observation(self, case: Case, exchange: Exchange) -> Observation:
        """An answer that is not judged."""
        return Observation(
            case, self._judge.subject(exchange), self._payload(case.operation, exchange.status)
        )

    def unsent(self, case: Case) -> Observation:
        """A request of which no answer is known."""
        return self.observation(case, self.target.unsent(case))

    def request_view(self, case: Case) -> View | None:
        """A request as laws see it, before it is sent."""
        return request_view(self._judge.subject(self.target.unsent(case)))

    def boundaries(self, schema: str, rule: str, kept: bool) -> Sequence[BoundaryValue]:
        """Values just outside of a rule, or just inside; the most telling first, the rest by seed."""
        if schema not in self._boundaries:
            self._boundaries[schema] = boundaries(self.spec, self._engine, schema)
        wanted = (None, rule) if kept else (rule, rule)
        values = [value for value in self._boundaries[schema] if (value.rule, value.near) == wanted]
        further = values[_SEEDED:]
        random.Random(self.seed).shuffle(further)
        return values[:_SEEDED] + further

    def takes(self, schema: str, value: Any) -> bool:
        """Whether a value fits a schema."""
        return self._engine.is_valid(schema, value)

    def as_token(self, token: str) -> dict[str, str]:
        """Credentials that carry another access token."""
        return {name: token for name in token_schemes(self.spec) if name in self.target.credentials}

    def known(self, operation: Operation, parameter: Parameter) -> list[Any]:
        known = self.values.of(operation, parameter)
        if not known:
            raise InconclusiveError(f"no value of {parameter.name} is known: give an example, or --values")
        return known

    def bodies(self, operation: Operation) -> list[Any]:
        bodies = self.values.body(operation)
        if not bodies and operation.request_body and operation.request_body.required:
            raise InconclusiveError("no body is known: give an example")
        return bodies

    def _refusal(self, operation: Operation) -> int | None:
        """The status that refuses a request of known values, 0 if it is let in, None if that is not known."""
        try:
            case = self.base(operation)
            exchange = self.target.send(self._fresh(case))
        except (InconclusiveError, NoResponseError, UnsentError):
            return None
        let_in = exchange.status == 429 or self.observation(case, exchange).is_retired
        return exchange.status if exchange.status // 100 == 4 and not let_in else 0

    def _payload(self, operation: Operation, status: int) -> str:
        """The property of an answer that its schema calls the payload; empty if none."""
        response = operation.response(status)
        schemas = [one.schema for one in response.content if one.schema] if response else []
        names = (payload_name(self.spec.document, schema) for schema in schemas)
        return next((name for name in names if name), "")
