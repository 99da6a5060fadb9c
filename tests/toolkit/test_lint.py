"""The linter finds what no reader of a document can rely on, says where, and is quiet otherwise."""

import json
import re
import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from wirecheck.lint import RULES, Problem, lint, to_json, to_text
from wirecheck.lint.extensions import problems
from wirecheck.lint.patterns import unportable
from wirecheck.lint.shapes import SHAPES
from wirecheck.model import Severity, SpecError
from wirecheck.spec import Document, Spec, load
from wirecheck.spec.document import Place

HEAD = """\
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
"""
PATHS = """\
  /things:
    get:
      operationId: listThings
      responses: {'200': {description: Fine.}}
"""

Linted = Callable[[str], list[tuple[int, Problem]]]


@pytest.fixture
def linted(tmp_path: Path) -> Linted:
    def problems(text: str) -> list[tuple[int, Problem]]:
        path = tmp_path / "api.yaml"
        path.write_text(text, encoding="utf-8")
        return lint(load(path))

    return problems


def schemas(text: str) -> str:
    """A document with schemas, the first of them on line 10."""
    return HEAD + PATHS + "components:\n  schemas:\n" + _indented(text, 4)


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in dedent(text).strip().splitlines())


def test_the_bundled_document_has_no_problem(spec: Spec) -> None:
    assert lint(spec) == []


def test_a_plain_document_has_no_problem(linted: Linted) -> None:
    assert linted(HEAD + PATHS) == []


# Rules


@dataclass(frozen=True)
class Bad:
    """A document with one problem, and where it is."""

    text: str
    line: int
    pointer: str
    says: str


BAD: dict[str, Bad] = {
    "valid-openapi": Bad(
        HEAD + "  /things:\n    get: {operationId: listThings, responses: {'200': {}}}\n",
        5,
        "/paths/~1things/get/responses/200",
        "description",
    ),
    "operation-id-unique": Bad(
        HEAD + PATHS + PATHS.replace("/things", "/others"),
        9,
        "/paths/~1others/get",
        "listThings is also #/paths/~1things/get",
    ),
    "example-valid": Bad(
        schemas("Name:\n  type: string\n  examples:\n    - good\n    - 1"),
        14,
        "/components/schemas/Name/examples/1",
        "the example is 1, an integer, not a string",
    ),
    "rule-complete": Bad(
        schemas("Name:\n  type: string\n  allOf:\n    - x-rule: short\n      maxLength: 3"),
        13,
        "/components/schemas/Name/allOf/0",
        "a named rule must have a text as x-message",
    ),
    "invalid-example-breaks-its-rule": Bad(
        schemas(
            """
            Name:
              type: string
              allOf:
                - {x-rule: short, x-message: It is short., maxLength: 3}
              x-invalid-examples:
                short:
                  - long
                  - abc
            """
        ),
        17,
        "/components/schemas/Name/x-invalid-examples/short/1",
        "breaks no rule, not short alone",
    ),
    "extension-well-formed": Bad(
        HEAD + PATHS + "      x-resource: things\n",
        8,
        "/paths/~1things/get/x-resource",
        "x-resource is things, not two names in snake_case with a dot between",
    ),
    "pattern-portable": Bad(
        schemas("Name:\n  type: string\n  pattern: '^\\d+'"),
        12,
        "/components/schemas/Name/pattern",
        "the pattern uses \\d, which engines read differently",
    ),
    "scalar-unambiguous": Bad(
        HEAD + PATHS + "x-country: NO\n", 8, "", "quote NO: YAML 1.1 reads it as something else"
    ),
    "generator-keeps": Bad(
        schemas("Response:\n  type: object"),
        10,
        "/components/schemas/Response",
        "a schema named Response breaks the generated code",
    ),
}


def test_every_rule_has_a_document_that_breaks_it() -> None:
    assert BAD.keys() == RULES.keys()


@pytest.mark.parametrize("rule", BAD)
def test_a_problem_is_found_where_it_is(rule: str, linted: Linted) -> None:
    bad = BAD[rule]
    found = [(line, problem) for line, problem in linted(bad.text) if problem.rule == rule]
    assert (bad.line, bad.pointer) in {(line, problem.pointer) for line, problem in found}
    assert any(bad.says in problem.message for _, problem in found)


@pytest.mark.parametrize("rule", BAD)
def test_a_document_that_breaks_one_rule_breaks_no_other(rule: str, linted: Linted) -> None:
    rules = {problem.rule for _, problem in linted(BAD[rule].text)}
    assert rules - {"valid-openapi"} == {rule} - {"valid-openapi"}  # which knows of operationIds, too


MORE: list[tuple[str, str, str, str]] = [
    (
        "operation-id-unique",
        HEAD + PATHS.replace("operationId: listThings", "summary: x"),
        "/paths/~1things/get",
        "no operationId",
    ),
    ("example-valid", schemas("A: {type: string, default: 1}"), "/components/schemas/A/default", "is 1"),
    (
        "example-valid",
        schemas("A: {type: object, properties: {b: {type: string}}, examples: [{b: 1}]}"),
        "/components/schemas/A/examples/0",
        "the example at /b is 1",
    ),
    (
        "example-valid",
        schemas("A: {type: string, pattern: '[', examples: [a]}"),
        "/components/schemas/A",
        "unusable schema",
    ),
    (
        "rule-complete",
        schemas("A: {type: string, x-rule: r, x-message: m}"),
        "/components/schemas/A",
        "belongs to a member of allOf",
    ),
    (
        "rule-complete",
        schemas("A: {type: string, allOf: [{x-rule: '', x-message: m}]}"),
        "/components/schemas/A/allOf/0",
        "must have a text as x-rule",
    ),
    (
        "rule-complete",
        schemas("A: {type: string, allOf: [{x-rule: 5, x-message: m}]}"),
        "/components/schemas/A/allOf/0",
        "must have a text as x-rule",
    ),
    (
        "invalid-example-breaks-its-rule",
        schemas("A: {type: string, x-invalid-examples: {r: [1]}}"),
        "/components/schemas/A/x-invalid-examples/r/0",
        "breaks (type), not r alone",
    ),
    (
        "invalid-example-breaks-its-rule",
        schemas("A: {type: string, x-invalid-examples: [1]}"),
        "/components/schemas/A/x-invalid-examples",
        "lists of values",
    ),
    (
        "invalid-example-breaks-its-rule",
        schemas("A: {type: string, x-invalid-examples: {r: 1}}"),
        "/components/schemas/A/x-invalid-examples",
        "lists of values",
    ),
    (
        "invalid-example-breaks-its-rule",
        schemas("A: {type: string, pattern: '[', x-invalid-examples: {r: [a]}}"),
        "/components/schemas/A",
        "unusable schema",
    ),
    (
        "pattern-portable",
        schemas("A: {type: object, patternProperties: {'\\w': {type: string}}}"),
        "/components/schemas/A/patternProperties/\\w",
        "uses \\w",
    ),
]


@pytest.mark.parametrize(("rule", "text", "pointer", "says"), MORE)
def test_a_rule_sees_its_corners(rule: str, text: str, pointer: str, says: str, linted: Linted) -> None:
    found = [problem for _, problem in linted(text) if problem.rule == rule]
    assert any(problem.pointer == pointer and says in problem.message for problem in found), found


def test_examples_of_parameters_are_checked_through_references(linted: Linted) -> None:
    text = (
        HEAD
        + _indented(
            """
        /things:
          get:
            operationId: listThings
            parameters:
              - {name: a, in: query, schema: {type: integer}, example: one}
              - name: b
                in: query
                schema: {type: integer}
                examples: {x: {$ref: '#/components/examples/E'}}
            responses: {'200': {description: Fine.}}
        """,
            2,
        )
        + "components:\n  examples: {E: {value: two}}\n"
    )
    found = {(problem.rule, problem.pointer) for _, problem in linted(text)}
    assert found == {
        ("example-valid", "/paths/~1things/get/parameters/0/example"),
        ("example-valid", "/components/examples/E/value"),
    }


def test_problems_come_in_the_order_of_the_document(linted: Linted) -> None:
    found = linted(schemas("B: {type: string, pattern: '.'}\nResponse: {type: string, pattern: '.'}"))
    assert [line for line, _ in found] == [10, 11, 11]


# How it is told

PROBLEM = Problem(
    "pattern-portable", Severity.WARNING, "/components/schemas/A/pattern", "the pattern uses a dot"
)


def test_problems_are_told_a_line_each_in_the_form_that_editors_know() -> None:
    text = re.sub("\x1b\\[[0-9;]*m", "", "".join(to_text("api.yaml", [(12, PROBLEM)])))
    assert text == (
        "api.yaml:12: warning pattern-portable: the pattern uses a dot #/components/schemas/A/pattern\n"
        "api.yaml: 1 problem\n"
    )
    assert "2 problems" in "".join(to_text("api.yaml", [(12, PROBLEM)] * 2))
    assert "nothing to complain about" in "".join(to_text("api.yaml", []))


def test_problems_are_told_as_one_json_object() -> None:
    assert json.loads("".join(to_json("api.yaml", [(12, PROBLEM)]))) == {
        "version": 1,
        "spec": "api.yaml",
        "problems": [
            {
                "rule": "pattern-portable",
                "severity": "warning",
                "pointer": "#/components/schemas/A/pattern",
                "line": 12,
                "message": "the pattern uses a dot",
            }
        ],
    }
    assert json.loads("".join(to_json("api.yaml", [])))["problems"] == []


# Extensions

EXTENDED = """
openapi: 3.1.0
paths:
  /things:
    get:
      operationId: things
      security: [{token: [], oauth: [own]}, {token: [], oauth: [all]}]
      x-scopes: {own: response.body.page != null, all: '!has(request.query.since)'}
      x-resource: things.list
      x-pagination:
        items: /data
        cursor: /page/next
        parameter: after
        more: /page/more
        newer: {cursor: /page/newest, parameter: since}
        total: {operation: things, count: /page/more}
      x-lifecycle: [{date: '2015-11-17', what: For some.}, {date: '2018-04-04', what: Gone.}]
      x-migration: {replacement: GET /new, note: Not the same.}
      x-laws:
        some: {message: Some., when: has(request.query.after), rule: size(response.body.data) > 0}
        later: {message: Later., rule: 'response.body.data.all(d, d.at > request.query.since)'}
      parameters:
        - {name: after, in: query}
        - {name: since, in: query, x-bounds: {items: /data, by: /at}}
        - {name: id, in: header}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Things'}}}}
        '400': {$ref: '#/components/responses/Refused'}
    post:
      operationId: makeThing
      x-needs: A shelf.
      x-undo: {operation: makeThing, then: things, when: before.body == null, with: {id: response.body.id}}
      x-resource: things.create
      x-pagination: {items: '', next-url: /0/next}
      x-migration: {replacement: null}
      requestBody: {x-also-in-query: true}
      responses:
        2XX:
          content:
            application/json:
              schema: {type: array, properties: {'0': {$ref: '#/components/schemas/Page'}}}
        '500': {$ref: '#/components/responses/Broken'}
      callbacks:
        ready:
          '{$request.body#/url}/ready':
            get:
              parameters: [{name: hub.challenge, in: query}]
              responses:
                '200': {x-answer: 'Yes, {$request.query.hub.challenge}{$request.body#/a~1b}'}
webhooks:
  made:
    post:
      x-resource: webhooks.made
      x-signature: {header: X-Signature, algorithm: hmac-sha512, key: secret, prefix: ''}
components:
  securitySchemes:
    token:
      type: apiKey
      in: query
      name: token
      x-in-form: true
      x-error-types: {missing: [none], unknown: [wrong, old], scope: [less]}
      x-signature: {parameter: sig, algorithm: hmac-sha256, key: secret, separator: '|'}
    secret: {type: apiKey, in: header, name: secret}
    oauth: {type: oauth2, x-resource: oauth.address}
  responses:
    Refused:
      x-exception:
        class: BadRequestError
        hint: Correct it.
        error-type: [/type, /error/type]
        error-message: [/message]
        by-error-type: {gone: {class: GoneError}, shut: {class: PermissionDeniedError, hint: Ask.}}
      content:
        application/json:
          schema:
            oneOf: [{properties: {type: {}, error: {}}}, {properties: {error: {properties: {type: {}}}}}]
            properties: {message: {}}
    Broken:
      x-exception: InternalServerError
      x-retired: {/gone: true}
      headers: {RateLimit-Remaining: {x-counts-all: true}}
  schemas:
    Envelope: {type: object, x-payload: data}
    Things:
      allOf:
        - $ref: '#/components/schemas/Envelope'
        - properties:
            data: {$ref: '#/components/schemas/Names'}
            page: {oneOf: [{$ref: '#/components/schemas/Page'}, {type: 'null'}]}
    Names: {type: array, items: {properties: {at: {}}}}
    Page:
      type: object
      properties: {next: {}, more: {}, newest: {}}
      x-invariants: {more-has-next: {message: More has a next page., rule: '!self.more || self.next != null'}}
    Id:
      type: string
      x-identifier:
        bits: 64
        epoch: 1
        shift: 23
        minimum: 0
        alphabet: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_
    Number: {type: [string, 'null'], x-identifier: {bits: 32}}
"""
BASE: Any = yaml.safe_load(EXTENDED)
LIST, MAKE, HOOK = "/paths/~1things/get", "/paths/~1things/post", "/webhooks/made/post"
SINCE = f"{LIST}/parameters/1"
READY = f"{MAKE}/callbacks/ready/{{$request.body#~1url}}~1ready/get/responses/200"
TOKEN, OAUTH = "/components/securitySchemes/token", "/components/securitySchemes/oauth"
REFUSED, BROKEN = "/components/responses/Refused", "/components/responses/Broken"
SCHEMAS = "/components/schemas"
GONE = object()
WORDS = [
    "items",
    "cursor",
    "parameter",
    "class",
    "hint",
    "error-type",
    "by-error-type",
    "key",
    "bits",
    "date",
]

# Where -> what is put there -> what is said of it.
MISTAKES: list[tuple[str, Any, str]] = [
    (f"{MAKE}/requestBody/x-also-in-query", "yes", 'is "yes", a string, not a boolean'),
    (f"{LIST}/x-also-in-query", True, "x-also-in-query is not read here, only at a request body"),
    (f"{TOKEN}/x-in-form", 1, "is 1, an integer, not a boolean"),
    (f"{TOKEN}/in", "header", "x-in-form is not read here, only at an apiKey security scheme in the query"),
    (f"{OAUTH}/x-in-form", True, "x-in-form is not read here"),
    (f"{LIST}/x-resource", 5, "is 5, an integer, not a string"),
    (f"{LIST}/x-resource", "", "has fewer than 1 character (0)"),
    (f"{LIST}/x-resource", "things", "is things, not two names"),
    (f"{LIST}/x-resource", "things.list.all", "not two names"),
    (f"{LIST}/x-resource", "Things.list", "not two names"),
    (f"{LIST}/x-resource", "things.listAll", "not two names"),
    (f"{LIST}/x-resource", "things.list\n", "not two names"),
    (f"{LIST}/x-resource", "2.list", "not two names"),
    (f"{LIST}/x-resource", "things.from", "has the name from, which is a word of Python"),
    (f"{LIST}/x-resource", "class.list", "has the name class"),
    (f"{MAKE}/x-resource", "things.list", f"things.list is also #{LIST}/x-resource"),
    (f"{HOOK}/x-resource", "oauth.address", f"oauth.address is also #{OAUTH}/x-resource"),
    (f"{TOKEN}/x-resource", "a.b", "only at an operation or an oauth2 security scheme"),
    (f"{SCHEMAS}/Envelope/x-payload", ["data"], "x-payload is an array, not a string"),
    (f"{SCHEMAS}/Envelope/x-payload", "date", "date is no property of #/paths/~1things/get/responses/200/"),
    (f"{SCHEMAS}/Names/x-payload", "data", "x-payload is not read here, only at an object schema"),
    (f"{LIST}/x-payload", "data", "only at an object schema"),
    (f"{LIST}/x-pagination", [], "is an array, not an object"),
    (f"{LIST}/x-pagination/items", GONE, 'lacks "items"'),
    (f"{LIST}/x-pagination/items", "data", "which is not a valid json-pointer"),
    (f"{LIST}/x-pagination/items", "/date", "has /date, which leads nowhere in #/paths/~1things/get/"),
    (f"{LIST}/x-pagination/items", "/page", "has /page as items, which is no array"),
    (f"{LIST}/x-pagination/cursor", "/page/last", "has /page/last, which leads nowhere"),
    (f"{LIST}/x-pagination/cursor", GONE, 'lacks "cursor"'),
    (f"{LIST}/x-pagination/parameter", GONE, 'lacks "parameter"'),
    (f"{LIST}/x-pagination/parameter", "id", "names the parameter id, which the operation has not"),
    (f"{LIST}/x-pagination/more", "/more", "has /more, which leads nowhere"),
    (f"{LIST}/x-pagination/next-url", "/page/last", "has /page/last, which leads nowhere"),
    (f"{LIST}/x-pagination/newer/cursor", "/page/last", "has /page/last, which leads nowhere"),
    (f"{LIST}/x-pagination/newer/parameter", "id", "names the parameter id, which the operation has not"),
    (f"{LIST}/x-pagination/newer/parameter", GONE, 'lacks "parameter"'),
    (f"{LIST}/x-pagination/total/operation", "makeThing", "makeThing, which is no operation with GET"),
    (f"{LIST}/x-pagination/total/count", "/page/all", "has /page/all, which leads nowhere"),
    (f"{LIST}/x-pagination/limit", "count", "names the parameter count, which the operation has not"),
    (f"{LIST}/x-pagination/size", "after", "has members that are not allowed: size"),
    (f"{MAKE}/x-pagination/next-url", GONE, "must have cursor and parameter, or next-url, or both"),
    (f"{MAKE}/responses/2XX", {}, "wants an answer of 2xx in JSON with a schema"),
    (f"{HOOK}/x-pagination", {"items": ""}, "only at an operation below paths"),
    (f"{LIST}/x-bounds", {"items": "/data", "by": "/at"}, "only at a parameter in the query"),
    (f"{SINCE}/in", "header", "x-bounds is not read here, only at a parameter in the query"),
    (f"{SINCE}/x-bounds/by", GONE, 'lacks "by"'),
    (f"{SINCE}/x-bounds/by", "/time", "has /time, which leads nowhere in #/components/schemas/Names/items"),
    (f"{SINCE}/x-bounds/items", "/page", "has /page as items, which is no array"),
    (f"{SINCE}/x-bounds/items", "/date", "has /date, which leads nowhere"),
    (f"{LIST}/x-laws/later", GONE, "wants a law of things that compares items with request.query.since"),
    (f"{LIST}/x-laws/later", 7, "wants a law of things that compares items with request.query.since"),
    (f"{BROKEN}/x-exception", None, "is null, which matches none"),
    (f"{BROKEN}/x-exception", "Broken", 'is "Broken", which does not match'),
    (f"{BROKEN}/x-exception", "Not Found Error", "does not match"),
    (f"{BROKEN}/x-exception", {}, 'lacks "class"'),
    (f"{REFUSED}/x-exception/class", "2Error", 'at /class is "2Error", which does not match'),
    (f"{REFUSED}/x-exception/hint", "", "at /hint has fewer than 1 character"),
    (f"{REFUSED}/x-exception/error-type", "/type", 'at /error-type is "/type", a string, not an array'),
    (f"{REFUSED}/x-exception/error-type", [], "at /error-type has fewer than 1 item"),
    (f"{REFUSED}/x-exception/error-type", GONE, 'lacks "error-type"'),
    (f"{REFUSED}/x-exception/error-type/1", "/error/code", "has /error/code, which leads nowhere"),
    (f"{REFUSED}/x-exception/error-message", ["/text"], "has /text, which leads nowhere"),
    (f"{REFUSED}/x-exception/by-error-type/gone", "GoneError", 'at /by-error-type/gone is "GoneError"'),
    (f"{REFUSED}/x-exception/by-error-type/gone/class", GONE, 'lacks "class"'),
    (f"{REFUSED}/x-exception/by-error-type/gone/status", 410, "members that are not allowed: status"),
    (f"{LIST}/responses/200/x-exception", "ThingError", "only at a component response"),
    (f"{LIST}/responses/400/x-exception", "ThingError", "only at a component response"),
    (f"{TOKEN}/x-signature/algorithm", "md5", 'is "md5", not "hmac-sha1"'),
    (f"{TOKEN}/x-signature/separator", GONE, 'lacks "separator"'),
    (f"{TOKEN}/x-signature/parameter", GONE, 'lacks "parameter"'),
    (f"{TOKEN}/x-signature/key", "nothing", "has the key nothing, which is no apiKey security scheme"),
    (f"{TOKEN}/x-signature/key", "oauth", "has the key oauth, which is no apiKey security scheme"),
    (f"{HOOK}/x-signature/header", GONE, 'lacks "header"'),
    (f"{HOOK}/x-signature/parameter", "sig", "members that are not allowed: parameter"),
    (f"{HOOK}/x-signature/prefix", 1, "at /prefix is 1"),
    (f"{LIST}/x-signature", {}, "only at an apiKey security scheme or an operation below webhooks"),
    (f"{SCHEMAS}/Id/x-identifier/bits", 0, "at /bits is 0, less than 1"),
    (f"{SCHEMAS}/Id/x-identifier/bits", 23, "leaves no bit of 23 for the time"),
    (f"{SCHEMAS}/Id/x-identifier/epoch", GONE, 'lacks "epoch"'),
    (f"{SCHEMAS}/Id/x-identifier/shift", GONE, 'lacks "shift"'),
    (f"{SCHEMAS}/Id/x-identifier/minimum", -1, "at /minimum is -1"),
    (f"{SCHEMAS}/Id/x-identifier/alphabet", "01", "at /alphabet has fewer than 64 characters (2)"),
    (f"{SCHEMAS}/Id/x-identifier/alphabet", "a" * 64, "has a character twice in its alphabet"),
    (f"{SCHEMAS}/Page/x-identifier", {"bits": 64}, "only at a string schema"),
    (f"{LIST}/x-lifecycle", [], "has fewer than 1 item (0)"),
    (f"{LIST}/x-lifecycle/0/date", "17.11.2015", 'at /0/date is "17.11.2015", which is not'),
    (f"{LIST}/x-lifecycle/0/date", "2018-04-05", "2018-04-04 stands after 2018-04-05"),
    (f"{LIST}/x-lifecycle/1/what", GONE, 'at /1 lacks "what"'),
    (f"{LIST}/x-laws", [], "x-laws is an array, not an object"),
    (f"{LIST}/x-laws/some/rule", "no", "the expression uses the variable no"),
    (f"{HOOK}/x-laws", {}, "only at an operation below paths or components"),
    (f"{SCHEMAS}/Page/x-invariants/more-has-next/rule", GONE, 'lacks "rule"'),
    (f"{SCHEMAS}/Page/x-invariants/more-has-next/rule", "self.mroe", "the schema has no property mroe"),
    (f"{LIST}/x-invariants", {}, "only at a schema"),
    (f"{MAKE}/x-undo/operation", GONE, 'lacks "operation"'),
    (f"{MAKE}/x-undo/operation", "unmakeThing", "names unmakeThing, which is not an operation"),
    (f"{MAKE}/x-undo/then", "makeThing", "names makeThing, which is not an operation with GET"),
    (f"{MAKE}/x-undo/when", "then.body", "uses the variable then, which does not exist here"),
    (f"{MAKE}/x-undo/with/id", "1 +", "has an expression that is not CEL"),
    (f"{LIST}/x-scopes", {}, "x-scopes has fewer than 1 member"),
    (f"{LIST}/x-scopes/none", "true", "names none, which is not a scope of the operation"),
    (f"{LIST}/x-scopes/own", "before.body == null", "uses the variable before, which does not exist here"),
    (f"{LIST}/x-scopes/own", "has(request.path.id)", "things has no id in its path"),
    (f"{MAKE}/x-scopes", {"own": "true"}, "names own, which is not a scope of the operation"),
    (f"{BROKEN}/x-scopes", {"own": "true"}, "only at an operation below paths"),
    (f"{BROKEN}/headers/RateLimit-Remaining/x-counts-all", "yes", "a string, not a boolean"),
    (f"{BROKEN}/x-counts-all", True, "only at a header"),
    (f"{READY}/x-answer", "", 'x-answer is "", which does not match'),
    (f"{READY}/x-answer", "{challenge}", 'x-answer is "{challenge}", which does not match'),
    (f"{READY}/x-answer", "{$request.query.mode}", "looks for mode in the query, which the callback has not"),
    (f"{READY}/x-answer", "{$request.header.hub.challenge}", "looks for hub.challenge in the header"),
    (f"{BROKEN}/x-answer", "a", "only at a response of a callback"),
    (f"{MAKE}/x-needs", "", "x-needs has fewer than 1 character"),
    (f"{TOKEN}/x-error-types", {}, "x-error-types has fewer than 1 member"),
    (f"{TOKEN}/x-error-types/missing", "none", 'at /missing is "none", a string, not an array'),
    (f"{TOKEN}/x-error-types/expired", ["old"], "members that are not allowed: expired"),
    (f"{LIST}/x-error-types", ["old"], "only at a security scheme or a rule"),
    (f"{BROKEN}/x-retired", {}, "x-retired has fewer than 1 member"),
    (f"{LIST}/x-retired", {"/a": 1}, "only at a component response"),
    (f"{OAUTH}/x-lifecycle", [], "only at an operation"),
    (f"{LIST}/x-migration/replacement", GONE, 'lacks "replacement"'),
    (f"{LIST}/x-migration/replacement", "", "at /replacement has fewer than 1 character"),
    (f"{LIST}/x-migration/note", None, "at /note is null, not a string"),
    ("/x-migration", {"replacement": None}, "x-migration is not read here, only at an operation"),
]


def extended(pointer: str = "", value: Any = GONE) -> Spec:
    """The document with all extensions; with a value at a pointer, or, for GONE, without what is there."""
    document = Document("api.yaml", deepcopy(BASE), Place(1))
    parent, _, last = pointer.rpartition("/")
    place = document.get(parent)
    if isinstance(place, list):
        place[int(last)] = value
    elif value is not GONE:
        place[last] = value
    elif pointer:
        del place[last]
    return Spec(document)


def test_extensions_that_are_well_formed_are_let_pass() -> None:
    assert list(problems(extended())) == []


def test_every_extension_is_tried() -> None:
    mistaken = " ".join(pointer for pointer, _, _ in MISTAKES)
    assert set(re.findall("x-[a-z-]+", EXTENDED)) == set(re.findall("x-[a-z-]+", mistaken)) == SHAPES.keys()


@pytest.mark.parametrize(("pointer", "value", "says"), MISTAKES)
def test_a_mistake_in_an_extension_is_told(pointer: str, value: Any, says: str) -> None:
    found = list(problems(extended(pointer, value=value)))
    assert {problem.rule for problem in found} == {"extension-well-formed"}
    assert any(says in problem.message for problem in found), found


def test_a_mistake_is_told_where_it_is(linted: Linted) -> None:
    text = HEAD + PATHS + "      x-lifecycle:\n        - {date: '2018-04-04', what: 5}\n"
    [(line, problem)] = linted(text)
    assert (line, problem.pointer) == (9, "/paths/~1things/get/x-lifecycle/0/what")
    assert problem.message == "x-lifecycle at /0/what is 5, an integer, not a string"


def test_what_bears_the_name_of_an_extension_is_none() -> None:
    page = f"{SCHEMAS}/Page/properties/x-payload"
    assert list(problems(extended(page, value={"type": "string"}))) == []
    assert list(problems(extended(f"{LIST}/x-other", value=5))) == []


GARBAGE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["", "/", "/data", "/~", "a.b", "2018-02-30", "XError", "secret", "token"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(), inner),
    max_leaves=6,
)
PLACES = ["", LIST, MAKE, HOOK, TOKEN, OAUTH, REFUSED, BROKEN, f"{SCHEMAS}/Things", f"{SCHEMAS}/Id"]


@settings(max_examples=300)
@given(st.sampled_from(PLACES), st.sampled_from(sorted(SHAPES)), GARBAGE)
def test_any_garbage_in_an_extension_is_judged(place: str, extension: str, value: Any) -> None:
    for problem in problems(extended(f"{place}/{extension}", value=value)):
        assert problem.message


@settings(max_examples=300)
@given(st.sampled_from([pointer for pointer, _, _ in MISTAKES]), GARBAGE)
def test_any_garbage_within_an_extension_is_judged(pointer: str, value: Any) -> None:
    try:
        spec = extended(pointer, value=value)
    except (SpecError, KeyError):
        return  # the place itself cannot be garbage
    for problem in problems(spec):
        assert problem.message


# Patterns

PORTABLE = [
    "",
    "a",
    "abc|def",
    "^a",
    "^(?:a|b)*c{2,3}d?",
    "(a)(b)",
    "[abc]",
    "[^abc]",
    "[a-z0-9_-]",
    "[-a]",
    "[a-]",
    "[\\s\\S]*",
    "[\\S\\s]+?",
    "\\.\\*\\/\\[\\]\\{\\}\\^\\$\\|\\\\",
    "[\\]\\-\\\\]",
    "[^\\n\\r\\t]",
    "a{1000}",
    "(?:a{30}){30}",
    "[^,]+$",
    "^(?:x|[^,]*)y[^,]*$",
    "[^,]*$|[^;]+$",
    "(?:a|[^,]+$)",
    "(?:)",
    "()",
    "[à-ÿ]",
    "\u2028",
    "[/]",
    "a b#c",
]

UNPORTABLE: dict[str, str] = {
    "[": "is no regular expression",
    "a{2,1}": "is no regular expression",
    "*": "is no regular expression",
    "a{99999999999}": "is too large or too deep",
    "(" * 9000 + ")" * 9000: "is too large or too deep",
    "a{1001}": "counts to 1001",
    "a{0,5000}": "counts to 5000",
    "(?:a{50}b){50}": "counts to 2500",
    "((a{11}){11}){11}": "counts to 1331",
    "\\d": "uses \\d",
    "\\w+": "uses \\w",
    "\\bword": "uses \\b",
    "\\s": "uses \\s",
    "\\x41": "uses \\x",
    "\\u0041": "uses \\u",
    "(a)\\1": "uses \\1",
    "\\-": "uses \\-",
    "[\\d]": "uses \\d in a class",
    "[^\\S]": "uses \\S in a class",
    ".": "uses a dot",
    "a$": "uses $",
    "[a]*$": "uses $",
    "[^a]?$": "uses $",
    "[^\\n]*$": "uses $",
    "[^\n]*$": "uses $",
    "[^\\t-\\r]*$": "uses $",
    "[^a]*$\\n": "uses $ before its end",
    "(?:[^a]*$|b)\\n": "uses $ before its end",
    "(?:[^a]*$)?\\n": "uses $ before its end",
    "(?=a)": "uses (?=",
    "(?!a)": "uses (?!",
    "(?<=a)b": "uses (?<",
    "(?i)a": "uses (?i",
    "(?P<a>b)": "uses (?P",
    "a++": "possessive",
    "a*+b": "possessive",
    "a{2}+": "possessive",
    "x{,5}": "unescaped {",
    "a{b": "unescaped {",
    "a}": "unescaped }",
    "a]": "unescaped ]",
    "[]a]": "unescaped [",
    "[^][\\s\\S]": "unescaped [",
    "[[a]": "unescaped [ in a class",
    "[a&&b]": "doubled sign",
    "[a||b]": "doubled sign",
    "[a~~b]": "doubled sign",
    "[+--]": "doubled sign",
    "\U0001f305": "beyond U+FFFF",
    "[^\U0001f305]": "beyond U+FFFF",
}


@pytest.mark.parametrize("pattern", PORTABLE)
def test_a_portable_pattern_is_let_pass(pattern: str) -> None:
    assert unportable(pattern) is None


@pytest.mark.parametrize("pattern", UNPORTABLE, ids=lambda pattern: ascii(pattern[:20]))
def test_an_unportable_pattern_is_told_with_its_reason(pattern: str) -> None:
    assert UNPORTABLE[pattern] in (unportable(pattern) or "")


PIECES = [
    *(
        "a",
        "b",
        "A",
        "-",
        "&",
        "~",
        "#",
        " ",
        ",",
        "/",
        "é",
        "ſ",
        "K",
        "ß",
        "\n",
        "\r",
        "\u2028",
        "\u0130",
        "\x85",
    ),
    *(
        "\\.",
        "\\n",
        "\\t",
        "\\r",
        "\\-",
        "\\$",
        "\\/",
        "\\[",
        "\\\\",
        "\\d",
        "\\w",
        "\\s",
        "\\b",
        "\\B",
        "\\A",
        "\\Z",
    ),
    *(
        "[abc]",
        "[^abc]",
        "[^\\n]",
        "[^a]*",
        "[^,]+",
        "[\\s\\S]",
        "[a-z]",
        "[^\\t-\\r]*",
        "[^ -~]+",
        "[\\]\\-^]",
        "[^]",
        "[]",
    ),
    *(
        "[",
        "]",
        "[^",
        "(",
        "(?:",
        ")",
        "|",
        "^",
        "$",
        "$",
        ".",
        "*",
        "+",
        "?",
        "*?",
        "{2}",
        "{1,2}",
        "{,2}",
        "{0}",
        "{",
    ),
    *("(?i)", "(?=", "(?<!", "\\1", "&&", "--", "🌅"),
]
TEXTS = st.text(st.sampled_from("abAB-&~#, /.éſKßk\n\r\t\u2028\u0130\x85\x0b\x1c]^[\\$🌅\u00a0"), max_size=8)


def rust(pattern: str, text: str) -> bool:
    options = jsonschema_rs.RegexOptions()  # the other engine misreads a+b*a+: see test_checks.py
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options).is_valid(text)


@settings(max_examples=1500)
@example(["[^b]*", "$", "\\n"], ["x\n"])
@example(["[^\\t-\\r]*", "$"], ["a\n"])
@example(["a", "+", "+", "a"], ["aaa"])
@example(["[^]", "[\\s\\S]"], ["ab"])
@given(
    st.lists(st.sampled_from(PIECES), max_size=8),
    st.lists(TEXTS | TEXTS.map(lambda text: f"{text}\n"), min_size=1, max_size=6),
)
def test_engines_agree_on_portable_patterns(pieces: list[str], texts: list[str]) -> None:
    pattern = "".join(pieces)
    assume(unportable(pattern) is None)
    for text in texts:
        for one in (text, f"{text}\n", f"{text}\n\n", f"🌅{text}é"):
            assert rust(pattern, one) == bool(re.search(pattern, one)), (pattern, one)


@given(st.text(st.sampled_from("ab\\[]^-$.*+?{}()|,0129dws&~=!<P:\n🌅é"), max_size=12))
def test_any_text_is_judged_as_a_pattern_without_a_crash_or_a_warning(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reason = unportable(pattern)
    assert reason is None or reason
    if reason is None:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})


# What the generator loses

GET = "get: {{operationId: listThings, {more}responses: {{'200': {{description: Fine.}}}}}}\n"


def parameter(text: str) -> str:
    """A document with a query parameter."""
    return HEAD + "  /things:\n    " + GET.format(more=f"parameters: [{{name: p, in: query, {text}}}], ")


LOST: dict[str, tuple[str, str, str, Severity]] = {
    "a path item that is a reference": (
        HEAD
        + "  /things: {$ref: '#/components/pathItems/P'}\ncomponents:\n  pathItems:\n    P:\n      "
        + GET.format(more=""),
        "/paths/~1things",
        "a path item that is a $ref",
        Severity.ERROR,
    ),
    "a component response that is a reference": (
        HEAD
        + PATHS
        + "components:\n  responses:\n    A: {$ref: '#/components/responses/B'}\n    B: {description: b}\n",
        "/components/responses/A",
        "itself a $ref",
        Severity.ERROR,
    ),
    "a range of statuses in lower case": (
        HEAD + PATHS.replace("'200'", "'4xx'"),
        "/paths/~1things/get/responses/4xx",
        "write 4XX",
        Severity.ERROR,
    ),
    "a parameter with content": (
        parameter("content: {application/json: {schema: {type: string}}}"),
        "/paths/~1things/get/parameters/0/content",
        "with `content` is lost",
        Severity.ERROR,
    ),
    "a description of a parameter": (
        parameter("description: d, schema: {type: string}"),
        "/paths/~1things/get/parameters/0/description",
        "description is lost",
        Severity.WARNING,
    ),
    "a default of a query parameter": (
        parameter("schema: {type: string, default: a}"),
        "/paths/~1things/get/parameters/0/schema/default",
        "sent with every request",
        Severity.WARNING,
    ),
    "a schema that is true, for items": (
        schemas("A: {type: array, items: true}"),
        "/components/schemas/A/items",
        "stops the generator",
        Severity.ERROR,
    ),
    "a schema that is false, for a property": (
        schemas("A: {type: object, properties: {p: false}}"),
        "/components/schemas/A/properties/p",
        "stops the generator",
        Severity.ERROR,
    ),
    "allOf without type": (
        schemas("A: {allOf: [{type: object}, {type: object}]}"),
        "/components/schemas/A",
        "allOf without `type`",
        Severity.ERROR,
    ),
    "an enum with null": (
        schemas("A: {type: [string, 'null'], enum: [a, null]}"),
        "/components/schemas/A/enum",
        "several classes",
        Severity.WARNING,
    ),
    "an enum of values that differ in case": (
        schemas("A: {type: string, enum: [asc, ASC]}"),
        "/components/schemas/A/enum",
        "differ in case only",
        Severity.ERROR,
    ),
    "a schema without type": (
        schemas("A: {minLength: 3}"),
        "/components/schemas/A",
        "becomes Any",
        Severity.WARNING,
    ),
    "a property without type": (
        schemas("A: {type: object, properties: {p: {minLength: 3}}}"),
        "/components/schemas/A/properties/p",
        "becomes Any",
        Severity.WARNING,
    ),
    "items without type": (
        schemas("A: {type: array, items: {minLength: 3}}"),
        "/components/schemas/A/items",
        "becomes Any",
        Severity.WARNING,
    ),
    "a schema named Response": (
        schemas("Response: {type: string}"),
        "/components/schemas/Response",
        "named Response",
        Severity.ERROR,
    ),
    "schemas whose names differ in case": (
        schemas("MediaItem: {type: string}\nmedia_item: {type: string}"),
        "/components/schemas/media_item",
        "same class name as MediaItem",
        Severity.ERROR,
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_the_generator_loses_is_found(case: str, linted: Linted) -> None:
    text, pointer, says, severity = LOST[case]
    found = [problem for _, problem in linted(text) if problem.rule == "generator-keeps"]
    assert [(one.pointer, one.severity) for one in found] == [(pointer, severity)]
    assert says in found[0].message


SAFE: list[Any] = [
    "A: {type: string, enum: [a, b]}",
    "A: {type: string, enum: [asc, ASC], x-enum-varnames: [LOW, HIGH]}",
    "A: {type: object, additionalProperties: true}",
    "A: {type: object, allOf: [{type: object}, {type: object}]}",
    "A: {enum: [1, 2]}",
    "A: {const: a}",
    "A: {oneOf: [{type: string}, {type: 'null'}]}",
    "A: {type: string, not: {pattern: a}}",
    "A: {type: [string, 'null']}",
]


@pytest.mark.parametrize("text", SAFE)
def test_what_the_generator_keeps_is_let_pass(text: str, linted: Linted) -> None:
    assert [problem for _, problem in linted(schemas(text)) if problem.rule == "generator-keeps"] == []
