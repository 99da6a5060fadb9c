"""Access to things that a plain document describes: missing and wrong credentials, and other users."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.conforming import URL, document, inconclusive, loaded, violated
from wirecheck.conform import Conformance, SessionOptions, open_session, requirements, run

ANA, BEN = "a-Token-of-Ana-00ab", "b-Token-of-Ben-00ab"
NOTE: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "text": {"type": "string", "maxLength": 40},
        "color": {"type": "string", "enum": ["red", "blue"]},
    },
}
KEY = {"name": "noteId", "in": "path", "required": True, "schema": {"type": "integer"}}
COLOR = {"name": "color", "in": "query", "schema": {"type": "string", "enum": ["red", "blue"]}}
TAKES = {"requestBody": {"required": True, "content": {"application/json": {"schema": NOTE}}}}


def returns(schema: Any, *statuses: str, success: str = "200") -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    rejections = {status: {"description": "No."} for status in ("401", "422", *statuses)}
    return {"responses": {success: {"description": "Fine.", **content}, **rejections}}


SPEC = loaded(
    json.dumps(
        document(
            {
                "/notes": {
                    "get": {
                        "operationId": "listNotes",
                        "parameters": [COLOR],
                        **returns({"type": "array", "items": NOTE}),
                    },
                    "post": {"operationId": "addNote", **TAKES, **returns(NOTE, success="201")},
                },
                "/notes/{noteId}": {
                    "get": {"operationId": "getNote", "parameters": [KEY], **returns(NOTE, "404")},
                    "patch": {
                        "operationId": "editNote",
                        "parameters": [KEY],
                        **TAKES,
                        **returns(NOTE, "404"),
                    },
                    "delete": {
                        "operationId": "removeNote",
                        "parameters": [KEY],
                        **returns(None, "404", success="204"),
                    },
                },
            },
            security=[{"bearer": []}],
        )
    )
)
Fault = Callable[[httpx.Request, str], bool]
"""Whether a request is treated as if it were right; the second argument is what is not checked."""


class Notes:
    """The API. Notes belong to users, unless they are ``shared``; ``rejects`` is the status for strangers."""

    def __init__(self, fault: Fault = lambda *_: False, *, shared: bool = False, rejects: int = 401) -> None:
        self.fault, self.shared, self.rejects = fault, shared, rejects
        self.notes: dict[int, dict[str, Any]] = {1: {"id": 1, "text": "a", "color": "red", "owner": ANA}}
        self.last = 1

    def __call__(self, request: httpx.Request) -> httpx.Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        is_user = token in (ANA, BEN) and (scheme == "Bearer" or self.fault(request, "scheme"))
        if not is_user and not self.fault(request, "token" if token else "missing"):
            if self.fault(request, "crash"):
                return httpx.Response(500)
            return httpx.Response(self.rejects)
        user = token if token in (ANA, BEN) else ANA
        key = request.url.path.removeprefix("/v1/notes").strip("/")
        if not key:
            return self._collection(request, user)
        note = self.notes.get(int(key)) if key.isdecimal() else None
        if note is None or (note["owner"] != user and not self.shared and not self.fault(request, "owner")):
            return httpx.Response(404)
        if request.method == "DELETE":
            del self.notes[note["id"]]
            return httpx.Response(204)
        if request.method == "PATCH":
            values = self._values(request, {})
            if values is None:
                return httpx.Response(422)
            note.update(values)
        elif request.method != "GET":
            return httpx.Response(405, headers={"Allow": "GET, PATCH, DELETE"})
        return httpx.Response(200, json=self._shown(note))

    def _collection(self, request: httpx.Request, user: str) -> httpx.Response:
        if request.method == "GET":
            color = request.url.params.get("color")
            if color not in (None, "red", "blue"):
                return httpx.Response(422)
            all_ = self.shared or self.fault(request, "list")
            rows = [note for note in self.notes.values() if note["owner"] == user or all_]
            return httpx.Response(
                200, json=[self._shown(row) for row in rows if color in (None, row.get("color"))]
            )
        values = self._values(request, {"text": None}) if request.method == "POST" else None
        if request.method != "POST":
            return httpx.Response(405, headers={"Allow": "GET, POST"})
        if values is None:
            return httpx.Response(422)
        self.last += 1
        self.notes[self.last] = {**values, "id": self.last, "owner": user}
        return httpx.Response(201, json=self._shown(self.notes[self.last]))

    def _values(self, request: httpx.Request, required: dict[str, Any]) -> dict[str, Any] | None:
        body = json.loads(request.content or b"null")
        if not isinstance(body, dict) or not isinstance(body.get("text"), str) or len(body["text"]) > 40:
            return None
        color = body.get("color", "red")
        return {"text": body["text"], "color": color} if color in ("red", "blue") else None

    def _shown(self, note: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in note.items() if name != "owner"}


def report(server: Callable[[httpx.Request], httpx.Response], **options: Any) -> Conformance:
    """A run of the requirements on access, with the token of another user."""
    chosen = [requirement for requirement in requirements(SPEC) if requirement.kind == "access"]
    options = {"token": ANA, "tokens_of": {"ben": BEN}, **options}
    with httpx.MockTransport(server) as http:
        return run(open_session(SPEC, SessionOptions(url=URL, **options), http), chosen)


def test_a_right_server_satisfies_everything() -> None:
    server = Notes()
    found = report(server)
    assert (violated(found), inconclusive(found)) == ({}, {})
    assert [*server.notes] == [1]


@pytest.mark.parametrize("rejects", [400, 403, 404])
def test_other_statuses_are_rejections_of_what_is_accepted_otherwise(rejects: int) -> None:
    found = report(Notes(rejects=rejects))
    assert inconclusive(found) == {}
    of_401 = {name: message for name, message in violated(found).items() if "documented 401" in name}
    others = {message.partition(":")[0] for name, message in violated(found).items() if name not in of_401}
    assert others <= {"status-documented"}
    how = f"missing credentials lead to {rejects}, unknown ones to {rejects}"
    assert [*of_401.values()] == [f"401 is documented, but {how}"] * 5


def test_one_kind_of_wrong_credentials_may_be_rejected_by_another_status() -> None:
    class Odd(Notes):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            if "Authorization" not in request.headers:
                return httpx.Response(403)
            return super().__call__(request)

    found = report(Odd())
    assert not [name for name in violated(found) if "documented 401" in name]
    assert inconclusive(found) == {}


def on(method: str, unchecked: str) -> Fault:
    return lambda request, what: (request.method, what) == (method, unchecked)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("unchecked", "what"),
    [
        ("missing", "rejects requests without credentials"),
        ("token", "rejects unknown credentials"),
        ("token", "rejects nearly correct credentials"),
        ("scheme", "rejects nearly correct credentials"),
        ("crash", "rejects unknown credentials"),
    ],
)
def test_an_operation_that_does_not_check_credentials_is_found(
    method: str, unchecked: str, what: str
) -> None:
    operation = {"GET": "getNote", "POST": "addNote", "PATCH": "editNote", "DELETE": "removeNote"}[method]
    found = violated(report(Notes(on(method, unchecked))))
    message = found[f"{operation}: access: {what}"]
    assert ("the request is accepted" in message) != (unchecked == "crash"), message


def test_a_rejection_with_an_effect_is_found() -> None:
    class Deletes(Notes):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            if request.method == "DELETE" and "Authorization" not in request.headers:
                self.notes.pop(int(request.url.path.rpartition("/")[2]), None)
            return super().__call__(request)

    [(name, message)] = violated(report(Deletes())).items()
    assert name == "removeNote: access: rejects requests without credentials"
    assert message == "the request is rejected, but it has an effect"


def test_a_404_for_what_can_not_be_written_anyway_is_inconclusive() -> None:
    class Lost(Notes):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(404) if request.method == "DELETE" else super().__call__(request)

    found = report(Lost())
    reason = inconclusive(found)["removeNote: access: rejects requests without credentials"]
    assert reason == ("the request is rejected (404), but with the right credentials it is, too (404)")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (on("GET", "owner"), "the user ben can read what belongs to another user"),
        (on("PATCH", "owner"), "the user ben can change what belongs to another user: 200"),
        (on("DELETE", "owner"), "the user ben can delete what belongs to another user: 204"),
        (on("GET", "list"), "the user ben finds what belongs to another user in a list"),
        (
            lambda request, what: what == "list" and "color" in request.url.params,
            "the user ben finds what belongs to another user in a list",
        ),
    ],
)
def test_what_another_user_has_access_to_is_found(fault: Fault, message: str) -> None:
    assert violated(report(Notes(fault))) == {
        "getNote: access: hides things of a user from other users": message
    }


def test_things_that_all_users_share_are_no_violation() -> None:
    found = report(Notes(shared=True))
    assert violated(found) == {}
    assert inconclusive(found) == {
        "getNote: access: hides things of a user from other users": (
            "nothing says that things belong to users: ben sees the same ones"
        )
    }


def test_without_a_token_of_another_user_that_is_inconclusive() -> None:
    assert inconclusive(report(Notes(), tokens_of={})) == {
        "getNote: access: hides things of a user from other users": (
            "no token of another user is known: --token-of NAME=TOKEN"
        )
    }
