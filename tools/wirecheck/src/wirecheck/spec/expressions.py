"""Runtime expressions of OpenAPI 3.1 (section 4.8.20.4) in a text, as far as they speak of a request."""

import re
from collections.abc import Callable, Iterator

_EXPRESSION = re.compile(r"\{\$request\.(?:(query|header)\.|body#/)([^{}]+)\}")

PATTERN = r"^([^{}]|\{\$request\.(query\.|header\.|body#/)[^{}]+\})+$"
"""Of a text whose braces hold nothing but such expressions."""


def places(text: str) -> Iterator[tuple[str, str]]:
    """Where in a request its expressions look: query, header or body, and the name of what stands there.

    In a body that is a JSON pointer without its first slash.
    """
    for found in _EXPRESSION.finditer(text):
        yield found[1] or "body", found[2]


def filled(text: str, value: Callable[[str, str], str]) -> str:
    """The text, with what stands at the place of each expression."""
    return _EXPRESSION.sub(lambda found: value(found[1] or "body", found[2]), text)
