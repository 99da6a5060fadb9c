"""Checks of responses."""

from collections.abc import Iterator

from wirecheck import decode
from wirecheck.checks.subject import Subject, as_body_violation, as_violation, check
from wirecheck.model import Severity, Side, Violation
from wirecheck.spec import Operation, join


@check(Severity.ERROR, Side.RESPONSE)
def status_documented(subject: Subject) -> Iterator[Violation]:
    """The operation documents the status.

    The code itself, its range (4XX) or `default` is listed under `responses`. It is only a warning for
    401, 403 and 429, with which gateways respond for any operation, and a note for a status of 0, which
    browsers record for requests that were blocked or cancelled. Statuses from 500 on are left to
    no-server-fault, and 304 may respond to any GET (RFC 9110, 15.4.5).
    """
    status, operation = subject.exchange.status, subject.operation
    spec_pointer = _responses(operation)
    if status == 0:
        yield Violation("no response was recorded (status 0)", spec_pointer, severity=Severity.INFO)
    elif subject.response is None and status < 500 and not _is_unmodified(subject):
        listed = ", ".join(operation.statuses) or "none"
        what = f"the status {status} is not documented (documented: {listed})"
        yield Violation(what, spec_pointer, severity=Severity.WARNING if status in _OF_GATEWAYS else None)


_OF_GATEWAYS = frozenset({401, 403, 429})


def _is_unmodified(subject: Subject) -> bool:
    return subject.exchange.status == 304 and subject.exchange.method.upper() in ("GET", "HEAD")


@check(Severity.ERROR, Side.RESPONSE)
def no_server_fault(subject: Subject) -> Iterator[Violation]:
    """The server does not fail (5xx).

    Any status from 500 on is a violation, even a documented one. Where the code and its range are not
    documented it is only a warning for 502, 503 and 504, and for a body of another media type than
    the operation has: such responses are those of a gateway.
    """
    status, response = subject.exchange.status, subject.response
    if status >= 500:
        spec_pointer = response.pointer if response else _responses(subject.operation)
        what = f"the server failed with status {status}{'' if response else ', which is not documented'}"
        severity, kind = (Severity.WARNING, "gateway") if subject.is_of_gateway else (None, "")
        yield Violation(what, spec_pointer, severity=severity, kind=kind)


@check(Severity.ERROR, Side.RESPONSE)
def media_type_documented(subject: Subject) -> Iterator[Violation]:
    """The Content-Type of a response is documented for its status.

    Parameters that the documented type has must not have other values, but for charset. A response
    with a body names its type where one is documented. A body where none is documented is only a
    warning, because documents often describe just the status; of a redirection it is none, but 205
    must not have one (RFC 9110, 15.3.6). A response whose headers were not recorded is not judged, nor
    is one with a status from 500 on, which is a finding of no-server-fault.
    """
    exchange, response = subject.exchange, subject.response
    if response is None or not exchange.response_headers or subject.bodiless or exchange.status >= 500:
        return
    listed = ", ".join(media_type.name for media_type in response.content)
    spec_pointer = join(response.pointer, "content") if response.content else response.pointer
    if not response.content:
        redirected = 300 <= exchange.status < 400  # a short note is usual there (RFC 9110, 15.4)
        if exchange.response_body and not redirected:
            what = f"the response with status {exchange.status} has a body, but none is documented"
            severity = None if exchange.status == _RESET_CONTENT else Severity.WARNING
            yield Violation(what, spec_pointer, None, severity, "body")
    elif subject.content_type is None:
        if exchange.response_body:
            what = f"the response has no Content-Type (documented: {listed})"
            yield Violation(what, spec_pointer, kind="missing")
    elif decode.documented_type(response.content, subject.full_content_type or "") is None:
        what = f"the media type {subject.content_type} is not documented (documented: {listed})"
        yield Violation(what, spec_pointer)


_RESET_CONTENT = 205


@check(Severity.ERROR, Side.RESPONSE)
def body_is_json(subject: Subject) -> Iterator[Violation]:
    """Where JSON is documented, the body is one complete JSON text in UTF-8.

    It is read strictly by RFC 8259: not empty, not cut short, no byte order mark, no NaN, no lone
    surrogates, nothing behind the end. A body with another Content-Type, or with none, that is not
    JSON is left to media-type-documented. The items of a stream are read in the same way; a stream
    that ends within an item is a warning.
    """
    media_type, content_type = subject.media_type, subject.content_type
    if media_type is None or not subject.body.error or subject.is_of_gateway:
        return
    is_named = content_type is not None and decode.fits(content_type, media_type.name)
    if is_named or not subject.exchange.response_headers:
        severity, kind = (Severity.WARNING, "cut") if subject.body.is_cut else (None, "")
        yield Violation(f"the body {subject.body.error}", media_type.pointer, "", severity, kind)


@check(Severity.ERROR, Side.RESPONSE)
def body_matches_schema(subject: Subject) -> Iterator[Violation]:
    """The body matches the schema of its status and media type.

    Each violation is a finding of its own, with its place in the body and the keyword in the
    document. A wrong `format` alone is a warning, as is a number beyond its format (int32, float), or
    a member that is write-only. Members that are write-only are not required here, and those that are
    read-only are not required of a request.
    """
    for violation in subject.body_violations:
        yield as_body_violation(violation)
    for occurrence in subject.write_only_values():
        pointer = join("", *occurrence.path)
        what = f"body {pointer} is write-only, but is part of a response"
        spec_pointer = join(occurrence.schema, "writeOnly")
        yield Violation(what, spec_pointer, pointer, Severity.WARNING, "writeOnly")


@check(Severity.ERROR, Side.RESPONSE)
def response_headers_match(subject: Subject) -> Iterator[Violation]:
    """A response has the required headers, and its documented headers match their schemas.

    Names are compared without regard to case. A response whose headers were not recorded is not
    judged, nor is that of a gateway.
    """
    headers = subject.exchange.response_headers
    if subject.response is None or subject.is_of_gateway or not decode.recorded(headers):
        return
    for header in subject.response.headers:
        culprit, name = f'the header "{header.name}"', f"header {header.name.lower()}"
        texts = decode.header_values(subject.exchange.response_headers, header.name)
        if not texts and header.required:
            yield Violation(f"{culprit} is missing", header.pointer, kind=f"{name} missing")
        if not texts or header.schema is None:
            continue
        for value in decode.parameter_values(subject.reader, header, texts) or ():
            for violation in subject.violations(header.schema, [value], header.name):
                yield as_violation(violation, culprit, None, name)


def _responses(operation: Operation) -> str:
    """The pointer of the responses of an operation, or its own: OpenAPI 3.1 lets `responses` be missing."""
    return join(operation.pointer, "responses") if operation.responses else operation.pointer
