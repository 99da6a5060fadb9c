"""Small documents and readers of what is on the wire."""

import json
import tempfile
from pathlib import Path
from typing import Any

from wirecheck.decode import ValueReader
from wirecheck.engine import Engine
from wirecheck.spec import Document, MediaType, Parameter
from wirecheck.spec.text import read


def document(schema: Any, **others: Any) -> Document:
    """A document with a schema at /s, and with others."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps({"s": schema, **others}))
        return read(path)


def reader(source: Document) -> ValueReader:
    """A reader of the values of a document."""
    return ValueReader(source, Engine(source).is_valid)


def parameter(**changes: Any) -> Parameter:
    """An optional exploded parameter p of the query, described at the root of a document, with changes."""
    values: dict[str, Any] = {
        "name": "p",
        "location": "query",
        "pointer": "",
        "required": False,
        "schema": "/s",
        "style": "form",
        "explode": True,
    }
    return Parameter(**{**values, **changes})


def media_type(name: str, schema: str | None = "/s") -> MediaType:
    """A media type whose schema is at /s, with what else the root of the document says of it."""
    return MediaType(name, "", schema)
