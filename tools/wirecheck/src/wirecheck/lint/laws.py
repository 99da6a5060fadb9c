"""Laws (x-laws), invariants (x-invariants) and other expressions that cannot mean what they say."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from wirecheck import decode
from wirecheck.cel import ITEM, ONE_EXCHANGE, REQUEST, SELF, SEQUENCE, Expression
from wirecheck.laws import LAWS
from wirecheck.lint.shapes import engine
from wirecheck.spec import Document, Node, Operation, Spec, join
from wirecheck.spec.document import target

_Located = tuple[str, str]
"""The pointer of what is wrong, and a sentence about it."""

_SHARED = join("/components", LAWS)
_RESPONSE = frozenset({"status", "headers", "body"})
_MEMBERS = {
    "request": frozenset({"method", "path", "query", "body", "credentials"}),
    **dict.fromkeys(("response", "before", "then"), _RESPONSE),
}
_NAMED = ("path", "query", "credentials")
_SELECTED = re.compile(r"(?<![\w.])(request|response|before|then)\.(\w+)(?:\.(\w+))?")
_OF_SELF = re.compile(r"(?<![\w.])self((?:\.\w+\b(?!\())+)")


def law_problems(spec: Spec, node: Node, laws: dict[str, dict[str, Any]]) -> Iterator[_Located]:
    """What is wrong with well-shaped laws, of an operation or in components."""
    owner = next((operation for operation in spec.operations if operation.pointer == node.pointer), None)
    for name, written in laws.items():
        pointer, law = join(node.pointer, LAWS, name), written
        if "$ref" in written:
            problem = _reference_problem(spec.document, written["$ref"])
            if problem:
                yield join(pointer, "$ref"), problem
            if problem or not _shared_laws_well_shaped(spec.document):
                continue
            pointer = target(written["$ref"])
            law = spec.document.get(pointer)
        elif owner is None and pointer not in _referenced(spec):
            yield pointer, "no operation refers to this law"
        yield from _then_problems(spec, owner, pointer, law)
        for place, text, variables in _expressions(owner, pointer, law):
            yield from ((place, problem) for problem in _expression_problems(owner, text, variables))


def _reference_problem(document: Document, ref: str) -> str | None:
    pointer = target(ref)
    if not ref.startswith("#") or pointer.rpartition("/")[0] != _SHARED:
        return f"$ref {ref} does not lead to #{_SHARED}"
    try:
        document.get(pointer)
    except KeyError:
        return f"$ref {ref} cannot be resolved"
    return None


def _shared_laws_well_shaped(document: Document) -> bool:
    return engine().is_valid(join("", LAWS, "components"), document.get(_SHARED))


def _referenced(spec: Spec) -> set[str]:
    """Pointers of the shared laws that operations refer to."""
    return {
        target(law["$ref"])
        for operation in spec.operations
        for law in _well_typed(spec, operation).values()
        if isinstance(law.get("$ref"), str)
    }


def _well_typed(spec: Spec, operation: Operation) -> dict[str, dict[str, Any]]:
    """The laws of an operation, as they are written, that are objects at all."""
    laws = spec.document.get(operation.pointer).get(LAWS)
    entries = laws.items() if isinstance(laws, dict) else ()
    return {name: law for name, law in entries if isinstance(law, dict)}


def rules_of_one_exchange(spec: Spec, operation: Operation) -> Iterator[str]:
    """The rules of the laws of an operation that have no ``then``, as far as they can be read."""
    for written in _well_typed(spec, operation).values():
        ref, law = written.get("$ref"), written
        if isinstance(ref, str):
            law = {} if _reference_problem(spec.document, ref) else spec.document.get(target(ref))
        if isinstance(law, dict) and "then" not in law and isinstance(law.get("rule"), str):
            yield law["rule"]


def _then_problems(
    spec: Spec, owner: Operation | None, pointer: str, law: dict[str, Any]
) -> Iterator[_Located]:
    if "then" not in law:
        return
    goal = next((each for each in spec.operations if each.name == law["then"] and each.method == "GET"), None)
    if goal is None:
        yield join(pointer, "then"), f"then names {law['then']}, which is not an operation with GET"
    else:
        parameters = {parameter.name for parameter in goal.parameters}
        for name in law.get("with", {}).keys() - parameters:
            yield join(pointer, "with", name), f"{goal.name} has no parameter {name}"
    if "each" in law and owner is not None and owner.method != "GET":
        what = "is not an operation with GET, so there are no items to request something about"
        yield join(pointer, "each"), f"{owner.name} {what}"


def _expressions(
    owner: Operation | None, pointer: str, law: dict[str, Any]
) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The expressions of a law, with their pointers, and the variables that each may use."""
    item = ITEM if "each" in law else frozenset[str]()
    yield join(pointer, "rule"), law["rule"], (SEQUENCE if "then" in law else ONE_EXCHANGE) | item
    if "when" in law:
        yield join(pointer, "when"), law["when"], REQUEST
    if "each" in law:
        yield join(pointer, "each"), law["each"], ONE_EXCHANGE
    # What was before a write must be requested when there is no response to it yet.
    reads = owner is None or owner.method == "GET"
    for name, text in law.get("with", {}).items():
        yield join(pointer, "with", name), text, ONE_EXCHANGE | item if reads else REQUEST


def _expression_problems(owner: Operation | None, text: str, variables: frozenset[str]) -> Iterator[str]:
    try:
        expression = Expression(text, variables)
    except ValueError as error:
        yield f"the expression {error}"
        return
    yield from _unknown_members(owner, expression.bare)


def invariant_problems(spec: Spec, node: Node, invariants: dict[str, dict[str, str]]) -> Iterator[_Located]:
    """What is wrong with well-shaped invariants of a schema."""
    for name, invariant in invariants.items():
        pointer = join(node.pointer, "x-invariants", name, "rule")
        try:
            expression = Expression(invariant["rule"], SELF)
        except ValueError as error:
            yield pointer, f"the expression {error}"
            continue
        for path in dict.fromkeys(_OF_SELF.findall(expression.bare)):
            member = _undeclared(spec.document, node.pointer, path.split(".")[1:])
            if member is not None:
                yield pointer, f"self{path} leads nowhere: the schema has no property {member}"


def _undeclared(document: Document, schema: str, path: Iterable[str]) -> str | None:
    """The first member of a path that no schema declares, though others are declared beside it."""
    schemas = [schema]
    for name in path:
        parts = [part for pointer in schemas for part in decode.parts(document, pointer)]
        properties = [(part, document.get(part).get("properties", {})) for part in parts]
        schemas = [join(part, "properties", name) for part, declared in properties if name in declared]
        if not schemas:
            return name if any(declared for _, declared in properties) else None
    return None


def undo_problems(spec: Spec, undo: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a well-shaped way to undo (x-undo)."""
    operations = {operation.name: operation for operation in spec.operations}
    if undo["operation"] not in operations:
        yield f"names {undo['operation']}, which is not an operation"
    if "then" in undo and (undo["then"] not in operations or operations[undo["then"]].method != "GET"):
        yield f"names {undo['then']}, which is not an operation with GET"
    texts = [(text, SEQUENCE) for text in undo.get("with", {}).values()]
    texts += [(undo["when"], REQUEST | {"before"})] if "when" in undo else []
    for text, variables in texts:
        try:
            Expression(text, variables)
        except ValueError as error:
            yield f"has an expression that {error}"


def scope_problems(spec: Spec, node: Node, scopes: dict[str, str]) -> Iterator[str]:
    """What is wrong with well-shaped conditions of scopes (x-scopes)."""
    [owner, *_] = [operation for operation in spec.operations if operation.pointer == node.pointer]
    requirements = spec.document.get(owner.security_pointer) if owner.security else []
    documented = {scope for schemes in requirements for names in schemes.values() for scope in names}
    variables = ONE_EXCHANGE if owner.method == "GET" else REQUEST
    for scope, text in scopes.items():
        if scope not in documented:
            yield f"names {scope}, which is not a scope of the operation"
        try:
            expression = Expression(text, variables)
        except ValueError as error:
            yield f"has an expression that {error}"
            continue
        for problem in _unknown_members(owner, expression.bare):
            yield f"names for {scope} what does not exist: {problem}"


def _unknown_members(operation: Operation | None, text: str) -> Iterator[str]:
    """Members that are never there, for which has() would be false each time."""
    for variable, member, name in _SELECTED.findall(text):
        if member not in _MEMBERS[variable]:
            yield f"a {variable} has no {member}, only {', '.join(sorted(_MEMBERS[variable]))}"
        elif (
            operation and variable == "request" and member in _NAMED and _is_unnamed(operation, member, name)
        ):
            yield f"{operation.name} has no {name} in its {member}"


def _is_unnamed(operation: Operation, member: str, name: str) -> bool:
    """Whether nothing of a name may stand in the path, the query or the credentials of a request."""
    if member == "credentials":
        names = {scheme.name for scheme in operation.schemes}
    else:
        names = {parameter.name for parameter in operation.parameters if parameter.location == member}
        names |= {scheme.parameter for scheme in operation.schemes if scheme.location == member}
    return bool(name) and name not in names
