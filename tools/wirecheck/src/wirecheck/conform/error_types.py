"""The error types by which the API rejects a request (x-error-types)."""

from typing import Any

from wirecheck.conform.encoding import carrying
from wirecheck.spec import Document, Operation, Spec, join

_EXTENSION = "x-error-types"


def of_credentials(spec: Spec, operation: Operation, *situations: str) -> frozenset[str]:
    """The error types for credentials that are missing, unknown, or lack a scope; empty if undocumented.

    Raises SpecError where the extension is malformed.
    """
    document, names = spec.document, set[str]()
    for scheme in {scheme for schemes in carrying(operation) for scheme in schemes}:
        definition = document.follow(join("/components/securitySchemes", scheme.name))
        pointer, by_situation = join(definition, _EXTENSION), document.get(definition).get(_EXTENSION, {})
        if not isinstance(by_situation, dict):
            raise document.error(pointer, "must be an object of error types")
        if not by_situation.keys() >= set(situations):
            return frozenset()
        for situation in situations:
            names.update(_names(document, join(pointer, situation), by_situation[situation]))
    return frozenset(names)


def of_rule(spec: Spec, schema: str, rule: str) -> frozenset[str]:
    """The error types for a value that breaks a rule of a schema; empty if undocumented.

    Raises SpecError where the extension is malformed.
    """
    pointer = join(spec.document.follow(schema), "allOf")
    for index, member in enumerate(spec.document.get(pointer)):
        if isinstance(member, dict) and member.get("x-rule") == rule and _EXTENSION in member:
            return _names(spec.document, join(pointer, index, _EXTENSION), member[_EXTENSION])
    return frozenset()


def _names(document: Document, pointer: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise document.error(pointer, "must be a list of error types")
    return frozenset(value)
