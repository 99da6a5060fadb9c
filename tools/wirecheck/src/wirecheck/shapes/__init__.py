"""What the schemas of a document are in Python: models, unions, lists, and scalars."""

from wirecheck.shapes.kinds import (
    ANYTHING,
    NOTHING,
    Alias,
    Definition,
    Discriminator,
    Field,
    ListOf,
    Literals,
    MapOf,
    ModelClass,
    Named,
    Scalar,
    Shape,
    Union,
    keys_in,
)
from wirecheck.shapes.reading import Shapes

__all__ = [
    "ANYTHING",
    "NOTHING",
    "Alias",
    "Definition",
    "Discriminator",
    "Field",
    "ListOf",
    "Literals",
    "MapOf",
    "ModelClass",
    "Named",
    "Scalar",
    "Shape",
    "Shapes",
    "Union",
    "keys_in",
]
