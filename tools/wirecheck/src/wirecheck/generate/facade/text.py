"""Texts of the document for docstrings."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from wirecheck.escapes import printable

_WIDTH = 88


def sentence(text: Any) -> str:
    """On one line, not escaped."""
    return " ".join(str(text).split())


def safe(text: Any) -> str:
    """On one line, escaped for a docstring."""
    return _escaped(sentence(text))


def summary(operation: Mapping[str, Any]) -> str:
    """What an operation does, on one line, escaped for a docstring."""
    return _escaped(title(operation))


def docstring(operation: Mapping[str, Any], arguments: Mapping[str, str], raises: Mapping[str, str]) -> str:
    """Summary, description, and the texts of arguments and exceptions by name, escaped for a docstring."""
    parts = [title(operation)]
    paragraphs = re.split(r"\n\s*\n", str(operation.get("description", "")).strip())
    parts += [textwrap.fill(sentence(paragraph), _WIDTH) for paragraph in paragraphs]
    parts += [_section("Args:", arguments), _section("Raises:", raises)]
    text = _escaped("\n\n".join(part for part in parts if part))
    return f"{text}\n" if "\n" in text else text


def _section(heading: str, texts: Mapping[str, str]) -> str:
    """A heading, and below it each name with its text; empty if there is no text."""
    lines = [
        textwrap.fill(f"{name}: {text}", _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8)
        for name, text in texts.items()
        if text
    ]
    return "\n".join([heading, *lines]) if lines else ""


def advice(operation: Mapping[str, Any]) -> str:
    """When a deprecated operation was removed, and what replaces it; not escaped."""
    parts = [f"{event['date']}: {sentence(event['what'])}" for event in operation.get("x-lifecycle", [])]
    if "x-migration" in operation:
        replacement = operation["x-migration"]["replacement"]
        parts.append(f"Today: {replacement}." if replacement else "Today nothing replaces it.")
    return " ".join(parts)


def title(operation: Mapping[str, Any]) -> str:
    """What an operation does, on one line, not escaped."""
    return sentence(operation.get("summary") or operation.get("operationId", ""))


def _escaped(text: str) -> str:
    from openapi_python_client.strings import safe_for_docstring

    # A quote at the end would close the docstring, unless a backslash escapes it already.
    escaped = re.sub(r'(?<!\\)((?:\\\\)*)"$', r'\1\\"', safe_for_docstring(text))
    # What changes the direction of text, or is invisible, would let code look like other code.
    return "\n".join(map(printable, escaped.split("\n")))
