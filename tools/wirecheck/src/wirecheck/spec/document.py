"""A document: its values, and where each of them is written."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr

from wirecheck.model import SpecError

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")  # RFC 6901, 4

MAX_REFERENCES = 100  # that lead from one to the next


class Place(Struct, array_like=True, omit_defaults=True, gc=False):
    """The place of a value: its line, counted from 1, and the places of its members or items.

    ``nodes`` counts the values from here down. ``written`` is the file and the pointer where the value
    is written, None for one that stands where its parent has it.
    """

    line: int
    children: "dict[str, Place]" = {}  # its own
    nodes: int = 1
    written: tuple[str, str] | None = None


class Origin(Struct, frozen=True):
    """Where a value is written: the file as the user named it, the line, and the pointer within the file."""

    file: str
    line: int
    pointer: str


class SpecProblem(Struct, frozen=True):
    """What is wrong at a pointer of a document. ``usable`` is whether everything can be read regardless.

    What stands in several places has the other pointers in ``also``. ``origin`` is where it is written,
    None where that is what the document says of the pointer.
    """

    pointer: str
    message: str
    usable: bool = False
    also: tuple[str, ...] = ()
    origin: Origin | None = None


class Document(Struct, frozen=True, eq=False):
    """A parsed document, compared by identity. ``name`` is the file as the user named it.

    A Spec has it in its normal form, that of OpenAPI 3.1 or 3.2 and without what cannot be used;
    ``problems`` say what that was, and ``original`` returns the document as it is written, in its own
    version, where that is another.

    ``ambiguous`` lists the line and the text of each unquoted scalar that YAML 1.1, which
    many tools still implement, reads differently from YAML 1.2. ``misindented`` lists the lines
    that strict parsers of YAML reject. ``has_foreign_references`` is whether the text may refer
    to other files, ``has_identifiers`` whether schemas may have names or dialects of their own.
    """

    name: str
    data: dict[str, Any]
    located: "Place | Callable[[], Place]"
    ambiguous: tuple[tuple[int, str], ...] = ()
    misindented: tuple[int, ...] = ()
    problems: tuple[SpecProblem, ...] = ()
    has_foreign_references: bool = False
    has_identifiers: bool = True
    is_normal: bool = False
    original: "Callable[[], Document] | None" = None

    @property
    def place(self) -> Place:
        """The place of all of it, which may first have to be read from the cache."""
        if isinstance(self.located, Place):
            return self.located
        place = self.located()
        force_setattr(self, "located", place)
        return place

    def as_written(self) -> "Document":
        """The document as it is written, in its own version."""
        return self.original() if self.original else self

    def line(self, pointer: str) -> int:
        """The line of the value at a pointer, or of its nearest existing ancestor."""
        return self.origin(pointer).line

    def origin(self, pointer: str) -> Origin:
        """Where the value at a pointer is written, or its nearest ancestor that is."""
        place, file, written, moved = self.place, self.name, "", False
        path = tokens(pointer)
        for index, token in enumerate(path):
            child = place.children.get(token)
            if child is None:
                written = written if moved else join(written, *path[index:])
                break
            place = child
            if place.written is None:
                written = join(written, token)
            else:
                (file, written), moved = place.written, True
        return Origin(file, place.line, written)

    def where(self, problem: SpecProblem) -> Origin:
        """Where something is written that is wrong."""
        return problem.origin or self.origin(problem.pointer)

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

    def has_member(self, name: str, value: bool | str | None = None) -> bool:
        """Whether any object has a member, of any value where that is None, whatever it means there."""
        member = msgspec.json.encode(name) + b":" + (b"" if value is None else msgspec.json.encode(value))
        try:
            return member in msgspec.json.encode(self.data)  # ten times as fast as to look at each object
        except UnicodeEncodeError:  # a lone surrogate
            having = (each[name] for each in objects(self.data) if name in each)
            return any(value is None or (type(each) is type(value) and each == value) for each in having)

    def error(self, pointer: str, what: str) -> SpecError:
        """An error about the value at a pointer, with its line."""
        origin = self.origin(pointer)
        return SpecError(f"{origin.file}:{origin.line}", f"#{origin.pointer}: {what}")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a value, itself included, whatever it means there."""
    containers = (dict, list)  # faster than dict | list
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending += [child for child in value.values() if isinstance(child, containers)]
        elif isinstance(value, list):
            pending += value


@lru_cache(maxsize=4096)
def tokens(pointer: str) -> tuple[str, ...]:
    """The unescaped reference tokens of a JSON pointer (RFC 6901)."""
    escaped = pointer.split("/")[1:]
    if "~" not in pointer:
        return tuple(escaped)
    return tuple(token.replace("~1", "/").replace("~0", "~") if "~" in token else token for token in escaped)


def join(pointer: str, *keys: str | int) -> str:
    """A JSON pointer extended by keys, which are escaped (RFC 6901)."""
    for key in keys:
        token = str(key)
        if "~" in token or "/" in token:
            token = token.replace("~", "~0").replace("/", "~1")
        pointer = f"{pointer}/{token}"
    return pointer


def target(ref: str) -> str:
    """The JSON pointer in a local ``$ref`` such as ``#/components/schemas/User``."""
    return unquote(ref.removeprefix("#"))
