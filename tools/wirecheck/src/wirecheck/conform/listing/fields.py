"""Fields of a query, and the words of their names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from wirecheck.conform.case import Case
from wirecheck.resources import MemberPath, plain
from wirecheck.samples import Facets, facets
from wirecheck.spec import Document, Operation, Parameter

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class QueryField:
    """A parameter of a query, or a member of one that is an object (``deepObject``).

    ``single`` are the facets of one value, of an item where the field is a list.
    """

    parameter: Parameter
    facets: Facets
    single: Facets
    member: str = ""

    @property
    def name(self) -> str:
        """As people write it, such as ``limit`` or ``weight[max]``."""
        return f"{self.parameter.name}[{self.member}]" if self.member else self.parameter.name

    @property
    def is_list(self) -> bool:
        return self.facets.is_array

    def value(self, case: Case) -> Any:
        """The value of this field in a case, None where it has none."""
        value = case.parameters.get(("query", self.parameter.name))
        return value.get(self.member) if self.member and isinstance(value, dict) else value

    def put(self, case: Case, value: Any) -> Case:
        """The case with a value of this field."""
        name = self.parameter.name
        if self.member:
            others = case.parameters.get(("query", name), {})
            value = {**others, self.member: value}
        return case.having("query", name, value)


@dataclass(frozen=True, slots=True)
class Member:
    """A scalar or a list of scalars within a body, by its path."""

    path: MemberPath
    facets: Facets

    @property
    def name(self) -> str:
        return ".".join(self.path)


def query_fields(document: Document, operation: Operation) -> Iterator[QueryField]:
    """The fields of the query of an operation."""
    for parameter in operation.parameters:
        if parameter.location != "query" or parameter.schema is None:
            continue
        described = facets(document, parameter.schema)
        if not (described.is_object and described.properties):
            yield _query_field(document, parameter, described)
        elif parameter.style == "deepObject":
            for member, pointers in described.properties.items():
                yield _query_field(document, parameter, facets(document, *pointers), member)


def _query_field(document: Document, parameter: Parameter, described: Facets, member: str = "") -> QueryField:
    items = [described.items] if described.is_array and described.items else []
    single = facets(document, *items) if described.is_array else described
    return QueryField(parameter, described, single, member)


def leaves(document: Document, described: Facets, depth: int, *without: MemberPath) -> Iterator[Member]:
    """The scalars of an object and of the objects within it, but for those at or below some paths."""
    yield from _leaves(document, described, (), depth, without)


def _leaves(
    document: Document, described: Facets, path: MemberPath, depth: int, without: tuple[MemberPath, ...]
) -> Iterator[Member]:
    for name, member in _members(document, described).items():
        inner = (*path, name)
        if inner in without:
            continue
        if not member.is_object:
            yield Member(inner, member)
        elif depth > 1:
            yield from _leaves(document, member, inner, depth - 1, without)


def _members(document: Document, described: Facets) -> dict[str, Facets]:
    """The members of an object in all of its alternatives, with all of their enumerated values."""
    members = {name: facets(document, *pointers) for name, pointers in described.properties.items()}
    for alternative in (pointer for branch in described.branches for pointer in branch):
        for name, pointers in facets(document, alternative).properties.items():
            member = facets(document, *pointers)
            options = (members[name].options, member.options) if name in members else (None, None)
            if name not in members:
                members[name] = member
            elif None not in options:
                both = dict.fromkeys((*(options[0] or ()), *(options[1] or ())))
                members[name] = replace(members[name], options=tuple(both))
    return members


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, whatever its case and separators."""
    return tuple(word.lower() for word in _WORD.findall(name))


def description(document: Document, field: QueryField) -> str:
    """What the document says of a field, in lower case."""
    texts = [_described(document.get(field.parameter.pointer))]
    texts += [_described(document.get(part)) for part in field.facets.parts]
    return " ".join(texts).lower()


def _described(value: Any) -> str:
    text = value.get("description") if isinstance(value, Mapping) else None
    return text if isinstance(text, str) else ""


def spelled(field: QueryField) -> str:
    """The name of a field without case and separators."""
    return plain(field.name)
