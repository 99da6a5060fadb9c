"""The rules about examples: valid ones fit their schema, invalid ones break what they say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wirecheck.lint.rule import Context, Flaw, Ruleset, rule, shown, subject
from wirecheck.model import LimitError, Severity
from wirecheck.redact import schema_name
from wirecheck.spec import Kind, Node, SpecProblem, join

_TOGETHER = 4000  # schemas that are compiled at once: more need more memory
LocatedValue = tuple[str, Any]  # a value and the pointer to it
_Examples = tuple[str, list[LocatedValue]]  # of a schema


@dataclass(frozen=True, slots=True)
class _Misfit:
    """An example that does not fit its schema, and how."""

    schema: str
    value: Any
    flaws: list[Flaw]


@rule(
    Severity.ERROR,
    Ruleset.CORE,
    why="""\
    People copy examples, mock servers send them, and `wirecheck conform` and `wirecheck fuzz` take
    parameters from them. An example that its own schema rejects misleads all of them; usually the
    schema and the example were not changed together.""",
    bad="""\
    components:
      schemas:
        Title:
          type: string
          examples: [Emma, 1815]
    """,
    good="""\
    components:
      schemas:
        Title:
          type: string
          examples: [Emma, '1815']
    """,
)
def example_valid(context: Context) -> Iterator[Flaw]:
    """Every example and every default fits its schema.

    Those of schemas, parameters, headers and media types, `example` as well as `examples`.
    """
    misfits: list[_Misfit] = []
    for outcome in _outcomes(context, list(_examples(context))):
        if isinstance(outcome, Flaw):
            yield outcome
        else:
            misfits.append(outcome)
    for engine in context.directions if misfits else ():
        engine.prepare(misfit.schema for misfit in misfits)
    for misfit in misfits:
        # An example may be of what is sent, or of what is returned.
        if not any(engine.is_valid(misfit.schema, misfit.value) for engine in context.directions):
            yield from misfit.flaws


def _examples(context: Context) -> Iterator[_Examples]:
    for node in context.nodes:
        if not isinstance(node.value, dict):
            continue
        if node.kind is Kind.SCHEMA:
            schema, values = node.pointer, _of_schema(node)
        elif "schema" in node.value and node.ref is None:
            schema, values = join(node.pointer, "schema"), list(_named(context, node))
        else:
            continue
        if values:
            yield schema, values


def _of_schema(node: Node) -> list[LocatedValue]:
    examples = node.value.get("examples")
    values: list[LocatedValue] = []
    if isinstance(examples, list):
        values += [(join(node.pointer, "examples", index), value) for index, value in enumerate(examples)]
    for member in ("example", "default"):
        if member in node.value:
            values.append((join(node.pointer, member), node.value[member]))
    return values


def _named(context: Context, node: Node) -> Iterator[LocatedValue]:
    """The examples of a parameter, a header or a media type."""
    if "example" in node.value:
        yield join(node.pointer, "example"), node.value["example"]
    for name in node.value.get("examples", {}):
        pointer = context.document.follow(join(node.pointer, "examples", name))
        example = context.document.get(pointer)
        if "value" in example:
            yield join(pointer, "value"), example["value"]


def _outcomes(context: Context, examples: list[_Examples]) -> Iterator[_Misfit | Flaw]:
    """The examples that do not fit, as far as their schemas can be used; a flaw says where one cannot."""
    for start in range(0, len(examples), _TOGETHER):
        some = examples[start : start + _TOGETHER]
        context.engine.prepare(schema for schema, _ in some)
        for schema, values in some:
            yield from _outcomes_of(context, schema, values)


def _outcomes_of(context: Context, schema: str, values: list[LocatedValue]) -> Iterator[_Misfit | Flaw]:
    name = schema_name(context.document, schema)

    def shown_below_name(value: Any, path: Iterable[str | int]) -> str:
        return shown(value, (name, *path))

    for pointer, value in values:
        try:
            violations = context.engine.violations(schema, value, shown_below_name)
        except LimitError as error:
            yield from _unusable(context, schema, error.what)
            return
        if unusable := context.engine.unusable(schema):
            yield from _unusable(context, schema, _first(unusable))
            return
        if violations:
            problems = [f"{subject('the example', each.path)} {each.problem}" for each in violations]
            yield _Misfit(schema, value, [Flaw(pointer, problem) for problem in problems])


@rule(
    Severity.ERROR,
    Ruleset.EXTENSIONS,
    why="""\
    Invalid examples document a rule by what it forbids, and test it: `wirecheck conform` sends them
    and expects a rejection. That proves something about the rule only if nothing else is wrong with
    the value.""",
    bad="""\
    components:
      schemas:
        Title:
          type: string
          minLength: 1
          allOf:
            - x-rule: lower-case
              x-message: A title is in lower case.
              not: {pattern: '[A-Z]'}
          x-invalid-examples:
            lower-case: [Emma, '']
    """,
    good="""\
    components:
      schemas:
        Title:
          type: string
          minLength: 1
          allOf:
            - x-rule: lower-case
              x-message: A title is in lower case.
              not: {pattern: '[A-Z]'}
          x-invalid-examples:
            lower-case: [Emma, EMMA]
    """,
)
def invalid_example_breaks_its_rule(context: Context) -> Iterator[Flaw]:
    """An invalid example breaks the rule under whose name it stands, and no other.

    x-invalid-examples lists values by the name of the rule (x-rule) that they break.
    """
    nodes = [node for node in context.schemas() if "x-invalid-examples" in node.value]
    context.engine.prepare(node.pointer for node in nodes)
    for node in nodes:
        pointer = join(node.pointer, "x-invalid-examples")
        examples = node.value["x-invalid-examples"]
        if not isinstance(examples, dict) or not all(
            isinstance(values, list) for values in examples.values()
        ):
            yield Flaw(pointer, "x-invalid-examples must be an object: lists of values by the name of a rule")
            continue
        try:
            context.engine.is_valid(node.pointer, None)  # finds out what is unusable
            if unusable := context.engine.unusable(node.pointer):
                yield from _unusable(context, node.pointer, _first(unusable))
                continue
            for name, values in examples.items():
                for index, value in enumerate(values):
                    broken = _broken_rules(context, node.pointer, value)
                    if broken != {name}:
                        what = f"breaks {', '.join(sorted(broken)) or 'no rule'}, not {name} alone"
                        yield Flaw(join(pointer, name, index), f"the invalid example {what}")
        except LimitError as error:
            yield from _unusable(context, node.pointer, error.what)


def _broken_rules(context: Context, schema: str, value: Any) -> set[str]:
    """The names of the rules that a value breaks; of what is no named rule, the keyword in brackets."""
    broken = set()
    for violation in context.engine.violations(schema, value, shown):
        if violation.rule:
            broken.add(str(context.document.get(violation.rule)["x-rule"]))
        else:
            broken.add(f"({violation.keyword})")
    return broken


def _first(problems: frozenset[SpecProblem]) -> str:
    first = min(problems, key=lambda problem: problem.pointer)
    return f"#{first.pointer}: {first.message}"


def _unusable(context: Context, schema: str, why: str) -> Iterator[Flaw]:
    if not context.invalid:
        yield Flaw(schema, f"examples cannot be checked: {why}")
