"""The runtime expressions of OpenAPI 3.1 (section 4.8.20.4) that refer to a request."""

import re
from collections.abc import Callable, Iterator

_EXPRESSION = re.compile(r"\{\$request\.(?:(query|header)\.|body#/)([^{}]+)\}")

PATTERN = r"^([^{}]|\{\$request\.(query\.|header\.|body#/)[^{}]+\})+$"
"""Matches a text whose braces contain nothing but such expressions."""


def places(text: str) -> Iterator[tuple[str, str]]:
    """The place and the name that each expression refers to; the place is query, header or body.

    In a body the name is a JSON pointer without its leading slash.
    """
    for match in _EXPRESSION.finditer(text):
        yield match[1] or "body", match[2]


def filled(text: str, value: Callable[[str, str], str]) -> str:
    """The text with each expression replaced by ``value(place, name)``."""
    return _EXPRESSION.sub(lambda match: value(match[1] or "body", match[2]), text)
