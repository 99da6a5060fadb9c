"""What is wanted of the fields of a body, and their limits and rules, however they are sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import Case
from wirecheck.conform.encode import media_types
from wirecheck.conform.requirements import rules
from wirecheck.conform.requirements.parameters import edges
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.decode import essence, property_schema
from wirecheck.spec import Operation, Spec

Way = Callable[[Case], Case]
"""The same request, its fields sent in another way."""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    required, fields = _required(spec, operation), _fields(spec, operation)
    for name in required:
        yield "body", f"wants {name}", partial(_wants_field, operation=operation, name=name)
    for name, schema in fields.items():
        test = partial(_holds_limits_of_field, operation=operation, name=name, schema=schema)
        yield "body", f"holds the limits of {name}", test
        yield from rules.tests(spec, operation, name, schema, partial(_with_field, name=name))
    for named, way in _ways(spec, operation):
        yield "body", f"takes fields {named}", partial(_takes, operation=operation, way=way)
        if required or fields:
            test = partial(_holds, operation=operation, named=named, way=way)
            yield "body", f"holds limits and rules of fields {named}", test


def _wants_field(session: Session, operation: Operation, name: str) -> None:
    writing.all_unchanged(session, [_missing(session.base(operation), name)])


def _holds_limits_of_field(session: Session, operation: Operation, name: str, schema: str) -> None:
    if cases := list(_beyond(session, session.base(operation), name, schema)):
        writing.all_unchanged(session, cases)


def _takes(session: Session, operation: Operation, way: Way) -> None:
    """Of a text with rules it is one that wrong decoding would change."""
    session.require_means(operation)
    known = chain(writing.undoable(session, operation), writing.lasting(session, operation.name))
    case = next(known, None)
    if case is None:
        raise InconclusiveError("it could not be undone: give --values of other things")
    for name, schema in _fields(session.spec, operation).items():
        if rules.names(session.spec, schema) and (texts := rules.tempting(session, schema)):
            case = _with_field(case, texts[0], name)
    writing.taken(session, way(case))


def _holds(session: Session, operation: Operation, named: str, way: Way) -> None:
    """Each limit and each rule by one value, which is refused without effect."""
    base = session.base(operation)
    cases = [_missing(base, name) for name in _required(session.spec, operation)]
    for name, schema in _fields(session.spec, operation).items():
        cases += [*_beyond(session, base, name, schema)][:1]
        for rule in rules.names(session.spec, schema):
            for boundary in session.boundaries(schema, rule, kept=False)[:1]:
                cases.append(
                    (_with_field(base, boundary.value, name), f"{name} breaks {rule} ({boundary.what})")
                )
    writing.all_unchanged(session, [(way(case), f"{why}, {named}") for case, why in cases])


def _ways(spec: Spec, operation: Operation) -> Iterator[tuple[str, Way]]:
    """By media types that promise the same as the usual one, and in the query."""
    known = media_types(operation)
    for one in known[1:]:
        if _schema(spec, one.schema) == _schema(spec, known[0].schema):
            yield f"as {essence(one.name)}", partial(replace, media_type=essence(one.name))
    if operation.request_body and operation.request_body.also_in_query:
        yield "in the query", partial(replace, in_query=True)


def _required(spec: Spec, operation: Operation) -> list[str]:
    return list(_described(spec, operation).get("required", []))


def _fields(spec: Spec, operation: Operation) -> dict[str, str]:
    """The schemas of the fields, as pointers, by name."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    found = {
        name: property_schema(spec.document, schema, name)
        for name in _described(spec, operation).get("properties", {})
        if schema
    }
    return {name: pointer for name, pointer in found.items() if pointer}


def _described(spec: Spec, operation: Operation) -> dict[str, Any]:
    content = operation.request_body.content if operation.request_body else ()
    described = _schema(spec, content[0].schema) if content else None
    return described if isinstance(described, dict) else {}


def _schema(spec: Spec, pointer: str | None) -> Any:
    return spec.document.get(spec.document.follow(pointer)) if pointer else None


def _missing(case: Case, name: str) -> tuple[Case, str]:
    body = {key: value for key, value in (case.body or {}).items() if key != name}
    return replace(case, body=body or None), f"{name} is missing"


def _beyond(session: Session, case: Case, name: str, schema: str) -> Iterator[tuple[Case, str]]:
    """Requests with values of a field that are beyond its limits, and what is wrong with each."""
    for value, why in edges(_schema(session.spec, schema)):
        if why:
            yield _with_field(case, value, name), f"{name} {why}"


def _with_field(case: Case, value: Any, name: str) -> Case:
    return replace(case, body={**(case.body or {}), name: value})
