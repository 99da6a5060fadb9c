"""The rule about valid OpenAPI: objects, schemas, and what no schema can say."""

import re
from collections.abc import Iterator
from typing import Any

from wirecheck.lint.objects import object_flaws
from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.lint.schemas import schema_flaws
from wirecheck.model import Severity
from wirecheck.spec import Document, Kind, Node, join


@rule(
    Severity.ERROR,
    Ruleset.CORE,
    why="""\
    Every program that reads the document relies on its form. What the specification does not allow is
    ignored by one, rejected by the next and misread by a third. A misspelt member is the commonest
    case: it is silently without effect.""",
    bad="""\
    paths:
      /books:
        get:
          operationId: listBooks
          responses:
            '200': {descripton: Books.}
    """,
    good="""\
    paths:
      /books:
        get:
          operationId: listBooks
          responses:
            '200': {description: Books.}
    """,
)
def valid_openapi(context: Context) -> Iterator[Flaw]:
    """The document is valid OpenAPI of the version that it names: 2.0, 3.0, 3.1 or 3.2.

    Objects have the members that the specification requires, and no others; references lead to
    an object of their kind; schemas are valid, with patterns of ECMA-262; paths are unlike each
    other, and their parameters are defined; no two parameters in the same place, and no two tags,
    have the same name.
    """
    unusable = dict[str, None]()
    for problem in context.document.problems:
        origin = context.document.where(problem)
        unusable[origin.pointer] = None
        yield Flaw(problem.pointer, problem.message, origin=origin)
    for flaw in object_flaws(context.document):
        if not any(flaw.pointer == pointer or flaw.pointer.startswith(f"{pointer}/") for pointer in unusable):
            yield flaw
    yield from schema_flaws(context)
    yield from _paths(context)
    yield from _parameters(context)
    yield from _tags(context.document)


def _paths(context: Context) -> Iterator[Flaw]:
    """Paths that are the same but for the names of their parameters (OpenAPI, Paths Object)."""
    templates: dict[str, str] = {}
    for template in context.document.data.get("paths", {}):
        if not template.startswith("/"):
            continue
        earlier = templates.setdefault(re.sub(r"\{[^}]*\}", "{}", template), template)
        if earlier != template:
            what = f"{template} is the same path as {earlier}, but for the names of its parameters"
            yield Flaw(join("/paths", template), what)


def _parameters(context: Context) -> Iterator[Flaw]:
    """Parameters that are there twice, and those of paths that are missing or in no template."""
    for node in context.nodes:
        if node.kind in (Kind.PATH_ITEM, Kind.OPERATION) and node.ref is None:
            yield from _duplicates(context.document, node)
    for operation in context.spec.operations:
        in_template = set(re.findall(r"\{([^{}]+)\}", operation.template))
        defined = {
            parameter.name: parameter.pointer
            for parameter in operation.parameters
            if parameter.location == "path"
        }
        for name in sorted(in_template - defined.keys()):
            what = f'the operation does not define the parameter "{name}" of its path {operation.template}'
            yield Flaw(operation.pointer, what)
        for name in sorted(defined.keys() - in_template):
            what = f'the path {operation.template} has no parameter "{name}"'
            yield Flaw(defined[name], what)


def _duplicates(document: Document, node: Node) -> Iterator[Flaw]:
    earlier: set[tuple[Any, Any]] = set()
    for index in range(len(node.value.get("parameters", []))):
        pointer = join(node.pointer, "parameters", index)
        parameter = document.get(document.follow(pointer))
        key = (str(parameter.get("name")), str(parameter.get("in")))
        if key in earlier:
            yield Flaw(pointer, f'the {key[1]} parameter "{key[0]}" is defined twice')
        earlier.add(key)


def _tags(document: Document) -> Iterator[Flaw]:
    tags = document.data.get("tags", [])
    earlier: set[str] = set()
    for index, tag in enumerate(tags if isinstance(tags, list) else []):
        name = tag.get("name") if isinstance(tag, dict) else None
        if isinstance(name, str) and name in earlier:
            yield Flaw(join("/tags", index), f'the tag "{name}" is defined twice')
        elif isinstance(name, str):
            earlier.add(name)
