"""Decodes what is on the wire into values: parameter styles and media types, as tables."""

import email.parser
import email.policy
import re
from collections.abc import Callable, Iterable, Sequence
from email.message import Message
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from wirecheck.model import LimitError
from wirecheck.spec import Document, Parameter, join
from wirecheck.spec.document import target

Pairs = list[tuple[str, str]]

MAX_PARTS = 2000  # that a schema may be composed of; a reference and what it leads to are two
_URL = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?")  # RFC 3986, B
_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")


_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_STRING_OR_START = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{,]', re.DOTALL)
MAX_VALUES = 5_000_000  # of a JSON text, within each other
DEEPEST = 5000  # levels of a body; engines recurse, and their stacks overflow at about twice this depth
_LONE_SURROGATE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")


class UndecodableError(ValueError):
    """A body does not fit its media type; the message completes "the body ..."."""


def split_url(url: str) -> tuple[str, str]:
    """The raw path and the raw query of a URL, which may be malformed."""
    match = _URL.match(url)
    return (match[2] or "/", match[3] or "") if match else ("/", "")


def query_pairs(query: str) -> Pairs:
    """The decoded name and value of each part of a query or form; bytes that are not UTF-8 become U+FFFD."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in parts]


def header_values(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key == name.lower()]


def essence(content_type: str) -> str:
    """A media type without its parameters, in lower case (RFC 9110, 8.3.1)."""
    return content_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def fits(media_type: str, documented: str) -> bool:
    """Whether a media type matches a documented one, which may contain wildcards."""
    pattern = essence(documented)
    return pattern in ("*/*", media_type) or (
        pattern.endswith("/*") and media_type.partition("/")[0] == pattern.partition("/")[0]
    )


# Schemas: how a text on the wire may be read.


@lru_cache(maxsize=4096)
def schema_types(document: Document, schema: str) -> frozenset[str]:
    """The types that a schema and its parts name in ``type``; empty where they name none."""
    names: set[str] = set()
    for pointer in parts(document, schema):
        types = document.get(pointer).get("type", [])
        names.update(
            name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)
        )
    return frozenset(names)


def payload_name(document: Document, pointer: str) -> str | None:
    """The x-payload of a schema, or of the first member of its allOf that has one."""
    pointer = document.follow(pointer)
    schema = document.get(pointer)
    if not isinstance(schema, dict):
        return None
    if "x-payload" in schema:
        name: str = schema["x-payload"]
        return name
    for index in range(len(schema.get("allOf", []))):
        if inherited := payload_name(document, join(pointer, "allOf", index)):
            return inherited
    return None


def property_schema(document: Document, schema: str, name: str) -> str | None:
    """The schema of a property, searched through references and compositions; None where there is none."""
    for pointer in parts(document, schema):
        properties = document.get(pointer).get("properties", {})
        if name in properties:
            return join(pointer, "properties", name)
    return None


_COMPOSED = ("allOf", "anyOf", "oneOf")


def parts(document: Document, schema: str, keywords: Sequence[str] = _COMPOSED) -> list[str]:
    """The pointers of a schema and of the schemas it is composed of by $ref and keywords, in their order.

    Boolean schemas are left out. Raises SpecError for more than MAX_PARTS.
    """
    pending, visited = [schema], dict[str, None]()
    while pending:
        pointer = pending.pop()
        value = document.get(pointer)
        if pointer in visited or not isinstance(value, dict):
            continue
        visited[pointer] = None
        if len(visited) > MAX_PARTS:
            raise document.error(schema, f"this schema is composed of more than {MAX_PARTS:,} parts")
        for keyword in reversed(keywords):
            indexes = reversed(range(len(value.get(keyword, []))))
            pending += [join(pointer, keyword, index) for index in indexes]
        if "$ref" in value:
            pending.append(target(value["$ref"]))
    return list(visited)


_SCALARS = frozenset({"number", "boolean", "null"})


def _scalar(text: str, types: frozenset[str]) -> Any:
    """The text as a number, boolean or null, the first that the types allow and it spells; else itself."""
    if types & {"integer", "number"}:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text) and abs(number := float(text)) != float("inf"):
            return number
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if "null" in types and text in ("", "null"):
        return None
    return text


def readings(text: str, types: frozenset[str]) -> list[Any]:
    """The values that a text may represent, the likeliest first: a string wherever one is allowed."""
    typed = _scalar(text, types or _SCALARS)
    if typed == text and isinstance(typed, str):
        return [text]
    return [text, typed] if not types or "string" in types else [typed]


# Parameters.

_SEPARATORS = {
    "form": ",",
    "simple": ",",
    "spaceDelimited": " ",
    "pipeDelimited": "|",
    "label": ".",
    "matrix": ",",
}


def parameter_readings(document: Document, parameter: Parameter, texts: Sequence[str]) -> list[list[Any]]:
    """For each value that was sent, its possible readings, the likeliest first.

    ``texts`` are the decoded values on the wire; those of an array parameter are one value.
    """
    if parameter.media_type is not None:
        return [[_json_or_text(text)] for text in texts]
    types = schema_types(document, parameter.schema) if parameter.schema else frozenset({"string"})
    if "array" in types:
        items = _split(parameter, texts)
        inner = _item_types(document, parameter.schema or "")
        as_scalar = len(texts) == 1 and "string" in types
        scalars = readings(_bare(parameter, texts[0]), types) if as_scalar else []
        return [[[_preferred(item, inner) for item in items], *scalars]]
    if "object" in types and "string" not in types:
        return []  # a serialized object cannot be told apart from other parameters
    return [readings(_bare(parameter, text), types) for text in texts]


def _item_types(document: Document, schema: str) -> frozenset[str]:
    owner = next((part for part in parts(document, schema) if "items" in document.get(part)), None)
    return frozenset() if owner is None else schema_types(document, join(owner, "items"))


def _preferred(text: str, types: frozenset[str]) -> Any:
    return readings(text, types)[0]


def _split(parameter: Parameter, texts: Sequence[str]) -> list[str]:
    if parameter.explode and parameter.style == "form":
        return list(texts)
    separator = _SEPARATORS.get(parameter.style, ",")
    if parameter.style == "matrix" and parameter.explode:
        separator = f";{parameter.name}="
    if parameter.style == "label" and not parameter.explode and any("," in text for text in texts):
        separator = ","  # RFC 6570 and OpenAPI 3.1.1; OpenAPI 3.1.0 has a dot
    items = [item for text in texts for item in _bare(parameter, text).split(separator)]
    if parameter.location == "header":
        items = [item.strip(" \t") for item in items]  # RFC 9110, 5.6.1
    return [item for item in items if item]


def _bare(parameter: Parameter, text: str) -> str:
    if parameter.style == "label":
        return text.removeprefix(".")
    if parameter.style == "matrix":
        return text.removeprefix(f";{parameter.name}=")
    return text


def _json_or_text(text: str) -> Any:
    try:
        return json_value(text.encode("utf-8", "replace"))
    except UndecodableError:
        return text


# Bodies.


def json_value(body: bytes) -> Any:
    """The value of a JSON text (RFC 8259), read strictly: no NaN, no lone surrogates, no byte order mark.

    Raises UndecodableError, and LimitError for more than MAX_VALUES.
    """
    if has_many_values(body):
        raise LimitError("", f"a body has more than {MAX_VALUES:,} values")
    if body.startswith(b"\xef\xbb\xbf"):
        raise UndecodableError("begins with a byte order mark, which JSON must not have (RFC 8259, 8.1)")
    if not body.strip(b" \t\r\n"):
        raise UndecodableError("is empty")
    try:
        if _depth(body) > DEEPEST:
            raise RecursionError
        return msgspec.json.decode(body)
    except UnicodeDecodeError as error:
        raise UndecodableError(f"is not UTF-8: {error.reason} at byte {error.start} of a string") from None
    except RecursionError:
        raise UndecodableError("is nested too deeply to read") from None
    except msgspec.DecodeError as error:
        reason = (
            str(error)
            .removeprefix("JSON is malformed: ")
            .replace("Input data was truncated", "it ends too early")
        )
        if reason == "it ends too early" and _LONE_SURROGATE.search(body):
            reason = "a lone surrogate"
        if reason.startswith("Number out of range"):
            raise UndecodableError("contains a number too large to read (RFC 8259, 6)") from None
        raise UndecodableError(f"is not JSON: {reason}") from None


def has_many_values(text: bytes) -> bool:
    """Whether a JSON text has more than MAX_VALUES, as far as it is JSON."""
    if text.count(b",") + text.count(b"[") + text.count(b"{") < MAX_VALUES:
        return False
    starts = sum(token[0][:1] != b'"' for token in _STRING_OR_START.finditer(text))
    return starts >= MAX_VALUES


def _depth(body: bytes) -> int:
    """The depth to which the brackets of a JSON text nest; 0 for a text with too few brackets to matter."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(body):
        depth += (match[0] in b"[{") - (match[0] in b"]}")
        deepest = max(deepest, depth)
    return deepest


def form_fields(body: bytes, content_type: str) -> Pairs:
    """The fields of an urlencoded form; ``content_type`` is for the signature of FORMS."""
    return query_pairs(body.decode("utf-8", "replace"))


def multipart_fields(body: bytes, content_type: str) -> Pairs:
    """The fields of a multipart form (RFC 7578), files included; raises UndecodableError."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head + body)
    parts = message.get_payload()
    if not isinstance(parts, list):
        raise UndecodableError("is not a multipart form with the boundary given in its Content-Type")
    fields = []
    for part in parts:
        name = _part_name(part) if isinstance(part, Message) else None
        if isinstance(part, Message) and name is not None:
            payload = part.get_payload(decode=True)
            fields.append((name, payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""))
    return fields


def _part_name(part: Message) -> str | None:
    """The name of a part, in UTF-8 (RFC 7578, 5.1)."""
    header = Message()
    for key, value in part.raw_items():
        header[key] = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    name = header.get_param("name", header="content-disposition")
    return name if isinstance(name, str) else None


FORMS: dict[str, Callable[[bytes, str], Pairs]] = {
    "application/x-www-form-urlencoded": form_fields,
    "multipart/form-data": multipart_fields,
}


def form_readings(document: Document, schema: str, fields: Pairs) -> list[dict[str, Any]]:
    """The objects of a schema that the fields of a form may represent, the likeliest first: one or two."""
    texts: dict[str, list[str]] = {}
    for name, text in fields:
        texts.setdefault(name, []).append(text)
    likeliest: dict[str, Any] = {}
    alternative: dict[str, Any] = {}
    for name, values in texts.items():
        pointer = property_schema(document, schema, name)
        types = schema_types(document, pointer) if pointer else frozenset({"string"})
        if pointer and "array" in types:
            inner = _item_types(document, pointer)
            likeliest[name] = alternative[name] = [_preferred(value, inner) for value in values]
        else:
            choices = readings(values[-1], types)
            likeliest[name], alternative[name] = choices[0], choices[-1]
    return [likeliest] if likeliest == alternative else [likeliest, alternative]
