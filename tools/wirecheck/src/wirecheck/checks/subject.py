"""One exchange beside what the document says of it, and the form that checks have."""

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
_Found = TypeVar("_Found")


class Subject:
    """What the checks look at. Everything costly is worked out at its first use."""

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
        self.found: dict[Callable[[Subject], Any], Any] = {}  # by `once`

    @cached_property
    def view(self) -> Masked:
        return self._redactor.view(self.exchange)

    @property
    def shown_path(self) -> str:
        """The path for a message: without secrets, and not endless."""
        path = self.view.text(self.path)
        return path if len(path) <= _LONGEST else f"{path[: _LONGEST - 1]}…"

    @property
    def operation(self) -> Operation:
        if self.match is None or self.match.operation is None:
            raise LookupError("this exchange belongs to no operation")
        return self.match.operation

    @property
    def laws(self) -> tuple[Law, ...]:
        """The laws of the operation, and the invariants of what it returns."""
        return self._laws.get(self.operation.name, ())

    @property
    def accepted(self) -> bool:
        """Whether the server took the request: what it refused with 4xx broke no promise."""
        return 200 <= self.exchange.status < 400

    @cached_property
    def query_pairs(self) -> decode.Pairs:
        return decode.query_pairs(self.query)

    @cached_property
    def response(self) -> Response | None:
        return self.operation.response(self.exchange.status)

    @cached_property
    def content_type(self) -> str | None:
        """The media type of the answer, None when it has none or was not recorded."""
        values = decode.header_values(self.exchange.response_headers, "content-type")
        return (decode.essence(values[-1]) or None) if values else None

    @property
    def bodiless(self) -> bool:
        """Whether the answer cannot have a body (RFC 9110, 6.4.1)."""
        status = self.exchange.status
        return self.exchange.method.upper() == "HEAD" or status < 200 or status in (204, 304)

    @cached_property
    def media_type(self) -> MediaType | None:
        """The documented media type to read the answer by.

        Where the label is missing or wrong and all that is documented is JSON, it is JSON.
        """
        content = self.response.content if self.response else ()
        if self.content_type is not None and (found := documented(content, self.content_type)):
            return found
        is_json = content and all(decode.is_json(decode.essence(one.name)) for one in content)
        return content[0] if is_json else None

    @cached_property
    def body(self) -> "DecodedBody":
        """The value of the answer's body, read by its documented media type."""
        raw, media_type = self.exchange.response_body, self.media_type
        if raw is None or media_type is None or self.bodiless:
            return DecodedBody(known=False)
        name = decode.essence(media_type.name)
        if "*" in name and self.content_type is not None:
            name = self.content_type
        if decode.is_json(name):
            return self.json
        if name.startswith("text/"):
            return DecodedBody(value=raw.decode("utf-8", "replace"))
        return DecodedBody(known=False)

    @cached_property
    def json(self) -> "DecodedBody":
        """The answer's body as JSON, whatever it says that it is."""
        try:
            return DecodedBody(value=decode.json_value(self.exchange.response_body or b""))
        except decode.UndecodableError as trouble:
            return DecodedBody(known=False, trouble=str(trouble))

    @cached_property
    def body_violations(self) -> list[SchemaViolation]:
        """What is wrong with the answer's body; nothing where nothing is promised or known."""
        schema = self.media_type.schema if self.media_type else None
        return self.violations(schema, [self.body.value]) if schema and self.body.known else []

    def values_with_invariants(self) -> Iterator[Occurrence]:
        """The parts of the body of the response that have invariants, whatever else is wrong with it."""
        schema = self.media_type.schema if self.media_type else None
        if schema is not None and self.body.known:
            yield from self._occurrences.find(schema, self.body.value, self._fits)

    def _fits(self, schema: str, value: Any) -> bool:
        """Whether a value fits a schema, but perhaps for a format."""
        return all(violation.keyword == "format" for violation in self.violations(schema, [value]))

    def violations(self, schema: str, choices: Iterable[Any], *names: str) -> list[SchemaViolation]:
        """What is wrong with the likeliest reading, if no reading fits the schema.

        ``names`` are what the value is called outside of a body: they may say that it is secret.
        """

        def show(value: Any, path: Iterable[str | int]) -> str:
            return self.view.value(value, (*names, *path))

        readings = list(choices)
        try:
            if any(self.engine.is_valid(schema, reading) for reading in readings):
                return []
            return self.engine.violations(schema, readings[0], show)
        except UnicodeEncodeError:
            problem = "holds half of a surrogate pair, which is no text"
        except ValueError:  # the engine's own limit, far above any document's need
            problem = "is nested too deeply to be judged"
        return [SchemaViolation((), schema, problem, "unjudgeable", None)]


def once(find: Callable[[Subject], _Found]) -> Callable[[Subject], _Found]:
    """Makes a function that works something out at its first use, as the properties of the subject do."""

    @wraps(find)
    def known(subject: Subject) -> _Found:
        if find not in subject.found:
            subject.found[find] = find(subject)
        found: _Found = subject.found[find]
        return found

    return known


@dataclass(frozen=True, slots=True)
class DecodedBody:
    """A decoded body; ``trouble`` says why it could not be decoded."""

    known: bool = True
    value: Any = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A promise that can be broken. ``id`` is public and never changes."""

    id: str
    severity: Severity
    side: Side
    run: Callable[[Subject], Iterator[Violation]]

    @property
    def text(self) -> str:
        """What is promised, and below it what counts as broken."""
        return self.run.__doc__ or ""


def check(severity: Severity, side: Side) -> Callable[[Callable[[Subject], Iterator[Violation]]], Check]:
    """Makes a check of a function; its name becomes the id."""

    def make(run: Callable[[Subject], Iterator[Violation]]) -> Check:
        return Check(run.__name__.replace("_", "-"), severity, side, run)

    return make


def documented(content: tuple[MediaType, ...], media_type: str) -> MediaType | None:
    """The documented media type for an actual one: the most exact wins."""
    fitting = [one for one in content if decode.fits(media_type, one.name)]
    return min(fitting, key=lambda one: one.name.count("*"), default=None)


def recorded(headers: Headers) -> bool:
    """Whether headers were recorded; a Content-Type alone may come from elsewhere in a recording."""
    return any(name != "content-type" for name, _ in headers)


def place(pointer: str) -> str:
    """The subject of a sentence about a part of a body."""
    return f"body {pointer}" if pointer else "the body"


def as_violation(violation: SchemaViolation, subject: str, pointer: str | None) -> Violation:
    """A breach of a schema. A wrong format alone is a warning: JSON Schema makes it optional."""
    severity = Severity.WARNING if violation.keyword == "format" else None
    return Violation(f"{subject} {violation.problem}", violation.spec_pointer, pointer, severity)


def as_body_violation(violation: SchemaViolation) -> Violation:
    pointer = join("", *violation.path)
    return as_violation(violation, place(pointer), pointer)
