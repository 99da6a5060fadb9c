"""Forms: their fields on the wire, and the objects that the fields are by schema and `encoding`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from msgspec import Struct

from wirecheck.decode import styles
from wirecheck.decode.media_types import header_parameters, text
from wirecheck.decode.reader import DecodedValue, Leaf, ValueReader, trees
from wirecheck.decode.schemas import ValueShape
from wirecheck.decode.styles import Tree
from wirecheck.decode.texts import UndecodableError, json_value
from wirecheck.encode.media_types import FORM, MULTIPART, essence, is_json
from wirecheck.encode.styles import Pairs, Style
from wirecheck.spec import Document

if TYPE_CHECKING:
    from email.message import Message

_OF_STYLES = ("style", "explode", "allowReserved")


class SentField(Struct, frozen=True):
    """A field of a form: its decoded name, and its text as on the wire.

    ``media_type`` is that of a part of a multipart form, None where it names none. ``is_file`` is whether
    the part has the name of a file.
    """

    name: str
    text: str
    media_type: str | None = None
    is_file: bool = False


def split_query(query: str) -> Pairs:
    """The decoded name and the undecoded value of each part of a query or form."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unescaped(name), value) for name, _, value in parts]


def query_pairs(query: str) -> Pairs:
    """The decoded name and value of each part of a query or form; bytes that are not UTF-8 become U+FFFD."""
    return [(name, unescaped(value)) for name, value in split_query(query)]


def unescaped(text: str) -> str:
    """A text of a query or form, decoded."""
    return unquote_plus(text) if "%" in text or "+" in text else text


def _urlencoded(body: bytes, content_type: str) -> list[SentField]:
    return [SentField(name, value) for name, value in split_query(body.decode("utf-8", "replace"))]


def _multipart(body: bytes, content_type: str) -> list[SentField]:
    """The fields of a multipart form (RFC 7578), files included; raises UndecodableError."""
    from email.message import Message
    from email.parser import BytesParser
    from email.policy import compat32

    boundary = dict(header_parameters(content_type)).get("boundary", "")
    if boundary and body.strip() == f"--{boundary}--".encode("utf-8", "replace"):
        return []  # as browsers send a form without fields
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    try:
        parts = BytesParser(policy=compat32).parsebytes(head + body).get_payload()
    except TypeError:  # of the parser itself, where a parameter is given both whole and in pieces
        parts = None
    if not isinstance(parts, list):
        raise UndecodableError("is not a multipart form with the boundary given in its Content-Type")
    return [field for part in parts if isinstance(part, Message) for field in _field(part)]


def _field(part: "Message") -> Iterator[SentField]:
    """The field in a part; its names are in UTF-8 (RFC 7578, 5.1)."""
    headers = {
        key.lower(): str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        for key, value in part.raw_items()
    }
    disposition = dict(header_parameters(headers.get("content-disposition", "")))
    name = disposition.get("name")
    if name is None:
        return
    payload = part.get_payload(decode=True)
    content_type = headers.get("content-type")
    decoded = text(payload, content_type or "") if isinstance(payload, bytes) else ""
    is_file = not disposition.keys().isdisjoint(("filename", "filename*"))
    yield SentField(name, decoded, content_type and essence(content_type), is_file)


FIELDS: dict[str, Callable[[bytes, str], list[SentField]]] = {FORM: _urlencoded, MULTIPART: _multipart}
"""The fields in a body, by media type; the arguments are the body and its Content-Type."""


def form_pairs(body: bytes, content_type: str) -> Pairs:
    """The decoded names and texts of the fields of a form; raises UndecodableError."""
    kind = essence(content_type)
    return [
        (field.name, unescaped(field.text) if kind == FORM else field.text)
        for field in FIELDS[kind](body, content_type)
    ]


class Encodings:
    """The `encoding` of a media type: how each field of a form is written."""

    def __init__(self, document: Document, pointer: str, kind: str) -> None:
        encoding = document.get(pointer).get("encoding") if pointer else None
        self._by_name: Mapping[str, Any] = encoding if isinstance(encoding, dict) else {}
        self._kind = kind

    def style(self, name: str) -> Style | None:
        """The style of a field, None where the document gives none."""
        encoding = self._of(name)
        if not any(member in encoding for member in _OF_STYLES):
            return None
        style = encoding.get("style", "form")
        explode = encoding.get("explode", style == "form") is True
        return Style(name, str(style), explode, self.place, encoding.get("allowReserved") is True)

    def usual_style(self, name: str) -> Style:
        """The style of a field for which the document gives none."""
        return Style(name, "form", True, self.place)

    def media_type(self, name: str) -> str | None:
        """The media type of a field, None where the document gives none, or several."""
        named = self._of(name).get("contentType")
        return essence(named) if isinstance(named, str) and "," not in named else None

    @property
    def place(self) -> str:
        """Where the fields are, for their style."""
        return "form" if self._kind == FORM else "part"

    def _of(self, name: str) -> Mapping[str, Any]:
        encoding = self._by_name.get(name)
        return encoding if isinstance(encoding, dict) else {}


def form_reading(
    reader: ValueReader, schema: str | None, fields: Sequence[SentField], encodings: Encodings
) -> DecodedValue:
    """The object that the fields of a form are."""
    shape = reader.shape(schema)
    return reader.read(shape, _form_trees(shape, fields, encodings))


def _form_trees(
    shape: ValueShape, fields: Sequence[SentField], encodings: Encodings
) -> Iterator[dict[str, Tree]]:
    """The likeliest tree, and one more for each field that may be read in another way."""
    named, keyed = _grouped(shape, fields)
    options: dict[str, list[Tree]] = {}
    for name, spread in _spread(shape, named, encodings).items():
        options[name] = [{field.name: _leaf(field, shape.member(name), encodings) for field in spread}]
    for name, group in named.items():
        options[name] = list(_of_field(shape.member(name), name, group, encodings))
    for name, group in keyed.items():
        if name not in options:
            leaves = ((field.name, _leaf(field, shape.member(name), encodings)) for field in group)
            options[name] = [styles.bracketed(name, leaves)]
    likeliest = {name: candidates[0] for name, candidates in options.items()}
    yield likeliest
    for name, candidates in options.items():
        for candidate in candidates[1:]:
            yield {**likeliest, name: candidate}


def _grouped(
    shape: ValueShape, fields: Iterable[SentField]
) -> tuple[dict[str, list[SentField]], dict[str, list[SentField]]]:
    """The fields by name, and those whose names have keys in brackets by the name before the keys."""
    named: dict[str, list[SentField]] = {}
    keyed: dict[str, list[SentField]] = {}
    for field in fields:
        base = None if shape.declares(field.name) else styles.base_name(field.name)
        if base is not None and not shape.member(base).types.isdisjoint(("object", "array")):
            keyed.setdefault(base, []).append(field)
        else:
            named.setdefault(field.name, []).append(field)
    return named, keyed


def _spread(
    shape: ValueShape, named: dict[str, list[SentField]], encodings: Encodings
) -> dict[str, list[SentField]]:
    """The fields that are members of an object without a field of its own, taken from the named ones."""
    spread: dict[str, list[SentField]] = {}
    for name in shape.names - named.keys():
        member, style = shape.member(name), encodings.style(name) or encodings.usual_style(name)
        if not style.spreads or "object" not in member.types:
            continue
        for inner in [inner for inner in named if inner in member.names and not shape.declares(inner)]:
            spread.setdefault(name, []).append(named.pop(inner)[-1])
    return spread


def _of_field(
    member: ValueShape, name: str, group: Sequence[SentField], encodings: Encodings
) -> Iterator[Tree]:
    """The trees that the fields of one name may be."""
    style = encodings.style(name)
    if style is not None:
        yield from trees(style, member, [field.text for field in group])
        return
    leaves = [_leaf(field, member, encodings) for field in group]
    is_whole = len(leaves) == 1 and isinstance(leaves[0].value, list)
    if is_whole:
        yield leaves[0]
    if "array" in member.types:
        yield leaves
    if "array" not in member.types or (len(leaves) == 1 and not is_whole):
        yield leaves[-1]
    if "object" in member.types:
        yield from styles.objects(Style(name, "form", False, encodings.place), [group[-1].text])


def _leaf(field: SentField, member: ValueShape, encodings: Encodings) -> Leaf:
    """A field with what its media type says of it: that of its part, else that of its encoding."""
    decoded = unescaped(field.text) if encodings.place == "form" else field.text
    media_type = field.media_type or encodings.media_type(field.name)
    if media_type is not None and is_json(media_type):
        try:
            return Leaf(decoded, json_value(decoded.encode("utf-8", "replace")))
        except UndecodableError:
            return Leaf(decoded)
    if field.is_file or media_type is not None:
        is_text = media_type is not None and media_type.startswith("text/") and media_type != "text/xml"
        return Leaf(decoded, opaque=not is_text or (field.is_file and is_binary(member)))
    return Leaf(decoded)


def is_binary(member: ValueShape) -> bool:
    """Whether a member is the content of a file, which is not judged as a text."""
    keywords = ("contentMediaType", "contentEncoding")
    return not member.types or any(
        schema.get("format") in ("binary", "byte") or any(keyword in schema for keyword in keywords)
        for _, schema in member.schemas()
    )
