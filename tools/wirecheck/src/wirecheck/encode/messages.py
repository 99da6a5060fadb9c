"""Requests, below the base URL and without credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .bodies import Body, chosen, written_body
from .files import Content
from .forms import split
from .media_types import kind_of
from .parameters import Parameter, checked, checked_cookie, written_parameter
from .parameters import path as filled_path
from .styles import QUERY_STRING, Pairs, defined
from .texts import named

_CHECKS = {"header": checked, "cookie": checked_cookie}


class Message(NamedTuple):
    """A request, below the base URL, without credentials.

    Header values are to be sent in Latin-1. A ``content`` that is no bytes is sent with its length if that
    is known.
    """

    method: str
    path: str  # escaped: "/trips/a%2Fb"
    query: tuple[tuple[str, str], ...] = ()  # names and values, both escaped; name "": the whole query
    headers: tuple[tuple[str, str], ...] = ()  # header and cookie parameters, Content-Type of the body
    content: bytes | Content | None = None  # None: no body


def message(
    method: str,
    template: str,
    parameters: Sequence[Parameter],
    bodies: Sequence[Body],
    values: Mapping[str, Any],
) -> Message:
    """The request of an operation with values by argument; those that are absent are not sent.

    Values are JSON-like, except for files. Raises EncodingError, whose ``argument`` is one of theirs.
    """
    path_texts: dict[str, str] = {}
    query: Pairs = []
    headers: Pairs = []
    cookies: Pairs = []
    places = {"query": query, QUERY_STRING: query, "header": headers, "cookie": cookies}
    for parameter in parameters:
        if parameter.argument in values:
            with named(parameter.argument):
                pairs = _written(parameter, values[parameter.argument])
                if parameter.place == "path":
                    path_texts[parameter.name] = pairs[0][1]
                else:
                    places[parameter.place] += pairs
    arguments = {parameter.name: parameter.argument for parameter in parameters if parameter.place == "path"}
    with named("path", arguments):
        path, fixed = filled_path(template, path_texts)
    if cookies:
        headers.append(("Cookie", "; ".join(f"{name}={text}" for name, text in cookies)))
    content = _write_body(bodies, values, headers)
    return Message(method, path, (*split(fixed), *query), tuple(headers), content)


def _written(parameter: Parameter, value: Any) -> Pairs:
    if parameter.place != "path" and value is None:
        return []
    if parameter.media_type is None:
        value = defined(parameter.style, value)
    pairs = written_parameter(parameter, value)
    check = _CHECKS.get(parameter.place)
    return [(name, check(name, text)) for name, text in pairs] if check else pairs


def _write_body(bodies: Sequence[Body], values: Mapping[str, Any], headers: Pairs) -> bytes | Content | None:
    """The body, whose media type it adds to the headers, unless a parameter is that header."""
    fields = [field for body in bodies for field in (body.fields or {}).items()]
    with named("body", {name: argument for argument, name in fields}):
        choice = chosen(bodies, values)
        if choice is None:
            return None
        body, value = choice
        if value is None and kind_of(body.media_type) != "json":
            return None
        content, media_type = written_body(body, value)
        _write_type(checked("Content-Type", media_type), headers)
    return content


def _write_type(media_type: str, headers: Pairs) -> None:
    own = [header for header in headers if header[0].lower() == "content-type"]
    if own and kind_of(media_type) != "multipart":
        return
    if own:  # by another boundary the body could not be read
        headers.remove(own[0])
    headers.append(("Content-Type", media_type))
