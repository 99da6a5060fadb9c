"""Documents whose names and texts are unusual give working clients."""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.generating import (
    PETSHOP,
    body,
    described,
    fields,
    key,
    operation,
    parameters,
    problems_of_types,
    run_python,
    with_exception,
)
from wirecheck.generate import generate

NASTY = (
    'He said "no", then \'\'\' and """ and \\ and \\n and {{ x }} and {% raw %} #} '
    + "w" * 200
    + ' ends with "'
)
WORDS = (
    *("self", "list", "id", "class", "timeout", "body", "data", "client", "url", "check", "request", "parse"),
    *(
        "operations",
        "answers",
        "response",
        "headers",
        "params",
        "kwargs",
        "quote",
        "cookies",
        "import",
        "print",
    ),
    *(
        "type",
        "set",
        "str",
        "httpx",
        "None",
        "from",
        "UNSET",
        "json",
        "d",
        "cls",
        "_get_kwargs",
        "1st",
        "x-y",
    ),
)
LIST: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}
THING = {"$ref": "#/components/schemas/Thing"}
FORM = "application/x-www-form-urlencoded"

ODD: dict[str, dict[str, Any]] = {
    "texts": described(
        operation("things.get", summary=NASTY, description=f"{NASTY}\n\n{NASTY}", tags=["things"]),
        operation("things.list", LIST, parameters=parameters("q", type="string", description=NASTY)),
        operation(
            "things.make",
            method="post",
            requestBody=body(THING),
            deprecated=True,
            **{
                "x-lifecycle": [{"date": "2018-01-01", "what": NASTY}],
                "x-migration": {"replacement": NASTY, "note": NASTY},
            },
        ),
        schemas={
            "Thing": {
                "type": "object",
                "description": NASTY,
                "properties": {"text": {"$ref": "#/components/schemas/Text"}},
            },
            "Text": {
                "type": "string",
                "description": NASTY,
                "x-identifier": {"bits": 8},
                "allOf": [{"x-rule": "r'\"", "x-message": NASTY, "maxLength": 3}],
            },
        },
        securitySchemes={
            "tok": key("t\"'\\", description=NASTY),
            "people": {
                "type": "oauth2",
                "x-resource": "people.authorize_url",
                "flows": {
                    "implicit": {"authorizationUrl": 'https://x.test/a"b', "scopes": {"a": NASTY}},
                },
            },
        },
        security=[{"tok": []}],
        tags=[{"name": "things", "description": NASTY}],
        info={"summary": NASTY},
        webhooks={
            "a b": {
                "post": operation(
                    operationId="w",
                    summary=NASTY,
                    resource=None,
                    response=None,
                    **{"x-signature": {"header": 'X"\n', "algorithm": "hmac-sha1", "key": "tok"}},
                )
            }
        },
    ),
    "parameters": described(
        operation(
            "self_.get",
            path="/{quote}/{class}/{d}",
            parameters=parameters("quote", "class", "d", where="path")
            + parameters(*(word for word in WORDS if word not in {"quote", "class", "d"})),
        ),
        operation(
            "a.get",
            parameters=parameters("X-Y", "list", "headers", "If-Match", where="header")
            + parameters("cookies", "c", where="cookie"),
        ),
        operation(
            "a.dates",
            parameters=parameters("day", type="string", format="date", default="2020-01-01")
            + parameters("kind", type="string", enum=["a", "b"], default="a"),
        ),
    ),
    "fields": described(
        operation("a.json", THING, method="post", requestBody=body(THING)),
        operation("a.form", THING, method="post", requestBody=body(THING, FORM)),
        operation(
            "a.path",
            path="/{id}",
            method="post",
            parameters=parameters("id", where="path"),
            requestBody=body(fields("id", "other")),
        ),
        schemas={"Thing": fields(*WORDS, "thing", "to_dict", "additional_properties", "src_dict", "prop")},
    ),
    "builtins": described(
        operation("list.list", LIST, parameters=parameters("ids", **LIST)),
        operation("list.set", LIST, method="put", requestBody=body(LIST)),
        operation("list.type"),
        *(operation(f"{name}.get") for name in ("property", "set", "int", "str", "object", "print", "type")),
    ),
    "tags": described(
        operation(tags=["import"], operationId="print"),
        operation(tags=["List"], operationId="class"),
        operation(tags=["2nd & last"], operationId="1st"),
    ),
    "bodies": described(
        operation("a.json", method="post", requestBody=body(THING, required=False)),
        operation("a.form", method="post", requestBody=body(THING, FORM, required=False)),
        operation("a.list", method="post", requestBody=body(LIST, required=False)),
        operation("a.number", method="post", requestBody=body({"type": "integer"})),
        operation(
            "a.file",
            method="post",
            requestBody=body({"type": "string", "format": "binary"}, "application/octet-stream"),
        ),
        operation(
            "a.upload",
            method="post",
            requestBody=body(
                {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}, "tags": LIST},
                },
                "multipart/form-data",
            ),
        ),
        operation(
            "a.either",
            method="post",
            requestBody={
                "content": {
                    "application/json": {"schema": fields("x")},
                    FORM: {"schema": fields("y")},
                }
            },
        ),
        schemas={"Thing": fields("x")},
    ),
    "answers": described(
        operation("a.default", {"default": {"description": "d", **body(THING)}}),
        operation("a.nothing", {"default": {"description": "d"}}),
        operation(
            "a.ranges",
            {"2XX": {"description": "d", **body(THING)}, "4XX": {"description": "d", **body(LIST)}},
        ),
        operation("a.several", {"200": {"description": "d", **body(THING)}, "204": {"description": "d"}}),
        operation("a.page", {"200": {"description": "d", **body({"type": "string"}, "text/html")}}),
        operation(
            "a.anything", {"200": {"description": "d", "content": {"application/json": {"schema": {}}}}}
        ),
        operation("a.head", method="head"),
        schemas={"Thing": {"type": "object", "properties": {"inner": THING}}},
    ),
    "schemes": described(
        operation(
            "a.get", security=[{"api-key": [], "http": []}, {"cookie.key": []}, {"os": [], "httpx": []}]
        ),
        securitySchemes={
            "api-key": key("k"),
            "X-API-Key": key("X-API-Key", "header"),
            "cookie.key": key("c", "cookie"),
            "os": key("o", "header"),
            "httpx": key("h"),
            "given": key("g"),
            "class": key("C", "header"),
            "http": {"type": "http", "scheme": "basic"},
            "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://x.test"},
            "tls": {"type": "mutualTLS"},
        },
        security=[{"tls": []}, {"oidc": ["a"]}],
    ),
    "arguments": described(
        operation(
            "a.places", path="/{user}", parameters=parameters("user", where="path") + parameters("user")
        ),
        operation("a.cases", parameters=parameters("userId", "user_id", "mediaId")),
        operation("a.whole", method="post", requestBody=body(LIST), parameters=parameters("body", "type")),
        operation(
            "a.fields",
            method="post",
            requestBody=body(fields("url", "body", "object")),
            parameters=parameters("url", "client"),
        ),
    ),
    "relative_servers": described(operation("a.get", servers=[{"url": "/files"}]), servers=[{"url": "/v1"}]),
    "own_relative_server": described(
        operation("a.get", servers=[{"url": "/files"}]), servers=[{"url": "https://a.test/v1"}]
    ),
    "own_exception": with_exception(
        {
            "class": "ClientError",
            "error-type": ["/code"],
            "by-error-type": {'x"\n\\': {"class": "XError", "hint": NASTY}},
        },
        "4XX",
    ),
    "nothing": described(),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a package of each odd document."""
    output = tmp_path_factory.mktemp("odd")
    for name, content in ODD.items():
        spec = output / "spec.json"
        spec.write_text(json.dumps(content))
        generate(spec, output, f"odd_{name}_client")
    return output


def test_odd_documents_give_packages_that_can_be_imported(odd: Path) -> None:
    done = run_python(
        "import importlib, pathlib, pkgutil, warnings\n"
        "warnings.simplefilter('error')\n"
        "for package in pkgutil.iter_modules(['.']):\n"
        "    module = importlib.import_module(package.name)\n"
        "    for inner in pkgutil.walk_packages(module.__path__, f'{package.name}.'):\n"
        "        importlib.import_module(inner.name)\n"
        "    print(package.name, [name for name in module.__all__ if not hasattr(module, name)])\n",
        cwd=odd,
    )
    assert done.stdout.split("\n") == [*(f"odd_{name}_client []" for name in sorted(ODD)), ""], done.stderr


def test_odd_documents_satisfy_mypy_strict(odd: Path) -> None:
    assert problems_of_types(odd, *(f"odd_{name}_client" for name in ODD)) == []


def odd_client(
    odd: Path, monkeypatch: pytest.MonkeyPatch, name: str, **options: Any
) -> tuple[Any, list[httpx2.Request]]:
    """A client of an odd document, and the list that its requests come to."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(404 if name == "own_exception" else 200, json="")

    monkeypatch.syspath_prepend(odd)
    package = importlib.import_module(f"odd_{name}_client")
    [kind] = [
        getattr(package, each)
        for each in package.__all__
        if each.startswith("Odd") and not each.endswith("Error")
    ]
    return kind(
        **{"base_url": "https://odd.test/v1", "transport": httpx2.MockTransport(respond), **options}
    ), requests


def arguments(method: Any) -> list[str]:
    """The names of a method's arguments, without the options of a call."""
    parameters = inspect.signature(method).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD]


def test_every_parameter_arrives_under_its_own_name(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, requests = odd_client(odd, monkeypatch, "parameters")
    method = client.self_.get
    names = arguments(method)
    method(*names[:3], **{name: name for name in names[3:]})
    assert requests[0].url.path == f"/v1/{'/'.join(names[:3])}"
    assert set(requests[0].url.params) == set(WORDS) - {"quote", "class", "d"}
    assert len(set(requests[0].url.params.values())) == len(names) - 3


def test_every_field_arrives_under_its_own_name(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, requests = odd_client(odd, monkeypatch, "fields")
    names = arguments(client.a.json)
    client.a.with_raw_response.json(**{name: name for name in names})
    sent = json.loads(requests[0].content)
    assert set(sent) == set(ODD["fields"]["components"]["schemas"]["Thing"]["properties"])
    assert sorted(sent.values()) == sorted(names)


def test_arguments_have_their_names_on_the_wire(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = odd_client(odd, monkeypatch, "parameters")
    names = inspect.signature(client.self_.get).parameters
    changed = {"self", "class", "import", "from", "None", "UNSET", "_get_kwargs", "1st", "x-y"}
    changed.add("str")  # the type of the result, which has to be visible within the method
    assert set(WORDS) - set(names) == changed
    assert {"self_", "str_", "class_", "import_", "from_", "none", "unset", "get_kwargs", "x_y"} < set(names)


@pytest.mark.parametrize(
    ("method", "names"),
    {
        "places": ["user", "user_query"],
        "cases": ["user_id_2", "user_id", "media_id"],
        "whole": ["body", "body_", "type"],
        "fields": ["url", "client", "url_body", "body", "object"],
    }.items(),
)
def test_conflicting_argument_names_are_changed(
    method: str, names: list[str], odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = odd_client(odd, monkeypatch, "arguments")
    assert arguments(getattr(client.a, method)) == names


def test_renamed_arguments_arrive(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, requests = odd_client(odd, monkeypatch, "arguments")
    client.a.with_raw_response.fields(url_body="a", body="b", object="c", url="d", client="e")
    assert json.loads(requests[0].content) == {"url": "a", "body": "b", "object": "c"}
    assert dict(requests[0].url.params) == {"url": "d", "client": "e"}


def test_the_default_of_an_absent_argument_is_not_sent(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, requests = odd_client(odd, monkeypatch, "parameters")
    client.a.dates()
    client.a.dates(kind="a")
    assert [dict(request.url.params) for request in requests] == [{}, {"kind": "a"}]
    assert "The server's default is 'a'." in " ".join((client.a.dates.__doc__ or "").split())


@pytest.mark.parametrize("name", ["relative_servers", "own_relative_server"])
def test_a_relative_server_stands_beside_the_actual_one(
    name: str, odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, requests = odd_client(odd, monkeypatch, name, base_url="https://odd.test/eu/v1")
    client.a.get()
    assert str(requests[0].url) == "https://odd.test/eu/files/0"


def test_an_exception_of_a_range_is_raised(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = odd_client(odd, monkeypatch, "own_exception")
    with pytest.raises(Exception, match="404") as raised:
        client.a.get()
    assert [kind.__name__ for kind in type(raised.value).__mro__[:3]] == [
        "ClientError",
        "APIStatusError",
        "OddOwnExceptionError",
    ]


@pytest.mark.parametrize("package", ["petshop_client", "petshop", "pet_shop_client", "client"])
def test_the_client_is_named_after_the_package(package: str, tmp_path: Path) -> None:
    generate(PETSHOP, tmp_path, package)
    name = {
        "petshop_client": "Petshop",
        "petshop": "Petshop",
        "pet_shop_client": "PetShop",
        "client": "Client",
    }[package]
    done = run_python(
        f"import {package} as package\n"
        f"assert issubclass(package.{name}Error, Exception) and package.Async{name} and package.{name}",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
