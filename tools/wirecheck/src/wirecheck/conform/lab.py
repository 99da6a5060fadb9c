"""Where promises are tested: every exchange is judged, every breach remembered."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from wirecheck.boundaries import Case, boundaries
from wirecheck.cel import View
from wirecheck.checks import Judge
from wirecheck.checks.views import request_view
from wirecheck.conform.ask import READS, Ask, NoAnswerError, UnsentError
from wirecheck.conform.encode import token_schemes
from wirecheck.conform.entry import Entry
from wirecheck.conform.fetched import Fetcher
from wirecheck.conform.listener import Listener
from wirecheck.conform.seen import Seen
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

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class UntestableError(Exception):
    """Nothing can be said of a promise, and why."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that can be tested. ``kind`` groups promises, ``what`` completes "the server ...".

    ``test`` tells what is broken to the lab, or raises UntestableError.
    """

    operation: str
    kind: str
    what: str
    test: Callable[["Lab"], None] = field(repr=False)

    @property
    def name(self) -> str:
        """Unique and stable: for selecting, and for names of tests."""
        return f"{self.operation}: {self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Breach:
    """What was broken, by which request (a command without secrets), answered with what."""

    message: str
    promise: str
    request: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a promise; ``reason`` says why nothing could be told."""

    promise: Promise
    state: State
    breaches: tuple[Breach, ...] = ()
    reason: str = ""


class Lab:
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
        self.left: list[Ask] = []
        self.vain: list[Mapping[str, Any]] = []
        self._judge, self._engine = Judge(spec), Engine(spec.document)
        self.laws = laws(spec)
        self._cases: dict[str, Sequence[Case]] = {}
        self._bases: dict[str, Ask] = {}
        self._breaches: list[Breach] = []
        self._last: Seen | None = None
        self._unjudged: Seen | None = None
        target.meanwhile = self.catch_up
        self.looked: dict[str, Seen] = {}
        self._token_schemes = frozenset(token_schemes(spec))
        self.entry = Entry(spec, self._refusal)

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *_: object) -> None:
        if self.listener:
            self.listener.close()

    def run(self, promise: Promise) -> Outcome:
        """Tests one promise. Raises TargetError when nobody is there."""
        self._breaches = []
        reason = ""
        try:
            if refused := self.entry.why_not(promise.operation):
                raise UntestableError(refused)
            promise.test(self)
        except UntestableError as error:
            reason = str(error)
        except UnsentError as error:
            reason = error.what
        except NoAnswerError as error:
            where = f"#{error.ask.operation.pointer}"
            self._breaches.append(Breach(printable(error.what), where, self.command(error.ask), None))
        self.catch_up()
        breaches = tuple(dict.fromkeys(self._breaches))
        state = State.BROKEN if breaches else State.UNKNOWN if reason else State.KEPT
        return Outcome(promise, state, breaches, reason)

    def ask(self, ask: Ask) -> Seen:
        """The answer. It is judged while the next one is awaited, which takes no time of its own."""
        ask = self._fresh(ask)
        if (ask.method or ask.operation.method) not in READS:
            self.looked.clear()  # even where the answer is lost
        exchange = self.target.send(ask)
        self.catch_up()
        if ask.method is None:
            self.statuses[ask.operation.name].add(exchange.status)
        seen = self._last = self._unjudged = self.seen(ask, exchange)
        for callback, called in self.listener.called() if self.listener else ():
            for breach in self._judge.called(callback, called):
                self.broken(
                    f"the callback is called as it should not: {breach.message}", seen, f"#{breach.promise}"
                )
        return seen

    def catch_up(self) -> None:
        """Judges the last answer, if it is not judged yet."""
        seen, self._unjudged = self._unjudged, None
        if seen is None:
            return
        for finding in self._judge.verdict(seen.subject).findings:
            if finding.severity is Severity.ERROR:
                self.broken(f"{finding.check}: {finding.message}", seen, finding.promise)
        given = seen.ask.credentials
        if seen.echoes(self.target.credentials if given is None else given):
            self.broken("the answer repeats a secret", seen)
        for name in seen.untold_limits():
            self.broken(f"the answer does not tell {name}", seen)

    def look(self, ask: Ask) -> Seen:
        """The answer to what only reads: the last one, if nothing was written since."""
        key = ask.key
        if key not in self.looked:
            self.looked[key] = self.ask(ask)
        return self.looked[key]

    def broken(self, message: str, seen: Seen, promise: str = "") -> None:
        """Remember that the promise is broken; when it was so often enough, that is known."""
        self.catch_up()
        if len(self._breaches) >= _ENOUGH:
            return
        where = promise or f"#{seen.ask.operation.pointer}"
        view = seen.subject.view
        shown = printable(self.target.shown(view.text(message)))
        command = view.text(self.command(seen.ask))
        self._breaches.append(Breach(shown, where, command, seen.status))

    def command(self, ask: Ask) -> str:
        """A request for people, without secrets."""
        return printable(self.target.shown(self.target.curl(ask)))

    def each(self, asks: Iterable[Ask], test: Callable[[Ask], object]) -> None:
        """Test all of them. Raises UntestableError if nothing can be said of any."""
        told, reason = False, ""
        for ask in asks:
            try:
                test(ask)
                told = True
            except UntestableError as error:
                reason = str(error)
        if not told:
            raise UntestableError(reason)

    def accepted(self, ask: Ask, refused: str = REFUSED) -> Seen:
        """An answer that must be a success: the request has only values that are known to work.

        Raises UntestableError if the operation is gone, or too much was asked.
        """
        seen = self.ask(ask)
        if seen.accepted:
            return seen
        if seen.status == 429:
            raise UntestableError(seen.too_much)
        if seen.is_retired:
            raise UntestableError("the operation is retired")
        self.broken(f"{refused}: {seen.status}", seen)
        raise UntestableError("refused")

    def refused(self, ask: Ask, why: str, names: Collection[str] = ()) -> Seen:
        """An answer that must be a documented refusal, by one of the names, if the document has any.

        Raises UntestableError if too much was asked, so that it would have been refused anyway.
        """
        seen = self.ask(ask)
        if seen.status == 429:
            raise UntestableError(seen.too_much)
        if seen.accepted:
            self.broken(f"{why}, but it is accepted: {seen.status}", seen)
        elif names and seen.error_type not in {None, *names} and not seen.is_retired:
            wanted = " or ".join(sorted(names))
            self.broken(f"{why}, but it is refused as {seen.error_type}, not as {wanted}", seen)
        return seen

    def tidy(self) -> None:
        """Tries once more to undo what is left; what the server no longer has needs no undoing."""
        for ask in list(self.left):
            status = self.target.send(ask).status
            if status < 400 or status in _NOTHING_THERE:
                self.left.remove(ask)

    def has_seen(self, operation: Operation, status: str) -> bool:
        """Whether a documented status was answered."""
        return any(
            response.status == status
            for one in self.statuses[operation.name]
            if (response := operation.response(one))
        )

    @property
    def last(self) -> Seen:
        """The newest answer."""
        assert self._last is not None
        return self._last

    def asks(self, operation: Operation) -> Iterator[Ask]:
        """Requests of known values, one for each value that is required. Raises UntestableError."""
        base = self.base(operation)
        yield base
        for parameter in operation.parameters:
            if parameter.required:
                for value in self.known(operation, parameter)[1:]:
                    yield base.having(parameter.location, parameter.name, value)

    def sized(self, ask: Ask, size: int) -> Ask:
        """The same for pages of a size, or of the next one that the document allows (x-pagination, limit)."""
        document = self.spec.document
        limit = document.get(ask.operation.pointer).get("x-pagination", {}).get("limit")
        for parameter in ask.operation.parameters:
            if parameter.name == limit:
                schema = document.get(document.follow(parameter.schema)) if parameter.schema else {}
                least, most = schema.get("minimum", size), schema.get("maximum", size)
                return ask.having("query", limit, min(max(size, least), most))
        return ask

    def light(self, ask: Ask) -> Ask:
        """The same for the smallest page, where it does not matter what is listed."""
        return self.sized(ask, 1)

    def base(self, operation: Operation) -> Ask:
        """A request of known values: the required ones, and as many others as the server wants.

        Raises UntestableError if a required value is not known.
        """
        if operation.name not in self._bases:
            self._bases[operation.name] = self._base(operation)
        return self._bases[operation.name]

    def _base(self, operation: Operation) -> Ask:
        base = Ask(operation=operation, body=next(iter(self.bodies(operation)), None))
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

    def _fresh(self, ask: Ask, known: Ask | None = None) -> Ask:
        """The request, its values fresh where they are those of the known one and good for once."""
        if self.fetcher is None or ask.operation.name not in self.fetcher.ways:
            return ask
        return self.fetcher.refreshed(ask, known or self.base(ask.operation))

    def require_means(self, operation: Operation) -> None:
        """Raises UntestableError if a success needs what no example can give (x-needs), nor values did."""
        needs = self.spec.document.get(operation.pointer).get("x-needs")
        given = {*self.values.operations, *(self.fetcher.ways if self.fetcher else ())}
        if needs and operation.name not in given:
            means = str(needs).rstrip(".")
            raise UntestableError(f"it needs what --values must give: {means}")

    def question(self, name: str, values: Mapping[str, Any]) -> Ask:
        """A request of an operation with values by name; what is not given is known.

        Raises UntestableError.
        """
        operation = next(one for one in self.spec.operations if one.name == name)
        ask = Ask(operation=operation)
        for parameter in operation.parameters:
            if parameter.name in values:
                ask = ask.having(parameter.location, parameter.name, values[parameter.name])
            elif parameter.required:
                ask = ask.having(parameter.location, parameter.name, self.known(operation, parameter)[0])
        bodies = self.bodies(operation)
        if bodies and isinstance(bodies[0], dict):
            fields = {key: values[key] for key in bodies[0] if key in values}
            return replace(ask, body=bodies[0] | fields)
        return ask

    def seen(self, ask: Ask, exchange: Exchange) -> Seen:
        """An answer that is not judged."""
        return Seen(ask, self._judge.subject(exchange), self._payload(ask.operation, exchange.status))

    def unsent(self, ask: Ask) -> Seen:
        """A request of which no answer is known."""
        return self.seen(ask, self.target.unsent(ask))

    def request_view(self, ask: Ask) -> View | None:
        """A request as laws see it, before it is sent."""
        return request_view(self._judge.subject(self.target.unsent(ask)))

    def boundaries(self, schema: str, rule: str, kept: bool) -> Sequence[Case]:
        """Values just outside of a rule, or just inside; the most telling first, the rest by seed."""
        if schema not in self._cases:
            self._cases[schema] = boundaries(self.spec, self._engine, schema)
        wanted = (None, rule) if kept else (rule, rule)
        cases = [case for case in self._cases[schema] if (case.rule, case.near) == wanted]
        further = cases[_SEEDED:]
        random.Random(self.seed).shuffle(further)
        return cases[:_SEEDED] + further

    def takes(self, schema: str, value: Any) -> bool:
        """Whether a value fits a schema."""
        return self._engine.is_valid(schema, value)

    def as_token(self, token: str) -> dict[str, str]:
        """Credentials that carry another access token."""
        return {name: token for name in token_schemes(self.spec) if name in self.target.credentials}

    def known(self, operation: Operation, parameter: Parameter) -> list[Any]:
        known = self.values.of(operation, parameter)
        if not known:
            raise UntestableError(f"no value of {parameter.name} is known: give an example, or --values")
        return known

    def bodies(self, operation: Operation) -> list[Any]:
        bodies = self.values.body(operation)
        if not bodies and operation.request_body and operation.request_body.required:
            raise UntestableError("no body is known: give an example")
        return bodies

    def _refusal(self, operation: Operation) -> int | None:
        """The status that refuses a request of known values, 0 if it is let in, None if that is not known."""
        try:
            ask = self.base(operation)
            exchange = self.target.send(self._fresh(ask))
        except (UntestableError, NoAnswerError, UnsentError):
            return None
        let_in = exchange.status == 429 or self.seen(ask, exchange).is_retired
        return exchange.status if exchange.status // 100 == 4 and not let_in else 0

    def _payload(self, operation: Operation, status: int) -> str:
        """The property of an answer that its schema calls the payload; empty if none."""
        response = operation.response(status)
        schemas = [one.schema for one in response.content if one.schema] if response else []
        names = (payload_name(self.spec.document, schema) for schema in schemas)
        return next((name for name in names if name), "")
