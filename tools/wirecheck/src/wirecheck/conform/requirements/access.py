"""Requests without the right credentials are refused: without any, with unknown ones, with near misses."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import Case
from wirecheck.conform.encode import authorization, carried, carrying
from wirecheck.conform.error_types import of_credentials
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.conform.values import schemes
from wirecheck.decode import property_schema
from wirecheck.spec import Operation, SecurityScheme, Spec


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    guarded = bool(operation.security) and () not in operation.security
    if guarded:
        yield (
            "access",
            "refuses requests without credentials",
            partial(_wants_credentials, operation=operation),
        )
        yield "access", "refuses unknown credentials", partial(_knows_credentials, operation=operation)
    if guarded or _fields(spec, operation):
        yield "access", "refuses credentials that are nearly right", partial(_compares, operation=operation)
    if guarded and _insufficient(spec, operation):
        yield "access", "refuses credentials that are not enough", partial(_wants_more, operation=operation)


def _wants_credentials(session: Session, operation: Operation) -> None:
    names = of_credentials(session.spec, operation, "missing")
    writing.refuses(session, operation, {}, "there are no credentials", names)


def _knows_credentials(session: Session, operation: Operation) -> None:
    """Nor those that count no more."""
    given = {name: _other(secret) for name, secret in session.target.credentials.items()}
    names = of_credentials(session.spec, operation, "unknown")
    writing.refuses(session, operation, given, "the credentials are unknown", names)
    carriers = {scheme.name for scheme, _ in carried(session.spec, operation, given)}
    cases = [
        (
            replace(_known(session, operation), credentials={**session.target.credentials, **new}),
            "it was revoked",
        )
        for new in map(session.as_token, session.values.refused)
        if carriers & new.keys()
    ]
    if cases:
        writing.all_unchanged(session, cases, names)


def _compares(session: Session, operation: Operation) -> None:
    """One secret after the other is wrong by a little while all others are right."""
    base, credentials = _known(session, operation), session.target.credentials
    cases = [
        (replace(base, credentials={**credentials, scheme.name: wrong}), f"{scheme.name} {how}")
        for scheme, secret in carried(session.spec, operation, credentials)
        for wrong, how in _near(scheme, secret)
    ]
    for scheme in _fields(session.spec, operation):
        field, body = scheme.parameter, base.body if isinstance(base.body, dict) else {}
        for wrong, how in _near(scheme, str(body.get(field, ""))):
            cases.append((replace(base, body={**body, field: wrong}), f"{field} {how}"))
    if not cases:
        raise InconclusiveError("no credentials are known")
    writing.all_unchanged(session, cases, of_credentials(session.spec, operation, "missing", "unknown"))


def _wants_more(session: Session, operation: Operation) -> None:
    """Each credential that is not enough by itself is sent alone, where it belongs."""
    base, credentials = replace(_known(session, operation), credentials={}), session.target.credentials
    cases = []
    for scheme in _insufficient(session.spec, operation):
        if scheme.name in credentials:
            location, name, text = _placed(scheme, credentials[scheme.name])
            session.target.conceal([text])
            cases.append((base.having(location, name, text), f"there is nothing but {scheme.name}"))
    if not cases:
        raise InconclusiveError("no other credentials are known")
    writing.all_unchanged(session, cases)


def _known(session: Session, operation: Operation) -> Case:
    """A request that would be granted with the right credentials."""
    return next(writing.lasting(session, operation.name), session.base(operation))


def _insufficient(spec: Spec, operation: Operation) -> list[SecurityScheme]:
    """Schemes that carry credentials somewhere in the document, and by themselves are not enough here."""
    carriers = {scheme for one in spec.operations for together in carrying(one) for scheme in together}
    enough = {together[0] for together in carrying(operation) if len(together) == 1}
    return sorted(carriers - enough, key=lambda scheme: scheme.name)


def _fields(spec: Spec, operation: Operation) -> list[SecurityScheme]:
    """Schemes that have a field of the body for a namesake: that is a credential, too."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    if schema is None:
        return []
    found = (
        one
        for one in schemes(spec)
        if one.parameter and property_schema(spec.document, schema, one.parameter)
    )
    return sorted(found, key=lambda scheme: scheme.name)


def _placed(scheme: SecurityScheme, secret: str) -> tuple[str, str, str]:
    """Location, name and text of what carries a credential."""
    if scheme.kind == "apiKey":
        return scheme.location, scheme.parameter, secret
    return "header", "Authorization", authorization(scheme, secret)


def _near(scheme: SecurityScheme, secret: str) -> Iterator[tuple[str, str]]:
    """Secrets that are nearly right, and what is wrong with each."""
    if not secret:
        return
    if scheme.kind == "apiKey":
        yield "", "is empty"
    yield secret[:-1], "lacks its last character"
    yield f"{secret}{secret[-1]}", "has one character more"
    yield f"{secret[:-2]}{_other(secret[-2:])}", "has other characters at its end"  # one may be mere padding
    if scheme.scheme != "basic" and secret.swapcase() != secret:  # names of users may be in any case
        yield secret.swapcase(), "has capitals for small letters"


def _other(secret: str) -> str:
    """A secret of the same form that nobody has."""
    return "".join(
        "1" if one == "0" else "0" if one.isdigit() else "b" if one == "a" else "a" if one.isalpha() else one
        for one in secret
    )
