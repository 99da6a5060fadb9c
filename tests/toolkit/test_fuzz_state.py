"""Fuzzing of state and access on a plain document: what writes promise is compared with what is read."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from support.conforming import document, loaded
from wirecheck.conform import SessionOptions
from wirecheck.conform.saved import write
from wirecheck.fuzz import open_session, sequences, things
from wirecheck.fuzz.access import without_valid
from wirecheck.fuzz.keys import key_of_step, marked
from wirecheck.fuzz.proxy import configuration
from wirecheck.fuzz.reproduction import curl
from wirecheck.fuzz.rewriting import StepRewriter
from wirecheck.fuzz.saved import file_of
from wirecheck.fuzz.session import FuzzSession
from wirecheck.fuzz.shrink import shrunk
from wirecheck.fuzz.wire import Step
from wirecheck.replay import replay

URL = "http://server.test/v1"
TOKEN = "a-token-of-0123456789"
KIND = (("content-type", "application/json"), ("x-key", "wirecheck~key~"))
BOOK: dict[str, Any] = {
    "type": "object",
    "required": ["title", "pages"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 40},
        "pages": {"type": "integer", "minimum": 1, "maximum": 900},
        "lent": {"type": "boolean"},
    },
}
STORED = {**BOOK, "required": ["id"], "properties": {"id": {"type": "integer"}, **BOOK["properties"]}}
PATCH = {"type": "object", "properties": BOOK["properties"]}


def described(name: str, status: str, body: Any = None, returned: Any = STORED) -> dict[str, Any]:
    content = {"application/json": {"schema": returned}}
    response: dict[str, Any] = {"description": ""}
    if returned:
        response["content"] = content
    operation: dict[str, Any] = {
        "operationId": name,
        "security": [{"key": []}],
        "responses": {status: response, "401": {"description": ""}, "404": {"description": ""}},
    }
    if body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
        operation["responses"]["422"] = {"description": ""}
    return operation


PATHS = {
    "/books": {
        "get": described("listBooks", "200", returned={"type": "array", "items": STORED}),
        "post": described("createBook", "201", BOOK),
    },
    "/books/{id}": {
        "get": described("getBook", "200"),
        "put": described("replaceBook", "200", BOOK),
        "patch": described("patchBook", "200", PATCH),
        "delete": described("deleteBook", "204", returned=None),
    },
}
for _operation in PATHS["/books/{id}"].values():
    _operation["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
SPEC = loaded(
    json.dumps(
        document(
            PATHS,
            components={"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
        )
    )
)


class Books:
    """A right server, but for one ``fault``. Its first key is ``first``."""

    def __init__(self, fault: str = "", first: int = 7) -> None:
        self.fault, self.books, self.next = fault, dict[int, dict[str, Any]](), first
        self.seed = {"id": 1, "title": "Seed", "pages": 3, "lent": False}
        self.books[1] = dict(self.seed)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("x-key") != TOKEN and (self.fault, request.method) != ("open", "DELETE"):
            return httpx.Response(401)
        key = request.url.path.removeprefix("/v1/books").strip("/")
        if key and (not key.isdecimal() or int(key) not in self.books):
            return httpx.Response(404)
        if request.content and (status := self.rejected(request.method, json.loads(request.content))):
            return httpx.Response(status)
        return self.respond(request.method, int(key) if key else None, request.content)

    def rejected(self, method: str, sent: Any) -> int:
        """The status that rejects a body which the document does not allow, 0 for others."""
        if self.fault == "900 crashes" and isinstance(sent, dict) and sent.get("pages") == 900:
            return 500
        schema = PATCH if method == "PATCH" else BOOK
        if self.fault == "901 is accepted":
            schema = {**schema, "properties": {**schema["properties"], "pages": {}}}
        return 0 if Draft202012Validator(schema).is_valid(sent) else 422

    def respond(self, method: str, key: int | None, content: bytes) -> httpx.Response:
        sent = json.loads(content) if content else {}
        if key is None and method == "GET":
            return httpx.Response(200, json=list(self.books.values()))
        if key is None:
            key, self.next = self.next, self.next + 1
            book = {"id": key, "lent": False, **sent}
            if not (self.fault == "lost" and book["lent"]):
                self.books[key] = book
            return httpx.Response(201, json=book)
        book = self.books[key]
        if method == "DELETE":
            return self.deleted(key)
        if method == "PUT":
            kept = {"pages": book["pages"]} if self.fault == "put" and book["lent"] else {}
            book = self.books[key] = {"id": key, "lent": False, **sent, **kept}
        if method == "PATCH":
            book.update(sent)
            if self.fault == "patch" and "title" in sent:
                book["pages"] = 1
            if self.fault == "others":
                for other in self.books.values():
                    other.update(sent)
        return httpx.Response(200, json=book)

    def deleted(self, key: int) -> httpx.Response:
        if self.fault == "soft":
            self.books[key]["status"] = "deleted"
        elif not (self.fault == "stays" and self.books[key]["lent"]):
            del self.books[key]
        if self.fault == "both":
            self.books.pop(max(self.books, default=0), None)
        return httpx.Response(204)


def session_of(server: Callable[[httpx.Request], httpx.Response]) -> FuzzSession:
    return open_session(SPEC, SessionOptions(url=URL, token=TOKEN), httpx.MockTransport(server))


def post(title: str = "one", **more: Any) -> Step:
    return Step("POST", "/v1/books", KIND, json.dumps({"title": title, "pages": 5, **more}).encode())


def at(method: str, index: int, **body: Any) -> Step:
    content = json.dumps(body).encode() if body else b""
    return Step(method, f"/v1/books/{key_of_step(index)}", KIND if body else KIND[1:], content)


FAULTS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "lost": ("written-is-readable", (post(lent=True),)),
    "stays": ("deleted-is-gone", (post(lent=True), at("DELETE", 0))),
    "put": ("stored-as-sent", (post(lent=True), at("PUT", 0, title="two", pages=6))),
    "patch": ("patch-changes-what-is-sent", (post(), at("PATCH", 0, title="two"))),
    "others": ("others-unchanged", (post("a"), post("b"), at("PATCH", 0, title="c"))),
    "both": ("others-unchanged", (post("a"), post("b"), at("DELETE", 0))),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("first", [7, 4000])
def test_steps_find_a_fault_whatever_keys_the_server_gives(fault: str, first: int) -> None:
    check, steps = FAULTS[fault]
    assert [failure.check for failure in session_of(Books(fault, first)).walk(steps).values()] == [check]


@pytest.mark.no_cover
@pytest.mark.parametrize("fault", ["", "soft"])
def test_a_right_server_satisfies_all_steps_and_has_nothing_left(fault: str) -> None:
    server = Books(fault)
    session = session_of(server)
    for _, steps in FAULTS.values():
        assert session.walk(steps) == {}
    failures: list[Any] = []
    assert sequences.run(session, 1, 1.0, failures.append) > 0
    assert failures == []
    assert fault or server.books == {1: server.seed}


@pytest.mark.no_cover
@pytest.mark.parametrize("fault", FAULTS)
def test_sequences_find_a_fault_that_is_shrunk_and_replayed(fault: str, tmp_path: Path) -> None:
    session, failures = session_of(Books(fault)), dict[str, Any]()
    for seed in range(40):
        sequences.run(session, seed, 0.5, lambda failure: failures.setdefault(failure.check, failure))
        if FAULTS[fault][0] in failures:
            break
    failure = failures[FAULTS[fault][0]]
    steps = shrunk(failure.steps, lambda fewer: failure.id in session.walk(fewer))
    assert len(steps) <= len(FAULTS[fault][1]) + 1  # a fault may need another thing than the first one
    found = session.walk(steps)[failure.id]
    path = write(tmp_path, file_of(SPEC, 1, found))
    for server, state in ((Books(fault, 90), "violated"), (Books("", 90), "satisfied")):
        options = SessionOptions(url=URL, token=TOKEN)
        assert replay(path, SPEC, options, httpx.MockTransport(server)).state == state


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("", set()),
        ("900 crashes", {("createBook", 500), ("patchBook", 500), ("replaceBook", 500)}),
        ("901 is accepted", {("createBook", 201), ("patchBook", 200), ("replaceBook", 200)}),
    ],
)
def test_each_value_at_a_limit_is_sent_once(fault: str, expected: set[tuple[str, int]]) -> None:
    server = Books(fault)
    session = session_of(server)
    walked = list(things.at_limits(session, things.described(session)))
    failures = [failure for steps in walked for failure in session.walk(steps).values()]
    assert {(failure.operation, failure.status) for failure in failures} == expected
    assert server.books == {1: server.seed}
    sent = [json.loads(steps[-1].body) for steps in walked]
    pages = [body.get("pages") for body in sent if isinstance(body, dict)]
    assert all(limit in pages for limit in (0, 1, 900, 901))


def test_a_member_that_the_server_normalizes_is_not_compared() -> None:
    class Normalizing(Books):
        def respond(self, method: str, key: int | None, content: bytes) -> httpx.Response:
            sent = json.loads(content) if content else {}
            if "pages" in sent:
                sent["pages"] = max(sent["pages"] - sent["pages"] % 10, 1)
            return super().respond(method, key, json.dumps(sent).encode() if sent else b"")

    session, failures = session_of(Normalizing()), list[Any]()
    assert sequences.run(session, 1, 1.0, failures.append) > 0
    assert failures == []


def test_a_read_only_member_of_a_request_may_be_ignored() -> None:
    paths = json.loads(json.dumps(PATHS))
    schema = paths["/books"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["id"] = {"allOf": [{"type": "integer"}], "readOnly": True}
    schema["properties"]["pages"] = {"type": "integer"}
    components = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    spec = loaded(json.dumps(document(paths, components=components)))

    def accepts_all(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"id": 5, "title": "one", "pages": 5})

    options = SessionOptions(url=URL, token=TOKEN)
    session = open_session(spec, options, httpx.MockTransport(accepts_all))
    assert session.walk([post(id="none")]) == {}
    failures = session.walk([post(pages="none")])
    assert [failure.check for failure in failures.values()] == ["request-body-matches"]
    assert session.walk([post(pages="none")]) == failures, "it is found again, as often as it is repeated"
    assert session.walk([post(pages="5")]) == {}, "a server may convert it"
    assert len(session.walk([post(pages=1000)])) == 1


def test_an_accepted_request_without_valid_credentials_is_a_failure() -> None:
    open_, right = session_of(Books("open")), session_of(Books())
    for step in without_valid(at("DELETE", 0), open_.target.credentials):
        assert TOKEN not in repr(step)
        assert [item.check for item in open_.walk((post(), step)).values()] == ["access-required"]
        assert right.walk((post(), step)) == {}


def test_steps_are_linked_to_those_that_create_what_they_use() -> None:
    session = session_of(Books())
    wire = session.wire(post())
    assert wire is not None
    observation, _ = session.attempt(wire)
    assert observation is not None
    deleting = Step("DELETE", f"/v1/books/{observation.body['id']}", KIND[1:])
    assert session.links.linked([deleting]) == (post(), at("DELETE", 0))
    assert session.links.linked([wire.step, deleting]) == (post(), at("DELETE", 0))
    lines = curl(session, (post(), at("DELETE", 0))).splitlines()
    assert lines[:2] == ["# set KEY, STEP_0", "# STEP_0 is the key of what command 1 creates"]


def test_a_key_before_an_extension_is_linked_to_the_step_that_creates_it() -> None:
    paths = {f"{path}.json": operations for path, operations in PATHS.items()}
    schemes = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    spec, server = loaded(json.dumps(document(paths, components=schemes))), Books()

    def respond(request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(path=request.url.path.removesuffix(".json"))
        return server(httpx.Request(request.method, url, headers=request.headers, content=request.content))

    session = open_session(spec, SessionOptions(url=URL, token=TOKEN), httpx.MockTransport(respond))
    creating = replace(post(), target="/v1/books.json")
    wire = session.wire(creating)
    assert wire is not None
    observation, _ = session.attempt(wire)
    assert observation is not None
    deleting = Step("DELETE", f"/v1/books/{observation.body['id']}.json", KIND[1:])
    linked = session.links.linked([deleting])
    assert linked == (creating, replace(deleting, target=f"/v1/books/{key_of_step(0)}.json"))
    assert session.walk(linked) == {}
    assert server.books == {1: server.seed}


@pytest.mark.parametrize(
    ("segment", "key", "expected"),
    [
        ("7", "7", "mark"),
        ("7.json", "7", "mark.json"),
        ("notes.json", "notes.json", "mark"),
        ("a%2Fb.xml", "a/b", "mark.xml"),
        ("70.json", "7", "70.json"),
        ("7.txt", "7", "7.txt"),
    ],
)
def test_a_key_may_stand_before_a_format_or_end_like_one(segment: str, key: str, expected: str) -> None:
    assert marked(segment, key, "mark") == expected


def test_leaving_out_a_step_leaves_out_those_that_refer_to_it() -> None:
    steps = (post("a"), post("b"), at("PATCH", 0, pages=2), at("DELETE", 1))
    fewest = shrunk(steps, lambda fewer: len(fewer) > 1 and fewer[-1].method == "DELETE")
    assert [step.method for step in fewest] == ["POST", "DELETE"]
    assert fewest[-1].target == at("DELETE", 0).target


def test_keys_of_others_are_replaced_in_writes() -> None:
    session = session_of(Books())
    rewriter = StepRewriter(session, 1)
    chance = random.Random(1)
    for _ in range(40):
        step = Step("DELETE", f"/v1/books/{chance.choice([1, 555])}", KIND[1:])
        wire = session.wire(step)
        assert wire is not None
        assert rewriter.rewritten(wire).target != "/v1/books/1"
    assert session.failures == []


def test_a_parameter_with_a_reference_gets_no_dictionary() -> None:
    schema = {"anyOf": [{"$ref": "#/components/schemas/Genre"}, {"type": "null"}]}
    parameters = [{"name": "genre", "in": "query", "schema": schema, "example": "novel"}]
    get = {"operationId": "list", "parameters": parameters, "responses": {"200": {"description": ""}}}
    genre = {"type": "string", "enum": ["novel", "poem"]}
    spec = loaded(json.dumps(document({"/books": {"get": get}}, components={"schemas": {"Genre": genre}})))
    session = open_session(spec, SessionOptions(url=URL), httpx.MockTransport(Books()))
    assert configuration(session)["dictionaries"] == {}


def test_a_security_requirement_may_have_null_for_its_scopes() -> None:
    paths = {"/books": {"get": {**PATHS["/books"]["get"], "security": [{"key": None}]}}}
    components = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    spec = loaded(json.dumps(document(paths, components=components)))
    session = open_session(spec, SessionOptions(url=URL, token=TOKEN), httpx.MockTransport(Books()))
    session.check_access()
    assert session.authorized == 1
