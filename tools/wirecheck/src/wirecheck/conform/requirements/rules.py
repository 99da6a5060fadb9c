"""Named rules (x-rule): values just outside of a rule are rejected, and values just inside are accepted."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from wirecheck.conform import writes
from wirecheck.conform.case import Case
from wirecheck.conform.error_types import of_rule
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Operation, Spec

_OUTSIDE, _INSIDE = (0, 5, 40), (0, 1, 12)
"""Slices of the values of a rule: those tested first, for servers that limit writes, and those tested last.

Each accepted value costs two writes, as it is undone.
"""
_BATCH = 5  # values to be rejected after which the state is checked
_FRAGILE = (
    " Two  Words #Tag \N{SUNRISE} <b>&amp;</b> \"'\\%41+ \n\n"
    "e\N{COMBINING ACUTE ACCENT} \N{LATIN SMALL LETTER E WITH ACUTE} ",
    "2015 \N{CJK UNIFIED IDEOGRAPH-5149}",
)
"""Texts that servers trim, collapse, escape, unescape or normalize; and one without lower-case letters."""

Having = Callable[[Case, Any], Case]
"""A case with a value in the place that is tested."""


def tests(
    spec: Spec, operation: Operation, name: str, schema: str, having: Having
) -> Iterator[tuple[str, str, Any]]:
    """The requirements by the named rules of a parameter, or of a field of the body."""
    rules = names(spec, schema)
    enforces = partial(_enforces, operation=operation, name=name, schema=schema, having=having)
    accepts = partial(_accepts_inside, operation=operation, schema=schema, having=having)
    if rules:
        test = partial(_does_not_alter, operation=operation, schema=schema, having=having)
        yield "rules", f"does not alter {name}", test
    for which, part in ((name, 0), (f"{name} (further values)", 1)):
        for rule in rules:
            first, last = _OUTSIDE[part : part + 2]
            yield "rules", f"enforces {rule} of {which}", partial(enforces, rule=rule, first=first, last=last)
            first, last = _INSIDE[part : part + 2]
            test = partial(accepts, rule=rule, first=first, last=last)
            yield "rules", f"accepts values just inside {rule} of {which}", test


def names(spec: Spec, pointer: str) -> list[str]:
    """The names of the rules of a schema."""
    document = spec.document
    schema = document.get(document.follow(pointer))
    members = schema.get("allOf", []) if isinstance(schema, dict) else []
    return [member["x-rule"] for member in members if isinstance(member, dict) and "x-rule" in member]


def _enforces(
    session: Tester,
    operation: Operation,
    name: str,
    schema: str,
    having: Having,
    rule: str,
    first: int,
    last: int,
) -> None:
    """Values just outside of a rule are rejected without effect."""
    base = session.requests.base(operation)
    cases = [
        (having(base, boundary.value), f"{name} breaks {rule} ({boundary.what})")
        for boundary in session.requests.boundaries(schema, rule, inside=False)[first:last]
    ]
    for start in range(0, len(cases), _BATCH):
        writes.reject_all(session, cases[start : start + _BATCH], of_rule(session.spec, schema, rule))


def _accepts_inside(
    session: Tester, operation: Operation, schema: str, having: Having, rule: str, first: int, last: int
) -> None:
    """Values just inside of a rule are accepted."""
    base = session.requests.base(operation)
    for boundary in session.requests.boundaries(schema, rule, inside=True)[first:last]:
        writes.accept_request_values(session, having(base, boundary.value))


def _does_not_alter(session: Tester, operation: Operation, schema: str, having: Having) -> None:
    """Fragile texts are accepted; laws show whether they were altered."""
    base = session.requests.base(operation)
    for text in fragile_texts(session, schema):
        writes.accept(session, having(base, text))


def fragile_texts(session: Tester, schema: str) -> list[str]:
    """Texts that servers are likely to alter, as far as they are valid."""
    return [text for text in _FRAGILE if session.requests.is_valid(schema, text)]
