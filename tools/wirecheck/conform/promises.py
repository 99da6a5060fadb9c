"""What can be tested of a document: a list that is the same at every run."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

from wirecheck.conform import paging, scenarios
from wirecheck.conform.lab import TELLING, Lab, Promise, UntestableError
from wirecheck.conform.target import READS, Ask
from wirecheck.decode import property_schema
from wirecheck.spec import Operation, Parameter, Spec

_ALL = 40  # values of a rule
_TEMPTING = (
    " Two  Words #Tag \N{SUNRISE} <b>&amp;</b> \"'\\%41+ \n\n"
    "e\N{COMBINING ACUTE ACCENT} \N{LATIN SMALL LETTER E WITH ACUTE} ",
    "2015",
    "\N{CJK UNIFIED IDEOGRAPH-5149}",
)
"""Texts that servers trim, join, escape, unescape, compose, decompose; and such without small letters."""

Having = Callable[[Ask, Any], Ask]
"""A request with a value in its place."""


def promises(spec: Spec) -> Iterator[Promise]:
    """Everything that is tested, operation by operation; what is best known in the end comes last."""
    found = [
        Promise(operation.name, kind, what, test)
        for operation in spec.operations
        for kind, what, test in _tests(spec, operation)
    ]
    yield from sorted(
        found, key=lambda promise: ("further values" in promise.what, promise.kind == "statuses")
    )


def _tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    reads = operation.method in READS
    if reads:
        yield "answers", "answers requests of known values", partial(_answers, operation=operation)
        for parameter in operation.parameters:
            if not parameter.required:
                test = partial(_takes, operation=operation, parameter=parameter)
                yield "parameters", f"takes {parameter.name}", test
    for parameter in operation.parameters:
        test = partial(_holds_limits, operation=operation, parameter=parameter)
        yield "parameters", f"holds the limits of {parameter.name}", test
        if parameter.required and parameter.location != "path":
            test = partial(_wants, operation=operation, parameter=parameter)
            yield "parameters", f"wants {parameter.name}", test
        if parameter.schema:
            having = partial(_with_parameter, parameter=parameter)
            yield from _of_rules(spec, operation, parameter.name, parameter.schema, having)
    yield from _of_body(spec, operation)
    yield from paging.tests(spec, operation)
    yield from _of_access(spec, operation)
    yield from scenarios.tests(spec, operation)
    remaining = _remaining(operation)
    if reads and remaining:
        yield "limits", "never lets what remains grow", partial(_counts_down, operation=operation)
    for status in operation.statuses:
        yield (
            "statuses",
            f"answers {status} as documented",
            partial(_shows, operation=operation, status=status),
        )


# Statuses and limits


def _shows(lab: Lab, operation: Operation, status: str) -> None:
    """Every documented status has been seen, and so been judged; if not, it is provoked."""
    if lab.has_seen(operation, status):
        return
    how = lab.values.provoking(operation, status)
    if how is None:
        raise UntestableError("nobody said how to provoke it (--values)")
    ask = lab.base(operation)
    for parameter in operation.parameters:
        if parameter.name in how:
            ask = ask.having(parameter.location, parameter.name, how[parameter.name])
    if isinstance(ask.body, dict):
        ask = replace(ask, body={name: how.get(name, value) for name, value in ask.body.items()})
    if "token" in how:
        ask = replace(ask, credentials={**lab.target.credentials, **lab.as_token(how["token"])})
    for _ in range(how.get("repeat", 1)):
        lab.ask(ask)
        if lab.has_seen(operation, status):
            return
    raise UntestableError("it could not be provoked")


def _remaining(operation: Operation) -> str | None:
    """The header in which a success tells how many requests remain."""
    successes = (one for one in operation.responses if one.status.startswith("2"))
    names = (header.name.lower() for response in successes for header in response.headers)
    return next((name for name in names if re.fullmatch(r"(x-)?rate-?limit-remaining", name)), None)


def _counts_down(lab: Lab, operation: Operation) -> None:
    """Of requests that follow at once on each other, for nothing comes back so soon; seen twice."""
    name, ask = _remaining(operation), lab.base(operation)
    for attempt in range(2):
        told = [
            int(value)
            for _ in range(4)
            for key, value in lab.accepted(ask).exchange.response_headers
            if key == name and value.isdecimal()
        ]
        if all(later <= earlier for earlier, later in pairwise(told)):
            return
        if attempt:
            lab.broken(f"{name} goes {', '.join(map(str, told))}, which grows", lab.last)


# Parameters


def _answers(lab: Lab, operation: Operation) -> None:
    lab.each(lab.asks(operation), lab.accepted)


def _takes(lab: Lab, operation: Operation, parameter: Parameter) -> None:
    known = lab.known(operation, parameter)
    asks = [
        ask.having(parameter.location, parameter.name, one) for ask in lab.asks(operation) for one in known
    ]
    lab.each(asks, lab.accepted)


def _with_parameter(ask: Ask, value: Any, parameter: Parameter) -> Ask:
    return ask.having(parameter.location, parameter.name, value)


def _wants(lab: Lab, operation: Operation, parameter: Parameter) -> None:
    ask = lab.base(operation).without(parameter.location, parameter.name)
    scenarios.unchanged(lab, ask, f"{parameter.name} is missing")


def _holds_limits(lab: Lab, operation: Operation, parameter: Parameter) -> None:
    """Values at the edges, valid ones and others: the judge says whether an answer is right."""
    if parameter.schema is None:
        return
    base = lab.base(operation)
    for value, why in _edges(lab.spec.document.get(lab.spec.document.follow(parameter.schema))):
        if parameter.location == "path" and value == "":
            continue
        ask = base.having(parameter.location, parameter.name, value)
        if why:
            scenarios.unchanged(lab, ask, f"{parameter.name} {why}")
        elif operation.method in READS:
            lab.ask(ask)


def _edges(schema: Any) -> Iterator[tuple[Any, str]]:
    """Values about the limits of a schema, and what is wrong with each, empty if nothing is."""
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if kind in ("integer", "number"):
        yield "x", f"is no {kind}"
        for word, step in (("minimum", -1), ("maximum", 1)):
            if word in schema:
                yield schema[word], ""
                yield schema[word] + step, f"is beyond its {word}"
        if kind == "integer":
            yield "1.5", "is no integer"
    elif kind == "boolean":
        yield True, ""
        yield False, ""
        yield "maybe", "is no boolean"
    elif kind == "string" and "enum" in schema:
        for value in schema["enum"]:
            yield value, ""
        yield "x-unknown", "is none of its values"
    elif kind == "string":
        if schema.get("minLength", 0) > 0:
            yield "", "is empty"
        if "maxLength" in schema:
            yield "9" * (schema["maxLength"] + 1), "is too long"


# Bodies


def _of_body(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    body = operation.request_body
    if body is None or not body.content or body.content[0].schema is None:
        return
    schema = spec.document.get(spec.document.follow(body.content[0].schema))
    for name in schema.get("required", []) if isinstance(schema, dict) else []:
        yield "body", f"wants {name}", partial(_wants_field, operation=operation, name=name)
    for name in schema.get("properties", {}) if isinstance(schema, dict) else []:
        pointer = property_schema(spec.document, body.content[0].schema, name)
        if pointer is None:
            continue
        test = partial(_holds_limits_of_field, operation=operation, name=name, schema=pointer)
        yield "body", f"holds the limits of {name}", test
        yield from _of_rules(spec, operation, name, pointer, partial(_with_field, name=name))


def _wants_field(lab: Lab, operation: Operation, name: str) -> None:
    ask = lab.base(operation)
    body = {key: value for key, value in (ask.body or {}).items() if key != name}
    scenarios.unchanged(lab, replace(ask, body=body or None), f"{name} is missing")


def _holds_limits_of_field(lab: Lab, operation: Operation, name: str, schema: str) -> None:
    base = lab.base(operation)
    for value, why in _edges(lab.spec.document.get(lab.spec.document.follow(schema))):
        if why:
            scenarios.unchanged(lab, _with_field(base, value, name), f"{name} {why}")


def _with_field(ask: Ask, value: Any, name: str) -> Ask:
    return replace(ask, body={**(ask.body or {}), name: value})


# Rules


def _of_rules(
    spec: Spec, operation: Operation, name: str, schema: str, having: Having
) -> Iterator[tuple[str, str, Any]]:
    """Of the named rules of a parameter, or of a field of the body."""
    rules = _rules(spec, schema)
    held = partial(_holds_rule, operation=operation, name=name, schema=schema, having=having)
    kept = partial(_takes_inside, operation=operation, schema=schema, having=having)
    if rules:
        test = partial(_takes_unaltered, operation=operation, schema=schema, having=having)
        yield "rules", f"takes {name} unaltered", test
    for which, further in ((name, False), (f"further values of {name}", True)):
        for rule in rules:
            few, many = (TELLING, _ALL) if further else (0, TELLING)
            yield "rules", f"holds {rule} of {which}", partial(held, rule=rule, first=few, last=many)
            test = partial(kept, rule=rule, first=few // 2, last=many // 2)  # half, for each is undone
            yield "rules", f"takes what just keeps {rule} of {which}", test


def _rules(spec: Spec, pointer: str) -> list[str]:
    """Names of the rules of a schema."""
    document = spec.document
    pointer = document.follow(pointer)
    described = document.get(pointer)
    members = described.get("allOf", []) if isinstance(described, dict) else []
    return [one["x-rule"] for one in members if isinstance(one, dict) and "x-rule" in one]


def _holds_rule(
    lab: Lab,
    operation: Operation,
    name: str,
    schema: str,
    having: Having,
    rule: str,
    first: int,
    last: int,
) -> None:
    """Values just outside of a rule are refused without effect."""
    base = lab.base(operation)
    for case in lab.boundaries(schema, rule, kept=False)[first:last]:
        scenarios.unchanged(lab, having(base, case.value), f"{name} breaks {rule} ({case.what})")


def _takes_inside(
    lab: Lab, operation: Operation, schema: str, having: Having, rule: str, first: int, last: int
) -> None:
    """Values just inside of a rule are taken."""
    base = lab.base(operation)
    for case in lab.boundaries(schema, rule, kept=True)[first:last]:
        scenarios.taken(lab, having(base, case.value))


def _takes_unaltered(lab: Lab, operation: Operation, schema: str, having: Having) -> None:
    """Texts with what servers like to change; laws tell whether they did."""
    base = lab.base(operation)
    for text in filter(partial(lab.takes, schema), _TEMPTING):
        scenarios.taken(lab, having(base, text))


# Access


def _of_access(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if not operation.security or () in operation.security:
        return
    yield "access", "refuses requests without credentials", partial(_wants_credentials, operation=operation)
    yield "access", "refuses unknown credentials", partial(_knows_credentials, operation=operation)
    for scope in _scopes(spec, operation):
        yield "access", f"wants the scope {scope}", partial(_wants_scope, operation=operation, scope=scope)


def _scopes(spec: Spec, operation: Operation) -> list[str]:
    """Scopes that every alternative wants."""
    alternatives = [
        {scope for scopes in requirement.values() for scope in scopes}
        for requirement in spec.document.get(operation.security_pointer)
    ]
    return sorted(set.intersection(*alternatives))


def _wants_credentials(lab: Lab, operation: Operation) -> None:
    scenarios.refuses(lab, operation, {}, "there are no credentials")


def _knows_credentials(lab: Lab, operation: Operation) -> None:
    given = {name: _other(secret) for name, secret in lab.target.credentials.items()}
    scenarios.refuses(lab, operation, given, "the credentials are unknown")


def _wants_scope(lab: Lab, operation: Operation, scope: str) -> None:
    if scope not in lab.lacking:
        raise UntestableError(f"no token without {scope} is known: --token-without {scope}=TOKEN")
    given = {**lab.target.credentials, **lab.as_token(lab.lacking[scope])}
    scenarios.refuses(lab, operation, given, f"the scope {scope} is not granted")


def _other(secret: str) -> str:
    """A secret of the same form that nobody has."""
    return "".join(
        "1" if one == "0" else "0" if one.isdigit() else "b" if one == "a" else "a" if one.isalpha() else one
        for one in secret
    )
