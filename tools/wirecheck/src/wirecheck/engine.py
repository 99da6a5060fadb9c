"""A schema against a value: accept fast, explain slowly.

This is the seam behind which the JSON Schema engine stands. A schema is named by its
pointer in the document and is never copied.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from wirecheck.model import SpecError
from wirecheck.spec import Document, join
from wirecheck.spec.document import tokens

Show = Callable[[Any, Iterable[str | int]], str]
"""How a value of a body, standing at a path, is shown in a message."""

_URI = "wirecheck:document"
_SHORT = 40  # characters of a pattern that a message shows
_KINDS: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
}
_ARTICLES = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One way in which a value breaks a schema.

    ``path`` leads to the culprit in the value, ``promise`` is the pointer of the keyword in
    the document, ``problem`` completes a sentence whose subject is the culprit, and
    ``rule`` is the pointer of the named rule (x-rule) that is broken, if it is one.
    """

    path: tuple[str | int, ...]
    spec_pointer: str
    problem: str
    keyword: str
    rule: str | None


class Engine:
    """Validates against the schemas of one document. Formats are asserted."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._registry = jsonschema_rs.Registry([(_URI, document.data)], draft=jsonschema_rs.Draft202012)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def is_valid(self, schema: str, value: Any) -> bool:
        """Whether a JSON value fits the schema at a pointer."""
        return self._validator(schema).is_valid(value)

    def violations(self, schema: str, value: Any, show: Show) -> list[SchemaViolation]:
        """Everything that is wrong with a value, for people; slower than is_valid.

        Of a value of the wrong type only that is said: what else fails follows from it.
        """
        validator = self._validator(schema)
        if validator.is_valid(value):
            return []
        found: dict[tuple[object, ...], SchemaViolation] = {}
        for error in validator.iter_errors(value):
            for violation in self._explain(error, value, show):
                found.setdefault((violation.path, violation.problem, violation.rule), violation)
        mistyped = {one.path for one in found.values() if one.keyword == "type"}
        return [one for one in found.values() if one.keyword == "type" or one.path not in mistyped]

    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        validator = self._validators.get(schema)
        if validator is None:
            try:
                validator = self._compile(schema, jsonschema_rs.RegexOptions())
            except (ValueError, jsonschema_rs.ReferencingError):
                validator = self._compile_lookaround(schema)
            self._validators[schema] = validator
        return validator

    def _compile(
        self, schema: str, regex: jsonschema_rs.RegexOptions | jsonschema_rs.FancyRegexOptions
    ) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            {"$ref": f"{_URI}#{quote(schema, safe='/~')}"},
            registry=self._registry,
            offline=True,
            validate_formats=True,
            pattern_options=regex,
        )

    def _compile_lookaround(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        """With the engine that knows lookaround: it may backtrack, and reads ``a+b*a+`` as ``a+``."""
        try:
            return self._compile(schema, jsonschema_rs.FancyRegexOptions())
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            where = f"{self._document.name}:{self._document.line(schema)}"
            raise SpecError(where, f"#{schema}: no usable schema: {str(error).splitlines()[0]}") from None

    def _explain(
        self, error: jsonschema_rs.ValidationError, value: Any, show: Show
    ) -> Iterator[SchemaViolation]:
        kind = error.kind
        if isinstance(kind, Kind.AnyOf | Kind.OneOfNotValid) and (branch := _nearest(error, kind.context)):
            for inner in branch:
                yield from self._explain(inner, value, show)
            return
        spec_pointer, rule = self._locate(unquote((error.absolute_keyword_location or "").partition("#")[2]))
        if isinstance(kind, Kind.Required):
            spec_pointer = self._member_named(spec_pointer, kind.property, error.instance)
        path = tuple(error.instance_path)
        yield SchemaViolation(
            path, spec_pointer, _problem(error, _culprit(error, value), path, show), kind.name, rule
        )

    def _locate(self, location: str) -> tuple[str, str | None]:
        """The part of a keyword's location that stands in the document, and the rule around it.

        The engine counts the members of dependentRequired, which have names in the document.
        """
        value: Any = self._document.data
        pointer, rule = "", None
        for token in tokens(location):
            if isinstance(value, dict) and "x-rule" in value:
                rule = pointer
            if isinstance(value, dict) and token in value:
                value = value[token]
            elif isinstance(value, list):
                value = value[int(token)]
            else:
                break
            pointer = join(pointer, token)
        return pointer, rule

    def _member_named(self, spec_pointer: str, name: str, instance: Any) -> str:
        """Where in ``required`` or ``dependentRequired`` a missing member is named."""
        lists = self._document.get(spec_pointer)
        keyed = (
            {spec_pointer: lists}
            if isinstance(lists, list)
            else {join(spec_pointer, key): lists[key] for key in lists}
        )
        for pointer, names in keyed.items():
            if name in names and (pointer == spec_pointer or tokens(pointer)[-1] in instance):
                return join(pointer, names.index(name))
        return spec_pointer


def _nearest(
    error: jsonschema_rs.ValidationError, branches: list[list[jsonschema_rs.ValidationError]]
) -> list[jsonschema_rs.ValidationError] | None:
    """The errors of the alternative that was meant: where the trouble lies deepest, then fewest."""
    here = len(error.instance_path)

    def nearness(branch: list[jsonschema_rs.ValidationError]) -> tuple[bool, int, int]:
        wrong_type = any(one.kind.name == "type" and len(one.instance_path) == here for one in branch)
        return (not wrong_type, min(len(one.instance_path) for one in branch), -len(branch))

    candidates = [branch for branch in branches if branch and nearness(branch)[0]]
    ranked = sorted(candidates, key=nearness, reverse=True)
    if not ranked or (len(ranked) > 1 and nearness(ranked[0]) == nearness(ranked[1])):
        return None
    return ranked[0]


# What completes a sentence about a culprit, by keyword. `value` is the culprit as it may be
# shown, `named` the same with its kind, `size` its length; the rest is what the keyword says.
_SENTENCES = {
    "type": "is {named}, not {types}",
    "required": 'lacks "{property}"',
    "enum": "is {value}, not {options}",
    "const": "is {value}, not {expected_value}",
    "minimum": "is {value}, less than {limit}",
    "maximum": "is {value}, more than {limit}",
    "exclusiveMinimum": "is {value}, not more than {limit}",
    "exclusiveMaximum": "is {value}, not less than {limit}",
    "multipleOf": "is {value}, no multiple of {multiple_of}",
    "minLength": "has fewer characters ({size}) than {limit}",
    "maxLength": "has more characters ({size}) than {limit}",
    "minItems": "has fewer items ({size}) than {limit}",
    "maxItems": "has more items ({size}) than {limit}",
    "minProperties": "has fewer members ({size}) than {limit}",
    "maxProperties": "has more members ({size}) than {limit}",
    "uniqueItems": "holds the same item twice",
    "pattern": "is {value}, which does not match {pattern}",
    "format": "is {value}, which has not the format {format}",
    "not": "is {value}, which is excluded{schema}",
    "additionalProperties": "has members that are not allowed: {unexpected}",
    "unevaluatedProperties": "has members that are not allowed: {unexpected}",
    "anyOf": "is {named}, which fits none of the alternatives",
    "oneOf": "is {named}, which fits none of the alternatives",
    "falseSchema": "must not be there",
}


def _culprit(error: jsonschema_rs.ValidationError, value: Any) -> Any:
    """The value that breaks the schema, as it was given: the engine's own copy has 64-bit numbers."""
    for key in error.instance_path:
        if isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        elif isinstance(value, dict) and str(key) in value:
            value = value[str(key)]
        else:
            return error.instance
    return value


def _problem(
    error: jsonschema_rs.ValidationError, culprit: Any, path: tuple[str | int, ...], show: Show
) -> str:
    if isinstance(error.kind, Kind.OneOfMultipleValid):
        return "fits more than one of the alternatives, where exactly one is promised"
    if isinstance(error.kind, Kind.FalseSchema) and _at_the_object(error):
        return "has members that are not allowed"
    value = show(culprit, path)
    nameless = culprit is None or isinstance(culprit, dict | list)
    said = {key: _said(key, one, show) for key, one in error.kind.as_dict().items() if key != "context"}
    return _SENTENCES.get(error.kind.name, "is {named}, which breaks {keyword}").format_map(
        {
            "value": value,
            "named": value if nameless else f"{value}, {_KINDS[type(culprit)]}",
            "size": len(culprit) if isinstance(culprit, str | list | dict) else 0,
            "keyword": error.kind.name,
            **said,
        }
    )


def _at_the_object(error: jsonschema_rs.ValidationError) -> bool:
    """Whether an error of a member stands at its object, as those of a bare additionalProperties do."""
    *before, keyword = ["", *error.schema_path]
    return keyword == "additionalProperties" and before[-1] != "properties"


def _said(key: str, value: Any, show: Show) -> str:
    """What a keyword says, for a sentence."""
    match key:
        case "types":
            return _one_of([_ARTICLES[name] for name in value])
        case "options":
            return _one_of([show(option, ()) for option in value])
        case "expected_value":
            return show(value, ())
        case "schema":
            short = (
                isinstance(value, dict) and value.keys() == {"pattern"} and len(value["pattern"]) <= _SHORT
            )
            return f": it must not match {value['pattern']}" if short else ""
        case "unexpected":
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _one_of(options: list[str]) -> str:
    if not options:
        return "anything"
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
