"""Which laws (x-laws) cannot be followed as they are written."""

import re
from collections.abc import Iterator
from typing import Any

from wirecheck.cel import ITEM, ONE_EXCHANGE, SEQUENCE, Expression
from wirecheck.spec import Node, Operation, Spec

_ANSWER = frozenset({"status", "headers", "body"})
_MEMBERS = {
    "request": frozenset({"method", "path", "query", "body", "credentials"}),
    **dict.fromkeys(("response", "before", "then"), _ANSWER),
}
_NAMED = ("path", "query", "credentials")
_SELECTED = re.compile(r"(?<![\w.])(request|response|before|then)\.(\w+)(?:\.(\w+))?")


def astray(spec: Spec, node: Node, laws: dict[str, dict[str, Any]]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where in laws that have the shape of laws something is wrong, and a sentence about it."""
    readable = {one.name: one for one in spec.operations if one.method == "GET"}
    [owner, *_] = [one for one in spec.operations if one.pointer == node.pointer]
    for name, law in laws.items():
        goal = readable.get(law["then"]) if "then" in law else None
        if "then" in law and goal is None:
            yield (name, "then"), f"then names {law['then']}, which is no operation with GET"
        known = {parameter.name for parameter in goal.parameters} if goal else set()
        for parameter in law.get("with", {}) if goal else ():
            if parameter not in known:
                yield (name, "with", parameter), f"{law['then']} has no parameter {parameter}"
        if "each" in law and "then" in law and owner.method != "GET":
            yield (name, "each"), f"{owner.name} is no operation with GET, about whose items can be asked"
        item = ITEM if "each" in law else frozenset[str]()
        holds = (SEQUENCE if "then" in law else ONE_EXCHANGE) | item
        written: list[tuple[tuple[str, ...], str, frozenset[str]]] = [((name, "holds"), law["holds"], holds)]
        if "when" in law:
            written.append(((name, "when"), law["when"], frozenset({"request"})))
        # Before a write nothing is known of its answer, but what was before must be asked for.
        asked = ONE_EXCHANGE | item if owner.method == "GET" else frozenset({"request"})
        if "each" in law:
            written.append(((name, "each"), law["each"], ONE_EXCHANGE))
        written += [((name, "with", key), text, asked) for key, text in law.get("with", {}).items()]
        for path, text, variables in written:
            try:
                expression = Expression(text, variables)
            except ValueError as error:
                yield path, f"the expression {error}"
                continue
            yield from ((path, what) for what in _unknown(owner, expression.bare))


def undone(spec: Spec, undo: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a way to undo (x-undo) that has the shape of one."""
    known = {one.name: one for one in spec.operations}
    if undo["operation"] not in known:
        yield f"names {undo['operation']}, which is no operation"
    if "then" in undo and (undo["then"] not in known or known[undo["then"]].method != "GET"):
        yield f"names {undo['then']}, which is no operation with GET"
    texts = [(text, SEQUENCE) for text in undo.get("with", {}).values()]
    texts += [(undo["when"], frozenset({"request", "before"}))] if "when" in undo else []
    for text, variables in texts:
        try:
            Expression(text, variables)
        except ValueError as error:
            yield f"has an expression that {error}"


def scoped(spec: Spec, node: Node, scopes: dict[str, str]) -> Iterator[str]:
    """What is wrong with conditions of scopes (x-scopes) that have the shape of such."""
    [owner, *_] = [one for one in spec.operations if one.pointer == node.pointer]
    listed = spec.document.get(owner.security_pointer) if owner.security else []
    named = {scope for together in listed for found in together.values() for scope in found}
    known = ONE_EXCHANGE if owner.method == "GET" else frozenset({"request"})
    for scope, text in scopes.items():
        if scope not in named:
            yield f"names {scope}, which is no scope of the operation"
        try:
            expression = Expression(text, known)
        except ValueError as error:
            yield f"has an expression that {error}"
            continue
        yield from (f"has for {scope} what is not there: {what}" for what in _unknown(owner, expression.bare))


def _unknown(operation: Operation, text: str) -> Iterator[str]:
    """Members that nobody will find, which has() would take for absent at every time."""
    for variable, member, name in _SELECTED.findall(text):
        if member not in _MEMBERS[variable]:
            yield f"a {variable} has no {member}, only {', '.join(sorted(_MEMBERS[variable]))}"
        elif variable == "request" and member in _NAMED and name and name not in _names(operation, member):
            yield f"{operation.name} has no {name} in its {member}"


def _names(operation: Operation, member: str) -> set[str]:
    """What may stand in the path, the query or the credentials of a request."""
    if member == "credentials":
        return {scheme.name for scheme in operation.schemes}
    names = {parameter.name for parameter in operation.parameters if parameter.location == member}
    return names | {scheme.parameter for scheme in operation.schemes if scheme.location == member}
