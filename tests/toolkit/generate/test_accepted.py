"""Documents that people have, at which generators stumble: each gives a client with all its operations."""

import ast
import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

from support.generating import (
    body,
    described,
    fields,
    key,
    operation,
    parameters,
    problems_of_types,
    run_python,
)
from wirecheck.generate import build, generate
from wirecheck.generate.names import MODULE_NAMES, bindings

OBJECT: dict[str, Any] = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
TEXT = {"type": "string"}
LIST = {"type": "array", "items": {"type": "integer"}}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Case:
    """A document, the methods by which its operations are called, in its order, and its models."""

    document: str | dict[str, Any]
    methods: Sequence[str] = ("a.get",)
    models: Sequence[str] | None = ()  # None: they do not matter


def plain(paths: str = "{}", schemas: str = "{}", more: str = "{}", items: str = "{}") -> str:
    return (
        f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {paths}\n"
        f"components: {{schemas: {schemas}, responses: {more}, pathItems: {items}}}\n"
    )


def get(identifier: str) -> str:
    return f"{{get: {{operationId: {identifier}, responses: {{'200': {{description: ok}}}}}}}}"


def named(*names: str) -> dict[str, Any]:
    """A document with a model of each name, which its operations take and return."""
    operations = []
    for number, name in enumerate(names):
        reference = {"$ref": f"#/components/schemas/{name}"}
        objects = {"type": "array", "items": reference}
        operations += [
            operation(f"a.get_{number}", reference),
            operation(f"a.list_{number}", objects),
            operation(f"a.send_{number}", reference, method="post", requestBody=body(objects)),
        ]
    return described(*operations, schemas=dict.fromkeys(names, OBJECT))


def typed(**content: Any) -> dict[str, Any]:
    """The response of each media type."""
    return {"200": {"description": "d", "content": content}}


SMALL = "{type: object, properties: {a: {type: integer}}}"
NAMES = {
    **{
        name: f"{name}Model"
        for name in ("Page", "RawResponse", "Call", "Any", "T", "E", "Unset", "UUID", "Stream")
    },
    **{
        name: f"{name}Model"
        for name in ("NamedCase", "AResource", "APIStatusError", "RateLimit", "Literal", "UNSET")
    },
    **{name: f"{name}Model" for name in ("Model", "Required", "Generic", "RequestOptions")},
    **{name: f"{name}Model" for name in ("Self", "Server", "Options", "Callable", "FileTypes")},
    **{
        name: name
        for name in ("Response", "Client", "Error", "Optional", "Union", "Types", "Transport", "Body")
    },
    "File": "FileModel",
    "Exception": "Exception_",
    "date": "Date",
    "str": "Str",
    "dict": "Dict",
    "list": "List",
    "none": "None_",
    "class": "Class",
    "a.b-c": "ABC",
    "1st": "Model1St",
    "größe": "Größe",
    "x y": "XY",
}

ACCEPTED: dict[str, Case] = {
    "double_key": Case(plain(f"{{/a: {get('a')}, /a: {get('b')}}}"), ["b"]),
    "no_paths": Case("openapi: 3.1.0\ninfo: {title: T, version: '1'}", []),
    "twin_ids": Case(plain(f"{{/a: {get('x')}, /b: {get('x')}}}"), ["get_a", "get_b"]),
    "twin_ids_in_python": Case(
        plain(f"{{/a: {get('getX')}, /b: {get('get_x')}, /c: {get('c')}}}"), ["get_a", "get_b", "c"]
    ),
    "no_id": Case(plain("{/a: {get: {responses: {'200': {description: ok}}}}}"), ["get_a"]),
    "undescribed_parameter": Case(plain(f"{{'/a/{{id}}': {get('a')}}}"), ["a"]),
    "path_item_reference": Case(
        plain("{/a: {$ref: '#/components/pathItems/A'}}", items=f"{{A: {get('a')}}}"), ["a"]
    ),
    "terminal_escape": Case(
        plain('{"/a\\e[2J\\nb": {$ref: "#/components/pathItems/A"}}', items=f"{{A: {get('a')}}}"), ["a"]
    ),
    "response_reference_of_reference": Case(
        plain(
            "{/a: {get: {operationId: a, responses: {'200': {$ref: '#/components/responses/A'}}}}}",
            more="{A: {$ref: '#/components/responses/B'}, B: {description: d, content: {application/json: "
            f"{{schema: {SMALL}}}}}}}}}",
        ),
        ["a"],
        ["B"],
    ),
    "response_of_the_name_of_a_schema": Case(
        plain(
            "{/a: {get: {operationId: a, responses: {'200': {$ref: '#/components/responses/A'}}}}}",
            more="{A: {description: d, content: {application/json: "
            f"{{schema: {SMALL}}}}}}}}}, schemas: {{A: {{type: string}}}}",
        ),
        ["a"],
        ["AResponse"],
    ),
    "second_method_of_a_name": Case(
        described(operation("a.x"), operation(tags=["a"], operationId="x")), ["a.x", "a.get_root"]
    ),
    "resources_of_one_constant": Case(described(operation("a_b.c"), operation("a.b_c")), ["a_b.c", "a.b_c"]),
    "methods_that_hide_types": Case(
        described(
            operation("a.list", LIST),
            operation("a.int"),
            operation("a.str"),
            operation("a.dict", OBJECT),
            operation("a.datetime", {"type": "string", "format": "date-time"}),
        ),
        ["a.list", "a.int", "a.str", "a.dict", "a.datetime"],
        ["ADictResponse"],
    ),
    "arguments_that_hide_types": Case(
        described(
            operation(
                "a.get",
                {"type": "string", "format": "date"},
                parameters=parameters("date", "datetime", format="date"),
            ),
            operation("a.list", LIST, parameters=parameters("list", "int", "Any", "Call")),
        ),
        ["a.get", "a.list"],
    ),
    "models_of_one_name": Case(
        plain(schemas=f"{{m: {SMALL}, M: {SMALL}, m_: {SMALL}, PetURL: {SMALL}, PetUrl: {SMALL}}}"),
        [],
        ["M", "M2", "M3", "PetURL", "PetUrl"],
    ),
    "twin_titles": Case(
        described(
            operation("a.get", {**OBJECT, "title": "Twin"}),
            operation("a.list", {"type": "array", "items": {**fields("b"), "title": "Twin"}}),
        ),
        ["a.get", "a.list"],
        ["AGetResponse", "AListResponseItem"],
    ),
    "schema_that_is_itself": Case(plain(schemas="{A: {allOf: [{$ref: '#/components/schemas/A'}]}}"), []),
    "twin_enum_values": Case(
        described(
            operation("a.get", {"type": "string", "enum": ["a", "A", "-a", "", "1", "class", 'q"\\\n']})
        ),
        models=["AGetResponse"],
    ),
    "null_alone": Case(described(operation("a.get", {"type": "null"}))),
    "boolean_schemas": Case(
        described(
            operation("a.get", {"type": "array", "items": True}),
            operation("a.list", {"type": "object", "properties": {"x": True, "y": False}}),
        ),
        ["a.get", "a.list"],
        ["AListResponse"],
    ),
    "unusual_responses": Case(
        described(
            operation("a.get", typed(**{"application/vnd.acme.v1+json": {"schema": OBJECT}})),
            operation("a.list", typed(**{"text/csv": {"schema": {"type": "string"}}})),
            operation("a.image", typed(**{"image/png": {}})),
            operation("a.xml", typed(**{"application/xml": {"schema": OBJECT}})),
            operation("a.any", typed(**{"*/*": {"schema": OBJECT}})),
            operation("a.pdf", typed(**{"application/pdf": {}, "application/json": {"schema": OBJECT}})),
        ),
        ["a.get", "a.list", "a.image", "a.xml", "a.any", "a.pdf"],
        None,
    ),
    "unusual_bodies": Case(
        described(
            *(
                operation(f"a.m{number}", method="post", requestBody=body(schema, media_type))
                for number, (media_type, schema) in enumerate(
                    {
                        "application/xml": OBJECT,
                        "text/csv": {"type": "string"},
                        "application/json-patch+json": {"type": "array", "items": OBJECT},
                        "application/octet-stream": {},
                        "image/*": {"type": "string", "format": "binary"},
                        "*/*": {"type": "string"},
                        "application/vnd.acme+json; version=1": OBJECT,
                    }.items()
                )
            )
        ),
        [f"a.m{number}" for number in range(7)],
        None,
    ),
    "content_parameter": Case(
        described(
            operation(
                "a.get",
                parameters=[
                    {"name": "q", "in": "query", "content": {"application/json": {"schema": OBJECT}}}
                ],
            )
        ),
        ["a.get"],
        ["AGetQ"],
    ),
    "credentials_of_any_name": Case(
        described(
            operation("a.get", security=[{"base-url": [], "self": [], "a-b": [], "a_b": [], "class": []}]),
            securitySchemes={
                name: key(f"k{number}")
                for number, name in enumerate(("base-url", "self", "a-b", "a_b", "class"))
            },
        )
    ),
    "identifiers_of_one_name": Case(
        described(
            schemas={
                name: {**TEXT, "x-identifier": {"bits": bits}} for name, bits in {"a-b": 8, "a_b": 9}.items()
            }
        ),
        [],
    ),
    "misspelt_types": Case(
        described(
            operation("a.get", {"type": "strnig"}), operation("a.x", parameters=parameters("q", type="no"))
        ),
        ["a.get", "a.x"],
    ),
}

TYPED = (
    *("named", "methods_that_hide_types", "arguments_that_hide_types", "models_of_one_name", "twin_titles"),
    *("twin_ids", "twin_enum_values", "boolean_schemas", "unusual_responses", "unusual_bodies", "no_paths"),
)
"""Those of which a type checker could complain."""


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with a package of each document, which can be imported."""
    output = tmp_path_factory.mktemp("accepted")
    documents = {name: case.document for name, case in ACCEPTED.items()} | {"named": named(*NAMES)}
    for name, document in documents.items():
        spec = output / "spec.yaml"
        spec.write_text(document if isinstance(document, str) else json.dumps(document))
        client = build(spec, f"{name}_case")
        assert (client.missing, client.partial) == ([], [])
        generate(client, output, f"{name}_case")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(output)
        yield output


def module(case: str, name: str = "") -> ModuleType:
    return importlib.import_module(f"{case}_case.{name}" if name else f"{case}_case")


def methods(case: str) -> Mapping[str, Any]:
    """The endpoint of each method."""
    values = vars(module(case, "_endpoints")).values()
    return {value.name: value for value in values if type(value).__name__ == "Endpoint"}


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize("case", ACCEPTED)
def test_every_operation_has_a_method(case: str) -> None:
    assert list(methods(case)) == list(ACCEPTED[case].methods)


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize("case", [name for name in ACCEPTED if ACCEPTED[name].models is not None])
def test_models_have_distinct_names(case: str) -> None:
    assert module(case, "models").__all__ == [*(ACCEPTED[case].models or ()), "Model"]


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(("number", "name"), [*enumerate(NAMES.values())], ids=[*NAMES])
def test_a_model_may_have_any_name(number: int, name: str) -> None:
    a = connected("named", httpx2.Response(200, json={"a": 1})).a
    assert type(getattr(a, f"get_{number}")()).__name__ == name
    assert getattr(a, f"send_{number}")([{"a": 1}]).a == 1
    model = getattr(module("named", "models"), name)(a=1)
    assert getattr(a, f"send_{number}")([model]) == model
    a = connected("named", httpx2.Response(200, json=[{"a": 1}])).a
    assert getattr(a, f"list_{number}")().data == [model]


def test_every_package_can_be_imported(accepted: Path) -> None:
    """In a process of its own, where warnings are errors."""
    done = run_python(
        "import importlib, pkgutil, warnings\n"
        "warnings.simplefilter('error')\n"
        "for package in pkgutil.iter_modules(['.']):\n"
        "    module = importlib.import_module(package.name)\n"
        "    for inner in pkgutil.walk_packages(module.__path__, f'{package.name}.'):\n"
        "        importlib.import_module(inner.name)\n"
        "    assert all(hasattr(module, name) for name in module.__all__)\n",
        cwd=accepted,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.no_cover
def test_every_package_satisfies_mypy_strict(accepted: Path) -> None:
    assert problems_of_types(accepted, *(f"{name}_case" for name in TYPED)) == []


def test_the_names_of_the_modules_are_taken(accepted: Path) -> None:
    """A model called like one of them would hide it, or be hidden by it."""
    package = accepted / "no_paths_case"
    names = {
        name
        for module in ("_sync", "_async", "models", "params")
        for name, _ in bindings(ast.parse((package / f"{module}.py").read_text()).body)
        if not name.startswith("_") and not name.endswith("Case")
    }
    assert {name for name in names if not name.islower()} <= MODULE_NAMES
    assert names & {*module("named", "models").__all__} == {"Model"}


# Calls


def connected(case: str, response: httpx2.Response, requests: list[httpx2.Request] | None = None) -> Any:
    """A client that always gets the same response."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        if requests is not None:
            requests.append(request)
        return httpx2.Response(response.status_code, headers=response.headers, content=response.content)

    package = module(case)
    client = getattr(package, module(case, "_endpoints").SERVICE.client)
    return client(base_url="https://case.test", transport=httpx2.MockTransport(respond))


def called(case: str, method: str, response: httpx2.Response, *values: Any, **named: Any) -> Any:
    """What a method returns, and the request that it sent."""
    requests: list[httpx2.Request] = []
    target = connected(case, response, requests)
    for name in method.split("."):
        target = getattr(target, name)
    result = target(*values, **named)
    [request] = requests
    return result, request


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    ("case", "method", "path"),
    [
        ("double_key", "b", "/a"),
        ("twin_ids", "get_a", "/a"),
        ("twin_ids", "get_b", "/b"),
        ("twin_ids_in_python", "get_a", "/a"),
        ("twin_ids_in_python", "get_b", "/b"),
        ("no_id", "get_a", "/a"),
        ("path_item_reference", "a", "/a"),
        ("terminal_escape", "a", "/a%1B%5B2J%0Ab"),
        ("second_method_of_a_name", "a.get_root", "/1"),
        ("resources_of_one_constant", "a_b.c", "/0"),
        ("resources_of_one_constant", "a.b_c", "/1"),
    ],
)
def test_a_method_calls_its_own_operation(case: str, method: str, path: str) -> None:
    _, request = called(case, method, httpx2.Response(200, json="x"))
    assert request.url.raw_path.decode() == path


@pytest.mark.usefixtures("accepted")
def test_what_the_path_has_in_braces_is_an_argument() -> None:
    _, request = called("undescribed_parameter", "a", httpx2.Response(200), "b/c")
    assert request.url.raw_path == b"/a/b%2Fc"


@pytest.mark.usefixtures("accepted")
def test_a_credential_may_have_the_name_of_an_option() -> None:
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(200, json="")

    names = ("base_url_", "self_", "a_b_2", "a_b", "class_")
    client = module("credentials_of_any_name").CredentialsOfAnyNameCase(
        base_url="https://case.test",
        transport=httpx2.MockTransport(respond),
        **{name: name for name in names},
    )
    client.a.get()
    assert dict(requests[0].url.params) == {f"k{number}": name for number, name in enumerate(names)}


@pytest.mark.usefixtures("accepted")
def test_a_response_of_null_is_none() -> None:
    assert called("null_alone", "a.get", httpx2.Response(200, content=b"null"))[0] is None


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    ("method", "response", "result"),
    [
        ("get", httpx2.Response(200, json={"a": 1}), {"a": 1}),
        ("list", httpx2.Response(200, text="a,b\n"), "a,b\n"),
        ("image", httpx2.Response(200, content=b"\x89PNG\0"), b"\x89PNG\0"),
        ("xml", httpx2.Response(200, text="<a/>", headers={"Content-Type": "application/xml"}), "<a/>"),
        ("any", httpx2.Response(200, json={"a": 1}), {"a": 1}),
        ("pdf", httpx2.Response(200, json={"a": 1}), {"a": 1}),
    ],
)
def test_a_body_is_read_by_its_media_type(method: str, response: httpx2.Response, result: Any) -> None:
    value = called("unusual_responses", f"a.{method}", response)[0]
    assert (value.to_dict() if hasattr(value, "to_dict") else value) == result


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    ("number", "value", "content"),
    [
        (0, "<a/>", b"<a/>"),
        (1, "a,b\n", b"a,b\n"),
        (2, [{"a": 1}], b'[{"a":1}]'),
        (3, b"\0\xff", b"\0\xff"),
        (4, b"\x89PNG", b"\x89PNG"),
        (5, "text", b"text"),
        (6, None, b'{"a":1}'),
    ],
)
def test_a_body_is_sent_in_its_media_type(number: int, value: Any, content: bytes) -> None:
    values = () if value is None else (value,)
    named = {"a": 1} if value is None else {}
    _, request = called("unusual_bodies", f"a.m{number}", httpx2.Response(200, json=""), *values, **named)
    assert request.content == content
    [documented] = [each.media_type for each in methods("unusual_bodies")[f"a.m{number}"].bodies]
    if "*" not in documented:
        assert request.headers["Content-Type"].partition(";")[0] == documented.partition(";")[0]


@pytest.mark.usefixtures("accepted")
def test_a_parameter_may_be_json() -> None:
    _, request = called("content_parameter", "a.get", httpx2.Response(200, json=""), q={"a": 1})
    assert request.url.params["q"] == '{"a":1}'
