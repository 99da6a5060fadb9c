"""The methods of resources, each for an operation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wirecheck.generate.facade.answers import Answers
from wirecheck.generate.facade.arguments import Argument, argument, natural, passed_on
from wirecheck.generate.facade.bodies import Body
from wirecheck.generate.facade.code import code, literal
from wirecheck.generate.facade.credentials import Credential, security
from wirecheck.generate.facade.exceptions import meanings_of
from wirecheck.generate.facade.properties import imports
from wirecheck.generate.facade.rules import rules_of
from wirecheck.generate.facade.servers import own_server
from wirecheck.generate.facade.text import advice, docstring, summary
from wirecheck.spec import Document, Operation, Spec, join

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a resource: all in code, but for ``summary`` and ``docstring``, which are safe in one."""

    resource: str
    name: str
    positional: Sequence[Argument]
    keywords: Sequence[Argument]
    summary: str
    docstring: str
    result: str
    item: str | None  # the type of the items, for a list
    envelope: str
    imports: Sequence[str]  # that the signature needs
    module: str  # of the generator, which makes the request
    body_import: str | None
    passed_on: Sequence[str]  # to that module
    parser: str | None  # of the runtime, None for that of the module
    rules: Sequence[tuple[str, str]]  # argument, rules
    operation: str

    @property
    def key(self) -> str:
        return f"{self.resource}_{self.name}"

    @property
    def signature(self) -> str:
        keywords = sorted(self.keywords, key=lambda one: one.default is not None)
        declared = [one.declaration for one in (*self.positional, *keywords)]
        if keywords:
            declared.insert(len(self.positional), "*")
        return ", ".join(declared)

    @property
    def passed(self) -> str:
        named = (f"{one.name}={one.name}" for one in self.keywords)
        return ", ".join([*(one.name for one in self.positional), *named])


def method(
    spec: Spec, operation: Operation, endpoint: "Endpoint", tag: str, credentials: Sequence[Credential]
) -> Method:
    """The method for an operation: where no x-resource names it, its tag and operationId do."""
    value = spec.document.get(operation.pointer)
    named = value.get("x-resource")
    resource, name = named.split(".") if named else (tag, str(endpoint.name))
    answers = Answers(spec.document, operation, endpoint)
    body = Body(spec.document, operation, endpoint, credentials)
    others = [*endpoint.query_parameters, *endpoint.header_parameters, *endpoint.cookie_parameters]
    inputs = [*endpoint.path_parameters, *body.fields, *others]
    names = natural(inputs, {"self", "body"} if body.whole else {"self"})
    positional = [argument(one, names) for one in endpoint.path_parameters]
    asked = [argument(one, names) for one in (*body.fields, *others)]
    keywords = [body.whole, *asked] if body.whole else asked
    return Method(
        resource=resource,
        name=name,
        positional=positional,
        keywords=keywords,
        summary=summary(value),
        docstring=docstring(value, {one.name: one.text for one in (*positional, *keywords)}),
        result=answers.result,
        item=answers.item,
        envelope=answers.envelope,
        imports=sorted({line for one in (*inputs, *body.shown, *answers.shown) for line in imports(one)}),
        module=f"api.{tag}.{endpoint.name}",
        body_import=body.imported,
        passed_on=[
            *(passed_on(one, names) for one in (*endpoint.path_parameters, *others)),
            *body.passed_on(names),
        ],
        parser=answers.parser,
        rules=[*_rules(spec.document, operation, endpoint, body, names)],
        operation=_operation(spec, operation, f"{resource}.{name}", answers, body, credentials),
    )


def _rules(
    document: Document, operation: Operation, endpoint: "Endpoint", body: Body, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    documented = {(one.location, one.name): one.schema for one in operation.parameters}
    schemas = {
        str(one.python_name): documented.get((location, one.name.get_untrusted_value()))
        for location, one in endpoint.iter_all_parameters()
    }
    for field in body.fields:
        schemas[str(field.python_name)] = join(body.schema, "properties", field.name.get_untrusted_value())
    for stock, schema in schemas.items():
        rules = [*rules_of(document, schema)] if schema else []
        if rules:
            yield names[stock], f"[{', '.join(rules)}]"


def _operation(
    spec: Spec,
    operation: Operation,
    name: str,
    answers: Answers,
    body: Body,
    credentials: Sequence[Credential],
) -> str:
    value = spec.document.get(operation.pointer)
    return code(
        "Operation",
        name=repr(name),
        id=repr(operation.name),
        reads=literal(operation.method in {"GET", "HEAD", "OPTIONS"}),
        server=literal(own_server(spec.document, operation)),
        security=security(operation, credentials),
        form_fields=literal(body.filled),
        success=literal(answers.statuses),
        is_json=None if answers.is_json else "False",
        payload=literal(answers.payload),
        pagination=_pagination(value.get("x-pagination")),
        meanings=meanings_of(spec, operation),
        deprecated=literal(advice(value)) if value.get("deprecated") is True else None,
    )


def _pagination(value: Mapping[str, Any] | None) -> str | None:
    if value is None:
        return None
    way = ("cursor", "parameter") if "cursor" in value else ("next-url",)
    named = {key.replace("-", "_"): repr(value[key]) for key in (*way, "more") if key in value}
    return code("Pagination", **named)
