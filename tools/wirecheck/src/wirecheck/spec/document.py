"""A YAML or JSON document: its values, and the line of each of them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import isinf
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from wirecheck.model import SpecError
from wirecheck.spec.indentation import Indentation

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")  # RFC 6901, 4

MAX_DEPTH = 200
MAX_NODES = 5_000_000
MAX_ALIASED = 100_000  # values that aliases repeat; an alias counts each time it is used
MAX_REFERENCES = 100  # that lead from one to the next


@dataclass(slots=True)
class Place:
    """The place of a value: its line, counted from 1, and the places of its members or items.

    ``nodes`` counts the values from here down.
    """

    line: int
    children: dict[str, "Place"] = field(default_factory=dict)
    nodes: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A parsed document, compared by identity. ``name`` is the file as the user named it.

    ``ambiguous`` lists the line and the text of each unquoted scalar that YAML 1.1, which
    many tools still implement, reads differently from YAML 1.2. ``misindented`` lists the lines
    that strict parsers of YAML reject.
    """

    name: str
    data: dict[str, Any]
    place: Place
    ambiguous: tuple[tuple[int, str], ...] = ()
    misindented: tuple[int, ...] = ()

    def line(self, pointer: str) -> int:
        """The line of the value at a pointer, or of its nearest existing ancestor."""
        place = self.place
        for token in tokens(pointer):
            if token not in place.children:
                break
            place = place.children[token]
        return place.line

    def get(self, pointer: str) -> Any:
        """The value at a JSON pointer; raises KeyError where there is none."""
        value: Any = self.data
        if pointer[:1] not in ("", "/"):
            raise KeyError(pointer)
        for token in tokens(pointer):
            if isinstance(value, dict):
                value = value[token]
            elif isinstance(value, list) and _INDEX.fullmatch(token) and int(token) < len(value):
                value = value[int(token)]
            else:
                raise KeyError(pointer)
        return value

    def follow(self, pointer: str) -> str:
        """The pointer at the end of the chain of ``$ref``s that starts at a pointer.

        Raises KeyError where a reference cannot be resolved, SpecError for a circle or a long chain.
        """
        visited = {pointer}
        value = self.get(pointer)
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            pointer = target(value["$ref"])
            if pointer in visited:
                raise self.error(pointer, "this $ref leads back to itself")
            visited.add(pointer)
            if len(visited) > MAX_REFERENCES:
                what = f"more than {MAX_REFERENCES} $refs lead from one to the next"
                raise self.error(min(visited), what)
            value = self.get(pointer)
        return pointer

    def error(self, pointer: str, what: str) -> SpecError:
        """An error about the value at a pointer, with its line."""
        return SpecError(f"{self.name}:{self.line(pointer)}", f"#{pointer}: {what}")


@lru_cache(maxsize=4096)
def tokens(pointer: str) -> tuple[str, ...]:
    """The unescaped reference tokens of a JSON pointer (RFC 6901)."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def join(pointer: str, *keys: str | int) -> str:
    """A JSON pointer extended by keys, which are escaped (RFC 6901)."""
    return pointer + "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


def target(ref: str) -> str:
    """The JSON pointer in a local ``$ref`` such as ``#/components/schemas/User``."""
    return unquote(ref.removeprefix("#"))


def read(path: Path) -> Document:
    """Reads a document; raises SpecError when it cannot be used."""
    name = str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SpecError(name, f"cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SpecError(f"{name}:{line}", f"is not UTF-8 (byte {error.start})") from None
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Parses a document; raises SpecError, which names it by ``name``, when it cannot be used."""
    builder, misindented = _built(text, name)
    if builder.root is None:
        raise SpecError(name, "is empty")
    data, place = builder.root
    if not isinstance(data, dict):
        raise SpecError(f"{name}:{place.line}", "is not an OpenAPI document: it must be an object")
    return Document(name, data, place, tuple(builder.ambiguous), misindented)


def value(text: str, name: str) -> Any:
    """The value of a text that is YAML 1.2 or JSON, None of an empty one. Raises SpecError like ``parse``."""
    builder, _ = _built(text, name)
    return builder.root[0] if builder.root else None


def _built(text: str, name: str) -> "tuple[_Builder, tuple[int, ...]]":
    """What a text is built into, and its misindented lines."""
    if text.lstrip()[:1] == "{":
        text = _json_as_yaml(text)
    try:
        builder, indentation = _Builder(name), Indentation(text)
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            indentation.take(event)
            builder.take(event)
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        what = f"is neither YAML nor JSON: the character U+{error.character:04X} is not allowed"
        raise SpecError(f"{name}:{line}", what) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = error.problem or "not YAML"
        raise SpecError(f"{name}:{line}", f"is neither YAML nor JSON: {problem}") from None
    except yaml.YAMLError as error:
        raise SpecError(name, f"is neither YAML nor JSON: {str(error).splitlines()[0]}") from None
    return builder, indentation.misindented


_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_STRING = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")([ \r\n]*:)?')
_RAW = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _json_as_yaml(text: str) -> str:
    """A JSON text as equivalent YAML for libyaml; any other text unchanged.

    libyaml rejects or misreads tabs outside of brackets, escaped surrogate pairs, the
    characters of _RAW, and keys that are long or on another line than their colon.
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text

    def character(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return match[1] + chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))

    text = _SURROGATES.sub(character, text.replace("\t", " "))
    text = _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _STRING.sub(lambda match: f"? {match[0]}" if match[2] else match[0], text)


# The core schema of YAML 1.2 (section 10.3.2): the meaning of an unquoted scalar.
_CORE: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"null|Null|NULL|~|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]{1,4000}"), int),
    (re.compile(r"0o[0-7]{1,4000}"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]{1,3000}"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
)
_CORE_TAGS = {type(None): "null", bool: "bool", int: "int", float: "float", str: "str"}
_TAG = "tag:yaml.org,2002:"


_OCTAL = re.compile(r"[-+]?0+[1-7][0-7]*")  # in YAML 1.1
_RESOLVER: Any = yaml.resolver.Resolver()


def _core_value(text: str) -> Any:
    return next((convert(text) for form, convert in _CORE if form.fullmatch(text)), text)


def _is_ambiguous(text: str) -> bool:
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))
    return tag != _TAG + _CORE_TAGS[type(_core_value(text))] or bool(_OCTAL.fullmatch(text))


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    value: dict[str, Any] | list[Any]
    place: Place
    anchor: str | None
    key: str | None = None
    key_line: int = 0


class _Builder:
    """Builds values and places from parser events, without recursion.

    What JSON cannot express (other tags, merge keys, complex or repeated keys) is an error.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, Place]] = {}
        self.ambiguous: list[tuple[int, str]] = []
        self.root: tuple[Any, Place] | None = None
        self.aliased = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise self._error(line, f"*{event.anchor} does not name a complete value")
            value, place = self.anchors[event.anchor]
            self.aliased += place.nodes
            if self.aliased > MAX_ALIASED:
                raise self._error(line, f"its aliases expand to more than {MAX_ALIASED:,} values")
            self._add(value, place, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, {}, "map", line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, [], "seq", line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            closed = self.stack.pop()
            self._anchor(closed.anchor, closed.value, closed.place)
            self._add(closed.value, closed.place, closed.place.line)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._error(line, "contains more than one document")

    def _open(
        self, event: yaml.CollectionStartEvent, value: dict[str, Any] | list[Any], tag: str, line: int
    ) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self._error(line, f"is nested more than {MAX_DEPTH} levels deep")
        if event.tag not in (None, "!", _TAG + tag):
            raise self._error(line, f"the tag {event.tag!r} is not JSON")
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            raise self._error(line, "a key must be a plain string")
        self.stack.append(_Open(value, Place(line), event.anchor))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if event.tag not in (None, "!", _TAG + "str"):  # "!" and "!!str" both make it a string
            raise self._error(line, f"the tag {event.tag!r} is not JSON")
        plain = event.implicit[0] and event.tag is None
        if plain and _is_ambiguous(event.value):
            self.ambiguous.append((line, event.value))
        top = self.stack[-1] if self.stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            if event.value == "<<" and plain:
                raise self._error(line, "merge keys (<<) are not YAML 1.2: write the members out")
            if event.value in top.value:
                raise self._error(line, f"the key {event.value!r} is there twice")
            self._anchor(event.anchor, event.value, Place(line))
            top.key, top.key_line = event.value, line
            return
        value = _core_value(event.value) if plain else event.value
        if isinstance(value, float) and isinf(value):
            raise self._error(line, "a number is too large to read")
        place = Place(line)
        self._anchor(event.anchor, value, place)
        self._add(value, place, line)

    def _anchor(self, anchor: str | None, value: Any, place: Place) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, place)

    def _add(self, value: Any, place: Place, line: int) -> None:
        if not self.stack:
            self.root = (value, place)
            return
        top = self.stack[-1]
        if isinstance(top.value, dict):
            if top.key is None:
                raise self._error(line, "a key must be a plain string")
            key = top.key
            top.value[key] = value
            place = Place(top.key_line, place.children, place.nodes)
            top.key = None
        else:
            key = str(len(top.value))
            top.value.append(value)
        top.place.children[key] = place
        top.place.nodes += place.nodes
        if top.place.nodes > MAX_NODES:
            raise self._error(line, f"has more than {MAX_NODES:,} values")

    def _error(self, line: int, what: str) -> SpecError:
        return SpecError(f"{self.name}:{line}", what)
