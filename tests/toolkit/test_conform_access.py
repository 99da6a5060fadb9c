"""Who is let in, by which scopes, and what is told of limits, of an API with all kinds of credentials."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from wirecheck.conform import (
    Conformance,
    SessionOptions,
    State,
    open_session,
    requirements,
    run,
    to_json,
    to_text,
)
from wirecheck.lint import lint
from wirecheck.model import SpecError
from wirecheck.spec import load

DOCUMENT = """
openapi: 3.1.0
info: {title: Shelves, version: '1'}
servers: [{url: https://shelves.test/v1}]
x-headers:
  - &limit {schema: {type: integer}}
  - &remaining {$ref: '#/components/headers/Remaining'}
paths:
  /shelves/{owner}:
    get:
      operationId: getShelf
      security: [{key: [], oauth: [own]}, {key: [], oauth: [all]}]
      x-scopes:
        own: request.path.owner == find(request.credentials.key, '^([a-z]+)-')
        all: response.body.owner != find(request.credentials.key, '^([a-z]+)-')
      parameters:
        - name: owner
          in: path
          required: true
          schema: {type: string, maxLength: 9}
          examples: {ada: {value: ada}, bela: {value: bela}}
      responses: &responses
        '200':
          description: Fine.
          headers: {RateLimit-Limit: *limit, RateLimit-Remaining: *remaining}
          content: {application/json: {schema: {type: object}}}
        4XX: {$ref: '#/components/responses/Refused'}
  /books:
    get:
      operationId: listBooks
      security: [{key: [], oauth: [all]}]
      parameters: [{name: count, in: query, schema: {type: integer, minimum: 1}}]
      responses: *responses
  /doors:
    get:
      operationId: listDoors
      security: [{bearer: []}, {staff: [], branch: []}]
      responses: &plain {'200': {description: Fine.}, 4XX: {description: No.}}
  /safe:
    get:
      operationId: openSafe
      security: [{basic: []}]
      responses: *plain
  /members:
    post:
      operationId: join
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, properties: {branch: {type: string}, name: {type: string}}}
            example: {branch: harbour-branch-0001, name: Juno}
      responses: *plain
components:
  headers:
    Remaining: {schema: {type: integer}, x-counts-all: true}
  responses:
    Refused:
      description: No.
      x-exception: {class: RefusedError, error-type: [/error]}
      headers: {RateLimit-Limit: *limit, RateLimit-Remaining: *remaining}
      content: {application/json: {schema: {type: object, properties: {error: {type: string}}}}}
  securitySchemes:
    key:
      type: apiKey
      in: query
      name: key
      x-error-types: {missing: [no-key], unknown: [bad-key, old-key], scope: [no-scope]}
    oauth:
      type: oauth2
      flows: {implicit: {authorizationUrl: 'https://shelves.test', scopes: {own: Own ones., all: All.}}}
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    staff: {type: apiKey, in: header, name: X-Staff}
    branch: {type: apiKey, in: cookie, name: branch}
"""
KEY, OWN, ALL, REVOKED = (f"ada-key-of-{name}-00ab" for name in ("everything", "own", "all", "nothing"))
SCOPES = {KEY: {"own", "all"}, OWN: {"own"}, ALL: {"all"}}
MEMBER, JUNO = "a-Token-of-a-member-00ab", "juno:a-Password-of-hers-00ab"
STAFF, BRANCH = "a-Key-of-the-staff-00ab", "harbour-branch-0001"
SECRETS = [KEY, OWN, ALL, REVOKED, MEMBER, JUNO, STAFF, BRANCH]
LIMIT = 900

Alike = Callable[[str, str], bool]
EXACTLY: Alike = str.__eq__
LOOSELY: dict[str, Alike] = {
    "any case": lambda one, known: one.lower() == known.lower(),
    "more": lambda one, known: one.startswith(known),
    "less": lambda one, known: bool(one) and known.startswith(one),
    "another end": lambda one, known: one[:-2] == known[:-2],
    "nothing": lambda one, known: one in ("", known),
}


class Shelves:
    """The API. ``alike`` compares secrets."""

    def __init__(self, fault: str = "", alike: Alike = EXACTLY) -> None:
        self.fault, self.alike = fault, alike
        self.made: Counter[str] = Counter()
        self.books, self.asked = 0, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1")
        doors = {"/doors": self._doors, "/safe": self._safe, "/members": self._join}
        if path in doors:
            return httpx.Response(200 if doors[path](request) else 401)
        key, owner = request.url.params.get("key"), path.removeprefix("/shelves/")
        scopes = next((SCOPES[one] for one in SCOPES if key is not None and self.alike(key, one)), set())
        if self.fault == "revoked" and key == REVOKED:
            scopes = SCOPES[KEY]
        if self.fault == "staff read" and request.headers.get("X-Staff") == STAFF:
            scopes = SCOPES[KEY]
        needed = {"own"} if owner == "ada" else {"all"}
        if self.fault in (f"{owner} wants both", f"{owner} wants any"):
            needed = {"own", "all"} if "both" in self.fault else needed & scopes
        count = request.url.params.get("count", "1")
        granted = (
            bool(scopes) and needed <= scopes and count.isdecimal() and int(count) > 0 and len(owner) < 10
        )
        told = self._told(path, key or "", granted)
        if granted:
            return httpx.Response(200, json={"owner": owner}, headers=told)
        name = "no-key" if not key else "bad-key" if not scopes else "no-scope"
        named, _, other = self.fault.partition(" is named ")
        body = {} if self.fault == "no names" else {"error": other if name == named else name}
        return httpx.Response(403, json=body, headers=told)

    def _told(self, path: str, key: str, granted: bool) -> dict[str, str]:
        """A budget for each key, and what may be wrong with it."""
        budget = f"{key} {path}" if self.fault == "each path has a budget" else key
        free = {"refusals are free": not granted, "books are free": path == "/books", "all is free": True}
        self.made[budget] += not free.get(self.fault, False)
        self.asked += 1
        left = LIMIT - self.made[budget] + (self.fault == "the window slides" and self.asked > 20)
        limit = left + 1 if self.fault == "the limit falls" else LIMIT
        return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(left)}

    def _doors(self, request: httpx.Request) -> bool:
        _, _, token = request.headers.get("Authorization", "").partition("Bearer ")
        if self.alike(token, MEMBER) and "Authorization" in request.headers:
            return True
        staff, cookies = request.headers.get("X-Staff"), SimpleCookie(request.headers.get("Cookie"))
        if staff is None or not self.alike(staff, STAFF):
            return False
        branch = cookies["branch"].value if "branch" in cookies else ""
        return self.fault == "staff alone" or self.alike(branch, BRANCH)

    def _safe(self, request: httpx.Request) -> bool:
        _, _, sent = request.headers.get("Authorization", "").partition("Basic ")
        name, _, password = base64.b64decode(sent).decode().partition(":")
        return name.lower() == "juno" and self.alike(password, JUNO.partition(":")[2])

    def _join(self, request: httpx.Request) -> bool:
        return self.alike(str(json.loads(request.content).get("branch")), BRANCH)


@pytest.fixture
def values(tmp_path: Path) -> Path:
    path = tmp_path / "values.yaml"
    known = {"bearer": MEMBER, "basic": JUNO, "staff": STAFF, "branch": BRANCH, "key": KEY}
    path.write_text(json.dumps({"credentials": known, "refused": [REVOKED]}))
    return path


def report(values: Path, server: Shelves, text: str = DOCUMENT) -> Conformance:
    """What is promised of access and limits."""
    path = values.with_name("shelves.yaml")
    path.write_text(text)
    spec = load(path)
    assert lint(spec) == []
    options = SessionOptions(
        url="http://shelves.test/v1", token=KEY, values=values, lacking={"all": OWN, "own": ALL}
    )
    chosen = [one for one in requirements(spec) if one.kind in ("access", "limits")]
    with httpx.MockTransport(server) as http:
        return run(open_session(spec, options, http), chosen)


def counterexamples(found: Conformance) -> list[str]:
    return [
        f"{one.requirement.name}: {counterexample.message}"
        for one in found.outcomes
        for counterexample in one.counterexamples
    ]


def test_who_keeps_everything_breaks_nothing(values: Path) -> None:
    found = report(values, Shelves())
    assert counterexamples(found) == []
    assert {
        one.requirement.name: one.reason for one in found.outcomes if one.state is not State.SATISFIED
    } == {}


EXEMPT = {
    "any case": {"openSafe"},  # names of users may be in any case
    "nothing": {"listDoors", "openSafe"},  # nothing is no credential of HTTP
}


@pytest.mark.parametrize("how", LOOSELY)
def test_secrets_are_compared_exactly(how: str, values: Path) -> None:
    found = counterexamples(report(values, Shelves(alike=LOOSELY[how])))
    near = {one.split(":")[0] for one in found if ": refuses credentials that are nearly right: " in one}
    everywhere = {"getShelf", "listBooks", "listDoors", "openSafe", "join"}
    assert near == everywhere - EXEMPT.get(how, set())


def test_a_refusal_without_a_name_breaks_nothing(values: Path) -> None:
    assert counterexamples(report(values, Shelves("no names"))) == []
    assert counterexamples(report(values, Shelves("bad-key is named old-key"))) == []


@pytest.mark.parametrize(
    ("written", "place", "what"),
    [
        ("[no-key]", "x-error-types", "an object of names is wanted here"),
        ("{missing: no-key}", "x-error-types/missing", "a list of names is wanted here"),
        ("{missing: [1]}", "x-error-types/missing", "a list of names is wanted here"),
    ],
)
def test_what_are_no_names_is_told(written: str, place: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "shelves.yaml"
    path.write_text(re.sub(r"x-error-types: .*", f"x-error-types: {written}", DOCUMENT))
    spec = load(path)
    options = SessionOptions(url="http://shelves.test/v1", token=KEY)
    chosen = [one for one in requirements(spec) if one.name.startswith("getShelf: access: refuses requests")]
    with (
        pytest.raises(SpecError, match=f"#/components/securitySchemes/key/{place}: {what}"),
        httpx.MockTransport(Shelves()) as http,
    ):
        run(open_session(spec, options, http), chosen)


FOUND = {
    "no-key is named bad-key": "listBooks: access: refuses requests without credentials: there are no "
    "credentials, but it is refused as bad-key, not as no-key",
    "bad-key is named no-key": "getShelf: access: refuses unknown credentials: the credentials are unknown, "
    "but it is refused as no-key, not as bad-key or old-key",
    "bad-key is named no-scope": "getShelf: access: refuses credentials that are nearly right: key",
    "no-scope is named bad-key": "getShelf: access: wants the scope own: the scope is missing: own, but it "
    "is refused as bad-key, not as no-scope",
    "revoked": "listBooks: access: refuses unknown credentials: it was revoked, but it is accepted: 200",
    "staff read": "listBooks: access: refuses credentials that are not enough: there is nothing but staff",
    "staff alone": "listDoors: access: refuses credentials that are not enough: there is nothing but staff",
    "ada wants both": "getShelf: access: wants no other scope: a request that needs no such scope is",
    "bela wants both": "getShelf: access: wants no other scope: a request that needs no such scope is",
    "/books wants both": "listBooks: access: wants no other scope: a request that needs no such scope is",
    "ada wants any": "getShelf: access: wants the scope own: the scope is missing: own, but it is accepted",
    "bela wants any": "getShelf: access: wants the scope all: the scope is missing: all, but it is accepted",
    "/books wants any": "listBooks: access: wants the scope all: the scope is missing: all, but it is accep",
    "refusals are free": "getShelf: limits: counts every request: what remains falls by less than 1, from",
    "books are free": "listBooks: limits: counts every request: what remains falls by less than 1, from",
    "all is free": "getShelf: limits: counts every request: of 900 requests there remain 900",
    "each path has a budget": "getShelf: limits: counts every request: what remains falls by less than 1",
    "the limit falls": "getShelf: limits: counts every request: the limit is",
}


@pytest.mark.parametrize("fault", FOUND)
def test_a_fault_is_found(fault: str, values: Path) -> None:
    found = counterexamples(report(values, Shelves(fault)))
    assert [one for one in found if one.startswith(FOUND[fault])], found


def test_requests_of_an_hour_ago_may_come_back(values: Path) -> None:
    assert counterexamples(report(values, Shelves("the window slides"))) == []


@pytest.mark.parametrize("fault", ["refusals are free", "books are free", "each path has a budget"])
def test_who_promises_less_may_count_less(fault: str, values: Path) -> None:
    assert counterexamples(report(values, Shelves(fault), DOCUMENT.replace(", x-counts-all: true", ""))) == []


def test_without_conditions_it_is_not_known_which_alternative_is_wanted(values: Path) -> None:
    start, end = DOCUMENT.index("      x-scopes:"), DOCUMENT.index("      parameters:")
    document = DOCUMENT[:start] + DOCUMENT[end:]
    for fault in ("", "ada wants both", "bela wants any"):
        assert counterexamples(report(values, Shelves(fault), document)) == []


def test_no_secret_is_shown_nor_what_is_nearly_one(values: Path) -> None:
    found = report(values, Shelves(alike=lambda *_: True))
    assert len(counterexamples(found)) > 20
    for shown in ("".join(to_text(found)), "".join(to_json(found))):
        for secret in SECRETS:
            for one in (secret, base64.b64encode(secret.encode()).decode()):
                assert not [word for word in (one[:-2], one[3:].swapcase()) if word in shown]


def test_a_condition_that_is_none_is_a_trouble_of_the_document(values: Path) -> None:
    path = values.with_name("broken.yaml")
    path.write_text(DOCUMENT.replace("all: response.body.owner !=", "all: response.body.owner !"))
    with pytest.raises(SpecError, match="x-scopes: a condition of a scope is none: is no CEL"):
        list(requirements(load(path)))
