"""Values that the server knows: the examples of the document, and those of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from wirecheck.conform import single_use
from wirecheck.conform.single_use import FetchSteps, Recipes
from wirecheck.decode import property_schema
from wirecheck.model import SpecError, TargetError
from wirecheck.samples import facets
from wirecheck.spec import Operation, Parameter, SecurityScheme, Spec, join
from wirecheck.spec.text import value as yaml_value

_UNREADABLE = "this is not YAML 1.2 without tags, merge keys, repeated keys and deep or many aliases"

_EXTENSIONS = frozenset({"x-undo", "x-laws", "x-needs", "x-scopes", "x-pagination"})
"""Extensions of operations in documents whose examples are those of a server."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The contents of ``--values``."""

    parameters: dict[str, Any] = {}
    operations: dict[str, dict[str, Any]] = {}
    credentials: dict[str, str] = {}
    statuses: dict[str, dict[str, dict[str, Any]]] = {}
    irreversible: dict[str, list[dict[str, Any]]] = {}
    single_use: dict[str, dict[str, FetchSteps]] = {}
    revoked: list[str] = []


@dataclass(frozen=True)
class Values:
    """Known values.

    ``parameters`` (by name) and ``operations`` (by operationId and name) override the examples.
    ``credentials`` are by security scheme. ``statuses`` are recipes that provoke a status, by status
    and by operationId or ``*``: values of parameters and credentials, and ``token`` for another access
    token. ``irreversible`` are writes that may be sent although nothing undoes them: values by name,
    by operationId. ``single_use`` are recipes for values that can be used once. ``revoked`` are access
    tokens that are no longer valid.
    """

    spec: Spec
    parameters: Mapping[str, Any] = field(default_factory=dict)
    operations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    statuses: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    irreversible: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    single_use: Recipes = field(default_factory=dict, repr=False)
    revoked: Sequence[str] = field(default=(), repr=False)

    def of(self, operation: Operation, parameter: Parameter) -> list[Any]:
        """The values of a parameter, the most specific first; empty if none is known."""
        for values in (self.operations.get(operation.name, {}), self.parameters):
            if parameter.name in values:
                value = values[parameter.name]
                return list(value) if isinstance(value, list) else [value]
        return list(_examples(self.spec, parameter.pointer, parameter.schema))

    def vouch_for(self, operation: Operation) -> bool:
        """Whether the user or an extension says that the things which an operation is about exist."""
        given = {*self.operations.get(operation.name, {}), *self.parameters}
        keys = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
        return keys <= given or self.has_extensions

    def vouch_for_write(self, operation: Operation) -> bool:
        """Whether the user gives values of a write, or the document says what its writes do."""
        return operation.name in self.operations or self.has_extensions

    @cached_property
    def has_extensions(self) -> bool:
        """Whether the document says what writes do, so that its examples are those of a server."""
        definitions = (self.spec.document.get(operation.pointer) for operation in self.spec.operations)
        return any(not _EXTENSIONS.isdisjoint(definition) for definition in definitions)

    def body(self, operation: Operation) -> list[Any]:
        """The known bodies of a request."""
        if operation.request_body is None or not operation.request_body.content:
            return []
        media_type, fields = operation.request_body.content[0], self.fields(operation)
        examples = list(_examples(self.spec, media_type.pointer, media_type.schema))
        return [body | fields for body in examples if isinstance(body, dict)] or examples

    def fields(self, operation: Operation) -> dict[str, Any]:
        """The members of a body that are given for an operation."""
        values = self.operations.get(operation.name, {})
        return {name: value for name, value in values.items() if _is_field(self.spec, operation, name)}

    def with_defaults(self, defaults: Mapping[str, Mapping[str, Any]]) -> "Values":
        """These values, completed by defaults by operation and name."""
        names = dict.fromkeys([*defaults, *self.operations])
        merged = {name: {**defaults.get(name, {}), **self.operations.get(name, {})} for name in names}
        return replace(self, operations=merged)

    @property
    def secrets(self) -> list[str]:
        """Access tokens and other credentials in the recipes for statuses, and revoked tokens."""
        recipes = (recipe for by_operation in self.statuses.values() for recipe in by_operation.values())
        secret_names = {"token", *(scheme.name for scheme in security_schemes(self.spec))}
        secrets = [str(value) for recipe in recipes for name, value in recipe.items() if name in secret_names]
        return [*secrets, *self.revoked]

    def recipe(self, operation: Operation, status: str) -> Mapping[str, Any] | None:
        """What provokes a status from an operation; None if that is not known."""
        by_operation = self.statuses.get(status, {})
        return by_operation.get(operation.name) or by_operation.get("*")


def read(spec: Spec, path: Path | None) -> Values:
    """The values of a document, overridden by a YAML file. Raises TargetError."""
    if path is None:
        return Values(spec)
    try:
        file = msgspec.convert(yaml_value(path.read_text("utf-8-sig"), str(path)) or {}, _File)
    except OSError as error:
        raise TargetError(str(path), f"cannot be read: {error.strerror}") from None
    except SpecError as error:
        raise TargetError(error.where, f"is not a valid values file: {_UNREADABLE}") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise TargetError(str(path), f"is not a valid values file: {_reason(error)}") from None
    for problem in (*_problems(spec, file), *single_use.problems(file.single_use)):
        raise TargetError(str(path), problem)
    return Values(spec, **msgspec.structs.asdict(file))


def _reason(error: Exception) -> str:
    """What is wrong with a file, without any text of it: it holds credentials."""
    if isinstance(error, msgspec.ValidationError):
        return str(error)  # types and places, never values
    return "it is nested too deeply" if isinstance(error, RecursionError) else "it is not a text in UTF-8"


def _problems(spec: Spec, file: _File) -> Iterator[str]:
    """What is wrong with a file of the right shape: names that the document does not have."""
    operations = {operation.name: operation for operation in spec.operations}
    entries: list[tuple[str, str, Mapping[str, Any]]] = []
    for section, by_operation in (("operations", file.operations), ("single_use", file.single_use)):
        entries += [(section, name, values) for name, values in by_operation.items()]
    for name, listed in file.irreversible.items():
        entries += [("irreversible", name, values) for values in listed]
    special = {"token", "repeat", *(scheme.name for scheme in security_schemes(spec))}
    for status, recipes in file.statuses.items():
        section = f"statuses.{status}"
        for name, recipe in recipes.items():
            repeat = recipe.get("repeat", 1)
            if not isinstance(repeat, int) or repeat < 1:
                yield f"{section}.{name}.repeat must be a number of requests"
            if name != "*":
                entries.append((section, name, {key: recipe[key] for key in recipe.keys() - special}))
    for section, name, values in entries:
        operation = operations.get(name)
        if operation is None:
            yield f"{section}: there is no operation {name!r}"
            continue
        parameters = {parameter.name for parameter in operation.parameters}
        for key in values:
            if key not in parameters and not _is_field(spec, operation, key):
                yield f"{section}.{name}: there is no parameter or field {key!r}"


def _is_field(spec: Spec, operation: Operation, name: str) -> bool:
    """Whether the body of an operation has a field of this name."""
    content = operation.request_body.content if operation.request_body else ()
    schemas = [media_type.schema for media_type in content if media_type.schema]
    return any(property_schema(spec.document, schema, name) for schema in schemas)


def security_schemes(spec: Spec) -> set[SecurityScheme]:
    """All security schemes that operations require."""
    return {scheme for operation in spec.operations for scheme in operation.schemes}


def _examples(spec: Spec, pointer: str, schema: str | None) -> Iterator[Any]:
    """The examples of a parameter or media type, else those that its schema gives."""
    document = spec.document
    value = document.get(pointer)
    pointers = [join(pointer, "examples", name) for name in value.get("examples", {})]
    referenced = [document.get(document.follow(pointer)) for pointer in pointers]
    examples = [value["example"]] if "example" in value else []
    examples += [example["value"] for example in referenced if "value" in example]
    if examples or schema is None:
        yield from examples
        return
    found = facets(document, schema)
    if found.examples or found.options is not None:
        yield from found.examples or found.options or ()
    elif found.types == {"boolean"}:
        yield from (True, False)
