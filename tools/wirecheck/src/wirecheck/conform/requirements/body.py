"""Fields of a body: which are required, their limits and rules, however they are sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from wirecheck import samples
from wirecheck.conform import writes
from wirecheck.conform.case import NOT_UNDOABLE, Case, InconclusiveError
from wirecheck.conform.encoding import media_types
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements import members, rules
from wirecheck.conform.requirements.declared_limits import is_described, limit_values
from wirecheck.decode import essence, property_schema
from wirecheck.spec import Operation, Spec

Encoding = Callable[[Case], Case]
"""The same case with its fields sent in another way."""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    required, fields = _required(spec, operation), _fields(spec, operation)
    if is_described(spec, operation):
        yield from _declared(operation, required, fields)
    else:
        yield from members.tests(spec, operation)
    for name, schema in fields.items():
        yield from rules.tests(spec, operation, name, schema, partial(_with_field, name=name))
    for how, encoding in _encodings(spec, operation):
        yield "body", f"accepts fields {how}", partial(_accepts, operation=operation, encoding=encoding)
        if required or fields:
            test = partial(_enforces_everything, operation=operation, how=how, encoding=encoding)
            yield "body", f"enforces limits and rules of fields {how}", test


def _declared(
    operation: Operation, required: list[str], fields: dict[str, str]
) -> Iterator[tuple[str, str, Any]]:
    """The requirements on the fields of an operation whose effects the document describes."""
    for name in required:
        yield "body", f"requires {name}", partial(_requires_field, operation=operation, name=name)
    for name, schema in fields.items():
        test = partial(_enforces_limits, operation=operation, name=name, schema=schema)
        yield "body", f"enforces the limits of {name}", test


def _requires_field(session: Tester, operation: Operation, name: str) -> None:
    writes.reject_all(session, [_missing(session.requests.base(operation), name)])


def _enforces_limits(session: Tester, operation: Operation, name: str, schema: str) -> None:
    if cases := list(_beyond_limits(session, session.requests.base(operation), name, schema)):
        writes.reject_all(session, cases)


def _accepts(session: Tester, operation: Operation, encoding: Encoding) -> None:
    """Texts with rules are texts that wrong decoding would change."""
    session.requests.require_prerequisites(operation)
    known = chain(writes.undoable(session, operation), writes.irreversible(session, operation.name))
    case = next(known, None)
    if case is None:
        raise InconclusiveError(NOT_UNDOABLE)
    for name, schema in _fields(session.spec, operation).items():
        if rules.names(session.spec, schema) and (texts := rules.fragile_texts(session, schema)):
            case = _with_field(case, texts[0], name)
    writes.accept(session, encoding(case))


def _enforces_everything(session: Tester, operation: Operation, how: str, encoding: Encoding) -> None:
    """For each limit and each rule, one value is rejected without effect."""
    base = session.requests.base(operation)
    cases = [_missing(base, name) for name in _required(session.spec, operation)]
    for name, schema in _fields(session.spec, operation).items():
        cases += _first_beyond(session, base, name, schema)
        for rule in rules.names(session.spec, schema):
            for boundary in session.requests.boundaries(schema, rule, inside=False)[:1]:
                why = f"{name} breaks {rule} ({boundary.what})"
                cases.append((_with_field(base, boundary.value, name), why))
    writes.reject_all(session, [(encoding(case), f"{why}, {how}") for case, why in cases])


def _encodings(spec: Spec, operation: Operation) -> Iterator[tuple[str, Encoding]]:
    """By media types with the schema of the preferred one, and in the query."""
    documented = media_types(operation)
    for media_type in documented[1:]:
        if _schema(spec, media_type.schema) == _schema(spec, documented[0].schema):
            yield f"as {essence(media_type.name)}", partial(replace, media_type=essence(media_type.name))
    if operation.request_body and operation.request_body.also_in_query:
        yield "in the query", partial(replace, in_query=True)


def _required(spec: Spec, operation: Operation) -> list[str]:
    """The required fields; those that are read-only are none of a request (OpenAPI 3.0.3, 4.7.24.2)."""
    read_only = _read_only(spec, operation)
    return [name for name in _body_schema(spec, operation).get("required", []) if name not in read_only]


def _read_only(spec: Spec, operation: Operation) -> set[str]:
    content = operation.request_body.content if operation.request_body else ()
    declared = samples.members(spec.document, content[0].schema if content else None)
    return {name for name, found in declared.items() if found.read_only}


def _fields(spec: Spec, operation: Operation) -> dict[str, str]:
    """Pointers to the schemas of the fields, by name."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    if schema is None:
        return {}
    pointers = {
        name: property_schema(spec.document, schema, name)
        for name in _body_schema(spec, operation).get("properties", {})
    }
    read_only = _read_only(spec, operation)
    return {name: pointer for name, pointer in pointers.items() if pointer and name not in read_only}


def _body_schema(spec: Spec, operation: Operation) -> dict[str, Any]:
    content = operation.request_body.content if operation.request_body else ()
    schema = _schema(spec, content[0].schema) if content else None
    return schema if isinstance(schema, dict) else {}


def _schema(spec: Spec, pointer: str | None) -> Any:
    return spec.document.get(spec.document.follow(pointer)) if pointer else None


def _missing(case: Case, name: str) -> tuple[Case, str]:
    body = {key: value for key, value in (case.body or {}).items() if key != name}
    return replace(case, body=body or None), f"{name} is missing"


def _beyond_limits(session: Tester, case: Case, name: str, schema: str) -> Iterator[tuple[Case, str]]:
    """Cases with values of a field beyond its limits, and what is wrong with each."""
    for value, why in limit_values(session.spec.document, schema):
        if why:
            yield _with_field(case, value, name), f"{name} {why}"


def _first_beyond(session: Tester, case: Case, name: str, schema: str) -> list[tuple[Case, str]]:
    """The first case beyond the limits of a field; forms of browsers have an empty text for no value."""
    is_strict = is_described(session.spec, case.operation)
    beyond = _beyond_limits(session, case, name, schema)
    return [found for found in beyond if is_strict or found[0].body[name] != ""][:1]


def _with_field(case: Case, value: Any, name: str) -> Case:
    return replace(case, body={**(case.body or {}), name: value})
