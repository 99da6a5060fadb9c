"""Reports of findings. A format is one function from a Report to pieces of text."""

from collections.abc import Callable, Iterator

from wirecheck.model import Report
from wirecheck.reports.html import to_html
from wirecheck.reports.json import to_json
from wirecheck.reports.text import to_text

__all__ = ["FORMATS", "WITH_EVIDENCE", "to_text"]

FORMATS: dict[str, Callable[[Report], Iterator[str]]] = {
    "text": to_text,
    "json": to_json,
    "html": to_html,
}
WITH_EVIDENCE = frozenset({"html"})
"""The formats that show the evidence of findings."""
