"""Reports of findings. A format is one function from a Report to pieces of text, or to files of a folder."""

from collections.abc import Callable, Iterator

from wirecheck.model import Report
from wirecheck.reports.allure import to_allure
from wirecheck.reports.ctrf import to_ctrf
from wirecheck.reports.github import to_github
from wirecheck.reports.html import to_html
from wirecheck.reports.json import to_json, to_jsonl
from wirecheck.reports.junit import to_junit
from wirecheck.reports.markdown import to_markdown
from wirecheck.reports.sarif import to_sarif
from wirecheck.reports.text import to_text

__all__ = ["FOLDERS", "FORMATS", "WITH_EVIDENCE", "to_text"]

FORMATS: dict[str, Callable[[Report], Iterator[str]]] = {
    "text": to_text,
    "json": to_json,
    "jsonl": to_jsonl,
    "html": to_html,
    "markdown": to_markdown,
    "junit": to_junit,
    "sarif": to_sarif,
    "github": to_github,
    "ctrf": to_ctrf,
}
"""Formats of one file."""

FOLDERS: dict[str, Callable[[Report], Iterator[tuple[str, str]]]] = {"allure": to_allure}
"""Formats of several files in a folder, each with its name."""

WITH_EVIDENCE = frozenset({"html"})
"""The formats that show the evidence of findings."""
