"""A small library that satisfies specs/library.yaml, except for a fault that a test chooses by its name.

It knows nothing of wirecheck.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

Json = Any
MEMBER = "7f1c2b9e-3c54-4f0e-9d27-0c7b1f0f8f11"
PREFIX = "/api/v7"
TOKEN, STAFF_KEY, BRANCH = "a-token-of-a-member-0001", "a-key-of-those-who-work-here", "harbour-branch-0001"
PAGE = 4
SUBJECTS = ("history", "poetry", "science")
LOANS = {number: f"2021-04-{number + 10}" for number in range(1, 8)}

FAULTS = {
    "shouting": "Notes may shout.",
    "blank": "Notes may be blank.",
    "wildcards": "A star in a title is treated as a letter.",
    "unsorted": "Books are listed in the order in which they were added.",
    "never-lent": "In lists, no book is lent.",
    "any-subject": "With several subjects only the first counts, and for all books.",
    "title-case": "A search for a title ignores the title.",
    "the-day-itself": "Books published on the day itself are listed, too.",
    "day-forgotten": "On later pages the date of publication is ignored.",
    "limit-off-by-one": "A page of loans has one more than requested.",
    "loan-lost": "Between two small pages a loan is lost.",
    "loan-twice": "The last loan of a page comes first on the next one, too.",
    "endless": "The last page of books leads to the first one.",
    "open": "Books are listed without a token.",
    "any-key": "Any staff key is accepted.",
    "tokens-are-keys": "Replacing a book requires no key.",
    "stays": "A book that was removed is still listed.",
    "takes-another": "Removing a book removes another one, too.",
    "miscounted": "The numbers of books by subject never change.",
    "forgets-title": "A change of the title is confirmed, but not stored.",
    "forgets-authors": "A book that is replaced loses its authors.",
    "not-lent": "A lent book is shown as available.",
    "trims-notes": "Notes lose their last character.",
    "lends-anyway": "A rejected loan changes the note all the same.",
    "renews-at-once": "A renewal takes effect at once.",
    "no-served-at": "Responses have no served_at.",
    "page-of-errors": "The error for an unknown book is plain text.",
    "crash": "The server fails for opening hours.",
    "other-book": "The book with the next number is returned.",
    "unnamed": "A new member gets the first name only.",
    "headless": "The server fails for HEAD.",
    "put-for-post": "A book is added by PUT, too.",
}


class RejectedError(Exception):
    """A rejection: status, code and sentence."""

    def __init__(self, status: int, code: str, text: str = "No.") -> None:
        super().__init__(status, code, text)
        self.status, self.code, self.text = status, code, text


@dataclass
class Library:
    """Books, loans and members, with a fault."""

    fault: str | None = None
    books: dict[int, Json] = field(default_factory=dict)
    loans: dict[int, Json] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=lambda: {MEMBER: "Juno Marsh"})
    last: int = 9

    def __post_init__(self) -> None:
        assert self.fault is None or self.fault in FAULTS
        titles = ["The Sea", "Under the Sea", "Stars", "An Ode", "Of Moss", "Rome", "Zinc", "Bees", "Ink"]
        for number, title in enumerate(titles, 1):
            self.books[number] = {
                "id": number,
                "title": title,
                "authors": [{"name": "Iris Quill", "born": None if number % 2 else 1899}],
                "subject": SUBJECTS[number % 3],
                "published": f"190{number % 5}-01-01",
                "lent_until": LOANS.get(number - 1),
                "added": "2020-01-01T00:00:00Z",
            }
        for number, due in LOANS.items():
            loan = {"id": number, "member": MEMBER, "book_id": number + 1, "due": due, "note": None}
            self.loans[number] = loan

    def book(self, request: Request) -> Json:
        number = _number(request.path_params["book_id"])
        if self.fault == "other-book" and request.method == "GET":
            number = number % 9 + 1 if number in self.books else number
        if number not in self.books:
            raise RejectedError(404, "UNKNOWN", "There is no such book.")
        return self.books[number]


def create_app(fault: str | None = None) -> Starlette:
    """The application, with data of its own."""
    library = Library(fault)

    def route(path: str, **methods: Callable[..., Any]) -> Route:
        async def respond(request: Request) -> Response:
            content, method = await request.body(), request.method.lower()
            if method == "head" and fault == "headless":
                return PlainTextResponse("Oh.", 500)
            if method not in methods:
                method = "get" if method == "head" else "post"
            found: Response = methods[method](library, request, content)
            return found

        also = ["PUT"] if fault == "put-for-post" and "post" in methods else []
        return Route(path, respond, methods=[*also, *(name.upper() for name in methods)])

    api = [
        route("/books", get=list_books, post=add_book),
        route("/books/{book_id}", get=get_book, put=replace_book, patch=update_book, delete=remove_book),
        route("/books/{book_id}/blurb", get=get_blurb),
        route("/books/{book_id}/loans", post=lend_book),
        route("/members/{member_id}/loans", get=list_loans),
        route("/loans/{loan_id}/renewal", post=renew_loan),
        route("/members", post=join),
        route("/subjects", get=list_subjects),
        route("/search", get=search),
        route("/opening-hours/{day}", get=get_hours),
    ]

    def reject(_: Request, error: Exception) -> Response:
        assert isinstance(error, RejectedError)
        if fault == "page-of-errors" and error.status == 404:
            return PlainTextResponse(error.text, 404)
        return JSONResponse({"error": {"code": error.code, "text": error.text}}, error.status)

    return Starlette(
        routes=[Mount(PREFIX, routes=api), route("/covers/{book_id}", get=get_cover)],
        exception_handlers={RejectedError: reject},
    )


# Books


def list_books(library: Library, request: Request, _: bytes) -> Response:
    _member(request, library.fault == "open")
    query, fault = request.query_params, library.fault
    subjects, title = query.getlist("subject"), query.get("title", "").lower()
    if set(subjects) - set(SUBJECTS) or query.get("condition", "new") not in ("new", "worn", "lost"):
        raise RejectedError(422, "FILTER")
    if "*" in title and fault != "wildcards":
        raise RejectedError(422, "WILDCARD")
    found = [book for book in library.books.values() if not subjects or book["subject"] in subjects]
    if subjects and fault == "any-subject":
        found = list(library.books.values())
    after = "" if fault == "day-forgotten" and "page_token" in query else query.get("published_after", "")
    found = [book for book in found if book["published"] > after or fault == "the-day-itself"]
    if fault != "title-case":
        found = [book for book in found if title in book["title"].lower()]
    if fault != "unsorted":
        found.sort(key=lambda book: book["title"])
    token = query.get("page_token", "0")
    if not re.fullmatch("[0-9]{1,6}", token):
        raise RejectedError(422, "PAGE")
    first = int(token)
    more = first + PAGE < len(found)
    page = {"next": str(first + PAGE) if more else None, "has_more": more}
    if fault == "endless":
        page = {"next": str(first + PAGE if more else 0), "has_more": True}
    items = found[first : first + PAGE]
    if fault == "never-lent":
        items = [{**book, "lent_until": None} for book in items]
    return JSONResponse({"result": {"items": items, "page": page}})


def add_book(library: Library, request: Request, content: bytes) -> Response:
    _staff(library, request)
    fields = _fields(content, "title", "authors")
    library.last += 1
    book = {"id": library.last, "lent_until": None, "added": "2021-01-01T00:00:00Z"} | fields
    library.books[library.last] = {"subject": "science", "published": "1900-01-01"} | book
    return _result(library, library.books[library.last], 201)


def get_book(library: Library, request: Request, _: bytes) -> Response:
    keys = request.headers.get("X-Staff-Key"), request.cookies.get("branch")
    if keys != (STAFF_KEY, BRANCH):
        _member(request)
    return _result(library, library.book(request))


def replace_book(library: Library, request: Request, content: bytes) -> Response:
    _staff(library, request, library.fault == "tokens-are-keys")
    book, fields = library.book(request), _fields(content, "title", "authors")
    if request.headers.get("If-Match") != "*":
        raise RejectedError(409, "VERSION_OLD")
    if library.fault == "forgets-authors":
        fields = fields | {"authors": []}
    book.update(fields)
    return _result(library, book)


def update_book(library: Library, request: Request, content: bytes) -> Response:
    _staff(library, request)
    book, fields = library.book(request), _fields(content)
    if fields.get("condition", "new") not in ("new", "worn", "lost"):
        raise RejectedError(422, "CONDITION")
    fields.pop("condition", None)
    if library.fault == "forgets-title":
        return _result(library, book | fields)
    book.update(fields)
    return _result(library, book)


def remove_book(library: Library, request: Request, _: bytes) -> Response:
    _staff(library, request)
    book = library.book(request)
    if book["lent_until"]:
        raise RejectedError(409, "BOOK_LENT", "The book is lent.")
    if library.fault != "stays":
        del library.books[book["id"]]
    if library.fault == "takes-another":
        library.books.popitem()
    return Response(status_code=204)


def get_blurb(library: Library, request: Request, _: bytes) -> Response:
    _member(request)
    return PlainTextResponse(f"The “{library.book(request)['title']}” of the year.")


def get_cover(library: Library, request: Request, _: bytes) -> Response:
    library.book(request)
    return Response(b"\x89PNG\0", media_type="application/octet-stream")


def list_subjects(library: Library, request: Request, _: bytes) -> Response:
    subjects = [book["subject"] for book in library.books.values()]
    if library.fault == "miscounted":
        subjects = list(SUBJECTS)
    return JSONResponse([{"subject": one, "books": subjects.count(one)} for one in SUBJECTS])


def search(library: Library, request: Request, _: bytes) -> Response:
    _member(request)
    if "q" not in request.query_params:
        raise RejectedError(422, "Q")
    words = request.query_params["q"].lower()
    titles = [book["title"] for book in library.books.values()]
    return JSONResponse({"titles": [title for title in titles if words in title.lower()]})


# Loans and members


def lend_book(library: Library, request: Request, content: bytes) -> Response:
    _member(request)
    book, fields, fault = library.book(request), _fields(content, "member"), library.fault
    note = fields.get("note")
    known = next((loan for loan in library.loans.values() if loan["book_id"] == book["id"]), None)
    loan = known or {"id": len(library.loans) + 1, "book_id": book["id"], "due": "2021-05-01"}
    if isinstance(note, str):
        rejected = (note.count("!") > 3 and fault != "shouting") or (
            not note.strip(" \t\r\n") and fault != "blank"
        )
        if rejected and fault == "lends-anyway":
            loan["note"] = note
        if rejected:
            raise RejectedError(422, "NOTE")
    if fields["member"] not in library.members:
        raise RejectedError(409, "CARD_BLOCKED")
    loan |= {"member": fields["member"], "note": note[:-1] if note and fault == "trims-notes" else note}
    library.loans[loan["id"]] = loan
    book["lent_until"] = None if fault == "not-lent" else loan["due"]
    return _result(library, loan, 201)


def list_loans(library: Library, request: Request, _: bytes) -> Response:
    _member(request)
    member, fault = request.path_params["member_id"], library.fault
    limit, first = request.query_params.get("limit", "5"), int(request.query_params.get("from", "0"))
    if not re.fullmatch("0*[1-9][0-9]{0,5}", limit):
        raise RejectedError(422, "LIMIT")
    if member not in library.members:
        raise RejectedError(404, "UNKNOWN")
    loans = sorted(
        (loan for loan in library.loans.values() if loan["member"] == member),
        key=lambda loan: (loan["due"], loan["id"]),
    )
    following = first + int(limit)
    shown = loans[first : following + (fault == "limit-off-by-one")]
    step = {"loan-lost": 1, "loan-twice": -1 if int(limit) > 1 else 0}.get(str(fault), 0)
    more = following < len(loans)
    url = f"https://main.library.test{request.url.path}?limit={limit}&from={following + step}"
    return JSONResponse({"result": {"loans": shown, "links": {"next": url if more else None}}})


def renew_loan(library: Library, request: Request, content: bytes) -> Response:
    _member(request)
    number, fields = _number(request.path_params["loan_id"]), _fields(content or b"{}")
    if number not in library.loans:
        raise RejectedError(404, "UNKNOWN")
    weeks = fields.get("weeks", 4)
    if not isinstance(weeks, int) or weeks < 1:
        raise RejectedError(422, "WEEKS")
    if library.fault == "renews-at-once":
        library.loans[number]["due"] = "2021-06-01"
    return _result(library, {"id": f"job-{number}", "state": "waiting"}, 202)


def join(library: Library, request: Request, content: bytes) -> Response:
    fields = _fields(content, "name", "pin")
    member = str(uuid5(UUID(MEMBER), str(len(library.members))))
    name = fields["name"].split()[0] if library.fault == "unnamed" else fields["name"]
    library.members[member] = name
    return _result(library, {"id": member, "name": name, "pin": fields["pin"]}, 201)


def get_hours(library: Library, request: Request, _: bytes) -> Response:
    assert library.fault != "crash"
    return JSONResponse({"opens": "10:00", "closes": None})


# Shared by all operations


def _result(library: Library, value: Json, status: int = 200) -> Response:
    served = {} if library.fault == "no-served-at" else {"served_at": datetime.now(UTC).isoformat()}
    return JSONResponse({**served, "result": value}, status)


def _member(request: Request, anyone: bool = False) -> None:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}" and not anyone:
        raise RejectedError(401, "TOKEN_OLD")


def _staff(library: Library, request: Request, anyone: bool = False) -> None:
    key = request.headers.get("X-Staff-Key")
    if key != STAFF_KEY and not anyone and not (key and library.fault == "any-key"):
        raise RejectedError(401, "NOT_STAFF")


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise RejectedError(404, "UNKNOWN", "That is not a number.")
    return int(text)


def _fields(content: bytes, *required: str) -> dict[str, Json]:
    """The fields of a body, if they are valid."""
    try:
        sent = json.loads(content)
    except ValueError:
        raise RejectedError(422, "JSON") from None
    if not isinstance(sent, dict) or not set(required) <= sent.keys():
        raise RejectedError(422, "FIELDS")
    texts = ("title", "name", "pin", "member", "note", "published", "condition", "subject")
    kinds = dict.fromkeys(texts, str) | {"authors": list, "weeks": int, "wait": bool}
    for name, value in sent.items():
        if not isinstance(value, kinds.get(name, object)) or (name == "subject" and value not in SUBJECTS):
            raise RejectedError(422, name.upper())
    return sent
