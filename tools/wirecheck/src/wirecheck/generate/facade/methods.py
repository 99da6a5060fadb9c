"""The methods of resources, one for each operation."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wirecheck.generate.facade.arguments import Argument, default_of, example_of
from wirecheck.generate.facade.bodies import BodyArguments, bodies_code, request_body
from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.credentials import Credential, alternatives
from wirecheck.generate.facade.exceptions import error_mappings_of, raised
from wirecheck.generate.facade.results import Result, attribute_path, result_of
from wirecheck.generate.facade.rules import rules_of
from wirecheck.generate.facade.servers import own_server
from wirecheck.generate.facade.text import advice, docstring, sentence, summary
from wirecheck.generate.facade.types import Types
from wirecheck.generate.names import argument_names
from wirecheck.redact import is_secret_value
from wirecheck.shapes import Scalar, Shape, Shapes
from wirecheck.shapes.parts import parts_of
from wirecheck.spec import Document, Operation, Parameter, Spec

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "QUERY"}
_IGNORED_HEADERS = {"accept", "content-type", "authorization"}


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter, or a field of the body, that is an argument. ``key`` names it within the operation."""

    key: str
    name: str
    shape: Shape
    required: bool
    description: str
    schemas: Sequence[str]
    examples: Sequence[Any]
    parameter: Parameter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationReading:
    """An operation as it was read: what it takes and what it returns, in shapes."""

    operation: Operation
    inputs: Sequence[Input]
    body: BodyArguments | None
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a resource. All in code; ``summary`` and ``docstring`` are escaped for a docstring."""

    resource: tuple[str, ...]
    name: str
    key: str = ""  # of its endpoint, a constant
    pointer: str  # of the operation
    id: str
    positional: Sequence[Argument]
    keywords: Sequence[Argument]
    summary: str
    docstring: str
    result: str
    item: str | None  # the type of the items, for a list
    envelope: str
    stream: str | None  # the type of the items, for a stream
    credentials: Sequence[str]  # that its first alternative requires
    http_method: str
    path: str
    is_deprecated: bool
    endpoint: str

    def beside(self, hidden: Collection[str]) -> "Method":
        """The same in a class with methods that hide the names of types, such as ``list``."""
        if not hidden:
            return self
        pattern = re.compile(rf"(?<![\w.'\"])({'|'.join(sorted(hidden))})\b(?!['\"])")

        def visible(code: str | None) -> str | None:
            return code and pattern.sub(r"builtins.\1", code).replace("builtins.datetime", "datetime_module")

        return replace(
            self,
            positional=[replace(each, type=visible(each.type) or "") for each in self.positional],
            keywords=[replace(each, type=visible(each.type) or "") for each in self.keywords],
            result=visible(self.result) or "",
            item=visible(self.item),
            envelope=visible(self.envelope) or "",
            stream=visible(self.stream),
        )

    @property
    def call(self) -> str:
        """As it is called: ``users.get``."""
        return ".".join((*self.resource, self.name))

    @property
    def arguments(self) -> Sequence[Argument]:
        return (*self.positional, *self.keywords)

    @property
    def signature(self) -> str:
        keywords = sorted(self.keywords, key=lambda argument: argument.default is not None)
        declared = [argument.declaration for argument in (*self.positional, *keywords)]
        if keywords:
            declared.insert(len(self.positional), "*")
        return ", ".join(declared)

    @property
    def options(self) -> str | None:
        """The type of the options of a call: those whose names no argument has."""
        names = {argument.name for argument in self.arguments}
        if not names.isdisjoint({"options", "extra_headers", "extra_query", "extra_body"}):
            return None
        return "RequestOptions" if names.isdisjoint({"timeout", "max_retries"}) else "ExtraOptions"

    @property
    def passed(self) -> str:
        """The arguments by name, as a dict in code."""
        return ", ".join(f'"{argument.name}": {argument.name}' for argument in self.arguments)


def read_operation(
    spec: Spec,
    operation: Operation,
    shapes: Shapes,
    credentials: Sequence[Credential],
    items: Sequence[str] | None,
    hint: str,
) -> OperationReading:
    """What an operation takes and returns. All operations are read before the first is written.

    ``hint`` begins the names of schemas that have none.
    """
    document = spec.document
    body = request_body(document, operation, shapes, credentials, hint)
    return OperationReading(
        operation=operation,
        inputs=[*_parameters(document, operation, shapes, hint), *_fields(document, body)],
        body=body,
        result=result_of(document, operation, shapes, hint, items),
    )


def _parameters(document: Document, operation: Operation, shapes: Shapes, hint: str) -> Iterator[Input]:
    credentials = {
        (scheme.location, scheme.parameter) for scheme in operation.schemes if scheme.kind == "apiKey"
    }
    for parameter in (*operation.parameters, *_undescribed(operation)):
        is_ignored = parameter.location == "header" and parameter.name.lower() in _IGNORED_HEADERS
        if is_ignored or (parameter.location, parameter.name) in credentials:
            continue
        value = document.get(document.follow(parameter.pointer)) if parameter.pointer else {}
        schema = parameter.schema
        shape = shapes.of(schema, f"{hint} {parameter.name}") if schema else Scalar("str")
        examples = [value["example"]] if "example" in value else []
        yield Input(
            key=f"{parameter.location} {parameter.name}",
            name=parameter.name,
            shape=shape,
            required=parameter.required and not _is_idempotency_key(parameter),
            description=str(value.get("description") or _described(document, schema)),
            schemas=[schema] if schema else [],
            examples=[*examples, *_examples(document, [schema] if schema else [])],
            parameter=parameter,
        )


def _undescribed(operation: Operation) -> Iterator[Parameter]:
    """What the path has in braces without a parameter of that name: a text."""
    described = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
    for name in dict.fromkeys(re.findall(r"\{([^{}]+)\}", operation.template)):
        if name not in described:
            yield Parameter(name, "path", "", True, None, "simple", False)


def _described(document: Document, schema: str | None) -> str:
    return str(parts_of(document, [schema]).first("description") or "") if schema else ""


def _fields(document: Document, body: BodyArguments | None) -> Iterator[Input]:
    for field in body.fields if body else ():
        own = [body.example[field.name]] if body and field.name in body.example else []
        yield Input(
            key=f"body {field.name}",
            name=field.name,
            shape=field.shape,
            required=field.required and bool(body and body.required),
            description=field.description,
            schemas=field.schemas,
            examples=[*own, *_examples(document, field.schemas)],
        )


def _examples(document: Document, schemas: Sequence[str]) -> list[Any]:
    """Values of schemas: their examples and defaults."""
    examples: list[Any] = []
    for value in parts_of(document, schemas).values:
        examples += [value[key] for key in ("example", "default") if key in value]
        examples += value["examples"] if isinstance(value.get("examples"), list) else []
    return examples


class MethodWriter:
    """Writes methods in code."""

    def __init__(self, spec: Spec, shapes: Shapes, types: Types, credentials: Sequence[Credential]) -> None:
        self._spec, self._document = spec, spec.document
        self._shapes, self._types, self._credentials = shapes, types, credentials

    def method(
        self, reading: OperationReading, resource: tuple[str, ...], name: str, next_page: str | None
    ) -> Method:
        """The method for an operation, under its name in a resource."""
        operation, result = reading.operation, reading.result
        value = self._document.get(operation.pointer)
        names = _argument_names(reading, self._hidden(reading.result))
        arguments = {each.key: self._argument(each, names[each.key]) for each in reading.inputs}
        positional = [arguments[each.key] for each in _in_path(operation, reading.inputs)]
        keywords = [argument for argument in arguments.values() if argument not in positional]
        if whole := self._whole(reading.body):
            (positional if whole.default is None else keywords).append(whole)
        required = next(iter(alternatives(operation, self._credentials)), ())
        return Method(
            resource=resource,
            name=name,
            pointer=operation.pointer,
            id=operation.name,
            positional=positional,
            keywords=keywords,
            summary=summary(value),
            docstring=docstring(
                value,
                {each.name: each.text for each in (*positional, *keywords)},
                raised(self._spec, operation),
            ),
            result=self._types.result(result.shape),
            item=self._types.result(result.item) if result.item else None,
            envelope=self._types.result(result.envelope),
            stream=self._types.result(result.shape) if result.kind in ("events", "lines") else None,
            credentials=[*required, *(reading.body.credentials.values() if reading.body else ())],
            http_method=operation.method,
            path=operation.template,
            is_deprecated=value.get("deprecated") is True,
            endpoint=self._endpoint(reading, ".".join((*resource, name)), names, next_page),
        )

    def _hidden(self, result: Result) -> Iterator[str]:
        """The names that an argument would hide within its method: of ``list`` if that is the result."""
        for shape in (result.shape, result.item, result.envelope):
            if shape is not None:
                yield from re.findall(r"(?<![\w.])[a-z]\w*", self._types.result(shape))

    def _argument(self, each: Input, name: str) -> Argument:
        default = default_of(each.shape, each.required)
        type_ = self._types.argument(each.shape)
        if default == "UNSET" and type_ != "Any":
            type_ = f"{type_} | Unset"
        text = sentence(each.description)
        usual = parts_of(self._document, each.schemas).first("default")
        is_shown = isinstance(usual, str | int | float) and not any(
            is_secret_value(self._document, schema, usual) for schema in each.schemas
        )
        if default == "UNSET" and is_shown:  # only explicit values are sent
            text = f"{text} The server's default is {usual!r}.".strip()
        return Argument(name, type_, default, text, example_of(self._shapes, each.shape, name, each.examples))

    def _whole(self, body: BodyArguments | None) -> Argument | None:
        if body is None or not body.whole:
            return None
        type_ = " | ".join(dict.fromkeys(self._types.argument(shape) for shape in body.whole))
        if body.required:
            return Argument("body", type_, None, "The body of the request.")
        return Argument("body", f"{type_} | Unset", "UNSET", "The body of the request.")

    def _rules(self, inputs: Sequence[Input], names: Mapping[str, str]) -> str | None:
        """The rules of each argument that has some, in code."""
        rules = {
            names[each.key]: [rule for schema in each.schemas for rule in rules_of(self._document, schema)]
            for each in inputs
        }
        table = ", ".join(f"{name!r}: ({', '.join(named)},)" for name, named in rules.items() if named)
        return f"{{{table}}}" if table else None

    def _endpoint(
        self, reading: OperationReading, name: str, names: Mapping[str, str], next_page: str | None
    ) -> str:
        operation, result = reading.operation, reading.result
        value = self._document.get(operation.pointer)
        body_names = {each.name: names[each.key] for each in reading.inputs if each.parameter is None}
        types = {
            status.upper() if status != "default" else status: shape for status, shape in result.types.items()
        }
        return code(
            "Endpoint",
            name=repr(name),
            id=repr(operation.name),
            method=repr(operation.method),
            path=repr(operation.template.partition("#")[0]),  # a fragment is never sent
            parameters=self._parameters(reading.inputs, names),
            bodies=bodies_code(self._document, reading.body, body_names),
            rules=self._rules(reading.inputs, names),
            reads=literal(operation.method in SAFE_METHODS),
            server=literal(own_server(self._document, operation)),
            security=literal(alternatives(operation, self._credentials)),
            form_fields=literal(dict(reading.body.credentials) if reading.body else {}),
            success=literal(tuple(map(_status, result.statuses))),
            kind=None if result.kind == "json" else repr(result.kind),
            accept=literal(", ".join(result.accept)),
            types=literal({status: self._types.result(shape) for status, shape in types.items()}),
            payload=literal(self._payload(result)),
            next_page=next_page,
            errors=error_mappings_of(self._spec, operation),
            deprecated=literal(advice(value)) if value.get("deprecated") is True else None,
            idempotency_header=literal(_idempotency_header(operation)),
        )

    def _payload(self, result: Result) -> tuple[str, ...]:
        """The attributes that lead from the body to the result."""
        path = attribute_path(self._shapes, result.envelope, result.payload)
        return tuple(self._types.attributes(model)[name] for model, name in path)

    def _parameters(self, inputs: Sequence[Input], names: Mapping[str, str]) -> str | None:
        rendered = [
            _parameter_code(self._document, each.parameter, names[each.key])
            for each in inputs
            if each.parameter is not None
        ]
        return f"({', '.join(rendered)},)" if rendered else None


def _status(status: str) -> str:
    """A status as the runtime compares it: 200, 4XX, default."""
    return status if status == "default" else status.upper()


def _argument_names(reading: OperationReading, hidden: Iterable[str]) -> Mapping[str, str]:
    """The argument for each input: parameters of the path first, which keep their names, then the others."""
    ordered = [*_in_path(reading.operation, reading.inputs)]
    ordered += [each for each in reading.inputs if each not in ordered]
    taken = {*hidden, "call"}  # a variable of the method
    if reading.body and reading.body.whole:
        taken.add("body")
    by_name: dict[str, str] = {}
    for each in ordered:
        unique = each.name
        while unique in by_name.values():
            unique = f"{unique}_{each.key.partition(' ')[0]}"
        by_name[each.key] = unique
    arguments = argument_names(by_name.values(), taken)
    return {key: arguments[name] for key, name in by_name.items()}


def _in_path(operation: Operation, inputs: Sequence[Input]) -> Sequence[Input]:
    """The parameters of the path, in its order."""
    in_path = [each for each in inputs if each.parameter and each.parameter.location == "path"]
    return sorted(in_path, key=lambda each: operation.template.find(f"{{{each.name}}}"))


def _parameter_code(document: Document, parameter: Parameter, name: str) -> str:
    definition = document.get(document.follow(parameter.pointer)) if parameter.pointer else {}
    return code(
        "Parameter",
        repr(name),
        repr(parameter.name),
        repr(parameter.location),
        repr(parameter.style),
        repr(parameter.explode),
        reserved=literal(definition.get("allowReserved") is True),
        media_type=literal(parameter.media_type),
    )


def _idempotency_header(operation: Operation) -> str:
    """The header parameter of a write that takes an idempotency key."""
    if operation.method in SAFE_METHODS:
        return ""
    return next((each.name for each in operation.parameters if _is_idempotency_key(each)), "")


def _is_idempotency_key(parameter: Parameter) -> bool:
    """Whether a header takes an idempotency key, which the client makes up where none is passed."""
    return parameter.location == "header" and "idempotency" in parameter.name.lower()
