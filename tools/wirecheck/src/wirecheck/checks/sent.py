"""Reads what a request carries: parameters, form fields, the body."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from wirecheck import decode
from wirecheck.checks.subject import Subject, documented, recorded
from wirecheck.model import Violation
from wirecheck.spec import Parameter, RequestBody, join


@dataclass(frozen=True, slots=True)
class SentBody:
    """A body's possible readings by its schema, the likeliest first, or the violation that prevents them."""

    schema: str | None = None
    readings: tuple[Any, ...] = ()
    violation: Violation | None = None


_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Header parameters with these names "shall be ignored" (OpenAPI 3.1, 4.8.12)."""


def texts(subject: Subject, parameter: Parameter) -> list[str] | None:
    """The decoded values of a parameter as texts; None where it is unclear what was sent."""
    headers = subject.exchange.request_headers
    if parameter.location == "path":
        values = subject.match.values if subject.match else {}
        return [unquote(values[parameter.name])] if parameter.name in values else None
    if parameter.location == "query":
        return _query_texts(subject, parameter)
    if not recorded(headers) or parameter.name.lower() in _IGNORED_HEADERS:
        return None
    if parameter.location == "header":
        return decode.header_values(headers, parameter.name)
    return cookie_values(subject, parameter.name)


def _query_texts(subject: Subject, parameter: Parameter) -> list[str] | None:
    if parameter.schema and parameter.media_type is None:
        types = decode.schema_types(subject.spec.document, parameter.schema)
        if "object" in types:  # a serialized object cannot be told apart from other parameters
            return None
    names = (parameter.name, f"{parameter.name}[]")
    return [value for name, value in subject.query_pairs if name in names]


def cookie_values(subject: Subject, name: str) -> list[str]:
    """The values of the cookies with a name."""
    cookies = ";".join(decode.header_values(subject.exchange.request_headers, "cookie")).split(";")
    pairs = (cookie.strip().partition("=") for cookie in cookies)
    return [value for key, _, value in pairs if key == name]


def fields(subject: Subject) -> decode.Pairs:
    """The fields of the form in the request; empty where it has no form or the body was not recorded."""
    raw = subject.exchange.request_body or b""
    content_type = _content_type(subject) or "application/x-www-form-urlencoded"
    form = decode.FORMS.get(decode.essence(content_type))
    try:
        return form(raw, content_type) if form and raw else []
    except decode.UndecodableError:
        return []


def body(subject: Subject) -> SentBody | None:
    """The body of the request; None where none is documented or recorded."""
    documented_body, raw = subject.operation.request_body, subject.exchange.request_body
    if documented_body is None or not documented_body.content:
        return None
    content_type = (raw and _content_type(subject)) or _usual_media_type(documented_body)
    media_type = documented(documented_body.content, decode.essence(content_type))
    if media_type is None:
        actual = decode.essence(content_type)
        listed = ", ".join(media_type.name for media_type in documented_body.content)
        what = f"the request's media type {actual} is not documented (documented: {listed})"
        return SentBody(violation=Violation(what, join(documented_body.pointer, "content")))
    in_query = _fields_in_query(subject, media_type.schema) if documented_body.also_in_query else []
    if raw is None and not in_query:
        return None
    if not raw and not in_query:
        missing = Violation("the request body is missing", join(documented_body.pointer, "required"), "")
        return SentBody(violation=missing if documented_body.required else None)
    try:
        readings = _readings(subject, media_type.schema, content_type, raw or b"", in_query)
    except decode.UndecodableError as error:
        return SentBody(violation=Violation(f"the request body {error}", media_type.pointer, ""))
    return SentBody(media_type.schema, tuple(readings))


def _usual_media_type(body: RequestBody) -> str:
    """The first documented one; the first form where its fields may stand in the query."""
    names = [media_type.name for media_type in body.content]
    forms = [name for name in names if body.also_in_query and decode.essence(name) in decode.FORMS]
    return (forms or names)[0]


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
        in_body = decode.FORMS[essence](raw, content_type) if raw else []
        return list(decode.form_readings(subject.spec.document, schema, [*in_query, *in_body]))
    if decode.is_json(essence):
        return [decode.json_value(raw)]
    return [raw.decode("utf-8", "replace")] if essence.startswith("text/") else []
