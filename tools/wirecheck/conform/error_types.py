"""The API's own names of what is wrong, by which it refuses (x-error-types)."""

from wirecheck.conform.encode import carrying
from wirecheck.spec import Operation, Spec, join

EXTENSION = "x-error-types"


def of_credentials(spec: Spec, operation: Operation, *situations: str) -> frozenset[str]:
    """The names for credentials that are missing or unknown, or lack a scope; none where that is not told."""
    document, names = spec.document, set[str]()
    for scheme in {scheme for together in carrying(operation) for scheme in together}:
        pointer = document.follow(join("/components/securitySchemes", scheme.name))
        told = document.get(pointer).get(EXTENSION, {})
        if not isinstance(told, dict):
            raise document.error(join(pointer, EXTENSION), "an object of names is wanted here")
        if not told.keys() >= set(situations):
            return frozenset()
        names.update(name for situation in situations for name in told[situation])
    return frozenset(names)


def of_rule(spec: Spec, schema: str, rule: str) -> frozenset[str]:
    """The names for a value that breaks a rule of a schema."""
    members = spec.document.get(spec.document.follow(schema)).get("allOf", [])
    return frozenset(name for one in members if one.get("x-rule") == rule for name in one.get(EXTENSION, []))
