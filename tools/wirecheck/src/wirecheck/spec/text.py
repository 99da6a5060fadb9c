"""Reads the text of a document, YAML or JSON, with the line of each value."""

import re
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from wirecheck.model import SpecError
from wirecheck.spec.document import Document

MAX_DEPTH = 200
MAX_NODES = 5_000_000


# Any of these names may be escaped, in part or as a whole.
_IDENTIFIERS = (
    r"""\$(?:id|self|schema|anchor|dynamicAnchor|dynamicRef|recursiveRef|recursiveAnchor)\b|jsonSchemaDialect"""
    r"""|\\(?:x|u00|U000000)(?:24|[46][1-9a-fA-F]|[57][0-9aA])"""
)
_FOREIGN = r"""\$ref["']?[ \t\r\n]*:[ \t\r\n]*["']?[^"'#\s]"""


def read(path: Path, name: str | None = None) -> Document:
    """Reads a file; raises SpecError, which names it by ``name``, when it cannot be read."""
    name = name or str(path)
    return parse(decoded(content(path, name), name), name)


def content(path: Path, name: str) -> bytes:
    """The bytes of a file; raises SpecError, which names it by ``name``, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SpecError(name, f"cannot be read: {error.strerror}") from None


def decoded(raw: bytes, name: str) -> str:
    """The text of a document; raises SpecError, which names it by ``name``, where it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SpecError(f"{name}:{line}", f"is not UTF-8 (byte {error.start})") from None


def parse(text: str, name: str) -> Document:
    """Parses a document; raises SpecError, which names it by ``name``, when it cannot be used."""
    document = _parsed(text, name)
    if document is None:
        raise SpecError(name, "is empty")
    return document


def value(text: str, name: str) -> Any:
    """The value of a text that is YAML 1.2 or JSON, None of an empty one. Raises SpecError like ``parse``."""
    document = _parsed(text, name)
    return document.data if document else None


def _parsed(text: str, name: str) -> Document | None:
    document, text = _read(text, name)
    if document is None:
        return None
    return replace(
        document,
        has_foreign_references=bool(re.search(_FOREIGN, text)),
        has_identifiers=bool(re.search(_IDENTIFIERS, text)),
    )


def _read(text: str, name: str) -> tuple[Document | None, str]:
    """The document of a text, None for an empty one, and the text that was read."""
    if text.lstrip()[:1] == "{":
        from wirecheck.spec.json_text import UnreadableError, json_as_yaml, read_json

        try:
            data, place, problems = read_json(text, MAX_DEPTH, MAX_NODES)
            return Document(name, data, place, problems=tuple(problems)), text
        except UnreadableError:
            text = json_as_yaml(text)  # which has messages with lines
    from wirecheck.spec.yaml_text import read_yaml

    return read_yaml(text, name, MAX_DEPTH, MAX_NODES), text
