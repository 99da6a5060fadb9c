"""Extensions that would be without effect are reported, and those that are read are not."""

import re
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from support.linting import HEAD, PATHS, Linted
from wirecheck.lint.extensions import problems
from wirecheck.lint.shapes import SHAPES
from wirecheck.model import SpecError
from wirecheck.spec import Document, Spec
from wirecheck.spec.document import Place

EXTENDED = """
openapi: 3.1.0
x-path-variants: {suffixes: [.json], trailing-slash: true}
x-gateway-failures: error
x-client: {interface: 1}
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
        '400': {$ref: '#/components/responses/Rejected'}
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
    Rejected:
      x-exception:
        class: BadRequestError
        hint: Correct it.
        error-type: [/type, /error/type]
        error-message: [/message]
        by-error-type: {gone: {class: GoneError}, shut: {class: PermissionDeniedError, hint: Log in.}}
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
REJECTED, BROKEN = "/components/responses/Rejected", "/components/responses/Broken"
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

# Where -> the value that is put there -> what the message says.
MISTAKES: list[tuple[str, Any, str]] = [
    (f"{MAKE}/requestBody/x-also-in-query", "yes", 'is "yes", a string, not a boolean'),
    (f"{LIST}/x-also-in-query", True, "x-also-in-query has no effect here: it belongs on a request body"),
    (f"{TOKEN}/x-in-form", 1, "is 1, an integer, not a boolean"),
    (
        f"{TOKEN}/in",
        "header",
        "x-in-form has no effect here: it belongs on an apiKey security scheme in the query",
    ),
    (f"{OAUTH}/x-in-form", True, "x-in-form has no effect here"),
    (f"{LIST}/x-resource", 5, "is 5, an integer, not a string"),
    (f"{LIST}/x-resource", "", "has fewer"),
    (f"{LIST}/x-resource", "things", "is things, not two names"),
    (f"{LIST}/x-resource", "things.list.all", "not two names"),
    (f"{LIST}/x-resource", "Things.list", "not two names"),
    (f"{LIST}/x-resource", "things.listAll", "not two names"),
    (f"{LIST}/x-resource", "things.list\n", "not two names"),
    (f"{LIST}/x-resource", "2.list", "not two names"),
    (f"{LIST}/x-resource", "things.from", "has the name from, which is a keyword of Python"),
    (f"{LIST}/x-resource", "class.list", "has the name class"),
    (f"{MAKE}/x-resource", "things.list", f"things.list is already used at #{LIST}/x-resource"),
    (f"{HOOK}/x-resource", "oauth.address", f"oauth.address is already used at #{OAUTH}/x-resource"),
    (f"{TOKEN}/x-resource", "a.b", "belongs on an operation or an oauth2 security scheme"),
    (f"{SCHEMAS}/Envelope/x-payload", ["data"], "x-payload is an array, not a string"),
    (
        f"{SCHEMAS}/Envelope/x-payload",
        "date",
        "date is not a property of #/paths/~1things/get/responses/200/",
    ),
    (f"{SCHEMAS}/Names/x-payload", "data", "x-payload has no effect here: it belongs on an object schema"),
    (f"{LIST}/x-payload", "data", "belongs on an object schema"),
    (f"{LIST}/x-pagination", [], "is an array, not an object"),
    (f"{LIST}/x-pagination/items", GONE, 'lacks "items"'),
    (f"{LIST}/x-pagination/items", "data", 'at /items is "data"'),
    (f"{LIST}/x-pagination/items", "/date", "has /date, which leads nowhere in #/paths/~1things/get/"),
    (f"{LIST}/x-pagination/items", "/page", "has /page as items, which is not an array"),
    (f"{LIST}/x-pagination/cursor", "/page/last", "has /page/last, which leads nowhere"),
    (f"{LIST}/x-pagination/cursor", GONE, 'lacks "cursor"'),
    (f"{LIST}/x-pagination/parameter", GONE, 'lacks "parameter"'),
    (f"{LIST}/x-pagination/parameter", "id", "names id, which is not a query parameter of the operation"),
    (f"{LIST}/x-pagination/more", "/more", "has /more, which leads nowhere"),
    (f"{LIST}/x-pagination/next-url", "/page/last", "has /page/last, which leads nowhere"),
    (f"{LIST}/x-pagination/newer/cursor", "/page/last", "has /page/last, which leads nowhere"),
    (
        f"{LIST}/x-pagination/newer/parameter",
        "id",
        "names id, which is not a query parameter of the operation",
    ),
    (f"{LIST}/x-pagination/newer/parameter", GONE, 'lacks "parameter"'),
    (f"{LIST}/x-pagination/total/operation", "makeThing", "makeThing, which is not an operation with GET"),
    (f"{LIST}/x-pagination/total/count", "/page/all", "has /page/all, which leads nowhere"),
    (f"{LIST}/x-pagination/limit", "count", "names count, which is not a query parameter of the operation"),
    (f"{LIST}/x-pagination/size", "after", "has members that are not allowed: size"),
    (f"{MAKE}/x-pagination/next-url", GONE, "must have cursor and parameter, or next-url, or both"),
    (f"{MAKE}/responses/2XX", {}, "needs a 2xx response in JSON with a schema"),
    (f"{HOOK}/x-pagination", {"items": ""}, "belongs on an operation below paths"),
    (f"{LIST}/x-bounds", {"items": "/data", "by": "/at"}, "belongs on a parameter in the query"),
    (f"{SINCE}/in", "header", "x-bounds has no effect here: it belongs on a parameter in the query"),
    (f"{SINCE}/x-bounds/by", GONE, 'lacks "by"'),
    (f"{SINCE}/x-bounds/by", "/time", "has /time, which leads nowhere in #/components/schemas/Names/items"),
    (f"{SINCE}/x-bounds/items", "/page", "has /page as items, which is not an array"),
    (f"{SINCE}/x-bounds/items", "/date", "has /date, which leads nowhere"),
    (f"{LIST}/x-laws/later", GONE, "needs a law of things that compares items with request.query.since"),
    (f"{LIST}/x-laws/later", 7, "needs a law of things that compares items with request.query.since"),
    (f"{BROKEN}/x-exception", None, "is null"),
    (f"{BROKEN}/x-exception", "Broken", 'is "Broken", which does not match'),
    (f"{BROKEN}/x-exception", "Not Found Error", "does not match"),
    (f"{BROKEN}/x-exception", {}, 'lacks "class"'),
    (f"{BROKEN}/x-exception", "KeyError", "names the class KeyError, which is built into Python"),
    (f"{REJECTED}/x-exception/class", "2Error", 'at /class is "2Error", which does not match'),
    (f"{REJECTED}/x-exception/hint", "", "at /hint has fewer"),
    (f"{REJECTED}/x-exception/error-type", "/type", 'at /error-type is "/type", a string, not an array'),
    (f"{REJECTED}/x-exception/error-type", [], "at /error-type has fewer"),
    (f"{REJECTED}/x-exception/error-type", GONE, 'lacks "error-type"'),
    (f"{REJECTED}/x-exception/error-type/1", "/error/code", "has /error/code, which leads nowhere"),
    (f"{REJECTED}/x-exception/error-message", ["/text"], "has /text, which leads nowhere"),
    (f"{REJECTED}/x-exception/by-error-type/gone", "GoneError", 'at /by-error-type/gone is "GoneError"'),
    (f"{REJECTED}/x-exception/by-error-type/gone/class", GONE, 'lacks "class"'),
    (
        f"{REJECTED}/x-exception/by-error-type/gone/class",
        "OSError",
        "names the class OSError, which is built",
    ),
    (f"{REJECTED}/x-exception/by-error-type/gone/status", 410, "members that are not allowed: status"),
    (f"{LIST}/responses/200/x-exception", "ThingError", "belongs on a component response"),
    (f"{LIST}/responses/400/x-exception", "ThingError", "belongs on a component response"),
    (f"{TOKEN}/x-signature/algorithm", "md5", 'is "md5", not "hmac-sha1"'),
    (f"{TOKEN}/x-signature/separator", GONE, 'lacks "separator"'),
    (f"{TOKEN}/x-signature/parameter", GONE, 'lacks "parameter"'),
    (f"{TOKEN}/x-signature/key", "nothing", "has the key nothing, which is not an apiKey security scheme"),
    (f"{TOKEN}/x-signature/key", "oauth", "has the key oauth, which is not an apiKey security scheme"),
    (f"{HOOK}/x-signature/header", GONE, 'lacks "header"'),
    (f"{HOOK}/x-signature/parameter", "sig", "members that are not allowed: parameter"),
    (f"{HOOK}/x-signature/prefix", 1, "at /prefix is 1"),
    (f"{LIST}/x-signature", {}, "belongs on an apiKey security scheme or an operation below webhooks"),
    (f"{SCHEMAS}/Id/x-identifier/bits", 0, "at /bits is 0, less than 1"),
    (f"{SCHEMAS}/Id/x-identifier/bits", 23, "leaves none of its 23 bits for the time"),
    (f"{SCHEMAS}/Id/x-identifier/epoch", GONE, 'lacks "epoch"'),
    (f"{SCHEMAS}/Id/x-identifier/shift", GONE, 'lacks "shift"'),
    (f"{SCHEMAS}/Id/x-identifier/minimum", -1, "at /minimum is -1"),
    (f"{SCHEMAS}/Id/x-identifier/alphabet", "01", "at /alphabet has fewer"),
    (f"{SCHEMAS}/Id/x-identifier/alphabet", "a" * 64, "has the same character twice in its alphabet"),
    (f"{SCHEMAS}/Page/x-identifier", {"bits": 64}, "belongs on a string schema"),
    (f"{LIST}/x-lifecycle", [], "has fewer"),
    (f"{LIST}/x-lifecycle/0/date", "17.11.2015", 'at /0/date is "17.11.2015"'),
    (f"{LIST}/x-lifecycle/0/date", "2018-04-05", "2018-04-04 stands after 2018-04-05"),
    (f"{LIST}/x-lifecycle/1/what", GONE, 'at /1 lacks "what"'),
    (f"{LIST}/x-laws", [], "x-laws is an array, not an object"),
    (f"{LIST}/x-laws/some/rule", "no", "the expression uses the variable no"),
    (f"{HOOK}/x-laws", {}, "belongs on an operation below paths or components"),
    (f"{SCHEMAS}/Page/x-invariants/more-has-next/rule", GONE, 'lacks "rule"'),
    (f"{SCHEMAS}/Page/x-invariants/more-has-next/rule", "self.mroe", "the schema has no property mroe"),
    (f"{LIST}/x-invariants", {}, "belongs on a schema"),
    (f"{MAKE}/x-undo/operation", GONE, 'lacks "operation"'),
    (f"{MAKE}/x-undo/operation", "unmakeThing", "names unmakeThing, which is not an operation"),
    (f"{MAKE}/x-undo/then", "makeThing", "names makeThing, which is not an operation with GET"),
    (f"{MAKE}/x-undo/when", "then.body", "uses the variable then, which does not exist here"),
    (f"{MAKE}/x-undo/with/id", "1 +", "has an expression that is not CEL"),
    (f"{LIST}/x-scopes", {}, "x-scopes has fewer"),
    (f"{LIST}/x-scopes/none", "true", "names none, which is not a scope of the operation"),
    (f"{LIST}/x-scopes/own", "before.body == null", "uses the variable before, which does not exist here"),
    (f"{LIST}/x-scopes/own", "has(request.path.id)", "things has no id in its path"),
    (f"{MAKE}/x-scopes", {"own": "true"}, "names own, which is not a scope of the operation"),
    (f"{BROKEN}/x-scopes", {"own": "true"}, "belongs on an operation below paths"),
    (f"{BROKEN}/headers/RateLimit-Remaining/x-counts-all", "yes", "a string, not a boolean"),
    (f"{BROKEN}/x-counts-all", True, "belongs on a header"),
    (f"{READY}/x-answer", "", 'x-answer is "", which does not match'),
    (f"{READY}/x-answer", "{challenge}", 'x-answer is "{challenge}", which does not match'),
    (
        f"{READY}/x-answer",
        "{$request.query.mode}",
        "uses mode in the query, which is not a parameter of the callback",
    ),
    (f"{READY}/x-answer", "{$request.header.hub.challenge}", "uses hub.challenge in the header"),
    (f"{BROKEN}/x-answer", "a", "belongs on a response of a callback"),
    (f"{MAKE}/x-needs", "", "x-needs has fewer"),
    (f"{TOKEN}/x-error-types", {}, "x-error-types has fewer"),
    (f"{TOKEN}/x-error-types/missing", "none", 'at /missing is "none", a string, not an array'),
    (f"{TOKEN}/x-error-types/expired", ["old"], "members that are not allowed: expired"),
    (f"{LIST}/x-error-types", ["old"], "belongs on a security scheme or a rule"),
    (f"{BROKEN}/x-retired", {}, "x-retired has fewer"),
    (f"{LIST}/x-retired", {"/a": 1}, "belongs on a component response"),
    (f"{OAUTH}/x-lifecycle", [], "belongs on an operation"),
    (f"{LIST}/x-migration/replacement", GONE, 'lacks "replacement"'),
    (f"{LIST}/x-migration/replacement", "", "at /replacement has fewer"),
    (f"{LIST}/x-migration/note", None, "at /note is null, not a string"),
    ("/x-path-variants", {"suffixes": []}, "at /suffixes has fewer"),
    ("/x-path-variants/suffixes/0", "", "at /suffixes/0 has fewer"),
    ("/x-path-variants/trailing-slash", "yes", 'at /trailing-slash is "yes", a string, not a boolean'),
    ("/x-client", {"interface": 3}, "x-client at /interface"),
    (f"{LIST}/x-client", {}, "has no effect here: it belongs on the document"),
    ("/x-gateway-failures", "info", 'is "info", not "error" or "warning"'),
    (f"{LIST}/x-gateway-failures", "error", "has no effect here: it belongs on the document"),
    ("/x-path-variants/prefixes", ["/v1"], "members that are not allowed: prefixes"),
    (f"{LIST}/x-path-variants", {}, "has no effect here: it belongs on the document"),
    ("/x-migration", {"replacement": None}, "x-migration has no effect here: it belongs on an operation"),
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


def test_extensions_that_are_well_formed_have_no_problem() -> None:
    assert list(problems(extended())) == []


def test_every_extension_is_tried() -> None:
    mistaken = " ".join(pointer for pointer, _, _ in MISTAKES)
    assert set(re.findall("x-[a-z-]+", EXTENDED)) == set(re.findall("x-[a-z-]+", mistaken)) == SHAPES.keys()


@pytest.mark.parametrize(("pointer", "value", "says"), MISTAKES)
def test_a_mistake_in_an_extension_is_reported(pointer: str, value: Any, says: str) -> None:
    flaws = list(problems(extended(pointer, value=value)))
    assert any(says in flaw.message for flaw in flaws), flaws


def test_a_mistake_is_reported_where_it_is(linted: Linted) -> None:
    text = HEAD + PATHS + "      x-lifecycle:\n        - {date: '2018-04-04', what: 5}\n"
    [(line, problem)] = linted(text)
    assert (line, problem.pointer) == (9, "/paths/~1things/get/x-lifecycle/0/what")
    assert problem.message == "x-lifecycle at /0/what is 5, an integer, not a string"


def test_a_property_with_the_name_of_an_extension_is_not_one() -> None:
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
PLACES = ["", LIST, MAKE, HOOK, TOKEN, OAUTH, REJECTED, BROKEN, f"{SCHEMAS}/Things", f"{SCHEMAS}/Id"]


@pytest.mark.no_cover
@settings(max_examples=100)
@given(st.sampled_from(PLACES), st.sampled_from(sorted(SHAPES)), GARBAGE)
def test_any_garbage_in_an_extension_is_judged(place: str, extension: str, value: Any) -> None:
    try:
        spec = extended(f"{place}/{extension}", value=value)
    except SpecError:
        assert extension == "x-path-variants"  # no path can be found without it
        return
    for flaw in problems(spec):
        assert flaw.message


@pytest.mark.no_cover
@settings(max_examples=100)
@given(st.sampled_from([pointer for pointer, _, _ in MISTAKES]), GARBAGE)
def test_any_garbage_within_an_extension_is_judged(pointer: str, value: Any) -> None:
    try:
        spec = extended(pointer, value=value)
    except (SpecError, KeyError):
        return  # the place itself cannot be garbage
    for flaw in problems(spec):
        assert flaw.message
