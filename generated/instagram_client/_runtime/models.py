"""Models: objects of the API with typed attributes, decoded from JSON by their annotations."""

from __future__ import annotations

import datetime as datetime_module
import enum
import json
import operator
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, reduce
from os import PathLike
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar, dataclass_transform

from .moments import read_moment, written_moment
from .unset import UNSET, Unset

M = TypeVar("M", bound="Model")
F = TypeVar("F", bound=Callable[..., Any])
Converter = Callable[[Any], Any]

_OTHERS = "additional_properties"
_MISSING: Any = object()


class Discriminator:
    """In an annotation: the member whose value names the model, and the model for each value."""

    __slots__ = ("member", "models")

    def __init__(self, member: str, models: Mapping[str, str]) -> None:
        self.member = member
        self.models = models


class _FieldOptions(NamedTuple):
    default: Any
    name: str | None
    secret: bool


def field(*, default: Any = _MISSING, name: str | None = None, secret: bool = False) -> Any:
    """An attribute with the name of its member on the wire, or one that no repr shows."""
    return _FieldOptions(default, name, secret)


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class Model:
    """An object of the API. A value that is absent reads as the default of its attribute.

    Members that the document does not name are in ``additional_properties``, and can be read as attributes.
    """

    _wire_names: ClassVar[dict[str, str]] = {}
    _secrets: ClassVar[frozenset[str]] = frozenset()
    _required: ClassVar[frozenset[str]] = frozenset()
    _attributes: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, hides_others: bool = False) -> None:
        attributes = tuple(cls.__annotations__) if "__annotations__" in vars(cls) else ()
        options = {
            name: value
            if isinstance(value := cls.__dict__.get(name, _MISSING), _FieldOptions)
            else _FieldOptions(value, None, False)
            for name in attributes
        }
        cls._attributes = attributes
        cls._wire_names = {
            name: option.name for name, option in options.items() if option.name is not None
        }
        cls._secrets = frozenset(name for name, option in options.items() if option.secret)
        if hides_others:
            cls._secrets |= {_OTHERS}
        cls._required = frozenset(
            name for name, option in options.items() if option.default is _MISSING
        )
        for name, option in options.items():
            if option.default is not _MISSING:
                setattr(cls, name, option.default)
            elif name in cls.__dict__:
                delattr(cls, name)

    def __init__(self, /, **values: Any) -> None:
        if unknown := values.keys() - {*self._attributes}:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        if missing := self._required - values.keys():
            raise TypeError(f"{type(self).__name__} requires {', '.join(sorted(missing))}")
        self.__dict__.update(values)

    if not typing.TYPE_CHECKING:  # otherwise type checkers would accept any attribute

        def __getattr__(self, name: str) -> Any:
            if name == _OTHERS:
                return self.__dict__.setdefault(_OTHERS, {})
            others = self.__dict__.get(_OTHERS, {})
            if name[:2] != "__" and name in others:
                return others[name]
            raise AttributeError(f"{type(self).__name__} has no {name}")

    else:
        additional_properties: dict[str, Any]

    @classmethod
    def from_dict(cls: type[M], src_dict: Mapping[str, Any]) -> M:
        """Raises KeyError for a missing member, TypeError or ValueError for what has another type."""
        model: M = _model_decoder(cls)(dict(src_dict))
        return model

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON: what is absent is not in it, what is null is None."""
        members = dict(self.__dict__.get(_OTHERS, {}))
        for name, value in self.__dict__.items():
            if name != _OTHERS and value is not UNSET:
                members[self._wire_names.get(name, name)] = plain(value)
        return members

    def to_json(self, *, indent: int | None = None) -> str:
        """The same as a JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @property
    def fields_set(self) -> frozenset[str]:
        """The attributes that are not absent: they have a value, or are null."""
        return frozenset(name for name, value in self._present())

    def _present(self) -> Iterator[tuple[str, Any]]:
        for name in self._attributes:
            if (value := self.__dict__.get(name, UNSET)) is not UNSET:
                yield name, value

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        others = self.__dict__.get(_OTHERS) or {}, other.__dict__.get(_OTHERS) or {}
        return others[0] == others[1] and dict(self._present()) == dict(other._present())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = [
            f"{name}={value!r}" for name, value in self._present() if name not in self._secrets
        ]
        if (others := self.__dict__.get(_OTHERS)) and _OTHERS not in self._secrets:
            shown.append(f"{_OTHERS}={others!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


# From JSON


def _of_class(function: F) -> F:
    """A cache that does not mind that models have no hashes; their classes have."""
    return typing.cast(F, cache(function))


def decode(annotation: str, value: Any) -> Any:
    """A value of JSON as an annotation in terms of ``models`` says.

    Raises KeyError for a missing member, TypeError or ValueError for what has another type.
    """
    convert = _annotated(annotation)
    return value if convert is None else convert(value)


@cache
def _annotated(annotation: str) -> Converter | None:
    return _decoder(_type(annotation))


def _type(annotation: str) -> Any:
    """The type that an annotation in ``models`` means."""
    return eval(annotation, _namespace())


@cache
def _namespace() -> dict[str, Any]:
    from importlib import import_module
    from uuid import UUID

    return _TYPES | {"UUID": UUID} | vars(import_module("..models", __package__))


@_of_class
def _types(model: type[Model]) -> dict[str, Any]:
    """The types of the attributes of a model."""
    return {name: _type(model.__annotations__[name]) for name in model._attributes}


def _decoder(kind: Any) -> Converter | None:
    """What converts a value of JSON to a type; None where it stays as it is."""
    if kind in _scalars():
        return _scalars()[kind]
    if _is_model(kind):
        return _model_decoder(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _annotated_decoder(*arguments)
    if origin is list:
        return _list_decoder(_decoder(arguments[0]))
    if origin is dict:
        return _map_decoder(_decoder(arguments[1]))
    if origin in (typing.Union, types.UnionType):
        return _union_decoder(arguments)
    return None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _annotated_decoder(kind: Any, *annotations: Any) -> Converter | None:
    discriminator = next((each for each in annotations if isinstance(each, Discriminator)), None)
    return _decoder(kind) if discriminator is None else _discriminated(kind, discriminator)


def _list_decoder(item: Converter | None) -> Converter | None:
    if item is None:
        return None

    def decode_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError(f"{_kind(value)} is not a list")
        return [item(each) for each in value]

    return decode_list


def _map_decoder(convert: Converter | None) -> Converter:
    def decode_map(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise TypeError(f"{_kind(value)} is not an object")
        if convert is None:
            return value
        return {key: convert(each) for key, each in value.items()}

    return decode_map


@_of_class
def _model_decoder(cls: type[Model]) -> Converter:
    """What makes a model of an object; its parts are converted, and what has no attribute is kept aside."""
    decoder: Converter | None = None

    def first(members: Any) -> Any:
        """Written on first use, since models may contain each other."""
        nonlocal decoder
        decoder = decoder or _written_decoder(cls)
        return decoder(members)

    return first


@_of_class
def _written_decoder(cls: type[Model]) -> Converter:
    """The decoder of a model, written out for its members: nothing that is general is half as fast."""
    wire = {name: cls._wire_names.get(name, name) for name in cls._attributes}
    scope: dict[str, Any] = {
        "cls": cls,
        "new": cls.__new__,
        "kind": _kind,
        "known": frozenset(wire.values()),
    }
    required, optional = [], []
    for attribute, hint in _types(cls).items():
        name = repr(wire[attribute])
        value = _written_value(f"members[{name}]", hint, scope)
        if attribute in cls._required:
            required.append(f"{attribute!r}: {value}")
        else:
            optional += [f"    if {name} in members:", f"        values[{attribute!r}] = {value}"]
    others = "{name: value for name, value in members.items() if name not in known}"
    lines = [
        "def from_dict(members, cls=cls, new=new):",
        "    if members.__class__ is not dict:",
        "        raise TypeError(f'{kind(members)} is not an object')",
        f"    values = {{{', '.join(required)}}}",
        *optional,
        "    if len(values) != len(members):",
        f"        values[{_OTHERS!r}] = {others}",
        "    model = new(cls)",
        "    model.__dict__ = values",
        "    return model",
    ]
    exec("\n".join(lines), scope)
    decoder: Converter = scope["from_dict"]
    return decoder


def _written_value(value: str, hint: Any, scope: dict[str, Any]) -> str:
    """The expression that converts a value; what it calls is put into the scope."""
    kind, is_nullable = _without_null(hint)
    name = f"convert_{len(scope)}"
    scope[name] = _late(scope, name, kind) if _is_model(kind) else _decoder(kind)
    if scope[name] is None:
        return value
    return (
        f"None if (value := {value}) is None else {name}(value)"
        if is_nullable
        else f"{name}({value})"
    )


def _late(scope: dict[str, Any], name: str, cls: type[Model]) -> Converter:
    """What the decoder of a model replaces on first use, since models may contain each other."""

    def first(members: Any) -> Any:
        scope[name] = _written_decoder(cls)
        return scope[name](members)

    return first


def _without_null(kind: Any) -> tuple[Any, bool]:
    """A type without None and Unset, if something else is left of it, and whether it has None."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind, False
    arguments = typing.get_args(kind)
    rest = tuple(argument for argument in arguments if argument not in (type(None), Unset))
    return (reduce(operator.or_, rest) if rest else kind), type(None) in arguments


def _discriminated(kind: Any, discriminator: Discriminator) -> Converter:
    """By the value of a member; an object with another value is a Model without attributes of its own."""
    member, any_of = discriminator.member, _decoder(kind)
    named = {value: _namespace()[name] for value, name in discriminator.models.items()}
    models = {
        value: _model_decoder(each) if isinstance(each, type) else any_of  # one of several models
        for value, each in named.items()
    }
    is_nullable = type(None) in typing.get_args(kind)

    def decode_by_member(value: Any) -> Any:
        if isinstance(value, dict):
            name = value.get(member, _MISSING)
            if name is not _MISSING and str(name) not in models:
                return _unknown(value)
            convert = any_of if name is _MISSING else models[str(name)]
            return convert(value) if convert else value
        if value is None and is_nullable:
            return None
        return any_of(value) if any_of else value

    return decode_by_member


def _unknown(members: dict[str, Any]) -> Model:
    model = Model()
    model.additional_properties.update(members)
    return model


def _union_decoder(kinds: Sequence[Any]) -> Converter | None:
    """By the first alternative that fits, of models by that with the most members in common."""
    rest = [kind for kind in kinds if kind not in (type(None), Unset)]
    is_nullable = len(rest) < len(kinds)
    models = [kind for kind in rest if isinstance(kind, type) and issubclass(kind, Model)]
    others = {kind: _decoder(kind) for kind in rest if kind not in models}
    if not models and not any(others.values()):
        return None
    if len(rest) == 1 and (convert := _decoder(rest[0])):
        return _optional(convert)
    return _alternatives(models, others, is_nullable)


def _alternatives(
    models: Sequence[type[Model]], others: Mapping[Any, Converter | None], is_nullable: bool
) -> Converter:
    converters = [converter for converter in others.values() if converter is not None]
    unconverted = [kind for kind, converter in others.items() if converter is None]
    takes_lists = any(typing.get_origin(kind) is list for kind in unconverted)
    takes_scalars = any(typing.get_origin(kind) is not list for kind in unconverted)

    def decode_union(value: Any) -> Any:
        if value is None and is_nullable:
            return None
        reason: Exception = TypeError(f"{_kind(value)} has none of the expected types")
        candidates = _by_fitness(models, value) if isinstance(value, dict) else []
        for convert in (*(_model_decoder(model) for model in candidates), *converters):
            try:
                return convert(value)
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
        if (
            takes_lists
            if isinstance(value, list)
            else takes_scalars and not isinstance(value, dict)
        ):
            return value
        raise reason

    return decode_union


def _optional(convert: Converter) -> Converter:
    return lambda value: None if value is None else convert(value)


def _by_fitness(models: Sequence[type[Model]], value: dict[str, Any]) -> list[type[Model]]:
    """The models, first those whose literals are right and that have most of the members."""

    def misfit(model: type[Model]) -> tuple[int, int]:
        names = {model._wire_names.get(name, name) for name in model._attributes}
        wrong = sum(
            value[name] not in values for name, values in _literals(model).items() if name in value
        )
        return wrong, -len(names & value.keys())

    return sorted(models, key=misfit)


@_of_class
def _literals(model: type[Model]) -> dict[str, tuple[Any, ...]]:
    """The members that are one of some values."""
    hints = _types(model)
    return {
        model._wire_names.get(name, name): typing.get_args(hint)
        for name in model._attributes
        if typing.get_origin(hint := hints[name]) is Literal
    }


def _moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise TypeError(f"{_kind(value)} is not a date-time")
    return read_moment(value)


def _date(value: Any) -> date:
    if not isinstance(value, str):
        raise TypeError(f"{_kind(value)} is not a date")
    return date.fromisoformat(value[:10])


@cache
def _scalars() -> dict[Any, Converter | None]:
    from uuid import UUID  # late, since few clients have any

    def uuid(value: Any) -> UUID:
        if not isinstance(value, str):
            raise TypeError(f"{_kind(value)} is not a UUID")
        return UUID(value)

    plain_types = (str, int, float, bool, type(None), Any, bytes)
    return {datetime: _moment, date: _date, UUID: uuid, **dict.fromkeys(plain_types)}


_TYPES: dict[str, Any] = {
    "Annotated": typing.Annotated,
    "Any": Any,
    "Discriminator": Discriminator,
    "Literal": Literal,
    "Unset": Unset,
    "datetime": datetime_module,
}


def _kind(value: Any) -> str:
    """What kind of JSON a value is, for messages."""
    kinds = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        type(None): "null",
    }
    return kinds.get(type(value), "a number")


# To JSON


def plain(value: Any) -> Any:
    """A value as JSON has it: models and moments become objects and texts; files stay as they are."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items() if member is not UNSET}
    if isinstance(value, datetime):
        return written_moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if type(value).__module__ == "uuid":
        return str(value)
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, list | set | frozenset) or _is_sequence(value):
        return [plain(item) for item in value]
    return value


def _is_sequence(value: Any) -> bool:
    """Whether this is a sequence of values; bytes are not, nor is the tuple of a file with its name."""
    if isinstance(value, tuple):
        return not any(
            isinstance(item, bytes | PathLike) or hasattr(item, "read") for item in value
        )
    return isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview)
