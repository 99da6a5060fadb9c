"""Reads the text of a document, YAML or JSON, with the line of each value."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import isinf
from pathlib import Path
from typing import Any

import yaml

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, Place, SpecProblem, join
from wirecheck.spec.indentation import Indentation
from wirecheck.spec.json_text import UnreadableError, json_as_yaml, read_json

MAX_DEPTH = 200
MAX_NODES = 5_000_000
MAX_ALIASED = 100_000  # values that aliases repeat; an alias counts each time it is used


# Any of these names may be escaped, in part or as a whole.
_IDENTIFIERS = re.compile(
    r"""\$(?:id|self|schema|anchor|dynamicAnchor|dynamicRef|recursiveRef|recursiveAnchor)\b|jsonSchemaDialect"""
    r"""|\\(?:x|u00|U000000)(?:24|[46][1-9a-fA-F]|[57][0-9aA])"""
)
_FOREIGN = re.compile(r"""\$ref["']?[ \t\r\n]*:[ \t\r\n]*["']?[^"'#\s]""")


def read(path: Path, name: str | None = None) -> Document:
    """Reads a file; raises SpecError, which names it by ``name``, when it cannot be read."""
    name = name or str(path)
    return parse(decoded(content(path, name), name), name)


def content(path: Path, name: str) -> bytes:
    """The bytes of a file; raises SpecError, which names it by ``name``, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SpecError(name, f"cannot be read: {error.strerror}") from None


def decoded(raw: bytes, name: str) -> str:
    """The text of a document; raises SpecError, which names it by ``name``, where it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SpecError(f"{name}:{line}", f"is not UTF-8 (byte {error.start})") from None


def parse(text: str, name: str) -> Document:
    """Parses a document; raises SpecError, which names it by ``name``, when it cannot be used."""
    document = _parsed(text, name)
    if document is None:
        raise SpecError(name, "is empty")
    return document


def value(text: str, name: str) -> Any:
    """The value of a text that is YAML 1.2 or JSON, None of an empty one. Raises SpecError like ``parse``."""
    document = _parsed(text, name)
    return document.data if document else None


def _parsed(text: str, name: str) -> Document | None:
    if text.lstrip()[:1] == "{":
        try:
            return _json(text, name)
        except UnreadableError:
            text = json_as_yaml(text)  # which has messages with lines
    try:
        return _Builder(name).build(text)
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


def _json(text: str, name: str) -> Document:
    data, place, problems = read_json(text, MAX_DEPTH, MAX_NODES)
    return Document(
        name,
        data,
        place,
        problems=tuple(problems),
        has_foreign_references=bool(_FOREIGN.search(text)),
        has_identifiers=bool(_IDENTIFIERS.search(text)),
    )


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
_FIRST = frozenset(["", *"nNtTfF~+-.0123456789", *_RESOLVER.yaml_implicit_resolvers])
"""How an unquoted scalar may begin that is not a string, in YAML 1.1 or 1.2."""


@lru_cache(maxsize=4096)
def _unquoted(text: str) -> tuple[Any, bool]:
    """The value of an unquoted scalar, and whether YAML 1.1 reads it differently."""
    value = next((convert(text) for form, convert in _CORE if form.fullmatch(text)), text)
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))
    return value, tag != _TAG + _CORE_TAGS[type(value)] or bool(_OCTAL.fullmatch(text))


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    value: dict[str, Any] | list[Any]
    place: Place
    pointer: str
    anchor: str | None
    key: str | None = None
    key_line: int = 0
    merging: bool = False
    merged: list[tuple[Any, Place]] = field(default_factory=list)  # the values of its merge keys


class _Builder:
    """Builds values and places from parser events, without recursion.

    Merge keys are those of YAML 1.1; of a repeated key the last value counts, which is a problem of the
    document. What JSON cannot express otherwise (other tags, complex keys) is an error.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, Place]] = {}
        self.ambiguous: list[tuple[int, str]] = []
        self.problems: list[SpecProblem] = []
        self.root: tuple[Any, Place] | None = None
        self.aliased = 0

    def build(self, text: str) -> Document | None:
        """The document of a text, None for an empty one."""
        indentation = Indentation(text)
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            indentation.take(event)
            self._take(event)
        if self.root is None:
            return None
        data, place = self.root
        return Document(
            self.name,
            data,
            place,
            ambiguous=tuple(self.ambiguous),
            misindented=indentation.misindented,
            problems=tuple(self.problems),
            has_foreign_references=bool(_FOREIGN.search(text)),
            has_identifiers=bool(_IDENTIFIERS.search(text)),
        )

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise self._error(line, f"*{event.anchor} does not name a complete value")
            value, place = self.anchors[event.anchor]
            self.aliased += place.nodes
            if self.aliased > MAX_ALIASED:
                raise self._error(line, f"its aliases expand to more than {MAX_ALIASED:,} values")
            self._add(value, place, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, {}, "map", line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, [], "seq", line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            closed = self.stack.pop()
            self._merge(closed)
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
        self.stack.append(_Open(value, Place(line), self._pointer(), event.anchor))

    def _pointer(self) -> str:
        """The pointer of the value that is read next."""
        if not self.stack:
            return ""
        top = self.stack[-1]
        return join(top.pointer, len(top.value) if isinstance(top.value, list) else str(top.key))

    def _merge(self, closed: _Open) -> None:
        """Adds the members of merge keys that an object does not have itself; the first mapping wins."""
        for value, place in closed.merged:
            sources = [(value, place)]
            if isinstance(value, list):
                sources = [(item, place.children[str(index)]) for index, item in enumerate(value)]
            for source, within in sources:
                if not isinstance(source, dict) or not isinstance(closed.value, dict):
                    raise self._error(place.line, "a merge key (<<) must have an object or a list of objects")
                for key in source:
                    if key not in closed.value:
                        closed.value[key] = source[key]
                        closed.place.children[key] = within.children[key]
                        closed.place.nodes += within.children[key].nodes

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if event.tag not in (None, "!", _TAG + "str"):  # "!" and "!!str" both make it a string
            raise self._error(line, f"the tag {event.tag!r} is not JSON")
        plain = event.implicit[0] and event.tag is None
        value: Any = event.value
        if plain and value[:1] in _FIRST:
            value, is_ambiguous = _unquoted(value)
            if is_ambiguous:
                self.ambiguous.append((line, event.value))
        top = self.stack[-1] if self.stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            if event.value in top.value:
                what = f"the key {event.value!r} is there twice, and the last one counts"
                self.problems.append(SpecProblem(join(top.pointer, event.value), what, usable=True))
            self._anchor(event.anchor, event.value, Place(line))
            top.key, top.key_line = event.value, line
            top.merging = event.value == "<<" and plain
            return
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
            key, top.key = top.key, None
            if top.merging:
                top.merged.append((value, place))
                return
            top.value[key] = value
            place = Place(top.key_line, place.children, place.nodes)
        else:
            key = str(len(top.value))
            top.value.append(value)
        top.place.children[key] = place
        top.place.nodes += place.nodes
        if top.place.nodes > MAX_NODES:
            raise self._error(line, f"has more than {MAX_NODES:,} values")

    def _error(self, line: int, what: str) -> SpecError:
        return SpecError(f"{self.name}:{line}", what)
