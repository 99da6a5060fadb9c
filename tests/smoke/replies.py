"""Responses that the document allows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from smoke.values import Values, examples
from wirecheck.decode import FIELDS, essence, fits, is_json
from wirecheck.decode.encoding import written_body
from wirecheck.decode.media_types import EVENTS
from wirecheck.decode.styles import style_of
from wirecheck.encode.media_types import JSON_LINES, is_json_sequence, is_xml
from wirecheck.encode.styles import written
from wirecheck.samples import facets
from wirecheck.spec import MediaType, Operation, Response

_BINARY = b"\x89smoke \x00\xff\r\n bytes"
_CONCRETE = {"*/*": "application/octet-stream", "image/*": "image/png", "text/*": "text/plain"}
_MOST = 30  # replies that are tried
_FURTHER: tuple[Any, ...] = ({}, [], "smoke", 1, True, None, [1], ["smoke"])
"""Values that are tried where no others are known."""
_FRAGMENT = re.compile(r"^(\d)XX$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; ``value`` is that of its body, None where it is not one of JSON."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    value: Any = None


def replies(values: Values, operation: Operation, accept: str) -> Iterator[Reply]:
    """Responses with the first documented success status, those with the most members first."""
    response = _success(operation)
    if response is None:
        yield Reply(200)
        return
    status = _status(response)
    headers = tuple(_headers(values, response))
    if not response.content or operation.method == "HEAD" or status in (204, 304):
        yield Reply(status, headers)
        return
    content = _chosen(response.content, accept)
    for body, content_type, value in islice(_bodies(values, content), _MOST):
        yield Reply(status, (*headers, ("content-type", content_type)), body, value)


def has_success(operation: Operation) -> bool:
    """Whether an operation documents any status that is not an error."""
    response = _success(operation)
    return response is None or _status(response) < 400


def _success(operation: Operation) -> Response | None:
    for pattern in ("2", "default", "3", "1", ""):
        for response in operation.responses:
            if response.status.lower().startswith(pattern):
                return response
    return None


def _status(response: Response) -> int:
    if match := _FRAGMENT.match(response.status):
        return int(match[1]) * 100
    return int(response.status) if response.status.isdecimal() else 200


def _headers(values: Values, response: Response) -> Iterator[tuple[str, str]]:
    for header in response.headers:
        if header.schema is None or header.name.lower() in (
            "content-length",
            "content-encoding",
            "transfer-encoding",
        ):
            continue
        for value in islice(values.responses(header.schema, header.name), 5):
            text = ",".join(written_value for _, written_value in written(style_of(header), value))
            if text.isascii() and text.isprintable() and value is not None:
                yield header.name.lower(), text
                break


def _chosen(content: tuple[MediaType, ...], accept: str) -> MediaType:
    """What the client asks for first, else JSON, else what is documented first."""
    for wanted in accept.split(","):
        kind = wanted.partition(";")[0].strip()
        if "*" not in kind:
            for each in content:
                if fits(kind, each.name) and "*" not in each.name:
                    return each
    return next((each for each in content if is_json(essence(each.name))), content[0])


def _bodies(values: Values, content: MediaType) -> Iterator[tuple[bytes, str, Any]]:
    """Bodies, with their Content-Type, and their value where they are JSON."""
    kind = _concrete(values, content)
    if kind == EVENTS or kind in JSON_LINES or is_json_sequence(kind):
        yield from _streams(values, content, kind)
    elif is_json(kind):
        for value in _values(values, content):
            yield json.dumps(value).encode(), _named(content, kind), value
    elif is_xml(kind) or kind in FIELDS:
        for value in _values(values, content):
            yield *written_body(values.document, content, value), None
    elif kind.startswith("text/"):
        yield from _texts(values, content, kind)
    else:
        yield _BINARY, _named(content, kind), None


def _concrete(values: Values, content: MediaType) -> str:
    """The media type, or one that its wildcards allow."""
    kind = essence(content.name)
    if "*" not in kind:
        return kind
    found = facets(values.document, content.schema) if content.schema else None
    is_bytes = found is None or found.format == "binary" or found.types == {"string"}
    return _CONCRETE.get(kind, "application/octet-stream") if is_bytes else "application/json"


def _named(content: MediaType, kind: str) -> str:
    return content.name if "*" not in content.name else kind


def _values(values: Values, content: MediaType) -> Iterator[Any]:
    if content.schema is None:
        yield {"smoke": True}
        return
    yield from values.responses(content.schema)
    for value in (*examples(values.document.get(content.pointer)), *_FURTHER):
        if values.is_valid_response(content.schema, value):
            yield value


def _texts(values: Values, content: MediaType, kind: str) -> Iterator[tuple[bytes, str, Any]]:
    for value in _values(values, content) if content.schema else ["smoke"]:
        text = value if isinstance(value, str) else json.dumps(value)
        yield text.encode(), _named(content, kind), None


def _streams(values: Values, content: MediaType, kind: str) -> Iterator[tuple[bytes, str, Any]]:
    schema = content.item_schema or content.schema
    if schema is None:
        yield _stream(kind, [{"smoke": 1}, {"smoke": 2}]), content.name, None
        return
    for value in values.responses(schema):
        is_list = content.item_schema is None and isinstance(value, list)
        yield _stream(kind, value if is_list else [value, value]), content.name, None


def _stream(kind: str, items: list[Any]) -> bytes:
    if kind == EVENTS:
        return b"".join(_event(item) for item in items)
    before = b"\x1e" if is_json_sequence(kind) else b""
    return b"".join(before + json.dumps(item).encode() + b"\n" for item in items)


def _event(item: Any) -> bytes:
    names = ("event", "id", "retry", "data")
    if isinstance(item, dict) and "data" in item and item.keys() <= set(names):
        lines = [
            f"{name}: {item[name] if isinstance(item[name], str) else json.dumps(item[name])}"
            for name in names
            if name in item
        ]
    else:
        lines = [f"data: {item if isinstance(item, str) else json.dumps(item)}"]
    return ("\n".join(lines) + "\n\n").encode()
