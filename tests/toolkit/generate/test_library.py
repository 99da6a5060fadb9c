"""A document with other conventions: JSON bodies, keys in headers, its own envelopes, errors and paging."""

import datetime
import hashlib
import hmac
import importlib
import importlib.util
import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from support.generating import problems_of_types
from support.paths import SPECS
from support.sides import Side, both_sides, collect, run
from wirecheck.generate import generate
from wirecheck.lint import lint
from wirecheck.spec import load

SPEC = SPECS / "library.yaml"
TOKEN = "a-token-of-a-member-0001"
KEY = "a-key-of-those-who-work-here"
MEMBER = UUID("7f1c2b9e-3c54-4f0e-9d27-0c7b1f0f8f11")
SERVED = {"served_at": "2021-03-04T10:00:00Z"}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the package."""
    output = tmp_path_factory.mktemp("library")
    generate(SPEC, output, "library_client")
    return output


@pytest.fixture(scope="module")
def library(output: Path) -> Iterator[Any]:
    """The package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(output)
        yield importlib.import_module("library_client")
    for name in [name for name in sys.modules if name.partition(".")[0] == "library_client"]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def waits(library: Any, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that clients slept, without sleeping; no option comes from outside."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("library_client._sync.sleep", slept.append)
    monkeypatch.setattr("library_client._async.sleep", sleep)
    monkeypatch.setattr("library_client._runtime.retries.jitter", lambda: 0.0)
    for option in ("TOKEN", "STAFF_KEY", "BRANCH_CODE", "BASE_URL", "LOG"):
        monkeypatch.delenv(f"LIBRARY_{option}", raising=False)
    return slept


@pytest.mark.parametrize("seed", ["0", "7"])
def test_the_output_does_not_depend_on_the_seed_of_hashes(seed: str, output: Path) -> None:
    code = (
        "import sys, pathlib, wirecheck.generate as g\n"
        "print(g.drift(*map(pathlib.Path, sys.argv[1:]), 'library_client'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SPEC), str(output)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_document_is_without_fault() -> None:
    assert lint(load(SPEC)) == []


# The server


def book(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Volume {number}",
        "authors": [{"name": "Ann Ode", "born": None}],
        "subject": "poetry",
        "shelfmark": "4711/3",
        "published": "1999-12-31",
        "lent_until": None,
        "added": "2020-02-29T12:30:00Z",
    }


def result(value: Any, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json={**SERVED, "result": value})


def error_response(status: int, code: str, text: str = "No.", **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, json={"error": {"code": code, "text": text}})


class Desk:
    """A small library with five books."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.books = {number: book(number) for number in range(1, 6)}
        self.lent: set[int] = set()
        self.planned: list[httpx2.Response | Exception] = []  # returned or raised first

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self.planned:
            planned = self.planned.pop(0)
            if isinstance(planned, Exception):
                raise planned
            return planned
        if request.url.host == "covers.library.test":
            return httpx2.Response(200, content=b"\x89PNG\0")
        path = request.url.path.removeprefix("/api/v7").strip("/").split("/")
        respond: Callable[..., httpx2.Response] = getattr(
            self, f"{request.method}_{path[0]}".lower().replace("-", "_")
        )
        return respond(request, *path[1:])

    def get_books(self, request: httpx2.Request, number: str = "", part: str = "") -> httpx2.Response:
        if part:
            return httpx2.Response(200, text=f"The “{number}” of the year.")
        if number:
            found = self.books.get(int(number))
            return result(found) if found else error_response(404, "UNKNOWN", "There is no such book.")
        first = int(request.url.params.get("page_token", 0))
        shown = [*self.books.values()][first : first + 2]
        # There is always a next token; has_more says whether there is a page for it.
        return result({"items": shown, "page": {"next": str(first + 2), "has_more": first + 2 < 5}})

    def post_books(self, request: httpx2.Request, number: str = "", _: str = "") -> httpx2.Response:
        sent = json.loads(request.content)
        if not number:
            return result(book(6) | sent, 201)
        if int(number) in self.lent:
            return error_response(409, "BOOK_LENT", "It is lent.")
        self.lent.add(int(number))
        loan = {"id": 9, "book_id": int(number), "due": "2021-04-01", **sent}
        return result(loan, 201)

    def put_books(self, request: httpx2.Request, number: str) -> httpx2.Response:
        if request.headers["If-Match"] != "v1":
            return error_response(409, "VERSION_OLD")
        return result(book(int(number)) | json.loads(request.content))

    def patch_books(self, request: httpx2.Request, number: str) -> httpx2.Response:
        return result(book(int(number)) | json.loads(request.content))

    def delete_books(self, _: httpx2.Request, number: str) -> httpx2.Response:
        return httpx2.Response(204) if self.books.pop(int(number), None) else error_response(404, "UNKNOWN")

    def get_members(self, request: httpx2.Request, member: str, _: str) -> httpx2.Response:
        page = int(request.url.params.get("page", 1))
        loans = [{"id": page, "member": member, "book_id": page, "due": "2021-04-01"}]
        url = f"https://elsewhere.test/members/{member}/loans?limit=1&page={page + 1}"
        return result({"loans": loans, "links": {"next": url if page < 3 else None}})

    def post_members(self, request: httpx2.Request) -> httpx2.Response:
        return result({"id": str(MEMBER), **json.loads(request.content)}, 201)

    def post_loans(self, request: httpx2.Request, number: str, _: str) -> httpx2.Response:
        return result({"id": f"{number}:{request.content.decode()}", "state": "pondering"}, 202)

    def get_subjects(self, _: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(
            200, json=[{"subject": "history", "books": 3}, {"subject": "alchemy", "books": 1}]
        )

    def get_search(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"titles": [request.url.params["q"]]})

    def get_opening_hours(self, _: httpx2.Request, day: str) -> httpx2.Response:
        return httpx2.Response(200, json={"opens": "10:00", "closes": None, "day": day})


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def connect(library: Any, desk: Desk) -> Callable[..., Any]:
    """Makes a client of either side, by default with the token of a member."""

    def connected(side: Side = "sync", **options: Any) -> Any:
        kind = library.Library if side == "sync" else library.AsyncLibrary
        return kind(**{"token": TOKEN, "transport": httpx2.MockTransport(desk), **options})

    return connected


# Names


def test_the_clients_have_the_name_of_the_package(library: Any) -> None:
    assert {"Library", "AsyncLibrary", "LibraryError", "BookLentError", "Page"} <= set(library.__all__)
    assert repr(library.Library(token=TOKEN)) == "<Library of https://main.library.test/api/v7>"
    assert not hasattr(library, "ClientError")


def test_own_exceptions_derive_from_those_that_they_refine(library: Any) -> None:
    assert library.BookLentError.__bases__ == (library.ConflictError,)
    assert library.ConflictError.__bases__ == (library.APIStatusError,)
    assert library.ClosedError.__bases__ == (library.InternalServerError,)
    assert issubclass(library.UnusableError, library.LibraryError)


def test_own_exceptions_are_in_the_drawn_tree(library: Any) -> None:
    drawn = library.exceptions.__doc__
    root, *lines = drawn.partition("\n\n")[2].strip().splitlines()
    path = [root]
    above = {}
    for line in lines:
        name = line.strip("│├└─ ").split()[0]
        del path[line.index(name) // 4 :]
        above[name] = path[-1]
        path.append(name)
    assert above == {
        name: getattr(library, name).__bases__[0].__name__
        for name in library.__all__
        if name.endswith("Error") and name != root
    }
    conflict = """
│   ├── ConflictError
│   │   └── BookLentError
│   ├── UnprocessableEntityError
│   │   └── UnusableError
"""
    failure = """
│   ├── InternalServerError
│   │   └── ClosedError
│   └── StreamError          an error inside a stream
├── ResponseFormatError      the response is not an error"""
    assert conflict in drawn
    assert failure in drawn


@both_sides
def test_every_method_returns_its_result(side: Side, library: Any, connect: Any, desk: Desk) -> None:
    models = importlib.import_module("library_client.models")

    client = connect(side, staff_key=KEY)
    one = run(client.books.get(1))
    assert (one.title, one.authors[0].born, one.lent_until) == ("Volume 1", None, None)
    assert (one.published, one.added.year) == (datetime.date(1999, 12, 31), 2020)
    added = run(client.books.add(title="New", authors=[models.Author(name="Bo", born=1970)]))
    assert (added.id, added.title, added.authors[0].born) == (6, "New", 1970)
    assert json.loads(desk.requests[-1].content) == {
        "title": "New",
        "authors": [{"name": "Bo", "born": 1970}],
    }
    assert run(client.books.replace(2, if_match="v1", title="Two", authors=[])).title == "Two"
    assert run(client.books.remove(3)) is None
    assert run(client.books.blurb(4)) == "The “4” of the year."
    assert run(client.books.cover(4)) == b"\x89PNG\0"
    loan = run(client.loans.create(5, member=MEMBER, note="Thank you!", wait=True))
    assert (loan.member, loan.due, loan.note) == (MEMBER, datetime.date(2021, 4, 1), "Thank you!")
    assert run(client.loans.renew(9)).id == "9:"
    assert run(client.loans.renew(9, weeks=2)).id == '9:{"weeks":2}'
    assert [(one.subject, one.books) for one in collect(client.subjects.list())] == [
        ("history", 3),
        ("alchemy", 1),
    ]
    hours = run(client.opening_hours.retrieve(datetime.date(2021, 3, 4)))
    assert (hours.opens, hours.closes, hours["day"]) == ("10:00", None, "2021-03-04")


@both_sides
def test_null_and_absent_stay_distinct(side: Side, connect: Any, desk: Desk) -> None:
    client = connect(side, staff_key=KEY)
    assert run(client.books.update(1, published=None)).published is None
    run(client.books.update(1, title="Later"))
    assert [json.loads(request.content) for request in desk.requests] == [
        {"published": None},
        {"title": "Later"},
    ]
    assert desk.requests[0].headers["Content-Type"] == "application/merge-patch+json"


def test_lists_in_the_query_are_repeated(connect: Any, desk: Desk) -> None:
    connect().books.list(
        subject=["history", "poetry"], condition="worn", published_after=datetime.date(2000, 1, 1)
    )
    assert desk.requests[0].url.params.multi_items() == [
        ("subject", "history"),
        ("subject", "poetry"),
        ("condition", "worn"),
        ("published_after", "2000-01-01"),
    ]


# Pages


@both_sides
def test_a_list_continues_while_there_is_more(side: Side, connect: Any, desk: Desk) -> None:
    found = collect(connect(side).books.list(subject=["poetry"]))
    assert [one.id for one in found] == [1, 2, 3, 4, 5]
    assert [str(request.url.query, "ascii") for request in desk.requests] == [
        "subject=poetry",
        "subject=poetry&page_token=2",
        "subject=poetry&page_token=4",
    ]


@both_sides
def test_only_the_query_of_the_next_address_is_used(side: Side, connect: Any, desk: Desk) -> None:
    pages = collect(connect(side).loans.list(MEMBER, limit=1).pages())
    assert [loan.id for page in pages for loan in page.data] == [1, 2, 3]
    assert [page.has_next_page() for page in pages] == [True, True, False]
    assert {request.url.host for request in desk.requests} == {"main.library.test"}
    assert [dict(request.url.params) for request in desk.requests[1:]] == [
        {"limit": "1", "page": "2"},
        {"limit": "1", "page": "3"},
    ]
    assert {request.headers["Authorization"] for request in desk.requests} == {f"Bearer {TOKEN}"}


def test_a_repeated_page_token_is_an_error(library: Any, connect: Any, desk: Desk) -> None:
    desk.planned = [result({"items": [book(1)], "page": {"next": "x", "has_more": True}}) for _ in range(2)]
    with pytest.raises(library.PaginationError, match=r"books\.list: the server returned this page before"):
        list(connect().books.list())
    assert len(desk.requests) == 2


def test_a_page_has_its_envelope(connect: Any) -> None:
    page = connect().books.list()
    assert page.envelope.result.page.has_more is True
    assert len(page.data) == 2


# Errors


@both_sides
def test_the_error_type_chooses_the_class(side: Side, library: Any, connect: Any) -> None:
    client = connect(side)
    run(client.loans.create(1, member=MEMBER))
    with pytest.raises(library.BookLentError) as raised:
        run(client.loans.create(1, member=MEMBER))
    error = raised.value
    assert (error.status_code, error.error_type, error.error_message) == (
        409,
        "BOOK_LENT",
        "It is lent.",
    )
    assert error.hint == "Ask again with wait=True, to be the next."
    assert str(error) == f"409 BOOK_LENT: It is lent. [{error.hint}]"


ERRORS = [
    (error_response(401, "TOKEN_OLD"), "AuthenticationError", "Ask at the desk for a new token."),
    (error_response(404, "UNKNOWN"), "NotFoundError", None),
    (error_response(404, "CARD_BLOCKED"), "PermissionDeniedError", None),
    (error_response(503, "NIGHT"), "ClosedError", "Try again after the night."),
    (error_response(418, "TEAPOT"), "APIStatusError", None),
    (httpx2.Response(502, html="<h1>Bad Gateway</h1>"), "InternalServerError", None),
]


@pytest.mark.parametrize(
    ("response", "name", "hint"), ERRORS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_status_chooses_the_class(
    response: httpx2.Response, name: str, hint: str | None, library: Any, connect: Any, desk: Desk
) -> None:
    desk.planned = [response]
    with pytest.raises(library.APIStatusError) as raised:
        connect(max_retries=0).books.get(1)
    assert type(raised.value) is getattr(library, name)
    assert raised.value.hint == hint


@both_sides
def test_a_value_that_violates_a_rule_is_not_sent(side: Side, library: Any, connect: Any, desk: Desk) -> None:
    client = connect(side)
    calls: list[Callable[[], Any]] = [
        lambda: client.loans.create(1, member=MEMBER, note="Now! Now! Now! Now!"),
        lambda: client.loans.create(1, member=MEMBER, note=" \t"),
        lambda: client.books.list(title="sea*"),
    ]
    found = []
    for call in calls:
        with pytest.raises(library.RuleError) as raised:
            run(call())
        found.append((raised.value.parameter, raised.value.rule, raised.value.message))
    assert found == [
        ("note", "calm", "At most three exclamation marks."),
        ("note", "not-blank", "Say something, or leave the note out."),
        ("title", "no-wildcard", "A star finds nothing; leave it out."),
    ]
    assert not desk.requests


# Retries


@both_sides
def test_reads_are_retried_and_writes_are_not(
    side: Side, library: Any, connect: Any, desk: Desk, waits: list[float]
) -> None:
    client = connect(side)
    desk.planned = [error_response(503, "NIGHT"), httpx2.ReadTimeout("slow")]
    assert run(client.books.get(1)).id == 1
    assert waits == [0.5, 1.0]
    desk.planned = [error_response(503, "NIGHT")]
    with pytest.raises(library.ClosedError):
        run(client.loans.create(1, member=MEMBER))
    assert len(waits) == 2
    desk.planned = [error_response(429, "SLOWER", **{"Retry-After": "7"})]
    run(client.loans.create(1, member=MEMBER))
    assert waits[2:] == [7.0]


# Raw, strict


@both_sides
def test_a_raw_response_and_its_result(side: Side, connect: Any, desk: Desk) -> None:
    desk.planned = [
        httpx2.Response(
            200,
            headers={"RateLimit-Limit": "60", "RateLimit-Remaining": "59"},
            json={**SERVED, "result": book(1)},
        )
    ]
    raw = run(connect(side).books.with_raw_response.get(1))
    assert (raw.status_code, tuple(raw.rate_limit)) == (200, (60, 59))
    assert json.loads(raw.content)["result"]["id"] == raw.parse().id == 1


@both_sides
def test_strictness_is_a_choice(side: Side, library: Any, connect: Any, desk: Desk) -> None:
    wrong = result(book(1) | {"title": 7, "subject": "alchemy"})
    desk.planned = [wrong]
    assert run(connect(side).books.get(1)).subject == "alchemy"
    desk.planned = [httpx2.Response(200, content=wrong.content)]
    with pytest.raises(library.ResponseFormatError, match=r"books\.get: 200, but the body does not match"):
        run(connect(side, strict=True).books.get(1))


def test_a_missing_field_is_named(library: Any, connect: Any, desk: Desk) -> None:
    desk.planned = [result({"id": 1})]
    with pytest.raises(library.ResponseFormatError, match="BookResult: Book: 'title' is missing"):
        connect().books.get(1)


# Credentials


def test_options_come_from_the_environment(library: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARY_TOKEN", TOKEN)
    monkeypatch.setenv("LIBRARY_BASE_URL", "https://harbour.library.test/api/v7")
    library.Library(transport=httpx2.MockTransport(desk)).books.get(1)
    assert str(desk.requests[0].url) == "https://harbour.library.test/api/v7/books/1"
    assert desk.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("credentials", "sent"),
    [
        ({"token": TOKEN}, {"authorization": f"Bearer {TOKEN}"}),
        ({"token": TOKEN, "staff_key": KEY, "branch_code": "b2"}, {"authorization": f"Bearer {TOKEN}"}),
        ({"token": None, "staff_key": KEY, "branch_code": "b2"}, {"x-staff-key": KEY, "cookie": "branch=b2"}),
    ],
)
def test_the_first_complete_alternative_is_sent(
    credentials: dict[str, str], sent: dict[str, str], connect: Any, desk: Desk
) -> None:
    connect(**credentials).books.get(1)
    carried = {
        name: desk.requests[0].headers.get(name) for name in ("authorization", "x-staff-key", "cookie")
    }
    assert {name: value for name, value in carried.items() if value} == sent


def test_without_a_complete_alternative_nothing_is_sent(library: Any, connect: Any, desk: Desk) -> None:
    with pytest.raises(
        library.MissingCredentialError, match=r"books\.get requires token: pass Library\(token=\.\.\.\)"
    ):
        connect(token=None, staff_key=KEY).books.get(1)
    with pytest.raises(library.MissingCredentialError, match="LIBRARY_STAFF_KEY"):
        connect().books.remove(1)
    assert not desk.requests


def test_public_operations_and_other_hosts_get_no_credentials(connect: Any, desk: Desk) -> None:
    client = connect(staff_key=KEY, branch_code="b2")
    client.subjects.list()
    client.books.cover(1)
    assert str(desk.requests[1].url) == "https://covers.library.test/covers/1"
    for request in desk.requests:
        assert not {"authorization", "x-staff-key", "cookie"} & request.headers.keys()


@both_sides
def test_secrets_are_not_exposed(
    side: Side, library: Any, connect: Any, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = connect(side, staff_key=KEY)
    desk.planned = [error_response(404, "UNKNOWN", f"You said {TOKEN}.")]
    with pytest.raises(library.NotFoundError) as raised:
        run(client.books.get(1))
    raw = run(client.books.with_raw_response.get(2))
    member = run(client.members.join(name="Ann", pin="4711"))
    shown = [
        *(repr(client), repr(client.books), str(raised.value), repr(raised.value), caplog.text),
        *(repr(raised.value.response.request.headers), repr(raw.http_response.request.headers)),
        repr(member),
    ]
    assert caplog.text
    assert not [text for text in shown for secret in (TOKEN, KEY, "4711") if secret in text]
    assert desk.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert member.pin == "4711"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(client)


def test_nothing_is_signed_unless_the_document_requires_it(library: Any, connect: Any, desk: Desk) -> None:
    operations = importlib.import_module("library_client._endpoints")
    assert not any(scheme.signature for scheme in operations.SERVICE.schemes.values())
    connect(staff_key=KEY).books.get(1)
    assert not desk.requests[0].url.query


# The rest


def test_a_deprecated_method_warns_once(connect: Any) -> None:
    client = connect()
    with pytest.warns(
        DeprecationWarning, match=r"books\.search is deprecated\. 2019-01-01: .* GET /books"
    ) as warned:
        assert list(client.books.search(q="sea")) == ["sea"]
    assert [warning.filename for warning in warned] == [__file__]
    client.books.search(q="again")


def test_webhooks_of_other_senders_are_rejected(library: Any) -> None:
    webhooks = importlib.import_module("library_client.webhooks")
    body = json.dumps({"id": 1, "member": str(MEMBER), "book_id": 2, "due": "2021-04-01"}).encode()
    signature = "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    assert webhooks.loan_due(body, signature, staff_key=KEY).member == MEMBER
    for wrong in (None, "", signature.removeprefix("sha256="), signature[:-1], "sha256="):
        with pytest.raises(library.WebhookSignatureError):
            webhooks.loan_due(body, wrong, staff_key=KEY)
    with pytest.raises(library.WebhookSignatureError):
        webhooks.loan_due(body + b" ", signature, staff_key=KEY)


def test_identifiers_have_their_own_digits(library: Any) -> None:
    shelfmark = importlib.import_module("library_client.ids").shelfmark
    assert shelfmark.to_short("64/3") == "/."
    assert shelfmark.from_short("/.") == "64"
    with pytest.raises(ValueError, match="does not contain a creation time"):
        shelfmark.created_at("64/3")


def test_methods_have_the_texts_of_the_document(library: Any) -> None:
    resource = type(library.Library(token=TOKEN).loans)
    assert resource.create.__doc__.startswith("Borrow a book.")
    assert "note: A word to the people at the desk." in resource.create.__doc__
    assert resource.__doc__ == "Who has which book until when."


def test_the_second_client_satisfies_mypy_strict(output: Path) -> None:
    assert problems_of_types(output, "library_client") == []


@pytest.mark.skipif(importlib.util.find_spec("basedpyright") is None, reason="basedpyright is not installed")
def test_the_second_client_satisfies_pyright(output: Path, tmp_path: Path) -> None:
    settings = tmp_path / "pyrightconfig.json"
    settings.write_text(json.dumps({"include": [str(output)], "typeCheckingMode": "basic"}))
    command = [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, "-p", str(settings)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.returncode == 0, done.stdout + done.stderr
