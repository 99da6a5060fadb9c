"""Bodies: which of the documented media types is sent, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from .files import Content, Upload, upload_of
from .forms import USUAL, Part, fields, joined, multipart, multipart_fields
from .media_types import BINARY, essence, is_json_sequence, kind_of
from .styles import defined
from .texts import EncodingError, encoded, json_bytes, named, text_of


class Body(NamedTuple):
    """A media type in which the body of an operation may be sent."""

    media_type: str  # as documented, lower case, with its parameters
    parts: Mapping[str, Part] = MappingProxyType({})  # by member, of forms and multipart
    fields: Mapping[str, str] | None = (
        None  # member on the wire by argument; None: `body` is the body
    )
    is_required: bool = False  # an object without members is sent where no argument of it is passed


_PREFERENCES = {
    "file": ("range", "binary", "other", "xml", "text", "json", "lines", "form"),
    "text": ("text", "xml", "other", "range", "binary", "json", "lines", "form"),
    "object with files": ("multipart",),
    "object": ("json", "form", "multipart", "other", "range", "text"),
    "array": ("json", "lines", "other", "range", "text"),
    "scalar": ("json", "text", "other", "range"),
}
"""By the kind of a value the kinds of bodies that can have it, the preferred one first."""
_TAKES = {
    "multipart": "members",
    "form": "members",
    "binary": "bytes, a file or a text",
    "xml": "bytes, a file or a text",
}
"""What the bodies can be that are not JSON if they are neither texts nor files."""


def chosen(bodies: Sequence[Body], values: Mapping[str, Any]) -> tuple[Body, Any] | None:
    """The body that takes most of what was passed, in the preferred media type; None if nothing was."""
    passed = [(body, value) for body in bodies for value in _passed(body, values)]
    if passed:
        return min(passed, key=lambda pair: _rank(*pair))
    return next(
        ((body, {}) for body in bodies if body.is_required and body.fields is not None), None
    )


def _passed(body: Body, values: Mapping[str, Any]) -> list[Any]:
    """The value of a body, in a list; an empty one if no argument of it was passed."""
    if body.fields is None:
        return [values["body"]] if "body" in values else []
    members = {
        name: values[argument] for argument, name in body.fields.items() if argument in values
    }
    return [members] if members else []


def _rank(body: Body, value: Any) -> tuple[int, bool, int, bool]:
    """How well a body suits a value: the less, the better."""
    members = len(value) if body.fields is not None else 0
    upload = upload_of(value)
    is_other = upload is None or essence(upload.actual_type) != essence(body.media_type)
    preferred = _PREFERENCES[_kind(value, upload)]
    kind = kind_of(body.media_type)
    place = preferred.index(kind) if kind in preferred else len(preferred)
    is_patch = essence(body.media_type) == "application/json-patch+json"  # RFC 6902: an array
    return -members, is_other, place, is_patch != isinstance(value, list)


def _kind(value: Any, upload: Upload | None) -> str:
    if upload is not None:
        return "file"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return (
            "object with files" if any(_has_file(*member) for member in value.items()) else "object"
        )
    return "array" if isinstance(value, list | tuple) else "scalar"


def _has_file(name: str, member: Any) -> bool:
    with named(name):
        return any(
            upload_of(item) is not None
            for item in (member if isinstance(member, list) else [member])
        )


def written_body(body: Body, value: Any) -> tuple[bytes | Content, str]:
    """A body as it is sent, with its media type. Raises EncodingError."""
    kind = kind_of(body.media_type)
    if isinstance(value, Mapping) and kind in ("form", "multipart"):
        return _written_form(body, value, is_multipart=kind == "multipart")
    upload = upload_of(value)
    media_type = _concrete(body.media_type, value, upload) if kind == "range" else body.media_type
    if upload is not None and kind != "multipart":
        content = upload.content
        return content if isinstance(content, bytes) else Content([content]), media_type
    return _written(kind_of(media_type), media_type, value), media_type


def _written(kind: str, media_type: str, value: Any) -> bytes:
    if kind == "multipart" or (kind in _TAKES and not isinstance(value, str)):
        raise EncodingError(
            "body", f"{media_type} takes {_TAKES[kind]}, not {type(value).__name__}."
        )
    is_text = kind == "text" and not isinstance(value, Mapping | list | tuple)
    if is_text or (kind != "json" and isinstance(value, str)):
        return encoded(text_of(value), media_type)
    if kind == "lines":
        before = b"\x1e" if is_json_sequence(essence(media_type)) else b""
        items = value if isinstance(value, list | tuple) else [value]
        return b"".join(before + json_bytes(item) + b"\n" for item in items)
    return json_bytes(value)


def _written_form(
    body: Body, value: Mapping[str, Any], *, is_multipart: bool
) -> tuple[bytes | Content, str]:
    """A form without the members that are null, which it has no words for."""
    members = {
        name: _defined(body, name, member) for name, member in value.items() if member is not None
    }
    if is_multipart:
        return multipart(
            list(multipart_fields(members, body.parts)), media_type=essence(body.media_type)
        )
    return joined(fields(members, body.parts)).encode(), body.media_type


def _defined(body: Body, name: str, member: Any) -> Any:
    style = body.parts.get(name, USUAL).style
    return member if style is None else defined(style, member)


def _concrete(media_range: str, value: Any, upload: Upload | None) -> str:
    """The media type of a value whose documented one is a range."""
    if upload is not None:
        return upload.actual_type
    usual = "text/plain" if isinstance(value, str) else "application/json"
    return usual if _covers(media_range, usual) else BINARY


def _covers(media_range: str, media_type: str) -> bool:
    kind = essence(media_range).partition("/")[0]
    return kind in ("*", media_type.partition("/")[0])
