"""Values that are known to the server: the examples of the document, or those of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wirecheck.conform.fetched import Steps, Ways, troubles
from wirecheck.decode import property_schema
from wirecheck.model import TargetError
from wirecheck.spec import Operation, Parameter, SecurityScheme, Spec, join


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What ``--values`` may hold."""

    parameters: dict[str, Any] = {}
    operations: dict[str, dict[str, Any]] = {}
    credentials: dict[str, str] = {}
    statuses: dict[str, dict[str, dict[str, Any]]] = {}
    lasting: dict[str, list[dict[str, Any]]] = {}
    fetched: dict[str, dict[str, Steps]] = {}
    refused: list[str] = []


@dataclass(frozen=True, slots=True)
class Values:
    """Known values.

    ``parameters`` by name and ``operations`` by operationId and name win over the examples.
    ``statuses`` tells how a status is provoked, by operationId or ``*``: values of parameters and
    credentials, and ``token`` for another access token. ``lasting`` are writes that may be done
    though nothing undoes them, by operationId: values by name. ``credentials`` by the name of their
    security scheme. ``fetched`` tells how to come by values that are good for once. ``refused`` are
    access tokens that no longer count.
    """

    spec: Spec
    parameters: Mapping[str, Any] = field(default_factory=dict)
    operations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    statuses: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    lasting: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    fetched: Ways = field(default_factory=dict, repr=False)
    refused: Sequence[str] = field(default=(), repr=False)

    def of(self, operation: Operation, parameter: Parameter) -> list[Any]:
        """Values of a parameter, the likeliest first; none if nothing is known."""
        for known in (self.operations.get(operation.name, {}), self.parameters):
            if parameter.name in known:
                value = known[parameter.name]
                return list(value) if isinstance(value, list) else [value]
        return list(_examples(self.spec, parameter.pointer, parameter.schema))

    def body(self, operation: Operation) -> list[Any]:
        """Values of the body of a request."""
        if operation.request_body is None or not operation.request_body.content:
            return []
        media_type = operation.request_body.content[0]
        known = self.operations.get(operation.name, {})
        found = list(_examples(self.spec, media_type.pointer, media_type.schema))
        fields = {name: value for name, value in known.items() if _is_field(self.spec, operation, name)}
        return [one | fields for one in found if isinstance(one, dict)] or found

    def under(self, others: Mapping[str, Mapping[str, Any]]) -> "Values":
        """These, and by operation and name others that they win over."""
        names = dict.fromkeys([*others, *self.operations])
        known = {name: {**others.get(name, {}), **self.operations.get(name, {})} for name in names}
        return replace(self, operations=known)

    @property
    def secrets(self) -> list[str]:
        """Access tokens and other credentials that provoke statuses."""
        ways = (how for by_operation in self.statuses.values() for how in by_operation.values())
        secret = {"token", *(scheme.name for scheme in schemes(self.spec))}
        told = [str(value) for how in ways for name, value in how.items() if name in secret]
        return [*told, *self.refused]

    def provoking(self, operation: Operation, status: str) -> Mapping[str, Any] | None:
        """What makes an operation answer with a status; None if nobody said so."""
        by_operation = self.statuses.get(status, {})
        return by_operation.get(operation.name) or by_operation.get("*")


def read(spec: Spec, path: Path | None) -> Values:
    """The values of a document, and of a YAML file over them. Raises TargetError."""
    if path is None:
        return Values(spec)
    try:
        file = msgspec.convert(yaml.safe_load(path.read_text("utf-8")) or {}, _File)
    except OSError as error:
        raise TargetError(str(path), f"cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise TargetError(str(path), f"is no file of values: {' '.join(str(error).split())}") from None
    for trouble in (*_troubles(spec, file), *troubles(file.fetched)):
        raise TargetError(str(path), trouble)
    return Values(spec, **msgspec.structs.asdict(file))


def _troubles(spec: Spec, file: _File) -> Iterator[str]:
    """What is wrong with a file that has the shape of one: names that the document does not know."""
    operations = {operation.name: operation for operation in spec.operations}
    given: list[tuple[str, str, Mapping[str, Any]]] = []
    for place, by_operation in (("operations", file.operations), ("fetched", file.fetched)):
        given += [(place, name, values) for name, values in by_operation.items()]
    given += [("lasting", name, values) for name, listed in file.lasting.items() for values in listed]
    for status, ways in file.statuses.items():
        for name, how in ways.items():
            place, repeat = f"statuses.{status}", how.get("repeat", 1)
            if not isinstance(repeat, int) or repeat < 1:
                yield f"{place}.{name}.repeat is no number of requests"
            known = {"token", "repeat", *(scheme.name for scheme in schemes(spec))}
            if name != "*":
                given.append((place, name, {one: how[one] for one in how.keys() - known}))
    for place, name, values in given:
        operation = operations.get(name)
        if operation is None:
            yield f"{place}: there is no operation {name!r}"
            continue
        parameters = {parameter.name for parameter in operation.parameters}
        for one in values:
            if one not in parameters and not _is_field(spec, operation, one):
                yield f"{place}.{name}: there is no parameter or field {one!r}"


def _is_field(spec: Spec, operation: Operation, name: str) -> bool:
    """Whether the body of an operation has a field of a name."""
    content = operation.request_body.content if operation.request_body else ()
    return any(one.schema and property_schema(spec.document, one.schema, name) for one in content)


def schemes(spec: Spec) -> set[SecurityScheme]:
    """All security schemes that operations want."""
    return {scheme for operation in spec.operations for scheme in operation.schemes}


def _examples(spec: Spec, pointer: str, schema: str | None) -> Iterator[Any]:
    """Of a parameter or media type, else of its schema."""
    document = spec.document
    value = document.get(pointer)
    found = False
    if "example" in value:
        found = True
        yield value["example"]
    for name in value.get("examples", {}):
        example = document.get(document.follow(join(pointer, "examples", name)))
        if "value" in example:
            found = True
            yield example["value"]
    if found or schema is None:
        return
    described = document.get(document.follow(schema))
    if isinstance(described, dict):
        listed = described.get("examples") or described.get("enum") or []
        yield from listed or [described[word] for word in ("default", "const") if word in described]
