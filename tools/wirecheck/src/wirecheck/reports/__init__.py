"""Reports of findings. A format is one function from a Report to pieces of text, or to files of a folder."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from wirecheck.model import Report

__all__ = ["FOLDERS", "FORMATS", "WITH_EVIDENCE"]


def _of(module: str, function: str) -> Callable[[Report], Iterator[Any]]:
    """A function of a module, which is imported when that is called."""

    def pieces(report: Report) -> Iterator[Any]:
        return iter(getattr(import_module(f"wirecheck.reports.{module}"), function)(report))

    return pieces


FORMATS: dict[str, Callable[[Report], Iterator[str]]] = {
    "text": _of("text", "to_text"),
    "json": _of("json", "to_json"),
    "jsonl": _of("json", "to_jsonl"),
    "html": _of("html", "to_html"),
    "markdown": _of("markdown", "to_markdown"),
    "junit": _of("junit", "to_junit"),
    "sarif": _of("sarif", "to_sarif"),
    "github": _of("github", "to_github"),
    "ctrf": _of("ctrf", "to_ctrf"),
}
"""Formats of one file."""

FOLDERS: dict[str, Callable[[Report], Iterator[tuple[str, str]]]] = {"allure": _of("allure", "to_allure")}
"""Formats of several files in a folder, each with its name."""

WITH_EVIDENCE = frozenset({"html"})
"""The formats that show the evidence of findings."""
