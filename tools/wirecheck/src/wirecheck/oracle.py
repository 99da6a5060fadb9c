"""Python's jsonschema in the place of the engine, to compare verdicts; it is much slower."""

import re
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from wirecheck.engine import URI, Engine, SchemaViolation, Show, uri
from wirecheck.model import Side
from wirecheck.spec import Document
from wirecheck.spec.document import Place
from wirecheck.spec.excerpts import Compositions

_FORMATS = (
    *("date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6"),
    *("iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri"),
    *("uri-reference", "uri-template", "uuid"),
)
"""The formats of JSON Schema 2020-12 (Validation, 7.3)."""


class Oracle(Engine):
    """An engine in which jsonschema decides, but for formats that it lacks; the other one explains.

    ``disputed`` are the pointers of the schemas about which the two disagree. What jsonschema cannot
    decide, such as a pattern that Python does not know, is decided as by the engine.
    """

    def __init__(
        self, document: Document, side: Side | None = None, compositions: Compositions | None = None
    ) -> None:
        self.disputed: set[str] = set()
        super().__init__(document, side, compositions)

    def _use(self, compiled: Document) -> None:
        super()._use(compiled)
        self._references: dict[str, Any] = {}

    def accepts(self, schema: str, body: bytes) -> bool:
        return False

    def is_valid(self, schema: str, value: Any) -> bool:
        is_valid = super().is_valid(schema, value)
        if self.unusable_at(schema):
            return is_valid
        try:
            decided: bool = self._reference(schema).is_valid(value)
        except (re.error, RecursionError, Unresolvable):
            return is_valid
        if decided is not is_valid:
            self.disputed.add(schema)
        return decided

    def violations(self, schema: str, value: Any, show: Show) -> list[SchemaViolation]:
        explained = super().violations(schema, value, show)
        if explained or self.is_valid(schema, value):
            return explained
        return list(self._unexplained(schema, value, show))

    def _unexplained(self, schema: str, value: Any, show: Show) -> Iterable[SchemaViolation]:
        """The violations that jsonschema alone finds."""
        for error in self._reference(schema).iter_errors(value):
            path = tuple(error.absolute_path)
            problem = f"is {show(error.instance, path)}, which violates {error.validator} by jsonschema alone"
            yield SchemaViolation(path, schema, problem, error.validator, None, error.validator)

    def _reference(self, schema: str) -> Any:
        if schema not in self._references:
            resource = DRAFT202012.create_resource(self._data([schema]))
            self._references[schema] = Draft202012Validator(
                {"$ref": uri(schema)},
                registry=Registry().with_resource(URI, resource),
                format_checker=_formats(),
            )
        return self._references[schema]


@cache
def _formats() -> FormatChecker:
    """The formats of jsonschema, and those of the engine that it has only with other libraries."""
    checker = FormatChecker()
    checker.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers)
    engine = Engine(Document("formats", {name: {"format": name} for name in _FORMATS}, Place(1)))
    for name in _FORMATS:
        if name not in checker.checkers:
            checker.checks(name)(partial(engine.is_valid, f"/{name}"))
    return checker
