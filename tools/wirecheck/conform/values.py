"""Values that are known to the server: the examples of the document, or those of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wirecheck.model import TargetError
from wirecheck.spec import Operation, Parameter, Spec, join


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What ``--values`` may hold."""

    parameters: dict[str, Any] = {}
    operations: dict[str, dict[str, Any]] = {}
    credentials: dict[str, str] = {}
    statuses: dict[str, dict[str, dict[str, Any]]] = {}
    lasting: dict[str, list[dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class Values:
    """Known values.

    ``parameters`` by name and ``operations`` by operationId and name win over the examples.
    ``statuses`` tells how a status is provoked, by operationId or ``*``: values of parameters, and
    ``token`` for another access token. ``lasting`` are writes that may be done though nothing undoes
    them, by operationId: values by name. ``credentials`` by the name of their security scheme.
    """

    spec: Spec
    parameters: Mapping[str, Any] = field(default_factory=dict)
    operations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    statuses: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, repr=False)
    lasting: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict, repr=False)

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
        return [
            one | {k: v for k, v in known.items() if k in one} for one in found if isinstance(one, dict)
        ] or found

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
    known = {operation.name for operation in spec.operations}
    provoked = {name for by in file.statuses.values() for name in by} - {"*"}
    unknown = {*file.operations, *file.lasting, *provoked} - known
    if unknown:
        raise TargetError(str(path), f"there is no operation {min(unknown)!r}")
    return Values(spec, file.parameters, file.operations, file.credentials, file.statuses, file.lasting)


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
