"""Foreign texts in Markdown, as GitHub and GitLab read it."""

import re

from wirecheck.escapes import encodable, printable

_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in r"\`*_~[]<>|#&$"})


def text(foreign: str) -> str:
    """A text in which nothing is markup, on one line."""
    return encodable(printable(foreign)).translate(_ESCAPES)


def code(foreign: str) -> str:
    """A text as it stands, between more backticks than it has in a row; not for the cell of a table."""
    shown = encodable(printable(foreign))
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"
