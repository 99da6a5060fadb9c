"""A document from a stranger: nothing that it refers to is read or fetched, by any command or library."""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.commands import Capture, process, result_of
from support.serving import callback

MARKER = "CANARY-5d0f3c"
Json = Any


@dataclass
class Trap:
    """A file and a server that nothing may read, and the addresses of both."""

    folder: Path
    url: str
    hits: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        file = self.folder / "canary.json"
        return [
            f"{self.url}/canary.json",
            file.as_uri(),
            str(file),
            "canary.json",
            "../trap/canary.json#/title",
        ]


@contextmanager
def set_trap(folder: Path) -> Iterator[Trap]:
    hits: list[str] = []

    def respond(method: str, path: str, _: dict[str, str], __: bytes) -> tuple[int, dict[str, str], bytes]:
        hits.append(f"{method} {path}")
        return 200, {"Content-Type": "application/json"}, (folder / "canary.json").read_bytes()

    folder.mkdir()
    canary = {"title": MARKER, "type": "string", "enum": [MARKER], "example": MARKER, "description": MARKER}
    (folder / "canary.json").write_text(json.dumps(canary))
    with callback(respond) as url:
        yield Trap(folder, url, hits)


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    with set_trap(tmp_path / "trap") as trap:
        yield trap


def document(address: str) -> Json:
    """A valid document with a reference to an address in all of its data."""
    ref = {"$ref": address}
    schema = {
        "type": "object",
        "default": ref,
        "example": ref,
        "examples": [ref, {"name": ref}],
        "enum": [ref, {"name": "a"}],
        "x-any": ref,
        "externalDocs": {"url": address, "x-any": ref},
        "properties": {
            "name": {"type": "string", "default": "a", "example": [ref]},
            "const": {"const": ref},
            "within": {"type": "array", "items": {"type": "object"}, "default": [[ref]]},
        },
    }
    link = {
        "operationRef": address,
        "parameters": {"name": ref},
        "requestBody": ref,
        "server": {"url": address},
    }
    content = {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Thing"},
            "examples": {
                "value": {"value": ref},
                "external": {"externalValue": address},
                "named": {"$ref": "#/components/examples/External"},
            },
            "x-any": ref,
        }
    }
    responses = {
        "200": {
            "description": "A thing.",
            "headers": {"X-Thing": {"schema": {"type": "string"}, "example": ref}},
            "content": content,
            "links": {"elsewhere": link, "named": {"$ref": "#/components/links/Elsewhere"}},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1", "x-any": ref, "license": {"name": "a", "url": address}},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "externalDocs": {"url": address},
        "x-any": [ref],
        "tags": [{"name": "things", "externalDocs": {"url": address}, "x-any": ref}],
        "paths": {
            "/things/{id}": {
                "x-any": ref,
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "default": "a", "examples": ["a"]},
                    },
                    {
                        "name": "filter",
                        "in": "query",
                        "schema": {"type": "object", "default": ref, "$schema": address},
                        "examples": {"value": {"value": ref}, "external": {"externalValue": address}},
                    },
                ],
                "get": {"operationId": "getThing", "tags": ["things"], "responses": responses, "x-any": ref},
                "put": {
                    "operationId": "putThing",
                    "tags": ["things"],
                    "requestBody": {"required": True, "content": content, "x-any": ref},
                    "responses": responses,
                },
            }
        },
        "components": {
            "schemas": {"Thing": schema},
            "examples": {"External": {"externalValue": address}, "Value": {"value": [ref]}},
            "links": {"Elsewhere": link},
            "x-any": ref,
        },
    }


@pytest.fixture
def hostile(trap: Trap) -> list[str]:
    """The paths of documents, one for each address."""
    paths = []
    for number, address in enumerate(trap.addresses):
        path = trap.folder / f"hostile-{number}.json"
        path.write_text(json.dumps(document(address)))
        paths.append(str(path))
    return paths


def assert_not_sprung(trap: Trap, *outputs: str) -> None:
    assert trap.hits == []
    assert MARKER not in "".join(outputs)


@contextmanager
def served() -> Iterator[str]:
    """A server under test that returns things, and sends its clients elsewhere."""

    def respond(_: str, __: str, ___: dict[str, str], ____: bytes) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, b'{"name": "a"}'

    with callback(respond) as url:
        yield url


def read_everywhere(folder: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("command", [["lint", "--ruleset", "all"], ["docs"], ["migration", "--spec"]])
def test_commands_that_read_a_document_read_nothing_else(
    trap: Trap, hostile: list[str], capsys: Capture, command: list[str]
) -> None:
    for path in hostile:
        code, out, err = result_of(capsys, *command, path)
        assert code in (0, 1), err
        assert_not_sprung(trap, out, err)


def test_check_reads_nothing_else(trap: Trap, hostile: list[str], capsys: Capture, tmp_path: Path) -> None:
    recording = tmp_path / "one.jsonl"
    request = {"method": "PUT", "url": "http://a.test/things/a?filter=b", "body": '{"name": 1}'}
    line = {"request": request, "status": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
    recording.write_text(json.dumps(line) + "\n")
    for path in hostile:
        code, out, err = result_of(capsys, "check", "--spec", path, str(recording))
        assert code in (0, 1), err
        assert_not_sprung(trap, out, err)


def test_generate_reads_nothing_else(trap: Trap, capsys: Capture, tmp_path: Path) -> None:
    output, path = tmp_path / "client", tmp_path / "openapi.json"
    for address in trap.addresses[:2]:
        data = document(address)
        thing = data["components"]["schemas"]["Thing"]
        del thing["enum"], thing["properties"]["const"]  # the generator has no objects as constants
        path.write_text(json.dumps(data))
        command = ["generate", "--spec", str(path), "--output", str(output), "--package", "things"]
        code, out, err = result_of(capsys, *command)
        assert code == 0, err
        assert_not_sprung(trap, out, err, read_everywhere(output))


@pytest.mark.usefixtures("no_waits")
def test_conform_reads_nothing_else(trap: Trap, hostile: list[str], capsys: Capture) -> None:
    with served() as url:
        for path in hostile[:2]:
            code, out, err = result_of(capsys, "conform", url, "--spec", path)
            assert code in (0, 1, 2), err
            assert_not_sprung(trap, out, err)


@pytest.mark.no_cover
def test_fuzz_reads_nothing_else(trap: Trap, hostile: list[str], tmp_path: Path) -> None:
    for path in hostile[:2]:
        with served() as url:
            result = process("fuzz", url, "--spec", path, "--time", "1", "--save", str(tmp_path / "saved"))
        printed = (result.stdout + result.stderr).decode()
        assert "sent no request" not in printed
        assert result.returncode in (0, 1), printed
        assert_not_sprung(trap, printed)


def pointers(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of all values below a value."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield (*path, key)
        yield from pointers(member, (*path, key))


def replaced(value: Json, path: tuple[str | int, ...], new: Json) -> Json:
    changed = copy.deepcopy(value)
    owner = changed
    for key in path[:-1]:
        owner = owner[key]
    owner[path[-1]] = new
    return changed


PLAIN = document("#/components/schemas/Thing")
PLACES = list(pointers(PLAIN))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "member",
    [
        "$ref",
        *(pytest.param(member, marks=pytest.mark.slow) for member in ("$dynamicRef", "$id", "$schema")),
    ],
)
def test_a_reference_in_any_place_is_rejected_or_data(
    trap: Trap, capsys: Capture, tmp_path: Path, member: str
) -> None:
    path, outcomes = tmp_path / "openapi.json", set()
    assert len(PLACES) > 150
    for number, place in enumerate([(member,), *PLACES]):
        address = trap.addresses[number % 2]
        new = address if place == (member,) else {member: address}
        path.write_text(json.dumps(replaced(PLAIN, place, new)))
        for command in (["lint"], ["docs"]):
            code, out, err = result_of(capsys, *command, str(path))
            outcomes.add(code)
            assert "Traceback" not in err
            assert_not_sprung(trap, out, err)
    assert 2 in outcomes
