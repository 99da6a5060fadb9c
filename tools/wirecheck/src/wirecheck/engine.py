"""Validates values against schemas: accepts fast, explains slowly.

No other module sees the JSON Schema engine. A schema is named by its pointer in the
document and is never copied.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as ErrorKind

from wirecheck.spec import Document, Reach, SpecProblem, join
from wirecheck.spec.document import tokens
from wirecheck.unusable import compilable

Show = Callable[[Any, Iterable[str | int]], str]
"""Renders a value for a message, given its path in the body."""

_URI = "wirecheck:document"
_SHORT = 40  # characters of a pattern that a message quotes
_KINDS: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
}
_UNITS: dict[type, str] = {str: "character", list: "item", dict: "member"}
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
    """One way in which a value violates a schema.

    ``path`` leads to the culprit within the value, ``spec_pointer`` to the keyword in the
    document. ``problem`` completes a sentence whose subject is the culprit. ``rule`` is the
    pointer of the named rule (x-rule) around the keyword, None where there is none.
    """

    path: tuple[str | int, ...]
    spec_pointer: str
    problem: str
    keyword: str
    rule: str | None


class Engine:
    """Validates against the schemas of one document. Formats are asserted.

    What cannot be compiled of a schema is left out, and a problem.
    """

    def __init__(self, document: Document) -> None:
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._repaired = False
        self._use(document)

    def _use(self, document: Document) -> None:
        self._document = document
        self._registry = jsonschema_rs.Registry(
            [(_URI, document.data)], draft=jsonschema_rs.Draft202012, retriever=_retrieve_nothing
        )
        self._reach = Reach(document)

    def unusable(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems of the document that something at a pointer meets; a schema is compiled for that."""
        return self._reach.below(pointer)

    def unusable_at(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems at a pointer itself."""
        return self._reach.at(pointer)

    def is_undecidable(self, pointer: str) -> bool:
        """Whether a violation of what stands at a pointer may only stem from what cannot be used."""
        return self._reach.decides(pointer)

    def is_valid(self, schema: str, value: Any) -> bool:
        """Whether a JSON value fits the schema at a pointer."""
        return self._validator(schema).is_valid(value)

    def violations(self, schema: str, value: Any, show: Show) -> list[SchemaViolation]:
        """Every violation of a schema by a value, in words; slower than is_valid.

        A value of the wrong type gets that violation alone: any other follows from it.
        """
        validator = self._validator(schema)
        if validator.is_valid(value):
            return []
        distinct: dict[tuple[object, ...], SchemaViolation] = {}
        for error in validator.iter_errors(value):
            for violation in self._explain(error, value, show):
                distinct.setdefault((violation.path, violation.problem, violation.rule), violation)
        mistyped = {violation.path for violation in distinct.values() if violation.keyword == "type"}
        return [
            violation
            for violation in distinct.values()
            if violation.keyword == "type" or violation.path not in mistyped
        ]

    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        validator = self._validators.get(schema)
        if validator is None:
            validator = self._validators[schema] = self._compiled(schema)
        return validator

    def _compiled(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        reference = {"$ref": f"{_URI}#{quote(schema, safe='/~')}"}
        try:
            return self._compile(reference)
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            reason = str(error).splitlines()[0]
        if not self._repaired:
            self._repaired = True
            self._use(compilable(self._document, self._why_not))
            return self._compiled(schema)
        problem = SpecProblem(schema, f"unusable schema: {reason}")
        self._use(replace(self._document, problems=(*self._document.problems, problem)))
        return self._compile(True)

    def _why_not(self, schema: dict[str, Any]) -> str | None:
        """Why a schema cannot be compiled, None for one that can."""
        try:
            self._compile(schema)
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            return str(error).splitlines()[0]
        return None

    def _compile(self, schema: dict[str, Any] | bool) -> jsonschema_rs.Draft202012Validator:
        """A validator; the pattern engine that knows lookaround backtracks, and reads a+b*a+ as a+."""
        try:
            return self._compile_with(schema, jsonschema_rs.RegexOptions())
        except (ValueError, jsonschema_rs.ReferencingError):
            return self._compile_with(schema, jsonschema_rs.FancyRegexOptions())

    def _compile_with(
        self,
        schema: dict[str, Any] | bool,
        regex: jsonschema_rs.RegexOptions | jsonschema_rs.FancyRegexOptions,
    ) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            schema, registry=self._registry, offline=True, validate_formats=True, pattern_options=regex
        )

    def _explain(
        self, error: jsonschema_rs.ValidationError, value: Any, show: Show
    ) -> Iterator[SchemaViolation]:
        kind = error.kind
        if (
            isinstance(kind, ErrorKind.Required)
            and isinstance(error.instance, dict)
            and kind.property in error.instance
        ):
            return  # the engine says so of a member that additionalProperties forbids
        if isinstance(kind, ErrorKind.AnyOf | ErrorKind.OneOfNotValid):
            branch = _nearest(error, kind.context)
            if branch:
                for inner in branch:
                    yield from self._explain(inner, value, show)
                return
        spec_pointer, rule = self._locate(unquote((error.absolute_keyword_location or "").partition("#")[2]))
        if isinstance(kind, ErrorKind.Required):
            spec_pointer = self._member_named(spec_pointer, kind.property, error.instance)
        path = tuple(error.instance_path)
        problem = _problem(error, _culprit(error, value), path, show)
        yield SchemaViolation(path, spec_pointer, problem, kind.name, rule)

    def _locate(self, location: str) -> tuple[str, str | None]:
        """The part of a keyword's location that exists in the document, and the rule around it.

        The engine numbers the members of dependentRequired, which have names in the document.
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
        """The pointer of a missing member's name in ``required`` or ``dependentRequired``."""
        names = self._document.get(spec_pointer)
        if isinstance(names, list):
            return join(spec_pointer, names.index(name)) if name in names else spec_pointer
        for key, dependents in names.items():
            if key in instance and name in dependents:
                return join(spec_pointer, key, dependents.index(name))
        return spec_pointer


def _retrieve_nothing(uri: str) -> Any:
    """What a schema refers to outside of its document is never fetched or read."""
    raise ValueError(f"{uri} is not part of the document")


def _nearest(
    error: jsonschema_rs.ValidationError, branches: list[list[jsonschema_rs.ValidationError]]
) -> list[jsonschema_rs.ValidationError] | None:
    """The errors of the alternative that was meant: those deepest in the value, then the fewest.

    None where that is undecided, or where the value has the wrong type for every alternative.
    """
    depth = len(error.instance_path)

    def nearness(branch: list[jsonschema_rs.ValidationError]) -> tuple[bool, int, int]:
        depths = [len(inner.instance_path) for inner in branch]
        wrong_type = any(inner.kind.name == "type" and len(inner.instance_path) == depth for inner in branch)
        return (not wrong_type, min(depths), -len(branch))

    candidates = [branch for branch in branches if branch and nearness(branch)[0]]
    ranked = sorted(candidates, key=nearness, reverse=True)
    if not ranked or (len(ranked) > 1 and nearness(ranked[0]) == nearness(ranked[1])):
        return None
    return ranked[0]


# The rest of a sentence about a culprit, by keyword. `value` is the culprit as a message shows it,
# `named` the same with its type, `size` its length, `quantity` the limit with its unit; the others come
# from the keyword.
_SENTENCES = {
    "type": "is {named}, not {types}",
    "required": 'lacks "{property}"',
    "enum": "is {value}, not {options}",
    "const": "is {value}, not {expected_value}",
    "minimum": "is {value}, less than {limit}",
    "maximum": "is {value}, more than {limit}",
    "exclusiveMinimum": "is {value}, not more than {limit}",
    "exclusiveMaximum": "is {value}, not less than {limit}",
    "multipleOf": "is {value}, which is not a multiple of {multiple_of}",
    "minLength": "has fewer than {quantity} ({size})",
    "maxLength": "has more than {quantity} ({size})",
    "minItems": "has fewer than {quantity} ({size})",
    "maxItems": "has more than {quantity} ({size})",
    "minProperties": "has fewer than {quantity} ({size})",
    "maxProperties": "has more than {quantity} ({size})",
    "uniqueItems": "has the same item twice",
    "pattern": "is {value}, which does not match {pattern}",
    "format": "is {value}, which is not a valid {format}",
    "not": "is {value}, which is excluded{schema}",
    "additionalProperties": "has members that are not allowed: {unexpected}",
    "unevaluatedProperties": "has members that are not allowed: {unexpected}",
    "anyOf": "is {named}, which matches none of the alternatives",
    "oneOf": "is {named}, which matches none of the alternatives",
    "falseSchema": "is not allowed",
}


def _culprit(error: jsonschema_rs.ValidationError, value: Any) -> Any:
    """The value that violates the schema, as it was sent: the engine's own copy has 64-bit numbers."""
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
    if isinstance(error.kind, ErrorKind.OneOfMultipleValid):
        return "matches more than one of the alternatives, but must match exactly one"
    if isinstance(error.kind, ErrorKind.FalseSchema) and _at_the_object(error):
        return "has members that are not allowed"
    value = show(culprit, path)
    is_its_type = culprit is None or isinstance(culprit, dict | list)  # they are shown as "an object"
    words: dict[str, object] = {
        "value": value,
        "named": value if is_its_type else f"{value}, {_KINDS[type(culprit)]}",
        "size": len(culprit) if isinstance(culprit, str | list | dict) else 0,
        "keyword": error.kind.name,
    }
    for key, detail in error.kind.as_dict().items():
        if key != "context":
            words[key] = _detail(key, detail, show)
    if unit := _UNITS.get(type(culprit)):
        words["quantity"] = f"{words.get('limit')} {unit}{'' if words.get('limit') == '1' else 's'}"
    return _SENTENCES.get(error.kind.name, "is {named}, which violates {keyword}").format_map(words)


def _at_the_object(error: jsonschema_rs.ValidationError) -> bool:
    """Whether an error about a member is reported at its object, as with a bare additionalProperties."""
    *before, keyword = ["", *error.schema_path]
    return keyword == "additionalProperties" and before[-1] != "properties"


def _detail(key: str, value: Any, show: Show) -> str:
    """A detail of an error in words; ``key`` is the name that the engine gives it."""
    match key:
        case "types":
            return _alternatives([_ARTICLES[name] for name in value])
        case "options":
            return _alternatives([show(option, ()) for option in value])
        case "expected_value":
            return show(value, ())
        case "schema":
            pattern = value["pattern"] if isinstance(value, dict) and value.keys() == {"pattern"} else None
            return f": it must not match {pattern}" if pattern and len(pattern) <= _SHORT else ""
        case "unexpected":
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _alternatives(options: list[str]) -> str:
    if not options:
        return "anything"
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
