"""What the schemas of a document are in Python: models, unions, lists, and scalars.

``Shapes`` reads them from the document; `annotations` writes them as code.
"""

from wirecheck.generate.shapes.kinds import (
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
)
from wirecheck.generate.shapes.reading import Shapes

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
]
