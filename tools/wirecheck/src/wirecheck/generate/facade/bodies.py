"""The bodies of requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wirecheck.decode import FORM, MULTIPART, essence, is_json
from wirecheck.encode.media_types import is_xml
from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.credentials import Credential
from wirecheck.shapes import ANYTHING, Field, ListOf, Scalar, Shape, Shapes
from wirecheck.shapes.parts import parts_of
from wirecheck.spec import Document, MediaType, Operation, join

_FORMS = (FORM, MULTIPART)
_FILES = ("application/octet-stream", "application/pdf", "application/zip", "application/gzip")
_FILE_KINDS = ("image/", "audio/", "video/", "font/", "*/")


@dataclass(frozen=True, slots=True)
class BodyArguments:
    """The body of a request: each of its ``fields`` is an argument, or the body is one as a ``whole``.

    ``credentials`` are the fields of a form that the client fills, by field. ``schema`` is that of the
    preferred media type, ``example`` a value of the document for it.
    """

    content: Sequence[MediaType] = ()
    whole: Sequence[Shape] = ()
    fields: Sequence[Field] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    schema: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)


def request_body(
    document: Document, operation: Operation, shapes: Shapes, credentials: Sequence[Credential], hint: str
) -> BodyArguments | None:
    """The body of an operation, None if it has none."""
    body = operation.request_body
    if body is None or not body.content:
        return None
    content = sorted(body.content, key=lambda media: _preference(document, media))
    values = [media for media in content if not is_xml(essence(media.name))]  # XML is written by its author
    kinds = [_body_shape(document, media, shapes, f"{hint} body") for media in values] or [Scalar("str")]
    schema = content[0].schema or ""
    example = _example(document, content[0])
    common: dict[str, Any] = {"required": body.required, "schema": schema, "example": example}
    fields = shapes.fields(kinds[0])
    if not fields or len(set(kinds)) > 1:
        return BodyArguments(content=content, whole=list(dict.fromkeys(kinds)), **common)
    filled = _filled(content[0], fields, credentials)
    arguments = [each for name, each in fields.items() if name not in filled and not each.read_only]
    return BodyArguments(content=content, fields=arguments, credentials=filled, **common)


def media_kind(document: Document, media: MediaType) -> str:
    """A media type without parameters; any type (``*/*``) of an object or array stands for JSON."""
    kind = essence(media.name)
    if kind in ("*/*", "application/*") and media.schema:
        parts = parts_of(document, [media.schema])
        return "application/json" if parts.is_object or parts.is_array or parts.unions else kind
    return kind


def _preference(document: Document, media: MediaType) -> int:
    kind = media_kind(document, media)
    return 0 if is_json(kind) else 1 if kind in _FORMS else 2


def _filled(
    media: MediaType, fields: Mapping[str, Field], credentials: Sequence[Credential]
) -> Mapping[str, str]:
    """The fields of a form that carry credentials, with the credential of each."""
    if essence(media.name) != FORM:
        return {}
    by_parameter = {credential.parameter: credential.name for credential in credentials}
    return {name: by_parameter[name] for name in fields if name in by_parameter}


def _body_shape(document: Document, media: MediaType, shapes: Shapes, hint: str) -> Shape:
    """What a body is in Python: as its schema says for JSON and forms, a text or a file otherwise."""
    kind = media_kind(document, media)
    if kind in _FORMS or is_json(kind):
        return shapes.of(media.schema, hint) if media.schema else ANYTHING
    if media.item_schema:
        return ListOf(shapes.of(media.item_schema, f"{hint} item"))
    if is_file(kind):
        return Scalar("File")
    shape = shapes.of(media.schema, hint) if media.schema else Scalar("str")
    return Scalar("str") if kind.startswith("text/") and shape == ANYTHING else shape


def is_file(kind: str) -> bool:
    """Whether bodies of a media type are files rather than texts or values."""
    return kind in _FILES or kind.startswith(_FILE_KINDS)


def _example(document: Document, media: MediaType) -> Mapping[str, Any]:
    """An object that is an example of a body."""
    value = document.get(media.pointer)
    named = value.get("examples")
    for name in named if isinstance(named, dict) else ():
        example = document.get(document.follow(join(media.pointer, "examples", name)))
        if isinstance(example, dict) and isinstance(example.get("value"), dict):
            return dict(example["value"])
    return value["example"] if isinstance(value.get("example"), dict) else {}


def bodies_code(document: Document, body: BodyArguments | None, names: Mapping[str, str]) -> str | None:
    """The bodies of an operation, in code; ``names`` are those of the arguments, by the name of a field."""
    if body is None:
        return None
    fields = {names[each.name]: each.name for each in body.fields} if not body.whole else None
    rendered = [_body_code(document, media, fields, body.required) for media in body.content]
    return f"({', '.join(rendered)},)"


def _body_code(document: Document, media: MediaType, fields: Mapping[str, str] | None, required: bool) -> str:
    kind = media_kind(document, media)
    parts = _parts(document, media) if kind in _FORMS else {}
    table = ", ".join(f"{name!r}: {part}" for name, part in parts.items())
    return code(
        "Body",
        repr(kind if "*" in media.name else media.name),
        parts=f"{{{table}}}" if table else None,
        fields=None if fields is None else repr(dict(fields)),
        is_required=literal(required),
    )


def _parts(document: Document, media: MediaType) -> Mapping[str, str]:
    """How each member of a form is written, in code, where it is not written as usual."""
    encodings = document.get(media.pointer).get("encoding")
    properties = parts_of(document, [media.schema]).properties if media.schema else {}
    encodings = encodings if isinstance(encodings, dict) else {}
    parts = {
        name: _part(encodings.get(name), is_binary=_is_binary(document, properties.get(name, ())))
        for name in (*properties, *(encodings.keys() - properties.keys()))
    }
    return {name: part for name, part in parts.items() if part != "Part()"}


def _part(encoding: Any, *, is_binary: bool) -> str:
    value = encoding if isinstance(encoding, dict) else {}
    is_styled = any(key in value for key in ("style", "explode", "allowReserved"))
    style = str(value.get("style", "form")) if is_styled else None
    content_type = value.get("contentType")
    return code(
        "Part",
        style=repr(style) if style else None,
        explode=repr(False) if style and value.get("explode", style == "form") is False else None,
        reserved=literal(value.get("allowReserved") is True),
        media_type=repr(content_type.split(",")[0].strip()) if isinstance(content_type, str) else None,
        is_binary=literal(is_binary),
    )


def _is_binary(document: Document, schemas: Sequence[str]) -> bool:
    """Whether a member is a file, or a list of files."""
    parts = parts_of(document, schemas)
    if parts.is_array and (items := parts.described("items")):
        parts = parts_of(document, items)
    is_text = parts.types is None or "string" in parts.types
    media_type = parts.first("contentMediaType")
    is_octets = (
        isinstance(media_type, str) and is_file(essence(media_type)) and not parts.first("contentEncoding")
    )
    return is_text and (parts.first("format") == "binary" or is_octets)
