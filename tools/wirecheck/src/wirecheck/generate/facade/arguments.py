"""The arguments of a method."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.generate.facade.code import quoted, spelled
from wirecheck.shapes import (
    Alias,
    ListOf,
    Literals,
    MapOf,
    ModelClass,
    Named,
    Scalar,
    Shape,
    Shapes,
    Union,
)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method, in code; ``text`` is not escaped.

    ``default`` is None where the argument is required. ``example`` is a value to call the method with,
    None where the document has none for what is no scalar.
    """

    name: str
    type: str
    default: str | None
    text: str
    example: str | None = None

    @property
    def declaration(self) -> str:
        return f"{self.name}: {self.type}" + ("" if self.default is None else f" = {self.default}")


def default_of(shape: Shape, required: bool) -> str | None:
    """The default of an argument: UNSET, or the only value that a required one may have."""
    if not required:
        return "UNSET"
    if isinstance(shape, Literals) and len(shape.values) == 1:
        return repr(shape.values[0])
    return None


def example_of(shapes: Shapes, shape: Shape, name: str, examples: Sequence[Any]) -> str | None:
    """A value of the document, or a scalar that is made up, in code; None where there is neither."""
    match shape:
        case ListOf() | MapOf():
            return _whole(examples, list if isinstance(shape, ListOf) else dict)
        case Named(key) if isinstance(shapes.definitions[key], ModelClass):
            return _whole(examples, dict)
        case Union(members, _):
            return next(
                (value for each in members if (value := example_of(shapes, each, name, examples))), None
            )
        case Named(key) if isinstance(alias := shapes.definitions[key], Alias):
            return example_of(shapes, alias.shape, name, examples)
        case Literals(values):
            literal = next((example for example in examples if example in values), min(values, key=str))
            return quoted(literal) if isinstance(literal, str) else repr(literal)
        case Scalar(kind):
            return _scalar(kind, name, examples)
    return None


def _scalar(kind: str, name: str, examples: Sequence[Any]) -> str | None:
    if kind in ("str", "datetime", "date", "UUID"):
        return quoted(_first(examples, (str,), name))
    makers: dict[str, Callable[[], Any]] = {
        "bool": lambda: True,
        "int": lambda: _first(examples, (int,), 1),
        "float": lambda: _first(examples, (int, float), 1.0),
    }
    return repr(makers[kind]()) if kind in makers else None


def _whole(examples: Sequence[Any], kind: type) -> str | None:
    """The first example that is a list, or an object."""
    return next((spelled(example) for example in examples if type(example) is kind and example), None)


def _first(examples: Sequence[Any], types: tuple[type, ...], default: Any) -> Any:
    """The first example of a type; a boolean is not a number."""
    return next((example for example in examples if type(example) in types), default)
