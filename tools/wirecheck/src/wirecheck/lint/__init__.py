"""Checks an OpenAPI document itself: the table of rules, and the linter that applies them."""

from collections.abc import Collection, Iterator

from wirecheck.lint.examples import example_valid, invalid_example_breaks_its_rule
from wirecheck.lint.extensions import extension_well_formed
from wirecheck.lint.generator import generator_keeps
from wirecheck.lint.named_rules import rule_complete
from wirecheck.lint.openapi import valid_openapi
from wirecheck.lint.operations import operation_id_unique
from wirecheck.lint.patterns import pattern_portable
from wirecheck.lint.report import to_json, to_text
from wirecheck.lint.rule import DEFAULT, Context, Flaw, LintRule, Problem, Ruleset
from wirecheck.lint.scalars import scalar_unambiguous
from wirecheck.model import Severity
from wirecheck.spec import Spec
from wirecheck.spec.memory import without_collection

__all__ = ["DEFAULT", "RULES", "LintRule", "Problem", "Ruleset", "lint", "to_json", "to_text"]

# In this order: the others rely on valid OpenAPI.
_RULES = (
    valid_openapi,
    operation_id_unique,
    example_valid,
    pattern_portable,
    scalar_unambiguous,
    rule_complete,
    invalid_example_breaks_its_rule,
    extension_well_formed,
    generator_keeps,
)

RULES: dict[str, LintRule] = {rule.id: rule for rule in _RULES}


def lint(spec: Spec, rulesets: Collection[Ruleset] = DEFAULT) -> list[tuple[int, Problem]]:
    """The problems that the rules of some sets find, each with its line, in the order of the document."""
    context = Context(spec)
    problems: set[tuple[int, Problem]] = set()
    for rule in RULES.values():
        if rule.ruleset in rulesets:
            with without_collection():
                problems |= set(_problems(context, rule))
    return sorted(problems, key=lambda entry: _order(context.document.name, *entry))


def _problems(context: Context, rule: LintRule) -> Iterator[tuple[int, Problem]]:
    for flaw in _flaws(rule, context):
        severity = flaw.severity or rule.severity
        origin = flaw.origin or context.document.origin(flaw.pointer)
        yield origin.line, Problem(rule.id, severity, origin.file, origin.pointer, flaw.message)
        if rule is valid_openapi and severity is Severity.ERROR:
            context.invalid = True


def _order(main: str, line: int, problem: Problem) -> tuple[object, ...]:
    """The document itself comes before the files that it refers to."""
    return problem.file != main, problem.file, line, problem.rule, problem.pointer, problem.message


def _flaws(rule: LintRule, context: Context) -> Iterator[Flaw]:
    """The flaws that a rule finds; as far as it comes in a document that is not valid OpenAPI."""
    try:
        yield from rule.find(context)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        if not context.invalid:
            raise
