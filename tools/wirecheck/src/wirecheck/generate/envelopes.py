"""What the successful response of an operation holds: a list, an envelope around one, or something else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wirecheck.decode import parts
from wirecheck.spec import Document, Operation, join
from wirecheck.words import words

ITEMS = frozenset(words("content data elements entries hits items list objects records result results rows"))
"""Usual names of the list in an envelope."""
_NEVER_ITEMS = frozenset({"errors", "warnings", "links", "_links"})
_HARDLY_ITEMS = frozenset({"messages"})  # of a conversation, or about the response


@dataclass(frozen=True, slots=True)
class Envelope:
    """The JSON body of a success. ``schema`` is its pointer; ``is_array`` whether the body is the list.

    ``members`` are the pointers to the schemas of an object's members, by name.
    """

    document: Document
    schema: str
    is_array: bool
    members: Mapping[str, str]

    @property
    def is_opaque(self) -> bool:
        """Whether nothing is known of the body."""
        is_map = "additionalProperties" in self.document.get(self.document.follow(self.schema))
        return not (self.members or self.is_array or is_map)

    @property
    def arrays(self) -> list[str]:
        """The names of the members that are lists, without those that are about the response itself."""
        names = [name for name in self.members if name.lower() not in _NEVER_ITEMS]
        arrays = [name for name in names if "array" in types(self.document, self.members[name])]
        return [name for name in arrays if name.lower() not in _HARDLY_ITEMS] or arrays

    @property
    def has_usual_items(self) -> bool:
        """Whether the list has objects in it, or one of the usual names."""
        name = (self.items or "")[1:]
        return self.is_array or name.lower() in ITEMS or (name in self.members and self._holds_objects(name))

    @property
    def items(self) -> str | None:
        """The JSON pointer to the only list in the body; of several lists, to the only one of objects.

        Of several lists of objects it is the one with a usual name.
        """
        if self.is_array:
            return ""
        names = self.arrays
        if len(names) > 1:
            names = [name for name in names if self._holds_objects(name)]
        if len(names) > 1:
            names = [name for name in names if name.lower() in ITEMS]
        return join("", names[0]) if len(names) == 1 else None

    def _holds_objects(self, name: str) -> bool:
        for pointer in resolved(self.document, self.members[name]):
            value = self.document.get(pointer)
            if "items" in value and "object" in types(self.document, join(pointer, "items")):
                return True
        return False


def envelope(document: Document, operation: Operation) -> Envelope | None:
    """The body of the first success that has one; None where it is not described as JSON."""
    for response in operation.responses:
        for media in response.content if response.status[0] == "2" else ():
            if media.schema and "json" in media.name:
                is_array = types(document, media.schema) == {"array"}
                return Envelope(document, media.schema, is_array, members(document, media.schema))
    return None


def members(document: Document, schema: str) -> dict[str, str]:
    """The schemas of the members of an object, by name: of several for one member, the last."""
    found: dict[str, str] = {}
    for pointer in resolved(document, schema):
        properties = document.get(pointer).get("properties")
        if isinstance(properties, dict):
            found |= {name: join(pointer, "properties", name) for name in properties}
    return found


def types(document: Document, schema: str) -> frozenset[str]:
    """The types of a schema other than null, also where only its keywords say so."""
    names: set[str] = set()
    for pointer in resolved(document, schema):
        value = document.get(pointer)
        stated = value.get("type", [])
        names.update(stated if isinstance(stated, list) else [stated])
        names |= {"object"} if "properties" in value else set()
        names |= {"array"} if "items" in value else set()
    return frozenset(names - {"null"})


def resolved(document: Document, schema: str) -> Iterator[str]:
    """The schemas that all hold of a value that is not null."""
    pending, visited = [schema], set[str]()
    while pending:
        for pointer in parts(document, pending.pop(), ("allOf",)):
            if pointer not in visited:
                visited.add(pointer)
                yield pointer
                pending += _only_option(document, pointer)


def _only_option(document: Document, schema: str) -> Iterator[str]:
    """The alternative to null, where there is one only."""
    for keyword in ("anyOf", "oneOf"):
        options = document.get(schema).get(keyword)
        if isinstance(options, list):
            others = [index for index, option in enumerate(options) if not _is_null(option)]
            if len(others) == 1:
                yield join(schema, keyword, others[0])


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"
