"""The report as one HTML page that needs nothing else and fetches nothing.

What is from recordings or documents is text, in HTML as well as in the blocks of data that the script reads.
"""

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any

import msgspec

from wirecheck.explain import pages
from wirecheck.model import Report, Severity
from wirecheck.redact import printable_json
from wirecheck.reports.html import views
from wirecheck.reports.html.kinds import PageKinds, data, shown

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_POLICY = """
    default-src 'none'; style-src {style}; script-src {script}; img-src data:; base-uri 'none';
    form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'
"""
_SCRIPTS = ("filters.js", "findings.js", "page.js")
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Ccircle cx='4' cy='4' r='4' fill='%23{colour}'/%3E%3C/svg%3E"
)


def to_html(report: Report) -> Iterator[str]:
    """The page: all that is counted, then the findings as data. Its date may be that of SOURCE_DATE_EPOCH."""
    kinds = PageKinds.of(report)
    reasons = views.not_checked(report, kinds)
    style, script = _asset("page.css"), _script()
    policy = _POLICY.format(style=_hash(style), script=_hash(script))
    pieces: dict[str, Iterable[str]] = {
        "policy": [escape(" ".join(policy.split()), quote=False)],
        "title": [escape(f"{shown(report.title) or 'API'}: wirecheck report")],
        "icon": [_ICON.format(colour=_colour(kinds))],
        "style": [style],
        "summary": [views.summary(report, kinds, _now())],
        "tabs": views.tabs(report, kinds, len(reasons)),
        "tools": [' class="scripted"' if kinds.kinds else ""],
        "chips": views.chips(kinds),
        "findings": views.plain_list(report, kinds),
        "operations": views.operations(report, kinds),
        "unchecked": views.unchecked(reasons),
        "kinds": [_json({"kinds": [*map(data, kinds.kinds)], "checks": _explanations(kinds)})],
        "rows": _rows(report, kinds),
        "script": [script],
    }
    for index, part in enumerate(re.split(r"\{\{(\w+)\}\}", _asset("page.html"))):
        yield from pieces[part] if index % 2 else [part]


def _asset(name: str) -> str:
    return files("wirecheck.reports.html").joinpath(name).read_text(encoding="utf-8")


def _script() -> str:
    """The scripts as one, whose names are its own."""
    return f'(() => {{"use strict";\n{"".join(map(_asset, _SCRIPTS))}}})();'


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _now() -> datetime:
    """The time, or that of SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)


def _colour(kinds: PageKinds) -> str:
    severities = {kind.first.severity for kind in kinds.kinds}
    if Severity.ERROR in severities:
        return "b3261e"
    return "c98a12" if severities else "1c6b3e"


def _explanations(kinds: PageKinds) -> dict[str, list[str]]:
    """The paragraphs that explain each check which found something."""
    by_id, explanations = pages(), dict[str, list[str]]()
    for check in sorted({kind.first.check for kind in kinds.kinds}):
        page = by_id.get(check)
        texts = [*page.text.split("\n\n"), page.why] if page else []
        explanations[check] = [" ".join(text.split()) for text in texts]
    return explanations


def _rows(report: Report, kinds: PageKinds) -> Iterator[str]:
    separator = "\n"
    for row in kinds.rows(report):
        yield separator + _json(row)
        separator = ",\n"


def _json(value: Any) -> str:
    """JSON that is text wherever it stands in HTML."""
    return printable_json(msgspec.json.encode(value).decode()).translate(_ESCAPED)
