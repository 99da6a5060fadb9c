"""HTTP of a plain document: media types, entity tags, addresses, idempotency keys and methods."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from support.conforming import URL, counterexamples, document, inconclusive, loaded, violated
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run

Replaced = Callable[[httpx.Request, httpx.Response], httpx.Response | None]

CUP: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20}, "size": {"type": "integer"}},
}
SHOWN = {**CUP, "properties": {**CUP["properties"], "id": {"type": "string"}}}
KEY = {"name": "cup", "in": "path", "required": True, "schema": {"type": "string"}}
IF_MATCH = {"name": "If-Match", "in": "header", "schema": {"type": "string"}}
TAKES = {"requestBody": {"required": True, "content": {"application/json": {"schema": CUP}}}}
TEXT: dict[str, Any] = {"schema": {"type": "string"}}


def returns(success: str, schema: Any, *rejections: str, **headers: Any) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    responses = {success: {"description": "Fine.", "headers": headers, **content}}
    return {"responses": responses | {status: {"description": "No."} for status in rejections}}


PATHS = {
    "/cups": {
        "get": {
            "operationId": "listCups",
            **returns("200", {"type": "array", "items": SHOWN}, "406"),
        },
        "post": {
            "operationId": "addCup",
            "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}],
            **TAKES,
            **returns("201", SHOWN, "409", "415", "422", Location=TEXT),
        },
        "options": {"operationId": "cupOptions", **returns("204", None, Allow=TEXT)},
    },
    "/cups/{cup}": {
        "get": {
            "operationId": "getCup",
            "parameters": [KEY],
            **returns("200", SHOWN, "304", "404", ETag=TEXT),
        },
        "head": {"operationId": "headCup", "parameters": [KEY], **returns("200", None, "404", ETag=TEXT)},
        "put": {
            "operationId": "replaceCup",
            "parameters": [KEY, {**IF_MATCH, "required": True}],
            **TAKES,
            **returns("200", SHOWN, "404", "412", "415", "422", "428"),
        },
        "patch": {
            "operationId": "editCup",
            "parameters": [KEY, IF_MATCH],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {**CUP, "required": []}}},
            },
            **returns("200", SHOWN, "404", "412", "415", "422"),
        },
        "delete": {
            "operationId": "removeCup",
            "parameters": [KEY, IF_MATCH],
            **returns("204", None, "404", "412"),
        },
    },
    "/cups/{cup}/washings": {
        "post": {"operationId": "wash", "parameters": [KEY], **returns("202", None, "404", Location=TEXT)},
    },
    "/washings/{washing}": {
        "get": {
            "operationId": "getWashing",
            "parameters": [{**KEY, "name": "washing", "example": "w0"}],
            **returns("200", {"type": "object"}, "404"),
        },
    },
}
SPEC = loaded(json.dumps(document(PATHS)))


class Cups:
    """The API, with a fault. ``origin`` precedes the addresses of what is created."""

    def __init__(self, fault: str = "", origin: str = "") -> None:
        self.fault, self.origin = fault, origin
        self.cups: dict[str, dict[str, Any]] = {"c1": {"id": "c1", "name": "Old", "version": 1}}
        self.first: dict[str, tuple[bytes, httpx.Response]] = {}
        self.washings = ["w0"]
        self.last = 1

    def __call__(self, request: httpx.Request) -> httpx.Response:
        segments = request.url.path.removeprefix("/v1").strip("/").split("/")
        if not request.url.path.startswith("/v1/"):
            return httpx.Response(404)
        if segments[0] == "washings" and len(segments) == 2:
            is_known = segments[1] in self.washings and request.method in ("GET", "HEAD")
            return httpx.Response(200, json={}) if is_known else httpx.Response(404)
        if segments == ["cups"]:
            return self._collection(request)
        cup = self.cups.get(segments[1])
        if len(segments) == 3 and request.method == "POST" and cup:
            self.washings.append(f"w{len(self.washings)}")
            lost = "x" if self.fault == "job lost" else ""
            return httpx.Response(202, headers={"Location": f"/v1/washings/{self.washings[-1]}{lost}"})
        if cup is None or len(segments) == 3:
            return httpx.Response(404)
        return self._item(request, cup)

    def _collection(self, request: httpx.Request) -> httpx.Response:
        allow = "GET" if self.fault == "Allow lacks one" else "GET, POST, OPTIONS"
        if request.method == "OPTIONS":
            return httpx.Response(204, headers={"Allow": allow})
        if request.method == "POST":
            return self._create(request)
        if request.method != "GET":
            return self._reject_method("GET, POST, OPTIONS")
        if request.headers["accept"] not in ("*/*", "application/json"):
            return httpx.Response(415 if self.fault == "415 for 406" else 406)
        return httpx.Response(200, json=[self._shown(cup) for cup in self.cups.values()])

    def _reject_method(self, allow: str) -> httpx.Response:
        return httpx.Response(405, headers={} if self.fault == "405 without Allow" else {"Allow": allow})

    def _create(self, request: httpx.Request) -> httpx.Response:
        values = self._values(request, {"name"})
        if isinstance(values, int):
            return httpx.Response(values)
        key = request.headers.get("idempotency-key")
        if self.fault == "one key for all" and key:
            key = "any"
        if key in self.first and self.fault != "key ignored":
            body, response = self.first[key]
            if body == request.content or self.fault == "one key for all":
                return response
            if self.fault != "key of another body":
                return httpx.Response(409)
        self.last += 1
        number = f"c{self.last}"
        self.cups[number] = {**values, "id": number, "version": 1}
        places = {
            "Location of nothing": "/v1/cups/none",
            "Location without base": f"/cups/{number}",
            "Location of another": "/v1/cups/c1",
        }
        location = self.origin + places.get(self.fault, f"/v1/cups/{number}")
        headers = {} if self.fault == "Location missing" else {"Location": location}
        response = httpx.Response(201, headers=headers, json=self._shown(self.cups[number]))
        if key:
            self.first[key] = request.content, response
        return response

    def _values(self, request: httpx.Request, required: set[str]) -> dict[str, Any] | int:
        kind = request.headers.get("content-type", "")
        if kind != "application/json" and self.fault != "any media type":
            return 500 if self.fault == "media type crashes" else 415
        body = json.loads(request.content or b"null")
        if not isinstance(body, dict) or not required <= body.keys():
            return 422
        name, size = body.get("name", "x"), body.get("size", 1)
        is_valid = isinstance(name, str) and 1 <= len(name) <= 20 and isinstance(size, int)
        return {key: body[key] for key in ("name", "size") if key in body} if is_valid else 422

    def _tag(self, cup: dict[str, Any]) -> str:
        version = 1 if self.fault == "tag unchanged" else cup["version"]
        return f'{"W/" if self.fault == "weak" else ""}"{cup["id"]}-{version}"'

    def _shown(self, cup: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in cup.items() if name != "version"}

    def _item(self, request: httpx.Request, cup: dict[str, Any]) -> httpx.Response:
        method, headers = request.method, {"ETag": self._tag(cup)}
        if method in ("GET", "HEAD"):
            return self._read(request, cup, headers)
        if method == "POST" and self.fault == "undocumented POST":
            return httpx.Response(200, json={})
        if method not in ("PUT", "PATCH", "DELETE"):
            return self._reject_method("GET, HEAD, PUT, PATCH, DELETE")
        values: dict[str, Any] | int = {}
        if method != "DELETE":
            values = self._values(request, {"name"} if method == "PUT" else set())
        if isinstance(values, int):
            return httpx.Response(values)
        given = request.headers.get("if-match")
        if given is None and method == "PUT" and self.fault != "If-Match optional":
            return httpx.Response(428)
        if given not in (None, self._tag(cup)) and self.fault != f"{method} compares nothing":
            if self.fault == "effect despite 412":
                cup.update(values)
            return httpx.Response(412)
        if self.fault == "right tag rejected" and given == self._tag(cup):
            return httpx.Response(412)
        if method == "DELETE":
            del self.cups[cup["id"]]
            return httpx.Response(204)
        cup.update(values, version=cup["version"] + 1)
        return httpx.Response(200, json=self._shown(cup))

    def _read(self, request: httpx.Request, cup: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        if request.method == "HEAD":
            if self.fault == "HEAD rejected":
                return self._reject_method("GET, PUT, PATCH, DELETE")
            if self.fault == "HEAD without tag":
                headers = {}
            if self.fault == "HEAD of another type":
                return httpx.Response(200, headers={**headers, "Content-Type": "text/html"})
        given = request.headers.get("if-none-match")
        if (given == self._tag(cup) and self.fault != "never 304") or (given and self.fault == "always 304"):
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers, json=self._shown(cup))


def report(server: Callable[[httpx.Request], httpx.Response], read_only: bool = False) -> Conformance:
    """A run of the requirements on HTTP and methods."""
    chosen = [requirement for requirement in requirements(SPEC) if requirement.kind in ("http", "methods")]
    with httpx.MockTransport(server) as http:
        return run(open_session(SPEC, SessionOptions(url=URL, read_only=read_only), http), chosen)


@pytest.mark.parametrize("origin", ["", "https://things.test", "http://server.test"])
def test_a_right_server_satisfies_everything(origin: str) -> None:
    server = Cups(origin=origin)
    found = report(server)
    assert (violated(found), inconclusive(found)) == ({}, {})
    assert [*server.cups] == ["c1"]


FAULTS = {
    "any media type": ("addCup: http: rejects bodies of other media types", "the body is text/plain, but"),
    "415 for 406": (
        "listCups: http: responds to what it cannot send as documented",
        "what is accepted cannot be sent, but that is not a 406: 415",
    ),
    "Location missing": ("addCup: http: locates what was created", "the response 201 has no Location"),
    "Location of nothing": ("addCup: http: locates what was created", "leads to nothing: 404"),
    "Location without base": ("addCup: http: locates what was created", "leads to nothing: 404"),
    "Location of another": ("addCup: http: locates what was created", "leads to another thing"),
    "job lost": ("wash: http: locates the job that it began", "Location of the job leads to nothing: 404"),
    "never 304": ("getCup: http: compares If-None-Match", "the response is 200, not 304"),
    "always 304": ("getCup: http: compares If-None-Match", "has another entity tag, but the response is 304"),
    "tag unchanged": ("getCup: http: changes the entity tag with the item", "but its entity tag has not"),
    "PUT compares nothing": ("replaceCup: http: rejects a stale entity tag", "the request is accepted: 200"),
    "PATCH compares nothing": ("editCup: http: rejects a stale entity tag", "the request is accepted: 200"),
    "DELETE compares nothing": (
        "removeCup: http: rejects a stale entity tag",
        "the request is accepted: 204",
    ),
    "If-Match optional": ("replaceCup: http: rejects a stale entity tag", "If-Match is missing, but"),
    "effect despite 412": ("editCup: http: rejects a stale entity tag", "rejected, but it has an effect"),
    "right tag rejected": ("removeCup: http: rejects a stale entity tag", "of the item, but it is rejected"),
    "key ignored": ("addCup: http: creates one thing for one idempotency key", "a request repeated"),
    "key of another body": ("addCup: http: creates one thing for one idempotency key", "another body with"),
    "one key for all": ("addCup: http: creates one thing for one idempotency key", "another idempotency key"),
    "Allow lacks one": ("cupOptions: methods: lists the documented methods in Allow", "does not list POST"),
    "405 without Allow": ("getCup: methods: rejects undocumented methods", "the response has no Allow"),
    "undocumented POST": ("getCup: methods: rejects undocumented methods", "but it is accepted: 200"),
    "HEAD rejected": ("getCup: methods: responds to HEAD as to GET", "GET is accepted, but HEAD is not: 405"),
    "HEAD without tag": ("getCup: methods: responds to HEAD as to GET", "has etag, that to HEAD has not"),
    "HEAD of another type": ("getCup: methods: responds to HEAD as to GET", "and text/html for HEAD"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    name, message = FAULTS[fault]
    found = [text for text in counterexamples(report(Cups(fault))) if text.startswith(f"{name}: ")]
    assert any(message in text for text in found), found


def test_weak_entity_tags_are_no_violation() -> None:
    found = report(Cups("weak"))
    assert violated(found) == {}
    assert {name.partition(":")[0] for name in inconclusive(found)} <= {"getCup"}


def test_an_address_on_another_host_is_inconclusive() -> None:
    found = report(Cups(origin="https://public.example"))
    assert violated(found) == {}
    assert inconclusive(found) == {"addCup: http: locates what was created": "Location leads to another host"}


def test_a_read_only_session_sends_no_write() -> None:
    methods = set[str]()
    server = Cups()

    def respond(request: httpx.Request) -> httpx.Response:
        methods.add(request.method)
        return server(request)

    assert violated(report(respond, read_only=True)) == {}
    assert methods == {"GET", "HEAD", "OPTIONS"}


# Servers after which nothing is certain, or that are wrong in what they respond


def is_read_of_new(request: httpx.Request) -> bool:
    return request.method == "GET" and re.fullmatch("/v1/cups/c[2-9]", request.url.path) is not None


def located(request: httpx.Request, response: httpx.Response, *, status: int) -> httpx.Response | None:
    """What leads to another address of a new cup, and responds there with a status."""
    if request.url.query:
        return httpx.Response(status)
    if response.status_code == 201:
        response.headers["Location"] += "?by=location"
    return None


def job_elsewhere(
    request: httpx.Request, response: httpx.Response, *, is_there: bool
) -> httpx.Response | None:
    if request.url.path == "/v1/jobs/1" and is_there:
        return httpx.Response(200, json={})
    if response.status_code == 202:
        response.headers["Location"] = "/v1/jobs/1"
    return None


LOCATES = "addCup: http: locates what was created"
JOB = "wash: http: locates the job that it began"
ODD: dict[str, tuple[Replaced, str, State, str]] = {
    "hides what is new": (
        lambda request, _: httpx.Response(403) if is_read_of_new(request) else None,
        LOCATES,
        State.INCONCLUSIVE,
        "what was created cannot be read (403)",
    ),
    "locates what cannot be read": (
        partial(located, status=401),
        LOCATES,
        State.INCONCLUSIVE,
        "Location cannot be read (401)",
    ),
    "locates what has gone": (
        partial(located, status=410),
        LOCATES,
        State.VIOLATED,
        "Location of what was created leads to nothing: 410",
    ),
    "an undocumented job": (partial(job_elsewhere, is_there=True), JOB, State.SATISFIED, ""),
    "a job that is nowhere": (
        partial(job_elsewhere, is_there=False),
        JOB,
        State.VIOLATED,
        "Location of the job leads to nothing that the document has",
    ),
}


@pytest.mark.parametrize(("replaced", "name", "state", "message"), ODD.values(), ids=ODD)
def test_what_is_certain_of_an_odd_server(replaced: Replaced, name: str, state: State, message: str) -> None:
    server = Cups()

    def respond(request: httpx.Request) -> httpx.Response:
        response = server(request)
        return replaced(request, response) or response

    [outcome] = [each for each in report(respond).outcomes if each.requirement.name == name]
    found = [counterexample.message for counterexample in outcome.counterexamples] or [outcome.reason]
    assert (outcome.state, found[-1]) == (state, message)
