"""Media types, and what kind of body each is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BINARY = "application/octet-stream"
JSON_LINES = frozenset(
    {"application/jsonl", "application/x-ndjson", "application/ndjson", "application/x-jsonlines"}
)
_BINARY = frozenset({BINARY, "application/gzip", "application/pdf", "application/zip"})
_BINARY_TYPES = frozenset({"audio", "font", "image", "model", "video"})


@lru_cache(maxsize=1024)
def essence(content_type: str) -> str:
    """A media type without its parameters, in lower case (RFC 9110, 8.3.1)."""
    return content_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type without parameters is that of one JSON text."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def is_json_sequence(media_type: str) -> bool:
    """Whether a media type is that of JSON texts behind record separators (RFC 7464)."""
    return media_type == "application/json-seq" or media_type.endswith("+json-seq")


def is_xml(media_type: str) -> bool:
    return media_type in ("application/xml", "text/xml") or media_type.endswith("+xml")


@lru_cache(maxsize=1024)
def kind_of(content_type: str) -> str:
    """The kind of a body, by which it is written; "other" where only its author knows it."""
    name = essence(content_type)
    for kind, applies in _KINDS.items():
        if applies(name):
            return kind
    return "other"


_KINDS: dict[str, Callable[[str], bool]] = {
    "range": lambda name: "*" in name,
    "json": is_json,
    "lines": lambda name: name in JSON_LINES or is_json_sequence(name),
    "form": lambda name: name == FORM,
    "multipart": lambda name: name.startswith("multipart/"),
    "xml": is_xml,
    "text": lambda name: name.startswith("text/"),
    "binary": lambda name: name in _BINARY or name.partition("/")[0] in _BINARY_TYPES,
}
"""By kind whether it is that of a media type; the first one that is counts."""
