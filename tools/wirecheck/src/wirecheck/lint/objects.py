"""Whether the objects of a document are those of its version of OpenAPI.

They are checked against the JSON Schemas that the OpenAPI Initiative publishes, which come with
openapi-spec-validator. Those of 3.1 and 3.2 leave out schemas.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from wirecheck.engine import Engine, SchemaViolation
from wirecheck.lint.rule import Flaw, shown_keyword
from wirecheck.spec import Document, join
from wirecheck.spec.dialects import plain
from wirecheck.spec.document import Place, target, tokens
from wirecheck.spec.versions import version

# Where the published schema has a condition that needs words of its own -> what it says.
_CONDITIONS = {
    "/anyOf": "must have at least one of paths, components and webhooks",
    "/$defs/parameter/oneOf": "must have either schema or content",
    "/$defs/header/oneOf": "must have either schema or content",
    "/$defs/example/not": "must not have both value and externalValue",
    "/$defs/responses/then/required/0": "must document at least one status, or default",
}
# Of an empty responses object the last of these is also reported.
_REPORTED_OTHERWISE = "/$defs/responses/minProperties"

# Keywords whose violation is about the object, and not about the member where it stands.
_UNKNOWN = ("unevaluatedProperties", "additionalProperties")
_ABOUT_THE_OBJECT = ("required", "dependentRequired", "anyOf", "oneOf", "not", *_UNKNOWN)
# Keywords whose schemas apply to the same object.
_IN_PLACE = ("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas")
_NAME = re.compile(r"[a-zA-Z0-9._-]+")


@dataclass(frozen=True)
class _Published:
    """The published schema of a version, at a pointer of a document, and the member with its definitions."""

    document: Document
    engine: Engine
    root: str
    definitions: str


@cache
def _published(version: str) -> _Published:
    """The schema without its $id, so that its references resolve within it."""
    from openapi_spec_validator import schemas

    old = {"2.0": schemas.schema_v2, "3.0": schemas.schema_v30}.get(version)
    if old is not None:  # of draft-04
        document = plain(
            Document(f"OpenAPI {version}", {"components": {"schemas": {"": _without_formats(old)}}}, Place(1))
        )
        return _Published(document, Engine(document), "/components/schemas/", "definitions")
    new = schemas.schema_v32 if version == "3.2" else schemas.schema_v31
    members = {key: _without_formats(value) for key, value in new.items() if key != "$id"}
    document = Document(f"OpenAPI {version}", members, Place(1))
    return _Published(document, Engine(document), "", "$defs")


def _without_formats(schema: Any) -> Any:
    """A schema that lets addresses be relative, as OpenAPI does (its section 4.6)."""
    if isinstance(schema, dict):
        return {
            key: _without_formats(value)
            for key, value in schema.items()
            if not (key == "format" and isinstance(value, str))
        }
    return [_without_formats(item) for item in schema] if isinstance(schema, list) else schema


def object_flaws(document: Document) -> Iterator[Flaw]:
    """What is wrong with the objects of a document as it is written, each at its own place."""
    written = document.as_written()
    published = _published(version(written)[:3])
    violations = published.engine.violations(published.root, written.data, shown_keyword)
    paths = [violation.path for violation in violations if violation.keyword not in _UNKNOWN]
    for violation in violations:
        if violation.keyword in _UNKNOWN:
            unknown = list(_unknown_members(written, published, violation))
            yield from unknown
            # A member that is wrong in one part of a schema also counts as unknown to the whole.
            if unknown or any(path[: len(violation.path)] == violation.path for path in paths):
                continue
        yield from _flaws(written, published, violation)


def _flaws(document: Document, published: _Published, violation: SchemaViolation) -> Iterator[Flaw]:
    pointer = join("", *violation.path)
    if violation.keyword == "propertyNames":
        for name in document.get(pointer):
            if not _NAME.fullmatch(name):
                what = f'the name "{name}" has characters other than letters, digits, ".", "_" and "-"'
                yield Flaw(join(pointer, name), what, origin=document.origin(join(pointer, name)))
        return
    broken = violation.spec_pointer.removeprefix(published.root)
    name = _object_name(published, violation)
    if broken in _CONDITIONS:
        yield Flaw(pointer, f"{name} {_CONDITIONS[broken]}", origin=document.origin(pointer))
    elif broken != _REPORTED_OTHERWISE:
        what = f"{violated(violation, name)} {violation.problem}"
        yield Flaw(pointer, what, origin=document.origin(pointer))


def _unknown_members(document: Document, published: _Published, violation: SchemaViolation) -> Iterator[Flaw]:
    """The members of an object that its schema mentions nowhere."""
    names, patterns = _members(published, violation.spec_pointer.rpartition("/")[0])
    pointer = join("", *violation.path)
    for member in document.get(pointer):
        if member in names or any(re.search(pattern, member) for pattern in patterns):
            continue
        close = difflib.get_close_matches(member, sorted(names), n=1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        what = f'{_object_name(published, violation)} has no member "{member}"{hint}'
        yield Flaw(join(pointer, member), what, origin=document.origin(join(pointer, member)))


@cache
def _members(published: _Published, schema: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names and the patterns of all members that a published schema mentions."""
    names: set[str] = set()
    patterns: set[str] = set()
    pending, visited = [schema], set[str]()
    while pending:
        pointer = pending.pop()
        value = published.document.get(pointer)
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


def _object_name(published: _Published, violation: SchemaViolation) -> str:
    """What an object of the document is called, by the part of the published schema that it breaks."""
    parts = tokens(violation.spec_pointer.removeprefix(published.root))
    if parts[:1] != (published.definitions,):
        return "the document"
    name = parts[1].removesuffix("-or-reference")
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|-", " ", name).lower()  # "requestBody", "PathItem", "path-item"
    return f"the {name} object"


def violated(violation: SchemaViolation, whole: str) -> str:
    """The subject of a sentence about a violation: the whole object, or the member where it stands."""
    if not violation.path or violation.keyword in _ABOUT_THE_OBJECT:
        return whole
    last = violation.path[-1]
    return f"item {last}" if isinstance(last, int) else f'"{last}"'
