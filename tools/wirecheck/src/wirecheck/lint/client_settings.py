"""What can be configured of a generated client: in a file of its own, and in a document (x-client)."""

from typing import Any

_POINTER = {"type": "string", "pattern": "^(/.*)?$"}
_COUNT = {"type": "integer", "minimum": 0}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The settings of a client that wirecheck generates",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "package": {
            "description": "What the package and its client are called.",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "client": {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"},
                "project": {"type": "string", "pattern": "^[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*$"},
            },
        },
        "operations": {
            "description": "Resources and methods by operationId, or by method and path: trips.list.",
            "type": "object",
            "additionalProperties": {
                "type": "string",
                "pattern": "^[A-Za-z][A-Za-z0-9_]*([.][A-Za-z][A-Za-z0-9_]*)*$",
            },
        },
        "pagination": {
            "description": "Whether or how lists are walked, by operationId or by method and path.",
            "type": "object",
            "additionalProperties": {
                "if": {"type": "object"},
                "then": {
                    "type": "object",
                    "required": ["items"],
                    "additionalProperties": False,
                    "properties": {
                        "items": _POINTER,
                        "cursor": _POINTER,
                        "parameter": {"type": "string"},
                        "next-url": _POINTER,
                        "more": _POINTER,
                        "kind": {"enum": ["body", "link", "page", "offset"]},
                        "first": _COUNT,
                        "current": _POINTER,
                        "total": _POINTER,
                    },
                },
                "else": {"type": "boolean"},
            },
        },
        "absent": {
            "description": "How optional members read that are absent.",
            "enum": ["none", "unset"],
        },
        "interface": {"description": "The interface of the client.", "enum": [1, 2]},
    },
}
"""The JSON Schema of the file."""
