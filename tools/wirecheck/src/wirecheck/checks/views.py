"""The request and the response of an exchange as laws see them."""

from collections.abc import Iterable, Iterator
from typing import Any

from wirecheck import decode
from wirecheck.cel import View
from wirecheck.checks import sent
from wirecheck.checks.subject import Subject, once
from wirecheck.model import Side
from wirecheck.spec import SecurityScheme, join


def is_authorized(subject: Subject) -> bool:
    """Whether the request carries any credentials, of the schemes of its operation or in Authorization."""
    if any(decode.header_values(subject.exchange.request_headers, "authorization")):
        return True
    return any(True for _ in _credentials(subject)) if subject.operation.security else False


class _UnusableError(Exception):
    """It is unclear what was sent, or it violates the document."""


@once
def request_view(subject: Subject) -> View | None:
    """{method, path, query, body, credentials}, typed by the schemas.

    Parameters, fields and credentials have their names as keys; values of undocumented ones are
    strings. None for a request that violates the document, or of which too little was recorded.
    """
    documented = {parameter.name for parameter in subject.operation.parameters}
    undocumented = [pair for pair in subject.query_pairs if pair[0] not in documented]
    try:
        return {
            "method": subject.exchange.method.upper(),
            "path": _parameters(subject, "path"),
            "query": {**_texts(undocumented), **_parameters(subject, "query")},
            "body": _body(subject),
            "credentials": _texts(_credentials(subject)),
        }
    except _UnusableError:
        return None


@once
def response_view(subject: Subject) -> View | None:
    """{status, headers, body}; None where the body cannot be read, or violates its schema.

    A wrong format alone, which is only a warning, is tolerated.
    """
    if subject.response is None or (subject.response.content and not subject.body.readable):
        return None
    if any(violation.keyword != "format" for violation in subject.body_violations):
        return None
    return {
        "status": subject.exchange.status,
        "headers": _texts(subject.exchange.response_headers),
        "body": subject.body.value,
    }


def _texts(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last text of each name; a lone surrogate, which is not text, becomes U+003F."""
    return {_text(name): _text(text) for name, text in pairs}


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _parameters(subject: Subject, location: str) -> dict[str, Any]:
    """The values of the documented parameters of a location that were sent."""
    values = {}
    for parameter in subject.operation.parameters:
        if parameter.location != location:
            continue
        texts = sent.texts(subject, parameter)
        if not texts:
            if parameter.required:
                raise _UnusableError
            continue
        readings = decode.parameter_readings(subject.spec.document, parameter, texts)
        if len(readings) > 1:
            raise _UnusableError  # servers differ on which of several values counts
        if readings:
            values[parameter.name] = _valid(subject, parameter.schema, readings[0])
    return values


def _valid(subject: Subject, schema: str | None, readings: Iterable[Any]) -> Any:
    """The likeliest reading that fits a schema."""
    for reading in readings:
        if schema is None or not subject.violations(schema, [reading], side=Side.REQUEST):
            return reading
    raise _UnusableError


def _body(subject: Subject) -> Any:
    documented = subject.operation.request_body
    if documented is None or not documented.content:
        return _texts(sent.fields(subject)) or None
    body = sent.body(subject)
    if body is None or body.violation is not None:
        raise _UnusableError
    return _valid(subject, body.schema, body.readings) if body.readings else None


def _credentials(subject: Subject) -> Iterator[tuple[str, str]]:
    """The name of each security scheme, and a credential of it in the request."""
    for scheme in subject.operation.schemes:
        for text in filter(None, _carried(subject, scheme)):
            yield scheme.name, text


def _carried(subject: Subject, scheme: SecurityScheme) -> Iterator[str]:
    headers = subject.exchange.request_headers
    if scheme.kind != "apiKey":
        for text in decode.header_values(headers, "authorization"):
            kind, _, credentials = text.partition(" ")
            if scheme.kind != "http" or kind.lower() == scheme.scheme:
                yield credentials.strip()
    elif scheme.location == "query":
        pairs = [*subject.query_pairs]
        document = subject.spec.document
        pointer = document.follow(join("/components/securitySchemes", scheme.name))
        if document.get(pointer).get("x-in-form") is True:
            pairs += sent.fields(subject)
        yield from (text for name, text in pairs if name == scheme.parameter)
    elif scheme.location == "header":
        yield from decode.header_values(headers, scheme.parameter)
    elif scheme.location == "cookie":
        yield from sent.cookie_values(subject, scheme.parameter)
