"""Reads the text of a document in YAML 1.2, with the line of each value."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import isinf
from typing import Any

import yaml

from wirecheck.model import SpecError
from wirecheck.spec.document import Document, Place, SpecProblem, join
from wirecheck.spec.indentation import Indentation

MAX_ALIASED = 100_000  # values that aliases repeat; an alias counts each time it is used

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

_OLD_BREAKS = "\x85\u2028\u2029"
_PRIVATE_USE = range(0xE000, 0xF900)
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


def read_yaml(text: str, name: str, depth: int, nodes: int) -> Document | None:
    """The document of a text, None for an empty one; raises SpecError, which names it by ``name``.

    Fails beyond a depth, or a number of values.
    """
    text, restored = _without_old_breaks(text)
    try:
        return _Builder(name, depth, nodes, restored).build(text)
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


def _without_old_breaks(text: str) -> tuple[str, dict[int, str]]:
    """A text with other characters in place of those that broke lines in YAML 1.1, and what restores them.

    In YAML 1.2 they are characters like any other (5.4); libyaml would end a line with them.
    """
    present = [each for each in _OLD_BREAKS if each in text]
    if not present:
        return text, {}
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    substitutes = dict(zip(map(ord, present), free, strict=False))
    restored = {ord(substitute): chr(each) for each, substitute in substitutes.items()}
    return text.translate(substitutes), restored


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

    def __init__(self, name: str, depth: int, nodes: int, restored: dict[int, str]) -> None:
        self.name = name
        self.restored = restored
        self.depth = depth
        self.nodes = nodes
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
            if self.restored and isinstance(event, yaml.ScalarEvent):
                event.value = event.value.translate(self.restored)
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
        if len(self.stack) >= self.depth:
            raise self._error(line, f"is nested more than {self.depth} levels deep")
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
        if top.place.nodes > self.nodes:
            raise self._error(line, f"has more than {self.nodes:,} values")

    def _error(self, line: int, what: str) -> SpecError:
        return SpecError(f"{self.name}:{line}", what)
