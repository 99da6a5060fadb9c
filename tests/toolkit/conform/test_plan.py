"""What a run derives from a document, before anything is sent (--plan)."""

import json
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from support.conforming import ANYTHING, document, loaded, parameter, run_command, values_file
from support.paths import SPECS
from wirecheck.conform import SessionOptions, plan_of, plan_to_json, plan_to_text, requirements
from wirecheck.conform.plan import Origin, Plan
from wirecheck.spec import load

Capture = pytest.CaptureFixture[str]
NOTE = {
    "type": "object",
    "required": ["note_id", "text"],
    "properties": {"note_id": {"type": "integer", "readOnly": True}, "text": {"type": "string"}},
}
PAGE = {"type": "object", "properties": {"results": {"type": "array", "items": NOTE}}}


def content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def notes() -> dict[str, Any]:
    key = [parameter("id", {"type": "integer"}, "path")]
    one = {"200": {"description": "A note.", **content(NOTE)}}
    return document(
        {
            "/notes": {
                "get": {
                    "operationId": "listNotes",
                    "responses": {"200": {"description": "Notes.", **content(PAGE)}},
                },
                "post": {"operationId": "addNote", "requestBody": content(NOTE), "responses": one},
            },
            "/notes/{id}": {
                "get": {"operationId": "readNote", "parameters": key, "responses": one},
                "delete": {"operationId": "removeNote", "parameters": key, "responses": ANYTHING},
            },
            "/search": {
                "get": {
                    "operationId": "search",
                    "parameters": [
                        parameter("word", {"type": "string"}, required=True, example="sea"),
                        parameter("code", {"type": "string", "pattern": "^(?=x)(?!x)$"}, required=True),
                        parameter("page", {"type": "integer"}),
                    ],
                }
            },
        }
    )


def planned(values: Path | None = None) -> Plan:
    spec = loaded(json.dumps(notes()))
    return plan_of(spec, SessionOptions(url="http://server.test", values=values), requirements(spec))


def origins(plan: Plan) -> dict[str, dict[str, Origin]]:
    return {
        operation.name: {value.name or value.location: value.origin for value in operation.values}
        for operation in plan.operations
    }


def test_the_plan_has_the_resources_with_their_places() -> None:
    [resource] = planned().resources
    assert (resource.name, resource.key, resource.item) == ("notes", "id", "/notes/{id}")
    assert resource.operations == {
        "list": "listNotes",
        "create": "addNote",
        "read": "readNote",
        "delete": "removeNote",
    }
    assert (resource.items, resource.thing) == (("results",), ())
    assert "note_id" in resource.key_members
    assert resource.is_derived


def test_the_plan_says_where_each_required_value_comes_from() -> None:
    assert origins(planned()) == {
        "listNotes": {},
        "addNote": {"body": Origin.SCHEMA},
        "readNote": {"id": Origin.SERVER},
        "removeNote": {"id": Origin.SERVER},
        "search": {"word": Origin.DOCUMENT, "code": Origin.MISSING},
    }


def test_values_of_the_user_come_first(tmp_path: Path) -> None:
    text = "parameters: {code: xy}\noperations: {addNote: {text: Sea}, readNote: {id: 7}}\n"
    found = origins(planned(values_file(tmp_path, text)))
    assert found["search"]["code"] is Origin.VALUES
    assert found["addNote"]["body"] is Origin.VALUES
    assert (found["readNote"]["id"], found["removeNote"]["id"]) == (Origin.VALUES, Origin.SERVER)


def test_the_plan_has_every_requirement_with_its_source() -> None:
    spec = loaded(json.dumps(notes()))
    listed = {
        (operation.name, requirement.kind, requirement.what, requirement.source)
        for operation in planned().operations
        for requirement in operation.requirements
    }
    assert listed == {
        (requirement.operation, requirement.kind, requirement.what, requirement.source)
        for requirement in requirements(spec)
    }


@pytest.mark.parametrize("name", ["library.yaml", "petshop.yaml"])
def test_a_plan_fits_a_terminal_and_says_what_is_missing(name: str) -> None:
    spec = load(SPECS / name)
    plan = plan_of(spec, SessionOptions(url="http://server.test"), requirements(spec))
    lines = click.unstyle("".join(plan_to_text(plan))).splitlines()
    assert [line for line in lines if len(line) > 80 and len(line.split()) > 1] == []
    missing = lines[lines.index("What --values must give") + 1 :]
    assert (missing == ["  nothing"]) is not any(operation.missing for operation in plan.operations)
    for operation in plan.operations:
        assert any(line.startswith(f"  {operation.name}  {operation.method} ") for line in lines)


def test_the_plan_as_json_is_the_value() -> None:
    value = json.loads("".join(plan_to_json(planned())))
    assert value["version"] == 1
    assert value["operations"][-1]["values"][1] == {
        "location": "query",
        "name": "code",
        "origin": "missing",
        "how": "no value of its schema is known",
    }


def test_odd_names_do_not_break_the_plan() -> None:
    odd = document({"/x\u202e/{k}": {"get": {"operationId": "a\x1b[31m b", "parameters": []}}})
    spec = loaded(json.dumps(odd))
    text = "".join(plan_to_text(plan_of(spec, SessionOptions(url="http://server.test"), requirements(spec))))
    assert "\x1b[31m b" not in text
    assert "\u202e" not in text


def test_nothing_is_sent_for_a_plan(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a request was sent")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", never)
    path = tmp_path / "notes.json"
    path.write_text(json.dumps(notes()))
    for url in ([], ["http://127.0.0.1:9"]):
        code, out, err = run_command(capsys, *url, "--spec", str(path), "--plan")
        assert (code, err) == (0, "")
        assert "id in path: from the server (created by addNote)" in out
    code, out, err = run_command(
        capsys, "--spec", str(path), "--plan", "--format", "json", "--operation", "search"
    )
    assert (code, err) == (0, "")
    assert [operation["name"] for operation in json.loads(out)["operations"]] == ["search"]


def test_without_a_plan_a_url_is_required(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "notes.json"
    path.write_text(json.dumps(notes()))
    code, out, err = run_command(capsys, "--spec", str(path))
    assert (code, out) == (2, "")
    assert "Missing argument 'URL'." in err
