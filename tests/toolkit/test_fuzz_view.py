"""What Schemathesis gets: a document that leads nowhere, and a configuration that it can read."""

import json
import subprocess
import tomllib
from typing import Any

import httpx
import pytest

from support.conforming import URL, document, loaded, ok, parameter
from wirecheck.conform import SessionOptions
from wirecheck.fuzz import open_session
from wirecheck.fuzz.proxy import as_toml, configuration
from wirecheck.fuzz.reproduction import curl
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.view import view
from wirecheck.fuzz.wire import Step

ELSEWHERE = "https://elsewhere.test/a.json"


def session_of(parameter_or_schema: dict[str, Any], **components: Any) -> FuzzSession:
    get = {
        "operationId": "getThing",
        "parameters": [parameter_or_schema],
        "responses": {"200": {"description": ""}},
    }
    spec = loaded(json.dumps(document({"/things": {"get": get}}, components=components)))
    with httpx.MockTransport(ok) as http:
        return open_session(spec, SessionOptions(url=URL), http)


@pytest.mark.parametrize("value", ["\N{GRINNING FACE}", 'a"b\\c', "\x7f\x01\t\n", "\u2028", "é", "'''"])
def test_any_known_value_can_be_configured(value: str) -> None:
    name = f"name-{value[0]}"
    session = session_of(parameter(name, {"type": "string"}, example=value))
    configured = tomllib.loads(as_toml(configuration(session)))
    assert configured["dictionaries"]["known-0"]["values"] == [value]
    assert list(configured["parameters"]) == [f"query.{name}"]


@pytest.mark.parametrize("value", ["\ud800", ""])
def test_a_value_that_is_not_a_text_is_left_out(value: str) -> None:
    session = session_of(parameter("name", {"type": "string"}))
    session.requests.values = session.requests.values.with_defaults({"getThing": {"name": value}})
    assert configuration(session)["dictionaries"] == {}


def test_commands_have_no_control_characters() -> None:
    session = session_of(parameter("name", {"type": "string"}))
    body = "\x1b[31m'a\\b'\u202e\n".encode()
    command = curl(session, (Step("POST", "/v1/things", (("x-text", "\x1b"),), body),))
    assert command.isprintable()
    writing = command.partition(" | curl ")[0]
    assert subprocess.run(["bash", "-c", writing], capture_output=True, check=True).stdout == body


def test_commands_name_the_variables_that_they_need_first() -> None:
    session = session_of(parameter("name", {"type": "string"}))
    step = Step("GET", "/v1/things", (("authorization", "Bearer wirecheck~HTTPBearer~"),))
    lines = curl(session, (step, step)).splitlines()
    assert lines[0] == "# set HTTPBEARER"
    assert lines[1:] == [f"curl -X GET {URL}/things -H 'authorization: Bearer '\"$HTTPBEARER\""] * 2


def test_nothing_in_the_view_leads_out_of_the_document() -> None:
    schema = {
        "type": "object",
        "default": {"$ref": ELSEWHERE},
        "enum": [{"a": 1}, {"$ref": ELSEWHERE}],
        "x-any": {"$ref": ELSEWHERE, "externalValue": ELSEWHERE},
        "discriminator": {"propertyName": "a", "mapping": {"a": ELSEWHERE, "b": "#/components/schemas/A"}},
        "properties": {"externalValue": {"type": "string"}, "operationRef": {"const": {"$ref": "#/nowhere"}}},
    }
    examples = {"here": {"value": {"a": 1}}, "there": {"externalValue": ELSEWHERE}}
    session = session_of(parameter("a", schema, examples=examples), schemas={"A": {"type": "string"}})
    handed_over = view(session)
    assert ELSEWHERE not in json.dumps(handed_over)
    described = handed_over["paths"]["/v1/things"]["get"]["parameters"][0]
    assert described["examples"] == {"here": {"value": {"a": 1}}}
    assert described["schema"] == {
        "type": "object",
        "enum": [{"a": 1}],
        "x-any": {},
        "discriminator": {"propertyName": "a", "mapping": {"b": "#/components/schemas/A"}},
        "properties": {"externalValue": {"type": "string"}, "operationRef": {}},
    }
