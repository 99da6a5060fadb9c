"""From values to the wire: parameters and bodies as the document describes them, the inverse of reading."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from wirecheck.decode import styles
from wirecheck.decode.forms import FIELDS, Encodings, is_binary
from wirecheck.decode.media_types import FORM, MULTIPART, essence, is_json, is_xml
from wirecheck.decode.parameters import QUERY_STRING
from wirecheck.decode.schemas import shape_of
from wirecheck.decode.styles import Pairs, Style
from wirecheck.decode.texts import text_of
from wirecheck.decode.xml import xml_document
from wirecheck.spec import Document, MediaType, Parameter, join

_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FormPart:
    """A part of a multipart form; ``filename`` is set where it is a file."""

    name: str
    text: str
    filename: str | None = None
    content_type: str | None = None


def written_parameter(document: Document, parameter: Parameter, value: Any) -> Pairs:
    """A parameter as names and values on the wire, both escaped; in a path or header, the value is all.

    The whole query (`in: querystring`) is one pair without a name.
    """
    definition = document.get(parameter.pointer)
    if parameter.media_type is None:
        return styles.written(Style.of(parameter, definition.get("allowReserved") is True), value)
    if parameter.location == QUERY_STRING:
        pointer = join(parameter.pointer, "content", parameter.media_type)
        content = MediaType(parameter.media_type, pointer, parameter.schema)
        return [("", _query_string(document, content, value))]
    text = json.dumps(value) if is_json(essence(parameter.media_type)) else text_of(value)
    return styles.written(Style.of_content(parameter), text)


def _query_string(document: Document, content: MediaType, value: Any) -> str:
    if essence(content.name) == FORM and isinstance(value, Mapping):
        return joined(written_fields(document, content, value))
    return quote(json.dumps(value) if is_json(essence(content.name)) else text_of(value))


def undocumented_parameter(name: str, location: str, value: Any) -> Pairs:
    """A parameter that the document does not have, in the style that is usual in its location."""
    style = "simple" if location in ("path", "header") else "form"
    return styles.written(Style(name, style, style == "form", location), value)


def joined(pairs: Pairs) -> str:
    """A query or an urlencoded form of escaped names and values."""
    return "&".join(f"{name}={value}" if name else value for name, value in pairs)


def is_writable(media_type: str) -> bool:
    """Whether bodies of a media type without parameters can be written."""
    return is_json(media_type) or media_type in FIELDS or media_type == "text/plain" or is_xml(media_type)


def written_body(document: Document, media_type: MediaType, value: Any) -> tuple[bytes, str]:
    """A body as written on the wire, with its Content-Type: JSON where it fits neither a form nor a text.

    Raises UndecidedError for what XML cannot say.
    """
    kind = essence(media_type.name)
    if kind == "text/plain" and not isinstance(value, dict | list):
        return text_of(value).encode(), media_type.name
    if is_xml(kind):
        return xml_document(shape_of(document, _schemas(media_type)), value), media_type.name
    if kind not in FIELDS or not isinstance(value, dict):
        return json.dumps(value).encode(), media_type.name if is_json(kind) else "application/json"
    if kind == FORM:
        return joined(written_fields(document, media_type, value)).encode(), FORM
    return _multipart(list(form_parts(document, media_type, value)))


def written_fields(document: Document, media_type: MediaType, body: Mapping[str, Any]) -> Pairs:
    """The fields of an urlencoded form, names and values escaped."""
    encodings = Encodings(document, media_type.pointer, FORM)
    pairs: Pairs = []
    for name, value in body.items():
        style, kind = encodings.style(name), encodings.media_type(name)
        is_structured = isinstance(value, Mapping) or (kind is not None and is_json(kind))
        if style is None and is_structured:
            pairs.append((quote_plus(name), quote_plus(json.dumps(value))))
        else:
            pairs += styles.written(style or encodings.usual_style(name), value)
    return pairs


def form_parts(document: Document, media_type: MediaType, body: Mapping[str, Any]) -> Iterator[FormPart]:
    """The parts of a multipart form: an object is JSON, an array has a part for each item."""
    encodings = Encodings(document, media_type.pointer, MULTIPART)
    shape = shape_of(document, _schemas(media_type))
    for name, value in body.items():
        style, kind = encodings.style(name), encodings.media_type(name)
        member = shape.member(name)
        if style is not None:
            yield from (FormPart(key, text) for key, text in styles.written(style, value))
            continue
        is_list = isinstance(value, list)
        for item in value if is_list else [value]:
            described = member.item(0) if is_list else member
            if kind is not None and is_json(kind):
                yield FormPart(name, json.dumps(item), content_type=kind)
            elif isinstance(item, Mapping | list):
                yield FormPart(name, json.dumps(item), content_type="application/json")
            elif described.types and is_binary(described):
                yield FormPart(name, text_of(item), name, kind or _BINARY)
            else:
                yield FormPart(name, text_of(item), content_type=kind)


def _schemas(media_type: MediaType) -> tuple[str, ...]:
    return (media_type.schema,) if media_type.schema else ()


def _multipart(parts: list[FormPart]) -> tuple[bytes, str]:
    """The boundary is derived from the fields, so that equal requests have equal bytes."""
    import httpx

    content_type = f"{MULTIPART}; boundary={hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"
    files = [(part.name, (part.filename, part.text.encode(), part.content_type)) for part in parts]
    form = httpx.Request("POST", "http://form", files=files, headers={"Content-Type": content_type})
    return form.read(), content_type
