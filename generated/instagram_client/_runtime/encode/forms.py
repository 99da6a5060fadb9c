"""Forms, urlencoded and multipart: the members of an object as fields, by their encoding."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from .files import Content, FileSource, Upload, upload_of
from .media_types import MULTIPART, essence, is_json
from .styles import Pairs, Style, written
from .texts import EncodingError, encoded, json_bytes, json_text, named, text_of

_ESCAPED = str.maketrans({"\r": "%0D", "\n": "%0A", '"': "%22"})
"""In the names of fields and files, as HTML has it (Multipart form data, 4.10.21.8)."""


class Part(NamedTuple):
    """How a member of a form or multipart body is written: its Encoding Object, and what its schema says."""

    style: str | None = None  # None: by content type, not by style
    explode: bool = True
    reserved: bool = False
    media_type: str | None = None  # encoding.contentType, the first one if there are several
    is_binary: bool = False  # by its schema: a file, or a list of files


USUAL = Part()


class FormField(NamedTuple):
    """A part of a multipart form; ``filename`` is None where it is no file."""

    name: str
    content: FileSource
    filename: str | None = None
    media_type: str | None = None


def joined(pairs: Sequence[tuple[str, str]]) -> str:
    """A query or an urlencoded form of escaped names and texts; what has no name stands for itself."""
    return "&".join(f"{name}={text}" if name else text for name, text in pairs)


def split(query: str) -> Pairs:
    """The names and texts of a query, as they are."""
    return [
        (name, text) for name, _, text in (part.partition("=") for part in query.split("&") if part)
    ]


def fields(members: Mapping[str, Any], parts: Mapping[str, Part]) -> Pairs:
    """The fields of an urlencoded form: arrays are repeated, objects are JSON."""
    pairs: Pairs = []
    for name, value in members.items():
        with named(name):
            pairs += _fields(name, value, parts.get(name, USUAL))
    return pairs


def _fields(name: str, value: Any, part: Part) -> Pairs:
    if part.style is not None:
        return written(Style(name, part.style, part.explode, "form", part.reserved), value)
    if isinstance(value, Mapping) or (part.media_type and is_json(essence(part.media_type))):
        return [(quote_plus(name), quote_plus(json_text(value)))]
    return written(Style(name, "form", True, "form"), value)


def multipart_fields(members: Mapping[str, Any], parts: Mapping[str, Part]) -> Iterator[FormField]:
    """The parts of a multipart form: an array has one for each item, an object or an array in it is JSON."""
    for name, value in members.items():
        with named(name):
            yield from _parts(name, value, parts.get(name, USUAL))


def _parts(name: str, value: Any, part: Part) -> Iterator[FormField]:
    if part.style is not None:
        for key, text in written(Style(name, part.style, part.explode, "part"), value):
            yield FormField(key, text.encode())
        return
    is_array = isinstance(value, list) or (isinstance(value, tuple) and upload_of(value) is None)
    for item in value if is_array else [value]:
        yield _part(name, item, part)


def _part(name: str, item: Any, part: Part) -> FormField:
    media_type = None if "*" in (part.media_type or "") else part.media_type
    upload = Upload(item.encode()) if part.is_binary and isinstance(item, str) else upload_of(item)
    if upload is not None:
        content_type = upload.media_type or media_type or upload.actual_type
        return FormField(name, upload.content, upload.name or name, content_type)
    if is_json(essence(media_type or "")):
        return FormField(name, json_bytes(item), media_type=media_type)
    if isinstance(item, Mapping | list | tuple):
        return FormField(name, json_bytes(item), media_type="application/json")
    return FormField(name, encoded(text_of(item), media_type or ""), media_type=media_type)


def multipart(
    fields: Sequence[FormField], boundary: str | None = None, media_type: str = MULTIPART
) -> tuple[bytes | Content, str]:
    """The body that some fields are, and its media type; the boundary is random unless it is given."""
    boundary = boundary or os.urandom(16).hex()
    sources: list[FileSource] = []
    for field in fields:
        sources += [f"--{boundary}\r\n".encode() + _head(field), field.content, b"\r\n"]
    sources.append(f"--{boundary}--\r\n".encode())
    in_memory = [source for source in sources if isinstance(source, bytes)]
    content = b"".join(in_memory) if len(in_memory) == len(sources) else Content(sources)
    return content, f"{media_type}; boundary={boundary}"


def _head(field: FormField) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{field.name.translate(_ESCAPED)}"']
    if field.filename is not None:
        lines[0] += f'; filename="{field.filename.translate(_ESCAPED)}"'
    if field.media_type is not None:
        if not field.media_type.isprintable():
            raise EncodingError("media-type", f"{field.media_type!r} is no media type.", field.name)
        lines.append(f"Content-Type: {field.media_type}")
    with named(field.name):
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()
