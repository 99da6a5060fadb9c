"""The values of parameters and headers by their texts on the wire."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from wirecheck.decode import styles
from wirecheck.decode.bodies import decoded_body
from wirecheck.decode.reader import ValueReader
from wirecheck.decode.texts import UndecodableError, json_value
from wirecheck.encode.media_types import FORM, essence, is_json
from wirecheck.encode.styles import QUERY_STRING
from wirecheck.spec import MediaType, Parameter, join


def values(reader: ValueReader, parameter: Parameter, texts: Sequence[str]) -> tuple[Any, ...] | None:
    """The values of a parameter, None where they are not known: one for each text, or one array."""
    if parameter.media_type is None:
        return reader.values(styles.style_of(parameter), parameter.schema, texts)
    return _of_content(reader, parameter, parameter.media_type, texts)


def _of_content(
    reader: ValueReader, parameter: Parameter, media_type: str, texts: Sequence[str]
) -> tuple[Any, ...] | None:
    """The values by the media type that `content` gives; a text where they are not of that type."""
    kind = essence(media_type)
    if parameter.location == QUERY_STRING and kind == FORM:
        content = MediaType(media_type, join(parameter.pointer, "content", media_type), parameter.schema)
        whole = decoded_body(reader, content, media_type, texts[0].encode("utf-8", "replace"))
        return (whole.value,) if whole.readable else None
    decoded = [_decoded(parameter, text) for text in texts]
    if is_json(kind):
        return tuple(_json_or_text(text) for text in decoded)
    if kind == "text/plain":
        shape = reader.shape(parameter.schema)
        return tuple(reader.read(shape, [text]).value for text in decoded)
    return tuple(decoded) if kind.startswith("text/") else None


def _decoded(parameter: Parameter, text: str) -> str:
    if parameter.location == QUERY_STRING:
        return unquote(text)
    decoded: str = next(styles.scalars(styles.style_of_content(parameter), text))
    return decoded


def _json_or_text(text: str) -> Any:
    try:
        return json_value(text.encode("utf-8", "replace"))
    except UndecodableError:
        return text
