"""Checks what a reader of an OpenAPI document relies on."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from wirecheck.engine import Engine
from wirecheck.lint import extensions
from wirecheck.lint.generator import losses
from wirecheck.lint.patterns import unportable
from wirecheck.lint.problem import Problem, shown, subject, to_json, to_text
from wirecheck.model import Severity, SpecError
from wirecheck.spec import Document, Kind, Node, Spec, join, walk

__all__ = ["RULES", "Problem", "lint", "to_json", "to_text"]

_LONGEST = 200  # characters of a message of the validator

RULES = {
    "valid-openapi": "The document is valid OpenAPI 3.1.",
    "operation-id-unique": "Every operation has an operationId, and no two have the same.",
    "example-valid": "Every example fits its schema.",
    "rule-complete": "A named rule stands in allOf, with a sentence for people.",
    "invalid-example-breaks-its-rule": "An invalid example breaks the rule it is filed under, and no other.",
    "extension-well-formed": "Extensions have the shape that their readers expect, and lead where they say.",
    "pattern-portable": "Patterns keep to what every engine of regular expressions reads alike.",
    "scalar-unambiguous": "Unquoted scalars mean the same in YAML 1.1 and 1.2.",
    "generator-keeps": "Nothing is used that openapi-python-client loses or breaks in silence.",
}


def lint(spec: Spec) -> list[tuple[int, Problem]]:
    """All problems with the line of each, in the order of the document."""
    document = spec.document
    nodes = list(walk(document))
    engine = Engine(document)
    found = chain(
        _valid_openapi(document),
        _operation_ids(nodes),
        _examples(document, nodes, engine),
        _rules(nodes),
        _invalid_examples(document, nodes, engine),
        extensions.problems(spec),
        _patterns(nodes),
        losses(document, nodes),
    )
    lines = [(document.line(problem.pointer), problem) for problem in found]
    for line, text in document.ambiguous:
        lines.append(
            (
                line,
                Problem(
                    "scalar-unambiguous",
                    Severity.WARNING,
                    "",
                    f"quote {text}: YAML 1.1 reads it as something else",
                ),
            )
        )
    for line in document.misindented:
        message = "indent this line deeper than what is around the value: strict parsers reject it"
        lines.append((line, Problem("scalar-unambiguous", Severity.WARNING, "", message)))
    return sorted(set(lines), key=lambda entry: (entry[0], entry[1].rule, entry[1].pointer, entry[1].message))


def _valid_openapi(document: Document) -> Iterator[Problem]:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    for error in OpenAPIV31SpecValidator(document.data).iter_errors():
        message = str(error.message).splitlines()[0]
        shown = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
        yield Problem("valid-openapi", Severity.ERROR, _existing(document, error.absolute_path), shown)


def _existing(document: Document, path: Iterable[str | int]) -> str:
    """The pointer of a path; of errors within schemas the validator gives paths that lead nowhere."""
    pointer = join("", *path)
    try:
        document.get(pointer)
    except KeyError:
        return ""
    return pointer


def _operation_ids(nodes: Iterable[Node]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for node in nodes:
        if node.kind is Kind.OPERATION:
            name = node.value.get("operationId")
            if not isinstance(name, str):
                yield Problem(
                    "operation-id-unique", Severity.WARNING, node.pointer, "there is no operationId"
                )
            elif name in seen:
                yield Problem(
                    "operation-id-unique", Severity.ERROR, node.pointer, f"{name} is also #{seen[name]}"
                )
            else:
                seen[name] = node.pointer


def _examples(document: Document, nodes: Iterable[Node], engine: Engine) -> Iterator[Problem]:
    for node in nodes:
        if not isinstance(node.value, dict):
            continue
        if node.kind is Kind.SCHEMA:
            values = [
                (join(node.pointer, "examples", index), one)
                for index, one in enumerate(_list(node.value, "examples"))
            ]
            values += [
                (join(node.pointer, word), node.value[word])
                for word in ("example", "default")
                if word in node.value
            ]
            yield from _unfit(engine, node.pointer, values)
        elif "schema" in node.value and not node.ref:
            yield from _unfit(engine, join(node.pointer, "schema"), list(_named_examples(document, node)))


def _named_examples(document: Document, node: Node) -> Iterator[tuple[str, Any]]:
    if "example" in node.value:
        yield join(node.pointer, "example"), node.value["example"]
    for name in node.value.get("examples", {}):
        pointer = document.follow(join(node.pointer, "examples", name))
        example = document.get(pointer)
        if "value" in example:
            yield join(pointer, "value"), example["value"]


def _unfit(engine: Engine, schema: str, values: list[tuple[str, Any]]) -> Iterator[Problem]:
    for pointer, value in values:
        try:
            violations = engine.violations(schema, value, shown)
        except SpecError as error:
            yield Problem("example-valid", Severity.ERROR, schema, error.what)
            return
        for violation in violations:
            what = f"{subject('the example', violation.path)} {violation.problem}"
            yield Problem("example-valid", Severity.ERROR, pointer, what)


def _rules(nodes: Iterable[Node]) -> Iterator[Problem]:
    for node in nodes:
        if node.kind is Kind.SCHEMA and isinstance(node.value, dict) and "x-rule" in node.value:
            if not node.pointer.rpartition("/")[0].endswith("/allOf"):
                yield Problem(
                    "rule-complete", Severity.ERROR, node.pointer, "an x-rule belongs to a member of allOf"
                )
            for word in ("x-rule", "x-message"):
                if not isinstance(node.value.get(word), str) or not node.value[word]:
                    yield Problem(
                        "rule-complete",
                        Severity.ERROR,
                        node.pointer,
                        f"a named rule must have a text as {word}",
                    )


def _invalid_examples(document: Document, nodes: Iterable[Node], engine: Engine) -> Iterator[Problem]:
    rule = "invalid-example-breaks-its-rule"
    for node in nodes:
        if (
            node.kind is not Kind.SCHEMA
            or not isinstance(node.value, dict)
            or "x-invalid-examples" not in node.value
        ):
            continue
        filed = node.value["x-invalid-examples"]
        pointer = join(node.pointer, "x-invalid-examples")
        if not isinstance(filed, dict) or not all(isinstance(values, list) for values in filed.values()):
            yield Problem(
                rule, Severity.ERROR, pointer, "lists of values by the name of a rule are wanted here"
            )
            continue
        for name, values in filed.items():
            for index, value in enumerate(values):
                try:
                    violations = engine.violations(node.pointer, value, shown)
                except SpecError as error:
                    yield Problem(rule, Severity.ERROR, node.pointer, error.what)
                    break
                broken = {
                    str(document.get(violation.rule)["x-rule"])
                    if violation.rule
                    else f"({violation.keyword})"
                    for violation in violations
                }
                if broken != {name}:
                    what = f"breaks {', '.join(sorted(broken)) or 'no rule'}, not {name} alone"
                    yield Problem(rule, Severity.ERROR, join(pointer, name, index), what)


def _patterns(nodes: Iterable[Node]) -> Iterator[Problem]:
    for node in nodes:
        if node.kind is Kind.SCHEMA and isinstance(node.value, dict):
            patterns = [(join(node.pointer, "pattern"), node.value.get("pattern"))]
            patterns += [
                (join(node.pointer, "patternProperties", key), key)
                for key in node.value.get("patternProperties", {})
            ]
            for pointer, pattern in patterns:
                if isinstance(pattern, str) and (reason := unportable(pattern)):
                    yield Problem("pattern-portable", Severity.WARNING, pointer, f"the pattern {reason}")


def _list(value: dict[str, Any], member: str) -> list[Any]:
    items = value.get(member, [])
    return items if isinstance(items, list) else []
