"""Bodies as values, by their media type: what cannot be read is not known, never wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from wirecheck.decode.forms import FIELDS, Encodings, SentField, form_reading
from wirecheck.decode.media_types import EVENTS, text
from wirecheck.decode.reader import ValuePath, ValueReader
from wirecheck.decode.streams import data_of, is_stream, stream
from wirecheck.decode.texts import UndecidedError, UndecodableError, json_value
from wirecheck.encode.media_types import essence, is_json, is_xml
from wirecheck.spec import MediaType, join


class Part(Struct, frozen=True):
    """A part of a body that a schema describes, with the path that leads to it."""

    path: ValuePath
    schema: str
    value: Any


class DecodedBody(Struct, frozen=True):
    """A decoded body, which is not known unless ``readable``.

    ``parts`` are what schemas describe: the whole, or each item of a stream; ``unknown`` are the paths to
    what cannot be read. ``error`` says what is wrong with it by its media type alone, ``is_cut`` whether
    that is that a stream ends within an item.
    """

    readable: bool = True
    value: Any = None
    error: str = ""
    parts: tuple[Part, ...] = ()
    unknown: frozenset[ValuePath] = frozenset()
    is_cut: bool = False

    def knows(self, path: ValuePath, *, is_union: bool) -> bool:
        """Whether what is at a path can be wrong; a union cannot where anything below it is not known."""
        return not any(
            path[: len(unknown)] == unknown or (is_union and unknown[: len(path)] == path)
            for unknown in self.unknown
        )


UNKNOWN = DecodedBody(readable=False)
_DONE = "[DONE]"  # which ends the streams of many servers, whatever their events contain


def json_body(body: bytes) -> DecodedBody:
    """A body as JSON, whatever its media type."""
    try:
        return DecodedBody(value=json_value(body))
    except UndecodableError as error:
        return DecodedBody(readable=False, error=str(error))


def decoded_body(
    reader: ValueReader, media_type: MediaType, content_type: str, body: bytes, also: Iterable[SentField] = ()
) -> DecodedBody:
    """A body by its documented media type, and by the Content-Type that it came with.

    ``also`` are fields of a form that stand elsewhere in the request.
    """
    name = essence(media_type.name)
    if "*" in name:
        name = essence(content_type)
    if name in FIELDS and media_type.schema is not None:
        try:
            fields = [*also, *(FIELDS[name](body, content_type) if body else ())]
        except UndecodableError as error:
            return DecodedBody(readable=False, error=str(error))
        encodings = Encodings(reader.document, media_type.pointer, name)
        form = form_reading(reader, media_type.schema, fields, encodings)
        return _whole(media_type, form.value, form.unknown)
    if is_json(name):
        decoded = json_body(body)
        return _whole(media_type, decoded.value) if decoded.readable else decoded
    decode = next((decode for applies, decode in _DECODERS if applies(name)), None)
    return decode(reader, media_type, content_type, body) if decode else UNKNOWN


def _whole(media_type: MediaType, value: Any, unknown: frozenset[ValuePath] = frozenset()) -> DecodedBody:
    parts = (Part((), media_type.schema, value),) if media_type.schema is not None else ()
    return DecodedBody(value=value, parts=parts, unknown=unknown)


def _text(reader: ValueReader, media_type: MediaType, content_type: str, body: bytes) -> DecodedBody:
    """A text in its charset; text/plain is a scalar of whatever type the schema has."""
    shape, content = reader.shape(media_type.schema), text(body, content_type)
    if shape.types and not shape.scalars:
        return UNKNOWN
    if essence(content_type) == "text/plain":
        return _whole(media_type, reader.read(shape, [content, content.strip()]).value)
    return _whole(media_type, content) if not shape.types or "string" in shape.types else UNKNOWN


def _stream(reader: ValueReader, media_type: MediaType, content_type: str, body: bytes) -> DecodedBody:
    """A stream: its items by `itemSchema` (OpenAPI 3.2), its list of items by a schema of an array."""
    name = essence(content_type)
    described = reader.document.get(media_type.pointer)
    shape = reader.shape(media_type.schema)
    item_schema = join(media_type.pointer, "itemSchema") if "itemSchema" in described else None
    if item_schema is None and name == EVENTS and shape.types == {"string"}:
        return _text(reader, media_type, content_type, body)
    if item_schema is None and (name == EVENTS or shape.types != {"array"}):
        return UNKNOWN
    decoded = stream(body, name, content_type)
    parts: list[Part] = []
    if item_schema is not None and name == EVENTS:
        for index, event in enumerate(decoded.items):
            parts += _parts_of_event(reader, item_schema, index, event)
    elif item_schema is not None:
        parts += [Part((index,), item_schema, item) for index, item in enumerate(decoded.items)]
    elif media_type.schema is not None and not decoded.error:
        parts.append(Part((), media_type.schema, list(decoded.items)))
    return DecodedBody(
        readable=not decoded.error,
        value=list(decoded.items),
        error=decoded.error,
        parts=tuple(parts),
        is_cut=decoded.cut,
    )


def _parts_of_event(reader: ValueReader, schema: str, index: int, event: Mapping[str, Any]) -> Iterator[Part]:
    """An event, and its data as JSON where `contentSchema` describes it.

    Where a schema describes the data in place of the event, an event that does not fit is its data.
    """
    data = data_of(event)
    whole = reader.first_fitting(schema, event, *(() if data is None else (data,)))
    yield Part((index,), schema, whole)
    if whole is not event:
        return
    fitting = [part for part in reader.shape(schema).parts if reader.fits(part, event)]
    content = [pointer for part in fitting for pointer in _content_schemas(reader, part)]
    if len(content) == 1 and event["data"] != _DONE:
        yield Part((index, "data"), content[0], event["data"] if data is None else data)


def _content_schemas(reader: ValueReader, schema: str) -> Iterator[str]:
    """The schemas of the JSON that the data of an event contain, as one part of a schema gives them."""
    if "data" not in reader.document.get(schema).get("properties", {}):
        return
    for pointer, described in reader.shape(join(schema, "properties", "data")).schemas():
        if "contentSchema" in described and is_json(essence(str(described.get("contentMediaType", "")))):
            yield join(pointer, "contentSchema")


def _xml(reader: ValueReader, media_type: MediaType, content_type: str, body: bytes) -> DecodedBody:
    from wirecheck.decode.xml import xml_tree

    shape = reader.shape(media_type.schema)
    if media_type.schema is None or not shape.types:
        return UNKNOWN
    try:
        return _whole(media_type, reader.read(shape, [xml_tree(shape, body)]).value)
    except UndecidedError:
        return UNKNOWN


_Decoder = Callable[[ValueReader, MediaType, str, bytes], DecodedBody]
_DECODERS: tuple[tuple[Callable[[str], bool], _Decoder], ...] = (
    (is_stream, _stream),
    (is_xml, _xml),
    (lambda name: name.startswith("text/"), _text),
)
