"""An exchange with what the document says about it, and the form of a check."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from wirecheck import decode
from wirecheck.engine import Engine, SchemaViolation
from wirecheck.laws import Law, Laws, Occurrences
from wirecheck.laws.occurrences import Occurrence
from wirecheck.model import Exchange, Headers, Severity, Side, Violation
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import MediaType, Operation, PathMatch, Response, Spec, join

_LONGEST = 200  # characters of a path in a message
LONGEST_SHOWN = 2000  # characters of a path, a pointer or a message
_Value = TypeVar("_Value")


class Subject:
    """An exchange with its operation. Whatever costs time is computed at its first use."""

    def __init__(
        self,
        spec: Spec,
        engine: Engine,
        redactor: Redactor,
        laws: Laws,
        occurrences: Occurrences,
        exchange: Exchange,
    ) -> None:
        self.spec = spec
        self.engine = engine
        self.exchange = exchange
        self._laws = laws
        self._occurrences = occurrences
        self.path, self.query = decode.split_url(exchange.url)
        self.match: PathMatch | None = spec.match(exchange.method.upper(), self.path)
        self._redactor = redactor
        self.computed: dict[Callable[[Subject], Any], Any] = {}  # by functions decorated with `once`

    @cached_property
    def masked(self) -> Masked:
        return self._redactor.masked(self.exchange)

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
    def laws(self) -> tuple[Law, ...]:
        """The laws of the operation, and the invariants of what it returns."""
        return self._laws.get(self.operation.name, ())

    @property
    def accepted(self) -> bool:
        """Whether the server accepted the request, so that the request must be valid."""
        return 200 <= self.exchange.status < 400

    @cached_property
    def query_pairs(self) -> decode.Pairs:
        return decode.query_pairs(self.query)

    @cached_property
    def response(self) -> Response | None:
        return self.operation.response(self.exchange.status)

    @cached_property
    def content_type(self) -> str | None:
        """The media type of the response, None where it has none or was not recorded."""
        values = decode.header_values(self.exchange.response_headers, "content-type")
        return (decode.essence(values[-1]) or None) if values else None

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
        media_type = self.content_type and documented(content, self.content_type)
        if media_type:
            return media_type
        only_json = content and all(decode.is_json(decode.essence(candidate.name)) for candidate in content)
        return content[0] if only_json else None

    @cached_property
    def body(self) -> "DecodedBody":
        """The body of the response, read by its documented media type."""
        raw, media_type = self.exchange.response_body, self.media_type
        if raw is None or media_type is None or self.bodiless:
            return DecodedBody(readable=False)
        name = decode.essence(media_type.name)
        if "*" in name and self.content_type is not None:
            name = self.content_type
        if decode.is_json(name):
            return self.json
        if name.startswith("text/"):
            return DecodedBody(value=raw.decode("utf-8", "replace"))
        return DecodedBody(readable=False)

    @cached_property
    def json(self) -> "DecodedBody":
        """The body of the response as JSON, whatever its Content-Type."""
        try:
            return DecodedBody(value=decode.json_value(self.exchange.response_body or b""))
        except decode.UndecodableError as error:
            return DecodedBody(readable=False, error=str(error))

    @cached_property
    def body_violations(self) -> list[SchemaViolation]:
        """The violations of its schema by the body of the response; none where it cannot be read."""
        schema = self.media_type.schema if self.media_type else None
        return self.violations(schema, [self.body.value]) if schema and self.body.readable else []

    def values_with_invariants(self) -> Iterator[Occurrence]:
        """The parts of the body of the response that have invariants, whatever else is wrong with it."""
        schema = self.media_type.schema if self.media_type else None
        if schema is not None and self.body.readable:
            yield from self._occurrences.find(schema, self.body.value, self._fits)

    def _fits(self, schema: str, value: Any) -> bool:
        """Whether a value fits a schema, but perhaps for a format."""
        return all(violation.keyword == "format" for violation in self.violations(schema, [value]))

    def violations(self, schema: str, readings: Iterable[Any], *names: str) -> list[SchemaViolation]:
        """The violations of a schema by the first reading of a value; none if any reading is valid.

        ``names`` are the names of a value outside of a body, by which it may be secret.
        """

        def show(value: Any, path: Iterable[str | int]) -> str:
            return self.masked.value(value, (*names, *path))

        readings = list(readings)
        try:
            if any(self.engine.is_valid(schema, reading) for reading in readings):
                return []
            return self.engine.violations(schema, readings[0], show)
        except UnicodeEncodeError:
            problem = "contains a lone surrogate, which is not text"
        except ValueError:  # the engine's own limit, far beyond the needs of any document
            problem = "is nested too deeply to be judged"
        return [SchemaViolation((), schema, problem, "unjudgeable", None)]


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


@dataclass(frozen=True, slots=True)
class DecodedBody:
    """A decoded body; where it is JSON and not ``readable``, ``error`` says why."""

    readable: bool = True
    value: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Check:
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


def documented(content: tuple[MediaType, ...], media_type: str) -> MediaType | None:
    """The documented media type for an actual one; the most exact one wins."""
    matching = [candidate for candidate in content if decode.fits(media_type, candidate.name)]
    return min(matching, key=lambda candidate: candidate.name.count("*"), default=None)


def recorded(headers: Headers) -> bool:
    """Whether headers were recorded; a Content-Type alone may stem from another part of the recording."""
    return any(name != "content-type" for name, _ in headers)


def as_violation(violation: SchemaViolation, culprit: str, pointer: str | None) -> Violation:
    """A violation of a schema by a culprit, the subject of its message.

    A wrong format alone is a warning: JSON Schema makes formats optional.
    """
    severity = Severity.WARNING if violation.keyword == "format" else None
    return Violation(f"{culprit} {violation.problem}", violation.spec_pointer, pointer, severity)


def as_body_violation(violation: SchemaViolation) -> Violation:
    """A violation of a schema by a part of a body."""
    pointer = join("", *violation.path)
    return as_violation(violation, f"body {pointer}" if pointer else "the body", pointer)
