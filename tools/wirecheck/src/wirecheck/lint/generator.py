"""The rule about what `wirecheck generate` cannot carry into a client, or could type better."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from wirecheck import decode
from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity
from wirecheck.shapes import (
    ANYTHING,
    Alias,
    Field,
    ListOf,
    Literals,
    MapOf,
    ModelClass,
    Named,
    Shape,
    Shapes,
    Union,
)
from wirecheck.shapes.parts import Parts, parts_of
from wirecheck.spec import Document, MediaType, Operation, join
from wirecheck.spec.losses import document_losses, without_missing


@rule(
    Severity.WARNING,
    Ruleset.CLIENT,
    why="""\
    `wirecheck generate` makes a client of any document. An operation that cannot be sent as the document
    means it is missing in the client, which is an error. Other parts that cannot be used are untyped or
    not sent, and a value of which the document says too little is Any: type checkers and editors then
    know nothing of it. The rule set is off by default, because it does not concern documents from which
    no client is generated.""",
    bad="""\
    paths: {}
    components:
      schemas:
        Book:
          type: object
          properties:
            title: {description: The title., maxLength: 100}
    """,
    good="""\
    paths: {}
    components:
      schemas:
        Book:
          type: object
          properties:
            title: {description: The title., type: string, maxLength: 100}
    """,
)
def generator_keeps(context: Context) -> Iterator[Flaw]:
    """`wirecheck generate` keeps every operation of the document, and knows the type of every value.

    An operation that cannot be generated is an error, with the reason for it. An operation that has
    neither operationId nor tag is only mentioned: its method is named by its path.
    """
    document = context.document
    missing, partial = document_losses(document, context.spec.operations)
    for loss in missing:
        what = f"{loss.operation} cannot be generated: {loss.reason}"
        yield Flaw(loss.origin.pointer, what, Severity.ERROR, loss.origin)
    for loss in partial:
        yield Flaw(loss.origin.pointer, f"the client does without this: {loss.reason}", origin=loss.origin)
    reading = _Reading(document)
    for operation in without_missing(context.spec.operations, missing):
        yield from reading.operation(operation)
        yield from _unnamed(document, operation)
    yield from reading.components()


def _unnamed(document: Document, operation: Operation) -> Iterator[Flaw]:
    if not {"operationId", "tags", "x-resource"} & document.get(operation.pointer).keys():
        what = "an operation with neither operationId nor tag is named by its path"
        yield Flaw(operation.pointer, what, Severity.INFO)


class _Reading:
    """The schemas of a document as the generator reads them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._shapes = Shapes(document)
        self._unusable = {place for each in document.problems for place in (each.pointer, *each.also)}
        self._received: list[Shape] = []
        for name in document.data.get("components", {}).get("schemas", {}):
            self._shapes.of(join("/components/schemas", name), name)

    def operation(self, operation: Operation) -> Iterator[Flaw]:
        """What is untyped in the requests and responses of an operation."""
        for parameter in operation.parameters:
            if parameter.schema:
                yield from self._untyped((parameter.schema,), operation.name)
        for media in operation.request_body.content if operation.request_body else ():
            yield from self._body(media, operation.name)
        for response in operation.responses:
            for media in response.content:
                yield from self._body(media, operation.name)
                self._received += [self._shapes.of(schema, operation.name) for schema in _schemas(media)]

    def components(self) -> Iterator[Flaw]:
        """What is untyped in models, and which of them are hard to tell apart."""
        for name in self._document.data.get("components", {}).get("schemas", {}):
            yield from self._untyped((join("/components/schemas", name),), name)
        received = self._reached(self._received)
        for key, definition in [*self._shapes.definitions.items()]:
            if isinstance(definition, ModelClass):
                for field in definition.fields.values():
                    yield from self._untyped(field.schemas, key)
            elif key in received:
                yield from self._alike(definition)

    def _body(self, media: MediaType, hint: str) -> Iterator[Flaw]:
        for schema in _schemas(media):
            yield from self._untyped((schema,), hint)
        is_json = decode.is_json(decode.essence(media.name))
        if is_json and not _schemas(media) and media.pointer not in self._unusable:
            yield Flaw(media.pointer, "a body without a schema is Any")

    def _untyped(self, schemas: tuple[str, ...], hint: str) -> Iterator[Flaw]:
        """The flaw of schemas that together say something of a value, but not its type, nor of its items."""
        parts = self._innermost(schemas)
        if len(parts.pointers) != 1 or parts.pointers[0] in self._unusable:
            return
        [pointer], [value] = parts.pointers, parts.values
        is_told = value.keys() - {"title"} and "type" not in value  # else any value is meant, or none
        if is_told and self._shapes.of(pointer, hint) == ANYTHING:
            yield Flaw(pointer, "a schema without `type` is Any")
        elif parts.is_array and not {"items", "prefixItems"} & value.keys():
            yield Flaw(pointer, "an array without `items` is a list of Any")

    def _innermost(self, schemas: tuple[str, ...]) -> Parts:
        """The schemas of the items where a value is an array, of their items where they are arrays."""
        parts, visited = parts_of(self._document, schemas), {schemas}
        while parts.types in (None, {"array"}) and (items := tuple(parts.described("items"))):
            if items in visited:
                break
            visited.add(items)
            parts = parts_of(self._document, items)
        return parts

    # Unions

    def _reached(self, shapes: list[Shape]) -> set[str]:
        """The keys of the definitions that values of some shapes may contain."""
        pending, keys = [*shapes], set[str]()
        while pending:
            match pending.pop():
                case ListOf(inner) | MapOf(inner):
                    pending.append(inner)
                case Union(members, _):
                    pending += members
                case Named(key) as named if key not in keys:
                    keys.add(key)
                    alias = self._alias(named)
                    pending += [alias.shape] if alias else []
                    pending += [field.shape for field in self._shapes.fields(named).values()]
        return keys

    def _alike(self, alias: Alias) -> Iterator[Flaw]:
        """The flaw of a union in which objects of one model may be those of another."""
        if not isinstance(alias.shape, Union) or alias.shape.discriminator:
            return
        models = [member.key for member in alias.shape.members if isinstance(member, Named)]
        for one, other in combinations(models, 2):
            if self._is_part(one, other) or self._is_part(other, one):
                what = f"objects may be {one} as well as {other}, and the client guesses"
                hint = "a discriminator tells them apart, or a member with a const of its own"
                yield Flaw(alias.pointer, f"{what}: {hint}")
                return

    def _is_part(self, one: str, other: str) -> bool:
        """Whether an object with all members of one model is one of another model as well."""
        members, others = self._members(one), self._members(other)
        if not members or not members.keys() <= others.keys():
            return False
        required = {name for name, field in others.items() if field.required}
        return required <= members.keys() and not any(
            self._differ(field, others[name]) for name, field in members.items()
        )

    def _members(self, key: str) -> Mapping[str, Field]:
        fields = self._shapes.fields(Named(key))
        return {name: field for name, field in fields.items() if not field.write_only}

    def _alias(self, shape: Shape) -> Alias | None:
        definition = self._shapes.definitions.get(shape.key) if isinstance(shape, Named) else None
        return definition if isinstance(definition, Alias) else None

    def _differ(self, one: Field, other: Field) -> bool:
        values = (self._values(one), self._values(other))
        return all(values) and values[0].isdisjoint(values[1])

    def _values(self, field: Field) -> frozenset[str | int | bool]:
        """The values of a required member that has only some."""
        alias = self._alias(field.shape)
        shape = alias.shape if alias else field.shape
        return frozenset(shape.values) if isinstance(shape, Literals) and field.required else frozenset()


def _schemas(media: MediaType) -> list[str]:
    """The schemas of a body in JSON or a form, or of its items; others are texts and files."""
    kind = decode.essence(media.name)
    is_described = decode.is_json(kind) or kind in (decode.FORM, decode.MULTIPART)
    schemas = (media.schema if is_described else None, media.item_schema)
    return [schema for schema in schemas if schema]
