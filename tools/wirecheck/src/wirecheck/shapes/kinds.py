"""The kinds of shapes, and the definitions that they name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without members, by its type in Python; ``File`` stands for the bytes of a file."""

    type: str


@dataclass(frozen=True, slots=True)
class Literals:
    """One of some strings, integers and booleans."""

    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose members have any names."""

    value: "Shape"


@dataclass(frozen=True, slots=True)
class Named:
    """A definition, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Discriminator:
    """The member whose value names a model; ``mapping`` has the key of each."""

    member: str
    mapping: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Union:
    """One of some shapes, of which none is a union."""

    members: tuple["Shape", ...]
    discriminator: Discriminator | None = None


Shape = Scalar | Literals | ListOf | MapOf | Named | Union

ANYTHING, NOTHING = Scalar("Any"), Scalar("None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of a model. ``schemas`` are the pointers that describe it."""

    name: str
    shape: Shape
    required: bool
    schemas: tuple[str, ...]
    description: str = ""
    read_only: bool = False
    write_only: bool = False


@dataclass(slots=True, kw_only=True)
class ModelClass:
    """An object with named members. ``pointer`` is its schema."""

    key: str
    pointer: str
    description: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    is_open: bool = True  # members with other names are possible


@dataclass(slots=True, kw_only=True)
class Alias:
    """A union or an enum with a name."""

    key: str
    pointer: str
    description: str = ""
    shape: Shape = ANYTHING


Definition = ModelClass | Alias


def union(shapes: "Iterator[Shape] | list[Shape]", discriminator: Discriminator | None = None) -> Shape:
    """The union of shapes: flat, without doubles, null last; anything where one of them is anything."""
    members: dict[Shape, None] = {}
    for shape in shapes:
        inner = shape.members if isinstance(shape, Union) else (shape,)
        members |= dict.fromkeys(inner)
        if isinstance(shape, Union):
            discriminator = discriminator or shape.discriminator
    if ANYTHING in members:
        return ANYTHING
    members = _joined_literals(list(members))
    if NOTHING in members:
        members = {member: None for member in members if member != NOTHING} | {NOTHING: None}
    if len(members) == 1:
        return next(iter(members))
    return Union(tuple(members), discriminator) if members else ANYTHING


def _joined_literals(shapes: list[Shape]) -> dict[Shape, None]:
    """The members with all literals in one."""
    values = dict.fromkeys(
        (type(value), value) for shape in shapes if isinstance(shape, Literals) for value in shape.values
    )
    literals = Literals(tuple(value for _, value in values))
    return dict.fromkeys(literals if isinstance(shape, Literals) else shape for shape in shapes)


def keys_in(shape: Shape) -> Iterator[str]:
    """The keys of the definitions that a shape names itself."""
    match shape:
        case Named(key):
            yield key
        case ListOf(inner) | MapOf(inner):
            yield from keys_in(inner)
        case Union(members, _):
            for member in members:
                yield from keys_in(member)


def is_nullable(shape: Shape) -> bool:
    return shape == NOTHING or (isinstance(shape, Union) and NOTHING in shape.members)


def without_null(shape: Shape) -> Shape:
    """The same shape where it is not null."""
    if isinstance(shape, Union):
        return union([member for member in shape.members if member != NOTHING], shape.discriminator)
    return shape
