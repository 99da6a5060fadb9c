"""What a request carries, as it may be read: parameters, fields, the body."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from wirecheck import decode
from wirecheck.checks.subject import Subject, documented, recorded
from wirecheck.model import Violation
from wirecheck.spec import Parameter, join


@dataclass(frozen=True, slots=True)
class SentBody:
    """What a body may stand for by its schema, likeliest first, or why it cannot be told."""

    schema: str | None = None
    readings: tuple[Any, ...] = ()
    trouble: Violation | None = None


def texts(subject: Subject, parameter: Parameter) -> list[str] | None:
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
    return cookie_values(subject, parameter.name)


def cookie_values(subject: Subject, name: str) -> list[str]:
    cookies = ";".join(decode.header_values(subject.exchange.request_headers, "cookie")).split(";")
    pairs = (cookie.strip().partition("=") for cookie in cookies)
    return [value for key, _, value in pairs if key == name]


def fields(subject: Subject) -> decode.Pairs:
    """The fields of the form that was sent; none where none was, or it was not recorded."""
    raw = subject.exchange.request_body or b""
    content_type = _content_type(subject) or "application/x-www-form-urlencoded"
    form = decode.FORMS.get(decode.essence(content_type))
    try:
        return form(raw, content_type) if form and raw else []
    except decode.UndecodableError:
        return []


def body(subject: Subject) -> SentBody | None:
    """The body of the request; None when none is documented or known."""
    documented_body, raw = subject.operation.request_body, subject.exchange.request_body
    if documented_body is None or not documented_body.content:
        return None
    names = [one.name for one in documented_body.content]
    if documented_body.also_in_query:  # the fields of a form, whatever else the body may be
        names.sort(key=lambda name: decode.essence(name) not in decode.FORMS)
    content_type = (raw and _content_type(subject)) or names[0]
    media_type = documented(documented_body.content, decode.essence(content_type))
    if media_type is None:
        listed = ", ".join(one.name for one in documented_body.content)
        what = f"the request has the media type {decode.essence(content_type)} (documented: {listed})"
        return SentBody(trouble=Violation(what, join(documented_body.pointer, "content")))
    in_query = _fields_in_query(subject, media_type.schema) if documented_body.also_in_query else []
    if raw is None and not in_query:
        return None
    if not raw and not in_query:
        spec_pointer = join(documented_body.pointer, "required")
        missing = Violation("the body of the request is missing", spec_pointer, "")
        return SentBody(trouble=missing if documented_body.required else None)
    try:
        readings = _readings(subject, media_type.schema, content_type, raw or b"", in_query)
    except decode.UndecodableError as trouble:
        return SentBody(trouble=Violation(f"the body of the request {trouble}", media_type.pointer, ""))
    return SentBody(media_type.schema, tuple(readings))


def _content_type(subject: Subject) -> str | None:
    values = decode.header_values(subject.exchange.request_headers, "content-type")
    return values[-1] if values else None


def _fields_in_query(subject: Subject, schema: str | None) -> decode.Pairs:
    document = subject.spec.document
    return [
        (name, value)
        for name, value in subject.query_pairs
        if schema is not None and decode.property_schema(document, schema, name) is not None
    ]


def _readings(
    subject: Subject, schema: str | None, content_type: str, raw: bytes, in_query: decode.Pairs
) -> list[Any]:
    essence = decode.essence(content_type)
    if essence in decode.FORMS and schema is not None:
        sent = decode.FORMS[essence](raw, content_type) if raw else []
        return list(decode.form_readings(subject.spec.document, schema, [*in_query, *sent]))
    if decode.is_json(essence):
        return [decode.json_value(raw)]
    return [raw.decode("utf-8", "replace")] if essence.startswith("text/") else []
