"""Cassettes, which VCR for Ruby and its relatives write: vcrpy, betamax, go-vcr, php-vcr, EasyVCR, Scotch.

They differ in details: https://github.com/vcr/vcr/blob/master/docs/cassettes/format.md,
https://vcrpy.readthedocs.io, https://betamax.readthedocs.io/en/latest/cassettes.html.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from wirecheck.model import Exchange, Headers, RecordingError
from wirecheck.recordings import loose
from wirecheck.recordings.cassette_yaml import LISTS, PlainScalar, interactions
from wirecheck.recordings.coding import from_base64, uncoded
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.outline import outline
from wirecheck.recordings.window import WINDOW, Window

_BOM = b"\xef\xbb\xbf"
_LINE_OF_YAML = rb"[ \t\r#%]|---|(?:-|(?!(?:http_)?interactions:)[\w.\"'-]++:)(?=[ \t\r\n])"
_MEMBER = re.compile(rb"(?:(?:%s).*+\n|\n)*+(?:http_)?interactions:(?=[ \t\r\n]|\Z)" % _LINE_OF_YAML)
"""The list of interactions; before it is nothing but YAML, no program or prose that has one as an example."""
_FIRST_LINE = re.compile(rb"^(?![ \t\r]*(?:#|---|%|$)).*", re.MULTILINE)
_REQUEST = re.compile(rb"^(?:-[ \t]+|[ \t]+)(?:!ruby/\S+[ \t]+)?request:", re.MULTILINE)
_URI = re.compile(rb"^[ \t]+(?:- )?ur[il]:", re.MULTILINE)

_CHARSET = re.compile(
    r"(?:iso-?8859|windows-?|cp|latin|koi8|gb|big5|euc|shift_?jis|utf-?(?:16|32)).*", re.IGNORECASE
)
"""Encodings in which a body was decoded; the others that occur are UTF-8, or names of Ruby for bytes."""

_PLACEHOLDER = re.compile(rb"[:,\[]\s*(?:[0-9.-]{0,30}<[A-Z][A-Z0-9_-]{0,99}>)+[0-9.]{0,30}\s*[,}\]]")
"""What VCR writes instead of a secret, outside of the strings of JSON: for a number, or within one."""

_JSON_SCALAR = re.compile(r"true|false|-?(?:0|[1-9][0-9]{0,300})(?:\.[0-9]{1,300})?(?:[eE][-+]?[0-9]{1,3})?")
_DURATION = re.compile(r"([0-9.]{1,20})(h|ms|m|s|us|µs|ns)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def looks_like(start: bytes) -> bool:
    """Whether a file begins as a cassette does: with a list of interactions, in YAML or JSON."""
    start = start.removeprefix(_BOM)
    if start.lstrip()[:1] in (b"{", b"["):
        return _is_json_cassette(outline(start))
    if _MEMBER.match(start):
        return True
    first_line = _FIRST_LINE.search(start)
    is_list = first_line is not None and re.match(rb"-(?:[ \t]|\r?$)", first_line[0])
    return bool(is_list and _REQUEST.search(start) and _URI.search(start))


def _is_json_cassette(places: frozenset[str]) -> bool:
    names = {place.lower() for place in places}
    if "consumer" in names or "provider" in names:  # a contract of Pact
        return False
    is_list = "[].request" in names and not names.isdisjoint({"[].request.uri", "[].response.body"})
    return is_list or any(_is_list_of_interactions(name, names) for name in LISTS)


def _is_list_of_interactions(name: str, places: set[str]) -> bool:
    """Whether a member is such a list, perhaps an empty or broken one, and not one of other objects."""
    inner = [place for place in places if place.startswith(f"{name}[].")]
    return f"{name}[]" in places and (f"{name}[].request" in places or not inner)


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The exchanges of a cassette, in the order of its interactions."""
    start = file.read(WINDOW)
    if not start.strip():
        raise RecordingError(name, "the file is empty")
    whole: Any = _Whole(start, file)
    is_json = start.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")
    values = _json_interactions(Window(name, whole), name) if is_json else interactions(name, whole)
    return exchanges(name, values, _exchange)


class _Whole:
    """A file whose start was read."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        self._start = start
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if not self._start:
            return self._file.read(size)
        data = self._start if size < 0 else self._start[:size]
        self._start = self._start[len(data) :]
        return data


def _json_interactions(window: Window, name: str) -> Iterator[Any]:
    is_cassette = window.peek() == "["
    if is_cassette:
        yield from loose.items(window, name, "the cassette")
    else:
        for member in window.members("the cassette"):
            if member in LISTS:
                is_cassette = True
                yield from loose.items(window, name, member)
            else:
                window.skip()
    if not is_cassette:
        raise RecordingError(name, "neither http_interactions nor interactions is there")
    window.end()


def _exchange(source: str, entry: int, value: Any) -> Exchange:
    interaction = loose.members(source, value, "the interaction")
    request = loose.members(source, interaction.get("request"), "request")
    response = loose.members(source, interaction.get("response"), "response")
    request_headers, response_headers = _headers(request), _headers(response)
    return Exchange(
        source=source,
        entry=entry,
        method=loose.required(source, request.get("method"), "request.method").lstrip(":").upper(),
        url=loose.required(source, request.get("uri", request.get("url")), "request.uri"),
        has_query=loose.text(interaction.get("has_query")) != "false",
        status=_status(source, response),
        request_headers=request_headers,
        request_body=_body(request, request_headers),
        response_headers=response_headers,
        response_body=_body(response, response_headers),
        elapsed=_seconds(response.get("duration"), interaction.get("duration")),
    )


def _headers(message: dict[str, Any]) -> Headers:
    """The headers of a message; libraries for .NET separate those that describe the body."""
    names = ("headers", "requestheaders", "responseheaders", "contentheaders")
    return tuple(header for name in names for header in loose.headers(message.get(name)))


def _status(source: str, response: dict[str, Any]) -> int:
    state = response.get("status")
    if isinstance(state, dict):
        state = loose.members(source, state, "response.status").get("code")
    return loose.status(source, response.get("code", response.get("status_code", state)), "response.status")


def _body(message: dict[str, Any], headers: Headers) -> bytes | None:
    if "parsed_body" in message and not message.get("body"):  # serializers that keep JSON readable
        return loose.as_json(_resolved(message["parsed_body"]))
    for name in ("body", "content"):
        if name in message:
            body = uncoded(_content(message[name], headers), headers)
            return None if body and loose.is_json(headers) and _PLACEHOLDER.search(body) else body
    return None


def _content(value: Any, headers: Headers) -> bytes | None:
    """The bytes of a body, None where they are not known; a body of null was empty."""
    match value:
        case None:
            return b""
        case bytes():
            return value
        case str():
            return _text(value, headers)
        case dict():
            return _described(value, headers)
        case _:
            return None


def _text(text: str, headers: Headers) -> bytes:
    """The bytes of a text, which php-vcr writes in base64 where headers say that they are binary."""
    fields = dict(headers)
    is_binary = fields.get("content-transfer-encoding") == "binary" or (
        "application/x-gzip" in fields.get("content-type", "")
    )
    decoded = from_base64(text) if is_binary else None
    return text.encode("utf-8", "surrogatepass") if decoded is None else decoded


def _described(body: dict[str, Any], headers: Headers) -> bytes | None:
    """The bytes of a body that is an object: a text in an encoding, base64, or an object of Python."""
    match {name.lower(): value for name, value in body.items() if isinstance(name, str)}:
        case {"file": bool() | str() as is_path} if str(is_path).lower() in ("true", "yes"):
            return None  # vcr for R keeps it beside the cassette
        case {"base64_string": str() | bytes() as encoded} | {"base64string": str() | bytes() as encoded}:
            return from_base64(loose.text(encoded))
        case {"string": str() as text, "encoding": encoding}:
            return _encoded(text, loose.text(encoding))
        case {"string": content} | {"str": content}:
            return None if isinstance(content, dict) else _content(content, ())
        case {"state": [content, *_]}:  # vcrpy: io.BytesIO
            return _content(content, ())
        case {"args": [[*chunks]]}:  # vcrpy: an iterator
            parts = [_content(chunk, ()) for chunk in chunks]
            return b"".join(part for part in parts if part is not None) if None not in parts else None
        case _:  # vcrpy: what aiohttp was given, as JSON or as a form
            return loose.as_json(_resolved(body)) if loose.is_json(headers) else None


def _encoded(text: str, encoding: str) -> bytes | None:
    """The bytes of a text that was decoded; None where characters were lost, as betamax loses them."""
    if "\ufffd" in text:
        return None
    if _CHARSET.fullmatch(encoding):
        try:
            return text.encode(encoding)
        except (LookupError, ValueError):
            pass
    return text.encode("utf-8", "surrogatepass")


def _resolved(value: Any) -> Any:
    """A value of YAML as one of JSON: what is written without quotes may be a number or a boolean."""
    match value:
        case dict():
            return {loose.text(name): _resolved(member) for name, member in value.items()}
        case list():
            return [_resolved(item) for item in value]
        case PlainScalar() if _JSON_SCALAR.fullmatch(value):
            return json.loads(value)
        case bytes():
            return loose.text(value)
        case str() | int() | float():
            return value
        case _:
            return None


def _seconds(go: Any, milliseconds: Any) -> float | None:
    """The elapsed time: a duration of Go such as ``1m2.5s``, or milliseconds as EasyVCR writes them."""
    try:
        if parts := _DURATION.findall(loose.text(go)):
            return sum(float(number) * _SECONDS[unit] for number, unit in parts) or None
        return float(loose.text(milliseconds)[:20]) / 1000 if milliseconds else None
    except ValueError:
        return None
