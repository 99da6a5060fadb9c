"""A document as a page for people: operations, schemas, and the rules and laws that stand beside them."""

from wirecheck.reference.html import to_html
from wirecheck.reference.markdown import to_markdown

__all__ = ["FORMATS", "to_html", "to_markdown"]

FORMATS = {"html": to_html, "markdown": to_markdown}
