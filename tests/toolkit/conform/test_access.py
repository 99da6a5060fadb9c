"""Credentials, scopes and rate limits of an API with all kinds of security schemes."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from support.conforming import counterexamples
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
        4XX: {$ref: '#/components/responses/Rejected'}
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
      responses: &plain {'200': {description: Fine.}, 4XX: {description: Rejected.}}
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
    Rejected:
      description: Rejected.
      x-exception: {class: RejectedError, error-type: [/error]}
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
    "any case": lambda sent, secret: sent.lower() == secret.lower(),
    "more": lambda sent, secret: sent.startswith(secret),
    "less": lambda sent, secret: bool(sent) and secret.startswith(sent),
    "another end": lambda sent, secret: sent[:-2] == secret[:-2],
    "nothing": lambda sent, secret: sent in ("", secret),
}


class Shelves:
    """The API, with a fault. ``alike`` compares secrets."""

    def __init__(self, fault: str = "", alike: Alike = EXACTLY) -> None:
        self.fault, self.alike = fault, alike
        self.counted: Counter[str] = Counter()
        self.books, self.requests = 0, 0

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
        if self.fault in (f"{owner} requires both", f"{owner} requires any"):
            needed = {"own", "all"} if "both" in self.fault else needed & scopes
        count = request.url.params.get("count", "1")
        granted = (
            bool(scopes) and needed <= scopes and count.isdecimal() and int(count) > 0 and len(owner) < 10
        )
        headers = self._headers(path, key or "", granted)
        if granted:
            return httpx.Response(200, json={"owner": owner}, headers=headers)
        name = "no-key" if not key else "bad-key" if not scopes else "no-scope"
        named, _, other = self.fault.partition(" is named ")
        body = {} if self.fault == "no names" else {"error": other if name == named else name}
        return httpx.Response(403, json=body, headers=headers)

    def _headers(self, path: str, key: str, granted: bool) -> dict[str, str]:
        """The headers of a budget for each key, and their faults."""
        budget = f"{key} {path}" if self.fault == "each path has a budget" else key
        free = {"rejections are free": not granted, "books are free": path == "/books", "all is free": True}
        self.counted[budget] += not free.get(self.fault, False)
        self.requests += 1
        left = LIMIT - self.counted[budget] + (self.fault == "the window slides" and self.requests > 20)
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
    path.write_text(json.dumps({"credentials": known, "revoked": [REVOKED]}))
    return path


def report(values: Path, server: Shelves, text: str = DOCUMENT) -> Conformance:
    """A run of the requirements on access and rate limits."""
    path = values.with_name("shelves.yaml")
    path.write_text(text)
    spec = load(path)
    assert lint(spec) == []
    options = SessionOptions(
        url="http://shelves.test/v1", token=KEY, values=values, tokens_without={"all": OWN, "own": ALL}
    )
    chosen = [
        requirement for requirement in requirements(spec) if requirement.kind in ("access", "rate-limits")
    ]
    with httpx.MockTransport(server) as http:
        return run(open_session(spec, options, http), chosen)


def test_a_correct_server_satisfies_everything(values: Path) -> None:
    found = report(values, Shelves())
    assert counterexamples(found) == []
    assert {
        outcome.requirement.name: outcome.reason
        for outcome in found.outcomes
        if outcome.state is not State.SATISFIED
    } == {}


EXEMPT = {
    "any case": {"openSafe"},  # user names may ignore case
    "nothing": {"openSafe"},  # HTTP authentication has no empty credentials, but a wrong scheme
}


@pytest.mark.parametrize("how", LOOSELY)
def test_a_server_that_compares_secrets_loosely_is_found(how: str, values: Path) -> None:
    found = counterexamples(report(values, Shelves(alike=LOOSELY[how])))
    near = {one.split(":")[0] for one in found if ": rejects nearly correct credentials: " in one}
    everywhere = {"getShelf", "listBooks", "listDoors", "openSafe", "join"}
    assert near == everywhere - EXEMPT.get(how, set())


def test_a_rejection_without_error_type_is_no_violation(values: Path) -> None:
    assert counterexamples(report(values, Shelves("no names"))) == []
    assert counterexamples(report(values, Shelves("bad-key is named old-key"))) == []


@pytest.mark.parametrize(
    ("written", "place", "what"),
    [
        ("[no-key]", "x-error-types", "must be an object of error types"),
        ("{missing: no-key}", "x-error-types/missing", "must be a list of error types"),
        ("{missing: [1]}", "x-error-types/missing", "must be a list of error types"),
    ],
)
def test_malformed_error_types_are_reported(written: str, place: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "shelves.yaml"
    path.write_text(re.sub(r"x-error-types: .*", f"x-error-types: {written}", DOCUMENT))
    spec = load(path)
    options = SessionOptions(url="http://shelves.test/v1", token=KEY)
    chosen = [
        requirement
        for requirement in requirements(spec)
        if requirement.name.startswith("getShelf: access: rejects requests")
    ]
    with (
        pytest.raises(SpecError, match=f"#/components/securitySchemes/key/{place}: {what}"),
        httpx.MockTransport(Shelves()) as http,
    ):
        run(open_session(spec, options, http), chosen)


FOUND = {
    "no-key is named bad-key": "listBooks: access: rejects requests without credentials: there are no "
    "credentials, but the error type is bad-key, not no-key",
    "bad-key is named no-key": "getShelf: access: rejects unknown credentials: the credentials are unknown, "
    "but the error type is no-key, not bad-key or old-key",
    "bad-key is named no-scope": "getShelf: access: rejects nearly correct credentials: key",
    "no-scope is named bad-key": "getShelf: access: requires the scope own: the scope is missing: own, but "
    "the error type is bad-key, not no-scope",
    "revoked": "listBooks: access: rejects unknown credentials: the credentials were revoked",
    "staff read": "listBooks: access: rejects insufficient credentials: there is nothing but staff",
    "staff alone": "listDoors: access: rejects insufficient credentials: there is nothing but staff",
    "ada requires both": "getShelf: access: requires no other scope: a request that does not require",
    "bela requires both": "getShelf: access: requires no other scope: a request that does not require",
    "/books requires both": "listBooks: access: requires no other scope: a request that does not require",
    "ada requires any": "getShelf: access: requires the scope own: the scope is missing: own, but the",
    "bela requires any": "getShelf: access: requires the scope all: the scope is missing: all, but the",
    "/books requires any": "listBooks: access: requires the scope all: the scope is missing: all, but the",
    "rejections are free": "getShelf: rate-limits: counts every request: the remaining requests decrease",
    "books are free": "listBooks: rate-limits: counts every request: the remaining requests decrease",
    "all is free": "getShelf: rate-limits: counts every request: 900 of 900 requests remain",
    "each path has a budget": "getShelf: rate-limits: counts every request: the remaining requests decrease",
    "the limit falls": "getShelf: rate-limits: counts every request: the limit changes",
}


@pytest.mark.parametrize("fault", FOUND)
def test_a_fault_is_found(fault: str, values: Path) -> None:
    found = counterexamples(report(values, Shelves(fault)))
    assert [one for one in found if one.startswith(FOUND[fault])], found


def test_a_sliding_window_may_credit_earlier_requests(values: Path) -> None:
    assert counterexamples(report(values, Shelves("the window slides"))) == []


@pytest.mark.parametrize("fault", ["rejections are free", "books are free", "each path has a budget"])
def test_without_x_counts_all_a_server_may_count_less(fault: str, values: Path) -> None:
    assert counterexamples(report(values, Shelves(fault), DOCUMENT.replace(", x-counts-all: true", ""))) == []


def test_without_conditions_the_required_alternative_is_unknown(values: Path) -> None:
    start, end = DOCUMENT.index("      x-scopes:"), DOCUMENT.index("      parameters:")
    document = DOCUMENT[:start] + DOCUMENT[end:]
    for fault in ("", "ada requires both", "bela requires any"):
        assert counterexamples(report(values, Shelves(fault), document)) == []


def test_neither_secrets_nor_near_misses_are_shown(values: Path) -> None:
    found = report(values, Shelves(alike=lambda *_: True))
    assert len(counterexamples(found)) > 20
    for shown in ("".join(to_text(found)), "".join(to_json(found))):
        for secret in SECRETS:
            for one in (secret, base64.b64encode(secret.encode()).decode()):
                assert not [word for word in (one[:-2], one[3:].swapcase()) if word in shown]


def test_an_invalid_condition_is_an_error_of_the_document(values: Path) -> None:
    path = values.with_name("invalid.yaml")
    path.write_text(DOCUMENT.replace("all: response.body.owner !=", "all: response.body.owner !"))
    with pytest.raises(SpecError, match="x-scopes: the condition of a scope is invalid: "):
        list(requirements(load(path)))
