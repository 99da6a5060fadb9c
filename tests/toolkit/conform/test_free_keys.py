"""PUT that creates: conform writes to keys that no thing has, and never to what was there before."""

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from support.conforming import document, inconclusive, loaded, report_of, violated
from wirecheck.spec import Spec

PET: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "maxLength": 20}},
}
RETURNS = {"content": {"application/json": {"schema": PET}}}


def spec_of(key: dict[str, Any], *, is_readable: bool = True) -> Spec:
    parameters = [{"name": "pet", "in": "path", "required": True, "schema": key}]
    rejected = {status: {"description": "No."} for status in ("400", "404")}
    item: dict[str, Any] = {
        "put": {
            "operationId": "putPet",
            "requestBody": {"required": True, **RETURNS},
            "responses": {
                "200": {"description": "Replaced.", **RETURNS},
                "201": {"description": "Created.", **RETURNS},
                **rejected,
            },
        },
        "delete": {
            "operationId": "deletePet",
            "responses": {"204": {"description": "Deleted."}, **rejected},
        },
    }
    if is_readable:
        item["get"] = {
            "operationId": "getPet",
            "responses": {"200": {"description": "Fine.", **RETURNS}, **rejected},
        }
    for operation in item.values():
        operation["parameters"] = parameters
    return loaded(json.dumps(document({"/pets/{pet}": item})))


class Pets:
    """A right server, which notes the keys that are written."""

    def __init__(self, schema: dict[str, Any], *keys: str) -> None:
        self.schema = Draft202012Validator(schema)
        self.pets: dict[str, Any] = {key: {"name": f"old {key}"} for key in keys}
        self.written = set[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key = request.url.path.rpartition("/")[2]
        is_number = self.schema.schema["type"] == "integer" and key.lstrip("-").isdecimal()
        if not self.schema.is_valid(int(key) if is_number else key):
            return httpx.Response(400)
        if request.method in ("PUT", "DELETE"):
            self.written.add(key)
        if request.method == "PUT":
            return self._put(key, request.content)
        if request.method not in ("GET", "HEAD", "DELETE"):
            return httpx.Response(405, headers={"Allow": "GET, HEAD, PUT, DELETE"})
        if key not in self.pets:
            return httpx.Response(404)
        if request.method == "DELETE":
            del self.pets[key]
            return httpx.Response(204)
        return httpx.Response(200, json=self.pets[key])

    def _put(self, key: str, content: bytes) -> httpx.Response:
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        name = body.get("name") if isinstance(body, dict) else None
        if not isinstance(name, str) or len(name) > 20:
            return httpx.Response(400)
        status = 200 if key in self.pets else 201
        self.pets[key] = {"name": name}
        return httpx.Response(status, json=self.pets[key])


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ({"type": "string", "pattern": "^[a-z]+$", "example": "a"}, "abcdefghij"),
        ({"type": "integer", "minimum": 1, "example": 1}, "123456789"),
        ({"type": "string", "example": "rex"}, ["rex", "wirecheck", "wirecheck 1"]),
    ],
)
def test_what_was_there_is_never_written(key: dict[str, Any], taken: list[str]) -> None:
    server = Pets(key, *taken)
    before = dict(server.pets)
    for _ in range(2):
        report = report_of(spec_of(key), server)
        assert violated(report) == {}
        assert report.not_undone == []
    assert server.pets == before
    assert server.written.isdisjoint(taken)
    assert "putPet: state: changes only the thing that is addressed" not in inconclusive(report)


def test_nothing_is_created_where_all_keys_are_taken() -> None:
    key = {"type": "string", "pattern": "^[a-c]$"}
    server = Pets(key, *"abc")
    report = report_of(spec_of(key), server)
    assert server.written == set()
    reason = inconclusive(report)["putPet: state: changes only the thing that is addressed"]
    assert reason == "no free key of pets is known"


def test_nothing_is_created_where_nothing_tells_what_is_there() -> None:
    server = Pets({"type": "string"}, "a")
    report = report_of(spec_of({"type": "string"}, is_readable=False), server)
    assert server.written == set()
    assert "no operation tells which pets there are" in inconclusive(report).values()
