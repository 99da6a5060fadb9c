"""Properties: the generator's objects for anything that has a type."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from wirecheck.generate.names import fields

if TYPE_CHECKING:
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol


def type_of(member: "Property") -> str:
    return member.get_type_string().as_unembedded_code()


def union(members: "Iterable[Property]") -> str:
    """The union of their types."""
    return " | ".join(dict.fromkeys(map(type_of, members)))


def imports(member: "Property") -> set[str]:
    """The import statements that its type requires."""
    return member.get_imports(prefix=".") | member.get_lazy_imports(prefix=".")


def walk_path(root: "Property", path: Sequence[str]) -> "tuple[tuple[str, ...], Property]":
    """Follow a path of names on the wire: the attributes along it, and the property at its end."""
    from openapi_python_client.parser.properties import ModelProperty

    attributes: list[str] = []
    current = root
    for name in path:
        members = fields(current) if isinstance(current, ModelProperty) else []
        member = next((member for member in members if member.name == name), None)
        if member is None:
            return (), root
        attributes.append(str(member.python_name))
        current = member
    return tuple(attributes), current


def list_in(member: "Property | PropertyProtocol") -> Any:
    """The list property that this is, or is the only alternative to null of; None otherwise."""
    from openapi_python_client.parser.properties.list_property import ListProperty
    from openapi_python_client.parser.properties.none import NoneProperty
    from openapi_python_client.parser.properties.union import UnionProperty

    if isinstance(member, UnionProperty):
        rest = [inner for inner in member.inner_properties if not isinstance(inner, NoneProperty)]
        return list_in(rest[0]) if len(rest) == 1 else None
    return member if isinstance(member, ListProperty) else None
