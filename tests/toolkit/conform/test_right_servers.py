"""Right servers, each of which reads one way of writing: they violate nothing."""

import itertools
import json
import re
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import httpx
import pytest
from jsonschema import Draft202012Validator

from support.conforming import (
    document,
    inconclusive,
    loaded,
    parameter,
    report_of,
    spec_of,
    values_file,
    violated,
)
from wirecheck.conform import State
from wirecheck.spec import Spec

Json = dict[str, Any]
NUMBERS = {"type": "array", "items": {"type": "integer"}}
LAMP = {
    "type": "object",
    "required": ["hue"],
    "properties": {"hue": {"type": "string"}, "watt": {"type": "integer"}},
}
WARM = {"hue": "warm", "watt": 60}
RESPONSES = {
    "200": {"description": "Fine.", "content": {"application/json": {"schema": {"type": "object"}}}},
    "400": {"description": "Wrong.", "content": {"application/json": {"schema": {"type": "object"}}}},
}


def query(request: httpx.Request) -> dict[str, list[str]]:
    return parse_qs(request.url.query.decode(), keep_blank_values=True)


def last(request: httpx.Request) -> str:
    """The last segment of the path, undecoded."""
    return request.url.raw_path.decode().rpartition("/")[2]


# A parameter, an example, and what the server reads of a request, which must be the example.
PARAMETERS: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "deepObject": (
        parameter("p", LAMP, style="deepObject"),
        WARM,
        lambda request: {"hue": query(request)["p[hue]"][0], "watt": int(query(request)["p[watt]"][0])},
    ),
    "deepObject in deepObject": (
        parameter("p", {"type": "object"}, style="deepObject"),
        {"at": {"hue": "warm"}},
        lambda request: {"at": {"hue": query(request)["p[at][hue]"][0]}},
    ),
    "an object that is spread": (
        parameter("p", LAMP),
        WARM,
        lambda request: {"hue": query(request)["hue"][0], "watt": int(query(request)["watt"][0])},
    ),
    "an object in one": (
        parameter("p", LAMP, explode=False),
        WARM,
        lambda request: {
            "hue": query(request)["p"][0].split(",")[1],
            "watt": int(query(request)["p"][0].split(",")[3]),
        },
    ),
    "a list": (parameter("p", NUMBERS), [1, 2], lambda request: [int(text) for text in query(request)["p"]]),
    "a list by commas": (
        parameter("p", NUMBERS, explode=False),
        [1, 2],
        lambda request: [int(text) for text in query(request)["p"][0].split(",")],
    ),
    "a list by pipes": (
        parameter("p", NUMBERS, style="pipeDelimited", explode=False),
        [1, 2],
        lambda request: [int(text) for text in query(request)["p"][0].split("|")],
    ),
    "a list by spaces": (
        parameter("p", NUMBERS, style="spaceDelimited", explode=False),
        [1, 2],
        lambda request: [int(text) for text in query(request)["p"][0].split(" ")],
    ),
    "JSON": (
        {"name": "p", "in": "query", "content": {"application/json": {"schema": LAMP}}},
        WARM,
        lambda request: json.loads(query(request)["p"][0]),
    ),
    "a path by commas": (
        parameter("p", NUMBERS, "path"),
        [1, 2],
        lambda request: [int(n) for n in last(request).split(",")],
    ),
    "a path by dots": (
        parameter("p", NUMBERS, "path", style="label", explode=True),
        [1, 2],
        lambda request: [int(n) for n in last(request).split(".")[1:]],
    ),
    "a path by semicolons": (
        parameter("p", NUMBERS, "path", style="matrix", explode=True),
        [1, 2],
        lambda request: [int(n.removeprefix("p=")) for n in last(request).split(";")[1:]],
    ),
    "a header": (
        parameter("P", LAMP, "header", explode=True),
        WARM,
        lambda request: {"hue": request.headers["P"][4:8], "watt": int(request.headers["P"][14:])},
    ),
    "a cookie": (
        parameter("p", NUMBERS, "cookie", explode=False),
        [1, 2],
        lambda request: [int(n) for n in request.headers["Cookie"].removeprefix("p=").split(",")],
    ),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_parameter_arrives_as_the_document_says(case: str) -> None:
    definition, example, read = PARAMETERS[case]
    required = {**definition, "required": True, "example": example}

    def respond(request: httpx.Request) -> httpx.Response:
        try:
            is_right = read(request) == example
        except (LookupError, ValueError):
            is_right = False
        return httpx.Response(200 if is_right else 400, json={})

    path = "/things/{p}" if definition["in"] == "path" else "/things"
    report = report_of(spec_of(path=path, parameters=[required], responses=RESPONSES), respond)
    assert violated(report) == {}
    states = {outcome.requirement.name: outcome.state for outcome in report.outcomes}
    assert states["getThing: responses: responds to requests with known values"] is State.SATISFIED


def fields(request: httpx.Request) -> dict[str, list[str]]:
    return parse_qs(request.content.decode(), keep_blank_values=True)


def parts(request: httpx.Request) -> list[tuple[str, str, str]]:
    """The name, the media type and the text of each part."""
    head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
    listed: Any = BytesParser().parsebytes(head + request.content).get_payload()
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_content_type(),
            part.get_payload(decode=True).decode(),
        )
        for part in listed
    ]


ORDER = {
    "type": "object",
    "properties": {"lamp": LAMP, "sizes": NUMBERS, "lamps": {"type": "array", "items": LAMP}},
}
FORM = "application/x-www-form-urlencoded"
# The media type, its description, an example, and what the server reads of a request: the example.
BODIES: dict[str, tuple[str, dict[str, Any], Any, Any]] = {
    "deepObject": (
        FORM,
        {"schema": ORDER, "encoding": {"lamp": {"style": "deepObject", "explode": True}}},
        {"lamp": WARM},
        lambda request: {
            "lamp": {"hue": fields(request)["lamp[hue]"][0], "watt": int(fields(request)["lamp[watt]"][0])}
        },
    ),
    "a list in one": (
        FORM,
        {"schema": ORDER, "encoding": {"sizes": {"explode": False}}},
        {"sizes": [1, 2]},
        lambda request: {"sizes": [int(text) for text in fields(request)["sizes"][0].split(",")]},
    ),
    "a list": (
        FORM,
        {"schema": ORDER},
        {"sizes": [1, 2]},
        lambda request: {"sizes": [int(text) for text in fields(request)["sizes"]]},
    ),
    "JSON in a form": (
        FORM,
        {"schema": ORDER},
        {"lamp": WARM},
        lambda request: {"lamp": json.loads(fields(request)["lamp"][0])},
    ),
    "a JSON part": (
        "multipart/form-data",
        {"schema": ORDER},
        {"lamp": WARM},
        lambda request: {
            name: json.loads(text) for name, kind, text in parts(request) if kind == "application/json"
        },
    ),
    "repeated JSON parts": (
        "multipart/form-data",
        {"schema": ORDER},
        {"lamps": [WARM, WARM]},
        lambda request: {
            "lamps": [json.loads(text) for name, kind, text in parts(request) if name == "lamps"]
        },
    ),
    "repeated parts": (
        "multipart/form-data",
        {"schema": ORDER},
        {"sizes": [1, 2]},
        lambda request: {"sizes": [int(text) for name, kind, text in parts(request)]},
    ),
    "a part of the type in its encoding": (
        "multipart/form-data",
        {"schema": {"type": "object"}, "encoding": {"n": {"contentType": "application/json"}}},
        {"n": "a"},
        lambda request: {
            name: json.loads(text) for name, kind, text in parts(request) if kind == "application/json"
        },
    ),
    "a number as text": (
        "text/plain",
        {"schema": {"type": "integer"}},
        5,
        lambda request: int(request.content),
    ),
    "XML": (
        "application/xml",
        {"schema": LAMP},
        {"hue": "warm"},
        lambda request: {node.tag: node.text for node in ElementTree.fromstring(request.content)},
    ),
    "JSON of another type": (
        "application/vnd.lamp+json; v=1",
        {"schema": LAMP},
        WARM,
        lambda request: (
            json.loads(request.content) if request.headers["Content-Type"].endswith("v=1") else None
        ),
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_arrives_as_the_document_says(case: str, tmp_path: Path) -> None:
    media_type, described, example, read = BODIES[case]
    body = {"required": True, "content": {media_type: {**described, "example": example}}}
    received: list[bool] = []

    def respond(request: httpx.Request) -> httpx.Response:
        try:
            received.append(read(request) == example)
        except (LookupError, ValueError, ElementTree.ParseError, AttributeError):
            received.append(False)
        return httpx.Response(200 if received[-1] else 400, json={})

    values = values_file(tmp_path, "irreversible: {postThing: [{}]}")
    report = report_of(spec_of("post", requestBody=body, responses=RESPONSES), respond, values=values)
    assert violated(report) == {}, inconclusive(report)
    assert any(received)


OCTETS = "application/octet-stream"
STATUSES = {status: {"description": "As it says."} for status in ("204", "400", "404")}
FILE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


class Files:
    """Keeps files as they are sent; of those that are read it leaves out the first ``cut`` bytes."""

    def __init__(self, cut: int = 0) -> None:
        self.cut, self.keys = cut, itertools.count(1)
        self.stored = {"0": b"a file"}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = last(request)
        if request.method == "POST":
            key = next(self.keys)
            self.stored[str(key)] = request.content
            return httpx.Response(201, json={"id": key})
        if request.method == "PUT":
            status = 204 if name in self.stored else 201
            self.stored[name] = request.content
            return httpx.Response(status)
        if name not in self.stored:
            return httpx.Response(404)
        if request.method == "DELETE":
            del self.stored[name]
            return httpx.Response(204)
        return httpx.Response(200, content=self.stored[name][self.cut :], headers={"Content-Type": OCTETS})


def states(spec: Spec, server: Files) -> dict[str, State]:
    report = report_of(spec, server)
    assert violated(report) == {}
    assert server.stored == {"0": b"a file"}
    return {outcome.requirement.name: outcome.state for outcome in report.outcomes}


def file_of(schema: Json, **operations: Json) -> Json:
    """The operations on a file with an id."""
    by_id = {"parameters": [parameter("id", schema, "path", example=0)]}
    whole = {"description": "The file.", "content": {OCTETS: Json()}}
    operations["get"] = {"responses": {**STATUSES, "200": whole}}
    operations["delete"] = {"responses": STATUSES}
    return {method: {**by_id, **operation} for method, operation in operations.items()}


@pytest.mark.parametrize("described", [{}, {"schema": {"type": "string", "format": "binary"}}])
def test_a_thing_may_be_created_and_read_as_a_file(described: Json) -> None:
    """What is read has no members that could be compared with those that its creation returned."""
    created = {"description": "New.", "content": {"application/json": {"schema": FILE}}}
    post = {"requestBody": {"required": True, "content": {OCTETS: described}}, "responses": {"201": created}}
    paths = {"/files": {"post": post}, "/files/{id}": file_of({"type": "integer"})}
    found = states(loaded(json.dumps(document(paths))), Files())
    assert found["postThing: state: returns what was created"] is State.SATISFIED


@pytest.mark.parametrize("cut", [0, 1])
def test_what_is_put_as_a_file_is_read_as_it_was_put(cut: int) -> None:
    put = {
        "requestBody": {"required": True, "content": {OCTETS: {}}},
        "responses": {**STATUSES, "201": {"description": "New."}},
    }
    spec = loaded(json.dumps(document({"/files/{id}": file_of({"type": "string"}, put=put)})))
    messages = violated(report_of(spec, Files(cut)))
    assert ("putThing: state: returns what was created" in messages) is bool(cut)
    for message in messages.values():
        assert re.fullmatch("what was put is not what is read: [0-9]+ bytes instead of [0-9]+ bytes", message)


MEDIA_TYPE = "application/vnd.api+json"
ATTRIBUTES = {
    "type": "object",
    "required": ["title", "votes"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 20},
        "votes": {"type": "integer", "minimum": 0, "maximum": 9},
    },
}


def article(*required: str, attributes: Json) -> Json:
    """The schema of a document of JSON:API with one resource object."""
    members = {"type": {"const": "articles"}, "id": {"type": "string"}, "attributes": attributes}
    data = {"type": "object", "required": ["type", *required], "properties": members}
    return {"type": "object", "required": ["data"], "properties": {"data": data}}


NEW, CHANGED = (
    article("attributes", attributes=ATTRIBUTES),
    article("id", attributes={**ATTRIBUTES, "required": []}),
)


class Articles:
    """A server by JSON:API, whose PATCH must name what its path names; ``loses`` is an attribute."""

    def __init__(self, loses: str = "") -> None:
        self.loses, self.keys, self.stored = loses, itertools.count(1), dict[str, Json]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key, data = last(request), Json()
        if request.method != "POST" and key not in self.stored:
            return httpx.Response(404)
        if request.method in ("POST", "PATCH"):
            try:
                body = json.loads(request.content)
            except ValueError:
                return httpx.Response(400)
            if not Draft202012Validator(NEW if request.method == "POST" else CHANGED).is_valid(body):
                return httpx.Response(422)
            data = body["data"]
        if request.method == "POST":
            key = str(next(self.keys))
            self.stored[key] = data["attributes"] | ({self.loses: 0} if self.loses else {})
            return self.shown(key, 201)
        if request.method == "PATCH" and data["id"] != key:
            return httpx.Response(409)
        if request.method == "DELETE":
            del self.stored[key]
            return httpx.Response(204)
        self.stored[key] |= data.get("attributes", {})
        return self.shown(key, 200)

    def shown(self, key: str, status: int) -> httpx.Response:
        content = json.dumps({"data": {"type": "articles", "id": key, "attributes": self.stored[key]}})
        return httpx.Response(status, content=content, headers={"Content-Type": MEDIA_TYPE})


@pytest.mark.parametrize("loses", ["", "votes"])
def test_things_may_be_in_envelopes_whose_key_is_that_of_the_path(loses: str) -> None:
    rejected: Json = {status: {"description": "Rejected."} for status in ("400", "404", "409", "422")}
    content = {MEDIA_TYPE: {"schema": article("id", "attributes", attributes=ATTRIBUTES)}}
    shown = {"description": "Fine.", "content": content}
    by_id: Json = {"parameters": [parameter("id", {"type": "string"}, "path")]}

    def body(schema: Json) -> Json:
        return {"required": True, "content": {MEDIA_TYPE: {"schema": schema}}}

    paths = {
        "/articles": {"post": {"requestBody": body(NEW), "responses": {"201": shown, **rejected}}},
        "/articles/{id}": {
            "get": {**by_id, "responses": {"200": shown, **rejected}},
            "patch": {**by_id, "requestBody": body(CHANGED), "responses": {"200": shown, **rejected}},
            "delete": {**by_id, "responses": {"204": {"description": "Gone."}, **rejected}},
        },
    }
    server = Articles(loses)
    report = report_of(loaded(json.dumps(document(paths))), server)
    assert server.stored == {}
    messages = violated(report).get("postThing: state: returns what was created", "")
    assert bool(re.search("/attributes/votes is 0, not [1-9]", messages)) is bool(loses)
    if not loses:
        assert violated(report) == {}
        name = "patchThing: body: enforces the limits of data"
        assert {each.state for each in report.outcomes if each.requirement.name == name} == {State.SATISFIED}
