"""What a request promises, and what it says of a server that takes a bad one."""

from collections.abc import Iterator

from wirecheck import decode
from wirecheck.checks import sent
from wirecheck.checks.subject import Subject, as_body_violation, as_violation, check, recorded
from wirecheck.engine import SchemaViolation
from wirecheck.model import Severity, Side, Violation
from wirecheck.spec import Parameter, SecurityScheme, join


@check(Severity.ERROR, Side.REQUEST)
def operation_known(subject: Subject) -> Iterator[Violation]:
    """The path is one that the document has.

    The path of the document's servers, or --base-path, comes before its paths. It is a warning
    where the server refused with 4xx, and for a path that is not even below that prefix:
    recordings often hold traffic of other services.
    """
    if subject.match is not None:
        return
    if subject.spec.covers(subject.path):
        what = f"the document has no path {subject.shown_path}"
        yield Violation(what, "/paths", severity=_unless_refused(subject))
    else:
        prefixes = " or ".join(prefix or "/" for prefix in subject.spec.prefixes)
        what = f"{subject.shown_path} is not below {prefixes}, where the API is served"
        yield Violation(what, "/paths", severity=Severity.WARNING)


@check(Severity.ERROR, Side.REQUEST)
def method_allowed(subject: Subject) -> Iterator[Violation]:
    """The path has an operation for the method.

    HEAD is allowed wherever GET is (RFC 9110, 9.3.2), OPTIONS everywhere. It is a warning where
    the server refused with 4xx.
    """
    match, exchange = subject.match, subject.exchange
    if match is None or match.operation is not None or exchange.method.upper() == "OPTIONS":
        return
    listed = ", ".join(match.methods)
    what = f"{exchange.method} is not documented for {match.template} (documented: {listed})"
    yield Violation(what, match.pointer, severity=_unless_refused(subject))


def _unless_refused(subject: Subject) -> Severity:
    return Severity.WARNING if 400 <= subject.exchange.status < 500 else Severity.ERROR


@check(Severity.ERROR, Side.REQUEST)
def request_parameters_match(subject: Subject) -> Iterator[Violation]:
    """A request that was accepted has the required parameters, and all of them fit their schemas.

    Path, query, header and cookie parameters, decoded by their style. A bad request that the
    server refused with 4xx broke no promise. Parameters that the document does not know are
    ignored. Parts of a schema that are named rules are left to rule-broken-but-accepted.
    """
    if not subject.accepted:
        return
    for parameter in subject.operation.parameters:
        texts = sent.texts(subject, parameter)
        if texts == [] and parameter.required:
            yield Violation(
                f'the {parameter.location} parameter "{parameter.name}" is missing', parameter.pointer
            )
        for violation in _parameter_violations(subject, parameter, texts):
            if violation.rule is None:
                yield as_violation(violation, f'the {parameter.location} parameter "{parameter.name}"', None)


@check(Severity.ERROR, Side.REQUEST)
def request_body_matches(subject: Subject) -> Iterator[Violation]:
    """A request that was accepted has the body that the document asks for.

    Forms and JSON are decoded and held against the schema. Nothing is said of a body that was
    not recorded, nor of a request that was refused with 4xx. Named rules are left to
    rule-broken-but-accepted.
    """
    body = sent.body(subject) if subject.accepted else None
    if body is not None and body.trouble is not None:
        yield body.trouble
    for violation in _body_violations(subject, body):
        if violation.rule is None:
            yield as_body_violation(violation)


@check(Severity.ERROR, Side.REQUEST)
def rule_broken_but_accepted(subject: Subject) -> Iterator[Violation]:
    """A request that breaks a named rule (x-rule) is not answered with 2xx.

    Rules stand in the schemas of parameters and request bodies as sub-schemas with a name.
    """
    if not 200 <= subject.exchange.status < 300:
        return
    for parameter in subject.operation.parameters:
        for violation in _parameter_violations(subject, parameter, sent.texts(subject, parameter)):
            yield from _rule_breach(
                subject, violation, f'the {parameter.location} parameter "{parameter.name}"', None
            )
    for violation in _body_violations(subject, sent.body(subject)):
        pointer = join("", *violation.path)
        yield from _rule_breach(subject, violation, f"request body {pointer}", pointer)


@check(Severity.WARNING, Side.REQUEST)
def credentials_present(subject: Subject) -> Iterator[Violation]:
    """A request that was accepted carries the credentials of one of the security alternatives.

    An apiKey stands where its scheme says (x-in-form: or in a form), http credentials in
    Authorization, a token of OAuth 2 in Authorization, in the query or in a form (RFC 6750). Only
    their presence is looked at. It is a warning, because recordings are often stripped of
    credentials.
    """
    alternatives = subject.operation.security
    if not subject.accepted or not alternatives:
        return
    if not any(all(_carried(subject, scheme) for scheme in schemes) for schemes in alternatives):
        named = " or ".join(
            dict.fromkeys(" with ".join(scheme.name for scheme in schemes) for schemes in alternatives)
        )
        yield Violation(f"accepted without credentials ({named})", subject.operation.security_pointer)


def _rule_breach(
    subject: Subject, violation: SchemaViolation, culprit: str, pointer: str | None
) -> Iterator[Violation]:
    if violation.rule is not None:
        rule = subject.spec.document.get(violation.rule)
        sentence = rule.get("x-message", f"It {violation.problem}.")
        yield Violation(
            f'{culprit} breaks the rule "{rule["x-rule"]}" and was accepted: {sentence}',
            violation.rule,
            pointer,
        )


def _parameter_violations(
    subject: Subject, parameter: Parameter, texts: list[str] | None
) -> Iterator[SchemaViolation]:
    if texts and subject.spec.document.get(parameter.pointer).get("allowEmptyValue") is True:
        texts = [text for text in texts if text]
    if texts and parameter.schema is not None:
        for readings in decode.parameter_readings(subject.spec.document, parameter, texts):
            yield from subject.violations(parameter.schema, readings, parameter.location, parameter.name)


def _body_violations(subject: Subject, body: sent.SentBody | None) -> list[SchemaViolation]:
    if body is None or body.schema is None or not body.readings:
        return []
    return subject.violations(body.schema, body.readings)


def _carried(subject: Subject, scheme: SecurityScheme) -> bool:
    """Whether the credentials of a scheme are there, or cannot be told to be absent."""
    exchange = subject.exchange
    if scheme.kind == "apiKey" and scheme.location == "query":
        return _in_query(subject, scheme.parameter) or (
            _goes_in_form(subject, scheme) and _maybe_in_form(subject, scheme.parameter)
        )
    if scheme.kind in ("oauth2", "openIdConnect") and (
        _in_query(subject, "access_token") or _maybe_in_form(subject, "access_token")
    ):
        return True
    if not recorded(exchange.request_headers) or scheme.kind == "mutualTLS":
        return True
    if scheme.kind == "apiKey" and scheme.location == "cookie":
        return any(sent.cookie_values(subject, scheme.parameter))
    wanted = scheme.parameter if scheme.kind == "apiKey" else "authorization"
    return any(decode.header_values(exchange.request_headers, wanted))


def _in_query(subject: Subject, field: str) -> bool:
    return any(name == field and value for name, value in subject.query_pairs)


def _goes_in_form(subject: Subject, scheme: SecurityScheme) -> bool:
    document = subject.spec.document
    pointer = document.follow(join("/components/securitySchemes", scheme.name))
    return document.get(pointer).get("x-in-form") is True


def _maybe_in_form(subject: Subject, field: str) -> bool:
    """Whether the form that was sent has a field with a value, or was not recorded."""
    if subject.exchange.request_body is None:
        return subject.exchange.method.upper() not in ("GET", "HEAD", "DELETE")
    return any(name == field and value for name, value in sent.fields(subject))
