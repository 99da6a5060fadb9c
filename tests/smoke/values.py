"""Values to call operations with, and bodies to respond with, made from the document."""

import copy
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from msgspec import structs

from smoke.package import NOTHING
from wirecheck.decode import FORM, MULTIPART, essence, is_json
from wirecheck.engine import engines
from wirecheck.model import Side
from wirecheck.samples import Samples, facets
from wirecheck.spec import Document, MediaType, Operation, Parameter, Spec

AWKWARD = "a b/c?d&e=ü%+"
_BINARY = b"smoke \x00\xff\r\n bytes"
_TRIES = 12
_LETTERS = 6  # texts of a body that become awkward ones


class UnmadeError(Exception):
    """No valid value is known."""


@dataclass(frozen=True, slots=True)
class Case:
    """Values of parameters and of a body, which is NOTHING for none; ``unmade`` are left out."""

    parameters: dict[Parameter, Any] = field(default_factory=dict)
    media_type: MediaType | None = None
    body: Any = NOTHING
    unmade: tuple[str, ...] = ()


class Values:
    """Makes values of the schemas of a document."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.document = spec, spec.document
        self._engines = engines(spec)
        schemes = {scheme for operation in spec.operations for scheme in operation.schemes}
        self._credentials = {(scheme.location, scheme.parameter) for scheme in schemes}
        self._requests = Samples(spec.document, self._is_valid(Side.REQUEST))
        self._responses = Samples(_of_responses(spec.document), self._is_valid(Side.RESPONSE))

    def _is_valid(self, side: Side) -> Callable[[str, Any], bool]:
        def is_valid(schema: str, value: Any) -> bool:
            try:
                return self._engines[side].is_valid(schema, value)
            except ValueError:  # what no JSON text can be
                return False

        return is_valid

    def responses(self, schema: str, name: str = "") -> Iterator[Any]:
        """Valid values of a response: those with most members first, of each alternative of a union."""
        for minimal in (False, True):
            for alternative in range(3):
                made = self._responses.values(schema, name, minimal=minimal, alternative=alternative)
                yield from islice(made, _TRIES)

    def is_valid_response(self, schema: str, value: Any) -> bool:
        return self._responses.is_valid(schema, value)

    def case(
        self, operation: Operation, media_type: str | None, *, optional: bool, awkward: bool = False
    ) -> Case:
        """Values of the required parameters and of a required body, or of all. Raises UnmadeError."""
        case = self._with_parameters(operation, optional, awkward)
        documented = operation.request_body
        if documented is None or media_type is None or not (documented.required or optional):
            return case
        content = next(
            (each for each in documented.content if each.name == media_type), documented.content[0]
        )
        return replace(case, media_type=content, body=self._body(content, optional, awkward))

    def _with_parameters(self, operation: Operation, optional: bool, awkward: bool) -> Case:
        made: dict[Parameter, Any] = {}
        unmade = []
        for parameter in self._usable(operation):
            if not (parameter.required or optional):
                continue
            try:
                made[parameter] = self._parameter(parameter, awkward)
            except UnmadeError:
                if parameter.required:
                    raise
                unmade.append(parameter.name)
        return Case(made, unmade=tuple(unmade))

    # Parameters

    def _usable(self, operation: Operation) -> Iterator[Parameter]:
        """All but credentials, and optional objects with a member that has the name of another parameter."""
        names = {parameter.name for parameter in operation.parameters}
        yield from undeclared(operation)
        for parameter in operation.parameters:
            if (parameter.location, parameter.name) in self._credentials:
                continue
            spreads = parameter.style == "form" and parameter.explode and parameter.media_type is None
            if spreads and parameter.schema and not parameter.required:
                members = facets(self.document, parameter.schema).properties
                if not names.isdisjoint(members):
                    continue
            yield parameter

    def _parameter(self, parameter: Parameter, awkward: bool) -> Any:
        if parameter.schema is None:
            return "smoke"
        for value in self._candidates(parameter, parameter.schema):
            if not _is_writable(parameter, value):
                continue
            longer = self._with_two_items(parameter.schema, parameter.name, value)
            is_reserved = self.document.get(parameter.pointer).get("allowReserved") is True
            if awkward and not is_reserved and _takes_any_letters(parameter):
                return self._awkward(parameter.schema, longer)
            return longer
        raise UnmadeError(f"no value of {parameter.location} parameter {parameter.name}")

    def _candidates(self, parameter: Parameter, schema: str) -> Iterator[Any]:
        yield from islice(self._requests.values(schema, parameter.name), _TRIES)
        described = self.document.get(parameter.pointer)
        for value in _examples(described):
            if self._requests.is_valid(schema, value):
                yield value
        for alternative in range(1, 4):
            yield from islice(self._requests.values(schema, parameter.name, alternative=alternative), _TRIES)

    def _with_two_items(self, schema: str, name: str, value: Any) -> Any:
        """A list with two items where that is valid, which shows how they are joined."""
        if not isinstance(value, list) or len(value) != 1:
            return value
        others = islice(self._requests.values(schema, name, 3), _TRIES)
        for other in others:
            if isinstance(other, list) and other and other[0] not in (value[0], None):
                longer = [value[0], other[0]]
                return longer if self._requests.is_valid(schema, longer) else value
        return value

    # Bodies

    def _body(self, content: MediaType, optional: bool, awkward: bool) -> Any:
        kind = essence(content.name)
        if content.schema is None:
            return {"smoke": True} if is_json(kind) else "smoke" if kind.startswith("text/") else _BINARY
        if not is_json(kind) and kind not in (FORM, MULTIPART) and self._is_binary(content.schema, kind):
            return _BINARY
        value = self._made_body(content.schema, content, optional)
        if awkward:
            return self._awkward(content.schema, value)
        if kind == MULTIPART and isinstance(value, dict):
            return self._with_files(content.schema, value)
        return value

    def _made_body(self, schema: str, content: MediaType, optional: bool) -> Any:
        for alternative in range(4):
            made = self._requests.values(schema, minimal=not optional, alternative=alternative)
            for value in islice(made, _TRIES):
                if value == {} and essence(content.name) in (FORM, MULTIPART):
                    continue  # which would be no body at all
                return value
        if not optional:
            return self._made_body(schema, content, True)
        for value in _examples(self.document.get(content.pointer)):
            if self._requests.is_valid(schema, value):
                return value
        raise UnmadeError(f"no value of the body ({content.name})")

    def _is_binary(self, schema: str, kind: str) -> bool:
        found = facets(self.document, schema)
        is_text = kind.startswith("text/") or "xml" in kind or "yaml" in kind
        return found.format == "binary" or (not is_text and found.types <= {"string"} and not found.is_object)

    def _with_files(self, schema: str, value: dict[str, Any]) -> dict[str, Any]:
        """The members of a form with bytes where it has files."""
        properties = facets(self.document, schema).properties
        return {
            name: self._file(properties[name], member) if name in properties else member
            for name, member in value.items()
        }

    def _file(self, schemas: tuple[str, ...], value: Any) -> Any:
        found = facets(self.document, *schemas)
        if isinstance(value, list) and found.items:
            return [self._file((found.items,), item) for item in value]
        is_file = found.format == "binary" or any(map(self._has_media_type, found.parts))
        return _BINARY if is_file and isinstance(value, str) else value

    def _has_media_type(self, schema: str) -> bool:
        """Whether a schema is that of bytes, as OpenAPI 3.1 describes them."""
        described = self.document.get(schema)
        return (
            isinstance(described, dict)
            and "contentMediaType" in described
            and "contentEncoding" not in described
        )

    # Awkward texts

    def _awkward(self, schema: str, value: Any) -> Any:
        """The value with texts that have to be escaped, wherever the schema allows any text."""
        for path in list(islice(_texts(value), _LETTERS)):
            changed = _put(value, path, AWKWARD)
            if self._requests.is_valid(schema, changed):
                value = changed
        return value


def undeclared(operation: Operation) -> list[Parameter]:
    """The variables of a path that are not among the parameters; their pointers are empty."""
    declared = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
    names = dict.fromkeys(re.findall("{([^{}]+)}", operation.template))
    return [
        Parameter(name, "path", pointer="", required=True, schema=None, style="simple", explode=False)
        for name in names
        if name not in declared
    ]


def _of_responses(document: Document) -> Document:
    """The document with readOnly and writeOnly exchanged: samples leave out what is read-only."""
    data = copy.deepcopy(document.data)
    pending: list[Any] = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            is_write_only = value.get("writeOnly") is True
            if value.get("readOnly") is True:
                del value["readOnly"]
            if is_write_only:
                value["readOnly"] = value.pop("writeOnly")
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return structs.replace(document, data=data)


def _examples(described: dict[str, Any]) -> Iterator[Any]:
    if "example" in described:
        yield described["example"]
    examples = described.get("examples")
    for example in examples.values() if isinstance(examples, dict) else ():
        if isinstance(example, dict) and "value" in example:
            yield example["value"]


examples = _examples


def _takes_any_letters(parameter: Parameter) -> bool:
    return parameter.location in ("path", "query") and parameter.style not in (
        "spaceDelimited",
        "pipeDelimited",
    )


def _is_writable(parameter: Parameter, value: Any) -> bool:
    """Whether a parameter can have a value that the other side reads as the same one."""
    if parameter.media_type is not None:
        return True
    if value is None or value in ("", [], {}):
        return False
    if isinstance(value, str):
        return _is_writable_text(parameter, value)
    return not isinstance(value, float) or math.isfinite(value)


def _is_writable_text(parameter: Parameter, text: str) -> bool:
    if parameter.location == "path":
        return text not in (".", "..")
    if parameter.location in ("header", "cookie"):
        return text.isascii() and text.isprintable() and text.strip() == text
    return True


def _texts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _put(value: Any, path: tuple[str | int, ...], text: str) -> Any:
    if not path:
        return text
    copied = copy.copy(value)
    copied[path[0]] = _put(value[path[0]], path[1:], text)
    return copied
