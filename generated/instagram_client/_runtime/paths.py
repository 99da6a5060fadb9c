"""The path of a request: a value fills its own place, and leads to no other operation."""

from __future__ import annotations

from urllib.parse import quote

from .errors import RuleError

_ELSEWHERE = {"", ".", ".."}  # HTTP libraries and servers resolve such segments (RFC 3986, 5.2.4)


def url_path(template: str, /, **values: object) -> str:
    """The template with the values in it, percent-encoded.

    Raises RuleError for a value that is empty, "." or "..".
    """
    for name, value in values.items():
        if str(value) in _ELSEWHERE:
            raise RuleError(name, "path-value", f"{str(value)!r} would lead to another path.")
    return template.format(**{name: quote(str(value), safe="") for name, value in values.items()})
