"""The shapes of schemas, read from a document."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

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
    union,
    without_null,
)
from wirecheck.shapes.parts import Parts, parts_of
from wirecheck.spec import Document, join
from wirecheck.spec.document import target
from wirecheck.words import singular, words

_SHARED = re.compile("/components/(?:responses|requestBodies)/([^/]+)/content/[^/]+/schema")
_SCHEMAS = "/components/schemas/"
_LONGEST_KEY = 120  # characters
_ANNOTATIONS = frozenset(
    (
        *("description", "title", "summary", "default", "example", "examples", "deprecated", "readOnly"),
        *("writeOnly", "externalDocs", "xml", "$comment"),
    )
)
_STRUCTURE = frozenset({"$ref", "allOf", "anyOf", "oneOf", "properties", "items", "additionalProperties"})
_FORMATS = {"date-time": "datetime", "date": "date", "uuid": "UUID", "binary": "File"}
_SCALARS = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_LONGEST_TITLE = 4  # words
_BINARY = ("application/octet-stream", "image/", "audio/", "video/", "application/pdf", "application/zip")


class Shapes:
    """The shapes of a document, and the definitions that they name, by key.

    A key is the name of a component, or is made of the place where a schema stands.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.definitions: dict[str, Definition] = {}
        self._named: dict[tuple[str, ...], Shape] = {}
        self._pending: dict[tuple[str, ...], tuple[str, int]] = {}  # with hint, and models around
        self._recurring: dict[tuple[str, ...], str] = {}  # keys of unions that contain themselves
        self._depth = 0  # of models that are being read
        self._places: dict[str, tuple[str, ...]] = {}

    def of(self, pointer: str, hint: str) -> Shape:
        """The shape of the schema at a pointer; ``hint`` becomes the key of what has no name."""
        return self._of([pointer], hint)

    def fields(self, shape: Shape) -> Mapping[str, Field]:
        """The fields of a model; none for anything else."""
        definition = self.definitions.get(shape.key) if isinstance(shape, Named) else None
        return definition.fields if isinstance(definition, ModelClass) else {}

    def _of(self, pointers: Sequence[str], hint: str) -> Shape:
        described = tuple(dict.fromkeys(pointer for pointer in pointers if self._says_something(pointer)))
        if len(described) != 1:
            return self._defined(described, hint) if described else ANYTHING
        pointer, visited = described[0], {described[0]}
        while (further := self._alone(pointer)) is not None and further not in visited:
            pointer = further
            visited.add(pointer)
        if further is not None:  # a circle
            return ANYTHING
        return self._defined((pointer,), self._component(pointer) or self._shared(pointer) or hint)

    def _says_something(self, pointer: str) -> bool:
        value = self._value(pointer)
        return isinstance(value, dict) and bool(value.keys() - _ANNOTATIONS)

    def _value(self, pointer: str) -> Any:
        try:
            return self._document.get(pointer)
        except KeyError:
            return None

    def _alone(self, pointer: str) -> str | None:
        """Where the schema stands that this one is nothing but a name for."""
        value = self._value(pointer)
        if not isinstance(value, dict):
            return None
        structure = {key for key in value.keys() - _ANNOTATIONS if not key.startswith("x-")}
        if structure == {"$ref"} and isinstance(value["$ref"], str):
            return target(value["$ref"])
        for keyword in ("allOf", "anyOf", "oneOf"):
            if structure == {keyword} and isinstance(value[keyword], list) and len(value[keyword]) == 1:
                return join(pointer, keyword, 0)
        return None

    def _component(self, pointer: str) -> str | None:
        name = pointer.removeprefix(_SCHEMAS)
        return name if pointer.startswith(_SCHEMAS) and "/" not in name else None

    def _shared(self, pointer: str) -> str | None:
        """The name of the response or request body of which this is the schema, if operations share that."""
        match = _SHARED.fullmatch(pointer)
        return match[1] if match and self._value(f"{_SCHEMAS}{match[1]}") is None else None

    def _defined(self, pointers: tuple[str, ...], hint: str) -> Shape:
        """The shape of schemas that all apply; each combination is read once, which ends recursion."""
        if pointers in self._named:
            return self._named[pointers]
        if pointers in self._pending:
            return self._recursive(pointers)
        parts = parts_of(self._document, pointers)
        if covering := self._covering(parts, pointers):
            return self.of(covering, hint)
        self._pending[pointers] = hint, self._depth
        children = self._children(pointers)
        shape = self._read(parts, hint, pointers)
        if children:
            shape = self._subtypes(shape, children, parts)
        self._named[pointers] = shape
        del self._pending[pointers]
        return shape

    def _recursive(self, pointers: tuple[str, ...]) -> Shape:
        """What leads back to a schema that is being read: its name if that is a union around models."""
        hint, depth = self._pending[pointers]
        is_union = bool(parts_of(self._document, pointers).unions)
        if not is_union or depth == self._depth or self._component(pointers[0]) is None:
            return ANYTHING
        self._recurring[pointers] = self._key(hint, pointers)
        return Named(self._recurring[pointers])

    def _covering(self, parts: Parts, pointers: tuple[str, ...]) -> str | None:
        """A component that these schemas include and narrow only in the values of scalars: its model does.

        A component that includes another one has a model of its own where it narrows the type of a member.
        """
        has_name = len(pointers) == 1 and self._component(pointers[0]) is not None
        for pointer in parts.pointers:
            if pointer in pointers or self._component(pointer) is None:
                continue
            covered = parts_of(self._document, [pointer])
            rest = [self._value(other) for other in parts.pointers if other not in covered.pointers]
            if covered.properties and all(_narrows(value, covered, to_types=not has_name) for value in rest):
                return pointer
        return None

    def _read(self, parts: Parts, hint: str, pointers: tuple[str, ...]) -> Shape:
        if (values := parts.enum) is not None:
            return self._alias(_literals(values), parts, hint, pointers)
        if parts.unions and (shape := self._union(parts, hint)) != ANYTHING:
            return self._alias(shape, parts, hint, pointers)
        types = parts.types
        kinds = sorted(types) if types is not None else []
        shapes: list[Shape] = [_scalar(kind, parts) for kind in kinds if kind not in ("object", "array")]
        if parts.is_array:
            shapes.append(self._list(parts, hint))
        if parts.is_object:
            shapes.append(self._object(parts, hint, pointers))
        return union(shapes)

    def _list(self, parts: Parts, hint: str) -> Shape:
        items = parts.described("items")
        return ListOf(self._of(items, singular(hint) or f"{hint} item") if items else ANYTHING)

    def _object(self, parts: Parts, hint: str, pointers: tuple[str, ...]) -> Shape:
        if parts.properties:
            return self._model(parts, hint, pointers)
        values = [*parts.described("additionalProperties"), *parts.pattern_properties]
        shapes = [self._of([value], f"{hint} value") for value in values]
        return MapOf(union(shapes) if shapes else ANYTHING)

    def _model(self, parts: Parts, hint: str, pointers: tuple[str, ...]) -> Shape:
        key = self._key(hint, pointers)
        model = ModelClass(
            key=key,
            pointer=pointers[0],
            description=str(parts.first("description") or ""),
            is_open=not parts.is_closed,
        )
        self.definitions[key] = model
        self._named[pointers] = Named(key)
        self._depth += 1
        model.fields = {
            name: self._field(name, places, name in parts.required, key)
            for name, places in parts.properties.items()
        }
        self._depth -= 1
        return Named(key)

    def _field(self, name: str, pointers: tuple[str, ...], required: bool, key: str) -> Field:
        parts = parts_of(self._document, pointers)
        return Field(
            name=name,
            shape=self._of(pointers, f"{key} {name}"),
            required=required,
            schemas=pointers,
            description=str(parts.first("description") or ""),
            read_only=parts.any_true("readOnly"),
            write_only=parts.any_true("writeOnly"),
        )

    def _alias(self, shape: Shape, parts: Parts, hint: str, pointers: tuple[str, ...]) -> Shape:
        """The shape under a name, if it is one of several things; null stays outside of the name.

        But not if the shape contains itself, which is already named: null and all.
        """
        if pointers in self._recurring:
            return self._define_alias(self._recurring[pointers], shape, parts, pointers)
        inner = without_null(shape)
        if not _deserves_name(inner) and self._component(pointers[0]) is None:
            return shape
        if not isinstance(inner, Union | Literals):
            return shape
        named = self._define_alias(self._key(hint, pointers), inner, parts, pointers)
        return named if inner == shape else union([named, NOTHING])

    def _define_alias(self, key: str, shape: Shape, parts: Parts, pointers: tuple[str, ...]) -> Shape:
        self.definitions[key] = Alias(
            key=key,
            pointer=pointers[0],
            description=str(parts.first("description") or ""),
            shape=self._without_circle(shape, key),
        )
        return Named(key)

    def _without_circle(self, shape: Shape, key: str) -> Shape:
        """The shape of an alias, with the shapes of those aliases in it that lead back to this one."""
        match shape:
            case Named(other) if other == key:
                return ANYTHING
            case Named(other) if self._leads_to(other, key):
                return self._without_circle(self._shape(other), key)
            case ListOf(item):
                return ListOf(self._without_circle(item, key))
            case MapOf(value):
                return MapOf(self._without_circle(value, key))
            case Union(members, discriminator):
                others = [member for member in members if member != Named(key)]
                return union([self._without_circle(member, key) for member in others], discriminator)
        return shape

    def _leads_to(self, key: str, end: str) -> bool:
        return any(other == end or self._leads_to(other, end) for other in keys_in(self._shape(key)))

    def _shape(self, key: str) -> Shape:
        """What an alias stands for; anything for a model, and for what is still being read."""
        definition = self.definitions.get(key)
        return definition.shape if isinstance(definition, Alias) else ANYTHING

    def _key(self, hint: str, pointers: tuple[str, ...]) -> str:
        """The hint, cut off where it is long, with a number where it is the key of something else."""
        hint = hint[:_LONGEST_KEY]
        key, number = hint, 2
        while self._places.setdefault(key, pointers) != pointers:
            key, number = f"{hint} {number}", number + 1
        return key

    # Unions

    def _union(self, parts: Parts, hint: str) -> Shape:
        pointer, members = parts.unions[0]
        base = self._base(parts)
        shapes = [self._member(member, base, hint, number) for number, member in enumerate(members, 1)]
        shapes = [self._without_own_name(shape) for shape in shapes]
        kept = [shape for shape in shapes if shape != ANYTHING] or shapes
        return union(kept, self._discriminator(parts, pointer, members, kept))

    def _without_own_name(self, shape: Shape) -> Shape:
        """The literals of a member of a union, unless they are a component: the union has the name."""
        definition = self.definitions.get(shape.key) if isinstance(shape, Named) else None
        if isinstance(definition, Alias) and self._component(definition.pointer) is None:
            del self.definitions[definition.key]
            self._named[(definition.pointer,)] = definition.shape
            return definition.shape
        return shape

    def _base(self, parts: Parts) -> list[str]:
        """The schemas beside the first union that say what each of its members has, too."""
        has_members = parts.properties or parts.unions[1:]
        return list(parts.pointers) if has_members else []

    def _member(self, pointer: str, base: list[str], hint: str, number: int) -> Shape:
        name = self._component(self._end(pointer))
        name = name or self._title(pointer)
        own = f"{hint} {name or number}" if base or name else f"{hint} type {number}"
        if not base:
            return self._of([pointer], own)
        inner = parts_of(self._document, [pointer])
        if not (inner.is_object or inner.unions):
            return self._of([pointer], own)
        return self._combined(base, pointer, own)

    def _title(self, pointer: str) -> str | None:
        """The title of a schema, if it is a name rather than a sentence."""
        title = self._value(pointer).get("title")
        return title if isinstance(title, str) and 1 <= len(words(title)) <= _LONGEST_TITLE else None

    def _combined(self, base: list[str], pointer: str, hint: str) -> Shape:
        """A member of a union with what stands beside the union; that union itself is not read again."""
        pointers = (*base, pointer)
        if pointers in self._named:
            return self._named[pointers]
        inner = parts_of(self._document, [pointer])
        parts = Parts(self._document, tuple(dict.fromkeys((*base, *inner.pointers))))
        self._named[pointers] = ANYTHING
        shape = self._model(parts, hint, pointers) if parts.properties else ANYTHING
        self._named[pointers] = shape
        return shape

    def _end(self, pointer: str) -> str:
        """Where the chain of schemas ends that are nothing but names for the next one."""
        visited = {pointer}
        while (further := self._alone(pointer)) is not None and further not in visited:
            pointer = further
            visited.add(pointer)
        return pointer

    def _discriminator(
        self, parts: Parts, pointer: str, members: list[str], shapes: list[Shape]
    ) -> Discriminator | None:
        """That of the document, else a member whose only value differs in each of the models."""
        models = [shape for shape in shapes if isinstance(shape, Named) and self._is_model(shape)]
        value = parts.first("discriminator")
        if isinstance(value, dict) and isinstance(name := value.get("propertyName"), str):
            mapping = self._mapping(value, members, shapes)
            return Discriminator(name, tuple(mapping.items())) if mapping else None
        return self._evident(models) if len(models) == len(shapes) > 1 else None

    def _mapping(
        self, discriminator: Mapping[str, Any], members: list[str], shapes: list[Shape]
    ) -> dict[str, str]:
        """The models by the values that name them: as mapped, and as implied for those that are not."""
        mapped = self._mapped(discriminator, members, shapes)
        implied = self._implied(str(discriminator.get("propertyName")), members, shapes)
        return mapped | {name: key for name, key in implied.items() if key not in mapped.values()}

    def _implied(self, member: str, members: list[str], shapes: list[Shape]) -> dict[str, str]:
        """Models by the values of their member, else by the name of their schema."""
        mapping: dict[str, str] = {}
        for pointer, shape in zip(members, shapes, strict=False):
            if isinstance(shape, Named) and self._is_model(shape):
                name = self._component(self._end(pointer))
                values = self._values(shape, member) or ([name] if name else [])
                mapping |= dict.fromkeys(map(str, values), shape.key)
        return mapping

    def _mapped(self, value: Mapping[str, Any], members: list[str], shapes: list[Shape]) -> dict[str, str]:
        by_pointer = {self._end(member): shape for member, shape in zip(members, shapes, strict=False)}
        mapping = {}
        for name, reference in (value.get("mapping") or {}).items():
            shape = by_pointer.get(self._end(_mapping_target(reference)))
            if isinstance(shape, Named):
                mapping[str(name)] = shape.key
        return mapping

    def _evident(self, models: list[Named]) -> Discriminator | None:
        first, *others = (self.fields(model) for model in models)
        for name in first:
            values = [self._values(model, name) for model in models]
            distinct = [value for each in values for value in each]
            if all(values) and all(name in other for other in others) and len({*distinct}) == len(distinct):
                pairs = [(str(v), m.key) for m, each in zip(models, values, strict=True) for v in each]
                return Discriminator(name, tuple(pairs))
        return None

    def _values(self, model: Named, member: str) -> Sequence[str | int | bool]:
        """The values that a member of a model may have, where they are given."""
        if (field := self.fields(model).get(member)) is None or not field.schemas:
            return []
        values = parts_of(self._document, field.schemas).enum or []
        return [value for value in values if isinstance(value, str)]

    def _is_model(self, shape: Named) -> bool:
        return isinstance(self.definitions.get(shape.key), ModelClass)

    # Subtypes: a schema with a discriminator, and those that include it by allOf

    @cached_property
    def _inheriting(self) -> Mapping[str, list[str]]:
        """The components whose allOf includes another one, by that one."""
        children = defaultdict(list)
        schemas = self._document.data.get("components", {}).get("schemas", {})
        for name, schema in schemas.items() if isinstance(schemas, dict) else ():
            members = schema.get("allOf") if isinstance(schema, dict) else None
            for member in members if isinstance(members, list) else ():
                if isinstance(member, dict) and isinstance(member.get("$ref"), str):
                    children[target(member["$ref"])].append(join("/components/schemas", name))
        return children

    def _children(self, pointers: tuple[str, ...]) -> list[str]:
        value = self._value(pointers[0]) if len(pointers) == 1 else None
        if not isinstance(value, dict) or not isinstance(value.get("discriminator"), dict):
            return []
        if "oneOf" in value or "anyOf" in value:
            return []
        return list(self._inheriting.get(pointers[0], ()))

    def _subtypes(self, base: Shape, children: list[str], parts: Parts) -> Shape:
        """The union of a base with all that includes it, by its discriminator."""
        value = parts.first("discriminator")
        member = str(value.get("propertyName"))
        shapes = [self.of(child, child) for child in children]
        members = [shape for shape in shapes if isinstance(shape, Named)]
        mapping = self._mapping(value, children, shapes)
        if not isinstance(base, Named) or not members or not mapping:
            return base
        return union([*members, base], Discriminator(member, tuple(mapping.items())))


def _narrows(value: Mapping[str, Any], parts: Parts, *, to_types: bool) -> bool:
    """Whether a schema adds nothing to a model but conditions for its members, or other scalars as well."""
    structure = {key for key in value.keys() - _ANNOTATIONS if not key.startswith("x-")}
    properties = value.get("properties", {})
    return (
        structure <= {"$ref", "allOf", "type", "properties", "required"}
        and value.get("type", "object") == "object"
        and isinstance(properties, dict)
        and properties.keys() <= parts.properties.keys()
        and set(value.get("required", ())) <= parts.required
        and all(isinstance(member, dict) and not member.keys() & _STRUCTURE for member in properties.values())
        and (to_types or not any(_has_other_type(*each, parts) for each in properties.items()))
    )


def _has_other_type(name: str, member: Mapping[str, Any], parts: Parts) -> bool:
    """Whether a schema narrows a member of a model so that it has another type in Python."""
    if member.keys() & {"enum", "const", "format"}:
        return True
    types = member.get("type")
    if types is None:
        return False
    covered = parts_of(parts.document, parts.properties[name])
    return covered.types != frozenset([types] if isinstance(types, str) else types)


def _deserves_name(shape: Shape) -> bool:
    """Whether an unnamed schema is worth a name: a choice of values, or of models."""
    if isinstance(shape, Literals):
        return len(shape.values) > 1
    return isinstance(shape, Union) and any(isinstance(member, Named) for member in shape.members)


def _mapping_target(reference: Any) -> str:
    """The pointer of a schema in a mapping: a reference, or the name of a component."""
    text = str(reference)
    return target(text) if text.startswith("#") else f"{_SCHEMAS}{text.rpartition('/')[2].partition('.')[0]}"


def _scalar(kind: str, parts: Parts) -> Scalar:
    if kind in _SCALARS:
        return Scalar(_SCALARS[kind])
    media_type, encoding = parts.first("contentMediaType"), parts.first("contentEncoding")
    if isinstance(media_type, str) and media_type.startswith(_BINARY) and not encoding:
        return Scalar("File")
    return Scalar(_FORMATS.get(str(parts.first("format")), "str"))


def _literals(values: list[Any]) -> Shape:
    """The shape of an enum: literals, as far as Python has them, else the types of its values."""
    literals = tuple(value for value in values if isinstance(value, str | int))
    kinds = {type(value) for value in values if not isinstance(value, str | int)}
    shapes: list[Shape] = [Literals(literals)] if literals and float not in kinds else []
    if float in kinds:
        shapes.append(Scalar("float"))
    if dict in kinds:
        shapes.append(MapOf(ANYTHING))
    if list in kinds:
        shapes.append(ListOf(ANYTHING))
    if type(None) in kinds:
        shapes.append(NOTHING)
    return union(shapes)
