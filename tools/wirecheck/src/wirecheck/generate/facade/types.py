"""The classes of a client, and types in its code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

from wirecheck.generate.facade.passwords import OTHER, has_password, is_secret
from wirecheck.generate.facade.text import safe
from wirecheck.generate.names import attribute_names, class_names
from wirecheck.generate.settings import Settings
from wirecheck.shapes import (
    Alias,
    Definition,
    Field,
    ListOf,
    Literals,
    MapOf,
    ModelClass,
    Named,
    Scalar,
    Shape,
    Shapes,
    Union,
    keys_in,
)
from wirecheck.spec import Document

_ARGUMENTS = {
    "datetime": "datetime.datetime | str",
    "date": "datetime.date | str",
    "UUID": "UUID | str",
    "File": "FileTypes",
}
_RESULTS = {
    "datetime": "datetime.datetime",
    "date": "datetime.date",
    "File": "str",  # in JSON; a body that is a file is bytes
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a model, in code."""

    name: str
    type: str
    value: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Class:
    """A model, or an alias of a type, in code; ``text`` is escaped for a docstring."""

    name: str
    text: str
    attributes: Sequence[Attribute] = ()
    hides_others: bool = False  # members without an attribute, since a password may be among them
    type: str | None = None  # of an alias


@dataclass(frozen=True, slots=True)
class Parameters:
    """The TypedDict of an object that is an argument: the type of each member by its name on the wire."""

    name: str
    text: str
    members: Sequence[tuple[str, str]]


class Types:
    """Types in code: of results, and of arguments, which may also be dicts, texts or whatever fits."""

    def __init__(self, document: Document, shapes: Shapes, taken: Iterable[str], settings: Settings) -> None:
        self._document = document
        self._shapes = shapes
        self._taken = frozenset(taken)
        self._keeps_builtins = settings.interface != 1
        has_unset = settings.absent == "unset" or (settings.interface == 1 and settings.absent is None)
        self._absent, self._absent_type = ("UNSET", "Unset") if has_unset else ("None", "None")
        self._arguments: dict[str, None] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The class of each definition, by its key. All shapes must have been read before."""
        return class_names(self._shapes.definitions, self._taken)

    @cached_property
    def _argument_names(self) -> Mapping[str, str]:
        keys = {key: f"{name}Param" for key, name in self.names.items()}
        distinct = class_names(keys.values(), {*self._taken, *self.names.values()})
        return {key: distinct[name] for key, name in keys.items()}

    def result(self, shape: Shape) -> str:
        """The type of a decoded value."""
        match shape:
            case Scalar(name):
                return _RESULTS.get(name, name)
            case Literals(values):
                return f"Literal[{', '.join(map(repr, values))}]"
            case ListOf(item):
                return f"list[{self.result(item)}]"
            case MapOf(value):
                return f"dict[str, {self.result(value)}]"
            case Named(key):
                return self.names[key]
            case Union(members, discriminator):
                joined = " | ".join(self.result(member) for member in members)
                if discriminator is None:
                    return joined
                models = {value: self.names[key] for value, key in discriminator.mapping}
                return f"Annotated[{joined}, Discriminator({discriminator.member!r}, {models!r})]"

    def argument(self, shape: Shape) -> str:
        """The type of a value that is passed."""
        match shape:
            case Scalar(name):
                return _ARGUMENTS.get(name, name)
            case ListOf(item):
                return f"Sequence[{self.argument(item)}]"
            case MapOf(value):
                return f"Mapping[str, {self.argument(value)}]"
            case Named(key) if isinstance(self._definition(key), ModelClass):
                self._arguments[key] = None
                return f"{self._argument_names[key]} | {self.names[key]}"
            case Named(key) if not isinstance(self._alias(key).shape, Literals):
                return self.argument(self._alias(key).shape)
            case Union(members, _):
                return " | ".join(dict.fromkeys(self.argument(member) for member in members))
        return self.result(shape)

    def _definition(self, key: str) -> Definition:
        return self._shapes.definitions[key]

    def _alias(self, key: str) -> Alias:
        definition = self._definition(key)
        assert isinstance(definition, Alias)
        return definition

    @property
    def defined(self) -> frozenset[str]:
        """The names that the modules of models and of arguments define."""
        return frozenset((*self.names.values(), *self._argument_names.values()))

    @cached_property
    def models(self) -> Sequence[Class]:
        """Every class, in the order of the document, and then every alias, after those that it names."""
        definitions = self._shapes.definitions
        aliases = {key: item for key, item in definitions.items() if isinstance(item, Alias)}
        named = {key: [k for k in keys_in(alias.shape) if k in aliases] for key, alias in aliases.items()}
        classes = [key for key in definitions if key not in aliases]
        return [self._class(definitions[key]) for key in (*classes, *TopologicalSorter(named).static_order())]

    @property
    def parameters(self) -> Sequence[Parameters]:
        """The TypedDicts of all arguments. All methods must have been built before."""
        rendered: dict[str, Parameters] = {}
        while missing := [key for key in self._arguments if key not in rendered]:
            for key in missing:
                rendered[key] = self._parameters(key)
        return list(rendered.values())

    def _class(self, definition: Definition) -> Class:
        name, text = self.names[definition.key], safe(definition.description)
        if isinstance(definition, Alias):
            return Class(name, text, type=self.result(definition.shape))
        hides_others = has_password(self._document, definition.pointer, OTHER)
        return Class(name, text, [*self._attributes(definition)], hides_others)

    def _attributes(self, model: ModelClass) -> Iterator[Attribute]:
        """Write-only members are no results."""
        for name, attribute in self.attributes(model).items():
            field = model.fields[name]
            yield Attribute(
                attribute, self._optional(field), self._value(field, name, attribute), safe(field.description)
            )

    def attributes(self, model: ModelClass) -> Mapping[str, str]:
        """The attribute of each member."""
        names = [name for name, field in model.fields.items() if not field.write_only]
        return attribute_names(names, keeps_builtins=self._keeps_builtins)

    def _optional(self, field: Field) -> str:
        type_ = self.result(field.shape)
        if field.required:
            return type_
        absent = self._absent_type
        return type_ if type_ == "Any" or absent in type_.split(" | ") else f"{type_} | {absent}"

    def _value(self, field: Field, name: str, attribute: str) -> str | None:
        default = None if field.required else self._absent
        options = {
            "default": default,
            "name": repr(name) if name != attribute else None,
            "secret": "True" if is_secret(self._document, name, field.schemas) else None,
        }
        if options["name"] is None and options["secret"] is None:
            return default
        return f"_field({', '.join(f'{key}={value}' for key, value in options.items() if value)})"

    def _parameters(self, key: str) -> Parameters:
        model = self._definition(key)
        assert isinstance(model, ModelClass)
        members = [(name, self._member(field)) for name, field in model.fields.items() if not field.read_only]
        return Parameters(self._argument_names[key], safe(model.description), members)

    def _member(self, field: Field) -> str:
        type_ = self.argument(field.shape)
        return f"Required[{type_}]" if field.required else type_
