"""The distribution around a generated package: pyproject.toml and README.md."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import pytest

from support.generating import mypy_cache
from support.paths import SPECS
from wirecheck.cli import run
from wirecheck.generate import drift, generate
from wirecheck.generate.distribution import distribution_name, distribution_version
from wirecheck.generate.project import markdown

pytestmark = pytest.mark.no_cover

PETSHOP, LIBRARY = SPECS / "petshop.yaml", SPECS / "library.yaml"
PROJECT = {"README.md", "api.md", "pyproject.toml"}


def project(output: Path) -> dict[str, Any]:
    return tomllib.loads((output / "pyproject.toml").read_text(encoding="utf-8"))


def programs(output: Path) -> list[str]:
    """The Python programs of a README."""
    readme = (output / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)


def described(**info: Any) -> dict[str, Any]:
    """A document with an operation for each kind of call."""
    text = {"200": {"description": "d", "content": {"application/json": {"schema": {"type": "string"}}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", **info},
        "servers": [{"url": "https://api.test/`v1`"}],
        "paths": {"/": {"get": {"operationId": "get", "tags": ["texts"], "responses": text}}},
    }


def written(document: dict[str, Any], folder: Path, package: str = "acme_client") -> Path:
    """The output folder of a document."""
    spec = folder / "openapi.json"
    spec.write_text(json.dumps(document), encoding="utf-8")
    generate(spec, folder / "output", package)
    return folder / "output"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("shop")
    generate(PETSHOP, output, "petshop_client")
    return output


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("library")
    generate(LIBRARY, output, "library_client")
    return output


# What they say


def test_the_project_is_described_by_the_document(shop: Path) -> None:
    values = project(shop)["project"]
    assert values["name"] == "petshop-client"
    assert values["version"] == "2015.10.1"
    assert values["description"].startswith("Small and valid.")
    assert values["readme"] == "README.md"
    assert values["requires-python"] == ">=3.11"
    assert {re.split("[<>=]", text)[0] for text in values["dependencies"]} == {"anyio", "httpx2"}
    assert [text.partition(">")[0] for text in values["optional-dependencies"]["strict"]] == ["jsonschema-rs"]


def test_a_summary_is_preferred_to_a_description(library: Path) -> None:
    description = project(library)["project"]["description"]
    assert description == "Books, the people who borrow them, and when they are due."


def test_the_title_describes_what_nothing_else_does(tmp_path: Path) -> None:
    output = written(described(title="Nothing else"), tmp_path)
    assert project(output)["project"]["description"] == "Nothing else"


def test_a_long_description_is_shortened_to_its_first_paragraph(tmp_path: Path) -> None:
    output = written(described(description="word " * 200 + "\n\nSecond."), tmp_path)
    description = project(output)["project"]["description"]
    assert len(description) <= 200
    assert description.endswith("word …")


@pytest.mark.parametrize(
    ("text", "version"),
    {
        "1.0": "1.0",
        "v7": "7",
        "1.2.3-beta.4": "1.2.3b4",
        "2024-02-29": "2024.2.29",
        "2024-02": "2024.2",
        "1.0+build.5": "1.0",
        " 3 ": "3",
        "1.0.0-oas3": "0.0.0",
        "latest": "0.0.0",
        "": "0.0.0",
        '1"\nname = "evil': "0.0.0",
    }.items(),
)
def test_a_version_has_the_form_of_python(text: str, version: str) -> None:
    assert distribution_version(text) == version


@pytest.mark.parametrize(
    ("package", "name"),
    {
        "acme_client": "acme-client",
        "Acme": "acme",
        "_a__b_": "a-b",
        "größe": "gr-e",
        "日本": "api-client",
    }.items(),
)
def test_a_distribution_is_named_after_its_package(package: str, name: str) -> None:
    assert distribution_name(package) == name


def test_the_readme_calls_methods_of_the_client(shop: Path, library: Path) -> None:
    first, *_, asynchronous = programs(shop)
    assert first == (
        "from petshop_client import Petshop\n\n"
        'client = Petshop(base_url="https://...")\n'
        "print(client.pets.list())\n"
        'print(client.pets.sell(name="name"))\n'
        'print(client.pets.retrieve("pet_id"))\n'
    )
    assert '        print(await client.pets.retrieve("pet_id"))\n' in asynchronous
    first, pages, errors, asynchronous = programs(library)
    assert pages.startswith("page = client.books.list()\n")
    assert "\ntry:\n    client." in errors
    assert not [program for program in programs(shop) if "page" in program]
    assert 'client = Library(token="...", staff_key="...")\n' in first
    assert "\nfor item in client.books.list():\n    print(item)\n" in first
    assert "\n        async for item in client.books.list():\n            print(item)\n" in asynchronous
    readme = (library / "README.md").read_text(encoding="utf-8")
    assert not [program for program in programs(library) if "remove" in program]
    assert "| `token` | `LIBRARY_TOKEN` |" in readme
    assert "Requests go to https://main.library.test/api/v7," in readme
    assert "names no credentials" in (shop / "README.md").read_text(encoding="utf-8")


RUN = """
import sys, httpx2
def respond(request):
    calls.append(request.method + " " + request.url.path)
    return httpx2.Response(200, json="")
calls = []
async def arespond(_, request):
    return respond(request)
httpx2.HTTPTransport.handle_request = lambda _, request: respond(request)
httpx2.AsyncHTTPTransport.handle_async_request = arespond
program = sys.stdin.read()
exec(compile(program, "README.md", "exec"), {"__name__": "__main__"})
print(calls)
"""


@pytest.mark.parametrize("program", [0, -1], ids=["sync", "async"])
def test_the_programs_of_a_readme_run(program: int, tmp_path: Path) -> None:
    output = written(described(), tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=programs(output)[program],
        cwd=output,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "\n['GET /`v1`/']\n", done.stderr


def test_the_programs_of_a_readme_have_good_types(library: Path, shop: Path, tmp_path: Path) -> None:
    names = []
    for output in (library, shop):
        path = tmp_path / f"{output.name}.py"
        path.write_text("\n".join(programs(output)), encoding="utf-8")
        names.append(str(path))
    code = "import sys; from mypy.main import main; main(args=sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "--strict", "--cache-dir", mypy_cache(), *names],
        env={"MYPYPATH": f"{library}:{shop}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no issues found in 2 source files" in done.stdout, done.stdout + done.stderr


NASTY = (
    'He said "no"\\ and \'\'\' and """\n```\n</p> <!-- --> <script>&amp; '
    "`x` *y* _z_ [a](b) | {{ 1 }} {% if %}"
)


def test_no_text_of_a_document_escapes_into_the_files(tmp_path: Path) -> None:
    document = described(
        title=NASTY, version=NASTY, summary=f"# {NASTY}\x1b[31m\x7f\u202e", description=NASTY
    )
    document["components"] = {
        "securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": 'k"`', "description": NASTY}}
    }
    document["security"] = [{"key": []}]
    document["paths"]["/"]["get"]["parameters"] = [
        {"name": "q", "in": "query", "required": True, "schema": {"type": "string", "default": NASTY}},
        {"name": "e", "in": "query", "required": True, "schema": {"type": "string", "example": NASTY}},
    ]
    output = written(document, tmp_path)
    values = project(output)["project"]
    plain = " ".join(NASTY.split())
    assert values["version"] == "0.0.0"
    assert (
        values["description"] == f"# {plain}\N{REPLACEMENT CHARACTER}[31m" + "\N{REPLACEMENT CHARACTER}" * 2
    )
    readme = (output / "README.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", readme, flags=re.MULTILINE | re.DOTALL)
    assert re.findall("^<.*>$", prose, re.MULTILINE) == readme.splitlines()[:1]
    unescaped = re.sub(r"`[^`\n]*`", "", re.sub(r"\\.", "", prose.partition("\n")[2]))
    assert not set("`<>*[]{}") & set(unescaped)
    assert len(re.findall("^```", readme, re.MULTILINE)) == 2 * len([*programs(output), "console"])
    assert len([line for line in readme.splitlines() if line.startswith("|")]) == 3
    for program in programs(output):
        compile(program, "README.md", "exec")
    assert f"e={NASTY!r}" in programs(output)[0]


def test_the_index_lists_every_method_with_its_models(library: Path) -> None:
    index = (library / "api.md").read_text(encoding="utf-8")
    assert "- `client.books.get(book_id) -> Book`: `GET /books/{book_id}`" in index
    assert "`client.books.list(**params) -> Page[Book]`: `GET /books`" in index
    models = (library / "library_client" / "models.py").read_text(encoding="utf-8").splitlines()
    links = re.findall(r"\[(\w+)\]\(library_client/models.py#L(\d+)\)", index)
    assert {"Book"} <= {name for name, _ in links}
    for name, line in links:
        assert re.match(rf"(class )?{name}\b", models[int(line) - 1])


def test_no_text_of_a_document_escapes_into_the_index(tmp_path: Path) -> None:
    document = described(title=NASTY)
    document["tags"] = [{"name": "texts", "description": NASTY}]
    operation = document["paths"].pop("/")["get"]
    document["paths"]["/`a`/``/{b}|\n# c"] = {
        "get": {
            **operation,
            "summary": NASTY,
            "parameters": [{"name": "b", "in": "path", "required": True, "schema": {"type": "string"}}],
        }
    }
    index = (written(document, tmp_path) / "api.md").read_text(encoding="utf-8")
    assert "``` GET /`a`/``/{b}| # c ```" in index
    assert re.findall("^#+ .*", index, re.MULTILINE) == ["# Methods", "## texts"]
    unescaped = re.sub(r"(`+) .*? \1|`[^`\n]*`", "", re.sub(r"\\.", "", index.partition("\n")[2]))
    assert not set("`<>*[]{}") & set(unescaped)


@pytest.mark.parametrize(
    ("licence", "spdx"),
    [
        ({"name": "MIT"}, "MIT"),
        ({"name": "Apache 2.0"}, "Apache-2.0"),
        ({"name": "Ours", "identifier": "apache-2.0"}, "Apache-2.0"),
        ({"name": "All rights reserved"}, None),
        ({"name": 'MIT"\nname = "evil'}, None),
    ],
)
def test_the_licence_is_that_of_the_document(
    licence: dict[str, str], spdx: str | None, tmp_path: Path
) -> None:
    output = written(described(license=licence), tmp_path)
    assert project(output)["project"].get("license") == spdx


def test_the_addresses_are_those_of_the_document(tmp_path: Path) -> None:
    document = described(contact={"url": 'https://api.test/"\nx = 1'})
    assert "urls" not in project(written(document, tmp_path))["project"]
    document["info"]["contact"] = {"url": "https://api.test/"}
    document["externalDocs"] = {"url": "https://api.test/docs"}
    assert project(written(document, tmp_path))["project"]["urls"] == {
        "Homepage": "https://api.test/",
        "Documentation": "https://api.test/docs",
    }


def test_examples_of_a_body_are_shown(tmp_path: Path) -> None:
    document = described()
    schema = {
        "type": "object",
        "required": ["name", "tags", "owner"],
        "properties": {
            "name": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "owner": {"type": "object", "properties": {"id": {"type": "integer"}}},
        },
    }
    example = {"name": "Snow", "tags": ["a", 'b"'], "owner": {"id": 7}}
    content = {"application/json": {"schema": schema, "example": example}}
    document["paths"]["/"]["post"] = {
        "operationId": "add",
        "tags": ["texts"],
        "responses": {"204": {"description": "d"}},
        "requestBody": {"required": True, "content": content},
    }
    first = programs(written(document, tmp_path))[0]
    assert 'name="Snow", tags=["a", "b\\""], owner={"id": 7})' in first


@pytest.mark.parametrize(
    ("text", "escaped"),
    {
        "plain, text. (1) - 2": "plain, text. (1) - 2",
        "- item": "\\- item",
        "1. first": "1\\. first",
        "# head": "\\# head",
        "a|b": "a\\|b",
        "<b>&amp;": "\\<b\\>\\&amp;",
        "a\\b": "a\\\\b",
    }.items(),
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert markdown(text) == escaped


def test_a_generated_distribution_can_be_built(tmp_path: Path) -> None:
    document = described(title=NASTY, summary=f"# {NASTY}", version="2024-02-29")
    output = written(document, tmp_path)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=output, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "acme_client-2024.2.29-py3-none-any.whl") as archive:
        metadata = HeaderParser().parsestr(
            archive.read("acme_client-2024.2.29.dist-info/METADATA").decode("utf-8")
        )
        assert "acme_client/py.typed" in archive.namelist()
        assert "acme_client/_sync.py" in archive.namelist()
    assert metadata["Summary"] == "# " + " ".join(NASTY.split())
    assert f"# {distribution_name('acme_client')}\n" in metadata.get_payload()


# Whose they are


def command(output: Path, *options: str, package: str = "petshop") -> list[str]:
    return [
        *("generate", "--spec", str(PETSHOP), "--output", str(output), "--package", package),
        *options,
    ]


def test_both_files_are_checked_with_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(tmp_path)) == 0
    assert run(command(tmp_path, "--check")) == 0
    (tmp_path / "README.md").unlink()
    with (tmp_path / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    capsys.readouterr()
    assert run(command(tmp_path, "--check")) == 1
    assert capsys.readouterr().out == "README.md: missing\npyproject.toml: differs\n"
    assert run(command(tmp_path)) == 0
    assert run(command(tmp_path, "--check")) == 0


def identity(path: Path) -> tuple[int, ...]:
    """What changes of a file that is replaced or written to."""
    status = path.lstat()
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns


def link(path: Path) -> None:
    path.symlink_to(path.with_name("elsewhere"))


def changes(path: Path) -> tuple[int, ...]:
    """What a change of a file changes, but not its reading."""
    found = path.lstat()
    return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns


def write(path: Path) -> None:
    path.write_text("[project]\nname = 'mine'\n# Made by wirecheck generate for petshop.\n", encoding="utf-8")


@pytest.mark.parametrize("name", sorted(PROJECT))
@pytest.mark.parametrize("make", [write, link, Path.mkdir, Path.touch])
def test_files_of_other_origin_are_never_replaced(
    name: str, make: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / name)
    before = identity(tmp_path / name)
    assert run(command(tmp_path)) == 0
    path = tmp_path / name
    line = f"{path} was not generated for petshop: only the package is written"
    assert capsys.readouterr().err.splitlines()[0] == line
    assert (tmp_path / "petshop" / "__init__.py").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {name, "petshop"}
    assert identity(tmp_path / name) == before
    assert run(command(tmp_path, "--check")) == 0
    assert capsys.readouterr().err == f"{path} was not generated for petshop: only the package is checked\n"


def test_a_second_package_leaves_the_project_of_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(tmp_path)) == 0
    before = (tmp_path / "pyproject.toml").read_bytes()
    capsys.readouterr()
    assert run(command(tmp_path, package="shop")) == 0
    assert "were not generated for shop: only the package is written" in capsys.readouterr().err
    assert (tmp_path / "pyproject.toml").read_bytes() == before
    assert run(command(tmp_path, "--check")) == 0


def test_the_package_can_be_generated_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(tmp_path, "--package-only")) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["petshop"]
    assert run(command(tmp_path, "--package-only", "--check")) == 0
    capsys.readouterr()
    assert run(command(tmp_path, "--check")) == 1
    assert capsys.readouterr().out == "README.md: missing\napi.md: missing\npyproject.toml: missing\n"
    write(tmp_path / "pyproject.toml")
    assert run(command(tmp_path, "--package-only")) == 0
    assert not capsys.readouterr().err.startswith(str(tmp_path / "pyproject.toml"))
    assert drift(PETSHOP, tmp_path, "petshop", package_only=True) == []
