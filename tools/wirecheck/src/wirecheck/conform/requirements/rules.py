"""Values just outside of a named rule (x-rule) are refused, and those just inside taken."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import Case
from wirecheck.conform.error_types import of_rule
from wirecheck.conform.session import Session
from wirecheck.spec import Operation, Spec

_OUTSIDE, _INSIDE = (0, 5, 40), (0, 1, 12)
"""Values of a rule: how many are tried first, for servers that allow few writes, and how many at last.

One that is taken costs two writes: it is undone.
"""
_TOGETHER = 5  # values that are to be refused, after which is looked whether all is as before
_TEMPTING = (
    " Two  Words #Tag \N{SUNRISE} <b>&amp;</b> \"'\\%41+ \n\n"
    "e\N{COMBINING ACUTE ACCENT} \N{LATIN SMALL LETTER E WITH ACUTE} ",
    "2015 \N{CJK UNIFIED IDEOGRAPH-5149}",
)
"""Texts that servers trim, join, escape, unescape, compose, decompose; and one without any small letter."""

Having = Callable[[Case, Any], Case]
"""A request with a value in its place."""


def tests(
    spec: Spec, operation: Operation, name: str, schema: str, having: Having
) -> Iterator[tuple[str, str, Any]]:
    """Of the named rules of a parameter, or of a field of the body."""
    found = names(spec, schema)
    held = partial(_holds_rule, operation=operation, name=name, schema=schema, having=having)
    kept = partial(_takes_inside, operation=operation, schema=schema, having=having)
    if found:
        test = partial(_takes_unaltered, operation=operation, schema=schema, having=having)
        yield "rules", f"takes {name} unaltered", test
    for which, place in ((name, 0), (f"further values of {name}", 1)):
        for rule in found:
            first, last = _OUTSIDE[place : place + 2]
            yield "rules", f"holds {rule} of {which}", partial(held, rule=rule, first=first, last=last)
            first, last = _INSIDE[place : place + 2]
            test = partial(kept, rule=rule, first=first, last=last)
            yield "rules", f"takes what just keeps {rule} of {which}", test


def names(spec: Spec, pointer: str) -> list[str]:
    """Names of the rules of a schema."""
    document = spec.document
    pointer = document.follow(pointer)
    described = document.get(pointer)
    members = described.get("allOf", []) if isinstance(described, dict) else []
    return [one["x-rule"] for one in members if isinstance(one, dict) and "x-rule" in one]


def _holds_rule(
    session: Session,
    operation: Operation,
    name: str,
    schema: str,
    having: Having,
    rule: str,
    first: int,
    last: int,
) -> None:
    """Values just outside of a rule are refused without effect."""
    base = session.base(operation)
    cases = [
        (having(base, boundary.value), f"{name} breaks {rule} ({boundary.what})")
        for boundary in session.boundaries(schema, rule, kept=False)[first:last]
    ]
    for start in range(0, len(cases), _TOGETHER):
        writing.all_unchanged(session, cases[start : start + _TOGETHER], of_rule(session.spec, schema, rule))


def _takes_inside(
    session: Session, operation: Operation, schema: str, having: Having, rule: str, first: int, last: int
) -> None:
    """Values just inside of a rule are taken."""
    base = session.base(operation)
    for boundary in session.boundaries(schema, rule, kept=True)[first:last]:
        writing.taken_as_said(session, having(base, boundary.value))


def _takes_unaltered(session: Session, operation: Operation, schema: str, having: Having) -> None:
    """Texts with what servers like to change; laws tell whether they did."""
    base = session.base(operation)
    for text in tempting(session, schema):
        writing.taken(session, having(base, text))


def tempting(session: Session, schema: str) -> list[str]:
    """Texts with what servers like to change that fit a schema."""
    return [text for text in _TEMPTING if session.takes(schema, text)]
