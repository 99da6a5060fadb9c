"""What methods return."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wirecheck.decode import is_json, payload_name
from wirecheck.decode.media_types import EVENTS
from wirecheck.encode.media_types import JSON_LINES, is_json_sequence
from wirecheck.generate.facade.bodies import is_file, media_kind
from wirecheck.shapes import ANYTHING, NOTHING, ListOf, ModelClass, Named, Scalar, Shape, Shapes
from wirecheck.shapes.kinds import union, without_null
from wirecheck.spec import Document, MediaType, Operation, Response
from wirecheck.spec.document import tokens

_WITHOUT_BODY = {"204", "205", "304"}  # whatever a document says (RFC 9110, 15)
_REDIRECTS = {"301", "302", "303", "307", "308"}


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation returns on success.

    ``kind`` is json, text, binary, events, lines, location or nothing. ``shape`` is that of the result,
    ``envelope`` that of the whole body, ``item`` that of the items of a list. ``payload`` are the members
    that lead from the body to the result. ``types`` are the bodies by status, those of errors included.
    """

    kind: str
    statuses: Sequence[str]
    shape: Shape
    envelope: Shape
    item: Shape | None
    payload: Sequence[str]
    types: Mapping[str, Shape]
    accept: Sequence[str]


def result_of(
    document: Document, operation: Operation, shapes: Shapes, hint: str, items: Sequence[str] | None
) -> Result:
    """What an operation returns; ``items`` are the members that lead to the items of a page."""
    responses = _successes(operation)
    chosen = _chosen(document, operation)
    successes = {response.status: chosen[response.status] for response in responses}
    kind = _kind([media_kind(document, media) for media in successes.values() if media])
    types = {
        status: shape
        for status, media in chosen.items()
        if media and (shape := _shape(document, media, shapes, f"{hint} {_noun(status, successes)}"))
    }
    only_redirects = all(response.status[0] == "3" for response in responses)
    if only_redirects and (statuses := _redirects(operation)):
        return Result("location", statuses, Scalar("str"), Scalar("str"), None, (), types, ())
    statuses = [response.status for response in responses]
    envelope = _envelope(kind, successes, types)
    path = items if items is not None else _payload_path(document, responses)
    end = _at(shapes, envelope, path)
    shape, payload = (end, path) if end is not None else (envelope, ())
    item = _item(shapes, shape) if kind == "json" else None
    accept = _accepted((*successes.values(), *chosen.values()))
    return Result(kind, statuses, shape, envelope, item, payload, types, accept)


def _chosen(document: Document, operation: Operation) -> Mapping[str, MediaType | None]:
    """The media type that a client asks for, by status; None where there is no body."""
    return {
        response.status: None if response.status in _WITHOUT_BODY else _preferred(document, response)
        for response in operation.responses
    }


def _accepted(content: Iterable[MediaType | None]) -> Sequence[str]:
    """The names of media types that fit into a header."""
    names = dict.fromkeys(media.name for media in content if media)
    return [name for name in names if name.isascii() and name.isprintable()]


def _noun(status: str, successes: Collection[str]) -> str:
    """What the name of a body ends with that has none of its own."""
    return "response" if [*successes] == [status] else f"response {status}"


def _successes(operation: Operation) -> Sequence[Response]:
    """The responses with 2xx, or the default where there is none, or what has a body and leads elsewhere."""
    responses = operation.responses
    return (
        [response for response in responses if response.status[0] == "2"]
        or [response for response in responses if response.status == "default"]
        or [response for response in responses if response.status[0] == "3"]
    )


def _preferred(document: Document, response: Response) -> MediaType | None:
    """The media type that a client asks for: JSON, else the first one."""
    return min(response.content, key=lambda media: not is_json(media_kind(document, media)), default=None)


def _kind(kinds: Sequence[str]) -> str:
    """The kind of bodies by their media types; JSON if one of them is JSON."""
    if not kinds:
        return "nothing"
    if any(map(is_json, kinds)):
        return "json"
    if EVENTS in kinds:
        return "events"
    if any(map(_has_lines, kinds)):
        return "lines"
    return "binary" if any(map(is_file, kinds)) else "text"


def _has_lines(kind: str) -> bool:
    return kind in JSON_LINES or is_json_sequence(kind)


def _shape(document: Document, media: MediaType, shapes: Shapes, hint: str) -> Shape | None:
    """The shape of a body of JSON, or of each item of a stream; None for other bodies."""
    kind = media_kind(document, media)
    if kind == EVENTS or _has_lines(kind):
        schema = media.item_schema or media.schema
        shape = shapes.of(schema, f"{hint} item") if schema else ANYTHING
        return shape.item if isinstance(shape, ListOf) and not media.item_schema else shape
    if not is_json(kind):
        return None
    return shapes.of(media.schema, hint) if media.schema else ANYTHING


def _envelope(kind: str, chosen: Mapping[str, MediaType | None], types: Mapping[str, Shape]) -> Shape:
    if kind in ("nothing", "text", "binary"):
        return {"nothing": NOTHING, "text": Scalar("str"), "binary": Scalar("bytes")}[kind]
    if kind in ("events", "lines"):
        return union([types.get(status, ANYTHING) for status in chosen])
    # A response without a body beside one with JSON: nothing to return.
    return union([types.get(status, NOTHING) if media else NOTHING for status, media in chosen.items()])


def _redirects(operation: Operation) -> Sequence[str]:
    """The statuses that lead elsewhere by a documented ``Location``."""
    return [
        response.status
        for response in operation.responses
        if response.status in _REDIRECTS
        and any(header.name.lower() == "location" for header in response.headers)
    ]


def _payload_path(document: Document, responses: Sequence[Response]) -> Sequence[str]:
    """The member of a response body that the method returns (x-payload)."""
    for response in responses:
        for media in response.content:
            if media.schema and (name := payload_name(document, media.schema)):
                return [name]
    return []


def _at(shapes: Shapes, shape: Shape, path: Sequence[str]) -> Shape | None:
    """The shape of a member, by the names that lead there."""
    for name in path:
        field = shapes.fields(without_null(shape)).get(name)
        if field is None:
            return None
        shape = field.shape
    return shape


def _item(shapes: Shapes, shape: Shape) -> Shape | None:
    """The items of a list that this is, or is the only alternative to null of."""
    inner = without_null(shape)
    return inner.item if isinstance(inner, ListOf) else None


def pagination_items(pointer: str) -> Sequence[str]:
    """The members that a JSON pointer leads through."""
    return [*tokens(pointer)]


def attribute_path(shapes: Shapes, envelope: Shape, path: Sequence[str]) -> Sequence[tuple[ModelClass, str]]:
    """The models along a path, each with the name of its member."""
    steps = []
    for name in path:
        inner = without_null(envelope)
        model = shapes.definitions[inner.key] if isinstance(inner, Named) else None
        if not isinstance(model, ModelClass):
            return []
        steps.append((model, name))
        envelope = model.fields[name].shape
    return steps
