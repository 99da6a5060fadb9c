"""From values to the wire: parameters and bodies as the document describes them, by `wirecheck.encode`."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from wirecheck.decode.forms import FIELDS, Encodings, is_binary
from wirecheck.decode.schemas import ValueShape, shape_of
from wirecheck.decode.texts import UndecidedError
from wirecheck.encode import forms, parameters
from wirecheck.encode.forms import Part
from wirecheck.encode.media_types import BINARY, FORM, MULTIPART, essence, is_json, is_xml
from wirecheck.encode.styles import QUERY_STRING, Pairs
from wirecheck.encode.texts import EncodingError, json_bytes, text_of
from wirecheck.spec import Document, MediaType, Parameter, join

_TEXTS = frozenset({"text/plain", BINARY})
"""The media types of bodies that may be any text."""


def written_parameter(document: Document, parameter: Parameter, value: Any) -> Pairs:
    """A parameter as names and values on the wire, both escaped; in a path or header, the value is all.

    The whole query (`in: querystring`) is one pair without a name. Raises UndecidedError.
    """
    content = parameter.media_type
    is_form = parameter.location == QUERY_STRING and essence(content or "") == FORM
    parts: Mapping[str, Part] = {}
    if is_form and content and isinstance(value, Mapping):
        pointer = join(parameter.pointer, "content", content)
        parts = _parts(document, MediaType(content, pointer, parameter.schema), FORM, value)
    described = parameters.Parameter(
        argument=parameter.name,
        name=parameter.name,
        place=parameter.location,
        style=parameter.style,
        explode=parameter.explode,
        reserved=document.get(parameter.pointer).get("allowReserved") is True,
        media_type=content,
        parts=parts,
    )
    with _decided():
        return parameters.written_parameter(described, value)


def undocumented_parameter(name: str, location: str, value: Any) -> Pairs:
    """A parameter that the document does not have, in the style that is usual in its location."""
    style = "simple" if location in ("path", "header") else "form"
    with _decided():
        return parameters.written_parameter(
            parameters.Parameter(name, name, location, style, style == "form"), value
        )


def is_writable(media_type: str) -> bool:
    """Whether bodies of a media type without parameters can be written."""
    return is_json(media_type) or media_type in FIELDS or media_type in _TEXTS or is_xml(media_type)


def written_body(document: Document, media_type: MediaType, value: Any) -> tuple[bytes, str]:
    """A body as written on the wire, with its Content-Type: JSON where it fits neither a form nor a text.

    Raises UndecidedError for what no rule says how to write.
    """
    kind = essence(media_type.name)
    with _decided():
        if kind in _TEXTS and not isinstance(value, dict | list):
            return text_of(value).encode(), media_type.name
        if is_xml(kind):
            from wirecheck.decode.xml import xml_document

            return xml_document(_shape(document, media_type), value), media_type.name
        if kind not in FIELDS or not isinstance(value, dict):
            return json_bytes(value), media_type.name if is_json(kind) else "application/json"
        if kind == FORM:
            return forms.joined(written_fields(document, media_type, value)).encode(), FORM
        return _multipart(document, media_type, value)


def written_fields(document: Document, media_type: MediaType, body: Mapping[str, Any]) -> Pairs:
    """The fields of an urlencoded form, names and values escaped."""
    return forms.fields(body, _parts(document, media_type, FORM, body))


def _multipart(document: Document, media_type: MediaType, body: Mapping[str, Any]) -> tuple[bytes, str]:
    """The boundary is derived from the fields, so that equal requests have equal bytes."""
    fields = list(forms.multipart_fields(body, _parts(document, media_type, MULTIPART, body)))
    content, content_type = forms.multipart(fields, hashlib.sha256(repr(fields).encode()).hexdigest()[:32])
    assert isinstance(content, bytes)
    return content, content_type


def _parts(document: Document, media_type: MediaType, kind: str, body: Mapping[str, Any]) -> dict[str, Part]:
    """How each member of a form is written."""
    encodings = Encodings(document, media_type.pointer, kind)
    shape = _shape(document, media_type)
    return {name: _part(encodings, shape.member(name), name, value) for name, value in body.items()}


def _part(encodings: Encodings, member: ValueShape, name: str, value: Any) -> Part:
    style, media_type = encodings.style(name), encodings.media_type(name)
    if style is not None:
        return Part(style.style, style.explode, style.reserved)
    described = member.item(0) if isinstance(value, list) else member
    return Part(media_type=media_type, is_binary=bool(described.types) and is_binary(described))


def _shape(document: Document, media_type: MediaType) -> ValueShape:
    return shape_of(document, (media_type.schema,) if media_type.schema else ())


@contextmanager
def _decided() -> Iterator[None]:
    try:
        yield
    except (EncodingError, UnicodeEncodeError) as error:
        raise UndecidedError(str(error)) from error
