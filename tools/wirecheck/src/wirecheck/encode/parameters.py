"""Parameters: their names and texts on the wire, and the path that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote

from .forms import Part, fields, joined
from .media_types import FORM, essence, is_json
from .styles import QUERY_STRING, Pairs, Style, escape, escape_rest, written
from .texts import EncodingError, json_text, text_of

_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_SLASH = re.compile(r"/(?![^{}]*\})")
_LITERAL = "/?:@!$&'()*+,;=~"
_ILLEGAL = re.compile(r"[^\t\x20-\x7e\x80-\xff]|\A[\t ]|[\t ]\Z")  # RFC 9110, 5.5


class Parameter(NamedTuple):
    """A parameter of an operation."""

    argument: str  # of the method: "trip_id"
    name: str  # on the wire: "tripId"
    place: str  # path, query, header, cookie, querystring
    style: str  # form, spaceDelimited, pipeDelimited, deepObject, simple, label, matrix, cookie
    explode: bool
    reserved: bool = False  # allowReserved
    media_type: str | None = None  # `content`: style and explode mean nothing then
    parts: Mapping[str, Part] = MappingProxyType({})  # the `encoding` of a query string that is a form


def written_parameter(parameter: Parameter, value: Any) -> Pairs:
    """A parameter as names and texts on the wire, both escaped; in a path or header, the text is all.

    The whole query (`in: querystring`) is one pair without a name.
    """
    _, name, place, style, explode, reserved, media_type, parts = parameter
    if media_type is None:
        return written(Style(name, style, explode, place, reserved), value)
    kind = essence(media_type)
    if place == QUERY_STRING and kind == FORM and isinstance(value, Mapping):
        return [("", joined(fields(value, parts)))]
    text = json_text(value) if is_json(kind) else text_of(value)
    if place == QUERY_STRING:
        return [("", escape(text))]
    return written(Style(name, "simple", False, place), text)


def checked(name: str, text: str) -> str:
    """The text of a header, if HTTP has a place for it; raises EncodingError otherwise."""
    match = _ILLEGAL.search(text)
    if match:
        what = f"{name} cannot have {match[0]!r} there; percent-encode it, or whatever the API expects."
        raise EncodingError("header", what)
    return text


def checked_cookie(name: str, text: str) -> str:
    """The text of a cookie, if it ends where the cookie does; raises EncodingError otherwise."""
    if ";" in text:
        raise EncodingError("cookie", f"The cookie {name} cannot have ';'.")
    return checked(name, text)


def path(template: str, texts: Mapping[str, str]) -> tuple[str, str]:
    """The path of a template and the query that it may have, with escaped texts in their places.

    Raises EncodingError for a segment that would lead elsewhere, as HTTP libraries and servers resolve it
    (RFC 3986, 5.2.4): one of which texts make nothing, "." or "..".
    """
    before, _, query = template.partition("?")
    segments = [_segment(segment, texts) for segment in _SLASH.split(before)]
    return "/".join(segments), _filled(query, texts)


def _segment(segment: str, texts: Mapping[str, str]) -> str:
    filled = _filled(segment, texts)
    names = _EXPRESSION.findall(segment)
    # Some servers leave out what a semicolon begins (RFC 3986, 3.3), and only then resolve the rest.
    whole, bare = unquote(filled), unquote(filled.partition(";")[0])
    if names and (not whole or bare in (".", "..")):
        raise EncodingError("path-value", f"{bare!r} would lead to another path.", names[0])
    return filled


def _filled(template: str, texts: Mapping[str, str]) -> str:
    pieces = _EXPRESSION.split(template)
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            pieces[index] = escape_rest(piece, _LITERAL)
        elif piece in texts:
            pieces[index] = texts[piece]
        else:
            raise EncodingError("path-value", "The path lacks a value.", piece)
    return "".join(pieces)
