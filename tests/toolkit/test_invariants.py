"""Invariants hold for every value of their schema, wherever it occurs in a response."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from wirecheck.checks import Judge
from wirecheck.laws import laws
from wirecheck.lint import lint
from wirecheck.model import Exchange, Finding, SpecError
from wirecheck.spec import Spec, load

POINT = {
    "type": "object",
    "required": ["x"],
    "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
    "x-invariants": {"not-negative": {"message": "A point is not negative.", "rule": "self.x >= 0"}},
}
REF = {"$ref": "#/components/schemas/Point"}
BAD, GOOD = {"x": -1}, {"x": 1}


def document(body: Any, **schemas: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": body}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Points", "version": "1"},
        "servers": [{"url": "https://points.example"}],
        "paths": {
            "/points/{id}": {
                "get": {
                    "operationId": "getPoint",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                    ],
                    "responses": {
                        "200": {"description": "Points.", "content": content},
                        "404": {"description": "None.", "content": content},
                    },
                }
            }
        },
        "components": {"schemas": {"Point": POINT, **schemas}},
    }


SpecOf = Callable[..., Spec]


@pytest.fixture
def spec_of(tmp_path: Path) -> SpecOf:
    def written(body: Any, **schemas: Any) -> Spec:
        path = tmp_path / "api.json"
        path.write_text(json.dumps(document(body, **schemas)), encoding="utf-8")
        return load(path)

    return written


def exchange(body: Any, **changes: Any) -> Exchange:
    members: dict[str, Any] = {
        "source": "points.har#7",
        "entry": 7,
        "method": "GET",
        "url": "https://points.example/points/1",
        "status": 200,
        "response_headers": (("content-type", "application/json"),),
        "response_body": json.dumps(body).encode(),
    }
    return Exchange(**members | changes)


def violations(spec: Spec, body: Any, **changes: Any) -> list[Finding]:
    findings = Judge(spec).judge(exchange(body, **changes)).findings
    return [finding for finding in findings if finding.check == "law-kept"]


def places(spec: Spec, body: Any, **changes: Any) -> list[str | None]:
    return [finding.pointer for finding in violations(spec, body, **changes)]


def test_a_violation_names_the_value_and_the_invariant(spec_of: SpecOf) -> None:
    [finding] = violations(spec_of({"type": "array", "items": REF}), [GOOD, BAD])
    assert finding.message == "not-negative: A point is not negative."
    assert finding.pointer == "/1"
    assert finding.spec_pointer == "#/components/schemas/Point/x-invariants/not-negative"
    assert (finding.operation, finding.severity) == ("getPoint", "error")


def test_a_violation_names_the_line_of_the_invariant(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(yaml.safe_dump(document(REF), sort_keys=False), encoding="utf-8")
    [finding] = violations(load(path), BAD)
    assert path.read_text(encoding="utf-8").splitlines()[finding.line - 1].strip() == "not-negative:"


# A schema -> a body that fits it -> where the points below zero are in it.
WAYS: dict[str, tuple[Any, Any, list[str]]] = {
    "the body itself": (REF, BAD, [""]),
    "properties": ({"properties": {"a": REF, "b": {}}}, {"a": BAD, "b": BAD}, ["/a"]),
    "a name with a slash": ({"properties": {"a/b": REF}}, {"a/b": BAD}, ["/a~1b"]),
    "items": ({"items": REF}, [BAD, GOOD, BAD], ["/0", "/2"]),
    "items of items": ({"items": {"items": REF}}, [[GOOD], [GOOD, BAD]], ["/1/1"]),
    "prefixItems": ({"prefixItems": [{}, REF]}, [BAD, BAD, BAD], ["/1"]),
    "items behind prefixItems": ({"prefixItems": [{}, {}], "items": REF}, [BAD, BAD, BAD], ["/2"]),
    "additionalProperties": (
        {"properties": {"a": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": REF},
        {"a": BAD, "b": BAD, "x-c": BAD},
        ["/b"],
    ),
    "patternProperties": ({"patternProperties": {"^p": REF}}, {"p1": BAD, "q1": BAD}, ["/p1"]),
    "allOf": ({"allOf": [{}, REF]}, BAD, [""]),
    "beside $ref": ({**REF, "properties": {"y": {}}}, BAD, [""]),
    "twice the same schema": ({"allOf": [REF, REF], "$ref": REF["$ref"]}, BAD, [""]),
    "oneOf null": ({"oneOf": [REF, {"type": "null"}]}, BAD, [""]),
    "null itself": ({"oneOf": [REF, {"type": "null"}]}, None, []),
    "anyOf that fits": ({"anyOf": [{**REF, "required": ["y"]}, {}]}, {"x": -1, "y": 1}, [""]),
    "anyOf that does not fit": ({"anyOf": [{**REF, "required": ["y"]}, {}]}, BAD, []),
    "then": ({"if": {"required": ["y"]}, "then": REF}, {"x": -1, "y": 1}, [""]),
    "then that does not apply": ({"if": {"required": ["y"]}, "then": REF}, BAD, []),
    "else": ({"if": {"required": ["y"]}, "else": REF}, BAD, [""]),
    "another type": ({"items": {"items": REF}}, {"a": BAD}, []),
    "beside true": ({"properties": {"a": REF, "b": True}}, {"a": BAD, "b": BAD}, ["/a"]),
    "not": ({"not": {"not": REF}}, BAD, []),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_invariant_is_found_through(way: str, spec_of: SpecOf) -> None:
    body, value, expected = WAYS[way]
    assert places(spec_of(body), value) == expected


def test_of_alternatives_that_fit_but_for_a_format_the_invariants_count(spec_of: SpecOf) -> None:
    dated = {"allOf": [REF, {"properties": {"at": {"type": "string", "format": "date"}}}]}
    spec = spec_of({"oneOf": [dated, {"type": "null"}]})
    assert places(spec, {"x": -1, "at": "yesterday"}) == [""]


def test_recursive_schemas_are_followed_to_the_end(spec_of: SpecOf) -> None:
    node = {
        "type": "object",
        "properties": {
            "size": {"type": "integer"},
            "nodes": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
            "parent": {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]},
        },
        "x-invariants": {
            "small": {"message": "A node is small.", "rule": "!has(self.size) || self.size < 9"}
        },
    }
    spec = spec_of({"$ref": "#/components/schemas/Node"}, Node=node)
    inner = {"size": 1, "nodes": [{"size": 10, "parent": {"size": 11}}, {"parent": None}]}
    assert places(spec, {"size": 9, "nodes": [inner]}) == [
        "",
        "/nodes/0/nodes/0",
        "/nodes/0/nodes/0/parent",
    ]
    deep: dict[str, Any] = {"size": 12}
    for _ in range(60):
        deep = {"nodes": [deep]}
    assert places(spec, deep) == ["/nodes/0" * 60]


def test_a_schema_that_refers_to_itself_without_a_step_ends(spec_of: SpecOf) -> None:
    loop = {"allOf": [{"$ref": "#/components/schemas/Other"}]}
    other = {"anyOf": [{"type": "object"}, {"$ref": "#/components/schemas/Loop"}], **REF}
    spec = spec_of({"$ref": "#/components/schemas/Loop"}, Loop=loop, Other=other)
    [operation] = laws(spec)
    assert operation == "getPoint"


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("an error", {"status": 404}),
        ("a request that breaks its schema", {"url": "https://points.example/points/x"}),
    ],
)
def test_an_invariant_holds_in_the_response_to(case: str, changes: dict[str, Any], spec_of: SpecOf) -> None:
    assert places(spec_of(REF), BAD, **changes) == [""], case


SILENT: dict[str, dict[str, Any]] = {
    "a body that breaks its schema": {"response_body": b'{"x": -1, "y": "a"}'},
    "a body that is not JSON": {"response_body": b"["},
    "a body that was not recorded": {"response_body": None},
    "a status that is not documented": {"status": 500},
    "no body, as it must be": {"method": "HEAD", "response_body": b""},
}


@pytest.mark.parametrize("case", SILENT)
def test_an_invariant_does_not_apply_to(case: str, spec_of: SpecOf) -> None:
    assert places(spec_of(REF), BAD, **SILENT[case]) == []


def test_without_laws_no_invariant_is_checked(spec_of: SpecOf) -> None:
    assert not Judge(spec_of(REF), with_laws=False).judge(exchange(BAD)).findings


def test_invariants_of_several_schemas_are_told_apart(spec_of: SpecOf) -> None:
    line = {
        "type": "object",
        "properties": {"from": REF, "to": REF},
        "x-invariants": {
            "not-negative": {"message": "It goes to the right.", "rule": "self.from.x <= self.to.x"},
            "not-empty": {"message": "Its ends differ.", "rule": "self.from != self.to"},
        },
    }
    spec = spec_of({"items": {"$ref": "#/components/schemas/Line"}}, Line=line)
    found = violations(spec, [{"from": {"x": 2}, "to": BAD}, {"from": GOOD, "to": GOOD}])
    assert [(finding.pointer, finding.message) for finding in found] == [
        ("/0", "not-negative: It goes to the right."),
        ("/1", "not-empty: Its ends differ."),
        ("/0/to", "not-negative: A point is not negative."),
    ]
    assert len({finding.fingerprint for finding in found}) == 3


def test_values_that_are_not_objects_have_invariants_too(spec_of: SpecOf) -> None:
    even = {"type": "integer", "x-invariants": {"even": {"message": "Even.", "rule": "self % 2 == 0"}}}
    distinct = {"distinct": {"message": "Distinct.", "rule": "distinct(self)"}}
    spec = spec_of({"type": "array", "items": even, "x-invariants": distinct})
    assert places(spec, [2, 4]) == []
    assert places(spec, [2, 3, 2]) == ["", "/1"]


def test_equal_values_have_equal_verdicts(spec_of: SpecOf) -> None:
    judge = Judge(spec_of({"items": REF}))
    for _ in range(2):
        found = judge.judge(exchange([GOOD, BAD, GOOD, BAD])).findings
        assert [finding.pointer for finding in found] == ["/1", "/3"]


def test_invariants_are_laws_of_each_operation_that_returns_such_values(spec_of: SpecOf) -> None:
    spec = spec_of({"items": REF}, Unused={"x-invariants": {"never": {"message": "N.", "rule": "false"}}})
    [law] = laws(spec)["getPoint"]
    assert (law.name, law.operation, law.then) == ("not-negative", "getPoint", None)
    assert law.schema == "/components/schemas/Point"
    assert law.pointer == "/components/schemas/Point/x-invariants/not-negative"


# What is wrong with an invariant


def test_an_invariant_that_cannot_be_evaluated_is_never_a_pass(spec_of: SpecOf) -> None:
    spec = spec_of(REF, Point={**POINT, "x-invariants": {"odd": {"message": "Odd.", "rule": "self.y > 0"}}})
    with pytest.raises(SpecError) as caught:
        Judge(spec).judge(exchange(GOOD))
    assert "#/components/schemas/Point/x-invariants/odd: the invariant odd of getPoint" in str(caught.value)
    assert 'cannot be evaluated on points.har#7: "y" is missing; guard it with has()' in str(caught.value)


INVARIANT = {"message": "A point is not negative.", "rule": "self.x >= 0"}
MISTAKES: list[tuple[Any, str, str]] = [
    ([], "", "is an array, not an object"),
    ({"Odd": INVARIANT}, "", "members that are not allowed: Odd"),
    ({"a": {"rule": "true"}}, "/a", 'lacks "message"'),
    ({"a": {"message": "A."}}, "/a", 'lacks "rule"'),
    ({"a": {**INVARIANT, "when": "true"}}, "/a", "members that are not allowed: when"),
    ({"a": {**INVARIANT, "rule": "self.x >="}}, "/a/rule", "the expression is not CEL"),
    ({"a": {**INVARIANT, "rule": "item.x > 0"}}, "/a/rule", "uses the variable item, which does not exist"),
    ({"a": {**INVARIANT, "rule": "response.status == 200"}}, "/a/rule", "uses the variable response"),
    ({"a": {**INVARIANT, "rule": "sum(self) == 1"}}, "/a/rule", "uses the function sum"),
    ({"a": {**INVARIANT, "rule": "has(self.z)"}}, "/a/rule", "self.z leads nowhere: the schema has no prop"),
]


@pytest.mark.parametrize(("invariants", "pointer", "message"), MISTAKES)
def test_the_linter_finds_a_mistake(invariants: Any, pointer: str, message: str, spec_of: SpecOf) -> None:
    spec = spec_of(REF, Point={**POINT, "x-invariants": invariants})
    problems = [problem for _, problem in lint(spec) if problem.rule == "extension-well-formed"]
    assert [problem.pointer for problem in problems] == [f"/components/schemas/Point/x-invariants{pointer}"]
    assert message in problems[0].message


@pytest.mark.parametrize(
    "rule",
    [
        "self.x > 0 && (!has(self.y) || self.y in [1])",
        "self.inner.x > 0",
        "self.free.anything == 1",
        "self.all(name, name != '')",
        "self.either.x == 1 && self.either.z == 2",
        "'self.none' != ''",
    ],
)
def test_the_linter_accepts(rule: str, spec_of: SpecOf) -> None:
    either = {"anyOf": [REF, {"properties": {"z": {}}}, True]}
    more = {"properties": {"inner": REF, "free": {"type": "object"}, "either": either}}
    point = {**POINT, "x-invariants": {"a": {"message": "A.", "rule": rule}}, "allOf": [more]}
    spec = spec_of(REF, Point=point)
    assert [problem for _, problem in lint(spec) if problem.rule == "extension-well-formed"] == []


def test_the_linter_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    text = yaml.safe_dump(document(REF), sort_keys=False).replace("self.x >= 0", "self.q >= 0")
    path.write_text(text, encoding="utf-8")
    [line] = [line for line, problem in lint(load(path)) if problem.rule == "extension-well-formed"]
    assert text.splitlines()[line - 1].strip() == "rule: self.q >= 0"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ([], "must be an object of invariants"),
        ({"a": "true"}, "is not an invariant: `wirecheck lint` says why"),
        ({"a": {"message": "A."}}, "is not an invariant"),
        ({"a": {**INVARIANT, "rule": "item.x"}}, "the rule of this invariant uses the variable item"),
    ],
)
def test_what_is_not_an_invariant_is_rejected(written: Any, reason: str, spec_of: SpecOf) -> None:
    with pytest.raises(SpecError, match=reason):
        Judge(spec_of(REF, Point={**POINT, "x-invariants": written}))


def test_a_pattern_that_cannot_be_read_is_reported_where_it_decides(spec_of: SpecOf) -> None:
    unreadable = {"patternProperties": {"\\p{Lu}": {}}, "additionalProperties": REF}
    assert places(spec_of({"patternProperties": {"\\p{Lu}": {}}, "items": REF}), [BAD]) == ["/0"]
    assert places(spec_of(unreadable), {}) == []
    with pytest.raises(SpecError, match="where invariants apply is unknown"):
        Judge(spec_of(unreadable)).judge(exchange({"a": BAD}))
