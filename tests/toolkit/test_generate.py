"""The driver of the generator: what it writes, what it refuses, and that it harms nothing."""

import importlib
import inspect
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_python_client.parser import GeneratorData

from support.paths import ROOT, SPECS, TESTS
from wirecheck.generate import MARK, PINS, drift, generate
from wirecheck.model import OutputError, SpecError, WirecheckError

PETSHOP = SPECS / "petshop.yaml"
ENDPOINTS = {
    "petshop/api/build/get_opening_hours.py",
    "petshop/api/pets/buy_pet.py",
    "petshop/api/pets/get_pet.py",
    "petshop/api/pets/list_pets.py",
    "petshop/api/pets/sell_pet.py",
}


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below the folder: None stands for a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def run_python(code: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The output folder of one generation, and what it says that it wrote."""
    output = tmp_path_factory.mktemp("made")
    return output, generate(PETSHOP, output, "petshop")


@pytest.fixture
def output(made: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A copy of the generated output, to be harmed."""
    return shutil.copytree(made[0], tmp_path / "output", ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The place of temporary folders, which is empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


# What is written


def test_every_file_is_reported(made: tuple[Path, list[str]]) -> None:
    output, written = made
    assert written == sorted(name for name, content in contents(output).items() if content is not None)
    api = {name for name in written if name.startswith("petshop/api/")}
    assert {name for name in api if not name.endswith("__init__.py")} == ENDPOINTS
    assert "petshop/py.typed" in written


def test_the_mark_says_what_made_the_package(made: tuple[Path, list[str]]) -> None:
    note = (made[0] / "petshop" / "GENERATED").read_text()
    assert note.startswith(MARK)
    for word in ("petshop.yaml", "wirecheck generate", "openapi-python-client 0.29.1"):
        assert word in note
    assert str(TESTS) not in note
    assert len(note.splitlines()) <= 3


def test_scalars_stay_what_the_document_says(made: tuple[Path, list[str]]) -> None:
    models = made[0] / "petshop" / "models"
    assert 'Literal["FI", "NO", "SE"]' in (models / "country.py").read_text()
    hours = models / "get_opening_hours_response_200_from.py"
    assert 'Literal["09:00", "8:30"]' in hours.read_text()


def problems_of_types(folder: Path, *packages: str) -> list[str]:
    """What mypy --strict says."""
    code = "import sys; from mypy.main import main; main(args=sys.argv[1:])"
    named = [argument for package in packages for argument in ("-p", package)]
    answer = subprocess.run(
        [sys.executable, "-c", code, "--strict", "--cache-dir", str(folder / ".mypy"), *named],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout, answer.stderr
    return [line for line in answer.stdout.splitlines() if not line.startswith("Success: no issues found")]


def test_the_client_satisfies_mypy_strict(made: tuple[Path, list[str]], tmp_path: Path) -> None:
    copy = shutil.copytree(made[0], tmp_path / "copy")
    assert problems_of_types(copy, "petshop") == []


def test_the_client_works(made: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def shop(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            assert request.content == b"name=Rex+II&vaccinated=true"
            return httpx.Response(418, json={"reason": "a teapot"})
        assert request.url == "https://shop.test/pets?country=NO"
        pet = {"id": "1", "name": "Rex", "born": "2015-10-01T12:00:00Z", "owner": {"name": "Ann"}}
        return httpx.Response(200, json={"data": [pet]})

    monkeypatch.syspath_prepend(made[0])
    petshop = importlib.import_module("petshop")
    transport = httpx.MockTransport(shop)
    with petshop.Petshop(base_url="https://shop.test", transport=transport) as client:
        [pet] = client.pets.list_pets(country="NO").data
        with pytest.raises(petshop.APIStatusError, match=r"418 .*a teapot"):
            client.pets.sell_pet(name="Rex II", vaccinated=True)
    assert (pet.name, pet.born.year, pet.owner.name) == ("Rex", 2015, "Ann")


def test_the_functions_of_the_generator_work_too(
    made: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(made[0])
    client = importlib.import_module("petshop.client").Client
    models = importlib.import_module("petshop.models")
    sell_pet = importlib.import_module("petshop.api.pets.sell_pet")
    transport = httpx.MockTransport(lambda _: httpx.Response(418, json={"reason": "a teapot"}))
    with client("https://shop.test", httpx_args={"transport": transport}) as shop:
        refusal = sell_pet.sync(client=shop, body=models.SellPetBody(name="Rex II", vaccinated=True))
    assert refusal.reason == "a teapot"


def test_without_a_server_in_the_document_the_address_must_be_given(
    made: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(made[0])
    monkeypatch.delenv("PETSHOP_BASE_URL", raising=False)
    petshop = importlib.import_module("petshop")
    with pytest.raises(ValueError, match="base_url must be an http or https address, not ''"):
        petshop.Petshop()
    assert "else it is required" in " ".join(petshop.Petshop.__doc__.split())


@pytest.mark.usefixtures("temporary")
def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    generate(PETSHOP, tmp_path / "new" / "output", "petshop")
    assert capfd.readouterr() == ("", "")


def test_the_output_is_the_same_wherever_it_is_made(made: tuple[Path, list[str]], tmp_path: Path) -> None:
    place = tmp_path / "hostile"
    (place / "build").mkdir(parents=True)
    (place / ".gitignore").write_text("*\n")
    (place / ".ignore").write_text("*\n")
    (place / "pyproject.toml").write_text('[tool.ruff]\nline-length = 30\nexclude = ["*"]\n')
    (place / "ruff.toml").write_text('line-length = 30\n[format]\nquote-style = "single"\n')
    answer = run_python(
        "import pathlib, wirecheck.generate as g\n"
        f"g.generate(pathlib.Path({str(PETSHOP)!r}), pathlib.Path('output'), 'petshop')",
        cwd=place,
        PYTHONHASHSEED="1",
        TMPDIR=str(place / "build"),
        RUFF_OUTPUT_FILE="report.txt",
        RUFF_OUTPUT_FORMAT="github",
    )
    assert answer.returncode == 0, answer.stderr
    assert contents(place / "output") == contents(made[0])


def test_json_is_read_as_json(tmp_path: Path) -> None:
    spec = tmp_path / "tabs.json"
    spec.write_text(
        '{"openapi": "3.1.0",\n\t"info": {"title": "\\ud83d\\udc36", "version": "1"},\n\t"paths": {}}'
    )
    generate(spec, tmp_path, "dogs")
    assert "\N{DOG FACE}" in (tmp_path / "dogs" / "__init__.py").read_text(encoding="utf-8")


def test_stale_files_vanish(output: Path, made: tuple[Path, list[str]]) -> None:
    (output / "petshop" / "models" / "stale.py").touch()
    (output / "petshop" / "models" / "pet.py").write_text("edited")
    (output / "neighbour.txt").write_text("stays")
    assert generate(PETSHOP, output, "petshop") == made[1]
    assert contents(output) == contents(made[0]) | {"neighbour.txt": b"stays"}


def test_importing_the_driver_imports_no_generator() -> None:
    answer = run_python(
        "import sys, wirecheck.generate\n"
        "assert not {'openapi_python_client', 'ruff', 'pydantic'} & sys.modules.keys()"
    )
    assert answer.returncode == 0, answer.stderr


# Drift


@pytest.mark.usefixtures("temporary")
def test_what_was_just_made_does_not_drift(made: tuple[Path, list[str]]) -> None:
    assert drift(PETSHOP, made[0], "petshop") == []


@pytest.mark.usefixtures("temporary")
def test_drift_names_each_difference(output: Path) -> None:
    package = output / "petshop"
    edited = package / "models" / "pet.py"
    edited.write_bytes(edited.read_bytes().replace(b"Pet", b"pet", 1))
    (package / "client.py").unlink()
    (package / "errors.py").rename(output / "same.py")
    (package / "errors.py").symlink_to(output / "same.py")
    (package / "models" / "old.py").touch()
    (package / ".hidden").touch()
    (package / "empty").mkdir()
    (package / "link").symlink_to("models")
    (package / "models" / "__pycache__").mkdir()
    (package / "models" / "__pycache__" / "pet.pyc").touch()
    before = contents(output)
    assert drift(PETSHOP, output, "petshop") == [
        "petshop/.hidden: is stray",
        "petshop/client.py: missing",
        "petshop/empty: is stray",
        "petshop/errors.py: differs",
        "petshop/link: is stray",
        "petshop/models/old.py: is stray",
        "petshop/models/pet.py: differs",
    ]
    assert contents(output) == before


def test_a_changed_document_is_drift(output: Path, tmp_path: Path) -> None:
    spec = tmp_path / "petshop.yaml"
    spec.write_text(PETSHOP.read_text().replace("What it listens to", "What it is called"))
    assert drift(spec, output, "petshop") == [
        "petshop/_runtime/schemas.json: differs",
        "petshop/models/pet.py: differs",
    ]


@pytest.mark.usefixtures("temporary")
def test_a_package_never_made_is_missing(made: tuple[Path, list[str]], tmp_path: Path) -> None:
    expected = sorted(f"{name}: missing" for name in made[1])
    assert drift(PETSHOP, tmp_path / "nowhere", "petshop") == expected
    assert not (tmp_path / "nowhere").exists()


# Odd documents


def operation(resource: str | None = None, answer: Any = None, **more: Any) -> dict[str, Any]:
    """A GET that gives text, unless told otherwise; ``answer`` is a schema or the responses."""
    content = {"application/json": {"schema": answer or {"type": "string"}}}
    responses = answer if answer and "type" not in answer and "$ref" not in answer else None
    named = {"x-resource": resource} if resource else {}
    return {"responses": responses or {"200": {"description": "d", "content": content}}, **named, **more}


def parameters(*names: str, where: str = "query", **schema: Any) -> list[dict[str, Any]]:
    required = {"required": True} if where == "path" else {}
    return [{"name": name, "in": where, "schema": schema or {"type": "string"}, **required} for name in names]


def body(schema: Any, media_type: str = "application/json", required: bool = True) -> dict[str, Any]:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def fields(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def described(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A document; an operation stands at ``path``, by default at one of its own."""
    paths: dict[str, Any] = {}
    for number, each in enumerate(operations):
        whole = {"operationId": f"do{number}", **each}
        paths[whole.pop("path", f"/{number}")] = {whole.pop("method", "get"): whole}
    components = {
        name: more.pop(name) for name in ("schemas", "securitySchemes", "responses") if name in more
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", **more.pop("info", {})},
        "paths": paths,
        "components": components,
        **more,
    }


def key(name: str, where: str = "query", **more: str) -> dict[str, str]:
    return {"type": "apiKey", "in": where, "name": name, **more}


def refusing(exception: Any, status: str = "400", **more: Any) -> dict[str, Any]:
    """A document with x-exception."""
    content = {"application/json": {"schema": fields("code")}}
    refusal = {"description": "d", "x-exception": exception, "content": content}
    answer = {"200": {"description": "d"}, status: {"$ref": "#/components/responses/Refusal"}}
    return described(operation("a.get", answer), responses={"Refusal": refusal}, **more)


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
                    answer=None,
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
    "own_exception": refusing(
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
    answer = run_python(
        "import importlib, pathlib, pkgutil, warnings\n"
        "warnings.simplefilter('error')\n"
        "for package in pkgutil.iter_modules(['.']):\n"
        "    made = importlib.import_module(package.name)\n"
        "    for module in pkgutil.walk_packages(made.__path__, f'{package.name}.'):\n"
        "        importlib.import_module(module.name)\n"
        "    print(package.name, [name for name in made.__all__ if not hasattr(made, name)])\n",
        cwd=odd,
    )
    assert answer.stdout.split("\n") == [*(f"odd_{name}_client []" for name in sorted(ODD)), ""], (
        answer.stderr
    )


def test_odd_documents_satisfy_mypy_strict(odd: Path) -> None:
    assert problems_of_types(odd, *(f"odd_{name}_client" for name in ODD)) == []


def odd_client(
    odd: Path, monkeypatch: pytest.MonkeyPatch, name: str, **options: Any
) -> tuple[Any, list[httpx.Request]]:
    """A client of an odd document, and the list that its requests come to."""
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(404 if name == "own_exception" else 200, json="")

    monkeypatch.syspath_prepend(odd)
    package = importlib.import_module(f"odd_{name}_client")
    [made] = [
        getattr(package, each)
        for each in package.__all__
        if each.startswith("Odd") and not each.endswith("Error")
    ]
    return made(
        **{"base_url": "https://odd.test/v1", "transport": httpx.MockTransport(respond), **options}
    ), seen


def test_every_parameter_arrives_under_its_own_name(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, seen = odd_client(odd, monkeypatch, "parameters")
    method = client.self_.get
    names = list(inspect.signature(method).parameters)
    method(*names[:3], **{name: name for name in names[3:]})
    assert seen[0].url.path == f"/v1/{'/'.join(names[:3])}"
    assert set(seen[0].url.params) == set(WORDS) - {"quote", "class", "d"}
    assert len(set(seen[0].url.params.values())) == len(names) - 3


def test_every_field_arrives_under_its_own_name(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, seen = odd_client(odd, monkeypatch, "fields")
    names = list(inspect.signature(client.a.json).parameters)
    client.a.with_raw_response.json(**{name: name for name in names})
    sent = json.loads(seen[0].content)
    assert set(sent) == set(ODD["fields"]["components"]["schemas"]["Thing"]["properties"])
    assert sorted(sent.values()) == sorted(names)


def test_arguments_have_their_names_on_the_wire(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = odd_client(odd, monkeypatch, "parameters")
    names = inspect.signature(client.self_.get).parameters
    changed = {"self", "class", "import", "from", "None", "UNSET", "_get_kwargs", "1st", "x-y"}
    assert set(WORDS) - set(names) == changed
    assert {"self_", "class_", "import_", "from_", "none", "unset", "get_kwargs", "x_y"} < set(names)


@pytest.mark.parametrize(
    ("method", "names"),
    {
        "places": ["user_path", "user_query"],
        "cases": ["userId", "user_id", "media_id"],
        "whole": ["body", "body_", "type"],
        "fields": ["url", "body", "object", "url_query", "client"],
    }.items(),
)
def test_names_of_two_arguments_give_way(
    method: str, names: list[str], odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = odd_client(odd, monkeypatch, "arguments")
    assert [*inspect.signature(getattr(client.a, method)).parameters] == names


def test_what_gave_way_still_arrives(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, seen = odd_client(odd, monkeypatch, "arguments")
    client.a.with_raw_response.fields(url="a", body="b", object="c", url_query="d", client="e")
    assert json.loads(seen[0].content) == {"url": "a", "body": "b", "object": "c"}
    assert dict(seen[0].url.params) == {"url": "d", "client": "e"}


def test_a_date_by_default_is_left_to_the_server(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, seen = odd_client(odd, monkeypatch, "parameters")
    client.a.dates()
    assert dict(seen[0].url.params) == {"kind": "a"}


@pytest.mark.parametrize("name", ["relative_servers", "own_relative_server"])
def test_a_relative_server_stands_beside_the_actual_one(
    name: str, odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, seen = odd_client(odd, monkeypatch, name, base_url="https://odd.test/eu/v1")
    client.a.get()
    assert str(seen[0].url) == "https://odd.test/eu/files/0"


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
    answer = run_python(
        f"import {package} as made\n"
        f"assert issubclass(made.{name}Error, Exception) and made.Async{name} and made.{name}",
        cwd=tmp_path,
    )
    assert answer.returncode == 0, answer.stderr


# Refusals


def document(paths: str = "{}", schemas: str = "{}", more: str = "{}", version: str = "3.1.0") -> str:
    return (
        f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {paths}\n"
        f"components: {{schemas: {schemas}, pathItems: {more}}}\n"
    )


def get(identifier: str) -> str:
    return f"{{get: {{operationId: {identifier}, responses: {{'200': {{description: ok}}}}}}}}"


OBJECT = "{type: object, properties: {a: {type: string}}}"

REFUSED: dict[str, tuple[str | bytes, str]] = {
    "not-utf-8": (b"openapi: \xff", "is not UTF-8"),
    "version-unknown": (document(version="3.2.0"), "OpenAPI 3.2.0 is not supported"),
    "closed-brackets": ("[" * 100_000 + "]" * 100_000, "levels deep"),
    "double-key": (document(f"{{/a: {get('a')}, /a: {get('b')}}}"), "the key '/a' is there twice"),
    "no-paths": ("openapi: 3.1.0\ninfo: {title: T, version: '1'}", "paths Field required"),
    "warning": (
        document(f"{{'/a/{{id}}': {get('a')}}}"),
        "WARNING parsing GET /a/{id} within default. Endpoint will not be generated.: Incorrect",
    ),
    "two-warnings": (
        document(schemas=f"{{m: {OBJECT}, M: {OBJECT}, n: {OBJECT}, N: {OBJECT}}}"),
        "the generator reports (the first of 2 problems): Unable to parse schema",
    ),
    "generator-crash": (
        document(schemas="{A: {allOf: [{$ref: '#/components/schemas/A'}]}}"),
        "the generator ",
    ),
    "double-id": (
        document(f"{{/a: {get('x')}, /b: {get('x')}}}"),
        "operationId 'x' is not unique: GET /a, GET /b",
    ),
    "ids-of-one-file": (
        document(f"{{/a: {get('getX')}, /b: {get('get_x')}, /c: {get('c')}}}"),
        "the generator omits GET /a",
    ),
    "path-item-reference": (
        document("{/a: {$ref: '#/components/pathItems/A'}}", more=f"{{A: {get('a')}}}"),
        "the generator omits GET /a",
    ),
    "path-item-dangling": (
        document("{/a: {$ref: '#/components/pathItems/B'}}"),
        "$ref #/components/pathItems/B cannot be resolved",
    ),
    "models-of-one-file": (
        document(schemas=f"{{PetURL: {OBJECT}, PetUrl: {OBJECT}}}"),
        "PetURL and PetUrl would share the file models/pet_url.py",
    ),
    "external-file": (
        document(schemas="{A: {$ref: 'other.yaml#/A'}}"),
        "#/components/schemas/A: $ref other.yaml#/A leads out of the document",
    ),
    "external-address": (
        document("{/a: {$ref: 'https://spec.test/a.yaml'}}"),
        "#/paths/~1a: $ref https://spec.test/a.yaml leads out of the document",
    ),
    "terminal-escape": (
        document('{"/a\\e[2J\\nb": {$ref: "#/components/pathItems/A"}}', more=f"{{A: {get('a')}}}"),
        "omits GET /a\\x1b[2J b",
    ),
}


def identified(**bits: int) -> dict[str, Any]:
    return {name: {"type": "string", "x-identifier": {"bits": each}} for name, each in bits.items()}


BY_THE_CLIENT: dict[str, tuple[dict[str, Any], str]] = {
    "two-of-one-name": (
        described(operation("a.get"), operation("a.get")),
        "x-resource a.get is also #/paths/~10/get/x-resource",
    ),
    "name-by-default-taken": (
        described(operation("a.x"), operation(tags=["a"], operationId="x")),
        "a second a.x",
    ),
    "two-calls-of-one-name": (
        described(operation("a_b.c"), operation("a.b_c")),
        "a_b_c would have two meanings in _calls.py: choose another name",
    ),
    "two-that-hide-types": (
        described(operation("a.list"), operation("a.int")),
        "a cannot have methods named list and int",
    ),
    "resource-close": (described(operation("close.get")), "close would have two meanings in "),
    "method-with-raw-response": (
        described(operation("a.with_raw_response")),
        "with_raw_response would have two meanings in ",
    ),
    **{
        f"model-{name}": (
            described(
                operation("a.get", {"$ref": f"#/components/schemas/{name}"}), schemas={name: fields("x")}
            ),
            f"{name} would have two meanings in ",
        )
        for name in ("Page", "RawResponse", "Call", "Any", "T", "Petshop", "AResource", "Response", "Unset")
    },
    "option-as-credential": (
        described(operation(), securitySchemes={"base-url": key("k")}),
        "base_url is an option of every client: choose another name",
    ),
    "credentials-of-one-name": (
        described(operation(), securitySchemes={"a-b": key("k"), "a_b": key("l")}),
        "duplicate argument 'a_b'",
    ),
    "credential-self": (
        described(operation(), securitySchemes={"self": key("k")}),
        "duplicate argument 'self'",
    ),
    "identifiers-of-one-name": (
        described(schemas=identified(**{"a-b": 8, "a_b": 9})),
        "a_b would have two meanings in ids.py",
    ),
    "exception-of-ours": (refusing("RuleError"), "RuleError would have two meanings in exceptions.py"),
    "exception-that-is-the-root": (
        refusing("PetshopError"),
        "PetshopError would have two meanings in exceptions.py",
    ),
    "exception-misnamed": (refusing("Nope"), 'x-exception is "Nope", which does not match'),
    "resource-misnamed": (described(operation("A.get")), "x-resource is A.get, not two names in snake_case"),
    "pagination-misshapen": (
        described(operation("a.get", **{"x-pagination": 7})),
        "x-pagination is 7, an integer, not an object",
    ),
    "null-alone": (
        described(operation("a.get", {"type": "null"})),
        "the generator cannot represent a response that is only null: do0",
    ),
}
REFUSED |= {name: (json.dumps(content), reason) for name, (content, reason) in BY_THE_CLIENT.items()}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.usefixtures("temporary")
def test_a_document_is_refused_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("the network is not to be touched")

    monkeypatch.setattr(socket.socket, "connect", connect)
    content, reason = REFUSED[name]
    spec = tmp_path / (name if name.endswith(".json") else f"{name}.yaml")
    spec.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SpecError) as refusal:
        generate(spec, tmp_path / "output", "petshop")
    assert refusal.value.where.startswith(str(spec))
    assert reason in refusal.value.what
    assert str(refusal.value).isprintable()
    assert len(refusal.value.what) <= 2000
    assert not (tmp_path / "output").exists()


def test_a_document_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for spec in (tmp_path / "nowhere.yaml", tmp_path):
        for function in (generate, drift):
            with pytest.raises(SpecError, match="cannot be read: ") as refusal:
                function(spec, tmp_path / "output", "petshop")
            assert refusal.value.where.startswith(str(spec))


@pytest.mark.parametrize("package", ["_client", "_1_client", "__"])
def test_a_package_that_no_class_can_be_named_after_is_refused(package: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=f"the package name {package} does not give a class name"):
        generate(PETSHOP, tmp_path / "output", package)


@pytest.mark.parametrize("package", ["", "pet-shop", "pet.shop", "../petshop", "class", "1pet"])
def test_a_name_that_no_package_can_have_is_refused(package: str, tmp_path: Path) -> None:
    for function in (generate, drift):
        with pytest.raises(SpecError) as refusal:
            function(PETSHOP, tmp_path / "output", package)
        assert refusal.value.what == f"{package!r} is not a valid package name"


@pytest.mark.parametrize("tool", PINS)
def test_another_version_is_refused(tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = PINS[tool]
    monkeypatch.setitem(PINS, tool, "0.0.1")
    with pytest.raises(SpecError) as refusal:
        generate(PETSHOP, tmp_path, "petshop")
    assert refusal.value.what == f"requires {tool} 0.0.1, but {installed} is installed"


def test_the_pins_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "tools" / "wirecheck" / "pyproject.toml").read_text())["project"]
    pinned = set(project["optional-dependencies"]["generate"])
    assert {f"{name}=={version}" for name, version in PINS.items()} <= pinned


@pytest.mark.parametrize("module", ["openapi_python_client", "ruff"])
def test_a_missing_generator_names_the_extra(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WirecheckError) as refusal:
        generate(PETSHOP, tmp_path, "petshop")
    assert not isinstance(refusal.value, SpecError)
    assert "pip install 'wirecheck[generate]'" in refusal.value.what


# Nothing is harmed


def fail_in_the_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_dict(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("first\nsecond")

    monkeypatch.setattr(GeneratorData, "from_dict", from_dict)


def fail_by_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_dict(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(GeneratorData, "from_dict", from_dict)


def fail_in_ruff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirecheck.generate._HOOKS", ("check --no-such-option",))


def fail_in_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: bytes) -> None:
        if path.name == "types.py":
            raise OSError(28, "No space left on device")
        path.write_text(content.decode(), encoding="utf-8")

    monkeypatch.setattr(Path, "write_bytes", write)


def fail_in_swapping(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    rename = Path.rename

    def once(path: Path, target: Path) -> Path:
        if path.name == "pyproject.toml" and path.parent.name == "new":  # the last one
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", once)


def fail_in_swapping_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_swapping(monkeypatch, PermissionError(13, "Permission denied"))


def fail_in_swapping_by_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_in_swapping(monkeypatch, KeyboardInterrupt())


FAILURES = {
    fail_in_the_generator: (SpecError, "the generator failed: ZeroDivisionError: first second"),
    fail_by_ctrl_c: (KeyboardInterrupt, ""),
    fail_in_ruff: (SpecError, "ruff rejects the generated code: error: unexpected argument"),
    fail_in_writing: (OutputError, "No space left on device"),
    fail_in_swapping_by_the_system: (OutputError, "Permission denied"),
    fail_in_swapping_by_ctrl_c: (KeyboardInterrupt, ""),
}


@pytest.mark.parametrize("fail", FAILURES)
@pytest.mark.usefixtures("temporary")
def test_a_failure_leaves_the_old_package(fail: Any, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (output / "petshop" / "models" / "pet.py").write_text("older\n")
    before = contents(output)
    error, reason = FAILURES[fail]
    with monkeypatch.context() as context:
        fail(context)
        with pytest.raises(error) as failure:
            generate(PETSHOP, output, "petshop")
    assert reason in str(failure.value)
    assert contents(output) == before


def make_a_folder_by_hand(target: Path) -> None:
    target.mkdir()
    (target / "__init__.py").write_text("mine")


def make_an_unmarked_package(target: Path) -> None:
    target.mkdir()
    (target / "GENERATED").write_text("by somebody else")


def make_a_link_to_a_package(target: Path) -> None:
    real = target.with_name("real")
    real.mkdir()
    (real / "GENERATED").write_text(MARK)
    target.symlink_to(real)


FOREIGN = (
    Path.mkdir,
    Path.touch,
    make_a_folder_by_hand,
    make_an_unmarked_package,
    make_a_link_to_a_package,
)


@pytest.mark.parametrize("make", FOREIGN)
@pytest.mark.usefixtures("temporary")
def test_what_is_foreign_is_left_alone(make: Any, tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    make(output / "petshop")
    before = contents(output)
    with pytest.raises(OutputError, match="was not made by wirecheck generate"):
        generate(PETSHOP, output, "petshop")
    assert contents(output) == before
    assert (output / "petshop").is_symlink() == (make is make_a_link_to_a_package)


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("mine")
    with pytest.raises(OutputError):
        generate(PETSHOP, output, "petshop")
    assert output.read_text() == "mine"
