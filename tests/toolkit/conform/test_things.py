"""Things in envelopes, of several kinds, in stages in which little can be done with them."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from support.conforming import URL, document, inconclusive, loaded, violated
from wirecheck.conform import Conformance, SessionOptions, open_session, requirements, run

Json = dict[str, Any]

COMMON: Json = {
    "name": {"type": "string", "minLength": 1, "maxLength": 30},
    "archived": {"type": "boolean"},
    "beds": {"type": "integer", "minimum": 1, "maximum": 9, "default": 2},
}


def kind_of(name: str, **more: Json) -> Json:
    properties = {"kind": {"type": "string", "enum": [name]}, **COMMON, **more}
    return {
        "type": "object",
        "required": ["kind", "name", *more],
        "additionalProperties": False,
        "properties": properties,
    }


KINDS = {
    "tent": kind_of("tent", poles={"type": "integer", "minimum": 1, "maximum": 5}),
    "hut": kind_of("hut"),
}
GUEST: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "maxLength": 30}},
}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def shown(name: str) -> Json:
    """What is sent of a kind, and what the server adds."""
    own = {"id": {"type": "integer", "readOnly": True}, "label": {"type": "string", "readOnly": True}}
    return {
        "type": "object",
        "required": [*KINDS[name]["required"], "id", "label"],
        "properties": {**own, **KINDS[name]["properties"]},
    }


def union(*names: str) -> Json:
    mapping = {name.removeprefix("New").lower(): f"#/components/schemas/{name}" for name in names}
    return {
        "oneOf": [ref(name) for name in names],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }


SCHEMAS: Json = {
    "NewTent": KINDS["tent"],
    "NewHut": KINDS["hut"],
    "Tent": shown("tent"),
    "Hut": shown("hut"),
    "NewCabin": union("NewTent", "NewHut"),
    "Cabin": union("Tent", "Hut"),
    "Cabins": {"type": "object", "properties": {"data": {"type": "array", "items": ref("Cabin")}}},
    "OneCabin": {"type": "object", "required": ["data"], "properties": {"data": ref("Cabin")}},
    "CabinPatch": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"name": COMMON["name"], "archived": COMMON["archived"], "beds": COMMON["beds"]},
    },
    "NewGuest": GUEST,
    "Guest": {**GUEST, "properties": {"id": {"type": "integer", "readOnly": True}, **GUEST["properties"]}},
}
NONE_MATCH = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}


def takes(schema: str) -> Json:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": ref(schema)}}}}


def returns(success: str, schema: Json | None, *rejections: str) -> Json:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    responses = {success: {"description": "Fine.", **content}}
    return {"responses": responses | {status: {"description": "No."} for status in rejections}}


def keyed(*names: str, more: tuple[Json, ...] = ()) -> Json:
    keys = [{"name": name, "in": "path", "required": True, "schema": {"type": "integer"}} for name in names]
    return {"parameters": [*keys, *more]}


GUESTS = {"type": "array", "items": ref("Guest")}
SPEC = loaded(
    json.dumps(
        document(
            {
                "/cabins": {
                    "get": {"operationId": "listCabins", **returns("200", ref("Cabins"))},
                    "post": {
                        "operationId": "addCabin",
                        **takes("NewCabin"),
                        **returns("201", ref("OneCabin"), "422"),
                    },
                },
                "/cabins/{cabin}": {
                    "get": {
                        "operationId": "getCabin",
                        **keyed("cabin"),
                        **returns("200", ref("OneCabin"), "404"),
                    },
                    "put": {
                        "operationId": "putCabin",
                        **keyed("cabin", more=(NONE_MATCH,)),
                        **takes("NewCabin"),
                        **returns("200", ref("OneCabin"), "404", "412", "422"),
                    },
                    "patch": {
                        "operationId": "patchCabin",
                        **keyed("cabin"),
                        **takes("CabinPatch"),
                        **returns("200", ref("OneCabin"), "404", "422"),
                    },
                    "delete": {
                        "operationId": "deleteCabin",
                        **keyed("cabin"),
                        **returns("204", None, "404"),
                    },
                },
                "/cabins/{cabin}/guests": {
                    "get": {"operationId": "listGuests", **keyed("cabin"), **returns("200", GUESTS, "404")},
                    "post": {
                        "operationId": "addGuest",
                        **keyed("cabin"),
                        **takes("NewGuest"),
                        **returns("201", ref("Guest"), "404", "409", "422"),
                    },
                },
                "/cabins/{cabin}/guests/{guest}": {
                    "get": {
                        "operationId": "getGuest",
                        **keyed("cabin", "guest"),
                        **returns("200", ref("Guest"), "404"),
                    },
                    "delete": {
                        "operationId": "deleteGuest",
                        **keyed("cabin", "guest"),
                        **returns("204", None, "404"),
                    },
                },
            },
            components={"schemas": SCHEMAS},
        )
    )
)
CABIN, PATCH, NEW_GUEST = (
    Draft202012Validator(schema) for schema in ({"oneOf": [*KINDS.values()]}, SCHEMAS["CabinPatch"], GUEST)
)


class Cabins:
    """The API, with a fault. An archived cabin takes no guests; the label follows from name and kind."""

    def __init__(self, fault: str = "") -> None:
        self.fault, self.last = fault, 0
        self.cabins: dict[int, Json] = {}
        self.guests: dict[tuple[int, int], Json] = {}
        self.deleted: dict[int, Json] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        segments = request.url.path.removeprefix("/v1/").split("/")
        try:
            keys = [int(segment) for segment in segments[1::2]]
            body = json.loads(request.content) if request.content else None
        except (ValueError, RecursionError):
            return httpx.Response(422 if request.content else 404)
        handlers: dict[int, Callable[[str, list[int], Any, httpx.Request], httpx.Response | None]] = {
            1: self._collection,
            2: self._cabin,
            3: self._guests,
            4: self._guest,
        }
        if keys and keys[0] not in self.cabins:
            return httpx.Response(404)
        response = handlers[len(segments)](request.method, keys, body, request)
        return response or httpx.Response(405, headers={"Allow": "GET"})

    def _shown(self, cabin: Json, status: int = 200) -> httpx.Response:
        return httpx.Response(status, json={"data": cabin})

    def _stored(self, key: int, body: Json) -> Json:
        beds = 1 if self.fault == "another default" and key not in self.cabins else 2
        label = f"{body['kind']} {body['name']}"
        self.cabins[key] = {"archived": False, "beds": beds, **body, "id": key, "label": label}
        return self.cabins[key]

    def _collection(self, method: str, _: list[int], body: Any, __: httpx.Request) -> httpx.Response | None:
        if method == "GET":
            listed = [
                *self.cabins.values(),
                *(self.deleted.values() if self.fault == "deleted listed" else ()),
            ]
            return httpx.Response(200, json={"data": listed})
        if method != "POST":
            return None
        if self.fault == "further members" and isinstance(body, dict):
            body = {name: value for name, value in body.items() if name != "wirecheck"}
        if not CABIN.is_valid(body):
            return httpx.Response(422)
        self.last += 1
        return self._shown(self._stored(self.last, body), 201)

    def _cabin(
        self, method: str, keys: list[int], body: Any, request: httpx.Request
    ) -> httpx.Response | None:
        cabin = self.cabins[keys[0]]
        if method == "GET":
            return self._shown(cabin)
        if method == "DELETE":
            self.deleted[keys[0]] = self.cabins.pop(keys[0])
            self.guests = {key: guest for key, guest in self.guests.items() if key[0] != keys[0]}
            return httpx.Response(204)
        if method == "PATCH":
            if not PATCH.is_valid(body):
                return httpx.Response(422)
            changed = {name: cabin[name] for name in KINDS[cabin["kind"]]["properties"] if name in cabin}
            return self._shown(self._stored(keys[0], {**changed, **body}))
        if method != "PUT":
            return None
        if request.headers.get("if-none-match") == "*" and self.fault != "star ignored":
            return httpx.Response(412)
        if not CABIN.is_valid(body) or body["kind"] != cabin["kind"]:
            return httpx.Response(422)
        return self._shown(self._stored(keys[0], body))

    def _guests(self, method: str, keys: list[int], body: Any, _: httpx.Request) -> httpx.Response | None:
        if method == "GET":
            return httpx.Response(
                200, json=[guest for (cabin, _), guest in self.guests.items() if cabin == keys[0]]
            )
        if method != "POST":
            return None
        if not NEW_GUEST.is_valid(body):
            return httpx.Response(422)
        if self.cabins[keys[0]]["archived"]:
            return httpx.Response(409)
        self.last += 1
        self.guests[keys[0], self.last] = {"id": self.last, "name": body["name"]}
        return httpx.Response(201, json=self.guests[keys[0], self.last])

    def _guest(self, method: str, keys: list[int], _: Any, __: httpx.Request) -> httpx.Response | None:
        guest = self.guests.get((keys[0], keys[1]))
        if guest is None:
            return httpx.Response(404)
        if method == "DELETE":
            del self.guests[keys[0], keys[1]]
            return httpx.Response(204)
        return httpx.Response(200, json=guest) if method == "GET" else None


def report(server: Callable[[httpx.Request], httpx.Response]) -> Conformance:
    chosen = [requirement for requirement in requirements(SPEC) if requirement.kind != "methods"]
    with httpx.MockTransport(server) as http:
        return run(open_session(SPEC, SessionOptions(url=URL), http), chosen)


def test_everything_is_tested_on_a_right_server() -> None:
    server = Cabins()
    found = report(server)
    assert violated(found) == {}
    reasons = {name: why for name, why in inconclusive(found).items() if ": statuses: " not in name}
    assert set(reasons.values()) <= {
        "cabins do not count guests",
        "no request with a read-only member is accepted",
        "the item has no entity tag",
    }
    assert (server.cabins, server.guests, found.not_undone) == ({}, {}, [])


@pytest.mark.parametrize(
    ("fault", "name", "message"),
    [
        ("another default", "addCabin: state: returns what was created", "/beds is 1, not 2"),
        ("deleted listed", "listCabins: lists: has what was created", "is still listed"),
        ("further members", "addCabin: body: enforces the limits of the body", "wirecheck"),
        ("star ignored", "putCabin: http: replaces nothing with If-None-Match: *", "is accepted: 200"),
    ],
)
def test_a_fault_is_found(fault: str, name: str, message: str) -> None:
    found = report(Cabins(fault))
    [outcome] = [outcome for outcome in found.outcomes if outcome.requirement.name == name]
    assert any(message in example.message for example in outcome.counterexamples), outcome
