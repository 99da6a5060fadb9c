"""What operations send and receive beside values: media types, and idempotency keys."""

from collections.abc import Iterator
from typing import Any

from wirecheck.decode import essence
from wirecheck.spec import Operation

STREAMS = {"events", "lines"}
_EVENTS = "text/event-stream"
_LINES = {"application/jsonl", "application/x-jsonlines", "application/x-ndjson", "application/ndjson"}


def kind(operation: Operation, result: Any) -> str:
    """What the body of a response is on success, as the runtime names it."""
    media_types = set(_media_types(operation, success=True))
    if not media_types:
        return "json" if result.is_json else "nothing"
    if result.is_json or any(map(is_json, media_types)):
        return "json"
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
    names = (parameter.name for parameter in operation.parameters if parameter.location == "header")
    return next((name for name in names if "idempotency" in name.lower()), None)


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
