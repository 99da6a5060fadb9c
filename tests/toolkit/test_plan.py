"""One pass over a body is in doubt about just those invariants that the search for all of them doubts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirecheck.cel import ONE_EXCHANGE, Expression
from wirecheck.checks import Judge
from wirecheck.checks.law import law_kept, laws_hold
from wirecheck.checks.subject import Subject
from wirecheck.laws import Law, LawPlan, Occurrences
from wirecheck.model import Exchange
from wirecheck.spec import load
from wirecheck.spec.document import Document, Place

NAMES = ("Leaf", "Branch", "Tree")  # where one refers to another of the same value, it is to one before it
RULES = ("self == 1", "self.a == 1", "has(self.b)", "size(self) < 2", "self != null", "true")
ANY_OF_THEM = st.sampled_from(NAMES).map(lambda name: {"$ref": f"#/components/schemas/{name}"})


def schemas(before: tuple[str, ...], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of which most lead to invariants; they refer to schemas that come before, or below a member."""
    marked = st.sampled_from(RULES).map(
        lambda rule: {"x-invariants": {"holds": {"message": "It holds.", "rule": rule}}}
    )
    kinds = st.sampled_from(["object", "array", "integer", "null"]).map(lambda kind: {"type": kind})
    same = marked | kinds
    if before:
        same |= st.sampled_from(before).map(lambda name: {"$ref": f"#/components/schemas/{name}"})
    if depth == 0:
        return same
    within = schemas(before, depth - 1)
    below = ANY_OF_THEM | schemas((), depth - 1)
    some = st.lists(within, min_size=1, max_size=2)
    keywords = {
        "x-invariants": marked.map(lambda schema: schema["x-invariants"]),
        "properties": st.dictionaries(st.sampled_from("ab"), below, min_size=1),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b", "."]), below, min_size=1),
        "additionalProperties": below,
        "prefixItems": st.lists(below, min_size=1, max_size=2),
        "items": below,
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), some),
        **dict.fromkeys(("if", "then", "else"), within),
    }
    return same | st.fixed_dictionaries({}, optional=keywords)


VALUES = st.recursive(
    st.sampled_from([None, 1, 2, "a"]),
    lambda parts: (
        st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ab"]), parts, max_size=3)
    ),
    max_leaves=8,
)
COMPONENTS = st.tuples(*(schemas(NAMES[:index], 2) for index in range(3)))


def document(components: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Tree"}
    response = {"description": "A tree.", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trees", "version": "1"},
        "paths": {"/tree": {"get": {"operationId": "getTree", "responses": {"200": response}}}},
        "components": {"schemas": components},
    }


def exchange(body: Any) -> Exchange:
    return Exchange(
        source="trees.har#0",
        entry=0,
        method="GET",
        url="https://trees.example/tree",
        status=200,
        response_headers=(("content-type", "application/json"),),
        response_body=json.dumps(body).encode(),
    )


def uncertain(subject: Subject) -> Iterator[Law]:
    """The invariants that a value anywhere in a body does not certainly satisfy, by the search for them."""
    found = list(subject.values_with_invariants())
    for law in subject.plan.invariants:
        if not all(law.is_certain_of(each.value) for each in found if each.schema == law.schema):
            yield law


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trees") / "api.json"


@pytest.mark.no_cover
@given(COMPONENTS, st.lists(VALUES, min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_one_pass_meets_all_invariants(path: Path, components: tuple[Any, ...], values: list[Any]) -> None:
    path.write_text(json.dumps(document(dict(zip(NAMES, components, strict=True)))), encoding="utf-8")
    judge = Judge(load(path))
    for value in values:
        subject = judge.subject(exchange(value))
        schema = "/components/schemas/Tree"
        in_doubt = subject.plan.invariants_in_doubt(schema, value, subject.fits)
        assert in_doubt == list(uncertain(subject))


def test_laws_hold_where_nothing_is_found(path: Path) -> None:
    tree = {"properties": {"a": {"x-invariants": {"one": {"message": "It is one.", "rule": "self == 1"}}}}}
    path.write_text(json.dumps(document({"Tree": tree})), encoding="utf-8")
    judge = Judge(load(path))
    for body, holds in (({"a": 1}, True), ({"a": 2}, False), ({"b": 2}, True), ([], True)):
        assert laws_hold(judge.subject(exchange(body))) is holds
        assert (not list(law_kept.run(judge.subject(exchange(body))))) is holds


TERMS = st.sampled_from(["response.body == 1", "response.body.a == 1", "response.status", "true", "false"])
LAWS = st.fixed_dictionaries(
    {"rule": TERMS},
    optional={
        "when": st.sampled_from(
            ["has(request.query.b)", "request.query.a", "request.query.a == '1'", "false"]
        ),
        "each": st.just("response.body"),
    },
)


def of_exchange(texts: dict[str, str]) -> Law:
    read = {key: Expression(text, ONE_EXCHANGE) for key, text in texts.items()}
    return Law(
        name="so",
        message="It is so.",
        pointer="/x-laws/so",
        rule=read["rule"],
        when=read.get("when"),
        each=read.get("each"),
        where="api.json:1",
    )


@given(st.lists(LAWS, max_size=3), st.sampled_from([{}, {"a": "1"}, {"a": "1", "b": ""}]), VALUES)
def test_laws_that_are_decided_together_are_as_certain_as_each_alone(
    written: list[dict[str, str]], query: dict[str, str], body: Any
) -> None:
    laws = [of_exchange(texts) for texts in written]
    plan = LawPlan(laws, Occurrences(Document("api.json", {}, Place(1))))
    request, response = {"query": query}, {"status": 200, "body": body}
    assert plan.in_doubt(request, response) == [law for law in laws if not law.is_certain(request, response)]
