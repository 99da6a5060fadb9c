"""Access: requests with missing, unknown, nearly correct or insufficient credentials are rejected."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writes
from wirecheck.conform.case import READ_ONLY, READS, Case, InconclusiveError
from wirecheck.conform.encoding import authorization, carried, carrying, requires_credentials
from wirecheck.conform.error_types import of_credentials
from wirecheck.conform.outcome import WITHOUT_CREDENTIALS
from wirecheck.conform.protocols import Tester
from wirecheck.conform.rejections import reject_derived, require_documented_rejection
from wirecheck.conform.requirements.derived import OfOperation, of_operation
from wirecheck.conform.things import says_itself
from wirecheck.conform.values import security_schemes
from wirecheck.decode import property_schema
from wirecheck.spec import Operation, SecurityScheme, Spec

_UUID = re.compile("[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_FEW = 2  # near misses of a write


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    guarded = requires_credentials(operation)
    if guarded:
        test = partial(_rejects_missing, operation=operation)
        yield "access", WITHOUT_CREDENTIALS, test
        yield "access", "rejects unknown credentials", partial(_rejects_unknown, operation=operation)
    if guarded or _credential_fields(spec, operation):
        test = partial(_rejects_nearly_correct, operation=operation)
        yield "access", "rejects nearly correct credentials", test
    if guarded and _insufficient(spec, operation):
        yield (
            "access",
            "rejects insufficient credentials",
            partial(_rejects_insufficient, operation=operation),
        )


def _rejects_missing(session: Tester, operation: Operation) -> None:
    names = of_credentials(session.spec, operation, "missing")
    if not session.target.credentials and operation.method in READS:
        require_documented_rejection(session, operation, "there are no credentials")
        return
    _reject_credentials(session, operation, {}, "there are no credentials", names)


def _rejects_unknown(session: Tester, operation: Operation) -> None:
    """Revoked credentials are rejected, too."""
    unknown = {name: _other(secret) for name, secret in session.target.credentials.items()}
    names = of_credentials(session.spec, operation, "unknown")
    _reject_credentials(session, operation, unknown, "the credentials are unknown", names)
    carriers = {scheme.name for scheme, _ in carried(session.spec, operation, unknown)}
    case, cases = _authorized(session, operation), []
    for credentials in map(session.token_credentials, session.requests.values.revoked):
        if carriers & credentials.keys():
            revoked = replace(case, credentials={**session.target.credentials, **credentials})
            cases.append((revoked, "the credentials were revoked"))
    if cases:
        writes.reject_all(session, cases, names)


def _rejects_nearly_correct(session: Tester, operation: Operation) -> None:
    """One secret after the other is slightly wrong while all others are right."""
    names = of_credentials(session.spec, operation, "missing", "unknown")
    if _is_derived(session, operation):
        reject_derived(session, operation, partial(_nearly_correct, session, operation), names)
    else:
        writes.reject_all(
            session, _nearly_correct(session, operation, _authorized(session, operation)), names
        )


def _nearly_correct(session: Tester, operation: Operation, base: Case) -> list[tuple[Case, str]]:
    """The case with each of its secrets slightly wrong; few ones of a write, as each is followed by reads.

    Raises InconclusiveError if no secret is known.
    """
    credentials, cases = session.target.credentials, list[tuple[Case, str]]()
    for scheme, secret in carried(session.spec, operation, credentials):
        misses = [*_near_misses(scheme, secret)]
        few = operation.method not in READS and _is_derived(session, operation)
        for wrong, how in misses[-_FEW:] if few else misses:
            broken = {**credentials, scheme.name: wrong}
            cases.append((replace(base, credentials=broken), f"{scheme.name} {how}"))
        cases += _in_another_scheme(session, base, scheme, secret)
    for scheme in _credential_fields(session.spec, operation):
        field, body = scheme.parameter, base.body if isinstance(base.body, dict) else {}
        for wrong, how in _near_misses(scheme, str(body.get(field, ""))):
            cases.append((replace(base, body={**body, field: wrong}), f"{field} {how}"))
    if not cases:
        raise InconclusiveError("no credentials are known")
    return cases


def _in_another_scheme(
    session: Tester, base: Case, scheme: SecurityScheme, secret: str
) -> Iterator[tuple[Case, str]]:
    """The secret of the Authorization header in a scheme that the operation does not document."""
    documented = {alternative.scheme for alternative in base.operation.schemes}
    if scheme.kind == "apiKey" or "basic" in documented or not _is_derived(session, base.operation):
        return
    case = replace(base, credentials={}).having("header", "Authorization", f"Basic {secret}")
    yield case, f"{scheme.name} is sent in the scheme Basic"


def _rejects_insufficient(session: Tester, operation: Operation) -> None:
    """Each credential that is not sufficient by itself is sent alone, in its documented place."""
    base, credentials = replace(_authorized(session, operation), credentials={}), session.target.credentials
    cases = []
    for scheme in _insufficient(session.spec, operation):
        if scheme.name in credentials:
            location, name, text = _placed(scheme, credentials[scheme.name])
            session.target.add_secrets([text])
            cases.append((base.having(location, name, text), f"there is nothing but {scheme.name}"))
    if not cases:
        raise InconclusiveError("no other credentials are known")
    writes.reject_all(session, cases)


def _reject_credentials(
    session: Tester, operation: Operation, credentials: Mapping[str, str], why: str, names: Collection[str]
) -> None:
    """Requires that these credentials are rejected without effect."""
    if _is_derived(session, operation):
        reject_derived(
            session, operation, lambda base: [(replace(base, credentials=credentials), why)], names
        )
    else:
        writes.reject_credentials(session, operation, credentials, why, names)


def _documents_401(spec: Spec, operation: Operation) -> bool:
    documents = requires_credentials(operation) and "401" in operation.statuses
    return documents and not says_itself(spec, operation)


@of_operation("access", "gives the documented 401", "RFC 9110, 15.5.2", _documents_401)
def gives_401(session: Tester, operation: Operation) -> None:
    """A server may have reasons for another status, but not for both of missing and unknown credentials."""
    if operation.method not in READS and session.read_only:
        raise InconclusiveError(READ_ONLY)
    session.require_control(operation)
    unknown = {name: _other(secret) for name, secret in session.target.credentials.items()}
    base = session.requests.base(operation)
    rejected = [session.send(replace(base, credentials=credentials)) for credentials in ({}, unknown)]
    statuses = [observation.status for observation in rejected]
    if 429 in statuses:
        raise InconclusiveError("the server limits requests (429)")
    if 401 in statuses:
        return
    if all(400 <= status < 500 for status in statuses):
        session.require_success(session.requests.base(operation))
    how = f"missing credentials lead to {statuses[0]}, unknown ones to {statuses[1]}"
    session.record_violation(f"401 is documented, but {how}", rejected[0])


def _is_derived(session: Tester, operation: Operation) -> bool:
    """Whether neither an extension nor the user says how requests of the operation are to be tested."""
    is_given = operation.name in session.requests.values.irreversible
    return not is_given and not session.things.says_itself(operation)


def _authorized(session: Tester, operation: Operation) -> Case:
    """A case that would be accepted with the right credentials."""
    return next(writes.irreversible(session, operation.name), session.requests.base(operation))


def _insufficient(spec: Spec, operation: Operation) -> list[SecurityScheme]:
    """Schemes that carry credentials somewhere in the document, but by themselves do not suffice here."""
    carriers = {scheme for other in spec.operations for schemes in carrying(other) for scheme in schemes}
    sufficient = {schemes[0] for schemes in carrying(operation) if len(schemes) == 1}
    return sorted(carriers - sufficient, key=lambda scheme: scheme.name)


def _credential_fields(spec: Spec, operation: Operation) -> list[SecurityScheme]:
    """Schemes whose parameter is also a field of the body: that field is a credential, too."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    if schema is None:
        return []
    fields = (
        scheme
        for scheme in security_schemes(spec)
        if scheme.parameter and property_schema(spec.document, schema, scheme.parameter)
    )
    return sorted(fields, key=lambda scheme: scheme.name)


def _placed(scheme: SecurityScheme, secret: str) -> tuple[str, str, str]:
    """Location, name and text of the parameter that carries a credential."""
    if scheme.kind == "apiKey":
        return scheme.location, scheme.parameter, secret
    return "header", "Authorization", authorization(scheme, secret)


def _near_misses(scheme: SecurityScheme, secret: str) -> Iterator[tuple[str, str]]:
    """Secrets that are nearly correct, and what is wrong with each."""
    if not secret:
        return
    if scheme.kind == "apiKey":
        yield "", "is empty"
    yield secret[:-1], "lacks its last character"
    yield f"{secret}{secret[-1]}", "has an additional character"
    # Two characters, as the last one of a text in base64 may be mere padding.
    yield f"{secret[:-2]}{_other(secret[-2:])}", "ends with other characters"
    if scheme.scheme != "basic" and secret.swapcase() != secret and not _UUID.fullmatch(secret):
        # User names may ignore case, and so do UUIDs (RFC 9562, 4).
        yield secret.swapcase(), "has upper and lower case exchanged"


def _other(secret: str) -> str:
    """An unknown secret of the same form."""
    return "".join(map(_other_character, secret))


def _other_character(character: str) -> str:
    if character.isdigit():
        return "1" if character == "0" else "0"
    if character.isalpha():
        return "b" if character == "a" else "a"
    return character


OF_OPERATIONS: tuple[OfOperation, ...] = (gives_401,)
