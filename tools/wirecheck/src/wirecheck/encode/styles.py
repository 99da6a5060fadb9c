"""The styles of parameters and form fields: values as names and texts on the wire.

The tables are those of the OpenAPI Specification ("Style Examples") and of RFC 6570.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from .texts import text_of

QUERY_STRING = "querystring"
"""The place of a parameter that is the whole query (OpenAPI 3.2)."""
Pairs = list[tuple[str, str]]
"""Names and texts, both escaped."""
Escape = Callable[[str], str]

_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
_TRIPLE = re.compile("(%[0-9A-Fa-f]{2})")
_SAFE_IN_COOKIE = "!#$&'()*+-./:<>?@[]^_`{|}~"
_RESERVED = {
    "query": "/:?@!$'()*;,",  # no query ends at them, and forms do without; the spec has #[]&=+ escaped
    "form": "/:?@!$'()*;,",
    "path": ":@!$&'()*+,=",  # neither a segment ends at them nor what some servers read of it
    "cookie": _SAFE_IN_COOKIE,
}
"""By place the characters that allowReserved leaves as they are."""
_DELIMITING = re.compile("[,;=.]")


class Style(NamedTuple):
    """How a value is written; ``place`` is query, path, header, cookie, form, or part of a multipart form."""

    name: str
    style: str
    explode: bool
    place: str
    reserved: bool = False

    @property
    def is_repeated(self) -> bool:
        """Whether each item of an array has a part of its own, with the name of the array."""
        return self.explode and self.style not in ("simple", "label", "matrix")

    @property
    def spreads(self) -> bool:
        """Whether each member of an object is a part of its own, with its own name."""
        return self.explode and self.style in ("form", "cookie") and self.place in ("query", "cookie", "form")


def defined(style: str, value: Any) -> Any:
    """A value without the members that are null, of an object and of what a deepObject has within."""
    is_deep = style == "deepObject"
    if isinstance(value, Mapping):
        members = {name: member for name, member in value.items() if member is not None}
        return {name: defined(style, member) for name, member in members.items()} if is_deep else members
    if is_deep and isinstance(value, list | tuple):
        return [defined(style, item) for item in value]
    return value


def written(style: Style, value: Any) -> Pairs:
    """A value as names and texts on the wire.

    In a path or a header there is one pair, whose text is the whole. An empty array or object that would
    have a part for each of its items or members is written as nothing.
    """
    key = _escape(style)(style.name)
    is_listed = isinstance(value, list | tuple)
    if style.style == "deepObject" and (is_listed or isinstance(value, Mapping)):
        return _written_deep(style, value)
    if isinstance(value, Mapping):
        return _written_object(style, key, value)
    if is_listed:
        return _written_array(style, key, value)
    return [(key, _prefixed(style, key, _escape_of_value(style)(text_of(value))))]


def _written_array(style: Style, key: str, value: list[Any] | tuple[Any, ...]) -> Pairs:
    escape = _escape_of_value(style) if style.is_repeated else _escape_of_item(style)
    items = [escape(text_of(item)) for item in value]
    if style.is_repeated:
        return [(key, item) for item in items]
    if style.explode and style.style == "matrix":
        return [(key, "".join(_matrix(key, item) for item in items) or f";{key}")]
    return [(key, _delimited(style, key, items))]


def _written_object(style: Style, key: str, value: Mapping[str, Any]) -> Pairs:
    escape_name = _escape(style)
    escape = _escape_of_value(style) if style.spreads else _escape_of_item(style)
    members = [(escape_name(str(name)), escape(text_of(member))) for name, member in value.items()]
    if style.spreads:
        return members
    if style.explode and style.style == "matrix":
        return [(key, "".join(_matrix(name, member) for name, member in members) or f";{key}")]
    if style.explode and style.style in ("simple", "label"):
        return [(key, _delimited(style, key, [f"{name}={member}" for name, member in members]))]
    return [(key, _delimited(style, key, [text for member in members for text in member]))]


def _delimited(style: Style, key: str, texts: Sequence[str]) -> str:
    usual = "." if style.explode and style.style == "label" else ","
    return _prefixed(style, key, _DELIMITERS.get(style.style, usual).join(texts))


def _written_deep(style: Style, value: Any) -> Pairs:
    escape_name, escape = _escape(style), _escape_of_value(style)
    return [(escape_name(name), escape(text)) for name, text in _deep(style.name, value)]


def _deep(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The names in brackets and the texts; an array has indexes only where its items have names."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _deep(f"{name}[{key}]", member)
    elif isinstance(value, list | tuple):
        is_nested = any(isinstance(item, Mapping | list | tuple) for item in value)
        for index, item in enumerate(value):
            yield from _deep(f"{name}[{index}]" if is_nested else name, item)
    else:
        yield name, text_of(value)


def _prefixed(style: Style, key: str, text: str) -> str:
    if style.style == "label":
        return f".{text}"
    return _matrix(key, text) if style.style == "matrix" else text


def _matrix(name: str, text: str) -> str:
    return f";{name}={text}" if text else f";{name}"


# How the characters of names and values are escaped.


def escape(text: str, safe: str = "") -> str:
    """A text in which all but the unreserved and some safe characters are escaped."""
    return quote(text, safe=safe)


def escape_rest(text: str, safe: str) -> str:
    """A text that may be escaped in part: only what must be escaped and is not yet is escaped."""
    return "".join(
        piece if index % 2 else quote(piece, safe=safe) for index, piece in enumerate(_TRIPLE.split(text))
    )


def _same(text: str) -> str:
    return text


def _escape(style: Style) -> Escape:
    """How a name is escaped, and a value without allowReserved."""
    if style.place in ("header", "part") or style.style == "cookie":
        return _same
    if style.place == "form":
        return quote_plus
    if style.place == "cookie":
        return lambda text: quote(text, safe=_SAFE_IN_COOKIE)
    if style.style == "label":
        return lambda text: escape(text).replace(".", "%2E")
    return escape


def _escape_of_value(style: Style, forbidden: re.Pattern[str] | None = None) -> Escape:
    plain = _escape(style)
    if not style.reserved or plain is _same:
        return plain
    safe = _RESERVED[style.place]
    if forbidden is not None:
        safe = forbidden.sub("", safe)
    if style.place == "form":
        return lambda text: escape_rest(text, safe + " ").replace(" ", "+")
    if style.style == "label":
        return lambda text: escape_rest(text, safe).replace(".", "%2E")
    return lambda text: escape_rest(text, safe)


def _escape_of_item(style: Style) -> Escape:
    """How what stands between delimiters is escaped."""
    return _escape_of_value(style, _DELIMITING)
