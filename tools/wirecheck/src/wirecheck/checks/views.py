"""An exchange as laws see it."""

from collections.abc import Iterable, Iterator
from typing import Any

from wirecheck import decode
from wirecheck.cel import View
from wirecheck.checks import sent
from wirecheck.checks.subject import Subject, once
from wirecheck.spec import Parameter, SecurityScheme, join


class _UnclearError(Exception):
    """It cannot be told what was sent, or it does not fit what the document asks for."""


@once
def request_view(subject: Subject) -> View | None:
    """{method, path, query, body, credentials}, typed by the schemas.

    Parameters, fields and credentials stand there by their names, those that the document does
    not know as strings. None for a request that breaks its own promises, or that is not known.
    """
    parameters = subject.operation.parameters
    try:
        path, query = (
            {
                parameter.name: value
                for parameter in parameters
                if parameter.location == location
                for value in _values(subject, parameter)
            }
            for location in ("path", "query")
        )
        known = {parameter.name for parameter in parameters}
        return {
            "method": subject.exchange.method.upper(),
            "path": path,
            "query": {**_texts(pair for pair in subject.query_pairs if pair[0] not in known), **query},
            "body": _body(subject),
            "credentials": _texts(_credentials(subject)),
        }
    except _UnclearError:
        return None


@once
def response_view(subject: Subject) -> View | None:
    """{status, headers, body}; None where the body is not known, or does not fit its schema.

    A wrong format alone, which is only a warning, does not matter.
    """
    if subject.response is None or any(one.keyword != "format" for one in subject.body_violations):
        return None
    if subject.response.content and not subject.body.known:
        return None
    return {
        "status": subject.exchange.status,
        "headers": _texts(subject.exchange.response_headers),
        "body": subject.body.value,
    }


def _texts(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last text of each name; half of a surrogate pair, which is no text, becomes U+003F."""
    return {_text(name): _text(text) for name, text in pairs}


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _values(subject: Subject, parameter: Parameter) -> Iterator[Any]:
    """The value of a parameter, if it was sent."""
    texts = sent.texts(subject, parameter)
    if not texts:
        if parameter.required:
            raise _UnclearError
        return
    things = decode.parameter_readings(subject.spec.document, parameter, texts)
    if len(things) > 1:
        raise _UnclearError  # servers differ on which one counts
    for readings in things:
        yield _fitting(subject, parameter.schema, readings)


def _fitting(subject: Subject, schema: str | None, readings: Iterable[Any]) -> Any:
    """The likeliest reading that fits a schema."""
    for reading in readings:
        if schema is None or not subject.violations(schema, [reading]):
            return reading
    raise _UnclearError


def _body(subject: Subject) -> Any:
    documented = subject.operation.request_body
    if documented is None or not documented.content:
        return _texts(sent.fields(subject)) or None
    body = sent.body(subject)
    if body is None or body.trouble is not None:
        raise _UnclearError
    return _fitting(subject, body.schema, body.readings) if body.readings else None


def _credentials(subject: Subject) -> Iterator[tuple[str, str]]:
    """What is carried, by the name of the security scheme that it belongs to."""
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
