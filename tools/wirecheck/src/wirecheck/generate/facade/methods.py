"""The methods of resources, one for each operation."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wirecheck.generate.facade import media
from wirecheck.generate.facade.arguments import Argument, argument, argument_names, passed_on
from wirecheck.generate.facade.bodies import Body
from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.credentials import Credential, alternatives
from wirecheck.generate.facade.exceptions import error_mappings_of
from wirecheck.generate.facade.properties import imports
from wirecheck.generate.facade.results import Result
from wirecheck.generate.facade.rules import rules_of
from wirecheck.generate.facade.servers import own_server
from wirecheck.generate.facade.text import advice, docstring, summary
from wirecheck.spec import Document, Operation, Spec, join

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a resource. All in code; ``summary`` and ``docstring`` are escaped for a docstring."""

    resource: str
    name: str
    positional: Sequence[Argument]
    keywords: Sequence[Argument]
    summary: str
    docstring: str
    result: str
    item: str | None  # the type of the items, for a list
    stream: str | None  # the type of the items, for a stream of events or lines
    envelope: str
    imports: Sequence[str]  # that the signature requires
    module: str  # of the generator, which builds the request
    body_import: str | None
    passed_on: Sequence[str]  # to that module
    parser: str | None  # of the runtime, None for that of the module
    rules: Sequence[tuple[str, str]]  # argument, rules
    credentials: Sequence[str]  # that its first alternative requires
    http_method: str
    is_deprecated: bool
    endpoint: str

    @property
    def key(self) -> str:
        return f"{self.resource}_{self.name}"

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
        names = {argument.name for argument in (*self.positional, *self.keywords)}
        if not names.isdisjoint({"options", "extra_headers", "extra_query", "extra_body"}):
            return None
        return "RequestOptions" if names.isdisjoint({"timeout", "max_retries"}) else "ExtraOptions"

    @property
    def passed(self) -> str:
        """The arguments of a call that passes on its own ones."""
        keywords = (f"{argument.name}={argument.name}" for argument in self.keywords)
        return ", ".join([*(argument.name for argument in self.positional), *keywords])


def build_method(
    spec: Spec, operation: Operation, endpoint: "Endpoint", tag: str, credentials: Sequence[Credential]
) -> Method:
    """The method for an operation, named by its x-resource, else by its tag and operationId."""
    value = spec.document.get(operation.pointer)
    resource_name = value.get("x-resource")
    resource, name = resource_name.split(".") if resource_name else (tag, str(endpoint.name))
    result = Result(spec.document, operation, endpoint)
    body = Body(spec.document, operation, endpoint, credentials)
    others = [*endpoint.query_parameters, *endpoint.header_parameters, *endpoint.cookie_parameters]
    inputs = [*endpoint.path_parameters, *body.fields, *others]
    names = argument_names(inputs, {"self", "body"} if body.whole else {"self"})
    schemas = _schemas(spec.document, operation, endpoint, body)
    examples: dict[str, list[Any]] = defaultdict(list)
    for stock, schema in schemas.items():
        examples[stock] += _examples(spec.document, operation, schema)
    for field in body.fields:
        if (wire_name := field.name.get_untrusted_value()) in body.example:
            examples[str(field.python_name)].insert(0, body.example[wire_name])

    def arguments(members: Sequence[Any]) -> list[Argument]:
        return [argument(member, names, examples[str(member.python_name)]) for member in members]

    positional = arguments(endpoint.path_parameters)
    keywords = arguments([*body.fields, *others])
    if body.whole:
        keywords.insert(0, body.whole)
    used = [*inputs, *body.properties, *result.properties]
    required = next(iter(alternatives(operation, credentials)), ())
    return Method(
        resource=resource,
        name=name,
        positional=positional,
        keywords=keywords,
        summary=summary(value),
        docstring=docstring(value, {one.name: one.text for one in (*positional, *keywords)}),
        result=result.type,
        item=result.item,
        stream=result.stream,
        envelope=result.envelope,
        imports=sorted({line for member in used for line in imports(member)}),
        module=f"api.{tag}.{endpoint.name}",
        body_import=body.imported,
        passed_on=[
            *(passed_on(member, names) for member in (*endpoint.path_parameters, *others)),
            *body.passed_on(names),
        ],
        parser=result.parser,
        rules=[*_rules(spec.document, schemas, names)],
        credentials=[*required, *body.credentials.values()],
        http_method=operation.method,
        is_deprecated=value.get("deprecated") is True,
        endpoint=_endpoint(spec, operation, f"{resource}.{name}", result, body, credentials),
    )


def _schemas(document: Document, operation: Operation, endpoint: "Endpoint", body: Body) -> Mapping[str, str]:
    """The pointer to the schema of each argument, by the name that the generator gives it."""
    documented = {
        (parameter.location, parameter.name): parameter.schema for parameter in operation.parameters
    }
    schemas = {}
    for location, member in endpoint.iter_all_parameters():
        if schema := documented.get((location, member.name.get_untrusted_value())):
            schemas[str(member.python_name)] = schema
    properties = document.get(body.schema).get("properties", {}) if body.schema else {}
    for field in body.fields:
        name = field.name.get_untrusted_value()
        if name in properties:  # not so for a field that an allOf contributes
            schemas[str(field.python_name)] = join(body.schema, "properties", name)
    return schemas


def _rules(
    document: Document, schemas: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The rules of each argument that has some, in code."""
    for stock, schema in schemas.items():
        if rules := [*rules_of(document, schema)]:
            yield names[stock], f"[{', '.join(rules)}]"


def _examples(document: Document, operation: Operation, schema: str) -> list[Any]:
    """Values for an argument: those of its parameter, then those of its schema."""
    examples: list[Any] = []
    for parameter in operation.parameters:
        value = document.get(document.follow(parameter.pointer))
        if parameter.schema == schema and "example" in value:
            examples.append(value["example"])
    value = document.get(document.follow(schema))
    if isinstance(value, dict):
        examples += [value[key] for key in ("example", "default") if key in value]
        examples += value["examples"] if isinstance(value.get("examples"), list) else []
    return examples


def _endpoint(
    spec: Spec,
    operation: Operation,
    name: str,
    result: Result,
    body: Body,
    credentials: Sequence[Credential],
) -> str:
    value = spec.document.get(operation.pointer)
    security = alternatives(operation, credentials)
    return code(
        "Endpoint",
        name=repr(name),
        id=repr(operation.name),
        reads=literal(operation.method in SAFE_METHODS),
        server=literal(own_server(spec.document, operation)),
        security=literal(security),
        form_fields=literal(body.credentials),
        success=literal(result.statuses),
        kind=None if result.kind == "json" else repr(result.kind),
        accept=literal(media.accept(operation, result.kind)),
        idempotency_header=literal(media.idempotency_header(operation)),
        payload=literal(result.payload),
        next_page=_next_page(value.get("x-pagination")),
        errors=error_mappings_of(spec, operation),
        deprecated=literal(advice(value)) if value.get("deprecated") is True else None,
    )


def _next_page(pagination: Mapping[str, Any] | None) -> str | None:
    if pagination is None:
        return None
    keys = ("cursor", "parameter") if "cursor" in pagination else ("next-url",)
    named = {key.replace("-", "_"): repr(pagination[key]) for key in (*keys, "more") if key in pagination}
    return code("NextPage", **named)
