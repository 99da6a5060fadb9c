"""Fields of a body in every encoding, and undocumented methods, of an API of notes."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from support.conforming import counterexamples
from wirecheck.conform import Conformance, SessionOptions, State, open_session, requirements, run
from wirecheck.conform.encoding import body_type
from wirecheck.decode import essence, form_pairs
from wirecheck.decode.encoding import written_body
from wirecheck.lint import lint
from wirecheck.spec import Spec, load

DOCUMENT = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
servers: [{url: https://notes.test/v1}]
paths:
  /notes:
    get:
      operationId: listNotes
      responses: &ok
        '200': {description: Fine., content: {application/json: {schema: {type: object}}}}
    post:
      operationId: addNote
      x-undo:
        operation: removeNote
        then: listNotes
        with: {note_id: 'then.body.notes.filter(n, !before.body.notes.exists(b, b.id == n.id))[0].id'}
      requestBody:
        required: true
        x-also-in-query: true
        content:
          application/json: &note {schema: {$ref: '#/components/schemas/Note'}, example: {text: Tea, size: 2}}
          application/x-www-form-urlencoded: *note
          multipart/form-data: *note
          application/merge-patch+json: {schema: {type: object}, example: {}}
          text/plain: {schema: {type: string}, example: Tea}
      responses: &written
        '200': {description: Fine., content: {application/json: {schema: {type: object}}}}
        4XX: {description: Rejected.}
      x-laws:
        is-listed:
          message: A note is listed as it was sent.
          then: listNotes
          rule: >-
            then.body.notes.exists(n, n.text == request.body.text && n.size == request.body.size
            && !before.body.notes.exists(b, b.id == n.id))
  /notes/{note_id}:
    parameters:
      - {name: note_id, in: path, required: true, schema: {type: string}, example: '7'}
    delete: {operationId: removeNote, responses: *written}
  /tables:
    post:
      operationId: addTable
      requestBody:
        content: {application/x-www-form-urlencoded: {schema: {type: object}, example: {name: oak}}}
      responses: *written
components:
  schemas:
    Note:
      type: object
      required: [text, size]
      properties:
        size: {type: integer, minimum: 1}
        text:
          type: string
          allOf: [{x-rule: short, x-message: A note has at most 90 characters., maxLength: 90}]
          examples: [Tea]
          x-invalid-examples: {short: [LONG]}
"""

Sent = tuple[str, dict[str, object]]
"""How fields were sent, and their values."""

ALLOW = {"Allow": "DELETE, GET, POST"}


def read(request: httpx.Request) -> Sent:
    """The fields of a request, sent in the query or by a media type."""
    content_type = request.headers.get("content-type", "")
    kind = essence(content_type) if request.content else ""
    if kind.endswith("json"):
        return kind, json.loads(request.content)
    pairs = form_pairs(request.content, content_type) if kind else list(request.url.params.items())
    fields: dict[str, object] = dict(pairs)
    if str(fields.get("size")).removeprefix("-").isdecimal():
        fields["size"] = int(str(fields["size"]))
    return kind or "query", fields


def is_note(note: dict[str, object]) -> bool:
    text, size = note.get("text"), note.get("size")
    return isinstance(text, str) and len(text) <= 90 and isinstance(size, int) and size >= 1


class Notes:
    """The API. ``received`` may change the fields; ``respond`` may give a status instead of it."""

    def __init__(
        self,
        received: Callable[[Sent], Sent] = lambda sent: sent,
        respond: Callable[["Notes", httpx.Request], int | None] = lambda notes, request: None,
    ) -> None:
        self._received, self._respond = received, respond
        self.notes: dict[str, dict[str, object]] = {}
        self.ways: set[str] = set()
        self.methods: set[str] = set()
        self.ids = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.methods.add(request.method)
        status = self._respond(self, request)
        path = request.url.path.removeprefix("/v1")
        if status is not None:
            return httpx.Response(status, headers=ALLOW, json={"id": str(self.ids)})
        if path == "/notes" and request.method in ("GET", "HEAD"):
            return httpx.Response(
                200, json={"notes": [{"id": key, **one} for key, one in self.notes.items()]}
            )
        if path == "/notes" and request.method == "POST":
            return (
                httpx.Response(200, json={"id": str(self.ids)}) if self.add(request) else httpx.Response(422)
            )
        if path.startswith("/notes/") and request.method == "DELETE":
            found = self.notes.pop(path.removeprefix("/notes/"), None)
            return httpx.Response(404 if found is None else 200, json={})
        known = path == "/tables" and request.method == "POST"
        return httpx.Response(200 if known else 405, headers=ALLOW, json={})

    def add(self, request: httpx.Request) -> bool:
        way, note = self._received(read(request))
        self.ways.add(way)
        if not note.pop("taken", is_note(note)):
            return False
        self.ids += 1
        self.notes[str(self.ids)] = note
        return True


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    path = tmp_path / "notes.yaml"
    path.write_text(DOCUMENT.replace("LONG", "y" * 91))
    return load(path)


def report(spec: Spec, server: Notes, read_only: bool = False) -> Conformance:
    """A run of the requirements on bodies and methods."""
    chosen = [requirement for requirement in requirements(spec) if requirement.kind in ("body", "methods")]
    options = SessionOptions(url="http://notes.test/v1", read_only=read_only, allowed_host="notes.test")
    with httpx.MockTransport(server) as http:
        return run(open_session(spec, options, http), chosen)


WAYS = {
    "query": "in the query",
    "application/x-www-form-urlencoded": "as application/x-www-form-urlencoded",
    "multipart/form-data": "as multipart/form-data",
}


def test_a_correct_server_satisfies_everything(spec: Spec) -> None:
    assert lint(spec) == []
    server = Notes()
    found = report(spec, server)
    assert counterexamples(found) == []
    assert {
        outcome.requirement.what for outcome in found.outcomes if outcome.state is not State.SATISFIED
    } == set()
    assert server.ways == {"application/json", *WAYS}  # the other media types have another schema
    assert server.notes == {}


@pytest.mark.parametrize("way", WAYS)
def test_an_encoding_that_is_ignored_is_found(way: str, spec: Spec) -> None:
    found = counterexamples(report(spec, Notes(lambda sent: (way, {}) if sent[0] == way else sent)))
    assert found == [
        f"addNote: body: accepts fields {WAYS[way]}: a request with known values is rejected: 422"
    ]


@pytest.mark.parametrize("way", WAYS)
def test_an_encoding_that_is_decoded_wrongly_is_found(way: str, spec: Spec) -> None:
    def mangled(sent: Sent) -> Sent:
        note = sent[1]
        if sent[0] == way and "text" in note:
            note["text"] = str(note["text"]).encode("ascii", "replace").decode()
        return sent

    [found] = counterexamples(report(spec, Notes(mangled)))
    assert found == f"addNote: body: accepts fields {WAYS[way]}: is-listed: A note is listed as it was sent."


@pytest.mark.parametrize("way", WAYS)
def test_an_encoding_without_validation_is_found(way: str, spec: Spec) -> None:
    server = Notes(lambda sent: (sent[0], {**sent[1], "taken": True}) if sent[0] == way else sent)
    found = report(spec, server)
    [violated] = [outcome for outcome in found.outcomes if outcome.counterexamples]
    assert violated.requirement.what == f"enforces limits and rules of fields {WAYS[way]}"
    messages = " ".join(counterexamples(found))
    for why in ("text is missing", "size is missing", "size is empty", "text breaks short"):
        assert why in messages
    assert server.notes == {}


def by_put(notes: Notes, request: httpx.Request) -> int | None:
    return (200 if notes.add(request) else 422) if request.method == "PUT" else None


def by_put_unadmitted(notes: Notes, request: httpx.Request) -> int | None:
    return None if by_put(notes, request) is None else 405


def responds(method: str, status: int) -> Callable[[Notes, httpx.Request], int | None]:
    return lambda _, request: status if request.method == method else None


@pytest.mark.parametrize(
    ("respond", "operation", "message"),
    [
        (by_put, "addNote", "PUT is not documented, but it is accepted: 200"),
        (by_put_unadmitted, "addNote", "undocumented methods (PUT, PATCH) change observable state"),
        (
            responds("PATCH", 500),
            "addNote",
            "PATCH is not documented, but the server fails instead of rejecting it: 500",
        ),
        (
            responds("OPTIONS", 500),
            "removeNote",
            "OPTIONS is not documented, but the server fails instead of rejecting it: 500",
        ),
        (responds("PATCH", 200), "addTable", "PATCH is not documented, but it is accepted: 200"),
        (responds("HEAD", 500), "listNotes", "GET is accepted, but HEAD is not: 500"),
        (responds("HEAD", 404), "listNotes", "GET is accepted, but HEAD is not: 404"),
    ],
)
def test_an_undocumented_method_with_an_effect_or_a_failure_is_found(
    respond: Callable[[Notes, httpx.Request], int | None], operation: str, message: str, spec: Spec
) -> None:
    server = Notes(respond=respond)
    found = report(spec, server)
    messages = [
        (outcome.requirement.operation, counterexample.message)
        for outcome in found.outcomes
        for counterexample in outcome.counterexamples
    ]
    assert (operation, message) in messages
    assert {outcome.requirement.kind for outcome in found.outcomes if outcome.counterexamples} == {"methods"}
    assert (server.notes, found.not_undone) == ({}, [])


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_may_lack_methods(status: int, spec: Spec) -> None:
    known = {"GET", "POST", "DELETE"}
    server = Notes(respond=lambda _, request: None if request.method in known else status)
    assert counterexamples(report(spec, server)) == []


def test_a_read_only_session_sends_no_write(spec: Spec) -> None:
    server = Notes()
    found = report(spec, server, read_only=True)
    assert counterexamples(found) == []
    assert server.methods == {"GET", "HEAD", "OPTIONS"}


def test_a_command_shows_a_multipart_form(spec: Spec) -> None:
    found = report(spec, Notes(lambda sent: (sent[0], {}) if sent[0].startswith("multipart") else sent))
    [counterexample] = [
        counterexample for outcome in found.outcomes for counterexample in outcome.counterexamples
    ]
    assert counterexample.request.count("Content-Disposition: form-data; name=") == 2
    assert counterexample.request.endswith("--data-binary @-")


@pytest.mark.parametrize("text", ["", "Tee \N{SNOWMAN}\r\n--x\n", 'a="b"; c=d', "x" * 9999])
def test_equal_forms_have_equal_bytes(text: str, spec: Spec) -> None:
    [operation] = [operation for operation in spec.operations if operation.name == "addNote"]
    described, body = body_type(operation, "multipart/form-data"), {"text": text, "size": 2}
    content, content_type = written_body(spec.document, described, body)
    assert (content, content_type) == written_body(spec.document, described, body)
    assert form_pairs(content, str(content_type)) == [("text", text), ("size", "2")]
