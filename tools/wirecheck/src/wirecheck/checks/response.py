"""What an answer promises."""

from collections.abc import Iterator

from wirecheck import decode
from wirecheck.checks.subject import Subject, as_body_violation, as_violation, check, documented, recorded
from wirecheck.model import Severity, Side, Violation
from wirecheck.spec import Operation, join


@check(Severity.ERROR, Side.RESPONSE)
def status_documented(subject: Subject) -> Iterator[Violation]:
    """The status is one that the operation documents.

    The code itself, its range (4XX) or `default` must be listed under `responses`. A status
    of 0, which browsers record for requests that were blocked or cancelled, is a warning.
    """
    status, operation = subject.exchange.status, subject.operation
    spec_pointer = _responses(operation)
    if status == 0:
        yield Violation("no answer was recorded (status 0)", spec_pointer, severity=Severity.WARNING)
    elif subject.response is None:
        listed = ", ".join(operation.statuses) or "none"
        yield Violation(f"the status {status} is not documented (documented: {listed})", spec_pointer)


@check(Severity.ERROR, Side.RESPONSE)
def no_server_fault(subject: Subject) -> Iterator[Violation]:
    """The server does not fail (5xx).

    Any status from 500 on is a breach, even one that is documented.
    """
    if subject.exchange.status >= 500:
        spec_pointer = subject.response.pointer if subject.response else _responses(subject.operation)
        yield Violation(f"the server failed with status {subject.exchange.status}", spec_pointer)


@check(Severity.ERROR, Side.RESPONSE)
def media_type_documented(subject: Subject) -> Iterator[Violation]:
    """The Content-Type of an answer is documented for its status.

    Parameters such as charset do not matter. An answer with a body must name its type where
    one is documented, and must have no body where none is (but for redirections). Nothing is
    said where headers were not recorded.
    """
    exchange, response = subject.exchange, subject.response
    if response is None or not exchange.response_headers or subject.bodiless:
        return
    listed = ", ".join(media_type.name for media_type in response.content)
    spec_pointer = join(response.pointer, "content") if response.content else response.pointer
    if not response.content:
        redirected = 300 <= exchange.status < 400  # a short note is usual there (RFC 9110, 15.4)
        if exchange.response_body and not redirected:
            yield Violation(
                f"the answer to status {exchange.status} has a body, none is documented", spec_pointer
            )
    elif subject.content_type is None:
        if exchange.response_body != b"":
            yield Violation(f"the answer has no Content-Type (documented: {listed})", spec_pointer)
    elif documented(response.content, subject.content_type) is None:
        yield Violation(
            f"the media type {subject.content_type} is not documented (documented: {listed})", spec_pointer
        )


@check(Severity.ERROR, Side.RESPONSE)
def body_is_json(subject: Subject) -> Iterator[Violation]:
    """Where JSON is documented, the body is one complete JSON text in UTF-8.

    Read strictly after RFC 8259: not empty, not cut short, no byte order mark, no NaN, no
    lone surrogates, nothing behind the end. A body that calls itself something else, and is
    something else, is the matter of media-type-documented.
    """
    media_type, content_type = subject.media_type, subject.content_type
    if media_type is None or not subject.body.trouble:
        return
    if content_type is None or decode.fits(content_type, media_type.name):
        yield Violation(f"the body {subject.body.trouble}", media_type.pointer, "")


@check(Severity.ERROR, Side.RESPONSE)
def body_matches_schema(subject: Subject) -> Iterator[Violation]:
    """The body fits the schema of its status and media type.

    Each thing that is wrong is a finding of its own, with its place in the body and the
    keyword in the document. A wrong `format` alone is a warning.
    """
    for violation in subject.body_violations:
        yield as_body_violation(violation)


@check(Severity.ERROR, Side.RESPONSE)
def response_headers_match(subject: Subject) -> Iterator[Violation]:
    """The headers of an answer are there where required, and fit their schemas.

    Names are compared without case. Nothing is said where headers were not recorded.
    """
    if subject.response is None or not recorded(subject.exchange.response_headers):
        return
    for header in subject.response.headers:
        texts = decode.header_values(subject.exchange.response_headers, header.name)
        if not texts and header.required:
            yield Violation(f'the header "{header.name}" is missing', header.pointer)
        if texts and header.schema is not None:
            for readings in decode.parameter_readings(subject.spec.document, header, texts):
                for violation in subject.violations(header.schema, readings, header.name):
                    yield as_violation(violation, f'the header "{header.name}"', None)


def _responses(operation: Operation) -> str:
    """Where the answers of an operation are documented: OpenAPI 3.1 lets `responses` be missing."""
    return join(operation.pointer, "responses") if operation.responses else operation.pointer
