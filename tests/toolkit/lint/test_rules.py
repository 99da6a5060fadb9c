"""Each rule reports its problems where they are, and nothing else."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.linting import HEAD, PATHS, Linted, complete, indented, load_text, schemas
from support.paths import SPECS
from wirecheck.lint import DEFAULT, RULES, LintRule, Ruleset, lint
from wirecheck.model import SpecError
from wirecheck.spec import Document, Spec, join, load
from wirecheck.spec.document import Place, tokens


def test_a_plain_document_has_no_problem(linted: Linted) -> None:
    assert linted(HEAD + PATHS) == []


def test_a_document_with_extensions_has_no_problem() -> None:
    assert lint(load(SPECS / "library.yaml")) == []


# The table of rules


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_the_examples_of_a_rule_are_what_they_say(rule: LintRule, linted: Linted) -> None:
    problems = [problem for _, problem in linted(complete(rule.bad))]
    assert {problem.rule for problem in problems} == {rule.id}
    assert rule.severity in {problem.severity for problem in problems}
    assert linted(complete(rule.good)) == []


def test_the_client_rules_are_off_unless_asked_for() -> None:
    assert {rule.id for rule in RULES.values() if rule.ruleset not in DEFAULT} == {"generator-keeps"}
    assert {rule.ruleset for rule in RULES.values()} == set(Ruleset)


@pytest.mark.parametrize("ruleset", Ruleset)
def test_only_the_rules_of_the_sets_that_are_named_apply(ruleset: Ruleset) -> None:
    for rule in RULES.values():
        spec = load_text(complete(rule.bad))
        assert bool(lint(spec, [ruleset])) == (rule.ruleset is ruleset)
    assert lint(load_text(complete(RULES["generator-keeps"].bad))) == []


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
        "the operationId listThings is already used at #/paths/~1things/get",
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
        "a named rule needs a non-empty string as x-message",
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
        "x-resource is things, not two names in snake_case with a dot between them",
    ),
    "pattern-portable": Bad(
        schemas("Name:\n  type: string\n  pattern: '^\\d+'"),
        12,
        "/components/schemas/Name/pattern",
        "the pattern uses \\d, which engines read differently",
    ),
    "scalar-unambiguous": Bad(
        HEAD + PATHS + "x-country: NO\n", 8, "", "quote NO: YAML 1.1 and YAML 1.2 read it differently"
    ),
    "generator-keeps": Bad(
        schemas("Name:\n  minLength: 1"),
        10,
        "/components/schemas/Name",
        "a schema without `type` is Any",
    ),
}


def test_every_rule_has_a_document_that_breaks_it() -> None:
    assert BAD.keys() == RULES.keys()


@pytest.mark.parametrize("rule", BAD)
def test_a_problem_is_found_where_it_is(rule: str, linted: Linted) -> None:
    bad = BAD[rule]
    problems = [(line, problem) for line, problem in linted(bad.text) if problem.rule == rule]
    assert (bad.line, bad.pointer) in {(line, problem.pointer) for line, problem in problems}
    assert any(bad.says in problem.message for _, problem in problems)


@pytest.mark.parametrize("rule", BAD)
def test_a_document_that_breaks_one_rule_breaks_no_other(rule: str, linted: Linted) -> None:
    assert {problem.rule for _, problem in linted(BAD[rule].text)} == {rule}


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
        schemas("A: {type: string, pattern: '(?<a>x)\\k<a>', examples: [a]}"),
        "/components/schemas/A",
        "examples cannot be checked",
    ),
    (
        "rule-complete",
        schemas("A: {type: string, x-rule: r, x-message: m}"),
        "/components/schemas/A",
        "must be a member of allOf",
    ),
    (
        "rule-complete",
        schemas("A: {type: string, allOf: [{x-rule: '', x-message: m}]}"),
        "/components/schemas/A/allOf/0",
        "needs a non-empty string as x-rule",
    ),
    (
        "rule-complete",
        schemas("A: {type: string, allOf: [{x-rule: 5, x-message: m}]}"),
        "/components/schemas/A/allOf/0",
        "needs a non-empty string as x-rule",
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
        schemas("A: {type: string, pattern: '(?<a>x)\\k<a>', x-invalid-examples: {r: [a]}}"),
        "/components/schemas/A",
        "examples cannot be checked",
    ),
    (
        "pattern-portable",
        schemas("A: {type: object, patternProperties: {'\\w': {type: string}}}"),
        "/components/schemas/A/patternProperties/\\w",
        "uses \\w",
    ),
]


@pytest.mark.parametrize(("rule", "text", "pointer", "says"), MORE)
def test_a_rule_covers_its_corners(rule: str, text: str, pointer: str, says: str, linted: Linted) -> None:
    problems = [problem for _, problem in linted(text) if problem.rule == rule]
    assert any(problem.pointer == pointer and says in problem.message for problem in problems), problems


def test_examples_of_parameters_are_checked_through_references(linted: Linted) -> None:
    text = (
        HEAD
        + indented(
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
    places = {(problem.rule, problem.pointer) for _, problem in linted(text)}
    assert places == {
        ("example-valid", "/paths/~1things/get/parameters/0/example"),
        ("example-valid", "/components/examples/E/value"),
    }


@pytest.mark.parametrize(
    ("example", "flaws"),
    [
        ("{name: a}", []),
        ("{id: 1, name: a}", []),
        ("{id: 1, key: k, name: a}", []),
        ("{id: 1}", ['the example lacks "name"']),
        ("{key: k}", ['the example lacks "id"', 'the example lacks "name"']),
    ],
)
def test_an_example_may_be_of_what_is_sent_or_of_what_is_returned(
    example: str, flaws: list[str], linted: Linted
) -> None:
    text = f"""\
components:
  schemas:
    Thing:
      type: object
      required: [id, name]
      properties:
        id: {{type: integer, readOnly: true}}
        key: {{type: string, writeOnly: true}}
        name: {{type: string}}
      examples: [{example}]
"""
    assert sorted(problem.message for _, problem in linted(HEAD + PATHS + text)) == flaws


def test_a_line_that_strict_parsers_of_yaml_reject_is_reported(linted: Linted) -> None:
    [(line, problem)] = linted(HEAD + PATHS + "x-text: 'one\ntwo'\n")
    assert (line, problem.rule, problem.pointer) == (9, "scalar-unambiguous", "")
    assert "indent this line" in problem.message
    assert linted(HEAD + PATHS + "x-text: 'one\n  two'\n") == []


def test_problems_come_in_the_order_of_the_document(linted: Linted) -> None:
    problems = linted(schemas("B: {type: string, pattern: '.'}\nA: {pattern: '.'}"))
    assert [line for line, _ in problems] == [10, 11, 11]


LIBRARY = load(SPECS / "library.yaml").document.data
GARBAGE: list[Any] = [None, True, 5, -1, "", "a", "{a}", "(", [], {}, [1], [{}], {"a": 1}, {"": {}}, 10**400]


def pointers(value: Any, pointer: str = "") -> Iterator[str]:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else [])
    )
    for key, item in entries:
        yield join(pointer, key)
        yield from pointers(item, join(pointer, key))


@pytest.mark.no_cover
@settings(max_examples=60)
@given(st.sampled_from(list(pointers(LIBRARY))), st.sampled_from(GARBAGE))
def test_any_document_that_can_be_loaded_can_be_linted(pointer: str, garbage: Any) -> None:
    document = Document("library.yaml", deepcopy(LIBRARY), Place(1))
    parent, _, _ = pointer.rpartition("/")
    container, key = document.get(parent), tokens(pointer)[-1]
    container[int(key) if isinstance(container, list) else key] = garbage
    try:
        spec = Spec(document)
    except SpecError:
        return
    for _, problem in lint(spec, list(Ruleset)):
        assert problem.message


def test_schemas_with_examples_are_compiled_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = load_text(
        schemas("\n".join(f"S{number}: {{type: string, default: {number}}}" for number in range(5)))
    )
    together = lint(spec)
    assert len(together) == 5
    monkeypatch.setattr("wirecheck.lint.examples._TOGETHER", 2)
    assert lint(spec) == together
