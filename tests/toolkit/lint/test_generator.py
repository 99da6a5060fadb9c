"""The rule set of the client says what the generator says, and what it could type better; nothing else."""

from pathlib import Path
from typing import Any

import pytest

from support.linting import HEAD, Linted, indented, load_text, schemas
from support.paths import SHARED
from wirecheck.generate import build
from wirecheck.lint import Ruleset, lint
from wirecheck.model import Severity, SpecError
from wirecheck.spec import Spec, load

DOCUMENTS = SHARED / "documents"


def operation(more: str, components: str = "") -> str:
    """A document with one operation, which has its members on line 7."""
    return (
        f"{HEAD}  /things/{{id}}:\n    post:\n      operationId: postThing\n{indented(more, 6)}"
        f"components:\n{indented(components or 'schemas: {}', 2)}"
    )


def returned(schema: str, components: str) -> str:
    """A document with an operation that returns a value of a schema."""
    response = f"{{description: Fine., content: {{application/json: {{schema: {schema}}}}}}}"
    return operation(f"responses: {{'200': {response}}}", "schemas:\n" + indented(components, 2))


def union(one: str, other: str) -> str:
    """Two models with the members that they have beside an id, and a union of both."""
    models = "".join(
        f"{name}: {{properties: {{id: {{type: string}}, {members}}}, required: [{', '.join(required)}]}}\n"
        for name, (members, *required) in {"A": one.split("!"), "B": other.split("!")}.items()
    )
    return models + "U: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}\n"


def united(one: str, other: str) -> str:
    """A document with an operation that returns an object of one of two models."""
    return returned("{$ref: '#/components/schemas/U'}", union(one, other))


def client_flaws(linted: Linted, text: str) -> list[tuple[Severity, str, str]]:
    problems = [problem for _, problem in linted(text) if problem.rule == "generator-keeps"]
    return [(problem.severity, problem.pointer, problem.message) for problem in problems]


FINE = "responses: {'200': {description: Fine.}}"
POST = "/paths/~1things~1{id}/post"
NO_REF = "#/components/parameters/P"

FOUND: dict[str, tuple[str, Severity, str, str]] = {
    "a parameter that cannot be used": (
        operation(f"parameters: [{{$ref: '{NO_REF}'}}]\n{FINE}"),
        Severity.ERROR,
        f"{POST}/parameters/0",
        f"POST /things/{{id}} cannot be generated: $ref {NO_REF} cannot be resolved",
    ),
    "parameters that are no list": (
        operation(f"parameters: {{}}\n{FINE}"),
        Severity.ERROR,
        f"{POST}/parameters",
        "POST /things/{id} cannot be generated: must be a list",
    ),
    "a body that leads nowhere": (
        operation(f"requestBody: {{$ref: '#/components/requestBodies/B'}}\n{FINE}"),
        Severity.ERROR,
        f"{POST}/requestBody",
        "POST /things/{id} cannot be generated",
    ),
    "a response that cannot be used": (
        operation("responses: {'200': {$ref: '#/components/responses/R'}}"),
        Severity.WARNING,
        f"{POST}/responses/200",
        "the client does without this: $ref #/components/responses/R cannot be resolved",
    ),
    "a part of a body that cannot be used, whatever it is called": (
        operation(
            "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n" + FINE,
            "schemas: {A: {type: object, properties: {parameters: {type: array, items: {$ref: '#/x'}}}}}",
        ),
        Severity.WARNING,
        "/components/schemas/A/properties/parameters/items",
        "the client does without this",
    ),
    "a parameter of a callback that cannot be used": (
        operation(
            "callbacks: {done: {'{$request.query.url}': {post: {parameters: [{$ref: '#/x'}], "
            f"{FINE}}}}}}}}}\n{FINE}"
        ),
        Severity.WARNING,
        f"{POST}/callbacks/done/{{$request.query.url}}/post/parameters/0",
        "the client does without this",
    ),
    "a schema without type": (
        schemas("A: {minLength: 3}"),
        Severity.WARNING,
        "/components/schemas/A",
        "a schema without `type` is Any",
    ),
    "a property without type, in a schema that is not named": (
        returned("{type: array, items: {type: object, properties: {a: {description: It.}}}}", "Any: {}"),
        Severity.WARNING,
        f"{POST}/responses/200/content/application~1json/schema/items/properties/a",
        "a schema without `type` is Any",
    ),
    "items without type": (
        schemas("A: {type: object, properties: {p: {type: array, items: {minLength: 3}}}}"),
        Severity.WARNING,
        "/components/schemas/A/properties/p/items",
        "a schema without `type` is Any",
    ),
    "an array without items": (
        schemas("A: {type: array}"),
        Severity.WARNING,
        "/components/schemas/A",
        "an array without `items` is a list of Any",
    ),
    "a parameter without type": (
        operation(f"parameters: [{{name: q, in: query, schema: {{maxLength: 2}}}}]\n{FINE}"),
        Severity.WARNING,
        f"{POST}/parameters/0/schema",
        "a schema without `type` is Any",
    ),
    "a body without a schema": (
        operation("responses: {'200': {description: Fine., content: {application/json: {}}}}"),
        Severity.WARNING,
        f"{POST}/responses/200/content/application~1json",
        "a body without a schema is Any",
    ),
    "a model within another one, without a discriminator": (
        united("n: {type: integer}", "n: {type: integer}, m: {type: integer}"),
        Severity.WARNING,
        "/components/schemas/U",
        "objects may be A as well as B, and the client guesses",
    ),
    "an operation without operationId and tag": (
        HEAD + "  /things:\n    get: {responses: {'200': {description: Fine.}}}\n",
        Severity.INFO,
        "/paths/~1things/get",
        "an operation with neither operationId nor tag is named by its path",
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_the_client_lacks_or_types_badly_is_found(case: str, linted: Linted) -> None:
    text, severity, pointer, says = FOUND[case]
    [flaw] = client_flaws(linted, text)
    assert flaw[:2] == (severity, pointer)
    assert says in flaw[2]


def test_a_shared_parameter_costs_the_operation_that_has_it(linted: Linted) -> None:
    shared = "parameters: {P: {in: query, schema: {type: string}}}"
    text = operation(f"parameters: [{{$ref: '{NO_REF}'}}]\n{FINE}", shared)
    assert [message for _, _, message in client_flaws(linted, text)] == [
        "POST /things/{id} cannot be generated: a parameter must have `name` and `in`"
    ]


FINE_SCHEMAS: list[Any] = [
    "A: {type: string, enum: [a, b]}",
    "A: {enum: [a, 1, true]}",
    "A: {enum: [1, null]}",
    "A: {type: string, enum: []}",
    "A: {const: a}",
    "A: {}",
    "A: true",
    "A: {title: Anything}",
    "A: {type: [string, integer, object, array, boolean, 'null'], items: {}}",
    "A: {type: object}",
    "A: {type: object, additionalProperties: true}",
    "A: {type: array, items: true}",
    "A: {allOf: [{type: string}, {minLength: 1}]}",
    "A: {properties: {a: {type: string}}}",
    "A: {type: array, items: {$ref: '#/components/schemas/A'}}",
    "A: {type: string, anyOf: [{format: date}, {format: date-time}]}",
    "A: {type: object, properties: {p: {type: string}}, not: {required: [q]}, if: {minProperties: 2}}",
    "A: {type: object, properties: {p: {type: string}}}\n"
    "B: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {p: {maxLength: 3}}}]}",
    "Response: {type: string}\nresponse: {type: string}",
    "A: {oneOf: [{type: string}, {type: 'null'}]}",
]


@pytest.mark.parametrize("text", FINE_SCHEMAS)
def test_what_the_generator_types_as_well_as_it_can_has_no_problem(text: str, linted: Linted) -> None:
    assert client_flaws(linted, schemas(text)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("n: {type: integer}", "m: {type: integer}"),
        ("n: {type: integer}", "n: {type: integer}, m: {type: integer}!m"),
        ("kind: {enum: [a]}", "kind: {enum: [b]}"),
        ("kind: {enum: [1]}!kind", "kind: {enum: [2]}!kind"),
    ],
)
def test_models_that_can_be_told_apart_have_no_problem(one: str, other: str, linted: Linted) -> None:
    assert client_flaws(linted, united(one, other)) == []


def test_what_is_only_sent_need_not_be_told_apart(linted: Linted) -> None:
    assert client_flaws(linted, schemas(union("n: {type: integer}", "n: {type: integer}"))) == []


# The same as the generator


def told(spec: Spec) -> set[tuple[str, int, str, str]]:
    """What `wirecheck generate` says that the client lacks."""
    client = build(spec, "acme")
    return {
        (each.origin.file, each.origin.line, each.origin.pointer, f"{each.operation or ''}: {each.reason}")
        for each in (*client.missing, *client.partial)
    }


def found(spec: Spec) -> set[tuple[str, int, str, str]]:
    """What `wirecheck lint --ruleset client` says of it."""
    losses = set()
    for line, problem in lint(spec, [Ruleset.CLIENT]):
        what, _, reason = problem.message.partition(": ")
        operation, is_missing, _ = what.partition(" cannot be generated")
        if is_missing or what == "the client does without this":
            name = operation if is_missing else ""
            losses.add((problem.file, line, problem.pointer, f"{name}: {reason}"))
    return losses


def test_the_generator_says_the_same() -> None:
    text = operation(
        "parameters: [{$ref: '#/components/parameters/P'}, {in: query}]\n"
        "security: [{nope: []}]\nresponses: {'200': {$ref: '#/components/responses/R'}}",
        "parameters: {P: 5}\nschemas: {A: {$ref: b.yaml}}",
    ).replace("components:", "  /others: {$ref: '#/nowhere'}\n  /things: {get: 5}\ncomponents:", 1)
    spec = load_text(text)
    assert found(spec) == told(spec)
    assert {what.partition(": ")[0] for _, _, _, what in found(spec)} == {
        "",
        "/others",
        "GET /things",
        "POST /things/{id}",
    }


@pytest.mark.slow
@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="other people's documents are not at hand")
@pytest.mark.parametrize(
    "path",
    [*sorted(DOCUMENTS.glob("small/*.yaml")), *sorted(DOCUMENTS.glob("public/*/openapi.*"))],
    ids=lambda path: path.relative_to(DOCUMENTS).as_posix(),
)
def test_the_generator_says_the_same_of_other_peoples_documents(path: Path) -> None:
    if path.is_dir():
        pytest.skip("the parts of a document")
    spec = load(path)
    try:
        said = told(spec)
    except SpecError as error:
        pytest.skip(f"there is no client: {error}")
    assert found(spec) == said
