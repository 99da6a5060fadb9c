"""What Burp Suite writes with "Save items": XML whose items contain the raw messages.

The internal DTD that Burp writes is read, but a document that declares entities is rejected. Without base64,
Burp keeps bytes that XML does not permit (NUL, say): they are read as U+FFFD.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import messages
from wirecheck.recordings.coding import from_base64
from wirecheck.recordings.entries import exchanges
from wirecheck.recordings.window import LONGEST, WINDOW

_ROOT = re.compile(rb"<items(\s[^<>]*\bburpVersion\s*=|>\s*<item>.{0,65536}<request\s+base64\s*=)", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MESSAGES = ("request", "response")
_MEMBERS = frozenset({*_MESSAGES, "url", "host", "port", "protocol", "method", "path", "status"})
_DEFAULT_PORTS = {"http": "80", "https": "443"}

_DEEPEST = 100
"""Elements within each other; an item has three."""

_LONGEST_TOKEN = 1 << 22
"""Bytes of a tag or a comment, which are read again and again until they are complete."""

_Item = dict[str, str | bytes | None]
"""The texts of the elements of an item; the messages as bytes, None where they are not valid base64."""


def looks_like(start: bytes) -> bool:
    """Whether the file is XML with the root element that Burp writes."""
    root = start.find(b"<items")
    is_xml = start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")
    return is_xml and root >= 0 and _ROOT.match(start, root) is not None


def read(name: str, file: BinaryIO) -> Iterator[Exchange]:
    """The items of a file; one without a response has the status 0."""
    yield from exchanges(name, _Items(name).read(file), _exchange)


class _Items:
    """Parses the file a piece at a time, and keeps the item that is not complete."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._entry = 0
        self._path = list[str]()
        self._item: _Item = {}
        self._texts = list[str]()
        self._length = 0
        self._is_base64 = False
        self._complete = list[_Item]()

    def read(self, file: BinaryIO) -> Iterator[_Item]:
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._reject_entity
        decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        length, is_ended = 0, False
        while not is_ended:
            data = file.read(WINDOW)
            is_ended = not data
            piece = _ILLEGAL.sub("\ufffd", decoder.decode(data, is_ended)).encode()
            length += len(piece)
            problem: RecordingError | None = None
            try:
                parser.Parse(piece, is_ended)
            except expat.ExpatError as error:
                problem = self._broken(error)
            except RecordingError as error:  # of a handler
                problem = error
            yield from self._complete
            self._complete.clear()
            if problem is None and length - max(parser.CurrentByteIndex, 0) > _LONGEST_TOKEN:
                problem = self._too_long("a tag or a comment", _LONGEST_TOKEN)
            if problem is not None:
                raise problem

    def _broken(self, error: expat.ExpatError) -> RecordingError:
        if error.code in _CUT_OFF:
            what = "cut off: the file ends within the XML"
        else:
            what = f"broken XML in line {error.lineno}: {expat.ErrorString(error.code)}"
        return RecordingError(f"{self._name}#{self._entry}", what)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._texts.clear()
        if len(self._path) == 1 and name != "items":
            raise RecordingError(self._name, "not a file of Burp Suite: the root element is not items")
        if len(self._path) > _DEEPEST:
            raise RecordingError(f"{self._name}#{self._entry}", "nested too deeply")
        if len(self._path) == 2:
            self._item, self._length = {}, 0
        self._is_base64 = attributes.get("base64") == "true"

    def _text(self, text: str) -> None:
        if len(self._path) == 3 and self._path[2] in _MEMBERS:
            self._length += len(text)
            if self._length > LONGEST:
                raise self._too_long("an item", LONGEST)
            self._texts.append(text)

    def _end(self, name: str) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        self._path.pop()
        if len(self._path) == 2 and name in _MESSAGES:
            self._item[name] = from_base64(text) if self._is_base64 else _bytes(text)
        elif len(self._path) == 2 and name in _MEMBERS:
            self._item[name] = text.strip()
        elif len(self._path) == 1 and name == "item":
            self._complete.append(self._item)
            self._entry += 1

    def _reject_entity(self, *_: object) -> None:
        raise RecordingError(self._name, "XML that declares entities is not read")

    def _too_long(self, what: str, limit: int) -> RecordingError:
        where = f"{self._name}#{self._entry}"
        return RecordingError(where, f"{what} of more than {limit:,} characters is not read")


_CUT_OFF = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


def _bytes(text: str) -> bytes:
    """The bytes of a message without base64, which Burp writes as a character a byte, and others as text."""
    try:
        data = text.encode("latin-1")
        data.decode()
    except UnicodeError:
        return text.encode()
    return data


def _exchange(source: str, entry: int, item: _Item) -> Exchange:
    for name in _MESSAGES:
        if name in item and item[name] is None:
            raise RecordingError(source, f"the {name} is not valid base64")
    raw_request, raw_response = _raw(item, "request"), _raw(item, "response")
    request = messages.request(source, raw_request) if raw_request else None
    method = request.method if request else _text(item, "method")
    response = messages.response(source, raw_response, method) if raw_response else None
    status = _text(item, "status")
    return Exchange(
        source=source,
        entry=entry,
        method=method,
        url=_text(item, "url") or _url(source, item, request),
        status=response.status if response else int(status) if _STATUS.fullmatch(status) else 0,
        request_headers=request.headers if request else (),
        request_body=request.body if request else None,
        response_headers=response.headers if response else (),
        response_body=response.body if response else None,
    )


_STATUS = re.compile("[0-9]{3}")


def _url(source: str, item: _Item, request: messages.RawRequest | None) -> str:
    """The URL of an item that has none, from its other elements and its request."""
    target = request.target if request else _text(item, "path")
    if not target:
        raise RecordingError(source, "the item has neither a URL nor a request")
    if not target.startswith("/"):
        return target
    scheme, host, port = (_text(item, name) for name in ("protocol", "host", "port"))
    if not host:
        return target
    scheme = scheme or "http"
    return f"{scheme}://{host}{f':{port}' if port and port != _DEFAULT_PORTS.get(scheme) else ''}{target}"


def _raw(item: _Item, name: str) -> bytes:
    value = item.get(name)
    return value.lstrip(b"\r\n") if isinstance(value, bytes) else b""


def _text(item: _Item, name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""
