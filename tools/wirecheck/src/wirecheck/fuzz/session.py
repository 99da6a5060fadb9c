"""A session that walks steps: every exchange is judged, every write checked against its laws and undone."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast
from urllib.parse import unquote

import httpx

from wirecheck.conform import writes
from wirecheck.conform.case import READS, UNDECIDED, Case, InconclusiveError, NoResponseError, UnsentError
from wirecheck.conform.effects import Write, check_laws, observe
from wirecheck.conform.encoding import token_schemes
from wirecheck.conform.observation import Observation
from wirecheck.conform.session import Session
from wirecheck.conform.values import Values
from wirecheck.escapes import printable
from wirecheck.fuzz.access import carries, is_guarded
from wirecheck.fuzz.keys import Links, filled
from wirecheck.fuzz.watch import Watch
from wirecheck.fuzz.wire import Step, WireCase, WireTarget, matched
from wirecheck.model import Finding
from wirecheck.samples import facets
from wirecheck.spec import Operation, Spec
from wirecheck.spec.document import tokens

_OF_BODIES = {"request-body-matches", "rule-broken-but-accepted"}
_UNIONS = ("anyOf", "oneOf")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Failure:
    """A violated requirement. ``id`` is the same wherever it is violated in the same way.

    ``status`` is None where no response arrived. ``steps`` lead to the failure, as few as were found.
    """

    id: str
    check: str
    operation: str
    message: str
    spec_pointer: str
    status: int | None
    steps: tuple[Step, ...] = field(default=(), repr=False)


class FuzzSession(Session):
    """A session for requests as they stand on the wire.

    ``failures`` are those of the current step. ``progress`` is called only between steps, so that it may
    raise. ``chosen`` are the operations that are fuzzed. ``responses`` and ``authorized`` count as in
    FuzzReport.
    """

    target: WireTarget

    def __init__(
        self,
        spec: Spec,
        target: WireTarget,
        values: Values,
        *,
        seed: int = 0,
        read_only: bool = False,
        settle: float = 0.0,
        skips: Callable[[str, str], bool] = lambda check, operation: False,
        progress: Callable[[], None] = lambda: None,
        also: Sequence[str] = (),
    ) -> None:
        super().__init__(
            spec, target, values, seed=seed, read_only=read_only, settle=settle, skips=skips, also=also
        )
        self.failures: list[Failure] = []
        self.progress = progress
        self.responses: Counter[int] = Counter()
        self.authorized = 0
        self.chosen = frozenset(operation.name for operation in spec.operations)
        self._tokens = token_schemes(self.spec)
        self.links = Links(spec, self.things.derived)
        self.watch = Watch(self)

    def record_violation(self, message: str, observation: Observation, spec_pointer: str = "") -> None:
        """Record a failure, by the fingerprint of its finding if it is one."""
        fingerprint = ""
        for finding in self._judge.verdict(observation.subject).findings:
            if f"{finding.check}: {finding.message}" == message:
                fingerprint = finding.fingerprint
                break
        self._record(
            observation.case,
            observation.subject.masked.text(message),
            spec_pointer,
            observation.status,
            fingerprint,
        )

    def _record(
        self,
        case: Case,
        message: str,
        spec_pointer: str = "",
        status: int | None = None,
        fingerprint: str = "",
    ) -> None:
        check, name = message.partition(":")[0], case.operation.name
        kind = "\n".join((check, name, spec_pointer))
        self.failures.append(
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
        if thing := self.things.ledger.created_by(observation):
            step = case.step if isinstance(case, WireCase) else self.target.wire(case)
            self.links.note((thing.resource.collection, str(thing.key)), step)
        self.responses[observation.status // 100] += 1
        self.authorized += self._shows_access(observation)
        return observation

    def _findings(self, observation: Observation) -> tuple[Finding, ...]:
        """The findings, but for members of requests that servers may ignore, or convert."""
        findings = super()._findings(observation)
        operation = observation.case.operation
        return tuple(
            finding
            for finding in findings
            if not self._is_of_read_only(operation, finding) and not self._may_convert(observation, finding)
        )

    def _may_convert(self, observation: Observation, finding: Finding) -> bool:
        """Whether a server may take a member for one of its type: a number for a text, or the other way.

        Many frameworks do so, such as pydantic a number for a date. Documents with extensions say it all.
        """
        is_of_type = finding.spec_pointer.rpartition("/")[2] in ("type", *_UNIONS)
        is_of_body = finding.check == "request-body-matches" and is_of_type
        if self.gaps.trusts_document or not is_of_body or not finding.pointer:
            return False
        body = observation.subject.request.body
        value: Any = body.content.value if body else None
        for token in tokens(finding.pointer.removeprefix("#")):
            value = value[int(token)] if isinstance(value, list) else value[token]
        return isinstance(value, bool | int | float) or (
            isinstance(value, str) and _NUMBER.fullmatch(value) is not None
        )

    def _is_of_another(self, finding: Finding) -> bool:
        """Never: a failure is repeated until its steps are few."""
        return False

    def _is_of_read_only(self, operation: Operation, finding: Finding) -> bool:
        content = operation.request_body.content if operation.request_body else ()
        if finding.check not in _OF_BODIES or not finding.pointer:
            return False
        return any(
            self._leads_to_read_only(schema, finding.pointer)
            for media_type in content
            if (schema := media_type.schema)
        )

    def _leads_to_read_only(self, schema: str, pointer: str) -> bool:
        """Whether a pointer into a body leads to, or through, a member that is read-only."""
        schemas: tuple[str, ...] = (schema,)
        for token in tokens(pointer.removeprefix("#")):
            found = facets(self.spec.document, *schemas)
            schemas = found.properties.get(token) or ((found.items,) if found.items else ())
            if schemas and facets(self.spec.document, *schemas).read_only:
                return True
        return False

    def check_access(self) -> None:
        """Read until a response shows that the token is valid, so that short runs are conclusive, too."""
        for operation in self.spec.operations:
            if operation.name in self.chosen and operation.method in READS and not self.authorized:
                with suppress(InconclusiveError, NoResponseError, UnsentError):
                    self.send(self.requests.base(operation))

    def _shows_access(self, observation: Observation) -> bool:
        """Whether a response shows that the access token, if the document has such a scheme, is valid."""
        schemes = {scheme.name for scheme in observation.case.operation.schemes}
        requires_token = not self._tokens or not schemes.isdisjoint(self._tokens)
        return (requires_token and 200 <= observation.status < 300) or observation.is_retired

    def wire(self, step: Step) -> WireCase | None:
        """The case of a step; None if the document has no such path, or HTTP cannot carry the request."""
        match = matched(self.spec, step) if step.target.startswith("/") else None
        if match is None:
            return None
        if match.operation is None or match.operation.method != step.method:
            beneath = f"{match.pointer}/"
            neighbour = next(item for item in self.spec.operations if item.pointer.startswith(beneath))
            return WireCase(operation=match.operation or neighbour, step=step, method=step.method)
        wire = WireCase(operation=match.operation, step=step)
        try:
            view = self.request_view(wire)
        except (httpx.InvalidURL, UnicodeEncodeError):
            return None
        if view is None:
            path = {("path", name): unquote(text) for name, text in match.values.items()}
            return replace(wire, parameters=path)
        places = {(where, name): value for where in ("path", "query") for name, value in view[where].items()}
        return replace(wire, parameters=places, body=view["body"])

    def is_clear(self, wire: WireCase) -> bool:
        """Whether a request can be read by its operation, so that laws apply to it."""
        return wire.method is None and self.request_view(wire) is not None

    def attempt(self, wire: WireCase) -> tuple[Observation | None, Write | None]:
        """Send a request if it may be sent; the observation, and the write if it was accepted.

        A write is observed: an accepted one must satisfy its laws, a rejected one must change nothing. No
        response is a failure; a request that cannot be sent by HTTP is not.
        """
        try:
            if self.may_be_sent(wire):
                return self._attempt(wire)
        except NoResponseError as error:
            self._record(error.case, error.what)
        except UnsentError:
            pass
        return None, None

    def _attempt(self, wire: WireCase) -> tuple[Observation, Write | None]:
        if wire.step.method in READS or not self.is_clear(wire):
            return self._checked(self.send(wire), wire.step), None
        if self.things.is_derived(wire.operation):
            return self._checked(self.watch.write(wire), wire.step), None
        before = observe(self, wire)
        observation = self.send(wire)
        after = observe(self, wire, observation if observation.accepted else None)
        done = Write(wire, observation, before, after)
        if not observation.accepted:
            if not done.changed_nothing:
                self.record_violation("the request is rejected, but changes what can be read", observation)
            return observation, None
        check_laws(self, done)
        return observation, done

    def _checked(self, observation: Observation, step: Step) -> Observation:
        """The observation; an accepted one must have credentials if its operation is guarded."""
        case = observation.case
        is_accepted = case.method is None and observation.status // 100 == 2 and not observation.is_retired
        if is_accepted and self.is_guarded(case.operation) and not carries(step, self.target.credentials):
            message = "access-required: a request without valid credentials is accepted"
            self.record_violation(message, observation, f"#{case.operation.security_pointer}")
        return observation

    def is_guarded(self, operation: Operation) -> bool:
        """Whether an operation that only the document describes requires credentials, which are known."""
        known = is_guarded(operation, self.target.credentials)
        return known and not self.things.says_itself(operation)

    def undo(self, done: Write) -> None:
        """Undo a write, if it changed anything that is read."""
        if done.changed_nothing and done.before:
            return
        try:
            with suppress(InconclusiveError, UnsentError):
                writes.undo(self, done)
        except NoResponseError as error:
            self._record(error.case, error.what)

    def walk(self, steps: Sequence[Step]) -> dict[str, Failure]:
        """Take the steps, then undo the writes that are left; the failures by id."""
        self.progress()
        self.clean_up()
        self.target.forget_silence()
        self.watch.forget()
        done: dict[int, Write] = {}
        try:
            self._take(steps, done)
        finally:
            for written in reversed(done.values()):
                self.undo(written)
        by_id = {failure.id: replace(failure, steps=tuple(steps)) for failure in reversed(self.failures)}
        self.clean_up()
        return by_id

    def _take(self, steps: Sequence[Step], done: dict[int, Write]) -> None:
        """Take the steps; adds the writes that are accepted, and takes away those that are undone."""
        keys: dict[int, Any] = {}
        for index, step in enumerate(steps):
            if step.undoes is not None:
                if step.undoes in done:
                    self.undo(done.pop(step.undoes))
                continue
            ready = filled(step, keys)
            wire = self.wire(ready) if ready else None
            if wire is None:
                continue
            observation, written = self.attempt(wire)
            if written:
                done[index] = written
            if observation and (thing := self.things.ledger.created_by(observation)):
                keys[index] = thing.key

    def clean_up(self, most: int = 0) -> None:
        """Delete what the session created, the newest first, until at most some things are left."""
        self.failures = []
        things = self.things.ledger.things
        with suppress(InconclusiveError, UnsentError, NoResponseError):
            for thing in reversed(things) if most == 0 else things[: max(len(things) - most, 0)]:
                self.things.ledger.delete(thing)
        self.failures = []

    def undo_remaining(self) -> None:
        """Delete and undo what is left; the rejection of an undoing says that it was undone already."""
        self.clean_up()
        for case in list(self.not_undone):
            status = self.target.send(case).status
            if status < 500 and status not in UNDECIDED:
                self.not_undone.remove(case)

    def may_be_sent(self, wire: WireCase) -> bool:
        """Whether a request can be undone, if the API has operations that undo such requests."""
        if self.read_only or wire.step.method in READS:
            return wire.step.method in READS - {"OPTIONS"} or not self.read_only
        if not self.is_clear(wire):
            return True
        if wire.operation.name in self.irreversible:
            return self._names_unknown_resource(wire)
        return writes.can_be_undone(self, wire)

    def _names_unknown_resource(self, wire: WireCase) -> bool:
        """Whether a path parameter has a value that is not a known one."""
        values = {name: value for (where, name), value in wire.parameters.items() if where == "path"}
        return any(
            values.get(parameter.name) not in self.requests.values.of(wire.operation, parameter)
            for parameter in wire.operation.parameters
            if parameter.location == "path"
        )

    @cached_property
    def irreversible(self) -> set[str]:
        """Operations that undo others and cannot be undone: what they delete is gone."""
        by_name = {operation.name: operation for operation in self.spec.operations}
        undoing = {
            undo["operation"] for operation in self.spec.operations if (undo := self._undo_of(operation))
        }
        return {name for name in undoing if not self._undo_of(by_name[name])}

    def _undo_of(self, operation: Operation) -> dict[str, str]:
        return cast(dict[str, str], self.spec.document.get(operation.pointer).get("x-undo", {}))
