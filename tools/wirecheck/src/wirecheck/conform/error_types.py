"""The API's own names of what is wrong, by which it refuses (x-error-types)."""

from typing import Any

from wirecheck.conform.encode import carrying
from wirecheck.spec import Document, Operation, Spec, join

_EXTENSION = "x-error-types"


def of_credentials(spec: Spec, operation: Operation, *situations: str) -> frozenset[str]:
    """The names for credentials that are missing or unknown, or lack a scope; none where that is not told.

    Raises SpecError for what are no names.
    """
    document, names = spec.document, set[str]()
    for scheme in {scheme for together in carrying(operation) for scheme in together}:
        described = document.follow(join("/components/securitySchemes", scheme.name))
        pointer, told = join(described, _EXTENSION), document.get(described).get(_EXTENSION, {})
        if not isinstance(told, dict):
            raise document.error(pointer, "an object of names is wanted here")
        if not told.keys() >= set(situations):
            return frozenset()
        for situation in situations:
            names.update(_names(document, join(pointer, situation), told[situation]))
    return frozenset(names)


def of_rule(spec: Spec, schema: str, rule: str) -> frozenset[str]:
    """The names for a value that breaks a rule of a schema; none where that is not told.

    Raises SpecError for what are no names.
    """
    pointer = join(spec.document.follow(schema), "allOf")
    for index, member in enumerate(spec.document.get(pointer)):
        if isinstance(member, dict) and member.get("x-rule") == rule and _EXTENSION in member:
            return _names(spec.document, join(pointer, index, _EXTENSION), member[_EXTENSION])
    return frozenset()


def _names(document: Document, pointer: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise document.error(pointer, "a list of names is wanted here")
    return frozenset(value)
