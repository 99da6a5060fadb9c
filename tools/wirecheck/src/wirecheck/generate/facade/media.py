"""What operations send and receive beside values: media types, and idempotency keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from wirecheck.decode import essence
from wirecheck.spec import Operation

STREAMS = {"events", "lines"}
_NAME = "idempotency"  # is in the names of headers that take a key
_EVENTS = "text/event-stream"
_LINES = {"application/jsonl", "application/x-jsonlines", "application/x-ndjson", "application/ndjson"}


def kind(operation: Operation, is_json_read: bool) -> str:
    """What the body of a response is on success, as the runtime names it."""
    media_types = set(_media_types(operation, success=True))
    if is_json_read or any(map(is_json, media_types)):
        return "json"
    if not media_types:
        return "nothing"
    if _EVENTS in media_types:
        return "events"
    if media_types & _LINES:
        return "lines"
    return "text" if all(name.startswith("text/") for name in media_types) else "binary"


def accept(operation: Operation, kind: str) -> str:
    """The header Accept: the media types that the client reads, then those of errors."""
    successes = [*_media_types(operation, success=True)]
    usable = [name for name in successes if kind != "json" or is_json(name)]
    return ", ".join(dict.fromkeys([*(usable or successes), *_media_types(operation, success=False)]))


def idempotency_header(operation: Operation) -> str | None:
    """The header parameter of a write that takes an idempotency key."""
    if operation.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    headers = (parameter for parameter in operation.parameters if parameter.location == "header")
    return next((header.name for header in headers if _NAME in header.name.lower()), None)


def is_idempotency_key(parameter: Mapping[str, Any]) -> bool:
    """Whether a Parameter Object is a header with an idempotency key."""
    return parameter.get("in") == "header" and _NAME in str(parameter.get("name", "")).lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON, or a range with JSON in it."""
    return media_type in {"application/json", "text/json", "application/*", "*/*"} or media_type.endswith(
        "+json"
    )


def _media_types(operation: Operation, *, success: bool) -> Iterator[str]:
    """Those of the documented responses, without parameters."""
    for response in operation.responses:
        if (response.status[0] == "2") == success:
            yield from (essence(media_type.name) for media_type in response.content)
