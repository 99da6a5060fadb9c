"""Validates values against schemas: accepts fast, explains slowly.

No other module sees the JSON Schema engine. A schema is named by its pointer in the
document and is never copied.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as ErrorKind
from msgspec import Struct
from msgspec.structs import replace

from wirecheck.effort import Effort, size
from wirecheck.limits import rehearse
from wirecheck.model import LimitError, Side
from wirecheck.spec import Document, Reach, Spec, SpecProblem, alternatives, join
from wirecheck.spec.adapted import adapted
from wirecheck.spec.document import tokens
from wirecheck.spec.excerpts import Compositions, Excerpts, compositions

Show = Callable[[Any, Iterable[str | int]], str]
"""Renders a value for a message, given its path in the body."""

_PatternOptions = jsonschema_rs.RegexOptions | jsonschema_rs.FancyRegexOptions

URI = "wirecheck:document"
_MANY = 200_000
"""Steps from which an evaluation is rehearsed, with its explanation: seconds, and hundreds of MB."""
_WORTH = 1_000_000  # bytes of the texts for one schema from which its types are worth their making
_CALL = 25_000  # bytes that cost as much as the call itself
_OPTIONS = 50  # of an enumeration that a message names
_LISTED = 4  # members or items of a value that a message quotes
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


class SchemaViolation(Struct, frozen=True):
    """One way in which a value violates a schema.

    ``path`` leads to the culprit within the value, ``spec_pointer`` to the keyword in the
    document. ``problem`` completes a sentence whose subject is the culprit. ``rule`` is the
    pointer of the named rule (x-rule) around the keyword, None where there is none. ``kind`` tells it
    apart from others by the same culprit: the keyword, and what several schemas of one value may differ in.
    """

    path: tuple[str | int, ...]
    spec_pointer: str
    problem: str
    keyword: str
    rule: str | None
    kind: str


class Engine:
    """Validates against the schemas of one document. Formats are asserted.

    With a ``side`` its values are requests or responses, and numbers have the ranges of their formats; the
    ``compositions`` of the document say what decides which members they need not have.
    What cannot be compiled of a schema is left out, and a problem. Methods raise LimitError where a value
    takes too long.
    """

    def __init__(
        self, document: Document, side: Side | None = None, compositions: Compositions | None = None
    ) -> None:
        self._document = document
        self._side = side
        self._compositions = compositions or {}
        self._is_repaired = False
        self._locate = lru_cache(partial(_locate, document))
        self._use(document)

    def _use(self, compiled: Document) -> None:
        """Compiles schemas from a document from now on."""
        self._compiled = compiled
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._prepared: dict[str, tuple[jsonschema_rs.Draft202012Validator, str]] = {}
        self._effort = Effort(compiled)
        self._reach = Reach(compiled)
        self._excerpts = (
            Excerpts(compiled, partial(adapted, side=self._side), self._compositions) if self._side else None
        )
        self._registries: dict[int, jsonschema_rs.Registry] = {}  # by the id of their data
        self._acceptors: dict[str, Callable[[bytes], bool]] = {}
        self._used = Counter[str]()  # schemas without an acceptor, by the work on their texts

    def _data(self, schemas: Iterable[str]) -> dict[str, Any]:
        """A document with the schemas at some pointers, and all that they refer to, as they are compiled."""
        return self._excerpts.of(schemas) if self._excerpts else self._compiled.data

    def _registry(self, schemas: Iterable[str]) -> jsonschema_rs.Registry:
        """What the schemas at some pointers, and their references, are looked up in."""
        data = self._data(schemas)
        if id(data) not in self._registries:
            self._registries[id(data)] = _registry(data)
        return self._registries[id(data)]

    def prepare(self, schemas: Iterable[str]) -> None:
        """Compiles many schemas together, as each alone is compiled with all that it refers to.

        They take the place of those that were prepared before. Their values are checked as members of an
        object, with names of their own. Schemas that cannot be compiled together are compiled later, one by
        one.
        """
        self._prepared = {}
        members = {f"v{index}": schema for index, schema in enumerate(schemas)}
        references = {name: {"$ref": uri(schema)} for name, schema in members.items()}
        try:
            validator = _compile(
                {"properties": references}, self._registry(members.values()), jsonschema_rs.RegexOptions()
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            return
        self._prepared = {schema: (validator, name) for name, schema in members.items()}

    @property
    def compiled(self) -> Document:
        """The document without what turned out not to compile; another one after each such discovery."""
        return self._compiled

    def unusable(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems of the document that something at a pointer meets, once it has been used."""
        return self._reach.below(pointer)

    def unusable_at(self, pointer: str) -> frozenset[SpecProblem]:
        """The problems at a pointer itself."""
        return self._reach.at(pointer)

    def is_undecidable(self, pointer: str) -> bool:
        """Whether a violation of what stands at a pointer may only stem from what cannot be used."""
        return self._reach.decides(pointer)

    def is_laborious(self, schema: str) -> bool:
        """Whether a value of a schema may take more time than is in proportion to its size."""
        return self._effort.is_risky(schema)

    def is_valid(self, schema: str, value: Any) -> bool:
        """Whether a JSON value fits the schema at a pointer."""
        validator, name = self._validator(schema)
        instance = value if name is None else {name: value}
        if self._effort.is_risky(schema) and self._effort.exceeds(schema, value, _MANY):
            rehearse(lambda: validator.is_valid(instance), f"a value for #{schema}", size(value))
        return validator.is_valid(instance)

    def accepts(self, schema: str, body: bytes) -> bool:
        """Whether bytes are certainly one JSON text that fits the schema at a pointer; False says nothing."""
        return (self._acceptors.get(schema) or self._acceptor(schema, len(body)))(body)

    def _acceptor(self, schema: str, size: int) -> Callable[[bytes], bool]:
        """What accepts texts by a schema, once it has been used enough to be worth its making."""
        self._used[schema] += size + _CALL
        if self._used[schema] < _WORTH:
            return _accepts_nothing
        self._validator(schema)  # finds out what is unusable
        if self._effort.is_risky(schema) or self.unusable(schema):
            self._acceptors[schema] = _accepts_nothing
        else:
            from wirecheck.typed import Acceptor

            registry = self._registry([schema])
            _, options = _compiled({"$ref": uri(schema)}, registry)

            @cache
            def validate(pointer: str) -> Callable[[Any], bool]:
                return _compile({"$ref": uri(pointer)}, registry, options).is_valid

            document = replace(self._compiled, data=self._data([schema]))
            self._acceptors[schema] = Acceptor(document, schema, validate)
        return self._acceptors[schema]

    def violations(self, schema: str, value: Any, show: Show) -> list[SchemaViolation]:
        """Every violation of a schema by a value, in words; slower than is_valid.

        A value of the wrong type gets that violation alone: any other follows from it.
        """
        validator, name = self._validator(schema)
        if self.is_valid(schema, value):
            return []
        instance, depth = (value, 0) if name is None else ({name: value}, 1)
        if self._effort.exceeds(schema, value, _MANY):
            is_long = not self._effort.is_risky(schema) and size(value, with_texts=False) <= _MANY
            call = partial(validator.iter_errors, instance)
            rehearse(call, f"a value for #{schema}", size(value), is_long=is_long)
        distinct: dict[tuple[object, ...], SchemaViolation] = {}
        for error in validator.iter_errors(instance):
            for violation in self._explain(error, value, depth, show):
                distinct.setdefault((violation.path, violation.problem, violation.rule), violation)
        mistyped = {violation.path for violation in distinct.values() if violation.keyword == "type"}
        return [
            violation
            for violation in distinct.values()
            if violation.keyword == "type" or violation.path not in mistyped
        ]

    def _validator(self, schema: str) -> tuple[jsonschema_rs.Draft202012Validator, str | None]:
        """The validator of a schema, and the member in which it expects the value, if in any."""
        if schema in self._prepared:
            return self._prepared[schema]
        if schema not in self._validators:
            self._validators[schema] = self._validator_of(schema)
        return self._validators[schema], None

    def _validator_of(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        try:
            return _compiled({"$ref": uri(schema)}, self._registry([schema]))[0]
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            reason = str(error).splitlines()[0]
        if not self._is_repaired:
            from wirecheck.unusable import compilable

            self._is_repaired = True
            self._use(compilable(self._compiled, _why_not))
            return self._validator_of(schema)
        problem = SpecProblem(schema, f"unusable schema: {reason}")
        self._use(replace(self._compiled, problems=(*self._compiled.problems, problem)))
        return _compiled(True, _registry({}))[0]

    def _explain(
        self, error: jsonschema_rs.ValidationError, value: Any, depth: int, show: Show
    ) -> Iterator[SchemaViolation]:
        """The violations behind an error; ``depth`` is that of the value in what was checked."""
        kind = error.kind
        if isinstance(kind, ErrorKind.BacktrackLimitExceeded | ErrorKind.RegexEngineFailure):
            raise LimitError("", "a pattern takes more steps on a value than it may")
        if (
            isinstance(kind, ErrorKind.Required)
            and isinstance(error.instance, dict)
            and kind.property in error.instance
        ):
            return  # the engine says so of a member that additionalProperties forbids
        location = unquote((error.absolute_keyword_location or "").partition("#")[2])
        spec_pointer, rule = self._locate(location)
        path = tuple(error.instance_path[depth:])
        if isinstance(kind, ErrorKind.AnyOf | ErrorKind.OneOfNotValid):
            choice = alternatives.meant(self._document, spec_pointer, error.instance)
            if isinstance(choice, alternatives.Mismatch):
                yield _mismatch(error, path, choice, rule, show)
                return
            branch = kind.context[choice.index] if choice else _nearest(error, kind.context)
            if branch:
                tag = f" of {choice.tag}" if choice else ""
                for inner in branch:
                    for violation in self._explain(inner, value, depth, show):
                        yield replace(violation, kind=violation.kind + tag)
                return
        if owner := self._ranged(spec_pointer, location):
            name = self._document.get(owner)["format"]
            problem = _SENTENCES["format"].format(value=show(_culprit(error, value, path), path), format=name)
            yield SchemaViolation(path, join(owner, "format"), problem, "format", rule, f"format {name}")
            return
        if isinstance(kind, ErrorKind.Required):
            spec_pointer = self._member_named(spec_pointer, kind.property, error.instance)
        problem = _problem(error, _culprit(error, value, path), path, show)
        yield SchemaViolation(path, spec_pointer, problem, kind.name, rule, _kind(error))

    def _ranged(self, spec_pointer: str, location: str) -> str | None:
        """The schema for whose format a keyword stands in ``allOf`` that the document does not have."""
        owner, _, rest = location.rpartition("/allOf/")
        is_added = rest.endswith(("/minimum", "/maximum")) and spec_pointer in (owner, join(owner, "allOf"))
        return owner if is_added else None

    def _member_named(self, spec_pointer: str, name: str, instance: Any) -> str:
        """The pointer of a missing member's name in ``required`` or ``dependentRequired``."""
        names = self._document.get(spec_pointer)
        if isinstance(names, list):
            return join(spec_pointer, names.index(name)) if name in names else spec_pointer
        for key, dependents in names.items():
            if key in instance and name in dependents:
                return join(spec_pointer, key, dependents.index(name))
        return spec_pointer


def _locate(document: Document, location: str) -> tuple[str, str | None]:
    """The part of a keyword's location that exists in the document, and the rule around it.

    The engine numbers the members of dependentRequired, which have names in the document.
    """
    value: Any = document.data
    pointer, rule = "", None
    for token in tokens(location):
        if isinstance(value, dict) and "x-rule" in value:
            rule = pointer
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and int(token) < len(value):
            value = value[int(token)]
        else:
            break
        pointer = join(pointer, token)
    return pointer, rule


def _registry(data: dict[str, Any]) -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(URI, data)], draft=jsonschema_rs.Draft202012, retriever=_retrieve_nothing)


def _why_not(schema: dict[str, Any]) -> str | None:
    """Why a schema without references cannot be compiled, None for one that can."""
    try:
        _compiled(schema, _registry({}))
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        return str(error).splitlines()[0]
    return None


def _compiled(
    schema: dict[str, Any] | bool, registry: jsonschema_rs.Registry
) -> tuple[jsonschema_rs.Draft202012Validator, _PatternOptions]:
    """A validator, and how it matches patterns.

    The pattern engine that knows lookaround backtracks, and reads a+b*a+ as a+.
    """
    options: _PatternOptions = jsonschema_rs.RegexOptions()
    try:
        return _compile(schema, registry, options), options
    except (ValueError, jsonschema_rs.ReferencingError):
        options = jsonschema_rs.FancyRegexOptions()
        return _compile(schema, registry, options), options


def _accepts_nothing(_body: bytes) -> bool:
    return False


def _compile(
    schema: dict[str, Any] | bool,
    registry: jsonschema_rs.Registry,
    regex: _PatternOptions,
) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        schema, registry=registry, offline=True, validate_formats=True, pattern_options=regex
    )


def uri(schema: str) -> str:
    return f"{URI}#{quote(schema, safe='/~')}"


_Kind = TypeVar("_Kind", bound=Engine)


def engines(spec: Spec) -> dict[Side, Engine]:
    """The engine for what is sent, and that for what is returned, with the ranges of number formats."""
    return engines_of(spec, Engine)


def engines_of(spec: Spec, kind: type[_Kind]) -> dict[Side, _Kind]:
    """Engines of a kind, as ``engines`` returns them."""
    if spec.marks.isdisjoint(("readOnly", "writeOnly")):
        return dict.fromkeys(Side, kind(spec.document, Side.RESPONSE))
    composed = compositions(spec.document)
    return {side: kind(spec.document, side, composed) for side in Side}


def _retrieve_nothing(uri: str) -> Any:
    """What a schema refers to outside of its document is never fetched or read."""
    raise ValueError(f"{uri} is not part of the document")


def _mismatch(
    error: jsonschema_rs.ValidationError,
    path: tuple[str | int, ...],
    mismatch: alternatives.Mismatch,
    rule: str | None,
    show: Show,
) -> SchemaViolation:
    """That a value names no alternative of an anyOf or oneOf."""
    options = _alternatives([show(option, ()) for option in mismatch.options])
    kind = f"discriminator {mismatch.member}"
    instance: Any = error.instance
    if mismatch.member not in instance:
        problem = f'lacks "{mismatch.member}", which must be {options}'
        return SchemaViolation(path, mismatch.spec_pointer, problem, "discriminator", rule, kind)
    path = (*path, mismatch.member)
    problem = f"is {show(instance[mismatch.member], path)}, not {options}"
    return SchemaViolation(path, mismatch.spec_pointer, problem, "discriminator", rule, kind)


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


def _culprit(error: jsonschema_rs.ValidationError, value: Any, path: tuple[str | int, ...]) -> Any:
    """The value that violates the schema, as it was sent: the engine's own copy has 64-bit numbers."""
    for key in path:
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
    if error.kind.name in _EXCERPTED and isinstance(culprit, dict | list) and culprit:
        value = f"{value} ({_excerpt(culprit, path, show)})"
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


_EXCERPTED = frozenset({"anyOf", "oneOf", "enum", "const", "not"})


def _excerpt(value: dict[str, Any] | list[Any], path: tuple[str | int, ...], show: Show) -> str:
    """The first members or items of a value, with those of their own left out."""

    def shown(key: str | int, part: Any) -> str:
        if isinstance(part, dict | list):
            return ("{…}" if isinstance(part, dict) else "[…]") if part else json.dumps(part)
        return show(part, (*path, key))

    more = ", …" if len(value) > _LISTED else ""
    if isinstance(value, list):
        return f"[{', '.join(shown(index, item) for index, item in enumerate(value[:_LISTED]))}{more}]"
    members = [
        f"{json.dumps(name, ensure_ascii=False)}: {shown(name, value[name])}"
        for name in list(value)[:_LISTED]
    ]
    return f"{{{', '.join(members)}{more}}}"


def _kind(error: jsonschema_rs.ValidationError) -> str:
    """The keyword, with what tells it apart from the same keyword in another schema of the value."""
    match error.kind:
        case ErrorKind.Required(property=detail) | ErrorKind.Pattern(pattern=detail):
            return f"{error.kind.name} {detail}"
        case ErrorKind.Format(format=detail):
            return f"format {detail}"
        case ErrorKind.Not(schema=dict(schema)):
            return f"not {json.dumps(schema, sort_keys=True) if '$ref' not in schema else ''}"
        case _:
            return error.kind.name


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
            more = [f"{len(value) - _OPTIONS:,} others"] if len(value) > _OPTIONS else []
            return _alternatives([show(option, ()) for option in value[:_OPTIONS]] + more)
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
