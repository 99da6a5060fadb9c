"""The rule about valid OpenAPI, in three parts: objects, schemas, and what no schema can say.

Objects are checked against the JSON Schema that the OpenAPI Initiative publishes for 3.1, which
comes with openapi-spec-validator. It leaves out schemas; those are checked against the metaschema
of JSON Schema 2020-12 and the additions of OpenAPI, each where it is written.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from wirecheck.engine import Engine, SchemaViolation
from wirecheck.lint.patterns import is_ecma_262, unportable
from wirecheck.lint.rule import Context, Flaw, Ruleset, rule, shown
from wirecheck.model import Severity
from wirecheck.spec import Document, Kind, Node, join
from wirecheck.spec.document import Place, target, tokens

_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_DIALECTS = (_JSON_SCHEMA, "https://spec.openapis.org/oas/3.1/dialect/base")
_TEXT = {"type": "string"}

# What OpenAPI 3.1 adds to schemas (its section 4.8.24).
_ADDITIONS: dict[str, Any] = {
    "discriminator": {
        "type": "object",
        "properties": {"propertyName": _TEXT, "mapping": {"type": "object", "additionalProperties": _TEXT}},
        "required": ["propertyName"],
    },
    "externalDocs": {
        "type": "object",
        "properties": {"url": _TEXT, "description": _TEXT},
        "required": ["url"],
    },
    "xml": {
        "type": "object",
        "properties": {
            "name": _TEXT,
            "namespace": _TEXT,
            "prefix": _TEXT,
            "attribute": {"type": "boolean"},
            "wrapped": {"type": "boolean"},
        },
    },
}

_ADDED = [(member,) for member in _ADDITIONS]

# Where the published schema has a condition that needs words of its own -> what it says.
_CONDITIONS = {
    "/anyOf": "must have at least one of paths, components and webhooks",
    "/$defs/parameter/oneOf": "must have either schema or content",
    "/$defs/header/oneOf": "must have either schema or content",
    "/$defs/example/not": "must not have both value and externalValue",
    "/$defs/responses/then/required/0": "must document at least one status, or default",
}
_SAID_BY_ANOTHER = "/$defs/responses/minProperties"

# Keywords whose violation is about the object, and not about the member where it stands.
_ABOUT_THE_OBJECT = ("required", "dependentRequired", "anyOf", "oneOf", "not", "unevaluatedProperties")
_IN_PLACE = ("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas")
_NAME = re.compile(r"[a-zA-Z0-9._-]+")


@rule(
    Severity.ERROR,
    Ruleset.CORE,
    why="""\
    Every program that reads the document relies on its form. What the specification does not allow is
    ignored by one, rejected by the next and misread by a third. A misspelt member is the commonest
    case: it is silently without effect.""",
    bad="""\
    paths:
      /books:
        get:
          operationId: listBooks
          responses:
            '200': {descripton: Books.}
    """,
    good="""\
    paths:
      /books:
        get:
          operationId: listBooks
          responses:
            '200': {description: Books.}
    """,
)
def valid_openapi(context: Context) -> Iterator[Flaw]:
    """The document is valid OpenAPI 3.1.

    Objects have the members that the specification requires, and no others; schemas are valid
    JSON Schema 2020-12, with patterns of ECMA-262; paths are unlike each other, and their parameters
    are defined; no two parameters of an operation, and no two tags, have the same name.
    """
    yield from _objects(context.document)
    yield from _schemas(context)
    yield from _paths(context)
    yield from _parameters(context)
    yield from _tags(context.document)


# Objects


@cache
def _published() -> Engine:
    """The published schema, without its own address, which the engine would look for references in."""
    return Engine(_published_schema())


@cache
def _published_schema() -> Document:
    from openapi_spec_validator.schemas import schema_v31

    members = {key: _without_formats(value) for key, value in schema_v31.items() if key != "$id"}
    return Document("OpenAPI 3.1", members, Place(1))


def _without_formats(schema: Any) -> Any:
    """A schema that lets addresses be relative, as OpenAPI does (its section 4.6)."""
    if isinstance(schema, dict):
        return {
            key: _without_formats(value)
            for key, value in schema.items()
            if not (key == "format" and isinstance(value, str))
        }
    return [_without_formats(item) for item in schema] if isinstance(schema, list) else schema


def _objects(document: Document) -> Iterator[Flaw]:
    violations = _published().violations("", document.data, shown)
    paths = [violation.path for violation in violations if violation.keyword != "unevaluatedProperties"]
    for violation in violations:
        if violation.keyword == "unevaluatedProperties":
            unknown = list(_unknown_members(document, violation))
            yield from unknown
            # A member that is wrong in one part of a schema also counts as unknown to the whole.
            if unknown or any(path[: len(violation.path)] == violation.path for path in paths):
                continue
        yield from _object_flaws(document, violation)


def _object_flaws(document: Document, violation: SchemaViolation) -> Iterator[Flaw]:
    pointer = join("", *violation.path)
    if violation.keyword == "propertyNames":
        for name in document.get(pointer):
            if not _NAME.fullmatch(name):
                what = f'the name "{name}" has characters other than letters, digits, ".", "_" and "-"'
                yield Flaw(join(pointer, name), what)
    elif violation.spec_pointer in _CONDITIONS:
        yield Flaw(pointer, f"{_object_name(violation)} {_CONDITIONS[violation.spec_pointer]}")
    elif violation.spec_pointer != _SAID_BY_ANOTHER:
        yield Flaw(pointer, f"{_subject(violation, _object_name(violation))} {violation.problem}")


def _unknown_members(document: Document, violation: SchemaViolation) -> Iterator[Flaw]:
    """The members of an object that its schema mentions nowhere."""
    names, patterns = _members(violation.spec_pointer.rpartition("/")[0])
    pointer = join("", *violation.path)
    for member in document.get(pointer):
        if member in names or any(re.search(pattern, member) for pattern in patterns):
            continue
        close = difflib.get_close_matches(member, sorted(names), n=1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        yield Flaw(join(pointer, member), f'{_object_name(violation)} has no member "{member}"{hint}')


@cache
def _members(schema: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names and the patterns of all members that a published schema mentions."""
    published = _published_schema()
    names: set[str] = set()
    patterns: set[str] = set()
    pending, visited = [schema], set[str]()
    while pending:
        pointer = pending.pop()
        value = published.get(pointer)
        if pointer in visited or not isinstance(value, dict):
            continue
        visited.add(pointer)
        names.update(value.get("properties", {}))
        patterns.update(value.get("patternProperties", {}))
        if "$ref" in value:
            pending.append(target(value["$ref"]))
        for keyword in _IN_PLACE:
            pending += _below(join(pointer, keyword), value.get(keyword), keyword == "dependentSchemas")
    return frozenset(names), frozenset(patterns)


def _below(pointer: str, value: Any, by_name: bool) -> Iterable[str]:
    """The pointers to the schemas under a keyword: a single one, a list, or a map."""
    if isinstance(value, list):
        return [join(pointer, index) for index in range(len(value))]
    if by_name and isinstance(value, dict):
        return [join(pointer, name) for name in value]
    return [pointer] if isinstance(value, dict) else []


def _object_name(violation: SchemaViolation) -> str:
    """What an object of the document is called, by the part of the published schema that it breaks."""
    parts = tokens(violation.spec_pointer)
    if parts[:1] != ("$defs",):
        return "the document"
    name = parts[1].removesuffix("-or-reference").replace("-", " ")
    return f"the {name} object"


def _subject(violation: SchemaViolation, whole: str) -> str:
    """The subject of a sentence about a violation: the whole object, or one of its members."""
    if not violation.path or violation.keyword in _ABOUT_THE_OBJECT:
        return whole
    last = violation.path[-1]
    return f"item {last}" if isinstance(last, int) else f'"{last}"'


# Schemas


@cache
def _metaschema() -> Engine:
    schema = {"$dynamicAnchor": "meta", "$ref": _JSON_SCHEMA, "properties": _ADDITIONS}
    return Engine(Document("JSON Schema", schema, Place(1)))


def _schemas(context: Context) -> Iterator[Flaw]:
    """Errors of schemas: each outermost schema is checked together with those within it."""
    dialect = context.document.data.get("jsonSchemaDialect", _JSON_SCHEMA)
    if isinstance(dialect, str) and dialect not in _DIALECTS:
        yield _foreign("/jsonSchemaDialect", dialect)
        return
    within: str | None = None
    for node in context.nodes:
        if node.kind is not Kind.SCHEMA or (within is not None and node.pointer.startswith(within)):
            continue
        within = f"{node.pointer}/"
        yield from _schema_flaws(node)


def _schema_flaws(node: Node) -> Iterator[Flaw]:
    dialect = node.value.get("$schema") if isinstance(node.value, dict) else None
    if isinstance(dialect, str) and dialect.removesuffix("#") not in _DIALECTS:
        yield _foreign(join(node.pointer, "$schema"), dialect)
        return
    for violation in _metaschema().violations("", node.value, shown):
        pointer = join(node.pointer, *violation.path)
        if violation.keyword == "propertyNames" and violation.path[-1:] == ("patternProperties",):
            yield from _bad_patterns(pointer, _at(node.value, violation.path))
        elif violation.path[-1:] == ("pattern",) and violation.keyword == "format":
            yield from _bad_patterns(pointer.rpartition("/")[0], [_at(node.value, violation.path)], "pattern")
        else:
            whole = f'"{violation.path[-1]}"' if violation.path[-1:] in _ADDED else "the schema"
            yield Flaw(pointer, f"{_subject(violation, whole)} {violation.problem}")


def _foreign(pointer: str, dialect: str) -> Flaw:
    what = f"schemas are read as JSON Schema 2020-12, not as {dialect}: they are not checked"
    return Flaw(pointer, what, Severity.WARNING)


def _at(value: Any, path: Iterable[str | int]) -> Any:
    for key in path:
        value = value[key]
    return value


def _bad_patterns(pointer: str, patterns: Iterable[str], member: str | None = None) -> Iterator[Flaw]:
    """The patterns that are not regular expressions; each is a key of the object unless a member is named."""
    for pattern in patterns:
        if not is_ecma_262(pattern):
            reason = unportable(pattern) or ""
            detail = "" if reason.startswith("is not a regular expression") else f": it {reason}"
            what = f"the pattern {shown(pattern, ())} is not a regular expression of ECMA-262{detail}"
            yield Flaw(join(pointer, member or pattern), what)


# What no schema can say


def _paths(context: Context) -> Iterator[Flaw]:
    """Paths that are the same but for the names of their parameters (OpenAPI, Paths Object)."""
    templates: dict[str, str] = {}
    for template in context.document.data.get("paths", {}):
        if not template.startswith("/"):
            continue
        earlier = templates.setdefault(re.sub(r"\{[^}]*\}", "{}", template), template)
        if earlier != template:
            what = f"{template} is the same path as {earlier}, but for the names of its parameters"
            yield Flaw(join("/paths", template), what)


def _parameters(context: Context) -> Iterator[Flaw]:
    """Parameters that are there twice, and those of paths that are missing or in no template."""
    for node in context.nodes:
        if node.kind in (Kind.PATH_ITEM, Kind.OPERATION) and node.ref is None:
            yield from _duplicates(context.document, node)
    for operation in context.spec.operations:
        in_template = set(re.findall(r"\{([^{}]+)\}", operation.template))
        defined = {
            parameter.name: parameter.pointer
            for parameter in operation.parameters
            if parameter.location == "path"
        }
        for name in sorted(in_template - defined.keys()):
            what = f'the operation does not define the parameter "{name}" of its path {operation.template}'
            yield Flaw(operation.pointer, what)
        for name in sorted(defined.keys() - in_template):
            what = f'the path {operation.template} has no parameter "{name}"'
            yield Flaw(defined[name], what)


def _duplicates(document: Document, node: Node) -> Iterator[Flaw]:
    earlier: set[tuple[Any, Any]] = set()
    for index in range(len(node.value.get("parameters", []))):
        pointer = join(node.pointer, "parameters", index)
        parameter = document.get(document.follow(pointer))
        key = (str(parameter.get("name")), str(parameter.get("in")))
        if key in earlier:
            yield Flaw(pointer, f'the {key[1]} parameter "{key[0]}" is defined twice')
        earlier.add(key)


def _tags(document: Document) -> Iterator[Flaw]:
    tags = document.data.get("tags", [])
    earlier: set[str] = set()
    for index, tag in enumerate(tags if isinstance(tags, list) else []):
        name = tag.get("name") if isinstance(tag, dict) else None
        if isinstance(name, str) and name in earlier:
            yield Flaw(join("/tags", index), f'the tag "{name}" is defined twice')
        elif isinstance(name, str):
            earlier.add(name)
