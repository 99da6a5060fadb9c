"""The request and the response of an exchange as laws see them."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from wirecheck import decode
from wirecheck.cel import View
from wirecheck.checks.subject import Subject, once


def is_authorized(subject: Subject) -> bool:
    """Whether the request carries any credentials, of the schemes of its operation or in Authorization."""
    if any(decode.header_values(subject.exchange.request_headers, "authorization")):
        return True
    return any(any(credential.texts) for credential in subject.request.credentials)


class _UnusableError(Exception):
    """It is unclear what was sent, or it violates the document."""


@once
def request_view(subject: Subject) -> View | None:
    """{method, path, query, body, credentials}, typed by the schemas.

    Parameters, fields and credentials have their names as keys; values of undocumented ones are
    strings. None for a request that violates the document, or of which too little was recorded.
    """
    return part_of_request(subject, _MEMBERS)


def part_of_request(subject: Subject, names: Container[str]) -> View | None:
    """Some members of that view; None also where these alone are enough to tell that there is none."""
    if subject.exchange.operation:
        return None
    try:
        return {name: read(subject) for name, read in _MEMBERS.items() if name in names}
    except _UnusableError:
        return None


@once
def response_view(subject: Subject) -> View | None:
    """{status, headers, body}; None where the body cannot be read, or violates its schema.

    A wrong format alone, which is only a warning, is tolerated.
    """
    view = headless_view(subject)
    return None if view is None else view | {"headers": _texts(subject.exchange.response_headers)}


@once
def headless_view(subject: Subject) -> View | None:
    """The same without the headers, of which there are many, and which few laws read."""
    if subject.response is None or (subject.response.content and not subject.body.readable):
        return None
    if any(violation.keyword != "format" for violation in subject.body_violations):
        return None
    return {"status": subject.exchange.status, "body": subject.body.value}


def _query(subject: Subject) -> dict[str, Any]:
    return {**_texts(subject.request.undocumented), **_parameters(subject, "query")}


def _credentials(subject: Subject) -> dict[str, str]:
    credentials = subject.request.credentials
    return _texts((credential.scheme.name, text) for credential in credentials for text in credential.texts)


def _texts(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last text of each name; a lone surrogate, which is not text, becomes U+003F."""
    return {_text(name): _text(text) for name, text in pairs}


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _parameters(subject: Subject, location: str) -> dict[str, Any]:
    """The values of the documented parameters of a location that were sent."""
    values = {}
    for sent in subject.request.parameters:
        if sent.parameter.location != location:
            continue
        if sent.parameter.required and not sent.is_sent:
            raise _UnusableError
        if len(sent.values) > 1:
            raise _UnusableError  # servers differ on which of several values counts
        if subject.parameter_violations(sent):
            raise _UnusableError
        if sent.values:
            values[sent.parameter.name] = sent.values[0]
    return values


def _body(subject: Subject) -> Any:
    documented = subject.operation.request_body
    if documented is None or not documented.content:
        return _texts(subject.request.fields) or None
    body = subject.request.body
    if body is None or body.violation is not None or subject.request_body_violations:
        raise _UnusableError
    return body.content.value


_MEMBERS: dict[str, Callable[[Subject], Any]] = {
    "method": lambda subject: subject.exchange.method.upper(),
    "path": lambda subject: _parameters(subject, "path"),
    "query": _query,
    "body": _body,
    "credentials": _credentials,
}
"""What a request consists of for laws, and what reads it."""
