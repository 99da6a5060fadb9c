"""What a session wrote is deleted in the end, whatever happened; what is left is listed."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from support.conforming import URL, Clock, document, loaded, session
from wirecheck.conform import (
    ERRED,
    INTERRUPTED,
    Requirement,
    Session,
    SessionOptions,
    not_undone,
    open_session,
    protocols,
    requirements,
)
from wirecheck.conform import run as conform
from wirecheck.model import SpecError

NOTE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "readOnly": True}}}
JSON_NOTE = {"content": {"application/json": {"schema": NOTE}}}
CREATED = {"201": {"description": "New.", **JSON_NOTE}}
KEY = [{"name": "note_id", "in": "path", "required": True, "schema": {"type": "integer"}}]
GONE = {"204": {"description": "Gone."}, "404": {"description": "No such note."}}
PATHS = {
    "/notes": {"post": {"requestBody": JSON_NOTE, "responses": CREATED}},
    "/notes/{note_id}": {
        "get": {"parameters": KEY, "responses": {"200": {"description": "A note.", **JSON_NOTE}}},
        "delete": {"parameters": KEY, "responses": GONE},
    },
}
SPEC = loaded(json.dumps(document(PATHS)))
[NOTES] = session(SPEC).things.derived.values()


class Notes:
    """Keeps notes; how it deletes one may be replaced."""

    def __init__(self) -> None:
        self.notes = set[str]()
        self.created = 0
        self.methods = set[str]()
        self.delete: Callable[[str], httpx.Response] = self._delete

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.methods.add(request.method)
        key = request.url.path.removeprefix("/v1/notes").strip("/")
        if request.method == "POST":
            self.created += 1
            self.notes.add(str(self.created))
            return httpx.Response(201, json={"id": self.created})
        if key not in self.notes:
            return httpx.Response(404)
        if request.method == "DELETE":
            return self.delete(key)
        return httpx.Response(200, json={"id": int(key)})

    def _delete(self, key: str) -> httpx.Response:
        self.notes.discard(key)
        return httpx.Response(204)


def creating(count: int, then: Callable[[], None]) -> Iterator[Requirement]:
    """A requirement that creates some notes, and then does something else."""

    def test(tester: protocols.Tester) -> None:
        for _ in range(count):
            tester.things.create(NOTES)
        then()

    yield Requirement("getThing", "state", "keeps notes", test)


def commands(server: Notes) -> list[str]:
    """The commands that delete what the server has."""
    return [f"curl -X DELETE {URL}/notes/{key}" for key in sorted(server.notes, key=int)]


def crash() -> None:
    raise ZeroDivisionError("a bug")


def give_up() -> None:
    raise SpecError("notes.yaml", "an extension is malformed")


def interrupt() -> None:
    raise KeyboardInterrupt


def fail(_: str) -> httpx.Response:
    return httpx.Response(500)


@pytest.mark.parametrize(("then", "stopped"), [(crash, ERRED), (interrupt, INTERRUPTED)])
def test_what_ends_a_requirement_leaves_nothing_behind(then: Callable[[], None], stopped: str) -> None:
    server = Notes()
    report = conform(session(SPEC, server), creating(3, then))
    assert (report.stopped, server.notes) == (stopped, set())
    assert server.created >= 3
    assert report.not_undone == []


def test_an_unusable_document_leaves_nothing_behind() -> None:
    server = Notes()
    with pytest.raises(SpecError) as caught:
        conform(session(SPEC, server), creating(3, give_up))
    assert server.created >= 3
    assert server.notes == set()
    assert not hasattr(caught.value, "__notes__")


def test_an_unusable_document_names_what_could_not_be_deleted() -> None:
    server = Notes()
    server.delete = fail
    with pytest.raises(SpecError) as caught:
        conform(session(SPEC, server), creating(2, give_up))
    assert server.created >= 2
    assert caught.value.__notes__ == [f"not undone: {command}" for command in commands(server)]


def test_what_is_no_thing_of_a_resource_is_listed_where_it_was_created() -> None:
    """No path leads to what was registered; what was added to a note is gone with the note."""
    people = {"/people": {"post": {"operationId": "register", "responses": CREATED}}}
    tags = {
        "/notes/{note_id}/tags": {"post": {"operationId": "tag", "parameters": KEY, "responses": CREATED}}
    }
    spec = loaded(json.dumps(document({**PATHS, **people, **tags})))
    register, tag = (
        next(each for each in spec.operations if each.name == name) for name in ("register", "tag")
    )
    server = Notes()

    def test(tester: protocols.Tester) -> None:
        note = tester.things.create(next(iter(tester.things.derived.values())))
        for _ in range(2):
            tester.send(tester.things.case(register, {}))
        tester.send(tester.things.case(tag, note.keys))

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("/people", "/tags")):
            return httpx.Response(201, json={"id": 5})
        return server(request)

    report = conform(session(spec, respond), [Requirement("register", "state", "registers", test)])
    assert report.not_undone == ["register created 2 things, and no operation deletes them"]
    assert server.notes == set()


@pytest.mark.parametrize(
    ("collection", "item"),
    [
        ("/notes", "/notes/{note_id}"),
        ("/notes.json", "/notes/{note_id}.json"),
        ("/notes", "/note/{note_id}"),
        ("/notes/add", "/notes/{note_id}"),
        ("/note/create.json", "/note/{note_id}.json"),
    ],
)
def test_what_is_known_by_its_address_alone_is_deleted(collection: str, item: str) -> None:
    server = Notes()
    post = {"requestBody": JSON_NOTE, "responses": {"201": {"description": "New."}}}
    paths = {collection: {"post": post}, item: PATHS["/notes/{note_id}"]}
    spec = loaded(json.dumps(document(paths)))

    def respond(request: httpx.Request) -> httpx.Response:
        key = re.sub("[^0-9]", "", request.url.path.removeprefix("/v1"))
        response = server(httpx.Request(request.method, f"{URL}/notes/{key}"))
        if response.status_code != 201:
            return response
        address = f"/v1{item}".replace("{note_id}", str(server.created))
        return httpx.Response(201, headers={"Location": address})

    [notes] = session(spec, respond).things.derived.values()
    keys: list[object] = []

    def test(tester: protocols.Tester) -> None:
        keys.append(tester.things.create(notes).key)

    report = conform(session(spec, respond), [Requirement("getThing", "state", "keeps notes", test)])
    assert [outcome.reason for outcome in report.outcomes] == [""]
    assert keys == [str(server.created)]
    assert (server.notes, report.not_undone) == (set(), [])


def test_a_second_interruption_lists_what_is_left() -> None:
    server = Notes()

    def interrupted(_: str) -> httpx.Response:
        raise KeyboardInterrupt

    server.delete = interrupted
    report = conform(session(SPEC, server), creating(1, interrupt))
    assert server.notes
    assert report.not_undone == commands(server)


def test_one_thing_that_cannot_be_deleted_does_not_keep_others() -> None:
    server = Notes()
    plain = server.delete
    server.delete = lambda key: fail(key) if key == "2" else plain(key)
    report = conform(session(SPEC, server), creating(3, interrupt))
    assert report.not_undone == [f"curl -X DELETE {URL}/notes/2"]
    assert server.notes == {"2"}


def test_undoing_has_a_time_limit_of_its_own() -> None:
    server, clock = Notes(), Clock()

    def hang(_: str) -> httpx.Response:
        clock.now += 5
        raise httpx.ReadTimeout("after 5 s")

    server.delete = hang
    report = conform(session(SPEC, server, clock), creating(30, interrupt))
    assert len(server.notes) >= 30
    assert report.not_undone == commands(server)
    assert clock.now < 60


def test_it_is_not_limited_by_the_time_of_the_run() -> None:
    server = Notes()
    opened = session(SPEC, server)

    def use_up() -> None:
        opened.target.limit_time(-1)

    conform(opened, creating(2, use_up))
    assert server.created >= 2
    assert server.notes == set()


ELSEWHERE = SessionOptions(url="http://notes.example/v1", allowed_host="notes.example")


def run(server: Notes, options: SessionOptions) -> Session:
    with httpx.MockTransport(server) as http, open_session(SPEC, options, http) as opened:
        conform(opened, requirements(SPEC))
        assert list(not_undone(opened)) == []
        return opened


@pytest.mark.parametrize("options", [ELSEWHERE, replace(ELSEWHERE, read_only=True)])
def test_a_host_that_is_not_local_gets_only_reads(options: SessionOptions) -> None:
    server = Notes()
    assert run(server, options).read_only
    assert server.methods <= {"GET", "HEAD", "OPTIONS"}


def test_writes_may_be_permitted() -> None:
    server = Notes()
    assert not run(server, replace(ELSEWHERE, write=True)).read_only
    assert "POST" in server.methods
