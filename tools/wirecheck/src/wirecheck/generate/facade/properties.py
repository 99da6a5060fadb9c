"""Properties, as the generator calls whatever has a type."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from wirecheck.generate.names import fields

if TYPE_CHECKING:
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol


def type_of(one: "Property") -> str:
    return one.get_type_string().as_unembedded_code()


def union(several: "Iterable[Property]") -> str:
    """The type of what is one of them."""
    return " | ".join(dict.fromkeys(map(type_of, several)))


def imports(one: "Property") -> set[str]:
    """The lines that its type needs."""
    return one.get_imports(prefix=".") | one.get_lazy_imports(prefix=".")


def walked(whole: "Property", path: Sequence[str]) -> "tuple[tuple[str, ...], Property]":
    """The attributes that lead along a path of names on the wire, and the property at its end."""
    from openapi_python_client.parser.properties import ModelProperty

    names: list[str] = []
    end = whole
    for name in path:
        inside = fields(end) if isinstance(end, ModelProperty) else []
        found = next((one for one in inside if one.name == name), None)
        if found is None:
            return (), whole
        names.append(str(found.python_name))
        end = found
    return tuple(names), end


def list_in(one: "Property | PropertyProtocol") -> Any:
    """The list that a property is, or may be beside null; None if it is another thing."""
    from openapi_python_client.parser.properties.list_property import ListProperty
    from openapi_python_client.parser.properties.none import NoneProperty
    from openapi_python_client.parser.properties.union import UnionProperty

    if isinstance(one, UnionProperty):
        rest = [inner for inner in one.inner_properties if not isinstance(inner, NoneProperty)]
        return list_in(rest[0]) if len(rest) == 1 else None
    return one if isinstance(one, ListProperty) else None
