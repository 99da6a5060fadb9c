"""The frame of the HTML pages: an inline style sheet, no script, no external resources."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

STATIC = Path(__file__).parent / "static"
_STYLE = (STATIC / "page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = {
    "default-src": "'none'",
    "img-src": "data:",
    "style-src": f"'sha256-{_STYLE_HASH}'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


NAVIGATION = (
    '<nav aria-label="Pages"><a href="/">Start</a> <a href="/browse/media">Media</a> '
    '<a href="/browse/users">Users</a> <a href="/browse/tags">Tags</a> '
    '<a href="/browse/locations">Locations</a> <a href="/docs">Contract</a></nav>'
)


def site(title: str, body: str) -> HTMLResponse:
    """A page with the navigation; ``body`` is HTML."""
    return page(title, f"{NAVIGATION}\n<main>\n{body}\n</main>")


def page(
    title: str, body: str, policy: Mapping[str, str] | None = None, head: str = f"<style>{_STYLE}</style>"
) -> HTMLResponse:
    """A page around a body of HTML; ``policy`` replaces directives of the default content policy."""
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n{head}\n'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in {**_POLICY, **(policy or {})}.items()),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, headers=headers)


def hidden(fields: Mapping[str, str]) -> str:
    """Hidden form fields."""
    return "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def definitions(rows: Iterable[tuple[str, str]]) -> str:
    """A list of names, which are escaped, and their values, which are HTML."""
    items = "\n".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return f"<dl>\n{items}\n</dl>"
