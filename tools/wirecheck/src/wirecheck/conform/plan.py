"""The plan of a conformance run: what is derived from a document, as a value. Nothing is sent for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wirecheck.conform.listing import listing
from wirecheck.conform.outcome import Requirement
from wirecheck.conform.things import derived_resources
from wirecheck.conform.values import Values
from wirecheck.engine import engines
from wirecheck.model import Side
from wirecheck.resources import Resource, resources
from wirecheck.samples import Samples
from wirecheck.spec import Operation, Parameter, Spec


class ValueOrigin(StrEnum):
    """Where a value comes from."""

    VALUES = "given by --values"
    DOCUMENT = "an example of the document"
    SERVER = "from the server"
    SCHEMA = "guessed by its schema"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A resource of the API.

    ``operations`` are names of operations by what they do (list, create, read, replace, patch, delete).
    ``items`` leads to the items in the response of its list, None without one; ``thing`` to the item in
    the response of its read. ``is_derived`` is false where extensions of the document say what its writes
    do, so that nothing is derived from paths and schemas.
    """

    name: str
    collection: str
    item: str
    key: str
    key_members: tuple[str, ...]
    parent: str | None
    operations: Mapping[str, str]
    items: tuple[str, ...] | None
    thing: tuple[str, ...]
    is_derived: bool


@dataclass(frozen=True, slots=True)
class PlannedValue:
    """A value that an operation requires: a parameter, or the ``body``.

    ``how`` completes some origins: the operation that returns it, or what is missing.
    """

    location: str
    name: str
    origin: ValueOrigin
    how: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRequirement:
    """A requirement; ``source`` is empty where the document itself demands it."""

    kind: str
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class PlannedOperation:
    """An operation with the values that it requires, and its requirements in the order of the run.

    ``listing`` says how the list that it returns is divided into pages, filtered and sorted.
    """

    name: str
    method: str
    path: str
    values: tuple[PlannedValue, ...]
    requirements: tuple[PlannedRequirement, ...]
    listing: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[PlannedValue, ...]:
        """The values that only --values can give."""
        return tuple(value for value in self.values if value.origin is ValueOrigin.MISSING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a conformance run will test, and with what."""

    spec: str
    resources: tuple[PlannedResource, ...]
    operations: tuple[PlannedOperation, ...]


def plan(spec: Spec, values: Values, chosen: Iterable[Requirement]) -> Plan:
    """The plan of a run that tests the chosen requirements with these values."""
    by_operation: dict[str, list[PlannedRequirement]] = {}
    for requirement in chosen:
        planned = PlannedRequirement(requirement.kind, requirement.what, requirement.source)
        by_operation.setdefault(requirement.operation, []).append(planned)
    origins = _Origins(spec, values)
    derived = derived_resources(spec)
    operations = [operation for operation in spec.operations if operation.name in by_operation]
    return Plan(
        spec=spec.document.name,
        resources=tuple(
            _resource(resource, is_derived=collection in derived)
            for collection, resource in origins.resources.items()
        ),
        operations=tuple(
            PlannedOperation(
                operation.name,
                operation.method,
                operation.template,
                tuple(origins.of(operation)),
                tuple(by_operation[operation.name]),
                tuple(found.lines()) if (found := listing(spec, operation)) else (),
            )
            for operation in operations
        ),
    )


def _resource(resource: Resource, *, is_derived: bool) -> PlannedResource:
    roles: dict[str, Operation | None] = {
        "list": resource.list,
        "create": resource.create,
        "read": resource.read,
        "replace": resource.replace,
        "patch": resource.patch,
        "delete": resource.delete,
    }
    return PlannedResource(
        name=resource.name,
        collection=resource.collection,
        item=resource.item,
        key=resource.key,
        key_members=resource.key_members,
        parent=resource.parent,
        operations={role: operation.name for role, operation in roles.items() if operation is not None},
        items=resource.items,
        thing=resource.thing,
        is_derived=is_derived,
    )


class _Origins:
    """Says where the values that operations require come from."""

    def __init__(self, spec: Spec, values: Values) -> None:
        self._spec, self._values = spec, values
        self.resources = resources(spec)
        self._derived = derived_resources(spec)
        is_valid = engines(spec)[Side.REQUEST].is_valid
        self._samples = Samples(spec.document, is_valid)

    def of(self, operation: Operation) -> Iterator[PlannedValue]:
        """The required values of an operation: parameters first, then the body."""
        for parameter in operation.parameters:
            if parameter.required:
                yield PlannedValue(parameter.location, parameter.name, *self._parameter(operation, parameter))
        body = operation.request_body
        if body is not None:
            schema = body.content[0].schema if body.content else None
            given = self._values.operations.get(operation.name, {})
            names = {parameter.name for parameter in operation.parameters}
            if given.keys() - names:
                yield PlannedValue("body", "", ValueOrigin.VALUES)
            elif self._values.body(operation):
                yield PlannedValue("body", "", ValueOrigin.DOCUMENT)
            else:
                yield PlannedValue("body", "", *self._by_schema("", schema))
        needs = self._spec.document.get(operation.pointer).get("x-needs")
        if needs and operation.name not in {*self._values.operations, *self._values.single_use}:
            yield PlannedValue("operation", "", ValueOrigin.MISSING, str(needs).rstrip("."))

    def _parameter(self, operation: Operation, parameter: Parameter) -> tuple[ValueOrigin, str]:
        named = self._values.operations.get(operation.name, {}), self._values.parameters
        if any(parameter.name in values for values in named):
            return ValueOrigin.VALUES, ""
        source = self._source(operation, parameter) if parameter.location == "path" else ""
        if source:
            return ValueOrigin.SERVER, source
        if self._values.of(operation, parameter):
            return ValueOrigin.DOCUMENT, ""
        return self._by_schema(parameter.name, parameter.schema)

    def _source(self, operation: Operation, parameter: Parameter) -> str:
        """The operation that creates or lists what a parameter of the path names; empty for none."""
        for resource in self.resources.values():
            if resource.key == parameter.name and resource.owns(operation.template):
                is_derived = resource.collection in self._derived
                if is_derived and resource.create is not None and operation != resource.create:
                    return f"created by {resource.create.name}"
                if resource.list is not None:
                    return f"listed by {resource.list.name}"
        return ""

    def _by_schema(self, name: str, schema: str | None) -> tuple[ValueOrigin, str]:
        if schema is not None and next(self._samples.values(schema, name), None) is not None:
            return ValueOrigin.SCHEMA, ""
        return ValueOrigin.MISSING, "no value of its schema is known" if schema else "it has no schema"
