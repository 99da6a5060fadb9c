"""Laws hold or do not, cost only what they apply to, and each of the bundled ones can be broken alone."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from instagram_server import ids, world
from support.asking import ALL, ORIGIN, Server
from support.paths import CONTRACT, ROOT
from support.serving import callback
from wirecheck import cel
from wirecheck.cel import FUNCTIONS, Expression, Known
from wirecheck.checks import Judge
from wirecheck.checks.views import request_view, response_view
from wirecheck.cli import run
from wirecheck.laws import Law, applying, laws
from wirecheck.lint import lint
from wirecheck.model import Exchange, Finding, SpecError
from wirecheck.spec import Spec, load

# Functions

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VALUES: list[tuple[str, Any]] = [
    ("ascending([])", True),
    ("ascending([1, 1, 2])", True),
    ("ascending([2, 1])", False),
    ("descending(['b', 'b', 'a'])", True),
    ("descending([1, 2])", False),
    ("distinct(['a', 'b'])", True),
    ("distinct(['a', 'b', 'a'])", False),
    ("distinct([{'a': [1]}, {'a': [2]}])", True),
    ("distinct([{'a': [1]}, {'a': [1]}])", False),
    ("distance(0, 0, 0, 180) / 6371000.0 > 3.1415 && distance(0, 0, 0, 180) / 6371000.0 < 3.1416", True),
    ("distance(48.8584, 2.2945, 48.8584, 2.2945)", 0.0),
    ("distance(48.0, 2.0, 49.0, 2.0) > 111194.0 && distance(48.0, 2.0, 49.0, 2.0) < 111196.0", True),
    ("find('https://a.example/p/xyz/', '/p/([a-z]+)')", "xyz"),
    ("find('12_34', '^[0-9]+')", "12"),
    ("find('12', '_([0-9]+)')", ""),
    ("find('a', '(b)?')", ""),
    ("integer('12_34')", 12),
    ("integer('-5')", -5),
    ("integer('')", 0),
    ("integer('x1')", 0),
    ("integer('99999999999999999999') == 9223372036854775807", True),
    ("integer('9' + '" + "9" * 9000 + "') == 9223372036854775807", True),
    ("lower('ÄB') == lower('äb')", True),
    ("sorted([2, 3, 1])", [1, 2, 3]),
    ("without([3, 1, 2, 1], [2])", [3, 1, 1]),
    ("without([{'a': 1, 'b': 2}, {'a': 2}], [{'b': 2, 'a': 1}])", [{"a": 2}]),
    ("without(['a'], []) == ['a'] && without([], ['a']) == []", True),
    (f"number('-m4sYTgBwB', '{ALPHABET}')", "1127838097061452801"),
    ("number('ff', '0123456789abcdef')", "255"),
    ("number('fg', '0123456789abcdef')", ""),
    ("number('', '01')", ""),
    ("number('ffffffffffffffffffff', '0123456789abcdef') == '1208925819614629174706175'", True),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_function_gives_what_it_says(text: str, value: Any) -> None:
    assert Expression(text, ())() == value


def test_every_function_is_tried_and_documented() -> None:
    documented = (ROOT / "docs" / "extensions.md").read_text(encoding="utf-8")
    for name in FUNCTIONS:
        assert any(f"{name}(" in text for text, _ in VALUES), name
        assert f"| `{name}(" in documented, name


# Laws of a document of our own

PLAIN = """\
openapi: 3.1.0
info: {title: Things, version: '1'}
servers: [{url: https://things.example}]
security: [{key: []}]
paths:
  /shelves/{shelf}/things:
    parameters: [{name: shelf, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: listThings
      parameters:
        - {name: count, in: query, schema: {type: integer, minimum: 1}}
        - {name: odd, in: query, schema: {type: boolean}}
      responses: &answers
        '200':
          description: Things.
          content: {application/json: {schema: {type: object, properties: {things: {type: array}}}}}
        '400': {description: Refused.}
    post:
      operationId: addThing
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {size: {type: integer}, name: {type: string}}}
      responses: *answers
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
"""
COUNT = {
    "says": "No more than asked for.",
    "when": "has(request.query.count)",
    "holds": "size(response.body.things) <= request.query.count",
}
ADDED = {
    "says": "A thing is added.",
    "then": "listThings",
    "with": {"shelf": "request.path.shelf", "count": "request.body.size"},
    "holds": "size(then.body.things) == size(before.body.things) + 1",
}
LIKE_ITSELF = {
    "says": "A thing is listed as it is on its shelf.",
    "each": "response.body.things",
    "then": "listThings",
    "with": {"shelf": "item.shelf"},
    "holds": "item in then.body.things",
}


@pytest.fixture
def spec_with(tmp_path: Path) -> Callable[..., Spec]:
    def written(get: dict[str, Any] | None = None, post: dict[str, Any] | None = None) -> Spec:
        document = yaml.safe_load(PLAIN)
        [path] = document["paths"].values()
        for method, found in (("get", get), ("post", post)):
            if found is not None:
                path[method]["x-laws"] = found
        (tmp_path / "api.json").write_text(json.dumps(document), encoding="utf-8")
        return load(tmp_path / "api.json")

    return written


SpecWith = Callable[..., Spec]


def exchange(query: str = "", body: Any = None, **changes: Any) -> Exchange:
    given: dict[str, Any] = {
        "source": "things.har#7",
        "entry": 7,
        "method": "GET",
        "url": f"https://things.example/shelves/3/things?key=k&{query}",
        "status": 200,
        "response_headers": (("content-type", "application/json"),),
        "response_body": json.dumps(body if body is not None else {"things": [1, 2, 3]}).encode(),
    }
    return Exchange(**{**given, **changes})


def told(judge: Judge, one: Exchange) -> list[Finding]:
    return [finding for finding in judge.judge(one).findings if finding.check == "law-kept"]


def test_a_law_that_is_broken_is_told_with_its_place(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"count-obeyed": COUNT}))
    [finding] = told(judge, exchange("count=2"))
    assert finding.message == "count-obeyed: No more than asked for."
    assert finding.spec_pointer == "#/paths/~1shelves~1{shelf}~1things/get/x-laws/count-obeyed"
    assert finding.pointer is None


SILENT: dict[str, Exchange] = {
    "kept": exchange("count=3"),
    "without what it is about": exchange(),
    "refused": exchange("count=2", status=400),
    "a parameter that breaks its schema": exchange("count=none"),
    "a parameter below its minimum": exchange("count=0"),
    "a parameter that was sent twice": exchange("count=2&count=2"),
    "a body that breaks its schema": exchange("count=2", {"things": {}}),
    "a body that is no JSON": exchange("count=2", response_body=b"["),
    "a body that was not recorded": exchange("count=2", response_body=None),
    "a path that breaks its schema": exchange(url="https://things.example/shelves/x/things?count=2"),
    "no body, as it must be": exchange("count=2", method="HEAD", response_body=b""),
}


@pytest.mark.parametrize("case", SILENT)
def test_nothing_is_said_of(case: str, spec_with: SpecWith) -> None:
    assert told(Judge(spec_with({"count-obeyed": COUNT})), SILENT[case]) == []


def test_laws_with_further_requests_are_left_out(spec_with: SpecWith) -> None:
    judge = Judge(spec_with(post={"thing-added": ADDED}))
    assert told(judge, exchange(method="POST", request_body=b"size=1")) == []


def test_without_laws_none_is_looked_at(spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_with({"count-obeyed": COUNT})
    assert told(Judge(spec, with_laws=False), exchange("count=2")) == []
    path = spec.document.name
    recording = Path(path).with_suffix(".jsonl")
    line = {
        "request": {"method": "GET", "url": exchange("count=2").url},
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"things": [1, 2, 3]},
    }
    recording.write_text(json.dumps(line), encoding="utf-8")
    assert run(["check", "--spec", path, str(recording)]) == 1
    assert run(["check", "--spec", path, "--no-laws", str(recording)]) == 0


def test_nothing_is_compiled_for_a_document_without_laws(
    spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cel, "Expression", None)
    assert laws(spec_with()) == {}


def test_a_law_is_compiled_once(spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    class Spy(Expression):
        def __init__(self, text: str, variables: Any) -> None:
            compiled.append(text)
            super().__init__(text, variables)

    monkeypatch.setattr(cel, "Expression", Spy)
    cel.compiled.cache_clear()
    judge = Judge(spec_with({"count-obeyed": COUNT}))
    for _ in range(3):
        told(judge, exchange("count=2"))
    assert compiled == [COUNT["when"], COUNT["holds"]]
    cel.compiled.cache_clear()


def test_a_law_that_does_not_apply_costs_no_body(
    spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    evaluate = Expression.on

    def spy(self: Expression, known: Known) -> Any:
        seen.append(set(known.variables))
        return evaluate(self, known)

    monkeypatch.setattr(Expression, "on", spy)
    judge = Judge(spec_with({"count-obeyed": COUNT}))
    told(judge, exchange())
    assert seen == [{"request"}]
    told(judge, exchange("count=2"))
    assert seen[1:] == [{"request"}, {"request", "response"}]


def test_a_law_sees_what_it_names_of_a_body() -> None:
    body = {"things": [{"a": 1, "b": {"c": [2]}}, {"a": 1, "b": {"c": [3]}}], "more": "x" * 1000}
    view = {"status": 200, "headers": {}, "body": body}
    named = Expression("response.body.things.all(t, t.a == 1)", {"response"})
    assert named.of(response=view).variables == {"response": {"body": {"things": [{"a": 1}, {"a": 1}]}}}


SEEN_IN_PART = [
    "distinct(response.body.list)",
    "distinct(response.body.list.map(t, t.b))",
    "distinct(response.body.list.map(t, t))",
    "response.body.list.map(t, t.a) == then.body.list.map(t, t.b)",
    "size(response.body.a) == size(response.body.list)",
    "response.body.a == then.body.b && size(then.body.b) == 0",
    "response.body.a.all(k, response.body.a[k] == then.body.list[0])",
    "response.body.a.exists(k, k == 'x')",
    "'x' in response.body.a",
    "response.body['a'] == then.body['b']",
    "response.body['a'].all(k, k == 'x')",
    "has(response.body.a.x) || response.body.b == null",
    "response.body.list.exists(t, t == then.body.a)",
    "response.body.list.all(t, t.b == then.body.a.b)",
    "response.body.list.all(t, t.all(k, k == 'x'))",
    "response.body.list.all(t, size(t) == 2)",
    "response.body.list.all(t, 'y' in t)",
    "response.body.list.all(t, response.body.b in t)",
    "response.body.list[0] == then.body.list[size(then.body.list) - 1]",
    "response.body.list[0].all(k, k == 'x')",
    "size(response.body.list[0]) == 1",
    "response.body.list.filter(t, t.a != 1) == then.body.list.filter(t, t.a != 1)",
    "response.body.list.filter(t, has(t.a))[0].all(k, k == 'a')",
    "[response.body.a].all(x, x.all(k, k == 'x'))",
    "[response.body.a, then.body.b].exists(x, x == response.body.list[0])",
    "response.body.list.map(t, t.a).all(x, x == then.body.a)",
    "response.body == then.body",
    "response == then",
    "response.body.all(k, k in then.body)",
    "(has(response.body.x) ? response.body.a : then.body.a).exists(k, k == '')",
    "size(has(response.body.x) ? response.body.a : then.body.a) == 1",
    "(response.body.a).exists(k, k == 'x')",
    "response.body.a[item.b] == 1",
    "(has(response.body.x) ? response.body.a : then.body.b) == response.body.list[0]",
    "without(response.body.list, then.body.list) == []",
    "size(without(response.body.list, then.body.list.filter(t, has(t.x)))) == 1",
    "response.body.list == then.body.list.map(t, t)",
    "item == response.body.a || item.all(k, k == 'x')",
    "response.body.list.exists(t, t == item)",
    "response.body.list.exists(t, t.a == item.a)",
    "has(item.b) && item.b == response.body.list[0]",
]
_SCALARS = st.sampled_from([None, 1, "x", "y"])
_MEMBERS = st.sampled_from(["a", "b", "x", "y", "list"])
_OBJECTS = st.dictionaries(
    _MEMBERS, st.one_of(_SCALARS, st.dictionaries(_MEMBERS, _SCALARS, max_size=2)), max_size=3
)
_LISTS = st.lists(_OBJECTS, max_size=2)
_BODIES = st.fixed_dictionaries({"list": _LISTS, "a": _OBJECTS, "b": _OBJECTS}, optional={"x": _OBJECTS})
_PAIRS = _BODIES.map(lambda body: (body, body)) | st.tuples(_BODIES, _BODIES)


@pytest.mark.parametrize("text", SEEN_IN_PART)
@given(_PAIRS, _OBJECTS | st.none())
@settings(max_examples=60, deadline=None)
def test_what_a_law_does_not_see_makes_no_difference(text: str, bodies: Any, item: Any) -> None:
    expression = Expression(text, {"response", "then", "item"})
    body, then = bodies
    views = {"response": {"body": body}, "then": {"body": then}, "item": body["a"] if item is None else item}

    def value(known: Known) -> Any:
        try:
            return expression.on(known)
        except Exception as error:
            return type(error)

    assert value(expression.of(**views)) == value(Known(views))


FILTERS = [
    "response.body.list.filter(t, has(t.a) && t.a == 1)",
    "response.body.list.filter(t, t.a != then.body.list[0].a)",
    "response.body.list.filter(t, has(t.b) && (t.b == ')' || t.b == \"x\"))",
    "response.body.list.filter(t, response.body.list.exists(u, u == t && has(u.a)))",
    "response.body.list.filter(t, t)",
    "response.body.list.filter(t, t.a)",
    "response.body.a.filter(k, k == 'x')",
    "response.body.list.filter(t, has(t.a)).filter(u, u.a == 1)",
    " response.body.list.filter( t , has(t.x) || (has(then.body.x) && size(then.body.list) > 0) ) ",
    "response.body.x.filter(t, t == 'a')",
]


@pytest.mark.parametrize("text", FILTERS)
@given(_PAIRS)
@settings(max_examples=60, deadline=None)
def test_a_filter_gives_what_it_gives_within_an_expression(text: str, bodies: Any) -> None:
    views = {"response": {"body": bodies[0]}, "then": {"body": bodies[1]}}

    def value(text: str) -> Any:
        try:
            return Expression(text, {"response", "then"})(**views)
        except Exception:
            return "none"

    assert [value(text)] == ["none" if value(f"[{text}]") == "none" else value(f"[{text}]")[0]]


def test_what_was_sent_can_be_compared_with_what_is_answered() -> None:
    sent, other = {"size": 2}, {"size": 3}
    expression = Expression("response.body.thing == request.body", {"request", "response"})
    for answered, value in ((sent, True), (other, False)):
        known = expression.of(request={"body": sent}, response={"body": {"thing": answered}})
        assert expression.on(known) is value


def test_a_deep_body_can_be_looked_at(spec_with: SpecWith) -> None:
    law = {"says": "There are things.", "holds": "size(response.body.things) == 1"}
    nested = {"says": "Things have things.", "each": "response.body.things", "holds": "has(item.things)"}
    text = '{"things": [' + '{"things": ' * 4000 + "1" + "}" * 4000 + "]}"
    judge = Judge(spec_with({"things-there": law, "nested": nested}))
    assert told(judge, exchange(response_body=text.encode())) == []


UNEVALUABLE = [
    ("response.body.gone == 1", '"gone" is not there'),
    ("response.body.things > 1", "TypeError"),
    ("int(response.body.things[0].name) == 1", "in int("),
    ("lower(response.body.things[0].size) == ''", "RuntimeError"),
    ("response.body.things[5] == 1", "IndexError"),
    ("size(response.body.things)", "neither true nor false"),
]


@pytest.mark.parametrize(("holds", "reason"), UNEVALUABLE)
def test_a_law_that_cannot_be_evaluated_is_never_a_pass(
    holds: str, reason: str, spec_with: SpecWith, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = spec_with({"odd-law": {"says": "It is odd.", "holds": holds}})
    one = exchange(body={"things": [{"name": "hush", "size": 4711}]})
    with pytest.raises(SpecError) as caught:
        Judge(spec).judge(one)
    message = str(caught.value)
    assert message.startswith(f"{spec.document.name}:1: #/paths/")
    assert "the law odd-law of listThings cannot be evaluated on things.har#7" in message
    assert reason in message
    assert "hush" not in message
    assert "4711" not in message
    assert "hush" not in capsys.readouterr().err


def test_a_law_that_cannot_be_evaluated_ends_with_2(
    spec_with: SpecWith, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = spec_with({"odd-law": {"says": "It is odd.", "holds": "response.body.gone"}})
    recording = Path(spec.document.name).with_suffix(".jsonl")
    line = {
        "request": {"method": "GET", "url": exchange().url},
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"things": []},
    }
    recording.write_text(json.dumps(line), encoding="utf-8")
    assert run(["check", "--spec", spec.document.name, str(recording)]) == 2
    assert "the law odd-law of listThings cannot be evaluated on api.jsonl#0" in capsys.readouterr().err


def test_a_request_is_seen_by_its_schemas(spec_with: SpecWith) -> None:
    judge = Judge(spec_with())
    get = exchange("count=5&odd=true&more=1")
    assert request_view(judge.subject(get)) == {
        "method": "GET",
        "path": {"shelf": 3},
        "query": {"key": "k", "count": 5, "odd": True, "more": "1"},
        "body": None,
        "credentials": {"key": "k"},
    }
    post = exchange(method="POST", request_body=b"size=4&name=4&more=x")
    view = request_view(judge.subject(post))
    assert view is not None
    assert view["body"] == {"size": 4, "name": "4", "more": "x"}
    assert request_view(judge.subject(exchange(method="POST", request_body=b"size=x"))) is None
    assert request_view(judge.subject(exchange(method="POST"))) is None, "it was not recorded"
    assert request_view(judge.subject(exchange("more=\ud800"))) is not None
    assert response_view(judge.subject(get)) == {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"things": [1, 2, 3]},
    }


def test_a_law_of_a_sequence(spec_with: SpecWith) -> None:
    judge = Judge(spec_with(post={"thing-added": ADDED}))
    [law] = judge.laws["addThing"]
    subject = judge.subject(exchange(method="POST", request_body=b"size=1"))
    request, response = request_view(subject), response_view(subject)
    assert request is not None
    assert response is not None
    assert applying([law], request)
    assert law.arguments(request) == {"shelf": 3, "count": 1}
    before, then = ({"status": 200, "headers": {}, "body": {"things": one}} for one in ([1], [1, 2]))
    assert law.satisfied(request, response, before, then)
    assert not law.satisfied(request, response, then, then)


def test_a_law_of_items(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"like-itself": LIKE_ITSELF}))
    [law] = judge.laws["listThings"]
    things = [{"shelf": 1}, {"shelf": 2}]
    subject = judge.subject(exchange(body={"things": things}))
    request, response = request_view(subject), response_view(subject)
    assert request is not None
    assert response is not None
    assert law.items(request, response) == things
    assert law.arguments(request, response, item=things[1]) == {"shelf": 2}
    then = {"status": 200, "headers": {}, "body": {"things": [{"shelf": 2}]}}
    assert [law.satisfied(request, response, then, then, item=one) for one in things] == [False, True]
    assert not law.covers_rejections


@pytest.mark.parametrize("each", ["response.body.things[0]", "response.body.things"])
def test_what_each_gives_must_be_things(each: str, spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"like-itself": {**LIKE_ITSELF, "each": f"size({each})"}}))
    [law] = judge.laws["listThings"]
    subject = judge.subject(exchange(body={"things": [{"shelf": 1}]}))
    request, response = request_view(subject), response_view(subject)
    assert request is not None
    assert response is not None
    with pytest.raises(SpecError, match=r"law like-itself of .* each gives neither a list nor an object"):
        law.items(request, response)


SMALL = {"says": "Things are small.", "each": "response.body.things", "holds": "item.size < 10"}


def test_a_law_of_one_exchange_may_be_about_items(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"small": SMALL}))
    sizes = [1, 20, 3, 20, 40]
    body = {"things": [{"size": size} for size in sizes]}
    for _ in range(2):  # from what is remembered the second time
        found = judge.judge(exchange(body=body)).findings
        assert [one.pointer for one in found] == ["/things/1", "/things/3", "/things/4"]
        assert {one.message for one in found} == {"small: Things are small."}
    assert len({one.fingerprint for one in found}) == 1
    assert judge.judge(exchange(body={"things": [{"size": 2}]})).findings == ()


def test_an_object_is_an_item_by_itself(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"small": {**SMALL, "each": "response.body.things[0]"}}))
    found = judge.judge(exchange(body={"things": [{"size": 20}, {"size": 20}]})).findings
    assert [one.pointer for one in found] == [None]


def test_what_else_counts_for_items_is_not_forgotten(spec_with: SpecWith) -> None:
    law = {**SMALL, "when": "has(request.query.count)", "holds": "item.size < request.query.count"}
    judge = Judge(spec_with({"small": law}))
    body = {"things": [{"size": 2}]}
    assert not judge.judge(exchange("count=3", body=body)).findings
    assert judge.judge(exchange("count=2", body=body)).findings


def test_no_more_items_are_remembered_than_there_is_room_for(
    spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wirecheck.laws._REMEMBERED", 3)
    judge = Judge(spec_with({"small": SMALL}))
    for size in range(20):
        found = judge.judge(exchange(body={"things": [{"size": size}]})).findings
        assert len(found) == (size >= 10)
    [law] = judge.laws["listThings"]
    assert len(law._verdicts) <= 3


# What is wrong with a law

MISTAKES: list[tuple[str, dict[str, Any], str, str]] = [
    ("get", {"Count": COUNT}, "", "members that are not allowed: Count"),
    ("get", {"a": {"holds": "true"}}, "/a", 'lacks "says"'),
    ("get", {"a": {"says": "A."}}, "/a", 'lacks "holds"'),
    ("get", {"a": {**COUNT, "holds": ""}}, "/a/holds", "has fewer characters"),
    ("get", {"a": {**COUNT, "holds": "1 +"}}, "/a/holds", "the expression is no CEL"),
    ("get", {"a": {**COUNT, "holds": "answer.status == 200"}}, "/a/holds", "uses the variable answer"),
    ("get", {"a": {**COUNT, "holds": "then.status == 200"}}, "/a/holds", "uses the variable then"),
    ("get", {"a": {**COUNT, "when": "response.status == 200"}}, "/a/when", "uses the variable response"),
    ("get", {"a": {**COUNT, "holds": "sum([1]) == 1"}}, "/a/holds", "uses the function sum"),
    ("get", {"a": {**COUNT, "when": "has(request.query.cuont)"}}, "/a/when", "has no cuont in its query"),
    ("get", {"a": {**COUNT, "when": "has(request.path.id)"}}, "/a/when", "has no id in its path"),
    ("get", {"a": {**COUNT, "when": "has(request.header)"}}, "/a/when", "a request has no header"),
    ("get", {"a": {**COUNT, "when": "has(request.credentials.token)"}}, "/a/when", "has no token in its"),
    ("get", {"a": {**COUNT, "holds": "response.code == 1"}}, "/a/holds", "a response has no code"),
    ("get", {"a": {**COUNT, "with": {}}}, "/a", 'lacks "then"'),
    ("get", {"a": {**COUNT, "if": "true"}}, "/a", "members that are not allowed: if"),
    ("get", {"a": {**COUNT, "each": "response.things"}}, "/a/each", "a response has no things"),
    ("get", {"a": {**COUNT, "holds": "item.size > 1"}}, "/a/holds", "uses the variable item"),
    ("get", {"a": {**LIKE_ITSELF, "each": "then.body"}}, "/a/each", "uses the variable then"),
    ("get", {"a": {**LIKE_ITSELF, "each": "request.path.id"}}, "/a/each", "has no id in its path"),
    ("get", {"a": {**LIKE_ITSELF, "when": "item == 1"}}, "/a/when", "uses the variable item"),
    ("get", {"a": {**ADDED, "holds": "item == 1"}}, "/a/holds", "uses the variable item"),
    ("post", {"a": {**ADDED, "each": "[1]"}}, "/a/each", "addThing is no operation with GET"),
    ("post", {"a": {**ADDED, "then": "addThing"}}, "/a/then", "addThing, which is no operation with GET"),
    ("post", {"a": {**ADDED, "then": "nothing"}}, "/a/then", "nothing, which is no operation with GET"),
    ("post", {"a": {**ADDED, "with": {"id": "1"}}}, "/a/with/id", "listThings has no parameter id"),
    ("post", {"a": {**ADDED, "with": {"shelf": "then.status"}}}, "/a/with/shelf", "the variable then"),
    ("post", {"a": {**ADDED, "with": {"shelf": "response.status"}}}, "/a/with/shelf", "variable response"),
]


@pytest.mark.parametrize(("method", "written", "pointer", "says"), MISTAKES)
def test_the_linter_finds_a_mistake(
    method: str, written: dict[str, Any], pointer: str, says: str, spec_with: SpecWith
) -> None:
    found = [one for _, one in lint(spec_with(**{method: written})) if one.rule == "extension-well-formed"]
    where = f"/paths/~1shelves~1{{shelf}}~1things/{method}/x-laws{pointer}"
    assert [one.pointer for one in found] == [where]
    assert says in found[0].message


def test_the_linter_has_nothing_against_laws(spec_with: SpecWith) -> None:
    long = "response.body.things.filter(t, t.a > 1).exists(u, u.b == 'then.x' || \"a\" in [u.c])"
    spec = spec_with({"count-obeyed": COUNT, "l": {"says": "L.", "holds": long}}, {"thing-added": ADDED})
    assert [one for _, one in lint(spec) if one.rule == "extension-well-formed"] == []
    spec = spec_with({"like-itself": LIKE_ITSELF})
    assert [one for _, one in lint(spec) if one.rule == "extension-well-formed"] == []


@pytest.mark.parametrize(
    "written", [[], {"a": "true"}, {"a": {}}, {"a": {"says": "A.", "holds": 5}}, {"a": {**COUNT, "with": 5}}]
)
def test_what_is_no_law_is_refused(written: Any, spec_with: SpecWith) -> None:
    with pytest.raises(SpecError, match="/x-laws"):
        Judge(spec_with(written))


def test_a_law_that_is_no_cel_is_refused(spec_with: SpecWith) -> None:
    with pytest.raises(SpecError, match=r"x-laws/a: an expression of this law uses the function sum"):
        Judge(spec_with({"a": {**COUNT, "holds": "sum([1]) == 1"}}))


# The laws of the bundled document: something true for each, and the least that breaks it alone

JUDGE = Judge(load(CONTRACT))
OF_ONE = [law for found in JUDGE.laws.values() for law in found if law.then is None]
OF_TWO = [
    law
    for found in JUDGE.laws.values()
    for law in found
    if law.then is not None and not law.covers_rejections
]
OF_REFUSALS = [law for found in JUDGE.laws.values() for law in found if law.covers_rejections]
ADA, BELA, FRIEND, BLOCKED, ASKING = world.ADA, world.BELA, world.FRIEND, world.BLOCKED, world.ADMIRERS[0]
CLIENT = {"client_id": world.DEMO_CLIENT.id, "client_secret": world.DEMO_CLIENT.secret}
PARIS = {"lat": 48.8584, "lng": 2.2945, "distance": 5000}
Body = Any
Query = dict[str, str]


class Asked:
    """A request that was not sent yet, by method, path and parameters."""

    def __init__(self, method: str, path: str, parameters: dict[str, Any]) -> None:
        self.method, self.path = method, path
        self.fields = {name: str(value) for name, value in parameters.items()}

    def exchange(self, query: Query | None = None, status: int = 0, body: Body = None) -> Exchange:
        sent = urlencode(self.fields if query is None else query)
        form = self.method == "POST"
        return Exchange(
            source="here",
            entry=0,
            method=self.method,
            url=f"https://api.instagram.com{self.path}{'' if form else f'?{sent}'}",
            status=status,
            request_headers=(("content-type", "application/x-www-form-urlencoded"),) * form,
            request_body=sent.encode() if form else b"",
            response_headers=(("content-type", "application/json"),),
            response_body=json.dumps(body).encode(),
        )

    def sent(self, server: Server) -> httpx.Response:
        more = {"data": self.fields} if self.method == "POST" else {"params": self.fields}
        return server.send(self.method, f"{ORIGIN}{self.path}", **more)

    def answered(self, server: Server) -> Body:
        response = self.sent(server)
        assert response.status_code == 200, response.text
        return response.json()


def asked(method: str, path: str, **parameters: Any) -> Asked:
    token = {} if "client_id" in parameters or not path.startswith("/v1") else {"access_token": ALL}
    return Asked(method, path, {**token, **parameters})


def get(path: str, **parameters: Any) -> Asked:
    return asked("GET", f"/v1{path}", **parameters)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


CROWDED, CODE = "957461782561006612_1001", "1Jlmsbj6QU"  # more comments and likes than a list shows
COMMENT = "1127868296050256900"
FEW = "1127838097061452801_1001"

# Operation -> a request whose answer every law about it can be tried on.
ASKED: dict[str, Asked] = {
    "listComments": get(f"/media/{CROWDED}/comments"),
    "createComment": asked("POST", f"/v1/media/{FEW}/comments", text="Fine #snow"),
    "listLikes": get(f"/media/{CROWDED}/likes"),
    "listGeographyRecentMedia": get("/geographies/501/media/recent", count=9),
    "searchLocations": get("/locations/search", **PARIS),
    "getLocation": get("/locations/301"),
    "listLocationRecentMedia": get("/locations/301/media/recent"),
    "listPopularMedia": get("/media/popular"),
    "searchMedia": get("/media/search", **PARIS),
    "getMediaByShortcode": get(f"/media/shortcode/{CODE}"),
    "getMedia": get(f"/media/{CROWDED}"),
    "listRequestedBy": get("/users/self/requested-by"),
    "listFollowedBy": get("/users/self/followed-by", count=5),
    "listFollows": get("/users/self/follows", count=5),
    "updateRelationship": asked("POST", f"/v1/users/{BELA}/relationship", action="follow"),
    "searchTags": get("/tags/search", q="s"),
    "getTag": get("/tags/snow"),
    "listTagRecentMedia": get("/tags/snow/media/recent", count=9),
    "searchUsers": get("/users/search", q="a", count=5),
    "getFeed": get("/users/self/feed", count=9),
    "listLikedMedia": get("/users/self/media/liked", count=9),
    "getUser": get(f"/users/{ADA}"),
    "listUserRecentMedia": get(f"/users/{ADA}/media/recent", count=9),
    "listSubscriptions": get("/subscriptions", **CLIENT),
    "getEmbed": asked(
        "GET", "/oembed", url=f"https://www.instagram.com/p/{CODE}/", omitscript="true", maxwidth=400
    ),
}
# The same for single laws.
ASKED_FOR: dict[tuple[str, str], Asked] = {
    ("getUser", "self-is-owner"): get("/users/self"),
    ("listUserRecentMedia", "media-of-self"): get("/users/self/media/recent", count=9),
    ("updateRelationship", "end-is-answered"): asked(
        "POST", f"/v1/users/{BELA}/relationship", action="unfollow"
    ),
    ("searchTags", "exact-first"): get("/tags/search", q="snow"),
    **{
        (operation, "page-capped"): get(path, count=33)
        for operation, path in {
            "listGeographyRecentMedia": "/geographies/501/media/recent",
            "listTagRecentMedia": "/tags/snow/media/recent",
            "getFeed": "/users/self/feed",
            "listLikedMedia": "/users/self/media/liked",
            "listUserRecentMedia": f"/users/{ADA}/media/recent",
        }.items()
    },
}


def put(name: str, value: Callable[[Body], Any]) -> Callable[[Query, Body], None]:
    """With another parameter."""
    return lambda query, body: query.update({name: str(value(body["data"]))})


def without_count(query: Query, body: Body) -> None:
    del query["count"]


def twice(query: Query, body: Body) -> None:
    body["data"][1] = copy.deepcopy(body["data"][0])


def one_more(make: Callable[[Any], Any]) -> Callable[[Query, Body], None]:
    return lambda query, body: body["data"].append(make(body["data"][-1]))


def swapped(query: Query, body: Body) -> None:
    body["data"][:2] = body["data"][1::-1]


def reversed_(query: Query, body: Body) -> None:
    body["data"].reverse()


def media(body: Body) -> list[Any]:
    return body["data"] if isinstance(body["data"], list) else [body["data"]]


def change(
    of: Callable[[Any], bool] = lambda one: True, **members: Callable[[Any], Any]
) -> Callable[[Query, Body], None]:
    """With other members in the first object that something is true of."""

    def changed(query: Query, body: Body) -> None:
        one = next(filter(of, media(body)))
        one.update({name: value(one) for name, value in members.items()})

    return changed


def next_page(query: Query, body: Body) -> None:
    url = urlsplit(body["pagination"]["next_url"])
    kept = [(name, value) for name, value in parse_qsl(url.query) if name in ("access_token", "count")]
    body["pagination"]["next_url"] = url._replace(query=urlencode(kept)).geturl()


def other_cursor(query: Query, body: Body) -> None:
    page, cursor = body["pagination"], body["data"][0]["id"]
    page["next_url"] = page["next_url"].replace(page["next_max_id"], cursor)
    page["next_max_id"] = cursor


def older(one: Any) -> Any:
    """Another media object, a little older."""
    number = int(one["id"].partition("_")[0]) - 1
    link = f"https://www.instagram.com/p/{ids.shortcode(number)}/"
    return {**copy.deepcopy(one), "id": f"{number}_{one['user']['id']}", "link": link}


def long_page(query: Query, body: Body) -> None:
    while len(body["data"]) < 34:
        body["data"].append(older(body["data"][-1]))
    body["pagination"] = {}


def talked_of(one: Any) -> bool:
    """Whether two comments of different times stand in a media object."""
    return len({comment["created_time"] for comment in one["comments"].get("data", [])}) > 1


def number(one: Any) -> str:
    return str(one["id"]).partition("_")[0]


def placed(lat: float) -> Callable[[Any], Any]:
    return lambda one: {**one["location"], "latitude": lat}


Break = Callable[[Query, Body], None]
SELF = {"username": "bela", "full_name": "Bela Ito", "profile_picture": "https://cdn.example.com/b.jpg"}
FORMER = ids.make(1448000000000, 1, 1)
TWIN: dict[str, Any] = {
    "id": f"{FORMER}_1001",
    "created_time": "1448000000",
    "link": f"https://www.instagram.com/p/{ids.shortcode(FORMER)}/",
    "user": {**SELF, "id": "1001"},
    "caption": None,
}
# Law -> what breaks it, and no other; with an operation before it where that differs.
BREAKS: dict[str, Break] = {
    **dict.fromkeys(
        [
            *("comments-distinct", "users-distinct", "media-distinct", "locations-distinct", "tags-distinct"),
            "subscriptions-distinct",
        ],
        twice,
    ),
    "comments-oldest-first": reversed_,
    "newest-first": swapped,
    "at-most-150": one_more(lambda one: {**one, "id": "5"}),
    "at-most-120": one_more(lambda one: {**one, "id": "5"}),
    "searchTags at-most-50": lambda query, body: body["data"].extend(
        {"name": f"s{index}", "media_count": 0} for index in range(50)
    ),
    "count-obeyed": put("count", lambda data: len(data) - 1),
    "page-capped": without_count,
    "listLocationRecentMedia page-capped": long_page,
    "newer-than-min-id": put("min_id", lambda data: data[-1]["id"]),
    "older-than-max-id": put("max_id", lambda data: data[0]["id"]),
    "later-than-min-timestamp": put("min_timestamp", lambda data: data[-1]["created_time"]),
    "earlier-than-max-timestamp": put("max_timestamp", lambda data: data[0]["created_time"]),
    "cursor-is-last-id": other_cursor,
    "next-url-holds-cursor": next_page,
    "link-holds-id": change(
        link=lambda one: f"https://www.instagram.com/p/{ids.shortcode(int(number(one)) + 1)}/"
    ),
    "id-holds-owner": change(id=lambda one: f"{number(one)}_5"),
    "id-holds-time": change(created_time=lambda one: str(int(one["created_time"]) - 2)),
    "embedded-within-counts": change(talked_of, comments=lambda one: {**one["comments"], "count": 1}),
    "embedded-comments": change(
        talked_of, comments=lambda one: {**one["comments"], "data": one["comments"]["data"][::-1]}
    ),
    "sizes-in-order": change(
        images=lambda one: {**one["images"], "thumbnail": {**one["images"]["thumbnail"], "width": 999}}
    ),
    "caption-by-owner": change(
        lambda one: one["caption"],
        caption=lambda one: {**one["caption"], "from": {**one["caption"]["from"], "id": "5"}},
    ),
    "something-popular": lambda query, body: body["data"].clear(),
    "locations-near": change(latitude=lambda one: 48.8),
    "location-is-asked": change(id=lambda one: "302"),
    "media-from-location": change(location=lambda one: {**one["location"], "id": 302}),
    "media-near": change(location=placed(48.8), distance=lambda one: 6494.0),
    "distance-is-true": change(distance=lambda one: one["distance"] + 300.0),
    "within-seven-days": lambda query, body: body["data"].append(
        {**body["data"][-1], **TWIN, "location": body["data"][-1]["location"]}
    ),
    "media-is-asked": change(id=lambda one: older(one)["id"], link=lambda one: older(one)["link"]),
    "follow-is-answered": change(outgoing_status=lambda one: "none"),
    "end-is-answered": change(outgoing_status=lambda one: "follows"),
    "tags-match": change(name=lambda one: "rain"),
    "exact-first": swapped,
    "most-used-first": reversed_,
    "tag-is-asked": change(name=lambda one: "snowdrop"),
    "media-tagged": change(tags=lambda one: ["rain"]),
    "users-match": change(username=lambda one: "x", full_name=lambda one: "y"),
    "media-liked": change(user_has_liked=lambda one: False),
    "user-is-asked": change(id=lambda one: "1002"),
    "self-is-owner": change(id=lambda one: "1002"),
    **dict.fromkeys(
        ["media-of-user", "media-of-self"],
        change(
            id=lambda one: f"{number(one)}_1002",
            user=lambda one: {**SELF, "id": "1002"},
            caption=lambda one: None,
        ),
    ),
    "post-is-asked": lambda query, body: body.update(media_id="957461782561006613_1001"),
    "author-in-id": lambda query, body: body.update(author_id=5),
    "within-maxwidth": lambda query, body: body.update(width=401),
    "script-left-out": lambda query, body: body.update(html=body["html"] + "<script></script>"),
    "comment-as-posted": lambda query, body: body.update(
        data={"id": "5", "created_time": "1448672400", "text": "fine #snow", "from": {"username": "ada"}}
    ),
    "token-holds-owner": lambda query, body: body["user"].update(id="1002"),
    "subscription-as-asked": lambda query, body: body["data"].update(object="tag"),
}


def the_request(operation: str, law: str) -> Asked:
    return ASKED_FOR.get((operation, law)) or ASKED[operation]


def answer_to(server: Server, operation: str, law: str) -> tuple[Asked, Body]:
    """A request, and the true answer to it."""
    if operation in FROM_THE_DOCUMENT:
        return FROM_THE_DOCUMENT[operation]
    request = the_request(operation, law)
    return request, request.answered(server)


def _documented(name: str, path: str) -> tuple[Asked, Body]:
    """The examples of an operation that wants the help of others to succeed."""
    [operation] = [one for one in JUDGE.spec.operations if one.name == name]
    get_ = JUDGE.spec.document.get
    assert operation.request_body is not None
    response = operation.response(200)
    assert response is not None
    described = get_(operation.request_body.content[0].pointer)
    sent = described["example"] if "example" in described else described["examples"]["user"]["value"]
    return Asked("POST", path, sent), get_(response.content[0].pointer)["example"]


FROM_THE_DOCUMENT = {
    "exchangeCode": _documented("exchangeCode", "/oauth/access_token"),
    "createSubscription": _documented("createSubscription", "/v1/subscriptions"),
}


def messages(request: Asked, query: Query, body: Body) -> list[str]:
    return [finding.message for finding in JUDGE.judge(request.exchange(query, 200, body)).findings]


def test_every_law_of_one_exchange_has_something_that_breaks_it() -> None:
    names = {law.name for law in OF_ONE}
    assert {key.split()[-1] for key in BREAKS} == names
    for key in BREAKS:
        *operation, name = key.split()
        assert [law for law in OF_ONE if law.name == name and law.operation in (operation or [law.operation])]


@pytest.mark.parametrize("law", OF_ONE, ids=lambda law: f"{law.operation}-{law.name}")
def test_a_law_is_kept_and_can_be_broken_alone(law: Law, server: Server) -> None:
    request, body = answer_to(server, law.operation, law.name)
    breaks = BREAKS.get(f"{law.operation} {law.name}") or BREAKS[law.name]
    query, changed = dict(request.fields), copy.deepcopy(body)
    assert messages(request, query, changed) == []
    breaks(query, changed)
    assert messages(request, query, changed) == [f"{law.name}: {law.message}"]


# Laws of two: what was before, what came then, and the least that breaks one alone

LIKE, RELATE = f"/v1/media/{FEW}/likes", "/v1/users/{}/relationship"


def related(user: int, action: str) -> Asked:
    return asked("POST", RELATE.format(user), action=action)


GIVEN: dict[str, Asked] = {
    "createComment": asked("POST", f"/v1/media/{FEW}/comments", text="Fine #snow"),
    "deleteComment": asked("DELETE", f"/v1/media/{FEW}/comments/{COMMENT}"),
    "likeMedia": asked("POST", LIKE),
    "unlikeMedia": asked("DELETE", LIKE),
    "getMedia": get(f"/media/{FEW}"),
    "getMedia like-as-flagged": get("/media/1127811151167464520_1001"),  # not all likes are embedded
    "getMediaByShortcode": get(f"/media/shortcode/{CODE}"),
    "updateRelationship change-is-shown": related(BELA, "unfollow"),
    "updateRelationship private-are-asked": related(world.NEWCOMER, "follow"),
    "updateRelationship block-is-shown": related(BELA, "block"),
    "updateRelationship unblock-is-shown": related(BLOCKED, "unblock"),
    "updateRelationship approval-is-shown": related(ASKING, "approve"),
    "updateRelationship refusal-is-shown": related(ASKING, "ignore"),
    "updateRelationship incoming-unchanged": related(FRIEND, "unfollow"),
    "updateRelationship outgoing-unchanged": related(ASKING, "approve"),
    "updateRelationship ended-is-not-listed": related(BELA, "unfollow"),
    "updateRelationship no-other-follow-lost": related(BELA, "unfollow"),
    "updateRelationship answered-ask-no-longer": related(ASKING, "approve"),
    "getUser self-as-by-id": get("/users/self"),
    "getRelationship askers-are-listed": get(f"/users/{ASKING}/relationship"),
    "createSubscription": asked(
        "POST", "/v1/subscriptions", **CLIENT, object="user", aspect="media", verify_token="v"
    ),
    "deleteSubscriptions": asked("DELETE", "/v1/subscriptions", **CLIENT, id="20472636"),
    "deleteSubscriptions kind-is-gone": asked("DELETE", "/v1/subscriptions", **CLIENT, object="user"),
}


def last(data: Any, **members: Any) -> None:
    data[-1].update(members)


# Law -> what it changes in what was seen before and after.
SPOILS: dict[str, Callable[[Any, Any], None]] = {
    "posted-comment-is-listed": lambda before, then: last(then, text="fine #snow"),
    "posted-comment-is-own": lambda before, then: last(then, **{"from": {**SELF, "id": "1002"}}),
    "posted-comment-is-last": lambda before, then: then.insert(0, then.pop()),
    "posting-adds-one": lambda before, then: then[0].update(text="Other words"),
    "posted-comment-counts": lambda before, then: before["comments"].update(count=5),
    "deleted-comment-is-gone": lambda before, then: then.extend(
        one for one in before if one["id"] == COMMENT
    ),
    "no-other-comment-deleted": lambda before, then: before.append({**before[0], "id": "6"}),
    "deleted-comment-counts": lambda before, then: before["comments"].update(count=5),
    "like-is-listed": lambda before, then: then.remove(next(one for one in then if one["id"] == str(ADA))),
    "likeMedia no-other-like-changed": lambda before, then: then.append({**then[-1], "id": "6"}),
    "unlikeMedia no-other-like-changed": lambda before, then: then.clear(),
    "like-is-flagged": lambda before, then: then.update(user_has_liked=False),
    "like-stands-first": lambda before, then: then.append(then.pop(0)),
    "like-counts-once": lambda before, then: then["likes"].update(count=9),
    "unlike-is-listed": lambda before, then: then.append({**SELF, "id": str(ADA)}),
    "unlike-is-flagged": lambda before, then: then.update(user_has_liked=True),
    "unlike-counts-once": lambda before, then: then["likes"].update(count=9),
    "no-other-media-changed": lambda before, then: last(then, filter="Another"),
    "unlike-leaves-liked-media": lambda before, then: then.append({"id": FEW}),
    "embedded-likes-listed": lambda before, then: then[0].update(id="5"),
    "embedded-comments-listed": lambda before, then: last(then, text="Other words"),
    "self-as-by-id": lambda before, then: then.update(bio="Another"),
    "found-where-it-is": lambda before, then: then.clear(),
    "found-where-they-are": lambda before, then: then.clear(),
    "listed-at-location": lambda before, then: then.clear(),
    "listed-by-tag": lambda before, then: then.clear(),
    "askers-are-listed": lambda before, then: then.clear(),
    "found-by-name": lambda before, then: then.clear(),
    "found-by-username": lambda before, then: then.clear(),
    "followed-fill-the-feed": lambda before, then: then.clear(),
    "title-is-caption": lambda before, then: then["caption"].update(text="Another"),
    "searchLocations listed-as-by-id": lambda before, then: then.update(name="Another"),
    "listed-as-by-id": lambda before, then: then.update(filter="Another", username="another"),
    "owners-are-followed": lambda before, then: then.update(outgoing_status="none"),
    "followed-are-followed": lambda before, then: then.update(outgoing_status="requested"),
    "followers-follow": lambda before, then: then.update(incoming_status="none"),
    "askers-ask": lambda before, then: then.update(incoming_status="followed_by"),
    "counted-as-by-name": lambda before, then: then.update(media_count=0),
    "same-by-id": lambda before, then: then["user"].update(full_name="Another"),
    "likes-as-counted": lambda before, then: then.append({**SELF, "id": "6"}),
    "like-as-flagged": lambda before, then: last(then, id=str(ADA)),
    "comments-as-counted": lambda before, then: then.append({**then[0], "id": "6"}),
    "change-is-shown": lambda before, then: then.update(outgoing_status="follows"),
    "private-are-asked": lambda before, then: then.update(target_user_is_private=True),
    "block-is-shown": lambda before, then: then.update(incoming_status="none"),
    "unblock-is-shown": lambda before, then: then.update(incoming_status="blocked_by_you"),
    "approval-is-shown": lambda before, then: then.update(incoming_status="requested_by"),
    "refusal-is-shown": lambda before, then: then.update(incoming_status="requested_by"),
    "incoming-unchanged": lambda before, then: then.update(incoming_status="none"),
    "outgoing-unchanged": lambda before, then: before.update(outgoing_status="follows"),
    "ended-is-not-listed": lambda before, then: then.append({**SELF, "id": str(BELA)}),
    "no-other-follow-lost": lambda before, then: then.pop(0),
    "no-other-follower-lost": lambda before, then: then.pop(0),
    "answered-ask-no-longer": lambda before, then: then.append({**SELF, "id": str(ASKING)}),
    "subscription-is-listed": lambda before, then: last(then, aspect="other"),
    "no-subscription-lost": lambda before, then: then.pop(0),
    "subscription-is-gone": lambda before, then: then.append(before[0]),
    "kind-is-gone": lambda before, then: then.append({**then[0], "id": "6", "object": "user"}),
    "no-other-subscription-deleted": lambda before, then: then.clear(),
}


def question(law: Law, request: Any, response: Any = None, item: Any = None) -> Asked:
    """What a law asks before and after."""
    [operation] = [one for one in JUDGE.spec.operations if one.name == law.then]
    given = {**(request["path"] | request["query"]), **law.arguments(request, response, item=item)}
    path = "/v1" + operation.template.format_map(given)
    names = {one.name for one in operation.parameters if one.location == "query"}
    query = {name: str(given[name]) for name in given.keys() & names}
    return asked("GET", path, **query, **(CLIENT if "subscriptions" in path else {}))


def observed(server: Server, law: Law, request: Any, response: Any = None, item: Any = None) -> Any:
    """The answer to that, as laws see it."""
    one = question(law, request, response, item)
    view = response_view(JUDGE.subject(one.exchange(None, 200, one.answered(server))))
    assert view is not None
    return view


def test_every_law_of_two_has_something_that_breaks_it() -> None:
    assert {key.split()[-1] for key in SPOILS} == {law.name for law in OF_TWO}


@pytest.mark.parametrize("law", OF_TWO, ids=lambda law: f"{law.operation}-{law.name}")
def test_a_law_of_two_is_kept_and_can_be_broken_alone(law: Law) -> None:
    key = f"{law.operation} {law.name}"
    given = GIVEN.get(key) or GIVEN.get(law.operation) or ASKED[law.operation]
    with Server() as server, callback(_echo) as address:
        if law.operation == "unlikeMedia":
            GIVEN["likeMedia"].answered(server)
        if law.operation == "createSubscription":
            given = Asked(given.method, given.path, {**given.fields, "callback_url": address})
        request = request_view(JUDGE.subject(given.exchange()))
        assert request is not None
        assert applying([law], request)
        read = given.method == "GET"
        before = None if read else observed(server, law, request)
        response = response_view(JUDGE.subject(given.exchange(None, 200, given.answered(server))))
        assert response is not None
        items = law.items(request, response)
        if law.each:  # some may be hidden
            items = [one for one in items if question(law, request, response, one).sent(server).is_success]
        then = observed(server, law, request, response, items[0])
    before = before or then
    others = applying([one for one in JUDGE.laws[law.operation] if one.then == law.then], request)
    assert broken(others, request, response, before, then, items[0]) == []
    before, then = copy.deepcopy((before, then))
    (SPOILS.get(key) or SPOILS[law.name])(before["body"]["data"], then["body"]["data"])
    assert broken(others, request, response, before, then, items[0]) == [law.name]


def broken(laws: list[Law], request: Any, response: Any, before: Any, then: Any, item: Any) -> list[str]:
    return [one.name for one in laws if not one.satisfied(request, response, before, then, item=item)]


@pytest.mark.parametrize("law", OF_REFUSALS, ids=lambda law: f"{law.operation}-{law.name}")
@pytest.mark.parametrize(("user", "is_open"), [(world.STRANGER, False), (FRIEND, True), (BELA, True)])
def test_a_law_of_refusals_says_where_they_must_come(
    law: Law, user: int, is_open: bool, server: Server
) -> None:
    given = get(f"/users/{user}/relationship")
    request = request_view(JUDGE.subject(given.exchange()))
    response = response_view(JUDGE.subject(given.exchange(None, 200, given.answered(server))))
    assert request is not None
    assert response is not None
    assert applying([law], request)
    assert question(law, request, response).sent(server).is_success is is_open
    refused: dict[str, Any] = {"status": 400, "headers": {}, "body": {}}
    granted = {**refused, "status": 200}
    assert law.satisfied(request, response, refused, refused)
    assert law.satisfied(request, response, granted, granted) is is_open


def _echo(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """The app that is called back when it subscribes."""
    return 200, {}, dict(parse_qsl(urlsplit(target).query))["hub.challenge"].encode()
