"""Laws are satisfied or violated, and cost only what they apply to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.paths import ROOT
from wirecheck import cel
from wirecheck.cel import FUNCTIONS, Expression
from wirecheck.cel.syntax import parse
from wirecheck.checks import Judge
from wirecheck.checks.views import request_view, response_view
from wirecheck.cli import run
from wirecheck.laws import applying, laws, written_laws
from wirecheck.lint import lint
from wirecheck.lint.laws import rules_of_one_exchange
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
def test_a_function_gives_its_value(text: str, value: Any) -> None:
    assert Expression(text, ())() == value


def test_an_integer_of_any_length_is_read() -> None:
    assert Expression("integer(text) == 9223372036854775807", ("text",))(text="9" * 9000) is True


def test_every_function_is_tested_and_documented() -> None:
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
      responses: &responses
        '200':
          description: Things.
          content: {application/json: {schema: {type: object, properties: {things: {type: array}}}}}
        '400': {description: Rejected.}
    post:
      operationId: addThing
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {size: {type: integer}, name: {type: string}}}
      responses: *responses
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
"""
COUNT = {
    "message": "At most as many as requested.",
    "when": "has(request.query.count)",
    "rule": "size(response.body.things) <= request.query.count",
}
ADDED = {
    "message": "A thing is added.",
    "then": "listThings",
    "with": {"shelf": "request.path.shelf", "count": "request.body.size"},
    "rule": "size(then.body.things) == size(before.body.things) + 1",
}
LIKE_ITSELF = {
    "message": "A thing is listed as it is on its shelf.",
    "each": "response.body.things",
    "then": "listThings",
    "with": {"shelf": "item.shelf"},
    "rule": "item in then.body.things",
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
    members: dict[str, Any] = {
        "source": "things.har#7",
        "entry": 7,
        "method": "GET",
        "url": f"https://things.example/shelves/3/things?key=k&{query}",
        "status": 200,
        "response_headers": (("content-type", "application/json"),),
        "response_body": json.dumps(body if body is not None else {"things": [1, 2, 3]}).encode(),
    }
    return Exchange(**{**members, **changes})


def violations(judge: Judge, made: Exchange) -> list[Finding]:
    return [finding for finding in judge.judge(made).findings if finding.check == "law-kept"]


def test_a_violation_names_the_law_and_its_place(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"count-obeyed": COUNT}))
    [finding] = violations(judge, exchange("count=2"))
    assert finding.message == "count-obeyed: At most as many as requested."
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
def test_a_law_does_not_apply_to(case: str, spec_with: SpecWith) -> None:
    assert violations(Judge(spec_with({"count-obeyed": COUNT})), SILENT[case]) == []


def test_laws_with_further_requests_are_left_out(spec_with: SpecWith) -> None:
    judge = Judge(spec_with(post={"thing-added": ADDED}))
    assert violations(judge, exchange(method="POST", request_body=b"size=1")) == []


def test_laws_can_be_left_out(spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_with({"count-obeyed": COUNT})
    assert violations(Judge(spec, with_laws=False), exchange("count=2")) == []
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
        def __init__(self, text: str, variables: Any, **given: Any) -> None:
            compiled.append(text)
            super().__init__(text, variables, **given)

    monkeypatch.setattr(cel, "Expression", Spy)
    cel.compiled.cache_clear()
    judge = Judge(spec_with({"count-obeyed": COUNT}))
    for _ in range(3):
        violations(judge, exchange("count=2"))
    assert compiled == [COUNT["when"], COUNT["rule"]]
    cel.compiled.cache_clear()


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Spec]:
    """Loads a document with a rule from the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("WIRECHECK_CACHE")

    def loaded(rule: str) -> Spec:
        document = yaml.safe_load(PLAIN)
        document["info"]["description"] = "x" * 10_000
        [path] = document["paths"].values()
        path["get"]["x-laws"] = {"count-obeyed": COUNT | {"rule": rule}}
        (tmp_path / "api.json").write_text(json.dumps(document), encoding="utf-8")
        load(tmp_path / "api.json")
        return load(tmp_path / "api.json")

    return loaded


def test_a_law_that_was_found_to_compile_is_parsed_when_it_is_used(
    stored: Callable[[str], Spec], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def spy(text: str) -> Any:
        parsed.append(text)
        return parse(text)

    laws(stored(COUNT["rule"]))
    monkeypatch.setattr(cel, "parse", spy)
    cel.compiled.cache_clear()
    judge = Judge(stored(COUNT["rule"]))
    assert parsed == []
    [finding] = violations(judge, exchange("count=2"))
    assert finding.message == "count-obeyed: At most as many as requested."
    assert sorted(parsed) == sorted([COUNT["when"], COUNT["rule"]])


@pytest.mark.parametrize("rule", ["size(", "unknown == 1", "unknown(1)", f"'{'x' * 3000}' == ''"])
def test_a_law_that_does_not_compile_is_an_error_each_time(rule: str, stored: Callable[[str], Spec]) -> None:
    for _ in range(2):
        with pytest.raises(SpecError, match="an expression of this law"):
            laws(stored(rule))


def test_another_version_compiles_laws_anew(
    stored: Callable[[str], Spec], monkeypatch: pytest.MonkeyPatch
) -> None:
    laws(stored("true"))
    monkeypatch.setattr("wirecheck.laws._reader", lambda: b"another version")
    cel.compiled.cache_clear()
    [law] = laws(stored("true"))["listThings"]
    assert "tree" in vars(law.rule)


def test_a_law_is_evaluated_alone_only_where_it_may_be_violated(
    spec_with: SpecWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    evaluate = Expression.quickly

    def spy(self: Expression, **variables: Any) -> Any:
        seen.append(set(variables))
        return evaluate(self, **variables)

    monkeypatch.setattr(Expression, "quickly", spy)
    judge = Judge(spec_with({"count-obeyed": COUNT}))
    violations(judge, exchange())
    assert seen == []
    violations(judge, exchange("count=2"))
    assert seen[-1] == {"request", "response"}


def test_parts_of_a_request_and_a_response_can_be_compared() -> None:
    sent, other = {"size": 2}, {"size": 3}
    expression = Expression("response.body.thing == request.body", {"request", "response"})
    for answered, value in ((sent, True), (other, False)):
        assert expression(request={"body": sent}, response={"body": {"thing": answered}}) is value


def test_a_deep_body_is_checked(spec_with: SpecWith) -> None:
    law = {"message": "There are things.", "rule": "size(response.body.things) == 1"}
    nested = {"message": "Things have things.", "each": "response.body.things", "rule": "has(item.things)"}
    text = '{"things": [' + '{"things": ' * 4000 + "1" + "}" * 4000 + "]}"
    judge = Judge(spec_with({"things-there": law, "nested": nested}))
    assert violations(judge, exchange(response_body=text.encode())) == []


UNEVALUABLE = [
    ("response.body.gone == 1", '"gone" is missing'),
    ("response.body.things > 1", "TypeError"),
    ("int(response.body.things[0].name) == 1", "in int("),
    ("lower(response.body.things[0].size) == ''", "RuntimeError"),
    ("response.body.things[5] == 1", "IndexError"),
    ("size(response.body.things)", "neither true nor false"),
]


@pytest.mark.parametrize(("rule", "reason"), UNEVALUABLE)
def test_a_law_that_cannot_be_evaluated_is_never_a_pass(
    rule: str, reason: str, spec_with: SpecWith, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = spec_with({"odd-law": {"message": "It is odd.", "rule": rule}})
    made = exchange(body={"things": [{"name": "hush", "size": 4711}]})
    with pytest.raises(SpecError) as caught:
        Judge(spec).judge(made)
    message = str(caught.value)
    assert message.startswith(f"{spec.document.name}:1: #/paths/")
    assert "the law odd-law of listThings cannot be evaluated on things.har#7" in message
    assert reason in message
    assert "hush" not in message
    assert "4711" not in message
    assert "hush" not in capsys.readouterr().err


def test_a_law_that_cannot_be_evaluated_gives_exit_code_2(
    spec_with: SpecWith, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = spec_with({"odd-law": {"message": "It is odd.", "rule": "response.body.gone"}})
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


def test_a_request_has_the_types_of_its_schemas(spec_with: SpecWith) -> None:
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
    before, then = ({"status": 200, "headers": {}, "body": {"things": things}} for things in ([1], [1, 2]))
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
    assert [law.satisfied(request, response, then, then, item=thing) for thing in things] == [False, True]
    assert not law.covers_rejections


@pytest.mark.parametrize("each", ["response.body.things[0]", "response.body.things"])
def test_each_must_give_a_list_or_an_object(each: str, spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"like-itself": {**LIKE_ITSELF, "each": f"size({each})"}}))
    [law] = judge.laws["listThings"]
    subject = judge.subject(exchange(body={"things": [{"shelf": 1}]}))
    request, response = request_view(subject), response_view(subject)
    assert request is not None
    assert response is not None
    with pytest.raises(SpecError, match=r"law like-itself of .* each gives neither a list nor an object"):
        law.items(request, response)


SMALL = {"message": "Things are small.", "each": "response.body.things", "rule": "item.size < 10"}


def test_a_law_of_one_exchange_may_be_about_items(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"small": SMALL}))
    sizes = [1, 20, 3, 20, 40]
    body = {"things": [{"size": size} for size in sizes]}
    for _ in range(2):  # from what is remembered the second time
        found = judge.judge(exchange(body=body)).findings
        assert [finding.pointer for finding in found] == ["/things/1", "/things/3", "/things/4"]
        assert {finding.message for finding in found} == {"small: Things are small."}
    assert len({finding.fingerprint for finding in found}) == 1
    assert judge.judge(exchange(body={"things": [{"size": 2}]})).findings == ()


def test_an_object_is_an_item_by_itself(spec_with: SpecWith) -> None:
    judge = Judge(spec_with({"small": {**SMALL, "each": "response.body.things[0]"}}))
    found = judge.judge(exchange(body={"things": [{"size": 20}, {"size": 20}]})).findings
    assert [finding.pointer for finding in found] == [None]


def test_the_verdict_on_an_item_may_depend_on_the_request(spec_with: SpecWith) -> None:
    law = {**SMALL, "when": "has(request.query.count)", "rule": "item.size < request.query.count"}
    judge = Judge(spec_with({"small": law}))
    body = {"things": [{"size": 2}]}
    assert not judge.judge(exchange("count=3", body=body)).findings
    assert judge.judge(exchange("count=2", body=body)).findings


# What is wrong with a law

MISTAKES: list[tuple[str, dict[str, Any], str, str]] = [
    ("get", {"Count": COUNT}, "", "members that are not allowed: Count"),
    ("get", {"a": {"rule": "true"}}, "/a", 'lacks "message"'),
    ("get", {"a": {"message": "A."}}, "/a", 'lacks "rule"'),
    ("get", {"a": {**COUNT, "rule": ""}}, "/a/rule", "has fewer"),
    ("get", {"a": {**COUNT, "rule": "1 +"}}, "/a/rule", "the expression is not CEL"),
    ("get", {"a": {**COUNT, "rule": "answer.status == 200"}}, "/a/rule", "uses the variable answer"),
    ("get", {"a": {**COUNT, "rule": "then.status == 200"}}, "/a/rule", "uses the variable then"),
    ("get", {"a": {**COUNT, "when": "response.status == 200"}}, "/a/when", "uses the variable response"),
    ("get", {"a": {**COUNT, "rule": "sum([1]) == 1"}}, "/a/rule", "uses the function sum"),
    ("get", {"a": {**COUNT, "when": "has(request.query.cuont)"}}, "/a/when", "has no cuont in its query"),
    ("get", {"a": {**COUNT, "when": "has(request.path.id)"}}, "/a/when", "has no id in its path"),
    ("get", {"a": {**COUNT, "when": "has(request.header)"}}, "/a/when", "a request has no header"),
    ("get", {"a": {**COUNT, "when": "has(request.credentials.token)"}}, "/a/when", "has no token in its"),
    ("get", {"a": {**COUNT, "rule": "response.code == 1"}}, "/a/rule", "a response has no code"),
    ("get", {"a": {**COUNT, "with": {}}}, "/a", 'lacks "then"'),
    ("get", {"a": {**COUNT, "if": "true"}}, "/a", "members that are not allowed: if"),
    ("get", {"a": {**COUNT, "each": "response.things"}}, "/a/each", "a response has no things"),
    ("get", {"a": {**COUNT, "rule": "item.size > 1"}}, "/a/rule", "uses the variable item"),
    ("get", {"a": {**LIKE_ITSELF, "each": "then.body"}}, "/a/each", "uses the variable then"),
    ("get", {"a": {**LIKE_ITSELF, "each": "request.path.id"}}, "/a/each", "has no id in its path"),
    ("get", {"a": {**LIKE_ITSELF, "when": "item == 1"}}, "/a/when", "uses the variable item"),
    ("get", {"a": {**ADDED, "rule": "item == 1"}}, "/a/rule", "uses the variable item"),
    ("post", {"a": {**ADDED, "each": "[1]"}}, "/a/each", "addThing is not an operation with GET"),
    ("post", {"a": {**ADDED, "then": "addThing"}}, "/a/then", "addThing, which is not an operation with GET"),
    ("post", {"a": {**ADDED, "then": "nothing"}}, "/a/then", "nothing, which is not an operation with GET"),
    ("post", {"a": {**ADDED, "with": {"id": "1"}}}, "/a/with/id", "listThings has no parameter id"),
    ("post", {"a": {**ADDED, "with": {"shelf": "then.status"}}}, "/a/with/shelf", "the variable then"),
    ("post", {"a": {**ADDED, "with": {"shelf": "response.status"}}}, "/a/with/shelf", "variable response"),
]


@pytest.mark.parametrize(("method", "written", "pointer", "message"), MISTAKES)
def test_the_linter_finds_a_mistake(
    method: str, written: dict[str, Any], pointer: str, message: str, spec_with: SpecWith
) -> None:
    found = [
        problem
        for _, problem in lint(spec_with(**{method: written}))
        if problem.rule == "extension-well-formed"
    ]
    where = f"/paths/~1shelves~1{{shelf}}~1things/{method}/x-laws{pointer}"
    assert [problem.pointer for problem in found] == [where]
    assert message in found[0].message


def test_the_linter_accepts_laws(spec_with: SpecWith) -> None:
    long = "response.body.things.filter(t, t.a > 1).exists(u, u.b == 'then.x' || \"a\" in [u.c])"
    spec = spec_with({"count-obeyed": COUNT, "l": {"message": "L.", "rule": long}}, {"thing-added": ADDED})
    assert [problem for _, problem in lint(spec) if problem.rule == "extension-well-formed"] == []
    spec = spec_with({"like-itself": LIKE_ITSELF})
    assert [problem for _, problem in lint(spec) if problem.rule == "extension-well-formed"] == []


@pytest.mark.parametrize(
    "written",
    [[], {"a": "true"}, {"a": {}}, {"a": {"message": "A.", "rule": 5}}, {"a": {**COUNT, "with": 5}}],
)
def test_what_is_not_a_law_is_rejected(written: Any, spec_with: SpecWith) -> None:
    with pytest.raises(SpecError, match="/x-laws"):
        Judge(spec_with(written))


def test_a_law_that_is_not_cel_is_rejected(spec_with: SpecWith) -> None:
    with pytest.raises(SpecError, match=r"x-laws/a: an expression of this law uses the function sum"):
        Judge(spec_with({"a": {**COUNT, "rule": "sum([1]) == 1"}}))


# Laws that operations share


@pytest.fixture
def shared(tmp_path: Path) -> Callable[..., Spec]:
    """A document with laws in components; those of both operations refer to them."""

    def written(laws: Any, get: Any = None, post: Any = None) -> Spec:
        document = yaml.safe_load(PLAIN)
        [path] = document["paths"].values()
        document["components"]["x-laws"] = laws
        for method, entry in (("get", get), ("post", post)):
            if entry is not None:
                path[method]["x-laws"] = entry
        (tmp_path / "api.json").write_text(json.dumps(document), encoding="utf-8")
        return load(tmp_path / "api.json")

    return written


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/x-laws/{name}"}


def test_a_shared_law_is_found_where_it_is_defined_by_the_name_in_use(shared: Callable[..., Spec]) -> None:
    spec = shared({"count": COUNT}, get={"count-obeyed": reference("count")})
    [finding] = violations(Judge(spec), exchange("count=2"))
    assert finding.message == "count-obeyed: At most as many as requested."
    assert finding.spec_pointer == "#/components/x-laws/count"
    assert finding.operation == "listThings"
    assert lint_problems(spec) == []


def test_the_laws_of_an_operation_are_read_through_references(shared: Callable[..., Spec]) -> None:
    spec = shared({"count": COUNT, "added": ADDED}, {"a": reference("count")}, {"b": reference("added")})
    assert {name: [law.name for law in found] for name, found in laws(spec).items()} == {
        "listThings": ["a"],
        "addThing": ["b"],
    }
    [get, post] = spec.operations
    assert written_laws(spec, get) == {"a": COUNT}
    assert written_laws(spec, post) == {"b": ADDED}


def lint_problems(spec: Spec) -> list[tuple[str, str]]:
    problems = [problem for _, problem in lint(spec) if problem.rule == "extension-well-formed"]
    return [(problem.pointer, problem.message) for problem in problems]


GET = "/paths/~1shelves~1{shelf}~1things/get/x-laws"
SHARED = "/components/x-laws"
USED = {"a": {"$ref": "#/components/x-laws/count"}}
SHARED_MISTAKES: list[tuple[Any, Any, str, str]] = [
    ({"count": COUNT}, {}, f"{SHARED}/count", "no operation refers to this law"),
    ({}, USED, f"{GET}/a/$ref", "$ref #/components/x-laws/count cannot be resolved"),
    ({}, {"a": {"$ref": "#/components/schemas"}}, f"{GET}/a/$ref", "does not lead to #/components/x-laws"),
    ({}, {"a": {"$ref": "laws.yaml#/count"}}, f"{GET}/a/$ref", "does not lead to #/components/x-laws"),
    ({}, {"a": {"$ref": 5}}, f"{GET}/a/$ref", "is 5, an integer, not a string"),
    ({"count": COUNT}, {"a": {**USED["a"], "when": "true"}}, f"{GET}/a", "that are not allowed: when"),
    ([], {}, SHARED, "is an array, not an object"),
    ({"Count": COUNT}, {}, SHARED, "members that are not allowed: Count"),
    ({"count": {**COUNT, "rule": 5}}, USED, f"{SHARED}/count/rule", "is 5, an integer, not a string"),
    ({"count": reference("other")}, USED, f"{SHARED}/count", "members that are not allowed: $ref"),
    ({"count": {**COUNT, "rule": "1 +"}}, USED, f"{SHARED}/count/rule", "the expression is not CEL"),
    ({"count": {**COUNT, "rule": "then.x"}}, USED, f"{SHARED}/count/rule", "uses the variable then"),
    (
        {"count": {**COUNT, "when": "request.header.x"}},
        USED,
        f"{SHARED}/count/when",
        "a request has no header",
    ),
    (
        {"count": {**COUNT, "when": "request.path.no"}},
        USED,
        f"{SHARED}/count/when",
        "listThings has no no in",
    ),
    ({"count": {**ADDED, "then": "no"}}, USED, f"{SHARED}/count/then", "no, which is not an operation"),
]


@pytest.mark.parametrize(("laws", "get", "pointer", "message"), SHARED_MISTAKES)
def test_the_linter_finds_a_mistake_in_shared_laws(
    laws: Any, get: Any, pointer: str, message: str, shared: Callable[..., Spec]
) -> None:
    problems = lint_problems(shared(laws, get))
    assert any(found == pointer and message in what for found, what in problems), problems
    assert len({found for found, _ in problems}) == 1


def test_a_mistake_of_a_shared_law_depends_on_the_operation(shared: Callable[..., Spec]) -> None:
    of_response = {**ADDED, "with": {"shelf": "response.body.id"}}
    assert lint_problems(shared({"a": of_response}, {"a": reference("a")})) == []
    [(pointer, message)] = lint_problems(
        shared({"a": of_response}, {"a": reference("a")}, {"a": reference("a")})
    )
    assert pointer == f"{SHARED}/a/with/shelf"
    assert "uses the variable response" in message


def test_a_law_that_refers_to_nothing_is_rejected(shared: Callable[..., Spec]) -> None:
    with pytest.raises(SpecError, match=r"x-laws/a: \$ref #/components/x-laws/count cannot be resolved"):
        Judge(shared({}, USED))


def test_a_law_that_bounds_a_list_may_be_shared(shared: Callable[..., Spec]) -> None:
    spec = shared({"count": COUNT}, USED)
    assert [*rules_of_one_exchange(spec, spec.operations[0])] == [COUNT["rule"]]
    for written, get in (({}, USED), ({"count": ADDED}, USED), ([], {"a": 5}), ({"count": 5}, USED)):
        assert [*rules_of_one_exchange(shared(written, get), spec.operations[0])] == []
