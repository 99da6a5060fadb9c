"""The page as one HTML file that needs nothing else: no script, nothing from elsewhere."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from itertools import pairwise

from wirecheck.escapes import printable
from wirecheck.reference.markdown import to_markdown
from wirecheck.reference.schemas import slug
from wirecheck.spec import Spec

# A description may name a picture, which a browser would fetch: nothing is fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def to_html(spec: Spec) -> Iterator[str]:
    """The page in one piece. HTML that stands in the document is shown as text."""
    from markdown_it import MarkdownIt

    title = printable(str(spec.document.data.get("info", {}).get("title", "API")))
    style = files("wirecheck.reference").joinpath("page.css").read_text(encoding="utf-8")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse("".join(to_markdown(spec)))
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slug(content.content))
    body = parser.renderer.render(tokens, parser.options, {})
    yield f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""
