"""The interactions of a cassette in YAML, composed one by one from the events of the parser.

Nothing is constructed by tags: an object of Python or Ruby is the mapping or scalar that is written there.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml

from wirecheck.model import RecordingError
from wirecheck.recordings.coding import from_base64
from wirecheck.recordings.window import LONGEST

MAX_DEPTH = 200
"""Levels of an interaction; from five times as many, the time of the parser grows with their square."""
LISTS = frozenset({"interactions", "http_interactions"})

UNDECODABLE: Any = object()
"""The value of a scalar that should be base64, and is not."""

_NODE = 64  # what a value counts in addition to its characters
_BINARY = frozenset({"tag:yaml.org,2002:binary", "!binary"})
_SCHEMA = (":null", ":bool", ":int", ":float")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlainScalar(str):
    """A scalar without quotes, which may stand for a number or a boolean."""

    __slots__ = ()


def interactions(name: str, file: Any) -> Iterator[Any]:
    """The interactions of all documents of a file: strings, bytes, None, UNDECODABLE, lists and dicts.

    What cannot be used of an interaction makes it a RecordingError. Raises RecordingError where the file is
    not YAML, or is no cassette.
    """
    composer = _Composer(name, file)
    try:
        yield from composer.interactions()
    except yaml.reader.ReaderError as error:
        what = f"broken YAML at byte {error.position}: {error.reason}"
        raise RecordingError(composer.where, what) from None
    except yaml.MarkedYAMLError as error:
        place = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise RecordingError(composer.where, f"{place}broken YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise RecordingError(composer.where, "broken YAML") from None


class _Metered:
    """A file of which the parser may read only so much for one interaction."""

    def __init__(self, where: str, file: BinaryIO) -> None:
        self._file = file
        self.begin(where)

    def begin(self, where: str) -> None:
        """Counts anew, for an interaction that errors name so."""
        self._where = where
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._count += len(data)
        if self._count > LONGEST:
            raise RecordingError(self._where, f"an interaction of more than {LONGEST:,} bytes is not read")
        return data


class _Composer:
    """Values of the events of a file; those with anchors are kept until its end.

    What makes a value unusable is remembered as the ``problem``, so that its events are read all the same.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.where = name
        self._name = name
        self._file = _Metered(name, file)
        self._events: Iterator[Any] = iter(yaml.parse(self._file, Loader=_LOADER))
        self._anchors: dict[str | None, tuple[Any, int]] = {}
        self._anchored = 0  # what the values with anchors count, without aliases
        self._written = 0  # what was read so far, without aliases
        self._weight = 0  # what the interaction counts, with its aliases
        self._problem = ""

    def interactions(self) -> Iterator[Any]:
        entry = 0
        is_cassette = False
        for event in self._events:
            for _ in self._lists(event):
                is_cassette = True
                for item in self._until(yaml.SequenceEndEvent):
                    self.where = f"{self._name}#{entry}"
                    self._file.begin(self.where)
                    self._weight = 0
                    self._problem = ""
                    value = self._value(item, 0)
                    yield RecordingError(self.where, self._problem) if self._problem else value
                    entry += 1
        if not is_cassette:
            raise RecordingError(self._name, "neither http_interactions nor interactions is there")

    def _lists(self, root: Any) -> Iterator[None]:
        """Stops in each list of interactions below the root of a document."""
        if isinstance(root, yaml.SequenceStartEvent):
            yield
        elif isinstance(root, yaml.MappingStartEvent):
            for key in self._until(yaml.MappingEndEvent):
                self._weight = 0
                name, value = self._value(key, 0), next(self._events)
                is_list = isinstance(value, yaml.SequenceStartEvent)
                if is_list and isinstance(name, str) and name in LISTS:
                    yield
                else:
                    self._value(value, 0)

    def _until(self, end: type[Any]) -> Iterator[Any]:
        """The events that begin a value, up to the end of the collection."""
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor)
        before, written = self._weight, self._written
        value: Any
        self._weight += _NODE
        self._written += _NODE
        if isinstance(event, yaml.ScalarEvent):
            self._written += len(event.value)
            value = self._scalar(event) if self._has_room(len(event.value)) else None
        elif depth >= MAX_DEPTH:
            value = None
            self._skip()
        elif isinstance(event, yaml.SequenceStartEvent):
            values = (self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent))
            value = [item for item in values if self._weight <= LONGEST]
        else:
            value = self._mapping(depth)
        if event.anchor:
            self._anchored += self._written - written
            if self._anchored > LONGEST:
                what = f"anchors of more than {LONGEST:,} characters are not read"
                raise RecordingError(self.where, what)
            self._anchors[event.anchor] = value, self._weight - before
        return value

    def _mapping(self, depth: int) -> dict[Any, Any]:
        members: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._value(event, depth + 1)
            value = self._value(next(self._events), depth + 1)
            if isinstance(key, PlainScalar) and key == "<<":
                for other in reversed(value if isinstance(value, list) else [value]):
                    merged |= other if isinstance(other, dict) else {}
            elif isinstance(key, str | bytes) and self._weight <= LONGEST:
                members[key] = value
        return merged | members

    def _scalar(self, event: Any) -> Any:
        if event.tag in _BINARY:
            decoded = from_base64(event.value)
            return UNDECODABLE if decoded is None else decoded
        if event.style or not (event.tag is None or event.tag.endswith(_SCHEMA)):
            return event.value
        return None if event.value in _NULL else PlainScalar(event.value)

    def _alias(self, anchor: str | None) -> Any:
        if anchor not in self._anchors:
            self._problem = "an alias stands outside of the value that it names, or names nothing"
            return None
        value, weight = self._anchors[anchor]
        return value if self._has_room(weight) else None

    def _skip(self) -> None:
        """Reads the rest of a collection that is nested too deeply."""
        self._problem = f"nested more than {MAX_DEPTH} levels deep"
        level = 1
        while level:
            if level > 4 * MAX_DEPTH:
                raise RecordingError(self.where, f"nested more than {5 * MAX_DEPTH:,} levels deep")
            event = next(self._events)
            level += isinstance(event, yaml.CollectionStartEvent)
            level -= isinstance(event, yaml.CollectionEndEvent)

    def _has_room(self, length: int) -> bool:
        """Whether the interaction may have as many characters more, which count from then on."""
        self._weight += length
        if self._weight > LONGEST:
            self._problem = f"more than {LONGEST:,} characters, or as many values with aliases, are not read"
        return self._weight <= LONGEST
