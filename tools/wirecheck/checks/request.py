"""What a request promises, and what it says of a server that takes a bad one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from wirecheck import decode
from wirecheck.checks.subject import Subject, body_breach, breach, check, documented, recorded
from wirecheck.engine import Violation
from wirecheck.model import Breach, Severity, Side
from wirecheck.spec import Parameter, SecurityScheme, join


@check(Severity.ERROR, Side.REQUEST)
def operation_known(subject: Subject) -> Iterator[Breach]:
    """The path is one that the document has.

    The path of the document's servers, or --base-path, comes before its paths. It is a warning
    where the server refused with 4xx, and for a path that is not even below that prefix:
    recordings often hold traffic of other services.
    """
    if subject.match is not None:
        return
    if subject.spec.covers(subject.path):
        what = f"the document has no path {subject.shown_path}"
        yield Breach(what, "/paths", severity=_unless_refused(subject))
    else:
        prefixes = " or ".join(prefix or "/" for prefix in subject.spec.prefixes)
        what = f"{subject.shown_path} is not below {prefixes}, where the API is served"
        yield Breach(what, "/paths", severity=Severity.WARNING)


@check(Severity.ERROR, Side.REQUEST)
def method_allowed(subject: Subject) -> Iterator[Breach]:
    """The path has an operation for the method.

    HEAD is allowed wherever GET is (RFC 9110, 9.3.2), OPTIONS everywhere. It is a warning where
    the server refused with 4xx.
    """
    match, exchange = subject.match, subject.exchange
    if match is None or match.operation is not None or exchange.method.upper() == "OPTIONS":
        return
    listed = ", ".join(match.methods)
    what = f"{exchange.method} is not documented for {match.template} (documented: {listed})"
    yield Breach(what, match.pointer, severity=_unless_refused(subject))


def _unless_refused(subject: Subject) -> Severity:
    return Severity.WARNING if 400 <= subject.exchange.status < 500 else Severity.ERROR


@check(Severity.ERROR, Side.REQUEST)
def request_parameters_match(subject: Subject) -> Iterator[Breach]:
    """A request that was accepted has the required parameters, and all of them fit their schemas.

    Path, query, header and cookie parameters, decoded by their style. A bad request that the
    server refused with 4xx broke no promise. Parameters that the document does not know are
    ignored. Parts of a schema that are named rules are left to rule-broken-but-accepted.
    """
    if not subject.accepted:
        return
    for parameter in subject.operation.parameters:
        texts = _texts(subject, parameter)
        if texts == [] and parameter.required:
            yield Breach(
                f'the {parameter.location} parameter "{parameter.name}" is missing', parameter.pointer
            )
        for violation in _parameter_violations(subject, parameter, texts):
            if violation.rule is None:
                yield breach(violation, f'the {parameter.location} parameter "{parameter.name}"', None)


@check(Severity.ERROR, Side.REQUEST)
def request_body_matches(subject: Subject) -> Iterator[Breach]:
    """A request that was accepted has the body that the document asks for.

    Forms and JSON are decoded and held against the schema. Nothing is said of a body that was
    not recorded, nor of a request that was refused with 4xx. Named rules are left to
    rule-broken-but-accepted.
    """
    body = _sent(subject) if subject.accepted else None
    if body is None:
        return
    if body.trouble is not None:
        yield body.trouble
    for violation in body.violations:
        if violation.rule is None:
            yield body_breach(violation)


@check(Severity.ERROR, Side.REQUEST)
def rule_broken_but_accepted(subject: Subject) -> Iterator[Breach]:
    """A request that breaks a named rule (x-rule) is not answered with 2xx.

    Rules stand in the schemas of parameters and request bodies as sub-schemas with a name.
    """
    if not 200 <= subject.exchange.status < 300:
        return
    for parameter in subject.operation.parameters:
        for violation in _parameter_violations(subject, parameter, _texts(subject, parameter)):
            yield from _rule_breach(
                subject, violation, f'the {parameter.location} parameter "{parameter.name}"', None
            )
    body = _sent(subject)
    for violation in body.violations if body else []:
        pointer = join("", *violation.path)
        yield from _rule_breach(subject, violation, f"request body {pointer}", pointer)


@check(Severity.WARNING, Side.REQUEST)
def credentials_present(subject: Subject) -> Iterator[Breach]:
    """A request that was accepted carries the credentials of one of the security alternatives.

    An apiKey stands where its scheme says, http credentials in Authorization, a token of
    OAuth 2 in Authorization, in the query or in a form (RFC 6750). Only their presence is
    looked at. It is a warning, because recordings are often stripped of credentials.
    """
    alternatives = subject.operation.security
    if not subject.accepted or not alternatives:
        return
    if not any(all(_carried(subject, scheme) for scheme in schemes) for schemes in alternatives):
        named = " or ".join(
            dict.fromkeys(" with ".join(scheme.name for scheme in schemes) for schemes in alternatives)
        )
        yield Breach(f"accepted without credentials ({named})", subject.operation.security_pointer)


def _rule_breach(
    subject: Subject, violation: Violation, culprit: str, pointer: str | None
) -> Iterator[Breach]:
    if violation.rule is not None:
        rule = subject.spec.document.get(violation.rule)
        sentence = rule.get("x-message", f"It {violation.problem}.")
        yield Breach(
            f'{culprit} breaks the rule "{rule["x-rule"]}" and was accepted: {sentence}',
            violation.rule,
            pointer,
        )


def _texts(subject: Subject, parameter: Parameter) -> list[str] | None:
    """The decoded values of a parameter; None when it cannot be told what was sent."""
    exchange = subject.exchange
    if parameter.location == "path":
        values = subject.match.values if subject.match else {}
        return [unquote(values[parameter.name])] if parameter.name in values else None
    if parameter.location == "query":
        if parameter.schema and parameter.media_type is None:
            types = decode.schema_types(subject.spec.document, parameter.schema)
            if "object" in types:  # it takes forms that cannot be told apart from other parameters
                return None
        return [
            value for name, value in subject.query_pairs if name in (parameter.name, f"{parameter.name}[]")
        ]
    if not recorded(exchange.request_headers) or parameter.name.lower() in (
        "accept",
        "content-type",
        "authorization",
    ):
        return None
    if parameter.location == "header":
        return decode.header_values(exchange.request_headers, parameter.name)
    return _cookie_values(subject, parameter.name)


def _parameter_violations(
    subject: Subject, parameter: Parameter, texts: list[str] | None
) -> Iterator[Violation]:
    if texts and subject.spec.document.get(parameter.pointer).get("allowEmptyValue") is True:
        texts = [text for text in texts if text]
    if texts and parameter.schema is not None:
        for readings in decode.parameter_readings(subject.spec.document, parameter, texts):
            yield from subject.violations(parameter.schema, readings, parameter.location, parameter.name)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What is wrong with a request body."""

    trouble: Breach | None = None
    violations: tuple[Violation, ...] = ()


def _sent(subject: Subject) -> _Sent | None:
    """What is wrong with the body of the request; None when none is documented or known."""
    documented_body, body = subject.operation.request_body, subject.exchange.request_body
    if documented_body is None or not documented_body.content:
        return None
    types = decode.header_values(subject.exchange.request_headers, "content-type")
    content_type = types[-1] if types and body else documented_body.content[0].name
    media_type = documented(documented_body.content, decode.essence(content_type))
    if media_type is None:
        listed = ", ".join(one.name for one in documented_body.content)
        what = f"the request has the media type {decode.essence(content_type)} (documented: {listed})"
        return _Sent(Breach(what, join(documented_body.pointer, "content")))
    in_query = _fields_in_query(subject, media_type.schema) if documented_body.also_in_query else []
    if body is None and not in_query:
        return None
    if not body and not in_query:
        promise = join(documented_body.pointer, "required")
        return _Sent(
            Breach("the body of the request is missing", promise, "") if documented_body.required else None
        )
    try:
        readings = _readings(subject, media_type.schema, content_type, body or b"", in_query)
    except decode.UndecodableError as trouble:
        return _Sent(Breach(f"the body of the request {trouble}", media_type.pointer, ""))
    if media_type.schema is None or not readings:
        return _Sent()
    return _Sent(violations=tuple(subject.violations(media_type.schema, readings)))


def _fields_in_query(subject: Subject, schema: str | None) -> decode.Pairs:
    document = subject.spec.document
    return [
        (name, value)
        for name, value in subject.query_pairs
        if schema is not None and decode.property_schema(document, schema, name) is not None
    ]


def _readings(
    subject: Subject, schema: str | None, content_type: str, body: bytes, in_query: decode.Pairs
) -> list[Any]:
    essence = decode.essence(content_type)
    if essence in decode.FORMS and schema is not None:
        fields = decode.FORMS[essence](body, content_type) if body else []
        return list(decode.form_readings(subject.spec.document, schema, [*in_query, *fields]))
    if decode.is_json(essence):
        return [decode.json_value(body)]
    return [body.decode("utf-8", "replace")] if essence.startswith("text/") else []


def _carried(subject: Subject, scheme: SecurityScheme) -> bool:
    """Whether the credentials of a scheme are there, or cannot be told to be absent."""
    exchange = subject.exchange
    if scheme.kind == "apiKey" and scheme.location == "query":
        return any(name == scheme.parameter and value for name, value in subject.query_pairs)
    if scheme.kind in ("oauth2", "openIdConnect"):
        unseen_body = exchange.request_body is None and exchange.method.upper() not in (
            "GET",
            "HEAD",
            "DELETE",
        )
        if unseen_body or _token_in_query_or_form(subject):
            return True
    if not recorded(exchange.request_headers) or scheme.kind == "mutualTLS":
        return True
    if scheme.kind == "apiKey" and scheme.location == "cookie":
        return any(_cookie_values(subject, scheme.parameter))
    wanted = scheme.parameter if scheme.kind == "apiKey" else "authorization"
    return any(decode.header_values(exchange.request_headers, wanted))


def _cookie_values(subject: Subject, name: str) -> list[str]:
    cookies = ";".join(decode.header_values(subject.exchange.request_headers, "cookie")).split(";")
    pairs = (cookie.strip().partition("=") for cookie in cookies)
    return [value for key, _, value in pairs if key == name]


def _token_in_query_or_form(subject: Subject) -> bool:
    types = decode.header_values(subject.exchange.request_headers, "content-type")
    content_type = types[-1] if types else "application/x-www-form-urlencoded"
    form = decode.FORMS.get(decode.essence(content_type))
    body = subject.exchange.request_body
    try:
        fields = form(body, content_type) if form and body else []
    except decode.UndecodableError:
        fields = []
    return any(name == "access_token" and value for name, value in [*subject.query_pairs, *fields])
