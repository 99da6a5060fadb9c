"""An exchange with what the document says about it, and the form of a check."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, wraps
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from wirecheck import decode
from wirecheck.checks.verdict import Verdict
from wirecheck.engine import Engine, SchemaViolation
from wirecheck.laws import LawPlan, LawPlans, Occurrences
from wirecheck.laws.occurrences import Occurrence
from wirecheck.model import Exchange, Severity, Side, Violation
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import MediaType, Operation, Origin, PathMatch, Response, Spec, SpecProblem, join

_LONGEST = 200  # characters of a path in a message
LONGEST_SHOWN = 2000  # characters of a path, a pointer or a message
_Value = TypeVar("_Value")


class Contract(Struct, frozen=True, kw_only=True):
    """A document with all that was made of it to judge exchanges.

    ``write_only`` finds the values with that mark, None where the document has none. ``origin`` is that of
    the document, which remembers.
    """

    spec: Spec
    origin: Callable[[str], Origin]
    engines: Mapping[Side, Engine]
    requests: decode.RequestReader
    reader: decode.ValueReader
    redactor: Redactor
    plans: LawPlans
    write_only: Occurrences | None

    def has_laws(self, subject: "Subject") -> bool:
        """Whether more may be promised of a response with the status and the schema than that says."""
        schema = subject.media_type.schema if subject.media_type else None
        if self.write_only is not None and schema is not None and self.write_only.homes(schema):
            return True
        plan = subject.plan
        if plan.of_exchange and 200 <= subject.exchange.status < 300:
            return True
        return bool(plan.invariants) and schema is not None and bool(plan.occurrences.homes(schema))


class Subject:
    """An exchange with its operation. Whatever costs time is computed at its first use.

    ``match`` is its path in the document, where that is known before; ``otherwise`` the verdict on it were
    the body of its response right, where all else is known to be.
    """

    def __init__(
        self,
        contract: Contract,
        exchange: Exchange,
        match: PathMatch | None = None,
        otherwise: Verdict | None = None,
    ) -> None:
        self._contract = contract
        self.spec, self.reader, self.origin = contract.spec, contract.reader, contract.origin
        self.exchange = exchange
        self.otherwise = otherwise
        self.path, self.query = decode.split_url(exchange.url)
        self._of_parameters: dict[str, list[SchemaViolation]] = {}
        self.computed: dict[Callable[[Subject], Any], Any] = {}  # by functions decorated with `once`
        self.match = match or self._found()

    def _found(self) -> PathMatch | None:
        if self.exchange.operation:
            return self.spec.match_of(self.exchange.operation)
        matches = self.spec.matches(self.exchange.method.upper(), self.path)
        fitting = filter(self._fits_parameters, matches) if len(matches) > 1 else iter(matches)
        return next(fitting, matches[0] if matches else None)

    def _fits_parameters(self, match: PathMatch) -> bool:
        """Whether the request fits the path parameters of an operation, and has its required query."""
        if match.operation is None:
            return True
        for sent in self._contract.requests.read(match.operation, self.exchange, match.values).parameters:
            if sent.parameter.location == "query" and sent.is_missing:
                return False
            if sent.parameter.location == "path" and self.parameter_violations(sent):
                return False
        return True

    @property
    def _has_right_request(self) -> bool:
        """Whether it is known that the values of the request fit their schemas."""
        return self.otherwise is not None and self.accepted

    @cached_property
    def masked(self) -> Masked:
        return self._contract.redactor.masked(self.exchange)

    @cached_property
    def shown_path(self) -> str:
        """The path for a finding: without secrets, and shortened if it is very long."""
        return shortened(self.masked.text(self.path))

    @property
    def masked_path(self) -> str:
        """The path for a message: without secrets, and shortened."""
        return shortened(self.shown_path, _LONGEST)

    @property
    def operation(self) -> Operation:
        """The operation; raises LookupError where the exchange belongs to none."""
        if self.match is None or self.match.operation is None:
            raise LookupError("this exchange belongs to no operation")
        return self.match.operation

    @property
    def plan(self) -> LawPlan:
        """The laws of the operation, and the invariants of what it returns."""
        return self._contract.plans.of(self.operation.name)

    @property
    def accepted(self) -> bool:
        """Whether the server accepted the request, so that the request must be valid.

        A redirection neither accepts nor rejects (RFC 9110, 15.4): it says what to do first, such as log in.
        """
        return 200 <= self.exchange.status < 300

    @cached_property
    def request(self) -> decode.Request:
        """The request, decoded by the rules of its operation."""
        values = self.match.values if self.match else {}
        return self._contract.requests.read(self.operation, self.exchange, values)

    @cached_property
    def response(self) -> Response | None:
        return self.operation.response(self.exchange.status)

    @cached_property
    def full_content_type(self) -> str | None:
        """The Content-Type of the response, None where it has none or was not recorded."""
        values = decode.header_values(self.exchange.response_headers, "content-type")
        return values[-1] if values and decode.essence(values[-1]) else None

    @cached_property
    def content_type(self) -> str | None:
        """The media type of the response, None where it has none or was not recorded."""
        return decode.essence(self.full_content_type) if self.full_content_type else None

    @cached_property
    def is_of_gateway(self) -> bool:
        """Whether a failure (5xx) that is not documented as such is that of a server in front of the API.

        By its status, or by a body of a media type that the operation does not have; for documents that
        tell such failures from those of the API (x-gateway-failures).
        """
        if self.spec.document.data.get("x-gateway-failures") == "error":
            return False
        status, response = self.exchange.status, self.response
        if status < 500 or (response is not None and response.status.upper() != "DEFAULT"):
            return False
        content = response.content if response else ()
        known = content or tuple(each for other in self.operation.responses for each in other.content)
        content_type = self.full_content_type
        is_foreign = content_type is not None and decode.documented_type(known, content_type) is None
        return status in (502, 503, 504) or is_foreign

    @property
    def bodiless(self) -> bool:
        """Whether the response cannot have a body (RFC 9110, 6.4.1)."""
        status = self.exchange.status
        return self.exchange.method.upper() == "HEAD" or status < 200 or status in (204, 304)

    @cached_property
    def media_type(self) -> MediaType | None:
        """The documented media type by which the response is read.

        A response with a missing or a wrong Content-Type is read as JSON where only JSON is documented.
        """
        content = self.response.content if self.response else ()
        media_type = self.full_content_type and decode.documented_type(content, self.full_content_type)
        if media_type:
            return media_type
        only_json = content and all(decode.is_json(decode.essence(candidate.name)) for candidate in content)
        return content[0] if only_json else None

    @cached_property
    def read_as(self) -> str:
        """The media type by which the body of the response is read: as it was sent if it is documented."""
        if self.media_type is None:
            return ""
        content_type = self.full_content_type
        is_documented = content_type and decode.documented_type((self.media_type,), content_type)
        return content_type if content_type and is_documented else self.media_type.name

    @cached_property
    def body(self) -> decode.DecodedBody:
        """The body of the response, read by its documented media type."""
        raw, media_type = self.exchange.response_body, self.media_type
        if raw is None or media_type is None or self.bodiless:
            return decode.DecodedBody(readable=False)
        return decode.decoded_body(self.reader, media_type, self.read_as, raw)

    @cached_property
    def json(self) -> decode.DecodedBody:
        """The body of the response as JSON, whatever its Content-Type."""
        return decode.json_body(self.exchange.response_body or b"")

    @cached_property
    def body_violations(self) -> list[SchemaViolation]:
        """The violations of its schema by the body of the response; none where it cannot be read."""
        return self.violations_of(self.body)

    def violations_of(self, body: decode.DecodedBody, side: Side = Side.RESPONSE) -> list[SchemaViolation]:
        """The violations of its schemas by the body of a side, but those by what is not known of it."""
        return [
            replace(violation, path=(*part.path, *violation.path)) if part.path else violation
            for part in body.parts
            for violation in self.violations(part.schema, [part.value], side=side)
            if body.knows(violation.path, is_union=violation.keyword in ("anyOf", "oneOf", "discriminator"))
        ]

    def parameter_violations(self, sent: decode.SentParameter) -> list[SchemaViolation]:
        """The violations of the schema of a parameter by what was sent of it."""
        parameter = sent.parameter
        if self._has_right_request:
            return []
        if parameter.pointer not in self._of_parameters:
            self._of_parameters[parameter.pointer] = [
                violation
                for value in sent.values
                if parameter.schema is not None
                for violation in self.violations(
                    parameter.schema, [value], parameter.location, parameter.name, side=Side.REQUEST
                )
            ]
        return self._of_parameters[parameter.pointer]

    @cached_property
    def request_body_violations(self) -> list[SchemaViolation]:
        """The violations of its schema by the body of the request; none where it cannot be read."""
        body = self.request.body
        if body is None or self._has_right_request:
            return []
        return self.violations_of(body.content, Side.REQUEST)

    def values_with_invariants(self) -> Iterator[Occurrence]:
        """The parts of the body of the response that have invariants, whatever else is wrong with it."""
        schema = self.media_type.schema if self.media_type else None
        if schema is not None and self.body.readable:
            yield from self.plan.occurrences.find(schema, self.body.value, self.fits)

    def write_only_values(self) -> Iterator[Occurrence]:
        """The parts of the body of the response that are write-only, and are not null."""
        schema = self.media_type.schema if self.media_type else None
        write_only = self._contract.write_only
        if write_only is not None and schema is not None and self.body.readable:
            occurrences = write_only.find(schema, self.body.value, self.fits)
            yield from (each for each in occurrences if each.path and each.value is not None)

    def fits(self, schema: str, value: Any) -> bool:
        """Whether a value fits a schema, but perhaps for a format."""
        return all(violation.keyword == "format" for violation in self.violations(schema, [value]))

    @cached_property
    def unusable(self) -> frozenset[SpecProblem]:
        """The problems of the document that kept parts of the exchange from being judged."""
        if self.otherwise is not None:
            return self.otherwise.unusable
        at, below = self._unusable_at, self._unusable_below
        if self.match is None:
            broken = self.spec.broken_path(self.path)
            return at("/paths") | below("/servers") | (at(broken) if broken is not None else frozenset())
        operation = self.match.operation
        met = at(self.match.pointer) | below(join(self.match.pointer, "parameters"))
        if operation is None:
            return met
        met |= at(operation.pointer) | at(join(operation.pointer, "requestBody"))
        met |= below(join(operation.pointer, "parameters")) | below(operation.security_pointer)
        if self.response is None:
            met |= at(join(operation.pointer, "responses"))
        if operation.request_body is not None:
            met |= below(operation.request_body.pointer)
        if self.response is not None:
            met |= at(self.response.pointer) | at(join(self.response.pointer, "content"))
            met |= below(join(self.response.pointer, "headers"))
        if self.media_type is not None:
            met |= below(self.media_type.pointer)
        return met

    def _unusable_at(self, pointer: str) -> frozenset[SpecProblem]:
        return frozenset().union(*(engine.unusable_at(pointer) for engine in self._contract.engines.values()))

    def _unusable_below(self, pointer: str) -> frozenset[SpecProblem]:
        return frozenset().union(*(engine.unusable(pointer) for engine in self._contract.engines.values()))

    def is_undocumented(self, pointer: str) -> bool:
        """Whether the document says nothing about a place, because what it says there cannot be used."""
        if self.match is None:
            return bool(self.unusable)
        return bool(self.unusable) and any(
            engine.is_undecidable(pointer) for engine in self._contract.engines.values()
        )

    def violations(
        self, schema: str, readings: Iterable[Any], *names: str, side: Side = Side.RESPONSE
    ) -> list[SchemaViolation]:
        """The violations of a schema by the first reading of a value; none if any reading is valid.

        ``names`` are the names of a value outside of a body, by which it may be secret. ``side`` is the
        message that contains the value.
        """

        def show(value: Any, path: Iterable[str | int]) -> str:
            return self.masked.value(value, (*names, *path))

        readings, engine = list(readings), self._contract.engines[side]
        try:
            if any(engine.is_valid(schema, reading) for reading in readings[1:]):
                return []
            return engine.violations(schema, readings[0], show)
        except UnicodeEncodeError:
            problem = "contains a lone surrogate, which is not text"
        except ValueError:  # the engine's own limit, far beyond the needs of any document
            problem = "is nested too deeply to be judged"
        return [SchemaViolation((), schema, problem, "unjudgeable", None, "unjudgeable")]


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """The text, or its beginning if it is too long to be shown."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def once(compute: Callable[[Subject], _Value]) -> Callable[[Subject], _Value]:
    """Makes a function of a subject compute its value only once for each subject."""

    @wraps(compute)
    def cached(subject: Subject) -> _Value:
        if compute not in subject.computed:
            subject.computed[compute] = compute(subject)
        value: _Value = subject.computed[compute]
        return value

    return cached


class Check(Struct, frozen=True):
    """What is checked, with the function that finds violations. ``id`` is public and never changes."""

    id: str
    severity: Severity
    side: Side
    run: Callable[[Subject], Iterator[Violation]]

    @property
    def text(self) -> str:
        """What the check verifies in one sentence, then the details."""
        return self.run.__doc__ or ""


def check(severity: Severity, side: Side) -> Callable[[Callable[[Subject], Iterator[Violation]]], Check]:
    """Turns a function into a check, whose id is the name of the function in kebab-case."""

    def make(run: Callable[[Subject], Iterator[Violation]]) -> Check:
        return Check(run.__name__.replace("_", "-"), severity, side, run)

    return make


def as_violation(violation: SchemaViolation, culprit: str, pointer: str | None, name: str = "") -> Violation:
    """A violation of a schema by a culprit, the subject of its message.

    ``name`` is that of a culprit outside of a body.

    A wrong format alone is a warning: JSON Schema makes formats optional.
    """
    severity = Severity.WARNING if violation.keyword == "format" else None
    parts = ("*" if isinstance(key, int) else key for key in violation.path) if name else ()
    kind = " ".join((*filter(None, (name,)), *parts, violation.kind))
    return Violation(f"{culprit} {violation.problem}", violation.spec_pointer, pointer, severity, kind)


def as_body_violation(violation: SchemaViolation) -> Violation:
    """A violation of a schema by a part of a body."""
    pointer = join("", *violation.path)
    return as_violation(violation, f"body {pointer}" if pointer else "the body", pointer)
