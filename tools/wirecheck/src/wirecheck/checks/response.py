"""Checks of responses."""

from collections.abc import Iterator

from wirecheck import decode
from wirecheck.checks.subject import Subject, as_body_violation, as_violation, check
from wirecheck.model import Severity, Side, Violation
from wirecheck.spec import Operation, join


@check(Severity.ERROR, Side.RESPONSE)
def status_documented(subject: Subject) -> Iterator[Violation]:
    """The operation documents the status.

    The code itself, its range (4XX) or `default` is listed under `responses`. A status of 0,
    which browsers record for requests that were blocked or cancelled, is a warning.
    """
    status, operation = subject.exchange.status, subject.operation
    spec_pointer = _responses(operation)
    if status == 0:
        yield Violation("no response was recorded (status 0)", spec_pointer, severity=Severity.WARNING)
    elif subject.response is None:
        listed = ", ".join(operation.statuses) or "none"
        yield Violation(f"the status {status} is not documented (documented: {listed})", spec_pointer)


@check(Severity.ERROR, Side.RESPONSE)
def no_server_fault(subject: Subject) -> Iterator[Violation]:
    """The server does not fail (5xx).

    Any status from 500 on is a violation, even a documented one.
    """
    if subject.exchange.status >= 500:
        spec_pointer = subject.response.pointer if subject.response else _responses(subject.operation)
        yield Violation(f"the server failed with status {subject.exchange.status}", spec_pointer)


@check(Severity.ERROR, Side.RESPONSE)
def media_type_documented(subject: Subject) -> Iterator[Violation]:
    """The Content-Type of a response is documented for its status.

    Parameters that the documented type has must not have other values, but for charset. A response with a
    body names its type where one is
    documented; where none is, only a redirection may have a body. A response whose headers were
    not recorded is not judged.
    """
    exchange, response = subject.exchange, subject.response
    if response is None or not exchange.response_headers or subject.bodiless:
        return
    listed = ", ".join(media_type.name for media_type in response.content)
    spec_pointer = join(response.pointer, "content") if response.content else response.pointer
    if not response.content:
        redirected = 300 <= exchange.status < 400  # a short note is usual there (RFC 9110, 15.4)
        if exchange.response_body and not redirected:
            what = f"the response with status {exchange.status} has a body, but none is documented"
            yield Violation(what, spec_pointer)
    elif subject.content_type is None:
        if exchange.response_body != b"":
            yield Violation(f"the response has no Content-Type (documented: {listed})", spec_pointer)
    elif decode.documented_type(response.content, subject.full_content_type or "") is None:
        what = f"the media type {subject.content_type} is not documented (documented: {listed})"
        yield Violation(what, spec_pointer)


@check(Severity.ERROR, Side.RESPONSE)
def body_is_json(subject: Subject) -> Iterator[Violation]:
    """Where JSON is documented, the body is one complete JSON text in UTF-8.

    It is read strictly by RFC 8259: not empty, not cut short, no byte order mark, no NaN, no lone
    surrogates, nothing behind the end. A body with another Content-Type that is not JSON is left
    to media-type-documented. The items of a stream are read in the same way; a stream that ends
    within an item is a warning.
    """
    media_type, content_type = subject.media_type, subject.content_type
    if media_type is None or not subject.body.error:
        return
    if content_type is None or decode.fits(content_type, media_type.name):
        severity = Severity.WARNING if subject.body.is_cut else None
        yield Violation(f"the body {subject.body.error}", media_type.pointer, "", severity)


@check(Severity.ERROR, Side.RESPONSE)
def body_matches_schema(subject: Subject) -> Iterator[Violation]:
    """The body matches the schema of its status and media type.

    Each violation is a finding of its own, with its place in the body and the keyword in the
    document. A wrong `format` alone is a warning.
    """
    for violation in subject.body_violations:
        yield as_body_violation(violation)


@check(Severity.ERROR, Side.RESPONSE)
def response_headers_match(subject: Subject) -> Iterator[Violation]:
    """A response has the required headers, and its documented headers match their schemas.

    Names are compared without regard to case. A response whose headers were not recorded is not
    judged.
    """
    if subject.response is None or not decode.recorded(subject.exchange.response_headers):
        return
    for header in subject.response.headers:
        culprit = f'the header "{header.name}"'
        texts = decode.header_values(subject.exchange.response_headers, header.name)
        if not texts and header.required:
            yield Violation(f"{culprit} is missing", header.pointer)
        if not texts or header.schema is None:
            continue
        for value in decode.parameter_values(subject.reader, header, texts) or ():
            for violation in subject.violations(header.schema, [value], header.name):
                yield as_violation(violation, culprit, None)


def _responses(operation: Operation) -> str:
    """The pointer of the responses of an operation, or its own: OpenAPI 3.1 lets `responses` be missing."""
    return join(operation.pointer, "responses") if operation.responses else operation.pointer
