"""Where steps are walked: every exchange is judged, every write held against its laws and undone."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import httpx

from wirecheck.conform import writes
from wirecheck.conform.case import READS, Case, NoResponseError, UnsentError
from wirecheck.conform.effects import Write, check_laws, observe
from wirecheck.conform.encoding import token_schemes
from wirecheck.conform.observation import Observation
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.conform.values import Values
from wirecheck.fuzz.wire import Step, Wire, Wires, matched
from wirecheck.redact import printable
from wirecheck.spec import Operation, Spec


@dataclass(frozen=True, slots=True)
class Failure:
    """A broken promise. ``id`` is the same for the same promise broken in the same way.

    ``status`` is None where nothing was answered. ``steps`` are what breaks it, the fewest that were found.
    """

    id: str
    check: str
    operation: str
    message: str
    spec_pointer: str
    status: int | None
    steps: tuple[Step, ...] = field(default=(), repr=False)


class Bench(Session):
    """A lab for requests that nobody wrote down before.

    ``met`` are the failures of the newest step. ``progress`` is called where nothing is left half done, so
    that it may raise.
    """

    target: Wires

    def __init__(
        self,
        spec: Spec,
        target: Wires,
        values: Values,
        *,
        seed: int = 0,
        read_only: bool = False,
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(spec, target, values, seed=seed, read_only=read_only)
        self.met: list[Failure] = []
        self.progress = progress
        self.answered: Counter[int] = Counter()
        self.let_in = 0
        self.chosen = frozenset(one.name for one in spec.operations)
        self._tokens = token_schemes(self.spec)

    def record_violation(self, message: str, observation: Observation, spec_pointer: str = "") -> None:
        """Remember what is broken, by the fingerprint of its finding if it is one."""
        findings = self._judge.verdict(observation.subject).findings
        found = (one for one in findings if f"{one.check}: {one.message}" == message)
        fingerprint = next((one.fingerprint for one in found), "")
        self._meet(
            observation.case,
            observation.subject.masked.text(message),
            spec_pointer,
            observation.status,
            fingerprint,
        )

    def _meet(
        self,
        case: Case,
        message: str,
        spec_pointer: str = "",
        status: int | None = None,
        fingerprint: str = "",
    ) -> None:
        check, name = message.partition(":")[0], case.operation.name
        kind = "\n".join((check, name, spec_pointer))
        self.met.append(
            Failure(
                id=fingerprint or hashlib.sha256(kind.encode()).hexdigest()[:16],
                check=check,
                operation=name,
                message=printable(message),
                spec_pointer=spec_pointer or f"#{case.operation.pointer}",
                status=status,
            )
        )

    def send(self, case: Case) -> Observation:
        observation = super().send(case)
        self.judge_pending()
        self.answered[observation.status // 100] += 1
        self.let_in += self._lets_in(observation)
        return observation

    def knock(self) -> None:
        """Reads known values until one is let in, so that short runs, too, can tell whether anybody is."""
        for operation in self.spec.operations:
            if operation.name in self.chosen and operation.method in READS and not self.let_in:
                with suppress(InconclusiveError, NoResponseError, UnsentError):
                    self.send(self.base(operation))

    def _lets_in(self, observation: Observation) -> bool:
        """Whether an answer shows that the access token, where the document knows one, is any good."""
        schemes = {one.name for one in observation.case.operation.schemes}
        wants_token = not self._tokens or not schemes.isdisjoint(self._tokens)
        return (wants_token and 200 <= observation.status < 300) or observation.is_retired

    def wire(self, step: Step) -> Wire | None:
        """A step in the terms of the document; None if it has no such path, or HTTP no place for it."""
        match = matched(self.spec, step)
        if match is None:
            return None
        if match.operation is None or match.operation.method != step.method:
            operation = next(
                one for one in self.spec.operations if one.pointer.startswith(f"{match.pointer}/")
            )
            return Wire(operation=match.operation or operation, step=step, method=step.method)
        wire = Wire(operation=match.operation, step=step)
        try:
            view = self.request_view(wire)
        except (httpx.InvalidURL, UnicodeEncodeError):
            return None
        if view is None:
            return wire
        places = {(where, name): value for where in ("path", "query") for name, value in view[where].items()}
        return replace(wire, parameters=places, body=view["body"])

    def is_clear(self, wire: Wire) -> bool:
        """Whether a request fits what the document asks for, so that laws can speak of it."""
        return wire.method is None and self.request_view(wire) is not None

    def attempt(self, wire: Wire) -> tuple[Observation | None, Write | None]:
        """Sends a request if it may be sent; gives its answer, and the write if it is one that was accepted.

        A write is observed: accepted it keeps its laws, refused it changes nothing. To answer nothing
        is a failure; a request that HTTP has no place for is none.
        """
        try:
            if self.may_be_sent(wire):
                return self._attempt(wire)
        except NoResponseError as error:
            self._meet(error.case, error.what)
        except UnsentError:
            pass
        return None, None

    def _attempt(self, wire: Wire) -> tuple[Observation, Write | None]:
        if wire.step.method in READS or not self.is_clear(wire):
            return self.send(wire), None
        before = observe(self, wire)
        observation = self.send(wire)
        after = observe(self, wire, observation if observation.accepted else None)
        done = Write(wire, observation, before, after)
        if not observation.accepted:
            if not done.changed_nothing:
                self.record_violation("it is refused, but changes what can be read", observation)
            return observation, None
        check_laws(self, done)
        return observation, done

    def undo(self, done: Write) -> None:
        """Takes a write back, if it changed anything that is looked at."""
        if done.changed_nothing and done.before:
            return
        try:
            with suppress(InconclusiveError, UnsentError):
                writes.undo(self, done)
        except NoResponseError as error:
            self._meet(error.case, error.what)

    def walk(self, steps: Sequence[Step]) -> dict[str, Failure]:
        """Takes the steps, then undoes what is left to undo; gives the failures by id."""
        self.progress()
        self.met = []
        self.target.forgive()
        done: dict[int, Write] = {}
        try:
            for index, step in enumerate(steps):
                if step.undoes is not None:
                    if step.undoes in done:
                        self.undo(done.pop(step.undoes))
                elif wire := self.wire(step):
                    _, written = self.attempt(wire)
                    if written:
                        done[index] = written
        finally:
            for written in reversed(done.values()):
                self.undo(written)
        met = {one.id: replace(one, steps=tuple(steps)) for one in reversed(self.met)}
        self.met = []
        return met

    def may_be_sent(self, wire: Wire) -> bool:
        """Whether a request leaves nothing that cannot be undone although the API could undo such things."""
        if self.read_only or wire.step.method in READS:
            return wire.step.method in READS - {"OPTIONS"} or not self.read_only
        if not self.is_clear(wire):
            return True
        if wire.operation.name in self.takers:
            paths = [one for one in wire.operation.parameters if one.location == "path"]
            values = {name: value for (where, name), value in wire.parameters.items() if where == "path"}
            return any(values.get(one.name) not in self.values.of(wire.operation, one) for one in paths)
        return writes.can_be_undone(self, wire)

    @cached_property
    def takers(self) -> set[str]:
        """Operations that undo others and cannot be undone: what they take from the server is gone."""
        undoes = {
            undo["operation"]: self._undo_of(one)
            for one in self.spec.operations
            if (undo := self._undo_of(one))
        }
        return {name for name in undoes if not self._undo_of(self._named(name))}

    def _undo_of(self, operation: Operation) -> dict[str, str]:
        return cast(dict[str, str], self.spec.document.get(operation.pointer).get("x-undo", {}))

    def _named(self, name: str) -> Operation:
        return next(one for one in self.spec.operations if one.name == name)
