"""What paths and schemas alone say of things: created, replaced, patched and deleted ones, and all others."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from support.conforming import document, loaded, report_of, session, violated
from wirecheck.conform import State
from wirecheck.conform import run as conform
from wirecheck.conform.requirements import requirements
from wirecheck.spec import Spec

Json = dict[str, Any]
Replaced = Callable[[httpx.Request, httpx.Response], httpx.Response | None]

NEW_SHELF = {
    "type": "object",
    "required": ["label"],
    "properties": {
        "label": {"type": "string", "minLength": 1, "maxLength": 40},
        "width": {"type": "integer", "minimum": 1, "maximum": 500, "default": 80},
        "room": {"type": "string", "enum": ["hall", "attic"], "default": "hall"},
    },
}
SHELF = {
    "allOf": [
        {"$ref": "#/components/schemas/NewShelf"},
        {
            "type": "object",
            "required": ["id", "created_at", "book_count", "open"],
            "properties": {
                "id": {"type": "integer", "readOnly": True},
                "created_at": {"type": "string", "readOnly": True},
                "book_count": {"type": "integer", "readOnly": True},
                "open": {"type": "boolean", "readOnly": True},
            },
        },
    ]
}
WHOLE = Draft202012Validator(NEW_SHELF)
PART = Draft202012Validator({**NEW_SHELF, "required": []})
BOOK = {
    "type": "object",
    "required": ["title"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "title": {"type": "string"}},
}


def body(schema: str) -> Json:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"requestBody": {"required": True, "content": content}}


def responses(status: str, schema: Any = None) -> Json:
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    rejected = {str(code): {"description": "Rejected."} for code in (400, 404, 405, 415)}
    return {"responses": {status: {"description": "Fine.", **content}, **rejected}}


def parameters(*names: str) -> Json:
    listed = [{"name": name, "in": "path", "required": True, "schema": {"type": "integer"}} for name in names]
    return {"parameters": listed}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def some(name: str) -> Json:
    return {"type": "array", "items": ref(name)}


SHELVES: Spec = loaded(
    json.dumps(
        document(
            {
                "/shelves": {
                    "get": {"operationId": "listShelves", **responses("200", some("Shelf"))},
                    "post": {
                        "operationId": "addShelf",
                        **body("NewShelf"),
                        **responses("201", ref("Shelf")),
                    },
                },
                "/shelves/{id}": {
                    "get": {
                        "operationId": "getShelf",
                        **parameters("id"),
                        **responses("200", ref("Shelf")),
                    },
                    "put": {
                        "operationId": "putShelf",
                        **parameters("id"),
                        **body("NewShelf"),
                        **responses("200", ref("Shelf")),
                    },
                    "patch": {
                        "operationId": "patchShelf",
                        **parameters("id"),
                        **body("ShelfPatch"),
                        **responses("200", ref("Shelf")),
                    },
                    "delete": {"operationId": "deleteShelf", **parameters("id"), **responses("204")},
                },
                "/shelves/{id}/close": {
                    "post": {
                        "operationId": "closeShelf",
                        **parameters("id"),
                        **responses("200", ref("Shelf")),
                    },
                },
                "/shelves/{shelf_id}/books": {
                    "get": {
                        "operationId": "listBooks",
                        **parameters("shelf_id"),
                        **responses("200", some("Book")),
                    },
                    "post": {
                        "operationId": "addBook",
                        **parameters("shelf_id"),
                        **body("Book"),
                        **responses("201", ref("Book")),
                    },
                },
                "/shelves/{shelf_id}/books/{id}": {
                    "get": {
                        "operationId": "getBook",
                        **parameters("shelf_id", "id"),
                        **responses("200", ref("Book")),
                    },
                    "delete": {
                        "operationId": "deleteBook",
                        **parameters("shelf_id", "id"),
                        **responses("204"),
                    },
                },
            },
            components={
                "schemas": {
                    "NewShelf": NEW_SHELF,
                    "ShelfPatch": {**NEW_SHELF, "required": []},
                    "Shelf": SHELF,
                    "Book": BOOK,
                }
            },
        )
    )
)


class Library:
    """A right server of shelves, but for one fault."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.shelves: dict[int, Json] = {7: self._shelf(7, {"label": "old", "width": 80, "room": "hall"})}
        self.books: dict[tuple[int, int], Json] = {}
        self._numbers = itertools.count(100)

    @staticmethod
    def _shelf(number: int, sent: Json) -> Json:
        defaults = {"width": 80, "room": "hall"}
        return {
            "id": number,
            "created_at": f"day {number}",
            "book_count": 0,
            "open": True,
            **defaults,
            **{name: value for name, value in sent.items() if name in NEW_SHELF["properties"]},
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        segments = request.url.path.removeprefix("/v1/").split("/")
        if segments[0] != "shelves":
            return httpx.Response(404)
        try:
            numbers = [int(segment) for segment in segments[1::2] if segment != "close"]
        except ValueError:
            return httpx.Response(404)
        sent: Any = None
        if request.content and request.headers.get("Content-Type") != "application/json":
            return httpx.Response(415)
        if request.content:
            try:
                sent = json.loads(request.content)
            except ValueError:
                return httpx.Response(400)
        handlers: dict[tuple[int, str], Callable[[list[int], Any], httpx.Response]] = {
            (1, "GET"): self._list,
            (1, "POST"): self._add,
            (2, "GET"): self._get,
            (2, "PUT"): self._put,
            (2, "PATCH"): self._patch,
            (2, "DELETE"): self._delete,
        }
        of_books: dict[tuple[int, str], Callable[[list[int], Any], httpx.Response]] = {
            (3, "GET"): self._list_books,
            (3, "POST"): self._add_book,
            (4, "GET"): self._get_book,
            (4, "DELETE"): self._delete_book,
        }
        if numbers and numbers[0] not in self.shelves:
            return httpx.Response(404)
        if segments[-1] == "close" and request.method == "POST":
            return self._close(numbers)
        handle = {**handlers, **of_books}.get((len(segments), request.method))
        return handle(numbers, sent) if handle else httpx.Response(405)

    def _is_wrong(self, sent: Any, *, whole: bool) -> bool:
        return not (WHOLE if whole else PART).is_valid(sent)

    def _list(self, _: list[int], __: Any) -> httpx.Response:
        shown = [dict(shelf) for shelf in self.shelves.values()]
        if self.fault == "lists-other-values":
            shown = [{**shelf, "width": 1} for shelf in shown]
        return httpx.Response(200, json=shown)

    def _add(self, _: list[int], sent: Any) -> httpx.Response:
        number = next(self._numbers)
        if self.fault == "same-key":
            number = 100
        if self._is_wrong(sent, whole=True):
            if self.fault == "creates-rejected":
                self.shelves[number] = self._shelf(number, {"label": "x"})
            return httpx.Response(400)
        shelf = self._shelf(number, sent)
        if self.fault == "writes-read-only" and "created_at" in sent:
            shelf["created_at"] = sent["created_at"]
        if self.fault != "loses-created":
            self.shelves[number] = dict(shelf)
        if self.fault == "stores-other":
            self.shelves[number]["width"] += 1
        return httpx.Response(201, json=shelf)

    def _get(self, numbers: list[int], _: Any) -> httpx.Response:
        return httpx.Response(200, json=self.shelves[numbers[0]])

    def _put(self, numbers: list[int], sent: Any) -> httpx.Response:
        before = self.shelves[numbers[0]]
        if self._is_wrong(sent, whole=True):
            if self.fault == "changes-rejected":
                before["label"] = "changed"
            return httpx.Response(400)
        kept = {name: before[name] for name in ("created_at", "book_count", "open")}
        shelf = {**self._shelf(numbers[0], sent), **kept}
        if self.fault == "put-forgets":
            shelf["room"] = before["room"]
        if self.fault == "put-merges":
            shelf = {**before, **sent}
        if self.fault == "put-created":
            shelf["created_at"] = f"day {next(self._numbers)}"
        self.shelves[numbers[0]] = shelf
        return httpx.Response(200, json=shelf)

    def _patch(self, numbers: list[int], sent: Any) -> httpx.Response:
        if self._is_wrong(sent, whole=False):
            return httpx.Response(400)
        changed = [*self.shelves] if self.fault == "patches-all" else numbers[:1]
        for number in changed:
            known = {name: value for name, value in sent.items() if name in NEW_SHELF["properties"]}
            self.shelves[number].update(known)
        if self.fault == "patch-clears" and "width" not in sent:
            self.shelves[numbers[0]]["width"] = 80 if self.shelves[numbers[0]]["width"] != 80 else 81
        return httpx.Response(200, json=self.shelves[numbers[0]])

    def _delete(self, numbers: list[int], _: Any) -> httpx.Response:
        if self.fault == "deletes-newest":
            self.shelves.pop(max(self.shelves))
        elif self.fault != "keeps-deleted":
            del self.shelves[numbers[0]]
        return httpx.Response(204)

    def _close(self, numbers: list[int]) -> httpx.Response:
        shelf = self.shelves[numbers[0]]
        if self.fault != "forgets-action":
            shelf["open"] = False
        return httpx.Response(200, json={**shelf, "open": False})

    def _list_books(self, numbers: list[int], _: Any) -> httpx.Response:
        shown = [
            book
            for (shelf, _), book in self.books.items()
            if shelf == numbers[0] or self.fault == "lists-all-books"
        ]
        return httpx.Response(200, json=shown)

    def _add_book(self, numbers: list[int], sent: Any) -> httpx.Response:
        if not Draft202012Validator(BOOK).is_valid(sent):
            return httpx.Response(400)
        number = next(self._numbers)
        self.books[numbers[0], number] = {"id": number, "title": sent["title"]}
        if self.fault != "stale-count":
            self.shelves[numbers[0]]["book_count"] += 1
        return httpx.Response(201, json=self.books[numbers[0], number])

    def _book(self, numbers: list[int]) -> tuple[int, int] | None:
        if self.fault == "any-parent":
            return next((place for place in self.books if place[1] == numbers[1]), None)
        place = (numbers[0], numbers[1])
        return place if place in self.books else None

    def _get_book(self, numbers: list[int], _: Any) -> httpx.Response:
        place = self._book(numbers)
        if place is None and self.fault == "knows-all-keys":
            return httpx.Response(200, json={"id": numbers[1], "title": ""})
        return httpx.Response(200, json=self.books[place]) if place else httpx.Response(404)

    def _delete_book(self, numbers: list[int], _: Any) -> httpx.Response:
        place = self._book(numbers)
        if place is None:
            return httpx.Response(204 if self.fault == "deletes-twice" else 404)
        self.shelves[place[0]]["book_count"] -= 1
        del self.books[place]
        return httpx.Response(204)


def found(server: Library) -> dict[str, str]:
    chosen = [requirement for requirement in requirements(SHELVES) if requirement.kind == "state"]
    return violated(conform(session(SHELVES, server), chosen))


def test_nothing_is_found_on_a_right_server_and_nothing_is_left() -> None:
    server = Library()
    before = dict(server.shelves)
    for _ in range(2):
        report = report_of(SHELVES, server)
        assert violated(report) == {}
        assert report.not_undone == []
        assert (server.shelves, server.books) == (before, {})


FAULTS = {
    "loses-created": "addShelf: state: returns what was created",
    "stores-other": "addShelf: state: returns what was created",
    "same-key": "addShelf: state: gives each thing a key of its own",
    "creates-rejected": "addShelf: state: creates nothing when it rejects a request",
    "writes-read-only": "addShelf: state: keeps read-only members to itself",
    "put-forgets": "putShelf: state: returns what replaced it",
    "put-created": "putShelf: state: returns what replaced it",
    "put-merges": "putShelf: state: gives what is not sent its default",
    "changes-rejected": "addShelf: state: changes nothing when it rejects a write",
    "patch-clears": "patchShelf: state: changes what is patched, and nothing else",
    "patches-all": "addShelf: state: changes only the thing that is addressed",
    "deletes-newest": "addShelf: state: changes only the thing that is addressed",
    "keeps-deleted": "deleteShelf: state: no longer has what was deleted",
    "deletes-twice": "deleteBook: state: no longer has what was deleted",
    "knows-all-keys": "getBook: state: rejects keys that lead nowhere",
    "forgets-action": "closeShelf: state: shows later what it returned",
    "lists-other-values": "listShelves: state: shows the same in lists and alone",
    "lists-all-books": "listBooks: state: lists only what lies within a thing",
    "any-parent": "addBook: state: keeps what lies within one thing out of others",
    "stale-count": "addBook: state: is counted by what it lies within",
}


@pytest.mark.parametrize(("fault", "requirement"), FAULTS.items(), ids=FAULTS.keys())
def test_a_fault_is_found_by_its_requirement(fault: str, requirement: str) -> None:
    assert requirement in found(Library(fault))


def test_each_requirement_has_a_fault() -> None:
    named = {name.partition(": ")[2] for name in FAULTS.values()}
    kinds = {
        f"{requirement.kind}: {requirement.what}"
        for requirement in requirements(SHELVES)
        if requirement.kind == "state"
    }
    assert named == kinds


def test_what_cannot_be_deleted_is_reported_with_the_command() -> None:
    class Stubborn(Library):
        def _delete(self, numbers: list[int], sent: Any) -> httpx.Response:
            return httpx.Response(405)

    report = report_of(SHELVES, Stubborn())
    assert any(line.startswith("curl -X DELETE") and "/v1/shelves/" in line for line in report.not_undone)


def test_a_read_only_session_creates_nothing() -> None:
    server = Library()
    report = report_of(SHELVES, server, read_only=True)
    assert violated(report) == {}
    assert list(server.shelves) == [7]


def test_values_that_the_api_tells_are_asked_of_nobody() -> None:
    reasons = {outcome.reason for outcome in report_of(SHELVES, Library()).outcomes} - {""}
    assert all(reason.startswith("no recipe for this status") for reason in reasons)


# Servers after which nothing is certain, or that are wrong in what they respond


class Odd(Library):
    """A right server whose responses something else takes the place of, where ``replaced`` gives it."""

    def __init__(self, replaced: Replaced) -> None:
        super().__init__()
        self._replaced = replaced

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = super().__call__(request)
        return self._replaced(request, response) or response


def is_read_of_new(request: httpx.Request) -> bool:
    path = request.url.path
    return request.method == "GET" and path.count("/") == 3 and not path.endswith("/7")


def without_ids(_: httpx.Request, response: httpx.Response) -> httpx.Response | None:
    listed = response.json() if response.content else None
    if not isinstance(listed, list):
        return None
    return httpx.Response(
        200, json=[{name: value for name, value in item.items() if name != "id"} for item in listed]
    )


ODD: dict[str, tuple[Replaced, str, State, str]] = {
    "deletes later": (
        lambda request, response: httpx.Response(202) if response.status_code == 204 else None,
        "deleteShelf: state: no longer has what was deleted",
        State.INCONCLUSIVE,
        "it is deleted later (202)",
    ),
    "knows nothing to delete": (
        lambda request, _: httpx.Response(404) if request.method == "DELETE" else None,
        "deleteShelf: state: no longer has what was deleted",
        State.VIOLATED,
        "what was created cannot be deleted: 404",
    ),
    "fails to delete": (
        lambda request, _: httpx.Response(500) if request.method == "DELETE" else None,
        "addShelf: state: changes only the thing that is addressed",
        State.INCONCLUSIVE,
        "shelves cannot be deleted (500)",
    ),
    "hides what is new": (
        lambda request, _: httpx.Response(403) if is_read_of_new(request) else None,
        "patchShelf: state: changes what is patched, and nothing else",
        State.INCONCLUSIVE,
        "shelves cannot be read (403)",
    ),
    "loses what is new": (
        lambda request, _: httpx.Response(404) if is_read_of_new(request) else None,
        "listShelves: state: shows the same in lists and alone",
        State.VIOLATED,
        "what a list shows cannot be read",
    ),
    "fails on unknown keys": (
        lambda request, response: httpx.Response(500) if response.status_code == 404 else None,
        "getBook: state: rejects keys that lead nowhere",
        State.VIOLATED,
        "a key that leads nowhere makes the server fail",
    ),
    "does not say what it made": (
        lambda request, response: httpx.Response(201, json={}) if response.status_code == 201 else None,
        "addShelf: state: gives each thing a key of its own",
        State.INCONCLUSIVE,
        "the response does not say the key of what was created (shelves)",
    ),
    "lists without keys": (
        without_ids,
        "listShelves: state: shows the same in lists and alone",
        State.INCONCLUSIVE,
        "no shelves are listed that can be read",
    ),
}


@pytest.mark.parametrize(("replaced", "name", "state", "message"), ODD.values(), ids=ODD)
def test_what_is_certain_of_an_odd_server(replaced: Replaced, name: str, state: State, message: str) -> None:
    chosen = [requirement for requirement in requirements(SHELVES) if requirement.kind == "state"]
    outcomes = conform(session(SHELVES, Odd(replaced)), chosen).outcomes
    [outcome] = [outcome for outcome in outcomes if outcome.requirement.name == name]
    found = [counterexample.message for counterexample in outcome.counterexamples] or [outcome.reason]
    assert outcome.state is state
    assert message in found
